"""Servers on this machine, for tests: they note requests and answer as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.remote.transport import Retries

RESULTS = "application/sparql-results+json"
YES = b'{"head": {}, "boolean": true}'


@dataclass
class Asked:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def parameters(self) -> dict[str, list[str]]:
        """What was said in the URL, or in a form in the body."""
        form = self.body.decode() if "urlencoded" in self.headers.get("content-type", "") else ""
        return parse_qs(form or urlsplit(self.target).query)

    @property
    def query(self) -> str:
        """The SPARQL text."""
        return self.parameters.get("query", [""])[0]


@dataclass
class Answer:
    """What a server answers; `raw` stands for all of it."""

    body: bytes = YES
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[object], None] | None = None


@dataclass
class Server:
    """A server on this machine that notes what it is asked."""

    url: str
    asked: list[Asked]
    waits: list[float] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The URL without a path."""
        return self.url.removesuffix("/sparql")

    def engine(self, graph: str | None = None) -> EndpointEngine:
        """Return the engine that asks it."""
        return EndpointEngine(self.url, graph=graph, retries=self.retries)

    @property
    def retries(self) -> Retries:
        """Retries that only note how long they would wait."""

        def pause(given_up: threading.Event, seconds: float) -> bool:
            self.waits.append(seconds)
            return given_up.is_set()

        return Retries(pause=pause)


def alone(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep what this machine has set for endpoints out of a test."""
    for name in ("ENDPOINT", "ENDPOINT_TOKEN", "ENDPOINT_USER", "ENDPOINT_PASSWORD"):
        monkeypatch.delenv(f"CJPH_{name}", raising=False)
    (folder / "no-netrc").touch()
    monkeypatch.setenv("NETRC", str(folder / "no-netrc"))


@contextmanager
def serving(answer: Callable[[Asked], Answer]) -> Iterator[Server]:
    """Run a server that answers as a test says."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "Oxigraph/0"
        disable_nagle_algorithm = True  # or each answer waits 40 ms for the client's receipt

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Asked(self.command, self.path, headers, self.rfile.read(length))
            asked.append(request)
            said = answer(request)
            if said.raw:
                self.close_connection = True
                with suppress(OSError):
                    said.raw(self.wfile)
                return
            self.send_response(said.status)
            headers = {
                "Content-Type": RESULTS,
                "Content-Length": str(len(said.body)),
            } | said.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(said.body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_address[1]}/sparql", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def store_answering(store: Store, most: int | None = None) -> Callable[[Asked], Answer]:
    """Answer from a store, and cut what has more rows without a word, as some servers do."""

    def answer(asked: Asked) -> Answer:
        found = store.query(asked.query)
        if not hasattr(found, "serialize"):
            raise TypeError(asked.query)
        said = json.loads(found.serialize(format=QueryResultsFormat.JSON))
        if most is not None and "results" in said:
            del said["results"]["bindings"][most:]
        return Answer(json.dumps(said).encode())

    return answer


def store_written(store: Store) -> Callable[[Asked], Answer]:
    """Keep a store that can be asked at /query and written to at /update and /store."""

    def answer(asked: Asked) -> Answer:
        parts = urlsplit(asked.target)
        graph = parse_qs(parts.query).get("graph", asked.parameters.get("default-graph-uri", [""]))
        if parts.path == "/query":
            chosen = NamedNode(graph[0]) if graph[0] else None
            found = store.query(asked.query, default_graph=chosen)
            if isinstance(found, QueryBoolean | QuerySolutions):
                return Answer(found.serialize(format=QueryResultsFormat.JSON) or b"")
        elif parts.path == "/update":
            try:
                store.update(asked.parameters["update"][0])
            except (RuntimeError, SyntaxError, OSError) as error:
                return Answer(str(error).encode(), 500)
        elif parts.path == "/store" and asked.method == "POST":
            store.load(asked.body, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(graph[0]))
        else:
            return Answer(b"", 404)
        return Answer(b"", 204)

    return answer
