"""Answering a text in SPARQL over the protocol: any form, in any of the W3C's formats.

Rows are written by the store as it finds them, in formats other than HTML. A text is refused before
it is run for the same reasons as everywhere here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from cjph_graph.errors import LimitError, UsageError
from cjph_graph.publish.serve.negotiation import Offer, choose
from cjph_graph.sparql.engine import LocalEngine, answered
from cjph_graph.sparql.tokens import QueryForm, form_of, refuse_unsafe, tokenize
from cjph_graph.system.limits import size_text

HTML = Offer("html", ("text/html", "application/xhtml+xml"))
ROW_OFFERS = (
    Offer("json", ("application/sparql-results+json", "application/json")),
    Offer("xml", ("application/sparql-results+xml", "application/xml", "text/xml")),
    Offer("csv", ("text/csv",)),
    Offer("tsv", ("text/tab-separated-values",)),
    HTML,
)
TRUTH_OFFERS = (*ROW_OFFERS[:2], HTML)
GRAPH_OFFERS = (
    Offer("turtle", ("text/turtle", "application/x-turtle")),
    Offer("ntriples", ("application/n-triples", "text/plain")),
    Offer("jsonld", ("application/ld+json", "application/json")),
    Offer("rdfxml", ("application/rdf+xml", "application/xml", "text/xml")),
    HTML,
)
_ROWS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
# Names that clients use in `format=`, next to media types.
_ALSO = {"ttl": "turtle", "nt": "ntriples", "n-triples": "ntriples", "json-ld": "jsonld"}


class NotAcceptableError(UsageError):
    """The client accepts none of the forms that the answer can have."""


@dataclass(frozen=True)
class Question:
    """A text in SPARQL, the graphs it is asked of, and what the client wants to have.

    `base` is what relative IRIs in the text are completed with: the address of the service.
    """

    text: str
    default: Sequence[str] = ()
    named: Sequence[str] = ()
    accept: str = ""
    form: str = ""
    base: str = ""

    @property
    def offers(self) -> Sequence[Offer]:
        """The forms that the answer can have."""
        form = form_of(self.text, tokenize(self.text))
        if form is QueryForm.SELECT:
            return ROW_OFFERS
        return TRUTH_OFFERS if form is QueryForm.ASK else GRAPH_OFFERS

    def chosen(self) -> Offer:
        """Return the form to answer in: that of `format=` before that of `Accept`.

        Raises NotAcceptableError when there is none.
        """
        names = ", ".join(offer.name for offer in self.offers)
        if self.form:
            name = _ALSO.get(self.form.lower(), self.form.lower())
            found = next((o for o in self.offers if name == o.name or name in o.types), None)
        else:
            found = choose(self.accept, self.offers)
        if found is None:
            raise NotAcceptableError(
                f"The answer cannot be had as {self.form or self.accept}.", f"Choose from: {names}."
            )
        return found


class AskedEngine(LocalEngine):
    """The engine over the graphs that a question is asked of."""

    def __init__(self, store: Store, question: Question) -> None:
        graphs = graphs_of(store)
        super().__init__(store, all_graphs=True, graphs=graphs)
        self._of = question

    def _with_lasting_names(self) -> LocalEngine:
        # A single answer on a page needs no lasting names.
        return self

    def _asked(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        return evaluate(self._store, replace(self._of, text=text))


class _Bounded(BytesIO):
    """A stream that keeps what is written, up to a bound."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.is_full = False

    def write(self, piece: Any) -> int:
        if self.tell() + len(piece) > self._most:
            self.is_full = True
            raise OSError
        return super().write(piece)


def ask(store: Store, question: Question, offer: Offer, most: int) -> bytes:
    """Return the answer in a form other than HTML, of `most` bytes at most.

    Raises InputError, RefusedError or LimitError.
    """
    refuse_unsafe(question.text, tokenize(question.text), graphs_of(store))
    output = _Bounded(most)

    def answer(_: int) -> None:
        found = evaluate(store, question)
        if isinstance(found, QueryTriples):
            found.serialize(output, format=GRAPH_FORMATS[offer.name])
        else:
            found.serialize(output, format=_ROWS[offer.name])

    try:
        answered(question.text, answer)
    except Exception:
        if output.is_full:
            raise LimitError(
                f"The answer is larger than {size_text(most)}.", "Add a LIMIT."
            ) from None
        raise
    return output.getvalue()


def graphs_of(store: Store) -> frozenset[str]:
    """Return the IRIs of the graphs that a store has."""
    return frozenset(name.value for name in store.named_graphs() if isinstance(name, NamedNode))


def evaluate(store: Store, question: Question) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Ask the store, of the graphs that the question names or of all."""
    if question.default or question.named:
        return store.query(
            question.text,
            base_iri=question.base or None,
            default_graph=[NamedNode(iri) for iri in question.default],
            named_graphs=[NamedNode(iri) for iri in question.named],
        )
    names_graphs = any(token.keyword == "FROM" for token in tokenize(question.text))
    return store.query(
        question.text,
        base_iri=question.base or None,
        # Otherwise FROM would be ignored.
        use_default_graph_as_union=not names_graphs,
    )
