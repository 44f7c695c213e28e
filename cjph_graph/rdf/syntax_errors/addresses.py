"""Addresses between < and > that Turtle does not allow."""

import re

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake
from cjph_graph.rdf.syntax_errors.tokens import Source, TurtleToken
from cjph_graph.system.tables import clean

# `http//` or `https;/` before the name of a site.
_no_colon = re.compile(r"(https?)[;.,]?/{1,3}(?=[\w-]+\.)", re.IGNORECASE)
_unfit = re.compile(r"[\s\x00-\x20\"{}|^`\\<]")


def bad_address(source: Source, token: TurtleToken) -> tuple[Mistake, int]:
    """Return what is wrong with an address in angle brackets, and where it ends."""
    if token.kind == "openiri":
        end = token.start + len(token.text.rstrip(";,"))
        if token.text.endswith(".") and source.after(token).leads:
            end -= 1
        edit = Edit(end, end, ">")
        return Mistake("This address is never closed.", token.start, (edit,)), end
    if token.kind == "iri":
        address = token.text[1:-1]
        edits: tuple[Edit, ...] = ()
        if re.match(r"(?:www\.|[\w-]+\.(?:[\w-]+\.)*[a-z]{2,}(?:/|$))", address):
            edits = (Edit(token.start, token.end, f"<https://{address}>"),)
        elif match := _no_colon.match(address):
            whole = f"{match[1].lower()}://{address[match.end() :]}"
            edits = (Edit(token.start, token.end, f"<{whole}>"),)
        hint = "" if edits else "Write it with its beginning, such as <https://…>."
        return Mistake("This address is not whole.", token.start, edits, hint), token.end
    unfit = [
        token.start + match.start() for match in _unfit.finditer(token.text, 1, len(token.text) - 1)
    ]
    if not unfit:
        return Mistake("This is not an address.", token.start), token.end
    char = source.text[unfit[0]]
    edits = tuple(Edit(at, at + 1, _instead(source.text, at)) for at in unfit[:100])
    if char.isspace():
        hint = "" if edits[0].new else "If it belongs there, write %20."
        return Mistake("There is a space in this address.", unfit[0], edits, hint), token.end
    message = f"An address cannot have the character {clean(char) or '?'}."
    return Mistake(message, unfit[0], edits), token.end


def _instead(text: str, at: int) -> str:
    """Return the code of a character; a space between words of a path belongs there."""
    char = text[at]
    if not char.isspace() or (char == " " and _between_words(text[max(0, at - 2) : at + 2])):
        return f"%{ord(char):02X}"
    return ""


def _between_words(around: str) -> bool:
    return len(around) == 4 and around[:2].isalnum() and around[3].isalnum()
