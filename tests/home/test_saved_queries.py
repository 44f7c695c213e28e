"""Saved queries: headers, parameters, what a value may be, and that it stays a value."""

import pytest

from cjph_graph.errors import InputError, RefusedError, UsageError
from cjph_graph.home.location import Home
from cjph_graph.home.parameters import bind, choices
from cjph_graph.home.saved_queries import (
    Parameter,
    Query,
    get_parameter,
    get_query,
    list_queries,
    parse_query,
)
from cjph_graph.sparql import LocalEngine, Rows, run
from cjph_graph.sparql.tokens import QueryForm

_EXE, _OTTER = "https://example.org/waters/exe", "https://example.org/waters/otter"


@pytest.fixture
def query(home: Home) -> Query:
    return get_query(home, "waters-by-use")


def _waters(query: Query, engine: LocalEngine, **values: list[str]) -> list[str]:
    result = run(engine, bind(query, values, engine))
    assert isinstance(result, Rows)
    return [str(row["water"]) for row in result]


def _literal_query(datatype: str, default: str = "UNDEF") -> Query:
    return parse_query(
        f"#+ title: T\n#+ param: x\n#+   type: xsd:{datatype}\n#+   description: D.\n"
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        f"SELECT ?x {{ VALUES ?x {{ {default} }} }}",
        "q",
    )


def test_a_header_is_read(query: Query) -> None:
    assert (query.name, query.title) == ("waters-by-use", "Waters by use")
    assert query.description == "The waters that serve a use, with their length."
    assert query.form is QueryForm.SELECT
    assert query.parameters[0] == Parameter(
        "use", "https://example.org/use", "any", "trade", "The use."
    )
    assert [p.type for p in query.parameters[1:]] == [
        "https://example.org/terms#Water",
        "http://www.w3.org/2001/XMLSchema#decimal",
    ]


def test_queries_are_listed_by_name(home: Home) -> None:
    assert [query.name for query in list_queries(home).queries] == ["anything", "waters-by-use"]


def test_a_wrong_name_says_what_was_probably_meant(home: Home) -> None:
    with pytest.raises(UsageError, match=r"'water-by-use'; did you mean waters-by-use\?") as raised:
        get_query(home, "water-by-use")
    assert "`cjph query`" in (raised.value.hint or "")


@pytest.mark.parametrize("name", ["../queries/anything", "/etc/passwd", "anything.rq", ""])
def test_a_name_is_no_path(home: Home, name: str) -> None:
    with pytest.raises(UsageError, match="There is no query"):
        get_query(home, name)


def test_without_values_the_text_is_as_it_stands(query: Query, engine: LocalEngine) -> None:
    assert bind(query, {}, engine) == query.text


@pytest.mark.parametrize(
    "value",
    [
        _EXE,
        f"<{_EXE}>",
        "exe",
        "Exeter Canal",
        "  EXETER   canal ",
    ],
)
def test_a_value_may_be_an_iri_a_slug_or_a_label(
    query: Query, engine: LocalEngine, value: str
) -> None:
    assert _waters(query, engine, water=[value]) == [_EXE]


def test_an_alternative_label_will_do(query: Query, engine: LocalEngine) -> None:
    assert _waters(query, engine, use=["commerce"]) == [_EXE]


def test_several_values_mean_any_of_them(query: Query, engine: LocalEngine) -> None:
    assert _waters(query, engine, water=["otter", "otter"]) == [_OTTER]
    assert set(_waters(query, engine, water=["otter", "exe"])) == {_OTTER, _EXE}


def test_parameters_are_set_together(query: Query, engine: LocalEngine) -> None:
    assert _waters(query, engine, use=["leisure"], above=["10"]) == [_OTTER]
    assert _waters(query, engine, use=["trade"], above=["10"]) == []


def test_any_is_a_value_where_it_is_the_default(query: Query, engine: LocalEngine) -> None:
    assert _waters(query, engine, use=["any"]) == _waters(query, engine)


def test_only_the_block_of_the_variable_changes(query: Query, engine: LocalEngine) -> None:
    text = bind(query, {"use": ["trade"]}, engine)
    block = "VALUES ?use { <https://example.org/use/trade> }"
    assert text == query.text.replace("VALUES ?use { UNDEF }", block)


def test_an_ambiguous_label_lists_the_things(query: Query, engine: LocalEngine) -> None:
    with pytest.raises(UsageError, match="'pleasure' names 2 things") as raised:
        bind(query, {"use": ["pleasure"]}, engine)
    assert "https://example.org/use/leisure" in raised.value.message
    assert "https://example.org/use/pleasure-trips" in raised.value.message


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("leisur", "; did you mean leisure or "),
        ("Comerce", "did you mean trade?"),
        ("https://example.org/use/trad", "did you mean trade?"),
        ("xyzzy", "'xyzzy' is not a value of use."),
    ],
)
def test_a_wrong_value_says_what_was_probably_meant(
    query: Query, engine: LocalEngine, value: str, meant: str
) -> None:
    with pytest.raises(UsageError) as raised:
        bind(query, {"use": [value]}, engine)
    assert meant in raised.value.message
    assert raised.value.hint == "`cjph query waters-by-use -p use` lists its values."


@pytest.mark.parametrize(
    "value",
    [
        'trade> } ?s ?p ?o . VALUES ?y { "',
        "<https://example.org/use/trade> } SERVICE <http://127.0.0.1:1/> { ?a ?b ?c",
        '" } DROP ALL #',
        "UNDEF",
        "",
    ],
)
def test_what_is_typed_never_becomes_query_text(
    query: Query, engine: LocalEngine, value: str
) -> None:
    with pytest.raises(UsageError, match="is not a value of use"):
        bind(query, {"use": [value]}, engine)


@pytest.mark.parametrize(
    "value", ['x" } #', "x' } #", "a\\", 'a\\" } SERVICE <http://e> { #', "é\n\t\r", "{}()<>?$"]
)
def test_a_string_comes_back_as_it_was_typed(engine: LocalEngine, value: str) -> None:
    result = run(engine, bind(_literal_query("string"), {"x": [value]}, engine))
    assert isinstance(result, Rows)
    assert list(result) == [{"x": value}]


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        ("boolean", "true"),
        ("integer", "-7"),
        ("decimal", "1.5"),
        ("double", "1e3"),
        ("gYear", "2024"),
        ("gYear", "-0044"),
        ("gYear", "12024"),
        ("gYearMonth", "2024-05"),
        ("date", "2024-02-29"),
        ("date", "-0044-03-15"),
        ("date", "2024-05-31+14:00"),
        ("dateTime", "2024-05-31T24:00:00-05:00"),
        ("double", "-INF"),
        ("dateTime", "2024-02-29T12:00:00Z"),
        ("anyURI", "https://example.org/a?b=c"),
    ],
)
def test_a_literal_has_its_datatype(engine: LocalEngine, datatype: str, value: str) -> None:
    text = bind(_literal_query(datatype), {"x": [f" {value} "]}, engine)
    assert f'"{value}"^^<http://www.w3.org/2001/XMLSchema#{datatype}>' in text
    assert len(engine.select(text)) == 1


@pytest.mark.parametrize(
    ("datatype", "value", "said"),
    [
        ("boolean", "yes", "true or false"),
        ("integer", "1.5", "a whole number"),
        ("integer", "9" * 5000, "a whole number"),
        ("integer", "٣", "a whole number"),
        ("decimal", "1e3", "a number"),
        ("gYear", "24", "a year, as in 2024"),
        ("date", "2023-02-29", "a date, as in"),
        ("date", "31/05/2024", "a date, as in"),
        ("date", "any day", "a date, as in"),
        ("date", "2024-05-31+14:30", "a date, as in"),
        ("dateTime", "2024-05-31T25:61:00Z", "a date and time"),
        ("dateTime", "2024-05-31T24:00:01", "a date and time"),
        ("dateTime", "2024-02-30T12:00:00", "a date and time"),
        ("gYear", "0x7E8", "a year, as in 2024"),
        ("gYearMonth", "2024-13", "a year and month"),
        ("anyURI", "not an address", "an address"),
    ],
)
def test_a_wrong_literal_says_the_form_expected(
    engine: LocalEngine, datatype: str, value: str, said: str
) -> None:
    with pytest.raises(UsageError, match=f"does not fit the parameter x, which is {said}"):
        bind(_literal_query(datatype), {"x": [value]}, engine)


def test_a_wrong_parameter_says_which_there_are(query: Query, home: Home) -> None:
    with pytest.raises(UsageError, match=r"no parameter 'watr'; did you mean water\?") as raised:
        get_parameter(query, "watr")
    assert raised.value.hint == "It has: use, water, above."
    with pytest.raises(UsageError, match="anything has no parameters"):
        get_parameter(get_query(home, "anything"), "use")


def test_choices_are_instances_of_subclasses_too(query: Query, engine: LocalEngine) -> None:
    known = choices(get_parameter(query, "water"), engine)
    assert [(c.slug, c.labels) for c in known] == [
        ("exe", ("Exeter  Canal",)),
        ("otter", ("River Otter",)),
    ]
    assert choices(get_parameter(query, "above"), engine) == []


@pytest.mark.parametrize("value", ["{}", " <{}> "])
def test_whoever_names_a_thing_by_its_iri_need_not_wait_for_all(
    value: str, query: Query, engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LocalEngine, "select", lambda *_: pytest.fail("all are asked for"))
    iri = "https://example.org/waters/exe"
    assert f"VALUES ?water {{ <{iri}> }}" in bind(query, {"water": [value.format(iri)]}, engine)


def test_preferred_labels_come_first(query: Query, engine: LocalEngine) -> None:
    known = choices(get_parameter(query, "use"), engine)
    assert known[0].labels == ("Leisure", "Pleasure")


def test_an_update_is_no_query() -> None:
    with pytest.raises(RefusedError):
        parse_query("#+ title: T\nDROP ALL", "q")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("VALUES ?use { UNDEF }", "", r"use has no blocks `VALUES \?use"),
        ("VALUES ?water { UNDEF }", "VALUES ?water {} VALUES ?water {}", "water has 2 blocks"),
        ("type: ex:Water", "type: no:Water", "no:Water uses a prefix"),
        ("type: ex:Water", "type: <Water>", "is not an IRI"),
        ("type: xsd:decimal", "type: xsd:hexBinary", "datatype that is not supported"),
        ("#+   type: ex:Water\n", "", "water has no type"),
        ("#+   description: The use.\n", "", "use has no description"),
        ("#+ title: Waters by use\n", "", "parameters but no title"),
        ("default: any", "defualt: any", "line 6: 'defualt' does not belong here"),
        ("param: water", "param: use", "'use' cannot name a new parameter"),
        ("param: water", "param: a b", "'a b' cannot name a new parameter"),
        ("#+ title:", "#+ nonsense\n#+ title:", "line 1: a header line is"),
    ],
)
def test_a_broken_header_is_reported(query: Query, old: str, new: str, said: str) -> None:
    text = query.text.replace(old, new, 1)
    assert text != query.text
    with pytest.raises(InputError, match=said):
        parse_query(text, query.name)


def test_a_query_without_header_runs(engine: LocalEngine) -> None:
    bare = parse_query("SELECT ?x { VALUES ?x { 1 } }", "bare")
    assert (bare.title, bare.parameters) == ("", ())
    with pytest.raises(UsageError, match="has no parameters, so x cannot be set"):
        bind(bare, {"x": ["2"]}, engine)


@pytest.fixture
def about() -> Query:
    text = (
        "#+ title: T\n#+ param: thing\n#+   type: rdfs:Resource\n#+   description: D.\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?p ?o { VALUES ?thing { UNDEF } ?thing ?p ?o }"
    )
    return parse_query(text, "about")


@pytest.mark.parametrize(
    "value", [_OTTER, "otter", "River Otter", "<https://example.org/terms#Canal>"]
)
def test_a_parameter_may_be_any_thing(about: Query, engine: LocalEngine, value: str) -> None:
    assert len(engine.select(bind(about, {"thing": [value]}, engine))) > 1


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("ott", "did you mean otter?"),
        ("exeter", "did you mean exe?"),
        ("https://example.org/waters/ote", "did you mean otter?"),
        ("nobody", "'nobody' is not a value of thing."),
    ],
)
def test_any_thing_has_to_be_there(
    about: Query, engine: LocalEngine, value: str, meant: str
) -> None:
    with pytest.raises(UsageError) as raised:
        bind(about, {"thing": [value]}, engine)
    assert meant in raised.value.message
