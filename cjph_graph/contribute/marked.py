"""A copy of a spreadsheet in which the cells at fault are coloured and say what is wrong.

A copy that was mended and is marked again loses the marks of what is right now.
"""

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cjph_graph.contribute.drafts import CellFinding, SheetCell
from cjph_graph.contribute.sheets import WORKBOOK, Sheet, kind_of
from cjph_graph.system import read

if TYPE_CHECKING:
    from openpyxl import Workbook

_COLOURS = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
_AUTHOR = "cjph"
_LONGEST_TITLE = 31
_NO_TITLE = re.compile(r"[\\*?:/\[\]]")  # what no title of a sheet may have
_WIDTH, _HEIGHT = 420, 160


def marked_copy(sheets: Sequence[Sheet], findings: Iterable[CellFinding]) -> bytes:
    """Return a workbook with the sheets and the findings as notes on their cells."""
    pages = _pages(sheets)
    book = next(iter(pages.values())).parent
    _clear(book)
    notes: dict[SheetCell, list[CellFinding]] = {}
    for finding in findings:
        notes.setdefault(finding.place, []).append(finding)
    for place, found in notes.items():
        _mark(_marked_cell(pages[place.sheet], place.cell), found)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _pages(sheets: Sequence[Sheet]) -> dict[Sheet, Any]:
    """Return the pages for some sheets: those of their workbook, else of a new one."""
    from openpyxl import Workbook, load_workbook

    path = sheets[0].path
    data = read(path)
    if all(sheet.path == path for sheet in sheets) and kind_of(data, path) == WORKBOOK:
        own = load_workbook(io.BytesIO(data))
        return {sheet: own[sheet.name] for sheet in sheets}
    book = Workbook()
    book.remove(book.worksheets[0])
    pages = {}
    for sheet in sheets:
        title = _NO_TITLE.sub(" ", sheet.name)[:_LONGEST_TITLE]
        page = pages[sheet] = book.create_sheet(title)
        for row in sheet.rows:
            for column, text in enumerate(row.cells, 1):
                if text:
                    cell = page.cell(row.number, column, text)
                    cell.data_type = "s"  # text as it stands, no formula
                    cell.number_format = "@"
    return pages


def _marked_cell(page: Any, name: str) -> Any:
    """Return a cell by its name; where it is joined with others, the first of these."""
    joined = (area.start_cell for area in page.merged_cells.ranges if name in area)
    return next(joined, page[name])


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
