"""Which values there are where there are too many.

One finding stands for all of them, at one line, so it has to name the others.
"""

import re
from collections.abc import Callable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf import Term, last_part
from cjph_graph.shacl import DataGraph, Result, Shapes
from cjph_graph.system.tables import shorten

SURPLUS = ("MaxCountConstraintComponent", "UniqueLangConstraintComponent")
_MOST_SHOWN = 5
_LONGEST = 60
_OF_THOUSANDS = 3  # digits between two commas


def surplus(
    result: Result, graph: DataGraph, shapes: Shapes, short: Callable[[str], str]
) -> str | None:
    """Return the values of a property that has too many, or texts in one language, as a sentence.

    None where the path is more than one property. `short` writes an IRI as a file would.
    """
    values = _values(result, graph)
    if last_part(result.constraint).startswith("UniqueLang"):
        values = _doubled(values)
    if len(values) < 2:
        return None
    row = ", ".join(_shown(value, short) for value in values[:_MOST_SHOWN])
    more = len(values) - _MOST_SHOWN
    row += f" and {more} more" if more > 0 else ""
    if last_part(result.constraint).startswith("UniqueLang"):
        return f"In one language there are {row}; keep one."
    name = short((result.path or "").removeprefix("^"))
    name = f"the inverse of {name}" if (result.path or "").startswith("^") else name
    kept = {"1": "; keep one", "2": "; keep two"}.get(_most(result, shapes), "")
    return f"There are {len(values)} values of {name}: {row}{kept}.{_thousands(values)}"


def _thousands(values: Sequence[Term]) -> str:
    """Say how one number is written that has commas, which make several of it."""
    parts = [value.value for value in values if isinstance(value, Literal) and not value.language]
    head = [part for part in parts if part.isdigit() and len(part) < _OF_THOUSANDS]
    if len(parts) != len(values) or not all(p.isdigit() and p[:1] != "0" for p in parts):
        return ""
    if any(len(part) > _OF_THOUSANDS for part in parts):
        return ""
    if len(parts) == 2 and len(head) == 1:
        rest = next(part for part in parts if part != head[0])
        return f" If it is one number, write {head[0]}{rest}, without a comma."
    return "" if len(head) > 1 else " If it is one number, write it without commas."


def _values(result: Result, graph: DataGraph) -> list[Term]:
    focus, path = result.term("focusNode"), result.path or ""
    if focus is None or not re.match(r"\^?https?:[^\s()|*+?^]*$", path):
        return []
    inverse = path.startswith("^")
    found = graph.statements([focus], NamedNode(path.removeprefix("^")), inverse=inverse)
    values = {t.subject if inverse else t.object for t in found}
    return sorted((value for value in values if not isinstance(value, Triple)), key=str)


def _doubled(values: Sequence[Term]) -> list[Term]:
    texts = [value for value in values if isinstance(value, Literal) and value.language]
    tags = [text.language for text in texts]
    return [text for text in texts if tags.count(text.language) > 1]


def _most(result: Result, shapes: Shapes) -> str:
    shape = result.term("sourceShape")
    if isinstance(shape, Literal) or shape is None:
        return ""
    return next((count.value for count in shapes.objects(shape, "maxCount")), "")


def _shown(value: Term, short: Callable[[str], str]) -> str:
    if isinstance(value, NamedNode):
        return short(value.value)
    if isinstance(value, BlankNode):
        return "[ ]"
    text = shorten(value.value, _LONGEST)
    return f'"{text}"@{value.language}' if value.language else f'"{text}"'
