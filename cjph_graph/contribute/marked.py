"""A copy of a spreadsheet in which the cells at fault are coloured and say what is wrong.

A copy that was mended and is marked again loses the marks of what is right now.
"""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cjph_graph.contribute.drafts import CellFinding
from cjph_graph.contribute.sheets import Sheet
from cjph_graph.errors import InputError
from cjph_graph.system import read

if TYPE_CHECKING:
    from openpyxl import Workbook

_COLOURS = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
_AUTHOR = "cjph"
_LONGEST_TITLE = 31
_WIDTH, _HEIGHT = 420, 160


def marked_copy(sheets: Sequence[Sheet], findings: Iterable[CellFinding]) -> bytes:
    """Return a workbook with the sheets and the findings as notes on their cells.

    Raises InputError when the sheets stand in several workbooks.
    """
    book = _workbook(sheets)
    _clear(book)
    notes: dict[tuple[str, str], list[CellFinding]] = {}
    for finding in findings:
        key = (finding.place.sheet.name[:_LONGEST_TITLE], finding.place.cell)
        notes.setdefault(key, []).append(finding)
    for (sheet, cell), found in notes.items():
        _mark(book[sheet][cell], found)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _workbook(sheets: Sequence[Sheet]) -> "Workbook":
    from openpyxl import Workbook, load_workbook

    paths = list(dict.fromkeys(sheet.path for sheet in sheets))
    if paths[0].suffix.lower() in (".xlsx", ".xlsm"):
        if len(paths) > 1:
            raise InputError("A marked copy can be made of one workbook only.")
        return load_workbook(io.BytesIO(read(paths[0])))
    book = Workbook()
    for old in book.worksheets:
        book.remove(old)
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:_LONGEST_TITLE])
        for row in sheet.rows:
            for column, text in enumerate(row.cells, 1):
                if text:
                    cell = page.cell(row.number, column, text)
                    cell.data_type = "s"  # text as it stands, no formula
                    cell.number_format = "@"
    return book


def _clear(book: "Workbook") -> None:
    from openpyxl.styles import PatternFill

    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.comment and cell.comment.author == _AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _mark(cell: Any, found: Sequence[CellFinding]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    worst = min((f.severity for f in found), key=list(_COLOURS).index)
    cell.fill = PatternFill("solid", start_color=_COLOURS[worst])
    texts = []
    for finding in found:
        write = f"Write: {finding.suggestion}" if finding.suggestion else ""
        said = (f"{finding.label}: {finding.message}", write, finding.advice)
        texts.append("\n".join(text for text in said if text))
    cell.comment = Comment("\n\n".join(texts), _AUTHOR, height=_HEIGHT, width=_WIDTH)
