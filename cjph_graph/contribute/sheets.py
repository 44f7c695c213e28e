"""Tables as people keep them, read into rows of text: CSV and its like, and workbooks.

One reader for importing and for checking. What a file does not say is found out:

- the encoding: a byte order mark, else UTF-16 by its zeros, else UTF-8, else Windows-1252
- the separator: which of `,` `;` tab `|` divides the first rows most evenly; `sep=` if it is there
- the decimal mark: a comma in a file with `;` whose numbers show it

Rows and columns are counted as a spreadsheet program counts them, from 1.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cjph_graph.errors import InputError, LimitError, UsageError
from cjph_graph.system import read, shown

SEPARATORS = (",", ";", "\t", "|")
MAX_CELLS = 1_000_000
_SAMPLE_ROWS, _SAMPLE = 40, 65_536
_LONGEST_CELL = 1_000_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_COMMA_DECIMAL = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})\s*%?|[+-]?\d{1,3}(?:\.\d{3})+,\d+\s*%?")
_POINT_DECIMAL = re.compile(r"[+-]?\d+\.\d+\s*%?")
_DELIMITED, _CALAMINE = (".csv", ".tsv", ".tab", ".txt"), (".xls", ".ods", ".xlsb")


@dataclass(frozen=True)
class Row:
    """One row: its number in the file and the texts of its cells, without those behind the last."""

    number: int
    cells: tuple[str, ...]

    def __getitem__(self, column: int) -> str:
        """Return the text in a column, counted from 0; empty where the row has ended."""
        return self.cells[column] if column < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        """Whether no cell has anything."""
        return not any(self.cells)


@dataclass(frozen=True)
class Sheet:
    """A table of texts: its name, the file it stands in, and its rows, blank ones left out.

    `decimal` is the mark in numbers, empty where the file does not show which.
    """

    name: str
    path: Path
    rows: tuple[Row, ...] = field(repr=False)
    decimal: str = "."
    warning: str = ""


def read_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a file, in order; a file of separated values has one.

    Raises UsageError when there is no such file or its kind is not known, InputError when it
    cannot be read, LimitError when it is too large.
    """
    ending = path.suffix.lower()
    try:
        data = read(path)
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
    if ending in (".xlsx", ".xlsm"):
        from cjph_graph.contribute.workbooks import read_workbook

        return read_workbook(data, path)
    if ending in _CALAMINE:
        from cjph_graph.contribute.workbooks import read_by_calamine

        return read_by_calamine(data, path)
    if ending in _DELIMITED:
        return [read_delimited(data, path)]
    raise UsageError(
        f"{shown(path)} cannot be read as a table.",
        "Save it as .csv, .tsv, .xlsx, .xls or .ods.",
    )


def read_delimited(data: bytes, path: Path) -> Sheet:
    """Return the rows of separated values."""
    text, separator = decoded(data, path)
    rows = tuple(row for row in records(text, separator, path) if not row.is_blank)
    return Sheet(path.stem, path, rows, _decimal(rows, separator))


def decoded(data: bytes, path: Path) -> tuple[str, str]:
    """Return the text of separated values, without `sep=`, and their separator."""
    text = _text(data, path)
    if match := re.match(r"sep=(.)\r?\n", text):
        return text[match.end() :], match[1]
    return text, _separator(text)


def records(text: str, separator: str, path: Path) -> Iterator[Row]:
    """Yield the rows of separated values, blank ones too."""
    csv.field_size_limit(_LONGEST_CELL)
    count = 0
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for number, cells in enumerate(lines, 1):
            count += len(cells)
            if count > MAX_CELLS:
                raise too_many(path)
            yield Row(number, trimmed(cells))
    except csv.Error as error:
        raise InputError(
            f"{shown(path)} cannot be read as a table: {error}.", "Save it as CSV once more."
        ) from error


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return texts without space around them, up to the last that is not empty."""
    found = [cell.strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def too_many(path: Path) -> LimitError:
    """Return the error that says a table is too large."""
    return LimitError(
        f"{shown(path)} has more than {MAX_CELLS:,} cells.",
        "Divide it, or leave out the rows and columns that are not meant.",
    )


def _text(data: bytes, path: Path) -> str:
    encodings = [name for bom, name in _BOMS if data.startswith(bom)][:1]
    if not encodings:
        start = data[:1000]
        zeros = start.count(b"\0")
        if zeros > len(start) // 4:
            encodings = ["utf-16-le" if start[1::2].count(b"\0") > zeros // 2 else "utf-16-be"]
        else:
            encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        f"{shown(path)} cannot be read as text.",
        "Save it as CSV in UTF-8, or as .xlsx.",
    )


def _separator(text: str) -> str:
    """Return what divides the first rows most evenly into the most cells."""
    return max(SEPARATORS, key=lambda separator: _evenness(text[:_SAMPLE], separator))


def _evenness(text: str, separator: str) -> float:
    counts: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if any(cell.strip() for cell in cells):
                counts.append(len(cells))
            if len(counts) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0
    divided = [count for count in counts if count > 1]
    if not divided:
        return 0
    usual = max(set(divided), key=lambda count: (divided.count(count), count))
    return (usual - 1) * (divided.count(usual) / len(counts)) ** 2


def _decimal(rows: Sequence[Row], separator: str) -> str:
    """Return the decimal mark; in a file with `;` only what its numbers show."""
    if separator != ";":
        return "."
    cells = [cell for row in rows for cell in row.cells]
    comma = any(_COMMA_DECIMAL.fullmatch(cell) for cell in cells)
    point = any(_POINT_DECIMAL.fullmatch(cell) for cell in cells)
    return "," if comma and not point else "." if point and not comma else ""


def column_name(number: int) -> str:
    """Return what a spreadsheet program calls a column, counted from 1: 28 is `AB`."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
