"""How sure we are, by approach: a mark for each intervention, by its strongest kind of evidence.

The four marks are the same on every page: a full disc for a trial with chance assignment, a half
one for a comparison group, an open ring for before and after, a dot for figures without a test.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cjph_graph.publish.site.pictures.svg import Figure, element, frame, group, label
from cjph_graph.publish.site.pictures.widths import width

MARKS = ("●", "◐", "○", "·")
WORDS = ("randomized", "quasi-experimental", "observational", "descriptive")
_ROW, _TEXT, _STEP = 30.0, 14.0, 17.0


@dataclass(frozen=True)
class Approach:
    """How many interventions of an approach have which kind as their strongest evidence."""

    name: str
    counts: tuple[int, int, int, int]
    href: str = ""


def evidence_mark(rank: int) -> str:
    """Return the mark of a kind of evidence, 0 the strongest; nothing beyond the four."""
    return MARKS[rank] if 0 <= rank < len(MARKS) else ""


def draw_evidence(key: str, title: str, approaches: Sequence[Approach]) -> Figure:
    """Return a row of marks for each approach, those with the strongest evidence first."""
    ordered = sorted(approaches, key=lambda a: (*(-count for count in a.counts), a.name))
    drawings = [_draw_wide(key, title, ordered), _draw_narrow(key, title, ordered)]
    return Figure(Markup("").join(drawings))


def _draw_wide(key: str, title: str, approaches: Sequence[Approach]) -> Markup:
    names = max((width(a.name, _TEXT) for a in approaches), default=0)
    left = min(names, 300) + 14
    rows = [
        group(
            "approach",
            label(0, y + 5, each.name, size=_TEXT, room=left - 14, href=each.href),
            *_marks(each, left + 8, y, 720 - left - 8),
        )
        for place, each in enumerate(approaches)
        for y in [_TEXT * 2 + 24 + place * _ROW]
    ]
    return _framed(f"{key}-wide", title, approaches, (720, 44 + len(rows) * _ROW), rows, "wide")


def _draw_narrow(key: str, title: str, approaches: Sequence[Approach]) -> Markup:
    high = _ROW + 20
    top = _TEXT * 4 + 30
    rows = [
        group(
            "approach",
            label(0, y, each.name, size=_TEXT, room=344, href=each.href),
            *_marks(each, 8, y + 18, 336),
        )
        for place, each in enumerate(approaches)
        for y in [top + place * high]
    ]
    size = (344.0, top + len(rows) * high)
    return _framed(f"{key}-narrow", title, approaches, size, rows, "narrow")


def _marks(each: Approach, x: float, y: float, room: float) -> Iterator[Markup]:
    """Yield the marks of a row, nearer together where there are many."""
    step = min(_STEP, room / max(sum(each.counts), 1))
    place = 0
    for rank, many in enumerate(each.counts):
        for _ in range(many):
            yield draw_mark(rank, x + place * step, y)
            place += 1


def draw_mark(rank: int, x: float, y: float) -> Markup:
    """Return a mark drawn around a point: its form alone says which it is."""
    if rank == len(MARKS) - 1:
        return element("circle", cx=x, cy=y, r=2, class_="mark-3")
    ring = element("circle", cx=x, cy=y, r=6, class_=f"mark-{rank}")
    if rank != 1:
        return ring
    half = element("path", d=f"M{x:.1f} {y - 6:.1f}a6 6 0 0 0 0 12z", class_="mark-half")
    return ring + half


def _framed(
    key: str,
    title: str,
    approaches: Sequence[Approach],
    size: tuple[float, float],
    rows: Sequence[Markup],
    class_: str,
) -> Markup:
    told = " ".join(
        f"{each.name}: "
        + ", ".join(f"{many} {word}" for many, word in zip(each.counts, WORDS, strict=True) if many)
        + "."
        for each in approaches
        if any(each.counts)
    )
    key_rows = group("key", *_key(size[0]))
    return frame(
        key,
        title,
        told,
        size,
        [key_rows, *rows],
        class_=f"evidence {class_}",
        links=any(each.href for each in approaches),
    )


def _key(room: float) -> Iterator[Markup]:
    """Yield the marks with their words, in as many rows as they need."""
    x, y = 8.0, 10.0
    for rank, word in enumerate(WORDS):
        wide = 26 + width(word, _TEXT)
        if x + wide > room:
            x, y = 8.0, y + 24
        yield draw_mark(rank, x, y)
        yield label(x + 14, y + 5, word, size=_TEXT, room=room)
        x += wide + 14
