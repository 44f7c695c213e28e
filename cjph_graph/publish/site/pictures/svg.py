"""SVG as text: elements whose values are escaped, numbers that are short, and a frame with words.

A picture holds no style and no script, only classes and coordinates, so that it obeys a strict
content security policy; what the classes look like stands in `static/style.css`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from markupsafe import Markup, escape

from cjph_graph.publish.site.pictures.widths import fitted, wrapped

# What XML can't hold, and what turns the direction of the letters after it.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LONGEST = 2000


@dataclass(frozen=True)
class Figure:
    """A picture with the plain texts over and under it; both may be empty.

    `svg` is safe in HTML as it is. It may hold a wide and a narrow drawing of the same; the
    stylesheet shows the one that fits.
    """

    svg: Markup
    caption: str = ""
    title: str = ""


def xml_text(text: str) -> str:
    """Return text that XML can hold and that can't reorder its neighbours, cut where endless."""
    return _UNFIT.sub("\ufffd", text[:_LONGEST])


def coordinate(value: float) -> str:
    """Return a coordinate with at most one decimal: `12`, `12.5`."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0" if abs(value) < 0.05 else "-0")


def element(name: str, /, *children: str, **attributes: str | float | None) -> Markup:
    """Return an element; text and values are escaped, an attribute that is None is left out.

    `class_` stands for `class`, and an underscore inside a name for a hyphen.
    """
    # Joined as plain texts, each of them escaped: several times as fast as Markup's own format.
    opened = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(
        str(child if isinstance(child, Markup) else escape(xml_text(child))) for child in children
    )
    if not inside:
        return Markup(f"<{name}{opened}/>")  # noqa: S704
    return Markup(f"<{name}{opened}>{inside}</{name}>")  # noqa: S704


def _attribute(value: str | float) -> str:
    return coordinate(value) if isinstance(value, (int, float)) else str(escape(xml_text(value)))


def group(class_: str, *children: str) -> Markup:
    """Return a `g` with a class; nothing if it holds nothing."""
    inside = [child for child in children if child]
    return element("g", *inside, class_=class_) if inside else Markup("")


def line(x1: float, y1: float, x2: float, y2: float, class_: str | None = None) -> Markup:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def path(points: Sequence[tuple[float, float]], class_: str | None = None) -> Markup:
    """Return a line through points."""
    steps = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points)
    return element("polyline", points=steps, class_=class_)


def label(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    room: float = inf,
    anchor: str | None = None,
    class_: str | None = None,
    href: str = "",
) -> Markup:
    """Return text of a size in units, cut to the room there is; a link if it leads somewhere.

    A text that was cut has the whole of it as its title.
    """
    short = fitted(xml_text(text), size, room)
    whole = element("title", text) if short != xml_text(text) else Markup("")
    written = element(
        "text", short, whole, x=x, y=y, font_size=size, text_anchor=anchor, class_=class_
    )
    return element("a", written, href=href) if href else written


def paragraph(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    room: float,
    lines: int,
    anchor: str | None = None,
    href: str = "",
) -> Markup:
    """Return text over several lines at most, each a `tspan`, the first with its baseline at y."""
    rows = wrapped(xml_text(text), size, room, lines)
    whole = element("title", text) if rows and rows[-1].endswith("…") else Markup("")
    spans = [
        element("tspan", row if last else row + " ", x=x, y=y + index * size * 1.2)
        for index, row in enumerate(rows)
        for last in [index == len(rows) - 1]
    ]
    written = element("text", *spans, whole, font_size=size, text_anchor=anchor)
    return element("a", written, href=href) if href else written


def frame(
    key: str,
    title: str,
    description: str,
    size: tuple[float, float],
    children: Iterable[str],
    *,
    class_: str = "",
    links: bool = False,
) -> Markup:
    """Return the whole SVG with its words for those who don't see it.

    With `links` it is a group, whose links can be reached, else one image.
    """
    return element(
        "svg",
        element("title", title, id=f"p-{key}-title"),
        element("desc", description, id=f"p-{key}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(size[0])} {coordinate(size[1])}",
        width=size[0],
        height=size[1],
        class_=f"drawing {class_}".rstrip(),
        role="group" if links else "img",
        aria_labelledby=f"p-{key}-title p-{key}-desc",
    )
