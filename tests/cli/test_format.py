"""`cjph format` as a command: what it writes, what it leaves, and how it ends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.commands import cjph

from cjph_graph.home.location import Home

_PREFIX = "@prefix e: <http://e/> .\n\n"
_LOOSE, _LAID = _PREFIX + "e:a e:b 2,1.", _PREFIX + "e:a\n    e:b 1 , 2 .\n"
_BROKEN = _PREFIX + "e:a e:b\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "files"
    found.mkdir()
    for name, text in {"loose.ttl": _LOOSE, "laid.ttl": _LAID, "note.txt": _LOOSE}.items():
        (found / name).write_text(text, encoding="utf-8")
    return found


def test_files_are_laid_out_in_place(home: Home, folder: Path) -> None:
    done = cjph(home, "format", str(folder))
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 file changed, 2 looked at.\n", "")
    assert (folder / "loose.ttl").read_text(encoding="utf-8") == _LAID
    assert (folder / "note.txt").read_text(encoding="utf-8") == _LOOSE
    assert cjph(home, "format", str(folder)).stdout == "0 files changed, 2 looked at.\n"


def test_check_names_what_would_change(home: Home, folder: Path) -> None:
    done = cjph(home, "format", "--check", str(folder))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"{folder}/loose.ttl\n1 file would change, 2 looked at.\n"
    assert (folder / "loose.ttl").read_text(encoding="utf-8") == _LOOSE
    assert cjph(home, "format", "--check", str(folder / "laid.ttl")).returncode == 0


def test_diff_shows_what_would_change(home: Home, folder: Path) -> None:
    done = cjph(home, "format", "--diff", str(folder))
    assert done.returncode == 1
    assert done.stdout.splitlines()[4:] == [
        " ",
        "-e:a e:b 2,1.",
        "\\ No newline at end of file",
        "+e:a",
        "+    e:b 1 , 2 .",
        "1 file would change, 2 looked at.",
    ]


def test_a_file_that_is_not_turtle_stays_as_it_is(home: Home, folder: Path) -> None:
    (folder / "broken.ttl").write_text(_BROKEN, encoding="utf-8")
    done = cjph(home, "format", str(folder))
    assert (done.returncode, done.stdout) == (2, "1 file changed, 3 looked at.\n")
    assert f"{folder}/broken.ttl:" in done.stderr
    assert "`cjph validate`" in done.stderr
    assert (folder / "broken.ttl").read_text(encoding="utf-8") == _BROKEN
    assert (folder / "loose.ttl").read_text(encoding="utf-8") == _LAID


def test_without_a_path_the_home_is_laid_out(home: Home) -> None:
    assert cjph(home, "format", "--check").returncode == 1
    assert cjph(home, "format").returncode == 0
    assert cjph(home, "format", "--check").returncode == 0


def test_standard_input_goes_to_standard_output(home: Home) -> None:
    command = [sys.executable, "-m", "cjph_graph", "--home", str(home.path), "format"]

    def run(text: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *options], input=text, capture_output=True, text=True, check=False
        )

    assert (run(_LOOSE, "-").returncode, run(_LOOSE, "-").stdout) == (0, _LAID)
    assert run(_LOOSE, "-", "--check").returncode == 1
    assert (run(_BROKEN, "-").returncode, run(_BROKEN, "-").stdout) == (2, "")
    assert "name nothing else" in run(_LOOSE, "-", "other.ttl").stderr


def test_addresses_relative_to_a_file_are_no_matter(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "relative.ttl"
    path.write_text("<#a> <b> <c> .", encoding="utf-8")
    assert cjph(home, "format", str(path)).returncode == 0
    assert path.read_text(encoding="utf-8") == "<#a>\n    <b> <c> .\n"


def test_a_file_that_changes_meanwhile_is_not_written_over(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "loose.ttl"

    def slow(data: bytes, _: object) -> bytes:
        path.write_text(_BROKEN, encoding="utf-8")
        return b"# other\n" + data

    monkeypatch.setattr("cjph_graph.rdf.format.format_turtle", slow)
    done = cjph(home, "format", str(path))
    assert done.returncode == 2
    assert "was changed meanwhile" in done.stderr
    assert path.read_text(encoding="utf-8") == _BROKEN


def test_a_file_that_may_not_be_written_stays(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    done = cjph(home, "format", str(folder))
    assert "loose.ttl may not be written" in done.stderr
    assert done.returncode == 2
    assert (folder / "loose.ttl").read_text(encoding="utf-8") == _LOOSE


def test_a_link_stays_one_and_a_pipe_is_refused(home: Home, folder: Path) -> None:
    (folder / "link.ttl").symlink_to("loose.ttl")
    assert cjph(home, "format", str(folder / "link.ttl")).returncode == 0
    assert (folder / "link.ttl").is_symlink()
    assert (folder / "loose.ttl").read_text(encoding="utf-8") == _LAID
    os.mkfifo(folder / "pipe.ttl")
    assert "is not a file" in cjph(home, "format", str(folder / "pipe.ttl")).stderr


@pytest.mark.slow
def test_whenever_it_is_killed_a_file_is_the_old_or_the_new(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "large.ttl"
    loose = _PREFIX.encode() + b"".join(b"e:a%d e:b 2,1 .\n" % n for n in range(60_000))
    command = [sys.executable, "-m", "cjph_graph", "--home", str(home.path), "format", str(path)]
    path.write_bytes(loose)
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    took, laid = time.monotonic() - started, path.read_bytes()
    for share in (0.2, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98):
        path.write_bytes(loose)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
            time.sleep(took * share)
            running.kill()
        assert path.read_bytes() in (loose, laid)
