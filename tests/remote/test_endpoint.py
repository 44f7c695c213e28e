"""SPARQL over HTTP: what is asked of a server, and what is believed of its answers."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, Triple
from support.commands import cjph
from support.serving import Answer, Asked, alone, serving, store_answering

from cjph_graph.errors import (
    CjphError,
    EndpointError,
    InputError,
    LimitError,
    RefusedError,
    UsageError,
)
from cjph_graph.home.location import Home
from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.remote.paging import Manner, PagedQuery
from cjph_graph.sparql import LocalEngine, run
from cjph_graph.sparql.graph_queries import everything, statements_about
from cjph_graph.system.limits import limits

_XSD = "http://www.w3.org/2001/XMLSchema#"
_SELECT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_SECRET = "s3cret-and-l0ng"  # noqa: S105


def _numbers(count: int) -> Store:
    lines = [f'<http://e/{n}> <http://e/p{n % 3}> "{n % 50}" .' for n in range(count)]
    store = Store()
    store.load("\n".join(lines).encode(), format=RdfFormat.TURTLE)
    return store


def test_every_form_is_answered_as_the_local_store_answers_it(engine: LocalEngine) -> None:
    texts = [
        "SELECT ?s ?p ?o { ?s ?p ?o }",
        "SELECT ?s ?no { ?s ?p ?o } ORDER BY DESC(?o) ?s LIMIT 4",
        "ASK { ?s ?p 8.5 }",
        "ASK { ?s ?p 9 }",
        "PREFIX ex: <https://example.org/terms#>"
        " CONSTRUCT { ?w ex:seen ?km . ?w a ex:Seen } WHERE { ?w ex:km ?km }",
        "PREFIX ex: <https://example.org/terms#> CONSTRUCT WHERE { ?w ex:km ?km ; ex:use ?use }",
        "CONSTRUCT { <http://e/a> <http://e/b> 1 } WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 0",
        "PREFIX w: <https://example.org/waters/> DESCRIBE w:otter",
        "DESCRIBE ?w WHERE { ?w <https://example.org/terms#km> ?km }",
        "DESCRIBE <https://example.org/use/trade> ?w { ?w <https://example.org/terms#km> 32 }",
    ]
    with serving(store_answering(engine._store)) as server:
        for text in texts:
            ours, theirs = run(engine, text), run(server.engine(), text)
            if isinstance(ours, bool) or "SELECT" in text:
                assert theirs == ours, text
            else:
                assert set(theirs) == set(ours), text  # type: ignore[arg-type]


@pytest.mark.parametrize("ordered", ["", " ORDER BY ?o", " ORDER BY DESC(?s)"])
def test_what_a_server_cuts_short_is_fetched_in_parts(ordered: str) -> None:
    store = _numbers(230)
    whole = LocalEngine(store).select(_SELECT + ordered)
    with serving(store_answering(store, 40)) as server:
        found = server.engine().select(_SELECT + ordered)
    assert set(found.rows) == set(whole.rows)
    assert len(found) == 230
    column = {" ORDER BY ?o": 2, " ORDER BY DESC(?s)": 0}.get(ordered)
    if column is None:
        assert found == whole
    else:
        assert [row[column] for row in found.rows] == [row[column] for row in whole.rows]


def test_rows_that_are_the_same_come_as_often_as_they_are(engine: LocalEngine) -> None:
    store = _numbers(100)
    text = "SELECT ?p { ?s ?p ?o }"
    with serving(store_answering(store, 30)) as server:
        assert server.engine().select(text) == LocalEngine(store).select(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ?p ?o } LIMIT 90",
        "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 90 OFFSET 10",
        "SELECT ?s ?x { ?s ?p ?o } ORDER BY ?s ?x VALUES ?x { 1 2 }",
        "SELECT DISTINCT ?p ?o { ?s ?p ?o } # nothing follows",
        "SELECT ?p ?o (COUNT(?s) AS ?n) { ?s ?p ?o } GROUP BY ?p ?o HAVING(COUNT(?s) > 0)",
        "PREFIX e: <http://e/>\nSELECT * { ?s ?p ?o FILTER(?p = e:p1 || BOUND(?rows)) }",
    ],
)
def test_any_select_is_fetched_in_parts(text: str) -> None:
    store = _numbers(200)
    with serving(store_answering(store, 25)) as server:
        found = server.engine().select(text)
    whole = LocalEngine(store).select(text)
    assert len(found) == len(whole) > 25
    if "LIMIT 90\n" not in text + "\n" or "ORDER" in text:
        assert found == whole


def test_a_limit_that_is_reached_is_not_asked_about() -> None:
    with serving(store_answering(_numbers(30))) as server:
        assert len(server.engine().scan(_SELECT + " LIMIT 7")) == 7
        assert len(server.asked) == 1


def test_an_answer_without_rows_is_counted_too() -> None:
    with serving(store_answering(_numbers(0))) as server:
        assert len(server.engine().scan(_SELECT)) == 0
        assert len(server.asked) == 2

    def answer(asked: Asked) -> Answer:
        return store_answering(_numbers(112), None if "COUNT" in asked.query else 0)(asked)

    with (
        serving(answer) as server,
        pytest.raises(EndpointError, match="counts 112 rows and gives none"),
    ):
        server.engine().select(_SELECT)


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (["s", "p"], "s, p"),
        ([], "none"),
        (["S", "P", "O"], "S, P, O"),
        (["?s", "?p", "?o"], r"\?s, \?p, \?o"),
        (["s", "s", "p", "p", "o", "o"], "s, s, p"),
        (["s", "p", "o", "g"], "s, p, o, g"),
    ],
)
@pytest.mark.parametrize("text", [_SELECT, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_only_the_columns_that_were_asked_for_are_taken(
    columns: list[str], shown: str, text: str
) -> None:
    def answer(asked: Asked) -> Answer:
        said = store_answering(_numbers(3))(asked)
        if "COUNT" not in asked.query:
            body = json.loads(said.body)
            body["head"]["vars"] = columns
            said.body = json.dumps(body).encode()
        return said

    with serving(answer) as server, pytest.raises(EndpointError, match=rf"columns \({shown}.*\)"):
        run(server.engine(), text)


def test_a_cell_of_no_column_is_not_passed_over() -> None:
    def answer(asked: Asked) -> Answer:
        said = store_answering(_numbers(3))(asked)
        return Answer(said.body.replace(b'"s": {', b'"S": {'))

    with serving(answer) as server, pytest.raises(EndpointError, match="column that is not in"):
        server.engine().scan(_SELECT)


@pytest.mark.parametrize(
    "text", [_SELECT, "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE ?s { ?s ?p 1 }"]
)
def test_yes_is_no_answer_to_a_query_for_rows(text: str) -> None:
    with (
        serving(lambda asked: Answer()) as server,
        pytest.raises(EndpointError, match="yes or no to a query for rows"),
    ):
        run(server.engine(), text)


def test_rows_are_no_answer_to_a_question_for_yes_or_no() -> None:
    body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": []}}).encode()
    with (
        serving(lambda asked: Answer(body)) as server,
        pytest.raises(EndpointError, match="not a complete SPARQL result"),
    ):
        server.engine().ask("ASK {}")


@pytest.mark.parametrize(
    "count", [b"[]", b"[{}]", b'[{"rows": {"type": "uri", "value": "http://e/"}}]']
)
def test_a_count_that_is_no_number_is_one_sentence(count: bytes) -> None:
    body = b'{"head": {"vars": ["rows"]}, "results": {"bindings": %s}}' % count

    def answer(asked: Asked) -> Answer:
        return Answer(body) if "COUNT" in asked.query else store_answering(_numbers(3))(asked)

    with serving(answer) as server, pytest.raises(EndpointError, match="answered a COUNT with"):
        server.engine().scan(_SELECT)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT * { ?s ?p ?o }", ("s", "p", "o")),
        ("SELECT DISTINCT * { ?x10 ?x9 ?x1 }", ("x10", "x9", "x1")),
        ("SELECT ?p ?o ?s { ?s ?p ?o }", ("p", "o", "s")),
        ("SELECT * { { SELECT ?o ?s { ?s ?p ?o } } BIND(1 AS ?a) }", ("o", "s", "a")),
    ],
)
def test_columns_come_as_the_query_names_them(text: str, columns: tuple[str, ...]) -> None:
    store = _numbers(20)

    def answer(asked: Asked) -> Answer:
        said = json.loads(store_answering(store)(asked).body)
        said["head"]["vars"].sort()
        return Answer(json.dumps(said).encode())

    with serving(answer) as server:
        found = server.engine().select(text)
    assert found.variables == columns
    assert found == LocalEngine(store).select(text)


def _sent(value: str, datatype: str) -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": f"{_XSD}{datatype}"}


def test_a_graph_has_the_terms_that_the_server_sent() -> None:
    values = {
        "a": _sent("007", "integer"),
        "b": _sent("1.50", "decimal"),
        "c": _sent("5", "nonNegativeInteger"),
        "d": _sent("1e6", "double"),
        "e": _sent("2026-01-01T00:00:00.500Z", "dateTime"),
        "f": {"type": "literal", "value": "x", "xml:lang": "ar", "its:dir": "rtl"},
        "g": {
            "type": "triple",
            "value": {
                "subject": {"type": "uri", "value": "http://e/s"},
                "predicate": {"type": "uri", "value": "http://e/p"},
                "object": _sent("01", "integer"),
            },
        },
    }
    body = json.dumps({"head": {"vars": [*values]}, "results": {"bindings": [values]}}).encode()
    one = json.dumps(
        {"head": {"vars": ["rows"]}, "results": {"bindings": [{"rows": _sent("1", "integer")}]}}
    )
    template = " ; ".join(f"e:{name} ?{name}" for name in values)
    pattern = " ".join(f"?x e:{name} ?{name} ." for name in values)
    text = (
        f"PREFIX e: <http://e/>\nCONSTRUCT {{ e:x {template} ; e:own 1.50, 007, true, 'q'@en . }}"
        f" WHERE {{ {pattern} }}"
    )
    with serving(lambda a: Answer(one.encode() if "COUNT" in a.query else body)) as server:
        made = server.engine().construct(text).triples
    found = {t.predicate.value[-1]: t.object for t in made}
    assert [str(found[name]) for name in "abcde"] == [
        f'"{values[name]["value"]}"^^<{values[name]["datatype"]}>' for name in "abcde"
    ]
    assert str(found["f"]) == '"x"@ar--rtl'
    assert isinstance(found["g"], Triple)
    assert str(found["g"].object).startswith('"01"^^')
    own = {str(t.object) for t in made if t.predicate.value.endswith("own")}
    assert own == {
        f'"1.50"^^<{_XSD}decimal>',
        f'"007"^^<{_XSD}integer>',
        f'"true"^^<{_XSD}boolean>',
        '"q"@en',
    }


def test_a_row_that_makes_no_triple_makes_none() -> None:
    store = Store()
    store.load(b'<http://e/a> <http://e/p> "text", <http://e/b> .', format=RdfFormat.TURTLE)
    text = "CONSTRUCT { ?o ?p ?s . ?s <http://e/q> ?unbound } WHERE { ?s ?p ?o }"
    with serving(store_answering(store)) as server:
        found = server.engine().construct(text)
    assert [str(triple) for triple in found] == ["<http://e/b> <http://e/p> <http://e/a>"]


def test_a_server_that_cuts_before_it_skips_is_found_out() -> None:
    store = _numbers(100)

    def answer(asked: Asked) -> Answer:
        if "COUNT" in asked.query or "OFFSET" not in asked.query:
            return store_answering(store, 40)(asked)
        offset = int(asked.query.rpartition("OFFSET")[2])
        return store_answering(store, max(0, 40 - offset))(asked)

    with (
        serving(answer) as server,
        pytest.raises(EndpointError, match="gives 40 of 100 rows, and not the rest"),
    ):
        server.engine().select(_SELECT)


def test_a_server_that_keeps_no_order_is_found_out() -> None:
    store = _numbers(100)
    unordered = re.compile(r"ORDER BY.*", re.DOTALL)

    def answer(asked: Asked) -> Answer:
        if "OFFSET" not in asked.query:
            return store_answering(store, 40)(asked)
        # The same rows again and again.
        return store_answering(store, 40)(
            Asked("GET", "?query=" + _quoted(unordered.sub("LIMIT 40", _SELECT)), {}, b"")
        )

    with serving(answer) as server, pytest.raises(EndpointError, match="40 of 100 rows"):
        server.engine().select(_SELECT + " LIMIT 100")


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


@pytest.mark.parametrize("names_itself", [True, False])
def test_virtuoso_mixes_up_what_it_sorts_unless_that_is_inside(names_itself: bool) -> None:
    store = _numbers(100)

    def answer(asked: Asked) -> Answer:
        said = store_answering(store, 40)(asked)
        if names_itself:
            said.headers["X-SPARQL-default-graph"] = "http://e/g"
        if re.search(r"ORDER BY[^}]*LIMIT", asked.query):
            body = json.loads(said.body)
            rows = body["results"]["bindings"]
            for row, other in zip(rows, [*rows[1:], rows[0]], strict=True):
                row["o"], row["p"] = other["o"], {"type": "uri", "value": "http://e/p"}
            said.body = json.dumps(body).encode()
        return said

    with serving(answer) as server:
        for text in (_SELECT, _SELECT + " ORDER BY ?s"):
            found = server.engine().select(text)
            assert found.rows == LocalEngine(store).select(text).rows
        if names_itself:
            text = _SELECT + " ORDER BY ?s LIMIT 10 OFFSET 5"
            assert server.engine().select(text) == LocalEngine(store).select(text)
            assert not any(re.search(r"ORDER BY[^}]*OFFSET 4", a.query) for a in server.asked)


def test_a_count_that_is_less_than_what_came_is_not_believed() -> None:
    def answer(asked: Asked) -> Answer:
        return store_answering(_numbers(3 if "COUNT" in asked.query else 5))(asked)

    with serving(answer) as server, pytest.raises(EndpointError, match="counts 3 rows and gives 5"):
        server.engine().scan(_SELECT)


def _with_blank_nodes(count: int) -> Store:
    store = Store()
    text = "\n".join(f"<http://e/{n}> <http://e/p> [ <http://e/q> {n} ] ." for n in range(count))
    store.load(text.encode(), format=RdfFormat.TURTLE)
    return store


def test_blank_nodes_are_not_confused_between_parts() -> None:
    store = _with_blank_nodes(30)
    with serving(store_answering(store, 20)) as server:
        with pytest.raises(RefusedError, match="blank nodes and comes in parts"):
            server.engine().select(_SELECT)
        assert len(server.engine().select(_SELECT + " LIMIT 20")) == 20


def test_blank_nodes_of_virtuoso_stay_the_same_in_every_part() -> None:
    store = _with_blank_nodes(30)

    def answer(asked: Asked) -> Answer:
        said = store_answering(store, 20)(asked)
        body = json.loads(said.body)
        for row in body["results"]["bindings"]:
            for term in row.values():
                if term["type"] == "bnode":
                    term["value"] = f"nodeID://b{int(term['value'][:8], 16)}"
        return Answer(json.dumps(body).encode())

    with serving(answer) as server:
        found = server.engine().select(_SELECT)
    assert len(found) == 60
    linked = {row[2] for row in found.rows if isinstance(row[2], BlankNode)}
    assert linked == {row[0] for row in found.rows if isinstance(row[0], BlankNode)}
    assert len(linked) == 30


def test_a_graph_has_its_blank_nodes() -> None:
    store = _with_blank_nodes(3)
    text = "CONSTRUCT { ?s ?p ?o . ?s <http://e/new> [] } WHERE { ?s ?p ?o }"
    with serving(store_answering(store)) as server:
        found = server.engine().construct(text).triples
    assert len(found) == 6 + 6
    made = {t.object for t in found if t.predicate == NamedNode("http://e/new")}
    assert len(made) == 6
    linked = {t.object for t in found if t.predicate == NamedNode("http://e/p")}
    assert linked <= {t.subject for t in found}
    assert not linked & made


def test_a_description_that_would_lack_something_is_refused() -> None:
    with (
        serving(store_answering(_with_blank_nodes(1))) as server,
        pytest.raises(RefusedError, match="DESCRIBE leads to blank nodes"),
    ):
        server.engine().construct("DESCRIBE <http://e/0>")


def test_everything_is_fetched_by_its_things(monkeypatch: pytest.MonkeyPatch) -> None:
    from cjph_graph.sparql import graph_queries as statements

    monkeypatch.setattr(statements, "_SMALL", 10)
    monkeypatch.setattr(statements, "THINGS_AT_ONCE", 7)
    store = _numbers(60)
    store.extend(_with_blank_nodes(20))
    with serving(store_answering(store, 45)) as server:
        found = everything(server.engine())
        assert len(found) == len(set(found)) == 100
        assert len(statements_about(server.engine(), [NamedNode("http://e/3")])) == 2
        assert max(len(asked.query) for asked in server.asked) < 500


def test_the_graph_is_named_to_the_server_and_not_in_the_text() -> None:
    with serving(store_answering(_numbers(3))) as server:
        server.engine("http://e/g?a=1&b=ä").select(_SELECT)
    assert server.asked[0].query == _SELECT
    assert server.asked[0].parameters["default-graph-uri"] == ["http://e/g?a=1&b=ä"]


def test_a_long_query_goes_in_the_body() -> None:
    values = " ".join(f"<http://e/{n}>" for n in range(2_000))
    with serving(store_answering(_numbers(5))) as server:
        engine = server.engine()
        assert len(engine.scan(f"SELECT ?s {{ VALUES ?s {{ {values} }} ?s ?p ?o }}")) == 5
        engine.ask("ASK {}")
    assert [asked.method for asked in server.asked] == ["POST", "POST", "GET"]


def test_a_url_with_parameters_of_its_own_keeps_them() -> None:
    with serving(store_answering(_numbers(1))) as server:
        EndpointEngine(server.url + "?key=1").ask("ASK {}")
    assert server.asked[0].target == "/sparql?key=1"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", RefusedError, "SERVICE"),
        ("SELECT * FROM <http://e/> { ?s ?p ?o }", RefusedError, "FROM"),
        ("INSERT DATA { <http://e/a> <http://e/b> 1 }", RefusedError, "only read"),
        ("SELECT * { ?s ?p }", InputError, "not SPARQL"),
        ("SELECT * { ?s ex:p ?o }", InputError, "prefix ex: is not declared"),
        ("SELECT * {" + "{" * 200 + "}" * 200 + "}", LimitError, "nested"),
        ("ASK {}", UsageError, "but SELECT is needed here"),
    ],
)
def test_what_is_refused_is_not_sent(text: str, error: type[CjphError], said: str) -> None:
    with serving(store_answering(_numbers(1))) as server:
        with pytest.raises(error, match=said):
            server.engine().select(text)
        assert server.asked == []


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone(monkeypatch, tmp_path)


def test_more_values_than_are_allowed_are_not_fetched() -> None:
    with (
        serving(store_answering(_numbers(300), 100)) as server,
        limits(max_size=15_000),
        pytest.raises(LimitError, match="more than 750 values"),
    ):
        server.engine().scan(_SELECT)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("SELECT (COUNT(*) AS ?n) (MAX(?o) AS ?m) { ?s ?p ?o }", True),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p", False),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING(COUNT(*) > 9)", False),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } OFFSET 1", False),
        ("SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }", False),
    ],
)
def test_a_sum_over_all_is_one_row_and_not_counted(text: str, one: bool) -> None:
    assert PagedQuery(text, ("n",)).is_one_row == one
    with serving(store_answering(_numbers(3))) as server:
        server.engine().scan(text)
        assert len(server.asked) == (1 if one else 2)


def test_a_query_in_parts_is_what_one_can_read() -> None:
    pages = PagedQuery("# why\nPREFIX e: <http://e/>\nSELECT ?a { ?a e:b ?c } ORDER BY ?c", ("a",))
    assert pages.count() == (
        "# why\nPREFIX e: <http://e/>\n"
        "SELECT (COUNT(*) AS ?rows) WHERE { {\nSELECT ?a { ?a e:b ?c } ORDER BY ?c\n} }"
    )
    assert pages.page(20, 10, Manner(inside=False)) == (
        "# why\nPREFIX e: <http://e/>\n"
        "SELECT ?a { ?a e:b ?c } ORDER BY ?c\n?a\n\nLIMIT 10 OFFSET 20"
    )


def _silent(_: object) -> None:
    time.sleep(2)


@pytest.fixture
def store(engine: LocalEngine) -> Store:
    return engine._store


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "waters-by-use", "-p", "use=Trade"),
        ("query", "waters-by-use", "-p", "use"),
        ("export", "--format", "turtle"),
        ("export", "otter"),
        ("export", "https://example.org/waters/exe", "--format", "ntriples"),
    ],
)
def test_commands_say_the_same_of_an_endpoint(
    arguments: tuple[str, ...], home: Home, store: Store
) -> None:
    here = cjph(home, *arguments)
    with serving(store_answering(store)) as server:
        named = cjph(home, *arguments, "--endpoint", server.url)
        assert (named.returncode, named.stderr) == (0, "")
        assert named.stdout == here.stdout
        known = cjph(home, *arguments, CJPH_ENDPOINT=server.url)
        assert known.stdout == here.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("query", "anything", "--graph", "http://e/"), 2, "--graph and --insecure need"),
        (("query", "anything", "--endpoint", "http://e.example/"), 2, "say --insecure"),
        (("export", "nobody", "--endpoint", "OK"), 2, "has nothing called 'nobody'"),
        (("export", "oter", "--endpoint", "OK"), 2, "Did you mean otter?"),
        (
            ("export", "exe", "https://example.org/waters/oter", "--endpoint", "OK"),
            2,
            "mean otter?",
        ),
    ],
)
def test_commands_fail_with_a_sentence(
    arguments: tuple[str, ...], code: int, said: str, home: Home, store: Store
) -> None:
    with serving(store_answering(store)) as server:
        done = cjph(home, *(server.url if word == "OK" else word for word in arguments))
    assert done.returncode == code
    assert said in done.stderr


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_allowed(home: Home) -> None:
    with serving(lambda asked: Answer(raw=_silent)) as server:
        words = ("query", "anything", "--endpoint", server.url, "--timeout", "0.3")
        done = subprocess.run(
            [sys.executable, "-m", "cjph_graph", "--home", str(home.path), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stdout) == (3, "")
    assert "longer than 0.3 seconds" in done.stderr


@pytest.mark.parametrize("arguments", [("query",), ("export", "--context"), ("query", "anything")])
def test_without_an_endpoint_no_connection_is_opened(
    arguments: tuple[str, ...], home: Home
) -> None:
    with serving(lambda asked: Answer()) as server:
        environment = {} if arguments == ("query", "anything") else {"CJPH_ENDPOINT": server.url}
        assert cjph(home, *arguments, **environment).returncode == 0
        assert server.asked == []
