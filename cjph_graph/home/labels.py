"""What people call the things of a graph."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.rdf import NAMES, Graph, is_foreign, parse_iri
from cjph_graph.shacl import DataGraph

_LABELS = tuple(map(NamedNode, NAMES))


class Labels:
    """Looks up names: in a graph, and in the terms of an ontology."""

    def __init__(self, graph: DataGraph, terms: Iterable[Triple] = ()) -> None:
        # Looked up one by one, which takes long where every question is a request.
        self._graph = graph.at_hand(_LABELS)
        self._terms = Graph(triple for triple in terms if triple.predicate in _LABELS)

    def of(self, iri: str) -> str | None:
        """Return the label of a thing, in English where there is a choice; None if it has none."""
        if (node := parse_iri(iri)) is None:
            return None
        said = [*self._terms.about(node)]
        for predicate in _LABELS:
            said += self._graph.statements([node], predicate)
        names = [
            (is_foreign(triple.object), _LABELS.index(triple.predicate), triple.object.value)
            for triple in said
            if triple.predicate in _LABELS and isinstance(triple.object, Literal)
        ]
        return min(names)[-1] if names else None
