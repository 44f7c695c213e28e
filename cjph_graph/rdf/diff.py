"""What two graphs say differently, thing by thing: not by line or by name of a blank node.

    from cjph_graph.rdf.diff import differences

    for each in differences(read_turtle(old).triples, read_turtle(new).triples):
        print(each.subject, each.property, each.before, "→", each.after)

A blank node is what it says: two that say the same are one, whatever a parser calls them, and one
that says something else is another value of whatever leads to it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf.blank_nodes import blank_nodes_in
from cjph_graph.rdf.graph import Graph, reachable
from cjph_graph.rdf.terms import FIRST, NIL


@dataclass(frozen=True)
class Nested:
    """What a blank node says, as Turtle with whole IRIs, its properties sorted."""

    text: str

    def __str__(self) -> str:
        return self.text


_LONGEST, _LONGEST_SHOWN = 4_000, 200

Value: TypeAlias = NamedNode | Literal | Nested


@dataclass(frozen=True)
class Difference:
    """The values that a property of a subject had only before, and those it has only after."""

    subject: NamedNode | Nested
    property: NamedNode
    before: tuple[Value, ...]
    after: tuple[Value, ...]


def differences(before: Iterable[Triple], after: Iterable[Triple]) -> list[Difference]:
    """Return what two graphs say differently, in the order of the second, then of the first."""
    old, new = _Side(before), _Side(after)
    odd = new.set.symmetric_difference(old.set)
    subjects = dict.fromkeys(
        root
        for side in (new, old)
        for triple in side.triples
        if triple in odd
        for root in side.roots(triple.subject)
    )
    found = [each for subject in subjects for each in _of_one(subject, old, new)]
    return found + _of_loose(old, new)


def _of_one(subject: NamedNode, old: "_Side", new: "_Side") -> list[Difference]:
    """Return what is said differently about one thing, by property."""
    had, has = old.values(subject), new.values(subject)
    found = []
    for name in dict.fromkeys([*has, *had]):
        before, after = had.get(name, {}), has.get(name, {})
        gone = tuple(value for value in before if value not in after)
        come = tuple(value for value in after if value not in before)
        if gone or come:
            found.append(Difference(subject, name, gone, come))
    return found


def _of_loose(old: "_Side", new: "_Side") -> list[Difference]:
    """Return what unreferenced blank nodes say, where only one side says it."""
    had, has = old.loose(), new.loose()
    gone = [(node, old, True) for text, node in had.items() if text not in has]
    come = [(node, new, False) for text, node in has.items() if text not in had]
    found = []
    for node, side, is_gone in (*come, *gone):
        for name, values in side.values(node).items():
            before, after = (tuple(values), ()) if is_gone else ((), tuple(values))
            found.append(Difference(side.nested(node), name, before, after))
    return found


class _Side:
    """One of the graphs: its triples, and what leads to its blank nodes."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._graph = Graph(dict.fromkeys(triples))
        self.triples = self._graph.triples
        self.set = frozenset(self.triples)
        self._leading: dict[object, list[object]] = {}
        for triple in self.triples:
            for node in blank_nodes_in(triple.object):
                self._leading.setdefault(node, []).append(triple.subject)
        self._texts: dict[BlankNode, str] = {}

    def roots(self, start: object) -> list[NamedNode]:
        """Return the subject itself, or the named subjects that lead to a blank one."""
        leading = reachable([start], lambda node: self._leading.get(node, ()))
        return [node for node in leading if isinstance(node, NamedNode)]

    def values(self, subject: object) -> dict[NamedNode, dict[Value, None]]:
        """Return the values of a subject by property, in order."""
        found: dict[NamedNode, dict[Value, None]] = {}
        for triple in self._graph.about(subject):
            found.setdefault(triple.predicate, {})[self._value(triple.object)] = None
        return found

    def loose(self) -> dict[str, BlankNode]:
        """Return the unreferenced blank nodes, by what they say."""
        subjects = dict.fromkeys(t.subject for t in self.triples)
        loose = (n for n in subjects if isinstance(n, BlankNode) and not self._leading.get(n))
        return {self.nested(node).text: node for node in loose}

    def nested(self, node: BlankNode) -> Nested:
        """Return what a blank node says."""
        return Nested(self._text(node, frozenset())[0])

    def _value(self, term: object) -> Value:
        if isinstance(term, NamedNode | Literal):
            return term
        return self.nested(term) if isinstance(term, BlankNode) else Nested(str(term))

    def _text(self, node: BlankNode, above: frozenset[BlankNode]) -> tuple[str, bool]:
        """Return what a node says, and whether that is the same whatever leads to it."""
        if known := self._texts.get(node):
            return known, True
        if node in above:
            return "[ … ]", False  # it leads to itself
        inner = above | {node}
        members = self._graph.members(node) if self._graph.values(node, FIRST) else None
        if members is None:
            about = [(f"{triple.predicate} ", triple.object) for triple in self._graph.about(node)]
        else:
            about = [("", member) for member in members]
        found = [(name, *self._written(value, inner)) for name, value in about]
        whole = all(same for _, _, same in found)
        parts = [name + text for name, text, _ in found]
        if members is not None:
            text = _bounded(" ".join(("(", *parts, ")")))
        else:
            text = _bounded(f"[ {' ; '.join(sorted(parts))} ]" if parts else "[]")
        if whole:
            self._texts[node] = text
        return text, whole

    def _written(self, term: object, above: frozenset[BlankNode]) -> tuple[str, bool]:
        if isinstance(term, BlankNode):
            return self._text(term, above)
        return "()" if term == NIL else str(term), True


def _bounded(text: str) -> str:
    """Return text, or a hash of it: it would double wherever two nodes lead to the same one."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST_SHOWN]}… {hashlib.sha256(text.encode()).hexdigest()[:16]} {text[-1]}"
