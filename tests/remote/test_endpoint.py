"""SPARQL over HTTP: what is asked, what is put up with, and what is refused of a server."""

import base64
import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store
from support.commands import cjph
from support.serving import NOTHING, Answer, Asked, serving, store_answering

from cjph_graph.errors import (
    CjphError,
    EndpointError,
    InputError,
    LimitError,
    RefusedError,
    UsageError,
)
from cjph_graph.home.location import Home
from cjph_graph.remote import transport
from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.remote.paging import Manner, Pages
from cjph_graph.sparql.engine import LocalEngine, run
from cjph_graph.sparql.graph_queries import about, everything
from cjph_graph.system.limits import limits

_SELECT = "SELECT ?s ?p ?o { ?s ?p ?o }"
_SECRET = "s3cret-and-l0ng"  # noqa: S105


def _numbers(count: int) -> Store:
    lines = [f'<http://e/{n}> <http://e/p{n % 3}> "{n % 50}" .' for n in range(count)]
    store = Store()
    store.load("\n".join(lines).encode(), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what this machine has set out of the tests, and don't wait."""
    for name in ("TOKEN", "USER", "PASSWORD"):
        monkeypatch.delenv(f"CJPH_ENDPOINT_{name}", raising=False)
    monkeypatch.delenv("CJPH_ENDPOINT", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    (tmp_path / "none").touch()
    monkeypatch.setattr(transport, "WAITS", (0.01, 0.01, 0.01))


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


def test_an_answer_without_rows_is_believed() -> None:
    with serving(store_answering(_numbers(0))) as server:
        assert len(server.engine().scan(_SELECT)) == 0
        assert len(server.asked) == 1


def test_a_server_that_cuts_before_it_skips_is_found_out() -> None:
    store = _numbers(100)

    def answer(asked: Asked) -> Answer:
        if "COUNT" in asked.query or "OFFSET" not in asked.query:
            return store_answering(store, 40)(asked)
        offset = int(asked.query.rpartition("OFFSET")[2])
        return store_answering(store, max(0, 40 - offset))(asked)

    with (
        serving(answer) as server,
        pytest.raises(EndpointError, match="gives 40 of 100 rows, and the rest is not to be had"),
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
        assert len(about(server.engine(), [NamedNode("http://e/3")])) == 2
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
        ("ASK {}", UsageError, "where SELECT is wanted"),
    ],
)
def test_what_is_refused_is_not_sent(text: str, error: type[CjphError], said: str) -> None:
    with serving(store_answering(_numbers(1))) as server:
        with pytest.raises(error, match=said):
            server.engine().select(text)
        assert server.asked == []


_TERMS = {
    "uri": NamedNode("http://e/ä"),
    "literal": Literal('a\n"b'),
    "tagged": Literal("a", language="en-gb"),
    "integer": Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    "decimal": Literal("1.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    "truth": Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean")),
    "untruth": Literal("false", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean")),
    "odd": Literal("x", datatype=NamedNode("http://e/type")),
    "nothing": None,
}


def test_terms_are_read_as_they_are_written() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    said = {
        "uri": {"type": "uri", "value": "http://e/ä"},
        "literal": {"type": "literal", "value": 'a\n"b'},
        "tagged": {"type": "literal", "value": "a", "xml:lang": "en-gb"},
        "integer": {"type": "typed-literal", "value": "007", "datatype": xsd + "integer"},
        "decimal": {"type": "literal", "value": "1.50", "datatype": xsd + "decimal"},
        "truth": {"type": "typed-literal", "value": "1", "datatype": xsd + "boolean"},
        "untruth": {"type": "literal", "value": "false", "datatype": xsd + "boolean"},
        "odd": {"type": "literal", "value": "x", "datatype": "http://e/type"},
    }
    body = json.dumps({"head": {"vars": list(_TERMS)}, "results": {"bindings": [said]}}).encode()
    with serving(lambda asked: Answer(body)) as server:
        rows = server.engine().scan("SELECT * { ?s ?p ?o } LIMIT 1")
    assert dict(zip(rows.variables, rows.rows[0], strict=True)) == _TERMS


def _row(term: object) -> bytes:
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"head": {}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [',
        b"[" * 100_000,
        b"\xff\xfe",
        _row({"type": "uri", "value": "no iri"}),
        _row({"type": "uri"}),
        _row({"type": "novelty", "value": "x"}),
        _row({"type": "literal", "value": 5}),
        _row({"type": "literal", "value": "x", "xml:lang": "no tag"}),
        _row({"type": "literal", "value": "\ud800"}),
        _row(None),
    ],
    ids=lambda body: repr(body[:30]),
)
def test_an_answer_that_is_none_is_one_sentence(body: bytes) -> None:
    with (
        serving(lambda asked: Answer(body)) as server,
        pytest.raises(EndpointError, match="no whole SPARQL result"),
    ):
        server.engine().scan(_SELECT)


def test_a_page_to_log_in_is_one_sentence() -> None:
    page = Answer(b"<html>Please log in</html>", headers={"Content-Type": "text/html; charset=x"})
    with (
        serving(lambda asked: page) as server,
        pytest.raises(EndpointError, match="answered with a web page"),
    ):
        server.engine().scan(_SELECT)


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Answer(status=206), LimitError, "only a part"),
        (Answer(headers={"X-SQL-State": "S1TAT"}), LimitError, "only a part of the answer"),
        (Answer(b"no", 403), EndpointError, r"does not let somebody it does not know .*\(403\)"),
        (Answer(b"no", 401), EndpointError, r"\(401\)"),
        (Answer(b"no", 404), EndpointError, "no such service"),
        (Answer(b"slow", 504), LimitError, "longer than it allows itself"),
        (
            Answer(
                b"Virtuoso 37000 Error SP030\n\nSPARQL query:\nSELECT",
                400,
                {"Content-Type": "text/plain"},
            ),
            EndpointError,
            "the error 400: Virtuoso 37000 Error SP030[.]$",
        ),
        (
            Answer(
                b"<html><head><title>x</title></head><body>Bad &amp;\n <b>worse</b>\x1b[31m",
                500,
                {"Content-Type": "text/html"},
            ),
            EndpointError,
            "the error 500: Bad & worse \ufffd\\[31m[.]$",
        ),
        (
            Answer(b'{"message": "It broke"}', 500, {"Content-Type": "application/json"}),
            EndpointError,
            "the error 500: It broke[.]$",
        ),
        (
            Answer(b"<head" * 100_000, 500, {"Content-Type": "text/html"}),
            EndpointError,
            "the error 500",
        ),
        (Answer(b"x" * 500_000, 500), EndpointError, f"the error 500: {'x' * 300}…$"),
        (Answer(b"\xff", 418, {"Content-Encoding": "br"}), EndpointError, "not asked for"),
    ],
)
def test_an_error_is_one_sentence(answer: Answer, error: type[CjphError], said: str) -> None:
    with serving(lambda asked: answer) as server, pytest.raises(error, match=said) as caught:
        server.engine().scan(_SELECT)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 450


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    answers = [Answer(b"", status), Answer(b"", status, {"Retry-After": "0"}), Answer()]
    with serving(lambda asked: answers.pop(0)) as server:
        assert len(server.engine().scan(_SELECT)) == 0
    assert len(server.asked) == 3


def test_a_busy_server_is_not_asked_for_ever() -> None:
    with (
        serving(lambda asked: Answer(b"later", 503)) as server,
        pytest.raises(EndpointError, match=r"too busy \(503\)"),
    ):
        server.engine().scan(_SELECT)
    assert len(server.asked) == 4


@pytest.mark.parametrize("wait", ["86400", "Fri, 31 Dec 2199 23:59:59 GMT"])
def test_a_long_wait_is_told_and_not_waited(wait: str) -> None:
    busy = Answer(b"", 503, {"Retry-After": wait})
    with (
        serving(lambda asked: busy) as server,
        pytest.raises(EndpointError, match="asks to be left alone for"),
    ):
        server.engine().scan(_SELECT)
    assert len(server.asked) == 1


def _breaking(raw: bytes) -> Answer:
    return Answer(raw=lambda stream: stream.write(raw))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + NOTHING,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(NOTHING, mtime=0)[:-12],
        b"SSH-2.0-OpenSSH_9.2\r\n",
    ],
)
def test_a_broken_connection_is_tried_again(raw: bytes) -> None:
    answers = [_breaking(raw), Answer()]
    with serving(lambda asked: answers.pop(0)) as server:
        assert len(server.engine().scan(_SELECT)) == 0
    with (
        serving(lambda asked: _breaking(raw)) as server,
        pytest.raises(EndpointError, match="broke off"),
    ):
        server.engine().scan(_SELECT)
    assert len(server.asked) == 4


def test_nobody_there() -> None:
    with serving(lambda asked: Answer()) as server:
        url = server.url
    with pytest.raises(EndpointError, match="refuses the connection"):
        EndpointEngine(url).scan(_SELECT)


def test_connections_are_used_again() -> None:
    with serving(lambda asked: Answer()) as server:
        engine = server.engine()
        for _ in range(5):
            engine.scan(_SELECT)
        assert len(engine._transport._idle) == 1


def _dripping(stream: object) -> None:
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")  # type: ignore[attr-defined]
    for _ in range(200):
        stream.write(b" ")  # type: ignore[attr-defined]
        time.sleep(0.05)


def _dripping_headers(stream: object) -> None:
    for _ in range(200):
        stream.write(b"H")  # type: ignore[attr-defined]
        time.sleep(0.05)


def _silent(_: object) -> None:
    time.sleep(10)


@pytest.mark.parametrize("raw", [_dripping, _dripping_headers, _silent])
def test_time_is_time_however_slowly_a_server_speaks(raw: Callable[[object], None]) -> None:
    start = time.monotonic()
    with serving(lambda asked: Answer(raw=raw)) as server:
        with limits(timeout=0.5), pytest.raises(LimitError):
            server.engine().scan(_SELECT)
        assert 0.4 < time.monotonic() - start < 1.5


def _endless(stream: object) -> None:
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")  # type: ignore[attr-defined]
    while True:
        stream.write(b"x" * 65_536)  # type: ignore[attr-defined]


def _bomb(stream: object) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n"
    stream.write(head + gzip.compress(b" " * 200_000_000, 1, mtime=0))  # type: ignore[attr-defined]


@pytest.mark.parametrize("raw", [_endless, _bomb])
def test_an_answer_without_end_is_not_read_to_the_end(raw: Callable[[object], None]) -> None:
    with (
        serving(lambda asked: Answer(raw=raw)) as server,
        limits(max_size=1_000_000),
        pytest.raises(LimitError, match="The endpoint's answer is larger than 1 MB"),
    ):
        server.engine().scan(_SELECT)


def test_a_packed_answer_is_unpacked() -> None:
    packed = Answer(gzip.compress(NOTHING, mtime=0), headers={"Content-Encoding": "gzip"})
    with serving(lambda asked: packed) as server:
        assert len(server.engine().scan(_SELECT)) == 0
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_more_values_than_are_allowed_are_not_fetched() -> None:
    with (
        serving(store_answering(_numbers(300), 100)) as server,
        limits(max_size=15_000),
        pytest.raises(LimitError, match="more than 750 values"),
    ):
        server.engine().scan(_SELECT)


def test_a_redirect_on_the_same_host_is_followed() -> None:
    def answer(asked: Asked) -> Answer:
        if asked.target.startswith("/sparql"):
            return Answer(b"", 308, {"Location": asked.target.replace("/sparql", "/new")})
        return Answer()

    with serving(answer) as server:
        assert len(server.engine().scan(_SELECT)) == 0
    assert [asked.target.partition("?")[0] for asked in server.asked] == ["/sparql", "/new"]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_refused(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_TOKEN", _SECRET)
    with serving(lambda asked: Answer()) as other:
        away = Answer(b"", status, {"Location": other.url.replace("127.0.0.1", "localhost")})
        with serving(lambda asked: away) as server:
            for location in (other.url, other.url.replace("127.0.0.1", "localhost"), "file:///x"):
                away.headers["Location"] = location
                with pytest.raises(EndpointError, match="sends us on to another server"):
                    server.engine().scan(_SELECT)
        assert other.asked == []


def test_a_redirect_in_a_circle_ends() -> None:
    round_and_round = Answer(b"", 307, {"Location": "/sparql"})
    with (
        serving(lambda asked: round_and_round) as server,
        pytest.raises(EndpointError, match="307"),
    ):
        server.engine().scan(_SELECT)
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/sparql", "not encrypted.*\nUse https, or say --insecure"),
        ("http://10.0.0.1/sparql", "not encrypted"),
        ("http://localhost.example.org/", "not encrypted"),
        ("https://user:pass@example.org/", "refused: others could see it"),
        ("https://user@example.org/", "refused"),
        ("ftp://example.org/", "starts with https://"),
        ("example.org/sparql", "starts with https://"),
        ("https:///sparql", "starts with https://"),
        ("https://example.org/ sparql", "no spaces"),
        ("https://example.org/\r\nX: y", "no spaces"),
        ("https://example.org:99999/", "is none"),
        ("https://example.org/#part", "no #"),
        ("", "starts with https://"),
    ],
)
def test_a_url_that_will_not_do(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){said}") as caught:
        EndpointEngine(url)
    assert "pass@" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.8.8.8", "localhost:8890", "[::1]:80"])
def test_this_machine_needs_no_encryption(host: str) -> None:
    assert EndpointEngine(f"http://{host}/sparql")
    assert EndpointEngine("http://example.org/", insecure=True)


def test_a_graph_that_is_no_iri() -> None:
    with pytest.raises(UsageError, match="is no IRI"):
        EndpointEngine("https://example.org/", graph="my graph")


def test_a_token_is_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_TOKEN", _SECRET)

    def answer(asked: Asked) -> Answer:
        return Answer(f"You said {asked.headers['authorization']}".encode(), 403 + 97)

    with serving(answer) as server, pytest.raises(EndpointError) as caught:
        server.engine().scan(_SELECT)
    assert server.asked[0].headers["authorization"] == f"Bearer {_SECRET}"
    assert _SECRET not in str(caught.value) + repr(vars(caught.value))
    assert "You said Bearer …" in str(caught.value)


def _asks(challenge: str, right: Callable[[Asked], bool]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if right(asked):
            return Answer()
        return Answer(b"", 401, {"WWW-Authenticate": challenge})

    return answer


def _is_basic(asked: Asked) -> bool:
    pair = base64.b64encode(f"ada:{_SECRET}".encode()).decode()
    return asked.headers.get("authorization") == f"Basic {pair}"


def _digest(algorithm: str, qop: str) -> Callable[[Asked], bool]:
    def hashed(*parts: str) -> str:
        name = {"MD5": "md5", "SHA-256": "sha256"}[algorithm]
        return hashlib.new(name, ":".join(parts).encode()).hexdigest()

    def right(asked: Asked) -> bool:
        said = asked.headers.get("authorization", "")
        if not said.startswith("Digest "):
            return False
        found = re.findall(r'(\w+)=(?:"([^"]*)"|(\w[\w-]*))', said)
        told = {name: quoted or bare for name, quoted, bare in found}
        between = [told["nc"], told["cnonce"], "auth"] if qop else []
        ours = hashed(
            hashed("ada", "R S", _SECRET), "n0", *between, hashed(asked.method, asked.target)
        )
        return told["response"] == ours and told["opaque"] == "o"

    return right


@pytest.mark.parametrize(
    ("challenge", "right"),
    [
        ('Basic realm="R"', _is_basic),
        ('Digest realm="R S", nonce="n0", opaque="o", qop="auth"', _digest("MD5", "auth")),
        ('Digest realm="R S", nonce="n0", opaque="o", algorithm=MD5', _digest("MD5", "")),
        (
            'Basic realm="R", Digest realm="R S", nonce="n0", opaque="o", qop="auth,auth-int",'
            " algorithm=SHA-256",
            _digest("SHA-256", "auth"),
        ),
    ],
)
@pytest.mark.parametrize("netrc", [False, True])
def test_a_password_is_sent_in_the_way_the_server_asks_for(
    challenge: str,
    right: Callable[[Asked], bool],
    netrc: bool,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    if netrc:
        path = tmp_path / "netrc"
        path.write_text(f"machine 127.0.0.1 login ada password {_SECRET}\n")
        path.chmod(0o600)
        monkeypatch.setenv("NETRC", str(path))
    else:
        monkeypatch.setenv("CJPH_ENDPOINT_USER", "ada")
        monkeypatch.setenv("CJPH_ENDPOINT_PASSWORD", _SECRET)
    with serving(_asks(challenge, right)) as server:
        engine = server.engine()
        engine.scan(_SELECT)
        engine.scan(_SELECT)
    # Asked once, it is told at once the next time.
    assert ["authorization" in asked.headers for asked in server.asked] == [False, True, True]
    assert _SECRET not in str(server.asked)


@pytest.mark.parametrize("challenge", ['Basic realm="R"', 'Digest realm="R", nonce="n"'])
def test_a_wrong_password_is_sent_once(challenge: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CJPH_ENDPOINT_USER", "ada")
    monkeypatch.setenv("CJPH_ENDPOINT_PASSWORD", _SECRET)
    with (
        serving(_asks(challenge, lambda asked: False)) as server,
        pytest.raises(EndpointError, match="does not let whoever asks"),
    ):
        server.engine().scan(_SELECT)
    assert len(server.asked) == 2


def test_netrc_is_for_the_host_it_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "netrc"
    path.write_text(f"machine example.org login a password b\ndefault login x password {_SECRET}\n")
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    with (
        serving(_asks('Basic realm="R"', lambda asked: False)) as server,
        pytest.raises(EndpointError, match="somebody it does not know"),
    ):
        server.engine().scan(_SELECT)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [(f"machine x password {_SECRET} nonsense", "netrc, line 1"), (b"\xff\xff", "netrc")],
)
def test_a_netrc_that_is_none(
    text: str | bytes, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "netrc"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    monkeypatch.setenv("NETRC", str(path))
    with pytest.raises(InputError, match=said) as caught:
        EndpointEngine("https://example.org/")
    assert _SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"USER": "ada"}, "CJPH_ENDPOINT_PASSWORD is not"),
        ({"PASSWORD": _SECRET}, "CJPH_ENDPOINT_USER is not"),
        ({"TOKEN": f"{_SECRET}\r\nX-Other: 1"}, "holds what no token can"),
        ({"USER": "a:b", "PASSWORD": _SECRET}, "cannot be sent"),
        ({"USER": "ab", "PASSWORD": f"{_SECRET}\n"}, "cannot be sent"),
    ],
)
def test_settings_that_will_not_do(
    settings: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"CJPH_ENDPOINT_{name}", value)
    with pytest.raises(UsageError, match=said) as caught:
        EndpointEngine("https://example.org/")
    assert _SECRET not in str(caught.value)


def test_a_query_in_parts_is_what_one_can_read() -> None:
    pages = Pages("# why\nPREFIX e: <http://e/>\nSELECT ?a { ?a e:b ?c } ORDER BY ?c", ("a",))
    assert pages.count() == (
        "# why\nPREFIX e: <http://e/>\n"
        "SELECT (COUNT(*) AS ?rows) WHERE { {\nSELECT ?a { ?a e:b ?c } ORDER BY ?c\n} }"
    )
    assert pages.page(20, 10, Manner(inside=False)) == (
        "# why\nPREFIX e: <http://e/>\n"
        "SELECT ?a { ?a e:b ?c } ORDER BY ?c\n?a\n\nLIMIT 10 OFFSET 20"
    )


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
        (("query", "anything", "--graph", "http://e/"), 2, "--graph and --insecure are about"),
        (("query", "anything", "--endpoint", "http://e.example/"), 2, "say --insecure"),
        (("query", "anything", "--endpoint", "URL", "--timeout", "1"), 3, "longer than 1 seconds"),
        (("export", "nobody", "--endpoint", "OK"), 2, "has nothing called 'nobody'"),
    ],
)
def test_commands_fail_with_a_sentence(
    arguments: tuple[str, ...], code: int, said: str, home: Home, store: Store
) -> None:
    with (
        serving(lambda asked: Answer(raw=_silent)) as slow,
        serving(store_answering(store)) as server,
    ):
        urls = {"URL": slow.url, "OK": server.url}
        done = cjph(home, *(urls.get(word, word) for word in arguments))
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("query",), ("export", "--context"), ("query", "anything")])
def test_without_an_endpoint_no_connection_is_opened(
    arguments: tuple[str, ...], home: Home
) -> None:
    with serving(lambda asked: Answer()) as server:
        environment = {} if arguments == ("query", "anything") else {"CJPH_ENDPOINT": server.url}
        assert cjph(home, *arguments, **environment).returncode == 0
        assert server.asked == []
