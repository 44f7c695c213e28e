"""A release is the old one or the new one, whole, whatever happens and wherever it is written."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from cjph_graph.errors import LimitError, RefusedError, UsageError
from cjph_graph.publish import release as module
from cjph_graph.publish import release_folder
from cjph_graph.publish.release import is_safe, write_release
from cjph_graph.publish.release_files import File, Ledger, Maker, Written
from cjph_graph.publish.release_folder import CHECKSUMS
from cjph_graph.system.swap import swap

_FILES: list[File] = [("a.txt", b"one"), ("b/c.txt", b"two"), ("b/d/e.txt", b"three")]


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_is_yielded_is_written_with_its_checksums(tmp_path: Path) -> None:
    done = write_release(tmp_path, "1.0", iter(_FILES))
    files = _read(tmp_path / "1.0")
    checksums = files.pop(CHECKSUMS).decode()
    assert files == dict(_FILES)
    assert checksums.splitlines() == [
        f"{hashlib.sha256(data).hexdigest()}  {path}" for path, data in _FILES
    ]
    assert (done.files, done.written, done.removed) == (4, 4, 0)
    assert done.size == sum(map(len, files.values())) + len(checksums)
    assert (tmp_path / "latest").resolve() == (tmp_path / "1.0").resolve()
    assert {path.name for path in tmp_path.iterdir()} == {"1.0", "latest"}


def test_latest_leads_to_what_was_published_last(tmp_path: Path) -> None:
    for version in ("1.0", "1.1", "1.0"):
        write_release(tmp_path, version, _FILES)
        assert os.readlink(tmp_path / "latest") == version  # noqa: PTH115
    assert {path.name for path in tmp_path.iterdir()} == {"1.0", "1.1", "latest"}


def test_a_second_run_writes_only_what_has_changed(tmp_path: Path) -> None:
    write_release(tmp_path, "1.0", _FILES)
    before = {name: (tmp_path / "1.0" / name).stat().st_ino for name, _ in _FILES}
    done = write_release(tmp_path, "1.0", [*_FILES[:2], ("b/f.txt", b"four")])
    assert (done.written, done.removed) == (2, 1)  # a new file and the checksums
    assert (tmp_path / "1.0/a.txt").stat().st_ino == before["a.txt"]
    assert (tmp_path / "1.0/b/f.txt").read_bytes() == b"four"
    assert not (tmp_path / "1.0/b/d").exists()


def test_a_run_that_changes_nothing_leaves_the_folder_alone(tmp_path: Path) -> None:
    write_release(tmp_path, "1.0", _FILES)
    before = (tmp_path / "1.0").stat().st_ino
    done = write_release(tmp_path, "1.0", _FILES)
    assert not done.is_changed
    assert "all as they were" in done.summary()
    assert (tmp_path / "1.0").stat().st_ino == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", b"a"),
        (b"a", b""),
        (b"abcdef", b"abcxef"),
        (b"abcdef", b"abc"),
        (b"abc", b"abcdef"),
        (b"abcdef", b"abcdef"),
        (b"", b""),
    ],
)
@pytest.mark.parametrize("step", [1, 2, 100])
def test_a_file_may_come_in_pieces(tmp_path: Path, old: bytes, new: bytes, step: int) -> None:
    def pieces(data: bytes) -> Iterator[bytes]:
        yield from (data[at : at + step] for at in range(0, len(data), step))

    write_release(tmp_path, "1.0", [("a", pieces(old))])
    ledger = Ledger()
    done = write_release(tmp_path, "1.0", [("a", pieces(new))], ledger)
    assert (tmp_path / "1.0/a").read_bytes() == new
    assert ledger["a"] == Written(len(new), hashlib.sha256(new).hexdigest())
    assert done.is_changed == (old != new)


def test_later_files_see_what_stands_in_the_earlier_ones(tmp_path: Path) -> None:
    ledger = Ledger()

    def files() -> Iterator[File]:
        yield "a.txt", b"one"
        yield "sizes", str(ledger["a.txt"].size).encode()

    write_release(tmp_path, "1.0", files(), ledger)
    assert (tmp_path / "1.0/sizes").read_bytes() == b"3"


def test_where_a_maker_fails_the_old_release_stays(tmp_path: Path) -> None:
    write_release(tmp_path, "1.0", _FILES)
    before = _read(tmp_path / "1.0")

    def failing() -> Iterator[File]:
        yield "a.txt", b"new"
        raise UsageError("No.")

    with pytest.raises(UsageError, match=r"No\."):
        write_release(tmp_path, "1.0", failing())
    assert _read(tmp_path / "1.0") == before
    assert {path.name for path in tmp_path.iterdir()} == {"1.0", "latest"}


@pytest.mark.parametrize(
    "path",
    ["", "/etc/x", "../x", "a/../../x", "a//b", "a/./b", "a\\b", "C:x", "a\nb", "a/" + "b" * 256],
)
def test_nothing_escapes_the_release(tmp_path: Path, path: str) -> None:
    assert not is_safe(path)
    with pytest.raises(RefusedError, match="not a path inside"):
        write_release(tmp_path / "out", "1.0", [(path, b"x")])
    assert [*(tmp_path / "out").iterdir()] == []


@pytest.mark.parametrize(
    "files",
    [[("a", b"1"), ("a", b"2")], [("a", b"1"), ("a/b", b"2")], [("a/b", b"1"), ("a", b"2")]],
)
def test_no_path_comes_twice(tmp_path: Path, files: list[File]) -> None:
    with pytest.raises(RefusedError, match=r"twice|file and a folder"):
        write_release(tmp_path, "1.0", files)


@pytest.mark.parametrize("version", ["", ".", "..", "latest", "a/b", "../x", ".1", "1.", "a" * 101])
def test_a_version_is_the_name_of_a_folder(tmp_path: Path, version: str) -> None:
    with pytest.raises(UsageError, match="name of a release"):
        write_release(tmp_path, version, _FILES)


def test_links_in_an_old_release_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"one")
    write_release(tmp_path / "out", "1.0", _FILES)
    inside = tmp_path / "out/1.0/a.txt"
    inside.unlink()
    inside.symlink_to(outside)
    write_release(tmp_path / "out", "1.0", _FILES)
    assert not inside.is_symlink()
    assert inside.stat().st_ino != outside.stat().st_ino


def test_nothing_is_removed_that_no_release_wrote(tmp_path: Path) -> None:
    (tmp_path / "1.0").mkdir()
    (tmp_path / "1.0/thesis.txt").write_text("mine")
    with pytest.raises(RefusedError, match=r"thesis\.txt"):
        write_release(tmp_path, "1.0", _FILES)
    (tmp_path / "latest").mkdir()
    with pytest.raises(RefusedError, match="latest is not a link"):
        write_release(tmp_path, "2.0", _FILES)
    (tmp_path / "latest").rmdir()
    write_release(tmp_path, "2.0", _FILES)
    (tmp_path / "2.0/CNAME").write_text("example.org")
    with pytest.raises(RefusedError, match="CNAME"):
        write_release(tmp_path, "2.0", _FILES)
    assert (tmp_path / "2.0/CNAME").exists()
    (tmp_path / "3.0").symlink_to(tmp_path / "1.0")
    with pytest.raises(RefusedError, match="not a folder"):
        write_release(tmp_path, "3.0", _FILES)


def test_two_folders_trade_names(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).touch()
    if not swap(one, other):
        pytest.skip("this file system cannot exchange two folders")
    assert [path.name for path in one.iterdir()] == ["other"]
    with pytest.raises(OSError, match="No such file"):
        swap(one, tmp_path / "missing")


def test_without_an_exchange_it_takes_two_steps_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "swap", lambda *_: False)
    write_release(tmp_path, "1.0", _FILES)
    done = write_release(tmp_path, "1.0", [("a.txt", b"new")])
    assert _read(tmp_path / "1.0").keys() == {"a.txt", CHECKSUMS}
    assert len(done.notes) == 1
    assert "missing for a moment" in done.notes[0]
    assert {path.name for path in tmp_path.iterdir()} == {"1.0", "latest"}


def test_what_a_killed_run_has_left_is_put_in_order(tmp_path: Path) -> None:
    write_release(tmp_path, "1.0", _FILES)
    (tmp_path / "1.0").rename(tmp_path / ".1.0.0123456789abcdef.old")  # between the two steps
    (tmp_path / ".1.0.fedcba9876543210.part").mkdir()
    (tmp_path / ".latest.fedcba9876543210.part").symlink_to("1.0")
    (tmp_path / ".git").mkdir()
    done = write_release(tmp_path, "1.0", _FILES)
    assert not done.is_changed
    assert {path.name for path in tmp_path.iterdir()} == {".git", "1.0", "latest"}


def test_two_runs_do_not_write_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_folder, "_PATIENCE", 0.02)

    def files() -> Iterator[File]:
        with pytest.raises(UsageError, match="Another run"):
            write_release(tmp_path, "1.0", _FILES)
        yield from _FILES

    write_release(tmp_path, "1.0", files())


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "such"):
        with pytest.raises(UsageError, match="cannot be a folder"):
            write_release(folder, "1.0", _FILES)


def test_folders_above_are_made(tmp_path: Path) -> None:
    write_release(tmp_path / "no" / "such", "1.0", _FILES)
    assert (tmp_path / "no" / "such" / "1.0").is_dir()


_ENDLESS = """
import itertools, sys
from pathlib import Path
from cjph_graph.publish import write_release
for turn in itertools.count():
    files = [(f"{n % 7}/{n}.txt", str(turn).encode()) for n in range(60)]
    write_release(Path(sys.argv[1]), "1.0", files)
"""


_MAKING = """
import itertools, sys
from functools import partial
from pathlib import Path
from cjph_graph.publish.release import write_release
from cjph_graph.publish.release_files import Maker
for turn in itertools.count():
    make = partial(str.encode, str(turn))
    files = [(f"{n % 7}/{n}.txt", Maker(make, str(n))) for n in range(60)]
    write_release(Path(sys.argv[1]), "1.0", files, processes=3)
"""


@pytest.mark.slow
@pytest.mark.parametrize("program", [_ENDLESS, _MAKING])
def test_killed_at_any_moment_it_leaves_a_whole_release(tmp_path: Path, program: str) -> None:
    write_release(tmp_path, "1.0", [(f"{n % 7}/{n}.txt", b"start") for n in range(60)])
    for number in range(25):
        process = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)])
        time.sleep(0.25 + number * 0.0073)
        process.send_signal(signal.SIGKILL)
        process.wait()
        files = _read(tmp_path / "latest")
        listed = dict(
            reversed(line.split("  ")) for line in files.pop(CHECKSUMS).decode().split("\n") if line
        )
        assert listed == {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
        assert len(files) == 60
        assert len(set(files.values())) == 1


def _made(folder: Path, processes: int) -> tuple[dict[str, bytes], Ledger]:
    ledger = Ledger()

    def files() -> Iterator[File]:
        for number in range(40):
            group = f"{number // 3}" if number % 5 else ""
            yield f"{number % 7}/{number}", Maker(partial(str.encode, f"file {number}"), group)
        yield "plain", b"plain"
        yield "pieces", Maker(lambda: iter([b"one", b"two"]))
        ledger.wait()
        yield "sizes", Maker(str(ledger["pieces"].size).encode)

    write_release(folder, "1.0", files(), ledger, processes=processes)
    return _read(folder / "1.0"), ledger


def test_however_many_processes_write_the_release_is_the_same(tmp_path: Path) -> None:
    files, ledger = _made(tmp_path / "one", 1)
    assert files["sizes"] == b"6"
    assert [*ledger][40:] == ["plain", "pieces", "sizes", CHECKSUMS]
    for processes in (2, 5):
        others, another = _made(tmp_path / str(processes), processes)
        assert others == files
        assert [*another] == [*ledger]


def test_what_a_maker_raises_elsewhere_is_raised_here(tmp_path: Path) -> None:
    def refuse() -> bytes:
        raise UsageError("No.", "Perhaps later.")

    makers = [Maker(lambda: b"x"), Maker(refuse), Maker(lambda: b"y")]
    with pytest.raises(UsageError, match=r"No\.\nPerhaps later\."):
        write_release(tmp_path, "1.0", [(str(n), m) for n, m in enumerate(makers)], processes=2)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(sys.platform != "linux", reason="there are no workers elsewhere")
def test_a_worker_that_is_killed_is_told(tmp_path: Path) -> None:
    own = os.getpid()

    def die() -> bytes:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)
        return b""

    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    before = children.read_text()
    files = [(str(number), Maker(die)) for number in range(100)]
    with pytest.raises(LimitError, match="ended from outside"):
        write_release(tmp_path, "1.0", files, processes=2)
    assert [*tmp_path.iterdir()] == []
    assert children.read_text() == before
