"""Writing into a triple store elsewhere: the Graph Store Protocol, and SPARQL Update.

Each is at a URL of its own. They are guessed from the endpoint's, as the known servers lay them
out, unless they are named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.remote.responses import Reply
from cjph_graph.remote.transport import Transport

if TYPE_CHECKING:
    from urllib.request import Request

# The end of a path, with what stands there for updates and for graphs.
_LAYOUTS = (
    (r"/sparql(-auth)?", "/sparql-auth", "/sparql-graph-crud-auth", "virtuoso"),
    (r"(/repositories/[^/]+)", r"\1/statements", r"\1/rdf-graphs/service", ""),
    (r"/query", "/update", "/store", "oxigraph"),
    (r"/(query|sparql)", "/update", "/data", "fuseki"),
    (r"/query", "/update", "", ""),
)
# What a server answers where there is no such service.
_ABSENT = (400, 404, 405, 406, 415, 501)
_COUNT = "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }"


@dataclass(frozen=True)
class Layout:
    """Where a store takes updates and whole graphs; `graphs` is empty when that is not known."""

    updates: str
    graphs: str


class Store:
    """A triple store that can be written to."""

    def __init__(
        self,
        url: str,
        *,
        updates: str | None = None,
        graphs: str | None = None,
        insecure: bool = False,
    ) -> None:
        self._url = url
        self._insecure = insecure
        # Where it is named, or has answered, an error is an error.
        self._has_graphs = graphs is not None
        if updates is None:
            found = layout(url, self._software())
            updates, graphs = found.updates, graphs or found.graphs
        self._updates = Transport(updates, insecure=insecure)
        self._graphs = Transport(graphs, insecure=insecure) if graphs else None

    def count(self, graph: str) -> int:
        """Return how many triples a graph has; none when there is no such graph."""
        engine = EndpointEngine(self._url, graph=graph, insecure=self._insecure)
        number = engine.scan(_COUNT).rows[0][0]
        return int(number.value) if isinstance(number, Literal) else 0

    def add(self, graph: str, triples: Sequence[Triple]) -> None:
        """Add triples to a graph. The first time shows whether it has the Graph Store Protocol."""
        data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        # Sent twice, a blank node would be two.
        repeatable = not any(
            isinstance(term, BlankNode) for t in triples for term in (t.subject, t.object)
        )
        if self._graphs is not None:
            allowed = () if self._has_graphs else _ABSENT
            request = _posting(self._graphs.url, graph, data)
            reply = self._graphs.send(request, repeatable=repeatable, allowed=allowed)
            if reply.status not in allowed:
                self._has_graphs = True
                return
            self._graphs = None
        self._update(
            f"INSERT DATA {{ GRAPH {NamedNode(graph)} {{\n{data.decode()}}} }}",
            repeatable=repeatable,
        )

    @property
    def takes_graphs(self) -> bool:
        """Whether graphs are sent as they are, so that many triples go at once."""
        return self._graphs is not None

    def drop(self, graph: str) -> None:
        """Remove a graph; it need not be there."""
        self._update(f"DROP SILENT GRAPH {NamedNode(graph)}")

    def move(self, source: str, target: str) -> None:
        """Put one graph in the place of another, in one step."""
        self._update(
            f"MOVE GRAPH {NamedNode(source)} TO GRAPH {NamedNode(target)}", repeatable=False
        )

    def _update(self, text: str, *, repeatable: bool = True) -> Reply:
        from SPARQLWrapper import JSON, POST, SPARQLWrapper

        wrapper = SPARQLWrapper(self._url, self._updates.url, JSON, agent="cjph-graph")
        wrapper.setMethod(POST)
        wrapper.queryString, wrapper.queryType = text, "INSERT"
        return self._updates.send(wrapper._createRequest(), repeatable=repeatable)

    def _software(self) -> str:
        """Return what the server calls itself, in small letters."""
        from urllib.request import Request

        mark = "&" if "?" in self._url else "?"
        asking = Request(f"{self._url}{mark}query={quote('ASK {}')}")  # noqa: S310
        reply = Transport(self._url, insecure=self._insecure).send(asking)
        return reply.headers.get("server", "").lower()


def _posting(url: str, graph: str, data: bytes) -> "Request":
    from urllib.request import Request

    return Request(  # noqa: S310 - it only goes where the transport goes
        f"{url}{'&' if '?' in url else '?'}graph={quote(graph, safe='')}",
        data,
        {"Content-Type": "application/n-triples"},
        method="POST",
    )


def layout(url: str, software: str) -> Layout:
    """Return where a server that calls itself `software` likely takes updates and graphs."""
    parts = urlsplit(url)
    for pattern, updates, graphs, name in _LAYOUTS:
        match = re.search(f"{pattern}/?$", parts.path)
        if match and name in software:
            before = parts.path[: match.start()]
            there, beside = (
                urlunsplit(parts._replace(path=before + match.expand(path), query=""))
                for path in (updates, graphs)
            )
            return Layout(there, beside if graphs else "")
    return Layout(url, "")
