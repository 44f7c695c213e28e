"""Workbooks read as a person sees them: numbers in the form in which their cells show them.

01003 stays 01003, where the number is 1003 and its format `00000`
15.3 % is 15.3%, where the number is 0.153 and its format `0.0%`
36.9 is 36.9, where the number is 36.90000000000001
March 2021 is 2021-03, where the cell holds 2021-03-01 and its format `mmm yyyy`
"""

import datetime
import io
import json
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import repeat
from pathlib import Path
from typing import Any

from cjph_graph.contribute import old_workbooks
from cjph_graph.contribute.sheets import (
    MAX_CELLS,
    Row,
    Sheet,
    too_many_cells,
    trimmed,
    unreadable,
    visible,
)
from cjph_graph.errors import InputError, LimitError, UsageError
from cjph_graph.system import shown

# A workbook is a ZIP archive, which may unpack to far more than it is long.
_UNPACKED = 400_000_000
# Cells that a program may have given a format and nothing else.
_MOST_PLACES = 20_000_000
# Seconds after which a file that is being read is taken for a damaged one.
_PATIENCE = 60
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_DIGITS = ".15g"
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_LOST = (
    "Formats are lost in this kind of file: a code such as 01003 reads as 1003, and 15.3 % as"
    " 0.153. Save it as .xlsx to keep them."
)


def read_workbook(data: bytes, path: Path) -> list[Sheet]:
    """Return the sheets of an .xlsx file that are not hidden."""
    formulas = _unpacked_within_bounds(data, path)
    try:
        book = _loaded(data, data_only=True)
        other = _loaded(data, data_only=False) if formulas else None
        return list(_visible_sheets(book, other, path))
    except (LimitError, InputError):
        raise
    except Exception as error:  # whatever openpyxl raises at a file that is none
        raise unreadable(path) from error


def _loaded(data: bytes, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is not read anyway, such as drop-downs
        return load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)


def _visible_sheets(book: Any, formulas: Any, path: Path) -> Iterator[Sheet]:
    left = MAX_CELLS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = tuple(_rows(sheet, formulas[sheet.title] if formulas else None, left, path))
        left -= sum(len(row.cells) for row in rows)
        yield Sheet(sheet.title, path, rows)


def read_by_calamine(data: bytes, path: Path) -> list[Sheet]:
    """Return the sheets of an .xls or .ods file that are not hidden; their formats are lost."""
    if _PROTECTED in data:
        raise InputError(
            f"{shown(path)} is protected by a password.", "Save it without one, then try again."
        )
    if find_spec("python_calamine") is None:
        raise UsageError(
            f"{shown(path)} needs a library that is not installed.",
            "Install it with `pip install 'cjph-graph[xls]'`, or save the file as .xlsx.",
        )
    if data.startswith(b"PK"):
        _unpacked_within_bounds(data, path)
    sheets = []
    left = MAX_CELLS
    for name, table in _by_another_process(data, path):
        found = (
            Row(n, trimmed([_plain(value) for value in row])) for n, row in enumerate(table, 1)
        )
        rows = tuple(row for row in found if not row.is_blank)
        left -= sum(len(row.cells) for row in rows)
        if left < 0:
            raise too_many_cells(path)
        sheets.append(Sheet(name, path, rows, ".", _LOST))
    return sheets


def _by_another_process(data: bytes, path: Path) -> list[tuple[str, list[list[object]]]]:
    """Return the cells of sheets, read where a damaged file can do no harm."""
    program = [sys.executable, "-I", old_workbooks.__file__, str(_MOST_PLACES)]
    try:
        done = subprocess.run(  # noqa: S603 our own program, given nothing from outside
            program, input=data, capture_output=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise unreadable(path) from error
    if done.returncode == old_workbooks.TOO_LARGE:
        raise too_many_cells(path)
    if done.returncode:
        raise unreadable(path)
    return [(name, rows) for name, rows in json.loads(done.stdout)]


def _rows(sheet: Any, formulas: Any, left: int, path: Path) -> Iterator[Row]:
    """Yield the rows that have something; cells with nothing but a format count little."""
    count = places = 0
    sheet.reset_dimensions()  # some programs write wrong ones
    others: Iterable[Any] = repeat(())
    if formulas is not None:
        formulas.reset_dimensions()
        others = formulas.iter_rows(min_row=1, min_col=1)
    for cells, uncalculated in zip(sheet.iter_rows(min_row=1, min_col=1), others, strict=False):
        places += len(cells)
        texts = trimmed([_shown(cell.value, cell.number_format) for cell in cells])
        if uncalculated:
            texts = trimmed(list(_with_formulas(texts, uncalculated)))
        number = next((cell.row for cell in (*cells, *uncalculated) if cell.value is not None), 0)
        count += len(texts)
        if count > left or places > _MOST_PLACES:
            raise too_many_cells(path)
        if texts and number:
            yield Row(number, texts)


def _with_formulas(texts: Sequence[str], cells: Sequence[Any]) -> Iterator[str]:
    """Yield texts, and a formula as it is written where the file has no result of it."""
    for at, cell in enumerate(cells):
        text = texts[at] if at < len(texts) else ""
        yield str(cell.value) if not text and cell.data_type == "f" else text


def _shown(value: object, form: str) -> str:
    """Return the value of a cell as its number format shows it, as far as that says something."""
    if isinstance(value, datetime.datetime | datetime.date):
        return _date(value, form)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _plain(value)
    first = _LITERAL.sub("", form or "General").partition(";")[0]
    if "%" in first:
        return f"{_number(value * 100)}%"
    if re.fullmatch("0{2,}", first.strip()) and float(value).is_integer():
        return f"{int(value):0{len(first.strip())}d}"
    return _number(value)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    return visible(str(value))


def _number(value: float) -> str:
    """Return a number without what binary fractions add: 36.90000000000001 is 36.9."""
    text = format(value, _DIGITS)
    if "e" not in text and "inf" not in text and "nan" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f") if "e" in text else text


def _date(value: datetime.date, form: str) -> str:
    """Return a date as exactly as a cell shows it."""
    day = value.date() if isinstance(value, datetime.datetime) else value
    parts = _LITERAL.sub("", form).lower().partition(";")[0]
    if "y" in parts and "d" not in parts:
        return day.isoformat()[:7] if "m" in parts else day.isoformat()[:4]
    return day.isoformat()


def _unpacked_within_bounds(data: bytes, path: Path) -> bool:
    """Say whether a workbook has formulas; raise LimitError when it unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > _UNPACKED:
                raise LimitError(f"{shown(path)} unpacks to more than {_UNPACKED:,} bytes.")
            pages = [entry for entry in entries if "/worksheets/" in entry.filename]
            return any(re.search(b"<f[ >]", archive.read(entry)) for entry in pages)
    except LimitError:
        raise
    except Exception as error:  # a damaged archive may fail in many ways
        raise unreadable(path) from error
