"""The package as it is laid out: its folders and their faces, its names, and what is not loaded."""

import ast
import importlib
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

import cjph_graph

_PACKAGE = Path(cjph_graph.__file__).parent
_LONG = 300
_CONTRIBUTING = Path(__file__).parent.parent / "CONTRIBUTING.md"
_PICTURE = re.compile(r"```mermaid\n(.*?)```\n", re.DOTALL)


@cache
def _modules() -> dict[Path, ast.Module]:
    return {
        path.relative_to(_PACKAGE): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(_PACKAGE.rglob("*.py"))
    }


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


def _faces(folder: str) -> dict[str, set[str]]:
    """Return the modules that others may import of a folder, with the names that each gives away.

    They are the folder and those that its docstring names in backticks.
    """
    said = ast.get_docstring(_modules()[Path(folder, "__init__.py")]) or ""
    faces = {folder, *re.findall(rf"`({folder}\.[a-z_.]+)`", said)}
    return {face: _given(face) for face in faces}


def _given(face: str) -> set[str]:
    """Return the names of `__all__`, or else those that a folder imports; of a module all."""
    inside = Path(*face.split("."))
    tree = _modules().get(inside / "__init__.py")
    if tree is None:
        return {"*"}
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    found = [names for module, names in _imports(tree) if module.startswith(face)]
    return set[str]().union(*found)


def _imports(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Yield what a module imports of the package's folders: a module, and names of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cjph_graph."):
            yield str(node.module).partition(".")[2], {alias.name for alias in node.names}


def test_a_folder_is_imported_by_its_faces() -> None:
    past = []
    for path, tree in _modules().items():
        for module, names in _imports(tree):
            folder = module.partition(".")[0]
            if folder in (path.parts[0], "errors") or path.name == "__main__.py":
                continue
            given = _faces(folder).get(module, set())
            past += [f"{path}: {module}.{name}" for name in names if not given & {name, "*"}]
    assert past == [], "import these from their folder, or name the module in its docstring"


def test_a_face_has_what_it_says() -> None:
    for path in _modules():
        if path.name == "__init__.py" and len(path.parts) > 1:
            face = ".".join(path.parts[:-1])
            module = importlib.import_module(f"cjph_graph.{face}")
            assert [name for name in _given(face) if not hasattr(module, name)] == [], face


def test_a_class_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for path, tree in _modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path))
    several = {name: found for name, found in places.items() if len(found) > 1}
    assert several == {}, "let each name say what its class is"


def test_a_long_module_says_why_it_is_longer() -> None:
    for path, tree in _modules().items():
        lines = (_PACKAGE / path).read_text(encoding="utf-8").count("\n")
        reason = ast.get_docstring(tree) or ""
        assert lines <= _LONG or "longer" in reason, f"{path} has {lines} lines: divide it"


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
