"""How a text or a date is written that somebody has written otherwise."""

import re
from collections.abc import Collection

from pyoxigraph import Literal

from cjph_graph.rdf import XSD
from cjph_graph.rdf.dates import datatype, dates


def text_form(value: str, language: str | None) -> Literal:
    """Return a text without space at its ends; a language inside the quotes belongs behind them."""
    text, _, tag = value.strip().rpartition("@")
    if text and re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", tag):
        return Literal(text.strip(), language=tag)
    return Literal(value.strip(), language=language)


def truth_form(value: str) -> str | None:
    """Return `true` or `false` for a word that means it; None for any other."""
    words = {"true": "true", "yes": "true", "false": "false", "no": "false"}
    return words.get(value.strip().casefold())


def date_form(value: str, datatypes: Collection[str]) -> str | None:
    """Return how to write a date that is not written as one; None where it is unclear."""
    found = [date for date in dates(value) if XSD + datatype(date) in datatypes]
    if not found:
        missing = re.fullmatch(r"\d{4}(-\d\d?){1,2}", value) and not dates(value)
        return f"There is no such date as {value}." if missing else None
    written = [f'"{date}"^^xsd:{datatype(date)}' for date in found]
    other = f" If the day comes first, write {written[1]}." if written[1:] else ""
    return f"Write {written[0]}.{other}"
