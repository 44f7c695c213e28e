"""The keeper: a process that loads a graph once and forks workers, which can be ended at any time.

A query that runs in the store cannot be stopped from within its process, a text of 50 thousand
braces overflows the stack, and a sort over a product of the graph with itself takes all memory. So
each piece of work is done in a worker, a process that may be killed while all others go on.

      web process ──"fork"──▶ keeper (graph, pages; one thread, no loop of events)
           │                     │ fork: 1 to 15 ms, the memory is shared until it is written to
           │ ◀─── a socket ──────┤
           │                     ▼
           └──── job, answer ── worker ── one job after the other, until it is killed or told to go

The web process never forks: it has threads and open connections, of which a copy would be a fault
waiting to happen. The keeper has neither. It is started as a new program, and again if it dies;
then the workers go on with what they have, as each is whole in itself.

A worker may take some memory beyond the keeper's (RLIMIT_AS); its time is counted by the web
process, which has it killed, and by the system (RLIMIT_CPU), should all others be gone. When the
web process is gone, its end of the socket closes: an idle worker leaves at once, the keeper kills
those that work and leaves.

Requests to the keeper are single bytes, FORK, FORK_FREE (without a bound on memory, for work that
no client has thought of) or KILL with a process number; it answers the first two with a process
number and a file descriptor. First of all it says how many triples it has, or why it cannot go on.
"""

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cjph_graph.errors import CjphError
from cjph_graph.publish.serve.bounds import bound_memory, bound_time
from cjph_graph.publish.serve.worker_messages import packed, receive, send_answer

FORK, FORK_FREE, KILL = b"F", b"L", b"K"
NUMBER = struct.Struct("!I")

# A job and what comes of it: the answer, and what it is.
Work = Callable[[dict[str, Any]], tuple[bytes, dict[str, Any]]]


class Keeper:
    """Forks workers for the process at the other end of a socket, until that one is gone."""

    def __init__(self, control: socket.socket, work: Work, megabytes: int, seconds: float) -> None:
        self._control = control
        self._work = work
        self._megabytes = megabytes
        self._seconds = seconds
        self._workers: set[int] = set()
        # A signal's arrival is a byte here, so that `select` returns for it as for a request.
        self._arrived, arrival = socket.socketpair()
        for end in (self._arrived, arrival):
            end.setblocking(False)
        self._arrival = arrival

    def run(self) -> None:
        """Take requests until the other side has left; then end all workers."""
        signal.set_wakeup_fd(self._arrival.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web process to hear
        try:
            # The other side may leave in the middle of a request or of an answer.
            with contextlib.suppress(ConnectionError):
                while self._take_next():
                    pass
        finally:
            signal.set_wakeup_fd(-1)
            for number in self._workers:
                os.kill(number, signal.SIGKILL)

    def _take_next(self) -> bool:
        ready, _, _ = select.select([self._control, self._arrived], [], [])
        if self._arrived in ready:
            with contextlib.suppress(BlockingIOError):
                self._arrived.recv(4096)
            self._reap()
        return self._control not in ready or self._take_request()

    def _take_request(self) -> bool:
        request = self._control.recv(1)
        if request in (FORK, FORK_FREE):
            self._fork(bounded=request == FORK)
        elif request == KILL:
            number = NUMBER.unpack(self._control.recv(NUMBER.size, socket.MSG_WAITALL))[0]
            # Ended workers are reaped in this thread only, so that their numbers are not reused
            # before.
            if number in self._workers:
                os.kill(number, signal.SIGKILL)
        return bool(request)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while number := os.waitpid(-1, os.WNOHANG)[0]:
                self._workers.discard(number)

    def _fork(self, *, bounded: bool) -> None:
        ours, theirs = socket.socketpair()
        number = os.fork()
        if number == 0:
            ours.close()
            self._become_worker(theirs, bounded=bounded)
        theirs.close()
        self._workers.add(number)
        socket.send_fds(self._control, [NUMBER.pack(number)], [ours.fileno()])
        ours.close()

    def _become_worker(self, connection: socket.socket, *, bounded: bool) -> None:
        """Do jobs until the other side has left, and end this process."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            if bounded:
                bound_memory(self._megabytes)
            while (job := receive(connection)) is not None:
                if bounded:
                    bound_time(self._seconds)
                body, about = self._work(json.loads(job))
                send_answer(connection, body, about)
        except (OSError, MemoryError):
            pass  # the other side has left, or notices that this one has
        finally:
            os._exit(0)


def main() -> None:
    """Be a keeper: the arguments are the number of a socket, and the settings as JSON."""
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    try:
        from cjph_graph.publish.serve.work import Desk

        desk = Desk(Path(settings["home"]), settings["largest_answer"], settings["maker"])
    except CjphError as error:
        control.sendall(packed(json.dumps(error_as_json(error)).encode()))
        return
    desk.open()
    # What exists now stays: collecting it would only copy shared memory.
    gc.collect()
    gc.freeze()
    control.sendall(packed(json.dumps({"triples": desk.triples}).encode()))
    Keeper(control, desk.do, settings["megabytes"], settings["seconds"]).run()
    clear(Path(settings["folder"]), os.getpid())


def error_as_json(error: CjphError) -> dict[str, Any]:
    """Return an error as JSON, from which the web process makes it again."""
    return {"error": error.message, "hint": error.hint, "exit_code": error.exit_code}


def clear(folder: Path, number: int) -> None:
    """Remove what a process, or its workers, have written below a folder."""
    shutil.rmtree(folder / str(number), ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
