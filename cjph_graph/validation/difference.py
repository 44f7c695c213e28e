"""What two states of a home say differently: by thing and label, with the findings of each.

A state is the home as it is, or as it was at a revision of git. What belongs to a thing, with its
IRI and `#`, is listed with it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from cjph_graph.home import Home, property_order
from cjph_graph.rdf import TYPE, compact, is_foreign
from cjph_graph.rdf.diff import Difference, Nested, Value, differences
from cjph_graph.validation.baseline import new_findings
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.renames import renames
from cjph_graph.validation.states import State, owner

NEW, CHANGED, REMOVED = "new", "changed", "removed"
_TEXT_OR_IRI = re.compile(r'"(?:[^"\\]|\\.)*"|<([^<>\s]+)>')


@dataclass(frozen=True)
class ShownValue:
    """A value: what people read, the term as N-Triples write it, and the IRI of a thing."""

    text: str
    term: str
    iri: str | None = None


@dataclass(frozen=True)
class PropertyChange:
    """The values that a property has lost and gained.

    `part` is the part of the thing that has the property, by its name after `#`; empty for the
    thing itself.
    """

    part: str
    iri: str
    name: str
    before: tuple[ShownValue, ...]
    after: tuple[ShownValue, ...]


@dataclass(frozen=True)
class ThingChange:
    """A thing that came in, was changed or was taken away: `status` is NEW, CHANGED or REMOVED.

    `kind` is the name of its class; `is_data` is false for terms and rules. `parts` are its parts
    with a difference, by name with a status and the name of their class. `touches` are other
    things, by IRI and name, that link to it or, unless it was taken away, that it has begun or
    ceased to link to. `was` is the IRI that it had, if that is another one.
    """

    iri: str
    name: str
    kind: str
    status: str
    file: str | None
    changes: tuple[PropertyChange, ...]
    is_data: bool = True
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    touches: Sequence[tuple[str, str]] = ()
    was: str | None = None


@dataclass(frozen=True)
class HomeDifference:
    """What changed between two states, `before` and `after`, each a revision or None for now.

    `rules` are the names of the checks that came in, were changed or were taken away. `brought`
    and `mended` are findings that only the later or only the earlier state has.
    """

    before: str | None
    after: str | None
    things: tuple[ThingChange, ...]
    rules: Mapping[str, str]
    brought: tuple[Finding, ...]
    mended: tuple[Finding, ...]
    report: Report
    names: Mapping[str, str]

    def count(self, status: str) -> int:
        """Return how many things came in, were changed or were taken away."""
        return sum(thing.status == status for thing in self.things)

    def __bool__(self) -> bool:
        return bool(self.things or self.rules or self.brought or self.mended)


def home_difference(
    home: Home, before: str, after: str | None = None, *, checked: bool = True
) -> HomeDifference:
    """Return what a home says at a revision, or now, that it did not say at an earlier one.

    Findings are left out unless they are `checked`: old rules may take long.
    Raises UsageError when git does not have a revision, or the home was not there.
    """
    old, new = (State(home, revision, checked=checked) for revision in (before, after))
    return difference(old, new, before, after)


def difference(old: State, new: State, before: str | None, after: str | None) -> HomeDifference:
    """Return what two states of a home say differently.

    Where things have another IRI, the old state is given the new one.
    """
    moved = renames(old, new)
    old.rename(moved)
    grouped: dict[str, list[Difference]] = {}
    for each in differences(old.triples, new.triples):
        grouped.setdefault(owner(_iri(each), new, old), []).append(each)
    grouped |= {iri: [] for iri in moved.values() if iri not in grouped}
    teller = _ThingTeller(old, new, {after: before for before, after in moved.items()})
    touched = _touched(grouped, old, new)
    things = [teller.thing(iri, found, touched.get(iri, ())) for iri, found in grouped.items()]
    brought, mended = (
        tuple(new_findings(mine.report.findings, others.report.findings))
        for mine, others in ((new, old), (old, new))
    )
    return HomeDifference(
        before,
        after,
        tuple(sorted(things, key=_place)),
        dict(_rules(old, new)),
        brought,
        mended,
        new.report,
        {**old.report.names, **new.report.names},
    )


_RANK = {CHANGED: 0, NEW: 1, REMOVED: 2}


def _place(thing: ThingChange) -> tuple[object, ...]:
    """Return where a thing stands among others: data before the terms and rules they are in."""
    return not thing.is_data, _RANK[thing.status], thing.kind, thing.name.casefold(), thing.iri


def _rules(old: State, new: State) -> Iterator[tuple[str, str]]:
    """Yield the checks that are not the same, each with what became of it."""
    had, has = ({check.name: check for check in s.collected.checks} for s in (old, new))
    for name in sorted({*had, *has}):
        if had.get(name) != has.get(name):
            yield name, NEW if name not in had else REMOVED if name not in has else CHANGED


def _touched(
    grouped: Mapping[str, Sequence[Difference]], old: State, new: State
) -> dict[str, tuple[str, ...]]:
    """Return, for things that are listed, the others that link to them or are newly linked."""
    found: dict[str, dict[str, None]] = {iri: {} for iri in grouped}
    for thing, target in new.links():
        if target in found and thing not in found:
            found[target][thing] = None
    for iri, changes in grouped.items():
        if iri not in new.classes:
            continue  # it no longer links to anything
        for value in (value for each in changes for value in (*each.before, *each.after)):
            target = owner(value.value, new, old) if isinstance(value, NamedNode) else iri
            if target not in found and (new.is_thing(target) or old.is_thing(target)):
                found[iri][target] = None
    return {iri: tuple(others) for iri, others in found.items()}


class _ThingTeller:
    """Puts a thing into words: what it, its class, its properties and values are called."""

    def __init__(self, old: State, new: State, was: Mapping[str, str]) -> None:
        self._old, self._new, self._was = old, new, was
        self._prefixes = {**old.prefixes, **new.prefixes}
        self._order = property_order({**old.kinds, **new.kinds}.values())

    def thing(self, iri: str, found: Sequence[Difference], touches: Iterable[str]) -> ThingChange:
        status, kind = self._became(iri)
        state = self._old if status == REMOVED else self._new
        subjects = dict.fromkeys(map(_iri, found))
        parts = {s.partition("#")[2]: self._became(s) for s in subjects if s != iri}
        return ThingChange(
            iri,
            self._name(iri),
            kind,
            status,
            state.files.get(iri),
            tuple(self._changes(iri, found)),
            self._new.is_thing(iri) or self._old.is_thing(iri),
            parts,
            tuple(sorted(((i, self._name(i)) for i in touches), key=lambda pair: pair[1])),
            self._was.get(iri),
        )

    def _changes(self, iri: str, found: Sequence[Difference]) -> Iterator[PropertyChange]:
        for each in sorted(found, key=lambda each: self._rank(iri, each)):
            subject = _iri(each)
            if each.property == TYPE and self._status(subject) != CHANGED:
                continue  # the name of its class is given
            part = subject.partition("#")[2] if subject != iri else ""
            before, after = (
                tuple(self._said(v) for v in values if not self._is_own(v, iri))
                for values in (each.before, each.after)
            )
            if before or after:
                name = self._property(subject, each.property.value)
                yield PropertyChange(part, each.property.value, name, before, after)

    def _rank(self, iri: str, each: Difference) -> tuple[object, ...]:
        subject = _iri(each)
        places = self._order(frozenset(self._classes(subject)))
        place = -1 if each.property == TYPE else places.get(each.property.value, len(places))
        return subject != iri, subject, place, each.property.value

    def _is_own(self, value: Value, iri: str) -> bool:
        """Say whether a value is a part that came in or went: that is listed anyway."""
        if not isinstance(value, NamedNode) or not value.value.startswith(f"{iri}#"):
            return False
        return self._status(value.value) != CHANGED

    def _became(self, iri: str) -> tuple[str, str]:
        """Return what became of a thing or a part, and the name of its class."""
        status = self._status(iri)
        return status, (self._old if status == REMOVED else self._new).kind_of(iri)

    def _status(self, iri: str) -> str:
        if iri not in self._old.classes:
            return NEW
        return CHANGED if iri in self._new.classes else REMOVED

    def _classes(self, iri: str) -> list[str]:
        return self._new.classes.get(iri) or self._old.classes.get(iri) or []

    def _name(self, iri: str) -> str:
        named = self._new.names.of(iri) or self._old.names.of(iri)
        return named or compact(iri, self._prefixes) or iri

    def _property(self, subject: str, iri: str) -> str:
        for state in (self._new, self._old):
            for each in self._classes(subject):
                kind = state.kinds.get(each)
                for known in kind.properties if kind else ():
                    if known.path == iri and not known.inverse:
                        return known.name
        return "class" if iri == TYPE.value else self._name(iri)

    def _said(self, value: Value) -> ShownValue:
        if isinstance(value, NamedNode):
            return ShownValue(self._name(value.value), str(value), value.value)
        if isinstance(value, Literal):
            text = value.value
            return ShownValue(
                f"{text} ({value.language})" if is_foreign(value) else text, str(value)
            )
        return ShownValue(self._shortened(value.text), value.text)

    def _shortened(self, text: str) -> str:
        """Return what a blank node says, such as a list, with its IRIs as people write them."""
        return _TEXT_OR_IRI.sub(
            lambda m: compact(m[1], self._prefixes) or m[0] if m[1] else m[0], text
        )


def _iri(each: Difference) -> str:
    return str(each.subject) if isinstance(each.subject, Nested) else each.subject.value
