"""The process of a command: its streams, its limits and how it ends."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest

from cjph_graph.cli import options, process
from cjph_graph.cli.output import Output
from cjph_graph.cli.process import Reason, Watch
from cjph_graph.home.location import Home

if sys.platform == "win32":
    pytest.skip("Windows closes streams and sends signals in other ways", allow_module_level=True)

_CJPH = f"{sys.executable} -m cjph_graph"
# Says when it is asked, and answers never: it counts what a query of nine wildcards finds.
_ENDLESS = """\
import sys, threading
from cjph_graph import sparql
from cjph_graph.__main__ import main
def run(*words):
    print("asked", file=sys.stderr, flush=True)
    return original(*words)
original, sparql.run = sparql.run, run
main()
"""


def shell(home: Home, command: str, **options: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line of a shell in a home, where `cjph` is the command."""
    return subprocess.run(
        ["bash", "-c", f'cjph() {{ {_CJPH} "$@"; }}; {command}'],  # noqa: S607
        capture_output=True,
        check=False,
        timeout=60,
        cwd=options.get("cwd", home.path),
        env={**os.environ, "CJPH_HOME": str(home.path)},
    )


@pytest.mark.parametrize(
    "started", ["-m cjph_graph", "-c 'import cjph_graph.__main__ as c; c.main()'"]
)
def test_ctrl_c_while_starting_is_no_traceback(home: Home, started: str) -> None:
    # The interrupt comes as soon as the first slow import begins.
    program = home.path / "click.py"
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n", "utf-8")
    done = shell(home, f"PYTHONPATH=.:$PYTHONPATH {sys.executable} {started} validate; exit $?")
    assert (done.returncode, done.stderr) == (130, b"")


def test_ctrl_c_ends_a_query_that_runs_in_native_code(home: Home) -> None:
    patterns = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9))
    (home.path / "endless.rq").write_text(f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}", "utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, "query", "endless.rq"],
        stderr=subprocess.PIPE,
        cwd=home.path,
        env={**os.environ, "CJPH_HOME": str(home.path)},
    ) as running:
        assert running.stderr
        assert running.stderr.readline() == b"asked\n"
        running.send_signal(signal.SIGINT)
        assert running.stderr.read() == b""
        assert running.wait(10) == -signal.SIGINT  # a shell makes 130 of it


def test_a_watch_says_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    reasons: list[Reason] = []

    def end(reason: Reason) -> None:
        reasons.append(reason)
        ended.set()

    now = process.monotonic()
    with Watch(end, seconds=3600):
        monkeypatch.setattr(process, "monotonic", lambda: now + 3601)
        assert ended.wait(30)
    assert set(reasons) == {Reason.TIME}


def test_a_watch_hears_of_the_time_in_a_regular_expression() -> None:
    reasons: list[Reason] = []
    with Watch(reasons.append, seconds=3600):
        # The alarm, without the waiting.
        signal.raise_signal(signal.SIGALRM)
    assert reasons == [Reason.TIME]
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_watch_says_when_memory_is_short() -> None:
    ended = threading.Event()
    with Watch(lambda reason: ended.set() if reason is Reason.MEMORY else None, memory=1):
        assert ended.wait(30)


def test_how_long_a_reader_takes_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[object, ...]] = []

    def look(_: object = None) -> None:
        watching = [thread for thread in threading.enumerate() if thread.name == "watch"]
        seen.append((len(watching), signal.getitimer(signal.ITIMER_REAL)[0] > 0))

    @click.command()
    @options.limited(seconds=3600, memory=50)
    def command() -> Output:
        look()
        return Output("")

    monkeypatch.setattr(options, "hand_over", look)
    command.main([], standalone_mode=False)
    assert seen == [(1, True), (0, False)]


def test_a_watch_without_limits_ends_nothing() -> None:
    reasons: list[Reason] = []
    with Watch(reasons.append):
        pass
    assert not reasons


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("cjph validate 2>&-", 0, ""),
        ("cjph query anything 2>&-", 0, ""),
        ("cjph query nope 2>&-", 2, ""),
        ("cjph query nope 2>/dev/full", 2, ""),
        ("cjph query anything --format docx 2>/dev/full", 2, ""),
        ("cjph query anything >&-", 2, "standard output is closed"),
        ("cjph query anything >/dev/full", 2, "cannot be written to standard output: No space"),
        ("cjph validate >/dev/full", 2, "cannot be written to standard output: No space"),
        ("cjph --help >/dev/full", 2, "cannot be written: No space"),
        ("cjph --version >/dev/full", 2, "cannot be written: No space"),
        ("cjph query - <&-", 2, "Standard input is closed"),
        ("cjph validate - <&-", 2, "Standard input is closed"),
        ("cjph query anything --output /dev/full", 2, "/dev/full cannot be written: No space"),
    ],
)
def test_closed_and_full_streams(home: Home, command: str, code: int, said: str) -> None:
    home.shapes.write_text(
        "<http://s> a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#"
        "targetNode> <http://n> ; <http://www.w3.org/ns/shacl#nodeKind> <http://www.w3.org/ns/"
        "shacl#IRI> .",
        encoding="utf-8",
    )
    done = shell(home, command)
    error = done.stderr.decode()
    assert done.returncode == code, error
    assert said in error
    assert len(error.splitlines()) == (1 if said else 0)


def test_a_file_does_not_take_the_place_of_a_closed_stream(home: Home, tmp_path: Path) -> None:
    done = shell(home, f"cjph query nope --output {tmp_path}/out 1>&- 2>&-")
    assert done.returncode == 2
    done = shell(home, f"cjph query anything --output {tmp_path}/out 1>&- 2>&- <&-")
    assert done.returncode == 0
    assert (tmp_path / "out").read_bytes() == b"yes\n"


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (r"cjph query $'no\n::add-mask::x.rq'", 2, "no\ufffd::add-mask::x.rq cannot be read"),
        (r"cjph query $'no\n::add-mask::x'", 2, "There is no query 'no\\n::add-mask::x'"),
        (r"cjph --home $'/nowhere\n::error::x' query", 2, "The home /nowhere ::error::x is not"),
        (r"cjph validate $'no\n::error::x.ttl'", 2, "no\ufffd::error::x.ttl does not exist"),
        (r"cjph query anything --format $'x\n::error::y'", 2, "'x\\n::error::y' is not one of"),
        (r"cjph validate $'\e]0;x\a.ttl'", 2, "0;x\ufffd.ttl does not exist"),
        (r"cjph query $'\xff.rq'", 2, "\ufffd.rq cannot be read"),
        (r"cjph validate $'\xff.ttl'", 2, "\ufffd.ttl does not exist"),
        ("cjph validate --timeout nan", 2, "nan is not from 0 to"),
        ("cjph validate --timeout -1", 2, "-1 is not from 0 to 1,000,000"),
        ("cjph validate $(printf 'n%.0s' {1..300})", 2, "File name too long"),
        ("cjph validate --shapes $(printf 'n%.0s' {1..300})", 2, "File name too long"),
        ("cjph query $(printf 'n%.0s' {1..300}).rq", 2, "File name too long"),
        ("cjph query anything --output $(printf 'n%.0s' {1..300})", 2, "File name too long"),
        ("cjph --home $(printf 'n%.0s' {1..300}) query", 2, "File name too long"),
        ("ln -s loop loop; cjph query anything --output loop", 2, "loop"),
        ("ln -s loop.ttl loop.ttl; cjph validate loop.ttl", 2, "loop.ttl"),
        ("mkdir gone; cd gone; rmdir ../gone; env -u CJPH_HOME $CJPH query", 2, "The folder you"),
        ("mkdir gone; cd gone; rmdir ../gone; cjph query anything", 0, ""),
    ],
)
def test_odd_words_and_places_end_in_one_sentence(
    home: Home, command: str, code: int, said: str
) -> None:
    done = shell(home, command.replace("$CJPH", _CJPH))
    error = done.stderr.decode()
    assert done.returncode == code, error
    assert said in error
    assert "Traceback" not in error
    assert "unexpected" not in error
    assert not [line for line in error.splitlines() if line.startswith(("::", "##["))]
    assert all(char.isprintable() or char == "\n" for char in error)


def test_the_alarm_waits_for_the_thread_that_says_why_the_process_ends() -> None:
    # The thread has begun to say it, and the alarm comes into a regular expression that lets it go
    # on only when the alarm itself does.
    program = (
        "import os, signal, threading; from cjph_graph.cli import process\n"
        "write = os.write\n"
        "def slowly(number, data):\n"
        "    write(number, data); signal.raise_signal(signal.SIGALRM); threading.Event().wait(60)\n"
        "signal.signal(signal.SIGALRM, lambda *_: process.end_now('alarm'))\n"
        "os.write = slowly\n"
        "threading.Thread(target=process.end_now, args=('thread',)).start()\n"
        "while True: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (3, b"cjph: thread\n")
