"""Words and addresses for readers: dates as people write them, numbers, links that are safe."""

import re
import unicodedata
from urllib.parse import urlsplit

from cjph_graph.publish.dataset.licences import find_licence

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DATE = re.compile(r"(-?[0-9]{4,})(?:-([0-9]{2}))?(?:-([0-9]{2}))?(?:T.*|Z|[+-][0-9:]+)?", re.ASCII)
_NUMBER = re.compile(r"(-?)([0-9]+)(\.[0-9]+)?", re.ASCII)
_LONGEST_HOST = 60
# Marks that turn the direction of text could make an address look like another one.
_UNSEEN = re.compile(r"[\s\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>\"\\^`{|}]")


def date(lexical: str) -> str:
    """Return a date as people write it: `2020-11-30` is 30 November 2020; else the text itself."""
    found = _DATE.fullmatch(lexical)
    if not found:
        return lexical
    year, month, day = found.groups()
    if not month:
        return year
    if not 1 <= int(month) <= len(_MONTHS):
        return lexical
    named = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {named}" if day else named


def span(start: str, end: str) -> str:
    """Return from when to when something lasted; one of the two may be empty.

    >>> span("1989", "2025"), span("2020-06", ""), span("2019", "2019")
    ('1989–2025', 'since June 2020', '2019')
    """
    if start == end:
        return date(start)
    if not end:
        return f"since {date(start)}"
    if not start:
        return f"until {date(end)}"
    dash = "–" if start.isdigit() and end.isdigit() else " – "
    return f"{date(start)}{dash}{date(end)}"


def with_commas(lexical: str) -> str:
    """Return a number with commas between thousands: `371655` is 371,655; else the text itself."""
    found = _NUMBER.fullmatch(lexical)
    if not found:
        return lexical
    sign, whole, rest = found.groups()
    return f"{'−' if sign else ''}{int(whole):,}{rest or ''}"


def count(many: int, one: str, several: str) -> str:
    """Return a number with its noun: `1 finding`, `1,200 findings`."""
    return f"{many:,} {one if many == 1 else several}"


def capital(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Return a text with its first letter small, unless it is a name in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def web_address(text: str) -> str:
    """Return an address that a page may link to, http, https or mailto; nothing for all else."""
    if _UNSEEN.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() == "mailto":
        return text if "@" in parts.path else ""
    return text if parts.scheme.lower() in ("http", "https") and host else ""


def host(address: str) -> str:
    """Return what to call an address of the web: its host, or whom a mail goes to."""
    parts = urlsplit(address)
    name = parts.hostname or parts.path
    name = name.removeprefix("www.")
    return name if len(name) <= _LONGEST_HOST else f"{name[:_LONGEST_HOST]}…"


def place_name(address: str) -> str:
    """Return what to call a page of the web: a licence by its short name, all else by its host.

    >>> place_name("https://creativecommons.org/licenses/by/4.0/"), place_name("https://a.org/b")
    ('CC BY 4.0', 'a.org')
    """
    licence = find_licence(address)
    if licence is None or not licence.spdx:
        return host(address)
    return re.sub(r"^CC-(.+)-", r"CC \1 ", licence.spdx).replace("CC0-", "CC0 ")


def address_key(label: str) -> str:
    """Return what stands for a facet in the address of a table, as its script does.

    >>> address_key("Replaced response")
    'replaced-response'
    """
    letters = (c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", "".join(letters).lower()).strip("-")


def kebab(name: str) -> str:
    """Return a name in small letters with hyphens: `PolicyChange` is `policy-change`."""
    spaced = re.sub(r"\B([A-Z])(?=[a-z])", r"-\1", name)
    return re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-")
