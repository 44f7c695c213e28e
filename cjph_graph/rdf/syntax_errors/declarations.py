"""Declarations of prefixes, as people mistype them."""

import re

from cjph_graph.rdf.prefixes import misdeclared
from cjph_graph.rdf.syntax_errors.addresses import bad_address
from cjph_graph.rdf.syntax_errors.cursor import Cursor
from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake
from cjph_graph.system.tables import clean


def read_declaration(cursor: Cursor) -> None:
    """Read a declaration of a prefix or of a base."""
    start, word = cursor.token.start, cursor.token
    dotted = word.kind == "tag"
    right = "@base" if "base" in word.text.lower() else "@prefix"
    cursor.is_lost = False
    if dotted and word.text != right:
        cursor.replace(f"“{word.text}” is written {right}.", word, right)
    else:
        cursor.advance()
    prefix = _prefix(cursor) if right == "@prefix" else ""
    namespace = _namespace(cursor, prefix) if prefix is not None else None
    if prefix is None or namespace is None:
        hint = "Write it like @prefix cjph: <https://…#> ."
        cursor.lose("This is not how a prefix is declared.", start, hint)
        end = max(cursor.source.line_end(start), cursor.end)
        cursor.leave_out(start, end)
        return cursor.go_to(end)
    if right == "@prefix":
        cursor.names.declared[prefix] = namespace
    return _stop(cursor, dotted=dotted)


def _other_address(prefix: str, edit: Edit) -> Mistake:
    message = "The prefix : stands for the parts of another thing than this file describes."
    if prefix:
        message = f"The prefix {prefix}: stands for another address in the other files."
    return Mistake(message, edit.start, (edit,), is_turtle=True)


def redeclared(text: str, prefix: str, right: str) -> Mistake | None:
    """Return how to correct the address of a prefix; None if its declaration is not found."""
    declaration = rf"@?\bprefix[ \t]++{re.escape(prefix)}:[ \t]*+(<[^<>\s]*+>)"
    matches = re.finditer(declaration, text, re.IGNORECASE)
    match = max(matches, key=re.Match.start, default=None)  # the last one counts
    if match is None:
        return None
    edit = Edit(match.start(1), match.end(1), f"<{right}>")
    return _other_address(prefix, edit)


def _prefix(cursor: Cursor) -> str | None:
    token = cursor.token
    if token.kind == "name" and token.text.endswith(":") and token.text.count(":") == 1:
        cursor.advance()
        return token.text[:-1]
    if token.kind != "word":
        return None
    following = cursor.source.after(token)
    if following.text in (";", ",", ".", "=") and not following.spaced:
        edit = Edit(following.start, following.end, ":")
        cursor.note("A colon stands behind the prefix.", following.start, edit)
        cursor.go_to(following.end)
    elif following.text == ":":
        edit = Edit(token.end, following.start, "")
        cursor.note("No space stands before the colon.", token.end, edit)
        cursor.go_to(following.end)
    else:
        edit = Edit(token.end, token.end, ":")
        cursor.note("A colon is missing behind the prefix.", token.end, edit)
        cursor.advance()
    return token.text


def _namespace(cursor: Cursor, prefix: str) -> str | None:
    if cursor.token.text in ("=", ":") and not cursor.token.leads:
        cursor.replace("Nothing stands between a prefix and its address.", cursor.token, "")
    token = cursor.token
    if token.kind == "iri" and ":" in token.text:
        written = token.text[1:-1]
        right = misdeclared({prefix: written}, (), cursor.names.known.prefixes).get(prefix)
        if right:
            cursor.add(_other_address(prefix, Edit(token.start, token.end, f"<{right}>")))
        cursor.advance()
        return right or written
    if token.kind in ("badiri", "openiri", "iri"):
        mistake, end = bad_address(cursor.source, token)
        cursor.add(mistake)
        cursor.go_to(end)
        return re.sub(r"[<>\s]", "", token.text) if mistake.edits else None
    if token.kind in ("text", "address"):
        return _bare_address(cursor)
    known = cursor.names.known.prefixes.get(prefix)
    if token.marks(".") and known:
        edit = Edit(token.start, token.start, f"<{known}> ")
        cursor.note("The address of the prefix is missing.", token.start, edit)
        return known
    return None


def _bare_address(cursor: Cursor) -> str | None:
    token = cursor.token
    address = token.text.strip("\"'")
    if "://" not in address:
        return None
    end = token.end + cursor.source.text.startswith(">", token.end)
    edit = Edit(token.start, end, f"<{address}>")
    cursor.note("An address stands between < and >.", token.start, edit)
    cursor.go_to(end)
    return address


def _stop(cursor: Cursor, *, dotted: bool) -> None:
    token = cursor.token
    if token.marks(".") and dotted:
        return cursor.advance()
    if token.marks("."):
        hint = "Or write @prefix and @base in small letters."
        return cursor.replace("No full stop stands behind PREFIX or BASE.", token, "", hint=hint)
    if not dotted:
        return None
    if token.marks(";,") and not token.leads:
        message = f"A full stop ends a declaration, not {clean(token.text)}."
        return cursor.replace(message, token, ".")
    edit = Edit(cursor.end, cursor.end, " .")
    return cursor.note("A full stop is missing at the end of the declaration.", cursor.end, edit)
