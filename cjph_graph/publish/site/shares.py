"""How sure things are, counted: findings by design, sources by whether they are primary."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cjph_graph.home import Property
from cjph_graph.publish.site.describe import Cell, Describer
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.words import capital
from cjph_graph.rdf import BOOLEAN
from cjph_graph.sparql import Value


@dataclass(frozen=True)
class Share:
    """How many things have a value, and their share in percent of all that have one."""

    value: Cell
    many: int
    percent: int


@dataclass(frozen=True)
class Shares:
    """The values of a property over all things of a kind, under a title."""

    view: View
    title: str
    label: str
    shares: tuple[Share, ...]


def read_shares(describer: Describer, view: View) -> Iterator[Shares]:
    """Yield the shares of those facets of a kind that tell how sure its things are.

    These are what has marks and stands under the name of each thing, and what is yes or no.
    """
    for entry in view.facets:
        yes_or_no = entry.datatypes == {BOOLEAN.value}
        if not yes_or_no and entry not in view.meta:
            continue
        nodes = describer.index.of_class(view.kind.iri)
        path = NamedNode(entry.path)
        values = [value for node in nodes for value in describer.index.values(node, path)]
        if yes_or_no or any(map(describer.presentation.mark, {*values})):
            yield _shares(describer, view, entry, values)


def _shares(describer: Describer, view: View, entry: Property, values: Sequence[Value]) -> Shares:
    counts = Counter(values)
    order: dict[object, int] = {each: place for place, each in enumerate(describer.index)}
    ranked = sorted(counts, key=lambda value: (order.get(value, 0), _yes_first(value)))
    yes_or_no = entry.datatypes == {BOOLEAN.value}
    shares = tuple(
        Share(
            Cell(_in_words(v, entry)) if yes_or_no else describer.cell(v, entry),
            counts[v],
            round(100 * counts[v] / len(values)),
        )
        for v in ranked
    )
    title = view.title if yes_or_no else f"{view.title} by {entry.name}"
    return Shares(view, title, entry.name, shares)


def _in_words(value: Value, entry: Property) -> str:
    """Return what is true of a thing: "Primary source", or "Other" where it is not."""
    return capital(entry.name) if _yes_first(value)[0] is False else "Other"


def _yes_first(value: Value) -> tuple[bool, str]:
    text = str(value)
    return ("false" in text, text)
