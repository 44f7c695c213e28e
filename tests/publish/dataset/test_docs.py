"""The page on using the data: its lines of Python and R work when they are pasted."""

import contextlib
import io
import re
import subprocess
from pathlib import Path

import pytest
from support.readers import program

from cjph_graph.home import find_home
from cjph_graph.publish import (
    Publication,
    all_files,
    export_table,
    export_tables,
    write_release,
)

_PAGE = Path(__file__).parents[3] / "docs" / "data.md"

pytestmark = pytest.mark.checkout


def _blocks(language: str) -> list[str]:
    text = _PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_every_file_that_the_page_names_is_published(tmp_path: Path) -> None:
    publication = Publication(find_home())
    files = all_files(publication, pages=False)
    write_release(tmp_path, "1", files, publication.ledger)
    there = {*publication.ledger, *(path.rpartition("/")[2] for path in publication.ledger)}
    named = re.findall(r"`((?:data/)?[a-z0-9-]+[.][a-z0-9.]+)`", _PAGE.read_text("utf-8"))
    wanted = {name for name in named if "changes" not in name}
    assert wanted - there == set()
    assert len(wanted) > 10


def test_the_lines_that_need_nothing_else_work() -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(_blocks("python")[1], {})  # noqa: S102
    assert printed.getvalue().strip().endswith(".")


@pytest.mark.slow
@pytest.mark.readers
def test_the_lines_for_pandas_work(tmp_path: Path) -> None:
    (tmp_path / "findings.csv").write_bytes(export_table(find_home(), "findings"))
    done = subprocess.run(
        [program("python"), "-c", _blocks("python")[0]],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "Quasi-experimental study" in done.stdout


@pytest.mark.slow
@pytest.mark.readers
def test_the_lines_for_r_work(tmp_path: Path) -> None:
    for name, data in export_tables(find_home()).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "lines.R").write_text(_blocks("r")[0])
    done = subprocess.run(
        [program("Rscript"), "lines.R"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "Fall" in done.stdout
