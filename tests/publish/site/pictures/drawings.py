"""Read a drawing back: where its texts and lines stand, so that a test can measure them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree

from cjph_graph.publish.site.pictures.widths import text_width

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ("text", "tspan")


@dataclass(frozen=True)
class Box:
    """Where a line of text stands."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Say whether two boxes have some room in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def drawings(figure) -> list[ElementTree.Element]:
    """Return the SVG documents of a figure; each is well-formed XML of its own."""
    return list(ElementTree.fromstring(f"<all>{figure.svg}</all>"))  # noqa: S314


def boxes(drawing: ElementTree.Element) -> list[Box]:
    """Return the box of each line of text, as wide as the widest font would make it."""
    return [box for text in drawing.iter(f"{SVG}text") for box in _boxes(text)]


def _boxes(text: ElementTree.Element) -> Iterator[Box]:
    size = float(text.get("font-size"))
    rows = text.findall(f"{SVG}tspan") or [text]
    for row in rows:
        words = (row.text or "").strip()
        wide = text_width(words, size)
        x, y = float(row.get("x")), float(row.get("y"))
        left = {"middle": x - wide / 2, "end": x - wide}.get(text.get("text-anchor"), x)
        yield Box(words, left, left + wide, y - size * 0.8, y + size * 0.25)


def overlapping(found: list[Box]) -> list[tuple[str, str]]:
    return [(a.text, b.text) for a, b in combinations(found, 2) if a.overlaps(b)]


def outside(drawing: ElementTree.Element) -> list[str]:
    """Return the texts and coordinates that stand outside the view box."""
    _, _, wide, high = map(float, drawing.get("viewBox").split())
    found = [
        box.text
        for box in boxes(drawing)
        if box.left < -1 or box.top < -1 or box.right > wide + 1 or box.bottom > high + 1
    ]
    for x, y in coordinates(drawing):
        if not (-1 <= x <= wide + 1 and -1 <= y <= high + 1):
            found.append(f"{x},{y}")
    return found


def coordinates(drawing: ElementTree.Element) -> Iterator[tuple[float, float]]:
    for shape in drawing.iter():
        named = shape.attrib
        if "points" in named:
            for pair in named["points"].split():
                x, y = pair.split(",")
                yield float(x), float(y)
        for one, other in (("x1", "y1"), ("x2", "y2"), ("cx", "cy"), ("x", "y")):
            if one in named and other in named:
                yield float(named[one]), float(named[other])
        if shape.tag == f"{SVG}rect":
            yield (
                float(named["x"]) + float(named["width"]),
                float(named["y"]) + float(named["height"]),
            )


def of_class(drawing: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in drawing.iter() if name in (each.get("class") or "").split()]


def words(drawing: ElementTree.Element) -> str:
    """Return all text that is drawn, titles apart."""
    said = [row.text for tag in LABELS for row in drawing.iter(f"{SVG}{tag}") if row.text]
    return re.sub(r"\s+", " ", " ".join(said))
