"""`cjph publish` from the outside."""

from pathlib import Path

import pytest
from support.boats import boats
from support.commands import cjph
from support.saved import HOME

pytestmark = pytest.mark.slow


def test_a_release_is_written_once(tmp_path: Path) -> None:
    first = cjph(HOME, "publish", str(tmp_path), "--data-only")
    assert first.returncode == 0, first.stderr
    assert " are in " in first.stdout
    assert first.stderr == ""
    second = cjph(HOME, "publish", str(tmp_path), "--data-only")
    assert second.stdout.endswith("all as they were.\n")
    assert not list(tmp_path.rglob("*.html"))


def test_a_home_does_not_publish_into_itself(tmp_path: Path) -> None:
    home = boats(tmp_path)
    for folder in (home.data, home.data / "out", home.ontology.parent / "x"):
        done = cjph(home, "publish", str(folder), "--data-only")
        assert done.returncode == 2
        assert "where the next run would read it" in done.stderr
    assert {path.name for path in home.data.iterdir()} == {"boats.ttl", "sets.ttl"}


def test_pages_lead_to_the_data(tmp_path: Path) -> None:
    home = boats(tmp_path)
    done = cjph(home, "publish", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/latest/index.html").is_file()
    assert (tmp_path / "out/latest/data/boats.csv").parent.is_dir()


def test_broken_data_are_not_published_unless_asked(tmp_path: Path) -> None:
    home = boats(tmp_path)
    path = home.data / "boats.ttl"
    path.write_text(path.read_text() + "boat:cod a e:Boat .\n")
    done = cjph(home, "publish", str(tmp_path / "out"), "--data-only")
    assert done.returncode == 1
    assert "break the rules in one place." in done.stderr
    assert not (tmp_path / "out").exists()
    again = cjph(home, "publish", str(tmp_path / "out"), "--data-only", "--even-if-broken")
    assert again.returncode == 0, again.stderr
    assert b"Violation" in (tmp_path / "out/latest/validation/report.ttl").read_bytes()


def test_changes_are_those_since_the_folder_that_is_named(tmp_path: Path) -> None:
    home = boats(tmp_path)
    out = tmp_path / "out"
    cjph(home, "publish", str(out), "--data-only", "--release", "1")
    done = cjph(home, "publish", str(out), "--data-only", "--previous", str(out / "1"))
    assert done.returncode == 0, done.stderr
    assert "Nothing has changed" in (out / "latest/data/changes.md").read_text()
    done = cjph(home, "publish", str(out), "--data-only", "--previous", str(tmp_path))
    assert done.returncode == 2
    assert "holds no release" in done.stderr


def test_an_address_must_be_one(tmp_path: Path) -> None:
    done = cjph(HOME, "publish", str(tmp_path), "--base", "ftp://example.org")
    assert done.returncode == 2
    assert "https://" in done.stderr


def test_however_many_processes_there_are_the_bytes_are_the_same(tmp_path: Path) -> None:
    home = boats(tmp_path)
    sums = []
    for jobs in ("1", "2", "5"):
        done = cjph(home, "publish", str(tmp_path / jobs), "--jobs", jobs)
        assert done.returncode == 0, done.stderr
        sums.append((tmp_path / jobs / "latest/SHA256SUMS").read_text())
    assert sums[0] == sums[1] == sums[2]
    assert "index.html" in sums[0]


def test_what_is_not_turtle_is_told_by_the_validation(tmp_path: Path) -> None:
    home = boats(tmp_path)
    (home.data / "boats.ttl").write_text("boat:cod a e:Boat\n")
    done = cjph(home, "publish", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "break the rules" in done.stderr
    again = cjph(home, "publish", str(tmp_path / "out"), "--even-if-broken")
    assert again.returncode == 2
    assert "Traceback" not in again.stderr
