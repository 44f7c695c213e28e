"""Tables as people keep them, read into rows of text: CSV and its like, and workbooks.

One reader for importing and for checking. The decimal mark is detected: it is a comma in a file
with `;` whose numbers show it. Rows and columns are counted as a spreadsheet program counts them,
from 1.
"""

import io
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cjph_graph.errors import InputError, LimitError, UsageError
from cjph_graph.system import read, shown

MAX_CELLS = 1_000_000
DELIMITED, WORKBOOK, OTHER_WORKBOOK = "delimited", "workbook", "other workbook"
_DECIMAL = re.compile(r"[+-]?(\d+(?:[.,]\d{3})*)([.,])(\d+)\s*%?", re.ASCII)
_DELIMITED, _WORKBOOKS = (".csv", ".tsv", ".tab", ".txt"), (".xlsx", ".xlsm", ".xltx")
_CALAMINE = (".xls", ".ods", ".xlsb")
_START = 4096
# Some programs call a table of text `.xls`.
_SEPARATED = re.compile(rb"[^\0\r\n]*[,;\t|][^\0]*\Z")
_FOREIGN = tuple(
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*" + sign, re.IGNORECASE), name)
    for sign, name in (
        (rb"<(?:!doctype html|html|head|body|table|meta|div)", "a web page"),
        (rb"<\?xml|<Workbook", "an XML file"),
        (rb"%PDF", "a PDF"),
        (rb"\{\\rtf", "a text document"),
        (rb"\x1f\x8b|7z|Rar!", "an archive"),
    )
)
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060\u00ad"))


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


# Each is itself only: comparing or hashing all its rows for each finding would take long.
@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of texts: its name, the file it stands in, and its rows, blank ones left out.

    `decimal` is the mark in numbers, empty where the file does not show which.
    """

    name: str
    path: Path
    rows: tuple[Row, ...] = field(repr=False)
    decimal: str = "."
    warning: str = ""

    def row(self, number: int) -> Row | None:
        """Return the row with a number, if it is not blank."""
        at = bisect_left(self.rows, number, key=lambda row: row.number)
        found = self.rows[at : at + 1]
        return found[0] if found and found[0].number == number else None


def sheet_of(name: str, path: Path, rows: Sequence[Mapping[str, str]]) -> Sheet:
    """Return a sheet of rows, each with its cells by the name of their column."""
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    found = [Row(n, tuple(row.get(name, "") for name in names)) for n, row in enumerate(rows, 2)]
    return Sheet(name, path, (Row(1, names), *found))


def read_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a file, in order; a file of separated values has one.

    What a file begins with counts, not only its name. Raises UsageError when there is no such file
    or its kind is not known, InputError when it cannot be read, LimitError when it is too large.
    """
    try:
        data = read(path)
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
    kind = kind_of(data[:_START], path)
    if kind == DELIMITED:
        return [read_separated(data, path)]
    from cjph_graph.contribute.workbooks import read_by_calamine, read_workbook

    return read_workbook(data, path) if kind == WORKBOOK else read_by_calamine(data, path)


def kind_of(start: bytes, path: Path) -> str:
    """Return what a file is, by what it begins with and by the end of its name.

    Raises UsageError when its name is not that of a table, InputError when it is something else.
    """
    ending = path.suffix.lower()
    if ending not in (*_DELIMITED, *_WORKBOOKS, *_CALAMINE):
        raise UsageError(
            f"{shown(path)} cannot be read as a table.",
            "Save it as .csv, .tsv, .xlsx, .xls or .ods.",
        )
    if start.startswith(b"PK\3\4"):
        return OTHER_WORKBOOK if ending in _CALAMINE else WORKBOOK
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return OTHER_WORKBOOK
    if found := next((name for sign, name in _FOREIGN if sign.match(start)), ""):
        raise InputError(
            f"{shown(path)} is {found}, whatever its name says.",
            "Open it in a spreadsheet program and save it as .xlsx or .csv.",
        )
    if ending not in _DELIMITED and not _SEPARATED.match(start):
        raise unreadable(path)
    return DELIMITED


def unreadable(path: Path) -> InputError:
    """Return the error that says a file is no workbook."""
    return InputError(
        f"{shown(path)} cannot be read as a workbook.",
        "Open it in a spreadsheet program and save it as .xlsx or .csv once more.",
    )


def read_separated(data: bytes, path: Path) -> Sheet:
    """Return the rows of separated values; raise InputError or LimitError as `read_sheets` does."""
    from cjph_graph.contribute.delimited import read_delimited, within

    separator, records = read_delimited(io.BytesIO(data), path)
    rows = tuple(row for row in within(records, MAX_CELLS, path) if not row.is_blank)
    mark = shown_mark(cell for row in rows for cell in row.cells) if separator == ";" else "."
    return Sheet(path.stem, path, rows, mark)


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return texts without space around them, up to the last that is not empty."""
    found = [cell.strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def visible(text: str) -> str:
    """Return a text without invisible characters: byte order marks, spaces of no width."""
    return text.translate(_INVISIBLE)


def too_many_cells(path: Path) -> LimitError:
    """Return the error that says a table is too large."""
    return LimitError(
        f"{shown(path)} has more than {MAX_CELLS:,} cells.",
        "Divide it, or leave out the rows and columns that are not meant.",
    )


def shown_mark(cells: Iterable[str]) -> str:
    """Return the decimal mark that numbers show; empty where they show none, or both.

    1,234 shows nothing: the comma may divide thousands.
    """
    found = {_mark(*match.groups()) for cell in cells if (match := _DECIMAL.fullmatch(cell))}
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def _mark(whole: str, mark: str, rest: str) -> str:
    if whole.isdigit():
        return "" if len(rest) == 3 and len(whole) < 4 and whole != "0" else mark
    return "" if mark in whole else mark


def column_name(number: int) -> str:
    """Return what a spreadsheet program calls a column, counted from 1: 28 is `AB`."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
