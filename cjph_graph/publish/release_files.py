"""The files of a release: what each holds or who makes it, and a ledger of those written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

# What a file holds, whole or piece by piece.
Bytes: TypeAlias = "bytes | Iterable[bytes]"
Content: TypeAlias = "Bytes | Maker"
# A path below the release, with `/` between its parts, and what stands there.
File: TypeAlias = tuple[str, Content]

# So many small files are handed to a process at once.
_TOGETHER = 12


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes a file, in any process, when its turn comes.

    Files of one `group`, which follow each other, are made in order by one process: what it has
    found out for the first is there for the next. Groups without a name are large files.
    """

    make: Callable[[], Bytes]
    group: str = ""


def as_bytes(content: Content) -> bytes:
    """Return what a file holds, made and in one piece."""
    made = content.make() if isinstance(content, Maker) else content
    return made if isinstance(made, bytes) else b"".join(made)


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a release: its size in bytes, and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


class Ledger(dict[str, Written]):
    """The files that a release has so far, by path, in the order in which they were handed in."""

    finish: Callable[[], None] | None = None
    # Where a maker may put files of its own and must remove them; a run that is killed has the next
    # one do that.
    folder: Path | None = None

    def wait(self) -> None:
        """Return when all files that were handed in are written, and so are here."""
        if self.finish:
            self.finish()


def in_units(files: Iterable[tuple[str, Maker]]) -> Iterator[list[tuple[str, Maker]]]:
    """Yield files as processes take them: a large one alone, groups of small ones together."""
    unit: list[tuple[str, Maker]] = []
    for group, members in groupby(files, key=lambda file: file[1].group):
        if group:
            unit += members
        else:
            yield from ([file] for file in members)
        if len(unit) >= _TOGETHER:
            yield unit
            unit = []
    if unit:
        yield unit
