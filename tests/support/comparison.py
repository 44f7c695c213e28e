"""A screened validation beside pySHACL's own: the same data, the same shapes, result by result."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import CjphError
from cjph_graph.rdf.reading import TurtleFile, read_bytes
from cjph_graph.shacl.data_graph import load_files
from cjph_graph.shacl.pyshacl_adapter import run_pyshacl
from cjph_graph.shacl.rdflib_terms import to_rdflib
from cjph_graph.shacl.results import Result
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.validator import validate_graph
from cjph_graph.shacl.well_formed import refuse_ill_formed

_SH = "http://www.w3.org/ns/shacl#"
_SPARQL, _MESSAGE, _RESULT_MESSAGE = (
    NamedNode(f"{_SH}{name}") for name in ("sparql", "message", "resultMessage")
)
# What pySHACL's own messages say of a blank node is all that is said of it. Where that goes round
# in a circle, how far it gets depends on the order of the triples.
_CIRCLE = "http://recursion.too.deep"
_CUT = "<about a circle of blank nodes>"
# What is told of each result, sorted; or the kind of error that there was.
Outcome: TypeAlias = tuple[str, ...]


def read(text: str, name: str) -> TurtleFile:
    """Read Turtle once for both sides: a blank node is then the same node on either."""
    file = read_bytes(text.encode(), name)
    assert file.problem is None, file.problem
    return file


def alone(data: TurtleFile, shapes: TurtleFile) -> Iterable[Result]:
    """Let pySHACL check everything."""
    refuse_ill_formed(Shapes(shapes.triples))
    return run_pyshacl(to_rdflib(data.triples), shapes.triples)


def screened(data: TurtleFile, shapes: TurtleFile) -> Iterable[Result]:
    """Ask the store first, and let pySHACL check what is left."""
    return validate_graph(Shapes(shapes.triples), load_files([data]).graph).results


def outcomes(data: TurtleFile, shapes: TurtleFile) -> tuple[Outcome, Outcome]:
    """Return what a check comes to on either side, pySHACL's first."""
    found = []
    for side in (alone, screened):
        try:
            found.append(told(side(data, shapes), shapes.triples))
        except CjphError as error:
            found.append((f"ends with {type(error).__name__}",))
    return found[0], found[1]


def told(results: Iterable[Result], shapes: Iterable[Triple]) -> Outcome:
    """Return all that results say, in an order of their own; details inside what they led to.

    A rule in SPARQL that has a message of its own is not also told by that of its shape, which
    pySHACL adds: that is our choice.
    """
    own: dict[str, list[str]] = {}
    rules = {str(t.object).strip("<>") for t in shapes if t.predicate == _SPARQL}
    for triple in shapes:
        if triple.predicate == _MESSAGE and str(triple.subject).strip("<>") in rules:
            parts = re.split(r"\{[?$]\w+\}", triple.object.value)  # type: ignore[union-attr]
            pattern = ".*".join(map(re.escape, parts))
            own.setdefault(str(triple.subject).strip("<>"), []).append(pattern)
    return tuple(sorted(_told(result, own) for result in results))


def _told(result: Result, own: Mapping[str, list[str]]) -> str:
    said = dict(_said(result))
    if result.term("sourceConstraint") is None and not result.constraint.startswith(_SH):
        # A validator with ASK tells of each focus node what it told of those before, in no order.
        said = {text: message for text, message in said.items() if message is None}
    if patterns := own.get(result.constraint):
        wanted = re.compile("|".join(patterns), re.DOTALL)
        said = {
            text: message
            for text, message in said.items()
            if message is None or wanted.fullmatch(message)
        }
    spoken = {message for message in said.values() if message is not None}
    lines = [
        f"focus {result.focus}",
        f"path {result.path}",
        f"value {result.value}",
        f"severity {result.severity}",
        f"constraint {result.constraint}",
        f"shape {result.shape}",
        *(
            f"message {_CUT if _CIRCLE in text else text!r}"
            for text in result.messages
            if text in spoken
        ),
        *sorted(_CUT if _CIRCLE in text else text for text in said),
    ]
    for detail in sorted(_told(detail, own) for detail in result.details):
        lines += [f"  {line}" for line in detail.split("\n")]
    return "\n".join(lines)


def _said(result: Result) -> Iterator[tuple[str, str | None]]:
    """Yield the statements of the W3C's report, a path in the place of its name.

    With each comes the text of the message if it is one. Other blank nodes, of the data and of the
    shapes, keep their names: both sides have read them from the same file.
    """
    about: dict[object, list[Triple]] = {}
    triples = result.triples
    for triple in triples:
        about.setdefault(triple.subject, []).append(triple)
    subject = triples[0].subject

    def unfolded(term: object, above: tuple[object, ...]) -> str:
        if not isinstance(term, BlankNode) or term not in about or term in above:
            return str(term)
        parts = (f"{t.predicate} {unfolded(t.object, (*above, term))}" for t in about[term])
        return f"[ {' ; '.join(sorted(parts))} ]"

    for triple in about[subject]:
        message = None
        if triple.predicate == _RESULT_MESSAGE and isinstance(triple.object, Literal):
            message = triple.object.value
        yield f"{triple.predicate} {unfolded(triple.object, (subject,))}", message
