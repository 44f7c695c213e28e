"""Triples as rdflib has them, and back: literals just as they were written.

rdflib takes long to import, and so does whoever imports this.
"""

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf import RDF, XSD, Term, has_form, is_well_formed
from cjph_graph.shacl.pyshacl_fixes import triple_term_error

_LOGGERS = ("rdflib.term", "pyshacl-validate")


class _Opaque(rdflib.Literal):
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
    ) -> "_Opaque":
        node: _Opaque = super().__new__(cls, lexical_or_value, lang, datatype, normalize)
        # rdflib removes white space from an xsd:token.
        node.written = lexical_or_value
        return node

    def eq(self, other: object) -> bool:
        if self == other:
            return True
        raise TypeError("There is no value to compare.")


class _IllTyped(_Opaque):
    ill_typed = True


class _Directed(rdflib.Literal):
    """A text with a base direction, which rdflib lacks."""

    direction: object = None

    def __eq__(self, other: object) -> bool:
        same = self.direction == getattr(other, "direction", None)
        return same and super().__eq__(other)

    def __hash__(self) -> int:
        return super().__hash__() ^ hash(str(self.direction))


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return triples as an rdflib graph, literals just as they were written.

    A literal that is not written as its datatype asks has no value there and is `ill_typed`.
    Raises InputError for statements about statements, which rdflib does not have.
    """
    known: dict[object, rdflib.term.Node] = {}

    def turned(term: object) -> rdflib.term.Node:
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


def _literal(term: Literal) -> rdflib.Literal:
    if term.direction:
        directed = _Directed(term.value, lang=term.language)
        directed.direction = term.direction
        return directed
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    iri = term.datatype.value
    if iri == XSD + "string":
        # For rdflib "a" and "a"^^xsd:string are two, and queries say "a".
        return rdflib.Literal(term.value)
    datatype = rdflib.URIRef(iri)
    if not is_well_formed(term.value, iri):
        return _IllTyped(term.value, datatype=datatype, normalize=False)
    node = rdflib.Literal(term.value, datatype=datatype, normalize=False)
    if node.value is not None:
        return node
    # Python has no year 0, no hour 24 and no number of 5,000 digits; XML Schema has.
    # Any text is HTML, whatever a reader of HTML makes of it.
    kind = _IllTyped if node.ill_typed and not has_form(iri) and iri != RDF + "HTML" else _Opaque
    return kind(term.value, datatype=datatype, normalize=False)


def from_rdflib(node: rdflib.term.Node) -> Term:
    """Return a term of rdflib; an IRI that a query made and that is not valid comes as text."""
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
