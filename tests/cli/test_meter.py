"""Progress on a terminal: there when it takes long, gone before anything else is said."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Windows has no terminal to try this on", allow_module_level=True)

import pty

from cjph_graph.home.location import Home

_PROGRAM = """\
import sys, time
from cjph_graph.cli import main as cli
from cjph_graph.home import local
from cjph_graph.cli import meter
from cjph_graph.system.progress import tell
meter._PATIENCE, steps = float(sys.argv[1]), int(sys.argv[2])
def slow(*_, **__):
    for number in range(steps):
        tell("Reading files", number, steps)
        time.sleep(0.001)
    return original(*_, **__)
original, local.open_engine = local.open_engine, slow
sys.argv[1:] = sys.argv[3:]
cli.main()
"""


def on_a_terminal(home: Home, patience: float, steps: int, *arguments: str) -> tuple[str, str]:
    """Return what a command shows on a terminal, and what it writes to a pipe."""
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", _PROGRAM, str(patience), str(steps)),
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
    start = time.monotonic()
    shown, out = on_a_terminal(home, 0.1, 1_000, "anything")
    drawn = re.findall(r"Reading files: \d+ % \(\d+ s\)", shown)
    assert len(drawn) > 3
    assert shown.count("\r") <= 2 * (10 * (time.monotonic() - start) + 1)
    assert drawn == sorted(drawn, key=lambda line: int(line.split()[2]))
    assert left(shown) == ""
    assert out == "yes\n"


def test_what_does_not_take_long_shows_nothing(home: Home) -> None:
    assert on_a_terminal(home, 2, 10, "anything") == ("", "yes\n")


def test_an_error_stands_alone(home: Home) -> None:
    shown, out = on_a_terminal(home, 0.1, 500, "waters-by-use", "-p", "use=nothing")
    assert "Reading files" in shown
    assert left(shown).startswith("cjph: 'nothing' is nothing use can be")
    assert out == ""


def test_the_end_of_the_time_stands_alone(home: Home) -> None:
    shown, _ = on_a_terminal(home, 0.1, 100_000, "anything", "--timeout", "1")
    assert "Reading files" in shown
    assert left(shown).startswith("cjph: This took longer than 1 seconds.")


def test_what_is_no_terminal_gets_nothing(home: Home, tmp_path: Path) -> None:
    with (tmp_path / "error").open("wb") as error:
        subprocess.run(
            [
                *(sys.executable, "-c", _PROGRAM, "0", "500"),
                *("--home", str(home.path), "query", "anything"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=error,
            check=True,
        )
    assert (tmp_path / "error").read_bytes() == b""


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
