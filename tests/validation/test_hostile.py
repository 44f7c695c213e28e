"""Hostile input through every command that takes a file: it is refused or answered, and no more.

`turtle` and `queries` in the folder `hostile` hold what is small; what is large or no regular
file is made here. For each stands which exit code it has, and the sentence where that is not 0.
Every command runs as a process of its own, which may hold 2 GB of addresses, and in which nothing
may open a socket: a server that is waiting notes whoever calls in spite of it.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from cjph_graph.home.location import Home

# Once is enough: what is installed from a wheel is the same code.
pytestmark = [pytest.mark.checkout, pytest.mark.slow]

if sys.platform == "win32":
    pytest.skip("Windows neither bounds nor measures a process this way", allow_module_level=True)

_STATIC = Path(__file__).parent / "hostile"
_MEGABYTE = 1_000_000
# What the system counts as the most memory of a process begins with what its parent held when it
# was started, and a test process holds much: hence a small parent between the two.
_MEASURED = """\
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, "-c", *sys.argv[2:]], os.environ)
_, status, usage = os.wait4(child, 0)
os.write(int(sys.argv[1]), f"{usage.ru_maxrss} {usage.ru_utime + usage.ru_stime}".encode())
code = os.waitstatus_to_exitcode(status)
os._exit(code) if code >= 0 else os.kill(os.getpid(), -code)
"""
_PROGRAM = """\
import os, resource, sys
if sys.platform == "linux":  # a Mac doesn't keep it
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
def hook(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.bind",
                         "socket.sendto", "urllib.", "http.client", "os.system", "pty.spawn",
                         "ctypes.dlopen")):
        os.write(2, f"FORBIDDEN {event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(hook)
from cjph_graph.cli.main import main
main()
"""
_PREFIX = "@prefix ex: <https://example.org/terms#> .\n"
_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Shape a sh:NodeShape ; sh:targetClass ex:River ; sh:property ex:KmShape .
ex:KmShape sh:path ex:km ; sh:nodeKind sh:Literal ; sh:maxLength 5 ; sh:severity sh:Warning ;
  sh:message "At most five characters, not {?value}." .
"""
_GOOD = _PREFIX + (
    f'<https://example.org/waters/good> a ex:River ; ex:name "{"a" * 60}b" ;\n'
    "  ex:next <https://example.org/waters/good> ; ex:number "
    + ", ".join(map(str, range(60)))
    + " .\n"
)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: bytes
    error: bytes
    megabytes: int
    seconds: float

    @property
    def said(self) -> str:
        """What it said on standard output and standard error."""
        return (self.out + self.error).decode("utf-8", "replace")


@pytest.fixture(scope="module")
def listener() -> Iterator[list[str]]:
    """Wait for anybody who calls; the first entry is the address to call."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        calls.append(f"127.0.0.1:{server.getsockname()[1]}")
        over = threading.Event()

        def wait() -> None:
            while not over.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.append(str(address))
                connection.close()

        thread = threading.Thread(target=wait)
        thread.start()
        yield calls
        over.set()
        thread.join()


def run(*arguments: str | Path, text: bytes = b"", folder: Path) -> Done:
    """Run a command as a process of its own, bounded and measured."""
    with TemporaryFile() as out, TemporaryFile() as error, TemporaryFile(buffering=0) as usage:
        start = time.monotonic()
        process = subprocess.Popen(
            [
                sys.executable,
                "-ISc",
                _MEASURED,
                str(usage.fileno()),
                _PROGRAM,
                *map(str, arguments),
            ],
            bufsize=0,
            pass_fds=[usage.fileno()],
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=error,
            cwd=folder,
            env={key: value for key, value in os.environ.items() if key != "CJPH_HOME"},
        )
        killer = threading.Timer(60, os.killpg, (process.pid, signal.SIGKILL))
        killer.start()
        try:
            assert process.stdin
            with process.stdin, contextlib.suppress(BrokenPipeError):
                process.stdin.write(text)
            process.wait()
        finally:
            killer.cancel()
        out.seek(0)
        error.seek(0)
        usage.seek(0)
        most, seconds = usage.read().split()
        return Done(
            process.returncode,
            out.read(),
            error.read(),
            int(most) // (1024 if sys.platform == "linux" else _MEGABYTE),
            min(time.monotonic() - start, float(seconds)),
        )


def check(done: Done, code: int, said: str = "") -> None:
    """Hold a command to what every one promises, and to an exit code and a sentence."""
    assert "Traceback" not in done.said
    assert "FORBIDDEN" not in done.said
    assert "panicked" not in done.said
    assert done.code == code, done.said
    assert re.search(said, " ".join(done.said.split())), done.said
    # What is said goes to a terminal, or into the log of a workflow.
    # A document for programs holds its texts as they are.
    for_people = done.said if not done.out.startswith(b"@prefix") else done.error.decode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", for_people)
    assert not re.search(r"^(::|##\[)", done.said, re.MULTILINE)
    if code in (2, 3):
        assert done.out == b"" or b"Nothing was checked" in done.error
        assert len(done.error.splitlines()) <= 3, done.said
        assert done.error.startswith(b"cjph: "), done.said
        assert len(done.error) < 1_000
    assert done.megabytes < 500
    assert done.seconds < 10


@pytest.fixture
def place(home: Home, tmp_path: Path) -> Home:
    """Return a home with a rule."""
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    (tmp_path / "good.ttl").write_text(_GOOD, encoding="utf-8")
    return home


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / f"{name}.ttl"
    path.write_bytes(data)
    return path


def _turtle(text: str) -> Callable[[Path], Path]:
    return lambda folder: _file(folder, "made", (_PREFIX + text).encode())


def _sparse(folder: Path) -> Path:
    path = _file(folder, "sparse", b"")
    os.truncate(path, 5_000 * _MEGABYTE)
    return path


def _link(target: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / "link.ttl"
        path.symlink_to(target)
        return path

    return make


def _pipe(folder: Path) -> Path:
    path = folder / "pipe.ttl"
    os.mkfifo(path)
    return path


def _folder(folder: Path) -> Path:
    path = folder / "folder.ttl"
    path.mkdir()
    return path


def _unreadable(folder: Path) -> Path:
    path = _file(folder, "unreadable", _GOOD.encode())
    path.chmod(0)
    return path


def _odd_name(folder: Path) -> Path:
    return _file(folder, "\x1b]0;owned\x07\u202e::error::odd\n::x", _GOOD.encode() + b"oops")


def _bytes_in_name(folder: Path) -> Path:
    path = folder / os.fsdecode(b"caf\xe9.ttl")
    path.write_bytes(_GOOD.encode() + b"oops")
    return path


_RIVER = '<https://example.org/waters/odd> a ex:River ; ex:name "Odd" ; '
# What is made here, by name.
_MADE: dict[str, Callable[[Path], Path]] = {
    "nested-square": _turtle("ex:s ex:p " + "[ ex:p " * 100_000 + "1" + "]" * 100_000 + " ."),
    "nested-round": _turtle("ex:s ex:p " + "(" * 100_000 + ")" * 100_000 + " ."),
    "nested-statements": _turtle("ex:s ex:p " + "<<(ex:s ex:p " * 99_999 + "1" + ")>>" * 99_999),
    "nested-notes": _turtle("ex:s ex:p 1 " + "{| ex:p 1 " * 99_999 + "|}" * 99_999 + " ."),
    "never-closed": _turtle("ex:s ex:p " + "[ ex:p " * 1_000_000),
    "brackets-in-text": _turtle(_RIVER + f'ex:note "{"([{<<" * 1_000}" .'),
    "blank-nodes": _turtle("[] ex:p [] ." * 1_000_000),
    "labelled-blank-nodes": _turtle("".join(f"_:a{n} ex:p _:a{n + 1} ." for n in range(250_000))),
    "blank-nodes-in-a-row": _turtle("".join(f"_:a{n} ex:p _:a{n + 1} ." for n in range(5_000))),
    "dense": _turtle("ex:s ex:p " + "1," * 1_000_000 + "1 ."),
    "huge-literal": _turtle(_RIVER + 'ex:note "' + "x" * (15 * _MEGABYTE) + '" .'),
    "longer-literal": _turtle(_RIVER + 'ex:note "' + "x" * (17 * _MEGABYTE) + '" .'),
    "chained-shapes": _turtle(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . ex:S0 sh:targetClass ex:River ."
        + "".join(f"ex:S{n} a sh:NodeShape ; sh:node ex:S{n + 1} .\n" for n in range(3_000))
    ),
    "huge-subject": _turtle('"' + "x" * (15 * _MEGABYTE) + '" ex:p 1 .'),
    "huge-integer": _turtle(_RIVER + "ex:note " + "1" * 100_000 + " ."),
    "huge-decimal": _turtle(_RIVER + "ex:note " + "1" * 50_000 + "." + "1" * 50_000 + " ."),
    "huge-iri": _turtle(_RIVER + "ex:see <https://e/" + "x" * _MEGABYTE + "> ."),
    "huge-prefix": _turtle("@prefix " + "p" * _MEGABYTE + ": <https://e/> ."),
    "many-prefixes": _turtle("".join(f"@prefix p{n}: <https://e/{n}> .\n" for n in range(50_000))),
    "many-lines": _turtle("\n" * (3 * _MEGABYTE) + "oops"),
    "backslashes": _turtle('ex:s ex:p "' + '\\"' * 1_000_000),
    "quotation-marks": _turtle("ex:s ex:p [" * 200 + "\"'" * 1_000_000),
    "sparse": _sparse,
    "pipe": _pipe,
    "folder": _folder,
    "device": _link("/dev/zero"),
    "link-out": _link("/etc/passwd"),
    "link-to-itself": _link("link.ttl"),
    "link-to-nothing": _link("nowhere"),
    "unreadable": _unreadable,
    "odd-name": _odd_name,
    "bytes-in-name": _bytes_in_name,
}

_NESTED = "nested more than 100 deep"
_DENSE = "has more than 200,000 triples. Allow more with --max-size"
_LARGE = "is larger than 20 MB. Allow more with --max-size"
_SLOW = "This took longer than 3 seconds. Allow more with --timeout"
_SERVICE = "SERVICE asks another server, which is refused"
_UNCHECKED = "Nothing was checked"
_ORDINARY = (0, 2, 0, 0), ""
_UNKNOWN = (2, 2, 0, 0), _UNCHECKED
_BROKEN = (1, 2, 2, 2)
_LEAVES = "is a link that leads out of hostile, which is refused"
# For each file: the exit codes of validating it, of using it as shapes, of asking and of exporting
# a home that holds it; and what is said where that is neither 0 nor `nothing was checked`.
_TURTLE: dict[str, tuple[tuple[int, int, int, int], str]] = {
    "nested-square": ((3, 3, 3, 3), _NESTED),
    "nested-round": ((3, 3, 3, 3), _NESTED),
    "nested-statements": ((3, 3, 3, 3), _NESTED),
    "nested-notes": ((3, 3, 3, 3), _NESTED),
    "never-closed": ((3, 3, 3, 3), _NESTED),
    "brackets-in-text": _ORDINARY,
    "blank-nodes": ((3, 3, 3, 3), _DENSE),
    "labelled-blank-nodes": ((3, 3, 3, 3), _DENSE),
    "blank-nodes-in-a-row": _UNKNOWN,
    "dense": ((3, 3, 3, 3), _DENSE),
    "huge-literal": _ORDINARY,
    "longer-literal": ((3, 3, 3, 3), "has a text or an address of more than 16 MB"),
    "chained-shapes": ((2, 3, 0, 0), "shapes are nested more than 15 deep"),
    "huge-subject": (_BROKEN, "2:1"),
    "huge-integer": _ORDINARY,
    "huge-decimal": _ORDINARY,
    "huge-iri": _ORDINARY,
    "huge-prefix": _UNKNOWN,
    "many-prefixes": _UNKNOWN,
    "many-lines": (_BROKEN, ":3000002:1|3000002:1"),
    "backslashes": (_BROKEN, "2:2000010 error The backslash|2:11: Unexpected end"),
    "quotation-marks": ((3, 3, 3, 3), _NESTED),
    "sparse": ((3, 3, 3, 3), _LARGE),
    "pipe": _ORDINARY,
    "folder": ((2, 2, 0, 0), "There is no Turtle file in .*folder.ttl"),
    "device": ((3, 3, 2, 2), f"{_LARGE}|{_LEAVES}"),
    "link-out": (_BROKEN, f"link.ttl( |:)1:1|{_LEAVES}"),
    "link-to-itself": ((2, 2, 2, 2), "does not exist|Too many levels of symbolic links"),
    "link-to-nothing": ((2, 2, 2, 2), "does not exist|No such file"),
    "unreadable": (_BROKEN, "cannot be read: Permission denied"),
    "odd-name": (_BROKEN, r"\ufffd\]0;owned\ufffd\ufffd::error::odd\ufffd::x.ttl( |:)4:1"),
    "bytes-in-name": (_BROKEN, "caf\ufffd.ttl( |:)4:1"),
    "alone-in-a-circle": _UNKNOWN,
    "byte-order-mark": _ORDINARY,
    "carriage-returns": _ORDINARY,
    "circular-list": ((2, 2, 0, 0), "not a list in|recursive rdf:rest"),
    "circular-path": ((2, 2, 0, 0), "The shapes cannot be used"),
    "circular-shapes": ((2, 0, 0, 0), ""),
    "climbing-name": _ORDINARY,
    "clique": _UNKNOWN,
    "code-in-shapes": ((2, 0, 0, 0), ""),
    "commented-service-rule": ((2, 2, 0, 0), _SERVICE),
    "endless-rule": ((2, 3, 0, 0), _SLOW),
    "endless-rule-outside": ((2, 3, 0, 0), _SLOW),
    "escaped-service-rule": ((2, 2, 0, 0), _SERVICE),
    "exploding-pattern": ((2, 3, 0, 0), _SLOW),
    "exploding-rule": ((2, 3, 0, 0), _SLOW),
    "file-links": _ORDINARY,
    "formulas": _ORDINARY,
    "from-rule": ((2, 2, 0, 0), "FROM names another graph"),
    "glued-service-rule": ((2, 2, 0, 0), _SERVICE),
    "imports": _ORDINARY,
    "impossible-values": _ORDINARY,
    "json-ld": (_BROKEN, "This is JSON; what is read here is Turtle"),
    "latin-1": (_BROKEN, "not UTF-8 text"),
    "nul-between": (_BROKEN, "2:6"),
    "nul-bytes": _ORDINARY,
    "rdf-xml": (_BROKEN, "This is XML; what is read here is Turtle"),
    "relative": (_BROKEN, "2:1"),
    "script-end": _ORDINARY,
    "service-rule": ((2, 2, 0, 0), _SERVICE),
    "service-rule-in-a-text": ((2, 2, 0, 0), _SERVICE),
    "silent-service-rule": ((2, 2, 0, 0), _SERVICE),
    "surrogate": (_BROKEN, "D800"),
    "terminal-escapes": _ORDINARY,
    "utf-16": (_BROKEN, "UTF-16"),
    "workflow-commands": _ORDINARY,
    "xml-literal": _ORDINARY,
}
_QUERIES: dict[str, tuple[int, str]] = {
    "cartesian": (3, _SLOW),
    "cartesian-rows": (3, "The answer has more than .* rows. Add a LIMIT"),
    "cartesian-sorted": (3, "This needs more than 400 MB of memory. Allow more with --max-size"),
    "climbing-construct": (0, ""),
    "construct-clique": (0, ""),
    "doubling-text": (3, "This needs more than 400 MB of memory"),
    "drop-all": (2, "DROP changes a graph"),
    "exploding-regex": (0, ""),
    "formulas": (0, ""),
    "from": (2, "FROM names another graph"),
    "from-named-file": (2, "FROM names another graph"),
    "header-bomb": (2, "the parameter p0 has no blocks"),
    "huge-regex": (0, ""),
    "insert-after-select": (2, "this is not SPARQL"),
    "latin-1": (2, "is not UTF-8 text"),
    "load": (2, "LOAD changes a graph"),
    "load-in-disguise": (2, "LOAD changes a graph"),
    "no-columns": (0, "Rows without columns: 1"),
    "nul": (0, ""),
    "service": (2, _SERVICE),
    "service-after-comment": (2, _SERVICE),
    "service-behind-less-than": (2, _SERVICE),
    "service-escaped": (2, _SERVICE),
    "service-glued": (2, _SERVICE),
    "service-in-a-text": (2, _SERVICE),
    "service-in-exists": (2, _SERVICE),
    "service-variable": (2, _SERVICE),
    "terminal-escapes": (0, ""),
    "unclosed-quotation": (2, "this quotation mark is not closed"),
    "utf-16": (2, "is not UTF-8 text"),
}
# Long queries, by what they are made of.
_LONG = {
    "braces": ("SELECT * " + "{" * 100_000, 3, _NESTED),
    "closed-braces": ("SELECT * " + "{" * 100_000 + "}" * 100_000, 3, _NESTED),
    "negations": ("SELECT * { FILTER(" + "!" * 100_000 + "1) }", 3, "5000 are allowed"),
    "names": ("SELECT * { " + "a-" * 240_000, 3, "5000 are allowed"),
    "quotations": ("SELECT * { ?s ?p '" + "\\'" * 240_000, 2, "quotation mark is not closed"),
    "values": ("SELECT * { " + "VALUES ?x { " * 40_000, 3, _NESTED),
    "characters": ("ASK { } #" + "x" * 1_000_000, 3, "500,000 are allowed"),
    "bytes": ("ASK { } #" + "x" * 21_000_000, 3, _LARGE),
}


def make(name: str, folder: Path, address: str) -> Path:
    """Put a hostile file into a folder; what it would call is the server that waits."""
    if name in _MADE:
        return _MADE[name](folder)
    data = (_STATIC / f"turtle/{name}.ttl").read_bytes()
    return _file(folder, name, data.replace(b"127.0.0.1:9/", f"{address}/".encode()))


def through(command: str, path: Path, clean: Home, hostile: Home, folder: Path) -> Done:
    """Send a file through a command; it stands in the data of the hostile home."""
    match command:
        case "validate":
            return run("--home", clean.path, "validate", path, "--timeout", "40", folder=folder)
        case "shapes":
            # Only what is to run out of time is given little of it.
            slow = _SLOW in _TURTLE.get(path.stem, ((), ""))[1]
            seconds = "3" if slow else "40"
            arguments = ("--shapes", path, folder / "good.ttl", "--timeout", seconds)
            return run("validate", "--alone", *arguments, folder=folder)
        case "query":
            text = b"SELECT ?s ?o { ?s a ?c . ?s ?p ?o FILTER(STRLEN(STR(?o)) < 100) }"
            return run("--home", hostile.path, "query", "-", text=text, folder=folder)
        case _:
            return run("--home", hostile.path, "export", "--format", command, folder=folder)


def test_every_hostile_file_is_sent_through() -> None:
    assert {path.stem for path in (_STATIC / "turtle").iterdir()} | set(_MADE) == set(_TURTLE)
    assert {path.stem for path in (_STATIC / "queries").iterdir()} == set(_QUERIES)


@pytest.mark.parametrize("name", _TURTLE)
def test_a_hostile_file(name: str, place: Home, tmp_path: Path, listener: list[str]) -> None:
    hostile = Home(Path(shutil.copytree(place.path, tmp_path / "hostile")))
    path = make(name, hostile.data, listener[0])
    if name == "unreadable" and os.access(path, os.R_OK):
        pytest.skip("nothing is unreadable to root")
    codes, said = _TURTLE[name]
    before = _everything(tmp_path)

    def send(command: str) -> Done:
        feeding = name == "pipe" and command in ("validate", "shapes")
        if feeding:
            threading.Thread(target=path.write_text, args=(_GOOD,), daemon=True).start()
        return through(command, path, place, hostile, tmp_path)

    with ThreadPoolExecutor(1 if name == "pipe" else 2) as pool:
        found = list(pool.map(send, ("validate", "shapes", "query", "turtle")))
    for done, code in zip(found, codes, strict=True):
        expected = f"{said}|{_UNCHECKED}" if code == 2 else said if code else ""
        check(done, code, expected)
    assert _everything(tmp_path) == before
    assert listener[1:] == []


def _everything(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


@pytest.mark.parametrize("name", _QUERIES)
def test_a_hostile_query(name: str, place: Home, tmp_path: Path, listener: list[str]) -> None:
    text = (_STATIC / f"queries/{name}.rq").read_bytes()
    text = text.replace(b"127.0.0.1:9/", f"{listener[0]}/".encode())
    (tmp_path / "hostile.rq").write_bytes(text)
    before = _everything(tmp_path)
    # Only what is to run out of time is given little of it.
    seconds = "3" if _QUERIES[name][1] == _SLOW else "40"
    arguments = ("--home", place.path, "query", "--timeout", seconds)
    for done in (
        run(*arguments, "hostile.rq", folder=tmp_path),
        run(*arguments, "-", text=text, folder=tmp_path),
    ):
        check(done, *_QUERIES[name])
    assert _everything(tmp_path) == before
    assert listener[1:] == []


@pytest.mark.parametrize("name", _LONG)
def test_a_long_query(name: str, place: Home, tmp_path: Path) -> None:
    text, code, said = _LONG[name]
    check(run("--home", place.path, "query", "-", text=text.encode(), folder=tmp_path), code, said)


@pytest.mark.parametrize("made", ["pipe", "folder", "device", "sparse", "link-to-nothing"])
def test_what_is_no_file_as_a_query_or_a_home(made: str, place: Home, tmp_path: Path) -> None:
    path = _MADE[made](tmp_path).rename(tmp_path / "x.rq")
    code, said = {
        "pipe": (3, "This took longer than 1 seconds"),
        "device": (3, _LARGE),
        "sparse": (3, _LARGE),
    }.get(made, (2, "cannot be read"))
    check(run("--home", place.path, "query", path, "--timeout", "1", folder=tmp_path), code, said)
    for command in ("query", "validate", "export"):
        done = run("--home", path, command, folder=tmp_path)
        check(done, 2, r"is not a folder|has no ontology/shapes/ and no data/")


@pytest.mark.parametrize(
    ("part", "commands"),
    [
        ("ontology/shapes.ttl", ("validate", "export")),
        ("ontology/cjph.ttl", ("validate", "export")),
        ("data", ("validate", "export")),
        ("queries", ("query",)),
        ("queries/anything.rq", ("query",)),
    ],
)
def test_no_part_of_a_home_may_lie_elsewhere(
    part: str, commands: tuple[str, ...], place: Home, tmp_path: Path
) -> None:
    (place.path / part).rename(tmp_path / "elsewhere")
    (place.path / part).symlink_to(tmp_path / "elsewhere")
    for command in commands:
        done = run("--home", place.path, command, folder=tmp_path)
        check(done, 2, f"home/{part} is a link that leads out of home, which is refused")


def test_links_inside_a_home_are_followed(place: Home, tmp_path: Path) -> None:
    target = place.data / "waters/all.ttl"
    target = target.rename(place.path / "all.ttl")
    (place.data / "waters/all.ttl").symlink_to(target)
    check(run("--home", place.path, "query", "waters-by-use", folder=tmp_path), 0, "otter")


def test_pipes_in_a_folder_are_passed_over(place: Home, tmp_path: Path) -> None:
    os.mkfifo(place.data / "pipe.ttl")
    os.mkfifo(place.queries / "pipe.rq")
    check(run("--home", place.path, "query", folder=tmp_path), 0, "waters-by-use")
    check(run("--home", place.path, "query", "waters-by-use", folder=tmp_path), 0, "otter")
    check(run("--home", place.path, "validate", folder=tmp_path), 0)


@pytest.mark.parametrize(
    "value", ["file:///etc/passwd", "javascript:alert(1)", '"} SERVICE <x> {', "\x1b]0;x\x07", "="]
)
def test_a_hostile_value_names_nothing(value: str, place: Home, tmp_path: Path) -> None:
    for name in ("water", "above"):
        arguments = ("query", "waters-by-use", "-p", f"{name}={value}")
        check(
            run("--home", place.path, *arguments, folder=tmp_path),
            2,
            "is not a value of|does not fit",
        )


def test_limits_can_be_raised_and_lifted(place: Home, tmp_path: Path) -> None:
    dense = (_PREFIX + "ex:s ex:p " + "1," * 250_000 + "1 .").encode()
    _file(place.data, "dense", dense)
    arguments = ("--home", place.path, "query", "anything")
    check(run(*arguments, folder=tmp_path), 3, _DENSE)
    check(run(*arguments, "--max-size", "100MB", "--timeout", "0", folder=tmp_path), 0)
    check(run(*arguments, "--max-size", "1kB", folder=tmp_path), 3, "is larger than 1 kB")
    check(run(*arguments, "--max-size", "lots", folder=tmp_path), 2, "'lots' is not a size")
    assert run(*arguments, "--timeout", "-1", folder=tmp_path).code == 2


def test_a_run_that_is_ended_leaves_the_old_file(place: Home, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")
    before = _everything(tmp_path)
    query = _STATIC / "queries/cartesian.rq"
    arguments = ("--format", "csv", "--output", target, "--timeout", "1")
    check(run("--home", place.path, "query", query, *arguments, folder=tmp_path), 3, "1 seconds")
    assert target.read_text(encoding="utf-8") == "old"
    assert _everything(tmp_path) == before


@pytest.mark.parametrize("name", ["workflow-commands", "terminal-escapes"])
def test_a_value_gives_a_workflow_no_commands(name: str, place: Home, tmp_path: Path) -> None:
    path = make(name, tmp_path, "127.0.0.1:9")
    done = run("--home", place.path, "validate", "--format", "github", path, folder=tmp_path)
    assert done.code == 0
    commands = [line for line in done.out.decode().splitlines() if line.startswith(("::", "##["))]
    assert commands
    assert all(re.match("::warning [^:]*::[^:]", line) for line in commands), commands
