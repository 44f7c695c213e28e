"""The edge to rdflib and pySHACL: graphs go in, results come out as plain values.

pySHACL is the authority on what SHACL means; where it departs from the standard and that can be
mended in what it is given, it is mended here (docs/shacl.md says where). Both libraries take long
to import, so that is done only when a function here is called.
"""

import itertools
import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from cjph_graph.datatypes import is_well_formed
from cjph_graph.errors import InputError, LimitError, RefusedError
from cjph_graph.sparql import refuse_unsafe, tokenize

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
_TRUE = Literal("true", datatype=_BOOLEAN)
# What switches a rule on when it is true, which for SHACL is `true` and not `1`.
_SWITCHES = {
    _SH + name for name in ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint")
}
_INVERSE, _ALTERNATIVE = NamedNode(_SH + "inversePath"), NamedNode(_SH + "alternativePath")
_REPEATED = {
    NamedNode(_SH + name): mark
    for name, mark in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+"), ("zeroOrOnePath", "?"))
}
_QUERIES = (_SH + "select", _SH + "ask")
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
_SHOWN = 200
# pySHACL itself goes ten deep.
_MAX_PATH = 20
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
    written = _Described(shapes)
    usable = _usable(written)
    try:
        return _results(_report(data, usable), written)
    except re.error:
        # pySHACL takes a backslash in a value for one in a regular expression when it puts the
        # value into a message: without messages it does not, and they are filled in here.
        silent = [triple for triple in usable if triple.predicate != _MESSAGE]
    try:
        return _results(_report(data, silent), written, silent=True)
    except re.error as error:
        reason = f"{error.pattern!r} is not a regular expression: {error.msg}"
        raise _unusable(reason) from error


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
        raise _unusable(str(error) or type(error).__name__) from error
    if not isinstance(report, Graph):
        raise _unusable(text)
    return report


def _unusable(reason: str) -> InputError:
    text = " ".join(reason.removeprefix("Validation Failure - ").split())
    text = text.partition(" For reference, see ")[0]
    return InputError(f"The shapes cannot be used: {text.rstrip('.')}.")


class _Described:
    """Triples by their subject."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._about: dict[object, list[Triple]] = {}
        for triple in self.triples:
            self._about.setdefault(triple.subject, []).append(triple)

    def about(self, node: object) -> list[Triple]:
        return self._about.get(node, [])

    def objects(self, node: object, predicate: NamedNode) -> list[object]:
        return [triple.object for triple in self.about(node) if triple.predicate == predicate]

    def listed(self, node: object) -> list[object]:
        """Return the members of a list; one that is not well-formed ends where it stops being."""
        members: list[object] = []
        seen = set()
        while node not in seen and (first := self.objects(node, _FIRST)):
            seen.add(node)
            members.append(first[0])
            node = next(iter(self.objects(node, _REST)), None)
        return members

    def path(self, node: object) -> list[Triple]:
        """Return what makes a node a property path: of two ways to be one, pySHACL's choice."""
        if not isinstance(node, BlankNode):
            return []
        if self.objects(node, _FIRST):
            return [t for t in self.about(node) if t.predicate in (_FIRST, _REST)]
        for predicate in (_INVERSE, _ALTERNATIVE, *_REPEATED):
            for triple in self.about(node):
                if triple.predicate == predicate:
                    return [triple]
        return []

    def whole_path(self, node: object) -> dict[object, list[Triple]]:
        """Return each blank node that a property path is made of, with what makes it one."""
        found: dict[object, list[Triple]] = {}
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node not in found and (triples := self.path(node)):
                found[node] = triples
                waiting += [triple.object for triple in reversed(triples)]
        return found

    def path_text(self, node: object) -> str:
        """Return a property path as SPARQL writes it, IRIs bare."""
        if isinstance(node, NamedNode):
            return node.value
        if members := self.listed(node):
            return f"({'/'.join(self.path_text(member) for member in members)})"
        for triple in self.path(node):
            if triple.predicate == _INVERSE:
                return f"^{self.path_text(triple.object)}"
            if triple.predicate == _ALTERNATIVE:
                members = self.listed(triple.object)
                return f"({'|'.join(self.path_text(member) for member in members)})"
            return f"{self.path_text(triple.object)}{_REPEATED[triple.predicate]}"
        return "?"


def _usable(shapes: _Described) -> list[Triple]:
    """Return shapes as pySHACL reads them right; refuse those nobody should read."""
    reached: dict[object, list[Triple]] = {}
    for triple in shapes.triples:
        name, term = triple.predicate.value, triple.object
        if name == _SH + "entailment":
            raise _unusable(f"they ask for the entailment {term}, and nothing is inferred here")
        if name in _QUERIES and isinstance(term, Literal):
            _refuse_unsafe_query(term.value)
        if name == _SH + "namespace" and isinstance(term, Literal):
            _refuse_unsafe_namespace(term.value)
        if name == _SH + "path":
            reached |= shapes.whole_path(term)
    usable = list(_imported(shapes))
    for triple in shapes.triples:
        if triple.predicate == _INVERSE and triple in reached.get(triple.subject, []):
            usable += _straightened(triple, shapes)
        elif triple.predicate.value not in _SWITCHES or not _is_off(triple.object):
            usable.append(triple)
    return usable


def _refuse_unsafe_query(text: str) -> None:
    try:
        refuse_unsafe(text, tokenize(text))
    except RefusedError as error:
        raise RefusedError(f"A query in the shapes: {error.message}", error.hint) from error
    except LimitError as error:
        raise LimitError(f"A query in the shapes: {error.message}", error.hint) from error


def _refuse_unsafe_namespace(text: str) -> None:
    """Refuse what would end the IRI in a query and go on with something else."""
    if re.search(r"""[<>"{}|^`\\\x00-\x20]""", text):
        raise _unusable(f"sh:namespace {text!r} is no IRI")


def _is_off(term: object) -> bool:
    return isinstance(term, Literal) and term.datatype == _BOOLEAN and term != _TRUE


def _imported(shapes: _Described) -> Iterator[Triple]:
    """Yield the prefixes that the values of sh:prefixes import, as if they were their own."""
    declare = NamedNode(_SH + "declare")
    for start in {t.object for t in shapes.triples if t.predicate.value == _SH + "prefixes"}:
        waiting: list[object] = [start]
        seen: set[object] = set()
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += shapes.objects(node, _IMPORTS)
        for node in seen - {start}:
            for declared in shapes.objects(node, declare):
                yield Triple(start, declare, declared)  # type: ignore[arg-type]


def _straightened(triple: Triple, shapes: _Described) -> list[Triple]:
    """Return what to say in place of a triple that says that a node is an inverse path.

    pySHACL walks the inverse of a sequence the wrong way round: `^(a/b)` is made `^b/^a`.
    """
    made: list[Triple] = []

    def new(predicate: NamedNode, value: object) -> BlankNode:
        node = BlankNode()
        made.append(Triple(node, predicate, value))  # type: ignore[arg-type]
        return node

    def inverses(members: Iterable[object], depth: int) -> BlankNode | NamedNode:
        rest: BlankNode | NamedNode = _NIL
        for member in members:
            rest = new(_REST, rest)
            made.append(Triple(rest, _FIRST, inverse(member, depth)))
        return rest

    def inverse(path: object, depth: int) -> Node:
        if depth > _MAX_PATH:
            raise _unusable(f"a property path is nested more than {_MAX_PATH} deep")
        if members := shapes.listed(path):
            return inverses(members, depth + 1)
        for described in shapes.path(path):
            if described.predicate == _INVERSE:
                return described.object  # type: ignore[return-value]
            if described.predicate == _ALTERNATIVE:
                members = shapes.listed(described.object)
                return new(_ALTERNATIVE, inverses(members, depth + 1))
            return new(described.predicate, inverse(described.object, depth + 1))
        return new(_INVERSE, path)

    if not isinstance(triple.object, BlankNode):
        return [triple]
    turned = inverse(triple.object, 0)
    # The node keeps its name, under which it is somebody's path.
    moved = [Triple(triple.subject, t.predicate, t.object) for t in made if t.subject == turned]
    return moved + [t for t in made if t.subject != turned] if moved else [triple]


def _results(report: "rdflib.Graph", shapes: _Described, *, silent: bool = False) -> list[Result]:
    from rdflib import SH

    nodes = report.objects(None, SH.result)
    results = (_result(report, node, shapes, silent=silent) for node in nodes)
    return sorted(results, key=lambda r: tuple(map(str, (r.focus, r.path, r.value, r.constraint))))


def _result(
    report: "rdflib.Graph", node: "rdflib.term.Node", shapes: _Described, *, silent: bool
) -> Result:
    from rdflib import RDF, SH

    subject = BlankNode()
    triples = [Triple(subject, _TYPE, NamedNode(_SH + "ValidationResult"))]
    said: dict[str, list[Term]] = {name: [] for name in _SAID}
    for name in _SAID:
        said[name] = [_term(term) for term in report.objects(node, SH[name])]
    focus, path, value = (
        next(iter(said[name]), None) for name in ("focusNode", "resultPath", "value")
    )
    sources = (*said["sourceConstraint"], *said["sourceShape"])
    spoken = [message for source in sources for message in shapes.objects(source, _MESSAGE)]
    if silent and spoken:
        said["resultMessage"] = [
            _filled(message, {"this": focus, "value": value, "path": path})
            for message in spoken
            if isinstance(message, Literal)
        ]
    elif not spoken and any(len(shapes.objects(s, p)) > 1 for s in sources for p in _UNORDERED):
        said["resultMessage"] = []
    said["resultMessage"].sort(key=_english_first)
    for name, terms in said.items():
        triples += [Triple(subject, NamedNode(_SH + name), term) for term in terms]
    for described in shapes.whole_path(path).values():
        triples += described
    severity, component, constraint, shape = (
        _text(next(iter(said[name]), None)) or ""
        for name in (
            "resultSeverity",
            "sourceConstraintComponent",
            "sourceConstraint",
            "sourceShape",
        )
    )
    details = report.objects(node, SH.detail)
    return Result(
        focus=_text(focus) or "",
        path=None if path is None else shapes.path_text(path),
        value=_text(value),
        severity=severity,
        constraint=constraint or component,
        shape=shape,
        messages=tuple(_text(message) or "" for message in said["resultMessage"]),
        details=tuple(
            _result(report, detail, shapes, silent=silent)
            for detail in details
            if (detail, RDF.type, SH.ValidationResult) in report
        ),
        triples=tuple(triples),
    )


def _filled(message: Literal, values: Mapping[str, Term | None]) -> Literal:
    """Return a message with what a result says of itself put in."""
    text = re.sub(
        r"\{[?$](this|value|path)\}",
        lambda match: _text(values[match[1]]) or match[0],
        message.value,
    )
    return Literal(text, language=message.language)


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


def report_triples(results: Iterable[Result], known: Iterable[Triple]) -> list[Triple]:
    """Return results as one sh:ValidationReport of the W3C, sorted.

    `known` is what was checked and the shapes: blank nodes are sorted and named by where they
    first stand there, so that the report of the same files is the same on every run.
    """
    order: dict[object, int] = {}
    for triple in known:
        for term in (triple.subject, triple.object):
            if isinstance(term, BlankNode):
                order.setdefault(term, len(order))

    def key(triples: Iterable[Triple]) -> list[tuple[object, ...]]:
        return [
            (t.predicate.value, order.get(t.object, 0), "")
            if isinstance(t.object, BlankNode)
            else (t.predicate.value, -1, str(t.object))
            for t in triples
        ]

    names: dict[object, BlankNode] = {}
    numbers = itertools.count(1)

    def named(term: object) -> object:
        if isinstance(term, BlankNode):
            return names.get(term) or names.setdefault(term, BlankNode(f"node{next(numbers)}"))
        return term

    root = BlankNode("report")
    listed = sorted((result.triples for result in results), key=key)
    conforms = Literal("false" if listed else "true", datatype=_BOOLEAN)
    report = [
        Triple(root, _TYPE, NamedNode(_SH + "ValidationReport")),
        Triple(root, NamedNode(_SH + "conforms"), conforms),
    ]
    said: dict[Triple, None] = {}
    for number, triples in enumerate(listed, 1):
        node = names[triples[0].subject] = BlankNode(f"result{number}")
        report.append(Triple(root, NamedNode(_SH + "result"), node))
        for triple in triples:
            turned = Triple(named(triple.subject), triple.predicate, named(triple.object))  # type: ignore[arg-type]
            said[turned] = None
    return [*report, *said]


def report_turtle(
    results: Iterable[Result],
    known: Iterable[Triple],
    prefixes: Mapping[str, str] | None = None,
) -> bytes:
    """Return results as the W3C's validation report in Turtle, the same bytes on every run."""
    triples = report_triples(results, known)
    named = {**(prefixes or {}), "sh": _SH}
    if any(triple.predicate == _REST for triple in triples):
        named.setdefault("rdf", _RDF)
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=named) or b""
    # Prefixes in the order of their names, which is not that of the writer.
    lines = text.splitlines(keepends=True)
    lines.sort(key=lambda line: (0, line) if line.startswith(b"@prefix ") else (1, b""))
    return b"".join(lines)
