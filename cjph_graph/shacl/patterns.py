r"""The regular expressions of sh:pattern, which are those of XPath, translated to Python's.

What Python lacks, such as `\p{Lu}`, is left to the REGEX of Oxigraph; what both lack is refused.
"""

import re
from functools import cache, lru_cache
from typing import cast

from pyoxigraph import Literal, QuerySolutions, Store

from cjph_graph.system.tables import shorten

# The flags of XPath; SHACL engines pass over any others.
_FLAGS = "smixq"
# A character class, an escape, or any other character.
_PIECE = re.compile(r"\[\^?\]?(?:\\.|\[[^\]]*\]|[^\]\\])*\]|\\.|.", re.DOTALL)
_LONGEST = 60  # of a pattern in a message
_SPACE = " \t\n\r"


class NotARegexError(ValueError):
    """A pattern that is not a regular expression."""


class Matcher:
    """Finds a pattern in texts. Raises NotARegexError if it is not a regular expression."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern, self._flags = in_python(pattern, flags)
        self._given = pattern, known_flags(flags)
        self._compiled: re.Pattern[str] | None = None
        try:
            self._compiled = re.compile(self._pattern, self._flags)
        except re.error as error:
            if _regex("", *self._given) is None:
                reason = f"{shorten(repr(pattern), _LONGEST)} is not a regular expression: {error}"
                raise NotARegexError(reason) from error
        except (RecursionError, OverflowError) as error:
            reason = f"{shorten(repr(pattern), _LONGEST)} is larger than can be followed"
            raise NotARegexError(reason) from error

    def search(self, text: str) -> bool:
        """Say whether a text has the pattern in it."""
        if self._compiled:
            return self._compiled.search(text) is not None
        return bool(_regex(text, *self._given))


@lru_cache(maxsize=500)
def matcher(pattern: str, flags: str) -> Matcher:
    """Return a search for a pattern; raise NotARegexError if it is not a regular expression."""
    return Matcher(pattern, flags)


def known_flags(flags: str) -> str:
    """Return those flags that count, each once."""
    return "".join(flag for flag in _FLAGS if flag in flags.lower())


def in_python(pattern: str, flags: str) -> tuple[str, int]:
    """Return a pattern and its flags for `re`."""
    names = known_flags(flags)
    options = re.IGNORECASE if "i" in names else 0
    if "q" in names:
        return re.escape(pattern), options
    if "m" in names:
        options |= re.MULTILINE
    if "s" in names:
        options |= re.DOTALL
    pieces: list[str] = _PIECE.findall(pattern)
    if "x" in names:
        pieces = _PIECE.findall(without_space(pattern))
    if "m" not in names:
        # For Python a text ends before its last line break too.
        pieces = [r"\Z" if piece == "$" else piece for piece in pieces]
    return "".join(pieces), options


def without_space(pattern: str) -> str:
    """Return a pattern without white space, but for that in character classes."""
    return "".join(piece for piece in _PIECE.findall(pattern) if piece not in _SPACE)


@cache
def _store() -> Store:
    return Store()


def truth_of(expression: str) -> bool | None:
    """Return what Oxigraph makes of an expression of SPARQL; None where it has no value."""
    (row,) = cast("QuerySolutions", _store().query(f"SELECT ({expression} AS ?truth) {{}}"))
    return None if row["truth"] is None else row["truth"].value == "true"


def _regex(text: str, pattern: str, flags: str) -> bool | None:
    """Return what REGEX answers in Oxigraph; None when it cannot read the pattern."""
    return truth_of(f"REGEX({Literal(text)}, {Literal(pattern)}, {Literal(flags)})")
