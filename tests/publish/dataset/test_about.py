"""What a home says about itself, and what is made of it where it says little."""

import pytest

from cjph_graph.publish.dataset.about import About, about_dataset
from cjph_graph.publish.dataset.citations import sentence, write_bibtex, write_cff
from cjph_graph.publish.dataset.licences import find_licence
from cjph_graph.publish.index import Index
from cjph_graph.rdf.reading import read_bytes

_PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def _about(data: str, ontology: str = "", **options: str) -> About:
    things = Index(read_bytes((_PREFIXES + data).encode(), "data").triples)
    terms = read_bytes((_PREFIXES + ontology).encode(), "ontology").triples
    return about_dataset(things, terms, (), **options)


def test_a_home_that_says_nothing_has_a_name_all_the_same() -> None:
    about = _about("")
    assert (about.name, about.title, about.version) == ("dataset", "dataset", "current")
    assert not about.is_versioned
    assert sentence(about) == "dataset [data set]."
    assert b'authors:\n  - name: "dataset"' in write_cff(about)
    assert write_bibtex(about).startswith(b"@misc{dataset-current,")


def test_the_dataset_that_is_part_of_no_other_is_meant() -> None:
    about = _about(
        "<http://e/part> a dcat:Dataset ; dcterms:isPartOf <http://e/whole> ."
        '<http://e/whole> a dcat:Dataset ; dcterms:title "All"@en .'
    )
    assert (about.iri, about.title) == ("http://e/whole", "All")


def test_what_the_dataset_does_not_say_the_ontology_does_but_for_its_dates() -> None:
    ontology = (
        '<http://e/o> a owl:Ontology ; owl:versionInfo "3" ; dcterms:creator "Ann" ;'
        ' dcterms:license <http://e/free> ; dcterms:modified "2001-01-01"^^xsd:date .'
    )
    about = _about('<http://e/d> a dcat:Dataset ; rdfs:label "D"@en .', ontology)
    assert (about.version, about.license, about.modified) == ("3", "http://e/free", "")
    assert [agent.name for agent in about.creators] == ["Ann"]
    assert sentence(about) == "Ann. D, version 3 [data set]. http://e/d"


def test_english_comes_first_and_options_take_the_place_of_the_data() -> None:
    data = '<http://e/d> a dcat:Dataset ; rdfs:label "Daten"@de , "Data"@en ; dcat:version "1" .'
    about = _about(data, version="2", base="https://example.org/x")
    assert (about.title, about.version, about.base) == ("Data", "2", "https://example.org/x/")


@pytest.mark.parametrize(
    ("url", "spdx", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", "4.0 International"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0", "CC-BY-NC-SA-3.0", "ShareAlike 3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0", "Zero 1.0"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL-1.0", "Open Database"),
        ("https://example.org/terms", "", "https://example.org/terms"),
    ],
)
def test_licences_have_their_short_names(url: str, spdx: str, name: str) -> None:
    found = find_licence(url)
    assert found is not None
    assert found.spdx == spdx
    assert name in found.name
    assert find_licence("") is None
