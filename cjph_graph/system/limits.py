"""How large and how long: the bounds that everything here keeps, and how they are raised.

One size bounds what is read and, by what a triple or a value takes up, what is made of it. Time
and memory are watched from outside the work, which may be deep inside native code.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from cjph_graph.errors import LimitError, UsageError

MAX_SIZE = 20_000_000
# What is dense counts for more than its bytes: `1,2,3` has a triple in every two of them.
BYTES_PER_TRIPLE = 100
BYTES_PER_VALUE = 20
_T = TypeVar("_T")
_UNITS = {"": 1, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_INTERVAL = 0.025

_size: ContextVar[int] = ContextVar("size", default=MAX_SIZE)
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
_starting = threading.Lock()  # the size of a stack is set for all threads that start


class Reason(StrEnum):
    """Why a piece of work is ended before it is done."""

    TIME = "time"
    MEMORY = "memory"
    INTERRUPT = "interrupt"


@contextmanager
def limits(*, max_size: int | None = None, timeout: float | None = None) -> Iterator[None]:
    """Keep other bounds than the usual ones within a `with` block.

    `max_size` is in bytes. `timeout` is in seconds and ends queries with LimitError; it cannot
    end a validation, for which there is the command.
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


def remaining() -> float | None:
    """Return for how many seconds a query may still run; None for as long as it takes."""
    deadline = _deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def beside(work: Callable[[], _T], what: str, *, stack: int = 0) -> _T:
    """Return what `work` returns, and raise what it raises.

    It runs beside the caller, who need not wait longer than is allowed, though what runs on is
    not ended: then LimitError says that `what` takes too long. `stack` is in bytes.
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
        raise LimitError(f"{what} takes longer than it may.", "Allow more time for it.")
    if errors:
        raise errors[0]
    return results[0]


def too_large(name: str) -> LimitError:
    """Return the error for something with more bytes than are allowed."""
    return LimitError(f"{name} is larger than {as_text(max_size())}.", raised())


def raised() -> str:
    """Return the sentence that says how to raise the size."""
    return f"Allow more with --max-size, say --max-size {as_text(max_size() * 5)}."


def parse_size(text: str) -> int:
    """Return a size in bytes, given as `20MB`, `1.5 GB` or `20000000`.

    Raises UsageError when it is none.
    """
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?) ?([KMG]?)B?", text.strip(), re.A | re.I)
    size = int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
    if not size:
        raise UsageError(f"{text!r} is no size.", "Write one as 20MB, 1.5GB or 20000000.")
    return size


def as_text(size: int) -> str:
    """Return a size as people write it: `20 MB`."""
    for unit, factor in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{round(size / factor, 1):g} {unit}"
    return f"{size} bytes"


class Watch:
    """Watches over a piece of work and calls `end` when it must not go on.

    `end` gets the reason and may come from any thread, while the work is still under way: it can
    only end the process. A thread looks at clock and memory, which works while native code runs,
    as that lets other threads run. A regular expression doesn't, but hears signals, if it runs in
    the main thread and the system has an alarm (Windows has none). A signal alone would not reach
    native code, so Ctrl-C is passed on to the thread.
    """

    _running: "Watch | None" = None

    def __init__(
        self, end: Callable[[Reason], None], *, seconds: float = 0, memory: int = 0
    ) -> None:
        self._end = end
        self._seconds = seconds
        self._memory = memory
        self._stopped = threading.Event()
        self._undo: list[Callable[[], object]] = []

    def __enter__(self) -> "Watch":
        Watch._running = self
        bell = None
        if os.name == "posix" and threading.current_thread() is threading.main_thread():
            bell = self._hear_signals()
        deadline = time.monotonic() + self._seconds if self._seconds else None
        thread = threading.Thread(target=self._look, args=(deadline, bell), daemon=True)
        thread.start()
        self._undo.insert(1, thread.join)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Watch no longer; what is still to be done is to hand over a result."""
        Watch._running = None
        self._stopped.set()
        while self._undo:
            self._undo.pop(0)()

    @classmethod
    def stop_running(cls) -> None:
        """Stop the watch that is on, if there is one."""
        if cls._running:
            cls._running.stop()

    def _hear_signals(self) -> int:
        import signal

        bell, rope = os.pipe()
        os.set_blocking(rope, False)
        before = signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
        alarm = signal.signal(signal.SIGALRM, lambda *_: self._end(Reason.TIME))
        interrupt = signal.signal(signal.SIGINT, lambda *_: self._end(Reason.INTERRUPT))
        signal.setitimer(signal.ITIMER_REAL, self._seconds)
        self._undo = [
            lambda: os.write(rope, b"\0"),
            lambda: signal.setitimer(signal.ITIMER_REAL, 0),
            lambda: signal.signal(signal.SIGALRM, alarm),
            lambda: signal.signal(signal.SIGINT, interrupt),
            lambda: signal.set_wakeup_fd(before),
            lambda: os.close(rope),
            lambda: os.close(bell),
        ]
        return bell

    def _look(self, deadline: float | None, bell: int | None) -> None:
        while not self._stopped.is_set():
            if bell is None:
                self._stopped.wait(_INTERVAL)
            elif _rung(bell):
                self._end(Reason.INTERRUPT)
            if self._stopped.is_set():
                return
            if deadline is not None and time.monotonic() > deadline:
                self._end(Reason.TIME)
            if self._memory and _resident() > self._memory:
                self._end(Reason.MEMORY)


def _rung(bell: int) -> bool:
    """Wait for a moment; say whether Ctrl-C was heard in it."""
    from select import select
    from signal import SIGINT

    ready = select([bell], [], [], _INTERVAL)[0]
    return bool(ready) and SIGINT in os.read(bell, 512)


def _resident() -> int:
    """Return how many bytes of memory this process holds; 0 where that is not known."""
    try:
        pages = Path("/proc/self/statm").read_bytes().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    # Without /proc this is a Mac, which counts bytes, and the most that was ever held.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
