"""The pages on contributing show what happens: their files are written, their commands are run."""

import re
import shlex
from pathlib import Path

import pytest
from support.commands import cjph

from cjph_graph.home.location import Home

_FOLDER = Path(__file__).parents[2] / "docs" / "contributing"
_PAGES = sorted(_FOLDER.glob("*.md"))
_BLOCK = re.compile(r"^```(console|[a-z]+ [\w.-]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SKIPPED = "…"

pytestmark = pytest.mark.checkout


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_happens(page: Path, shipped: Home) -> None:
    shown = 0
    for kind, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind != "console":
            (shipped.path / kind.partition(" ")[2]).write_text(text, encoding="utf-8")
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            assert _matches(output, _run(command, shipped)), command
            shown += 1
    assert shown


def _run(command: str, home: Home) -> str:
    program, *words = shlex.split(command)
    assert program == "cjph"
    done = cjph(home, *words, COLUMNS="80")
    return done.stdout + done.stderr


def _matches(shown: str, output: str) -> bool:
    """Compare what is shown with what was written; `…` on a line stands for any lines."""
    parts = re.split(rf"^{_SKIPPED}\n", shown, flags=re.MULTILINE)
    pattern = ".*".join(map(re.escape, parts))
    if re.fullmatch(pattern, output, re.DOTALL):
        return True
    print(output)  # noqa: T201 what pytest shows when it fails
    return False


def test_what_is_linked_is_there() -> None:
    for page in _PAGES:
        text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
