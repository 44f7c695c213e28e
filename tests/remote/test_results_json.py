"""What a server answers in JSON: read as it is written, and refused where it is no answer."""

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from support.serving import Answer, alone, serving

from cjph_graph.errors import EndpointError


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    alone(monkeypatch, tmp_path)


_TERMS = {
    "uri": NamedNode("http://e/ä"),
    "literal": Literal('a\n"b'),
    "tagged": Literal("a", language="en-gb"),
    "integer": Literal("007", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    "decimal": Literal("1.50", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    "truth": Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean")),
    "untruth": Literal("false", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean")),
    "odd": Literal("x", datatype=NamedNode("http://e/type")),
    "older": Literal("a", language="de"),
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
        "older": {"type": "literal", "value": "a", "lang": "de"},
    }
    body = json.dumps({"head": {"vars": list(_TERMS)}, "results": {"bindings": [said]}}).encode()
    with serving(lambda asked: Answer(body)) as server:
        names = " ".join(f"?{name}" for name in _TERMS)
        rows = server.engine().scan(f"SELECT {names} {{ ?s ?p ?o }} LIMIT 1")
    assert dict(zip(rows.variables, rows.rows[0], strict=True)) == _TERMS


def _row(term: object) -> bytes:
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}}).encode()


def test_an_answer_of_nothing_is_called_so() -> None:
    with (
        serving(lambda asked: Answer(b"")) as server,
        pytest.raises(EndpointError, match=r"^The endpoint answered with nothing\."),
    ):
        server.engine().scan("SELECT ?x { ?x ?p ?o }")


@pytest.mark.parametrize(
    "body",
    [
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
        pytest.raises(EndpointError, match="not a complete SPARQL result"),
    ):
        server.engine().scan("SELECT ?x { ?x ?p ?o }")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"results": {"bindings": []}}', r"\(it has no 'head'\)"),
        (b'{"head": {"vars": ["x"]}, "results": {}}', r"\(it has no 'bindings'\)"),
        (b'{"head": [], "results": {"bindings": []}}', r"\(a part of it is of another kind\)"),
        (_row({"type": "uri", "value": None}), r"\(a term that is not text\)"),
        (_row({"value": "x"}), r"\(it has no 'type'\)"),
    ],
)
def test_what_is_missing_is_named(body: bytes, said: str) -> None:
    with serving(lambda asked: Answer(body)) as server, pytest.raises(EndpointError, match=said):
        server.engine().scan("SELECT ?x { ?x ?p ?o }")


def test_a_page_to_log_in_is_one_sentence() -> None:
    page = Answer(b"<html>Please log in</html>", headers={"Content-Type": "text/html; charset=x"})
    with (
        serving(lambda asked: page) as server,
        pytest.raises(EndpointError, match="answered with a web page"),
    ):
        server.engine().scan("SELECT ?x { ?x ?p ?o }")


def _said(body: object, media_type: str | None, **headers: str) -> Answer:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(data, headers={"Content-Type": media_type or "", **headers})


_ROWS = {
    "head": {"vars": ["x"]},
    "results": {"bindings": [{"x": {"type": "uri", "value": "http://e/"}}]},
}


@pytest.mark.parametrize(
    "media_type",
    [
        None,
        "text/plain; charset=utf-8",
        "application/octet-stream",
        "application/json",
        'Application/SPARQL-Results+JSON ; Charset="UTF-8"; version=1.2',
    ],
)
def test_a_whole_result_is_one_whatever_it_calls_itself(media_type: str | None) -> None:
    with serving(lambda asked: _said(_ROWS, media_type)) as server:
        assert len(server.engine().scan("SELECT ?x { ?x ?p ?o } LIMIT 1")) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            _said({"exception": "Out of memory, aborting", "status": "ERROR"}, "application/json"),
            r"answered with an error: Out of memory, aborting\.$",
        ),
        (
            _said({"error": {"code": 7, "message": "No such index"}}, "application/json"),
            r"with an error: No such index\.$",
        ),
        (
            _said({"errors": [{"detail": "Too many cooks"}]}, "application/problem+json"),
            r"with an error: Too many cooks\.$",
        ),
        (_said(b"Query timed out\n", "text/plain"), r"text/plain and not .*: Query timed out\.\n"),
        (_said(b"Query timed out\n", None), r"without a type and not .*: Query timed out\.\n"),
        (
            _said(b"<html><body>Please <b>log in</b></body></html>", "text/html"),
            r"a web page and not .*: Please log in\.\n",
        ),
        (
            _said(b'{"head": {"vars": ["x"]}\njava.lang.Error: heap', "application/json"),
            r"not a complete SPARQL result.*begins: .*java\.lang\.Error: heap",
        ),
    ],
)
def test_the_words_of_the_server_are_in_the_message(answer: Answer, said: str) -> None:
    with (
        serving(lambda asked: answer) as server,
        pytest.raises(EndpointError, match=said) as caught,
    ):
        server.engine().scan("SELECT ?x { ?x ?p ?o }")
    assert "\n" not in caught.value.message
