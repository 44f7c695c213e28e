"""A row of plain numbers as one text: the texts of all its columns joined, filled in once.

For each kind of row the templates of its columns are joined beforehand,

    :rate-oregon%s … cjph:value %s … .    :rate-ohio%s … cjph:value %s … .

so that a row costs one look at all its numbers and one substitution, and a figure a sixth of what
it costs alone. A row with anything else, a marker or a figure in groups, goes the other way.
"""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from cjph_graph.contribute.statistics.stated_values import FigureColumn, StatedValues
from cjph_graph.contribute.statistics.templates import ObservationTemplate

# No cell has a NUL: what has one is no text.
_BETWEEN = "\0"
_NUMBER = r"-?(?:[1-9][0-9]*+|0)(?:\.[0-9]++)?"
_are_numbers = re.compile(rf"(?:{_NUMBER}\0)*+{_NUMBER}").fullmatch


class _Part(NamedTuple):
    """The columns whose figures belong to one owner and are filled in from a row in one way."""

    owner: str
    form: str
    cells: Any
    figures: int
    before: Sequence[str]
    after: Sequence[str]


class RowForm:
    """The text of all figures of a row."""

    def __init__(self, columns: Iterable[tuple[FigureColumn, ObservationTemplate]]) -> None:
        parts: dict[tuple[str, int], list[tuple[int, ObservationTemplate]]] = {}
        for figures, template in columns:
            key = (template.owner, id(template.of_row))
            parts.setdefault(key, []).append((figures.at, template))
        self._parts = [_part(owner, found) for (owner, _), found in parts.items()]
        self._end = max((at for found in parts.values() for at, _ in found), default=0) + 1

    def fill(
        self, cells: Sequence[str], said: StatedValues, owner_path: str
    ) -> list[tuple[str, int, str]] | None:
        """Return for each owner the number of its figures and their text.

        None where a cell has anything but a plain number.
        """
        if len(cells) < self._end:
            return None
        found = []
        for part in self._parts:
            figures = part.cells(cells)
            if not _are_numbers(_BETWEEN.join(figures)):
                return None
            before = [said.texts[path] for path in part.before]
            after = [said.texts[path] for path in part.after]
            step = len(before) + 1 + len(after)
            values = [*before, "", *after] * part.figures
            values[len(before) :: step] = figures
            owner = part.owner or said.iris[owner_path]
            found.append((owner, part.figures, part.form % tuple(values)))
        return found


def _part(owner: str, columns: Sequence[tuple[int, ObservationTemplate]]) -> _Part:
    places = [at for at, _ in columns]
    before, after = columns[0][1].of_row
    form = "".join(template.form for _, template in columns)
    return _Part(owner, form, _picking(places), len(places), before, after)


def _picking(places: Sequence[int]) -> Any:
    """Return what takes the cells at some places out of a row, as a sequence of texts."""
    first, last = places[0], places[-1]
    if places == list(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*places)
