"""Many clients that ask one HTTP server for some seconds, each by its own connection.

    python benchmarks/clients.py http://127.0.0.1:8000 --clients 100 --seconds 60 <requests.json

The file lists what the clients ask for in turn, as paths: {"small": ["/sparql?query=…"], "abuse":
["…"]}. Abusers ask for the latter all the time. Each client has an address of its own of this
machine (127.1.0.1, …), as clients in a network would. What comes back is JSON: how many requests
were answered, by HTTP status, and how long they took, in milliseconds.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_ACCEPT = "application/sparql-results+json, text/html;q=0.9, */*;q=0.1"


@dataclass
class Tally:
    """What one sort of clients has seen."""

    statuses: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def note(self, status: str, seconds: float) -> None:
        """Count a request; one that failed has no time."""
        self.statuses[status] += 1
        if status.startswith("2"):
            self.milliseconds.append(seconds * 1000)

    def summary(self, seconds: float) -> dict[str, Any]:
        """Return it in figures."""
        times = sorted(self.milliseconds)
        found: dict[str, Any] = {"statuses": dict(self.statuses), "requests": len(times)}
        found["per_second"] = len(times) / seconds
        if len(times) > 1:
            parts = statistics.quantiles(times, n=100)
            found |= {"p50": parts[49], "p90": parts[89], "p99": parts[98], "most": times[-1]}
        return found


class Client:
    """One connection that is kept open, and opened again when the server closes it."""

    def __init__(self, address: str, number: int, patience: float) -> None:
        self._patience = patience
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._own = f"127.1.{number // 250}.{number % 250 + 1}"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str) -> str:
        """Return the status of the answer to a request, or the name of what went wrong."""
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAccept: {_ACCEPT}\r\n\r\n"
        )
        try:
            async with asyncio.timeout(self._patience):
                reader, writer = await self._connected()
                writer.write(head.encode())
                return await self._answer(reader)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.close()
            return type(error).__name__

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection(
                self._host, self._port, local_addr=(self._own, 0), limit=1 << 24
            )
        return self._streams

    async def _answer(self, reader: asyncio.StreamReader) -> str:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.lower().split("\r\n")[1:-2]
        fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "content-length" in fields:
            await reader.readexactly(int(fields["content-length"]))
        elif fields.get("transfer-encoding") == "chunked":
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readexactly(2)
        if fields.get("connection") == "close":
            self.close()
        return head.split()[1]

    def close(self) -> None:
        """Leave."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def _ask_on(client: Client, paths: list[str], first: int, until: float, tally: Tally) -> None:
    number = first
    while (start := time.monotonic()) < until:
        status = await client.ask(paths[number % len(paths)])
        tally.note(status, time.monotonic() - start)
        number += 1
    client.close()


async def load(
    address: str,
    requests: dict[str, list[str]],
    *,
    clients: int,
    abusers: int,
    seconds: float,
    patience: float,
) -> dict[str, Any]:
    """Ask for some seconds; return what the clients and the abusers have seen."""
    small, abuse = Tally(), Tally()
    start = time.monotonic()
    until = start + seconds
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            client = Client(address, number, patience)
            group.create_task(_ask_on(client, requests["small"], number, until, small))
        for number in range(abusers):
            client = Client(address, clients + number, patience)
            group.create_task(_ask_on(client, requests["abuse"], number, until, abuse))
    return {"small": small.summary(seconds), "abuse": abuse.summary(seconds)}


def main() -> None:
    """Read what to ask for from standard input, ask, and write what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--abusers", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for an answer")
    options = vars(parser.parse_args())
    found = load(options.pop("address"), json.load(sys.stdin), **options)
    json.dump(asyncio.run(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
