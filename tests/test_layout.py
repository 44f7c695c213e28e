"""The package as it is laid out: the picture of its folders, and what a command must not load."""

import os
import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

_CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"
_PICTURE = re.compile(r"```mermaid\n(.*?)```\n", re.DOTALL)


def _arrows() -> set[tuple[str, str]]:
    """Return which folder imports from which, without arrows that follow from others."""
    graph = grimp.build_graph("cjph_graph", cache_dir=None)
    folders = graph.find_children("cjph_graph") - {"cjph_graph.__main__", "cjph_graph.errors"}
    below = {
        folder: {
            other
            for other in folders - {folder}
            if graph.direct_import_exists(importer=folder, imported=other, as_packages=True)
        }
        for folder in folders
    }
    reached: dict[str, set[str]] = {}
    for folder in sorted(folders, key=lambda each: len(graph.find_upstream_modules(each, True))):
        reached[folder] = below[folder].union(*(reached.get(o, set()) for o in below[folder]))
    return {
        (folder, other)
        for folder, others in below.items()
        for other in others
        if not any(other in reached[between] for between in others - {other})
    }


@pytest.mark.checkout
def test_the_picture_in_contributing_is_that_of_the_code() -> None:
    names = sorted((a.rpartition(".")[2], b.rpartition(".")[2]) for a, b in _arrows())
    drawn = "graph TD\n" + "".join(f"  {one} --> {other}\n" for one, other in names)
    text = _CONTRIBUTING.read_text(encoding="utf-8")
    if os.environ.get("CJPH_GOLDEN") == "write":
        new = _PICTURE.sub(lambda _: f"```mermaid\n{drawn}```\n", text)
        _CONTRIBUTING.write_text(new, encoding="utf-8")
        return
    found = _PICTURE.search(text)
    assert found is not None
    assert found[1] == drawn, "make golden draws it anew"


@pytest.mark.parametrize("arguments", [["query", "profile"], ["export", "cahoots-eugene"]])
def test_what_is_slow_to_import_is_not_imported(arguments: list[str]) -> None:
    program = (
        "import sys; from cjph_graph.cli.main import cli;"
        "cli.main(sys.argv[1:], standalone_mode=False);"
        "print(sorted({'rdflib', 'pyshacl', 'SPARQLWrapper'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"
