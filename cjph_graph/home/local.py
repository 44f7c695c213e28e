"""The engine over a home's graph: in memory, or from the user's cache where that is large.

What is asked of an index may be slower than parsing all anew would have been, and nothing tells
that beforehand. So when the index has not answered in a quarter of the time that parsing takes,
the graph is parsed as well, beside it, if there is memory for it, and whichever answers first
has it. Where a second core is free, a query thus takes at worst a quarter of a parsing longer than
without an index.

A small graph is not worth an index. For the 11 thousand triples that are shipped, opening one
would take 10 ms and the query 4 ms longer, where parsing takes 30, and it would have to be
written first, in 120 ms.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from cjph_graph.home.location import Home, home_names
from cjph_graph.rdf.reading import load
from cjph_graph.sparql.engine import Engine, LocalEngine

# In bytes of Turtle. From here on parsing takes so long, some 0.2 s, that one notices.
THRESHOLD = 5_000_000

# For each byte of Turtle: how many seconds a query may take before the graph is parsed after all,
# and how many bytes of memory that takes.
_PATIENCE = 33e-9 / 4
_LEAST_PATIENCE = 1.0
_MEMORY = 4


def open_engine(home: Home, *, cached: bool = True) -> Engine:
    """Return the engine that answers questions about a home's graph.

    That of a large home is kept in the user's cache from the first time on, unless `cached` is
    false. Raises InputError or LimitError at the first file that is not to be used, and UsageError
    when what the user has set for the cache is no size.
    """
    files = home_names(home)
    large = _from_cache(home, files) if cached and _is_large(files) else None
    return large or _in_memory(files)


def _in_memory(files: Iterable[str]) -> Engine:
    return LocalEngine(load(map(Path, files)))


def _is_large(files: Iterable[str]) -> bool:
    total = 0
    for name in files:
        try:
            total += os.stat(name).st_size  # noqa: PTH116
        except OSError:
            return False  # whoever loads it says so
        if total >= THRESHOLD:
            return True
    return False


def _from_cache(home: Home, files: Sequence[str]) -> Engine | None:
    from cjph_graph.home.index import open_index
    from cjph_graph.sparql.standby import Standby
    from cjph_graph.system.cache import find_cache
    from cjph_graph.system.limits import Watch

    cache = find_cache()
    index = open_index(files, home.path, cache) if cache else None
    if not cache or not index:
        return None
    kept, room = index.kept, Watch.room()
    patience = max(_LEAST_PATIENCE, index.size * _PATIENCE)
    return Standby(
        LocalEngine(index.store),
        lambda: _in_memory(files),
        patience=patience if room is None or room > index.size * _MEMORY else None,
        broken=lambda: cache.discard(kept),
    )
