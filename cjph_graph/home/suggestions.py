"""What a person probably meant by a name that nothing has."""

import unicodedata
from collections.abc import Iterable

from cjph_graph.rdf import NAMES, SKOS, nearest

# By which properties a thing may be looked up, the best one first.
LABELS = (*NAMES, SKOS + "altLabel")
_MOST = 3
_SHORTEST = 2
_MOST_WORDS = 10
# From 0 to 100: how alike a word must be to one of a longer name.
_LIKE = 75


def folded(text: str) -> str:
    """Return a text as names are compared: without case, with one space between words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def suggest(word: str, known: Iterable[tuple[str, str]]) -> list[str]:
    """Return up to three names that are like a word, the likeliest first.

    `known` has texts, each with the name it stands for: a slug for itself, a label for a slug.
    Texts that begin with the word go first, then those with a word that does, then those spelt
    almost alike, then those with a word that is.
    """
    names: dict[str, list[str]] = {}
    for text, name in known:
        names.setdefault(_words(text), []).append(name)
    wanted = _words(word)
    found: list[str] = []
    if len(wanted) >= _SHORTEST:
        found += sorted(text for text in names if text.startswith(wanted))
        found += sorted(text for text in names if f" {wanted}" in text)
    if len(found) < _MOST:
        found += nearest(wanted, names, most=3 * _MOST)
        found += _with_words_like(wanted, names)
    return list(dict.fromkeys(name for text in found for name in names[text]))[:_MOST]


def perhaps(word: str, known: Iterable[str | tuple[str, str]]) -> str:
    """Return the end of a sentence: what was probably meant, if anything, and the full stop."""
    pairs = [(each, each) if isinstance(each, str) else each for each in known]
    near = suggest(word, pairs)
    return f"; did you mean {' or '.join(near)}?" if near else "."


def _with_words_like(wanted: str, texts: Iterable[str]) -> list[str]:
    """Return the texts that have a word like each of those that are wanted, the shortest first."""
    having: dict[str, set[str]] = {}
    for text in texts:
        for word in text.split():
            having.setdefault(word, set()).add(text)
    found: set[str] | None = None
    for word in wanted.split()[:_MOST_WORDS]:
        near = nearest(word, having, most=3 * _MOST, least=_LIKE)
        with_it = set[str]().union(*(having[each] for each in near))
        found = with_it if found is None else found & with_it
    return sorted(found or (), key=lambda text: (len(text), text))


def _words(text: str) -> str:
    """Return a label or a slug as words, so that both are compared alike."""
    return folded(text).replace("-", " ")
