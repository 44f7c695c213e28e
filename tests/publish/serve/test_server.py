"""The server as clients meet it: a process of its own, asked over HTTP, and abused."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.checkout]
_SECONDS = 3
_COMMAND = (sys.executable, "-m", "cjph_graph")
_PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_BOMBS = {
    "a product": f"SELECT (COUNT(*) AS ?n) {_PRODUCT}",
    "a product in order": f"SELECT * {_PRODUCT} ORDER BY ?i ?a ?d",
    "braces": "SELECT * " + "{" * 50_000 + "}" * 50_000,
    "parentheses": "SELECT * { FILTER" + "(" * 100_000 + "1" + ")" * 100_000 + " }",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?b (!<urn:x>)* ?c }",
    "a regular expression": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f"
    ' FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "(a|aa)+$")) }',
    "a huge text": 'SELECT (REPLACE("' + "a" * 50_000 + '", "a", "' + "b" * 40_000 + '") AS ?x) {}',
    "ten megabytes": "SELECT * { ?s ?p '" + "x" * 10_000_000 + "' }",
}


@dataclass
class Server:
    """A running server: its process, its client, and the number of its keeper."""

    process: "subprocess.Popen[bytes]"
    client: httpx.Client

    def keeper(self) -> int:
        """Return the number of the process that keeps the graph."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        )
        return int(listed.stdout.split()[0])

    def ask(self, query: str, accept: str = "application/sparql-results+json") -> httpx.Response:
        """Return the answer to a question."""
        return self.client.post(
            "/sparql", data={"query": query}, headers={"Accept": accept}, timeout=_SECONDS + 20
        )

    def answers(self) -> float:
        """Return how many seconds a small question takes."""
        start = time.monotonic()
        assert self.ask("ASK {}").json()["boolean"] is True
        return time.monotonic() - start


@contextmanager
def _running(log: Path) -> Iterator[Server]:
    with log.open("w") as written:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cjph_graph",
                "serve",
                "--port",
                "0",
                "--timeout",
                f"{_SECONDS}",
            ],
            stderr=written,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    until = time.monotonic() + 60
    while not (found := re.search(r"http://\S+", log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until
        time.sleep(0.05)
    with httpx.Client(base_url=found[0]) as client:
        yield Server(process, client)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=15) in (0, -signal.SIGINT, 130), log.read_text()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with _running(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.mark.parametrize("name", _BOMBS)
def test_a_bomb_harms_nobody(server: Server, name: str) -> None:
    start = time.monotonic()
    answer = server.ask(_BOMBS[name])
    assert time.monotonic() - start < _SECONDS + 2
    assert 400 <= answer.status_code < 500 or answer.status_code == 503, answer.text[:200]
    assert "Traceback" not in answer.text
    assert server.answers() < 0.5


def test_who_abuses_it_does_not_stop_the_others(server: Server) -> None:
    def abuse(number: int) -> int:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{number % 2 + 2}")
        with httpx.Client(base_url=server.client.base_url, transport=transport) as client:
            return client.post(
                "/sparql", data={"query": _BOMBS["a product"]}, timeout=60
            ).status_code

    with ThreadPoolExecutor(8) as pool:
        abusers = [pool.submit(abuse, number) for number in range(8)]
        time.sleep(0.5)
        times = sorted(server.answers() for _ in range(40))
        assert {future.result() for future in abusers} == {503}
    assert times[len(times) // 2] < 0.5


def _session(leader: int) -> list[int]:
    """Return the processes that a keeper has started, and itself while it lives."""
    command = ["pgrep", "--session", str(leader)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(number) for number in found.stdout.split()]


def test_what_is_killed_comes_back(server: Server) -> None:
    keeper = server.keeper()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(server.ask, _BOMBS["a product"])
        time.sleep(1)
        for worker in _session(keeper):
            if worker != keeper:
                os.kill(worker, signal.SIGKILL)
        assert late.result().status_code == 503
    assert server.answers() < 2
    os.kill(keeper, signal.SIGKILL)
    assert server.answers() < 10
    for worker in _session(keeper):
        os.kill(worker, signal.SIGKILL)
    assert server.answers() < 10
    assert server.keeper() != keeper


def test_a_client_that_leaves_frees_its_worker(server: Server) -> None:
    for _ in range(10):
        with pytest.raises(httpx.ReadTimeout):
            server.client.post("/sparql", data={"query": _BOMBS["a product"]}, timeout=0.2)
    time.sleep(0.5)
    busy = subprocess.run(
        ["ps", "-o", "stat=", "--ppid", str(server.keeper())],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    assert not [state for state in busy if state.startswith("R")]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
    ],
)
def test_the_formats_of_rows(server: Server, accept: str, kind: str) -> None:
    answer = server.ask("SELECT ?s { ?s a ?c } LIMIT 1", accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "said"),
    [
        ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, 400, "two queries"),
        ("GET", "/sparql?quary=ASK{}", {}, 400, "no query"),
        ("POST", "/sparql", {"data": {"update": "CLEAR ALL"}}, 403, "no updates"),
        ("POST", "/sparql", {"data": {"query": "CLEAR ALL"}}, 403, "only read"),
        ("POST", "/sparql", {"data": {"query": "ASK { SERVICE <http://x/> {} }"}}, 403, "SERVICE"),
        ("POST", "/sparql", {"content": b"ASK {}"}, 415, "a body without a type"),
        ("PUT", "/sparql", {}, 405, "only reads"),
        ("GET", "/sparql?query=ASK{}&format=xlsx", {}, 406, "Choose from"),
        ("GET", "/sparql?query=ASK{}", {"headers": {"Host": "evil.example"}}, 421, "name"),
        ("GET", "/no/such/thing", {}, 404, "nothing at"),
        ("GET", "/../../etc/passwd", {}, 404, "nothing at"),
        ("GET", "/queries/no-such-query.csv", {}, 404, "no query"),
    ],
)
def test_what_is_refused(
    server: Server, method: str, path: str, sent: dict[str, object], status: int, said: str
) -> None:
    answer = server.client.request(method, path, **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert said in answer.text
    assert len(answer.text.splitlines()) <= 2


def test_a_saved_query_by_its_address(server: Server) -> None:
    answer = server.client.get("/queries/interventions-replacing.csv?response=juvenile-court")
    assert answer.text.startswith("intervention,name,")
    assert len(answer.text.splitlines()) > 3


_ONTOLOGY = "https://w3id.org/cjph/ontology"
_COUNT = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"


def test_graphs_are_named_by_the_protocol_or_the_text(server: Server) -> None:
    def count(text: str = "", **graphs: str) -> int:
        names = {name.replace("_", "-"): iri for name, iri in graphs.items()}
        answer = server.client.get("/sparql", params={"query": _COUNT.format(text), **names})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    described = server.client.get("/sparql", headers={"Accept": "text/turtle"}).text
    names = re.findall(r"sd:name <([^>]+)>", described)
    counts = {name: count(default_graph_uri=name) for name in names}
    assert _ONTOLOGY in counts
    assert count() == sum(counts.values())
    for name, there in counts.items():
        assert count(f"FROM <{name}>") == there
        assert 0 < there < count()
    elsewhere = {"query": "ASK {}", "default-graph-uri": "https://example.org/elsewhere"}
    answer = server.client.get("/sparql", params=elsewhere)
    assert (answer.status_code, "is not served here" in answer.text) == (403, True)
    assert server.ask("ASK FROM <https://example.org/elsewhere> {}").status_code == 403


def test_a_relative_iri_is_completed_with_the_address(server: Server) -> None:
    answer = server.ask("SELECT (STR(<#x>) AS ?x) {}")
    found = answer.json()["results"]["bindings"][0]["x"]["value"]
    assert found == f"{server.client.base_url}sparql#x"


def test_clients_of_others_understand_it(server: Server) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore
    from SPARQLWrapper import JSON, SPARQLWrapper

    endpoint = f"{server.client.base_url}sparql"
    text = "SELECT ?s { ?s a <https://w3id.org/cjph/ontology#Workgroup> }"
    wrapper = SPARQLWrapper(endpoint, returnFormat=JSON)
    wrapper.setQuery(text)
    bindings = wrapper.queryAndConvert()["results"]["bindings"]
    assert {each["s"]["value"] for each in bindings} == {
        str(row[0]) for row in SPARQLStore(endpoint).query(text)
    }
    assert len(bindings) == 3


def test_many_clients_at_once(server: Server) -> None:
    def work(number: int) -> set[int]:
        with httpx.Client(base_url=server.client.base_url, timeout=30) as client:
            paths = ("/", "/sparql?query=ASK{}", "/interventions/cahoots-eugene.html")
            return {client.get(paths[(number + i) % 3]).status_code for i in range(9)}

    with ThreadPoolExecutor(50) as pool:
        assert set().union(*pool.map(work, range(50))) == {200}


def test_names_are_matched(server: Server) -> None:
    queries = {
        "same": {"query": "eugene", "type": "places"},
        "nearly": {"query": "Vera Institut of Justice", "type": "organisations"},
        "within": {"query": "CAHOOTS", "type": "interventions"},
        "code": {"query": "US-OR"},
        "nothing": {"query": "zzzz"},
    }
    answer = server.client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    first = {key: found["result"][:1] for key, found in answer.items()}
    assert first["same"][0]["id"] == "places/eugene"
    assert first["same"][0]["match"] is True
    assert first["nearly"][0]["id"] == "organisations/vera-institute-of-justice"
    assert first["nearly"][0]["match"] is False
    assert first["within"][0]["id"] == "interventions/cahoots-eugene"
    assert first["code"][0]["id"] == "places/oregon"
    assert first["nothing"] == []


def test_the_matching_service_says_what_it_is(server: Server) -> None:
    found = server.client.get("/reconcile").json()
    assert found["identifierSpace"] == "https://w3id.org/cjph/"
    assert {"id": "organisations", "name": "organisation"} in found["defaultTypes"]
    suggest = found["suggest"]["entity"]
    address = f"{suggest['service_url']}{suggest['service_path']}?prefix=cahoots"
    names = [each["name"] for each in httpx.get(address).json()["result"]]
    assert names[0].startswith("CAHOOTS")
    preview = found["preview"]["url"].replace("{{id}}", "interventions/cahoots-eugene")
    assert "CAHOOTS" in httpx.get(preview).text
    assert server.client.post("/reconcile", data={"queries": "[1]"}).status_code == 400


def test_the_interface_names_every_saved_query(server: Server) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    for path in Path("queries").glob("*.rq"):
        assert any(each.startswith(f"/queries/{path.stem}.") for each in paths)


def test_files_of_the_dataset(server: Server) -> None:
    answer = server.client.get("/data/cjph-graph.nt", timeout=60)
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert answer.text.startswith("<https://w3id.org/cjph/")


def test_pages_are_kept(server: Server) -> None:
    first = server.client.get("/index.html")
    again = server.client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_the_command_asks_it(server: Server) -> None:
    endpoint = f"{server.client.base_url}sparql"
    run = [*_COMMAND, "query", "profile"]
    there = subprocess.run([*run, "--endpoint", endpoint], capture_output=True, check=True)
    here = subprocess.run(run, capture_output=True, check=True)
    assert there.stdout == here.stdout


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    with _running(tmp_path / "log") as running:
        keeper = running.keeper()
        assert running.answers() < 5
    until = time.monotonic() + 5
    while Path(f"/proc/{keeper}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{keeper}").exists()
    assert "Traceback" not in (tmp_path / "log").read_text()
