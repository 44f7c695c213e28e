"""The rows of a table of statistics, one after the other, however long it is."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cjph_graph.contribute.sheets import Row, decoded, read_sheets, trimmed
from cjph_graph.contribute.statistics.mapping import TableMapping
from cjph_graph.errors import InputError, UsageError
from cjph_graph.system import shown
from cjph_graph.system.limits import max_size, too_large

_DELIMITED = (".csv", ".tsv", ".tab", ".txt")
_CHUNK, _SAMPLE = 1 << 20, 1 << 16
_LONGEST_CELL = 1_000_000


def table_rows(path: Path, mapping: TableMapping) -> Iterator[Row]:
    """Yield the rows of a table, blank ones too.

    Raises UsageError when there is no such file or sheet, InputError when it can't be read.
    """
    if path.suffix.lower() in _DELIMITED:
        return _streamed(path, mapping)
    sheets = read_sheets(path)
    named = [s for s in sheets if not mapping.sheet or s.name == mapping.sheet]
    if not named:
        names = ", ".join(sheet.name for sheet in sheets)
        raise UsageError(f"{shown(path)} has no sheet {mapping.sheet!r}.", f"It has: {names}.")
    return _with_blank_rows(named[0].rows)


def _with_blank_rows(rows: Sequence[Row]) -> Iterator[Row]:
    number = 0
    for row in rows:
        while (number := number + 1) < row.number:
            yield Row(number, ())
        yield row


def _streamed(path: Path, mapping: TableMapping) -> Iterator[Row]:
    try:
        size = path.stat().st_size
        if size > max_size():
            raise too_large(shown(path))
        encoding = mapping.encoding or encoding_of(path)
        with path.open("rb") as file:
            sample = file.read(_SAMPLE)
        delimiter = mapping.delimiter or _delimiter(sample, encoding, path)
        csv.field_size_limit(_LONGEST_CELL)
        with path.open(encoding=encoding, newline="") as text:
            for number, cells in enumerate(csv.reader(text, delimiter=delimiter), 1):
                yield Row(number, trimmed(cells))
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
    except (csv.Error, UnicodeError, LookupError, TypeError) as error:
        raise InputError(f"{shown(path)} cannot be read as a table: {error}.") from error


def encoding_of(path: Path) -> str:
    """Return the encoding of a file: by its mark, UTF-8 if it is that, else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _delimiter(sample: bytes, encoding: str, path: Path) -> str:
    text = sample.decode(encoding, "replace")
    return decoded(text.encode("utf-8"), path)[1]


def header(rows: Iterator[Row], mapping: TableMapping) -> tuple[list[str], list[Row]]:
    """Take the rows of names from a table; return the title of each column, and these rows.

    A name that stands over several columns counts for each up to the next one in its row; the
    names over a column are joined by spaces.
    """
    taken = list(_until(rows, mapping.skip_rows + mapping.header_rows))
    above = [row for row in taken if row.number > mapping.skip_rows]
    width = max((len(row.cells) for row in above), default=0)
    last = len(above) - 1
    columns = [_spread(row, width) if at < last else [*row.cells] for at, row in enumerate(above)]
    titles = []
    for at in range(width):
        parts = [cells[at] if at < len(cells) else "" for cells in columns]
        titles.append(" ".join(" ".join(parts).split()))
    return titles, above


def _until(rows: Iterator[Row], number: int) -> Iterator[Row]:
    """Take the rows up to the one with a number."""
    if not number:
        return
    for row in rows:
        yield row
        if row.number >= number:
            return


def _spread(row: Row, width: int) -> list[str]:
    found: list[str] = []
    for at in range(width):
        found.append(row[at] or (found[-1] if found else ""))
    return found


def body(rows: Iterator[Row], mapping: TableMapping) -> Iterator[Row]:
    """Yield the rows with figures: up to where the table ends, without those to be skipped."""
    ends = re.compile(mapping.ends_before) if mapping.ends_before else None
    skipped = [re.compile(pattern) for pattern in mapping.skip_with]
    for row in rows:
        first = next((cell for cell in row.cells if cell), "")
        if not first:
            continue
        if ends and ends.match(first):
            return
        if not any(pattern.match(first) for pattern in skipped):
            yield row
