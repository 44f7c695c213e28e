"""Reading the statements of a Turtle text in the order of the parser, to know where each stands.

`positions` explains why the order is enough. The text is one that the parser has accepted, so this
reader looks for no mistakes, and knows no more of Turtle's grammar than what comes next. Where it
meets a statement about a statement, which only RDF 1.2 has, it gives up.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from cjph_graph.rdf.lexer import GAP, IRI, LANGUAGE, MARK, NAME, PREFIX, STRING, TERM

_TEXT = rb"(?:%b)(?:%b%b|%b\^\^%b%b)?+" % (STRING, GAP, LANGUAGE, GAP, GAP, NAME)
_OBJECT = rb"((?>%b|%b))%b([;,.])" % (TERM, _TEXT, GAP)
_token = re.compile(
    rb"%b(?:(%b)|(%b)|(%b)|(%b))" % (GAP, TERM, _TEXT, LANGUAGE, MARK), re.DOTALL
).match
# Most of a file: a property with one plain value, and one more value after a comma.
_pair = re.compile(GAP + rb"(" + NAME + rb"|a)" + GAP + _OBJECT, re.DOTALL).match
_value = re.compile(GAP + _OBJECT, re.DOTALL).match
_declaration = re.compile(
    GAP + rb"(?:" + PREFIX + GAP + rb")?+(?:" + IRI + rb"|" + STRING + rb")", re.DOTALL
).match
_stop = re.compile(GAP + rb"\.").match

_TERM_KIND, _TEXT_KIND, _LANGUAGE_KIND = 1, 2, 3
_QUOTES = (b'"', b"'")
_NONE = -1
_OF_RDF_12 = {b"<<", b"<<(", b"{|", b"~"}
_DECLARATIONS = {b"prefix", b"base", b"version"}
_SEMICOLON, _COMMA = b";,"

# What comes next: a subject, a property, a value, an element of a list; what may follow a value,
# and what may follow a text that has neither a language nor a datatype.
_SUBJECT, _VERB, _VALUE, _ELEMENT, _AFTER, _BEHIND_TEXT = range(6)

# Where the subject, the property and the value of a statement stand in a text.
Offsets: TypeAlias = tuple[int, int, int]


def walk(text: bytes, wanted: Iterable[int]) -> tuple[int, dict[int, Offsets]]:
    """Return how many statements stand in a text, and where the parts of some of them do.

    Statements are numbered from 0 in the order in which the parser gives them, and so is `wanted`.
    The number is -1 where that cannot be told.
    """
    walker = _Text(text, wanted)
    return walker.read(), walker.found


@dataclass
class _Around:
    """What is around a bracket or a list: what to go on with behind it."""

    kind: bytes
    subject: int
    predicate: int
    place: int
    is_subject: bool
    cell: int


class _Text:
    """A text being walked.

    It knows the statements with a plain value at the value, those with nothing but a text at the
    token after it, those with a bracket at the end of the bracket, those with a list at its first
    element; and when one token makes several known, it gives the last of them first.
    """

    def __init__(self, data: bytes, wanted: Iterable[int]) -> None:
        self.found: dict[int, Offsets] = {}
        self._data = data
        self._wanted = iter(wanted)
        self._position = 0
        self._state = _SUBJECT
        # Of the statement being read, where its parts stand.
        self._subject = self._predicate = self._value = 0
        self._stack: list[_Around] = []
        self._cell = _NONE  # the element of the list being read
        self._known: list[Offsets] = []  # by the last token

    def read(self) -> int:
        """Go through the text; return how many statements there are, or -1."""
        data, position, number = self._data, 0, 0
        following = next(self._wanted, _NONE)
        while True:
            match = None
            if self._state == _VERB:
                if match := _pair(data, position):
                    self._predicate, self._value = match.start(1), match.start(2)
            elif self._state == _VALUE and (match := _value(data, position)):
                self._value = match.start(1)
            if match:
                if number == following:
                    self.found[number] = (self._subject, self._predicate, self._value)
                    following = next(self._wanted, _NONE)
                number += 1
                position = match.end()
                end = data[position - 1]
                self._state = _VERB if end == _SEMICOLON else _VALUE if end == _COMMA else _SUBJECT
                continue
            if not (match := _token(data, position)):
                return number
            kind = match.lastindex or 0
            if match[kind] in _OF_RDF_12:
                return _NONE
            self._position = match.end()
            self._take(kind, match[kind], match.start(kind))
            position = self._position
            while self._known:
                offsets = self._known.pop()
                if number == following:
                    self.found[number] = offsets
                    following = next(self._wanted, _NONE)
                number += 1

    def _take(self, kind: int, token: bytes, at: int) -> None:
        """Go on by one token, which starts at an offset."""
        if self._state == _BEHIND_TEXT:
            self._end_value()
        if self._state == _ELEMENT:
            self._take_element(kind, token, at)
        elif self._state == _VALUE:
            self._take_value(kind, token, at)
        elif kind == _TERM_KIND and self._state == _VERB:
            self._predicate, self._state = at, _VALUE
        elif self._state == _SUBJECT:
            self._take_subject(kind, token, at)
        elif token == b";":
            self._state = _VERB
        elif token == b",":
            self._state = _VALUE
        elif token == b".":
            self._state = _SUBJECT
        elif token == b"]":
            self._close()

    def _take_subject(self, kind: int, token: bytes, at: int) -> None:
        if kind == _LANGUAGE_KIND or token.lower() in _DECLARATIONS:
            for skip in (_declaration, _stop) if kind == _LANGUAGE_KIND else (_declaration,):
                if match := skip(self._data, self._position):
                    self._position = match.end()
        elif kind == _TERM_KIND:
            self._subject, self._state = at, _VERB
        else:
            self._begin(token, at, is_subject=True)

    def _take_value(self, kind: int, token: bytes, at: int) -> None:
        self._value = at
        if kind == _TERM_KIND:
            self._end_value()
        elif kind != _TEXT_KIND:
            self._begin(token, at, is_subject=False)
        elif token.endswith(_QUOTES):
            self._state = _BEHIND_TEXT
        else:
            # To the parser, the language or the datatype is another token: so this comes last.
            self._known.insert(0, (self._subject, self._predicate, self._value))
            self._go_on()

    def _take_element(self, kind: int, token: bytes, at: int) -> None:
        around = self._stack[-1]
        if self._cell != _NONE:
            self._known.append((self._cell, at, at))
        elif not around.is_subject:
            self._known.append((around.subject, around.predicate, around.place))
        if token == b")":
            self._close()
        else:
            self._cell = at if self._cell != _NONE else around.place
            self._subject, self._predicate = self._cell, at
            self._take_value(kind, token, at)

    def _begin(self, token: bytes, at: int, *, is_subject: bool) -> None:
        """Begin a subject or value that is not one token: a bracket or a list."""
        around = _Around(token, self._subject, self._predicate, at, is_subject, self._cell)
        self._stack.append(around)
        if token == b"[":
            self._subject, self._state = at, _VERB
        else:
            self._cell, self._state = _NONE, _ELEMENT

    def _close(self) -> None:
        """Go on behind what was opened last."""
        if not self._stack:
            return  # The parser did not accept that: the count will show it.
        around = self._stack.pop()
        self._subject, self._predicate = around.subject, around.predicate
        self._cell = around.cell
        if around.is_subject:
            self._subject, self._state = around.place, _VERB
        elif around.kind == b"(":
            self._go_on()
        else:
            self._value = around.place
            self._end_value()

    def _end_value(self) -> None:
        """Record a statement: its value is complete."""
        self._known.append((self._subject, self._predicate, self._value))
        self._go_on()

    def _go_on(self) -> None:
        self._state = _ELEMENT if self._stack and self._stack[-1].kind == b"(" else _AFTER
