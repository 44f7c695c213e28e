"""`cjph export` of tables: workbooks and Parquet from the outside."""

import io
from pathlib import Path

import openpyxl
import pytest
from support.boats import boats
from support.commands import cjph

pytestmark = pytest.mark.slow


def test_a_workbook_is_written_to_a_file(tmp_path: Path) -> None:
    home = boats(tmp_path)
    output = tmp_path / "boats.xlsx"
    done = cjph(home, "export", "--format", "xlsx", "--output", str(output))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "boats" in openpyxl.load_workbook(io.BytesIO(output.read_bytes())).sheetnames
    one = cjph(home, "export", "--format", "xlsx", "--kind", "planes", "--output", str(output))
    assert one.returncode == 2
    assert "There is no table 'planes'." in one.stderr


def test_parquet_needs_a_place_to_go_to(tmp_path: Path) -> None:
    home = boats(tmp_path)
    done = cjph(home, "export", "--format", "parquet")
    assert done.returncode == 2
    assert "--output FOLDER" in done.stderr
    done = cjph(home, "export", "--format", "parquet", "--output", str(tmp_path / "tables"))
    assert done.stdout.startswith("3 files are in ")
    one = tmp_path / "trips.parquet"
    done = cjph(home, "export", "--format", "parquet", "--kind", "trips", "--output", str(one))
    assert one.read_bytes() == (tmp_path / "tables/trips.parquet").read_bytes()


def test_what_is_for_csv_alone_is_refused(tmp_path: Path) -> None:
    home = boats(tmp_path)
    for form in ("xlsx", "parquet"):
        done = cjph(home, "export", "--format", form, "--bom", "--output", str(tmp_path / "x"))
        assert done.returncode == 2
        assert "add --format csv" in done.stderr
