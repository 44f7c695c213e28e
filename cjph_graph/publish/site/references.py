"""The sources of a page, numbered in the order in which it first names them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.words import web_address
from cjph_graph.rdf import Node


@dataclass(frozen=True)
class Reference:
    """A source with its number on the page: its name, who published it when, where to read it."""

    number: int
    name: Cell
    meta: tuple[Cell, ...]
    links: tuple[tuple[str, Cell], ...]


class References:
    """Numbers sources as a page comes to name them."""

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._known: dict[Node, Reference] = {}

    @property
    def all(self) -> list[Reference]:
        """The sources named so far, in the order of their numbers."""
        return list(self._known.values())

    def of(self, nodes: Iterable[Node]) -> tuple[Reference, ...]:
        """Return sources with their numbers; those that are new get the next ones."""
        return tuple(self._reference(node) for node in nodes)

    def _reference(self, node: Node) -> Reference:
        if node not in self._known:
            links = tuple(self._links(node))
            self._known[node] = Reference(
                len(self._known) + 1, self._describer.link(node), self._describer.meta(node), links
            )
        return self._known[node]

    def _links(self, node: Node) -> Iterator[tuple[str, Cell]]:
        """Yield where a source can be read: addresses, and what a resolver makes of its texts."""
        kind = self._describer.index.kind(node)
        for entry in kind.properties if kind else ():
            resolver = self._describer.presentation.resolver(entry.path)
            if not (entry.address or resolver) or entry.inverse:
                continue
            for value in self._describer.index.values(node, NamedNode(entry.path)):
                cell = self._describer.cell(value, entry)
                if (cell.external and web_address(cell.href)) or isinstance(value, Literal):
                    yield entry.name, cell
