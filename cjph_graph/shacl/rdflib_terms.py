"""Triples as rdflib has them, and back: literals just as they were written.

rdflib takes long to import, so that is done only when a function here is called.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import InputError
from cjph_graph.rdf import RDF, XSD, Term, has_form, is_well_formed
from cjph_graph.system.tables import shorten

if TYPE_CHECKING:
    import rdflib

_SHOWN = 200
_LOGGERS = ("rdflib.term", "pyshacl-validate")


def to_rdflib(triples: Iterable[Triple]) -> "rdflib.Graph":
    """Return triples as an rdflib graph, literals just as they were written.

    A literal that is not written as its datatype asks has no value there and is `ill_typed`.
    Raises InputError for statements about statements, which rdflib does not have.
    """
    import rdflib

    known: dict[object, rdflib.term.Node] = {}

    def turned(term: object) -> "rdflib.term.Node":
        if (node := known.get(term)) is None:
            match term:
                case NamedNode():
                    node = rdflib.URIRef(term.value)
                case BlankNode():
                    node = rdflib.BNode(term.value)
                case Literal():
                    node = _literal(term)
                case _:
                    raise TypeError(term)
            known[term] = node
        return node

    graph = rdflib.Graph()
    with quiet():
        for triple in triples:
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                raise triple_term_error(triple)
            graph.add((turned(triple.subject), turned(triple.predicate), turned(triple.object)))
    return graph


def triple_term_error(triple: Triple) -> InputError:
    """Return the error for a statement about a statement."""
    return InputError(
        f"Statements about statements (RDF 1.2) cannot be checked: {shorten(str(triple), _SHOWN)}.",
        "Describe the statement by a node of its own.",
    )


def _literal(term: Literal) -> "rdflib.Literal":
    import rdflib

    if term.direction:
        directed: rdflib.Literal = _kinds().directed(term.value, lang=term.language)
        directed.direction = term.direction  # type: ignore[attr-defined]
        return directed
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    iri = term.datatype.value
    if iri == XSD + "string":
        # For rdflib "a" and "a"^^xsd:string are two, and queries say "a".
        return rdflib.Literal(term.value)
    opaque, ill_typed = _kinds().opaque, _kinds().ill_typed
    datatype = rdflib.URIRef(iri)
    if not is_well_formed(term.value, iri):
        return ill_typed(term.value, datatype=datatype, normalize=False)
    node = rdflib.Literal(term.value, datatype=datatype, normalize=False)
    if node.value is not None:
        return node
    # Python has no year 0, no hour 24 and no number of 5,000 digits; XML Schema has.
    # Any text is HTML, whatever a reader of HTML makes of it.
    kind = ill_typed if node.ill_typed and not has_form(iri) and iri != RDF + "HTML" else opaque
    return kind(term.value, datatype=datatype, normalize=False)


class _Kinds(NamedTuple):
    """Classes of literals: without a value, ill-typed, and those with a direction."""

    opaque: "type[rdflib.Literal]"
    ill_typed: "type[rdflib.Literal]"
    directed: Any


@cache
def _kinds() -> _Kinds:
    import rdflib

    class Opaque(rdflib.Literal):
        """A literal that is neither less nor more than another; rdflib orders them all."""

        value = None
        ill_typed: bool | None = None
        written: str

        def __new__(
            cls,
            lexical_or_value: str,
            lang: str | None = None,
            datatype: str | None = None,
            normalize: bool | None = None,
        ) -> "Opaque":
            node: Opaque = super().__new__(cls, lexical_or_value, lang, datatype, normalize)
            # rdflib removes white space from an xsd:token.
            node.written = lexical_or_value
            return node

        def eq(self, other: object) -> bool:
            if self == other:
                return True
            raise TypeError("There is no value to compare.")

    class IllTyped(Opaque):
        ill_typed = True

    class Directed(rdflib.Literal):
        """A text with a base direction, which rdflib lacks."""

        direction: object = None

        def __eq__(self, other: object) -> bool:
            same = self.direction == getattr(other, "direction", None)
            return same and super().__eq__(other)

        def __hash__(self) -> int:
            return super().__hash__() ^ hash(str(self.direction))

    return _Kinds(Opaque, IllTyped, Directed)


def from_rdflib(node: "rdflib.term.Node") -> Term:
    """Return a term of rdflib; an IRI that a query made and that is not valid comes as text."""
    import rdflib

    if isinstance(node, rdflib.Literal):
        text = getattr(node, "written", str(node))
        if node.language:
            direction = getattr(node, "direction", None)
            return Literal(text, language=node.language, direction=direction)
        return Literal(text, datatype=NamedNode(node.datatype) if node.datatype else None)
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    try:
        return NamedNode(str(node))
    except ValueError:
        # A query can make an IRI of anything.
        return Literal(str(node))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib and pySHACL from writing to standard error, and from changing a setting."""
    import logging
    import warnings

    import rdflib

    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger, logger.disabled) for logger in loggers]
    normalize = rdflib.NORMALIZE_LITERALS
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
        for logger, disabled in before:
            logger.disabled = disabled
