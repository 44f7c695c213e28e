"""What a thing is linked with, as a tree that is always drawn in the same way.

The thing stands at the top, its relations hang on a spine beneath it, and the names of the linked
things hang on each relation: a layout by rows, in which nothing can cross or overlap, and which
reads from top to bottom like text. Links that come in point towards the thing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup

from cjph_graph.publish.site.pictures.svg import (
    Figure,
    element,
    frame,
    group,
    label,
    line,
    paragraph,
    xml_text,
)
from cjph_graph.publish.site.pictures.widths import wrapped

_FEWEST, _MOST_EACH = 3, 8
_TEXT, _ROW = 14.0, 24.0
# A longer name goes on in further lines, which stand closer than the next name.
_LINES, _LINE = 3, 17.0
_CENTRE, _CENTRE_LINES = 30.0, 4
_WIDE, _BOX = 720.0, 170.0
_SIDE = (_WIDE - _BOX) / 2


@dataclass(frozen=True)
class NetworkLink:
    """A link of the thing: `incoming` if the other thing links to it."""

    relation: str
    name: str
    href: str = ""
    incoming: bool = False


_Relations: TypeAlias = "dict[tuple[bool, str], list[NetworkLink]]"
# The width and the height of a drawing, and what is in it.
_Drawn: TypeAlias = "tuple[tuple[float, float], list[Markup]]"


def draw_network(key: str, centre: str, links: Sequence[NetworkLink]) -> Figure | None:
    """Return a thing among what it is linked with; None where there are too few links."""
    if len(links) < _FEWEST:
        return None
    relations = _by_relation(links)
    title, told = f"What {centre} is linked with", _told(relations)
    are_links, drawings = any(each.href for each in links), Markup("")
    for class_, draw in (("wide", _draw_wide), ("narrow", _draw_narrow)):
        size, drawn = draw(centre, relations)
        name, class_ = f"{key}-{class_}", f"network {class_}"
        drawings += frame(name, title, told, size, drawn, class_=class_, links=are_links)
    return Figure(drawings)


def _by_relation(links: Sequence[NetworkLink]) -> _Relations:
    found: _Relations = {}
    for each in dict.fromkeys(links):
        found.setdefault((each.incoming, each.relation), []).append(each)
    return found


def _shown(links: Sequence[NetworkLink]) -> list[NetworkLink]:
    """Return the links to draw, the last of them a note on how many more there are."""
    if len(links) <= _MOST_EACH:
        return list(links)
    more = f"and {len(links) - _MOST_EACH + 1} more"
    return [*links[: _MOST_EACH - 1], NetworkLink("", more)]


def _told(relations: _Relations) -> str:
    return " ".join(
        f"{relation}: {'; '.join(each.name for each in links)}."
        for (_, relation), links in relations.items()
    )


def _draw_wide(centre: str, relations: _Relations) -> _Drawn:
    """Draw what comes in on the left, the thing in the middle, what goes out on the right.

    Where nothing comes in, or nothing goes out, the other side has the room of both.
    """
    sides = {
        incoming: {of: links for of, links in relations.items() if of[0] is incoming}
        for incoming in (True, False)
    }
    left = _SIDE if all(sides.values()) else 0.0 if sides[False] else _WIDE - _BOX
    room = _SIDE if all(sides.values()) else _WIDE - _BOX
    heights = {
        of: sum(_height(links, room - 58) for links in side.values()) for of, side in sides.items()
    }
    high = max(*heights.values(), 80.0) + 8
    middle = high / 2
    drawn: list[Markup] = []
    for incoming, side in sides.items():
        y = middle - heights[incoming] / 2
        edge = left if incoming else left + _BOX
        for (_, relation), links in side.items():
            drawn.append(_branch(relation, links, y, (edge, middle), room, incoming=incoming))
            y += _height(links, room - 58)
    return (_WIDE, high), [*drawn, _centre(centre, left, middle)]


def _centre(name: str, x: float, middle: float) -> Markup:
    rows = len(wrapped(name, _TEXT, _BOX - 20, _CENTRE_LINES))
    high = rows * _TEXT * 1.2 + 18
    top = middle - high / 2
    return group(
        "centre",
        element("rect", x=x, y=top, width=_BOX, height=high, rx=2),
        paragraph(x + 10, top + _TEXT + 7, name, size=_TEXT, room=_BOX - 20, lines=_CENTRE_LINES),
    )


def _height(links: Sequence[NetworkLink], room: float) -> float:
    return _ROW + sum(_high(each.name, room) for each in _shown(links)) + 10


def _high(name: str, room: float) -> float:
    """Return how much room a name takes downwards."""
    return _ROW + (len(wrapped(xml_text(name), _TEXT, room, _LINES)) - 1) * _LINE


def _branch(
    relation: str,
    links: Sequence[NetworkLink],
    y: float,
    edge: tuple[float, float],
    room: float,
    *,
    incoming: bool,
) -> Markup:
    """Draw one relation with its things, on the left if they link to the thing."""
    x, middle = edge
    away = -1 if incoming else 1
    hub, text_x = x + away * 42, x + away * 54
    anchor = "end" if incoming else None
    top, bottom = y + _TEXT, y + _height(links, room - 58) - 14
    curve, half = (top + bottom) / 2, (x + hub) / 2
    drawn = [
        element(
            "path",
            d=f"M{x:.1f} {middle:.1f}C{half:.1f} {middle:.1f} {half:.1f} {curve:.1f} "
            f"{hub:.1f} {curve:.1f}",
            class_="edge",
        ),
        line(hub, top - 4, hub, bottom, "edge"),
        _arrow(*(edge if incoming else (hub, curve))),
        label(
            text_x, top, relation, size=_TEXT - 1, room=room - 58, anchor=anchor, class_="relation"
        ),
    ]
    at = top + _ROW
    for each in _shown(links):
        drawn.append(_name(text_x, at, each, room - 58, anchor))
        at += _high(each.name, room - 58)
    return group("branch", *drawn)


def _name(x: float, y: float, link: NetworkLink, room: float, anchor: str | None = None) -> Markup:
    return paragraph(
        x, y, link.name, size=_TEXT, room=room, lines=_LINES, anchor=anchor, href=link.href
    )


def _arrow(x: float, y: float) -> Markup:
    """Draw the point of a link: at the thing where it comes in, at the names where it goes out."""
    return element("path", d=f"M{x:.1f} {y:.1f}l-7-4v8z", class_="arrow")


def _draw_narrow(centre: str, relations: _Relations) -> _Drawn:
    """Draw a spine beneath the thing, on which relations and their things hang."""
    drawn = list(_narrow_rows(relations))
    names = (each.name for links in relations.values() for each in _shown(links))
    high = _CENTRE + len(relations) * _ROW + sum(_high(name, 312) for name in names) + 12
    box = group(
        "centre",
        element("rect", x=0, y=0, width=344, height=_CENTRE, rx=2),
        label(10, 20, centre, size=_TEXT, room=324),
    )
    return (344, high), [*drawn, box]


def _narrow_rows(relations: _Relations) -> Iterator[Markup]:
    y, before = _CENTRE, _CENTRE
    for (_, relation), links in relations.items():
        y += _ROW
        yield label(18, y, relation, size=_TEXT - 1, room=320, class_="relation")
        y += _ROW
        for each in _shown(links):
            yield line(8, before, 8, y - 4, "edge")
            yield line(8, y - 4, 22, y - 4, "edge")
            yield _name(28, y, each, 312)
            before = y - 4
            y += _high(each.name, 312)
        y -= _ROW
