"""The gap between groups, in one sentence, where the values support one.

Two values are set against each other only when they are of one place, period and unit, of both
sexes, when the graph says that the one group is compared with the other, and when neither carries
a caveat or a qualifier. Counts are never compared so, since groups differ in size: only rates.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import log

from cjph_graph.publish.site.pictures.scales import in_brief
from cjph_graph.publish.site.pictures.values import PublishedValue

_PREPOSITION = re.compile(r" (?:of|for|in|with|from|among|at|by|to|per)\b|,")
_SINGULAR = ("rate", "share", "prevalence")
_ABOUT_THE_SAME = Decimal("0.05")


def find_gap(values: Sequence[PublishedValue]) -> tuple[PublishedValue, PublishedValue] | None:
    """Return the newest and then widest pair that can be compared; None if there is none."""
    pairs = list(_pairs(values))
    if not pairs:
        return None
    newest = max(pair[0].middle for pair in pairs)
    return max(
        (pair for pair in pairs if pair[0].middle == newest),
        key=lambda pair: (abs(log(_times(*pair))), pair[0].group),
    )


def _pairs(values: Sequence[PublishedValue]) -> Iterator[tuple[PublishedValue, PublishedValue]]:
    sure = {
        (v.group, v.place, v.start, v.end, v.unit): v
        for v in values
        if v.role == "value" and v.number > 0 and not (v.sex or v.caveat or v.qualifier or v.upper)
    }
    for value in sure.values():
        key = (value.versus, value.place, value.start, value.end, value.unit)
        if value.versus and _is_rate(value.unit) and (other := sure.get(key)):
            yield value, other


def _is_rate(unit: str) -> bool:
    """Say whether a unit has something to be divided by: `Percent`, `Per 100,000 people`."""
    return unit.split(" ")[0].casefold() in ("per", "percent")


def _times(value: PublishedValue, other: PublishedValue) -> Decimal:
    return value.number / other.number


def gap_in_words(name: str, pair: tuple[PublishedValue, PublishedValue]) -> str:
    """Return the gap of a pair in a sentence.

    "In June 2019 the jail incarceration rate for Black people was 3.3 times that for white people
    (600 against 184 per 100,000 residents)."
    """
    value, other = pair
    when = value.when[0].upper() + value.when[1:]
    who, whom = _closed(value.group), _lower(other.group)
    figures = f"{in_brief(value.number)} against {in_brief(other.number)} {_lower(value.unit)}"
    return f"{when} {_subject(name)} for {who} was {_compared(pair)} {whom} ({figures})."


def _compared(pair: tuple[PublishedValue, PublishedValue]) -> str:
    times = _times(*pair)
    if abs(times - 1) < _ABOUT_THE_SAME:
        return "about that for"
    if times < 1:
        less = ((1 - times) * 100).quantize(Decimal(1), ROUND_HALF_UP)
        return f"{less} percent below that for"
    places = Decimal(1) if times >= 10 else Decimal("0.1")
    return f"{times.quantize(places, ROUND_HALF_UP)} times that for"


def _subject(name: str) -> str:
    """Return the name of a rate; what is not called so is the figure."""
    plain = _plain(name)
    head = _PREPOSITION.split(plain, maxsplit=1)[0]
    return f"the {_lower(plain)}" if head.endswith(_SINGULAR) else "the figure"


def _plain(name: str) -> str:
    """Return a name without a code in brackets at its end."""
    return name.rpartition(" (")[0] if name.endswith(")") and " (" in name else name


def _closed(who: str) -> str:
    """Return a name whose comma is closed again: `white people, not Hispanic,`."""
    return f"{who}," if "," in who else who


def _lower(text: str) -> str:
    """Return text as it stands inside a sentence; `HIV` stays as it is."""
    return text if text[1:2].isupper() or text[:1].isdigit() else text[:1].lower() + text[1:]
