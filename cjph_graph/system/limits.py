"""Bounds on size and time that everything here keeps to, and how to raise them.

One size bounds what is read and, by what a triple or a value takes up, what is made from it.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import TypeVar

from cjph_graph.errors import LimitError, UsageError

MAX_SIZE = 20_000_000
# What is dense counts for more than its bytes: `1,2,3` has a triple in every two of them.
BYTES_PER_TRIPLE = 100
BYTES_PER_VALUE = 20
_T = TypeVar("_T")
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000}

_size: ContextVar[int] = ContextVar("size", default=MAX_SIZE)
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
_starting = threading.Lock()  # the size of a stack is set for all threads that start


@contextmanager
def limits(*, max_size: int | None = None, timeout: float | None = None) -> Iterator[None]:
    """Keep other bounds than the usual ones within a `with` block.

    `max_size` is in bytes. `timeout` is in seconds and ends queries with LimitError; it cannot end
    a validation, which only the command can do.
    """
    kept = _size.set(max_size if max_size is not None else _size.get())
    until = _deadline.set(time.monotonic() + timeout if timeout else _deadline.get())
    try:
        yield
    finally:
        _size.reset(kept)
        _deadline.reset(until)


def max_size() -> int:
    """Return how many bytes a file, a stream or an answer may have."""
    return _size.get()


def max_values() -> int:
    """Return how many values an answer may have."""
    return max_size() // BYTES_PER_VALUE


def remaining() -> float | None:
    """Return for how many seconds a query may still run; None for as long as it takes."""
    deadline = _deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def within_time(work: Callable[[], _T], what: str, *, stack: int = 0) -> _T:
    """Return what `work` returns, and raise what it raises.

    It runs in a thread, so that the caller need not wait longer than is allowed: then LimitError
    says that `what` takes too long, though the work itself is not ended. `stack` is in bytes.
    """
    results: list[_T] = []
    errors: list[BaseException] = []
    context = copy_context()

    def run() -> None:
        try:
            results.append(context.run(work))
        except BaseException as error:
            # What its frames hold may not be let go of in another thread.
            errors.append(error.with_traceback(None))

    thread = threading.Thread(target=run, daemon=True)
    with _starting:
        usual = threading.stack_size(stack)
        try:
            thread.start()
        finally:
            threading.stack_size(usual)
    thread.join(remaining())
    if thread.is_alive():
        raise LimitError(f"{what} takes longer than is allowed.", "Allow more time for it.")
    if errors:
        raise errors[0]
    return results[0]


def too_large(name: str) -> LimitError:
    """Return the error for something with more bytes than are allowed."""
    return LimitError(f"{name} is larger than {size_text(max_size())}.", raised())


def too_many(most: int, what: str) -> LimitError:
    """Return the error for an answer with more `values`, rows or triples than are allowed."""
    return LimitError(f"The answer has more than {most:,} {what}.", f"Add a LIMIT. {raised()}")


def raised() -> str:
    """Return the sentence that says how to raise the size."""
    return f"Allow more with --max-size, say --max-size {size_text(max_size() * 5)}."


def parse_size(text: str) -> int:
    """Return a size in bytes, given as `20MB`, `1.5 GB` or `20000000`.

    Raises UsageError when it is not a size.
    """
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?) ?([KMG]?)B?", text.strip(), re.A | re.I)
    size = int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
    if not size:
        raise UsageError(f"{text!r} is not a size.", "Write one as 20MB, 1.5GB or 20000000.")
    return size


def size_text(size: int) -> str:
    """Return a size as people write it: `20 MB`."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{round(size / factor, 1):g} {unit}"
    return f"{size} bytes"
