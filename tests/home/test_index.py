"""The index of a large home: right, never stale, and no harm whatever happens to it."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Store

import cjph_graph
from cjph_graph.errors import CjphError, InputError, LimitError, UsageError
from cjph_graph.home import index, local
from cjph_graph.home.local import open_engine
from cjph_graph.home.location import Home, home_files
from cjph_graph.rdf.reading import load
from cjph_graph.sparql.engine import LocalEngine, Rows
from cjph_graph.sparql.standby import Standby
from cjph_graph.system import cache as caches
from cjph_graph.system.cache import Cache, Kept, find_cache
from cjph_graph.system.limits import limits
from cjph_graph.system.progress import listening

_PREFIX = "@prefix ex: <https://example.org/terms#> .\n"
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_ALL = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) } ORDER BY ?s ?p ?o"
# A command for which a home of any size is large.
_PROGRAM = (
    "from cjph_graph.home import index, local; local.THRESHOLD = 0; index._BATCH = 50;"
    "from cjph_graph.cli.main import main; main()"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a cache of one's own, and an index of a home of any size."""
    path = tmp_path / "cache"
    monkeypatch.setenv("CJPH_CACHE", str(path))
    monkeypatch.delenv("CJPH_CACHE_SIZE", raising=False)
    monkeypatch.setattr(local, "THRESHOLD", 0)
    return path


@pytest.fixture
def home(home: Home) -> Home:
    text = "".join(
        f"<https://example.org/waters/w{n}> a ex:River ; ex:km {n}.50 ; ex:near [ ex:km {n} ] .\n"
        for n in range(200)
    )
    (home.data / "waters" / "many.ttl").write_text(_PREFIX + text, encoding="utf-8")
    return home


def kept(folder: Path) -> list[Path]:
    """Return the indexes that are there."""
    return sorted(path for path in folder.glob("*") if re.fullmatch("cjph-[0-9a-f]{64}", path.name))


def _name(letter: str) -> str:
    return f"cjph-{letter * 64}"


def count(home: Home) -> int:
    """Return how many triples a home's engine finds."""
    rows = open_engine(home).select(_COUNT)
    return int(str(next(iter(rows))["n"]))


def start(home: Home, *options: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a command that counts the triples."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, "--home", str(home.path), "query", "-", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def answered(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Return how a command ended and what it said."""
    out, error = process.communicate(_COUNT, timeout=60)
    return process.returncode, out.split()[-1] if out else "", error


def test_an_index_answers_what_memory_answers(home: Home, folder: Path) -> None:
    in_memory = LocalEngine(load(home_files(home)))
    first, again = open_engine(home), open_engine(home)
    assert isinstance(first, Standby)
    assert len(kept(folder)) == 1
    assert first.select(_ALL) == again.select(_ALL) == in_memory.select(_ALL)
    assert again.ask("ASK { ?s ?p ?o }")
    about = "DESCRIBE <https://example.org/waters/otter>"
    assert set(again.construct(about)) == set(in_memory.construct(about))
    assert len(again.scan("SELECT ?s { ?s ?p ?o }")) == count(home)


def test_only_a_large_home_has_one(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = sum(path.stat().st_size for path in home_files(home))
    monkeypatch.setattr(local, "THRESHOLD", size + 1)
    assert isinstance(open_engine(home), LocalEngine)
    assert not folder.exists()
    monkeypatch.setattr(local, "THRESHOLD", size)
    assert isinstance(open_engine(home), Standby)


def test_python_asks_the_index_too(home: Home, folder: Path) -> None:
    assert isinstance(rows := cjph_graph.answer(_COUNT, home=home), Rows)
    assert [dict(row) for row in rows] == [{"n": count(home)}]
    assert len(kept(folder)) == 1
    assert isinstance(rows := cjph_graph.query("waters-by-use", home=home, use="trade"), Rows)
    assert len(rows) == 1


def test_a_changed_file_is_another_index(home: Home, folder: Path) -> None:
    path = home.data / "waters" / "many.ttl"
    status, before = path.stat(), count(home)
    path.write_text(
        path.read_text("utf-8").replace("w7> a ex:River ;", "w7> ex:k 1     ;"), encoding="utf-8"
    )
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    rows = open_engine(home).select("SELECT ?x { ?x <https://example.org/terms#k> 1 }")
    assert len(rows) == 1
    assert count(home) == before
    assert len(kept(folder)) == 2


def test_the_same_files_are_the_same_index(home: Home, folder: Path, tmp_path: Path) -> None:
    count(home)
    os.utime(home.data / "waters" / "many.ttl", (0, 0))
    count(home)
    count(Home(home.path.rename(tmp_path / "elsewhere")))
    assert len(kept(folder)) == 1


def test_what_else_counts(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.data / "waters" / "many.ttl"
    count(home)
    path.rename(path.with_name("others.ttl"))
    count(home)
    with limits(max_size=1_000_000):
        count(home)
    monkeypatch.setattr("pyoxigraph.__version__", "99")
    count(home)
    assert len(kept(folder)) == 4


def test_where_one_file_ends_counts(home: Home, folder: Path) -> None:
    for first, second in ((_PREFIX, _PREFIX * 2), (_PREFIX * 2, _PREFIX)):
        (home.data / "a.ttl").write_text(first, encoding="utf-8")
        (home.data / "b.ttl").write_text(second, encoding="utf-8")
        count(home)
    assert len(kept(folder)) == 2


def test_blank_nodes_of_two_files_never_meet(home: Home) -> None:
    for name in ("a.ttl", "b.ttl"):
        text = f'{_PREFIX}_:x ex:file "{name}" .'
        (home.data / name).write_text(text, encoding="utf-8")
    text = "SELECT DISTINCT ?x { ?x <https://example.org/terms#file> ?f }"
    assert len(open_engine(home).select(text)) == 2
    assert len(open_engine(home).select(text)) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"a:b",
        _PREFIX.encode() + b"ex:a ex:b ex:c . ex:a ex:b <rel> .",
        _PREFIX.encode() + b'ex:a ex:b "\xff" .',
        _PREFIX.encode() + b"ex:a ex:b " + b"[ ex:b " * 200 + b"1" + b"]" * 200 + b" .",
        _PREFIX.encode() + b"ex:a ex:b " + b",".join(b"%d" % n for n in range(300)) + b" .",
        _PREFIX.encode() + b"# " + b"x" * 20_000,
        None,
    ],
    ids=["no-prefix", "relative", "bytes", "nested", "dense", "large", "gone"],
)
def test_errors_are_those_of_memory(home: Home, folder: Path, data: bytes | None) -> None:
    path = home.data / "odd.ttl"
    if data is None:
        path.symlink_to("nowhere.ttl")
    else:
        path.write_bytes(data)
    with limits(max_size=20_000):
        with pytest.raises(CjphError) as plain:
            load(home_files(home))
        with pytest.raises(CjphError) as cached:
            open_engine(home)
        assert (type(cached.value), str(cached.value)) == (type(plain.value), str(plain.value))
    assert not list(folder.glob("*"))


def test_a_smaller_limit_is_kept_though_there_is_an_index(home: Home) -> None:
    count(home)
    with limits(max_size=10_000), pytest.raises(LimitError, match="larger than 10 kB"):
        open_engine(home)


def test_no_cache_leaves_nothing(home: Home, folder: Path) -> None:
    assert answered(start(home, "--no-cache"))[0] == 0
    assert answered(start(home, CJPH_CACHE_SIZE="0"))[0] == 0
    assert not folder.exists()
    assert answered(start(home)) == (0, str(count(home)), "")
    assert len(kept(folder)) == 1


def test_a_size_that_is_none_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CJPH_CACHE_SIZE", "plenty")
    with pytest.raises(UsageError, match="'plenty' is no size"):
        open_engine(home)


@pytest.mark.parametrize("place", ["/dev/null/cjph", "/proc/cjph", "file"])
@posix
def test_where_nothing_can_be_written_memory_answers(
    home: Home, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").touch()
    done = answered(start(home, CJPH_CACHE=str(tmp_path / place)))
    assert done == (0, str(len(load(home_files(home)))), "")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="whoever may write everywhere"
)
def test_a_folder_to_read_only_is_read(home: Home, folder: Path) -> None:
    before = count(home)
    folder.chmod(0o500)
    try:
        assert count(home) == before
        (home.data / "new.ttl").write_text(f"{_PREFIX}ex:a ex:b ex:c .", encoding="utf-8")
        assert count(home) == before + 1
    finally:
        folder.chmod(0o700)


@posix
def test_reading_writes_nothing_and_locks_nothing(home: Home, folder: Path) -> None:
    count(home)
    (inside,) = kept(folder)
    held = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in inside.iterdir()}
    engines = [open_engine(home) for _ in range(3)]
    assert len({len(engine.select(_ALL)) for engine in engines}) == 1
    assert held == {
        path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in inside.iterdir()
    }


@posix
def test_everything_is_for_its_user_alone(home: Home, folder: Path) -> None:
    count(home)
    (inside,) = kept(folder)
    assert folder.stat().st_mode & 0o777 == inside.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in inside.iterdir()} == {0o600}


@posix
@pytest.mark.parametrize("shared", ["link", "mode", "entry"])
def test_what_others_could_have_put_there_is_not_used(
    home: Home, folder: Path, shared: str
) -> None:
    before = count(home)
    if shared == "link":
        folder.rename(folder.with_name("other"))
        folder.symlink_to("other")
    elif shared == "mode":
        folder.chmod(0o777)
    else:
        (inside,) = kept(folder)
        inside.rename(folder / "other")
        inside.symlink_to("other")
    names = {path: path.lstat().st_mtime_ns for path in folder.parent.rglob("*")}
    assert isinstance(open_engine(home), LocalEngine)
    assert count(home) == before
    after = {path: path.lstat().st_mtime_ns for path in folder.parent.rglob("*")}
    if shared != "entry":
        assert after == names
    assert set(after) == set(names)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 3, len(data), 97):
        data[place] ^= 0x55
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [_cut, _flip, Path.unlink], ids=["cut", "changed", "gone"])
@pytest.mark.parametrize("name", ["*.sst", "MANIFEST*", "CURRENT", "seal", "OPTIONS*", "*.log"])
def test_what_is_broken_is_thrown_away_and_made_anew(
    home: Home, folder: Path, name: str, harm: Callable[[Path], None]
) -> None:
    before = count(home)
    (inside,) = kept(folder)
    for path in inside.glob(name):
        if path.stat().st_size:
            harm(path)
    assert count(home) == before
    assert count(home) == before
    (anew,) = kept(folder)
    assert len(Store.read_only(str(anew))) == before


@pytest.mark.parametrize("sealed", [True, False])
def test_what_breaks_in_the_middle_is_answered_from_memory(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch, sealed: bool
) -> None:
    # Large files are not looked through before they are used: their blocks have check sums.
    monkeypatch.setattr(caches, "_HASHED", 0)
    before = count(home)
    (inside,) = kept(folder)
    if not sealed:
        (inside / "seal").unlink()
    for path in inside.glob("*.sst"):
        data = path.read_bytes()
        if len(data) > 2_000:
            path.write_bytes(bytes(500) + data[500:])
    engine = open_engine(home)
    assert isinstance(engine, Standby)
    assert len(engine.select("SELECT * { ?s ?p ?o }")) == before
    if sealed:
        assert not kept(folder)
    assert count(home) == before
    assert len(Store.read_only(str(kept(folder)[0]))) == before


def test_many_commands_at_once(home: Home, folder: Path) -> None:
    whole = str(len(load(home_files(home))))
    for _ in range(2):
        done = [answered(process) for process in [start(home) for _ in range(6)]]
        assert done == [(0, whole, "")] * 6
    assert [path.name for path in folder.iterdir()] == [kept(folder)[0].name]


@posix
def test_killed_at_any_moment_it_is_there_whole_or_not_at_all(
    home: Home, folder: Path, tmp_path: Path
) -> None:
    text = "".join(f"<https://example.org/waters/m{n}> ex:km {n} .\n" for n in range(4_000))
    (home.data / "more.ttl").write_text(_PREFIX + text, encoding="utf-8")
    whole = len(load(home_files(home)))
    chance = random.Random(4)
    begun = time.monotonic()
    assert answered(start(home))[1] == str(whole)
    takes = time.monotonic() - begun
    remnants = 0
    for _ in range(10):
        shutil.rmtree(folder)
        process = start(home)
        assert process.stdin
        process.stdin.write(_COUNT)
        process.stdin.close()
        time.sleep(takes * chance.uniform(0.2, 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        for stream in (process.stdout, process.stderr):
            assert stream
            stream.close()
        remnants += len(list(folder.glob("cjph-making-*"))) if folder.exists() else 0
        for path in kept(folder):
            assert len(Store.read_only(str(path))) == whole
        assert count(home) == whole
        assert [path.name for path in folder.iterdir()] == [kept(folder)[0].name]
    assert remnants  # or the test has shown nothing


@posix
def test_a_remnant_that_somebody_still_makes_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "of-two")

    def fill(aside: Path) -> str:
        assert Cache(cache.path).make(lambda _: _name("b"), 1) == _name("b")
        (aside / "file").write_bytes(b"here")
        return _name("a")

    cache.make(fill, 1)
    assert {path.name for path in cache.path.iterdir()} == {_name("a"), _name("b")}


def _fill(size: int, name: str) -> Callable[[Path], str]:
    def fill(aside: Path) -> str:
        (aside / "file").write_bytes(bytes(size))
        return _name(name)

    return fill


def test_what_was_not_used_for_longest_makes_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "bound", 4_000)
    for number, name in enumerate("abc"):
        cache.make(_fill(1_000, name), 1_000)
        os.utime(cache.path / (_name(name)), (number, number))
    assert cache.find(_name("a"))  # which is now the one used last
    (cache.path / "of the user.txt").touch()
    (cache.path / "of the user").mkdir()
    (cache.path / "making-a-mess").mkdir()
    cache.make(_fill(1_000, "d"), 2_000)
    names = {path.name for path in cache.path.iterdir()}
    assert names == {_name("a"), _name("d"), "making-a-mess", "of the user", "of the user.txt"}


@posix
def test_what_is_in_use_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "bound", 1_500)
    cache.make(_fill(1_000, "a"), 1_000)
    reader = cache.find(_name("a"))
    cache.make(_fill(1_000, "b"), 1_000)
    assert reader
    assert (reader.path / "file").read_bytes() == bytes(1_000)
    reader.release()
    cache.make(_fill(1_000, "c"), 1_000)
    assert not cache.find(_name("a"))


def test_an_index_that_is_too_large_is_not_made_again(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CJPH_CACHE_SIZE", "50kB")
    assert isinstance(open_engine(home), LocalEngine)
    (empty,) = kept(folder)
    assert [path.name for path in empty.iterdir()] == ["seal"]
    monkeypatch.setattr(index, "_build", pytest.fail)
    assert isinstance(open_engine(home), LocalEngine)


def test_an_index_that_would_be_too_large_is_not_begun(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CJPH_CACHE_SIZE", "10kB")
    assert isinstance(open_engine(home), LocalEngine)
    assert not folder.exists()


@posix
def test_a_reader_goes_on_while_its_index_is_removed(home: Home, folder: Path) -> None:
    reader = open_engine(home)
    before = len(reader.select(_ALL))
    shutil.rmtree(folder)
    assert len(reader.select(_ALL)) == before


@posix
def test_a_folder_can_be_held_by_many_or_one(tmp_path: Path) -> None:
    path = tmp_path / "held"
    path.mkdir(mode=0o700)
    first, second = Kept(path), Kept(path)
    with pytest.raises(BlockingIOError):
        Kept(path, alone=True)
    first.release()
    second.release()
    alone = Kept(path, alone=True)
    with pytest.raises(BlockingIOError):
        Kept(path)
    alone.share()
    Kept(path)


@pytest.mark.parametrize(
    ("platform", "environment", "place"),
    [
        ("linux", {"HOME": "/h"}, "/h/.cache/cjph"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/cjph"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "x"}, "/h/.cache/cjph"),
        ("darwin", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/h/Library/Caches/cjph"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/cjph"),
        ("win32", {}, None),
        ("linux", {"HOME": "/h", "CJPH_CACHE": "/c"}, "/c"),
        ("linux", {"HOME": "/h", "CJPH_CACHE_SIZE": "0"}, None),
    ],
)
@posix
def test_where_it_is(
    platform: str,
    environment: dict[str, str],
    place: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "CJPH_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(caches.sys, "platform", platform)
    assert find_cache() == (Cache(Path(place)) if place else None)


def test_making_an_index_tells_how_far_it_is(home: Home) -> None:
    told: list[tuple[str, int, int]] = []
    with listening(lambda *what: told.append(what)):
        open_engine(home)
    doing = [what[1:] for what in told if what[0] == "Indexing the graph"]
    size = sum(path.stat().st_size for path in home_files(home))
    assert doing == sorted(doing)
    assert doing[-1] == (size, size)
    assert len(doing) == len(home_files(home)) + 1


def test_full(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index, "Store", full)
    assert count(home) == len(load(home_files(home)))
    assert not list(folder.iterdir())


def test_a_wrong_query_is_not_the_fault_of_the_index(home: Home, folder: Path) -> None:
    engine = open_engine(home)
    with pytest.raises(InputError, match="not SPARQL"):
        engine.select("SELECT * { ?s ?p }")
    assert len(kept(folder)) == 1
