"""What a release changes: compared with the release before, by thing and by name.

Each release carries the summaries of those before it in `changes.json`, from which the next one
takes them: so the page and the feed tell the whole history, and nothing else keeps it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cjph_graph.errors import InputError
from cjph_graph.publish.dataset.release_changes import ReleaseChange
from cjph_graph.publish.index import Index
from cjph_graph.system import read, shown

if TYPE_CHECKING:
    from cjph_graph.publish.publication import Publication

FILE = "changes.json"
# A summary keeps no more names than these of each sort.
_MOST_NAMES = 200
_SORTS = ("added", "changed", "removed")
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


def read_releases(publication: "Publication", things: int) -> tuple[Release, ...]:
    """Return this release with what it changes, then those before it, the newest first.

    `things` is how many it has. Raises UsageError when the folder of the release before is none,
    InputError when it can't be read.
    """
    about, index, found = publication.about, publication.things, publication.changes
    dated = about.modified or about.issued
    if publication.previous is None or found is None:
        return (Release(about.version, dated, things, first=True),)
    kinds: dict[str, list[ReleaseChange]] = {}
    for change in found.things:
        kinds.setdefault(change.kind, []).append(change)
    told = tuple(_of_kind(title, changes, index) for title, changes in kinds.items())
    earlier = (each for each in _earlier(publication.previous) if each.version != about.version)
    return (Release(about.version, dated, things, told), *earlier)[:_MOST_RELEASES]


def _of_kind(title: str, changes: Iterable[ReleaseChange], index: Index) -> KindChanges:
    sorts: dict[str, list[Changed]] = {sort: [] for sort in _SORTS}
    for change in changes:
        node = NamedNode(change.iri)
        path = index.path(node) if node in index and index.kind(node) else None
        names = dict.fromkeys(name for _, name, _, _ in change.properties)
        told = tuple(names) if change.how == "changed" else ()
        sorts[change.how].append(Changed(change.label, f"{path}.html" if path else "", told))
    return KindChanges(title, *(tuple(sorts[sort]) for sort in _SORTS))


def _earlier(previous: Path) -> tuple[Release, ...]:
    path = previous / FILE
    if not path.is_file():
        return ()
    try:
        return tuple(_release(said) for said in json.loads(read(path))["releases"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{shown(path)} cannot be read: it is not a list of releases.") from error


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
                    for sort in _SORTS
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
        KindChanges(kind.title, *(getattr(kind, sort)[:_MOST_NAMES] for sort in _SORTS))
        for kind in release.kinds
    )
    return replace(release, kinds=kinds)
