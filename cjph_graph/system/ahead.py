"""Getting the next things while the last ones are used, where native code uses them.

Native code lets other threads run, so both processors work. Threads of one's own: an executor takes
longer to import than all of this gains for a small home.
"""

from collections.abc import Iterable, Iterator
from contextvars import copy_context
from itertools import islice
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")
# The first portion is waited for, so it is small; each later one is twice as large, up to a bound.
_FIRST, _MOST = 4, 64


def ahead(items: Iterable[_T]) -> Iterator[_T]:
    """Yield items in order, a portion ahead; what getting one raises is raised in its place."""
    source, context = iter(items), copy_context()

    def begin(size: int) -> tuple[Thread, list[_T], list[Exception]]:
        got: list[_T] = []
        errors: list[Exception] = []

        def get() -> None:
            try:
                got.extend(islice(source, size))
            except Exception as error:
                errors.append(error)

        thread = Thread(target=context.run, args=(get,))
        thread.start()
        return thread, got, errors

    size = _FIRST
    thread, got, errors = begin(size)
    while True:
        thread.join()
        if len(got) < size:
            break
        portion, size = got, min(2 * size, _MOST)
        thread, got, errors = begin(size)
        yield from portion
    yield from got
    if errors:
        raise errors[0]
