"""Observations as text with gaps: a column's values are written out, a row and a figure fill in."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.stated_values import FigureColumn, StatedValues


class ObservationTemplate(NamedTuple):
    """The text of the observations of a column, with `%s` for what a row and a figure give.

    `of_row` are the values of a row that come before and after the figure: names of properties,
    those that begin with `-` for the part of its name; equal ones are one object. `owner` is empty
    where the row gives it.
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
        self._shared: dict[tuple[tuple[str, ...], tuple[str, ...]], Any] = {}

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
        shared = self._shared.setdefault(both, both)
        return ObservationTemplate(form, shared, figures.said.iris.get(owner, ""))

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
