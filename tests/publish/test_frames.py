"""Frames: equal to PyLD's, pleasant to read without RDF, refused when they are wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import NamedNode, RdfFormat
from support.commands import cjph
from support.saved import HOME

import cjph_graph
from cjph_graph.errors import InputError, UsageError
from cjph_graph.home import Home
from cjph_graph.home.local import open_engine
from cjph_graph.publish import Index, export_graph, read_index
from cjph_graph.publish.jsonld import Documents, NamedFrame, list_frames
from cjph_graph.rdf import read_bytes

_URL = "https://w3id.org/cjph/context.jsonld"
# Every kind of thing, none with many observations: PyLD looks at all nodes for each.
_CHOSEN = (
    "cahoots-eugene",
    "hc-on-ice-2022",
    "988-answer-rate",
    "convening-2015",
    "oregon-measure-110",
    "eugene",
    "white-bird-clinic",
    "metrics-workgroup",
)
_OPTIONS = {"embed": "@always", "explicit": True, "omitDefault": True}


@pytest.fixture(scope="module")
def whole(shipped: Home) -> Documents:
    return Documents(shipped, read_index(shipped))


@pytest.fixture(scope="module")
def everything() -> Documents:
    return Documents(HOME, read_index(HOME))


@pytest.fixture(scope="module")
def some(shipped: Home, whole: Documents) -> Documents:
    index = whole.index
    roots = [s for s in index if s.value.rpartition("/")[2] in _CHOSEN]
    roots += index.of_class("https://w3id.org/cjph/ontology#Alliance")
    return Documents(shipped, index.gather(roots))


def _ordered(value: Any) -> Any:
    """Return expanded JSON-LD with its sets in one order, and blank nodes without names."""
    if isinstance(value, dict):
        return {k: "_:" if str(v).startswith("_:") else _ordered(v) for k, v in value.items()}
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def _loaded(documents: Documents) -> Any:
    def load(url: str, _options: object = None) -> dict[str, object]:
        assert url.endswith("/context.jsonld")
        document = {"@context": documents.context.document()}
        return {"contextUrl": None, "documentUrl": url, "document": document}

    return {"documentLoader": load, "base": "file:///ontology/frames/frame.jsonld"}


def _pyld(documents: Documents, written: object, **options: object) -> Any:
    data = json.loads(b"".join(documents.expanded()))
    options = {**_loaded(documents), **_OPTIONS, **options}
    return jsonld.expand(jsonld.frame(data, written, options), options)


def _ours(documents: Documents, frame: NamedFrame, roots: Any = None) -> Any:
    document = json.loads(b"".join(documents.framed(frame, roots)))
    return jsonld.expand(document, _loaded(documents))


@pytest.mark.parametrize("name", [*list_frames(HOME), "source", "convening"])
def test_frames_are_as_pyld_frames(some: Documents, name: str) -> None:
    frame = some.frame(name)
    found = _ours(some, frame)
    assert found
    assert _ordered(found) == _ordered(_pyld(some, frame.written))


@pytest.mark.slow
@pytest.mark.parametrize("name", list_frames(HOME))
def test_the_shipped_graph_is_framed_as_pyld_frames_it(everything: Documents, name: str) -> None:
    frame = everything.frame(name)
    assert _ordered(_ours(everything, frame)) == _ordered(_pyld(everything, frame.written))


def test_one_thing_is_framed_as_pyld_frames_it_to_the_last_key(some: Documents) -> None:
    frame, thing = some.frame("intervention"), some.index.find("cahoots-eugene")
    ours = json.loads(b"".join(some.framed(frame, [thing])))
    data = json.loads(b"".join(some.expanded()))
    written = {**frame.written, "@context": ours["@context"], "id": thing.value}
    assert _ordered(jsonld.frame(data, written, _OPTIONS)) == _ordered(ours)


_ODD = b"""\
@prefix c: <https://w3id.org/cjph/ontology#> .
@prefix e: <http://e/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:a a c:Place ; skos:prefLabel "a"@en , "A"@es , "A"@en-gb ; c:within e:b , e:a .
e:a e:p e:c , 1 , "x" .
e:b a c:Place ; skos:prefLabel "b"@en ; c:within e:a ; e:p [ skos:prefLabel "n"@en ; e:q e:a ] .
e:c e:p e:d ; e:q _:x . e:d e:q _:x , e:gone . _:x skos:prefLabel "x"@en ; e:p e:a .
e:i a c:Indicator ; skos:prefLabel "i"@en ; c:founded "2020"^^xsd:gYear , "2020-01-01"^^xsd:date .
<http://e/i#1> a c:Observation ; c:indicator e:i ; c:place e:a ; c:value 1.50 ;
  c:periodStart "2020"^^xsd:gYear .
<http://e/i#2> a c:Observation ; c:indicator e:i ; c:place e:b ; c:value 2 ;
  c:periodStart "2020-05"^^xsd:gYearMonth .
"""
_SHOWN: dict[str, Any] = {"id": {}, "name": {}}
_P, _Q = "http://e/p", "http://e/q"


@pytest.fixture
def odd(shipped: Home, whole: Documents) -> Documents:
    return Documents(shipped, Index(read_bytes(_ODD, "odd").triples, whole.index.kinds))


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "Place", "name": {}, "within": _SHOWN},
        {"type": "Place", "@explicit": False},
        {"type": "Place", "@explicit": False, "within": {"@explicit": False, "@embed": "@never"}},
        {"type": "Place", "@explicit": False, "@embed": "@once"},
        {"type": ["Place", "Indicator"], "name": {}, "observation": {"value": {}, "place": {}}},
        {"@type": {}, "name": {}},
        {"type": [], _P: {}},
        {"id": ["http://e/b", "http://e/none"], "within": {"within": {"within": _SHOWN}}},
        {"name": {}, _P: {"name": {}, _Q: _SHOWN}},
        {_P: {}, "within": {}, "@requireAll": True},
        {_P: {}, "within": [], "@requireAll": True},
        {_P: {"id": "http://e/c"}, "@requireAll": True},
        {_Q: {_P: {}, _Q: {"@explicit": False}}},
        {"type": "Place", "@reverse": {"place": {"periodStart": {}, "value": {}}}, "name": {}},
        {"type": "Observation", "indicator": {"name": {}, "observation": {"value": {}}}},
        {"type": "Indicator", "founded": {}},
    ],
)
def test_odd_frames_and_graphs(tmp_path: Path, odd: Documents, frame: dict[str, Any]) -> None:
    frame = {"@context": "../context.jsonld", **frame}
    found = _ours(odd, _read(tmp_path, odd, frame))
    assert _ordered(found) == _ordered(_pyld(odd, frame, omitGraph=False))


def _read(folder: Path, documents: Documents, frame: object) -> NamedFrame:
    from cjph_graph.publish.jsonld.frames import read_frame

    path = folder / "odd.jsonld"
    path.write_text(json.dumps(frame), encoding="utf-8")
    return read_frame(path, documents.context)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ([], "it is not an object"),
        ({"@context": "https://example.org/x"}, 'its @context is "https://example.org/x"'),
        ({"nam": {}}, "no term 'nam'.\nDid you mean name[?]"),
        ({"type": "Intervntion"}, "no term 'Intervntion'.\nDid you mean Intervention[?]"),
        ({"name": {"@default": "?"}}, "@default .* is not supported.\nThere are @id"),
        ({"name": "x"}, "a frame, {} or"),
        ({"@embed": "@last"}, '@embed "@last" is not supported'),
        ({"@context": {"x": "http://e/x"}}, "reads no relation backwards"),
    ],
)
def test_what_is_no_frame(tmp_path: Path, odd: Documents, frame: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        _read(tmp_path, odd, frame)


def test_a_frame_that_leads_too_far_is_refused(
    tmp_path: Path, shipped: Home, whole: Documents
) -> None:
    chain = "".join(f"<http://e/{n}> <http://e/p> <http://e/{n + 1}> ." for n in range(300))
    index = Index(read_bytes(chain.encode(), "chain").triples, whole.index.kinds)
    documents = Documents(shipped, index)
    frame = _read(tmp_path, documents, {"id": "http://e/0", "@explicit": False})
    with pytest.raises(UsageError, match="more than 100 links away"):
        b"".join(documents.framed(frame))


def test_a_frame_that_shows_nothing_of_a_thing(tmp_path: Path, odd: Documents) -> None:
    frame = _read(tmp_path, odd, {_Q: {}, "@requireAll": True})
    with pytest.raises(UsageError, match="shows nothing of http://e/a"):
        b"".join(odd.framed(frame, [odd.index.find("a")]))


def test_an_endpoint_is_framed_as_the_files_are(shipped: Home) -> None:
    engine = open_engine(shipped)
    there = export_graph(shipped, ["cahoots-eugene"], form="json", engine=engine)
    assert there == export_graph(shipped, ["cahoots-eugene"], form="json")


def test_from_python() -> None:
    framed = cjph_graph.export("cahoots-eugene", form="json", frame="intervention")
    assert json.loads(framed)["name"].startswith("CAHOOTS")


def test_a_frame_that_does_not_exist(shipped: Home) -> None:
    result = cjph(shipped, "export", "--frame", "intervntion")
    assert (result.returncode, result.stdout) == (2, "")
    assert "There is no frame 'intervntion'." in result.stderr


def test_a_frame_is_for_things_of_its_kind(shipped: Home) -> None:
    result = cjph(shipped, "export", "cahoots-eugene", "--frame", "policy")
    assert (result.returncode, result.stdout) == (2, "")
    assert "The frame policy is not for CAHOOTS" in result.stderr


@pytest.mark.parametrize("name", list_frames(HOME))
def test_a_frame_leaves_out_no_property_of_its_kinds(whole: Documents, name: str) -> None:
    frame = whole.frame(name).frame
    assert frame.types
    kinds = [kind for kind in whole.index.kinds if kind.iri in frame.types]
    shown = {*frame.values, *frame.back}
    missing = [p.key for kind in kinds for p in kind.properties if p.path not in shown]
    assert not missing, f"add these to ontology/frames/{name}.jsonld"


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, dict | list):
            yield from _walk(each)


def test_it_is_pleasant_without_rdf(shipped: Home, whole: Documents) -> None:
    things = list(whole.things())
    contexts = [whole.context, *(whole.frame(name).context for name in list_frames(shipped))]
    terms = [t for c in contexts for t in (*c.terms.values(), *c.backwards.values())]
    several = {term.name for term in terms if term.several}
    links = {p.path for kind in whole.index.kinds for p in kind.properties if p.classes}
    linking = {whole.context.terms[path].name for path in links if path in whole.context.terms}
    for node in (node for thing in things for node in _walk(thing)):
        for key, value in node.items():
            assert isinstance(value, list) == (key in several), (key, value)
            for each in value if isinstance(value, list) else [value]:
                if key in linking:
                    if isinstance(each, str):
                        assert NamedNode(each) not in whole.index
                        continue
                    assert "name" in each or "#" in each["id"], (key, each)
                if key.endswith(("Date", "Start", "End")):
                    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", each)


def _without_contexts(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_contexts(v) for k, v in value.items() if k != "@context"}
    return [_without_contexts(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["oregon-measure-110", "988-answer-rate", "eugene"])
def test_json_is_jsonld_without_its_context(shipped: Home, name: str) -> None:
    frame = {"988-answer-rate": "indicator", "eugene": "place"}.get(name, "policy")
    exact = json.loads(export_graph(shipped, [name], frame=frame))
    plain = json.loads(export_graph(shipped, [name], form="json"), parse_float=str)
    assert _without_contexts(exact) == plain


def test_numbers_are_numbers_in_json(shipped: Home) -> None:
    data = export_graph(shipped, ["five-year-rearrest"], form="json")
    values = [each["value"] for each in json.loads(data)["observation"]]
    assert values
    assert all(isinstance(value, int | float) for value in values)
    assert b'"value": 76.6,' in data


def test_json_lines_have_a_thing_each(shipped: Home, whole: Documents) -> None:
    lines = export_graph(shipped, kind="policies", form="jsonl").decode().splitlines()
    policies = whole.index.of_class("https://w3id.org/cjph/ontology#Policy")
    assert len(lines) == len(policies)
    assert {json.loads(line)["type"] for line in lines} == {"Policy"}
    framed = export_graph(shipped, form="jsonl", frame="policy").decode().splitlines()
    assert sorted(framed) == sorted(lines)


def test_a_context_has_what_is_used(whole: Documents) -> None:
    document = json.loads(whole.jsonld(whole.index.find("cahoots-eugene")))
    body = json.dumps(_without_contexts(document))
    head = set(document["@context"]) - {"@version", "id", "type", "xsd"}
    assert {name for name in head if f'"{name}"' not in body} == set()
    keys = {key for node in _walk(_without_contexts(document)) for key in node}
    assert keys - head == {"id", "type"}


def test_a_context_can_stand_elsewhere(shipped: Home, whole: Documents) -> None:
    linked = Documents(shipped, whole.index, context_url=_URL)
    thing = whole.index.find("oregon-measure-110")
    near, far = (json.loads(each.jsonld(thing)) for each in (whole, linked))
    url, added = far["@context"]
    assert url == _URL
    assert set(added) == {"adopted", "date", "effective", "issued"}
    assert jsonld.expand(near) == jsonld.expand(far, _loaded(whole))


def test_other_languages_stand_in_a_map(odd: Documents) -> None:
    (node,) = json.loads(
        b"".join(odd.framed(odd.frame("place"), [odd.index.find("a")], plain=True))
        .decode()
        .join("[]")
    )
    assert node["name"] == "a"
    assert node["nameByLanguage"] == {"en-gb": "A", "es": "A"}


def test_framed_documents_are_the_same_whatever_the_order(
    shipped: Home, whole: Documents, odd: Documents
) -> None:
    turned = Index(reversed(read_bytes(_ODD, "odd").triples), whole.index.kinds)
    again = Documents(shipped, turned)
    for name in ("place", "indicator", "observation"):
        one, other = (b"".join(each.framed(each.frame(name))) for each in (odd, again))
        assert one == other


def test_expanded_is_exact(whole: Documents) -> None:
    from pyoxigraph import parse

    data = b"".join(whole.expanded())
    found = {str(quad.triple) for quad in parse(data, format=RdfFormat.JSON_LD)}
    assert found == {str(triple) for triple in whole.index.triples()}
