"""What has changed since an earlier release, by thing and by label.

Both graphs are there as lines in the same order, that of the canonical form. They are read side
by side, and only what differs is held:

    earlier                     now
    <…/star> <…name> "STAR"     <…/star> <…name> "STAR"       the same: on to the next
    <…/star> <…since> "2019"    <…/star> <…since> "2020"      kept, both
                                <…/vera> a <…Organisation>    kept

Lines with blank nodes are kept all, as their names may differ where nothing else does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from cjph_graph.errors import InputError, UsageError
from cjph_graph.home import Kind
from cjph_graph.publish.dataset.json_files import Json, as_json
from cjph_graph.publish.dataset.rdf_files import canonical_ntriples
from cjph_graph.publish.index import Index
from cjph_graph.rdf import last_part
from cjph_graph.rdf.diff import Difference, Nested, differences
from cjph_graph.system import read, shown

_BLANK = b"_:"
_LONGEST = 200


@dataclass
class ReleaseChange:
    """A thing that was added, removed or changed, and `properties` with a difference.

    Each of them has the part of the thing that says it (empty for the thing itself), the label of
    the property, and the values before and after as people read them.
    """

    iri: str
    label: str
    kind: str
    how: str
    properties: list[tuple[str, str, list[str], list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class ReleaseChanges:
    """What has changed since a release: `since` is its version, `things` are in order of labels."""

    since: str
    things: tuple[ReleaseChange, ...]


def find_changes(previous: Path, index: Index, kinds: Sequence[Kind]) -> ReleaseChanges:
    """Return how a graph differs from the release in a folder.

    Raises UsageError where there is no release there, InputError where it can't be read.
    """
    path = _data(previous)
    lines = read(path).splitlines(keepends=True)
    if lines != sorted(lines):
        raise InputError(
            f"{shown(path)} is not in canonical form.", "It was not published by this."
        )
    now = (line for part in canonical_ntriples(index) for line in part.splitlines(keepends=True))
    old, new = _unlike(lines, now)
    try:
        before = [quad.triple for quad in parse(b"".join(old), RdfFormat.N_TRIPLES)]
    except SyntaxError as error:
        raise InputError(f"{shown(path)} is not N-Triples: {error}.") from error
    after = [quad.triple for quad in parse(b"".join(new), RdfFormat.N_TRIPLES)]
    there = {line.partition(b" ")[0] for line in lines}
    teller = _ChangeTeller(index, Index(before), there, kinds)
    things = teller.told(differences(before, after))
    version = previous.resolve().name
    return ReleaseChanges(
        version, tuple(sorted(things, key=lambda c: (c.kind, c.label.casefold(), c.iri)))
    )


def _data(previous: Path) -> Path:
    found = sorted((previous / "data").glob("*.nt"))
    if len(found) != 1:
        raise UsageError(
            f"{shown(previous)} holds no release: there is no N-Triples file in its data/.",
            "Name the folder of a version, such as out/0.1.0.",
        )
    return found[0]


def _unlike(old: Iterable[bytes], new: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Return the lines that only one of two sorted streams has, and all with blank nodes."""
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    merged = merge(((line, 0) for line in old), ((line, 1) for line in new))
    for line, found in groupby(merged, key=itemgetter(0)):
        there = {side for _, side in found}
        for side in there if len(there) == 1 or _BLANK in line else ():
            sides[side].append(line)
    return sides


class _ChangeTeller:
    """Puts differences into words, grouped by the thing they belong to."""

    def __init__(self, new: Index, old: Index, there: set[bytes], kinds: Sequence[Kind]) -> None:
        self._new = new
        self._old = old
        self._there = there
        self._properties = {p.path: p.name for kind in kinds for p in kind.properties}
        self._kinds = {kind.iri: kind.name for kind in kinds}

    def told(self, found: Iterable[Difference]) -> Iterable[ReleaseChange]:
        things: dict[str, ReleaseChange] = {}
        for each in found:
            if isinstance(each.subject, Nested):
                continue  # a node that no thing leads to belongs to none
            iri, _, part = each.subject.value.partition("#")
            owner = NamedNode(iri)
            if owner not in self._new and not self._was(owner):
                owner, part = each.subject, ""
            change = things.setdefault(owner.value, self._change(owner))
            before, after = self._texts(each.before), self._texts(each.after)
            name = self._properties.get(each.property.value) or last_part(each.property.value)
            change.properties.append((part, name, before, after))
        return things.values()

    def _was(self, node: NamedNode) -> bool:
        return str(node).encode() in self._there

    def _change(self, node: NamedNode) -> ReleaseChange:
        is_new, was = node in self._new, self._was(node)
        source = self._new if is_new else self._old
        kind = next((self._kinds[c] for c in source.classes(node) if c in self._kinds), "")
        how = "changed" if is_new and was else "added" if is_new else "removed"
        return ReleaseChange(node.value, source.label(node), kind, how)

    def _texts(self, values: Iterable[NamedNode | Literal | Nested]) -> list[str]:
        return [self._text(value) for value in values]

    def _text(self, value: NamedNode | Literal | Nested) -> str:
        if isinstance(value, NamedNode):
            return self._new.name(value) or self._old.name(value) or value.value
        return value.value if isinstance(value, Literal) else value.text


def write_markdown(changes: ReleaseChanges) -> bytes:
    """Return the changes for people: what was added, removed and changed, by kind."""
    lines = [f"# Changes since {changes.since}", ""]
    if not changes.things:
        lines += ["Nothing has changed.", ""]
    for how in ("added", "removed", "changed"):
        things = [thing for thing in changes.things if thing.how == how]
        if things:
            lines += [f"## {how.capitalize()}: {len(things):,}", ""]
            for thing in things:
                lines += _told(thing)
            lines.append("")
    return ("\n".join(lines).rstrip() + "\n").encode()


def _told(thing: ReleaseChange) -> Iterator[str]:
    kind = f" ({thing.kind})" if thing.kind else ""
    yield f"- [{_plain(thing.label)}]({thing.iri}){kind}"
    for part, name, before, after in thing.properties if thing.how == "changed" else ():
        where = f"{part}: " if part else ""
        yield f"  - {where}{name}: {_values(before)} → {_values(after)}"


def _values(texts: Iterable[str]) -> str:
    return "; ".join(map(_plain, texts)) or "nothing"


def _plain(text: str) -> str:
    """Return a text on one line that Markdown takes as it stands, cut where it is long."""
    line = " ".join(text.split())
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    return "".join(f"\\{char}" if char in r"\`*_[]<>#|" else char for char in line)


def write_json(changes: ReleaseChanges) -> bytes:
    """Return the changes for programs."""
    found: dict[str, list[Json]] = {"added": [], "removed": [], "changed": []}
    for thing in changes.things:
        said: dict[str, Json] = {"id": thing.iri, "label": thing.label, "kind": thing.kind}
        if thing.how == "changed":
            said["properties"] = [
                {"part": part, "property": name, "before": [*before], "after": [*after]}
                for part, name, before, after in thing.properties
            ]
        found[thing.how].append(said)
    return as_json({"since": changes.since, **found})
