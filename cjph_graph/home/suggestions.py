"""What a person probably meant by a name that nothing has."""

import unicodedata
from collections.abc import Iterable

# What things are called by, the first one being what to call them.
LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#altLabel",
)
_MOST = 3
_CLOSE = 70
_SHORTEST = 2


def folded(text: str) -> str:
    """Return a text as names are compared: without case, with one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def suggest(word: str, known: Iterable[tuple[str, str]]) -> list[str]:
    """Return up to three names that are like a word, the likeliest first.

    `known` has texts, each with the name it stands for: a slug for itself, a label for a slug. A
    text that begins with the word goes first, then one of whose words does, then what is spelt
    almost alike.
    """
    from rapidfuzz import fuzz, process

    names: dict[str, str] = {}
    for text, name in known:
        names.setdefault(_words(text), name)
    wanted = _words(word)
    found: list[str] = []
    if len(wanted) >= _SHORTEST:
        found += sorted(text for text in names if text.startswith(wanted))
        found += sorted(text for text in names if f" {wanted}" in text)
    near = process.extract(wanted, list(names), scorer=fuzz.ratio, limit=9, score_cutoff=_CLOSE)
    found += [text for text, _, _ in near]
    return list(dict.fromkeys(names[text] for text in found))[:_MOST]


def _words(text: str) -> str:
    """Return a label or a slug as words, so that both are compared alike."""
    return folded(text).replace("-", " ")
