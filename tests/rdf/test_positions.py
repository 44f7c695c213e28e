"""Where statements stand, in any Turtle there is."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from cjph_graph.rdf.blank_nodes import blank_nodes_in
from cjph_graph.rdf.positions import Excerpt, Located, Position, StatementPlaces, find_positions
from cjph_graph.rdf.reading import TurtleFile, read_bytes

_ROOT = Path(__file__).parents[2]
_EX = "http://example.org/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_HEAD = f"@prefix : <{_EX}> . @prefix xsd: <{_XSD}> .\n"


def _locate(text: str | bytes) -> tuple[tuple[Triple, ...], Located]:
    """Locate everything in a text."""
    data = text.encode() if isinstance(text, str) else text
    file = read_bytes(data, "text")
    assert file.problem is None, (file.problem, text)
    subjects = {t.subject for t in file.triples if not isinstance(t.subject, Triple)}
    return file.triples, find_positions(file, file.triples, subjects)


def _name(term: object) -> str:
    if isinstance(term, BlankNode):
        return "_"
    if isinstance(term, NamedNode):
        return term.value.removeprefix(_EX).replace(_RDF, "rdf:")
    return str(term).replace(f"^^<{_XSD}", "^^<")


def _told(text: str | bytes) -> list[str]:
    """Return one line for each statement, in the order of the text: its terms and places."""
    lines = []
    for triple, statements in _locate(text)[1].statements.items():
        terms = " ".join(map(_name, (triple.subject, triple.predicate, triple.object)))
        for at in statements:
            places = (at.subject, at.predicate, at.object)
            lines.append(
                (places[::-1], f"{terms} {' '.join(f'{p.line}:{p.column}' for p in places)}")
            )
    return [line for _, line in sorted(lines)]


# Each text comes behind one line of prefixes.
_CASES = {
    "several statements on a line": (
        ":a :b :c . :d :e :f .",
        [
            "a b c 2:1 2:4 2:7",
            "d e f 2:12 2:15 2:18",
        ],
    ),
    "lists of properties and values": (
        ":a :b :c , :d ;; ; :e\n  :f,:g;.",
        [
            "a b c 2:1 2:4 2:7",
            "a b d 2:1 2:4 2:12",
            "a e f 2:1 2:20 3:3",
            "a e g 2:1 2:20 3:6",
        ],
    ),
    "the same again": (
        ":a :b :c , :c .\n:a :b :c .",
        [
            "a b c 2:1 2:4 2:7",
            "a b c 2:1 2:4 2:12",
            "a b c 3:1 3:4 3:7",
        ],
    ),
    "a text of several lines": (
        ':a :b """x\n# . ; " ""\n""" ; :c """""", \'\'\'\'"\'\'\' , "" , \'\' .',
        [
            'a b "x\\n# . ; \\" \\"\\"\\n" 2:1 2:4 2:7',
            'a c "" 2:1 4:7 4:10',
            'a c "\'\\"" 2:1 4:7 4:18',
            'a c "" 2:1 4:7 4:29',
            'a c "" 2:1 4:7 4:34',
        ],
    ),
    "escapes in a text": (
        ":a :b \"\\\"\\\\\" , \"\\\\\", '\\'\"\\u0022' , '''\\'''' , :c .",
        [
            'a b "\\"\\\\" 2:1 2:4 2:7',
            'a b "\\\\" 2:1 2:4 2:16',
            'a b "\'\\"\\"" 2:1 2:4 2:22',
            'a b "\'" 2:1 2:4 2:36',
            "a b c 2:1 2:4 2:47",
        ],
    ),
    "comments": (
        "#:x :y :z .\n:a#b\n:b <http://h/#c>#, :d .\n, '#e' .#",
        [
            "a b http://h/#c 3:1 4:1 4:4",
            'a b "#e" 3:1 4:1 5:3',
        ],
    ),
    "a": (
        ":a a :b ; a<c:d>.",
        [
            "a rdf:type b 2:1 2:4 2:6",
            "a rdf:type c:d 2:1 2:11 2:12",
        ],
    ),
    "numbers and full stops": (
        ":a :b 1. :a :b 1.5, .5 ,1e5,-1.e+5,+.5E-1.\n:c :d -1.",
        [
            'a b "1"^^<integer> 2:1 2:4 2:7',
            'a b "1.5"^^<decimal> 2:10 2:13 2:16',
            'a b ".5"^^<decimal> 2:10 2:13 2:21',
            'a b "1e5"^^<double> 2:10 2:13 2:25',
            'a b "-1.e+5"^^<double> 2:10 2:13 2:29',
            'a b "+.5E-1"^^<double> 2:10 2:13 2:36',
            'c d "-1"^^<integer> 3:1 3:4 3:7',
        ],
    ),
    "booleans": (
        ":a :b true,false.\n:a :b true .",
        [
            'a b "true"^^<boolean> 2:1 2:4 2:7',
            'a b "false"^^<boolean> 2:1 2:4 2:12',
            'a b "true"^^<boolean> 3:1 3:4 3:7',
        ],
    ),
    "what touches what follows": (
        ":a<x:y>:b.c,<x:y>;:p-1<x:y>,+2;:e'f'@en,'g'^^:h,true.\n[]:p[],(),(1).",
        [
            "a x:y b.c 2:1 2:3 2:8",
            "a x:y x:y 2:1 2:3 2:13",
            "a p-1 x:y 2:1 2:19 2:23",
            'a p-1 "+2"^^<integer> 2:1 2:19 2:29',
            'a e "f"@en 2:1 2:32 2:34',
            'a e "g"^^<http://example.org/h> 2:1 2:32 2:41',
            'a e "true"^^<boolean> 2:1 2:32 2:49',
            "_ p _ 3:1 3:3 3:5",
            "_ p rdf:nil 3:1 3:3 3:8",
            "_ p _ 3:1 3:3 3:11",
            '_ rdf:first "1"^^<integer> 3:11 3:12 3:12',
            "_ rdf:rest rdf:nil 3:11 3:13 3:13",
        ],
    ),
    "dots and escapes in names": (
        ":a.b.c :d..e :f\\,\\;\\.\\# , :%2C , :%41.b . :é.g :😀 _:h.i, _:1 .",
        [
            "a.b.c d..e f,;.# 2:1 2:8 2:14",
            "a.b.c d..e %2C 2:1 2:8 2:27",
            "a.b.c d..e %41.b 2:1 2:8 2:34",
            "é.g 😀 _ 2:43 2:48 2:51",
            "é.g 😀 _ 2:43 2:48 2:58",
        ],
    ),
    "names that look like others": (
        ":a.true :prefix :base . :true :a :a. @prefix a: <x:> . @prefix true: <x:> . "
        "a:a a a:a ; a: true:false , true .",
        [
            "a.true prefix base 2:1 2:9 2:17",
            "true a a 2:25 2:31 2:34",
            "x:a rdf:type x:a 2:77 2:81 2:83",
            "x:a x: x:false 2:77 2:89 2:92",
            'x:a x: "true"^^<boolean> 2:77 2:89 2:105',
        ],
    ),
    "prefixes anew": (
        ":a :b :c .\n@prefix : <x:> . :a :b :c .\nPREFIX :<y:>:a :b :c .",
        [
            "a b c 2:1 2:4 2:7",
            "x:a x:b x:c 3:18 3:21 3:24",
            "y:a y:b y:c 4:13 4:16 4:19",
        ],
    ),
    "base": (
        "@base <http://h/d/> . <a> <../b> <#c>, <>, </e>, <//f> .\n"
        "bAsE<e/><a> :b <http://h/\\u00e9\\U0001F600> .",
        [
            "http://h/d/a http://h/b http://h/d/#c 2:23 2:27 2:34",
            "http://h/d/a http://h/b http://h/d/ 2:23 2:27 2:40",
            "http://h/d/a http://h/b http://h/e 2:23 2:27 2:44",
            "http://h/d/a http://h/b http://f 2:23 2:27 2:50",
            "http://h/d/e/a b http://h/é😀 3:9 3:13 3:16",
        ],
    ),
    "versions": (
        "@version \"1.2\" . VERSION '1.2'\n:a :b :c .",
        [
            "a b c 3:1 3:4 3:7",
        ],
    ),
    "languages and datatypes": (
        ':a :b "c"@en-GB , "d" @fr, "e"#f\n  ^^#g\n  :h , "i"^^<x:y> ; :j "k"@ar--rtl .',
        [
            'a b "c"@en-gb 2:1 2:4 2:7',
            'a b "d"@fr 2:1 2:4 2:19',
            'a b "e"^^<http://example.org/h> 2:1 2:4 2:28',
            'a b "i"^^<x:y> 2:1 2:4 4:8',
            'a j "k"@ar--rtl 2:1 4:21 4:24',
        ],
    ),
    "characters": (
        ':a :b "é😀" , :c ; :é <http://h/é😀> , :d .',
        [
            'a b "é😀" 2:1 2:4 2:7',
            "a b c 2:1 2:4 2:14",
            "a é http://h/é😀 2:1 2:19 2:22",
            "a é d 2:1 2:19 2:38",
        ],
    ),
    "anonymous": (
        "[] :b [ ] . [ :c :d ] . [ :e [ :f 1, 2 ; ] , 'x' ; ] :g [] .\n_:h :i _:h .",
        [
            "_ b _ 2:1 2:4 2:7",
            "_ c d 2:13 2:15 2:18",
            "_ e _ 2:25 2:27 2:30",
            '_ f "1"^^<integer> 2:30 2:32 2:35',
            '_ f "2"^^<integer> 2:30 2:32 2:38',
            '_ e "x" 2:25 2:27 2:46',
            "_ g _ 2:25 2:54 2:57",
            "_ i _ 3:1 3:5 3:8",
        ],
    ),
    "lists": (
        "( 1 'b' ) :c () , ( ( 'd' ) [ :e 'f' ] 'g'@en ) .\n() :h 'i' .",
        [
            '_ rdf:first "1"^^<integer> 2:1 2:3 2:3',
            "_ rdf:rest _ 2:1 2:5 2:5",
            '_ rdf:first "b" 2:5 2:5 2:5',
            "_ rdf:rest rdf:nil 2:5 2:9 2:9",
            "_ c rdf:nil 2:1 2:11 2:14",
            "_ c _ 2:1 2:11 2:19",
            "_ rdf:first _ 2:19 2:21 2:21",
            '_ rdf:first "d" 2:21 2:23 2:23',
            "_ rdf:rest rdf:nil 2:21 2:27 2:27",
            "_ rdf:rest _ 2:19 2:29 2:29",
            "_ rdf:first _ 2:29 2:29 2:29",
            '_ e "f" 2:29 2:31 2:34',
            "_ rdf:rest _ 2:29 2:40 2:40",
            '_ rdf:first "g"@en 2:40 2:40 2:40',
            "_ rdf:rest rdf:nil 2:40 2:47 2:47",
            'rdf:nil h "i" 3:1 3:4 3:7',
        ],
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_every_statement_stands_where_it_is_written(case: str) -> None:
    text, expected = _CASES[case]
    assert _told(_HEAD + text) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_any_line_end_ends_a_line(end: str, bom: bytes) -> None:
    text = f"{_HEAD}:a :b '''c\n\n''' ;\n\n  :d # :x .\n  :e .\n"
    told = _told(bom + text.replace("\n", end).encode())
    assert [line[-11:] for line in told] == ["2:1 2:4 2:7", "2:1 6:3 7:3"]
    assert _told(bom + f"<x:a> <x:b> <x:c> .{end}".encode()) == ["x:a x:b x:c 1:1 1:7 1:13"]


def test_a_subject_stands_wherever_it_is_opened() -> None:
    _, located = _locate(
        f"{_HEAD}:a :b :c ; :d :e , :f .\n:g :h :a . :a :i [ :j :a ] .\n"
        "_:k :l ( _:k ) .\n\n :a :m ()."
    )
    places = {
        _name(node): [(p.line, p.column) for p in at] for node, at in located.subjects.items()
    }
    assert places["a"] == [(2, 1), (3, 12), (6, 2)]
    assert places["g"] == [(3, 1)]
    blank = [at for node, at in located.subjects.items() if isinstance(node, BlankNode)]
    assert sorted(blank) == [(Position(3, 18),), (Position(4, 1),), (Position(4, 8),)]


def test_only_what_is_asked_for_is_told() -> None:
    data = f"{_HEAD}:a :b :c, :d .\n:e :f :c .".encode()
    file = read_bytes(data, "text")
    triples = file.triples
    a, e, nobody = (NamedNode(_EX + name) for name in ("a", "e", "nobody"))
    located = find_positions(file, [triples[1], Triple(a, a, a)], [e, nobody])
    assert located == Located(
        {triples[1]: (StatementPlaces(Position(2, 1), Position(2, 4), Position(2, 11)),)},
        {e: (Position(3, 1),)},
    )
    assert find_positions(read_bytes(b"", "text"), (), ()) == Located()


def test_triples_of_another_text_have_no_place() -> None:
    file = read_bytes(f"{_HEAD}:a :b :c .".encode(), "text")
    triples = file.triples
    for text in ("", f"{_HEAD}:a :b :c, :c .", f"{_HEAD}:a :b\0:c .", "] )"):
        another = Excerpt(replace(file, data=text.encode()), dict(enumerate(triples)))
        assert another.locate(triples, [triples[0].subject]) == Located()


@pytest.mark.parametrize(
    "text",
    [
        ":a :b :c {| :d :e |} .",
        ":a :b 'c' ~ :r , 'f' .",
        "<< :a :b 'c'@en >> :d :e .",
        ":a :b <<( :c :d <<( [] :e 'f'^^:g )>> )>> , ( 'h' ) .",
    ],
)
def test_nothing_beside_statements_about_statements_has_a_place(text: str) -> None:
    assert _locate(f"{_HEAD}:a :b :c . {text}")[1] == Located()


@pytest.mark.parametrize(
    ("opening", "closing"), [("[ :p ", " ]"), ("( ", " )"), ("( [ :p ", " ] )"), ("( 1 ", " 'x' )")]
)
def test_depth_costs_no_stack(opening: str, closing: str) -> None:
    depth = 3_000
    text = f"{_HEAD}:a :b\n{opening * depth}:deep{closing * depth} .\n:a :b :last ."
    parsed = parse(text.encode(), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    triples = [quad.triple for quad in parsed]
    nodes = tuple(dict.fromkeys(node for triple in triples for node in blank_nodes_in(triple)))
    file = TurtleFile("text", data=text.encode(), count=len(triples), blank_nodes=nodes)
    located = find_positions(file, triples, ())
    assert set(located.statements) == set(triples)
    deep = next(triple for triple in triples if triple.object == NamedNode(f"{_EX}deep"))
    assert located.statements[deep][0].object == Position(3, len(opening) * depth + 1)
    assert located.statements[triples[-1]][0].object == Position(4, 7)


class _Writer:
    """Random Turtle in random layout, and where each part of each statement was written.

    A blank node is a number here, as it has no name outside the text.
    """

    _NAMES = ("a", "b.c", "d-e", "é", "😀x", "1", "_2", "%41", "x:y", "A..b", "true", "prefix", "")
    _GAPS = (" ", "  ", "\t", "\n", "\n\n  ", " # <x> \"y' . ;\n", "#\n", "\n#[(\n#)]\n")

    _NUMBERS = (
        *(("1", "integer"), ("+0", "integer"), ("-1.5", "decimal"), (".5", "decimal")),
        *(("1.e5", "double"), ("+2E-1", "double"), ("true", "boolean"), ("false", "boolean")),
    )

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.end = self.random.choice(["\n", "\r\n", "\r"])
        self.text = ""
        self.line = self.column = 1
        self.blanks = 0
        self.labels: dict[str, int] = {}
        self.prefixes: dict[str, str] = {}
        self.base = "http://base.example/"
        self.statements: dict[
            tuple[Position, Position, Position], tuple[object, object, object]
        ] = {}

    def put(self, text: str) -> Position:
        place = Position(self.line, self.column)
        lines = text.split("\n")
        self.line += len(lines) - 1
        self.column = len(lines[-1]) + (self.column if len(lines) == 1 else 1)
        self.text += text.replace("\n", self.end)
        return place

    def gap(self, *, needed: bool = True) -> None:
        if needed or self.random.random() < 0.7:
            self.put("".join(self.random.choices(self._GAPS, k=self.random.choice([1, 1, 1, 2]))))

    def mark(self, mark: str) -> None:
        self.gap(needed=mark == ".")  # behind a name or number it is only a full stop with a gap
        self.put(mark)
        self.gap(needed=mark == ".")

    def document(self) -> str:
        self.declare("@base", "", self.base)
        for _ in range(self.random.randint(1, 12)):
            if not self.prefixes or self.random.random() < 0.2:
                namespace = f"http://{self.random.randint(1, 9)}.example/{self.random.choice('ab')}"
                if self.prefixes and self.random.random() < 0.3:
                    self.base = f"{namespace}/"
                    self.declare(self.random.choice(["@base", "BASE", "bAsE"]), "", self.base)
                else:
                    prefix = self.random.choice(["", "p", "a.b", "é-1", "base", "a"])
                    self.prefixes[prefix] = namespace
                    word = self.random.choice(["@prefix", "PREFIX", "pReFiX"])
                    self.declare(word, f"{prefix}:", namespace)
            self.triples()
        return self.text

    def declare(self, word: str, prefix: str, iri: str) -> None:
        self.put(word)
        self.gap()
        if prefix:
            self.put(prefix)
            self.gap(needed=False)
        self.put(f"<{iri}>")
        self.mark(".") if word[0] == "@" else self.gap()

    def triples(self) -> None:
        kind = self.random.random()
        if kind < 0.15:
            subject, place = self.bracket(), self.opened
            if self.random.random() < 0.5 and self.filled:
                return self.mark(".")
        elif kind < 0.3:
            subject, place = self.collection(None), self.opened
        else:
            subject, place = self.node()
        self.gap()
        self.properties(subject, place, 3)
        return self.mark(".")

    def properties(self, subject: object, place: Position, most: int) -> None:
        for number in range(self.random.randint(1, most)):
            if number:
                self.mark(";")
                while self.random.random() < 0.1:
                    self.mark(";")
            if self.random.random() < 0.1:
                predicate, at = NamedNode(f"{_RDF}type"), self.put("a")
            else:
                predicate, at = self.name()  # type: ignore[assignment]
            self.gap()
            for following in range(self.random.choice([1, 1, 1, 2, 3])):
                if following:
                    self.mark(",")
                self.value(subject, place, predicate, at)
        if self.random.random() < 0.1:
            self.mark(";")

    def value(
        self, subject: object, place: Position, predicate: object, at: Position | None
    ) -> None:
        """Write a value and its statement; without `at` its property stands where it does."""
        kind = self.random.random() * (1 if len(self.text) < 3000 else 0.7)
        if kind < 0.4:
            value, where = self.node()
        elif kind < 0.7:
            value, where = self.literal()
        elif kind < 0.85:
            value, where = self.bracket(), self.opened
        else:
            value, where = self.collection((subject, place, predicate, at)), self.opened
            return
        self.statements[place, at or where, where] = (subject, predicate, value)

    def bracket(self) -> int:
        self.blanks += 1
        blank, place = self.blanks, self.put("[")
        self.gap(needed=False)
        self.filled = self.random.random() < 0.8
        if self.filled:
            self.properties(blank, place, 2)
            self.gap(needed=False)
            self.filled = True
        self.put("]")
        self.opened = place
        return blank

    def collection(self, around: tuple[object, Position, object, Position | None] | None) -> object:
        opening = cell_place = self.put("(")
        self.gap(needed=False)
        head: object = NamedNode(f"{_RDF}nil")
        cell: object = None
        for _ in range(self.random.randint(0, 3)):
            self.blanks += 1
            here = Position(self.line, self.column)
            if cell is None:
                head = self.blanks
            else:
                rest = (cell, NamedNode(f"{_RDF}rest"), self.blanks)
                self.statements[cell_place, here, here] = rest
                cell_place = here
            cell = self.blanks
            self.value(cell, cell_place, NamedNode(f"{_RDF}first"), None)
            self.gap()
        closing = self.put(")")
        if cell is not None:
            nil = (cell, NamedNode(f"{_RDF}rest"), NamedNode(f"{_RDF}nil"))
            self.statements[cell_place, closing, closing] = nil
        if around:
            subject, place, predicate, at = around
            self.statements[place, at or opening, opening] = (subject, predicate, head)
        self.opened = opening
        return head

    def node(self) -> tuple[object, Position]:
        if self.random.random() < 0.2:
            label = self.random.choice(["a", "b.c", "1", "é", "_", "d-"])
            if label not in self.labels:
                self.blanks += 1
                self.labels[label] = self.blanks
            return self.labels[label], self.put(f"_:{label}")
        return self.name()

    def name(self) -> tuple[NamedNode, Position]:
        kind = self.random.random()
        if kind < 0.15:
            written, meant = self.random.choice(
                [
                    ("r", "r"),
                    ("#f", "#f"),
                    ("r/s#t", "r/s#t"),
                    ("\\u00e9", "é"),
                    ("?q=.;,", "?q=.;,"),
                ]
            )
            return NamedNode(self.base + meant), self.put(f"<{written}>")
        if kind < 0.3:
            iri = self.random.choice(["urn:x", "http://h/a'(b),;.#c[", "http://é/😀"])
            return NamedNode(iri.removesuffix("[")), self.put(f"<{iri.removesuffix('[')}>")
        prefix, namespace = self.random.choice(list(self.prefixes.items()))
        local = meant = self.random.choice(self._NAMES)
        if self.random.random() < 0.2:
            local, meant = self.random.choice(
                [(r"\,\;\.", ",;."), (r"a\(\'b", "a('b"), (r"\~", "~")]
            )
        return NamedNode(namespace + meant), self.put(f"{prefix}:{local}")

    def literal(self) -> tuple[Literal, Position]:
        if self.random.random() < 0.3:
            number, kind = self.random.choice(self._NUMBERS)
            return Literal(number, datatype=NamedNode(_XSD + kind)), self.put(number)
        quote = self.random.choice(['"', "'", '"""', "'''"])
        parts = [
            ("x", "x"),
            (" . ", " . "),
            ("#", "#"),
            ("é😀", "é😀"),
            ("[(", "[("),
            ("<y>", "<y>"),
        ]
        parts += [(r"\"", '"'), (r"\'", "'"), (r"\\", "\\"), (r"\n", "\n"), (r"\u0022", '"')]
        if len(quote) == 3:
            parts += [
                ("\n", self.end),
                (f"{quote[0] * 2} ", f"{quote[0] * 2} "),
                ("\n ", f"{self.end} "),
            ]
        chosen = self.random.choices(parts, k=self.random.randint(0, 6))
        place = self.put(quote + "".join(written for written, _ in chosen) + quote)
        text = "".join(meant for _, meant in chosen)
        kind = self.random.choice(["", "", "language", "datatype"])
        if kind:
            self.gap(needed=self.random.random() < 0.2)
        if kind == "language":
            self.put("@en-GB")
            return Literal(text, language="en-gb"), place
        if kind == "datatype":
            self.put("^^")
            self.gap(needed=self.random.random() < 0.2)
            return Literal(text, datatype=self.name()[0]), place
        return Literal(text), place


@pytest.mark.parametrize("seed", range(300))
def test_random_turtle_in_random_layout(seed: int) -> None:
    writer = _Writer(seed)
    triples, located = _locate(writer.document())
    found = {
        (at.subject, at.predicate, at.object): triple
        for triple, all_at in located.statements.items()
        for at in all_at
    }
    assert found.keys() == writer.statements.keys()
    assert len(found) == len(triples)
    # What is a number there is a blank node here, one for each.
    blanks: dict[object, object] = {}
    for places, written in writer.statements.items():
        read = found[places]
        for term, meant in zip((read.subject, read.predicate, read.object), written, strict=True):
            assert isinstance(term, BlankNode) == isinstance(meant, int)
            assert (
                blanks.setdefault(meant, term) == term if isinstance(meant, int) else term == meant
            )
    assert len(set(blanks.values())) == len(blanks)
    opened: dict[object, set[Position]] = {}
    for (place, _, _), (subject, _, _) in writer.statements.items():
        opened.setdefault(blanks.get(subject, subject), set()).add(place)
    assert located.subjects == {term: tuple(sorted(places)) for term, places in opened.items()}


@pytest.mark.checkout
@pytest.mark.parametrize("folder", ["data", "ontology", "tests"])
def test_every_statement_of_every_file_is_found_and_says_what_it_says(folder: str) -> None:
    files = [path for path in (_ROOT / folder).rglob("*.ttl") if not _is_long_series(path)]
    assert files
    for path in files:
        data = path.read_bytes()
        file = read_bytes(data, path.name)
        if file.problem:
            continue
        located = find_positions(file, file.triples, ())
        assert set(located.statements) == set(file.triples), path
        assert sum(map(len, located.statements.values())) == len(file.triples), path
        _check_again(data.decode(), file.prefixes, located)


def _is_long_series(path: Path) -> bool:
    """Say whether a file has the same lines again and again, with other figures."""
    return path.parent.name == "indicators" and path.stat().st_size > 60_000


def _check_again(text: str, prefixes: dict[str, str], located: Located) -> None:
    """Parse the text anew from the place of each part: the first thing read must be that part."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())

    def first(before: str, place: Position) -> Triple:
        start = starts[place.line - 1] + place.column - 1
        data = f"{head}{before}{text[start : start + 5000]}".encode()
        try:
            return next(iter(parse(data, format=RdfFormat.TURTLE))).triple
        except SyntaxError as error:  # at the bracket around what is looked at
            lines = data.decode().splitlines(keepends=True)[: error.lineno]
            lines[-1] = f"{lines[-1][: (error.offset or 1) - 1]} ."
            return next(iter(parse("".join(lines), format=RdfFormat.TURTLE))).triple

    for triple, all_at in located.statements.items():
        if isinstance(triple.object, BlankNode):
            continue
        for at in all_at:
            if triple.object != NamedNode(f"{_RDF}nil"):
                assert first("<x:s> <x:p> ", at.object).object == triple.object
            if at.predicate != at.object:
                assert first("<x:s> ", at.predicate).predicate == triple.predicate
            if isinstance(triple.subject, NamedNode):
                start = starts[at.subject.line - 1] + at.subject.column - 1
                name = text[start : start + 200].split()[0]
                assert first(f"{name} <x:p> ", at.object).subject == triple.subject
