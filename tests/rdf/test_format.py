"""Laying out Turtle: what moves, what stays, and that it says the same."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cjph_graph.errors import InputError
from cjph_graph.rdf import format as formatting
from cjph_graph.rdf.format import format_turtle, plain

_ROOT = Path(__file__).parents[2]
_PREFIX = b"@prefix e: <http://e/> .\n\n"
_ORDER = {"http://e/Boat": {"http://e/name": 0, "http://e/length": 1}}


def _order(classes: frozenset[str]) -> dict[str, int]:
    return next((_ORDER[name] for name in classes if name in _ORDER), {})


def _laid(text: str) -> str:
    """Lay out a text that has the prefix e: and return it without that; twice changes nothing."""
    once = format_turtle(_PREFIX + text.encode(), _order)
    assert format_turtle(once, _order) == once
    return once.decode().removeprefix(_PREFIX.decode())


def test_a_prefix_that_only_the_class_had_goes() -> None:
    rdf = b"@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    assert format_turtle(rdf + _PREFIX + b"e:a rdf:type e:B .") == _PREFIX + b"e:a\n    a e:B .\n"
    kept = format_turtle(rdf + _PREFIX + b"e:a rdf:type e:B ; e:path rdf:type .")
    assert b"@prefix rdf:" in kept
    assert format_turtle(kept) == kept


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("e:a e:b 1.", "e:a\n    e:b 1 .\n"),
        ("e:a e:b 2,1 ;; .", "e:a\n    e:b 1 , 2 .\n"),
        ("e:a e:b 1 ; e:c 2 ; e:b 3 .", "e:a\n    e:b 1 , 3 ;\n    e:c 2 .\n"),
        ("e:a e:b 1, 1 .", "e:a\n    e:b 1 .\n"),
        ("e:a e:b 1 . e:a e:b 2 .", "e:a\n    e:b 1 .\n\ne:a\n    e:b 2 .\n"),
        ("e:z e:b 1 . e:a e:b 2 .", "e:z\n    e:b 1 .\n\ne:a\n    e:b 2 .\n"),
        ("e:a e:length 9; e:name 'x' ; a e:Boat.", "e:a\n    a e:Boat ;\n    e:name 'x' ;\n"
         "    e:length 9 .\n"),
        ("e:a e:length 9; e:name 'x' ; a e:Car.", "e:a\n    a e:Car ;\n    e:length 9 ;\n"
         "    e:name 'x' .\n"),
        ("e:a e:other 1; e:name 'x'; <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> e:Boat.",
         "e:a\n    a e:Boat ;\n    e:name 'x' ;\n    e:other 1 .\n"),
        ("e:a e:b 01, 1.50, +1, -0, .5, 1E0, true .",
         "e:a\n    e:b +1 , -0 , .5 , 01 , 1.50 , 1E0 , true .\n"),
        ('e:a e:b "x"@EN-us, "caf\\u00e9", """two\nlines""" .',
         'e:a\n    e:b\n        """two\nlines""" ,\n        "caf\\u00e9" ,\n        "x"@EN-us .\n'),
        ('e:a e:b "x" @en , "1" ^^ e:t .', 'e:a\n    e:b "1"^^e:t , "x"@en .\n'),
        ('e:a e:b "a\\r\\nb", "tab\\t" .', 'e:a\n    e:b "a\\r\\nb" , "tab\\t" .\n'),
        ("e:a e:b (3 1 2), [], (), e:c .", "e:a\n    e:b e:c , ( 3 1 2 ) , [] , () .\n"),
        ("[] e:b 1 . [e:c 1] . [e:c 1] e:b 2 .",
         "[]\n    e:b 1 .\n\n[ e:c 1 ] .\n\n[ e:c 1 ]\n    e:b 2 .\n"),
        ("e:a e:b <../up>, <#x>, <> .", "e:a\n    e:b <#x> , <../up> , <> .\n"),
        ("e:a e:b e:c {| e:d 1 |} , <<( e:a e:b 'x'@en )>> .",
         "e:a\n    e:b <<( e:a e:b 'x'@en )>> , e:c {| e:d 1 |} .\n"),
    ],
)  # fmt: skip
def test_there_is_one_way_to_write_it(before: str, after: str) -> None:
    assert _laid(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# top\n\n# of e:a\ne:a e:b 1 . # end\n\n\n# tail",
         "# top\n\n# of e:a\ne:a\n    e:b 1 . # end\n\n# tail\n"),
        ("e:a # subject\n e:c 2 ; # two\n # above\n e:b 1 .",
         "e:a # subject\n    e:c 2 ; # two\n    # above\n    e:b 1 .\n"),
        ("e:a e:b 2, # two\n 1 ; # one\n e:c 3 .",
         "e:a\n    e:b\n        1 , # one\n        2 ; # two\n    e:c 3 .\n"),
        ("e:a e:length 9 ; # nine\n e:name 'x' . # name\ne:b a e:Boat .",
         "e:a\n    e:length 9 ; # nine\n    e:name 'x' . # name\n\ne:b\n    a e:Boat .\n"),
        ("e:a a e:Boat ; e:length 9 ; # nine\n e:name 'x' . # name",
         "e:a\n    a e:Boat ;\n    e:name 'x' ; # name\n    e:length 9 . # nine\n"),
        ("e:a e:b 1 ;\n # e:c 2 ;\n .", "e:a\n    e:b 1 ;\n    # e:c 2 ;\n    .\n"),
        ("e:a e:b 1 # one\n . # stop", "e:a\n    e:b 1 ; # one\n    . # stop\n"),
        ("e:a e:b ( # open\n 1 # one\n # two\n 2\n # last\n) .",
         "e:a\n    e:b ( # open\n        1 # one\n        # two\n        2\n"
         "        # last\n    ) .\n"),
        ("e:a e:b [ # open\n e:c 1 ; # one\n # last\n ] .",
         "e:a\n    e:b [ # open\n        e:c 1 ; # one\n        # last\n    ] .\n"),
        ("e:a e:b # why\n 1 .", "e:a\n    e:b # why\n        1 .\n"),
        ("e:a e:b '#1' , <http://e/#x> .", "e:a\n    e:b '#1' , <http://e/#x> .\n"),
        ("# only\n# a comment", "# only\n# a comment\n"),
    ],
)  # fmt: skip
def test_a_comment_stays_with_its_neighbour(before: str, after: str) -> None:
    assert _laid(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PREFIX b: <http://b/>\n@prefix a: <http://a/> .\na:x a:y b:z .",
         "@prefix a: <http://a/> .\n@prefix b: <http://b/> .\n\na:x\n    a:y b:z .\n"),
        ("@prefix a: <http://a/> .\n@prefix no: <http://no/> .\na:x a:y a:z .",
         "@prefix a: <http://a/> .\n\na:x\n    a:y a:z .\n"),
        ("@prefix a: <http://a/> .\n@prefix no: <http://no/> . # kept\na:x a:y a: .",
         "@prefix a: <http://a/> .\n@prefix no: <http://no/> . # kept\n\na:x\n    a:y a: .\n"),
        ("# licence\n@prefix a: <http://a/> .\na:x a:y a:z .\n@prefix b: <http://b/> .\n"
         "b:x a:y 1 .",
         "# licence\n\n@prefix a: <http://a/> .\n@prefix b: <http://b/> .\n\n"
         "a:x\n    a:y a:z .\n\nb:x\n    a:y 1 .\n"),
        ("@prefix a: <http://a/> .\na:x a:y 1 .\n@prefix a: <http://b/> .\na:x a:y 2 .",
         "@prefix a: <http://a/> .\n\na:x\n    a:y 1 .\n\n@prefix a: <http://b/> .\n\n"
         "a:x\n    a:y 2 .\n"),
        ("@base <http://e/> .\n@prefix z: <#> .\n@prefix a: <a/> .\na:x z:y <b> .",
         "@base <http://e/> .\n@prefix z: <#> .\n@prefix a: <a/> .\n\na:x\n    z:y <b> .\n"),
        ("@prefix a: <http://a/> .\n@prefix no: <http://no/> .\n# why\n@prefix b: <http://b/> .\n"
         "b:x b:y b:z .",
         "# why\n\n@prefix b: <http://b/> .\n\nb:x\n    b:y b:z .\n"),
        ("@prefix a: <http://a/> .\n# why\n@prefix no: <http://no/> .\n<x> <y> <z> .",
         "# why\n\n<x>\n    <y> <z> .\n"),
        ("@prefix a: <http://a/> .\n<x> <y> '^^a:'@en , '1'^^<z> .",
         "<x>\n    <y> '1'^^<z> , '^^a:'@en .\n"),
        ("@prefix a: <http://a/> .\n<x> <y> '1'^^a:z .",
         "@prefix a: <http://a/> .\n\n<x>\n    <y> '1'^^a:z .\n"),
        ("@prefix a: <http://a/> .\n<x> <http://a/y> 1 ; a:y 2 .",
         "<x>\n    <http://a/y> 1 , 2 .\n"),
        ("\ufeff@prefix a: <http://a/> .\r\na:x a:y '''one\r\ntwo''' .\r\n",
         "@prefix a: <http://a/> .\n\na:x\n    a:y '''one\r\ntwo''' .\n"),
    ],
)  # fmt: skip
def test_declarations(before: str, after: str) -> None:
    laid = format_turtle(before.encode())
    assert laid.decode() == after
    assert format_turtle(laid) == laid


def test_values_stand_below_when_they_do_not_fit() -> None:
    values = [f"e:{letter * 30}" for letter in "abc"]
    assert _laid(f"e:a e:b {','.join(values)} .") == (
        "e:a\n    e:b\n" + " ,\n".join(f"        {value}" for value in values) + " .\n"
    )
    assert _laid(f"e:a e:b ({' '.join(values)}) .") == (
        "e:a\n    e:b (\n" + "".join(f"        {value}\n" for value in values) + "    ) .\n"
    )


def test_what_is_not_turtle_is_refused() -> None:
    with pytest.raises(SyntaxError):
        format_turtle(b"@prefix e: <http://e/> . e:a e:b")


def test_nothing_is_written_that_says_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "lay_out", lambda *_: b"<http://e/a> <http://e/b> 2 .")
    with pytest.raises(InputError, match="without changing what it says"):
        format_turtle(b"<http://e/a> <http://e/b> 1 .")


@pytest.mark.checkout
@pytest.mark.parametrize("folder", ["data", "ontology", "tests/examples"])
def test_shipped_files_say_the_same(folder: str) -> None:
    for path in sorted((_ROOT / folder).rglob("*.ttl")):
        laid = format_turtle(path.read_bytes())
        assert format_turtle(laid) == laid, path


_WORDS = ("e:a", "e:b", "<x>", "_:n", "1", "'s'", '"t"@en', '"1"^^e:t', "true", "(1 e:c)", "[]")


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """Make a Turtle text with comments and line ends anywhere, or nearly nowhere."""
    chance = Random(draw(st.integers(0, 10**9)))
    calm = chance.random() * chance.choice((0, 1))

    def gap() -> str:
        if chance.random() < calm:
            return chance.choice((" ", "\n", "\r\n", "\t", "\n\n"))
        return chance.choice((" ", " ", "\n", "\n\n", " # note\n", "\n# own\n", "\n# a\n\n# b\n"))

    def joined(parts: list[str], mark: str) -> str:
        return (gap() + mark + gap()).join(parts)

    def value(depth: int) -> str:
        if depth and chance.random() < 0.3 * (1 - calm):
            if chance.random() < 0.5:
                return "(" + gap() + gap().join(value(depth - 1) for _ in range(3)) + gap() + ")"
            return "[" + gap() + properties(depth - 1) + gap() + "]"
        return chance.choice(_WORDS)

    def properties(depth: int) -> str:
        return joined(
            [
                chance.choice(("e:p", "e:q", "a", "e:r"))
                + gap()
                + joined([value(depth) for _ in range(chance.randrange(1, 4))], ",")
                for _ in range(chance.randrange(1, 4))
            ],
            ";",
        )

    blocks = [
        chance.choice(("e:s", "[]", "_:n", "(1)", "<y>", "e:t"))
        + gap()
        + properties(2)
        + gap()
        + "."
        for _ in range(chance.randrange(1, 4))
    ]
    return gap() + gap().join(blocks) + gap()


def _without_plain_blocks(data: bytes) -> bytes:
    """Lay a text out by the long way alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "_step", lambda *_: None)
        patch.setattr(plain, "_prefix", lambda *_: None)
        return format_turtle(data, _order)


@settings(max_examples=150, deadline=None)
@given(_texts())
def test_plain_blocks_are_written_as_others_are(text: str) -> None:
    data = _PREFIX + text.encode()
    assert format_turtle(data, _order) == _without_plain_blocks(data)


@settings(max_examples=150, deadline=None)
@given(_texts())
def test_any_text_keeps_its_comments_and_what_it_says(text: str) -> None:
    data = _PREFIX + text.encode()
    laid = format_turtle(data)  # which compares the triples
    assert format_turtle(laid) == laid
    assert Counter(re.findall(b"#[^\n]*", laid)) == Counter(re.findall(b"#[^\n]*", data))
