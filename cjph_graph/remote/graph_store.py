"""Writing into a triple store elsewhere: the Graph Store Protocol, and SPARQL Update.

Each is at a URL of its own. They are guessed from the endpoint's, as the known servers lay them
out, unless they are named.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from cjph_graph.errors import QueryError
from cjph_graph.rdf import blank_nodes_in
from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.remote.protocol import graph_request, query_request, update_request
from cjph_graph.remote.responses import Reply, told_in_json
from cjph_graph.remote.transport import Retries, Transport
from cjph_graph.sparql.graph_queries import graphs_beginning, triple_count

# The end of a path, with what stands there for updates and for graphs.
_KNOWN = (
    (r"/sparql(-auth)?", "/sparql-auth", "/sparql-graph-crud-auth", "virtuoso"),
    (r"(/repositories/[^/]+)", r"\1/statements", r"\1/rdf-graphs/service", ""),
    (r"/query", "/update", "/store", "oxigraph"),
    (r"/(query|sparql)", "/update", "/data", "fuseki"),
    (r"/query", "/update", "", ""),
)
# The statuses with which a server says that there is no such service.
_ABSENT = (400, 404, 405, 406, 415, 501)


class GraphStore:
    """A triple store elsewhere that can be written to, one graph at a time."""

    def __init__(
        self,
        url: str,
        *,
        updates: str | None = None,
        graphs: str | None = None,
        insecure: bool = False,
        retries: Retries | None = None,
    ) -> None:
        self._url = url
        self._insecure = insecure
        self._retries = retries
        # Where it is named, or has answered before, an error is not taken for its absence.
        self._has_graphs = graphs is not None
        if updates is None:
            updates, guessed = guess_addresses(url, self._software())
            graphs = graphs or guessed
        self._updates = self._transport(updates)
        self._graphs = self._transport(graphs) if graphs else None

    def count(self, graph: str) -> int:
        """Return how many triples a graph has; 0 when there is no such graph."""
        return triple_count(self._engine(graph))

    def graphs_beginning(self, start: str) -> list[str]:
        """Return the IRIs of the graphs that begin with a text."""
        return graphs_beginning(self._engine(None), start)

    def add(self, graph: str, triples: Sequence[Triple]) -> None:
        """Add triples to a graph. The first time shows whether it has the Graph Store Protocol."""
        data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        # A blank node that is sent twice would become two.
        repeatable = not any(node for triple in triples for node in blank_nodes_in(triple))
        if self._graphs is not None:
            allowed = () if self._has_graphs else _ABSENT
            request = graph_request(self._graphs.url, graph, data)
            reply = self._graphs.send(request, repeatable=repeatable, allowed=allowed)
            if reply.status not in allowed:
                _refuse_error(reply, self._graphs)
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

    def _update(self, text: str, *, repeatable: bool = True) -> None:
        request = update_request(self._updates.url, text)
        _refuse_error(self._updates.send(request, repeatable=repeatable), self._updates)

    def _engine(self, graph: str | None) -> EndpointEngine:
        return EndpointEngine(
            self._url, graph=graph, insecure=self._insecure, retries=self._retries
        )

    def _transport(self, url: str) -> Transport:
        return Transport(url, insecure=self._insecure, retries=self._retries)

    def _software(self) -> str:
        """Return the name that the server gives itself, in small letters."""
        reply = self._transport(self._url).send(query_request(self._url, "ASK {}"))
        return reply.headers.get("server", "").lower()


def _refuse_error(reply: Reply, transport: Transport) -> None:
    """Raise QueryError when a server reports an error with a status of success."""
    if "json" in reply.media_type and told_in_json(reply.text):
        raise QueryError(f"The store answered with an error: {reply.words(transport.hide)}")


def guess_addresses(url: str, software: str) -> tuple[str, str]:
    """Return where a server that calls itself `software` likely takes updates and whole graphs.

    The second is empty when that is not known.
    """
    parts = urlsplit(url)
    for pattern, updates, graphs, name in _KNOWN:
        match = re.search(f"{pattern}/?$", parts.path)
        if match and name in software:
            before = parts.path[: match.start()]
            there, beside = (before + match.expand(path) for path in (updates, graphs))
            at = parts._replace(path=there, query="").geturl()
            return at, parts._replace(path=beside, query="").geturl() if graphs else ""
    return url, ""
