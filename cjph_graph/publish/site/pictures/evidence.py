"""How sure we are, by approach: a mark for each intervention, by its strongest kind of evidence.

The four marks are the same on every page: a full disc for a trial with chance assignment, a half
one for a comparison group, an open ring for before and after, a dot for figures without a test.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cjph_graph.publish.site.pictures.svg import Figure, element, frame, group, label
from cjph_graph.publish.site.pictures.widths import text_width

_DOT = 3
_KEY_ROW = 24.0
_ROW, _TEXT, _STEP = 30.0, 14.0, 17.0


@dataclass(frozen=True)
class Approach:
    """How many interventions of an approach have which kind as their strongest evidence."""

    name: str
    counts: tuple[int, int, int, int]
    href: str = ""


def draw_evidence(
    key: str, title: str, words: Sequence[str], approaches: Sequence[Approach]
) -> Figure:
    """Return a row of marks for each approach, those with the strongest evidence first.

    `words` name the four marks, the strongest first.
    """
    ordered = sorted(approaches, key=lambda a: (*(-count for count in a.counts), a.name))
    told = " ".join(_told(each, words) for each in ordered if any(each.counts))
    links = any(each.href for each in ordered)
    drawings = Markup("")
    for wide, class_, draw in ((720.0, "wide", _beside), (344.0, "narrow", _beneath)):
        rows, high = draw(ordered, _below_key(wide, words), wide)
        drawn = [group("key", *_key(wide, words)), *rows]
        name, class_ = f"{key}-{class_}", f"evidence {class_}"
        drawings += frame(name, title, told, (wide, high), drawn, class_=class_, links=links)
    return Figure(drawings, title=title)


def _beside(approaches: Sequence[Approach], y: float, wide: float) -> tuple[list[Markup], float]:
    """Draw the marks at the right of the names, from a height on; return where that ends."""
    names = max((text_width(a.name, _TEXT) for a in approaches), default=0)
    left, rows = min(names, 300) + 14, []
    room = wide - left - 8
    for each in approaches:
        name = label(0, y + 5, each.name, size=_TEXT, room=left - 14, href=each.href)
        rows.append(group("approach", name, *_marks(each, left + 8, y, room)))
        y += _ROW + _more_lines(each, room)
    return rows, y - 8


def _beneath(approaches: Sequence[Approach], y: float, wide: float) -> tuple[list[Markup], float]:
    """Draw the marks under the names, from a height on; return where that ends."""
    rows, room = [], wide - 8
    for each in approaches:
        name = label(0, y, each.name, size=_TEXT, room=wide, href=each.href)
        rows.append(group("approach", name, *_marks(each, 8, y + 18, room)))
        y += _ROW + 20 + _more_lines(each, room)
    return rows, y


def _more_lines(each: Approach, room: float) -> float:
    """Return how much higher a row is whose marks need several lines."""
    return (max(sum(each.counts) - 1, 0) // int(room / _STEP)) * _STEP


def _marks(each: Approach, x: float, y: float, room: float) -> Iterator[Markup]:
    """Yield the marks of a row, in as many lines as they need."""
    in_line = int(room / _STEP)
    ranks = [rank for rank, many in enumerate(each.counts) for _ in range(many)]
    for place, rank in enumerate(ranks):
        yield draw_mark(rank, x + place % in_line * _STEP, y + place // in_line * _STEP)


def draw_mark(rank: int, x: float, y: float) -> Markup:
    """Return a mark drawn around a point: its form alone says which it is."""
    if rank == _DOT:
        return element("circle", cx=x, cy=y, r=2, class_="mark-3")
    ring = element("circle", cx=x, cy=y, r=6, class_=f"mark-{rank}")
    if rank != 1:
        return ring
    half = element("path", d=f"M{x:.1f} {y - 6:.1f}a6 6 0 0 0 0 12z", class_="mark-half")
    return ring + half


def _told(each: Approach, words: Sequence[str]) -> str:
    counted = zip(words, each.counts, strict=False)
    return f"{each.name}: {', '.join(f'{word} {many}' for word, many in counted if many)}."


def _key(room: float, words: Sequence[str]) -> Iterator[Markup]:
    """Yield the marks with their words, in as many rows as they need."""
    for rank, (word, (x, y)) in enumerate(zip(words, _key_places(room, words), strict=True)):
        yield draw_mark(rank, x, y)
        yield label(x + 14, y + 5, word, size=_TEXT, room=room - x - 14)


def _key_places(room: float, words: Sequence[str]) -> list[tuple[float, float]]:
    """Return where each mark of the key stands."""
    x, y, found = 8.0, 10.0, list[tuple[float, float]]()
    for word in words:
        wide = 26 + text_width(word, _TEXT)
        if x > 8 and x + wide > room:
            x, y = 8.0, y + _KEY_ROW
        found.append((x, y))
        x += wide + 14
    return found


def _below_key(room: float, words: Sequence[str]) -> float:
    """Return where the rows begin."""
    return max((y for _, y in _key_places(room, words)), default=0.0) + 42
