"""Scales of charts: from values to coordinates, round ticks, and numbers as people write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10


@dataclass(frozen=True)
class Scale:
    """Maps a range of values onto a range of coordinates, in a straight line."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the coordinate of a value."""
        span = self.high - self.low
        part = (value - self.low) / span if span else 0.0  # of values all but the same
        return self.start + part * (self.end - self.start)


def round_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return some round values that reach from at most `low` to at least `high`.

    The steps are 1, 2, 2.5 or 5 times a power of ten.
    """
    step = _round_step((high - low or abs(high) or 1.0) / max(wanted - 1, 1))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(place * step, 10) for place in range(first, max(last, first + 1) + 1)]


def _round_step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= least * 0.999)


def year_ticks(low: float, high: float, most: int) -> list[int]:
    """Return years to write under an axis, at even steps, `most` of them or fewer.

    The last year of the range is among them where there is more than one.
    """
    first, last = ceil(low - 1e-9), floor(high + 1e-9)
    steps = (1, 2, 5, 10, 20, 25, 50, 100)
    step = next((s for s in steps if (last - first) / s + 1 <= most), last - first or 1)
    ticks = [year for year in range(first, last + 1) if year % step == 0]
    return ticks or [first]


def in_figures(value: Decimal | float | int) -> str:
    """Return a number with thousands apart and the decimals it has: `1,096`, `3.30`."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if exact == exact.to_integral_value() and abs(exact) >= 1000:
        return f"{exact.to_integral_value():,}"
    if isinstance(value, float):
        return f"{exact.normalize():,f}"
    return f"{exact:,f}"


def in_brief(value: Decimal) -> str:
    """Return a number with no more decimals than one can take in: `20.6`, `3.14`, `0.127`."""
    most = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    has = -int(value.as_tuple().exponent)
    return in_figures(round(value, most) if has > most else value)


def in_short(value: float) -> str:
    """Return the words of a tick: `1,500`, `0.5`, `1.5 million`."""
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{in_figures(round(value / size, 3))} {word}"
    return in_figures(int(value) if value == int(value) else value)


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return places for labels so that none overlaps, each as near as can be to where it belongs.

    `wanted` are the middles they would have, `sizes` their heights, `low` and `high` the bounds.
    The labels keep their order. Neighbours that would overlap become a block, which stands at the
    mean of what its labels want; blocks merge until none overlaps.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list[_Block] = []
    for index in order:
        blocks.append(_Block([index], wanted[index], sizes[index]))
        blocks[-1].hold(low, high)
        while len(blocks) > 1 and blocks[-2].end > blocks[-1].start + 1e-9:
            last = blocks.pop()
            blocks[-1].take(last, [wanted[i] for i in blocks[-1].members + last.members])
            blocks[-1].hold(low, high)
    places = [0.0] * len(wanted)
    for block in blocks:
        at = block.start
        for index in block.members:
            places[index] = at + sizes[index] / 2
            at += sizes[index]
    return places


@dataclass
class _Block:
    members: list[int]
    middle: float
    size: float

    @property
    def start(self) -> float:
        return self.middle - self.size / 2

    @property
    def end(self) -> float:
        return self.middle + self.size / 2

    def hold(self, low: float, high: float) -> None:
        self.middle = max(low + self.size / 2, min(self.middle, high - self.size / 2))

    def take(self, other: "_Block", wanted: Sequence[float]) -> None:
        self.members += other.members
        self.size += other.size
        self.middle = sum(wanted) / len(wanted)
