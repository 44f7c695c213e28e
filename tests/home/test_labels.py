"""What things are called, and where findings say it."""

import pytest
from pyoxigraph import Literal, NamedNode, Triple

import cjph_graph
from cjph_graph.home.labels import Labels
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl.data_graph import load_files
from cjph_graph.validation import ValidationOptions, validate

_SHIPPED = cjph_graph.open_home()
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_GRAPH = b"""
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://a.b/c> rdfs:label "second"@en ; skos:prefLabel "premier"@fr, "first"@en-GB .
<https://a.b/d> skos:prefLabel "seul"@fr ; rdfs:comment "no name" .
<https://a.b/e> rdfs:label <https://a.b/d> .
"""


@pytest.fixture(scope="module")
def names() -> Labels:
    terms = [Triple(NamedNode("https://a.b/t"), _LABEL, Literal("term", language="en"))]
    return Labels(load_files([read_bytes(_GRAPH, "names")]).graph, terms)


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("https://a.b/c", "first"),
        ("https://a.b/d", "seul"),
        ("https://a.b/e", None),
        ("https://a.b/t", "term"),
        ("https://a.b/unknown", None),
        ("no IRI", None),
    ],
)
def test_a_name_is_english_where_there_is_a_choice(
    names: Labels, iri: str, name: str | None
) -> None:
    assert names.of(iri) == name


def test_findings_name_what_other_files_say() -> None:
    """What stands in the wrong place has its name in a file that is not checked."""
    text = (
        b"@prefix cjph: <https://w3id.org/cjph/ontology#> .\n"
        b"<https://w3id.org/cjph/interventions/mine> a cjph:Intervention ;\n"
        b"    cjph:place <https://w3id.org/cjph/organisations/vera-institute-of-justice> .\n"
    )
    report = validate(ValidationOptions([read_bytes(text, "mine.ttl")], home=_SHIPPED))
    value = "https://w3id.org/cjph/organisations/vera-institute-of-justice"
    assert value in {finding.value for finding in report.findings}
    assert report.names[value] == "Vera Institute of Justice"
    assert report.names["https://w3id.org/cjph/ontology#place"] == "location"
