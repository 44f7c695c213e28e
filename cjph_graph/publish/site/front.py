"""The front page: what is here, for whom, how sure, and how to use it; and the search page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cjph_graph.home.schema import Property
from cjph_graph.publish.site.context import Context
from cjph_graph.publish.site.describe import Cell
from cjph_graph.publish.site.pictures import Figure, Tile, draw_tile_map
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.words import date
from cjph_graph.rdf import BOOLEAN, XSD, Node

_DATES = frozenset(XSD + name for name in ("gYear", "gYearMonth", "date", "dateTime"))
_LATEST = 6


@dataclass(frozen=True)
class Door:
    """A way in: what one does there, how many things there are, and where it is."""

    title: str
    line: str
    href: str


@dataclass(frozen=True)
class Share:
    """How many things have a value: findings of a design, sources that are primary."""

    value: Cell
    many: int
    percent: int


@dataclass(frozen=True)
class Shares:
    """The values of a property over all things of a kind."""

    view: View
    label: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Event:
    """Something with a date in the data: what happened to which thing."""

    when: Cell
    what: str
    thing: Cell


class FrontSite:
    """The front page and the page of the search."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def paths(self) -> Iterator[str]:
        """Yield the two paths."""
        yield "index.html"
        yield "search.html"

    def render(self, path: str) -> bytes | None:
        """Return one of the two pages."""
        if path == "index.html":
            return self._front()
        return self._search() if path == "search.html" else None

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
        front = sorted((view for view in context.views if view.front), key=lambda v: v.front)
        return context.renderer.page(
            "front.html",
            "index.html",
            context.title,
            sort="front",
            description=settings.lead or about.description,
            canonical=context.base,
            lead=settings.lead or about.description,
            search_scripts=" ".join(self._search_scripts),
            doors=[self._door(view) for view in front],
            map=self._map(front[0]) if front else None,
            sure=[shares for view in context.views for shares in self._sure(view)],
            latest=self._latest(),
            remarks=about.remarks,
        )

    def _door(self, view: View) -> Door:
        many = len(self._things(view))
        return Door(view.title, f"{many:,}", f"{view.folder}/index.html")

    def _things(self, view: View) -> Sequence[Node]:
        return self._context.index.of_class(view.kind.iri)

    def _map(self, view: View) -> Figure | None:
        """Draw how many things of a kind there are in each place that has a code for maps."""
        codes, counts = self._context.presentation.map_codes, dict[NamedNode, int]()
        for node in self._things(view):
            for place in self._places(node):
                counts[place] = counts.get(place, 0) + 1
        tiles = []
        for place, many in counts.items():
            found = [v for code in codes for v in self._context.index.values(place, code)]
            code = next((v.value for v in found if isinstance(v, Literal)), "")
            if code:
                link = self._context.describer.link(place)
                tiles.append(Tile(code, link.text, many, link.href))
        tiles.sort(key=lambda tile: tile.code)
        title = f"{view.title} by place"
        return draw_tile_map("front", title, tiles, (view.one, view.many)) if tiles else None

    def _places(self, node: Node) -> set[NamedNode]:
        """Return what a thing links to that a map may show, and what that lies in."""
        linked = [v for _, v in self._context.index.about(node) if isinstance(v, NamedNode)]
        found = {*linked, *(up for each in linked for up in self._context.describer.above(each))}
        codes = self._context.presentation.map_codes
        return {
            each
            for each in found
            if isinstance(each, NamedNode)
            and any(self._context.index.values(each, code) for code in codes)
        }

    def _sure(self, view: View) -> Iterator[Shares]:
        """Yield how sure things are: the values that have marks, and what is yes or no."""
        for entry in view.facets:
            values = [v for n in self._things(view) for v in self._values(n, entry)]
            marked = any(self._context.presentation.mark(value) for value in {*values})
            if (marked and entry in view.meta) or entry.datatypes == {BOOLEAN.value}:
                yield self._shares(view, entry, values)

    def _values(self, node: Node, entry: Property) -> list[object]:
        return list(self._context.index.values(node, NamedNode(entry.path)))

    def _shares(self, view: View, entry: Property, values: Sequence[object]) -> Shares:
        counts: dict[object, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        order = {each: place for place, each in enumerate(self._context.index)}
        ranked = sorted(counts, key=lambda v: (order.get(v, 0), str(v)))  # type: ignore[call-overload]
        shares = tuple(
            Share(
                self._context.describer.cell(value, entry),  # type: ignore[arg-type]
                counts[value],
                round(100 * counts[value] / len(values)),
            )
            for value in ranked
        )
        return Shares(view, entry.name, shares)

    def _latest(self) -> list[Event]:
        """Return what happened last in the world, as far as the kinds with a date of their own."""
        context, found = self._context, list[tuple[str, Event]]()
        for view in context.views:
            for entry in view.meta:
                if not entry.datatypes or not entry.datatypes <= _DATES or not view.front:
                    continue
                for node in self._things(view):
                    for value in self._values(node, entry):
                        if isinstance(value, Literal):
                            event = self._event(entry.name, node, value)
                            found.append((value.value, event))
        released = context.publication.about.modified or "9999"
        past = [each for each in found if each[0] <= released]
        past.sort(key=lambda each: (each[0], each[1].thing.text), reverse=True)
        return [event for _, event in past[:_LATEST]]

    def _event(self, what: str, node: Node, value: Literal) -> Event:
        when = Cell(date(value.value), machine=value.value)
        return Event(when, what, self._context.describer.link(node))
