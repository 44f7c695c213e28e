"""The pages of things."""

import json
from collections.abc import Iterator, Sequence
from functools import partial

from pyoxigraph import NamedNode

from cjph_graph.publish.site.backlinks import without
from cjph_graph.publish.site.measured import Measures
from cjph_graph.publish.site.pictures import Figure
from cjph_graph.publish.site.presentation import SOURCE, VOCABULARIES
from cjph_graph.publish.site.references import Reference, References
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.series_files import originals
from cjph_graph.publish.site.site_context import CONCEPT, SCHEME, Make, PageSet, SiteContext
from cjph_graph.publish.site.things import ThingPage, ThingPages
from cjph_graph.rdf import IN_SCHEME

_FORMATS = (
    ("Turtle", ".ttl", "text/turtle"),
    ("JSON-LD", ".jsonld", "application/ld+json"),
    ("JSON", ".json", "application/json"),
)


class ThingSite(PageSet):
    """A page for each thing."""

    def __init__(self, context: SiteContext) -> None:
        super().__init__(context)
        self._pages = ThingPages(context.describer)
        self._measures = Measures(context.describer)

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the pages, in the order of the files."""
        for path, node in self._context.things.items():
            yield f"{path}.html", partial(self._page, path, node)

    def _page(self, stem: str, node: NamedNode) -> bytes:
        thing = self._pages.page(node)
        if measured := self._measures.at(node):
            thing.backlinks = without(thing.backlinks, self._measures.kind)
        context = self._context
        is_value = thing.view.kind.iri in (CONCEPT, SCHEME)
        links = [] if self._context.is_large else [Anchor(n, stem + e, t) for n, e, t in _FORMATS]
        return context.renderer.page(
            "thing.html",
            f"{stem}.html",
            thing.name,
            sort="thing",
            description=thing.summary,
            crumbs=(Anchor(context.title, "index.html"), *self._above(node, thing)),
            alternates=links,
            data_links=links,
            canonical=thing.iri,
            structured=self._structured(node),
            thing=thing,
            measured=measured,
            network=None if is_value else context.figures.network(node, "../"),
            timelines=self._timelines(node, thing) if thing.view.front else [],
            series_files=self._beside(stem) if thing.series else [],
            cite=context.cite(thing.name, thing.iri, originals(self._originals(node, thing))),
            suggest=self._context.settings.suggest(self._file(stem)),
            report=self._context.settings.complain(thing.name, thing.iri),
            contribute=context.contribute,
        )

    def _above(self, node: NamedNode, thing: ThingPage) -> Iterator[Anchor]:
        """Yield what a page lies in: the table of its kind, or its vocabulary; then itself."""
        describer = self._context.describer
        if thing.view.kind.iri in (CONCEPT, SCHEME):
            yield Anchor("Vocabularies", f"{VOCABULARIES}/index.html")
            for scheme in self._context.index.values(node, IN_SCHEME)[:1]:
                link = describer.cell(scheme)
                yield Anchor(link.text, link.href)
        else:
            yield Anchor(thing.view.title, f"{thing.view.folder}/index.html")
        yield Anchor(thing.name)

    def _structured(self, node: NamedNode) -> object:
        """Return a thing as search engines take it; None if they have no type for it."""
        translator = self._context.translator
        if translator is None or not translator.knows(node):
            return None
        return json.loads(translator.one(node))

    def _originals(self, node: NamedNode, thing: ThingPage) -> Sequence[Reference]:
        """Return what is to be cited before this page: the sources of figures, a source itself."""
        if thing.series:
            return thing.references
        cited = any(path.value == SOURCE for path, _ in self._context.index.links_to(node))
        return References(self._context.describer).of([node]) if cited else ()

    def _timelines(self, node: NamedNode, thing: ThingPage) -> list[Figure]:
        """Draw what links to a thing and has a timeline, such as the policies of a place."""
        found: list[Figure] = []
        for group in thing.backlinks:
            for kind in group.kinds:
                key = f"timeline-{len(found)}"
                drawn = self._context.figures.beside(kind.view, kind.nodes, "../", key, node)
                found += [drawn] if drawn else []
        return found

    def _beside(self, stem: str) -> list[Anchor]:
        if self._context.is_large:
            return []
        named = {"CSV": ".csv", "Metadata": ".metadata.json", "Both in a zip": ".zip"}
        return [Anchor(text, f"{stem}{ending}") for text, ending in named.items()]

    def _file(self, stem: str) -> str:
        """Return the file that describes a thing, from the folder of the home."""
        home = self._context.home
        for path in (home.data / f"{stem}.ttl", home.data / f"{stem.rpartition('/')[0]}.ttl"):
            if path.is_file():
                return path.relative_to(home.path).as_posix()
        return home.vocabularies.relative_to(home.path).as_posix()
