"""An engine with another standing by, for when it is slow or broken.

A store on disk is opened at once, while one in memory has to be loaded first and is then several
times as quick: for a query that looks at much of the graph, loading it is the shorter way, and
nothing tells that beforehand. So the first engine is asked, and if it has not answered after a
while the other is made as well, beside it, and asked the same: whichever answers first has it.
"""

import threading
from collections.abc import Callable
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import TypeVar

from cjph_graph.errors import InputError, LimitError
from cjph_graph.sparql.engine import Engine, Rows, Triples
from cjph_graph.system.limits import remaining

_T = TypeVar("_T")


class Standby:
    """The engine that asks `first`, and one that is made when that takes long.

    `patience` is for how many seconds it is asked alone; None is for as long as it takes. When it
    fails because of what is on disk, `broken` is called, and the other is asked instead. From its
    first answer on the other is asked alone.
    """

    def __init__(
        self,
        first: Engine,
        make: Callable[[], Engine],
        *,
        patience: float | None,
        broken: Callable[[], None],
    ) -> None:
        self._first = first
        self._make = make
        self._patience = patience
        self._broken = broken
        self._other: Engine | None = None

    def select(self, text: str) -> Rows:
        """Answer a SELECT: in the order it asks for, else sorted."""
        return self._asked(lambda engine: engine.select(text))

    def scan(self, text: str) -> Rows:
        """Answer a SELECT as it is found."""
        return self._asked(lambda engine: engine.scan(text))

    def ask(self, text: str) -> bool:
        """Answer an ASK."""
        return self._asked(lambda engine: engine.ask(text))

    def construct(self, text: str) -> Triples:
        """Answer a CONSTRUCT or a DESCRIBE."""
        return self._asked(lambda engine: engine.construct(text))

    def _asked(self, ask: Callable[[Engine], _T]) -> _T:
        if self._other:
            return ask(self._other)
        answers: SimpleQueue[tuple[bool, _T | Exception]] = SimpleQueue()
        self._start(True, ask, answers)
        running, both = 1, False
        while True:
            patience = None if both else self._patience
            try:
                of_first, answer = answers.get(timeout=_shorter(patience, remaining()))
            except Empty:
                if both or remaining() == 0:
                    raise LimitError(
                        "The query takes longer than it may.", "Allow more time for it."
                    ) from None
            else:
                running -= 1
                if not isinstance(answer, Exception):
                    return answer
                broken = _is_broken(answer)
                if of_first and broken:
                    self._broken()
                if (of_first and not broken) or (both and not running):
                    raise answer
            if not both:
                self._start(False, ask, answers)
                running, both = running + 1, True

    def _start(
        self,
        of_first: bool,
        ask: Callable[[Engine], _T],
        answers: "SimpleQueue[tuple[bool, _T | Exception]]",
    ) -> None:
        def run() -> None:
            try:
                answers.put((of_first, ask(self._first) if of_first else self._ask_other(ask)))
            except Exception as error:
                answers.put((of_first, error))

        threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()

    def _ask_other(self, ask: Callable[[Engine], _T]) -> _T:
        other = self._make()
        answer = ask(other)
        self._other = other
        return answer


def _is_broken(answer: object) -> bool:
    """Say whether an engine failed on its store, and not on what it was asked."""
    cause = answer.__cause__ if isinstance(answer, InputError) else None
    return isinstance(cause, OSError | RuntimeError) or not isinstance(cause, Exception | None)


def _shorter(one: float | None, other: float | None) -> float | None:
    return min((value for value in (one, other) if value is not None), default=None)
