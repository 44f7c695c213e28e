"""The documentation of the ontology: all terms on one page, and a page for each class."""

from collections.abc import Iterator
from functools import cached_property, partial

from pyoxigraph import NamedNode

from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.site_context import Make, PageSet
from cjph_graph.publish.site.terms import FOLDER, OntologyTerm, Terms
from cjph_graph.rdf import DCTERMS, OWL, TYPE

_ALL = f"{FOLDER}/index.html"
_HEADER = NamedNode(OWL + "Ontology")
_MOST_THINGS = 5


class OntologySite(PageSet):
    """The pages of terms."""

    @cached_property
    def _terms(self) -> Terms:
        context = self._context
        own = context.publication.ontology
        prefixes = {**context.index.prefixes, **(own.prefixes if own else {})}
        return Terms(context.describer, context.shapes, prefixes)

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the page of all terms, then those of classes."""
        if self._terms.all:
            yield _ALL, self._list
        for term in self._terms.all:
            if term.page:
                yield term.page, partial(self._class, term)

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

    def _class(self, term: OntologyTerm) -> bytes:
        context = self._context
        kind = self._terms.kind(term.iri)
        things = context.index.of_class(term.iri)[:_MOST_THINGS]
        folders = {view.kind.iri: view.folder for view in context.views}
        return context.renderer.page(
            "class.html",
            term.page,
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
