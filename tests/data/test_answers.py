"""The saved questions: each gives the answer that was looked at and kept.

`make golden` writes the kept answers anew.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Quad, Store
from support.homes import shipped_part
from support.saved import CASES, HOME, QUERIES, answer

import cjph_graph
from cjph_graph.home import Home, Parameter, Query, bind, get_query, home_files, parse_query
from cjph_graph.home.saved_queries import values_block
from cjph_graph.rdf.loading import load
from cjph_graph.sparql import LocalEngine, Result, Row, Rows, Triples, write_results
from cjph_graph.sparql.tokens import QueryForm, is_ordered, refuse_unsafe, tokenize

if TYPE_CHECKING:
    import rdflib

_KEPT = Path(__file__).parent / "answers"
# What the facts' own files hold, row for row; of the values two rows are the ends of one range.
_COUNTS = {
    "Intervention": 130,
    "Policy": 85,
    "PolicyChange": 14,
    "Finding": 287,
    "Organisation": 335,
    "Indicator": 63,
    "Observation": 3122,
    "Place": 130,
    "Source": 526,
}
# The schemes that have a few values beyond the facts, for what the facts leave in plain words.
_OWN_SCHEMES = {
    "observation-status",
    "role-kind",
    "resource-kind",
    "place-kind",
    "change-direction",
    "breakdown",
}


@pytest.fixture(scope="module")
def shipped() -> Home:
    return HOME


@pytest.fixture(scope="module")
def answering(shipped: Home) -> LocalEngine:
    return LocalEngine(load(home_files(shipped)))


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_answer_is_the_one_that_was_kept(name: str, kind: str, answering: LocalEngine) -> None:
    result = answer(name, kind, answering)
    path, written = _kept(name, kind, result)
    if os.environ.get("CJPH_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written)
    assert isinstance(result, bool) or len(result), "an example answers with something"
    assert not isinstance(result, Rows) or len(set(result.rows)) == len(result), (
        "a row is there twice"
    )
    assert written == path.read_bytes()


def _kept(name: str, kind: str, result: Result) -> tuple[Path, bytes]:
    """Return where an answer is kept, and as what."""
    graph = isinstance(result, Triples)
    written = write_results(result, "turtle" if graph else "csv", prefixes=QUERIES[name].prefixes)
    return _KEPT / f"{name}{kind}.{'ttl' if graph else 'csv'}", written


def test_nothing_is_kept_for_a_question_that_is_gone() -> None:
    assert {path.stem for path in _KEPT.iterdir()} == {name + kind for name, kind in CASES}


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_has_a_title_and_is_safe_and_ordered(name: str, answering: LocalEngine) -> None:
    query = QUERIES[name]
    assert query.title
    assert query.description.endswith(".")
    tokens = tokenize(query.text)
    refuse_unsafe(query.text, tokens)
    assert query.form is not QueryForm.SELECT or is_ordered(tokens)
    for parameter in query.parameters:
        bound = parse_query(bind(query, {parameter.name: [parameter.default]}, answering), name)
        assert _held(query, parameter, answering) == _held(bound, parameter, answering)


def _held(query: Query, parameter: Parameter, engine: LocalEngine) -> list[Row]:
    """Return what the block of a parameter holds."""
    block = values_block(query, parameter)
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in query.prefixes.items())
    values = query.text[block.start : block.end]
    text = f"{prefixes}SELECT ?{block.name} {{ VALUES ?{block.name} {values} }}"
    return [*engine.select(text).rows]


@pytest.mark.parametrize("name", QUERIES)
def test_another_engine_reads_it(name: str) -> None:
    from rdflib.plugins.sparql import prepareQuery

    prepareQuery(QUERIES[name].text)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a part of the home, as other engines are slow: each question has an answer in it."""
    return shipped_part(
        tmp_path_factory.mktemp("part"),
        "indicators/988-answer-rate",
        "interventions/cahoots-eugene",
        "interventions/star-denver",
        "policies/988-act-2020",
        "policies/oregon-measure-110",
    )


@pytest.fixture(scope="module")
def engines(part: Home) -> tuple[LocalEngine, "rdflib.Graph"]:
    return LocalEngine(load(home_files(part))), cjph_graph.to_rdflib(part)


@pytest.mark.parametrize(
    "name",
    [
        "caveats",
        "changed-since",
        "convenings",
        "findings",
        "interventions-instead-of-police",
        "organisations-by-role-in-the-alliance",
        "policies-undone",
        "profile",
        "resources",
        "source-quality",
        "workgroups-and-what-they-made",
    ],
)
def test_another_engine_gives_the_same_rows(
    name: str, engines: tuple[LocalEngine, "rdflib.Graph"]
) -> None:
    here, elsewhere = engines
    result = answer(name, "", here)
    assert isinstance(result, Rows)
    assert len(result)
    ours = [tuple("" if t is None else getattr(t, "value", "") for t in row) for row in result.rows]
    theirs = [
        tuple("" if term is None else str(term) for term in row)
        for row in elsewhere.query(QUERIES[name].text)
        if isinstance(row, tuple)
    ]
    assert sorted(ours) == sorted(theirs)


def test_the_profile_has_the_counts_of_the_facts(answering: LocalEngine) -> None:
    result = answer("profile", "", answering)
    assert isinstance(result, Rows)
    counts = {row["class"].rpartition("#")[2]: row["things"] for row in result}
    assert {name: counts[name] for name in _COUNTS} == _COUNTS


@pytest.mark.parametrize(("kind", "count"), [("outcome", 237), ("output", 45), ("forecast", 5)])
def test_outcomes_are_kept_apart_from_outputs_and_forecasts(
    kind: str, count: int, answering: LocalEngine
) -> None:
    assert len(answering.select(bind(QUERIES["findings"], {"kind": [kind]}, answering))) == count


def test_the_vocabularies_have_the_counts_of_the_facts(shipped: Home) -> None:
    rows = cjph_graph.answer(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        " SELECT ?scheme (COUNT(?c) AS ?values) { ?c skos:inScheme ?scheme } GROUP BY ?scheme",
        home=shipped,
    )
    assert isinstance(rows, Rows)
    counts = {row["scheme"].rpartition("/")[2]: row["values"] for row in rows}
    assert sum(count for name, count in counts.items() if name not in _OWN_SCHEMES) == 221
    assert counts.keys() >= _OWN_SCHEMES


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_the_order_of_files_changes_nothing(name: str, kind: str, backwards: LocalEngine) -> None:
    path, written = _kept(name, kind, answer(name, kind, backwards))
    assert written == path.read_bytes()


@pytest.fixture(scope="module")
def backwards(shipped: Home) -> LocalEngine:
    return LocalEngine(load(reversed(home_files(shipped))))


@pytest.mark.parametrize(
    ("name", "parameter", "wide", "narrow"),
    [
        ("interventions-by-issue", "issue", "violence", "domestic-violence"),
        ("findings", "issue", "poverty", "homelessness"),
        ("lacking-evidence", "issue", "youth", "school-discipline"),
        ("interventions-replacing", "response", "police-response", "police-dispatch"),
        ("interventions-by-place", "place", "california", "los-angeles-county"),
        ("place-profile", "place", "california", "oakland"),
        ("disparity", "group", "black", "students-black"),
        ("vocabularies", "vocabulary", "issue", "issue"),
    ],
)
def test_several_values_mean_any_of_them_and_a_wide_one_holds_the_narrow(
    name: str, parameter: str, wide: str, narrow: str, answering: LocalEngine
) -> None:
    query = QUERIES[name]

    def asked(*values: str) -> Rows:
        return answering.select(bind(query, {parameter: values}, answering))

    assert asked(wide, narrow) == asked(narrow, wide) == asked(wide)
    assert 0 < len(asked(narrow)) <= len(asked(wide))
    assert set(asked(narrow).rows) <= set(asked(wide).rows)


@pytest.mark.parametrize(
    "asking",
    [
        "?o a qb:Observation FILTER NOT EXISTS { ?o qb:dataSet ?d }",
        "?o qb:dataSet ?d, ?e FILTER(?d != ?e)",
        "?d a qb:DataSet FILTER NOT EXISTS { ?d qb:structure/a qb:DataStructureDefinition }",
        "?s a qb:DataStructureDefinition FILTER NOT EXISTS { ?s qb:component/qb:measure ?m }",
        "?p a qb:DimensionProperty FILTER NOT EXISTS { ?p rdfs:range ?r }",
        "?p a qb:DimensionProperty ; rdfs:range skos:Concept"
        " FILTER NOT EXISTS { ?p qb:codeList ?l }",
        "?o qb:dataSet/qb:structure/qb:component/(qb:dimension|qb:measure) ?p"
        " FILTER NOT EXISTS { ?o ?p ?v }",
        "?o qb:dataSet ?d ; ?p ?v . ?p a qb:DimensionProperty ; qb:codeList ?l"
        " FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?l }",
        "?o qb:dataSet ?d . ?n qb:dataSet ?d FILTER(?o != ?n)"
        " FILTER NOT EXISTS { ?p a qb:DimensionProperty . ?o ?p ?v . ?n ?p ?w FILTER(?v != ?w) }",
    ],
    ids=["IC-1", "IC-1-two", "IC-2", "IC-3", "IC-4", "IC-5", "IC-11-14", "IC-19", "IC-12"],
)
def test_the_cube_keeps_the_integrity_constraints_of_the_w3c(
    asking: str, answering: LocalEngine
) -> None:
    result = answer("data-cube", "", answering)
    assert isinstance(result, Triples)
    cube = Store()
    cube.extend(Quad(*triple) for triple in result)
    assert not LocalEngine(cube).ask(
        "PREFIX qb: <http://purl.org/linked-data/cube#>"
        " PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        " PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        f" ASK {{ {asking} }}"
    )


def test_a_question_that_is_not_there() -> None:
    with pytest.raises(cjph_graph.UsageError, match="did you mean profile"):
        get_query(HOME, "profil")
