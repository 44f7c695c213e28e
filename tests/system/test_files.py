"""Files are written whole or not at all, whatever becomes of the process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cjph_graph.errors import UsageError
from cjph_graph.system import resolved, write_atomically

# Writes, and is killed before the new file has taken the place of the old one.
_KILLED = """\
import os, signal, sys
from pathlib import Path
from cjph_graph.system import write_atomically
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write_atomically(Path(sys.argv[1]), b"new")
"""


def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    write_atomically(target, b"old")
    assert target.stat().st_mode & 0o777 == 0o666 & ~_umask()
    target.chmod(0o640)
    write_atomically(target, b"new")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
    assert [*tmp_path.iterdir()] == [target]


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_bytes(b"old")
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", _KILLED, str(target)], check=False)
        assert done.returncode == -signal.SIGKILL
        assert target.read_bytes() == b"old"
        assert len([*tmp_path.iterdir()]) == 2
    mine = tmp_path / ".out.csv.notes.part"
    mine.write_bytes(b"somebody's own")
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
    assert sorted(tmp_path.iterdir()) == [mine, target]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_what_another_run_is_writing_stays(tmp_path: Path) -> None:
    import fcntl

    writing = tmp_path / ".out.csv.0123456789abcdef.part"
    with writing.open("xb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write_atomically(tmp_path / "out.csv", b"new")
        assert writing.exists()
    write_atomically(tmp_path / "out.csv", b"newer")
    assert not writing.exists()


@pytest.mark.parametrize("length", [200, 250, 255])
def test_a_long_name(tmp_path: Path, length: int) -> None:
    target = tmp_path / ("ä" * (length // 2))
    write_atomically(target, b"x")
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("n" * 300, "cannot be written: File name too long"),
        ("loop", "is a link that leads to itself|Too many levels of symbolic links"),
        (".", "is a folder"),
        ("no/where", "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match=said):
        write_atomically(tmp_path / name, b"x")


def test_every_way_to_write_a_path_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "a.ttl"
    path.touch()
    (tmp_path / "link").symlink_to("data")
    ways = (path, tmp_path / "data" / ".." / "data" / "a.ttl", tmp_path / "link" / "a.ttl")
    assert len({resolved(way) for way in ways}) == 1
