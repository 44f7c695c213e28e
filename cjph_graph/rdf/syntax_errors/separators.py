"""The marks between values, properties and statements: missing ones, wrong ones, and too many."""

from cjph_graph.rdf.syntax_errors.cursor import Cursor
from cjph_graph.rdf.syntax_errors.edits import Edit
from cjph_graph.rdf.syntax_errors.layout import STRAY

_MISSING = {
    ".": "A full stop is missing at the end of the statement.",
    ";": "A semicolon is missing between two properties.",
    ",": "A comma is missing between two values.",
}
_NAMES = {",": "comma", ";": "semicolon", ".": "full stop"}
_WHY = {
    ",": "A comma comes before another value of the same property.",
    ";": "A semicolon comes before another property of the same thing.",
    ".": "A full stop comes before the next thing, and at the end of the file.",
}
NOT_CLOSED = "This bracket is never closed."
CLOSES_NOTHING = "This bracket closes nothing."
NO_VALUE = "No value follows this comma."


def read_separator(cursor: Cursor, inside: str | None) -> str:
    """Read the mark behind a value, and return the one that belongs there.

    `inside` is the bracket that is open: None in a statement. What closes it or the statement is
    read as well.
    """
    token = cursor.token
    if token.marks(",;") or (token.marks(".") and not inside):
        return _given(cursor, inside)
    if token.marks(")") or (token.marks("]") and not inside):
        cursor.replace(CLOSES_NOTHING, token, "")
        return read_separator(cursor, inside)
    following = cursor.source.after(token)
    stray = token.kind == "other" and token.text in STRAY
    stray = stray or (token.text in (":", "and", "or") and not token.leads)
    if stray and (following.leads or following.kind == "end"):
        mark = "." if following.kind == "end" else cursor.layout.missing(following, inside)
        cursor.replace(f"A {_NAMES[mark]} belongs here.", token, mark)
        return mark
    closing = token.marks(".]") or token.kind == "end"
    if closing or (inside and cursor.layout.opens_statement(token)):
        close(cursor, inside)
        return "]" if inside else "."
    mark = cursor.layout.missing(token, inside)
    missing(cursor, mark)
    return mark


def _given(cursor: Cursor, inside: str | None) -> str:
    token = cursor.token
    mark = cursor.layout.belongs(token, cursor.source.after(token), inside)
    cursor.advance()
    if not mark:
        cursor.note(NO_VALUE, token.start, Edit(token.start, token.end, ""))
        return read_separator(cursor, inside)
    if mark != token.text:
        instead(cursor, token.start, mark)
    return mark


def close(cursor: Cursor, inside: str | None) -> None:
    """Read what closes a bracket or ends a statement."""
    token = cursor.token
    if token.text == (inside or "."):
        return cursor.advance()
    if inside:
        return cursor.note(NOT_CLOSED, cursor.end, Edit(cursor.end, cursor.end, f" {inside}"))
    if token.kind == "end" and cursor.source.text.startswith(";", cursor.end - 1):
        return instead(cursor, cursor.end - 1, ".")
    return missing(cursor, ".")


def missing(cursor: Cursor, mark: str) -> None:
    """Note that a mark is missing behind what was read last."""
    cursor.note(_MISSING[mark], cursor.end, Edit(cursor.end, cursor.end, f" {mark}"))


def instead(cursor: Cursor, at: int, mark: str) -> None:
    """Note that another mark belongs here."""
    found = _NAMES[cursor.source.text[at]]
    message = f"A {found} stands where a {_NAMES[mark]} belongs."
    cursor.note(message, at, Edit(at, at + 1, mark), hint=_WHY[mark])
