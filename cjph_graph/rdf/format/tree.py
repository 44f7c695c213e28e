"""A Turtle text as blocks of properties and values, with the comments that go with each.

Only the nesting is understood here: words are kept as they are written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cjph_graph.rdf.format.words import APART, Words

_CLOSING = {b"[": b"]", b"(": b")", b"<<": b">>", b"<<(": b")>>", b"{|": b"|}"}
_DIRECTIVES = {b"@prefix", b"@base", b"@version", b"prefix", b"base", b"version"}


@dataclass(slots=True)
class ValueNode:
    """A value: one text, or what stands between brackets.

    `text` is the whole of a value without an inside; `opening` is `[` or `(`. `rest` are the words
    behind it that belong to it: an annotation. `before` and `behind` are its comments; `inner` is
    the comment behind the opening bracket.
    """

    text: bytes = b""
    opening: bytes = b""
    properties: "Sequence[PropertyNode]" = ()
    elements: "Sequence[ValueNode]" = ()
    ending: Sequence[bytes] = ()
    rest: bytes = b""
    before: Sequence[bytes] = ()
    behind: bytes = b""
    inner: bytes = b""


@dataclass(slots=True)
class PropertyNode:
    """A property with its values, and the comments before it and behind its name."""

    name: bytes
    values: list[ValueNode]
    before: Sequence[bytes] = ()
    behind: bytes = b""


@dataclass(slots=True)
class SubjectNode:
    """A subject with its properties.

    `ending` are the comments between the last value and the full stop; `behind` is the comment
    behind a full stop that stands on a line of its own.
    """

    subject: ValueNode
    properties: list[PropertyNode]
    ending: list[bytes]
    behind: bytes


@dataclass(slots=True)
class Directive:
    """A declaration: `@prefix`, `@base` or `@version`, with the words that follow it."""

    kind: bytes
    words: list[bytes]
    before: list[bytes]
    behind: bytes


Item = SubjectNode | Directive | list[bytes]


def read_items(words: Words) -> list[Item]:
    """Return the blocks, the directives and the paragraphs of comments of a text, in order."""
    return _TreeReader(words).items()


class _TreeReader:
    def __init__(self, words: Words) -> None:
        self._texts = words.texts
        self._before = words.before
        self._behind = words.behind
        self._begins = words.begins_line
        self._at = 0
        # Comments of words that can't carry any, waiting for the next that can.
        self._loose: list[bytes] = []

    def items(self) -> list[Item]:
        items: list[Item] = []
        while True:
            comments = self._comments()
            is_end = not self._texts[self._at]
            parts = paragraphs(comments, attached=not is_end)
            own = parts.pop() if not is_end else []
            items += parts
            if is_end:
                return items
            directive = self._texts[self._at].lower() in _DIRECTIVES
            items.append(self._directive(own) if directive else self._block(own))

    def _comments(self) -> list[bytes]:
        """Take the comments on lines of their own before the next word."""
        found = self._loose + self._before.get(self._at, [])
        self._loose = []
        return found

    def _own(self) -> list[bytes]:
        """Take the same inside a block, where blank lines say nothing."""
        if not self._loose and self._at not in self._before:
            return []
        return [comment for comment in self._comments() if comment != APART]

    def _take(self) -> tuple[bytes, bytes]:
        """Return the next word and the comment behind it, and go on."""
        at = self._at
        self._at += 1
        return self._texts[at], self._behind.get(at, b"")

    def _directive(self, before: list[bytes]) -> Directive:
        kind, behind = self._take()
        sparql = not kind.startswith(b"@")
        count = 2 if kind.lower().endswith(b"prefix") else 1
        comments, taken = [behind] if behind else [], []
        for _ in range(count if sparql else count + 1):
            comments += self._own()
            word, behind = self._take()
            taken.append(word)
            comments += [behind] if behind else []
        self._loose += comments[1:]
        name = kind.lower().removeprefix(b"@")
        return Directive(b"@" + name, taken[:count], before, comments[0] if comments else b"")

    def _block(self, before: list[bytes]) -> SubjectNode:
        subject = self._value()
        subject.before = before
        properties, ending = self._properties(b".")
        behind = b""
        stop = self._at
        _, comment = self._take()
        last = properties[-1].values[-1] if properties else subject
        if comment and stop not in self._begins and not ending and not last.behind:
            last.behind = comment
        else:
            behind = comment
        return SubjectNode(subject, properties, ending, behind)

    def _properties(self, closing: bytes) -> tuple[list[PropertyNode], list[bytes]]:
        """Read up to a closing mark, which is not taken; return the comments before it too."""
        found: list[PropertyNode] = []
        while True:
            before = self._own()
            word = self._texts[self._at]
            if word == closing or not word:
                return found, before
            if word == b";":
                self._separator(found[-1].values[-1] if found else None, before)
                continue
            name, behind = self._take()
            values = self._values()
            found.append(PropertyNode(name, values, before, behind))

    def _values(self) -> list[ValueNode]:
        values = [self._value()]
        while True:
            before = self._own()
            if self._texts[self._at] != b",":
                self._loose = before + self._loose
                self._before.pop(self._at, None)
                return values
            self._separator(values[-1], before)
            values.append(self._value())

    def _separator(self, last: ValueNode | None, before: list[bytes]) -> None:
        """Take a comma or semicolon; a comment behind it belongs to the value before it."""
        _, behind = self._take()
        self._loose += before
        if behind and last is not None and not last.behind and not before:
            last.behind = behind
        elif behind:
            self._loose.append(behind)

    def _value(self) -> ValueNode:
        before = self._own()
        word, behind = self._take()
        value = ValueNode(before=before)
        if word in (b"[", b"("):
            value.opening, value.inner = word, behind
            behind = self._inside(value)
        elif word in _CLOSING:
            value.text, behind = self._verbatim(word, behind)
        else:
            value.text = word
            behind = self._suffix(value, behind)
        value.behind = self._annotations(value, behind)
        return value

    def _inside(self, value: ValueNode) -> bytes:
        if value.opening == b"[":
            value.properties, value.ending = self._properties(b"]")
        else:
            elements = []
            while self._texts[self._at] not in (b")", b""):
                elements.append(self._value())
            value.elements = elements
            value.ending = self._own()
        return self._take()[1]

    def _suffix(self, value: ValueNode, behind: bytes) -> bytes:
        """Take the language or the datatype of a text."""
        if value.text[:1] not in b"\"'":
            return behind
        following = self._texts[self._at]
        if following == b"^^":
            value.text += following
            behind = self._joined(behind)
            value.text += self._texts[self._at]
            return self._joined(behind)
        if following.startswith(b"@"):
            value.text += following
            return self._joined(behind)
        return behind

    def _joined(self, behind: bytes) -> bytes:
        """Take a word that belongs to the one before it; keep the comments between the two."""
        between = self._own()
        _, comment = self._take()
        found = [*([behind] if behind else []), *between, *([comment] if comment else [])]
        self._loose += found[1:]
        return found[0] if found else b""

    def _verbatim(self, opening: bytes, behind: bytes) -> tuple[bytes, bytes]:
        """Take all up to the closing mark, as one text."""
        words, depth = [opening], [_CLOSING[opening]]
        while depth and self._texts[self._at]:
            word = self._texts[self._at]
            tight = word == b"^^" or words[-1] == b"^^" or _is_language(word, words[-1])
            behind = self._joined(behind)
            if word == depth[-1]:
                depth.pop()
            elif word in _CLOSING:
                depth.append(_CLOSING[word])
            if tight:
                words[-1] += word
            else:
                words.append(word)
            if word == b"^^":
                words[-1] += self._texts[self._at]
                behind = self._joined(behind)
        return b" ".join(words), behind

    def _annotations(self, value: ValueNode, behind: bytes) -> bytes:
        while (word := self._texts[self._at]) in (b"~", b"{|"):
            behind = self._joined(behind)
            if word == b"{|":
                text, behind = self._verbatim(word, behind)
            else:
                text = word
                following = self._texts[self._at]
                if following not in (b"{|", b"~", b";", b",", b".", b"]", b")", b"|}"):
                    behind = self._joined(behind)
                    text += b" " + following
            value.rest += b" " + text
        return behind


def _is_language(word: bytes, before: bytes) -> bool:
    return word.startswith(b"@") and before[-1:] in (b'"', b"'")


def paragraphs(comments: list[bytes], *, attached: bool) -> list[list[bytes]]:
    """Part comments at blank lines; if `attached`, the last part goes with what follows."""
    found: list[list[bytes]] = [[]]
    for comment in comments:
        if comment == APART:
            found.append([])
        else:
            found[-1].append(comment)
    return found if attached else [paragraph for paragraph in found if paragraph]
