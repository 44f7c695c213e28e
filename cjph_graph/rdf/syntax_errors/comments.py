"""Comments in the form of other languages."""

import re

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake
from cjph_graph.rdf.syntax_errors.tokens import Comment

_MOST_LINES = 5  # that are named one by one
_IS_COMMENT = "A comment begins with #."
_line = re.compile(r"(?<=\n)[ \t]*+(?=[^\s])")
_blank = re.compile(r"[ \t]*+(?=[\r\n]|\Z)")


def as_comment(text: str, comment: Comment) -> tuple[Mistake, list[Edit]]:
    """Return how a comment is written in Turtle, or that it must be removed, and the edits for it.

    In a comment of many lines these are too many to be named one by one.
    """
    start, end, opening, closing = comment
    if closing and _blank.match(text, end):
        return _of_lines(text, comment)
    if opening == "```":
        message, edit = "This mark is of Markdown and not of Turtle.", Edit(start, end, "")
    elif closing:
        message = "A comment goes to the end of its line in Turtle."
        edit = Edit(start, end, "")
    else:
        message, edit = _IS_COMMENT, Edit(start, start + len(opening), "#")
    return Mistake(message, start, (edit,)), [edit]


def _of_lines(text: str, comment: Comment) -> tuple[Mistake, list[Edit]]:
    start, end, opening, closing = comment
    edits = [Edit(start, start + len(opening), "#")]
    lines = [found.end() for found in _line.finditer(text, start + 1, end - len(closing))]
    edits += [Edit(at, at, "# ") for at in lines]
    if lines and not text[lines[-1] : end - len(closing)].strip():
        edits.pop()
    edits.append(Edit(end - len(closing), end, ""))
    if len(edits) > _MOST_LINES:
        hint = f"Write # at the beginning of each of its {len(lines) + 1} lines instead."
        return Mistake(_IS_COMMENT, start, (), hint), edits
    return Mistake(_IS_COMMENT, start, tuple(edits)), edits
