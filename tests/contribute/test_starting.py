"""A new home, and a class that is added in Turtle alone: every command works on both."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from shutil import which
from textwrap import dedent

import pytest
from click.testing import CliRunner
from pyoxigraph import Store
from support.homes import shipped_part
from support.repositories import committed_all, git
from support.served import running
from support.serving import serving, store_written

from cjph_graph.cli.main import cli
from cjph_graph.home.location import Home, find_home

_NAMESPACE = "https://w3id.org/bail/"


def _run(home: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["--home", str(home), *words])
    assert done.exit_code == code, (words, done.output, done.stderr)
    return done.stdout


@pytest.fixture
def started(tmp_path: Path) -> Home:
    """Return a home that was just started."""
    folder = tmp_path / "bail"
    given = ["init", str(folder), "--namespace", _NAMESPACE, "--prefix", "bail"]
    done = CliRunner().invoke(cli, [*given, "--title", 'The "Bail" Graph'])
    assert done.exit_code == 0, done.output
    return Home(folder)


def test_a_new_home_has_its_own_namespace_and_is_in_order(started: Home) -> None:
    assert started.ontology.name == "ontology.ttl"
    texts = {
        path: path.read_text(encoding="utf-8") for path in started.path.rglob("*") if path.is_file()
    }
    assert not [path for path, text in texts.items() if "example.org/alliance" in text]
    assert not [path for path, text in texts.items() if "ex:" in text]
    assert 'dcterms:title "The \\"Bail\\" Graph"@en' in texts[started.ontology]
    assert '# The "Bail" Graph' in texts[started.path / "README.md"]
    assert (started.path / ".github" / "workflows" / "check.yml").is_file()
    assert "nothing to mend" in _run(started.path, "validate")
    _run(started.path, "format", "--check", str(started.path))


def test_every_command_works_on_a_new_home(started: Home, tmp_path: Path) -> None:
    home = started.path
    _run(home, "new", "example", "A", "--output", str(started.data / "examples" / "a.ttl"))
    assert "3 files" in _run(home, "validate")
    assert "first-example" in _run(home, "query", "examples-by-stage", "-p", "stage=planned")
    assert "examples" in _run(home, "list")
    assert '"First example"' in _run(home, "export", "first-example")
    assert "First example" in _run(home, "export", "--kind", "examples", "--format", "csv")
    published = tmp_path / "out"
    _run(home, "publish", str(published))
    assert list(published.rglob("*.jsonld"))
    store = Store()
    with serving(store_written(store)) as server:
        said = _run(home, "push", "--endpoint", f"{server.base}/query", "--graph", _NAMESPACE)
    assert "triples are in" in said
    assert len(store)


@pytest.mark.slow
def test_a_new_home_is_served(started: Home, tmp_path: Path) -> None:
    with running(tmp_path / "log", home=started.path) as server:
        names = "SELECT ?n { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?n }"
        assert "First example" in server.ask(names).text
        page = server.client.get("/examples/first-example", headers={"Accept": "text/turtle"})
        assert "bail:Example" in page.text


@pytest.mark.parametrize("there", [True, False])
def test_a_home_is_started_in_the_folder_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    folder = tmp_path / "a name (é 🎈) of blanks"
    if there:
        folder.mkdir()
        monkeypatch.chdir(folder)
    given = ["init", "." if there else str(folder / "deeper"), "--namespace", _NAMESPACE]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 0, done.output
    home = folder if there else folder / "deeper"
    assert not [path for path in home.iterdir() if path.name.startswith(".new-home")]
    assert "nothing to mend" in _run(home, "validate")


def test_where_no_folder_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    given = ["init", str(tmp_path / "file" / "new"), "--namespace", _NAMESPACE]
    done = CliRunner().invoke(cli, given)
    assert (done.exit_code, "No home can be started in" in done.stderr) == (2, True), done.stderr


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_without_a_commit_there_is_nothing_to_compare_with(started: Home) -> None:
    git(started.path, "init", "--quiet")
    done = CliRunner().invoke(cli, ["--home", str(started.path), "diff"])
    assert (done.exit_code, "Nothing has been committed" in done.stderr) == (2, True)


@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_what_changes_in_a_new_home_is_told(started: Home) -> None:
    committed_all(started.path)
    assert _run(started.path, "diff") == "Nothing changed since HEAD.\n"
    path = started.data / "examples" / "first-example.ttl"
    text = path.read_text(encoding="utf-8").replace("stage:planned", "stage:running")
    path.write_text(text, encoding="utf-8")
    assert "First example (example): stage Planned → Running" in _run(started.path, "diff")
    assert "Examples without a source (1)" in _run(started.path, "review")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--namespace", "bail"], "is not what IRIs can begin with"),
        (["--namespace", "https://w3id.org/bail"], "ends with /"),
        (["--namespace", "https://w3id.org/b ail/"], "is not what IRIs can begin with"),
        (["--namespace", _NAMESPACE, "--prefix", "Bail!"], "is not a prefix"),
        (["--namespace", _NAMESPACE, "--prefix", "skos"], "is taken"),
    ],
)
def test_what_will_not_do_leaves_nothing(tmp_path: Path, words: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, ["init", str(tmp_path / "new"), *words])
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert [*tmp_path.iterdir()] == []


def test_without_a_namespace_one_is_taken_to_try_it(tmp_path: Path) -> None:
    folder = tmp_path / "Bail Graph"
    done = CliRunner().invoke(cli, ["init", str(folder)])
    assert (done.exit_code, "for trying only" in done.stderr) == (0, True), done.stderr
    assert "<https://example.org/bail-graph/ontology>" in Home(folder).ontology.read_text("utf-8")
    assert "nothing to mend" in _run(folder, "validate")
    _run(folder, "format", "--check", str(folder))
    _run(folder, "new", "example", "A", "--output", str(folder / "data" / "examples" / "a.ttl"))
    assert "3 files" in _run(folder, "validate")


@pytest.mark.parametrize(
    ("typed", "begin"),
    [("https://w3id.org/mine/\n", "https://w3id.org/mine/"), ("\n", "https://example.org/new/")],
)
def test_on_a_terminal_the_namespace_is_asked_for(tmp_path: Path, typed: str, begin: str) -> None:
    leader, follower = os.openpty()
    os.write(leader, typed.encode())
    command = [sys.executable, "-m", "cjph_graph", "init", str(tmp_path / "new")]
    done = subprocess.run(
        command, stdin=follower, capture_output=True, text=True, check=False, timeout=60
    )
    os.close(follower)
    os.close(leader)
    assert (done.returncode, "such as https://w3id.org/your-alliance/" in done.stderr) == (0, True)
    assert f"<{begin}ontology>" in Home(tmp_path / "new").ontology.read_text("utf-8")


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    done = CliRunner().invoke(cli, ["init", str(tmp_path), "--namespace", _NAMESPACE])
    assert (done.exit_code, "is not empty" in done.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


_PREFIXES = """\
@prefix {prefix}: <{base}ontology#> .
@prefix own: <{base}shapes#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_QUERY = (
    "SELECT (SUM(?v) AS ?sum) {{ ?c a <{base}ontology#Campaign> ; <{base}ontology#voters> ?v }}"
)
_DATA = """\
@prefix {prefix}: <{base}ontology#> .
@prefix campaign: <{base}campaigns/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

campaign:close-the-jail
    a {prefix}:Campaign ;
    skos:prefLabel "Close the jail"@en ;
    {prefix}:voters {voters} .
"""


def _add_campaigns(home: Home, prefix: str, base: str) -> Path:
    """Add a class to a home, as the page on another home says: its term, shapes and a thing."""
    names = {"prefix": prefix, "base": base}
    page = (Path(__file__).parents[2] / "docs" / "another-home.md").read_text(encoding="utf-8")
    blocks = re.findall(r"   ```turtle\n(.*?)   ```\n", page, re.DOTALL)
    escaped = base.replace(".", "[.]")
    term, kind, voters = (
        dedent(block)
        .replace("https://w3id[.]org/bail/", escaped)
        .replace("https://w3id.org/bail/", base)
        .replace("bail:", f"{prefix}:")
        for block in blocks
    )
    with home.ontology.open("a", encoding="utf-8") as file:
        file.write(f"\n{term}")
    shapes = _PREFIXES.format(**names) + f"{kind}\n{voters}"
    (home.shapes / "campaigns.ttl").write_text(shapes, encoding="utf-8")
    properties = home.shapes / "properties.ttl"
    text = properties.read_text(encoding="utf-8")
    known = re.sub(r"(knownClass\n(?:.+\n)*?    sh:in \()", rf"\1 {prefix}:Campaign ", text)
    properties.write_text(known, encoding="utf-8")
    path = home.data / "campaigns" / "close-the-jail.ttl"
    path.parent.mkdir()
    path.write_text(_DATA.format(voters="1200", **names), encoding="utf-8")
    return path


def _try_campaigns(home: Home, prefix: str, base: str, tmp_path: Path) -> None:
    """Take the new class through every command."""
    committed_all(home.path)
    path = _add_campaigns(home, prefix, base)
    _run(home.path, "format")
    assert "nothing to mend" in _run(home.path, "validate")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1200", '"many"'), encoding="utf-8")
    assert "Give the number of voters once" in _run(home.path, "validate", str(path), code=1)
    path.write_text(text, encoding="utf-8")
    second = home.data / "campaigns" / "fund-clinics.ttl"
    _run(home.path, "new", "campaign", "Fund clinics", "--output", str(second))
    assert "voters reached" in second.read_text(encoding="utf-8")
    assert "fund-clinics" in _run(home.path, "list", "campaigns")
    table = tmp_path / "campaigns.csv"
    _run(home.path, "new", "campaign", "--template", str(table))
    columns = next(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert {"name", "voters"} <= {*columns}
    table.write_text("name,voters\nOpen the doors,many\n", encoding="utf-8")
    assert "B2  error" in _run(home.path, "new", "campaign", "--from", str(table), code=1)
    table.write_text("name,voters\nOpen the doors,300\n", encoding="utf-8")
    _run(home.path, "new", "campaign", "--from", str(table))
    _run(home.path, "format", "--check", str(home.data / "campaigns" / "open-the-doors.ttl"))
    asked = tmp_path / "voters.rq"
    asked.write_text(_QUERY.format(base=base), encoding="utf-8")
    assert _run(home.path, "query", str(asked), "--format", "csv").split() == ["sum", "1500"]
    _run(home.path, "forms", str(tmp_path / "forms"))
    form = (tmp_path / "forms" / "campaigns.yml").read_text(encoding="utf-8")
    assert 'label: "Voters reached"' in form
    assert '"voters": 1200' in _run(home.path, "export", "close-the-jail")
    assert "Close the jail" in _run(home.path, "export", "--kind", "campaigns", "--format", "csv")
    said = _run(home.path, "diff")
    assert "Close the jail (campaign) came in" in said.replace("\n  ", " ")
    assert "New: campaign (3)" in _run(home.path, "review")
    published = tmp_path / "out"
    _run(home.path, "publish", str(published))
    tables = next(published.rglob("campaigns.csv")).read_text(encoding="utf-8-sig")
    assert "Close the jail" in tables
    (page,) = (p for p in published.rglob("close-the-jail.html") if "latest" not in p.parts)
    assert "voters reached" in page.read_text(encoding="utf-8").lower()


def _serve_campaigns(home: Home, base: str, tmp_path: Path) -> None:
    with running(tmp_path / "log", home=home.path) as server:
        asked = server.ask(_QUERY.format(base=base), accept="text/csv")
        assert asked.text.split() == ["sum", "1500"]
        told = server.client.get("/campaigns/close-the-jail", headers={"Accept": "text/turtle"})
        assert "Close the jail" in told.text


@pytest.mark.checkout
@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_a_class_is_added_to_a_new_home_in_turtle_alone(started: Home, tmp_path: Path) -> None:
    _try_campaigns(started, "bail", _NAMESPACE, tmp_path)


@pytest.mark.checkout
@pytest.mark.slow
@pytest.mark.skipif(which("git") is None, reason="git is not installed")
def test_a_class_is_added_to_our_home_in_turtle_alone(tmp_path: Path) -> None:
    copy = shipped_part(tmp_path / "home", "interventions/cahoots-eugene", "policies/988-act-2020")
    shutil.copytree(find_home().path / "site", copy.path / "site")
    _try_campaigns(copy, "cjph", "https://w3id.org/cjph/", tmp_path)
    _serve_campaigns(copy, "https://w3id.org/cjph/", tmp_path)
