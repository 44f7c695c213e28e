"""A Turtle text as words, each with the comments that belong to it.

A comment behind a word on its line belongs to that word; one on a line of its own belongs to the
word that follows. A blank line between such a comment and its word sets the two apart.
"""

import re
from dataclasses import dataclass, field

from cjph_graph.rdf.lexer import BOM, LANGUAGE, MARK, STRING, TERM

_scan = re.compile(
    rb"[ \t]*+(?:((?:[ \t]*+(?:\r\n|\n|\r))++)|(#[^\r\n]*+)|("
    + b"|".join((TERM, STRING, LANGUAGE, MARK))
    + rb"))",
    re.DOTALL,
).finditer
_LINE, _COMMENT = 1, 2
# Stands for a blank line between two comments, or between a comment and the next word.
APART = b""

_OPENING = {b"[", b"(", b"<<", b"<<(", b"{|"}
_CLOSING = {b"]", b")", b">>", b")>>", b"|}"}


@dataclass
class Words:
    """The words of a text in order, and by the number of a word the comments around it.

    `before` are the comments on lines of their own, with APART where a blank line sets some apart;
    `behind` is the comment on the line of the word. `begins_line` are the numbers of the words
    that are the first on their line. The last word is empty: it stands for the end of the text.
    """

    texts: list[bytes] = field(default_factory=list)
    before: dict[int, list[bytes]] = field(default_factory=dict)
    behind: dict[int, bytes] = field(default_factory=dict)
    begins_line: set[int] = field(default_factory=set)


def read_words(data: bytes) -> Words:
    """Return the words of a text that the parser has accepted."""
    return _read(data.removeprefix(BOM), 0, block=False)[0]


def read_block(data: bytes, at: int) -> tuple[Words, int]:
    """Return the words from a place up to a full stop and the comment behind it, and their end."""
    return _read(data, at, block=True)


def read_comments(gap: bytes) -> list[bytes]:
    """Return the comments between two blocks, with APART where a blank line sets some apart."""
    return read_words(gap + b".").before.get(0, [])


def _read(data: bytes, at: int, *, block: bool) -> tuple[Words, int]:
    words = Words()
    texts, begins = words.texts, words.begins_line
    fresh, blank = True, False  # whether a line has just begun, and behind an empty one
    depth, end = 0, 0
    for match in _scan(data, at):
        kind = match.lastindex
        if end and (kind != _COMMENT or fresh):
            break
        if kind == _LINE:
            fresh = True
            blank = match[1].count(b"\n") > 1 or match[1].count(b"\r") > 1
        elif kind == _COMMENT:
            _note(words, match[2].rstrip(), fresh=fresh, blank=blank)
            blank = False
            end = end and match.end()
        else:
            word = match[3]
            if fresh:
                number = len(texts)
                begins.add(number)
                if blank and number in words.before:
                    words.before[number].append(APART)
            texts.append(word)
            fresh = blank = False
            if block:
                depth += (word in _OPENING) - (word in _CLOSING)
                end = match.end() if word == b"." and not depth else 0
    texts.append(b"")
    return words, end or len(data)


def _note(words: Words, comment: bytes, *, fresh: bool, blank: bool) -> None:
    number = len(words.texts)
    if not fresh and number and number - 1 not in words.behind:
        words.behind[number - 1] = comment
        return
    before = words.before.setdefault(number, [])
    if blank and before:
        before.append(APART)
    before.append(comment)
