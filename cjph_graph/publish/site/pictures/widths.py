"""How wide text is, near enough to keep labels apart.

A static picture can't ask the reader's font, so letters are counted as wide as in DejaVu Sans, one
of the widest fonts that a browser falls back to: in narrower ones there is only more air.
"""

import unicodedata

_NARROW = dict.fromkeys("iljI.,:;'’|!`", 0.34) | dict.fromkeys('ftr()[]/\\-·“”" ', 0.43)
_WIDE = dict.fromkeys("mwMW@%…—", 1.0) | dict.fromkeys("OQGDNHU", 0.8)
_WIDTHS = _NARROW | _WIDE
_SMALL, _CAPITAL, _OTHER = 0.63, 0.72, 1.0


def text_width(text: str, size: float) -> float:
    """Return how wide text of a size is at most, in the units of the size."""
    return size * sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if letter.isascii():
        return _CAPITAL if letter.isupper() else _SMALL
    if unicodedata.combining(letter):
        return 0.0
    return _OTHER if unicodedata.east_asian_width(letter) in "WF" else 0.8


def fitted(text: str, size: float, room: float) -> str:
    """Return text cut to the room there is, with an ellipsis where something was cut."""
    if text_width(text, size) <= room:
        return text
    kept, used = "", text_width("…", size)
    for letter in text:
        used += text_width(letter, size)
        if used > room:
            break
        kept += letter
    return kept.rstrip(" ,;(") + "…"


def wrapped(text: str, size: float, room: float, lines: int) -> list[str]:
    """Return text broken between words into at most some lines, the last cut where it must be."""
    rows = [""]
    words = text.split()
    for place, word in enumerate(words):
        longer = f"{rows[-1]} {word}".strip()
        if text_width(longer, size) <= room or not rows[-1]:
            rows[-1] = longer
        elif len(rows) < lines:
            rows.append(word)
        else:
            rows[-1] = " ".join([rows[-1], *words[place:]])
            break
    return [fitted(row, size, room) for row in rows if row]
