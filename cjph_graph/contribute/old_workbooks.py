"""Read a workbook of another kind than .xlsx from standard input, and write its cells as JSON.

A program of its own, started by `workbooks`: at a damaged file the library may panic, loop or ask
for all memory there is, and then only this process ends. It imports nothing of the package.
"""

import datetime
import io
import json
import sys

TOO_LARGE = 3
_MEMORY = 2 << 30


def main(most: int) -> int:
    """Write `[[sheet, [[cell, …], …]], …]`, hidden sheets left out; return the exit code."""
    _bound_memory()
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    found = []
    for each in book.sheets_metadata:
        if each.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(each.name)
        if sheet.total_height * sheet.total_width > most:
            return TOO_LARGE
        rows = sheet.to_python(skip_empty_area=False)
        found.append([each.name, [[_plain(value) for value in row] for row in rows]])
    json.dump(found, sys.stdout)
    return 0


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # there is no such bound on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if isinstance(value, str | bool | int | float) else str(value)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
