"""The language behind a text, in the forms that people give it: `@en_US`, `@"en"`, `(en)`, ….

A form counts only where the value ends behind it, and only where Turtle has another for it.
"""

import re

from cjph_graph.rdf.syntax_errors.edits import Edit, Mistake
from cjph_graph.rdf.syntax_errors.tokens import Source, TurtleToken

_TAG = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}"
_ODD = re.compile(
    rf"""[ \t]?(?:
    @(?P<typed>{_TAG})\^\^[\w:<>/.\#-]{{1,60}}?
    |\^\^[\w:<>/.\#-]{{1,60}}?@(?P<behind>{_TAG})
    |@?[ ]?["'(\[<{{][ ]?@?(?P<inside>{_TAG})[ ]?["')\]>}}]
    |(?:[:|/\#-]|(?:xml:)?lang(?:uage)?[=:][ ]?)["']?(?P<marked>[a-z]{{2}}(?:[-_][A-Z]{{2}})?)["']?
    |@(?P<plain>[A-Za-z0-9]{{1,30}}(?:[-_][A-Za-z0-9]{{1,30}}){{0,3}})
    )(?=[ \t]{{0,9}}(?:[;,.)\]]?[ \t]{{0,9}}(?:\#.*)?$|[;,][ \t]))""",
    re.VERBOSE | re.MULTILINE,
)
_is_tag = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*").fullmatch
_MESSAGE = "The language of a text stands right behind it, as @ and the code of the language."


def odd_language(source: Source, token: TurtleToken, usual: str) -> tuple[Mistake, int] | None:
    """Return how the language behind a text is written, and where it ends; None if it is right.

    `usual` is the language that other texts of the property have, with its @.
    """
    found = _ODD.match(source.text, token.end)
    if found is None or (found["plain"] and _is_tag(found["plain"])):
        return None
    tag = next(part for part in found.groups() if part).replace("_", "-")
    if found["plain"] and not _is_tag(tag):
        tag = (usual or "@en").removeprefix("@")
    language, hyphen, region = tag.partition("-")
    new = f"@{language.lower()}{hyphen}{region}"
    start = found.end() - len(found[0].lstrip())
    return Mistake(_MESSAGE, start, (Edit(start, found.end(), new),)), found.end()
