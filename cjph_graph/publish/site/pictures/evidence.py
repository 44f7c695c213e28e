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
    drawings = [_draw_wide(key, title, words, ordered), _draw_narrow(key, title, words, ordered)]
    return Figure(Markup("").join(drawings), title=title)


def _draw_wide(
    key: str, title: str, words: Sequence[str], approaches: Sequence[Approach]
) -> Markup:
    names = max((text_width(a.name, _TEXT) for a in approaches), default=0)
    left, y = min(names, 300) + 14, _below_key(720, words)
    rows = []
    for each in approaches:
        name = label(0, y + 5, each.name, size=_TEXT, room=left - 14, href=each.href)
        rows.append(group("approach", name, *_marks(each, left + 8, y, 720 - left - 8)))
        y += _ROW + _more_lines(each, 720 - left - 8)
    return _framed(f"{key}-wide", title, words, approaches, (720.0, y - 8), rows, "wide")


def _draw_narrow(
    key: str, title: str, words: Sequence[str], approaches: Sequence[Approach]
) -> Markup:
    y, rows = _below_key(344, words), []
    for each in approaches:
        name = label(0, y, each.name, size=_TEXT, room=344, href=each.href)
        rows.append(group("approach", name, *_marks(each, 8, y + 18, 336)))
        y += _ROW + 20 + _more_lines(each, 336)
    return _framed(f"{key}-narrow", title, words, approaches, (344.0, y), rows, "narrow")


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


def _framed(
    key: str,
    title: str,
    words: Sequence[str],
    approaches: Sequence[Approach],
    size: tuple[float, float],
    rows: Sequence[Markup],
    class_: str,
) -> Markup:
    told = " ".join(_told(each, words) for each in approaches if any(each.counts))
    key_rows = group("key", *_key(size[0], words))
    return frame(
        key,
        title,
        told,
        size,
        [key_rows, *rows],
        class_=f"evidence {class_}",
        links=any(each.href for each in approaches),
    )


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
