"""The process of a command: its streams, its limits, how it ends and with which exit code.

The library's own functions keep to bounds on size and time. What is here concerns a process as a
whole, and the library does not know of it.

Ctrl-C ends the process by the system's own means, at any moment: nothing has to be put in order, as
a file is written under a random name and renamed when it is whole. Python's own way would be a
traceback in the first moments, and nothing at all while a query runs in native code.
"""

import os
import sys
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from time import monotonic, sleep

_INTERVAL = 0.025
_TURN = 0.1

DONE, FINDINGS, COULD_NOT, LIMIT = 0, 1, 2, 3


class Reason(StrEnum):
    """Why a piece of work is ended before it is done."""

    TIME = "time"
    MEMORY = "memory"


def prepare() -> None:
    """Let Ctrl-C end the process, and fill the places of standard streams that are closed.

    Otherwise the next file that is opened would get the number of the closed stream, and the output
    meant for it. A closed `sys.stdin` or `sys.stdout` stays None, so that a command can say so.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 it is open to the end


def silence(number: int) -> None:
    """Send a stream that is full or closed to nowhere: Python flushes it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


class Watch:
    """Calls `end` when the work in a `with` block takes too long or too much memory.

    `seconds` and `memory` (in bytes) of 0 are no limit. `end` is called while the work goes on, by
    any thread: it can only end the process.

    A thread looks at the clock and at memory. That works while native code runs, as pyoxigraph lets
    other threads run. A regular expression in Python doesn't, but hears signals, and so there is an
    alarm as well, where the system has one (Windows has none).
    """

    def __init__(
        self, end: Callable[[Reason], None], *, seconds: float = 0, memory: int = 0
    ) -> None:
        self._end = end
        self._seconds = seconds
        self._memory = memory
        self._deadline = monotonic() + seconds if seconds else None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        if self._seconds and _hears_alarms():
            import signal

            signal.signal(signal.SIGALRM, lambda *_: self._end(Reason.TIME))
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._seconds and _hears_alarms():
            import signal

            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_INTERVAL):
            if self._deadline is not None and monotonic() > self._deadline:
                self._end(Reason.TIME)
            if self._memory and _resident() > self._memory:
                self._end(Reason.MEMORY)


def _hears_alarms() -> bool:
    return os.name == "posix" and threading.current_thread() is threading.main_thread()


_ending = threading.Lock()


def end_now(message: str) -> None:
    """Say why on standard error and end the process with LIMIT, whatever it is doing.

    The work may be in native code for minutes to come: there `sys.exit` would not reach it, and
    from another thread it would end that thread only. Nothing has been written yet.
    """
    try:
        if _ending.acquire(blocking=False):
            os.write(2, f"cjph: {message}\n".encode())  # the usual way may be in use just now
        else:
            sleep(_TURN)  # thread and alarm came at once, and the other one waits for its turn
    finally:
        os._exit(LIMIT)


def _resident() -> int:
    """Return how many bytes of memory this process or a worker of it holds; 0 if not known."""
    try:
        own = os.getpid()
        workers = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    except OSError:
        workers = []
    if most := max(map(_pages, ("self", *workers))):
        return most * os.sysconf("SC_PAGE_SIZE")
    try:
        import resource
    except ImportError:
        return 0
    # Without /proc this is a Mac, which gives the peak, in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _pages(process: str) -> int:
    """Return how many pages of memory a process holds; 0 for one that has ended."""
    try:
        return int(Path(f"/proc/{process}/statm").read_bytes().split()[1])
    except (OSError, IndexError):
        return 0
