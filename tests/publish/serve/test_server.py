"""What the server answers over HTTP: the protocol, saved queries, pages and files."""

import re
import time
from pathlib import Path

import pytest
from support.served import Server

pytestmark = [pytest.mark.slow, pytest.mark.checkout]


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


def test_the_interface_names_every_saved_query(server: Server) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    for path in Path("queries").glob("*.rq"):
        assert any(each.startswith(f"/queries/{path.stem}.") for each in paths)


def test_files_of_the_dataset(server: Server) -> None:
    # They are made when the first is asked for, which takes some seconds.
    until = time.monotonic() + 60
    while (answer := server.client.get("/data/cjph-graph.nt", timeout=60)).status_code == 503:
        assert time.monotonic() < until
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert answer.text.startswith("<https://w3id.org/cjph/")


def test_pages_are_kept(server: Server) -> None:
    first = server.client.get("/index.html")
    again = server.client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_an_address_without_a_form_leads_to_one(server: Server) -> None:
    page = server.client.get("/interventions")
    assert (page.status_code, page.headers["location"]) == (303, "interventions/")
    assert server.client.get("/interventions/").status_code == 200
    ontology = server.client.get("/ontology", headers={"Accept": "text/turtle"})
    assert ontology.headers["content-location"] == "/ontology/ontology.ttl"
    assert ontology.content == Path("ontology/cjph.ttl").read_bytes()
    assert server.client.get("/ontology").headers["location"] == "ontology/"
    assert server.client.get("/ontology", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/interventions/cahoots-eugene", "text/turtle"),
        ("/interventions/cahoots-eugene.jsonld", "*/*"),
        ("/sparql?query=ASK{}", "application/sparql-results+json"),
        ("/data/cjph-graph.nt", "*/*"),
    ],
)
def test_what_a_client_has_is_not_sent_again(server: Server, path: str, accept: str) -> None:
    first = server.client.get(path, headers={"Accept": accept}, timeout=60)
    tag = first.headers["etag"]
    for said, status in [(tag, 304), (f'"x", W/{tag}', 304), ("*", 304), ('"x"', 200)]:
        headers = {"Accept": accept, "If-None-Match": said}
        assert server.client.get(path, headers=headers).status_code == status
    head = server.client.head(path, headers={"Accept": accept})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(first.content))


def test_pages_of_others_may_ask(server: Server) -> None:
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    asked = server.client.options("/sparql", headers=headers)
    assert (asked.status_code, asked.content) == (204, b"")
    for answer in (asked, server.client.get("/sparql?query=ASK{}")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/interventions%2Fcahoots-eugene",
        "/interventions/cahoots-eugene%252ettl",
        "/data/..%2f..%2fpyproject.toml",
        "/data/%2e%2e/%2e%2e/pyproject.toml",
        "/x//interventions",
        "/favicon.ico",
        "/wp-login.php",
        "/%00",
    ],
)
def test_addresses_of_nothing(server: Server, path: str) -> None:
    start = time.monotonic()
    assert server.client.get(path).status_code == 404
    assert time.monotonic() - start < 2


def test_a_form_for_each_kind(server: Server) -> None:
    listed = server.client.get("/contribute/index.html").text
    paths = re.findall(r'href="[^"]*(contribute/[a-z-]+\.html)"', listed)
    assert "contribute/intervention.html" in paths
    page = server.client.get("/contribute/intervention.html")
    assert "assets/form.js" in page.text
    # Where a form goes is what the page allows; the server must not forbid it.
    assert "form-action 'self' https:" in page.headers["content-security-policy"]
    assert server.client.get("/assets/form.js").status_code == 200
