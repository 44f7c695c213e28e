"""What an observation is made of, as the ontology's data structure says: Data Cube's own words."""

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.errors import UsageError
from cjph_graph.publish import Index
from cjph_graph.rdf import RDFS, Node

_QB = "http://purl.org/linked-data/cube#"
_COMPONENT, _ORDER = NamedNode(f"{_QB}component"), NamedNode(f"{_QB}order")
_DIMENSION, _MEASURE = NamedNode(f"{_QB}dimension"), NamedNode(f"{_QB}measure")
_ATTRIBUTE = NamedNode(f"{_QB}attribute")
_SUB_PROPERTY = NamedNode(RDFS + "subPropertyOf")
_OBS_STATUS = NamedNode("http://purl.org/linked-data/sdmx/2009/attribute#obsStatus")


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
    things = contents.things
    parts = [part for subject in things for part in things.values(subject, _COMPONENT)]
    components = [part for part in parts if isinstance(part, NamedNode | BlankNode)]
    components.sort(key=lambda part: _place(things, part))
    dimensions, measures, attributes = (
        [
            field
            for part in components
            for value in things.values(part, role)
            if isinstance(value, NamedNode) and (field := form.field(value.value))
        ]
        for role in (_DIMENSION, _MEASURE, _ATTRIBUTE)
    )
    if not (dimensions and measures):
        raise UsageError(
            f"A table of figures can't become {form.kind.name}s: no data structure has them.",
            "`--from` without `--mapping` reads a spreadsheet with one row for each.",
        )
    status = next((f for f in attributes if _is_status(things, f)), None)
    return CubeFields(form, tuple(dimensions), measures[0], status)


def _place(things: Index, component: Node) -> float:
    """Return where a component stands among the others of its structure."""
    found = things.values(component, _ORDER)
    return float(found[0].value) if found and isinstance(found[0], Literal) else 0


def _is_status(things: Index, field: Field) -> bool:
    """Say whether an attribute says why there is no value: it is a kind of SDMX's obsStatus."""
    return _OBS_STATUS in things.values(NamedNode(field.path), _SUB_PROPERTY)
