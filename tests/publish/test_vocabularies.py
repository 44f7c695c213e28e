"""The graph in other words: schema.org, as search engines read it, by a mapping in Turtle."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode
from support.commands import cjph

from cjph_graph.errors import CjphError, InputError, UsageError
from cjph_graph.home import Home
from cjph_graph.publish import export_graph, read_index
from cjph_graph.publish.jsonld import Translator, read_vocabulary

_BASE = "https://w3id.org/cjph"


@pytest.fixture(scope="module")
def schema_org(shipped: Home) -> Translator:
    return Translator(read_index(shipped), read_vocabulary(shipped, "schema"))


def _one(home: Home, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(export_graph(home, [name], vocabulary="schema"))
    return found


def test_an_intervention_is_a_service(shipped: Home) -> None:
    found = _one(shipped, "cahoots-eugene")
    assert list(found)[:3] == ["@context", "@type", "@id"]
    assert found["@context"] == "https://schema.org"
    assert found["@type"] == "Service"
    assert found["serviceType"] == ["Call diversion", "Harm reduction", "Unarmed crisis teams"]
    assert found["provider"] == {
        "@type": "Organization",
        "@id": f"{_BASE}/organisations/white-bird-clinic",
        "name": "White Bird Clinic",
        "url": "https://whitebirdclinic.org",
    }


def test_what_is_measured_stands_one_by_one(shipped: Home) -> None:
    index = read_index(shipped)
    observations = index.of_class(f"{_BASE}/ontology#Observation")
    property_ = NamedNode(f"{_BASE}/ontology#indicator")
    indicators = {value for each in observations for value in index.values(each, property_)}
    measured = _one(shipped, "cjph-observations")["variableMeasured"]
    assert {each["@id"] for each in measured} == {each.value for each in indicators}
    assert all(each["@type"] == "PropertyValue" and each["name"] for each in measured)


def test_an_indicator_names_its_source_and_cites_nothing(shipped: Home) -> None:
    found = _one(shipped, "988-answer-rate")
    assert found["@type"] == "Dataset"
    assert found["isBasedOn"]["name"]
    assert found["temporalCoverage"] == ["2021-12", "2022-12"]
    assert "citation" not in found
    assert "license" not in found


def test_a_place_has_coordinates(shipped: Home) -> None:
    geo = {"@type": "GeoCoordinates", "latitude": 44.05207, "longitude": -123.08675}
    assert _one(shipped, "eugene")["geo"] == geo


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from _nodes(each)


def test_everything_in_it_is_schema_org(schema_org: Translator) -> None:
    document = json.loads(b"".join(schema_org.many()))
    assert document["@context"] == "https://schema.org"
    assert len(document["@graph"]) > 500
    for node in (node for each in document["@graph"] for node in _nodes(each)):
        assert {key for key in node if key.startswith("@")} <= {"@type", "@id"}
        assert all(key.isalpha() for key in node if not key.startswith("@"))
        assert all(value not in (None, "", [], {}) for value in node.values())


def test_every_kind_has_a_type_or_is_a_part(shipped: Home, schema_org: Translator) -> None:
    index = read_index(shipped)
    for kind in index.kinds:
        if kind.namespace:
            assert all(schema_org.knows(thing) for thing in index.of_class(kind.iri)), kind.name


def _with(home: Home, text: str) -> None:
    folder = home.path / "ontology" / "mappings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "odd.ttl").write_text(
        f"@prefix as: <https://w3id.org/cjph/mappings#> . @prefix e: <http://e/> .\n{text}", "utf-8"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("e:A as:type e:B .", "has no as:context"),
        (
            'e:m as:context "c" ; as:namespace "http://x/" . e:A as:type e:B .',
            "lacks one as:type",
        ),
        (
            'e:m as:context "c" ; as:namespace "http://e/" .'
            " e:A as:type e:B ; as:property [ as:from 1 ; as:to e:p ] .",
            "is not a path",
        ),
        (
            'e:m as:context "c" ; as:namespace "http://e/" .'
            " e:A as:type e:B ; as:property [ as:from e:q ; as:to e:p ; as:show e:x ] .",
            "says as:show",
        ),
        ("e:A as:type", "odd.ttl:2:"),
    ],
)
def test_a_broken_mapping(home: Home, text: str, said: str) -> None:
    _with(home, text)
    with pytest.raises(InputError, match=said):
        read_vocabulary(home, "odd")


def test_a_vocabulary_or_a_type_that_does_not_exist(shipped: Home, tmp_path: Path) -> None:
    result = cjph(shipped, "export", "--vocabulary", "shema")
    assert (result.returncode, result.stdout) == (2, "")
    assert "There is no vocabulary 'shema'.\nDid you mean schema?" in result.stderr
    finding = f"{_BASE}/interventions/cahoots-eugene#finding-1"
    with pytest.raises(UsageError, match="has no type for"):
        export_graph(shipped, [finding], vocabulary="schema")
    with pytest.raises(CjphError, match="works with JSON-LD alone"):
        export_graph(shipped, form="turtle", vocabulary="schema")
