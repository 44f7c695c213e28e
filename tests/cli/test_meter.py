"""Progress on a terminal: there when it takes long, gone before anything else is said."""

import os
import re
import subprocess
import sys
from io import StringIO

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no terminal to try this on", allow_module_level=True)

import pty

from cjph_graph.cli.meter import Meter
from cjph_graph.home.location import Home
from cjph_graph.system.progress import tell

_PROGRAM = """\
import sys, time
from cjph_graph.__main__ import main
from cjph_graph.cli import meter, options, process
from cjph_graph.home import local
from cjph_graph.system.progress import tell
meter._PATIENCE, meter._INTERVAL, drawings = 0, 0.001, int(sys.argv[1])
meters = []
class Meter(meter.Meter):
    drawn = 0
    def __init__(self, stream):
        meters.append(self)
        super().__init__(stream)
    def _show(self, line):
        self.drawn += 1
        super()._show(line)
options.Meter = Meter
def slow(*words, **options):
    # It takes as long as it takes to be drawn, and a step for each drawing.
    while drawings and meters[0].drawn < drawings:
        tell("Reading files", meters[0].drawn, drawings)
        time.sleep(0.0001)
    if "--timeout" in sys.argv:
        start = process.monotonic()
        process.monotonic = lambda: start + 10_000  # the time is over
        time.sleep(60)  # which ends the process
    return original(*words, **options)
original, local.open_engine = local.open_engine, slow
del sys.argv[1]
main()
"""


def on_a_terminal(home: Home, drawings: int, *arguments: str) -> tuple[str, str]:
    """Return what a command shows on a terminal, drawn so often, and what it writes to a pipe."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", _PROGRAM, str(drawings)),
            *("--home", str(home.path), "query", *arguments),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=inside,
    )
    os.close(inside)
    shown = b""
    try:
        while data := os.read(terminal, 65_536):
            shown += data
    except OSError:
        pass  # so Linux says that nobody writes to it any more
    os.close(terminal)
    assert process.stdout
    with process.stdout:
        out = process.stdout.read()
    process.wait()
    return shown.decode(), out.decode()


def left(shown: str) -> str:
    """Return what stays on a terminal in the end: a carriage return goes back to write over."""
    lines = []
    for line in shown.replace("\r\n", "\n").split("\n"):
        cells: list[str] = []
        for part in line.split("\r"):
            cells[: len(part)] = part
        lines.append("".join(cells).rstrip())
    return "\n".join(lines)


def test_what_takes_long_shows_how_far_it_is(home: Home) -> None:
    shown, out = on_a_terminal(home, 200, "anything")
    drawn = [int(part) for part in re.findall(r"Reading files: (\d+) % \(\d+ s\)", shown)]
    slowly = drawn[: drawn.index(max(drawn)) + 1]  # then the home's own files are read
    assert len(slowly) > 50
    assert slowly == sorted(slowly)
    assert left(shown) == ""
    assert out == "yes\n"


def test_what_does_not_take_long_shows_nothing() -> None:
    stream = StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    with Meter(stream):
        tell("Reading files", 1, 2)
    assert stream.getvalue() == ""


def test_an_error_stands_alone(home: Home) -> None:
    shown, out = on_a_terminal(home, 50, "waters-by-use", "-p", "us=nothing")
    assert "Reading files" in shown
    assert left(shown).startswith("cjph: The query waters-by-use has no parameter 'us'")
    assert out == ""


def test_the_end_of_the_time_stands_alone(home: Home) -> None:
    shown, _ = on_a_terminal(home, 50, "anything", "--timeout", "1000")
    assert "Reading files" in shown
    assert left(shown).startswith("cjph: This took longer than 1000 seconds.")


def test_what_is_no_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cjph_graph.cli.meter._PATIENCE", 0)
    stream = StringIO()
    with Meter(stream):
        tell("Reading files", 1, 2)
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (("Reading files", 45, 100), "Reading files: 45 % (3 s)"),
        (("Reading rows", 12_000, 0), "Reading rows: 12,000 (3 s)"),
        (("", 0, 0), "Working (3 s)"),
    ],
)
def test_a_line_fits(told: tuple[str, int, int], line: str) -> None:
    from cjph_graph.cli.meter import _line

    assert _line(*told, seconds=3.2) == line
