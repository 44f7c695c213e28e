"""What is answered, what is refused before it runs, and how a wrong query is explained."""

import itertools

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from cjph_graph.errors import CjphError, InputError, LimitError, RefusedError, UsageError
from cjph_graph.sparql import LocalEngine, Value, run
from cjph_graph.sparql.graph_queries import described
from cjph_graph.sparql.tokens import MAX_NESTING, MAX_SYMBOLS

_P = "PREFIX ex: <https://example.org/terms#>\n"


def test_rows_are_dicts_of_plain_values(engine: LocalEngine) -> None:
    rows = engine.select(_P + "SELECT ?w ?km ?no { ?w ex:km ?km } ORDER BY ?km")
    assert rows.variables == ("w", "km", "no")
    assert list(rows) == [
        {"w": "https://example.org/waters/exe", "km": 8.5, "no": None},
        {"w": "https://example.org/waters/otter", "km": 32, "no": None},
    ]


def test_rows_without_order_are_sorted(engine: LocalEngine) -> None:
    values = " ".join(f'"{letter}"' for letter in "dbca")
    unordered = engine.select(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    assert [row["x"] for row in unordered] == ["a", "b", "c", "d"]
    ordered = engine.select(f"SELECT ?x {{ VALUES ?x {{ {values} }} }} ORDER BY DESC(?x)")
    assert [row["x"] for row in ordered] == ["d", "c", "b", "a"]


def test_an_order_inside_does_not_order_the_whole(engine: LocalEngine) -> None:
    inside = 'SELECT ?x { { SELECT ?x { VALUES ?x { "a" "b" } } ORDER BY DESC(?x) } }'
    assert [row["x"] for row in engine.select(inside)] == ["a", "b"]


def test_blank_nodes_have_names_that_stay(engine: LocalEngine) -> None:
    rows = engine.select("SELECT ?a ?b { BIND(BNODE() AS ?a) BIND(BNODE() AS ?b) }")
    assert list(rows) == [{"a": "b0", "b": "b1"}]


def test_every_form_is_answered(engine: LocalEngine) -> None:
    assert run(engine, "ASK { ?s ?p ?o }") is True
    assert run(engine, "ASK { ?s <http://no/> ?o }") is False
    built = engine.construct(_P + "CONSTRUCT { ?w a ex:Seen } WHERE { ?w ex:km ?km }")
    assert len(built) == 2
    told = run(engine, "DESCRIBE <https://example.org/waters/otter>")
    assert not isinstance(told, bool)
    assert len(told) == 5


def test_a_method_answers_only_its_own_form(engine: LocalEngine) -> None:
    with pytest.raises(UsageError, match="This is ASK, but SELECT is needed here"):
        engine.select("ASK {}")
    with pytest.raises(UsageError, match="CONSTRUCT or DESCRIBE"):
        engine.construct("SELECT * {}")


def test_described_says_which_iris_are_subjects(engine: LocalEngine) -> None:
    otter = NamedNode("https://example.org/waters/otter")
    terms: list[Value | None] = [otter, NamedNode("http://no/"), Literal("x"), None]
    assert described(engine, terms) == {otter.value}
    assert described(engine, []) == frozenset()


def test_described_takes_more_iris_than_a_query_holds(engine: LocalEngine) -> None:
    otter = NamedNode("https://example.org/waters/otter")
    many = [NamedNode(f"https://example.org/{'a' * 100}/{number}") for number in range(6_000)]
    assert described(engine, [*many, otter]) == {otter.value}


_SERVICE = "SERVICE <http://127.0.0.1:1/> { ?a ?b ?c }"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ {_SERVICE} }}",
        f"SELECT * {{ ?s ?p ?o OPTIONAL {{ {{ {_SERVICE.lower()} }} }} }}",
        f"ASK {{ FILTER NOT EXISTS {{ {_SERVICE} }} }}",
        f"SELECT * {{ {{ SELECT * {{ {_SERVICE} }} }} }}",
        f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ {_SERVICE.replace('E ', 'E SILENT ', 1)} }}",
        "SELECT * { VALUES ?x { <http://127.0.0.1:1/> } SERVICE?x{ ?a ?b ?c } }",
        f"SELECT * {{ # a comment\r {_SERVICE} }}",
        f"SELECT * {{ BIND(1 AS ?x){_SERVICE} }}",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:x { ?a ?b ?c } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICESILENT:x{ ?a ?b ?c } }",
        f"SELECT * {{ ?s <http://e#p> '''\\''' # ''' . {_SERVICE} }}",
        f'SELECT * {{ BIND("a\\"" AS ?x) {_SERVICE} # " \n }}',
    ],
)
def test_service_is_refused_wherever_it_hides(engine: LocalEngine, text: str) -> None:
    with pytest.raises(RefusedError, match="SERVICE"):
        run(engine, text)


@pytest.mark.parametrize(
    "hidden",
    [
        f"FILTER(?a<b:c#>'''\n) {_SERVICE} #'''\n",
        f"FILTER(?a<b:c'>'\n) {_SERVICE} #'\n",
        f"BIND(?a<b:c#>'''\n AS ?z) {_SERVICE} #'''\n",
        "FILTER(?a<" + "(" * 50 + "1" + ")" * 50 + ">2)",
    ],
)
def test_a_comparison_that_looks_like_an_iri_hides_nothing(
    engine: LocalEngine, hidden: str
) -> None:
    text = f"PREFIX b: <http://b/> SELECT * {{ BIND(1 AS ?a) {hidden} }}"
    with pytest.raises(RefusedError):
        run(engine, text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { BIND("SERVICE <http://e> { } FROM" AS ?x) }',
        "SELECT * { BIND('''\nSERVICE ' FROM''' AS ?x) }",
        "SELECT * { BIND(<http://e/SERVICE#FROM> AS ?x) } # SERVICE FROM",
        "SELECT ?service ?from { BIND(1 AS ?service) BIND(2 AS ?from) }",
        "PREFIX service: <http://e/> SELECT * { BIND(service:from AS ?x) }",
        'SELECT * { BIND("x"@from AS ?x) }',
        'SELECT * { VALUES (?x ?y) { ("a" <http://e#b>) ("c" <http://e#d>) } }',
        "SELECT * { BIND(1 < 2 && 3 > 2 AS ?x) }",
        "SELECT * { BIND(2 AS ?a) BIND(?a<3&&4>?a AS ?x) }",
    ],
)
def test_harmless_queries_run(engine: LocalEngine, text: str) -> None:
    assert len(engine.select(text)) > 0


@pytest.mark.parametrize("clause", ["FROM <http://e/>", "from named <file:///etc/hosts>"])
def test_other_graphs_are_refused(engine: LocalEngine, clause: str) -> None:
    with pytest.raises(RefusedError, match="line 1, column 10: FROM"):
        engine.select(f"SELECT * {clause} {{ ?s ?p ?o }}")


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <file:///etc/hosts>",
        "INSERT DATA { <http://s> <http://p> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "PREFIX a: <http://a/> DROP ALL",
        "# SELECT\nwith <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(engine: LocalEngine, text: str) -> None:
    with pytest.raises(RefusedError, match="queries here only read"):
        run(engine, text)


@pytest.mark.parametrize("pair", ["{}", "()", "[]"])
def test_a_nesting_bomb_is_defused(engine: LocalEngine, pair: str) -> None:
    inside = pair[0] * 50_000 + pair[1] * 50_000
    with pytest.raises(LimitError, match="nested") as raised:
        engine.select(f"SELECT * {{ {inside} }}")
    assert raised.value.exit_code == 3


def test_nesting_within_the_bound_runs(engine: LocalEngine) -> None:
    deep = MAX_NESTING - 1
    assert len(engine.select(f"SELECT * {{ {'{' * deep}{'}' * deep} }}")) == 1


def test_a_chain_that_would_overflow_is_a_limit(engine: LocalEngine) -> None:
    with pytest.raises(LimitError, match=f"{MAX_SYMBOLS} are allowed"):
        engine.select(f"SELECT * {{ FILTER({'!' * 50_000}true) }}")


def test_many_values_are_no_chain(engine: LocalEngine) -> None:
    assert len(engine.select(f"SELECT * {{ VALUES ?x {{ {'1 ' * 20_000} }} }}")) == 20_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "SELECT * {\n ?s ?p }",
            "line 2, column 9: this is not SPARQL, here or just before, near `?s ?p }`.",
        ),
        (
            "SELECT * { ?s ?p ?o",
            "line 1, column 20: this is not SPARQL, here or just before, near `SELECT",
        ),
        ("SELECT * { ?s no:p ?o }", "line 1, column 15: the prefix no: is not declared."),
        ("SELECT * { ?s <rel> ?o }", "this is not an absolute IRI."),
        ("SELECT ?s { ?s ?p ?o } GROUP BY ?p", "The SELECT contains a variable that is unbound."),
        ("", "line 1, column 1: a query says SELECT, ASK, CONSTRUCT or DESCRIBE here."),
        ("SELECTED * {}", "line 1, column 1: a query says"),
        ("SELECT * { BIND(<http://no>(1) AS ?x) }", "The query cannot be answered: "),
    ],
)
def test_a_wrong_query_is_explained_in_one_sentence(
    engine: LocalEngine, text: str, said: str
) -> None:
    with pytest.raises(InputError) as raised:
        run(engine, text)
    assert said in raised.value.message
    assert "\n" not in raised.value.message
    assert isinstance(raised.value, CjphError)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", ("s", "p", "o")),
        ("SELECT DISTINCT* { ?s10 ?s9 ?s1 FILTER(?a = 1) } LIMIT 1", ("s10", "s9", "s1")),
        ("# ?o\nSELECT REDUCED * { ?s ?p ?o BIND(1 AS ?a) } LIMIT 1", ("s", "p", "o", "a")),
        ("SELECT ?p ?s { ?s ?p ?o } LIMIT 1", ("p", "s")),
    ],
)
def test_all_columns_come_in_the_order_of_the_text(
    text: str, columns: tuple[str, ...], engine: LocalEngine
) -> None:
    found = engine.select(text)
    assert found.variables == columns
    triple = next(iter(engine.construct("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1")))
    if columns == ("s", "p", "o"):
        assert found.rows == ((triple.subject, triple.predicate, triple.object),)


@pytest.mark.parametrize("order", ["", " ORDER BY ?x", " ORDER BY ?p"])
def test_rows_with_blank_nodes_are_the_same_on_every_run(order: str) -> None:
    lines = "".join(f'[] <http://e/p> "{n}" ; <http://e/q> _:x{n % 3} .\n' for n in range(9))
    found = set()
    for _ in range(8):
        store = Store()
        store.load(lines.encode(), format=RdfFormat.TURTLE)
        text = f"SELECT ?x ?o {{ ?s <http://e/q> ?x ; ?p ?o }}{order}"
        found.add(LocalEngine(store).select(text))
    assert len(found) == 1
    if "?x" in order:
        [rows] = found
        assert len(list(itertools.groupby(row[0] for row in rows.rows))) == 3
