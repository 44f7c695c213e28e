"""The notebook does what it says, in no more lines than it says, without Jupyter."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

_NOTEBOOK = Path(__file__).parent.parent / "docs" / "first-picture.ipynb"


def _cells() -> list[str]:
    cells = json.loads(_NOTEBOOK.read_bytes())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def _run(cell: str, names: dict[str, object]) -> Any:
    """Run a cell and return the value of its last line, which Jupyter would show."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307


@pytest.mark.checkout
def test_the_notebook_draws_a_picture_in_fifteen_lines() -> None:
    install, *cells = _cells()
    assert install.startswith("%pip install ")
    lines = [line for cell in (install, *cells) for line in cell.splitlines() if line.strip()]
    assert len(lines) <= 15
    names: dict[str, object] = {}
    (count, some), _, picture, (_, sources) = [_run(cell, names) for cell in cells]
    assert count > 3_000
    assert len(some) == 5
    rate, points = names["rate"], names["points"]
    assert isinstance(rate, list)
    assert isinstance(points, list)
    assert rate[0]["of_label"] in picture
    assert picture.count(" L ") == len(points) - 1 == 19
    assert all(sources)


def test_a_notebook_that_fails_would_be_seen() -> None:
    with pytest.raises(KeyError):
        _run('{"a": 1}["b"]', {})
