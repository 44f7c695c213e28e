"""The subject of a statement, as people mistype it."""

from cjph_graph.rdf.syntax_errors.cursor import Cursor
from cjph_graph.rdf.syntax_errors.edits import Edit, brief
from cjph_graph.rdf.syntax_errors.known_terms import slugified
from cjph_graph.rdf.syntax_errors.properties import with_other_sign
from cjph_graph.rdf.syntax_errors.tokens import TurtleToken
from cjph_graph.rdf.terms import last_part

_WORDS = ("word", "number", "other")
_NAMING = ("name", "word", "number", "text", "curly", "open", "iri")
_VALUES = ("name", "iri", "text", "curly", "open", "number")


def read_subject(cursor: Cursor) -> bool:
    """Read the subject of a statement; return False where nobody can tell what it is."""
    token, names = cursor.token, cursor.names
    end = words_end(cursor, token)
    is_relative = token.kind == "iri" and ":" not in token.text
    is_whole = token.kind in ("iri", "label") or (token.kind == "name" and end == token.end)
    if is_whole and not is_relative:
        iri = cursor.check(token, role="subject", class_=_class_at(cursor, end))
        cursor.advance()
    elif token.kind in _NAMING and (namespace := _namespace(cursor, end)):
        iri = _renamed(cursor, end, namespace)
    elif token.kind == "address":
        iri = token.text.removesuffix(">")
        name, edits = names.short(iri)
        cursor.replace("An address stands between < and >.", token, name, *edits)
    else:
        words = brief(cursor.source.text[token.start : end])
        message = f"A statement cannot begin with “{words}”."
        hint = "It begins with the name of a thing and its prefix; what follows # is a comment."
        cursor.lose(message, token.start, hint)
        return False
    names.subject = iri
    if iri and "#" not in iri and not names.thing:
        names.thing = iri
    return True


def words_end(cursor: Cursor, token: TurtleToken) -> int:
    """Return where the words end that begin with one, on its line and before a property."""
    end, following = token.end, cursor.source.after(token)
    while following.kind in _WORDS and not following.leads:
        after = cursor.source.after(following)
        if cursor.layout.is_property(following) or _is_bare_property(cursor, following):
            break
        if with_other_sign(cursor, following):
            break
        if following.text == "is" and (after.text == "a" or after.kind == "name"):
            break
        end = following.end
        following = after
    return end


def _is_bare_property(cursor: Cursor, token: TurtleToken) -> bool:
    """Whether a word, or two, are a property without its prefix, followed by a value."""
    after = cursor.source.after(token)
    if cursor.layout.is_bare_property(token) and after.kind in _VALUES:
        return True
    words = f"{token.text} {after.text}"
    return after.kind == "word" and cursor.names.known.property_named(words) is not None


def _namespace(cursor: Cursor, end: int) -> str | None:
    """Return the namespace of a subject with spaces or no prefix: that of others of its class."""
    token, names = cursor.token, cursor.names
    if token.kind == "name":
        prefix = token.text.partition(":")[0]
        return names.declared.get(prefix, names.known.prefixes.get(prefix))
    found = names.known.namespace_of_members(_class_at(cursor, end) or "")
    return names.own_namespace() if found and found.endswith("#") else found


def _class_at(cursor: Cursor, position: int) -> str | None:
    """Return the class that stands behind a subject, if it comes first."""
    following = cursor.source.at(position)
    if following.text != "a":
        return None
    class_ = cursor.source.after(following)
    known, iri = cursor.names.known, cursor.names.iri(class_)
    return iri if iri and known.is_class(iri) else known.class_called(last_part(iri or class_.text))


def _renamed(cursor: Cursor, end: int, namespace: str) -> str:
    start = cursor.token.start
    words = cursor.source.text[start:end]
    local = words.partition(":")[2] if cursor.token.kind == "name" else words
    iri = f"{namespace}{slugified(local or words)}"
    names = cursor.names
    name, edits = names.part(iri, namespace) if "#" in namespace else names.short(iri)
    message = f"“{brief(words)}” is not a name: names have a prefix and no spaces."
    cursor.note(message, start, *edits, Edit(start, end, name))
    cursor.go_to(end)
    return iri
