"""Statements under their subjects, as an index holds them: lean, and with lasting names.

A million triples as objects of their own take over 500 MB. Here each IRI is kept once, and the
statements about a thing are one tuple: property, value, property, value, …
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from cjph_graph.rdf import Node, blank_nodes_in, lastingly_named

# Property, value, property, value, …
Flat: TypeAlias = Sequence[Any]


class StatementCollector:
    """Statements under their subjects, handed in one by one; each IRI is kept once.

    Those with blank nodes are held back, as the names of these follow from all of them.
    """

    def __init__(self, statements: Iterable[Triple] = ()) -> None:
        self._about: dict[Node, list[Any]] = {}
        self._held: list[Triple] = []
        self._known: dict[Any, Any] = {}
        self._last: Any = None
        self._pairs: list[Any] = []
        for statement in statements:
            self.take(statement)

    def take(self, statement: Triple | Quad) -> None:
        """Take in one statement."""
        subject, value = statement.subject, statement.object
        if isinstance(subject, BlankNode) or not isinstance(value, NamedNode | Literal):
            triple = Triple(subject, statement.predicate, value)
            if any(blank_nodes_in(triple)):
                self._held.append(triple)
                return
        self._enter(subject, statement.predicate, value)

    def _enter(self, subject: Any, predicate: NamedNode, value: Any) -> None:
        once = self._known.setdefault
        if subject != self._last:
            self._last = subject
            self._pairs = self._about.setdefault(once(subject, subject), [])
        self._pairs.append(once(predicate, predicate))
        self._pairs.append(value if isinstance(value, Literal) else once(value, value))

    def done(self) -> dict[Node, Flat]:
        """Return the pairs of each subject, in as little memory as they take."""
        for triple in lastingly_named(self._held):
            self._enter(triple.subject, triple.predicate, triple.object)
        self._known.clear()
        return {subject: _once(self._about.pop(subject)) for subject in list(self._about)}


def _once(pairs: list[Any]) -> Flat:
    """Return pairs, each once, in as little memory as they take."""
    each = dict.fromkeys(zip(pairs[::2], pairs[1::2], strict=True))
    if 2 * len(each) < len(pairs):
        return tuple(term for pair in each for term in pair)
    return tuple(pairs)
