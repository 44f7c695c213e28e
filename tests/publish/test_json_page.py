"""The page on JSON shows what happens: its commands are run and their output compared."""

import json
import re
from pathlib import Path

import pytest
from support.commands import cjph
from support.saved import HOME

from cjph_graph.publish import Documents, read_index
from cjph_graph.publish.jsonld import list_frames
from cjph_graph.publish.jsonld.frames import read_frame

_ROOT = Path(__file__).parents[2]
_TEXT = (_ROOT / "docs" / "json.md").read_text("utf-8") if (_ROOT / "docs").is_dir() else ""
_CONSOLE = re.compile(r"^```console\n\$ cjph (.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_JSON = re.compile(r"^```json\n((?:.*\n)*?)```$", re.MULTILINE)

pytestmark = pytest.mark.checkout


@pytest.mark.parametrize(("command", "output"), _CONSOLE.findall(_TEXT))
def test_a_command_gives_the_output_shown(command: str, output: str) -> None:
    """A line with `…` stands for all that follows."""
    done = cjph(HOME, *command.split())
    assert done.returncode == 0, done.stderr
    beginning, cut, rest = output.partition("…\n")
    assert rest == ""
    assert done.stdout[: len(beginning)] == beginning
    assert cut or done.stdout == beginning


def test_the_frame_shown_can_be_used(tmp_path: Path) -> None:
    documents = Documents(HOME, read_index(HOME))
    (written,) = _JSON.findall(_TEXT)
    path = tmp_path / "shown.jsonld"
    path.write_text(written, encoding="utf-8")
    frame = read_frame(path, documents.context)
    found = json.loads(b"".join(documents.framed(frame, plain=True)))
    assert any("here" in place and "within" in place for place in found)


def test_every_frame_is_named() -> None:
    for name in list_frames(HOME):
        assert f"`{name}`" in _TEXT


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((\.\.[^)#]*)\)", _TEXT):
        assert (_ROOT / "docs" / target).exists(), target
