"""Why a file is not Turtle, told to somebody who has never written it.

The parser says where it could not go on; the slip is often before that. This reads the text again,
with an eye for what people mistype, up to the place where the parser stopped.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cjph_graph.rdf.reading import SyntaxProblem
from cjph_graph.rdf.terms import nearest
from cjph_graph.system.tables import clean, measure, shorten

_BOM = b"\xef\xbb\xbf"
# Reading again takes a second for a few million characters; nobody types a larger file.
_LONGEST = 8_000_000
_LONGEST_PREFIX = 100
_WIDEST = 100  # columns of an excerpt
_CURLY = "“”„‟‘’‚‛«»‹›"
_IS_CURLY = "This is a curly quote; Turtle has straight ones."
_SAVE = "Save the file as UTF-8."

_LETTER = r"[^\W\d_]|[\U00010000-\U000effff]"
_IN_NAME = r"\w\u00b7\u0300-\u036f\u203f\u2040\U00010000-\U000effff-"
_LOCAL = rf"(?![.-])(?:[{_IN_NAME}:%]++|\\.|\.++(?=[{_IN_NAME}:%\\]))++"
_token = re.compile(
    r"[ \t\r\n]*+(?:#[^\r\n]*+[ \t\r\n]*+)*+(?:"
    r"""(?P<iri><[^\x00-\x20<>"{}|^`]*+>)"""
    r'''|(?P<text>"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"""'''
    r'''|(?!""")"[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+"'''
    r"""|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*+'''"""
    r"""|(?!''')'[^'\\\r\n]*+(?:\\[^\r\n][^'\\\r\n]*+)*+')"""
    rf"|(?P<label>_:[{_IN_NAME}]++(?:\.++[{_IN_NAME}]++)*+)"
    rf"|(?P<name>(?:(?:{_LETTER})[{_IN_NAME}]*+(?:\.++[{_IN_NAME}]++)*+)?:(?:{_LOCAL})?+)"
    r"|(?P<number>[+-]?(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)"
    r"|(?P<tag>@[A-Za-z][A-Za-z0-9-]*+)"
    rf"|(?P<word>(?:{_LETTER})[{_IN_NAME}]*+)"
    r"|(?P<mark>\^\^|[][.,;()])"
    r"|(?P<other>.))",
    re.DOTALL,
).match
_line_end = re.compile(r"\r\n|\r|\n")
_address = re.compile(r"<[^<>\r\n]*+>").match
_closing_curly = re.compile(rf"[{_CURLY}](?=[ \t]*(?:@[A-Za-z]|\^\^|[])]|[;,.][ \t]*$))").search
# What a text has swallowed when its closing quote is missing: the rest of the statement.
_swallowed = re.compile(r"[;,.]\s+(?:\S+\s+)?$").search
_TERMS = frozenset({"iri", "text", "label", "name", "number", "word"})
_NOT_AN_ADDRESS = ("<<", "<?", "<!", "<rdf:RDF")
_LONG = ('"""', "'''")

# What the parser says, and what that means to somebody who has never written Turtle.
_PLAIN = (
    (r"(.+) is not a valid RDF object", "“{}” cannot stand here: a value is expected.", None),
    (r"(.+) is not a valid predicate", "“{}” cannot stand here: a property is expected.", None),
    (
        r"(.+) is not a valid subject or graph name",
        "A statement cannot begin with “{}”.",
        "The full stop before it may be one too many.",
    ),
    (
        r"A dot is expected at the end of statements",
        "A full stop, a semicolon or a comma is missing before this.",
        "Semicolons stand between properties, commas between the values of one; a full stop ends"
        " the statement.",
    ),
    (
        r"Unexpected end(?: of file)?",
        "The file ends in the middle of a statement.",
        "Complete the last statement and end it with a full stop.",
    ),
    (
        r"Invalid IRI code point (.+)",
        "An address cannot have the character {}.",
        "Write % and its code instead.",
    ),
    (
        r"No scheme found in an absolute IRI",
        "This address is not whole.",
        "Write it with its beginning, such as <https://…>.",
    ),
    (
        r"Unexpected (?:string )?escape character.*",
        "This character cannot follow a backslash in a text.",
        "Write two backslashes where one is meant.",
    ),
)


@dataclass(frozen=True)
class Slip:
    """What is wrong, what to do about it, and where; lines and columns count from 1.

    `excerpt` is the line, safe for a terminal, and a second one with a caret below the slip. What
    is wrong with a file as a whole has line and column 0 and an empty excerpt.
    """

    message: str
    hint: str | None
    line: int
    column: int
    excerpt: str


class _Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _Found(NamedTuple):
    """A slip at an offset, and how far one reads to see it."""

    message: str
    hint: str | None
    at: int
    seen: int


def explain(data: bytes, problem: SyntaxProblem, known: Mapping[str, str] | None = None) -> Slip:
    """Explain why a file is not Turtle. `known` are prefixes that other files declare."""
    if problem.line < 1:
        return Slip(f"{problem.message.rstrip('.')}.", None, 0, 0, "")
    data = data.removeprefix(_BOM)
    if other := _other_encoding(data):
        text = data.decode(other, errors="replace")
        message = f"This file is saved as {other.upper()[:6]}; Turtle is UTF-8."
        return _slip(text, _Found(message, _SAVE, 0, 0))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _slip(data.decode(errors="replace"), _not_utf_8(data, error.start))
    stopped = _offset(text, problem)
    if len(text) <= _LONGEST:
        found = _Reader(text, known or {}).find()
        # What is seen only behind the place where the parser stopped did not stop it.
        if found and found.seen <= stopped:
            return _slip(text, found)
    return _slip(text, _Found(*_plain(problem.message), stopped, stopped))


def _other_encoding(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.count(0) * 3 > len(data):
        return "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    return None


def _not_utf_8(data: bytes, at: int) -> _Found:
    meant = data[at : at + 1].decode("cp1252", errors="replace")
    hint = _SAVE
    if meant.isprintable() and meant != "\ufffd":
        hint = f"In Windows-1252 it is “{meant}”, perhaps the text came from there. {_SAVE}"
    before = len(data[:at].decode())
    return _Found(f"The byte 0x{data[at]:02X} here is not UTF-8 text.", hint, before, before)


def _plain(message: str) -> tuple[str, str | None]:
    for pattern, sentence, hint in _PLAIN:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return sentence.format(*map(_shown, match.groups())), hint
    return f"{clean(message[:500]).rstrip('.')}.", None


def _shown(text: str) -> str:
    return shorten(clean(text[:200]), 40)


def _offset(text: str, problem: SyntaxProblem) -> int:
    start = 0
    if problem.line > 1:
        for number, end in enumerate(_line_end.finditer(text), 2):
            start = end.end()
            if number == problem.line:
                break
    return min(start + max(problem.column, 1) - 1, len(text))


def _slip(text: str, found: _Found) -> Slip:
    # Counting is quicker by far than a step for each line.
    before = text[: found.at]
    line = before.count("\n") + before.count("\r") - before.count("\r\n") + 1
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    following = _line_end.search(text, found.at)
    head, tail = text[start : found.at], text[found.at : following.start() if following else None]
    return Slip(found.message, found.hint, line, found.at - start + 1, _excerpt(head, tail))


def _excerpt(head: str, tail: str) -> str:
    # Of a line of a million characters only what can be shown is looked at.
    shown, rest = clean(head[-2 * _WIDEST :]), clean(tail[: 2 * _WIDEST])
    if len(head) > 2 * _WIDEST or measure(shown) > _WIDEST * 2 // 3:
        while measure(shown) > _WIDEST // 2:
            shown = shown[1:]
        shown = f"…{shown}"
    line = f"{shown}{shorten(rest, _WIDEST - measure(shown))}".rstrip()
    return f"{line}\n{' ' * measure(shown)}^"


def _tokens(text: str, position: int = 0) -> Iterator[_Token]:
    while match := _token(text, position):
        kind = match.lastgroup or ""
        yield _Token(kind, match[kind], match.start(kind))
        position = match.end()


class _Reader:
    """Turtle as people mistype it: reads up to the first thing that cannot stand where it does."""

    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self._text = text
        self._known = known
        self._declared: set[str] = set()
        self._take = self._take_subject
        self._before = _Token("", "", 0)
        self._separator = _Token("", "", 0)  # the last of ; , . before the token
        self._stop: _Token | None = None  # the last full stop behind a statement
        self._verb = self._before
        self._parts = 0  # subject and properties since then, up to the first value
        self._open: list[tuple[_Token, bool]] = []  # brackets, and whether they are subjects
        self._dotted = False  # whether a declaration needs a full stop
        self._lost = False  # whether this is something that has no explanation here

    def find(self) -> _Found | None:
        """Return the first slip that has a name; None when there is none or it is another."""
        for token in _tokens(self._text):
            found = self._strange(token) if token.kind == "other" else self._take(token)
            if found or self._lost:
                return found
            if token.kind == "mark" and token.text in ";,.":
                self._separator = token
            self._before = token
        return self._at_end()

    # What may come next, one method for each: None goes on, or gives up when lost.

    def _take_subject(self, token: _Token) -> _Found | None:
        if _declares(token):
            self._dotted = token.kind == "tag"
            self._take = (
                self._take_namespace if token.text.lower().endswith("base") else self._take_prefix
            )
        elif token.kind in ("iri", "name", "label"):
            self._take, self._parts = self._take_verb, 1
            return self._prefix(token)
        elif token.kind == "mark" and token.text in "[(":
            self._parts = 0
            self._begin(token, is_subject=True)
        elif token.kind == "text" and self._stop:
            return self._full_stop(token, "comma")
        elif token.text == "." and self._before.kind == "iri":
            return _Found(
                "No full stop stands behind PREFIX or BASE.",
                "Leave it out, or write @prefix and @base in small letters.",
                token.start,
                token.start,
            )
        else:
            self._lost = True
        return None

    def _take_prefix(self, token: _Token) -> _Found | None:
        if token.kind == "name" and token.text.endswith(":"):
            self._declared.add(token.text[:-1])
            self._take = self._take_namespace
        elif token.kind == "word":
            return _Found(
                "A colon is missing behind the prefix.",
                f"Write {_shown(token.text)}: <…>.",
                token.end,
                token.start,
            )
        else:
            self._lost = True
        return None

    def _take_namespace(self, token: _Token) -> _Found | None:
        if token.kind == "iri":
            self._take = self._take_stop if self._dotted else self._take_subject
        else:
            self._lost = True
        return None

    def _take_stop(self, token: _Token) -> _Found | None:
        if token.text != ".":
            return self._no_stop(token.start, "declaration")
        self._take = self._take_subject
        return None

    def _take_verb(self, token: _Token) -> _Found | None:
        if token.kind in ("iri", "name") or (token.kind, token.text) == ("word", "a"):
            self._take, self._verb, self._parts = self._take_value, token, self._parts + 1
            return self._prefix(token)
        if token.kind == "mark" and token.text in (";", "]", "."):
            return self._take_mark(token)
        if token.kind in ("text", "number"):
            if self._parts == 1 and self._stop and not self._flush(self._before):
                return self._full_stop(token, "semicolon")
            if self._separator == self._before and token.kind == "text":
                return _Found(
                    "A semicolon stands where a comma belongs.",
                    "Several values of one property have commas between them; a semicolon is"
                    " followed by the next property.",
                    self._separator.start,
                    token.start,
                )
        self._lost = True
        return None

    def _take_value(self, token: _Token) -> _Found | None:
        if token.kind == "word" and token.text not in ("true", "false"):
            return self._bare(token)
        if token.kind in _TERMS:
            self._go_on()
            return self._prefix(token)
        if token.kind == "mark" and token.text in "[(":
            self._begin(token, is_subject=False)
        elif token.kind == "mark" and token.text in ";,.]":
            if self._parts == 2 and self._stop and not self._opens_flush(self._stop):
                return self._full_stop(token, "semicolon")
            return _Found(
                "A value is missing here.",
                None if self._before == self._separator else "Each property needs a value.",
                self._before.start if self._before == self._separator else self._before.end,
                token.start,
            )
        else:
            self._lost = True
        return None

    def _take_element(self, token: _Token) -> _Found | None:
        if token.text == ")" and token.kind == "mark":
            self._end(token)
        elif self._before.kind == "text" and (token.kind == "tag" or token.text == "^^"):
            return self._take_after(token)
        elif token.text in (",", ";", ".") and token.kind == "mark":
            if token.text == ",":
                return _Found(
                    "No commas stand between the values in round brackets.",
                    "Write spaces between them.",
                    token.start,
                    token.start,
                )
            return self._unclosed_bracket(token.start)
        else:
            return self._take_value(token)
        return None

    def _take_datatype(self, token: _Token) -> _Found | None:
        if token.kind in ("iri", "name"):
            self._go_on()
            return self._prefix(token)
        self._lost = True
        return None

    def _take_after(self, token: _Token) -> _Found | None:
        self._parts = 3
        if _declares(token):
            return self._no_stop(token.start, "statement")
        if self._before.kind == "text" and token.kind == "tag":
            return None
        if self._before.kind == "text" and token.text == "^^":
            self._take = self._take_datatype
            return None
        if token.kind == "mark" and token.text not in "^^[(":
            return self._take_mark(token)
        if token.kind == "tag" or token.text == "^^":
            self._lost = True
            return None
        return self._no_separator(token)

    def _take_mark(self, token: _Token) -> _Found | None:
        """Go on behind a value, or where the next property could stand."""
        if token.text == ";":
            self._take = self._take_verb
        elif token.text == ",":
            self._take = self._take_value
        elif token.text == ".":
            if self._open:
                return self._unclosed_bracket(token.start)
            self._take, self._stop = self._take_subject, token
        else:
            self._end(token)
        return None

    def _begin(self, token: _Token, *, is_subject: bool) -> None:
        self._open.append((token, is_subject))
        self._take = self._take_verb if token.text == "[" else self._take_element

    def _end(self, token: _Token) -> None:
        if not self._open or self._open[-1][0].text + token.text not in ("[]", "()"):
            self._lost = True
            return
        _, is_subject = self._open.pop()
        if is_subject:
            self._take, self._parts = self._take_verb, 1
        else:
            self._go_on()

    def _go_on(self) -> None:
        in_list = self._open and self._open[-1][0].text == "("
        self._take = self._take_element if in_list else self._take_after

    # What can be wrong.

    def _no_separator(self, token: _Token) -> _Found:
        """Explain a value with no full stop, semicolon or comma behind it.

        How many terms come before the next of these tells which one is missing.
        """
        before, separator = self._before, self._separator
        if before.kind == "text" and before.end == token.start:
            return self._quote(token)
        terms = self._count(token)
        if separator.text == "," and self._is_only_value() and before.kind in ("name", "iri"):
            if token.text == "a" or (terms == 2 and self._flush(before)):
                return _wrong(separator, "full stop", token)
            if terms == 1:
                return _wrong(separator, "semicolon", token)
        if separator.text == ";" and terms == 1 and self._flush(self._verb):
            return _wrong(separator, "full stop", token)
        if terms == 1:
            return _Found(
                "A comma is missing between two values.",
                "Write a comma, or a semicolon and a property if the second has another one.",
                before.end,
                token.start,
            )
        if terms > 2 and not self._open:
            return self._no_stop(token.start, "statement")
        return _Found(
            "A semicolon is missing between two properties.",
            f"Write a semicolon behind {_quoted(before)}.",
            before.end,
            token.start,
        )

    def _is_only_value(self) -> bool:
        """Whether nothing but the last token stands behind the last separator."""
        return next(_tokens(self._text, self._separator.end)) == self._before

    def _count(self, token: _Token) -> int:
        """Return how many terms come before a separator; more than a few don't matter."""
        terms = depth = 0
        suffix = False
        for following in _tokens(self._text, token.start):
            if following.kind == "mark" and following.text in "[(":
                terms += depth == 0
                depth += 1
            elif following.kind == "mark" and following.text in ")]":
                depth -= 1
            elif depth == 0 and following.kind in _TERMS:
                terms += not suffix
            elif following.kind == "other" or (depth == 0 and _ends(following)):
                break
            suffix = following.text == "^^"
            if depth < 0 or terms > 3:
                break
        return terms

    def _no_stop(self, seen: int, what: str) -> _Found:
        return _Found(
            f"A full stop is missing at the end of the {what}.",
            f"Write a full stop behind {_quoted(self._before)}.",
            self._before.end,
            seen,
        )

    def _full_stop(self, token: _Token, meant: str) -> _Found:
        return _wrong(self._stop or self._separator, meant, token)

    def _quote(self, token: _Token) -> _Found:
        """Explain a text that ends in the middle of a word."""
        before = self._before
        long = before.text.startswith(_LONG)
        if ("\n" in before.text) if long else _swallowed(before.text[-300:-1]):
            return self._unclosed(before)
        return _Found(
            "The text ends at this quote, and more follows.",
            f"Write \\{before.text[0]} for a quote inside a text.",
            before.end - (3 if long else 1),
            token.start,
        )

    def _unclosed(self, token: _Token) -> _Found:
        """Explain a text without an end, or with one that looks like a quote and is none."""
        if not token.text.startswith(_LONG) and (curly := _closing_curly(token.text)):
            return _Found(
                _IS_CURLY, f"Write {token.text[0]} there.", token.start + curly.start(), token.start
            )
        mark = token.text[:3] if token.text.startswith(_LONG) else token.text[0]
        return _Found(
            "The quote that opens this text is never closed.",
            f"Write {mark} at the end of the text"
            + ("." if mark in _LONG else f"; one of several lines needs {mark * 3} at both ends."),
            token.start,
            token.start,
        )

    def _unclosed_bracket(self, seen: int) -> _Found:
        token = self._open[-1][0]
        closing = "]" if token.text == "[" else ")"
        return _Found(
            "This bracket is never closed.",
            f"Write {closing} behind what belongs inside.",
            token.start,
            seen,
        )

    def _bare(self, token: _Token) -> _Found | None:
        if token.text == "a":
            if self._separator.text == ";" and self._parts != 2:
                return _wrong(self._separator, "full stop", token)
            if self._separator == self._before and self._separator.text == ",":
                return _wrong(self._separator, "semicolon", token)
            self._lost = True
            return None
        if token.text.lower() in ("true", "false"):
            hint = f"Write {token.text.lower()} in small letters."
        else:
            hint = 'Texts stand in straight quotes with the language behind: "…"@en.'
        message = f"“{_shown(token.text)}” is neither a text in quotes nor a name with a prefix."
        return _Found(message, hint, token.start, token.start)

    def _prefix(self, token: _Token) -> _Found | None:
        """Look whether the prefix of a name is declared."""
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or not colon or prefix in self._declared:
            return None
        if not local and self._text.startswith("//", token.end):
            return _Found(
                "An address stands between < and >.",
                "Write < before it and > behind it.",
                token.start,
                token.start,
            )
        name = f"{_shown(prefix)}:"
        message = f"The prefix {name} is not declared in this file."
        hint = None
        if len(prefix) > _LONGEST_PREFIX:
            return _Found(message, hint, token.start, token.start)
        declaration = re.compile(rf"\bprefix\s+{re.escape(prefix)}:", re.IGNORECASE)
        if declaration.search(self._text, token.end):
            hint = f"Its line stands further down: move it above the first {name}."
        elif prefix in self._known:
            hint = f"Write at the top: @prefix {name} <{clean(self._known[prefix])}> ."
        elif near := _near(prefix, [*self._declared, *self._known]):
            hint = f"Did you mean {near}:?"
        return _Found(message, hint, token.start, token.start)

    def _strange(self, token: _Token) -> _Found | None:
        """Explain what is no part of Turtle where it stands."""
        char, at = token.text, token.start
        if char in _CURLY:
            return _Found(
                _IS_CURLY,
                'Write " before and behind the text; word processors make curly ones of them.',
                at,
                at,
            )
        if char in ('"', "'"):
            rest = self._text[at : self._line_end(at)]
            return self._unclosed(_Token("text", rest, at))
        if char == "<" and not self._text.startswith(_NOT_AN_ADDRESS, at):
            return self._in_address(at)
        if unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cf", "Cc"):
            name = unicodedata.name(char, "a control character").lower()
            return _Found(
                f"An invisible character stands here: U+{ord(char):04X}, {name}.",
                "Delete it; write an ordinary space if one is needed.",
                at,
                at,
            )
        return None

    def _in_address(self, at: int) -> _Found | None:
        match = _address(self._text, at)
        if not match:
            return _Found("This address is never closed.", "Write > behind it.", at, at)
        for offset, char in enumerate(match[0][1:-1], at + 1):
            if char.isspace():
                return _Found(
                    "There is a space in this address.",
                    "Take it out, or write %20 if it belongs there.",
                    offset,
                    at,
                )
            if char in '"{}|^`' or char < " ":
                return _Found(
                    f"An address cannot have the character {clean(char) or '?'}.",
                    f"Write %{ord(char):02X} instead.",
                    offset,
                    at,
                )
        return None

    def _at_end(self) -> _Found | None:
        end = self._before.end
        if self._open:
            return self._unclosed_bracket(end)
        if self._take in (self._take_after, self._take_stop):
            return self._no_stop(end, "statement")
        if self._take == self._take_verb and self._before.text == ";":
            return _wrong(self._before, "full stop", self._before)
        return None

    def _line_end(self, at: int) -> int:
        end = _line_end.search(self._text, at)
        return end.start() if end else len(self._text)

    def _flush(self, token: _Token) -> bool:
        """Whether a token begins a line without indentation."""
        return token.start == 0 or self._text[token.start - 1] in "\r\n"

    def _opens_flush(self, stop: _Token) -> bool:
        return self._flush(next(_tokens(self._text, stop.end)))


def _ends(token: _Token) -> bool:
    return token.text in (";", ",", ".") or _declares(token)


def _declares(token: _Token) -> bool:
    return (token.kind, token.text.lower()) in (
        ("tag", "@prefix"),
        ("tag", "@base"),
        ("word", "prefix"),
        ("word", "base"),
    )


def _wrong(separator: _Token, meant: str, token: _Token) -> _Found:
    """Explain one separator in place of another."""
    is_now = {",": "comma", ";": "semicolon", ".": "full stop"}[separator.text]
    why = {
        "comma": "A comma comes before another value of the same property.",
        "semicolon": "A semicolon comes before another property of the same thing.",
        "full stop": "A full stop comes before the next thing, and at the end of the file.",
    }[meant]
    message = f"A {is_now} stands where a {meant} belongs."
    return _Found(message, why, separator.start, token.start)


def _quoted(token: _Token) -> str:
    return "the text" if token.kind in ("text", "tag") else f"“{_shown(token.text)}”"


def _near(name: str, names: list[str]) -> str | None:
    near = nearest(name, sorted(set(names)))
    return near[0] if near else None
