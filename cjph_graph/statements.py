"""What a graph says, of some things or all of it, asked of any engine."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.engine import Engine, Row, Term

# Virtuoso takes no query whose translation to SQL has more than 10,000 lines.
THINGS_AT_ONCE = 500

_ALL = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) }"
_BLANK = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"


def about(engine: Engine, things: Iterable[NamedNode]) -> list[Triple]:
    """Return the triples whose subject is one of the things."""
    names = sorted({str(thing) for thing in things})
    found: list[Triple] = []
    for start in range(0, len(names), THINGS_AT_ONCE):
        values = " ".join(names[start : start + THINGS_AT_ONCE])
        rows = engine.scan(f"SELECT ?s ?p ?o {{ VALUES ?s {{ {values} }} ?s ?p ?o }}")
        found += map(as_triple, rows.rows)
    return found


def everything(engine: Engine) -> list[Triple]:
    """Return all triples of the graph.

    Those with blank nodes are asked for by themselves, so that they come in one answer.
    """
    return [as_triple(row) for text in (_ALL, _BLANK) for row in engine.scan(text).rows]


def as_triple(row: Row) -> Triple:
    """Return a row of subject, property and value as a triple."""
    subject, predicate, value = row
    if not isinstance(subject, NamedNode | BlankNode) or not isinstance(predicate, NamedNode):
        raise TypeError("a row without a subject or a property")
    if not isinstance(value, NamedNode | BlankNode | Literal | Triple):
        raise TypeError("a row without a value")
    return Triple(subject, predicate, value)


def has_blank_node(terms: Iterable[Term | None]) -> bool:
    """Say whether a blank node is among terms."""
    return any(isinstance(term, BlankNode) for term in terms)
