"""Servers side by side: how long one client waits, how many a hundred get, what abuse does.

Each server has the same graph and is asked the same queries, one server at a time: first by one
client, then by a hundred at once for some seconds, then by these while two more clients send
products of the graph with itself. Those that can end a query after ten seconds.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from entrants import HERE, Entrant, Group, Setting
from measure import resident, tree

_LIMIT, _ROUNDS, _SECONDS, _CLIENTS = 10, 20, 8, 100
_READY = 300
# Milliseconds after which there is enough to take a median of.
_ENOUGH = 20_000
_NOTHING = "ASK {}"
# What many clients ask for: nothing much.
_SMALL = (_NOTHING, "indicator-series")
_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_JSON = {"Accept": "application/sparql-results+json"}


@dataclass(frozen=True)
class Server:
    """A server: how it is started at a port, where it is asked, what comes before it."""

    name: str
    command: Callable[[int], Sequence[str | Path]]
    path: str
    before: Sequence[Sequence[str | Path]] = field(default=())


def servers(setting: Setting) -> list[Server]:
    """Return the servers that are compared, over the data of a setting."""
    files = [setting.folder / "graph.nt", setting.folder / "home" / "ontology" / "cjph.ttl"]
    own, store = Path(sys.executable).parent, setting.output / "oxigraph"
    ours = [*setting.cjph.split(), "--home", setting.folder / "home", "serve"]
    bounds = ["--timeout", str(_LIMIT)]
    oxigraph = [own / "oxigraph", "serve-read-only", "--location", store, "--timeout-s"]
    load = [own / "oxigraph", "load", "--location", store]
    endpoint = [own / "rdflib-endpoint", "serve", "--host", "127.0.0.1", *files]
    return [
        Server("cjph", lambda port: [*ours, "--port", str(port), *bounds], "/sparql"),
        Server(
            "oxigraph",
            lambda port: [*oxigraph, str(_LIMIT), "--bind", f"127.0.0.1:{port}"],
            "/query",
            [["rm", "-rf", store], [*load, *(part for file in files for part in ("--file", file))]],
        ),
        Server("rdflib-endpoint", lambda port: [*endpoint, "--port", str(port)], "/"),
        Server(
            "rdflib-endpoint, Oxigraph inside",
            lambda port: [*endpoint, "--port", str(port), "--store", "Oxigraph"],
            "/",
        ),
    ]


def measure(
    setting: Setting, queries: Sequence[str], keep: Callable[[Group, Entrant, dict[str, Any]], None]
) -> None:
    """Measure each server and keep what was found.

    `queries` are names of those that the group `query` has written out. The rows of the first that
    has any are what those of the others are compared with.
    """
    texts = {_NOTHING: _NOTHING}
    texts |= {name: (setting.output / f"{name}.rq").read_text("utf-8") for name in queries}
    group = Group("serving", "all", setting.size, [])
    for server in servers(setting):
        for command in server.before:
            subprocess.run(command, check=True, capture_output=True)
        found = _measured(server, texts)
        keep(group, Entrant(server.name, ()), found)
        print(f"serving {setting.size} {json.dumps({server.name: found['serving']})}", flush=True)


def _measured(server: Server, texts: Mapping[str, str]) -> dict[str, Any]:
    port = _free_port()
    address = f"http://127.0.0.1:{port}{server.path}"
    start = time.perf_counter()
    process = subprocess.Popen(
        server.command(port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    known: dict[str, Any] = {"seconds": [], "megabytes": [], "reading": [], "answer": None}
    try:
        while _rows(address, _NOTHING) is None:
            if process.poll() is not None or time.perf_counter() - start > _READY:
                return {**known, "outcome": "failed", "said": "It does not answer.", "serving": {}}
            time.sleep(0.02)
        found: dict[str, Any] = {"ready": time.perf_counter() - start}
        found["alone"] = {name: _alone(address, text) for name, text in texts.items()}
        paths = [f"{server.path}?query={quote(text)}" for text in (texts[name] for name in _SMALL)]
        requests = {"small": paths, "abuse": [f"{server.path}?query={quote(_PRODUCT)}"]}
        found["many"] = _many(address, requests, 0)
        found["abused"] = _many(address, requests, 2)
        found["after"] = _alone(address, _NOTHING, 5)
        megabytes = sum(resident(each) for each in tree(process.pid))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    measured = {"outcome": "done", "seconds": [found["ready"]], "megabytes": [megabytes]}
    return {**known, **measured, "said": "", "serving": found}


def _alone(address: str, text: str, rounds: int = _ROUNDS) -> dict[str, Any]:
    """Return what one client waits for an answer, in milliseconds, and how many rows it has."""
    times, rows = [], None
    for _ in range(rounds):
        start = time.perf_counter()
        rows = _rows(address, text)
        times.append((time.perf_counter() - start) * 1000)
        if rows is None or sum(times) > _ENOUGH:
            break
    return {"milliseconds": statistics.median(times) if rows is not None else None, "rows": rows}


def _rows(address: str, text: str) -> int | None:
    """Return how many rows an answer has; None where there is no answer."""
    asked = Request(f"{address}?query={quote(text)}", headers=_JSON)  # noqa: S310
    try:
        with urlopen(asked, timeout=30) as reply:  # noqa: S310
            said = json.load(reply)
    except (OSError, ValueError):
        return None
    return len(said["results"]["bindings"]) if "results" in said else 1


def _many(address: str, requests: Mapping[str, Sequence[str]], abusers: int) -> dict[str, Any]:
    command = [sys.executable, HERE / "clients.py", address, "--clients", str(_CLIENTS)]
    bounds = ["--abusers", str(abusers), "--seconds", str(_SECONDS), "--patience", "15"]
    done = subprocess.run(
        [*command, *bounds], input=json.dumps(requests).encode(), capture_output=True, check=True
    )
    small: dict[str, Any] = json.loads(done.stdout)["small"]
    return small


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
