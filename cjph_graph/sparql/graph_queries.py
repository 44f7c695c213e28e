"""What a graph says about some things, or all of it, asked of any engine.

A large graph is asked for by its things, some hundred at a time, so that no answer is large and
none has to be sorted.
"""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.errors import EndpointError
from cjph_graph.rdf import Term
from cjph_graph.sparql.answers import Row, Value, made_of
from cjph_graph.sparql.engine import Engine
from cjph_graph.sparql.tokens import MAX_LENGTH
from cjph_graph.system import tell

# Virtuoso takes 35 seconds for 4,000, and none at all for 7,000.
THINGS_AT_ONCE = 500

_SMALL = 5_000
_MOST_DIGITS = 18
_COUNT = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"
_ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
_THINGS = "SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s)) }"
_PARTS = 'SELECT DISTINCT ?s { ?s ?p ?o FILTER(isIRI(?s) && CONTAINS(STR(?s), "#")) }'
_BLANK = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"


def statements_about(
    engine: Engine,
    things: Iterable[Term],
    predicate: NamedNode | None = None,
    *,
    inverse: bool = False,
    only: str = "",
) -> list[Triple]:
    """Return the triples about some things, with `inverse` those that link to them.

    They are those with a predicate, if one is given; `only` is a filter over them.
    """
    names = sorted({str(thing) for thing in things})
    given = "?o" if inverse else "?s"
    pattern = f"?s {predicate} ?o BIND({predicate} AS ?p)" if predicate else "?s ?p ?o"
    found: list[Triple] = []
    for done, batch in _batches(names):
        tell("Fetching things", done, len(names))
        values = f"VALUES {given} {{ {' '.join(batch)} }}"
        found += _triples(engine, f"SELECT ?s ?p ?o {{ {values} {pattern} {only} }}")
    return found


def described(engine: Engine, terms: Iterable[Value | None]) -> frozenset[str]:
    """Return those IRIs among `terms` that the graph says something about."""
    iris = sorted({str(term) for term in terms if isinstance(term, NamedNode)})
    found: set[str] = set()
    for _, batch in _batches(iris):
        values = f"VALUES ?x {{ {' '.join(batch)} }}"
        text = f"SELECT DISTINCT ?x {{ {values} FILTER EXISTS {{ ?x ?p ?o }} }}"
        found.update(node.value for node in _named(engine, text))
    return frozenset(found)


def of_predicate(engine: Engine, predicate: NamedNode) -> list[Triple]:
    """Return all triples with a predicate whose subjects have IRIs.

    They are asked for by their things, as Virtuoso can't page through long texts.
    """
    things = _named(engine, f"SELECT DISTINCT ?s {{ ?s {predicate} ?o FILTER(isIRI(?s)) }}")
    return statements_about(engine, things, predicate)


def with_blank_nodes(engine: Engine) -> list[Triple]:
    """Return the triples with blank nodes, in one answer: in it they have the same names."""
    return [*_triples(engine, _BLANK)]


def triple_count(engine: Engine) -> int:
    """Return how many triples the graph has. Raises EndpointError if the answer is not a number."""
    return counted(engine.scan(_COUNT).rows)


def counted(rows: Sequence[Row]) -> int:
    """Return the number that a COUNT answers. Raises EndpointError if it is something else."""
    term = rows[0][0] if len(rows) == 1 else None
    text = term.value if isinstance(term, Literal) else ""
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise EndpointError("The endpoint answered a COUNT with something else.")
    return int(text)


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
        found = [*_triples(engine, _ALL)]
    else:
        found = statements_about(engine, _named(engine, _THINGS), only="FILTER(!isBlank(?o))")
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


def _triples(engine: Engine, text: str) -> Iterator[Triple]:
    for row in engine.scan(text).rows:
        if (triple := made_of(*row)) is None:
            raise EndpointError("The endpoint answered with something that cannot be a triple.")
        yield triple
