"""The observations that a home already has, found by what they are about or by their name."""

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.statistics.cube_fields import CubeFields
from cjph_graph.contribute.statistics.stated_values import StatedValues
from cjph_graph.contribute.turtle import as_turtle


class ExistingObservations:
    """The observations of a cube that a home already has."""

    def __init__(self, contents: HomeContents, cube: CubeFields) -> None:
        self._contents = contents
        self._cube = cube
        self._by_key = self._by_dimensions()
        self._names: dict[str, str] = {}
        for subject in contents.things:
            if isinstance(subject, NamedNode) and "#" in subject.value:
                owner, _, name = subject.value.partition("#")
                self._names[owner] = f"{self._names.get(owner, '')}\n{name}"
        # The values that keys have for some of the dimensions, by the places of these in the key.
        self._parts: dict[tuple[int, ...], set[tuple[str, ...]]] = {}

    def _by_dimensions(self) -> dict[tuple[str, ...], NamedNode]:
        """Return the observations of the home by the values of their dimensions, as Turtle."""
        found = {}
        for subject in self._contents.things.of_class(self._cube.form.kind.iri):
            said = {p.value: v for p, v in self._contents.things.about(subject)}
            values = [said.get(each.path) for each in self._cube.dimensions]
            texts = [
                as_turtle(value, self._contents.prefixes)
                for value in values
                if isinstance(value, Literal | NamedNode)
            ]
            if len(texts) == len(values) and isinstance(subject, NamedNode):
                found[tuple(texts)] = subject
        return found

    def find(self, key: tuple[str, ...], iri: str) -> NamedNode | None:
        """Return the observation with the values of its dimensions, or of this name."""
        found = self._by_key.get(key, NamedNode(iri))
        return found if found in self._contents.things else None

    def may_have(self, owner: str, row: StatedValues, given: frozenset[str]) -> bool:
        """Say whether anything of an owner may be about what a row says; if not, nothing is.

        So a long table costs one question for each row, not one for each figure. The properties in
        `given`, which columns say themselves, are not compared.
        """
        if (names := self._names.get(owner)) is None:
            return False
        decided = row.paths - given
        if all(row.texts[path] in names for path in decided if path[:1] == "-"):
            return True
        paths = [each.path for each in self._cube.dimensions]
        places = tuple(at for at, path in enumerate(paths) if path in decided)
        if places not in self._parts:
            self._parts[places] = {tuple(key[at] for at in places) for key in self._by_key}
        return tuple(row.texts[paths[at]] for at in places) in self._parts[places]
