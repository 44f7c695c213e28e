"""How far a long piece of work is: from whoever does it to whoever shows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Listener: TypeAlias = Callable[[str, int, int], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Have `listener` called with what is being done, how much of it and of how much."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)


def tell(doing: str, done: int, total: int) -> None:
    """Tell what is being done, such as `Reading files`, and how far it is; 0 is an unknown total.

    It costs next to nothing where nobody listens. Threads do not hear of it unless they run in a
    copy of the context.
    """
    if (listener := _listener.get()) is not None:
        listener(doing, done, total)
