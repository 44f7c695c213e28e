"""Shapes in the form in which pySHACL reads them right.

Where pySHACL departs from the standard and another form of the shapes avoids that, they get that
form here; docs/shacl.md says where, and what is left. Shapes that reach outside the graph are
refused.
"""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.errors import InputError, LimitError, RefusedError
from cjph_graph.rdf import OWL, SH, TRUE, reachable
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.sparql.tokens import refuse_unsafe, tokenize
from cjph_graph.system.tables import shorten

_IMPORTS = NamedNode(OWL + "imports")
# What switches a rule on when it is true, which for SHACL is `true` and not `1`.
_SWITCHES = {
    SH + name for name in ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint")
}
_SHOWN = 200  # characters of a statement in a message
_QUERIES = (SH + "select", SH + "ask")


def for_pyshacl(shapes: Shapes) -> list[Triple]:
    """Return shapes as pySHACL reads them right; refuse those that reach outside the graph."""
    for triple in shapes.triples:
        name, term = triple.predicate.value, triple.object
        if name == SH + "entailment":
            raise shapes_error(f"they ask for the entailment {term}, and nothing is inferred here")
        if name in _QUERIES and isinstance(term, Literal):
            _refuse_unsafe_query(term.value)
        if name == SH + "namespace" and isinstance(term, Literal):
            _refuse_unsafe_namespace(term.value)
    kept = (t for t in shapes.triples if t.predicate.value not in _SWITCHES or t.object == TRUE)
    return [*_imported(shapes), *kept]


def _refuse_unsafe_query(text: str) -> None:
    try:
        refuse_unsafe(text, tokenize(text))
    except RefusedError as error:
        raise RefusedError(f"A query in the shapes: {error.message}", error.hint) from error
    except LimitError as error:
        raise LimitError(f"A query in the shapes: {error.message}", error.hint) from error


def _refuse_unsafe_namespace(text: str) -> None:
    """Refuse text that would end the IRI in a query and go on with something else."""
    if re.search(r"""[<>"{}|^`\\\x00-\x20]""", text):
        raise shapes_error(f"sh:namespace {text!r} is not an IRI")


def _imported(shapes: Shapes) -> Iterator[Triple]:
    """Yield the prefixes that the values of sh:prefixes import, as if they were their own."""
    declare = NamedNode(SH + "declare")
    for start in {t.object for t in shapes.triples if t.predicate.value == SH + "prefixes"}:
        for node in [*reachable([start], lambda node: shapes.values(node, _IMPORTS))][1:]:
            for declared in shapes.values(node, declare):
                yield Triple(start, declare, declared)  # type: ignore[arg-type]


def nested_error() -> LimitError:
    """Return the error for shapes in shapes in shapes."""
    return LimitError(
        "The shapes are nested more than 15 deep (by sh:node, sh:property, sh:or and their like),"
        " which is more than can be checked.",
        "Give what is checked far inside a shape with a target of its own.",
    )


def shapes_error(reason: str) -> InputError:
    """Return the error that says why shapes cannot be used."""
    text = " ".join(reason.removeprefix("Validation Failure - ").split())
    text = text.partition(" For reference, see ")[0]
    return InputError(f"The shapes cannot be used: {text.rstrip('.')}.")


def triple_term_error(triple: Triple) -> InputError:
    """Return the error for a statement about a statement."""
    return InputError(
        f"Statements about statements (RDF 1.2) cannot be checked: {shorten(str(triple), _SHOWN)}.",
        "Describe the statement by a node of its own.",
    )
