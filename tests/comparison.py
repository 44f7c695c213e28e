"""A screened validation beside pySHACL's own: the same data, the same shapes, result by result."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from pyoxigraph import BlankNode, Triple

from cjph_graph.conformance import conformance
from cjph_graph.datagraph import load_files
from cjph_graph.errors import CjphError
from cjph_graph.graph import TurtleFile, read_bytes
from cjph_graph.shacl import Result, check, to_rdflib
from cjph_graph.shapes import Shapes

# What is told of each result, sorted; or the kind of error that there was.
Outcome: TypeAlias = tuple[str, ...]


def read(text: str, name: str) -> TurtleFile:
    """Read Turtle once for both sides: a blank node is then the same node on either."""
    file = read_bytes(text.encode(), name)
    assert file.problem is None, file.problem
    return file


def alone(data: TurtleFile, shapes: TurtleFile) -> Iterable[Result]:
    """Let pySHACL check everything."""
    return check(to_rdflib(data.triples), shapes.triples)


def screened(data: TurtleFile, shapes: TurtleFile) -> Iterable[Result]:
    """Ask the store first, and let pySHACL check what is left."""
    return conformance(Shapes(shapes.triples), load_files([data]).graph).results


def outcomes(data: TurtleFile, shapes: TurtleFile) -> tuple[Outcome, Outcome]:
    """Return what a check comes to on either side, pySHACL's first."""
    found = []
    for side in (alone, screened):
        try:
            found.append(told(side(data, shapes)))
        except CjphError as error:
            found.append((f"ends with {type(error).__name__}",))
    return found[0], found[1]


def told(results: Iterable[Result]) -> Outcome:
    """Return all that results say, in an order of their own; details inside what they led to."""
    return tuple(sorted(map(_told, results)))


def _told(result: Result) -> str:
    """Return all that a result says.

    Two things are passed over. pySHACL tells a blank node by what is said of it, as deep and in
    the order that its graph happens to have. And rdflib knows no direction of a text.
    """
    lines = [
        f"focus {result.focus}",
        f"path {result.path}",
        f"value {result.value}",
        f"severity {result.severity}",
        f"constraint {result.constraint}",
        f"shape {result.shape}",
        *(f"message {message!r}" for message in result.messages),
        *sorted(_said(result)),
    ]
    for detail in sorted(map(_told, result.details)):
        lines += [f"  {line}" for line in detail.split("\n")]
    text = re.sub(
        r"(message .*?)\[ .*\]|(resultMessage> .*?)\[ .*\]", r"\1\2[ … ]", "\n".join(lines)
    )
    return re.sub(r"(@[\w-]+?)--(?:ltr|rtl)\b", r"\1", text)


def _said(result: Result) -> list[str]:
    """Return the statements of the W3C's report, a path in the place of its name.

    Other blank nodes, of the data and of the shapes, keep their names: both sides have read them
    from the same file.
    """
    about: dict[object, list[Triple]] = {}
    for triple in result.triples:
        about.setdefault(triple.subject, []).append(triple)
    subject = result.triples[0].subject

    def unfolded(term: object, above: tuple[object, ...]) -> str:
        if not isinstance(term, BlankNode) or term not in about or term in above:
            return str(term)
        parts = (f"{t.predicate} {unfolded(t.object, (*above, term))}" for t in about[term])
        return f"[ {' ; '.join(sorted(parts))} ]"

    return [f"{t.predicate} {unfolded(t.object, (subject,))}" for t in about[subject]]
