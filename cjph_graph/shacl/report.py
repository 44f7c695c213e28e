"""The W3C's validation report: results of SHACL as triples, and as Turtle."""

import itertools
from collections.abc import Iterable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from cjph_graph.rdf import BOOLEAN, RDF, RDFS, REST, SH, TYPE
from cjph_graph.shacl.results import Result

_COMMENT = NamedNode(RDFS + "comment")
_DETAIL = NamedNode(SH + "detail")


def report_triples(
    results: Iterable[Result], known: Iterable[BlankNode], comments: Iterable[str] = ()
) -> list[Triple]:
    """Return results as one sh:ValidationReport of the W3C, sorted.

    `known` are the blank nodes of what was checked and of the shapes, as they first stand there:
    they are sorted and named by that, so that the report of the same files is always the same.
    `comments` are about the report.
    """
    order: dict[object, int] = {node: number for number, node in enumerate(dict.fromkeys(known))}

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
    listed = sorted(results, key=lambda result: key(result.triples))
    conforms = Literal("false" if listed else "true", datatype=BOOLEAN)
    report = [
        Triple(root, TYPE, NamedNode(SH + "ValidationReport")),
        Triple(root, NamedNode(SH + "conforms"), conforms),
        *(Triple(root, _COMMENT, Literal(comment, language="en")) for comment in comments),
    ]
    said: dict[Triple, None] = {}

    def add(result: Result, node: BlankNode) -> None:
        triples = result.triples
        names[triples[0].subject] = node
        for triple in triples:
            turned = Triple(named(triple.subject), triple.predicate, named(triple.object))  # type: ignore[arg-type]
            said[turned] = None
        details = sorted(result.details, key=lambda detail: key(detail.triples))
        inner = [BlankNode(f"{node.value}detail{number + 1}") for number in range(len(details))]
        said.update(dict.fromkeys(Triple(node, _DETAIL, each) for each in inner))
        for detail, each in zip(details, inner, strict=True):
            add(detail, each)

    for number, result in enumerate(listed, 1):
        node = BlankNode(f"result{number}")
        report.append(Triple(root, NamedNode(SH + "result"), node))
        add(result, node)
    return [*report, *said]


def report_turtle(
    results: Iterable[Result],
    known: Iterable[BlankNode],
    prefixes: Mapping[str, str] | None = None,
    comments: Iterable[str] = (),
) -> bytes:
    """Return results as the W3C's validation report in Turtle, the same bytes on every run."""
    triples = report_triples(results, known, comments)
    named = {**(prefixes or {}), "sh": SH}
    if any(triple.predicate == _COMMENT for triple in triples):
        named.setdefault("rdfs", RDFS)
    if any(triple.predicate == REST for triple in triples):
        named.setdefault("rdf", RDF)
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=named) or b""
    # Prefixes in the order of their names, which is not that of the writer.
    lines = text.splitlines(keepends=True)
    lines.sort(key=lambda line: (0, line) if line.startswith(b"@prefix ") else (1, b""))
    return b"".join(lines)
