"""The rows of a table of statistics, one after the other, however long it is."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cjph_graph.contribute.delimited import read_delimited
from cjph_graph.contribute.sheets import DELIMITED, Row, kind_of, read_sheets
from cjph_graph.contribute.statistics.mapping import TableMapping
from cjph_graph.errors import UsageError
from cjph_graph.system import shown
from cjph_graph.system.limits import max_size, too_large

_START = 4096


def open_table(path: Path, mapping: TableMapping) -> tuple[str, Iterator[Row], str]:
    """Return what separates the cells of a table, if anything, its rows, and a warning about it.

    Blank rows are among them. Raises UsageError when there is no such file or sheet, InputError
    when it can't be read.
    """
    try:
        size = path.stat().st_size
        if size > max_size():
            raise too_large(shown(path))
        stream = path.open("rb")
        start = stream.read(_START)
        stream.seek(0)
    except OSError as error:
        raise UsageError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error
    if kind_of(start, path) == DELIMITED:
        return (*read_delimited(stream, path, mapping.encoding, mapping.delimiter), "")
    stream.close()
    sheets = read_sheets(path)
    named = [s for s in sheets if not mapping.sheet or s.name == mapping.sheet]
    if not named:
        names = ", ".join(sheet.name for sheet in sheets)
        raise UsageError(f"{shown(path)} has no sheet {mapping.sheet!r}.", f"It has: {names}.")
    return "", _with_blank_rows(named[0].rows), named[0].warning


def _with_blank_rows(rows: Sequence[Row]) -> Iterator[Row]:
    number = 0
    for row in rows:
        while (number := number + 1) < row.number:
            yield Row(number, ())
        yield row


def header(rows: Iterator[Row], mapping: TableMapping) -> tuple[list[str], list[Row]]:
    """Take the rows of names from a table; return the title of each column, and these rows.

    A name that stands over several columns counts for each up to the next one in its row; the
    names over a column are joined by spaces.
    """
    taken = list(_until(rows, mapping.skip_rows + mapping.header_rows))
    above = [row for row in taken if row.number > mapping.skip_rows]
    width = max((len(row.cells) for row in above), default=0)
    last = len(above) - 1
    begun: set[int] = set()
    levels = []
    for at, row in enumerate(above):
        begun |= {place for place, cell in enumerate(row.cells) if cell}
        levels.append(_spread(row, width, begun) if at < last else [row[n] for n in range(width)])
    return [" ".join(" ".join(names).split()) for names in zip(*levels, strict=True)], above


def _until(rows: Iterator[Row], number: int) -> Iterator[Row]:
    """Take the rows up to the one with a number."""
    if not number:
        return
    for row in rows:
        yield row
        if row.number >= number:
            return


def _spread(row: Row, width: int, begun: set[int]) -> list[str]:
    """Return the names of a row, each up to where this row or one above it begins another."""
    found: list[str] = []
    for at in range(width):
        found.append(row[at] if at in begun or not found else found[-1])
    return found


def body(rows: Iterator[Row], mapping: TableMapping) -> Iterator[Row]:
    """Yield the rows with figures, up to the end of the table, without those to be skipped."""
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
