"""Workers where there is no fork, as on Windows: each a program of its own, over a store on disk.

      web process ── starts ──▶ a program that reads the home, writes the store and ends
           │
           └──────── starts ──▶ worker, worker, … (each opens the store, which nobody writes to)

They speak as a keeper's workers do, but over standard input and output. A worker that is asked for
pages has to read the home first, which takes a second or so. When the web process is gone their
input ends, and they leave. The store goes with the server.
"""

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from cjph_graph.errors import CjphError
from cjph_graph.publish.serve.bounds import bound_memory, bound_time
from cjph_graph.publish.serve.keeper import clear, error_as_json
from cjph_graph.publish.serve.options import ServerOptions
from cjph_graph.publish.serve.worker_links import LostError, Worker, as_error, settings_of
from cjph_graph.publish.serve.worker_messages import packed, receive, send_answer

_PROGRAM = "from cjph_graph.publish.serve.spawning import {0}; {0}()"
_STORE = "store"
_STREAM = 1 << 20
_READY = packed(b"")


class SpawnLink:
    """Starts workers over a store that it has had written."""

    def __init__(self, number: int, settings: dict[str, Any], triples: int) -> None:
        self.number = number
        self.triples = triples
        self.is_alive = True
        self._settings = settings
        self._workers: dict[int, asyncio.subprocess.Process] = {}

    @classmethod
    async def start(cls, home: Path, options: ServerOptions, folder: Path) -> "SpawnLink":
        """Have the store written below `folder`. Raises the CjphError that prevents it."""
        folder.mkdir(mode=0o700, exist_ok=True)
        settings = settings_of(home, options, folder)
        process = await _started("make", settings)
        said, _ = await process.communicate()
        if process.returncode or not said:
            raise CjphError(
                "The program that reads the graph ended before it was ready.",
                "What it wrote to standard error says why.",
            )
        told = json.loads(said)
        link = cls(process.pid, settings, told.get("triples", 0))
        if "error" in told:
            await link.stop()
            raise as_error(told)
        return link

    async def fork(self, *, bounded: bool = True) -> Worker:
        """Return a new worker, with a bound on its memory where the system has one."""
        settings = {**self._settings, "number": self.number, "bounded": bounded}
        try:
            process = await _started("work", settings)
            assert process.stdout  # noqa: S101
            assert process.stdin  # noqa: S101
            # Its first word: until then it has only been starting.
            await process.stdout.readexactly(len(_READY))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise LostError from error
        self._workers[process.pid] = process
        return Worker(process.pid, process.stdout, process.stdin, self)

    def kill(self, number: int) -> None:
        """Let a worker be killed."""
        if process := self._workers.pop(number, None):
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    async def stop(self) -> None:
        """End all workers, and remove the store."""
        self.is_alive = False
        workers = [*self._workers.values()]
        for number in [*self._workers]:
            self.kill(number)
        for process in workers:
            await process.wait()
        clear(Path(self._settings["folder"]), self.number)


async def _started(what: str, settings: dict[str, Any]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _PROGRAM.format(what), json.dumps(settings)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_STREAM,
        # Ctrl-C is for the web process to hear.
        **({"start_new_session": True} if os.name == "posix" else {"creationflags": 0x200}),
    )


def make() -> None:
    """Write the store of a home, and say how many triples it has or why there is none."""
    settings = json.loads(sys.argv[1])
    from cjph_graph.publish.serve.work import Desk

    try:
        desk = Desk(Path(settings["home"]), settings["largest_answer"], settings["maker"])
    except CjphError as error:
        sys.stdout.write(json.dumps(error_as_json(error)))
        return
    desk.save(_store(settings, os.getpid()))
    sys.stdout.write(json.dumps({"triples": desk.triples}))


def work() -> None:
    """Do jobs from standard input until it ends."""
    settings = json.loads(sys.argv[1])
    pipe = _Pipe()
    from cjph_graph.publish.serve.work import Desk

    store = Store.read_only(str(_store(settings, settings["number"])))
    home, most = Path(settings["home"]), settings["largest_answer"]
    desk = Desk(home, most, settings["maker"], store)
    if settings["bounded"]:
        bound_memory(settings["megabytes"])
    with contextlib.suppress(OSError, MemoryError):
        pipe.sendall(_READY)
        while (job := receive(pipe)) is not None:
            if settings["bounded"]:
                bound_time(settings["seconds"])
            body, about = desk.do(json.loads(job))
            send_answer(pipe, body, about)


class _Pipe:
    """Standard input and output as one connection; what libraries print goes to standard error."""

    def __init__(self) -> None:
        self._input = sys.stdin.buffer.fileno()
        self._output = sys.stdout.buffer
        sys.stdout = sys.stderr

    def recv(self, size: int) -> bytes:
        """Return at most so many bytes, none at the end."""
        return os.read(self._input, size)

    def sendall(self, content: bytes) -> None:
        """Write all of some bytes."""
        self._output.write(content)
        self._output.flush()


def _store(settings: dict[str, Any], number: int) -> Path:
    return Path(settings["folder"]) / str(number) / _STORE
