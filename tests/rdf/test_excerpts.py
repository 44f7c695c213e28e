"""What is read in passages is what the whole file says, and stands where it stands there."""

import random
import time
from collections.abc import Collection

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cjph_graph.rdf import excerpts, passages
from cjph_graph.rdf.excerpts import Term, excerpt
from cjph_graph.rdf.positions import Place, Statement, Subject, locate
from cjph_graph.rdf.reading import TurtleFile, read_bytes
from cjph_graph.shacl.results import Result
from cjph_graph.validation.locate import Trace, trace

_EX = "http://example.org/"
_SH = "http://www.w3.org/ns/shacl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_HEAD = f"@prefix : <{_EX}> .\n"


@pytest.fixture(autouse=True)
def _no_file_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passages, "SMALL", 0)


def _ex(*names: str) -> list[NamedNode]:
    return [NamedNode(_EX + name) for name in names]


def _compare(
    file: TurtleFile,
    subjects: Collection[Subject] = (),
    predicates: Collection[NamedNode] = (),
    objects: Collection[Term] = (),
) -> list[Triple]:
    """Read what is sought in passages and in the whole file; return it, as it is the same."""
    assert file.problem is None, (file.problem, file.data)
    found = excerpt(file, subjects, predicates=predicates, objects=objects)
    # The long way would be right, but does not show what the short one does.
    assert found.__dict__["_parts"] is not None, file.data
    expected = [
        triple
        for triple in file.triples
        if triple.subject in subjects or triple.predicate in predicates or triple.object in objects
    ]
    assert list(found.triples) == expected, file.data
    whole = locate(file.data, file.triples, expected, subjects)
    assert found.locate(expected, subjects) == whole, file.data
    return expected


# What a reader in a hurry would get wrong; each text says `:s :p :o`.
_HOSTILE = (
    ':a :p """ . :s :p :o . """ . :s :p :o .',
    ":a :p ''' ' '' . :s :p :o . # ''' . :s :p :o .",
    ':a :p "\\" . :s :p :o . \\\\" . :s :p :o .',
    ":a :p '\" . ' . :s :p :o . :a :p \"' . \" .",
    "# ' \" <\n:a :p 1 . # \"\"\" :s :p :o .\n:s :p :o .\n# '''",
    ":a :p <http://h/a'b#c.> . :s :p :o . :a :p <http://h/#'> .",
    ':a :p ")]}" , [ :q "[({" ] , ( "<" \'>\' ) . :s :p :o .',
    ":a.s :p.s :b.s.<http://example.org/s> :p :o.",
    ":a :p 1.:s :p :o.",
    ":a :p 1.5 , .5 , 1.e5 , 1.:s :p :o.",
    ":a :p true.<http://example.org/s> :p :o.",
    ':a :p "1"@en.:s :p :o.',
    ':a :p "1"^^:x1.<http://example.org/s> :p :o.',
    ":a :p _:b.c , _:b.<http://example.org/s> :p :o.",
    ":a :p :.:s :p :o.",
    ":a :p :\\.s , :x\\'.y , :x\\#.<http://example.org/s> :p :o.",
    "@prefix x1: <x:>. x1:a1.b1 :p x1:c1.<http://example.org/s> :p :o.",
    ":a :p ( 1e5:x 5:x 'a'@en:x ) . :s :p ( 1e5:o ) . :s :p :o.",
    "@prefix t: <http://example.org/\\u0073> . t: :p :o .",
    "PREFIX t:<http://example.org/x>PREFIX t:<http://example.org/>t:s :p :o .",
    "@prefix t: <http://example.org/s> . @prefix t: <x:> . t: :q 1 .<http://example.org/s> :p :o .",
    "<http://example.org/\\u0073> :p :o .",
    "<http://example.org/s>:p<http://example.org/o>.",
    "@base <http://example.org/> . <s> :p <o> .",
    "@base <http://example.org/d/e> . <../s> <../p> <../o> . <s> :p :o .",
    "@base <http://example.org/s> . <> :p :o . <#s> :p :o .",
    "BASE <http://example.org/s#x> @prefix t: <> . t: :p :o . t:s :p :o .",
    ":b :q :r ~ :x . :s :p :o ~ :s2 .",
    "@version '1.2' . VERSION \"1.2\" :s :p :o .",
    "prefix prefix: <x:> prefix:base prefix:version prefix:prefix. :s :p :o .",
    "@prefix # x: <http://example.org/> .\n x: # '\n <http://example.org/> . x:s :p x:o .",
)


@pytest.mark.parametrize("text", _HOSTILE)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_no_text_hides_or_feigns_a_statement(text: str, bom: bytes) -> None:
    file = read_bytes(bom + (_HEAD + text).encode(), "text")
    (s, o), (p,) = _ex("s", "o"), _ex("p")
    assert Triple(s, p, o) in _compare(file, [s])
    assert Triple(s, p, o) in _compare(file, objects=[o])
    assert Triple(s, p, o) in _compare(file, predicates=[p])
    _compare(file, [s], [p], [o, Literal("1", datatype=NamedNode(f"{_XSD}integer"))])


def test_a_name_for_a_statement_is_a_subject() -> None:
    text = f"{_HEAD}:a :p :o ~ :r {{| :q 1 |}} . << :a :p :o ~ :s >> :q 2 .\n:b :p 3 ."
    (r, s) = _ex("r", "s")
    found = _compare(read_bytes(text.encode(), "text"), [r, s])
    assert [str(triple.object)[1] for triple in found if triple.predicate == _ex("q")[0]] == [
        "1",
        "2",
    ]


def test_terms_without_a_word_are_found() -> None:
    text = f"{_HEAD}:a a :b ; :p ( :c () ) .\n() :p [] ."
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    file = read_bytes(text.encode(), "text")
    first, nil, kind = (NamedNode(rdf + name) for name in ("first", "nil", "type"))
    assert len(_compare(file, [nil])) == 1
    assert len(_compare(file, objects=[nil])) == 2
    assert len(_compare(file, predicates=[kind, first])) == 3


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", Literal("1", datatype=NamedNode(f"{_XSD}integer"))),
        ("true", Literal("true", datatype=NamedNode(f"{_XSD}boolean"))),
        ("'''it's'''", Literal("it's")),
        ('"\\u0041."', Literal("A.")),
        ('"""a\n"b""" @en', Literal('a\n"b', language="en")),
        ('""', Literal("")),
    ],
)
def test_a_literal_is_found_however_it_is_written(written: str, value: Literal) -> None:
    file = read_bytes(f"{_HEAD}:b :p 2, :c .\n:a :p {written} .".encode(), "text")
    assert _compare(file, objects=[value]) == [Triple(*_ex("a", "p"), value)]


def test_blank_nodes_keep_the_names_they_were_given() -> None:
    text = (
        f"{_HEAD}[] :p _:b .\n:x :p 1 .\n( 1 [ :q _:b ] ) :p _:c .\n:a :p _:c , [] .\n_:c :p _:b ."
    )
    file = read_bytes(text.encode(), "text")
    assert len(file.blank_nodes) == 7
    a = _ex("a")
    names = [triple.object for triple in _compare(file, a)]
    assert all(isinstance(name, BlankNode) and name in file.blank_nodes for name in names)
    for node in file.blank_nodes:
        assert _compare(file, [node]) + _compare(file, objects=[node])


class _Texts:
    """Random Turtle, put together from what is hard to tell apart."""

    _NAMES = (
        *(":s", ":p", ":o", ":a1.fx", ":a.b", ":a.5", ":1a", ":a:b", ":", ":a\\.b", ":a\\~1.b"),
        *(":a\\#x", ":%41.b", ":a\\'.b", "é:é.é", "a.b:c.d", "<http://example.org/#a>", "<r>"),
        *("<http://example.org/a'b#c.>", "<http://example.org/\\u0041>", "<#r>", "<../a/./b.c>"),
        *("<>", "<?q#.>", ":true", "true.e:x", "a:a", ":a-1.-b", ":a..b", "prefix:x", "base:"),
        *("base.x:y", ":_", ":a_.b", ":1e5.x", "_:a", "_:b.c", "_:1"),
    )
    _LITERALS = (
        *("1", "1.5", ".5", "-1", "+.5E-1", "1e5", "1.e5", "true", '"a"', '""', "''", '"\\""'),
        *('"a . :s :p :o ."', "'#'", '"\\\\"', "'\\''", '"""a . "" \n :x :y :z .\n# """'),
        *("'''it's '''", '"<"', '">"', '"["', '"a"@en', '"a"@en-GB', '"a"^^:d.x', '"\\u0041 .\\n"'),
        *("'\"'", '"é."', '"~"', '"a\\\\\\""', '"""\\""""', '"@prefix : <x:> ."', "(1e5:o 5:s)"),
        *('("a"@en:o"b":s)', '(:s"a":o)', "<<( :s :p <<( :o :p 1 )>> )>>", "<< :s :p :o ~ :r >>"),
    )
    _GAPS = (" ", " ", "\t", "\n", "\r\n", " # . <x> \"y' :s :p :o .\n", "#\n", " #\r")
    _DECLARATIONS = (
        *(f"@prefix : <{_EX}> .", f"PREFIX : <{_EX}#>", f"@base <{_EX}x/y> .", f"BASE<{_EX}z#f>"),
        *("@prefix : <#> .", "prefix : <a>", f"@prefix a: <{_EX}a> .", "VERSION '1.2'"),
        *("@prefix é: <\\u0068ttp://example.org/> .", '@prefix # : <x:> .\n : # "\n <http://a/> .'),
    )
    _HEAD = (
        f"@prefix : <{_EX}> . @prefix a: <{_EX}a/> . @prefix é: <{_EX}> . @prefix true.e: <x:> ."
        f"@prefix a.b: <x:> . @prefix prefix: <x:> . @prefix base: <x:> . @prefix base.x: <{_EX}> ."
        f"@base <{_EX}> .\n"
    )

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def file(self) -> TurtleFile:
        while True:
            text = self._HEAD + "".join(
                self._statement() for _ in range(self._random.randint(1, 8))
            )
            file = read_bytes(text.encode(), "text")
            if not file.problem:
                return file

    def some(self, terms: set[Term]) -> set[Term]:
        ordered = sorted(terms, key=str)
        return set(self._random.sample(ordered, self._random.randint(0, min(5, len(ordered)))))

    def _gap(self) -> str:
        return "".join(self._random.choices(self._GAPS, k=self._random.choice([1, 1, 2])))

    def _maybe(self) -> str:
        return self._gap() if self._random.random() < 0.6 else ""

    def _value(self, depth: int) -> str:
        kind = self._random.random()
        if kind < 0.5:
            return self._random.choice(self._NAMES)
        if kind < 0.88 or depth > 2:
            return self._random.choice(self._LITERALS)
        if kind < 0.94:
            return f"[{self._gap()}{self._said(depth + 1)}{self._gap()}]"
        return f"( {self._value(depth + 1)}{self._gap()}{self._value(depth + 1)} )"

    def _said(self, depth: int) -> str:
        verb = self._random.choice([name for name in self._NAMES if name[0] != "_"] + ["a"] * 3)
        said = f"{verb}{self._gap()}{self._value(depth)}"
        while self._random.random() < 0.3:
            said += f"{self._maybe()},{self._maybe()}{self._value(depth)}"
        if self._random.random() < 0.05:
            said += " ~ :r {| :q :s |}"
        if self._random.random() < 0.3:
            said += f"{self._maybe()};{self._maybe()}{self._said(depth)}"
        return said

    def _statement(self) -> str:
        if self._random.random() < 0.15:
            return self._random.choice(self._DECLARATIONS) + self._maybe()
        subject = self._random.choice([*self._NAMES, "[]", "()", "[ :p 1 ]"])
        return f"{subject}{self._gap()}{self._said(0)}{self._maybe()}.{self._maybe()}"


@pytest.mark.parametrize("seed", range(300))
def test_passages_of_random_turtle_say_what_the_whole_says(seed: int) -> None:
    texts = _Texts(seed)
    for _ in range(3):
        file = texts.file()
        pairs = [(t.subject, t.object) for t in file.triples]
        terms = {term for pair in pairs for term in pair if not isinstance(term, Triple)}
        subjects = {term for term in texts.some(terms) if not isinstance(term, Literal)}
        predicates = texts.some({t.predicate for t in file.triples})
        _compare(file, subjects, predicates, texts.some(terms))  # type: ignore[arg-type]


def _result(
    focus: Term, path: str | None = None, value: Term | None = None, component: str = "Or"
) -> Result:
    node = BlankNode()
    triples = [Triple(node, NamedNode(f"{_SH}focusNode"), focus)]
    if value is not None:
        triples.append(Triple(node, NamedNode(f"{_SH}value"), value))
    constraint = f"{_SH}{component}ConstraintComponent"
    text = None if value is None else getattr(value, "value", str(value))
    focus_text = getattr(focus, "value", str(focus))
    return Result(
        focus_text, path, text, f"{_SH}Violation", constraint, "", (), triples=tuple(triples)
    )


@pytest.mark.parametrize("seed", range(100))
def test_results_have_the_places_that_the_whole_files_give(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = _Texts(seed)
    files = [texts.file() for _ in range(3)]
    triples = [triple for file in files for triple in file.triples]
    terms = {t for triple in triples for t in (triple.subject, triple.object)}
    chosen = sorted((term for term in terms if not isinstance(term, Triple)), key=str)
    paths = sorted({triple.predicate.value for triple in triples})
    choose = random.Random(seed).choice
    components = ["Or", "MinCount", "MaxCount", "UniqueLang", "Closed"]
    results = [
        _result(
            choose(chosen),
            choose([None, choose(paths), f"^{choose(paths)}"]),
            choose([None, choose(chosen)]),
            choose(components),
        )
        for _ in range(12)
    ] + [
        _result(triple.subject, path, triple.object)
        for triple in triples[:6]
        for path in (triple.predicate.value, None)
        if not isinstance(triple.subject, Triple) and not isinstance(triple.object, Triple)
    ]
    found = trace(results, files)
    assert any(one.place for one in found)
    monkeypatch.setattr(excerpts, "passages", lambda *_: None)
    assert trace(results, files) == found


@pytest.mark.parametrize("problem", ["not understood", "not Turtle", "too few triples"])
def test_what_cannot_be_relied_on_is_read_whole(
    problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = read_bytes(f"{_HEAD}:b :p 1 .\n:s :p 2 .\n:c :p 3 .".encode(), "text")
    wrong = {
        "not understood": None,
        "not Turtle": [passages.Passage(30, 40, b"")],
        "too few triples": [],
    }
    monkeypatch.setattr(excerpts, "passages", lambda *_: wrong[problem])
    s = _ex("s")
    found = excerpt(file, s)
    assert [str(triple.object.value) for triple in found.triples] == ["2"]  # type: ignore[union-attr]
    statement = Statement(Place(3, 1), Place(3, 4), Place(3, 7))
    assert found.locate(found.triples, ()).statements == {found.triples[0]: (statement,)}


_THINGS = 20_000


def _large() -> TurtleFile:
    text = _HEAD + "".join(
        f':thing-{n} a :Thing ;\n  :name "Thing. {n} \\"x\\" # ." ;\n  :n {n} ;\n'
        f"  :part :thing-{(n * 7) % _THINGS} , <{_EX}s#{n}.> .\n\n"
        for n in range(_THINGS)
    )
    data = text.encode()
    subjects = frozenset(NamedNode(f"{_EX}thing-{n}") for n in range(_THINGS))
    return TurtleFile("large.ttl", None, {}, data, 5 * _THINGS, subjects)


@pytest.mark.parametrize("many", [100, 10_000])
def test_a_large_file_is_not_read_whole(many: int) -> None:
    file = _large()
    step = _THINGS // many
    results = [
        _result(NamedNode(f"{_EX}thing-{n}"), f"{_EX}lead", None, "MinCount")
        for n in range(0, _THINGS, step)
    ] + [
        _result(NamedNode(f"{_EX}thing-{n}"), f"^{_EX}part", None, "MaxCount")
        for n in range(0, _THINGS, step)
    ]
    started = time.process_time()
    found = trace(results, [file])
    assert time.process_time() - started < 10
    assert "triples" not in file.__dict__
    assert found[1] == Trace(
        results[1], f"{_EX}thing-{step}", None, "large.ttl", Place(2 + 6 * step - step, 1)
    )
    lines = file.data.decode().split("\n")
    for one in found:
        assert one.place
        slug = one.focus.removeprefix(_EX)
        line = lines[one.place.line - 1][one.place.column - 1 :]
        assert line.startswith(f":{slug} "), line


_SLOW = {
    "a long statement": (":s :p ", ":o , ", ":o ."),
    "many statements": ("", ":x :p :o .", ":s :p :o ."),
    "prefixes anew": (
        "",
        f"@prefix : <{_EX}> . @prefix : <{_EX}s> .",
        f":s :p :o . <{_EX}s> :p 1 .",
    ),
    "relative prefixes": (f"@base <{_EX}> .", "@prefix : <#> . @prefix : <> .", ":s :p :o ."),
    "relative subjects": (f"@base <{_EX}> .", "<x> <../p> <./> .", ":s :p :o ."),
    "a long text": (':s :p """', '" \\" "":s :p :o .', '""" .'),
    "quotation marks": (":s :p ", '"",', "'' ."),
    "comments": ("", "# :s :p :o .\n", ":s :p :o ."),
    "blanks behind": (":s :p :o .", " ", ""),
    "comments behind": (":s :p :o .", "#\n", ""),
    "dots in names": (":s :p :a", ".", "b ."),
    "backslashes": (":s :p '", "\\\\", "' ."),
    "digits and dots": ("", ":x1.x :p 1.5 , 1 .", ":s :p :o ."),
    "brackets": ("", "[] :p [ :q ( 1 ) ] .", ":s :p [] ."),
}


@pytest.mark.parametrize("case", _SLOW)
def test_no_text_takes_long(case: str) -> None:
    before, filling, after = _SLOW[case]
    sought = [NamedNode(f"{_EX}s{n}") for n in range(10_000)] + _ex("s")

    def seconds(size: int) -> float:
        text = (_HEAD + before + filling * (size // len(filling)) + after).encode()
        file = read_bytes(text, "text")
        assert file.problem is None
        started = time.process_time()
        found = excerpt(file, sought)
        assert found.triples
        assert found.locate((), sought).subjects
        assert excerpt(file, (), objects=sought).triples == ()
        return time.process_time() - started

    short, long = seconds(20_000), seconds(400_000)
    assert long < 60 * max(short, 0.02)


def test_passages_can_be_read_by_themselves() -> None:
    text = f"{_HEAD}@base <{_EX}d/> .\n:x :p 1 .\n:s :p <../o> . :s :p 2 .\n:y :p 3 . :s :p 4 ."
    data = text.encode()
    (s,) = _ex("s")
    found = passages.passages(data, passages.Sought(frozenset([s])))
    assert found is not None
    assert [data[one.start : one.end].strip() for one in found] == [
        b":s :p <../o> . :s :p 2 .",
        b":s :p 4 .",
    ]
    for one in found:
        part = one.prologue + data[one.start : one.end]
        assert {quad.subject for quad in parse(part, format=RdfFormat.TURTLE)} == {s}
