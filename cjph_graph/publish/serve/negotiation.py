"""Which of the forms on offer a client wants, by its `Accept` header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_RANGE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(.*)", re.S)
_WEIGHT = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Offer:
    """A form that an answer can have: its short name, and the media types it goes by.

    The first of the types is the one that the answer is sent as.
    """

    name: str
    types: tuple[str, ...]

    @property
    def type(self) -> str:
        """The media type of the answer."""
        return self.types[0]


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    """Return the offer that fits best, the first of several; None if none is acceptable.

    A header that is missing or empty accepts all. The weight of an offer is that of the most
    exact range that fits it, and the highest of its media types.
    """
    ranges = list(_ranges(accept or "*/*"))
    weighed = [(max(_weight(kind, ranges) for kind in offer.types), offer) for offer in offers]
    best = max((weight for weight, _ in weighed), default=0.0)
    return next((offer for weight, offer in weighed if weight == best and best > 0), None)


def _ranges(accept: str) -> Iterable[tuple[str, str, float]]:
    for entry in accept.split(","):
        if match := _RANGE.match(entry):
            weight = _WEIGHT.search(match[3])
            yield match[1].lower(), match[2].lower(), float(weight[1]) if weight else 1.0


def _weight(kind: str, ranges: Iterable[tuple[str, str, float]]) -> float:
    family, _, form = kind.partition("/")
    exact, weight = -1, 0.0
    for wanted_family, wanted_form, wanted in ranges:
        if wanted_family == family and wanted_form == form:
            level = 2
        elif wanted_family == family and wanted_form == "*":
            level = 1
        elif wanted_family == wanted_form == "*":
            level = 0
        else:
            continue
        if level > exact or (level == exact and wanted > weight):
            exact, weight = level, wanted
    return weight
