"""The edge to rdflib and pySHACL: graphs go in, results come out as plain values.

pySHACL is the authority on what SHACL means. Both libraries take long to import, so that is done
only when a function here is called.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.errors import InputError

if TYPE_CHECKING:
    import rdflib


@dataclass(frozen=True)
class Result:
    """One result of a SHACL validation.

    `focus` and `value` are as pySHACL names them: an IRI, `_:` and a label, or a literal's text;
    `path` is a property path as SPARQL writes it, `constraint` the rule in SPARQL or else the
    component, and the first of `messages` is the best for a reader.
    """

    focus: str
    path: str | None
    value: str | None
    severity: str
    constraint: str
    shape: str
    messages: tuple[str, ...]


def to_rdflib(triples: Iterable[Triple]) -> "rdflib.Graph":
    """Return triples as an rdflib graph, literals just as they were written."""
    import rdflib

    known: dict[object, rdflib.term.Node] = {}

    def turned(term: NamedNode | BlankNode | Literal | Triple) -> "rdflib.term.Node":
        if (node := known.get(term)) is None:
            match term:
                case NamedNode():
                    node = rdflib.URIRef(term.value)
                case BlankNode():
                    node = rdflib.BNode(term.value)
                case Triple():
                    raise InputError("rdflib has no statements about statements.")
                case Literal():
                    datatype = None if term.language else rdflib.URIRef(term.datatype.value)
                    node = rdflib.Literal(
                        term.value, lang=term.language, datatype=datatype, normalize=False
                    )
            known[term] = node
        return node

    graph = rdflib.Graph()
    with _quiet():
        for triple in triples:
            graph.add((turned(triple.subject), turned(triple.predicate), turned(triple.object)))
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from telling standard error, with a traceback, about each ill-typed literal."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def check(data: "rdflib.Graph", shapes: Iterable[Triple]) -> list[Result]:
    """Let pySHACL check a graph against shapes; inference is off and nothing is imported.

    Raises InputError when the shapes cannot be used.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
    from rdflib import RDF, SH, Graph

    try:
        with _quiet():
            _, report, text = pyshacl.validate(
                data, shacl_graph=to_rdflib(shapes), inference="none", inplace=True
            )
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise InputError(f"The shapes cannot be used: {_sentence(str(error))}") from error
    if not isinstance(report, Graph):
        raise InputError(f"The shapes cannot be used: {_sentence(text)}")
    return [_result(report, node) for node in report.subjects(RDF.type, SH.ValidationResult)]


def _sentence(text: str) -> str:
    return " ".join(text.removeprefix("Validation Failure - ").split())


def _result(report: "rdflib.Graph", node: "rdflib.term.Node") -> Result:
    from rdflib import SH

    def said(name: str) -> "rdflib.term.Node | None":
        return report.value(node, SH[name])

    path = said("resultPath")
    messages = sorted(report.objects(node, SH.resultMessage), key=_english_first)
    return Result(
        focus=_text(said("focusNode")) or "",
        path=None if path is None else _path_text(report, path),
        value=_text(said("value")),
        severity=str(said("resultSeverity")),
        constraint=str(said("sourceConstraint") or said("sourceConstraintComponent")),
        shape=_text(said("sourceShape")) or "",
        messages=tuple(str(message) for message in messages),
    )


def _text(term: "rdflib.term.Node | None") -> str | None:
    from rdflib import BNode

    if term is None:
        return None
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _path_text(report: "rdflib.Graph", path: "rdflib.term.Node") -> str:
    """Return a property path as SPARQL writes it, IRIs bare."""
    from rdflib import RDF, SH, BNode
    from rdflib.collection import Collection

    if not isinstance(path, BNode):
        return str(path)

    def joined(node: "rdflib.term.Node", mark: str) -> str:
        return f"({mark.join(_path_text(report, step) for step in Collection(report, node))})"

    if (path, RDF.first, None) in report:
        return joined(path, "/")
    if (steps := report.value(path, SH.alternativePath)) is not None:
        return joined(steps, "|")
    if (step := report.value(path, SH.inversePath)) is not None:
        return f"^{_path_text(report, step)}"
    for name, mark in (("zeroOrMorePath", "*"), ("oneOrMorePath", "+"), ("zeroOrOnePath", "?")):
        if (step := report.value(path, SH[name])) is not None:
            return f"{_path_text(report, step)}{mark}"
    return "?"


def _english_first(message: "rdflib.term.Node") -> tuple[bool, str]:
    return not str(getattr(message, "language", "") or "en").startswith("en"), str(message)
