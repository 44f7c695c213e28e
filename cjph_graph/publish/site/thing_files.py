"""The data beside the page of a thing: Turtle, JSON-LD and JSON.

A Turtle file has the statements about the thing and its parts and no others, so that all of them
together are the graph.
"""

from collections.abc import Iterator
from functools import partial

from pyoxigraph import NamedNode, Triple

from cjph_graph.publish.site.site_context import Make, PageSet
from cjph_graph.rdf import Node, reachable
from cjph_graph.sparql import write_graph

ENDINGS = ("ttl", "jsonld", "json")


class FileSite(PageSet):
    """Three files for each thing, unless there are too many things."""

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the files, those of a thing together."""
        for path, node in self._context.things.items() if not self._context.is_large else ():
            yield from ((f"{path}.{each}", partial(self.data, node, each)) for each in ENDINGS)

    def data(self, node: NamedNode, ending: str) -> bytes:
        """Return a thing in the format of one of the ENDINGS."""
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
