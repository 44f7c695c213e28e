"""Exports: the same bytes on every run, and read back just the triples that went in."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize
from support.commands import cjph
from support.readers import NODE_MODULES, program
from support.saved import HOME

from cjph_graph.errors import RefusedError, UsageError
from cjph_graph.home.location import Home, home_files
from cjph_graph.home.schema import Kind, read_schema, read_shapes
from cjph_graph.publish import export_context, export_graph
from cjph_graph.publish.index import Index
from cjph_graph.publish.jsonld import Documents
from cjph_graph.rdf.reading import read_bytes, read_turtle

# rdflib's own JSON-LD parser still uses a class that rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

_EXPECTED = Path(__file__).parent / "exports"
_CHOSEN = ("cahoots-eugene", "oregon-measure-110", "988-answer-rate", "convening-2015")
# What a graph may hold although ours does not: each line is a way to lose something.
_ODD = b"""\
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix ex: <https://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a cjph:Indicator , ex:Unknown ;
  skos:prefLabel "one"@en , "two"@en , "uno"@es , "none" , 5 , ex:b , "odd"^^ex:type ;
  skos:note "a\\"b\\\\c\\n\\u0001\\u2028</script>"@en-GB ;
  cjph:place ex:b , "text" , "2020"^^xsd:gYear , 3 , [ cjph:value 1 ] ;
  cjph:value 8.0 , 8 , 08 , +8 , 1.0E0 , "8"^^xsd:integer , 9007199254740993 ,
    123456789012345678901234567890 , true , "1"^^xsd:boolean , "x"^^xsd:integer , "8"^^xsd:decimal ;
  cjph:statusAsOf "2020"^^xsd:gYear , "2020" , "2020-01-01"^^xsd:date , ex:b ;
  cjph:founded "1999"^^xsd:gYear ; ex:unknown ex:b , "plain" , 1 , ( 1 2 ) ;
  cjph:isoCode "US-OR" , "US-OR"@en , 1 .
<https://example.org/a#part-1> cjph:indicator ex:a ; a cjph:Observation .
<https://example.org/a#part-2> cjph:place ex:a ; cjph:indicator ex:a , ex:b .
ex:a cjph:finding <https://example.org/a#part-3> . <https://example.org/a#part-3> cjph:unit ex:a .
ex:b cjph:finding <https://example.org/a#part-3> , <https://example.org/gone#part> .
<https://example.org/gone#part> a cjph:Finding ; a [] .
<urn:x:y> <urn:x:z> <mailto:a@example.org> , <https://example.org/%C3%A4#\xc3\xa4?q=1&b> .
"""


@pytest.fixture(scope="module")
def whole(shipped: Home) -> bytes:
    return export_graph(shipped)


def _triples(home: Home) -> Index:
    files = [read_turtle(path) for path in home_files(home) if path != home.ontology]
    return Index(triple for file in files for triple in file.triples)


def _kinds(home: Home) -> tuple[Kind, ...]:
    return read_schema(read_shapes(home))


def _with_rdflib(document: bytes) -> set[str]:
    import rdflib

    normalized, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        graph = rdflib.Graph().parse(data=document, format="json-ld")
        text = graph.serialize(format="nt", encoding="utf-8")
    finally:
        rdflib.NORMALIZE_LITERALS = normalized
    return _canonical(text, RdfFormat.N_TRIPLES)


def _with_pyld(document: bytes) -> set[str]:
    from pyld import jsonld

    quads = jsonld.to_rdf(json.loads(document), {"format": "application/n-quads"})
    return _canonical(quads.encode(), RdfFormat.N_QUADS)


def _with_oxigraph(document: bytes) -> set[str]:
    return _canonical(document, RdfFormat.JSON_LD)


_PROGRAM = """
const { readFileSync } = require("node:fs");
const jsonld = require("node:module").createRequire(process.argv[1] + "/")("jsonld");
const documentLoader = (url) => { throw new Error("nothing is fetched: " + url); };
const options = { format: "application/n-quads", documentLoader };
jsonld.toRDF(JSON.parse(readFileSync(0, "utf-8")), options)
  .then((quads) => process.stdout.write(quads));
"""


def _with_jsonld_js(document: bytes) -> set[str]:
    command = [program("node"), "-e", _PROGRAM, str(NODE_MODULES)]
    done = subprocess.run(command, input=document, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return _canonical(done.stdout, RdfFormat.N_QUADS)


def _canonical(data: bytes, form: RdfFormat) -> set[str]:
    from pyoxigraph import CanonicalizationAlgorithm, Dataset

    dataset = Dataset(parse(data, format=form))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


_READERS = [
    _with_rdflib,
    _with_pyld,
    _with_oxigraph,
    pytest.param(_with_jsonld_js, marks=[pytest.mark.readers, pytest.mark.slow]),
]


@pytest.mark.parametrize("read", _READERS)
def test_a_graph_comes_back(shipped: Home, whole: bytes, read: object) -> None:
    assert callable(read)
    assert read(whole) == {str(triple) for triple in _triples(shipped).triples()}


@pytest.mark.slow
@pytest.mark.parametrize("read", _READERS)
def test_the_shipped_graph_comes_back(read: object) -> None:
    assert callable(read)
    assert read(export_graph(HOME)) == {str(triple) for triple in _triples(HOME).triples()}


@pytest.mark.parametrize("read", _READERS)
@pytest.mark.parametrize("name", ["988-answer-rate", "oregon-measure-110", "eugene"])
def test_what_a_frame_shows_is_in_the_graph(shipped: Home, read: object, name: str) -> None:
    assert callable(read)
    frame = {"988-answer-rate": "indicator", "eugene": "place"}.get(name, "policy")
    found = read(export_graph(shipped, [name], frame=frame))
    assert len(found) > 20
    assert found <= {str(triple) for triple in _triples(shipped).triples()}


@pytest.mark.parametrize("read", _READERS)
def test_the_expanded_graph_comes_back(shipped: Home, read: object) -> None:
    assert callable(read)
    index = _triples(shipped)
    document = b"".join(Documents(shipped, index).expanded())
    assert read(document) == {str(triple) for triple in index.triples()}


@pytest.mark.parametrize("read", _READERS)
@pytest.mark.parametrize("roots", [None, ["https://example.org/a", "https://example.org/b"]])
def test_odd_things_come_back(shipped: Home, read: object, roots: list[str] | None) -> None:
    assert callable(read)
    file = read_bytes(_ODD, "odd")
    assert file.problem is None
    things = Index(file.triples, _kinds(shipped))
    chosen = None if roots is None else [things.find(root) for root in roots]
    if chosen:
        things = things.gather(chosen)
    expected = serialize(things.triples(), format=RdfFormat.N_TRIPLES)
    assert expected is not None
    document = b"".join(Documents(shipped, things).whole(chosen))
    assert read(document) == _canonical(expected, RdfFormat.N_TRIPLES)


@pytest.mark.parametrize("read", _READERS)
@pytest.mark.parametrize(
    "text",
    [
        b'<http://e/a> <http://e/p> "5"^^<xsd:integer> , <xsd:date> , "2020"^^<http://e/t> .',
        b"<xsd:a> <xsd:b> <xsd://c> . <http://e/a> a <xsd:C> .",
        b"<http://e/a> <http://e/p> <id:x> , <type:Thing> , <name:y> . <type:a> <id:b> 1 .",
        b"<http://e/a> a <Finding:x> , <Finding:y> ; <finding:z> <finding:w> .",
    ],
)
def test_no_iri_is_read_by_a_term_it_seems_to_begin_with(
    shipped: Home, read: object, text: bytes
) -> None:
    assert callable(read)
    things = Index(read_bytes(text, "odd").triples, _kinds(shipped))
    document = b"".join(Documents(shipped, things).whole())
    expected = serialize(things.triples(), format=RdfFormat.N_TRIPLES)
    assert expected is not None
    assert read(document) == _canonical(expected, RdfFormat.N_TRIPLES)


_DIRECTED = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://e/a> skos:prefLabel "\u0645"@ar--rtl , "\u0645"@ar , "x"@en--ltr ;
  <http://e/p> "y"@he--rtl .
"""


def test_texts_keep_their_direction(shipped: Home) -> None:
    things = Index(read_bytes(_DIRECTED.encode(), "odd").triples, _kinds(shipped))
    document = json.loads(b"".join(Documents(shipped, things).whole()))
    [node] = document["@graph"]
    assert node["nameByLanguage"] == {"ar": "\u0645"}
    assert node["http://e/p"] == {"@value": "y", "@language": "he", "@direction": "rtl"}
    assert [(value["@language"], value["@direction"]) for value in node["name"]] == [
        ("en", "ltr"),
        ("ar", "rtl"),
    ]


_BLANK = """\
@prefix e: <http://e/> .
e:s e:p [ e:n 1 ; e:q 2 ] , [ e:n 1 ; e:q 3 ] , ( "a" "b" ( "c" ) ) ;
  e:q [ e:r [ e:t 1 ] ] ; e:l e:t .
e:t e:p ( 1 2 3 ) . e:u e:p ( "not" "wanted" ) . e:v e:p _:x . _:x e:p _:y . _:y e:p _:x .
"""
_STATED = """\
@prefix e: <http://e/> .
e:s e:says <<( e:a e:b "c"@en )>> ; e:q 1 {| e:source e:t |} . e:t e:p 2 {| e:by [ e:n 3 ] |} .
e:u e:p 4 .
"""


_FORMATS = {
    "jsonld": RdfFormat.JSON_LD,
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
}


def _home_of(home: Home, text: str) -> Home:
    for path in home.data.rglob("*.ttl"):
        path.unlink()
    (home.data / "own.ttl").write_text(text, encoding="utf-8")
    return home


@pytest.mark.parametrize("form", ["jsonld", "turtle", "ntriples"])
@pytest.mark.parametrize("names", [[], ["s"], ["v"]])
def test_blank_nodes_make_the_same_bytes_on_every_run(
    home: Home, names: list[str], form: str
) -> None:
    _home_of(home, _BLANK)
    assert len({export_graph(home, names, form=form) for _ in range(6)}) == 1


@pytest.mark.parametrize("form", ["jsonld", "turtle", "ntriples"])
@pytest.mark.parametrize(("name", "count"), [("s", 26), ("v", 3), ("u", 5)])
def test_a_thing_has_its_blank_nodes_to_the_end(
    home: Home, name: str, count: int, form: str
) -> None:
    _home_of(home, _BLANK)
    data = export_graph(home, [name], form=form)
    read = {
        "jsonld": RdfFormat.JSON_LD,
        "turtle": RdfFormat.TURTLE,
        "ntriples": RdfFormat.N_TRIPLES,
    }
    found = _canonical(data, read[form])
    nodes = {term for line in found for term in re.findall(r"_:\w+", line)}
    said = {line.split()[0] for line in found}
    assert nodes <= said
    assert len(found) == count
    assert ("wanted" in data.decode()) == (name == "u")


def test_a_list_of_any_length_is_written(home: Home) -> None:
    _home_of(home, f"<http://e/s> <http://e/p> ( {'1 ' * 3_000}) .")
    assert len(list(parse(export_graph(home, ["s"]), format=RdfFormat.JSON_LD))) == 6_001


@pytest.mark.parametrize("form", ["turtle", "ntriples"])
def test_statements_about_statements_are_kept(home: Home, form: str) -> None:
    _home_of(home, _STATED)
    everything = _canonical(_STATED.encode(), RdfFormat.TURTLE)
    assert everything <= _canonical(export_graph(home, form=form), _FORMATS[form])
    about = _canonical(export_graph(home, ["s"], form=form), _FORMATS[form])
    assert len(about) == 5
    assert sum("<<(" in line for line in about) == 2


@pytest.mark.parametrize("names", [[], ["s"], ["t"]])
def test_jsonld_refuses_statements_about_statements(home: Home, names: list[str]) -> None:
    _home_of(home, _STATED)
    with pytest.raises(RefusedError, match="JSON-LD cannot hold statements about statements"):
        export_graph(home, names)


@pytest.mark.parametrize("brackets", [True, False])
@pytest.mark.parametrize("iri", ["urn:x/y", "urn:uuid:1", "http://e/a%20b", "http://e/dir/"])
def test_a_thing_is_found_by_any_iri(home: Home, iri: str, brackets: bool) -> None:
    _home_of(home, f"<{iri}> <http://e/p> 7 .")
    data = export_graph(home, [f"<{iri}>" if brackets else iri], form="ntriples").decode()
    assert data.startswith(f"<{iri}> <http://e/p> ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ott", "has nothing called 'ott'.\nDid you mean otter[?]"),
        ("exeter", "Did you mean exe[?]"),
        ("canal", "Did you mean exe[?]"),
        ("oter", "Did you mean otter[?]"),
        ("https://example.org/waters/oter", "says nothing about .*\nDid you mean otter[?]"),
        ("zzzzzz", "cjph query profile"),
    ],
)
def test_an_unknown_thing_gets_a_suggestion(home: Home, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        export_graph(home, [name])


@pytest.mark.parametrize("form", ["jsonld", "turtle", "ntriples"])
@pytest.mark.parametrize("name", _CHOSEN)
def test_golden(shipped: Home, name: str, form: str) -> None:
    path = _EXPECTED / f"{name}.{form}"
    document = export_graph(shipped, [name], form=form)
    if os.environ.get("CJPH_GOLDEN") == "write":
        path.write_bytes(document)
    assert document.decode() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", _CHOSEN)
def test_every_format_says_the_same(shipped: Home, name: str) -> None:
    turtle = _canonical(export_graph(shipped, [name], form="turtle"), RdfFormat.TURTLE)
    assert _with_oxigraph(export_graph(shipped, [name])) == turtle
    ntriples = export_graph(shipped, [name], form="ntriples")
    assert _canonical(ntriples, RdfFormat.N_TRIPLES) == turtle


def test_the_same_bytes_whatever_the_hash_seed(shipped: Home, whole: bytes, tmp_path: Path) -> None:
    for seed in ("1", "2"):
        output = tmp_path / f"{seed}.jsonld"
        home = ["--home", str(shipped.path)]
        command = [sys.executable, "-m", "cjph_graph", *home, "export", "--output", str(output)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        assert output.read_bytes() == whole


def test_the_committed_context_is_the_derived_one(shipped: Home) -> None:
    assert shipped.context.read_bytes() == export_context(shipped)


def test_parts_stand_inside_their_thing(whole: bytes) -> None:
    nodes = {node["id"]: node for node in json.loads(whole)["@graph"]}
    base = "https://w3id.org/cjph"
    intervention = nodes[f"{base}/interventions/cahoots-eugene"]
    assert [finding["type"] for finding in intervention["finding"]] == ["Finding"]
    assert intervention["lead"] == [f"{base}/organisations/white-bird-clinic"]
    observations = nodes[f"{base}/indicators/988-answer-rate"]["observation"]
    assert [(o["value"], "indicator" in o) for o in observations] == [(64, False), (91, False)]
    assert not [iri for iri in nodes if "#" in iri]


def test_a_chosen_thing_describes_what_it_links_to(shipped: Home) -> None:
    (node,) = json.loads(export_graph(shipped, ["cahoots-eugene"]))["@graph"]
    [lead], [finding] = node["lead"], node["finding"]
    assert lead["name"] == "White Bird Clinic"
    assert finding["source"][0]["url"] == "https://whitebirdclinic.org/tag/cahoots/"
    assert lead["place"] == ["https://w3id.org/cjph/places/eugene"]


@pytest.mark.parametrize(
    "kind", ["policies", "Policy", "policy", "https://w3id.org/cjph/ontology#Policy"]
)
def test_a_kind_by_any_of_its_names(shipped: Home, kind: str) -> None:
    nodes = json.loads(export_graph(shipped, kind=kind))["@graph"]
    assert len(nodes) == len([*shipped.data.glob("policies/*.ttl")])
    assert {node["type"] for node in nodes} == {"Policy"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["cahots-eugene"], "nothing called 'cahots-eugene'.\nDid you mean cahoots-eugene?"),
        (
            ["https://w3id.org/cjph/places/oregn"],
            "nothing about https://w3id.org/cjph/places/oregn",
        ),
        (["https://not an iri"], "is not an IRI"),
        (
            ["--kind", "intervention-s"],
            "There is no kind 'intervention-s'.\nDid you mean interventions?",
        ),
        (["--context", "cahoots-eugene"], "leave out the rest"),
    ],
)
def test_what_does_not_exist(shipped: Home, arguments: list[str], said: str) -> None:
    result = cjph(shipped, "export", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_slug_of_two_things_is_ambiguous(shipped: Home) -> None:
    result = cjph(shipped, "export", "conditions-of-confinement")
    assert result.returncode == 2
    assert "names 2 things" in result.stderr
    assert "vocabulary/issue/conditions-of-confinement" in result.stderr


def test_a_broken_home_is_named(home: Home) -> None:
    next(home.data.rglob("*.ttl")).write_text("oops", encoding="utf-8")
    result = cjph(home, "export")
    assert (result.returncode, result.stdout) == (2, "")
    assert "waters/all.ttl:1:" in result.stderr
