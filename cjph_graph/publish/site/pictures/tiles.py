"""A tile map of the United States: a square for each state, so that small ones can be read too.

Shades are five steps of equal width, and the number stands in the square: no colour says anything
alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cjph_graph.publish.site.pictures.scales import in_figures, in_short
from cjph_graph.publish.site.pictures.svg import Figure, element, frame, group, label

_ROWS = """
AK . . . . . . . . . . ME
. . . . . . . . . . VT NH
. WA ID MT ND MN IL WI MI NY RI MA
. OR NV WY SD IA IN OH PA NJ CT .
. CA UT CO NE MO KY WV VA MD DE .
. . AZ NM KS AR TN NC SC DC . .
. . . . OK LA MS AL GA . . .
HI . . . TX . . . . FL . .
""".strip().splitlines()
_PLACES = {
    code: (column, row)
    for row, codes in enumerate(_ROWS)
    for column, code in enumerate(codes.split())
    if code != "."
}
_TILE, _APART = 44.0, 3.0
_WIDE = 12 * _TILE
_HIGH = len(_ROWS) * _TILE
_SHADES = 5
# From here on a number is shown without decimals.
_EXACT = 100


@dataclass(frozen=True)
class Tile:
    """A state with a number: `code` is `CO` or `US-CO`."""

    code: str
    name: str
    count: float
    href: str = ""


def is_on_map(code: str) -> bool:
    """Say whether the map has a square for a code."""
    return _short(code) in _PLACES


def draw_tile_map(key: str, title: str, tiles: Sequence[Tile], noun: tuple[str, str]) -> Figure:
    """Return a map of counts, whose text names the two largest; `noun` is one and many of them."""
    known = _known(tiles)
    largest = sorted(known.values(), key=lambda tile: (-tile.count, tile.name))[:2]
    told = " and ".join(
        f"{tile.name} ({in_figures(int(tile.count))})" for tile in largest if tile.count
    )
    what = noun[1][:1].upper() + noun[1][1:]
    caption = f"{what} by state; most are in {told}." if told else f"No {noun[1]} yet."
    return Figure(_map(key, title, known, noun), caption)


def draw_value_map(key: str, title: str, tiles: Sequence[Tile], unit: str) -> Figure:
    """Return a map of values of one unit and period. The text names the highest and the lowest."""
    known = _known(tiles)
    ordered = sorted(known.values(), key=lambda tile: (-tile.count, tile.name))
    high, low = ordered[0], ordered[-1]
    caption = (
        f"{title}, {unit[:1].lower() + unit[1:]}. Highest: {high.name} ({in_figures(high.count)}); "
        f"lowest: {low.name} ({in_figures(low.count)})."
    )
    return Figure(_map(key, title, known, ("", "")), caption)


def _short(code: str) -> str:
    return code.removeprefix("US-")


def _known(tiles: Iterable[Tile]) -> dict[str, Tile]:
    return {_short(tile.code): tile for tile in tiles if is_on_map(tile.code)}


def _map(key: str, title: str, tiles: Mapping[str, Tile], noun: tuple[str, str]) -> Markup:
    said = sorted(tiles.values(), key=lambda tile: tile.name)
    told = "; ".join(f"{tile.name} {in_figures(tile.count)}" for tile in said if tile.count)
    return frame(
        key,
        title,
        told or "Nothing is counted yet.",
        (_WIDE, _HIGH),
        _tiles(tiles, noun),
        class_="tiles",
        links=any(tile.href for tile in tiles.values()),
    )


def _tiles(tiles: Mapping[str, Tile], noun: tuple[str, str]) -> Iterator[Markup]:
    most = max((tile.count for tile in tiles.values()), default=0.0)
    tenths = any(tile.count < _EXACT and tile.count % 1 for tile in tiles.values())
    for code, (column, row) in _PLACES.items():
        tile = tiles.get(code)
        x, y = column * _TILE, row * _TILE
        if tile is None or not (tile.count or noun == ("", "")):
            yield _square(x, y, "tile tile-none", code, "")
            continue
        shade = min(int(tile.count / (most or 1) * _SHADES), _SHADES - 1)
        drawn = _square(x, y, f"tile tile-{shade}", code, _in_tile(tile.count, tenths=tenths))
        counted = noun[0] if tile.count == 1 else noun[1]
        words = f"{tile.name}: {in_figures(tile.count)} {counted}".rstrip()
        titled = element("title", words)
        if tile.href:
            yield element("a", titled, drawn, href=tile.href)
        else:
            yield group("held", titled, drawn)


def _in_tile(value: float, *, tenths: bool) -> str:
    """Return a number short enough for a square, with `tenths` if others of the map have them."""
    if value >= 10_000:
        return f"{value / 1000:.0f}k" if value < 1_000_000 else f"{value / 1_000_000:.1f}m"
    if value < _EXACT and tenths:
        return f"{value:.1f}"
    return in_short(round(value))


def _square(x: float, y: float, class_: str, code: str, figure: str) -> Markup:
    side, middle = _TILE - _APART, x + (_TILE - _APART) / 2
    below = y + (18 if figure else 26)
    return group(
        class_,
        element("rect", x=x, y=y, width=side, height=side, rx=2),
        label(middle, below, code, size=16, room=side, anchor="middle", class_="code"),
        label(middle, y + 35, figure, size=14, room=side, anchor="middle", class_="figure")
        if figure
        else "",
    )
