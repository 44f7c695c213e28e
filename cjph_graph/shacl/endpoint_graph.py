"""The data graph of SHACL, where it is in a triple store elsewhere.

What it says is taken as the store gives it: there is no file that was written in another way.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from cjph_graph.errors import QueryError
from cjph_graph.rdf import Term, reachable
from cjph_graph.shacl.data_graph import DataGraph, StoredGraph
from cjph_graph.shacl.lexical_forms import LexicalForms
from cjph_graph.sparql import Engine
from cjph_graph.sparql.graph_queries import (
    everything,
    of_predicate,
    statements_about,
    triple_count,
    with_blank_nodes,
)


class RemoteGraph:
    """A graph that an engine answers for; none of its nodes that count is blank.

    `besides` are things that the store has and that are no data.
    """

    at_once = 1

    def __init__(self, engine: Engine, besides: Collection[NamedNode] = ()) -> None:
        self.lexical_forms = LexicalForms()
        self._engine = engine
        self.besides = besides
        self._store = Store()
        self._fetched: set[NamedNode] = set()
        self._fetching = threading.Lock()
        self._everything: list[Triple] | None = None

    def ask(self, text: str) -> list[tuple[Term | None, ...]]:
        """Return the rows of a SELECT that was compiled here, in any order.

        Raises EndpointError when the server has no answer.
        """
        return self._scan(text)[1]

    def columns(self, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
        """Return the names of the columns of a SELECT and its rows, in any order.

        Raises ValueError when the server has no answer to this query.
        """
        try:
            return self._scan(text)
        except QueryError as error:
            raise ValueError(error.message) from error

    def _scan(self, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
        found = self._engine.scan(text)
        rows = cast("list[tuple[Term | None, ...]]", list(found.rows))
        if "this" in found.variables:
            at = found.variables.index("this")
            rows = [row for row in rows if row[at] not in self.besides]
            rows = [row for row in rows if not any(isinstance(term, BlankNode) for term in row)]
        return list(found.variables), rows

    def statements(
        self, nodes: Iterable[Term], predicate: NamedNode | None, *, inverse: bool = False
    ) -> Iterator[Triple]:
        """Yield the triples about some nodes, with `inverse` those to them."""
        named = [node for node in nodes if inverse or not isinstance(node, Literal)]
        yield from statements_about(self._engine, named, predicate, inverse=inverse)

    def everything(self) -> Iterator[Triple]:
        """Yield every triple."""
        if self._everything is None:
            self._everything = data_in(everything(self._engine), self.besides)
        yield from self._everything

    def triple_term(self) -> Triple | None:
        """Return None: not every server can answer that."""
        return None

    def at_hand(self, predicates: Collection[NamedNode]) -> DataGraph:
        """Fetch the statements of some predicates into a store here."""
        with self._fetching:
            for predicate in predicates:
                if predicate not in self._fetched:
                    found = of_predicate(self._engine, predicate)
                    self._store.bulk_extend(Quad(*t) for t in data_in(found, self.besides))
                    self._fetched.add(predicate)
        return StoredGraph(self._store, ())


def remote_graph(engine: Engine, besides: Collection[NamedNode] = ()) -> tuple[DataGraph, int]:
    """Return the graph that an engine answers for, and how many triples it has.

    `besides` are things that the store has and that are no data, such as those of an ontology,
    with the blank nodes that they lead to. If there are others, which no query can name, the graph
    is fetched and asked here.
    """
    if not data_in(with_blank_nodes(engine), besides):
        return RemoteGraph(engine, besides), triple_count(engine)
    triples = everything(engine)
    data = data_in(triples, besides)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in data)
    return StoredGraph(store, (), data), len(triples)


def data_in(triples: Sequence[Triple], besides: Collection[NamedNode]) -> list[Triple]:
    """Leave out the triples about some things, and about the blank nodes that they lead to."""
    links: dict[object, list[object]] = {}
    for triple in triples:
        if isinstance(triple.object, BlankNode):
            links.setdefault(triple.subject, []).append(triple.object)
    starts: list[object] = [*besides]
    left = {*reachable(starts, lambda node: links.get(node, ()))}
    return [triple for triple in triples if triple.subject not in left]
