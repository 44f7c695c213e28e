"""Filling a store, in native code, while Python reads the next files."""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from pyoxigraph import RdfFormat, Store

# So much of the text of small files goes into a store at a time.
_AT_A_TIME = 250_000
_BASE = re.compile(rb"base\s*<", re.IGNORECASE)


class Loader:
    """Loads texts into a store, in a thread of its own; on leaving it, all is there.

    To hand over a text takes as long as to load a small one. So small ones are joined: behind each
    other they are Turtle too, unless one has a base, or blank nodes, whose names are its own.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1)
        self._loads: list[Future[None]] = []
        self._begun: list[Future[None]] = []
        self._texts: list[bytes] = []
        self._size = 0

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._thread:
            if kind is None:
                self._join()
        for load in self._loads if kind is None else ():
            load.result()

    def begin(self, text: bytes) -> None:
        """Begin with a text, if it is large, before it is known to be Turtle."""
        if len(text) > _AT_A_TIME:
            self._begun.append(self._submit(text))

    def give_up(self) -> None:
        """Pass over what was begun, of which the store takes in nothing."""
        self._begun.clear()

    def take(self, text: bytes) -> None:
        """Load a text that has no blank nodes."""
        if self._begun:
            self._loads.append(self._begun.pop())
        elif b"base" in text.lower() and _BASE.search(text):  # the first is quick
            self._loads.append(self._submit(text))
        else:
            self._texts.append(text)
            self._size += len(text)
            if self._size > _AT_A_TIME:
                self._join()

    def run(self, load: Callable[[Store], None]) -> None:
        """Have something loaded in another way."""
        self._loads.append(self._thread.submit(load, self._store))

    def _join(self) -> None:
        if self._texts:
            self._loads.append(self._submit(b"\n".join(self._texts)))
        self._texts, self._size = [], 0

    def _submit(self, text: bytes) -> Future[None]:
        return self._thread.submit(self._store.load, text, format=RdfFormat.TURTLE)
