"""The SPARQL 1.1 Protocol: a query or an update as one HTTP request.

SPARQLWrapper holds what is asked: endpoint, text, method, graph, format. It cannot send it within
our bounds. Its `query()` goes through the opener that urllib has for the whole process, which
follows a redirect to any host, takes a proxy from the environment, reads the body of an error
without end, and limits the time of each read but not of the answer. This is
the one place where its public attributes are read; `Transport` sends the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from SPARQLWrapper import GET, INSERT, JSON, POST, SPARQLWrapper

_AGENT = "cjph-graph"
_ACCEPT = "application/sparql-results+json, application/json;q=0.9"
_FORM = "application/x-www-form-urlencoded"
# Longer queries go in the body of a request: not every server takes a longer URL.
_LONGEST_IN_URL = 1_500


@dataclass(frozen=True)
class Request:
    """One HTTP request; `body` is None when it has none."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes | None = field(default=None, repr=False)


def query_request(url: str, text: str, graph: str | None = None) -> Request:
    """Return the request for a query, of one graph if that is named."""
    wrapper = SPARQLWrapper(url, returnFormat=JSON, defaultGraph=graph, agent=_AGENT)
    # `setQuery` looks for the form by an expression that takes forever on some texts.
    wrapper.queryString = text
    wrapper.setMethod(GET if len(text) <= _LONGEST_IN_URL and "?" not in url else POST)
    return _request(wrapper)


def update_request(url: str, text: str) -> Request:
    """Return the request for a SPARQL update."""
    wrapper = SPARQLWrapper(url, url, returnFormat=JSON, agent=_AGENT)
    wrapper.queryString, wrapper.queryType = text, INSERT
    wrapper.setMethod(POST)
    return _request(wrapper)


def graph_request(url: str, graph: str, data: bytes) -> Request:
    """Return the request that adds N-Triples to a graph by the Graph Store Protocol."""
    headers = {"User-Agent": _AGENT, "Content-Type": "application/n-triples"}
    where = f"{url}{'&' if '?' in url else '?'}graph={quote(graph, safe='')}"
    return Request(where, "POST", headers, data)


def _request(wrapper: SPARQLWrapper) -> Request:
    update = wrapper.isSparqlUpdateRequest()
    said = {**wrapper.parameters, "update" if update else "query": [wrapper.queryString]}
    form = urlencode(said, doseq=True)
    headers = {"User-Agent": wrapper.agent, "Accept": _ACCEPT}
    if wrapper.method == GET:
        return Request(f"{wrapper.endpoint}?{form}", GET, headers)
    url = wrapper.updateEndpoint if update else wrapper.endpoint
    return Request(url, POST, headers | {"Content-Type": _FORM}, form.encode())
