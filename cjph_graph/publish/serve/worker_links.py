"""A keeper and its workers, as the web process sees them: sockets and process numbers."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from cjph_graph.errors import CjphError
from cjph_graph.publish.serve.keeper import FORK, FORK_FREE, KILL, NUMBER
from cjph_graph.publish.serve.options import ServerOptions
from cjph_graph.publish.serve.worker_messages import HEADER, length, packed

_LOWER = 10
# Where `/proc/PID/stat` has the processor time, counted after the name (`man proc`).
_USER = 11


class LostError(Exception):
    """A worker ended in the middle of its job: too much memory, or nested too deep."""


@dataclass
class Worker:
    """A process that does one job at a time."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    keeper: "WorkerLink"
    slowed: bool = False

    async def do(self, job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """Return the result of a job: its bytes, and their description."""
        self.writer.write(packed(json.dumps(job).encode()))
        await self.writer.drain()
        body = await self._frame()
        about: dict[str, Any] = json.loads(await self._frame())
        return body, about

    async def _frame(self) -> bytes:
        return await self.reader.readexactly(length(await self.reader.readexactly(HEADER)))

    def used(self) -> float:
        """Return how many seconds of a processor it has used; of the clock, where none can tell."""
        try:
            numbers = Path(f"/proc/{self.number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(numbers[_USER]) + int(numbers[_USER + 1])) / os.sysconf("SC_CLK_TCK")

    def slow_down(self) -> None:
        """Let shorter jobs go first."""
        self.slowed = True
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self.number, _LOWER)

    def end(self) -> None:
        """Kill the process, whatever it does."""
        self.writer.close()
        self.keeper.kill(self.number)


class WorkerLink(Protocol):
    """Starts workers over a home, and ends them."""

    triples: int

    @property
    def number(self) -> int:
        """A number that no other has at the same time."""

    @property
    def is_alive(self) -> bool:
        """Whether it still takes requests."""

    async def fork(self, *, bounded: bool = True) -> Worker:
        """Return a new worker, with a bound on its memory. Raises LostError when it can't."""

    def kill(self, number: int) -> None:
        """Let a worker be killed."""

    async def stop(self) -> None:
        """End what it has started, and remove what it has written."""


def settings_of(home: Path, options: ServerOptions, folder: Path) -> dict[str, Any]:
    """Return what another process must know, as a JSON object."""
    return {
        "home": str(home),
        "megabytes": options.megabytes,
        "seconds": options.seconds,
        "largest_answer": options.largest_answer,
        "maker": options.maker,
        "folder": str(folder),
    }


def as_error(told: dict[str, Any]) -> CjphError:
    """Return the error that another process has reported."""
    error = CjphError(told["error"], told["hint"])
    error.exit_code = told["exit_code"]
    return error


class KeeperLink:
    """A keeper, as the web process sees it."""

    def __init__(self, process: "subprocess.Popen[bytes]", control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._one_at_a_time = asyncio.Lock()
        # Its end of the socket closes a moment before the system says that it has ended.
        self._is_gone = False
        self.triples = 0

    @classmethod
    async def start(cls, home: Path, options: ServerOptions, folder: Path) -> "KeeperLink":
        """Start a keeper and wait until it has loaded a home.

        When it ends it removes what has its number within `folder`. Raises the CjphError that
        keeps it from loading.
        """
        ours, theirs = socket.socketpair()
        settings = settings_of(home, options, folder)
        process = subprocess.Popen(  # noqa: S603 it returns at once
            [
                sys.executable,
                "-c",
                "from cjph_graph.publish.serve.keeper import main; main()",
                str(theirs.fileno()),
                json.dumps(settings),
            ],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        ours.setblocking(False)
        link = cls(process, ours)
        told = await link._first_word()
        if "error" in told:
            await link.stop()
            raise as_error(told)
        link.triples = told["triples"]
        return link

    async def _first_word(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        found = b""
        while len(found) < HEADER or len(found) < HEADER + length(found[:HEADER]):
            piece = await loop.sock_recv(self._control, 65_536)
            if not piece:
                return {
                    "error": "The process that keeps the graph ended before it was ready.",
                    "hint": "What it wrote to standard error says why.",
                    "exit_code": 2,
                }
            found += piece
        told: dict[str, Any] = json.loads(found[HEADER:])
        return told

    @property
    def number(self) -> int:
        """The number of its process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still takes requests."""
        return not self._is_gone and self._process.poll() is None

    async def fork(self, *, bounded: bool = True) -> Worker:
        """Return a new worker, with a bound on its memory. LostError when the keeper is gone."""
        loop = asyncio.get_running_loop()
        async with self._one_at_a_time:
            try:
                await loop.sock_sendall(self._control, FORK if bounded else FORK_FREE)
                number, handle = await self._next_worker()
            except OSError as error:
                self._is_gone = True
                raise LostError from error
        connection = socket.socket(fileno=handle)
        reader, writer = await asyncio.open_connection(sock=connection, limit=1 << 20)
        return Worker(number, reader, writer, self)

    async def _next_worker(self) -> tuple[int, int]:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._control, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._control)
        data, handles, _, _ = socket.recv_fds(self._control, NUMBER.size, 1)
        if not data or not handles:
            raise ConnectionResetError
        return NUMBER.unpack(data)[0], handles[0]

    def kill(self, number: int) -> None:
        """Let a worker be killed."""
        with contextlib.suppress(OSError):
            if self.is_alive:
                self._control.send(KILL + NUMBER.pack(number))
            else:
                # Nobody else knows of it any more.
                os.kill(number, signal.SIGKILL)

    async def stop(self) -> None:
        """End the keeper, and with it those of its workers that are at work."""
        self._control.close()
        try:
            await asyncio.to_thread(self._process.wait, 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
