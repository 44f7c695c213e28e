"""Work that is shared out among this process and copies of it.

    for number, text in shared_out([[partial(page, 1)], [partial(page, 2)]], processes=2):
        …  # what the job `number` returned, in the order in which jobs are done

A worker is forked: it has all that this process has read, and the memory is shared until it is
written to. It is sent the number of a group of jobs, does them one after the other, and sends back
what they return. As Python writes to all that it looks at, a copy comes to hold as much as this
process; so a thread of this process does the work of one. When this process ends, however it does,
its workers end too: the system kills them, or else they find nobody to answer.

Where a process cannot be copied while it has threads (macOS) or at all (Windows), the jobs are done
here, one after the other. What they return must be the same wherever they are done.
"""

import ctypes
import gc
import os
import pickle
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, TypeAlias, TypeVar, cast

from cjph_graph.errors import LimitError
from cjph_graph.system.progress import listening

_T = TypeVar("_T")
_Connection: TypeAlias = "Connection[Any, Any]"
_Groups: TypeAlias = "Sequence[Sequence[Callable[[], _T]]]"

# Of prctl: the signal to send when the parent dies.
_PARENT_DEATH = 1


def processors() -> int:
    """Return how many processors this process may use; 1 where it cannot be copied."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def shared_out(groups: "_Groups[_T]", *, processes: int) -> Iterator[tuple[int, _T]]:
    """Yield what each job returns with its number, counted through all groups.

    The jobs of a group are done in order by one process. Raises what a job raises, and LimitError
    when a worker is ended from outside.
    """
    firsts = [0, *accumulate(map(len, groups))]
    processes = min(processes, len(groups))
    if processes < 2 or sys.platform != "linux":
        with _frozen() if groups else nullcontext():
            for first, group in zip(firsts, groups, strict=False):
                yield from ((first + place, job()) for place, job in enumerate(group))
        return
    with _frozen(), _Crew(groups, processes - 1, here=True) as crew:
        for number, results in crew.answers():
            yield from ((firsts[number] + place, result) for place, result in enumerate(results))


@contextmanager
def begun(job: "Callable[[], _T]") -> "Iterator[Callable[[], _T]]":
    """Begin a job in a copy of this process, and yield what waits for it and returns its result.

    The memory that it takes goes with the copy. Where processes can't be copied, the job is done
    when its result is asked for. Raises what `shared_out` does.
    """
    if sys.platform != "linux":
        yield job
        return
    with _frozen(), _Crew([[job]], 1) as crew:
        answers = crew.answers()
        yield lambda: next(answers)[1][0]


@contextmanager
def _frozen() -> Iterator[None]:
    """Leave what is there now out of the search for garbage: it is there to stay.

    Looking at it takes half a second for a large graph, again and again, and in a worker copies it.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@dataclass(frozen=True)
class _Worker:
    """A process or a thread that is sent numbers; `end` returns when it has ended."""

    connection: _Connection
    end: Callable[[], object]


class _Crew:
    """Workers for the jobs of some groups, within a `with` block: copies, and with `here` a thread.

    The thread takes the place of a copy, and so of the memory that this one would come to hold.
    """

    def __init__(self, groups: "_Groups[Any]", copies: int, *, here: bool = False) -> None:
        self._groups = groups
        self._copies = copies
        self._here = here
        self._workers: list[_Worker] = []
        self._numbers = iter(range(len(groups)))
        self._busy: dict[_Connection, int] = {}

    def __enter__(self) -> "_Crew":
        for _ in range(self._copies):
            self._hire()
        if self._here:
            self._take_part()
        for worker in self._workers:
            self._give(worker.connection)
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.connection.close()
        for worker in self._workers:
            worker.end()

    def _hire(self) -> None:
        ours, theirs = Pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # The warning is that there are threads: those here watch clocks, and hold no lock for
            # long.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
        if process == 0:
            for other in (ours, *(each.connection for each in self._workers)):
                other.close()
            _work(theirs, self._groups, parent)
        theirs.close()
        self._workers.append(_Worker(ours, partial(_kill, process)))

    def _take_part(self) -> None:
        """Begin a thread that works as the copies do; they are made before it, and have none."""
        ours, theirs = Pipe()
        arguments = (_do, theirs, self._groups)
        thread = threading.Thread(target=copy_context().run, args=arguments, daemon=True)
        thread.start()
        self._workers.append(_Worker(ours, thread.join))

    def answers(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield what the jobs of each group return, with the group's number."""
        while self._busy:
            for ready in wait(list(self._busy)):
                connection = cast("_Connection", ready)
                number = self._busy.pop(connection)
                results = _received(connection)
                self._give(connection)
                yield number, results

    def _give(self, connection: _Connection) -> None:
        if (number := next(self._numbers, None)) is not None:
            self._busy[connection] = number
            with suppress(BrokenPipeError):  # reading from it will tell that it has ended
                connection.send(number)


def _received(connection: _Connection) -> list[Any]:
    try:
        results, error = connection.recv()
    except (EOFError, OSError):
        raise LimitError(
            "A process that does part of the work was ended from outside.",
            "There may have been too little memory for it. Allow one process with --jobs 1.",
        ) from None
    if error is not None:
        raise error
    found: list[Any] = results
    return found


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def _work(connection: _Connection, groups: "_Groups[Any]", parent: int) -> None:
    """Do groups of jobs until the other side has left, and end this process."""
    try:
        _die_with(parent)
        _do(connection, groups)
    finally:
        os._exit(0)


def _do(connection: _Connection, groups: "_Groups[Any]") -> None:
    """Do groups of jobs, as their numbers come, until the other side has left."""
    with connection, suppress(EOFError, OSError), listening(lambda *_: None):
        while True:
            connection.send(_answer(groups[connection.recv()]))


def _die_with(parent: int) -> None:
    """Have this process killed when its parent dies, where the system can."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _answer(jobs: Sequence[Callable[[], Any]]) -> tuple[list[Any], BaseException | None]:
    try:
        return [job() for job in jobs], None
    except Exception as error:
        return [], _portable(error)


def _portable(error: Exception) -> Exception:
    """Return an error that can be sent: itself with where it was, or only that."""
    where = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 it is our own
    except Exception:
        return RuntimeError(where)
    error.add_note(where)
    return error
