"""The package as it is laid out: what may import what, and what a command must not load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import cjph_graph

_PACKAGE = Path(cjph_graph.__file__).parent
# A module imports only from the lines above its own.
_LEVELS = (
    ("errors",),
    ("credentials", "limits", "progress"),
    ("cache", "files", "meter", "replies"),
    ("home", "transport"),
    ("tokens",),
    (
        "datatypes",
        "grammar",
        "graph",
        "likeness",
        "passages",
        "schema",
        "shapes",
        "sparql",
        "tables",
    ),
    ("dialect", "engine", "lexical", "paging", "patterns", "positions", "slips", "things"),
    ("conditions", "excerpts", "targets"),
    ("joining", "paths"),
    ("constraints",),
    ("compiler",),
    ("rules", "spelling"),
    ("bindings", "datagraph", "statements", "templates"),
    ("focus", "neighbourhood", "remotegraph", "shacl", "standby"),
    ("doubts",),
    ("screening",),
    ("conformance", "names", "questions"),
    ("endpoint", "filing", "hints", "index", "jsonld", "queries", "results", "tracing", "w3c"),
    ("local", "publication", "stores", "validation"),
    ("explanations", "push", "revisions"),
    ("wording",),
    ("listing", "reviews", "sarif"),
    ("findings",),
    ("options",),
    ("__init__", "cli"),
    ("__main__",),
)
_LEVEL = {module: number for number, modules in enumerate(_LEVELS) for module in modules}


def test_every_module_has_a_level() -> None:
    assert {path.stem for path in _PACKAGE.glob("*.py")} == set(_LEVEL)


@pytest.mark.parametrize("module", sorted(_LEVEL))
def test_a_module_imports_only_from_above(module: str) -> None:
    tree = ast.parse((_PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cjph_graph"):
            inside = (node.module or "").removeprefix("cjph_graph").removeprefix(".")
            for name in [inside] if inside else [alias.name for alias in node.names]:
                assert _LEVEL[name] < _LEVEL[module], f"{module} imports {name}"


@pytest.mark.parametrize("arguments", [["query", "profile"], ["export", "cahoots-eugene"]])
def test_what_is_slow_to_import_is_not_imported(arguments: list[str]) -> None:
    program = (
        "import sys; from cjph_graph.cli import cli; cli.main(sys.argv[1:], standalone_mode=False);"
        "print(sorted({'rdflib', 'pyshacl', 'SPARQLWrapper'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"
