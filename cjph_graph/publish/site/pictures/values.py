"""The values of one indicator, in words, and which of them can be joined by a line.

Two values next to each other in time are joined when nothing speaks against comparing them: they
have one unit, cover periods of one length, neither carries a caveat or a note by which they can't
be compared, and no more time lies between them than is usual in their series. A wrong join says
something that no source says; a missing one only leaves a gap, so in doubt there is none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median_low

from cjph_graph.publish.site.pictures.dates import at, begin, finish, period_in_words
from cjph_graph.publish.site.pictures.scales import in_brief


@dataclass(frozen=True)
class PublishedValue:
    """One published value, in words.

    `group` and `sex` are empty for everybody. `start` and `end` are a year, a month or a day as
    the graph has them. `role` is `value`, `baseline` or `target`; `qualifier` is empty where the
    value stands exactly so in its source; `starts_series` says that earlier values can't be
    compared with it. `versus` names the group that this one is compared with.
    """

    place: str
    group: str
    sex: str
    start: str
    end: str
    number: Decimal
    upper: Decimal | None = None
    unit: str = ""
    role: str = "value"
    qualifier: str = ""
    starts_series: bool = False
    caveat: str = ""
    place_code: str = ""
    versus: str = ""

    @property
    def middle(self) -> float:
        """The middle of the period, in years."""
        return (begin(self.start) + finish(self.end)) / 2

    @property
    def length(self) -> float:
        """The length of the period, in years."""
        return finish(self.end) - begin(self.start)

    @property
    def who(self) -> str:
        """Whom the value is about: a group, a sex, both, or nothing for everybody."""
        return ", ".join(part for part in (self.group, self.sex) if part)

    @property
    def figures(self) -> str:
        """The number, or the range, as people write it, with the decimals that one can take in."""
        upper = f" to {in_brief(self.upper)}" if self.upper is not None else ""
        return in_brief(self.number) + upper

    @property
    def period(self) -> str:
        """The period as people write it."""
        return period_in_words(self.start, self.end)

    @property
    def when(self) -> str:
        """The period with its preposition."""
        return at(self.start, self.end)


@dataclass(frozen=True)
class SeriesLine:
    """The values of one group in one place and one unit, in order of time, in joined pieces.

    The main line of a chart is that of everybody.
    """

    name: str
    pieces: tuple[tuple[PublishedValue, ...], ...]
    main: bool = False

    @property
    def values(self) -> tuple[PublishedValue, ...]:
        """All of them, joined or not."""
        return tuple(value for piece in self.pieces for value in piece)

    @property
    def last(self) -> PublishedValue:
        """The newest."""
        return self.pieces[-1][-1]


def make_line(name: str, values: Iterable[PublishedValue], *, main: bool = False) -> SeriesLine:
    """Return a line of the values of one group; targets are not part of it."""
    ordered = sorted((v for v in values if v.role != "target"), key=lambda v: (v.middle, v.length))
    usual = _usual_step(ordered)
    pieces: list[list[PublishedValue]] = []
    for value in ordered:
        if pieces and can_be_joined(pieces[-1][-1], value, usual):
            pieces[-1].append(value)
        else:
            pieces.append([value])
    return SeriesLine(name, tuple(map(tuple, pieces)), main)


def can_be_joined(earlier: PublishedValue, later: PublishedValue, usual: float) -> bool:
    """Say whether a line may join two values; `usual` is the usual step in years."""
    if earlier.unit != later.unit or abs(earlier.length - later.length) > 0.1 * later.length:
        return False
    if later.starts_series:
        return False
    overlap = later.middle - earlier.middle < later.length * 0.9
    return not overlap and later.middle - earlier.middle <= 2.5 * max(usual, later.length)


def _usual_step(values: Sequence[PublishedValue]) -> float:
    steps = [b.middle - a.middle for a, b in pairwise(values)]
    return median_low(steps) if steps else 0.0
