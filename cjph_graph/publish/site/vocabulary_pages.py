"""The list of controlled vocabularies; each, and each of its values, has a page as things do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cjph_graph.publish.site.describe import Cell
from cjph_graph.publish.site.presentation import VOCABULARIES
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.site_context import SCHEME, Make, PageSet
from cjph_graph.rdf import IN_SCHEME, SKOS, Node

_PATH = f"{VOCABULARIES}/index.html"
_BROADER = NamedNode(SKOS + "broader")


@dataclass(frozen=True)
class Branch:
    """A value with those that are narrower; `uses` is how many things have it or one of these."""

    name: Cell
    definition: str
    uses: int
    narrower: tuple["Branch", ...]


@dataclass(frozen=True)
class Scheme:
    """A vocabulary with its values as a tree."""

    name: Cell
    definition: str
    many: int
    top: tuple[Branch, ...]


class VocabularySite(PageSet):
    """One page that shows all vocabularies."""

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the page, if there are vocabularies."""
        if self._context.index.of_class(SCHEME):
            yield _PATH, self._page

    def _page(self) -> bytes:
        context = self._context
        return context.renderer.page(
            "vocabularies.html",
            _PATH,
            "Vocabularies",
            sort="vocabulary",
            description="The controlled values of the graph, each with what it means.",
            crumbs=(Anchor(context.title, "index.html"), Anchor("Vocabularies")),
            schemes=[self._scheme(node) for node in context.index.of_class(SCHEME)],
        )

    def _scheme(self, node: Node) -> Scheme:
        index, describer = self._context.index, self._context.describer
        values = [other for path, other in index.links_to(node) if path == IN_SCHEME]
        below: dict[Node | None, list[Node]] = {}
        for value in values:
            above = [up for up in index.values(value, _BROADER) if up in values]
            first = above[0] if above and isinstance(above[0], NamedNode) else None
            below.setdefault(first, []).append(value)
        top = self._branches(below.get(None, []), below, set())
        return Scheme(describer.link(node), describer.summary(node), len(values), top)

    def _branches(
        self, nodes: Sequence[Node], below: dict[Node | None, list[Node]], seen: set[Node]
    ) -> tuple[Branch, ...]:
        found = []
        for node in nodes:
            if node in seen:
                continue
            seen.add(node)
            narrower = self._branches(below.get(node, []), below, seen)
            describer = self._context.describer
            uses = self._uses(node) + sum(branch.uses for branch in narrower)
            found.append(Branch(describer.link(node), describer.summary(node), uses, narrower))
        return tuple(found)

    def _uses(self, node: Node) -> int:
        index = self._context.index
        return sum(SKOS not in path.value for path, _ in index.links_to(node))
