"""Programs of others that ask the server, and our own commands."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, SPARQLWrapper
from support.readers import NODE_MODULES, program
from support.served import COMMAND, Server

pytestmark = [pytest.mark.slow, pytest.mark.checkout]

_TEXT = "SELECT ?s { ?s a <https://w3id.org/cjph/ontology#Workgroup> }"
_COMUNICA = """
const { QueryEngine } = require("@comunica/query-sparql");
const [source, query] = process.argv.slice(1);
new QueryEngine().queryBindings(query, { sources: [JSON.parse(source)] })
  .then((stream) => stream.toArray())
  .then((rows) => console.log(JSON.stringify(rows.map((row) => row.get("s").value))));
"""


@pytest.fixture
def endpoint(server: Server) -> str:
    return f"{server.client.base_url}sparql"


def test_sparqlwrapper_and_rdflib(endpoint: str) -> None:
    wrapper = SPARQLWrapper(endpoint, returnFormat=JSON)
    wrapper.setQuery(_TEXT)
    bindings = wrapper.queryAndConvert()["results"]["bindings"]
    found = {each["s"]["value"] for each in bindings}
    assert found == {str(row[0]) for row in SPARQLStore(endpoint).query(_TEXT)}
    assert len(found) == 3


@pytest.mark.readers
@pytest.mark.parametrize("is_named_sparql", [True, False])
def test_comunica(server: Server, endpoint: str, is_named_sparql: bool) -> None:
    """It is told what the address is, or looks for itself."""
    source = {"type": "sparql", "value": endpoint} if is_named_sparql else endpoint
    assert len(_comunica(source, _TEXT)) == 3


@pytest.mark.readers
def test_comunica_reads_a_thing(server: Server) -> None:
    address = f"{server.client.base_url}interventions/cahoots-eugene"
    text = "SELECT ?s { ?s a <https://w3id.org/cjph/ontology#Intervention> }"
    assert _comunica(address, text) == ["https://w3id.org/cjph/interventions/cahoots-eugene"]


def _comunica(source: object, text: str) -> list[str]:
    done = subprocess.run(
        [program("node"), "-e", _COMUNICA, json.dumps(source), text],
        env={**os.environ, "NODE_PATH": str(NODE_MODULES)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ["query", "profile"],
        ["query", "interventions-replacing", "-p", "response=juvenile-court", "--format", "csv"],
        ["export", "cahoots-eugene"],
        ["export", "cahoots-eugene", "--format", "turtle"],
    ],
    ids=" ".join,
)
def test_a_command_says_the_same_of_it_as_of_the_files(endpoint: str, command: list[str]) -> None:
    there, here = _run(*command, "--endpoint", endpoint), _run(*command)
    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout == here.stdout


def test_it_is_validated(endpoint: str) -> None:
    done = _run("validate", "--endpoint", endpoint)
    assert (done.returncode, "nothing to mend" in done.stdout + done.stderr) == (0, True)


def test_nothing_can_be_pushed(endpoint: str, tmp_path: Path) -> None:
    graph = "https://w3id.org/cjph/"
    done = _run("push", "--endpoint", endpoint, "--graph", graph)
    assert done.returncode == 2
    assert "This server only answers questions; it takes no updates." in done.stderr
    assert "Traceback" not in done.stderr


def test_another_home_is_served(tmp_path: Path) -> None:
    from support.served import running

    made = _run("init", str(tmp_path / "harbour"), "--namespace", "https://w3id.org/harbour/")
    assert made.returncode == 0, made.stderr
    with running(tmp_path / "log", home=tmp_path / "harbour") as server:
        for path in ("/", "/sparql", "/ontology/", "/contribute/index.html", "/openapi.json"):
            answer = server.client.get(path, headers={"Accept": "text/html, */*;q=0.1"})
            assert answer.status_code == 200, answer.text
        answer = server.client.get(
            "/examples/first-example", headers={"Accept": "application/n-triples"}
        )
        thing = "<https://w3id.org/harbour/examples/first-example>"
        assert answer.text.startswith(thing)
        assert server.ask(
            f"ASK {{ {thing} a <https://w3id.org/harbour/ontology#Example> }}"
        ).json()["boolean"]
        queries = {"q": {"query": "first example"}}
        matched = server.client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
        assert matched["q"]["result"][0]["match"] is True
