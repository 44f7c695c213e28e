"""What pages of every sort are made from, read once for a whole site."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import NamedNode

from cjph_graph.home import Query, list_queries, read_shapes
from cjph_graph.publish.index import Index
from cjph_graph.publish.site.citing import Citation, cite
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.figures import Figures
from cjph_graph.publish.site.presentation import Presentation, View
from cjph_graph.publish.site.rendering import Anchor, PageFrame, Renderer, markdown
from cjph_graph.publish.site.settings import Settings, read_settings
from cjph_graph.publish.site.words import date, place_name, web_address
from cjph_graph.rdf import SKOS, Graph

if TYPE_CHECKING:
    from cjph_graph.publish.jsonld import Translator
    from cjph_graph.publish.publication import Publication
    from cjph_graph.publish.tables import Table

# Above so many things a page for each in four formats would be more than hosts of pages allow.
MANY = 20_000
# The vocabulary that search engines read in pages.
_SEARCHED = "schema"
CONCEPT, SCHEME = SKOS + "Concept", SKOS + "ConceptScheme"
# What makes a file of the site.
Make: TypeAlias = "Callable[[], bytes]"


class SiteContext:
    """What pages of every sort are made from; each part is made when it is first asked for."""

    def __init__(self, publication: "Publication") -> None:
        self.publication = publication
        self.home = publication.home

    @cached_property
    def index(self) -> Index:
        """The graph: vocabularies and data."""
        return self.publication.things

    @cached_property
    def settings(self) -> Settings:
        """What the home says about its site."""
        return read_settings(self.home, self.publication.forge)

    @cached_property
    def shapes(self) -> Graph:
        """The shapes with their annotations."""
        return Graph(read_shapes(self.home))

    @cached_property
    def ontology(self) -> Graph:
        """The classes and properties."""
        found = self.publication.ontology
        return Graph(found.triples if found else ())

    @cached_property
    def presentation(self) -> Presentation:
        """How the kinds are shown."""
        return Presentation(self.index.kinds, self.shapes.triples)

    @cached_property
    def describer(self) -> Describer:
        """Values as pages show them."""
        return Describer(self.index, self.presentation, self.ontology)

    @cached_property
    def figures(self) -> Figures:
        """Draws pictures."""
        return Figures(self.describer, self.publication.about.modified)

    @cached_property
    def translator(self) -> "Translator | None":
        """Writes things for search engines; None in a home without a mapping."""
        from cjph_graph.publish.jsonld import Translator, list_vocabularies, read_vocabulary

        if _SEARCHED not in list_vocabularies(self.home):
            return None
        return Translator(self.index, read_vocabulary(self.home, _SEARCHED))

    @cached_property
    def title(self) -> str:
        """The title of the site."""
        return self.settings.title or self.publication.about.title

    @cached_property
    def base(self) -> str:
        """The address at which the site stands, ending in a slash; empty if it is not known."""
        return self.publication.about.base

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The kinds that have a table of their own: those of which there are things with pages."""
        return tuple(
            view
            for view in self.presentation.views
            if view.kind.iri not in (CONCEPT, SCHEME)
            and any(map(self.describer.address, self.index.of_class(view.kind.iri)))
        )

    @cached_property
    def tables(self) -> Mapping[str, "Table"]:
        """The flat tables by the IRIs of their classes."""
        return {table.kind.iri: table for table in self.publication.tables}

    @cached_property
    def renderer(self) -> Renderer:
        """Turns models into pages."""
        about = self.publication.about
        license_ = web_address(about.license)
        return Renderer(
            PageFrame(
                self.title,
                self.settings.language,
                self._navigation(),
                self._footer(),
                about.version,
                Cell(date(about.modified), machine=about.modified) if about.modified else None,
                Cell(place_name(license_), license_, external=True) if license_ else None,
                self.settings.footnote,
                bool(self.settings.theme),
            )
        )

    def _navigation(self) -> tuple[Anchor, ...]:
        kinds = [Anchor(view.title, f"{view.folder}/index.html") for view in self.front]
        questions = [Anchor("Questions", "queries/index.html")] if self.queries else []
        return (*kinds, *questions, Anchor("Data", "data/index.html"))

    def _footer(self) -> tuple[tuple[Anchor, ...], ...]:
        """Return two lists of links: to pages about the graph, and to kinds named nowhere else."""
        rest = tuple(view for view in self.views if not view.front)
        about = (
            *self.texts,
            *([Anchor("Add something", "contribute/index.html")] if self.forms else []),
            Anchor("Data quality", "quality.html"),
            Anchor("Changes", "changes.html"),
            Anchor("Ontology", "ontology/index.html"),
            Anchor("Vocabularies", "vocabulary/index.html"),
        )
        kinds = tuple(Anchor(view.title, f"{view.folder}/index.html") for view in rest)
        return tuple(filter(None, (about, kinds)))

    @cached_property
    def texts(self) -> tuple[Anchor, ...]:
        """The home's own pages of text, by name."""
        pages = sorted((self.settings.pages or {}).items())
        return tuple(Anchor(markdown(text)[0] or name, f"{name}.html") for name, text in pages)

    @property
    def contribute(self) -> Anchor | None:
        """The page that says how to contribute: the home's own, else that of the forms."""
        own = (each for each in self.texts if each.href == "contribute.html")
        forms = Anchor("Add something", "contribute/index.html") if self.forms else None
        return next(own, forms)

    @cached_property
    def front(self) -> tuple[View, ...]:
        """The kinds that the navigation names, in their order."""
        return tuple(sorted((v for v in self.views if v.front), key=lambda view: view.front))

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """The saved queries of the home; what cannot be read is left out."""
        return list_queries(self.home).queries

    def cite(self, title: str, path: str, originals: tuple[str, ...] = ()) -> Citation:
        """Return the citations of a page; `path` is that of the page or of what it is about."""
        address = path if "://" in path else f"{self.base}{path}"
        return cite(title, self.publication.about, self.title, address, originals)

    @cached_property
    def things(self) -> Mapping[str, NamedNode]:
        """All things that have pages, by the path of the page without its ending."""
        found: dict[str, NamedNode] = {}
        for node in self.index:
            if isinstance(node, NamedNode) and "#" not in node.value and self.index.kind(node):
                path = self.index.path(node)
                if path:
                    found.setdefault(path, node)
        return found

    @property
    def forms(self) -> Mapping[str, str]:
        """The forms for new things; none where each would list tens of thousands of names."""
        return {} if self.is_large else self.publication.forms

    @cached_property
    def is_large(self) -> bool:
        """Whether there are so many things that their data stand only in the dumps."""
        return len(self.things) > MANY


class PageSet:
    """Pages of one sort."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the path of every page, in their order, with what makes it."""
        raise NotImplementedError
