"""Workbooks read as a person sees them: numbers in the form in which their cells show them.

01003 stays 01003, where the number is 1003 and its format `00000`
15.3 % is 15.3%, where the number is 0.153 and its format `0.0%`
36.9 is 36.9, where the number is 36.90000000000001
March 2021 is 2021-03, where the cell holds 2021-03-01 and its format `mmm yyyy`
"""

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cjph_graph.contribute.sheets import MAX_CELLS, Row, Sheet, too_many, trimmed
from cjph_graph.errors import InputError, LimitError, UsageError
from cjph_graph.system import shown

# A workbook is a ZIP archive, which may unpack to far more than it is long.
_UNPACKED = 400_000_000
_DIGITS = ".15g"
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_LOST = (
    "Formats are lost in this kind of file: a code such as 01003 reads as 1003, and 15.3 % as"
    " 0.153. Save it as .xlsx to keep them."
)


def read_workbook(data: bytes, path: Path) -> list[Sheet]:
    """Return the sheets of an .xlsx file that are not hidden."""
    from openpyxl import load_workbook

    _refuse_bombs(data, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is not read anyway, such as drop-downs
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # whatever openpyxl raises at a file that is none
        raise _unreadable(path) from error
    sheets = []
    left = MAX_CELLS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        try:
            rows = tuple(_rows(sheet, left, path))
        except (LimitError, InputError):
            raise
        except Exception as error:
            raise _unreadable(path) from error
        left -= sum(len(row.cells) for row in rows)
        sheets.append(Sheet(sheet.title, path, rows))
    return sheets


def read_by_calamine(data: bytes, path: Path) -> list[Sheet]:
    """Return the sheets of an .xls or .ods file, whose formats are lost."""
    try:
        import python_calamine
    except ImportError as error:
        raise UsageError(
            f"{shown(path)} needs a library that is not installed.",
            "Install it with `pip install 'cjph-graph[xls]'`, or save the file as .xlsx.",
        ) from error
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [each.name for each in book.sheets_metadata]
        tables = [_calamine_rows(book.get_sheet_by_name(name), path) for name in names]
    except python_calamine.CalamineError as error:
        raise _unreadable(path) from error
    pairs = zip(names, tables, strict=True)
    return [Sheet(name, path, rows, ".", _LOST) for name, rows in pairs]


def _calamine_rows(sheet: Any, path: Path) -> tuple[Row, ...]:
    rows = sheet.to_python(skip_empty_area=False)
    if sum(map(len, rows)) > MAX_CELLS:
        raise too_many(path)
    found = (Row(n, trimmed([_plain(value) for value in row])) for n, row in enumerate(rows, 1))
    return tuple(row for row in found if not row.is_blank)


def _rows(sheet: Any, left: int, path: Path) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write wrong ones
    count = 0
    for cells in sheet.iter_rows(min_row=1, min_col=1):
        count += len(cells)
        if count > left:
            raise too_many(path)
        texts = trimmed([_shown(cell.value, cell.number_format) for cell in cells])
        number = next((cell.row for cell in cells if cell.value is not None), None)
        if texts and number:
            yield Row(number, texts)


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
    if isinstance(value, datetime.datetime | datetime.date):
        return _date(value, "yyyy-mm-dd")
    return str(value)


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


def _refuse_bombs(data: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable(path) from error
    if size > _UNPACKED:
        raise LimitError(f"{shown(path)} unpacks to more than {_UNPACKED:,} bytes.")


def _unreadable(path: Path) -> InputError:
    return InputError(
        f"{shown(path)} cannot be read as a workbook.",
        "Open it in a spreadsheet program and save it as .xlsx or .csv once more.",
    )
