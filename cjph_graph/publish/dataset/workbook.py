"""A workbook for Excel and its like: a sheet for each table, and sheets that explain them.

    About         what the dataset is, its licence, how to cite it, what each sheet holds
    Dictionary    every column of every sheet, and how often it is filled
    Caveats       every caveat of every thing, in one place
    …             the tables, with frozen headers and filters

Numbers are numbers and days are dates. A year is a number and a month a text, as a cell of Excel
knows no date without a day; days before 1900, which it does not know either, are texts too.
Nothing is a formula or a link. The same tables give the same bytes. Sheets go to a temporary file
as they are written, so that a large graph takes little memory.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cjph_graph.publish.csv_files import dictionary_rows
from cjph_graph.publish.tables import Column, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_Cell: TypeAlias = "str | float | date"

CAVEAT = "caveat"
# What Excel can hold: characters in a cell, characters in a sheet's name, rows.
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_576
_MOST_DIGITS = 15
_WIDEST, _NARROWEST = 60, 8
_SAMPLED = 200
_CUT = " […]"
# A workbook has a date of its making; the same one gives the same bytes.
_FIRST_DAY = datetime(2000, 1, 1)


def write_workbook(
    tables: Sequence[Table],
    *,
    title: str = "",
    about: Sequence[tuple[str, str]] = (),
    created: str = "",
    folder: Path | None = None,
) -> bytes:
    """Return tables as a workbook in the format XLSX.

    `about` are texts with what each is, for the first sheet. `created` is the day that the file
    gives as that of its making, such as `2026-11-26`. Temporary files stand in `folder` or, without
    one, where the system has them.
    """
    from xlsxwriter import Workbook

    target = io.BytesIO()
    book = Workbook(target, {"constant_memory": True, "tmpdir": folder})
    book.set_properties({"title": title, "created": _made(created)})
    writer = _SheetWriter(book)
    writer.about(title, about, tables)
    writer.plain("Dictionary", dictionary_rows(tables))
    if caveats := list(_caveats(tables)):
        writer.plain("Caveats", [("sheet", "id", "name", "caveat"), *caveats])
    for table in tables:
        writer.table(table)
    book.close()
    return target.getvalue()


def _made(created: str) -> datetime:
    found = _as_day(created[:10])
    return datetime(found.year, found.month, found.day) if found else _FIRST_DAY


def _caveats(tables: Iterable[Table]) -> Iterator[tuple[str, ...]]:
    for table in tables:
        names = [column.name for column in table.columns]
        if CAVEAT in names:
            at = names.index(CAVEAT)
            named = next((i for i, n in enumerate(names) if n in ("name", "label", "of_label")), 0)
            yield from ((table.name, row[0], row[named], row[at]) for row in table.rows if row[at])


class _SheetWriter:
    """Adds sheets to a workbook."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._names: set[str] = set()
        self._head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def about(self, title: str, texts: Iterable[tuple[str, str]], tables: Iterable[Table]) -> None:
        sheet = self._sheet("About")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100, self._wrapped)
        _write(sheet, 0, 0, title, self._title)
        at = 2
        for label, text in texts:
            _write(sheet, at, 0, label, self._head)
            _write(sheet, at, 1, text, self._wrapped)
            at += 1
        at += 1
        _write(sheet, at, 0, "sheet", self._head)
        _write(sheet, at, 1, "rows", self._head)
        for table in tables:
            at += 1
            _write(sheet, at, 0, table.name)
            _write(sheet, at, 1, f"{len(table.rows):,}: {table.title}")

    def plain(self, name: str, rows: Iterable[Sequence[str]]) -> None:
        """Add a sheet of texts with a header."""
        held = list(rows)
        columns = [Column(each, each, "", "text") for each in held[0]]
        self._fill(name, columns, held[1:])

    def table(self, table: Table) -> None:
        """Add a table; where it has more rows than a sheet can have, in several sheets."""
        rows = iter(table.rows)
        name, number = table.name, 1
        while part := list(islice(rows, _MOST_ROWS - 1)):
            self._fill(name, table.columns, part)
            number += 1
            name = f"{table.name} {number}"

    def _fill(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        sheet = self._sheet(name)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _width(column, at, rows))
            _write(sheet, 0, at, column.name, self._head)
        kinds = ["text" if column.several else column.holds for column in columns]
        for number, row in enumerate(rows, 1):
            for at, (text, holds) in enumerate(zip(row, kinds, strict=True)):
                if text:
                    self._cell(sheet, number, at, _value(text, holds))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)

    def _cell(self, sheet: "Worksheet", row: int, column: int, value: _Cell) -> None:
        if isinstance(value, str):
            _write(sheet, row, column, value)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._day)
        else:
            sheet.write_number(row, column, value)

    def _sheet(self, name: str) -> "Worksheet":
        """Add a sheet under a name that Excel allows and no other sheet has."""
        plain = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'") or "sheet"
        taken, number = plain[:_LONGEST_NAME], 1
        while taken.casefold() in self._names:
            number += 1
            ending = f" ({number})"
            taken = plain[: _LONGEST_NAME - len(ending)] + ending
        self._names.add(taken.casefold())
        return self._book.add_worksheet(taken)


def _write(
    sheet: "Worksheet", row: int, column: int, text: str, look: "Format | None" = None
) -> None:
    """Write a text; one that is too long for a cell is cut, and says so."""
    if len(text) > _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT - len(_CUT)] + _CUT
    sheet.write_string(row, column, text, look)


def _value(text: str, holds: str) -> _Cell:
    """Return the value of a text, where a cell can hold that without loss."""
    is_year = holds == "date" and len(text) == 4
    if (holds in ("integer", "number", "year") or is_year) and _is_number(text):
        return float(text)
    if holds == "date":
        day = _as_day(text)
        if day and day.year >= 1900:
            return day
    return text


def _is_number(text: str) -> bool:
    found = re.fullmatch(r"[+-]?([0-9]*)\.?([0-9]*)", text, re.ASCII)
    return found is not None and 0 < len(found[1] + found[2]) <= _MOST_DIGITS


def _as_day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _width(column: Column, at: int, rows: Sequence[Sequence[str]]) -> int:
    """Return how wide a column is, in characters, by its first rows."""
    longest = max((len(row[at]) for row in rows[:_SAMPLED]), default=0)
    return min(max(longest, len(column.name) + 2, _NARROWEST), _WIDEST)
