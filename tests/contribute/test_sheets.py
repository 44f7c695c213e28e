"""Tables as people keep them: encodings, separators, and what a workbook shows."""

import contextlib
import datetime
import io
import random
from pathlib import Path

import openpyxl
import pytest

from cjph_graph.contribute.sheets import column_name, read_separated, read_sheets
from cjph_graph.errors import CjphError, InputError, LimitError, UsageError

_PATH = Path("table.csv")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
_TEXT = 'name,note,value\nCafé “Exe”,"a, b\nc",8.9\n\nOtter,,1\n'


def _rows(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_separated(data, _PATH).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_found_out(encoding: str) -> None:
    assert _rows(_TEXT.encode(encoding)) == [
        (1, ("name", "note", "value")),
        (2, ("Café “Exe”", "a, b\nc", "8.9")),
        (4, ("Otter", "", "1")),
    ]


def test_windows_1252_is_what_is_not_utf_8() -> None:
    assert _rows(_TEXT.encode("cp1252"))[1][1][0] == "Café “Exe”"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found_by_counting(separator: str) -> None:
    text = separator.join(("name", "alliance; or, more", "x")) + "\n"
    quoted = text.replace("alliance; or, more", '"alliance; or, more"')
    data = (quoted + separator.join(("a", "b", "c")) + "\n").encode()
    assert _rows(data) == [(1, ("name", "alliance; or, more", "x")), (2, ("a", "b", "c"))]


def test_a_separator_may_be_named_and_rows_are_counted_as_excel_does() -> None:
    assert _rows(b"sep=|\na|b\n1|2\n") == [(1, ("a", "b")), (2, ("1", "2"))]


def test_one_column_is_not_divided() -> None:
    assert _rows(b"name\nA long name, with a comma\nAnother one\n")[2] == (3, ("Another one",))


def test_line_ends_of_all_systems() -> None:
    assert _rows(b"a,b\r\n1,2\r\n") == _rows(b"a,b\n1,2\n") == _rows(b"a,b\r1,2\r")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a;b\n8,9;x\n", ","),
        ("a;b\n8.9;x\n", "."),
        ("a;b\n1,234;x\n", ""),
        ("a;b\n1.234,5;x\n", ","),
        ("a,b\n1,2\n", "."),
    ],
)
def test_the_decimal_mark_is_what_the_numbers_show(text: str, mark: str) -> None:
    assert read_separated(text.encode(), _PATH).decimal == mark


def test_a_workbook_is_read_as_it_is_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for cell, value, form in [
        ("A1", 1003, "00000"),
        ("B1", 0.153, "0.0%"),
        ("C1", 36.90000000000001, "General"),
        ("D1", datetime.datetime(2021, 3, 1), "mmm yyyy"),
        ("E1", datetime.datetime(2021, 3, 1), "dd/mm/yyyy"),
        ("F1", datetime.datetime(2021, 3, 1), "yyyy"),
        ("G1", True, "General"),
        ("H1", 12.0, "General"),
        ("I1", 1e15, "General"),
        ("J1", "01003", "General"),
        ("K1", 0.00001, "General"),
    ]:
        page[cell] = value
        page[cell].number_format = form
    page["B4"] = "x"
    hidden = book.create_sheet("lists")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "y"
    book.save(tmp_path / "book.xlsx")
    sheet, *others = read_sheets(tmp_path / "book.xlsx")
    assert others == []
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (
            1,
            (
                *("01003", "15.3%", "36.9", "2021-03", "2021-03-01", "2021", "true", "12"),
                *("1000000000000000", "01003", "0.00001"),
            ),
        ),
        (4, ("", "x")),
    ]


def test_old_workbooks_lose_their_formats_and_say_so(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["B3"] = 1003
    stream = io.BytesIO()
    book.save(stream)
    # calamine finds out by itself that it is .xlsx
    (tmp_path / "book.ods").write_bytes(stream.getvalue())
    (sheet,) = read_sheets(tmp_path / "book.ods")
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ("", "1003"))]
    assert "Formats are lost" in sheet.warning


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.xlsx", b"no workbook", InputError),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), InputError),
        ("a.xls", b"\xd0\xcf\x11\xe0 no workbook", InputError),
        ("a.csv", b"a\0b\x01\xff", InputError),
        ("a.docx", b"", UsageError),
        ("a.csv", b"x," * 1_100_000, LimitError),
        ("a.csv", b'"' + b"x" * 2_000_000, CjphError),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, name: str, data: bytes, error: type[CjphError]
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error):
        read_sheets(tmp_path / name)


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    assert [column_name(n) for n in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"<html><table><tr><td>name</td></tr></table>", "is a web page"),
        ("a.csv", b"%PDF-1.7", "is a PDF"),
        ("a.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        ("a.csv", b'a,b\n"1,2\n3,4\n', "quotation mark in row 2 is never closed"),
        ("a.xlsx", b"", "cannot be read as a workbook"),
    ],
)
def test_what_a_file_is_instead_is_said(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_sheets(tmp_path / name)


def test_what_a_file_begins_with_counts_and_not_its_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "name"
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_bytes((tmp_path / "a.xlsx").read_bytes())
    (tmp_path / "b.xls").write_bytes(b"name\tplace\nA\tOregon\n")
    assert read_sheets(tmp_path / "a.csv")[0].rows[0].cells == ("name",)
    assert read_sheets(tmp_path / "b.xls")[0].rows[1].cells == ("A", "Oregon")


def test_two_encodings_in_one_file_and_signs_that_nobody_sees() -> None:
    data = "name\nCafé\n".encode() + "Señal\n".encode("cp1252") + "\ufeffTeam\u200b\n".encode()
    assert [row.cells for row in read_separated(data, _PATH).rows] == [
        *(("name",), ("Café",), ("Señal",), ("Team",))
    ]


def test_a_formula_without_a_result_is_no_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["name", "=A1"])
    for row in range(3, 2_000):  # cells with a format and nothing else
        page.cell(row, 9).number_format = "0.00"
    book.save(tmp_path / "book.xlsx")
    (sheet,) = read_sheets(tmp_path / "book.xlsx")
    assert [row.cells for row in sheet.rows] == [("name", "=A1")]


@pytest.mark.slow
def test_a_damaged_file_is_a_sentence_and_never_a_crash(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in range(40):
        book.active.append([f"place {row}", row, row / 7])
    book.save(tmp_path / "sound.xlsx")
    text = "".join(f'"place {n}",{n},"a; b"\r\n' for n in range(40)).encode()
    whole = {
        *((".csv", text), (".tsv", text.replace(b",", b"\t"))),
        *((ending, (tmp_path / "sound.xlsx").read_bytes()) for ending in (".xlsx", ".ods")),
    }
    chance = random.Random(7)
    for number in range(240):
        ending, data = sorted(whole)[number % len(whole)]
        broken = bytearray(data)
        for _ in range(chance.choice((1, 3, 30))):
            at = chance.randrange(len(broken))
            broken[at : at + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        path = tmp_path / f"broken{ending}"
        path.write_bytes(broken)
        with contextlib.suppress(CjphError):
            read_sheets(path)
