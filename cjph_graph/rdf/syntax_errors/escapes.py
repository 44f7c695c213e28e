"""Backslashes and percent signs in names, where the parser takes them for escapes."""

import re

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake

_BACKSLASH = re.compile(
    r"\\(?:u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})|(?![_~.!$&'()*+,;=/?#@%-]))"
)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def escape_mistake(message: str, text: str, at: int) -> Mistake | None:
    """Return the mistake behind a parser's message on an escape in a name; None for any other.

    The parser counts from within the name, so the sign itself is looked for.
    """
    if "allowed to be escaped" in message:
        if found := _BACKSLASH.search(text, at):
            return _backslash(found)
    elif "escapes in IRIs should be %" in message and (found := _PERCENT.search(text, at)):
        edit = Edit(found.start(), found.end(), "%25")
        return Mistake("A percent sign in a name stands for a code.", found.start(), (edit,))
    return None


def _backslash(found: re.Match[str]) -> Mistake:
    code = int(found["four"] or found["eight"] or "0", 16)
    letter = chr(code) if 0 < code <= 0x10FFFF else ""
    edit = Edit(found.start(), found.end(), letter if re.fullmatch(r"\w", letter) else "")
    return Mistake("This backslash cannot stand in a name.", found.start(), (edit,))
