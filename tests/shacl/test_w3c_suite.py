"""The W3C's own test suite for SHACL, result by result, where it is at hand.

It is not part of this repository: `../shared/w3c-shacl-suite` or $CJPH_W3C_SHACL_SUITE.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, cast

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    Triple,
)
from support.comparison import outcomes

from cjph_graph.errors import InputError, RefusedError
from cjph_graph.rdf.reading import TurtleFile, read_bytes
from cjph_graph.shacl.data_graph import load_files
from cjph_graph.shacl.report import report_triples
from cjph_graph.shacl.results import Result
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.validator import validate_graph

_BESIDE = Path(__file__).parents[3] / "shared" / "w3c-shacl-suite"
_SUITE = Path(os.environ.get("CJPH_W3C_SHACL_SUITE", _BESIDE)) / "tests"
_BASE = "http://example.org/suite/"

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SH = "http://www.w3.org/ns/shacl#"
_SHT = "http://www.w3.org/ns/shacl-test#"
_FAILURE = NamedNode(_SHT + "Failure")
_COMPARED = ("focusNode", "resultPath", "value", "resultSeverity", "sourceShape")

# What pySHACL gets wrong and cannot be mended from outside: see docs/shacl.md.
_DEVIATIONS = {
    "sparql/pre-binding/shapesGraph-001": "pySHACL has no $shapesGraph, which SHACL leaves open",
}

Node = NamedNode | BlankNode


class _Graph:
    """The triples of one file, and what is said of a node."""

    def __init__(self, triples: tuple[Triple, ...], file: TurtleFile | None = None) -> None:
        self.triples = triples
        self.file = file or TurtleFile("none")
        self._about: dict[tuple[object, object], list[Node | Literal]] = {}
        for triple in triples:
            key = (triple.subject, triple.predicate.value)
            self._about.setdefault(key, []).append(cast("Node | Literal", triple.object))

    def values(self, node: object, name: str) -> list[Node | Literal]:
        return self._about.get((node, name), [])

    def listed(self, node: object) -> Iterator[Node | Literal]:
        while first := self.values(node, _RDF + "first"):
            yield first[0]
            (node,) = self.values(node, _RDF + "rest")


class _Case(NamedTuple):
    name: str
    data: str
    shapes: str
    expected: str


@cache
def _read(name: str) -> _Graph:
    """Read a file of the suite, which says `<>` for itself and names others by where they are."""
    base = f"@base <{_BASE}{name}> .\n".encode()
    file = read_bytes(base + (_SUITE / name).read_bytes(), name)
    assert file.problem is None, file.problem
    return _Graph(file.triples, file)


def _name(node: object) -> str:
    return cast("NamedNode", node).value.removeprefix(_BASE)


def _cases(manifest: str = "manifest.ttl") -> Iterator[_Case]:
    graph, this = _read(manifest), NamedNode(_BASE + manifest)
    for included in graph.values(this, _MF + "include"):
        yield from _cases(_name(included))
    for entries in graph.values(this, _MF + "entries"):
        for entry in graph.listed(entries):
            assert graph.values(entry, _RDF + "type") == [NamedNode(_SHT + "Validate")]
            (action,) = graph.values(entry, _MF + "action")
            (data,) = graph.values(action, _SHT + "dataGraph")
            (shapes,) = graph.values(action, _SHT + "shapesGraph")
            yield _Case(_name(entry), _name(data), _name(shapes), manifest)


def _parameters(*, deviating: bool = True) -> list[object]:
    if not _SUITE.is_dir():
        reason = f"the W3C SHACL test suite is not at {_SUITE.parent}"
        return [pytest.param(None, id="suite", marks=pytest.mark.skip(reason=reason))]
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(strict=True, reason=_DEVIATIONS[case.name])]
            if deviating and case.name in _DEVIATIONS
            else [],
        )
        for case in _cases()
    ]


@pytest.mark.parametrize("case", _parameters())
def test_the_report_is_the_one_expected(case: _Case) -> None:
    manifest = _read(case.expected)
    (expected,) = manifest.values(NamedNode(_BASE + case.name), _MF + "result")
    if expected == _FAILURE:
        with pytest.raises((InputError, RefusedError), match="shapes"):
            _validated(case)
        return
    (conforms,) = manifest.values(expected, _SH + "conforms")
    results = _validated(case)
    assert (not results) == (cast("Literal", conforms).value == "true")
    report = _Graph(tuple(report_triples(results, ())))
    (root,) = (t.subject for t in report.triples if t.predicate.value == _SH + "conforms")
    wanted = manifest.values(expected, _SH + "result")
    with_messages = any(manifest.values(result, _SH + "resultMessage") for result in wanted)
    names = (*_COMPARED, "sourceConstraintComponent", *(["resultMessage"] * with_messages))
    assert _canonical(report, root, names) == _canonical(manifest, expected, names)


@pytest.mark.parametrize("case", _parameters(deviating=False))
def test_the_report_is_that_of_pyshacl_alone(case: _Case) -> None:
    expected, actual = outcomes(_read(case.data).file, _read(case.shapes).file)
    assert actual == expected


def _validated(case: _Case) -> list[Result]:
    """Check what `cjph validate --alone --shapes SHAPES DATA` checks."""
    shapes, data = _read(case.shapes), _read(case.data)
    return [*validate_graph(Shapes(shapes.triples), load_files([data.file]).graph).results]


def _canonical(graph: _Graph, report: object, names: tuple[str, ...]) -> list[str]:
    """Return what a report says under some names, blank nodes renamed.

    A path is what its description unfolds to: results, and steps, may share a description.
    """
    kept: list[Triple] = []

    def unfolded(path: object) -> object:
        if not isinstance(path, BlankNode):
            return path
        copy = BlankNode()
        kept.extend(
            Triple(copy, triple.predicate, unfolded(triple.object))
            for triple in graph.triples
            if triple.subject == path
        )
        return copy

    for result in cast("list[Node]", graph.values(report, _SH + "result")):
        kept.append(Triple(cast("Node", report), NamedNode(_SH + "result"), result))
        for name in names:
            for value in graph.values(result, _SH + name):
                term = unfolded(value) if name == "resultPath" else value
                kept.append(Triple(result, NamedNode(_SH + name), term))
    dataset = Dataset(Quad(*triple) for triple in kept)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return sorted(map(str, dataset))
