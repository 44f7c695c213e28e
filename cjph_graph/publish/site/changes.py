"""What a release changes: compared with the release before, by thing and by name.

Each release carries the summaries of those before it in `changes.json`, from which the next one
takes them: so the page and the feed tell the whole history, and nothing else keeps it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from cjph_graph.errors import InputError
from cjph_graph.publish.index import Index
from cjph_graph.publish.site.presentation import Presentation
from cjph_graph.rdf import Node, read_turtle
from cjph_graph.rdf.diff import differences
from cjph_graph.system import read, shown

FILE = "changes.json"
# A summary keeps no more names than these of each sort.
_MOST_NAMES = 200
_MOST_RELEASES = 100


@dataclass(frozen=True)
class Changed:
    """A thing that was added, changed or removed; `properties` are the names of what changed."""

    name: str
    path: str
    properties: tuple[str, ...] = ()


@dataclass(frozen=True)
class KindChanges:
    """What happened to the things of one kind."""

    title: str
    added: tuple[Changed, ...] = ()
    changed: tuple[Changed, ...] = ()
    removed: tuple[Changed, ...] = ()


@dataclass(frozen=True)
class Release:
    """A release with its changes by kind, and how many things it has; `first` has none before."""

    version: str
    dated: str
    things: int
    kinds: tuple[KindChanges, ...] = ()
    first: bool = False

    def count(self, sort: str) -> int:
        """Return how many things were `added`, `changed` or `removed`."""
        return sum(len(getattr(kind, sort)) for kind in self.kinds)


def read_releases(
    previous: Path | None, name: str, now: Release, index: Index, presentation: Presentation
) -> tuple[Release, ...]:
    """Return this release with what it changes, then those before it, the newest first.

    `previous` is the folder of the release before, `name` that of its data. Raises InputError when
    that folder is no release.
    """
    if previous is None:
        return (Release(now.version, now.dated, now.things, first=True),)
    path = previous / "data" / f"{name}.nt"
    if not path.is_file():
        raise InputError(
            f"{shown(previous)} is no release of {name}: it has no data/{name}.nt.",
            "Name the folder of the release before with --previous.",
        )
    before = Index(read_turtle(path).sound().triples, index.kinds)
    kinds = _by_kind(before, index, presentation)
    earlier = tuple(each for each in _earlier(previous) if each.version != now.version)
    release = Release(now.version, now.dated, now.things, kinds)
    return (release, *earlier)[:_MOST_RELEASES]


def _by_kind(before: Index, now: Index, presentation: Presentation) -> tuple[KindChanges, ...]:
    properties: dict[NamedNode, dict[str, None]] = {}
    for each in differences(before.triples(), now.triples()):
        if isinstance(each.subject, NamedNode):
            owner = now.owner(each.subject) or before.owner(each.subject) or each.subject
            name = _name_of(each.subject, each.property, now, before)
            properties.setdefault(owner, {})[name] = None
    sorts: dict[str, dict[str, list[Changed]]] = {}
    for node, names in properties.items():
        side = now if node in now else before
        kind = side.kind(node)
        if kind is None:
            continue
        sort = "removed" if node not in now else "changed" if node in before else "added"
        path = f"{side.path(node)}.html" if sort != "removed" and side.path(node) else ""
        told = tuple(names) if sort == "changed" else ()
        title = presentation.view(kind).title
        found = sorts.setdefault(title, {})
        found.setdefault(sort, []).append(Changed(side.label(node), path, told))
    return tuple(
        KindChanges(title, **{sort: tuple(_named(found)) for sort, found in by_sort.items()})
        for title, by_sort in sorts.items()
    )


def _named(found: Iterable[Changed]) -> list[Changed]:
    return sorted(found, key=lambda each: (each.name.casefold(), each.path))


def _name_of(subject: Node, path: NamedNode, now: Index, before: Index) -> str:
    """Return what a property is called: for a part, with what the part is."""
    kind = now.kind(subject) or before.kind(subject)
    names = (entry.name for entry in kind.properties if entry.path == path.value) if kind else ()
    name = next(iter(names), "kind")
    is_part = "#" in subject.value
    return f"{kind.name}: {name}" if kind and is_part else name


def _earlier(previous: Path) -> tuple[Release, ...]:
    path = previous / FILE
    if not path.is_file():
        return ()
    try:
        return tuple(_release(said) for said in json.loads(read(path))["releases"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{shown(path)} cannot be read: it is no list of releases.") from error


def _release(said: Mapping[str, object]) -> Release:
    kinds = said["kinds"]
    if not isinstance(kinds, list):
        raise TypeError
    return Release(
        str(said["version"]),
        str(said["dated"]),
        int(str(said["things"])),
        tuple(
            KindChanges(
                kind["title"],
                *(
                    tuple(Changed(str(c["name"]), "", tuple(c["properties"])) for c in kind[sort])
                    for sort in ("added", "changed", "removed")
                ),
            )
            for kind in kinds
        ),
        bool(said["first"]),
    )


def write_releases(releases: Iterable[Release]) -> bytes:
    """Return releases as the next one reads them."""
    said = {"releases": [asdict(_shortened(release)) for release in releases]}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _shortened(release: Release) -> Release:
    kinds = tuple(
        KindChanges(
            kind.title,
            kind.added[:_MOST_NAMES],
            kind.changed[:_MOST_NAMES],
            kind.removed[:_MOST_NAMES],
        )
        for kind in release.kinds
    )
    return Release(release.version, release.dated, release.things, kinds, release.first)
