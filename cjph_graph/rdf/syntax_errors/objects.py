"""Values: the terms of Turtle, and what is read in place of the others."""

import re

from cjph_graph.rdf.syntax_errors import quotes
from cjph_graph.rdf.syntax_errors.addresses import bad_address
from cjph_graph.rdf.syntax_errors.cursor import Cursor
from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake, brief, differing
from cjph_graph.rdf.syntax_errors.known_terms import DATES, TYPE
from cjph_graph.rdf.syntax_errors.languages import odd_language
from cjph_graph.rdf.syntax_errors.separators import NO_VALUE
from cjph_graph.rdf.syntax_errors.tokens import TurtleToken
from cjph_graph.rdf.syntax_errors.values import Wanted, meant
from cjph_graph.rdf.terms import XSD, last_part, namespace_of

_link = re.compile(r"\[[^\]\r\n]{0,500}\]\((https?://[^\s<>()]++)\)").match
_NOTHING = re.compile(
    r"present|now|today|ongoing|current(?:ly)?|continuing|unknown|not known|n/?a|none|nothing"
    r"|null|nil|tb[cd]|to be (?:confirmed|determined)|todo|\?+|-+|–|—|\.\.\.|…",
    re.IGNORECASE,
)
_BAD_ESCAPE = "This character cannot follow a backslash in a text."


def read_value(cursor: Cursor, property_: str | None, *, in_list: bool = False) -> None:
    """Read a value that stands in no bracket."""
    token = cursor.token
    if token.ends_value:
        return _no_value(cursor)
    if _is_bullet(cursor, token):
        cursor.replace("No mark stands before a value.", token, "")
        return read_value(cursor, property_, in_list=in_list)
    if token.kind in ("text", "curly", "open"):
        return _text(cursor, property_)
    if token.kind in ("badiri", "openiri") or (token.kind == "iri" and ":" not in token.text):
        return _address(cursor, property_)
    if token.kind == "tag" and cursor.source.after(token).kind in ("text", "curly"):
        return _language_first(cursor, property_)
    following = cursor.source.after(token)
    runs_on = cursor.layout.runs_on(token, following) and not (in_list and following.spaced)
    if cursor.layout.is_value(token) and not runs_on:
        if property_ != TYPE or not _misspelt_class(cursor, token):
            cursor.check(token, property_)
            cursor.advance()
        return None
    return _words(cursor, property_)


def _misspelt_class(cursor: Cursor, token: TurtleToken) -> bool:
    """Correct the name of an unknown class if another is near; return whether one is."""
    iri, known = cursor.names.iri(token), cursor.names.known
    if iri is None or token.kind != "name" or known.is_class(iri):
        return False
    meant = known.class_called(last_part(iri))
    if meant is None or namespace_of(meant) != namespace_of(iri):
        return False
    name, edits = cursor.names.short(meant)
    message = f"The class {name} is not written “{brief(token.text)}”."
    edit = Edit(token.start, token.end, name)
    cursor.add(Mistake(message, token.start, (*edits, edit), is_turtle=True))
    cursor.advance()
    return True


def _is_bullet(cursor: Cursor, token: TurtleToken) -> bool:
    following = cursor.source.after(token)
    is_value = following.kind in ("name", "iri", "text", "curly", "word") and following.spaced
    return token.kind == "other" and token.text in "-*•–" and is_value and not following.leads


def read_link(cursor: Cursor) -> bool:
    """Read a link as in Markdown, if there is one here; return whether there is."""
    link = _link(cursor.source.text, cursor.token.start)
    if link is None:
        return False
    edit = Edit(link.start(), link.end(), f"<{link[1]}>")
    cursor.note("An address stands between < and >, and nothing else.", link.start(), edit)
    cursor.go_to(link.end())
    return True


def _no_value(cursor: Cursor) -> None:
    at = cursor.end - 1
    if cursor.source.text.startswith(",", at) and cursor.token.kind == "mark":
        return cursor.note(NO_VALUE, at, Edit(at, at + 1, ""))
    gone = cursor.without_property(cursor.end)
    others = cursor.source.text[: gone.start].rstrip().endswith(";") or gone.end > cursor.end
    words = brief(cursor.source.text[gone.start : gone.end])
    hint = f"Write one, or delete “{words}”." if others else "Write one."
    return cursor.lose("A value is missing here.", cursor.end, hint)


def _words(cursor: Cursor, property_: str | None) -> None:
    """Read text that is no term of Turtle, up to where a value would end."""
    token, text = cursor.token, cursor.source.text
    wanted = Wanted(property_ or "", cursor.names.known.values(property_ or ""), cursor.names)
    whole, short = cursor.layout.extents(token)
    for end in dict.fromkeys((whole, short)):
        if found := meant(text[token.start : end], wanted, is_whole=end == short):
            if found.new == text[token.start : end]:
                break
            edits = (*found.edits, *differing(text, token.start, end, found.new))
            cursor.note(found.message, token.start, *edits, hint=found.hint)
            return cursor.go_to(end)
    if cursor.layout.is_value(token) and end == token.end:
        # The next word is the one that is no value.
        cursor.check(token, property_)
        return cursor.advance()
    if _NOTHING.fullmatch(text[token.start : short].strip()):
        message = "A value that is not known, or an end that is still to come, is left out."
        cursor.lose(message, token.start, "", cursor.without_property(short))
        return cursor.go_to(max(short, token.end))
    cursor.lose(*cursor.layout.unreadable(token, short, wanted))
    return cursor.go_to(max(short, token.end))


def _address(cursor: Cursor, property_: str | None) -> None:
    token, names = cursor.token, cursor.names
    namespaces = names.known.values(property_ or "").namespaces
    iri = names.known.thing_called(token.text[1:-1], namespaces or None)
    if token.kind == "iri" and iri:
        name, edits = names.short(iri)
        message = "A name has a prefix; only addresses stand between < and >."
        return cursor.replace(message, token, name, *edits)
    mistake, end = bad_address(cursor.source, token)
    if mistake.edits:
        cursor.add(mistake)
    else:
        cursor.lose(mistake.message, mistake.at, mistake.hint)
    return cursor.go_to(end)


def _text(cursor: Cursor, property_: str | None) -> None:
    token = cursor.token
    values = cursor.names.known.values(property_ or "")
    if token.kind == "open" and re.match(r"'\d\d\b", token.text) and values.are(*DATES):
        return _words(cursor, property_)
    if token.kind == "text" and (odd := odd_language(cursor.source, token, values.language)):
        cursor.add(odd[0])
        return cursor.go_to(odd[1])
    if token.kind == "text":
        found = quotes.closed(cursor.source, token)
        if edits := quotes.bad_escapes(token):
            cursor.note(_BAD_ESCAPE, edits[0].start, *edits)
    else:
        found = quotes.opened(cursor.source, token, values)
    if found:
        cursor.add(found[0])
    cursor.go_to(found[1] if found else token.end)
    return _behind_text(cursor, values.language)


def _language_first(cursor: Cursor, property_: str | None) -> None:
    tag, text = cursor.token, cursor.source.after(cursor.token)
    moved = (Edit(tag.start, text.start, ""), Edit(text.end, text.end, tag.text))
    cursor.note("The language stands behind the text.", tag.start, *moved)
    cursor.go_to(tag.end)
    return _text(cursor, property_)


def _behind_text(cursor: Cursor, language: str) -> None:
    """Read the language or the datatype behind a text."""
    token = cursor.token
    following = cursor.source.after(token)
    if token.kind == "tag" and not token.leads:
        cursor.advance()
        if token.text.endswith("-"):
            edit = Edit(token.start, token.end, token.text.strip("-"))
            cursor.note("No language has a hyphen at its end.", token.start, edit)
    elif token.text == "@":
        _stray_at(cursor, token, following, language)
    elif token.text in ("^^", "^"):
        _datatype(cursor, token, following)


def _stray_at(cursor: Cursor, token: TurtleToken, following: TurtleToken, language: str) -> None:
    end, new = token.end, language or "@en"
    if following.kind in ("tag", "word") and not following.leads:
        end, new = following.end, f"@{following.text.lstrip('@')}"
    edit = Edit(token.start, end, new)
    cursor.note("The language stands right behind one @.", token.start, edit)
    cursor.go_to(end)


def _datatype(cursor: Cursor, token: TurtleToken, following: TurtleToken) -> None:
    if following.kind == "word" and re.fullmatch(r"[a-z]{2}", following.text):
        edit = Edit(token.start, following.end, f"@{following.text}")
        cursor.note("A language stands behind @.", token.start, edit)
        return cursor.go_to(following.end)
    if token.text == "^":
        cursor.replace("Two ^ stand before the kind of a value.", token, "^^")
    else:
        cursor.advance()
    if following.kind in ("iri", "name"):
        cursor.check(following, role="datatype")
        return cursor.advance()
    if following.kind == "word":
        kind, edits = cursor.names.short(XSD + following.text)
        return cursor.replace(f"The kind of a value has a prefix: {kind}.", following, kind, *edits)
    return cursor.lose("The kind of the value is missing behind ^^.", token.start)
