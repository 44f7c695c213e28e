"""What a graph says about some things, or all of it, asked of any engine.

A large graph is asked for by its things, some hundred at a time, so that no answer is large and
none has to be sorted.
"""

from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import EndpointError
from cjph_graph.sparql.answers import Row
from cjph_graph.sparql.engine import Engine
from cjph_graph.sparql.tokens import MAX_LENGTH
from cjph_graph.system import tell

# Virtuoso takes 35 seconds for 4,000, and none at all for 7,000.
THINGS_AT_ONCE = 500

_SMALL = 5_000
_COUNT = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"
_ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
_THINGS = "SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }"
_PARTS = 'SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s) && CONTAINS(STR(?s), "#")) }'
_BLANK = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"


def statements_about(
    engine: Engine, things: Iterable[NamedNode], *, only: str = ""
) -> list[Triple]:
    """Return the triples whose subject is one of the things; `only` is a filter over them."""
    names = sorted({str(thing) for thing in things})
    found: list[Triple] = []
    for done, batch in _batches(names):
        tell("Fetching things", done, len(names))
        text = f"SELECT ?s ?p ?o {{ VALUES ?s {{ {' '.join(batch)} }} ?s ?p ?o {only} }}"
        found += map(_triple, engine.scan(text).rows)
    return found


def links(
    engine: Engine,
    nodes: Iterable[object],
    predicate: NamedNode | None,
    *,
    inverse: bool = False,
) -> list[Triple]:
    """Return the triples about some nodes, with `inverse` those that link to them."""
    names = sorted({str(node) for node in nodes})
    ends = "?o" if inverse else "?s"
    path = str(predicate) if predicate else "?p"
    found: list[Triple] = []
    for _, batch in _batches(names):
        values = f"VALUES {ends} {{ {' '.join(batch)} }}"
        bound = f" BIND({predicate} AS ?p)" if predicate else ""
        text = f"SELECT ?s ?p ?o {{ {values} ?s {path} ?o{bound} }}"
        found += map(_triple, engine.scan(text).rows)
    return found


def of_predicate(engine: Engine, predicate: NamedNode) -> list[Triple]:
    """Return all triples with a predicate whose subjects have IRIs.

    They are asked for by their things, as Virtuoso can't page through long texts.
    """
    things = _named(engine, f"SELECT DISTINCT ?s {{ ?s {predicate} ?o FILTER(isIRI(?s)) }}")
    return links(engine, things, predicate)


def with_blank_nodes(engine: Engine) -> list[Triple]:
    """Return the triples with blank nodes, in one answer: in it they have the same names."""
    return [_triple(row) for row in engine.scan(_BLANK).rows]


def triple_count(engine: Engine) -> int:
    """Return how many triples the graph has. Raises EndpointError if the answer is not a number."""
    rows = engine.scan(_COUNT).rows
    total = rows[0][0] if rows else None
    if not isinstance(total, Literal) or not total.value.isdecimal():
        raise EndpointError("The endpoint answered a COUNT with something else.")
    return int(total.value)


def graphs_beginning(engine: Engine, start: str) -> list[str]:
    """Return the IRIs of the named graphs that begin with a text."""
    text = (
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o }"
        f" FILTER(STRSTARTS(STR(?g), {Literal(start)})) }}"
    )
    return [node.value for node in _named(engine, text)]


def everything(engine: Engine) -> list[Triple]:
    """Return all triples of the graph.

    Those with blank nodes come in one answer, in which they have the same names. Raises
    EndpointError when the graph changes meanwhile.
    """
    count = triple_count(engine)
    if count <= _SMALL:
        found = [_triple(row) for row in engine.scan(_ALL).rows]
    else:
        things = [row[0] for row in engine.scan(_THINGS).rows if isinstance(row[0], NamedNode)]
        found = statements_about(engine, things, only="FILTER(!isBlank(?o))")
        found += with_blank_nodes(engine)
    if len(found) != count:
        raise EndpointError(
            f"The graph has {count:,} triples, and {len(found):,} were found in it.",
            "If it is changing, try again.",
        )
    return found


def called(engine: Engine, slug: str) -> list[NamedNode]:
    """Return the things whose IRIs end in a slug, after `/` or `#`."""
    ends = " || ".join(f"STRENDS(STR(?s), {Literal(mark + slug)})" for mark in "/#")
    return _named(engine, f"SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(isIRI(?s) && ({ends})) }}")


def of_class(engine: Engine, iri: str) -> list[NamedNode]:
    """Return the things of a class."""
    return _named(engine, f"SELECT DISTINCT ?s {{ ?s a {NamedNode(iri)} FILTER(isIRI(?s)) }}")


def parts_of(engine: Engine, things: Iterable[NamedNode]) -> list[NamedNode]:
    """Return the parts of things: what has the IRI of one, `#` and a name."""
    names = sorted({str(Literal(thing.value)) for thing in things})
    found: list[NamedNode] = []
    for _, batch in _batches(names):
        found += _named(
            engine,
            f"SELECT ?s {{ {{ {_PARTS} }}"
            f' FILTER(STRBEFORE(STR(?s), "#") IN ({", ".join(batch)})) }}',
        )
    return found


def _named(engine: Engine, text: str) -> list[NamedNode]:
    return [row[0] for row in engine.scan(text).rows if isinstance(row[0], NamedNode)]


def _batches(names: Sequence[str]) -> Iterable[tuple[int, list[str]]]:
    """Yield as many names as one query holds, with how many came before them."""
    batch: list[str] = []
    size = before = 0
    for name in names:
        size += len(name) + 1
        if batch and (len(batch) == THINGS_AT_ONCE or size > MAX_LENGTH // 2):
            yield before, batch
            before, batch, size = before + len(batch), [], len(name) + 1
        batch.append(name)
    if batch:
        yield before, batch


def _triple(row: Row) -> Triple:
    subject, predicate, value = row
    if (
        not isinstance(subject, NamedNode | BlankNode)
        or not isinstance(predicate, NamedNode)
        or value is None
    ):
        raise EndpointError("The endpoint answered with something that cannot be a triple.")
    return Triple(subject, predicate, value)
