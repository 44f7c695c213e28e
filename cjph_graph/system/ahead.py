"""Reading the next files while the last ones are used, where native code uses them.

Native code lets other threads run, so both processors work. To begin a thread takes as long as to
read some files, so each reads several. Threads of one's own: an executor takes longer to import
than all of this gains for a small home.
"""

from collections.abc import Iterable, Iterator
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

_T = TypeVar("_T")
# In bytes. The first portion is waited for, so it is small; each later one is larger, to a bound.
_FIRST, _FACTOR, _MOST = 1 << 16, 4, 1 << 22


def ahead(files: Iterable[tuple[_T, bytes]]) -> Iterator[tuple[_T, bytes]]:
    """Yield files and what they hold in order, a portion ahead.

    What reading one raises is raised in its place.
    """
    source, context = iter(files), copy_context()

    def begin(most: int) -> tuple[Thread, list[tuple[_T, bytes]], list[Exception]]:
        got: list[tuple[_T, bytes]] = []
        errors: list[Exception] = []

        def get() -> None:
            left = most
            try:
                for file in source:
                    got.append(file)
                    left -= len(file[1])
                    if left <= 0:
                        break
            except Exception as error:
                errors.append(error)

        thread = Thread(target=context.run, args=(get,))
        thread.start()
        return thread, got, errors

    most = _FIRST
    thread, got, errors = begin(most)
    while True:
        thread.join()
        if sum(len(data) for _, data in got) < most:
            break
        portion, most = got, min(_FACTOR * most, _MOST)
        thread, got, errors = begin(most)
        yield from portion
    yield from got
    if errors:
        raise errors[0]
