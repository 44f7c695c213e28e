"""What FOOPS! asks of an ontology and F-UJI of a dataset, as far as it can be told offline.

Both need the web for the rest: whether addresses resolve, whether registries know them.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from cjph_graph.rdf import DCTERMS, OWL, RDFS, SKOS, TYPE, Graph

pytestmark = pytest.mark.slow

_VANN, _BIBO = "http://purl.org/vocab/vann/", "http://purl.org/ontology/bibo/"
# FOOPS! by its names for its tests: properties of which the ontology's header has at least one.
_HEADER = {
    "OM1 title": [DCTERMS + "title"],
    "OM1 description": [DCTERMS + "description"],
    "FIND1 prefix": [_VANN + "preferredNamespacePrefix"],
    "OM2 namespace": [_VANN + "preferredNamespaceUri"],
    "OM2 version": [OWL + "versionInfo"],
    "OM2 citation": [DCTERMS + "bibliographicCitation"],
    "OM3 status": [_BIBO + "status"],
    "OM3 contributor": [DCTERMS + "contributor"],
    "OM4.1 licence": [DCTERMS + "license"],
    "OM5.1 creator": [DCTERMS + "creator"],
    "OM5.1 created": [DCTERMS + "created"],
    "OM5.2 publisher": [DCTERMS + "publisher"],
    "OM5.2 issued": [DCTERMS + "issued"],
    "VER1 version IRI": [OWL + "versionIRI"],
    "VER1 earlier version": [OWL + "priorVersion"],
}
_OPEN_FORMATS = {"text/turtle", "application/n-triples", "text/csv"}


@pytest.fixture(scope="module")
def ontology(release: Path) -> Graph:
    quads = parse((release / "ontology/ontology.ttl").read_bytes(), RdfFormat.TURTLE)
    return Graph(quad.triple for quad in quads)


def _headers(ontology: Graph) -> list[NamedNode]:
    kind = NamedNode(OWL + "Ontology")
    found = (t.subject for t in ontology.triples if t.predicate == TYPE and t.object == kind)
    return [node for node in found if isinstance(node, NamedNode)]


@pytest.mark.parametrize("check", _HEADER)
def test_the_header_of_the_ontology_says_it(ontology: Graph, check: str) -> None:
    (header,) = _headers(ontology)
    assert any(ontology.values(header, NamedNode(path)) for path in _HEADER[check])


def test_the_ontology_has_a_lasting_address_and_its_own_prefix(ontology: Graph) -> None:
    (header,) = _headers(ontology)
    assert header.value.startswith("https://w3id.org/")
    (version,) = ontology.values(header, NamedNode(OWL + "versionIRI"))
    info = ontology.text(header, NamedNode(OWL + "versionInfo"))
    assert str(version) == f"<{header.value}/{info}>"
    namespace = ontology.text(header, NamedNode(_VANN + "preferredNamespaceUri"))
    assert namespace == f"{header.value}#"


def test_the_ontology_comes_in_several_formats_and_builds_on_others(
    release: Path, ontology: Graph
) -> None:
    graphs = [
        {(q.subject, q.predicate) for q in parse(path.read_bytes(), form)}
        for path, form in (
            (release / "ontology/ontology.ttl", RdfFormat.TURTLE),
            (release / "ontology/ontology.nt", RdfFormat.N_TRIPLES),
            (release / "ontology/ontology.jsonld", RdfFormat.JSON_LD),
        )
    ]
    assert len({len(graph) for graph in graphs}) == 1
    up = {NamedNode(RDFS + name) for name in ("subClassOf", "subPropertyOf")}
    own = f"{_headers(ontology)[0].value}#"
    others = [str(t.object) for t in ontology.triples if t.predicate in up]
    assert sum(own not in other for other in others) > 10


def test_every_term_has_a_label_and_a_definition(ontology: Graph) -> None:
    own = f"{_headers(ontology)[0].value}#"
    terms = {t.subject for t in ontology.triples if str(t.subject).startswith(f"<{own}")}
    assert len(terms) > 100
    for path in (RDFS + "label", SKOS + "definition"):
        assert [str(term) for term in terms if not ontology.text(term, NamedNode(path))] == []


def _schema_org(release: Path) -> Any:
    return json.loads((release / "schema.jsonld").read_bytes())


def test_the_core_of_what_describes_a_dataset_is_there(release: Path) -> None:
    said = _schema_org(release)
    core = ("name", "description", "identifier", "datePublished", "keywords", "license", "@type")
    assert [name for name in core if not said.get(name)] == []
    assert all(agent["name"] for agent in [*said["creator"], said["publisher"]])
    assert said["identifier"].startswith("https://w3id.org/")
    assert said["isAccessibleForFree"] is True


def test_each_file_has_an_address_a_size_a_type_and_a_hash(release: Path) -> None:
    files = _schema_org(release)["distribution"]
    assert len(files) > 20
    for file in files:
        assert file["contentUrl"].startswith("https://w3id.org/")
        assert re.fullmatch(r"[0-9]+ B", file["contentSize"])
        assert re.fullmatch(r"[0-9a-f]{64}", file["sha256"])
    assert {file.get("encodingFormat") for file in files} >= _OPEN_FORMATS


def test_the_licence_is_one_that_machines_know(release: Path) -> None:
    assert json.loads((release / "datacite.json").read_bytes())["rightsList"] == [
        {
            "rights": "Creative Commons Attribution 4.0 International",
            "rightsUri": "https://creativecommons.org/licenses/by/4.0/",
            "rightsIdentifier": "CC-BY-4.0",
            "rightsIdentifierScheme": "SPDX",
        }
    ]


def _said(release: Path, name: str) -> Iterator[tuple[str, object]]:
    for quad in parse((release / name).read_bytes(), RdfFormat.TURTLE):
        yield quad.predicate.value, quad.object


def test_where_it_comes_from_is_told_in_the_words_of_the_community(release: Path) -> None:
    said = {path for path, _ in _said(release, "dcat.ttl")}
    wanted = {DCTERMS + name for name in ("creator", "publisher", "created", "modified")}
    assert wanted <= said
    vocabularies = [v for path, v in _said(release, "void.ttl") if path.endswith("#vocabulary")]
    assert len(vocabularies) > 5
    assert not any(isinstance(each, Literal) for each in vocabularies)
