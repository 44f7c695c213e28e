"""The graph of a large home as it was parsed before: an Oxigraph store in the user's cache.

It is found by the content of the files, which are all read for it, and so never stale: their
names and bytes, what bounds were kept as they were parsed, and which pyoxigraph wrote it. It is
opened for reading only, which writes nothing and takes no lock of the store's own.

Measured for 1 million triples in 40 files (97 MB), on one core: 3.3 s to parse them into memory,
6 to 8 s to write the index, which takes 115 MB, 0.1 s to find it by its content and 0.01 s to
open it; in 40 thousand files, one for each thing, finding takes 0.35 s. What looks at few triples
is answered in a millisecond either way. A scan of everything takes 0.3 s and not 0.2, one that
reads every text 1.9 s and not 0.35, which is still less than parsing. But what looks up millions
of texts one by one takes 5 to 8 times as long as in memory, such as 18 s and not 2.6.
`benchmarks/index.py` measures it anew.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pyoxigraph
from pyoxigraph import Store

from cjph_graph.rdf.reading import parse_files
from cjph_graph.system.cache import Cache, Kept
from cjph_graph.system.limits import max_size
from cjph_graph.system.progress import tell

_FORMAT = 1
# The store sorts and writes this many at once: twice as many take twice the memory, and half as
# many a fifth more time.
_BATCH = 100_000
# How many bytes an index has for each of the text; measured are 1.2, and the rest is for texts
# with shorter names.
_SIZE = 2
_BUFFER = 64 * 1024
# How many bytes are hashed at a time, if files are small.
_TOGETHER = 100_000
_BINARY = getattr(os, "O_BINARY", 0)
_DOING = "Indexing the graph"


@dataclass(frozen=True)
class Index:
    """A store that was opened for reading, the hold on its folder, and the size of the text."""

    store: Store
    kept: Kept
    size: int


def open_index(files: Sequence[str], folder: Path, cache: Cache) -> Index | None:
    """Return the index of some files in a folder, by name, which is made now if it is not there.

    None is returned when there can be none, because a file is not to be read or the cache not to
    be used. Raises what `graph.load` raises.
    """
    try:
        read = _read(files, folder)
        size = read.size
        kept = cache.find(read.name())
        if not kept and size * _SIZE <= cache.most:
            made = cache.make(lambda aside: _build(files, folder, size, aside), size * _SIZE)
            kept = cache.find(made)
    except OSError:
        return None
    if not kept or not (kept.path / "CURRENT").exists():
        return None  # it would have been too large
    try:
        return Index(Store.read_only(str(kept.path)), kept, size)
    except (OSError, RuntimeError, ValueError):
        cache.discard(kept)
        return None


def _build(files: Iterable[str], folder: Path, size: int, aside: Path) -> str:
    """Write the store, and return the name that goes with what was read for it."""
    content = _Content(folder)

    def note(path: Path, data: bytes) -> None:
        tell(_DOING, content.size, size)
        content.add(data)
        content.end(str(path))

    store = Store(str(aside))
    quads = parse_files(map(Path, files), note)
    while batch := list(islice(quads, _BATCH)):
        store.bulk_extend(batch)
    store.flush()
    del store  # closes it
    (aside / "LOG").unlink(missing_ok=True)
    tell(_DOING, size, size)
    return content.name()


def _read(files: Iterable[str], folder: Path) -> "_Content":
    """Read what files hold. Raises OSError when one cannot be read or is too large."""
    content = _Content(folder)
    most = max_size()
    for name in files:
        # By the plainest functions: a home may be some ten thousand small files.
        handle = os.open(name, os.O_RDONLY | _BINARY)
        try:
            data = os.read(handle, _BUFFER)
            left = most - len(data)
            while len(data) == _BUFFER and left >= 0:  # a file gives less only at its end
                content.add(data)
                data = os.read(handle, _BUFFER)
                left -= len(data)
        finally:
            os.close(handle)
        if left < 0:
            raise OSError(name)
        content.add(data)
        content.end(name)
    return content


class _Content:
    """What files hold, one after another: how much, and the name that goes with it."""

    def __init__(self, folder: Path) -> None:
        self.size = 0
        self._digest = sha256()
        self._waiting: list[bytes] = []
        self._hashed = 0
        self._folder = str(folder)
        self._ends: list[str] = [f"{_FORMAT} {pyoxigraph.__version__} {max_size()}"]

    def add(self, data: bytes) -> None:
        """Add some of what the file holds that is being read."""
        self._waiting.append(data)
        self.size += len(data)
        if self.size - self._hashed >= _TOGETHER:
            self._digest.update(b"".join(self._waiting))
            self._waiting.clear()
            self._hashed = self.size

    def end(self, name: str) -> None:
        """End a file, and note where."""
        self._ends.append(f"{name.removeprefix(self._folder)}\0{self.size}")

    def name(self) -> str:
        """Return the name: equal for the same names and bytes of files, and for none else."""
        digest = self._digest.copy()
        digest.update(b"".join(self._waiting))
        ends = os.fsencode("\0".join(self._ends))
        digest.update(ends + len(ends).to_bytes(8, "big"))
        return f"cjph-{digest.hexdigest()}"
