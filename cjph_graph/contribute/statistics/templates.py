"""Observations as text with gaps: a column's values are written out, a row and a figure fill in.

For each kind of row the templates of its columns are joined beforehand,

    :rate-oregon%s … cjph:value %s … .    :rate-ohio%s … cjph:value %s … .

so that a row costs one look at all its numbers and one substitution, and a figure a sixth of what
it costs alone. A row with anything else, a marker or a figure in groups, goes the other way.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.stated_values import FigureColumn, StatedValues

# No cell has a NUL: what has one is no text.
_BETWEEN = "\0"
_NUMBER = r"-?(?:[1-9][0-9]*+|0)(?:\.[0-9]++)?"
_are_numbers = re.compile(rf"(?:{_NUMBER}\0)*+{_NUMBER}").fullmatch


class ObservationTemplate(NamedTuple):
    """The text of the observations of a column, with `%s` for what a row and a figure give.

    `of_row` are the values of a row that come before and after the figure: names of properties,
    those that begin with `-` for the part of its name. `owner` is empty where the row gives it.
    """

    form: str
    of_row: tuple[tuple[str, ...], tuple[str, ...]]
    owner: str


class Templates:
    """Makes the templates of a table."""

    def __init__(self, contents: HomeContents, cube: CubeFields) -> None:
        self._contents = contents
        self._cube = cube
        self._order = {each.path: at for at, each in enumerate(cube.form.fields)}

    def make(
        self, figures: FigureColumn, said: StatedValues, *, is_status: bool
    ) -> ObservationTemplate | None:
        """Return the text of the observations of a column, laid out in the one way.

        None where something is missing that an observation must have.
        """
        constants = figures.said.texts
        known = {*said.texts, *constants}
        measure = self._cube.measure.path
        owner = self._cube.owner.path
        if any(f.path not in known for f in self._cube.form.required if f.path != measure):
            return None
        figure = self._cube.status.path if is_status and self._cube.status else measure
        parts = ["\n:", *self._name_parts(constants, said)]
        parts += [f"\n    a {_plain(self._contents.short(self._cube.form.kind.iri))}"]
        paths = sorted({figure, *(p for p in known if p[:1] != "-")}, key=self._order.__getitem__)
        for path in paths:
            parts.append(f" ;\n    {_plain(self._contents.short(path))} ")
            parts.append(_plain(constants[path]) if path in constants else (path,))
        parts.append(" .\n")
        of_row = [part[0] for part in parts if isinstance(part, tuple)]
        at = of_row.index(figure)
        form = "".join("%s" if isinstance(part, tuple) else part for part in parts)
        both = tuple(of_row[:at]), tuple(of_row[at + 1 :])
        return ObservationTemplate(form, both, figures.said.iris.get(owner, ""))

    def _name_parts(
        self, constants: Mapping[str, str], said: StatedValues
    ) -> Iterator[str | tuple[str]]:
        """Yield the parts of a name: those of the dimensions, the end of a period if it differs."""
        last: object = None
        for each in self._cube.dimensions:
            path = f"-{each.path}"
            same = each.holds == "date" and last == constants.get(path, said.texts.get(path))
            last = constants.get(path, said.texts.get(path))
            if same:
                continue
            if path not in constants:
                yield (path,)
            else:
                yield _plain(constants[path])


def _plain(text: str) -> str:
    """Return a text as it stands in one that is filled in by `%`."""
    return text.replace("%", "%%")


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
        parts: dict[object, list[tuple[int, ObservationTemplate]]] = {}
        for figures, template in columns:
            key = (template.owner, template.of_row)
            parts.setdefault(key, []).append((figures.at, template))
        self._parts = [_part(found) for found in parts.values()]
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


def _part(columns: Sequence[tuple[int, ObservationTemplate]]) -> _Part:
    places = [at for at, _ in columns]
    first = columns[0][1]
    form = "".join(template.form for _, template in columns)
    return _Part(first.owner, form, _picking(places), len(places), *first.of_row)


def _picking(places: Sequence[int]) -> Any:
    """Return what takes the cells at some places out of a row, as a sequence of texts."""
    first, last = places[0], places[-1]
    if places == list(range(first, last + 1)):
        return itemgetter(slice(first, last + 1))
    return itemgetter(*places)
