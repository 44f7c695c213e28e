"""What the documents show is what happens: their commands are run and their output compared."""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```\n+^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DOCUMENTS = [name for name in ("README.md", "CONTRIBUTING.md") if (_ROOT / name).is_file()]

pytestmark = pytest.mark.checkout


def _shown() -> list[tuple[str, str]]:
    """Return each command that a document shows, with the output it shows."""
    found = []
    for name in _DOCUMENTS:
        for block in _BLOCK.findall((_ROOT / name).read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found.append((command, output))
    return found


@pytest.mark.parametrize(("command", "output"), _shown())
def test_a_command_gives_the_output_shown(command: str, output: str) -> None:
    words = command.split()
    assert words[0] == "cjph"
    done = subprocess.run(
        [sys.executable, "-m", "cjph_graph", *words[1:]],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env={**os.environ, "COLUMNS": "80"},
        check=False,
    )
    assert done.stdout + done.stderr == output


def test_the_python_lines_give_the_output_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_ROOT)
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    (found,) = _PYTHON.findall(text)
    program, output = found
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "README.md", "exec"), {})  # noqa: S102 our own lines
    assert printed.getvalue() == output


def test_what_is_linked_is_there() -> None:
    for name in _DOCUMENTS:
        text = (_ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (_ROOT / target).exists(), f"{name} links to {target}"
