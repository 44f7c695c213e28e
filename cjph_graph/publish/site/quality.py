"""How good the data are: a score for each kind, and the answers that say what is missing.

A kind's score is the share of its things that say what its shape would have them say: of every
property that is asked for or that more than half of the things have, how many have it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from cjph_graph.home import Kind
from cjph_graph.publish.index import Index
from cjph_graph.publish.site.describe import Describer
from cjph_graph.publish.site.presentation import SOURCE, View
from cjph_graph.publish.site.words import capital


@dataclass(frozen=True)
class Filled:
    """How many things of a kind say something; `lacking` is how many do not."""

    label: str
    many: int
    lacking: int
    percent: int


@dataclass(frozen=True)
class Quality:
    """A kind with how complete its things are, and how many say where they come from.

    `sourced` is None where things of the kind have no sources of their own, as sources themselves.
    """

    view: View
    many: int
    score: int
    sourced: int | None
    filled: tuple[Filled, ...]


def read_quality(describer: Describer, views: tuple[View, ...]) -> Iterator[Quality]:
    """Yield how complete the things of each kind are."""
    for view in views:
        many = len(describer.index.of_class(view.kind.iri))
        counts = _counts(describer.index, view.kind)
        filled = tuple(_filled(view.kind, counts, many))
        usual = [each for each in filled if 2 * each.many > many]
        said, possible = sum(each.many for each in usual), len(usual) * many
        sourced = counts.get(SOURCE)
        yield Quality(view, many, _percent(said, possible), sourced, filled)


def _counts(index: Index, kind: Kind) -> dict[str, int]:
    """Return for each property how many things of a kind have it."""
    said = Counter(
        path
        for node in index.of_class(kind.iri)
        for path in {path for path, _ in index.about(node)}
    )
    return {entry.path: said[NamedNode(entry.path)] for entry in kind.properties}


def _filled(kind: Kind, counts: dict[str, int], many: int) -> Iterator[Filled]:
    for entry in kind.properties:
        if not entry.inverse:
            has = counts[entry.path]
            yield Filled(capital(entry.name), has, many - has, _percent(has, many))


def _percent(part: int, whole: int) -> int:
    """Return a share in percent, rounded down: what is nearly all is not all."""
    return 100 * part // whole if whole else 100
