"""Separated values, read line by line, so that a table may be longer than the memory.

What a file does not say is found out:

- the encoding: a byte order mark, else UTF-16 by its zeros, else UTF-8; a byte that is no UTF-8 is
  read as Windows-1252, so that a file put together from both is read as well
- the separator: which of `,` `;` tab `|` divides the first rows most evenly; `sep=` if it is there
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from cjph_graph.contribute.sheets import Row, too_many_cells, trimmed, visible
from cjph_graph.errors import InputError
from cjph_graph.system import shown

SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS, _SAMPLE_LINES = 40, 400
_LONGEST_CELL = 1_000_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What `surrogateescape` makes of bytes that are no UTF-8.
_STRAY = re.compile("[\udc80-\udcff]+")


def read_delimited(
    stream: BinaryIO, path: Path, encoding: str = "", separator: str = ""
) -> tuple[str, Iterator[Row]]:
    """Return the separator of a table and its rows, blank ones too, as they are read.

    Raises InputError, also while rows are read, when that is no table.
    """
    lines = _lines(stream, path, encoding)
    try:
        sample = list(islice(lines, _SAMPLE_LINES))
    except (UnicodeError, LookupError) as error:
        raise _no_text(path) from error
    if sample and (match := re.fullmatch(r"sep=(.)\s*", sample[0], re.IGNORECASE)):
        separator = separator or match[1]
        sample = sample[1:]
    separator = separator or _separator(sample)
    return separator, _records(chain(sample, lines), separator, path)


def within(rows: Iterable[Row], most: int, path: Path) -> Iterator[Row]:
    """Yield rows that have no more cells than this; raise LimitError when they have."""
    count = 0
    for row in rows:
        count += len(row.cells)
        if count > most:
            raise too_many_cells(path)
        yield row


def _lines(stream: BinaryIO, path: Path, encoding: str) -> Iterator[str]:
    start = stream.read(1000)
    stream.seek(0)
    errors = "strict" if encoding else "surrogateescape"
    with io.TextIOWrapper(stream, encoding or _encoding(start), errors, newline="") as text:
        for line in text:
            if "\0" in line:
                raise _no_text(path)
            yield line if line.isascii() else visible(_STRAY.sub(_as_windows, line))


def _encoding(start: bytes) -> str:
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    zeros = start.count(b"\0")
    if zeros > len(start) // 4:
        return "utf-16-le" if start[1::2].count(b"\0") > zeros // 2 else "utf-16-be"
    return "utf-8"


def _as_windows(stray: re.Match[str]) -> str:
    return stray[0].encode("utf-8", "surrogateescape").decode("cp1252")


def _no_text(path: Path) -> InputError:
    return InputError(
        f"{shown(path)} cannot be read as text.", "Save it as CSV in UTF-8, or as .xlsx."
    )


def _records(lines: Iterable[str], separator: str, path: Path) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    quotes, number, last, spans = 0, 0, 0, 0

    def counted() -> Iterator[str]:
        nonlocal quotes
        for line in lines:
            quotes += line.count('"')
            yield line

    try:
        reader = csv.reader(counted(), delimiter=separator)
        for number, cells in enumerate(reader, 1):
            yield Row(number, trimmed(cells))
            spans, last = reader.line_num - last, reader.line_num
    except csv.Error as error:
        raise InputError(
            f"{shown(path)} cannot be read as a table: row {number + 1}: {error}.",
            "Save it as CSV once more.",
        ) from error
    except (UnicodeError, LookupError, TypeError) as error:
        raise _no_text(path) from error
    if spans > 1 and quotes % 2:
        raise InputError(
            f"{shown(path)}: a quotation mark in row {number} is never closed, so that all below it"
            " is one cell.",
            "Close it, or write it twice where it is part of a text.",
        )


def _separator(lines: Sequence[str]) -> str:
    """Return what divides the first rows most evenly into the most cells.

    Tabs that divide all rows alike are no accident, however many commas the texts have.
    """
    evenness = {separator: _evenness(lines, separator) for separator in SEPARATORS}
    if evenness["\t"] and evenness["\t"] == int(evenness["\t"]):
        return "\t"
    return max(SEPARATORS, key=evenness.__getitem__)


def _evenness(lines: Sequence[str], separator: str) -> float:
    """Return how many separators a row has, less where not all rows have as many."""
    counts: list[int] = []
    try:
        for cells in csv.reader(lines, delimiter=separator):
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
