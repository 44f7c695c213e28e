"""The data graph of SHACL, where it is in a triple store elsewhere.

What it says is taken as the store gives it: there is no file that was written in another way.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from cjph_graph.datagraph import DataGraph, StoredGraph
from cjph_graph.engine import Engine
from cjph_graph.errors import QueryError
from cjph_graph.shapes import Term
from cjph_graph.spelling import Spellings
from cjph_graph.statements import everything, links, size

_BLANK = "SELECT ?s { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) } LIMIT 1"


class RemoteGraph:
    """A graph that an engine answers for; none of its nodes is blank."""

    has_blank_nodes = False

    def __init__(self, engine: Engine) -> None:
        self.spellings = Spellings()
        self._engine = engine

    def ask(self, text: str) -> list[tuple[Term | None, ...]]:
        """Return the rows of a SELECT that was compiled here, in any order."""
        return self.columns(text)[1]

    def columns(self, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
        """Return the names of the columns of a SELECT and its rows, in any order.

        Raises ValueError when the server has no answer to this query.
        """
        try:
            found = self._engine.scan(text)
        except QueryError as error:
            raise ValueError(error.message) from error
        return list(found.variables), cast("list[tuple[Term | None, ...]]", list(found.rows))

    def statements(
        self, nodes: Iterable[Term], predicate: NamedNode | None, *, inverse: bool = False
    ) -> Iterator[Triple]:
        """Yield what is said of some nodes, with `inverse` what links to them."""
        named = [node for node in nodes if inverse or not isinstance(node, Literal)]
        yield from links(self._engine, named, predicate, inverse=inverse)

    def everything(self) -> Iterator[Triple]:
        """Yield every triple."""
        yield from self._all

    @cached_property
    def _all(self) -> list[Triple]:
        return everything(self._engine)


def remote_graph(engine: Engine) -> tuple[DataGraph, int]:
    """Return the graph that an engine answers for, and how many triples it has.

    One with blank nodes, which no query can name, is fetched and asked here.
    """
    if not engine.scan(_BLANK).rows:
        return RemoteGraph(engine), size(engine)
    triples = everything(engine)
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    return StoredGraph(store, (), triples, has_blank_nodes=True), len(triples)
