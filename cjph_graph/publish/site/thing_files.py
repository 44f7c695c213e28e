"""The data beside the page of a thing: Turtle, JSON-LD and JSON.

A Turtle file has the statements about the thing and its parts and no others, so that all of them
together are the graph.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from cjph_graph.publish.site.site_context import SiteContext
from cjph_graph.rdf import Node, reachable
from cjph_graph.sparql import write_graph

_ENDINGS = ("ttl", "jsonld", "json")


class FileSite:
    """Three files for each thing, unless there are too many things."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    def paths(self) -> Iterator[str]:
        """Yield the paths of the files, those of a thing together."""
        if not self._context.is_large:
            for path in self._context.paths_of_things():
                yield from (f"{path}.{ending}" for ending in _ENDINGS)

    def render(self, path: str) -> bytes | None:
        """Return a file; None where there is none."""
        stem, _, ending = path.rpartition(".")
        node = self._context.node(stem) if ending in _ENDINGS else None
        if node is None:
            return None
        if ending == "ttl":
            return write_graph(self._said(node), "turtle", self._context.index.prefixes)
        documents = self._context.publication.documents
        return documents.jsonld(node) if ending == "jsonld" else documents.json(node)

    def _said(self, node: NamedNode) -> Iterator[Triple]:
        """Yield the statements about a thing, its parts, and the blank nodes these lead to."""
        index = self._context.index
        roots: list[Node] = [node, *index.parts(node)]
        for subject in reachable(roots, index.blank_nodes):
            yield from (Triple(subject, path, value) for path, value in index.about(subject))
