"""What the properties of an observation are for, as the ontology's Data Cube terms say.

A kind whose class is a `qb:Observation` has its values drawn and put into a table. Which property
is the time, the place or the unit follows from `qb:concept` and the SDMX concepts, so that no
property is known here by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cjph_graph.home import Kind, Property
from cjph_graph.rdf import BOOLEAN, SUBCLASS, TYPE, Graph

QB = "http://purl.org/linked-data/cube#"
_SDMX = "http://purl.org/linked-data/sdmx/2009/concept#"
_BREAK = NamedNode("http://purl.org/linked-data/sdmx/2009/code#obsStatus-B")
_CONCEPT = NamedNode(QB + "concept")
_DIMENSION, _MEASURE, _ATTRIBUTE = (
    NamedNode(QB + name) for name in ("DimensionProperty", "MeasureProperty", "AttributeProperty")
)


@dataclass(frozen=True)
class Cube:
    """The properties of observations by what they are for; None where there is none.

    `time` are the start and the end of the period, or one property for both. `groups` are all
    other dimensions that say whom a value is about. `starts` says that a value begins a new series:
    those before it can't be compared with it.
    """

    measure: Property
    time: tuple[Property, ...]
    area: Property | None
    groups: tuple[Property, ...]
    unit: Property | None
    status: Property | None
    upper: Property | None
    starts: Property | None


def find_cube(kind: Kind, ontology: Graph) -> Cube | None:
    """Return what the properties of a kind are for; None if its things are no observations."""
    if NamedNode(QB + "Observation") not in ontology.values(NamedNode(kind.iri), SUBCLASS):
        return None
    own = [entry for entry in kind.properties if not entry.inverse]
    measures = [entry for entry in own if _is(entry, _MEASURE, ontology)]
    if not measures:
        return None
    dimensions = [entry for entry in own if _is(entry, _DIMENSION, ontology)]
    attributes = [entry for entry in own if _is(entry, _ATTRIBUTE, ontology)]
    time = tuple(entry for entry in dimensions if _concept(entry, ontology) == "refPeriod")
    standing = [e for e in attributes if _concept(e, ontology) == "obsStatus"]
    area = next((e for e in dimensions if _concept(e, ontology) == "refArea"), None)
    coded = [e for e in dimensions if e.links and ontology.values(_node(e), _CODES)]
    return Cube(
        measures[0],
        time,
        area,
        tuple(entry for entry in coded if entry != area),
        next((e for e in attributes if _concept(e, ontology) == "unitMeasure"), None),
        # What every value has says how it stands; another may say why there is none.
        next(iter(sorted(standing, key=lambda entry: not entry.required)), None),
        next((e for e in attributes if e.datatypes - {BOOLEAN.value} and not e.links), None),
        next((e for e in attributes if _BREAK in ontology.values(_node(e), _CONCEPT)), None),
    )


def measure_units(kind: Kind, ontology: Graph) -> Iterator[tuple[Property, Property]]:
    """Yield each property of a kind that holds a number, with the one that holds its unit."""
    own = [entry for entry in kind.properties if not entry.inverse]
    units = [entry for entry in own if _concept(entry, ontology) == "unitMeasure"]
    for entry in own:
        if units and _is(entry, _MEASURE, ontology):
            yield entry, units[0]


_CODES = NamedNode(QB + "codeList")


def _node(entry: Property) -> NamedNode:
    return NamedNode(entry.path)


def _is(entry: Property, sort: NamedNode, ontology: Graph) -> bool:
    return sort in ontology.values(_node(entry), TYPE)


def _concept(entry: Property, ontology: Graph) -> str:
    found = ontology.values(_node(entry), _CONCEPT)
    names = [value.value for value in found if isinstance(value, NamedNode)]
    return next((name.removeprefix(_SDMX) for name in names if name.startswith(_SDMX)), "")
