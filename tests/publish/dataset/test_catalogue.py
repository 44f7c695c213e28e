"""What the application profile DCAT-AP 3.0.1 demands of a catalogue, a dataset and its files.

Its own shapes are not ours to hand on; these are the demands that they make of what we say.
"""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from support.boats import boats

from cjph_graph.home import Home, find_home
from cjph_graph.publish import Publication
from cjph_graph.publish.dataset.catalogue import dcat
from cjph_graph.publish.dataset.distributions import Distribution
from cjph_graph.rdf import TYPE, Graph

_DCAT, _DCT = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
_FOAF, _SPDX = "http://xmlns.com/foaf/0.1/", "http://spdx.org/rdf/terms#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# Class, property, how often at least and at most (0: any), and what its values are.
_DAYS = {f"{_XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth")}
_DEMANDS: list[tuple[str, str, int, int, object]] = [
    (f"{_DCAT}Catalog", f"{_DCT}title", 1, 0, Literal),
    (f"{_DCAT}Catalog", f"{_DCT}description", 1, 0, Literal),
    (f"{_DCAT}Catalog", f"{_DCT}publisher", 1, 1, f"{_FOAF}Agent"),
    (f"{_DCAT}Catalog", f"{_DCT}license", 0, 1, f"{_DCT}LicenseDocument"),
    (f"{_DCAT}Catalog", f"{_DCT}modified", 0, 1, _DAYS),
    (f"{_DCAT}Catalog", f"{_DCT}language", 0, 0, f"{_DCT}LinguisticSystem"),
    (f"{_DCAT}Catalog", f"{_DCAT}dataset", 0, 0, f"{_DCAT}Dataset"),
    (f"{_DCAT}Dataset", f"{_DCT}title", 1, 0, Literal),
    (f"{_DCAT}Dataset", f"{_DCT}description", 1, 0, Literal),
    (f"{_DCAT}Dataset", f"{_DCT}identifier", 0, 0, Literal),
    (f"{_DCAT}Dataset", f"{_DCT}creator", 0, 0, f"{_FOAF}Agent"),
    (f"{_DCAT}Dataset", f"{_DCT}publisher", 0, 1, f"{_FOAF}Agent"),
    (f"{_DCAT}Dataset", f"{_DCT}issued", 0, 1, _DAYS),
    (f"{_DCAT}Dataset", f"{_DCT}modified", 0, 1, _DAYS),
    (f"{_DCAT}Dataset", f"{_DCT}language", 0, 0, f"{_DCT}LinguisticSystem"),
    (f"{_DCAT}Dataset", f"{_DCAT}version", 0, 1, Literal),
    (f"{_DCAT}Dataset", f"{_DCAT}keyword", 0, 0, Literal),
    (f"{_DCAT}Dataset", f"{_DCAT}landingPage", 0, 0, f"{_FOAF}Document"),
    (f"{_DCAT}Dataset", f"{_DCAT}distribution", 0, 0, f"{_DCAT}Distribution"),
    (f"{_DCAT}Distribution", f"{_DCAT}accessURL", 1, 0, NamedNode),
    (f"{_DCAT}Distribution", f"{_DCAT}downloadURL", 0, 0, NamedNode),
    (f"{_DCAT}Distribution", f"{_DCAT}byteSize", 0, 1, {f"{_XSD}nonNegativeInteger"}),
    (f"{_DCAT}Distribution", f"{_DCAT}mediaType", 0, 1, f"{_DCT}MediaType"),
    (f"{_DCAT}Distribution", f"{_DCT}format", 0, 1, f"{_DCT}MediaTypeOrExtent"),
    (f"{_DCAT}Distribution", f"{_DCAT}packageFormat", 0, 1, f"{_DCT}MediaType"),
    (f"{_DCAT}Distribution", f"{_DCT}license", 0, 1, f"{_DCT}LicenseDocument"),
    (f"{_DCAT}Distribution", f"{_DCT}issued", 0, 1, _DAYS),
    (f"{_DCAT}Distribution", f"{_DCT}modified", 0, 1, _DAYS),
    (f"{_DCAT}Distribution", f"{_DCT}title", 0, 0, Literal),
    (f"{_DCAT}Distribution", f"{_DCT}description", 0, 0, Literal),
    (f"{_DCAT}Distribution", f"{_SPDX}checksum", 0, 1, f"{_SPDX}Checksum"),
    (f"{_SPDX}Checksum", f"{_SPDX}algorithm", 1, 1, NamedNode),
    (f"{_SPDX}Checksum", f"{_SPDX}checksumValue", 1, 1, {f"{_XSD}hexBinary"}),
    (f"{_FOAF}Agent", f"{_FOAF}name", 1, 0, Literal),
]


def _faults(triples: list[Triple]) -> list[str]:
    graph = Graph(triples)
    classes: dict[str, list[object]] = {}
    for triple in triples:
        if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
            classes.setdefault(triple.object.value, []).append(triple.subject)
    found = []
    for class_, path, least, most, kind in _DEMANDS:
        for subject in classes.get(class_, []):
            values = graph.values(subject, NamedNode(path))
            if len(values) < least or (most and len(values) > most):
                found.append(f"{subject} {path}: {len(values)} values")
            found += [f"{path}: {v}" for v in values if not _fits(v, kind, classes)]
    return found


def _fits(value: object, kind: object, classes: dict[str, list[object]]) -> bool:
    if isinstance(kind, str):
        return value in classes.get(kind, [])
    if isinstance(kind, set):
        return isinstance(value, Literal) and value.datatype.value in kind
    return isinstance(value, kind)  # type: ignore[arg-type]


def _described(home: Home) -> list[Triple]:
    files = [
        Distribution(f"data/x.{ending}", "X", media_type, "all of it", 12, "ab" * 32)
        for ending, media_type in (("ttl", "text/turtle"), ("zip", "application/zip"), ("z", ""))
    ]
    return dcat(Publication(home).about, files)


@pytest.mark.parametrize("name", ["shipped", "boats"])
def test_the_demands_of_the_profile_are_met(name: str, tmp_path: Path) -> None:
    home = find_home() if name == "shipped" else boats(tmp_path)
    triples = _described(home)
    assert _faults(triples) == []
    paths = {triple.predicate.value for triple in triples} - {TYPE.value, f"{_DCT}created"}
    assert paths <= {path for _, path, *_ in _DEMANDS}, "a property that no demand is known of"
    assert not any(isinstance(t.subject, BlankNode) for t in triples)


@pytest.mark.parametrize(
    ("path", "fault"),
    [(f"{_DCT}title", "0 values"), (f"{_FOAF}name", "0 values"), (f"{_DCAT}accessURL", "0 values")],
)
def test_what_is_missing_would_be_seen(path: str, fault: str, tmp_path: Path) -> None:
    triples = [t for t in _described(boats(tmp_path)) if t.predicate.value != path]
    assert any(fault in each for each in _faults(triples))


def test_what_has_no_address_is_not_described(tmp_path: Path) -> None:
    assert _described(boats(tmp_path, described=False)) == []


def test_days_may_be_as_exact_as_their_source(tmp_path: Path) -> None:
    home = boats(tmp_path)
    path = home.data / "sets.ttl"
    text = path.read_text().replace('"2025-03-01"^^xsd:date', '"2025"^^xsd:gYear')
    path.write_text(text)
    triples = _described(home)
    assert _faults(triples) == []
    year = Literal("2025", datatype=NamedNode(f"{_XSD}gYear"))
    assert year in {t.object for t in triples if t.predicate.value == f"{_DCT}modified"}
