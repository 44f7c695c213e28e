"""What an observation is made of, as the ontology's data structure says: Data Cube's own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.errors import UsageError

_QB = "http://purl.org/linked-data/cube#"
_COMPONENT, _ORDER = NamedNode(f"{_QB}component"), NamedNode(f"{_QB}order")
_DIMENSION, _MEASURE = NamedNode(f"{_QB}dimension"), NamedNode(f"{_QB}measure")
_ATTRIBUTE = NamedNode(f"{_QB}attribute")


@dataclass(frozen=True)
class CubeFields:
    """The fields of observations by their part in the cube.

    `dimensions` are in order, the first one is what an observation belongs to. `status` says why
    there is no value, where the ontology has such an attribute.
    """

    form: Form
    dimensions: tuple[Field, ...]
    measure: Field
    status: Field | None

    @property
    def owner(self) -> Field:
        """The field with what an observation belongs to."""
        return self.dimensions[0]


def find_cube_fields(contents: HomeContents, kind: str) -> CubeFields:
    """Return what observations of a kind are made of; raise UsageError where nothing says it."""
    form = contents.form(kind)
    components: list[tuple[float, NamedNode, str]] = []
    for subject in contents.things:
        for path, part in contents.things.about(subject):
            if path == _COMPONENT and not isinstance(part, Literal):
                said = dict(contents.things.about(part))  # type: ignore[arg-type]
                order = said.get(_ORDER)
                place = float(order.value) if isinstance(order, Literal) else 0
                components += [
                    (place, kind_, value.value)
                    for kind_ in (_DIMENSION, _MEASURE, _ATTRIBUTE)
                    if isinstance(value := said.get(kind_), NamedNode)
                ]
    components.sort(key=lambda each: each[0])
    dimensions = _fields(form, [iri for _, kind_, iri in components if kind_ == _DIMENSION])
    measures = _fields(form, [iri for _, kind_, iri in components if kind_ == _MEASURE])
    attributes = _fields(form, [iri for _, kind_, iri in components if kind_ == _ATTRIBUTE])
    if not (dimensions and measures):
        raise UsageError(
            f"A table of figures can't become {form.kind.name}s: no data structure has them.",
            "`--from` without `--mapping` reads a spreadsheet with one row for each.",
        )
    status = next((f for f in attributes if _is_status(contents, f)), None)
    return CubeFields(form, tuple(dimensions), measures[0], status)


def _fields(form: Form, paths: Sequence[str]) -> list[Field]:
    return [field for path in paths for field in form.fields if field.path == path]


def _is_status(contents: HomeContents, field: Field) -> bool:
    """Say whether an attribute says why there is no value: it is a kind of SDMX's obsStatus."""
    about = contents.things.about(NamedNode(field.path))
    return any(
        path.value.endswith("#subPropertyOf")
        and isinstance(value, NamedNode)
        and value.value.endswith("sdmx/2009/attribute#obsStatus")
        for path, value in about
    )
