"""The documentation of the ontology: all terms on one page, and a page for each class."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pyoxigraph import NamedNode

from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.site_context import SiteContext
from cjph_graph.publish.site.terms import FOLDER, OntologyTerm, Terms
from cjph_graph.rdf import DCTERMS, OWL, TYPE

_ALL = f"{FOLDER}/index.html"
_HEADER = NamedNode(OWL + "Ontology")
_MOST_THINGS = 5


class OntologySite:
    """The pages of terms."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    @cached_property
    def _terms(self) -> Terms:
        context = self._context
        own = context.publication.ontology
        prefixes = {**context.index.prefixes, **(own.prefixes if own else {})}
        return Terms(context.ontology, context.shapes, context.index, context.describer, prefixes)

    @cached_property
    def _classes(self) -> Mapping[str, OntologyTerm]:
        return {term.page: term for term in self._terms.all if term.page}

    def paths(self) -> Iterator[str]:
        """Yield the path of the page of all terms, then those of classes."""
        if self._terms.all:
            yield _ALL
            yield from self._classes

    def render(self, path: str) -> bytes | None:
        """Return a page; None where there is none."""
        if not path.startswith(f"{FOLDER}/"):
            return None
        if path == _ALL:
            return self._list() if self._terms.all else None
        term = self._classes.get(path)
        return self._class(term, path) if term else None

    def _list(self) -> bytes:
        context, ontology = self._context, self._context.ontology
        headers = [
            t.subject for t in ontology.triples if t.predicate == TYPE and t.object == _HEADER
        ]
        header = headers[0] if headers else None
        title = ontology.text(header, NamedNode(DCTERMS + "title")) or "Ontology"
        return context.renderer.page(
            "ontology.html",
            _ALL,
            title,
            sort="ontology",
            description=ontology.text(header, NamedNode(DCTERMS + "description")),
            crumbs=(Anchor(context.title, "index.html"), Anchor("Ontology")),
            lead=ontology.text(header, NamedNode(DCTERMS + "description")),
            version=ontology.text(header, NamedNode(OWL + "versionInfo")),
            classes=[term for term in self._terms.all if term.is_class and not term.deprecated],
            properties=[t for t in self._terms.all if not t.is_class and not t.deprecated],
            deprecated=[term for term in self._terms.all if term.deprecated],
            folders={view.kind.iri: view.folder for view in context.views},
        )

    def _class(self, term: OntologyTerm, path: str) -> bytes:
        context = self._context
        kind = self._terms.kind(term.iri)
        things = context.index.of_class(term.iri)[:_MOST_THINGS]
        folders = {view.kind.iri: view.folder for view in context.views}
        return context.renderer.page(
            "class.html",
            path,
            term.label,
            sort="ontology",
            description=term.definition,
            crumbs=(
                Anchor(context.title, "index.html"),
                Anchor("Ontology", _ALL),
                Anchor(term.label),
            ),
            term=term,
            asked=list(self._terms.asked(kind)) if kind else [],
            things=[context.describer.link(node) for node in things],
            folder=folders.get(term.iri, ""),
        )
