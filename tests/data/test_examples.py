"""Every constraint of every shape: a file that breaks it and nothing else, and one that keeps it.

`examples/nodes/<shape>/` and `examples/properties/<shape>/` hold `right.ttl` and one file for each
constraint of that shape, named for its parameter (`max-count.ttl`) or for its rule in SPARQL
(`within-cycle.ttl`). `examples/checks/<check>/` holds `right.ttl`, `wrong.ttl` and, where a check
looks at several kinds of thing, `wrong-<kind>.ttl`. A file for no constraint or check fails a test,
and so does a constraint or check without a file.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode, Quad, Store

from cjph_graph.home.checks import list_checks
from cjph_graph.home.location import find_home, home_files
from cjph_graph.home.schema import read_shapes
from cjph_graph.rdf.reading import read_bytes, read_turtle, turtle_files
from cjph_graph.system.files import shown
from cjph_graph.validation import Finding, Report, ValidationOptions, validate

HOME = find_home()
FOLDER = Path(__file__).parent.parent / "examples"
FILES = turtle_files(FOLDER)

SH = "http://www.w3.org/ns/shacl#"
_PREFIXES = f"""
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <{SH}>
"""
# What a shape says besides its constraints. A parameter that SHACL may yet add counts as one.
_NO_CONSTRAINTS = """
    sh:path, sh:name, sh:description, sh:message, sh:severity, sh:deactivated, sh:order, sh:group,
    sh:defaultValue, sh:targetClass, sh:targetNode, sh:targetObjectsOf, sh:targetSubjectsOf,
    sh:property, sh:flags, sh:ignoredProperties
"""
# Examples stand alone, so that this check finds most of them.
_ALONE = "nothing-links-here"
# A shape that something is checked against directly: it has a target, or such a shape holds it.
_TARGETS = "sh:targetClass|sh:targetNode|sh:targetObjectsOf|sh:targetSubjectsOf"
_REPORTS = f"EXISTS {{ ?shape ^sh:property*/({_TARGETS}) ?target }}"

_NAMELESS = b"""
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix place-kind: <https://w3id.org/cjph/vocabulary/place-kind/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
[] a cjph:Place ; skos:prefLabel "A town without an IRI"@en ; cjph:placeKind place-kind:city .
"""


class Constraint(NamedTuple):
    """A constraint as findings name it, by the IRIs of its shape and of itself."""

    shape: str
    constraint: str


@cache
def _store() -> Store:
    """Return the shapes, and each file as a graph of its own."""
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in read_shapes(HOME))
    for path in FILES:
        graph = NamedNode(path.as_uri())
        store.bulk_extend(Quad(*triple, graph) for triple in read_turtle(path).triples)
    return store


def _rows(variables: str, pattern: str) -> set[tuple[str, ...]]:
    solutions = _store().query(f"{_PREFIXES} SELECT {variables} WHERE {{ {pattern} }}")
    return {tuple(term.value for term in row) for row in solutions}


def _ask(pattern: str) -> bool:
    return bool(_store().query(f"{_PREFIXES} ASK {{ {pattern} }}"))


def _kebab(name: str) -> str:
    return re.sub(r"\B([A-Z])", r"-\1", name).lower()


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _constraints() -> dict[Path, Constraint]:
    """Return every constraint that can be reported, by the file that is to break it."""
    found = {}
    for shape, parameter, value, kind in _rows(
        "?shape ?parameter ?value ?kind",
        f"""?shape a ?type ; ?parameter ?value .
            FILTER (isIRI(?shape) && ?type IN (sh:NodeShape, sh:PropertyShape))
            FILTER (STRSTARTS(STR(?parameter), "{SH}") && ?parameter NOT IN ({_NO_CONSTRAINTS}))
            FILTER ({_REPORTS})
            BIND (IF(?type = sh:NodeShape, "nodes", "properties") AS ?kind)""",
    ):
        rule = parameter == f"{SH}sparql"
        name = _local(parameter)
        component = f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"
        path = FOLDER / kind / _local(shape) / f"{_kebab(_local(value) if rule else name)}.ttl"
        found[path] = Constraint(shape, value if rule else component)
    return dict(sorted(found.items()))


CONSTRAINTS = _constraints()
RIGHT = {path.parent / "right.ttl": found.shape for path, found in sorted(CONSTRAINTS.items())}
CHECKS = {FOLDER / "checks" / check.name: check for check in list_checks(HOME)}
WRONG = {
    path: Constraint("", CHECKS[path.parent].iri)
    for path in sorted((FOLDER / "checks").glob("*/wrong*.ttl"))
    if path.parent in CHECKS
}


def _companions(wanted: Constraint, found: set[Constraint]) -> set[Constraint]:
    """Return what no file can help breaking together with a constraint.

    A value reached backwards is of a class that its own closed shape lets have the property, so
    that shape speaks up too. A thing of two classes has an IRI that can fit one of them only.
    """
    component, path = wanted.constraint, f"<{wanted.shape}> sh:path"
    if component == f"{SH}ClassConstraintComponent" and _ask(f"{path}/sh:inversePath []"):
        return {other for other in found if other.constraint == f"{SH}ClosedConstraintComponent"}
    if component == f"{SH}MaxCountConstraintComponent" and _ask(f"{path} rdf:type"):
        return {
            other
            for other in found
            if other.constraint == f"{SH}PatternConstraintComponent"
            and _ask(f"<{other.shape}> sh:targetClass []")
        }
    return set()


@pytest.fixture(scope="session")
def report() -> Report:
    """Check all files at once, as if one contributor had brought them together."""
    return validate(ValidationOptions([FOLDER, read_bytes(_NAMELESS, "nameless.ttl")], home=HOME))


@pytest.fixture(scope="session")
def findings(report: Report) -> dict[str, list[Finding]]:
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        assert finding.file is not None
        by_file.setdefault(finding.file, []).append(finding)
    return by_file


def test_a_constraint_has_its_file() -> None:
    checks = (folder / f"{name}.ttl" for folder in CHECKS for name in ("wrong", "right"))
    assert [path for path in (*CONSTRAINTS, *RIGHT, *checks) if not path.is_file()] == []


def test_a_file_breaks_what_it_is_named_for_and_nothing_else(
    findings: dict[str, list[Finding]],
) -> None:
    wrong = {**CONSTRAINTS, **WRONG}
    right = {*RIGHT, *(folder / "right.ttl" for folder in CHECKS)}
    assert [path for path in FILES if path not in wrong and path not in right] == []
    broken = {path: _broken(path, findings) for path in FILES}
    assert {path: found for path, found in broken.items() if path in right and found} == {}
    for path, found in broken.items():
        if path in wrong:
            assert found - _companions(wrong[path], found) == {wrong[path]}, path


def _broken(path: Path, findings: dict[str, list[Finding]]) -> set[Constraint]:
    broken = {Constraint(f.shape or "", f.constraint or "") for f in findings.get(shown(path), [])}
    if path.parent.name == _ALONE:
        return broken
    return {b for b in broken if not b.constraint.endswith(f"/{_ALONE}")}


def test_a_thing_without_an_iri_is_one_finding(findings: dict[str, list[Finding]]) -> None:
    (finding,) = findings["nameless.ttl"]
    assert finding.constraint == f"{SH}PatternConstraintComponent"
    assert "has an IRI like" in finding.message


def test_a_right_file_has_something_that_the_shape_is_about() -> None:
    target = """
        { ?on sh:targetClass ?class . GRAPH ?file { ?thing a ?class } } UNION
        { ?on sh:targetSubjectsOf ?class . GRAPH ?file { ?thing ?class ?any } } UNION
        { ?on sh:targetNode ?node . GRAPH ?file { ?thing ?any ?other } }
    """
    for path, iri in RIGHT.items():
        about, shape = f"BIND (<{path.as_uri()}> AS ?file)", f"<{iri}>"
        if path.is_relative_to(FOLDER / "nodes"):
            assert _ask(f"{about} BIND ({shape} AS ?on) {target}"), path
        else:
            values = f"""
                {{ {shape} sh:path ?path . GRAPH ?file {{ ?thing ?path ?value }} }} UNION
                {{ {shape} sh:path/sh:inversePath ?path . GRAPH ?file {{ ?value ?path ?thing }} }}
            """
            assert _ask(f"{about} ?on sh:property {shape} . {{ {target} }} {values}"), path


def test_a_property_shape_belongs_to_something_that_is_checked() -> None:
    pattern = f"?shape a sh:PropertyShape . FILTER (isIRI(?shape) && NOT {_REPORTS})"
    assert _rows("?shape", pattern) == set()


def test_nothing_is_described_in_two_files() -> None:
    described = Counter(
        subject
        for path in [*FILES, *home_files(HOME)]
        for subject in {str(triple.subject) for triple in read_turtle(path).triples}
    )
    assert [subject for subject, files in described.items() if files > 1] == []
