"""Turtle that is refused before it is parsed: brackets nested too deep, or too many triples.

Parsers, and code after them, follow brackets by recursion; when the stack is full, the process
ends.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad

from cjph_graph.errors import LimitError
from cjph_graph.system import shown
from cjph_graph.system.limits import BYTES_PER_TRIPLE, max_size, raised

MAX_NESTING = 100
_SHORT = 100_000
_BRACKETS = (b"[", b"(", b"<<", b"{|")
# Every byte but those that brackets begin with; one way to count several at once, and quickly.
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[({")
_ENDS = (b".", b";", b",")
# The next bracket, behind whatever is not one: texts, addresses and comments may hold some that do
# not count. No parser reads on after a quotation mark that is never closed.
_BRACKET = rb"""
    (?:
        \"\"\"(?:"{0,2}+(?:[^"\\]++|\\.))*+\"\"\" | '''(?:'{0,2}+(?:[^'\\]++|\\.))*+'''
      | "(?:[^"\\\r\n]++|\\.)*+"                    | '(?:[^'\\\r\n]++|\\.)*+'
      | \#[^\r\n]*+ | <[^<>"{}|^`\\\x00-\x20]*+> | \\. | [^"'\#<>\\{|~\[\]()]++
      | <(?!<) | >(?!>) | \{(?!\|) | \|(?!\}) | \\
    )*+
    (?:
        (?P<opening> << | \{\| | [\[(] ) | (?P<closing> >> | \|\} | [\])] )
      | (?P<reifier> ~ ) | (?P<broken> ["'] ) | \Z
    )
    """


def refuse_nesting(data: bytes, name: str | Path) -> None:
    """Raise LimitError for brackets in brackets in brackets."""
    # Almost no file has `<<`, and the search from the end is the quicker one.
    if len(data.translate(None, _NO_BRACKETS)) <= MAX_NESTING and data.rfind(b"<<") < 0:
        return
    pattern = _brackets()
    depth = opened = place = 0
    while (match := pattern.match(data, place)) and match.lastgroup != "broken":
        place = match.end()
        if match.lastgroup == "opening":
            depth += 1
            opened += 1
            if opened > most_triples():
                raise too_many_triples(opened - 1, name)  # each stands in a triple
            if depth > MAX_NESTING:
                line = data.count(b"\n", 0, match.start("opening")) + 1
                raise LimitError(
                    f"{_called(name)}:{line}: brackets are nested more than {MAX_NESTING} deep.",
                    "Give what stands inside them IRIs of their own.",
                )
        elif match.lastgroup == "closing":
            depth = max(0, depth - 1)
        elif match.lastgroup != "reifier":
            return


def may_have_blank_nodes(data: bytes) -> bool:
    """Say whether a text may have blank nodes; a short one is not looked at closely."""
    if b"_:" in data:
        return True
    # In RDF 1.2, `~` names a statement; in addresses it is frequent.
    if not any(sign in data for sign in (*_BRACKETS, b"~")):
        return False
    match = _brackets().match(data) if len(data) > _SHORT else None
    return match is None or match.lastgroup is not None


def _brackets() -> re.Pattern[bytes]:
    return re.compile(_BRACKET, re.VERBOSE | re.DOTALL)


def most_triples() -> int:
    """Return how many triples a file may have."""
    return max_size() // BYTES_PER_TRIPLE


def may_have_too_many(data: bytes) -> bool:
    """Say whether a file is so large that its triples have to be counted as they are read."""
    # A triple takes two bytes at the very least.
    return len(data) // 2 > most_triples() and not is_plain(data)


def is_plain(data: bytes) -> bool:
    """Say whether a text, if it is Turtle, has no blank nodes, and no more triples than it may."""
    # Outside brackets, each triple ends in one of these.
    return not may_have_blank_nodes(data) and sum(map(data.count, _ENDS)) <= most_triples()


def bounded(quads: Iterable[Quad], name: str | Path) -> Iterator[Quad]:
    """Pass on as many triples as are allowed, then raise LimitError."""
    most = most_triples()
    for number, quad in enumerate(quads):
        if number == most:
            raise too_many_triples(most, name)
        yield quad


def too_many_triples(most: int, name: str | Path) -> LimitError:
    """Return the error for a file with more than `most` triples."""
    return LimitError(f"{_called(name)} has more than {most:,} triples.", raised())


def too_long(name: str) -> LimitError:
    """Return the error for a text that is too long for the parser's buffer."""
    return LimitError(
        f"{name} has a text or an address of more than 16 MB, or one that is never closed.",
        "No single value may be so long.",
    )


def _called(name: str | Path) -> str:
    return shown(name) if isinstance(name, Path) else name
