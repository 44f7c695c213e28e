"""Things that have another IRI than before, and are still the same things.

A steward who corrects a slug changes an IRI, a file and every link to it. If it were reported as
one thing removed and another added, with all that both say, nobody would see what really changed.
"""

from collections import defaultdict

from pyoxigraph import NamedNode

from cjph_graph.rdf import TYPE
from cjph_graph.validation.states import State, owner

# With the same name half of what both say is enough; with another it has to be nearly all.
_HALF, _NEARLY_ALL, _FEWEST = 0.5, 0.8, 4
# So many pairs are compared at most.
_MOST_PAIRS = 40_000

_Statements = frozenset[tuple[str, str]]


def renames(old: State, new: State) -> dict[str, str]:
    """Return the IRIs of things that went, each with that of the thing it has become."""
    gone, come = _only_in(old, new), _only_in(new, old)
    if len(gone) * len(come) > _MOST_PAIRS:
        return {}
    alike = sorted(
        (
            (-share, before, after)
            for before, had in gone.items()
            for after, has in come.items()
            if old.classes[before] == new.classes[after]
            and (share := _share(had, has, same_name=old.names.of(before) == new.names.of(after)))
        )
    )
    found: dict[str, str] = {}
    for _, before, after in alike:
        if before not in found and after not in found.values():
            found[before] = after
    return found


def _only_in(state: State, other: State) -> dict[str, _Statements]:
    """Return the things that only one state has, with what each says about itself."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for triple in state.triples:
        if isinstance(triple.subject, NamedNode):
            iri = triple.subject.value
            if iri not in other.classes and state.is_thing(iri) and owner(iri, state) == iri:
                text = str(triple.object).replace(f"<{iri}#", "<#")
                if triple.predicate != TYPE:
                    found[iri].add((triple.predicate.value, text))
    return {iri: frozenset(statements) for iri, statements in found.items()}


def _share(had: _Statements, has: _Statements, *, same_name: bool) -> float:
    """Return how much of what two things say is the same; 0 if it is not enough."""
    common = len(had & has)
    share = common / max(len(had), len(has))
    if share >= (_HALF if same_name else _NEARLY_ALL) and (same_name or common >= _FEWEST):
        return share + same_name
    return 0
