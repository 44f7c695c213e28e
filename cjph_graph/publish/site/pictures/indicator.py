"""The pictures of one indicator: which values are drawn, how, and the gap in a sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cjph_graph.publish.site.pictures.bars import draw_bars
from cjph_graph.publish.site.pictures.gaps import find_gap, gap_in_words
from cjph_graph.publish.site.pictures.series import MOST_LINES, Chart, draw_series
from cjph_graph.publish.site.pictures.svg import Figure
from cjph_graph.publish.site.pictures.tiles import Tile, draw_value_map, is_on_map
from cjph_graph.publish.site.pictures.values import PublishedValue, SeriesLine, make_line

_FEWEST_PLACES = 10


@dataclass(frozen=True)
class IndicatorPictures:
    """The figures of an indicator, the series first, and a sentence on the gap, empty if none."""

    figures: tuple[Figure, ...]
    gap: str


def draw_indicator(
    key: str, name: str, values: Sequence[PublishedValue], *, everybody: str
) -> IndicatorPictures:
    """Return what can be drawn of an indicator's values.

    `key` is a slug that no other picture of the page has, `everybody` what the whole population is
    called.
    """
    figures = tuple(_figures(key, name, values, everybody))
    pair = find_gap(values)
    return IndicatorPictures(figures, gap_in_words(name, pair) if pair else "")


def _figures(
    key: str, name: str, values: Sequence[PublishedValue], everybody: str
) -> Iterator[Figure]:
    for place, unit in enumerate(_units(values)):
        said = [value for value in values if value.unit == unit]
        unit = unit[:1].upper() + unit[1:]
        mark = f"{key}-{place}" if place else key
        where = _home(said)
        here = [value for value in said if value.place == where]
        groups = [v for v in here if not v.sex]
        yield from _chart(f"{mark}-groups", f"{name}, {where}", unit, groups, everybody)
        sexes = [v for v in here if not v.group and v.role != "target"]
        if any(v.sex for v in sexes):
            yield from _chart(f"{mark}-sexes", f"{name} by sex, {where}", unit, sexes, everybody)
        yield from _of_places(mark, name, said, where)


def _units(values: Sequence[PublishedValue]) -> list[str]:
    counted = Counter(value.unit for value in values)
    return sorted(counted, key=lambda unit: (-counted[unit], unit))[:2]


def _home(values: Sequence[PublishedValue]) -> str:
    counted = Counter(value.place for value in values)
    return min(counted, key=lambda place: (-counted[place], place))


def _chart(
    key: str, title: str, unit: str, values: Sequence[PublishedValue], everybody: str
) -> Iterator[Figure]:
    """Yield a chart over time, or bars where every group has one value; nothing for one value."""
    lines = _lines(values, everybody)
    targets = tuple(v for v in values if v.role == "target" and not v.who)
    if any(len(each.values) > 1 for each in lines) or (lines and targets):
        yield draw_series(Chart(key, title, unit, tuple(lines), targets))
    elif len(lines) > 1:
        yield draw_bars(key, title, unit, [(each.name, each.last) for each in lines])


def _lines(values: Sequence[PublishedValue], everybody: str) -> list[SeriesLine]:
    """Return the lines to draw: that of everybody, then those with most values, by name."""
    by_group: dict[str, list[PublishedValue]] = {}
    for value in values:
        if value.role != "target":
            by_group.setdefault(value.who, []).append(value)
    others = sorted((who for who in by_group if who), key=lambda who: (-len(by_group[who]), who))
    kept = [who for who in ("", *sorted(others[: MOST_LINES - 1])) if who in by_group]
    return [make_line(who or everybody, by_group[who], main=not who) for who in kept]


def _of_places(
    key: str, name: str, values: Sequence[PublishedValue], where: str
) -> Iterator[Figure]:
    """Yield a map of the newest period for which enough states have a value."""
    states = [
        v
        for v in values
        if not v.who and v.place != where and v.role == "value" and is_on_map(v.place_code)
    ]
    counted = Counter((v.end, v.start) for v in states)
    enough = [period for period, places in counted.items() if places >= _FEWEST_PLACES]
    if not enough:
        return
    end, start = max(enough)
    newest = [v for v in states if (v.end, v.start) == (end, start)]
    tiles = [Tile(v.place_code, v.place, float(v.number)) for v in newest]
    title = f"{name} by state, {newest[0].period}"
    yield draw_value_map(f"{key}-map", title, tiles, newest[0].unit)
