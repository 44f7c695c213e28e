"""Bars for values of one time: who has how much, the whole population first."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from cjph_graph.publish.site.pictures.scales import Scale
from cjph_graph.publish.site.pictures.svg import Figure, element, frame, group, label
from cjph_graph.publish.site.pictures.values import PublishedValue
from cjph_graph.publish.site.pictures.widths import text_width

_ROW, _TEXT = 46.0, 14.0
_SIZES = ((720.0, "wide"), (344.0, "narrow"))


def draw_bars(
    key: str, title: str, unit: str, rows: Sequence[tuple[str, PublishedValue]]
) -> Figure:
    """Return a bar for each named value, of one unit, in the order given."""
    drawings = [_draw(key, title, unit, rows, size, class_) for size, class_ in _SIZES]
    said = dict.fromkeys(
        f"{name}: {value.qualifier or value.caveat}"
        for name, value in rows
        if value.qualifier or value.caveat
    )
    caption = " ".join(f"{each.rstrip('.')}." for each in (title, *said))
    return Figure(Markup("").join(drawings), caption)


def _draw(
    key: str,
    title: str,
    unit: str,
    rows: Sequence[tuple[str, PublishedValue]],
    wide: float,
    class_: str,
) -> Markup:
    most = max(max(value.number, value.upper or Decimal(0)) for _, value in rows) or Decimal(1)
    room = max(text_width(value.figures, _TEXT) for _, value in rows) + 10
    scale = Scale(0, float(most), 0, wide - room)
    top = _TEXT + 16
    drawn = [label(0, _TEXT, unit, size=_TEXT, room=wide, class_="unit")]
    for place, (name, value) in enumerate(rows):
        drawn.append(_bar(name, value, scale, top + place * _ROW, wide, main=place == 0))
    told = "; ".join(f"{name}: {value.figures} {value.when}" for name, value in rows)
    return frame(
        f"{key}-{class_}",
        title,
        f"{unit}. {told}.",
        (wide, top + len(rows) * _ROW),
        drawn,
        class_=f"bars {class_}",
    )


def _bar(
    name: str, value: PublishedValue, scale: Scale, y: float, wide: float, *, main: bool
) -> Markup:
    low, high = scale(float(value.number)), scale(float(value.upper or value.number))
    named = f"{name}, {value.period}"
    parts = [
        label(0, y + _TEXT, named, size=_TEXT, room=wide),
        element("rect", x=0, y=y + _TEXT + 6, width=max(low, 1), height=14),
    ]
    if high > low:
        parts.append(
            element("rect", x=low, y=y + _TEXT + 6, width=high - low, height=14, class_="range")
        )
    parts.append(label(high + 6, y + _TEXT + 18, value.figures, size=_TEXT, class_="figure"))
    return group("bar bar-main" if main else "bar", *parts)
