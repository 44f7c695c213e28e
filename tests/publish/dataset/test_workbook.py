"""The workbook: what Excel can hold as itself, and nothing that it would run."""

import io
import time
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from support.boats import boats

from cjph_graph.errors import UsageError
from cjph_graph.publish import export_parquet, export_workbook
from cjph_graph.publish.dataset import workbook as module
from cjph_graph.publish.dataset.workbook import write_workbook
from cjph_graph.publish.tables import Column, Table


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    data = export_workbook(boats(tmp_path_factory.mktemp("boats")))
    return openpyxl.load_workbook(io.BytesIO(data))


def _column(book: Workbook, sheet: str, name: str) -> list[object]:
    header, *rows = book[sheet].iter_rows(values_only=True)
    return [row[header.index(name)] for row in rows]


def test_there_is_a_sheet_for_each_kind_and_for_what_explains_them(book: Workbook) -> None:
    assert book.sheetnames[:3] == ["About", "Dictionary", "Caveats"]
    assert {*book.sheetnames[3:]} == {"boats", "trips", "ports"}
    texts = [row for row in book["About"].iter_rows(values_only=True) if row[0]]
    assert texts[0][0] == "Boats & more"
    assert ("version", "1.2") in texts
    assert list(book["Caveats"].iter_rows(values_only=True))[1:] == [
        ("boats", "otter", 'Otter; the "first"', "The year is a guess.")
    ]


def test_values_are_what_they_are_as_far_as_a_cell_can_hold_them(book: Workbook) -> None:
    assert _column(book, "boats", "id") == ["eel", "otter", "ray"]
    assert _column(book, "boats", "launched") == ["1850-05-04", datetime(1999, 5, 4), "2001-05"]
    assert _column(book, "boats", "built_in") == [None, 1799, None]
    assert _column(book, "trips", "length") == [-2, 1.5]
    assert _column(book, "trips", "crew") == [None, 3]


def test_nothing_is_a_formula(book: Workbook) -> None:
    cells = [cell for row in book["boats"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert "=1+1" in _column(book, "boats", "name")


def test_headers_are_frozen_and_filtered(book: Workbook) -> None:
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes == "B2"
        assert book[name].auto_filter.ref.startswith("A1:")


def test_it_is_the_same_on_every_day_and_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = boats(tmp_path)
    before = export_workbook(home)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert export_workbook(home) == before
    finally:
        monkeypatch.undo()
        time.tzset()


def _table(name: str, *cells: str) -> Table:
    column = Column("id", "id", "", "text")
    return Table(name, name, None, (column,), tuple((cell,) for cell in cells))  # type: ignore[arg-type]


def test_names_of_sheets_are_those_that_excel_allows() -> None:
    names = ["a/b[c]", "dictionary", "x" * 40, "x" * 50, "'"]
    data = write_workbook([_table(name, "1") for name in names])
    found = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert found[2:] == ["a_b_c_", "dictionary (2)", "x" * 31, "x" * 27 + " (2)", "sheet"]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    data = write_workbook([_table("t", "x" * 40_000)])
    cell = openpyxl.load_workbook(io.BytesIO(data))["t"]["A2"].value
    assert len(cell) == 32_767
    assert cell.endswith(" […]")


def test_a_table_too_long_for_a_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ROWS", 3)
    data = write_workbook([_table("t", "a", "b", "c")])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert _column(book, "t", "id") + _column(book, "t 2", "id") == ["a", "b", "c"]


def test_one_kind_has_a_workbook_of_its_own(tmp_path: Path) -> None:
    home = boats(tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(export_workbook(home, "trips")))
    assert book.sheetnames == ["About", "Dictionary", "trips"]
    with pytest.raises(UsageError, match="no table"):
        export_workbook(home, "planes")


def test_parquet_has_types_and_lists(tmp_path: Path) -> None:
    from pyarrow import parquet

    files = export_parquet(boats(tmp_path))
    assert files.keys() == {"boats.parquet", "trips.parquet", "ports.parquet"}
    table = parquet.read_table(io.BytesIO(files["boats.parquet"]))
    otter = table.to_pylist()[1]
    assert otter["home_port"] == ["bath", "exeter"]
    assert otter["home_port_label"] == ["Bath; Somerset", "Exeter"]
    assert (otter["built_in"], otter["fast"], otter["launched"]) == (1799, True, "1999-05-04")
    assert table.schema.field("built_in").metadata[b"property"] == b"http://e/built"
    trips = parquet.read_table(io.BytesIO(files["trips.parquet"])).to_pylist()
    assert [trip["length"] for trip in trips] == [-2.0, 1.5]
    assert [trip["crew"] for trip in trips] == [None, 3]
