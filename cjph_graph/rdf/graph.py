"""Triples, looked up by what they are about."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.rdf.terms import FIRST, NIL, REST, Term

T = TypeVar("T")


class Graph:
    """Triples by subject, and by subject and predicate, in the order in which they came."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._about: dict[object, list[Triple]] = {}
        self._values: dict[tuple[object, NamedNode], list[Term]] = {}
        for triple in self.triples:
            self._about.setdefault(triple.subject, []).append(triple)
            key = (triple.subject, triple.predicate)
            self._values.setdefault(key, []).append(cast("Term", triple.object))

    def about(self, subject: object) -> list[Triple]:
        """Return the triples with a subject."""
        return self._about.get(subject, [])

    def values(self, subject: object, predicate: NamedNode) -> list[Term]:
        """Return the values of a property of a subject."""
        return self._values.get((subject, predicate), [])

    def text(self, subject: object, predicate: NamedNode) -> str:
        """Return a text in English or in no language, else in any; empty where there is none."""
        values = self.values(subject, predicate)
        texts = sorted((term for term in values if isinstance(term, Literal)), key=is_foreign)
        return texts[0].value if texts else ""

    def listed(self, head: object) -> list[Term]:
        """Return the members of an RDF list, as far as it is well-formed."""
        return [firsts[0] for firsts, _ in self._cells(head)]

    def members(self, head: object) -> list[Term] | None:
        """Return the members of an RDF list; None when it is not well-formed."""
        cells = list(self._cells(head))
        if any(len(firsts) != 1 or len(rests) != 1 for firsts, rests in cells):
            return None
        end = cells[-1][1][0] if cells else head
        return [firsts[0] for firsts, _ in cells] if end == NIL else None

    def _cells(self, node: object) -> Iterator[tuple[list[Term], list[Term]]]:
        seen = set()
        while node not in seen and (firsts := self.values(node, FIRST)):
            seen.add(node)
            rests = self.values(node, REST)
            yield firsts, rests
            node = rests[0] if rests else None


def reachable(starts: Iterable[T], step: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """Yield some nodes and all that steps lead to from there, the nearest first, each once."""
    waiting = deque(dict.fromkeys(starts))
    seen = set(waiting)
    while waiting:
        node = waiting.popleft()
        yield node
        for other in step(node):
            if other not in seen:
                seen.add(other)
                waiting.append(other)


def is_foreign(text: Literal) -> bool:
    """Say whether a text is in another language than English."""
    return (text.language or "en").partition("-")[0] != "en"
