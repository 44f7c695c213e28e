"""The W3C's own tests of the SPARQL 1.1 Protocol and Service Description, where they are at hand.

They are not part of this repository: `../shared/rdf-tests` or $CJPH_W3C_RDF_TESTS, a checkout of
w3c/rdf-tests. The seven that want something changed must be refused; the others must pass.
"""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, Graph, Literal, Namespace
from rdflib.collection import Collection
from rdflib.term import Node
from support.saved import HOME

from cjph_graph.home import Home
from cjph_graph.publish import Publication
from cjph_graph.publish.index import Index
from cjph_graph.publish.serve import ServerOptions
from cjph_graph.publish.serve.app import make_app
from cjph_graph.publish.serve.guard import Guard
from cjph_graph.publish.serve.work import Desk

pytestmark = pytest.mark.slow

_BESIDE = Path(__file__).parents[4] / "shared" / "rdf-tests"
_SPARQL = Path(os.environ.get("CJPH_W3C_RDF_TESTS", _BESIDE)) / "sparql" / "sparql11"
_FOLDER = _SPARQL / "protocol"
_CHANGING = {
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
}
_HT = Namespace("http://www.w3.org/2011/http#")
_CNT = Namespace("http://www.w3.org/2011/content#")
_MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_GRAPHS = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
_FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


class _WithGraphs(Publication):
    """A home's publication, with the graphs that the tests name."""

    def graphs(self) -> Iterator[tuple[str, Index]]:
        yield from super().graphs()
        # What the one without a file holds is of no account.
        for number, file in enumerate(("data1.nt", "data1.nt", "data2.nt", "data3.nt")):
            quads = parse((_FOLDER / file).read_bytes(), format=RdfFormat.N_TRIPLES)
            yield _GRAPHS.format(number), Index(quad.triple for quad in quads)


def with_graphs(home: Home) -> Publication:
    return _WithGraphs(home)


class _Here:
    """Does the work of a pool within this process."""

    generation = 0

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def do(self, job: dict[str, Any], _client: str) -> tuple[bytes, dict[str, Any]]:
        return self._desk.do(job)


class _Client:
    """Asks a server that is within this process."""

    def __init__(self, desk: Desk, options: ServerOptions) -> None:
        app = Guard(make_app(_Here(desk), options), options)
        self._transport = httpx.ASGITransport(app)

    def request(self, method: str, path: str, **sent: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            base = "http://testserver"
            async with httpx.AsyncClient(transport=self._transport, base_url=base) as client:
                return await client.request(method, path, **sent)

        # A browser that other tests share may have the loop of this thread.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, ask()).result()


@pytest.fixture(scope="module")
def client() -> _Client:
    options = ServerOptions(hosts=("testserver",))
    return _Client(Desk(HOME.path, options.largest_answer, f"{__name__}:with_graphs"), options)


@dataclass
class _Asked:
    """A request of a test, and what must come back."""

    method: str
    address: str
    headers: dict[str, str]
    body: bytes
    statuses: set[str]
    truth: bool | None
    form: str


def _requests(graph: Graph, test: Node) -> Iterator[_Asked]:
    action = graph.value(test, _MF.action)
    for request in Collection(graph, graph.value(action, _HT.requests)):
        headers = {
            str(graph.value(each, _HT.fieldName)): str(graph.value(each, _HT.fieldValue))
            for each in Collection(graph, graph.value(request, _HT.headers))
        }
        body = graph.value(request, _HT.body)
        text = str(graph.value(body, _CNT.chars)) if body else ""
        encoding = str(graph.value(body, _CNT.characterEncoding)) if body else "UTF-8"
        wanted = graph.value(request, _HT.resp)
        truth = graph.value(wanted, _MF.expectedBoolean)
        path = str(graph.value(request, _HT.absolutePath)).removeprefix("/sparql/")
        yield _Asked(
            str(graph.value(request, _HT.methodName)),
            f"/sparql{path}",
            headers,
            text.encode(encoding),
            {str(each)[-3] for each in graph.objects(wanted, _MF.expectedStatus)},
            None if truth is None else bool(truth.toPython()),
            str(graph.value(wanted, _MF.expectedFormat, default=Literal(""))),
        )


def _tests() -> list[object]:
    if not _FOLDER.is_dir():
        skip = pytest.mark.skip(reason=f"the W3C's tests of the protocol are not at {_FOLDER}")
        return [pytest.param([], id="suite", marks=skip)]
    graph = Graph().parse(_FOLDER / "manifest.ttl")
    tests = graph.subjects(RDF.type, _MF.ProtocolTest)
    named = {str(test).rpartition("#")[2]: [*_requests(graph, test)] for test in tests}
    assert len(named) == 34
    return [pytest.param(asked, id=name) for name, asked in sorted(named.items())]


@pytest.mark.parametrize("asked", _tests())
def test_the_protocol(client: _Client, asked: list[_Asked], request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    for each in asked:
        answer = client.request(
            each.method, each.address, headers=each.headers, content=each.body or None
        )
        if name in _CHANGING:
            assert answer.status_code == 403
            assert "takes no updates" in answer.text
            return  # what follows asks whether something was changed
        assert str(answer.status_code)[0] in each.statuses, answer.text
        kind = answer.headers["content-type"].partition(";")[0]
        assert not each.form or kind in _FORMATS[each.form]
        if each.truth is not None:
            assert answer.json()["boolean"] is each.truth


@pytest.mark.parametrize("kind", ["text/turtle", "application/rdf+xml", "*/*"])
def test_the_service_description(kind: str) -> None:
    """It is RDF, has an sd:endpoint of this address, and keeps to the schema."""
    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    options = ServerOptions(hosts=("testserver",))
    client = _Client(Desk(HOME.path, options.largest_answer), options)
    answer = client.request("GET", "/sparql", headers={"Accept": kind})
    graph = Graph().parse(data=answer.content, format=answer.headers["content-type"].split(";")[0])
    (service,) = graph.subjects(RDF.type, sd.Service)
    assert [str(each) for each in graph.objects(service, sd.endpoint)] == [
        "http://testserver/sparql"
    ]
    (dataset,) = graph.objects(service, sd.defaultDataset)
    assert (dataset, RDF.type, sd.Dataset) in graph
    named = [*graph.objects(dataset, sd.namedGraph)]
    assert len(named) == 2
    for each in named:
        assert (each, RDF.type, sd.NamedGraph) in graph
        assert NamedNode(str(graph.value(each, sd.name)))
        assert (graph.value(each, sd.graph), RDF.type, sd.Graph) in graph
    known = {"Service", "Dataset", "Graph", "NamedGraph", "SPARQL11Query", "UnionDefaultGraph"}
    known |= {"endpoint", "supportedLanguage", "resultFormat", "feature", "defaultDataset"}
    known |= {"defaultGraph", "namedGraph", "name", "graph"}
    used = {str(term).removeprefix(sd) for triple in graph for term in triple if sd in str(term)}
    assert used <= known
