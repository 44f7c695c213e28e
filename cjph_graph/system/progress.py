"""The progress of long work: from the code that does it to the code that shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Listener: TypeAlias = Callable[[str, int, int], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` called with what is being done, how much is done, and the total."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(doing: str, done: int, total: int) -> None:
    """Tell what is being done, such as `Reading files`, and how far it is; 0 is an unknown total.

    It costs next to nothing where nobody listens. A thread is heard only if it runs in a copy of
    the context.
    """
    if (listener := _listener.get()) is not None:
        listener(doing, done, total)
