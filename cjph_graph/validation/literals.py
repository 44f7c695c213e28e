"""The right form of a text, an IRI or a date that is written in some other form."""

import re
from collections.abc import Collection, Sequence

from pyoxigraph import Literal

from cjph_graph.rdf import XSD, last_part
from cjph_graph.rdf.dates import datatype, dates


def text_form(value: str, language: str | None) -> Literal:
    """Return a text without space at its ends; a language inside the quotes belongs behind them."""
    text, _, tag = value.strip().rpartition("@")
    if text and re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", tag):
        return Literal(text.strip(), language=tag)
    return Literal(value.strip(), language=language)


def iri_form(value: str, patterns: Sequence[str], namespaces: Sequence[str]) -> str:
    """Return an IRI or a code so that it fits one of the patterns; empty if that can't be done.

    `namespaces` are what the IRIs of a thing of its kind begin with.
    """
    part = next((m[1] for p in patterns if (m := re.search(r"#([a-z]+)-", p))), "")
    if value.strip() != value:
        tried = value.strip()
    elif part and "#" in value:
        thing, _, name = value.partition("#")
        tried = f"{thing}#{part}-{_slug(name.removeprefix(part)) or 1}"
    elif namespaces and "#" not in value:
        tried = namespaces[0] + _slug(last_part(value))
    elif re.match(r"www\.|[\w-]+(\.[\w-]+)+(/|$)", value):
        tried = f"https://{value}"
    else:
        name = last_part(value)
        tried = value[: len(value) - len(name)] + _slug(name)
    fits = tried != value and any(re.search(pattern, tried) for pattern in patterns)
    return tried if fits else ""


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def truth_form(value: str) -> str | None:
    """Return `true` or `false` for a word that means it; None for any other."""
    words = {"true": "true", "yes": "true", "false": "false", "no": "false"}
    return words.get(value.strip().casefold())


def _no_such(value: str, parts: re.Match[str], datatypes: Collection[str]) -> str:
    """Say that a date does not exist, and which may have been meant."""
    year, month, day = parts.groups()
    sentence = f"There is no such date as {value}."
    if day and (swapped := dates(f"{year}-{day}-{month}")) and XSD + "date" in datatypes:
        return f'{sentence} Did you mean "{swapped[0]}"^^xsd:date?'
    for less in filter(dates, (f"{year}-{month:0>2}", year)):
        if XSD + datatype(less) in datatypes:
            known = "the month" if len(less) > len(year) else "the year"
            return f'{sentence} Write "{less}"^^xsd:{datatype(less)} if only {known} is known.'
    return sentence


def date_form(value: str, datatypes: Collection[str]) -> str | None:
    """Return how to write a date that is not written as one; None where it is unclear."""
    value = value.partition("^^")[0].strip("\"' ")
    found = [date for date in dates(value) if XSD + datatype(date) in datatypes]
    if not found:
        parts = re.fullmatch(r"(\d{4})-(\d\d?)(?:-(\d\d?))?", value)
        return _no_such(value, parts, datatypes) if parts and not dates(value) else None
    written = [f'"{date}"^^xsd:{datatype(date)}' for date in found]
    other = f" If the day comes first, write {written[1]}." if written[1:] else ""
    return f"Write {written[0]}.{other}"
