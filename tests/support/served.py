"""A server of our own in a process of its own, as clients meet it."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

SECONDS = 3
COMMAND = (sys.executable, "-m", "cjph_graph")


@dataclass
class Server:
    """A running server: its process, its client, and where it writes what it has to say."""

    process: "subprocess.Popen[bytes]"
    client: httpx.Client
    log: Path

    def keeper(self) -> int:
        """Return the number of the process that keeps the graph."""
        return self.children()[0]

    def children(self) -> list[int]:
        """Return the numbers of the processes that it has started itself."""
        return _children(self.process.pid)

    def workers(self) -> list[int]:
        """Return the numbers of the processes that do the work."""
        return _children(self.keeper())

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> httpx.Response:
        """Return the answer to a question."""
        return self.client.post(
            "/sparql", data={"query": query}, headers={"Accept": accept}, timeout=SECONDS + 20
        )

    def answers(self) -> float:
        """Return how many seconds a small question takes."""
        start = time.monotonic()
        assert self.ask("ASK {}").json()["boolean"] is True
        return time.monotonic() - start

    def says(self, pattern: str, seconds: float = 20) -> str:
        """Wait until the log has a text; return it."""
        until = time.monotonic() + seconds
        while not (found := re.search(pattern, self.log.read_text())):
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)
        return found[0]


@contextmanager
def running(log: Path, *options: str, home: Path | None = None) -> Iterator[Server]:
    """Yield a server on a free port; end it by Ctrl-C, after which nothing may be left."""
    named = ("--home", str(home)) if home else ()
    command = (*COMMAND, *named, "serve", "--port", "0", "--timeout", f"{SECONDS}", *options)
    with log.open("w") as written:
        process = subprocess.Popen(
            command, stderr=written, stdout=subprocess.DEVNULL, start_new_session=True
        )
    with httpx.Client() as client:
        server = Server(process, client, log)
        client.base_url = server.says(r"http://\S+", 60)
        try:
            yield server
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=15) in (0, -signal.SIGINT, 130), log.read_text()
        finally:
            process.kill()
            process.wait()


def _children(number: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(number)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(each) for each in listed.stdout.split()]
