"""Texts whose quotes are curly, missing or too many, or lack what belongs behind them."""

import re
from collections.abc import Iterator

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake
from cjph_graph.rdf.syntax_errors.known_terms import Values
from cjph_graph.rdf.syntax_errors.tokens import CLOSES, CURLY, Source, TurtleToken

IS_CURLY = "This is a curly quote; Turtle has straight ones."
NEVER_CLOSED = "The quote that opens this text is never closed."
OTHER_QUOTE = "A text ends with the same quote that opens it."
ENDS_HERE = "The text ends at this quote, and more follows."
_DOUBLED = ("''", '""')
_LONG = ('"""', "'''")
_MOST_LINES = 50
_curly_end = re.compile(rf"[{CURLY}]{CLOSES}", re.MULTILINE)
_ends = {mark: re.compile(mark + CLOSES, re.MULTILINE) for mark in "\"'"}
_suffix = re.compile(r"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^\S+)$")
# What a text swallows when its closing quote is missing: the rest of the statement.
_swallowed = re.compile(r"[;,.]\s+(?:\S+\s+)?$")
_swallowing = re.compile(r"[^\r\n]*?(?=(?:@[A-Za-z-]+|\^\^\S+)?[ \t]{0,9}(?:[;,.](?:\s|$)|[\r\n]))")
_property_line = re.compile(r"[ \t]*+(?:a[ \t]|@prefix|[\w-]*+:[\w-]++[ \t]|\}|\])")
_bad_escape = re.compile(r"\\(?:u(?![0-9A-Fa-f]{4})|U(?![0-9A-Fa-f]{8})|[^tbnrf\"'\\uU])|\\$")


def closed(source: Source, token: TurtleToken) -> tuple[Mistake, int] | None:
    """Return what is wrong with a text in straight quotes, if anything is, and where it ends."""
    following = source.after(token)
    is_long = token.text.startswith(_LONG)
    runs_on = not following.spaced and following.kind in ("word", "name", "number", "text", "open")
    if is_long:
        return _never_closed(source, token) if runs_on and "\n" in token.text else None
    if following.kind == "word" and not following.leads and _is_tag(source, following):
        edit = Edit(following.start, following.start, "@")
        message = "An @ is missing before the language."
        return Mistake(message, following.start, (edit,)), following.end
    goes_on = following.kind in ("word", "other", "text", "number") and not following.leads
    if not runs_on and not (goes_on and following.kind in ("word", "other")):
        return None
    if _swallowed.search(token.text[-300:-1]):
        return _never_closed(source, token)
    line_end = source.line_end(token.start)
    if token.text in _DOUBLED and (end := source.text.find(token.text, token.end, line_end)) > 0:
        edits = (Edit(token.start, token.end, '"'), Edit(end, end + 2, '"'))
        return Mistake("One quote opens a text, and one closes it.", token.start, edits), end + 2
    quote = token.text[0]
    closing = _ends[quote].search(source.text, token.end, line_end)
    if closing is None:
        return None if not runs_on else _escaped(source, token, following.end)
    return _escaped(source, token, closing.start())


def _is_tag(source: Source, token: TurtleToken) -> bool:
    return len(token.text) in (2, 5) and token.text[:2].islower() and source.after(token).ends_value


def _escaped(source: Source, token: TurtleToken, end: int) -> tuple[Mistake, int]:
    quote = token.text[0]
    inner = [token.end - 1]
    inner += [
        at
        for at in range(token.end, end)
        if source.text[at] == quote and source.text[at - 1] != "\\"
    ]
    edits = tuple(Edit(at, at + 1, f"\\{quote}") for at in inner)
    return Mistake(ENDS_HERE, token.end - 1, edits), end + 1


def _never_closed(source: Source, token: TurtleToken) -> tuple[Mistake, int]:
    """Return where a text that has swallowed what follows was meant to end."""
    mark = token.text[:3] if token.text.startswith(_LONG) else token.text[0]
    body = token.start + len(mark)
    match = _swallowing.match(source.text, body)
    end = match.end() if match else source.line_end(body)
    inner = source.text[body:end]
    if mark in _LONG and inner.endswith(mark[0]):
        there = len(inner) - len(inner.rstrip(mark[0]))
        rest = Edit(body + len(inner), body + len(inner), mark[there:])
        return Mistake(NEVER_CLOSED, token.start, (rest,)), body + len(inner)
    return Mistake(NEVER_CLOSED, token.start, (Edit(end, end, mark),)), end


def opened(source: Source, token: TurtleToken, values: Values) -> tuple[Mistake, int]:
    """Return what is wrong with a text whose quotes are curly or don't close, and where it ends."""
    text, start = source.text, token.start
    curly = token.text[0] in CURLY or token.text[0] == "`"
    if token.kind == "curly":
        return Mistake(IS_CURLY, start, tuple(_straightened(token.text, start))), token.end
    quote = '"' if curly else token.text[0]
    head = (Edit(start, start + 1, quote),) if curly else ()
    line_end = source.line_end(start)
    if not curly and (end := _curly_end.search(text, start + 1, line_end)):
        return Mistake(IS_CURLY, end.start(), (Edit(end.start(), end.end(), quote),)), end.end()
    if not curly and token.text[:3] not in _LONG and (end_at := _lines_below(source, token)):
        edits = (Edit(start, start + 1, quote * 3), Edit(end_at, end_at + 1, quote * 3))
        hint = "A text of several lines has three quotes at both ends."
        return Mistake(NEVER_CLOSED, start, edits, hint), end_at + 1
    mark = token.text[:3] if token.text[:3] in _LONG else quote
    if mark in _LONG and (end_at := _lines_below(source, token)):
        rest = Edit(end_at + 1, end_at + 1, mark[1:])
        return Mistake(NEVER_CLOSED, start, (rest,)), end_at + 1
    other = "'" if quote == '"' else '"'
    if mark == quote and (last := _ends[other].search(text, start + 1, line_end)):
        edit = Edit(last.start(), last.end(), quote)
        return Mistake(OTHER_QUOTE, start, (*head, edit)), last.end()
    body_end = _body_end(text, start + len(mark), line_end)
    tail = text[body_end:line_end]
    body = text[start + len(mark) : body_end]
    if body.endswith(f"\\{quote}") and mark == quote:
        edit = Edit(body_end - 2, body_end - 1, "")
        message = "The backslash before this quote keeps it from ending the text."
        return Mistake(message, body_end - 2, (*head, edit)), body_end
    new = mark[len(body) - len(body.rstrip(quote)) :]  # some of the three may be there
    if not tail.startswith(("@", "^")):
        new += values.language
    message = IS_CURLY if curly else NEVER_CLOSED
    return Mistake(message, start, (*head, Edit(body_end, body_end, new))), body_end


def _straightened(words: str, start: int) -> Iterator[Edit]:
    """Yield the edits that make the outer quotes straight and hide straight ones between them."""
    last = len(words) - 1
    for at, char in enumerate(words):
        if at in (0, last) and char != '"':
            yield Edit(start + at, start + at + 1, '"')
        elif 0 < at < last and char == '"' and words[at - 1] != "\\":
            yield Edit(start + at, start + at + 1, '\\"')


def _body_end(text: str, start: int, line_end: int) -> int:
    """Return where a text without a closing quote ends: before the language and the separator."""
    body = text[start:line_end].rstrip()
    if body[-1:] in (";", ",", "."):
        body = body[:-1].rstrip()
    if suffix := _suffix.search(body[-100:]):
        body = body[: len(body) - len(suffix[0])]
    return start + len(body.rstrip())


def _lines_below(source: Source, token: TurtleToken) -> int | None:
    """Return where a text that goes on over several lines is closed, if it is."""
    at = source.line_end(token.start)
    end = _ends[token.text[0]]
    for _ in range(_MOST_LINES):
        at += 2 if source.text.startswith("\r\n", at) else 1
        line_end = source.line_end(at)
        if at >= len(source.text) or _property_line.match(source.text, at, line_end):
            return None
        if match := end.search(source.text, at, line_end):
            return match.start()
        at = line_end
    return None


def bad_escapes(token: TurtleToken) -> tuple[Edit, ...]:
    """Return the edits that double the backslashes in a text that nothing can follow there."""
    if "\\" not in token.text:
        return ()
    escapes = re.finditer(r"\\.", token.text[:-1], re.DOTALL)
    return tuple(
        Edit(token.start + match.start(), token.start + match.start() + 1, "\\\\")
        for match in escapes
        if _bad_escape.match(token.text, match.start())
    )
