"""A chart of values over time: one main line, others thin, each named at its end.

There is no legend: a line's name and newest value stand at the right, moved just so far that no
two overlap, with a thin lead to the end of their line. The value axis begins at zero. A range is a
bar, a target a dashed line, a period of several years a short level stroke, and a value with a
caveat or a qualifier a hollow mark with a letter that the caption explains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from cjph_graph.publish.site.pictures.scales import Scale, in_short, round_ticks, spread, year_ticks
from cjph_graph.publish.site.pictures.svg import (
    Figure,
    element,
    frame,
    group,
    label,
    line,
    paragraph,
    path,
)
from cjph_graph.publish.site.pictures.values import PublishedValue, SeriesLine
from cjph_graph.publish.site.pictures.widths import text_width, wrapped

# The first is that of the main line; each has a colour, and a form of mark beside the colour.
MOST_LINES = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MOST_REMARKS = 6
_MOST_ROWS = 4
_BROKEN = "A line is broken where years are missing or the values can't be compared."


@dataclass(frozen=True)
class Chart:
    """What one chart shows: the main line, if there is one, stands first."""

    key: str
    title: str
    unit: str
    lines: tuple[SeriesLine, ...]
    targets: tuple[PublishedValue, ...] = ()


@dataclass(frozen=True)
class _Size:
    wide: float
    high: float
    text: float
    label_room: float
    years: int
    class_: str


_WIDE = _Size(720, 420, 14, 190, 9, "wide")
_NARROW = _Size(344, 380, 13, 112, 4, "narrow")


@dataclass
class _Remarks:
    """Letters for what readers must know of single values, a letter for each text."""

    letters: dict[str, str] = field(default_factory=dict)

    def letter(self, value: PublishedValue) -> str:
        said = _remark(value)
        if said and said not in self.letters and len(self.letters) < _MOST_REMARKS:
            self.letters[said] = _LETTERS[len(self.letters)]
        return self.letters.get(said, "")

    def caption(self) -> str:
        return " ".join(f"({letter}) {said}" for said, letter in self.letters.items())


def _remark(value: PublishedValue) -> str:
    qualifier = value.qualifier[:1].upper() + value.qualifier[1:]
    said = [value.caveat, f"{qualifier}." if qualifier else ""]
    return " ".join(part for part in said if part)


def draw_series(chart: Chart) -> Figure:
    """Return the chart, once wide and once for a phone. It has at least one value."""
    remarks = _Remarks()
    drawings = [_Drawing(chart, size, remarks).drawn() for size in (_WIDE, _NARROW)]
    broken = any(len(each.pieces) > 1 for each in chart.lines)
    said = [f"{chart.title}.", _BROKEN if broken else "", remarks.caption()]
    return Figure(Markup("").join(drawings), " ".join(part for part in said if part))


def describe(chart: Chart) -> str:
    """Return the chart in words: each line with its first and its newest value."""
    said = []
    for each in chart.lines:
        first, last = each.values[0], each.last
        told = f"{each.name}: {first.figures} {first.when}"
        said.append(told if first == last else f"{told}, {last.figures} {last.when}")
    said += [f"Target for {v.period}: {v.figures}" for v in chart.targets]
    return f"{chart.unit}. {'; '.join(said)}. All values stand in the table."


class _Drawing:
    """One chart at one size."""

    def __init__(self, chart: Chart, size: _Size, remarks: _Remarks) -> None:
        self.chart, self.size, self.remarks = chart, size, remarks
        self.heights = [self._height(text, figure) for text, figure in self._names()]
        self.high = max(size.high, sum(self.heights) + size.text * 1.5 + 2)
        values = [value for each in chart.lines for value in each.values]
        self._yearly = _by_years(values)
        numbers = [float(n) for v in [*values, *chart.targets] for n in (v.number, v.upper or 0)]
        self.ticks = round_ticks(min([0.0, *numbers]), max([0.0, *numbers]) or 1.0)
        left = max(text_width(in_short(t), size.text - 1) for t in self.ticks) + 8
        right = size.wide - self._label_room() - 22
        low = min(min(self.time(v), self._period(v)[0]) for v in values)
        high = max(max(self.time(v), self._period(v)[1]) for v in values)
        if high - low < 1.0:
            low, high = low - 0.75, high + 0.75
        self.x = Scale(low, high, left + 6, right)
        self.y = Scale(self.ticks[0], self.ticks[-1], self._base(), size.text * 2.6)

    def _base(self) -> float:
        return self.high - self.size.text * 2

    def _label_room(self) -> float:
        texts = [text for pair in self._names() for text in pair]
        return min(self.size.label_room, max(text_width(t, self.size.text) for t in texts) + 4)

    def _names(self) -> list[tuple[str, str]]:
        """Return what stands at the right: a name and a figure for each line, then the targets."""
        lines = [(each.name, self._figure(each)) for each in self.chart.lines]
        return lines + [(f"Target for {v.period}: {v.figures}", "") for v in self.chart.targets]

    def _rows(self, text: str) -> int:
        return len(wrapped(text, self.size.text, self._label_room(), _MOST_ROWS))

    def _height(self, text: str, figure: str) -> float:
        return (self._rows(text) + bool(figure)) * self.size.text * 1.2 + 3

    def time(self, value: PublishedValue) -> float:
        """Return where a value stands on the axis: at its year, or in the middle of its period."""
        return float(int(value.start[:4])) if self._yearly else value.middle

    def _period(self, value: PublishedValue) -> tuple[float, float]:
        """Return from when to when a stroke shows the period; one time for a year or less."""
        if self._yearly or value.length < 1.5:
            return self.time(value), self.time(value)
        return value.middle - value.length / 2, value.middle + value.length / 2

    def drawn(self) -> Markup:
        """Return the whole drawing."""
        size = self.size
        return frame(
            f"{self.chart.key}-{size.class_}",
            self.chart.title,
            describe(self.chart),
            (size.wide, self.high),
            [
                label(0, size.text, self.chart.unit, size=size.text, room=size.wide, class_="unit"),
                group("grid", *self._grid()),
                group("axis", *self._axis()),
                *(self._target(value) for value in self.chart.targets),
                *(self._line(place) for place in reversed(range(len(self.chart.lines)))),
                group("names", *self._end_labels()),
            ],
            class_=f"series {size.class_}",
        )

    def _grid(self) -> Iterator[Markup]:
        for tick in self.ticks:
            y = self.y(tick)
            yield line(self.x.start - 6, y, self.x.end + 6, y, "zero" if tick == 0 else None)
            size = self.size.text
            yield label(
                self.x.start - 12, y + size * 0.35, in_short(tick), size=size - 1, anchor="end"
            )

    def _axis(self) -> Iterator[Markup]:
        base = self._base()
        middle = 0.0 if self._yearly else 0.5
        low, high = (self.x.low, self.x.high) if self._yearly else _whole_years(self.x)
        for year in year_ticks(low, high, self.size.years):
            x = self.x(year + middle)
            if not self.x.start - 8 <= x <= self.x.end + 8:
                continue
            yield line(x, base, x, base + 5)
            size = self.size.text
            yield label(x, base + 5 + size, str(year), size=size - 1, anchor="middle")

    def _line(self, place: int) -> Markup:
        each = self.chart.lines[place]
        drawn = []
        for piece in each.pieces:
            points = [(self.x(self.time(v)), self.y(float(v.number))) for v in piece]
            if len(points) > 1:
                drawn.append(path(points))
        marks = [self._mark(each, value) for value in each.values]
        return group(f"line line-{self._colour(place)}", *drawn, *marks)

    def _colour(self, place: int) -> int:
        """Return the number of a line's colour: 0 is kept for the main line."""
        return place if self.chart.lines[0].main else place + 1

    def _mark(self, each: SeriesLine, value: PublishedValue) -> Markup:
        x, y = self.x(self.time(value)), self.y(float(value.number))
        letter = self.remarks.letter(value)
        words = element("title", f"{each.name}, {value.period}: {value.figures}")
        parts = [element("circle", words, cx=x, cy=y, r=4 if letter else 2.5)]
        if value.upper is not None:
            parts.insert(0, line(x, y, x, self.y(float(value.upper)), "range"))
        start, end = self._period(value)
        if end > start:
            parts.insert(0, line(self.x(start), y, self.x(end), y, "period"))
        if letter:
            parts.append(label(x, y - 7, letter, size=self.size.text - 2, anchor="middle"))
        return group("hollow", *parts) if letter else Markup("").join(parts)

    def _target(self, value: PublishedValue) -> Markup:
        y = self.y(float(value.number))
        return line(self.x.start - 6, y, self.x.end + 6, y, "target")

    def _end_labels(self) -> Iterator[Markup]:
        size, room, left = self.size.text, self._label_room(), self.x.end + 22
        ends = self._ends()
        places = spread([y for _, y in ends], self.heights, size * 1.5, self.high - 1)
        for place, (text, figure) in enumerate(self._names()):
            top = places[place] - self.heights[place] / 2 + size
            below = top + self._rows(text) * size * 1.2
            known, (x, y) = place < len(self.chart.lines), ends[place]
            lead = [(x + 5, y), (self.x.end + 9, y), (self.x.end + 18, places[place])]
            yield group(
                f"name name-{self._colour(place)}" if known else "name name-target",
                path(lead, "lead"),
                paragraph(left, top, text, size=size, room=room, lines=_MOST_ROWS),
                label(left, below, figure, size=size, room=room, class_="figure") if figure else "",
            )

    def _ends(self) -> list[tuple[float, float]]:
        last = [each.last for each in self.chart.lines]
        ends = [(self.x(self.time(v)), self.y(float(v.number))) for v in last]
        return ends + [(self.x.end + 1, self.y(float(v.number))) for v in self.chart.targets]

    def _figure(self, each: SeriesLine) -> str:
        """Return the newest value, with its year where another line is newer."""
        newest = max(other.last.end for other in self.chart.lines)
        last = each.last
        return last.figures if last.end == newest else f"{last.figures} ({last.end[:4]})"


def _by_years(values: Sequence[PublishedValue]) -> bool:
    """Say whether a year's number places every value: one length, one day or month of the year."""
    kinds = {(value.start[4:], value.end[4:], round(value.length)) for value in values}
    return len(kinds) == 1 and all(value.start[:4] == value.end[:4] for value in values)


def _whole_years(scale: Scale) -> tuple[float, float]:
    """Return the first and the last year whose middle is on the axis."""
    touched = range(int(scale.low), int(scale.high) + 1)
    inside = [y for y in touched if scale.low - 0.1 <= y + 0.5 <= scale.high + 0.1]
    if inside:
        return float(inside[0]), float(inside[-1])
    return float(int(scale.low)), float(int(scale.low))
