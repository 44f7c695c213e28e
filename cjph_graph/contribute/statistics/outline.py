"""The outline of a table: where its names and its figures stand, found by looking at its rows."""

import re
from collections import Counter
from collections.abc import Sequence

from cjph_graph.contribute.sheets import Row
from cjph_graph.contribute.statistics.signs import is_figure, is_marker

_FILLED = 0.3


class Outline:
    """What a table looks like.

    `figures` are the columns of figures, counted from 0; `first` is the place of the first row that
    has some, and `body` are the rows that have. `names` rows of names stand below `skip` others.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.figures = _figure_columns(rows)
        with_figures: list[int] = []
        for at, row in enumerate(rows):
            if self._has_figures(row, begun=bool(with_figures)):
                with_figures.append(at)
        self.first = with_figures[0] if with_figures else 0
        self.body = [rows[i] for i in with_figures]
        above = _named(rows[: self.first])
        self.names = len(above)
        self.skip = above[0].number - 1 if above else 0

    def _has_figures(self, row: Row, *, begun: bool) -> bool:
        """Say whether a row has figures where most have, or what stands in place of them.

        Before the first figures that may be a name as well.
        """
        cells = [row[at] for at in self.figures if row[at]]
        numbers = [cell for cell in cells if is_figure(cell) and not is_year(cell)]
        markers = [cell for cell in cells if is_marker(cell)]
        labels = any(cell for at, cell in enumerate(row.cells) if at not in self.figures)
        if not numbers and not (begun and markers and labels):
            return False
        return len(numbers) + len(markers) >= len(cells) / 3


def _figure_columns(rows: Sequence[Row]) -> set[int]:
    counts: Counter[int] = Counter()
    for row in rows:
        counts.update(at for at, cell in enumerate(row.cells) if cell and is_figure(cell))
    most = max(counts.values(), default=0)
    found = {at for at, count in counts.items() if count >= most * _FILLED}
    return {at for at in found if not _are_codes([row[at] for row in rows if row[at]])}


def _named(above: Sequence[Row]) -> Sequence[Row]:
    """Return the rows of names above the figures, which have several cells.

    A heading may stand between them and the first figures.
    """
    end = len(above)
    while end and sum(map(bool, above[end - 1].cells)) < 2:
        end -= 1
    start = end
    while start and sum(map(bool, above[start - 1].cells)) > 1:
        start -= 1
    return above[start:end]


def _are_codes(texts: Sequence[str]) -> bool:
    """Say whether numbers are codes: nearly all of one length, and some with a zero in front."""
    digits = [text for text in texts if text.isdigit()]
    usual = Counter(map(len, digits)).most_common(1)
    zeros = sum(len(text) > 1 and text.startswith("0") for text in digits)
    return bool(usual) and usual[0][0] > 1 and usual[0][1] >= 0.9 * len(digits) and zeros > 1


def is_year(text: str) -> bool:
    """Say whether a text is a year of our time."""
    return re.fullmatch(r"(?:19|20)\d\d", text) is not None
