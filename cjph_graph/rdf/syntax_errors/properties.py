"""Properties, as people mistype them."""

import re

from cjph_graph.rdf.syntax_errors.cursor import Cursor
from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake, brief
from cjph_graph.rdf.syntax_errors.known_terms import TYPE
from cjph_graph.rdf.syntax_errors.tokens import TurtleToken

_IS_A = frozenset(
    {"is a", "is an", "isa", "is", "A", "type", "Type", "is_a", "has type", "type of", "rdf:type"}
)
_NOTHING_BETWEEN = "Nothing stands between a property and its value."
_MOST_WORDS = 4
_OTHER_SIGN = re.compile(r"([A-Za-z][\w-]*+)(?:[./|\\]|[ \t]:)([A-Za-z][\w-]*+)")
_SIGNS = re.compile(r"[=-]{1,3}>?|[→⇒]")


def read_property(cursor: Cursor) -> str | None:
    """Read a property and return its IRI; None where nobody can tell which it is."""
    property_: str | None = None
    following = cursor.source.after(cursor.token)
    if cursor.token.text in ("-", "*", "•") and following.spaced and not following.leads:
        cursor.replace("No mark stands before a property.", cursor.token, "")
    token = cursor.token
    if token.kind == "word" and token.text == "a":
        property_ = TYPE
        cursor.advance()
    elif token.kind in ("name", "iri"):
        property_ = _named(cursor, token)
    elif token.kind in ("word", "address") and (found := with_other_sign(cursor, token)):
        property_ = _written(cursor, found[0], found[1])
    elif token.kind == "word":
        property_ = _bare(cursor, token)
    elif quoted := cursor.layout.quoted_property(token):
        colon = cursor.source.after(token)
        property_ = _written(cursor, colon.end if colon.text == ":" else token.end, quoted)
    else:
        message = f"“{brief(token.text)}” cannot stand here: a property is expected."
        cursor.lose(message, token.start)
        if token.kind == "other":
            cursor.advance()
    _pass_sign(cursor)
    return property_


def with_other_sign(cursor: Cursor, token: TurtleToken) -> tuple[int, str] | None:
    """Return where a property ends and which it is: `skos.prefLabel`, or a bare address."""
    known = cursor.names.known
    if token.kind == "address":
        iri = token.text.removesuffix(">")
        return (token.end, iri) if known.is_property(iri) else None
    match = _OTHER_SIGN.match(cursor.source.text, token.start)
    if match is None:
        return None
    namespace = cursor.names.declared.get(match[1], known.prefixes.get(match[1]))
    iri = f"{namespace}{match[2]}"
    return (match.end(), iri) if namespace and known.is_property(iri) else None


def _pass_sign(cursor: Cursor) -> None:
    """Skip a sign that other languages put between a property and its value."""
    sign = cursor.token
    following = cursor.source.after(sign)
    if sign.marks(",;") and following.kind in ("text", "curly") and not following.leads:
        return cursor.replace(_NOTHING_BETWEEN, sign, "")
    if sign.kind != "other" or sign.text not in "=-→⇒" or sign.leads:
        return None
    signs = _SIGNS.match(cursor.source.text, sign.start)
    end = signs.end() if signs else sign.end
    cursor.note(_NOTHING_BETWEEN, sign.start, Edit(sign.start, end, ""))
    return cursor.go_to(end)


def _named(cursor: Cursor, token: TurtleToken) -> str | None:
    """Read a property with a prefix, or what looks like one: `Name:`, `cjph:start date`."""
    names, known = cursor.names, cursor.names.known
    iri = names.iri(token)
    if iri and known.is_class(iri) and cursor.source.after(token).ends_value:
        edit = Edit(token.start, token.end, f"a {token.text}")
        cursor.note("The word a is missing before the class.", token.start, edit)
        return TYPE
    if token.kind != "name":
        return _checked(cursor, token)
    prefix, _, local = token.text.partition(":")
    words, following = local, cursor.source.after(token)
    for _ in range(_MOST_WORDS - 1):
        if following.kind != "word" or following.leads:
            break
        words = f"{words} {following.text}"
        if found := known.property_named(words):
            return _written(cursor, following.end, found)
        following = cursor.source.after(following)
    if prefix not in names.declared:
        if token.text in _IS_A:
            return _written(cursor, token.end, TYPE)
        if not local and (found := _called(cursor, prefix)):
            return _written(cursor, token.end, found)
    if iri and local.endswith(":") and known.is_property(iri[:-1]):
        cursor.check(token._replace(text=token.text[:-1]), role="property")
        edit, at = Edit(token.end - 1, token.end, ""), token.end - 1
        message = "No colon stands behind a property."
        cursor.add(Mistake(message, at, (edit,), is_turtle=True))
        cursor.advance()
        return iri[:-1]
    return _checked(cursor, token)


def _checked(cursor: Cursor, token: TurtleToken) -> str | None:
    iri = cursor.check(token, role="property")
    cursor.advance()
    return iri


def _bare(cursor: Cursor, token: TurtleToken) -> str | None:
    """Read the name of a property without its prefix, of one word or of several."""
    source = cursor.source
    ends, following = [token.end], source.after(token)
    while following.kind == "word" and not following.leads and len(ends) < _MOST_WORDS:
        ends.append(following.end)
        following = source.after(following)
    for end in reversed(ends):
        words = source.text[token.start : end]
        near = end in (token.end, ends[-1])
        found = _called(cursor, words) if near else cursor.names.known.property_named(words)
        if (found or words in _IS_A) and not source.at(end).ends_value:
            return _written(cursor, end, TYPE if words in _IS_A else found or "")
    hint = "Write the property with its prefix, like skos:prefLabel."
    cursor.lose(f"“{brief(token.text)}” is not the name of a property.", token.start, hint)
    cursor.advance()
    return None


def _called(cursor: Cursor, words: str) -> str | None:
    return TYPE if words in _IS_A or words == "a" else cursor.names.known.property_called(words)


def _written(cursor: Cursor, end: int, iri: str) -> str:
    """Note how a property is written, and go on behind it."""
    start = cursor.token.start
    old = brief(cursor.source.text[start:end])
    if iri == TYPE:
        cursor.note("The class of a thing stands behind the word a.", start, Edit(start, end, "a"))
    else:
        name, edits = cursor.names.short(iri)
        message = f"“{old}” is not how the property {name} is written."
        cursor.note(message, start, *edits, Edit(start, end, name))
    cursor.go_to(end)
    return iri
