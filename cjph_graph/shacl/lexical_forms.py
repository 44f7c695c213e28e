"""Literals that a store does not give back as they were written.

An Oxigraph store keeps the values of numbers and dates: of `1.50` it makes `1.5`, of an xsd:byte an
xsd:integer. What the files say is remembered here, so that nothing is decided by a text that nobody
wrote.
"""

import threading
from collections.abc import Iterable, Iterator
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from cjph_graph.rdf import Node, is_kept, is_plain_number, is_well_formed
from cjph_graph.shacl.footprint import Footprint


class LexicalForms:
    """The statements of some files whose literals a store rewrites."""

    def __init__(self) -> None:
        # For each statement as the store has it, the literals as they were written.
        self._written: dict[Triple, list[Literal]] = {}
        self._kept: dict[Literal, Literal] = {}
        self._by_predicate: dict[NamedNode, list[Triple]] = {}
        self._rewritten: set[object] = set()
        # Questions are asked in several threads.
        self._lock = threading.Lock()
        self._probe = Store()

    def __bool__(self) -> bool:
        return bool(self._written)

    def remember(self, subject: object, predicate: NamedNode, value: Literal) -> None:
        """Remember a statement about a literal that a store rewrites."""
        if is_kept(value.value, value.datatype.value):
            return
        if (kept := self._probed(value)) == value:
            return
        self._rewritten.add(kept)
        triple = Triple(subject, predicate, kept)  # type: ignore[arg-type]
        written = self._written.setdefault(triple, [])
        if not written:
            self._by_predicate.setdefault(predicate, []).append(triple)
        if value not in written:
            written.append(value)

    def as_stored(self, literal: Literal) -> Literal:
        """Return a literal as a store returns it."""
        if is_kept(literal.value, literal.datatype.value):
            return literal
        with self._lock:
            return self._probed(literal)

    def _probed(self, literal: Literal) -> Literal:
        if (known := self._kept.get(literal)) is None:
            name = NamedNode("urn:x")
            self._probe.add(Quad(name, name, literal))
            quad = next(iter(self._probe))
            known = cast("Literal", quad.object)
            self._probe.remove(quad)  # clearing a store takes as long as all that it ever held
            self._kept[literal] = known
        return known

    def look_for_stored_forms(self, triples: Iterable[Triple]) -> None:
        """Find the statements that were also written as the store has them.

        Needed only if the store has fewer triples than were read.
        """
        for triple in triples:
            written = self._written.get(triple)
            if written is not None and triple.object not in written:
                written.append(triple.object)  # type: ignore[arg-type]

    def as_written(self, triple: Triple) -> list[Triple]:
        """Return the statements that a statement of the store stands for."""
        literals = self._written.get(triple)
        if literals is None:
            return [triple]
        return [Triple(triple.subject, triple.predicate, literal) for literal in literals]

    def is_rewritten(self, term: object) -> bool:
        """Say whether a literal of the store may have been written in another way."""
        return term in self._rewritten

    def rewritten(self) -> Iterator[Triple]:
        """Yield the statements that were written in another way, as the store has them."""
        yield from self._written

    def subjects_within(self, footprint: Footprint) -> set[Node]:
        """Return the subjects of those statements that may decide an answer by their text."""
        if not self._written:
            return set()
        if footprint.predicates is None:
            predicates = [*self._by_predicate]
        else:
            predicates = [p for p in footprint.predicates if p in self._by_predicate]
        return {
            triple.subject  # type: ignore[misc]
            for predicate in predicates
            for triple in self._by_predicate[predicate]
            if self._may_decide(triple, footprint)
        }

    def _may_decide(self, triple: Triple, footprint: Footprint) -> bool:
        literal, *others = self._written[triple]
        if others:
            return True
        return footprint.by_text or (footprint.by_kind and not _is_same_number(literal))


def _is_same_number(literal: Literal) -> bool:
    """Say whether a literal that a store gives back in another form is the same number there."""
    datatype = literal.datatype.value
    return is_plain_number(datatype) and is_well_formed(literal.value, datatype)
