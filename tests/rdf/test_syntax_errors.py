"""Why a file is not Turtle: the right sentence at the place of the mistake."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cjph_graph.rdf.problems import SyntaxProblem
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.rdf.syntax_errors import KnownTerms, Mending, SyntaxMistake, mend
from tests.support.obeying import obey

_DATA = Path(__file__).parents[2] / "data"
_HEAD = "@prefix : <http://example.org/> .\n@prefix cjph: <https://example.org/o#> .\n"
_KNOWN = {"skos": "http://www.w3.org/2004/02/skos/core#", "dcterms": "http://purl.org/dc/terms/"}

_STOP = "A full stop is missing at the end of the statement."
_DECLARATION = "A full stop is missing at the end of the declaration."
_SEMICOLON = "A semicolon is missing between two properties."
_COMMA = "A comma is missing between two values."
_CURLY = "This is a curly quote; Turtle has straight ones."
_QUOTE = "The quote that opens this text is never closed."
_INNER = "The text ends at this quote, and more follows."
_SPACE = "There is a space in this address."
_BRACKET = "This bracket is never closed."
_VALUE = "A value is missing here."
_NO_VALUE = "No value follows this comma."
_CLOSES_NOTHING = "This bracket closes nothing."
_BACKSLASH = "This backslash cannot stand in a name."
_NOT_WHOLE = "This address is not whole."
_ARRAY = "Several values have commas between them and no brackets."
_PERCENT = "A percent sign in a name stands for a code."
_UTF_16 = "This file is saved as UTF-16; Turtle is UTF-8."


def _unknown(prefix: str) -> str:
    return f"The prefix {prefix}: is not declared in this file."


def _instead(meant: str, found: str) -> str:
    return f"A {found} stands where a {meant} belongs."


def _mend(data: bytes) -> Mending:
    problem = read_bytes(data, "text").problem
    assert problem is not None
    return mend(data, problem, KnownTerms(_KNOWN))


def _only(data: bytes) -> SyntaxMistake:
    (mistake,) = _mend(data).mistakes
    return mistake


# A text, with ¶ where the mistake is, and what is said. The text comes behind two prefixes.
_MISTAKES = [
    (":a :b :c¶\n:d :e :f .", _STOP),
    (":a :b :c ; :d 'e'@en¶ # .\n\n:f a :g .", _STOP),
    (":a :b 1¶", _STOP),
    (":a :b ( 1 2 )¶\n:c :d [ :e :f ] , :g .", _STOP),
    (":a :b 'c'^^:d¶\n@prefix x: <http://x/> .", _STOP),
    (":a :b :c¶\nPREFIX x: <http://x/>", _STOP),
    ("@prefix x: <http://x/>¶\n:a :b :c .", _DECLARATION),
    ("@base <http://x/>¶ :a :b :c .", _DECLARATION),
    (":a :b :c ; :d :e ¶;\n:f a :g .", _instead("full stop", "semicolon")),
    (":a :b :c ; :d :e ¶;\n:f :h :g .", _instead("full stop", "semicolon")),
    (":a :b :c ; :d :e ¶, \n:f a :g .", _instead("full stop", "comma")),
    (":a :b :c ¶, \n:f :h 'g' .", _instead("full stop", "comma")),
    (":a :b :c ¶;\n# The end", _instead("full stop", "semicolon")),
    (":a :b :c¶\n  :d :e ;\n  :f :g .", _SEMICOLON),
    (":a :b 'c'@en¶ # ;\n  :d :e, :f .", _SEMICOLON),
    (":a :b :c , :d¶ :e :f .", _SEMICOLON),
    (":a :b [ :c :d¶ a :e ] .", _SEMICOLON),
    (":a :b 'c'^^:d¶\n  <http://x/y> 1.5 .", _SEMICOLON),
    (":a :b 1¶\n :c 'd'^^:e .", _SEMICOLON),
    (":a :b :c ; :d '''e\n'''@en¶\n :c ( :d ) .", _SEMICOLON),
    (":a :b :c ¶.\n  :d :e ;\n  :f :g .", _instead("semicolon", "full stop")),
    (":a :b :c ¶.\n  :d 'e' .", _instead("semicolon", "full stop")),
    (":a :b :c ¶.\n  :d :e , :f .", _instead("semicolon", "full stop")),
    (":a :b 'c' ¶.\n  'd' ; :e :f .", _instead("comma", "full stop")),
    (":a :b 'c' ¶;\n  'd' ; :e :f .", _instead("comma", "semicolon")),
    (":a :b 'c'@en ¶, cjph:d :e ; :f :g .", _instead("semicolon", "comma")),
    (":a :b 'c'@en ¶,\n  cjph:d :e , :f .", _instead("semicolon", "comma")),
    (":a :b :c , :d ¶, :e 'f'@en .", _instead("semicolon", "comma")),
    (":a :b :c ¶, a :d .", _instead("semicolon", "comma")),
    (":a :b [ :c :d ¶, :e [ :f :g ] ] .", _instead("semicolon", "comma")),
    (":a :b :c ¶, :d ( 1 ) ; :e :f .", _instead("semicolon", "comma")),
    (":a :b :c¶ :d ; :e :f .", _COMMA),
    (":a :b :c , 'd'¶ 'e' .", _COMMA),
    (":a :b ¶“c”@en .", _CURLY),
    (":a :b ¶„c“@en .", _CURLY),
    (":a :b ¶‘c’ .", _CURLY),
    (":a :b ¶«c» .", _CURLY),
    (":a :b 'c', ¶”c”@en .", _CURLY),
    (':a :b "c¶”@en ;\n :d :e .', _CURLY),
    (':a :b "“c” d¶“ .\n', _CURLY),
    (':a :b ¶"c@en ;\n  :d "e" .', _QUOTE),
    (":a :b ¶'c .\n", _QUOTE),
    (':a :b ¶"“c” d@en ;\n  :d "e" .', _QUOTE),
    (':a :b ¶"c@en ; :d "e"@en .', _QUOTE),
    (':a :b ¶"c@en , "d"@en .', _QUOTE),
    (':a :b ¶"c\nd"@en .', _QUOTE),
    (':a :b ¶"""c\nd"@en ; :e :f .', _QUOTE),
    (':a :b ¶"""c"@en ;\n :d """e"""@en ; :e :f .', _QUOTE),
    (":a :b '''c''' , ¶'''d'' .", _QUOTE),
    (':a :b "He said ¶"no" twice"@en .', _INNER),
    (":a :b 'Prosecutor¶'s office'@en .", _INNER),
    (":a :b <http://x/a¶ b> .", _SPACE),
    (":a :b <¶ http://x/a b> .", _SPACE),
    ("@prefix x: <http://x/¶ > .\n:a :b :c .", _SPACE),
    (":a :b <http://x/é¶\tb#c> .", _SPACE),
    (":a :b <http://x/a¶{b}> .", "An address cannot have the character {."),
    (":a :b ¶<http://x/a ;\n :c <http://x/b> .", "This address is never closed."),
    (":a :b ¶http://x/a .", "An address stands between < and >."),
    (":a ¶cjhp:b :c .", _unknown("cjhp")),
    ("¶x:a :b :c .", _unknown("x")),
    (":a :b 'c'^^¶xsd:d .", _unknown("xsd")),
    (":a :b ( [ :c ¶y:d ] ) .", _unknown("y")),
    (
        ":a :b '#' . # :c .\n :d ¶, :e :f .",
        "Nothing stands between a thing and its first property.",
    ),
    (":a :b '#' . # :c .\n :d :e :f ; ¶% :g .", "“%” cannot stand here: a property is expected."),
    (":a :b¶ ; :c :d .", _VALUE),
    (":a :b :c ¶, ; :c :d .", _NO_VALUE),
    (":a :b¶ .", _VALUE),
    (":a :b [ :c :d¶ .\n:e :f :g .", _BRACKET),
    (":a :b [ :c ( 1 2¶ ] .", _BRACKET),
    (":a :b ( 1 2¶ .", _BRACKET),
    (":a :b ( 1 ¶, 2 ) .", "No commas stand between the values in round brackets."),
    (":a :b ¶True .", "“True” is written true here, in small letters."),
    (":a :b ¶Oregon ; :c :d .", "“Oregon” is neither a text in quotes nor a name with a prefix."),
    ("PREFIX x: <http://x/> ¶.\n:a :b :c .", "No full stop stands behind PREFIX or BASE."),
    ("@prefix x¶ <http://x/> .", "A colon is missing behind the prefix."),
    (":a¶\u00a0:b :c .", "An invisible character stands here: U+00A0, no-break space."),
    (":a :b :c ¶\u200b.", "An invisible character stands here: U+200B, zero width space."),
    (":a :b 'c' ¶\0.", "An invisible character stands here: U+0000, a control character."),
    (":a :b '¶\\p' .", "This character cannot follow a backslash in a text."),
    (":caf¶\\u00e9 :b :c .", _BACKSLASH),
    (":a :b :c ; :d :cafe¶\\b , :e .", _BACKSLASH),
    (":a :b cjph:x¶\\ ; :c :d .", _BACKSLASH),
    (":a :b :c¶\\U000000e9 .", _BACKSLASH),
    (":a :b cjph:100¶% .", _PERCENT),
    (":a :b :50¶%off ; :c :d .", _PERCENT),
    (":a :b ¶<c> .", _NOT_WHOLE),
    (":a :b ¶<http//c.example/d> .", _NOT_WHOLE),
    (":a :b ¶<HTTPS;/c.example> .", _NOT_WHOLE),
    (":a :b ¶[:c, 'd'@en] ; :e :f .", _ARRAY),
    (":a :b ¶[ :c ] ; :e [ :f :g ] .", _ARRAY),
    (":a :b :c , ¶[ 'd', 'e' ] .", _ARRAY),
    (":a :b :c . ¶. :d :e :f .", "This full stop ends nothing."),
    (":a :b :c ¶) .", _CLOSES_NOTHING),
    (":a :b :c ¶] ; :d :e .", _CLOSES_NOTHING),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("marked", "message"), _MISTAKES)
def test_a_mistake_is_reported_where_it_is(marked: str, message: str, end: str) -> None:
    text = _HEAD + marked.replace("¶", "")
    mistake = _only(text.replace("\n", end).encode())
    assert mistake.message == message
    if "¶" in marked:
        before = (_HEAD + marked).partition("¶")[0]
        assert (mistake.line, mistake.column) == (
            before.count("\n") + 1,
            len(before.rpartition("\n")[2]) + 1,
        )


# Mistakes that only their writer can mend: nobody knows what should stand there.
_OPEN = (_VALUE, _unknown("x"), _unknown("y"))


@pytest.mark.parametrize(("marked", "message"), _MISTAKES)
def test_what_a_message_says_mends_the_mistake(marked: str, message: str) -> None:
    text = _HEAD + marked.replace("¶", "")
    mending = _mend(text.encode())
    (mistake,) = mending.mistakes
    obeyed = obey(text, [mistake])
    if message in _OPEN or "cannot stand here" in message or "<c>" in marked:
        assert obeyed == text or read_bytes(obeyed.encode(), "text").problem is None
    else:
        assert read_bytes(obeyed.encode(), "text").problem is None, obeyed
        assert mending.file is not None
        assert read_bytes(obeyed.encode(), "text").count == mending.file.count


# How people break a file: what to look for in it, what to put in the place of its group, where in
# the match the mistake is then, and the message. In a replacement, the text is that of the group.
_Break = tuple[str, Callable[[random.Random, str], tuple[str, int]], str]
_VALUE_AT_END = r'(?:[\w-]+:[\w-]+|"[^"\n]*"@en|"[^"\n]*"\^\^xsd:\w+|<\S+>|[0-9.]+)'


def _without(_: random.Random, text: str) -> tuple[str, int]:
    return "", 0


def _with_comma(_: random.Random, text: str) -> tuple[str, int]:
    return " ,", 1


def _with_curly_quotes(rng: random.Random, text: str) -> tuple[str, int]:
    opening, closing = rng.choice(["“”", "„“", "‘’", "«»", "””", "‚‘"])
    return opening + text[1:-1] + closing, 0


def _with_straight_and_curly(rng: random.Random, text: str) -> tuple[str, int]:
    return text[:-1] + rng.choice("”“’»"), len(text) - 1


def _unclosed(_: random.Random, text: str) -> tuple[str, int]:
    return text[:-1], 0


def _misspelt(rng: random.Random, text: str) -> tuple[str, int]:
    number = rng.randrange(len(text) - 1)
    swapped = text[:number] + text[number + 1] + text[number] + text[number + 2 :]
    return (swapped if swapped != text else f"{text}s"), 0


def _with_space(rng: random.Random, text: str) -> tuple[str, int]:
    number = rng.randrange(len(text) + 1)
    return f"{text[:number]} {text[number:]}", number


_BREAKS: dict[str, _Break] = {
    "stop": (rf"\n +\S.*{_VALUE_AT_END}( \.)\n(?:\n\S|$)", _without, _STOP),
    "stop of a declaration": (r"@prefix .*>( \.)\n", _without, _DECLARATION),
    "semicolon": (rf"\n +\S.*{_VALUE_AT_END}( ;)\n +\S", _without, _SEMICOLON),
    "comma": (rf"\n +\S.*{_VALUE_AT_END}( ;)\n +\S", _with_comma, _instead("semicolon", "comma")),
    "curly": (r'("[^"\n\\]*")(?:@|\^)', _with_curly_quotes, _CURLY),
    "half curly": (r'("[^"\n\\“”’»]*")@en', _with_straight_and_curly, _CURLY),
    "quote": (r'("[^"\n\\“”’»]*")(?:@|\^)', _unclosed, _QUOTE),
    "prefix": (r"\n +([a-z-]{3,}):[a-zA-Z-]+ \S", _misspelt, ""),
    "prefix of a value": (r"\n +\S+ ([a-z-]{3,}):[\w-]+ [;,.]\n", _misspelt, ""),
    "space": (r"<(\S+)>", _with_space, _SPACE),
}


@pytest.mark.checkout
@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("name", _BREAKS)
def test_a_real_file_broken_by_one_mistake(name: str, number: int) -> None:
    rng = random.Random(f"{name} {number}")
    pattern, put, message = _BREAKS[name]
    files = sorted(_DATA.rglob("*.ttl"))
    matches: list[re.Match[str]] = []
    while not matches:
        text = rng.choice(files).read_text(encoding="utf-8")
        matches = list(re.finditer(pattern, text))
    match = rng.choice(matches)
    instead, offset = put(rng, match[1])
    broken = text[: match.start(1)] + instead + text[match.end(1) :]
    mistake = _only(broken.encode())
    before = broken[: match.start(1) + offset]
    assert mistake.message == (message or _unknown(instead))
    assert (mistake.line, mistake.column) == (
        before.count("\n") + 1,
        len(before.rpartition("\n")[2]) + 1,
    )
    if not message:
        assert mistake.hint == f"Write {match[1]}: instead of “{instead}:”."
    shown, caret = mistake.excerpt.split("\n")
    assert caret.strip() == "^"
    following = broken[len(before) :].partition("\n")[0][:10]
    assert shown[len(caret) - 1 :].startswith(following.rstrip())


_WHAT_FOR = "Write at the top what it stands for"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (":a cjhp:b :c .", "Write cjph: instead of “cjhp:”."),
        (
            ":a dctrms:b :c .",
            "Write dcterms: instead of “dctrms:”, and write at the top:"
            f" @prefix dcterms: <{_KNOWN['dcterms']}> .",
        ),
        (":a skos:b :c .", f"Write at the top: @prefix skos: <{_KNOWN['skos']}> ."),
        (":a wholly-else:b :c .", f"{_WHAT_FOR}: @prefix wholly-else: <https://…> ."),
        (f"x{'x' * 1000}:a :b :c .", f"{_WHAT_FOR}: @prefix {'x' * 39}…: <https://…> ."),
        (
            ":a late:b :c .\n@prefix late: <http://late/> .",
            "Write at the top: @prefix late: <http://late/> . Its line stands further down: move it"
            " above the first late:.",
        ),
    ],
)
def test_a_prefix_that_is_meant_is_named(text: str, hint: str) -> None:
    assert _only((_HEAD + text).encode()).hint == hint


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (f"{_HEAD}:a :b 'é' .".encode("utf-16"), _UTF_16, 1, 1),
        (f"{_HEAD}:a :b 'é' .".encode("utf-16-le"), _UTF_16, 1, 1),
        (f"{_HEAD}:a :b 'é' .".encode("utf-16-be"), _UTF_16, 1, 1),
        (_HEAD.encode("utf-32"), _UTF_16.replace("16", "32"), 1, 1),
        (f"{_HEAD}:é :b 'é' .".encode("cp1252"), "The byte 0xE9 here is not UTF-8 text.", 3, 2),
        (f"{_HEAD}:é :b 'é".encode()[:-1], "The byte 0xC3 here is not UTF-8 text.", 3, 8),
        (b"\xef\xbb\xbf:a :b :c .", _unknown(""), 1, 1),
    ],
)
def test_other_encodings_are_named(data: bytes, message: str, line: int, column: int) -> None:
    mistake = _only(data)
    assert (mistake.message, mistake.line, mistake.column) == (message, line, column)


def test_a_file_that_is_something_else_is_left_to_the_parser() -> None:
    for text in ("<?xml version='1.0'?>\n<rdf:RDF/>", "<!DOCTYPE html>", '{ "@id": "x" }'):
        mistake = _only(text.encode())
        assert (mistake.line, mistake.column) == (1, 1)
        assert "address" not in mistake.message


def test_a_file_that_cannot_be_read_has_no_place() -> None:
    problem = SyntaxProblem("The file cannot be read: Is a directory", 0, 0)
    told = SyntaxMistake("The file cannot be read: Is a directory.", None, 0, 0, "")
    assert mend(b"", problem).mistakes == (told,)


def test_the_excerpt_is_safe_and_short_and_its_caret_below_the_mistake() -> None:
    mistake = _only(f'{_HEAD}:a :b "日本\t\x1b[31m\u202e" ; oops:c :d .'.encode())
    assert mistake.excerpt == ':a :b "日本 " ; oops:c :d .\n' + " " * 16 + "^"
    for before, behind in ((0, 500), (60, 500), (500, 0), (500, 500), (10**6, 10**6)):
        mistake = _only(f'{_HEAD}:a :b "{"x" * before}" , oops:c , "{"y" * behind}" .'.encode())
        shown, caret = mistake.excerpt.split("\n")
        assert len(shown) <= 101
        assert shown[len(caret) - 1 :].startswith("oops:c")
        assert mistake.column == before + 12


@pytest.mark.checkout
@pytest.mark.parametrize("seed", range(20))
def test_nothing_makes_it_fail(seed: int) -> None:
    rng = random.Random(seed)
    files = sorted(_DATA.rglob("*.ttl"))
    for _ in range(20):
        data = bytearray(rng.choice(files).read_bytes()[:3000])
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(data))
            junk = rng.choice(
                [b"", b'"', b"<", b"[", b")", b".", b"\0", b"\xe2", b"^^", b"@", b"<<"]
            )
            data[at : at + rng.choice([0, 1, 1, 30])] = junk
        problem = read_bytes(bytes(data), "text").problem
        if problem:
            found = mend(bytes(data), problem, KnownTerms(_KNOWN))
            assert 1 <= len(found.mistakes) <= 20
            for mistake in found.mistakes:
                assert mistake.message.endswith(".")
                assert "\n" not in mistake.message + (mistake.hint or "")
                assert mistake.line >= 1
                assert mistake.column >= 1
                assert mistake.excerpt.count("\n") == 1
            assert found.file is None or found.file.problem is None
    for line in (0, 1, 5, 10**9):
        for data in (b"", b"\n", b"\xff", b"\0", bytes(rng.randbytes(50)), b'"', b"<", b"\r\n\r"):
            mend(bytes(data), SyntaxProblem("x", line, rng.choice([0, 1, 10**9])))
