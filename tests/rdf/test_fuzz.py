"""Random input, to find what nobody thought of. What was found stands as explicit cases.

Every run tries the same examples, so that a pull request is not blamed for what it did not break;
`CJPH_FUZZ=20000 pytest tests/rdf/test_fuzz.py` looks for new ones.
"""

import csv
import io
import os
import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
    serialize,
)

from cjph_graph.errors import CjphError, InputError
from cjph_graph.home.parameters import bind
from cjph_graph.home.saved_queries import parse_query
from cjph_graph.rdf.positions import find_positions
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.sparql import LocalEngine, Rows, Triples, Value, run, write_results
from cjph_graph.sparql.tokens import prologue, refuse_unsafe, tokenize, values_blocks

_MORE = int(os.environ.get("CJPH_FUZZ", "0"))
# Once is enough: what is installed from a wheel is the same code.
pytestmark = [pytest.mark.checkout, pytest.mark.slow]

settings.register_profile(
    "cjph",
    max_examples=_MORE or 300,
    derandomize=not _MORE,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("cjph")

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RESULTS = "{http://www.w3.org/2005/sparql-results#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
# Hostile texts are put together from what languages make something of.
_PIECES = st.sampled_from(
    [
        *"\t\n\r\0\x1b'\"\\#<>{}[]().,;:^@a1*+-/=!\ufeff\ufffe\u202e\u0301é😀",
        *("'''", '"""', "\\'", '\\"', "\\u0027", "\\u0022", "\\u007B", "S\\u0045RVICE", "\\uD800"),
        *("\\U0001F600", "<<", ">>", "<<(", ")>>", "{|", "|}", "::", "^^", "@en", "@en--ltr", "#+"),
        *("@prefix", "@base", "true", "-1", "1.5", "1e9", ".5", "?x", "$x", "_:b", "_:b.c", "e:p"),
        *("e:s\\#t", "e:%41", "e:", "p.q:", "<http://e/a>", "<http://e/a#b'c>", "<a>", "<b c>"),
        *("<\\u0041:b>", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "WHERE", "PREFIX", "BASE", "IN"),
        *(
            "VALUES",
            "UNDEF",
            "SERVICE",
            "SILENT",
            "FROM",
            "NAMED",
            "LOAD",
            "INSERT",
            "FILTER",
            "AS",
        ),
        *(
            "OPTIONAL",
            "UNION",
            "MINUS",
            "GRAPH",
            "BIND",
            "EXISTS",
            "NOT",
            "ORDER BY",
            "LIMIT",
            "||",
        ),
        *(
            "GROUP BY",
            "HAVING",
            "DISTINCT",
            "!=",
            "<=",
            "&&",
            "COUNT(",
            "STR(",
            "REGEX(",
            "VERSION",
        ),
        *("?s ?p ?o .", "SERVICE<http://127.0.0.1:1/>{}", "SERVICE ?x {", "FROM <http://e/>"),
    ]
)
_SOUP = st.lists(_PIECES | _TEXT, max_size=30).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n"]).map(lambda gap: gap.join(parts))
)

_IRI = st.builds(
    lambda rest, part: NamedNode(f"http://example.org/{rest}{part}"),
    st.text("abc/?&=-._~'()*,;:@!$é日", max_size=12),
    st.sampled_from(["", "#", "#a", "%41", "#.", "a.", "#-"]),
)
_LANGUAGE = st.sampled_from(["en", "en-gb", "de-x-a", "zh-hant"])
_LITERAL = st.one_of(
    st.builds(Literal, _TEXT),
    st.builds(lambda text, tag: Literal(text, language=tag), _TEXT, _LANGUAGE),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(_XSD + name)),
        _TEXT | st.sampled_from(["1", "-1.50", "01", "1e9", "INF", "true", "+7", "9" * 5000]),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date", "anyURI", "int"]),
    ),
)
_TERM: st.SearchStrategy[Value] = st.one_of(
    _IRI, _LITERAL, st.sampled_from([BlankNode("b0"), BlankNode("b1")])
)


# The loader.


@given(st.binary(max_size=80) | _SOUP.map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xff\xfe@")
@example(b"'''\n'''")
@example(b'"' + b"x" * 10_000 + b'" .')
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b'"' + b'\\"' * 5000)
@example(b"<a:b><a:b>" + b"<<(" * 45)
def test_any_bytes_are_turtle_or_have_a_place(data: bytes) -> None:
    read = read_bytes(data, "x.ttl")
    if read.problem:
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert 0 <= read.problem.line <= lines + 1
        assert read.problem.column >= 0
        assert read.problem.message
        assert "\n" not in read.problem.message
        assert len(read.problem.message) < 400


def _turtle(triples: list[tuple[Value, NamedNode, Value]]) -> bytes:
    quads = [Quad(s, p, o) for s, p, o in triples]  # type: ignore[arg-type]
    prefixes = {"e": "http://example.org/", "": "http://example.org/a/"}
    return serialize((q.triple for q in quads), format=RdfFormat.TURTLE, prefixes=prefixes) or b""


_TRIPLES = st.lists(
    st.tuples(_IRI | st.sampled_from([BlankNode("b0"), BlankNode("b1")]), _IRI, _TERM), max_size=12
)


@given(_TRIPLES)
@settings(max_examples=_MORE or 150)
def test_what_is_written_is_read(triples: list[tuple[Value, NamedNode, Value]]) -> None:
    read = read_bytes(_turtle(triples), "x.ttl")
    assert read.problem is None
    unnamed = [
        tuple("_:" if isinstance(term, BlankNode) else str(term) for term in triple)
        for triple in triples
    ]
    assert [
        tuple("_:" if isinstance(term, BlankNode) else str(term) for term in triple)
        for triple in read.triples
    ] == unnamed


@given(_TRIPLES)
@settings(max_examples=_MORE or 150)
def test_every_statement_has_a_place(triples: list[tuple[Value, NamedNode, Value]]) -> None:
    data = _turtle(triples)
    read = read_bytes(data, "x.ttl")
    located = find_positions(read, set(read.triples), {t.subject for t in read.triples})  # type: ignore[misc]
    assert set(located.statements) == set(read.triples)
    assert set(located.subjects) == {triple.subject for triple in read.triples}
    lines = data.decode().split("\n")
    for places in located.statements.values():
        for place in (place for s in places for place in (s.subject, s.predicate, s.object)):
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1


@given(_SOUP.map(lambda text: f"@prefix e: <http://e/> .\n{text}".encode("utf-8", "replace")))
@example(b"@prefix e: <http://e/> .\ne:s e:p 1 . e:s\\#t e:p '''a'b''c\\'''' , \"\"\"\"\"\" .")
def test_places_are_sought_in_anything_that_parses(data: bytes) -> None:
    read = read_bytes(data, "x.ttl")
    if read.problem is None:
        located = find_positions(read, set(read.triples), {t.subject for t in read.triples})  # type: ignore[misc]
        found = set(located.statements)
        assert found == set(read.triples) or (not found and re.search(rb"<<|\{\||~", data))


# The words of a query, and its header.


@given(_SOUP)
@example("SELECT * { ?s ?p '")
@example('"\\"\\"')
@example("a-b-c-d")
def test_tokens_are_the_text(text: str) -> None:
    tokens = tokenize(text)
    end = 0
    for token in tokens:
        assert token.start >= end
        assert text[token.start : token.end] == token.text
        assert re.fullmatch(r"(?:[ \t\r\n]|#[^\r\n]*)*", text[end : token.start])
        end = token.end
    prologue(tokens)
    for block in values_blocks(tokens):
        assert text[block.start] == "{"
        assert text[block.end - 1] == "}"


_STORE = Store()
_STORE.extend(
    Quad(NamedNode("http://e/a"), NamedNode("http://e/p"), Literal(text)) for text in ("1", "2")
)
_ENGINE = LocalEngine(_STORE)


@given(_SOUP.map(lambda text: f"SELECT * {{ {text} }}") | _SOUP)
@example("SELECT * { FILTER(?a<b:c'>'\n) SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } #'\n }")
@example("SELECT * { ?s ?p '\\u0027 . S\\u0045RVICE <http://127.0.0.1:1/> {} #' }")
@settings(max_examples=_MORE or 500)
def test_no_query_calls_a_server_or_fails_oddly(text: str) -> None:
    try:
        run(_ENGINE, text)
    except CjphError as error:
        # What a server that is not there is blamed for would have been called.
        assert not re.search("127.0.0.1|[Cc]onnect|HTTP", error.message.partition("near `")[0])  # noqa: PT017
        assert "\n" not in error.message  # noqa: PT017


@given(_SOUP.map(lambda text: f"SELECT * {{ {text} }}"))
@example("SELECT * { ?s ?p '\\u0027) S\\u0045RVICE <http://127.0.0.1:1/> {} #' }")
@settings(max_examples=_MORE or 150)
def test_no_service_reaches_rdflib(text: str) -> None:
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        refuse_unsafe(text, tokenize(text))
        parsed = str(parseQuery(text))
    except Exception:
        return
    assert "ServiceGraphPattern" not in parsed
    assert "DatasetClause" not in parsed


@given(_SOUP.map(lambda text: re.sub(r"(?m)^", "#+ ", text)) | _SOUP)
@example("#+ param: x\n#+   type: e:\nPREFIX e: <http://e/>\nASK {}")
@example("#+ title: x\n#+ param: x\n#+ type: <not an iri>\n#+ description: d\nASK {}")
@example("#+ :\nASK {}")
def test_any_header_is_read_or_refused(text: str) -> None:
    for query in (text, f"#+ title: x\n{text}\nSELECT * {{ VALUES ?x {{ UNDEF }} ?x ?p ?o }}"):
        try:
            parse_query(query, "x")
        except CjphError as error:
            assert error.message.count("\n") == 0  # noqa: PT017


_PARAMETERS = {
    name: parse_query(
        "#+ title: x\n#+ param: x\n"
        f"#+   type: xsd:{name}\n#+   description: d\n"
        f"PREFIX xsd: <{_XSD}>\n"
        "SELECT ?x ?y { VALUES ?x { UNDEF } VALUES ?y { 'kept' } }",
        "x",
    )
    for name in ("string", "integer", "decimal", "double", "boolean", "date", "dateTime", "anyURI")
}


@given(st.sampled_from(sorted(_PARAMETERS)), st.lists(_SOUP | _TEXT, min_size=1, max_size=3))
@example("string", ["' } SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } #"])
@example("string", ['"""', "\\", "\\u0022", "\n\r", "'''"])
@example("anyURI", ["javascript:alert(1)"])
@example("anyURI", ["file:///etc/passwd"])
@example("integer", ["1 2"])
@example("decimal", ["٣"])
def test_what_is_typed_stays_in_its_term(name: str, values: list[str]) -> None:
    query = _PARAMETERS[name]
    try:
        text = bind(query, {"x": values}, _ENGINE)
    except CjphError:
        return
    before, after = ([(t.kind, t.text) for t in tokenize(one)] for one in (query.text, text))
    start = next(i for i, word in enumerate(before) if word[1] == "UNDEF")
    end = len(before) - start - 1
    assert after[:start] == before[:start]
    assert after[len(after) - end :] == before[start + 1 :]
    inside = after[start : len(after) - end]
    assert {kind for kind, _ in inside} <= {"string", "symbol", "iri"}
    assert [text for kind, text in inside if kind == "symbol"] == ["^"] * (
        2 * sum(kind == "iri" for kind, _ in inside)
    )
    rows = run(_ENGINE, text)
    assert isinstance(rows, Rows)
    stripped = values if name == "string" else [value.strip() for value in values]
    assert {row[0].value for row in rows.rows if isinstance(row[0], Literal)} <= {
        *stripped,
        *(str(_ENGINE_VALUE(value, name)) for value in stripped),
    }


def _ENGINE_VALUE(value: str, name: str) -> str:  # noqa: N802
    """Return a literal as a store writes it, which may be another way."""
    solutions = Store().query(
        f"SELECT (?y AS ?x) {{ VALUES ?y {{ {Literal(value, datatype=NamedNode(_XSD + name))} }} }}"
    )
    assert isinstance(solutions, QuerySolutions)
    return next(iter(solutions))[0].value  # type: ignore[union-attr]


# The formats of answers.

_ROWS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[st.none() | _TERM] * width), max_size=5).map(
        lambda rows: Rows(tuple("xyz"[:width]), tuple(rows))
    )
)


@given(_ROWS, st.sampled_from(["json", "tsv"]))
@example(Rows(("x",), ((None,), (Literal(""),))), "tsv")
@example(Rows(("x",), ((Literal("1_0", datatype=NamedNode(_XSD + "integer")),),)), "tsv")
def test_answers_are_read_back(rows: Rows, form: str) -> None:
    kind = QueryResultsFormat.JSON if form == "json" else QueryResultsFormat.TSV
    found = parse_query_results(write_results(rows, form), format=kind)
    assert isinstance(found, QuerySolutions)
    assert [variable.value for variable in found.variables] == list(rows.variables)
    assert [tuple(row) for row in found] == [tuple(row) for row in rows.rows]


@given(_ROWS)
@example(Rows(("x",), ((Literal("\r\n\t"),),)))
@example(Rows(("x",), ((Literal(" a ]]> & <b> "),),)))
def test_xml_is_read_back(rows: Rows) -> None:
    try:
        data = write_results(rows, "xml")
    except CjphError:
        return
    # Not by pyoxigraph, which leaves out a text that is nothing but white space.
    results = ElementTree.fromstring(data).iter(f"{_RESULTS}result")  # noqa: S314
    for result, row in zip(results, rows.rows, strict=True):
        bound = [(n, t) for n, t in zip(rows.variables, row, strict=True) if t is not None]
        assert [binding.get("name") for binding in result] == [name for name, _ in bound]
        for binding, (_, term) in zip(result, bound, strict=True):
            said = binding[0]
            assert (said.text or "") == term.value  # type: ignore[union-attr]
            if isinstance(term, Literal):
                assert said.get(f"{_XML}lang") == term.language
                if not term.language:
                    assert said.get("datatype", f"{_XSD}string") == term.datatype.value


@given(_ROWS)
@example(Rows(("x",), ((Literal("=1+1"),), (Literal("\r=x"),), (Literal("\t@"),))))
@example(Rows(("x", "y"), ((Literal('a","=b'), None),)))
def test_csv_is_read_back_and_no_cell_is_run(rows: Rows) -> None:
    data = write_results(rows, "csv").decode()
    found = list(csv.reader(io.StringIO(data, newline=""), strict=True))
    assert found[0] == list(rows.variables)
    # The reader takes a line with one empty cell for no line.
    wide = list(rows.rows)
    cells = [line or [""] for line in found[1:]]
    assert len(cells) == len(wide)
    for line, row in zip(cells, wide, strict=True):
        for cell, term in zip(line, row, strict=True):
            text = "" if term is None else str(term) if isinstance(term, BlankNode) else term.value  # type: ignore[union-attr]
            written = cell[1:] if re.match(r"'+[\t\r\n]*[=+\-@]", cell) else cell
            assert written == text
            if cell[:1] and cell[:1] in "=+-@":
                assert isinstance(term, Literal)
                assert re.fullmatch(r"[+-]+[0-9.eEINFPYMDTHSZ:+-]+", cell)


@given(_ROWS, st.sampled_from(["table", "markdown"]), st.integers(20, 120))
@example(Rows(("x",), ((Literal("\x1b]0;a\x07\x9b31m\u202e\r\nb\u2028c"),),)), "table", 20)
@example(Rows((), ((),)), "table", 80)
def test_what_people_read_has_no_escapes(rows: Rows, form: str, width: int) -> None:
    text = write_results(rows, form, width=width).decode()
    dangerous = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
    assert not re.search(dangerous, text)


@given(_TRIPLES)
@settings(max_examples=_MORE or 150)
def test_graphs_are_the_same_in_any_order(triples: list[tuple[Value, NamedNode, Value]]) -> None:
    found = [Quad(s, p, o).triple for s, p, o in triples]  # type: ignore[arg-type]
    for form in ("turtle", "ntriples"):
        try:
            written = write_results(Triples(tuple(found)), form)
        except CjphError:
            return
        assert write_results(Triples(tuple(reversed(found))), form) == written


def test_an_unclosed_quotation_mark_is_said() -> None:
    with pytest.raises(InputError, match="line 1, column 18: this quotation mark is not closed"):
        run(_ENGINE, "SELECT * { ?s ?p 'x }")
