"""A timeline of policies: from when each applied, what changed it, and what was undone.

A row is a name with its place, and a bar beneath it. A bar that ends at a mark was ended; one that
runs to the right edge still applied when its newest source was written, and is thin from where
something of it was undone. A policy whose beginning nobody gave has no bar and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cjph_graph.publish.site.pictures.dates import at, begin
from cjph_graph.publish.site.pictures.scales import Scale, year_ticks
from cjph_graph.publish.site.pictures.svg import Figure, element, frame, group, label, line
from cjph_graph.publish.site.words import date

_ROW, _TEXT, _TOP = 46.0, 14.0, 30.0
_SIZES = ((720.0, 12, "wide"), (344.0, 5, "narrow"))
# Longer ago than this, the bars of the last years would be too short to read.
_MOST_YEARS = 30


@dataclass(frozen=True)
class PolicyChange:
    """What happened to a policy later; `undoes` if it took the policy back, wholly or in part.

    Without a date, which is then empty, it is in the text and not drawn.
    """

    date: str
    kind: str
    words: str = ""
    undoes: bool = False


@dataclass(frozen=True)
class Span:
    """A policy over time: `start` and `end` are dates as the graph has them, empty if not known."""

    name: str
    place: str
    start: str
    status: str
    href: str = ""
    changes: tuple[PolicyChange, ...] = ()
    end: str = ""


def draw_timeline(key: str, title: str, spans: Sequence[Span], until: str) -> Figure:
    """Return the policies in order of their beginning; `until` ends the bars that have no end."""
    ordered = sorted(spans, key=lambda s: (not s.start, s.start, s.name))
    starts = [begin(span.start) for span in ordered if span.start]
    last = begin(until)
    first = max(min(starts, default=last - 1), last - _MOST_YEARS)
    drawings = [
        _draw(key, title, ordered, (first, last), wide, years, class_)
        for wide, years, class_ in _SIZES
    ]
    return Figure(Markup("").join(drawings), _caption(ordered), title)


def _caption(spans: Sequence[Span]) -> str:
    """Return how many were undone, and what the marks mean that are drawn."""
    undone = [span for span in spans if span.end or any(c.undoes for c in span.changes)]
    drawn = [change for span in spans for change in span.changes if span.start and change.date]
    said = [f"{len(undone)} of {len(spans)} were undone, wholly or in part."] if undone else []
    marks = ["✕ undone"] if any(change.undoes for change in drawn) else []
    marks += ["◇ changed"] if any(not change.undoes for change in drawn) else []
    marks += ["thin line: what is left"] if any(_is_partly_undone(span) for span in spans) else []
    return " ".join([*said, f"{'; '.join(marks)}." if marks else ""]).strip()


def _is_partly_undone(span: Span) -> bool:
    """Say whether a bar goes on, thin, after something of the policy was undone."""
    dates = [change.date for change in span.changes if change.undoes and change.date]
    return bool(span.start and dates) and (not span.end or min(dates) < span.end)


def _draw(
    key: str,
    title: str,
    spans: Sequence[Span],
    range_: tuple[float, float],
    wide: float,
    years: int,
    class_: str,
) -> Markup:
    scale = Scale(range_[0] - 0.2, range_[1], 4, wide - 10)
    high = _TOP + len(spans) * _ROW
    rows = [_row(span, scale, _TOP + place * _ROW, wide) for place, span in enumerate(spans)]
    return frame(
        f"{key}-{class_}",
        title,
        " ".join(_told(span) for span in spans),
        (wide, high),
        [group("axis", *_axis(scale, high, years)), *rows],
        class_=f"timeline {class_}",
        links=any(span.href for span in spans),
    )


def _axis(scale: Scale, high: float, years: int) -> Iterator[Markup]:
    for year in year_ticks(scale.low, scale.high, years):
        x = scale(year)
        yield line(x, _TOP - 8, x, high)
        middle = min(max(x, 20), scale.end - 12)
        yield label(middle, _TEXT, str(year), size=_TEXT - 1, anchor="middle")


def _row(span: Span, scale: Scale, y: float, wide: float) -> Markup:
    where = span.name if not span.place or span.place in span.name else f"{span.name}, {span.place}"
    named = where if span.start else f"{where} (beginning not known)"
    parts = [label(4, y + _TEXT, named, size=_TEXT, room=wide - 8, href=span.href)]
    if span.start:
        parts += _bar(span, scale, y + 26)
    return group("span undone" if span.end else "span", *parts)


def _bar(span: Span, scale: Scale, y: float) -> list[Markup]:
    start = max(scale(begin(span.start)), scale.start)
    end = max(min(scale(begin(span.end)), scale.end), start + 2) if span.end else scale.end
    undone = [max(scale(begin(c.date)), start) for c in span.changes if c.undoes and c.date]
    whole = min([end, *undone])
    drawn = [element("rect", x=start, y=y - 3, width=whole - start, height=6, class_="applied")]
    if whole < end:
        drawn.append(element("rect", x=whole, y=y - 1, width=end - whole, height=2, class_="rest"))
    if begin(span.start) >= scale.low:
        drawn.append(element("circle", cx=start, cy=y, r=4, class_="began"))
    for change in (change for change in span.changes if change.date):
        drawn.append(_change(change, scale, y))
    if span.end and not any(change.date == span.end for change in span.changes):
        drawn.append(line(end, y - 9, end, y + 9, "ended"))
    return drawn


def _change(change: PolicyChange, scale: Scale, y: float) -> Markup:
    x = max(min(scale(begin(change.date)), scale.end), scale.start)
    words = f": {change.words}" if change.words else ""
    title = element("title", f"{change.kind} {_dated(change.date)}{words}")
    if change.undoes:
        cross = [line(x - 6, y - 6, x + 6, y + 6), line(x - 6, y + 6, x + 6, y - 6)]
        return group("undid", title, *cross)
    corners = f"M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z"
    return group("changed", title, element("path", d=corners))


def _dated(day: str) -> str:
    return at(day, day) if day else "at a date not known"


def _told(span: Span) -> str:
    began = f"from {date(span.start)}" if span.start else "beginning not known"
    changes = "".join(f"; {c.kind.lower()} {_dated(c.date)}" for c in span.changes)
    ended = f"; ended {at(span.end, span.end)}" if span.end else ""
    return f"{span.name}, {span.place}: {began}{changes}{ended}; status: {span.status.lower()}."
