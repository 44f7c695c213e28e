"""JSON Schemas of frames: every output passes, and what is wrong does not."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from support.commands import cjph
from support.saved import HOME

from cjph_graph.home import Home
from cjph_graph.publish import read_index
from cjph_graph.publish.jsonld import Documents, list_frames, write_schema

_KINDS = ["source", "convening", "concept", "workgroup", "observation", "dataset"]
_FRAMES = [*list_frames(HOME), *_KINDS]


@pytest.fixture(scope="module")
def whole(shipped: Home) -> Documents:
    return Documents(shipped, read_index(shipped))


@pytest.fixture(scope="module")
def everything() -> Documents:
    return Documents(HOME, read_index(HOME))


def _validator(documents: Documents, name: str, *, plain: bool = True) -> Draft202012Validator:
    schema = json.loads(write_schema(documents.frame(name), documents.index.kinds, plain=plain))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("name", _FRAMES)
def test_what_a_frame_shows_passes(whole: Documents, name: str, plain: bool) -> None:
    _passes(whole, name, plain=plain)


@pytest.mark.slow
@pytest.mark.parametrize("name", _FRAMES)
def test_what_a_frame_shows_of_all_that_is_shipped_passes(everything: Documents, name: str) -> None:
    _passes(everything, name, plain=True)


def _passes(documents: Documents, name: str, *, plain: bool) -> None:
    document = json.loads(b"".join(documents.framed(documents.frame(name), plain=plain)))
    assert len(document if plain else document["@graph"]) > 0
    _validator(documents, name, plain=plain).validate(document)


@pytest.mark.parametrize("plain", [True, False])
def test_one_thing_passes(whole: Documents, plain: bool) -> None:
    thing = whole.index.find("988-answer-rate")
    document = json.loads(b"".join(whole.framed(whole.frame("indicator"), [thing], plain=plain)))
    _validator(whole, "indicator", plain=plain).validate(document)


def test_each_line_passes(whole: Documents) -> None:
    validator = _validator(whole, "policy")
    for line in b"".join(whole.lines(whole.frame("policy"))).splitlines():
        validator.validate(json.loads(line))


def _changed(value: Any, path: Iterable[Any], new: Any) -> Any:
    *way, last = path
    at = value
    for step in way:
        at = at[step]
    if new is None:
        del at[last]
    else:
        at[last] = new
    return value


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (["name"], None),
        (["name"], ["A list"]),
        (["nam"], "misspelt"),
        (["id"], None),
        (["type"], "Policy"),
        (["startDate"], "about 1989"),
        (["startDate"], 1989),
        (["startDate"], {"@value": "1989", "@type": "xsd:gYear"}),
        (["issue"], {"id": "http://e/x"}),
        (["issue"], []),
        (["issue"], None),
        (["place", 0, "population"], 3),
        (["finding", 0, "value"], "150"),
        (["finding", 0, "source"], None),
        (["finding", 0, "findingKind"], ["output"]),
        (["finding", 0, "type"], "Role"),
        (["@context"], {}),
    ],
)
def test_what_is_wrong_does_not_pass(whole: Documents, path: list[Any], new: Any) -> None:
    document = json.loads(whole.json(whole.index.find("cahoots-eugene")))
    validator = _validator(whole, "intervention")
    validator.validate(document)
    with pytest.raises(ValidationError):
        validator.validate(_changed(document, path, new))


def test_it_says_what_keys_mean(whole: Documents) -> None:
    schema: Any = json.loads(write_schema(whole.frame("intervention"), whole.index.kinds))
    name = schema["$defs"]["Intervention"]["properties"]["issue"]
    assert name["title"] == "issue"
    assert name["description"] == "What need or part of the justice system this is about."


def test_the_command(shipped: Home) -> None:
    result = cjph(shipped, "export", "--frame", "policy", "--format", "json", "--schema")
    assert result.returncode == 0
    assert json.loads(result.stdout)["title"] == "policy, JSON"
    result = cjph(shipped, "export", "--schema")
    assert (result.returncode, result.stdout) == (2, "")
    assert "needs --frame NAME" in result.stderr


_SHAPES = """\
@prefix c: <https://example.org/terms#> .
@prefix s: <https://example.org/shapes#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
s:Campaign sh:targetClass c:Campaign ; sh:closed true ; sh:name "campaign" ;
  <https://w3id.org/cjph/shapes#namespace> "https://example.org/campaigns/" ;
  sh:property s:name , s:began , s:after , s:step .
s:Step sh:targetClass c:Step ; sh:closed true ; sh:name "step" ; sh:property s:name , s:stepOwner .
s:name sh:path skos:prefLabel ; sh:datatype rdf:langString ; sh:uniqueLang true ; sh:minCount 1 .
s:began sh:path c:began ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ;
  sh:maxCount 1 .
s:after sh:path c:after ; sh:class c:Campaign .
s:step sh:path c:step ; sh:class c:Step .
s:stepOwner sh:path [ sh:inversePath c:step ] ; sh:minCount 1 ; sh:maxCount 1 .
"""
_DATA = """\
@prefix c: <https://example.org/terms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/campaigns/b> a c:Campaign ; skos:prefLabel "B"@en , "Be"@de ;
  c:began "2020"^^xsd:gYear ; c:after <https://example.org/campaigns/a> ;
  c:step <https://example.org/campaigns/b#1> .
<https://example.org/campaigns/b#1> a c:Step ; skos:prefLabel "first"@en .
<https://example.org/campaigns/a> a c:Campaign ; skos:prefLabel "Ah"@de .
"""


def test_a_kind_that_is_new_needs_no_frame_and_no_code(home: Home) -> None:
    (home.path / "ontology" / "shapes.ttl").write_text(_SHAPES, encoding="utf-8")
    for path in home.data.rglob("*.ttl"):
        path.unlink()
    (home.data / "campaigns.ttl").write_text(_DATA, encoding="utf-8")
    documents = Documents(home, read_index(home))
    first, second = (json.loads(line) for line in b"".join(documents.lines()).splitlines())
    assert second == {
        "id": "https://example.org/campaigns/b",
        "type": "Campaign",
        "name": "B",
        "nameByLanguage": {"de": "Be"},
        "began": "2020",
        "after": [
            {
                "id": "https://example.org/campaigns/a",
                "type": "Campaign",
                "nameByLanguage": {"de": "Ah"},
            }
        ],
        "step": [{"id": "https://example.org/campaigns/b#1", "type": "Step", "name": "first"}],
    }
    validator = _validator(documents, "campaign")
    validator.validate(first)
    validator.validate(second)
    with pytest.raises(ValidationError):
        validator.validate(_changed(second, ["name"], None) | {"nameByLanguage": 1})
