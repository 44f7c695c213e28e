"""The formats, byte for byte."""

import csv
import io
import os
import subprocess
import sys

import pytest
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from cjph_graph.errors import RefusedError, UsageError
from cjph_graph.sparql import (
    GRAPH_FORMATS,
    ROW_FORMATS,
    Rows,
    Triples,
    Value,
    write_results,
)
from cjph_graph.system.tables import aligned, clean

_XSD = "http://www.w3.org/2001/XMLSchema#"


def _typed(value: str, name: str) -> Literal:
    return Literal(value, datatype=NamedNode(_XSD + name))


_ROWS = Rows(
    ("x", "literal"),
    (
        (NamedNode("http://example/x"), Literal("String")),
        (NamedNode("http://example/x"), Literal('String-with-dquote"')),
        (BlankNode("b0"), Literal("Blank node")),
        (None, Literal("Missing 'x'")),
        (None, None),
        (NamedNode("http://example/x"), Literal("a <b> & c\r\nd\te", language="en-gb")),
        (BlankNode("b1"), _typed("-1.50", "decimal")),
        (None, _typed("2024", "gYear")),
    ),
)


def _text(result: Rows | Triples | bool, form: str) -> str:
    return write_results(result, form).decode()


def test_csv() -> None:
    assert _text(_ROWS, "csv") == (
        "x,literal\r\n"
        "http://example/x,String\r\n"
        'http://example/x,"String-with-dquote"""\r\n'
        "_:b0,Blank node\r\n"
        ",Missing 'x'\r\n"
        ",\r\n"
        'http://example/x,"a <b> & c\r\nd\te"\r\n'
        "_:b1,-1.50\r\n"
        ",2024\r\n"
    )


def test_tsv() -> None:
    assert _text(_ROWS, "tsv") == (
        "?x\t?literal\n"
        '<http://example/x>\t"String"\n'
        '<http://example/x>\t"String-with-dquote\\""\n'
        '_:b0\t"Blank node"\n'
        "\t\"Missing 'x'\"\n"
        "\t\n"
        '<http://example/x>\t"a <b> & c\\r\\nd\\te"@en-gb\n'
        "_:b1\t-1.50\n"
        f'\t"2024"^^<{_XSD}gYear>\n'
    )


def test_json() -> None:
    assert _text(_ROWS, "json") == (
        '{"head": {"vars": ["x", "literal"]}, "results": {"bindings": [\n'
        '  {"x": {"type": "uri", "value": "http://example/x"},'
        ' "literal": {"type": "literal", "value": "String"}},\n'
        '  {"x": {"type": "uri", "value": "http://example/x"},'
        ' "literal": {"type": "literal", "value": "String-with-dquote\\""}},\n'
        '  {"x": {"type": "bnode", "value": "b0"},'
        ' "literal": {"type": "literal", "value": "Blank node"}},\n'
        '  {"literal": {"type": "literal", "value": "Missing \'x\'"}},\n'
        "  {},\n"
        '  {"x": {"type": "uri", "value": "http://example/x"},'
        ' "literal": {"type": "literal", "value": "a <b> & c\\r\\nd\\te", "xml:lang": "en-gb"}},\n'
        '  {"x": {"type": "bnode", "value": "b1"},'
        ' "literal": {"type": "literal", "value": "-1.50",'
        f' "datatype": "{_XSD}decimal"}}}},\n'
        f'  {{"literal": {{"type": "literal", "value": "2024", "datatype": "{_XSD}gYear"}}}}\n'
        "]}}\n"
    )


def test_xml() -> None:
    rows = Rows(_ROWS.variables, _ROWS.rows[4:7])
    assert _text(rows, "xml") == (
        '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        '<head><variable name="x"/><variable name="literal"/></head>'
        "<results><result></result>"
        '<result><binding name="x"><uri>http://example/x</uri></binding>'
        '<binding name="literal"><literal xml:lang="en-gb">'
        "a &lt;b&gt; &amp; c&#13;\nd\te</literal></binding></result>"
        '<result><binding name="x"><bnode>b1</bnode></binding>'
        f'<binding name="literal"><literal datatype="{_XSD}decimal">'
        "-1.50</literal></binding></result></results></sparql>\n"
    )


_DEEP = Triple(
    BlankNode("b0"),
    NamedNode("http://p"),
    Triple(NamedNode("http://s"), NamedNode("http://p"), Literal("o", language="en")),
)
_DIRECTED = Literal("\u0645\u0631\u062d\u0628\u0627", language="ar", direction=BaseDirection.RTL)


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_another_reader_gets_the_same_rows_back(form: str) -> None:
    triple = Triple(NamedNode("http://s"), NamedNode("http://p"), _typed("01", "integer"))
    ltr = Literal("a", language="ar", direction=BaseDirection.LTR)
    rows: tuple[tuple[Value | None, ...], ...] = (
        *_ROWS.rows,
        (triple, _DEEP),
        (_DIRECTED, Literal(_DIRECTED.value, language="ar")),
        (ltr, Triple(NamedNode("http://s"), NamedNode("http://p"), _DIRECTED)),
    )
    data = write_results(Rows(_ROWS.variables, rows), form)
    read = parse_query_results(data, getattr(QueryResultsFormat, form.upper()))
    assert isinstance(read, QuerySolutions)
    assert [tuple(row) for row in read] == list(rows)


def test_tsv_writes_triple_terms_as_turtle_does() -> None:
    text = _text(Rows(("x",), ((_DEEP,),)), "tsv")
    assert text == '?x\n<<( _:b0 <http://p> <<( <http://s> <http://p> "o"@en )>> )>>\n'


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("table", "yes\n"),
        ("csv", "true\r\n"),
        ("tsv", "true\n"),
        ("json", '{"head": {}, "boolean": true}\n'),
        (
            "xml",
            '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
            "<head></head><boolean>true</boolean></sparql>\n",
        ),
        ("markdown", "yes\n"),
    ],
)
def test_a_truth_value(form: str, text: str) -> None:
    assert _text(True, form) == text
    assert _text(False, form) == text.replace("true", "false").replace("yes", "no")


@pytest.mark.parametrize(
    ("term", "cell"),
    [
        (Literal("=1+1"), "'=1+1"),
        (Literal("'=1+1"), "''=1+1"),
        (Literal("''@x"), "'''@x"),
        (Literal("+1 555 0100"), "'+1 555 0100"),
        (Literal("-x"), "'-x"),
        (Literal("@SUM(A1)", language="en"), "'@SUM(A1)"),
        (Literal("\t=1"), "'\t=1"),
        (Literal("\r=1"), '"\'\r=1"'),
        (Literal('=HYPERLINK("x","y")'), '"\'=HYPERLINK(""x"",""y"")"'),
        (_typed("=1+1", "integer"), "'=1+1"),
        (_typed("-1+cmd|'x'!A1", "date"), "'-1+cmd|'x'!A1"),
        (_typed("=1+1", "token"), "'=1+1"),
        (_typed("=1+1", "anyURI"), "'=1+1"),
        (Literal("=1+1", datatype=NamedNode("http://e/type")), "'=1+1"),
        # These stay as they are.
        (Literal("+1"), "+1"),
        (Literal("-5"), "-5"),
        (Literal("-5", language="en"), "-5"),
        (_typed("-5", "integer"), "-5"),
        (_typed("-3", "negativeInteger"), "-3"),
        (_typed("-3", "nonPositiveInteger"), "-3"),
        (_typed("+5.5e-3", "double"), "+5.5e-3"),
        (_typed("-INF", "double"), "-INF"),
        (_typed("-1.5e3", "float"), "-1.5e3"),
        (_typed("-0044-03-15", "date"), "-0044-03-15"),
        (_typed("-0044", "gYear"), "-0044"),
        (_typed("--06-01", "gMonthDay"), "--06-01"),
        (_typed("-PT8H", "dayTimeDuration"), "-PT8H"),
        (_typed("-P1D", "duration"), "-P1D"),
        (Literal("-7.5", datatype=NamedNode("http://e/metres")), "-7.5"),
        (Literal("a=b"), "a=b"),
        (Literal("'tis"), "'tis"),
        (Literal("\tx"), "\tx"),
        (Literal(" lead"), " lead"),
        (Literal("\uff1d1+1"), "'\uff1d1+1"),
        (Literal("\ufeff=1+1"), "'\ufeff=1+1"),
    ],
)
def test_formulas_are_defused_in_csv_and_values_are_not(term: Literal, cell: str) -> None:
    assert _text(Rows(("x",), ((term,),)), "csv") == f"x\r\n{cell}\r\n"


@pytest.mark.parametrize("term", [None, Literal("")])
def test_an_empty_cell_alone_is_a_row_to_every_reader(term: Literal | None) -> None:
    data = _text(Rows(("x",), ((term,), (Literal("a"),))), "csv")
    assert [row["x"] for row in csv.DictReader(io.StringIO(data))] == ["", "a"]


def test_xml_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(RefusedError, match=r"U\+0001"):
        write_results(Rows(("x",), ((Literal("a\x01"),),)), "xml")


def test_markdown_keeps_a_cell_a_cell() -> None:
    text = Literal("a|b\nc <b>*d* \\ [x](y) `e` \x1b[31mred")
    assert _text(Rows(("x", "y"), ((text, None),)), "markdown") == (
        "| x | y |\n| --- | --- |\n| a\\|b<br>c &lt;b>\\*d\\* \\\\ \\[x\\](y) \\`e\\` red |  |\n"
    )


def test_table_shortens_what_a_reader_knows() -> None:
    home = "https://example.org/"
    rows = Rows(
        ("thing", "km"),
        tuple(
            (NamedNode(iri), _typed(km, "integer"))
            for iri, km in [
                (f"{home}waters/exe", "8"),
                (f"{home}waters/otter", "32"),
                (f"{home}people/otter", "128"),
                ("http://www.w3.org/ns/org#Role", "1"),
                ("https://elsewhere.example/page", "2"),
            ]
        ),
    )
    described = {str(row[0].value) for row in rows.rows[:3] if isinstance(row[0], NamedNode)}
    prefixes = {"org": "http://www.w3.org/ns/org#"}
    assert write_results(rows, prefixes=prefixes, described=described).decode() == (
        "thing                            km\n"
        "------------------------------  ---\n"
        "exe                               8\n"
        "waters/otter                     32\n"
        "people/otter                    128\n"
        "org:Role                          1\n"
        "https://elsewhere.example/page    2\n"
    )


def test_table_wraps_between_words_and_fits() -> None:
    text = aligned(("name", "story"), [["a", "one two three four five six"]], 20)
    assert text == ("name  story\n----  --------------\na     one two three\n      four five six\n")


@pytest.mark.parametrize("width", [20, 40, 80])
def test_table_never_exceeds_its_width(width: int) -> None:
    cells = ["word " * 200, "https://example.org/" + "x" * 600, "東京" * 200, "e\u0301" * 600]
    for count in range(1, 5):
        text = aligned([f"column{n}" for n in range(count)], [cells[:count]] * 2, width)
        widths = [
            sum(2 if char in "東京" else 0 if char == "\u0301" else 1 for char in line)
            for line in text.splitlines()
        ]
        assert max(widths) <= width
        assert "…" in text


def test_too_many_columns_become_lines() -> None:
    assert aligned(("first", "b"), [["long enough", "also long"], ["x" * 9, "y"]], 13) == (
        "first  long\n       enough\nb      also\n       long\n\n"
        "first  xxxxxxxx\n       x\nb      y\n"
    )


def test_table_of_nothing() -> None:
    assert _text(Rows(("x",), ()), "table") == "No rows.\n"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07rest", "rest"),
        ("\x1b]8;;http://evil\x1b\\link", "link"),
        ("\x9b31mred", "red"),
        ("a\nb\tc\r\x08", "a b c "),
        ("abc\u202edef\u2066", "abcdef"),
        ("\x00\x7f\u200b", ""),
        ("naïve 東京 e\u0301 👩\u200d⚕️", "naïve 東京 e\u0301 👩\u200d⚕️"),
    ],
)
def test_a_terminal_is_not_steered(text: str, safe: str) -> None:
    assert clean(text) == safe
    assert "\x1b" not in aligned(("x",), [[text]], 80)


def _graph() -> Triples:
    ex = "http://example/"
    first, second = BlankNode(), BlankNode()
    knows, name = NamedNode(f"{ex}knows"), NamedNode(f"{ex}name")
    return Triples(
        (
            Triple(NamedNode(f"{ex}b"), knows, second),
            Triple(second, name, Literal("Second")),
            Triple(first, name, Literal("First")),
            Triple(NamedNode(f"{ex}a"), knows, first),
        )
    )


_TURTLE = """\
@prefix ex: <http://example/> .
ex:a ex:knows _:b0 .
ex:b ex:knows _:b1 .
_:b0 ex:name "First" .
_:b1 ex:name "Second" .
"""


def test_turtle_is_sorted_prefixed_and_the_same_on_every_run() -> None:
    prefixes = {"ex": "http://example/", "unused": "http://unused/"}
    texts = {write_results(_graph(), "turtle", prefixes=prefixes).decode() for _ in range(20)}
    assert texts == {_TURTLE}


def test_a_graph_is_the_same_for_every_hash_seed() -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests/sparql')\n"
        "from test_results import _graph; from cjph_graph.sparql import write_results\n"
        "for form in ('turtle', 'ntriples'):"
        " sys.stdout.buffer.write(write_results(_graph(), form))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            cwd=os.path.dirname(os.path.dirname(os.path.dirname(__file__))),  # noqa: PTH120
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
    assert outputs != {b""}


def test_ntriples() -> None:
    assert _text(Triples(_graph().triples[:0]), "ntriples") == ""
    lines = _text(_graph(), "ntriples").splitlines()
    assert lines[0].startswith("<http://example/a> <http://example/knows> _:b0")
    assert len(lines) == 4


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_a_graph_format_does_not_fit_rows(form: str) -> None:
    for result in (_ROWS, True):
        with pytest.raises(UsageError, match=f"{form} does not fit") as raised:
            write_results(result, form)
        assert raised.value.hint == f"Choose one of: {', '.join(ROW_FORMATS)}."


@pytest.mark.parametrize("form", ROW_FORMATS)
def test_a_row_format_does_not_fit_a_graph(form: str) -> None:
    with pytest.raises(UsageError, match=f"{form} does not fit"):
        write_results(_graph(), form)


def test_the_default_fits() -> None:
    assert write_results(_graph()) == write_results(_graph(), "turtle")
    assert write_results(_ROWS) == write_results(_ROWS, "table")
