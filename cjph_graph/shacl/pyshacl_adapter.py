"""The edge to rdflib and pySHACL: graphs go in, results come out as plain values.

pySHACL is the authority on what SHACL means. Both libraries take long to import, so that is done
only when a function here is called.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import InputError
from cjph_graph.rdf.datatypes import is_well_formed
from cjph_graph.shacl.pyshacl_fixes import Described, unusable, usable

if TYPE_CHECKING:
    import rdflib

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal

_SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + n) for n in ("type", "first", "rest", "nil"))
_IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
_BOOLEAN = NamedNode(_XSD + "boolean")
# Of these pySHACL's own message tells several values in another order each time.
_UNORDERED = [
    NamedNode(_SH + name)
    for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals", "hasValue")
]
_MESSAGE = NamedNode(_SH + "message")
# What a result says of itself, in the order in which results are sorted.
_SAID = (
    "focusNode",
    "resultPath",
    "value",
    "resultSeverity",
    "sourceConstraintComponent",
    "sourceConstraint",
    "sourceShape",
    "resultMessage",
)
_SAID_ONCE = _SAID[:-1]
# What stands in the messages of rules, and where a result says it.
_FILLING = {"this": "focusNode", "path": "resultPath", "value": "value"}
_SHOWN = 200
_LOGGERS = ("rdflib.term", "pyshacl-validate")


@dataclass(frozen=True)
class Result:
    """One result of a SHACL validation.

    `focus` and `value` are as pySHACL names them: an IRI, `_:` and a label, or a literal's text;
    `path` is a property path as SPARQL writes it, `constraint` the rule in SPARQL or else the
    component, and the first of `messages` is the best for a reader. `details` are the results that
    led to this one. `triples` say the same, without the details, as the W3C's report does.
    """

    focus: str
    path: str | None
    value: str | None
    severity: str
    constraint: str
    shape: str
    messages: tuple[str, ...]
    details: tuple["Result", ...] = ()
    triples: tuple[Triple, ...] = field(default=(), compare=False, repr=False)

    def term(self, name: str) -> Term | None:
        """Return the term that a property of SHACL has here: `focusNode`, `value` and others."""
        wanted = NamedNode(_SH + name)
        node = self.triples[0].subject
        found = (t.object for t in self.triples if t.subject == node and t.predicate == wanted)
        return next((term for term in found if not isinstance(term, Triple)), None)


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
    with _quiet():
        for triple in triples:
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                text = str(triple)
                shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
                raise InputError(
                    f"Statements about statements (RDF 1.2) cannot be checked: {shown}.",
                    "Describe the statement by a node of its own.",
                )
            graph.add((turned(triple.subject), turned(triple.predicate), turned(triple.object)))
    return graph


def _literal(term: Literal) -> "rdflib.Literal":
    import rdflib

    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    iri = term.datatype.value
    if iri == _XSD + "string":
        # For rdflib "a" and "a"^^xsd:string are two, and queries say "a".
        return rdflib.Literal(term.value)
    opaque, ill_typed = _valueless()
    datatype = rdflib.URIRef(iri)
    if not is_well_formed(term.value, iri):
        return ill_typed(term.value, datatype=datatype, normalize=False)
    node = rdflib.Literal(term.value, datatype=datatype, normalize=False)
    if node.value is not None:
        return node
    kind = ill_typed if node.ill_typed else opaque
    return kind(term.value, datatype=datatype, normalize=False)


@cache
def _valueless() -> "tuple[type[rdflib.Literal], type[rdflib.Literal]]":
    """Return the classes of literals without a value: of unknown datatypes, and ill-typed ones."""
    import rdflib

    class Opaque(rdflib.Literal):
        """A literal that is neither less nor more than another, where rdflib orders all."""

        value = None
        written: str

        def __new__(
            cls,
            lexical_or_value: str,
            lang: str | None = None,
            datatype: str | None = None,
            normalize: bool | None = None,
        ) -> "Opaque":
            node: Opaque = super().__new__(cls, lexical_or_value, lang, datatype, normalize)
            # rdflib takes white space out of a token.
            node.written = lexical_or_value
            return node

        def eq(self, other: object) -> bool:
            if self == other:
                return True
            raise TypeError("There is no value to compare.")

    class IllTyped(Opaque):
        ill_typed = True

    return Opaque, IllTyped


@contextmanager
def _quiet() -> Iterator[None]:
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


def check(data: "rdflib.Graph", shapes: Iterable[Triple]) -> list[Result]:
    """Let pySHACL check a graph against shapes; inference is off and nothing is imported.

    Raises InputError when the shapes cannot be used, RefusedError or LimitError when a query in
    them reaches outside the graph or is too large.
    """
    written = Described(shapes)
    given = usable(written)
    try:
        return _results(_report(data, given), written)
    except re.error:
        # pySHACL takes a backslash in a value for one in a regular expression when it puts the
        # value into a message: without messages it does not, and they are filled in here.
        silent = [triple for triple in given if triple.predicate != _MESSAGE]
    try:
        return _results(_report(data, silent), written, silent=True)
    except re.error as error:
        reason = f"{error.pattern!r} is not a regular expression: {error.msg}"
        raise unusable(reason) from error


def _report(data: "rdflib.Graph", shapes: Iterable[Triple]) -> "rdflib.Graph":
    import pyshacl
    from rdflib import Graph

    graph = to_rdflib(shapes)
    try:
        with _quiet():
            _, report, text = pyshacl.validate(
                data, shacl_graph=graph, inference="none", inplace=True
            )
    except re.error:
        raise
    except Exception as error:
        # Ill-formed shapes and queries end in whatever pySHACL and rdflib happen to raise.
        raise unusable(str(error) or type(error).__name__) from error
    if not isinstance(report, Graph):
        raise unusable(text)
    return report


def _results(report: "rdflib.Graph", shapes: Described, *, silent: bool = False) -> list[Result]:
    from rdflib import SH

    nodes = report.objects(None, SH.result)
    results = (_result(report, node, shapes, silent=silent) for node in nodes)
    return sorted(results, key=lambda r: tuple(map(str, (r.focus, r.path, r.value, r.constraint))))


def _result(
    report: "rdflib.Graph", node: "rdflib.term.Node", shapes: Described, *, silent: bool
) -> Result:
    from rdflib import RDF, SH

    said = {name: [_term(term) for term in report.objects(node, SH[name])] for name in _SAID}
    sources = (*said["sourceConstraint"], *said["sourceShape"])
    spoken = [message for source in sources for message in shapes.objects(source, _MESSAGE)]
    told = {name: said[key][0] for name, key in _FILLING.items() if said[key]}
    own = [m for source in said["sourceConstraint"] for m in shapes.objects(source, _MESSAGE)]
    component = _text(next(iter(said["sourceConstraintComponent"]), None)) or ""
    # Only what is in SPARQL has messages that are filled in.
    fills = bool(said["sourceConstraint"]) or not component.startswith(_SH)
    if own:
        # What a rule says goes before what the shape says that holds it.
        general = {filled(m, told).value for m in spoken if isinstance(m, Literal)} - {
            filled(m, told).value for m in own if isinstance(m, Literal)
        }
        said["resultMessage"] = [m for m in said["resultMessage"] if _text(m) not in general]
    if spoken and (silent or (fills and any("\\" in (_text(t) or "") for t in told.values()))):
        said["resultMessage"] = [
            filled(message, told) if fills else message
            for message in own or spoken
            if isinstance(message, Literal)
        ]
    elif not spoken and any(len(shapes.objects(s, p)) > 1 for s in sources for p in _UNORDERED):
        said["resultMessage"] = []
    details = tuple(
        _result(report, detail, shapes, silent=silent)
        for detail in report.objects(node, SH.detail)
        if (detail, RDF.type, SH.ValidationResult) in report
    )
    return make_result(said, shapes, details)


def make_result(
    said: Mapping[str, Sequence[Term]], shapes: Described, details: tuple[Result, ...] = ()
) -> Result:
    """Return a result that says of itself what `said` has, by property of SHACL."""
    subject = BlankNode()
    triples = [Triple(subject, _TYPE, NamedNode(_SH + "ValidationResult"))]
    messages = sorted(said.get("resultMessage", ()), key=_english_first)
    for name in _SAID:
        terms = messages if name == "resultMessage" else said.get(name, ())
        triples += [Triple(subject, NamedNode(_SH + name), term) for term in terms]
    focus, path, value, severity, component, constraint, shape = (
        next(iter(said.get(name, ())), None) for name in _SAID_ONCE
    )
    for described in shapes.whole_path(path).values():
        triples += described
    return Result(
        focus=_text(focus) or "",
        path=None if path is None else shapes.path_text(path),
        value=_text(value),
        severity=_text(severity) or "",
        constraint=_text(constraint) or _text(component) or "",
        shape=_text(shape) or "",
        messages=tuple(_text(message) or "" for message in messages),
        details=details,
        triples=tuple(triples),
    )


def filled(message: Literal, values: Mapping[str, Term]) -> Literal:
    """Return a message with the values of its variables put in, by name.

    It has no language any more: nobody knows that of the values.
    """
    text = re.sub(
        r"\{[?$](\w+)\}",
        lambda match: (_text(values.get(match[1])) or "") if match[1] in values else match[0],
        message.value,
    )
    return Literal(text)


def _term(node: "rdflib.term.Node") -> Term:
    import rdflib

    if isinstance(node, rdflib.Literal):
        text = getattr(node, "written", str(node))
        if node.language:
            return Literal(text, language=node.language)
        return Literal(text, datatype=NamedNode(node.datatype) if node.datatype else None)
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    try:
        return NamedNode(str(node))
    except ValueError:
        # A query can make an IRI of anything.
        return Literal(str(node))


def _text(term: Term | None) -> str | None:
    return None if term is None else str(term) if isinstance(term, BlankNode) else term.value


def _english_first(message: Term) -> tuple[bool, str]:
    language = message.language if isinstance(message, Literal) else None
    return not (language or "en").startswith("en"), _text(message) or ""
