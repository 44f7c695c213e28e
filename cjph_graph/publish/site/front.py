"""The front page: what is here, for whom, how sure, and how to use it; and the search page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from pyoxigraph import Literal, NamedNode

from cjph_graph.home import Property
from cjph_graph.publish.site.describe import Cell
from cjph_graph.publish.site.pictures import Figure, Tile, draw_tile_map
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.shares import read_shares
from cjph_graph.publish.site.site_context import Make, PageSet, SiteContext
from cjph_graph.publish.site.words import address_key, date
from cjph_graph.publish.tables import DATES
from cjph_graph.rdf import Node

_LATEST, _MOST_TOPICS = 6, 18


@dataclass(frozen=True)
class Door:
    """A way in: what one does there, how many things there are, and where it is."""

    title: str
    line: str
    href: str


@dataclass(frozen=True)
class Event:
    """Something with a date in the data: what happened to which thing."""

    when: Cell
    what: str
    thing: Cell


@dataclass(frozen=True)
class Topics:
    """The things of a kind by the first property that its table is filtered by."""

    title: str
    topics: tuple[Door, ...]


class FrontSite(PageSet):
    """The front page and the page of the search."""

    def __init__(self, context: SiteContext) -> None:
        super().__init__(context)
        self._known: dict[NamedNode, Sequence[NamedNode]] = {}

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the two pages."""
        yield "index.html", self._front
        yield "search.html", self._search

    @property
    def _search_scripts(self) -> list[str]:
        files = [f"assets/search/{view.folder}.js" for view in self._context.views]
        return ["assets/minisearch.js", *files, "assets/search.js"]

    def _search(self) -> bytes:
        context = self._context
        return context.renderer.page(
            "search.html",
            "search.html",
            "Search",
            sort="search",
            crumbs=(Anchor(context.title, "index.html"), Anchor("Search")),
            scripts=self._search_scripts,
            views=context.views,
        )

    def _front(self) -> bytes:
        context = self._context
        about, settings = context.publication.about, context.settings
        front = context.front
        return context.renderer.page(
            "front.html",
            "index.html",
            context.title,
            sort="front",
            description=settings.lead or about.description,
            canonical=context.base,
            headline=settings.headline or context.title,
            lead=settings.lead or about.description,
            search_scripts=" ".join(self._search_scripts),
            doors=[self._door(view) for view in front],
            topics=self._topics(front[0]) if front else None,
            map=self._map(front[0]) if front else None,
            sure=[each for view in front for each in read_shares(context.describer, view)][-2:],
            latest=self._latest(),
            remarks=about.remarks,
            texts=context.texts,
        )

    def _door(self, view: View) -> Door:
        many = len(self._things(view))
        return Door(view.title, f"{many:,}", f"{view.folder}/index.html")

    def _topics(self, view: View) -> Topics | None:
        """Return the values of a kind's first facet, the commonest first, broader ones included."""
        if not view.facets:
            return None
        entry, counts = view.facets[0], Counter[str]()
        for node in self._things(view):
            counts.update(self._context.describer.texts_with_above(node, entry))
        table = f"{view.folder}/index.html#{address_key(entry.name)}="
        topics = (
            Door(text, f"{many:,}", table + quote_plus(text))
            for text, many in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        )
        return Topics(f"{view.title} by {entry.name}", tuple(topics)[:_MOST_TOPICS])

    def _things(self, view: View) -> Sequence[Node]:
        return self._context.index.of_class(view.kind.iri)

    def _map(self, view: View) -> Figure | None:
        """Draw how many things of a kind there are in each place that has a code for maps."""
        counts, describer = Counter[NamedNode](), self._context.describer
        for node in self._things(view):
            counts.update(self._places(node))
        self._known.clear()
        tiles = []
        for place, many in counts.items():
            if code := describer.map_code(place):
                link = describer.link(place)
                tiles.append(Tile(code, link.text, many, link.href))
        tiles.sort(key=lambda tile: tile.code)
        title = f"{view.title} by place"
        return draw_tile_map("front", title, tiles, (view.one, view.many)) if tiles else None

    def _places(self, node: Node) -> set[NamedNode]:
        """Return what a thing links to that a map may show, and what that lies in."""
        linked = {v for _, v in self._context.index.about(node) if isinstance(v, NamedNode)}
        return {place for each in linked for place in self._mapped(each)}

    def _mapped(self, node: NamedNode) -> Sequence[NamedNode]:
        """Return what a map may show of a thing and of what it lies in."""
        if node not in self._known:
            describer = self._context.describer
            self._known[node] = [
                each
                for each in (node, *describer.above(node))
                if isinstance(each, NamedNode) and describer.map_code(each)
            ]
        return self._known[node]

    def _latest(self) -> list[Event]:
        """Return what happened last in the world, as far as the kinds with a date of their own."""
        context, found = self._context, list[tuple[str, Event]]()
        for view, entry in self._dated():
            for node in self._things(view):
                for value in context.index.values(node, NamedNode(entry.path)):
                    if isinstance(value, Literal):
                        found.append((value.value, self._event(entry.name, node, value)))
        released = context.publication.about.modified or "9999"
        past = [each for each in found if each[0] <= released]
        past.sort(key=lambda each: (each[0], each[1].thing.text), reverse=True)
        return [event for _, event in past[:_LATEST]]

    def _dated(self) -> Iterator[tuple[View, Property]]:
        """Yield the first two kinds of the navigation with the dates under their names."""
        for view in self._context.front[:2]:
            for entry in view.meta:
                if entry.datatypes and entry.datatypes <= DATES:
                    yield view, entry

    def _event(self, what: str, node: Node, value: Literal) -> Event:
        when = Cell(date(value.value), machine=value.value)
        return Event(when, what, self._context.describer.link(node))
