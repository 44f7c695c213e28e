"""The web process's side of its workers: who gets one, for how long, and what if it does not end.

Fairness is kept in three ways. There are more workers than cores, of which one client can have only
some at once; those that wait are served client by client in turn; and a worker that has used more
than a short question would is given less of the processor, so that short questions overtake it. As
no process may raise itself again, such a worker is not used a second time.
"""

import asyncio
import shutil
import time
from pathlib import Path
from secrets import token_hex
from tempfile import gettempdir
from typing import Any

from cjph_graph.publish.serve.media import is_usual
from cjph_graph.publish.serve.options import ServerOptions
from cjph_graph.publish.serve.queue import BusyError, Queue
from cjph_graph.publish.serve.spawning import SpawnLink
from cjph_graph.publish.serve.worker_links import KeeperLink, LostError, Worker, WorkerLink

__all__ = ["BusyError", "LateError", "LostError", "NotYetError", "Pool"]

# After so many seconds of a processor a job is a long one.
_LONG = 0.3
_NEVER = float("inf")
# Within this many seconds a worker has read the home.
_READING = 60
# A worker that is lost sooner has not begun.
_AT_ONCE = 0.05


class LateError(Exception):
    """A job took longer than it may."""


class NotYetError(Exception):
    """The files of the dataset are still being made, or could not be."""


class _Watch:
    """Slows down a worker whose job has used much processor time.

    The clock alone would not do: where all is busy every job takes long, and to end workers for
    that would make more work.
    """

    def __init__(self, worker: Worker, most: float) -> None:
        self._worker = worker
        self._most = most
        self._begun = worker.used()
        self._wait()

    def _wait(self) -> None:
        self._next = asyncio.get_running_loop().call_later(_LONG, self._look)

    def _look(self) -> None:
        if self._worker.used() - self._begun >= self._most:
            self._worker.slow_down()
        else:
            self._wait()

    def end(self) -> None:
        """Stop watching."""
        self._next.cancel()


class Pool:
    """Workers of a home, as many as are needed and allowed."""

    def __init__(self, home: Path, options: ServerOptions) -> None:
        self._home = home
        self._options = options
        self._keeper: WorkerLink | None = None
        self._idle: list[Worker] = []
        self._starting = asyncio.Lock()
        self._queue = Queue(options.workers, options.per_client, options.waiting)
        # Made when it is needed; each keeper removes its own part of it.
        self._folder = Path(gettempdir()) / f"cjph-{token_hex(8)}"
        self._files: tuple[int, asyncio.Future[tuple[Path, frozenset[str]]]] | None = None
        self._retiring: set[asyncio.Future[None]] = set()
        self.generation = 0

    async def start(self) -> int:
        """Load the home; return how many triples it has. Raises the CjphError that prevents it."""
        return (await self._living_keeper()).triples

    async def renew(self) -> None:
        """Reload the home from its files. If they are broken, the old one stays."""
        fresh = await self._started()
        old, self._keeper = self._keeper, fresh
        self.generation += 1
        idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
        # Those at work may finish: their keeper goes when the last of them has.
        if old:
            self._retiring.add(retiring := asyncio.ensure_future(self._retire(old)))
            retiring.add_done_callback(self._retiring.discard)

    async def _retire(self, keeper: WorkerLink) -> None:
        await asyncio.sleep(self._options.seconds + 1)
        await keeper.stop()

    async def do(self, job: dict[str, Any], client: str) -> tuple[bytes, dict[str, Any]]:
        """Return the result of a job.

        Raises BusyError, LateError or LostError. A caller that is cancelled has its worker killed.
        """
        await self._queue.enter(client, self._options.patience)
        try:
            return await self._done_by_one_that_lives(job)
        finally:
            self._queue.leave(client)

    async def _done_by_one_that_lives(self, job: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """Return the result of a job; try again if its worker had ended while it was idle."""
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
        watch = _Watch(worker, _NEVER if self._reads(job) else _LONG)
        finished = False
        try:
            async with asyncio.timeout(self._seconds(job)):
                found = await worker.do(job)
            finished = True
            return found
        except TimeoutError:
            raise LateError from None
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise LostError from error
        finally:
            watch.end()
            if finished and not worker.slowed:
                self._put_back(worker)
            else:
                worker.end()

    def _reads(self, job: dict[str, Any]) -> bool:
        """Whether a job may begin with reading the home, as pages do where nothing is forked."""
        return not self._options.forks and job["task"] not in ("sparql", "saved")

    def _seconds(self, job: dict[str, Any]) -> float:
        return max(self._options.seconds, _READING) if self._reads(job) else self._options.seconds

    async def file(self, path: str) -> Path | None:
        """Return the file of the dataset at a path; None where there is none.

        They are written when one is first asked for, into a folder that goes with the server.
        Raises NotYetError when that takes long, or fails: then the next request begins again.
        """
        if path.endswith(".html") or not is_usual(path):
            return None
        if self._files is None or self._files[0] != self.generation or _failed(self._files[1]):
            self._files = (self.generation, asyncio.ensure_future(self._write_files()))
        try:
            async with asyncio.timeout(self._options.seconds):
                folder, paths = await asyncio.shield(self._files[1])
        except (TimeoutError, LostError) as error:
            raise NotYetError from error
        return folder / path if path in paths else None

    async def _write_files(self) -> tuple[Path, frozenset[str]]:
        """Write the files by a worker of its own: only the home says how long they are."""
        keeper = await self._living_keeper()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        folder = self._folder / str(keeper.number)
        worker = await keeper.fork(bounded=False)
        worker.slow_down()
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
        # A caller that is cancelled must not leave behind a worker that nobody knows of.
        forked = asyncio.ensure_future(self._forked())
        try:
            return await asyncio.shield(forked)
        except asyncio.CancelledError:
            forked.add_done_callback(self._take_back)
            raise

    async def _forked(self) -> Worker:
        try:
            return await (await self._living_keeper()).fork()
        except LostError:
            # It died between the question and the answer: one more try.
            return await (await self._living_keeper()).fork()

    def _take_back(self, forked: "asyncio.Future[Worker]") -> None:
        if not _failed(forked):
            self._put_back(forked.result())

    def _put_back(self, worker: Worker) -> None:
        """Keep a worker for the next job, if its keeper is the current one and it is needed."""
        if worker.keeper is self._keeper and len(self._idle) < self._options.workers:
            self._idle.append(worker)
        else:
            worker.end()

    async def _started(self) -> WorkerLink:
        kind = KeeperLink if self._options.forks else SpawnLink
        return await kind.start(self._home, self._options, self._folder)

    async def _living_keeper(self) -> WorkerLink:
        async with self._starting:
            if self._keeper is None or not self._keeper.is_alive:
                self._keeper = await self._started()
            return self._keeper

    async def stop(self) -> None:
        """End all processes, and remove what they have written."""
        for worker in self._idle:
            worker.end()
        self._idle.clear()
        for retiring in self._retiring:
            retiring.cancel()
        if self._keeper:
            await self._keeper.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _failed(made: "asyncio.Future[Any]") -> bool:
    return made.done() and (made.cancelled() or made.exception() is not None)
