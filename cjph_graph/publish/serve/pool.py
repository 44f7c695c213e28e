"""The web process's side of its workers: who gets one, for how long, and what if it does not end.

Fairness is kept in three ways. There are more workers than cores, of which one client can have only
some at once; those that wait are served client by client in turn; and a worker that takes longer
than a short question would is given less of the processor, so that short questions overtake it. As
no process may raise itself again, such a worker is not used a second time.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cjph_graph.errors import CjphError
from cjph_graph.publish.serve.frames import HEADER, length, packed
from cjph_graph.publish.serve.keeper import FORK, KILL, NUMBER
from cjph_graph.publish.serve.options import Options

# After so many seconds a job is a long one.
_LONG = 0.3
_LOWER = 10
# Who is lost sooner has not begun.
_AT_ONCE = 0.05


class BusyError(Exception):
    """Nobody is free, and enough wait already."""


class LateError(Exception):
    """A job took longer than it may."""


class LostError(Exception):
    """A worker ended in the middle of its job: too much memory, or nested too deep."""


@dataclass
class Worker:
    """A process that does one job at a time."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    keeper: "KeeperLink"
    slowed: bool = False

    async def do(self, job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """Return what a job comes to: its bytes, and what they are."""
        self.writer.write(packed(json.dumps(job).encode()))
        await self.writer.drain()
        body = bytearray()
        while piece := await self._frame():
            body += piece
        about: dict[str, Any] = json.loads(await self._frame())
        return bytes(body), about

    async def _frame(self) -> bytes:
        return await self.reader.readexactly(length(await self.reader.readexactly(HEADER)))

    def slow_down(self) -> None:
        """Let shorter jobs go first."""
        self.slowed = True
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self.number, _LOWER)

    def end(self) -> None:
        """Kill the process, whatever it does."""
        self.writer.close()
        self.keeper.kill(self.number)


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
    async def start(cls, home: Path, options: Options) -> "KeeperLink":
        """Start a keeper and wait until it has loaded a home.

        Raises the CjphError that keeps it from doing so.
        """
        ours, theirs = socket.socketpair()
        settings = {
            "home": str(home),
            "megabytes": options.megabytes,
            "largest_answer": options.largest_answer,
        }
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
            link.stop()
            error = CjphError(told["error"], told["hint"])
            error.exit_code = told["exit_code"]
            raise error
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
    def is_alive(self) -> bool:
        """Whether it still takes requests."""
        return not self._is_gone and self._process.poll() is None

    async def fork(self) -> Worker:
        """Return a new worker. Raises LostError when the keeper is gone."""
        loop = asyncio.get_running_loop()
        async with self._one_at_a_time:
            try:
                await loop.sock_sendall(self._control, FORK)
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

    def stop(self) -> None:
        """End the keeper, and with it those of its workers that are at work."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
            return
        self._process.kill()
        self._process.wait()


@dataclass
class Queue:
    """Who may start: at most `most` at once, `each` of them for one client, in turn."""

    most: int
    each: int
    waiting: int
    _running: dict[str, int] = field(default_factory=dict)
    _lines: "dict[str, deque[asyncio.Future[None]]]" = field(default_factory=dict)

    async def enter(self, client: str, patience: float) -> None:
        """Return when a client's next job may start; BusyError if it can't wait."""
        if client not in self._lines and self._is_free(client):
            self._start(client)
            return
        if sum(map(len, self._lines.values())) >= self.waiting:
            raise BusyError
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(turn)
        try:
            async with asyncio.timeout(patience):
                await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled():
                self.leave(client)  # its turn came in the very moment
            self._forget(client, turn)
            if isinstance(error, TimeoutError):
                raise BusyError from None
            raise

    def leave(self, client: str) -> None:
        """Say that a job has ended."""
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._call_next()

    def _is_free(self, client: str) -> bool:
        return sum(self._running.values()) < self.most and self._running.get(client, 0) < self.each

    def _start(self, client: str) -> None:
        self._running[client] = self._running.get(client, 0) + 1

    def _call_next(self) -> None:
        for client in list(self._lines):
            line = self._lines[client]
            while line and self._is_free(client):
                turn = line.popleft()
                if not turn.done():
                    self._start(client)
                    turn.set_result(None)
                    # Whoever has had a turn goes to the end of the line of clients.
                    self._lines[client] = self._lines.pop(client)
                    break
            if not line:
                self._lines.pop(client, None)

    def _forget(self, client: str, turn: "asyncio.Future[None]") -> None:
        line = self._lines.get(client)
        if line and turn in line:
            line.remove(turn)
            if not line:
                del self._lines[client]


class Pool:
    """Workers of a home, as many as are needed and allowed."""

    def __init__(self, home: Path, options: Options) -> None:
        self._home = home
        self._options = options
        self._keeper: KeeperLink | None = None
        self._idle: list[Worker] = []
        self._starting = asyncio.Lock()
        self._queue = Queue(options.workers, options.per_client, options.waiting)
        self._folder = TemporaryDirectory(prefix="cjph-")
        self._files: tuple[int, asyncio.Future[tuple[Path, frozenset[str]]]] | None = None
        self.generation = 0

    async def start(self) -> int:
        """Load the home; return how many triples it has. Raises the CjphError that prevents it."""
        return (await self._living_keeper()).triples

    async def renew(self) -> None:
        """Take the home as its files are now. If they are broken, what was there stays."""
        fresh = await KeeperLink.start(self._home, self._options)
        old, self._keeper = self._keeper, fresh
        self.generation += 1
        idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
        # Those at work may finish: their keeper goes when the last of them has.
        if old:
            asyncio.get_running_loop().call_later(self._options.seconds + 1, old.stop)

    async def do(self, job: dict[str, Any], client: str) -> tuple[bytes, dict[str, Any]]:
        """Return what a job comes to.

        Raises BusyError, LateError or LostError. A caller that is cancelled has its worker killed.
        """
        await self._queue.enter(client, self._options.patience)
        try:
            return await self._done_by_one_that_lives(job)
        finally:
            self._queue.leave(client)

    async def _done_by_one_that_lives(self, job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """Return what a job comes to; try again if its worker had ended while it was idle."""
        start = time.monotonic()
        try:
            return await self._done(job)
        except LostError:
            if time.monotonic() - start > _AT_ONCE:
                raise
            for worker in self._idle:
                worker.end()
            self._idle.clear()
            return await self._done(job)

    async def _done(self, job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        worker = await self._worker()
        late = asyncio.get_running_loop().call_later(_LONG, worker.slow_down)
        finished = False
        try:
            async with asyncio.timeout(self._options.seconds):
                found = await worker.do(job)
            finished = True
            return found
        except TimeoutError:
            raise LateError from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise LostError from error
        finally:
            late.cancel()
            if finished and not worker.slowed and worker.keeper is self._keeper:
                self._idle.append(worker)
            else:
                worker.end()

    async def file(self, path: str) -> Path | None:
        """Return the file of the dataset at a path; None where there is none.

        They are written when one is first asked for, into a folder that goes with the server.
        """
        if path.endswith(".html") or "." not in path:
            return None
        if self._files is None or self._files[0] != self.generation:
            self._files = (self.generation, asyncio.ensure_future(self._write_files()))
        folder, paths = await asyncio.shield(self._files[1])
        return folder / path if path in paths else None

    async def _write_files(self) -> tuple[Path, frozenset[str]]:
        folder = Path(self._folder.name) / str(self.generation)
        worker = await (await self._living_keeper()).fork()
        try:
            _, about = await worker.do({"task": "files", "folder": str(folder), "accept": ""})
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise LostError from error
        finally:
            worker.end()
        return folder / "files", frozenset(about.get("paths", ()))

    async def _worker(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if not worker.reader.at_eof():
                return worker
            worker.end()
        try:
            return await (await self._living_keeper()).fork()
        except LostError:
            # It died between the question and the answer: one more try.
            return await (await self._living_keeper()).fork()

    async def _living_keeper(self) -> KeeperLink:
        async with self._starting:
            if self._keeper is None or not self._keeper.is_alive:
                self._keeper = await KeeperLink.start(self._home, self._options)
            return self._keeper

    def stop(self) -> None:
        """End all processes."""
        for worker in self._idle:
            worker.end()
        self._idle.clear()
        if self._keeper:
            self._keeper.stop()
        self._folder.cleanup()
