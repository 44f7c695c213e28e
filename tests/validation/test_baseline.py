"""What a branch brought in, compared with what git has."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest
from click.testing import CliRunner, Result

from cjph_graph.cli.main import cli
from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home
from cjph_graph.rdf.reading import TurtleFile
from cjph_graph.system.files import shown
from cjph_graph.validation import Finding
from cjph_graph.validation.baseline import home_at, new_findings

pytestmark = pytest.mark.skipif(which("git") is None, reason="git is not installed")

_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:WaterShape a sh:NodeShape ; sh:targetClass ex:Water ; sh:property ex:kmShape .
ex:kmShape sh:path ex:km ; sh:datatype xsd:decimal ; sh:message "Write km as 8.5."@en .
"""
_WATER = """\
@prefix ex: <https://example.org/terms#> .
<https://example.org/waters/{0}> a ex:{1} ; ex:km {2} .
"""

Git = Callable[..., str]
Run = Callable[..., Result]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")

    def call(*words: str) -> str:
        identity = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
        return subprocess.run(
            ["git", *identity, *words],  # noqa: S607
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    return call


@pytest.fixture
def watched(home: Home, git: Git) -> Home:
    """Return a home in a folder of a repository, committed with one finding."""
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    git("init", "--quiet")
    git("add", "home")
    git("commit", "--quiet", "--message", "before")
    return home


@pytest.fixture
def run(watched: Home, tmp_path: Path) -> Run:
    def invoke(*words: object) -> Result:
        given = ["--home", str(watched.path), "validate", "--since", "HEAD", *map(str, words)]
        return CliRunner().invoke(cli, given)

    return invoke


def _add(home: Home, name: str, kind: str = "Canal", km: str = '"far"') -> Path:
    path = home.data / f"{name}.ttl"
    path.write_text(_WATER.format(name, kind, km), encoding="utf-8")
    return path


def _found(result: Result) -> list[tuple[str, int | None]]:
    found = json.loads(result.stdout)["findings"]
    return [(f["focus"] and f["focus"].rpartition("/")[2], f["line"]) for f in found]


def test_what_was_there_before_is_left_out(run: Run, watched: Home, tmp_path: Path) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    said = " ".join(result.stdout.split())
    assert said.endswith("no new findings since HEAD, 1 older left out.")
    _add(watched, "grand")
    result = run()
    assert result.exit_code == 1
    assert "grand" in result.stdout
    assert "otter" not in result.stdout
    assert result.stdout.endswith(": 1 error new since HEAD, 1 older left out.\n")


def test_what_came_in_and_went_is_said(run: Run, watched: Home, git: Git) -> None:
    assert "No thing came in, was changed or was taken away since HEAD." in run().stdout
    gone = _WATER.format("tamar", "River", "98.1")
    (watched.data / "gone.ttl").write_text(gone, encoding="utf-8")
    git("add", "home")
    git("commit", "--quiet", "--message", "a river")
    (watched.data / "gone.ttl").unlink()
    path = watched.data / "waters" / "all.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("8.5", "8.6"), encoding="utf-8")
    (watched.data / "grand.ttl").write_text(
        _WATER.format("grand", "Canal", "220.5")
        + "<https://example.org/waters/grand> ex:meets <https://example.org/waters/exe> ;"
        " <http://purl.org/dc/terms/source> <https://example.org/sources/map> .\n"
        "<https://example.org/waters/grand#lock> a ex:Lock .\n",
        encoding="utf-8",
    )
    said = " ".join(run().stdout.split())
    assert (
        "Came in since HEAD: 1 Canal (grand). These link to what was there: 1 Canal (exe). They"
        " rest on these sources: map. Changed: 1 Canal (exe). Taken away: 1 River (tamar)."
    ) in said
    changes = json.loads(run("--format", "json").stdout)["changes"]
    assert changes["added"] == {"Canal": ["https://example.org/waters/grand"]}
    assert changes["removed"] == {"River": ["https://example.org/waters/tamar"]}
    for form in ("markdown", "github"):
        assert "Came in since HEAD: 1 Canal (grand)." in run("--format", form).stdout
    (grand,) = (watched.data / name for name in ("grand.ttl",))
    assert "Changed" not in run(grand).stdout
    assert "Came in since HEAD: 1 Canal (grand)." in run(grand).stdout


def test_a_statement_that_was_only_moved_is_no_change(run: Run, watched: Home) -> None:
    path = watched.data / "waters" / "all.ttl"
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join([*lines[:3], *lines[5:], *lines[3:5], ""]), encoding="utf-8")
    assert "No thing came in" in run().stdout


def test_a_link_to_what_was_taken_away_says_so(run: Run, watched: Home, git: Git) -> None:
    watched.shapes.write_text(
        _SHAPES + "ex:WaterShape sh:property [ sh:path ex:meets ; sh:class ex:Water ] .\n",
        encoding="utf-8",
    )
    meets = "<https://example.org/waters/otter> ex:meets <https://example.org/waters/tamar> .\n"
    (watched.data / "gone.ttl").write_text(_WATER.format("tamar", "River", "98.1"), "utf-8")
    (watched.data / "meets.ttl").write_text(_WATER.split("\n")[0] + "\n" + meets, "utf-8")
    git("add", "home")
    git("commit", "--quiet", "--message", "a river")
    (watched.data / "gone.ttl").unlink()
    result = run()
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "hint: tamar was in " in said
    assert "gone.ttl at HEAD and was taken away: put it back, or take the link away too." in said
    assert "Something still links to what was taken away: tamar." in said


def test_a_statement_that_moved_is_not_new(run: Run, watched: Home) -> None:
    old = watched.data / "waters" / "all.ttl"
    old.rename(watched.data / "moved.ttl")
    moved = watched.data / "moved.ttl"
    moved.write_text("# moved\n\n" + moved.read_text(encoding="utf-8"), encoding="utf-8")
    assert _found(run("--format", "json")) == []


def test_what_a_change_causes_elsewhere_is_new(run: Run, watched: Home, git: Git) -> None:
    _add(watched, "lake", "Lake")
    git("add", "home")
    git("commit", "--quiet", "--message", "a lake is no water yet")
    with watched.ontology.open("a", encoding="utf-8") as file:
        file.write("ex:Lake rdfs:subClassOf ex:Water .\n")
    assert [focus for focus, _ in _found(run("--format", "json"))] == ["lake"]


def test_a_file_that_was_broken_before_is_not_new(run: Run, watched: Home, git: Git) -> None:
    (watched.data / "broken.ttl").write_text("<a> <b>\n", encoding="utf-8")
    git("add", "home")
    git("commit", "--quiet", "--message", "broken")
    assert _found(run("--format", "json")) == []
    (watched.data / "also.ttl").write_text("<a> <b>\n", encoding="utf-8")
    assert len(_found(run("--format", "json"))) == 1


def test_paths_restrict_what_is_reported(run: Run, watched: Home, tmp_path: Path) -> None:
    path = _add(watched, "grand")
    _add(watched, "oxford")
    assert [focus for focus, _ in _found(run("--format", "json", path))] == ["grand"]
    assert len(_found(run("--format", "json", watched.data))) == 2
    outside = tmp_path / "outside.ttl"
    outside.write_text("", encoding="utf-8")
    result = run(outside)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "outside.ttl is not in the graph of" in result.stderr


def test_nothing_checked_is_no_success(run: Run, watched: Home) -> None:
    watched.shapes.write_text("", encoding="utf-8")
    result = run()
    assert result.exit_code == 2
    assert "Nothing was checked" in result.stderr


@pytest.mark.parametrize("words", [["--alone"], ["-"]])
def test_usage(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--since does not work with --alone or -" in result.stderr


def _finding(identity: str, file: str | None = "a.ttl", message: str = "m") -> Finding:
    absent = dict.fromkeys(
        ("line", "column", "focus", "path", "value", "constraint", "shape", "hint")
    )
    return Finding(id=identity, severity="error", file=file, message=message, **absent)


def test_what_is_there_more_often_is_new_as_often_as_it_is_more() -> None:
    a, b = _finding("1", "a.ttl"), _finding("1", "b.ttl")
    assert new_findings([a, a, a], [a]) == [a, a]
    assert new_findings([a], [a, a]) == []
    assert new_findings([b, a], [a]) == [b]
    assert new_findings([b, _finding("2")], [a]) == [_finding("2")]


@pytest.mark.parametrize(
    "revision",
    ["nope", "", " ", "-x", "--output=x", "HEAD:home", "a\nb", "a\0b", "HEAD~9", "$(id)"],
)
def test_a_revision_that_git_does_not_have(watched: Home, revision: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="revision"):
        home_at(watched, revision)
    assert not (tmp_path / "x").exists()


def test_a_tag_and_a_branch_are_revisions(watched: Home, git: Git) -> None:
    git("tag", "v1")
    for revision in ("v1", "main", "main^{commit}", "@"):
        (shapes,) = home_at(watched, revision).files.shapes
        assert isinstance(shapes, TurtleFile)
        assert shapes.data.decode() == _SHAPES


def test_no_home_at_that_revision(watched: Home, git: Git) -> None:
    git("checkout", "--quiet", "--orphan", "empty")
    git("rm", "--quiet", "-r", "--cached", "home")
    git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    with pytest.raises(UsageError, match="There was no home"):
        home_at(watched, "empty")


def test_no_repository(home: Home, git: Git) -> None:
    with pytest.raises(UsageError, match="is not in a git repository"):
        home_at(home, "HEAD")


def test_no_git(watched: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git is not installed"):
        home_at(watched, "HEAD")


def test_a_hook_for_another_repository_does_no_harm(
    watched: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", "nowhere")
    assert home_at(watched, "HEAD").files.data


def test_a_link_is_passed_over(watched: Home, git: Git) -> None:
    (watched.data / "out.ttl").symlink_to("/etc/hostname")
    git("add", "home")
    git("commit", "--quiet", "--message", "link")
    old = home_at(watched, "HEAD")
    assert old.links == ["data/out.ttl"]
    assert [file.path for file in old.files.data if isinstance(file, TurtleFile)] == [
        shown(watched.vocabularies),
        shown(watched.data / "waters" / "all.ttl"),
    ]


def test_the_home_can_be_the_whole_repository(home: Home, git: Git) -> None:
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    git("init", "--quiet", "home")
    git("-C", "home", "add", ".")
    git("-C", "home", "commit", "--quiet", "--message", "all")
    assert len(home_at(home, "HEAD").files.data) == 2


@pytest.mark.parametrize("attributes", [".gitattributes", ".git/info/attributes"])
@pytest.mark.parametrize("kind", ["smudge", "process", "clean"])
def test_no_filter_of_a_repository_is_run(
    run: Run, watched: Home, git: Git, tmp_path: Path, attributes: str, kind: str
) -> None:
    git("config", f"filter.shout.{kind}", f"touch {tmp_path}/heard; cat")
    git("config", "filter.shout.required", "true")
    git("config", "core.fsmonitor", f"touch {tmp_path}/heard; false")
    (tmp_path / attributes).write_text("*.ttl filter=shout\n", encoding="utf-8")
    _add(watched, "grand")
    assert [focus for focus, _ in _found(run("--format", "json"))] == ["grand"]
    assert not (tmp_path / "heard").exists()


def test_what_git_lacks_is_not_fetched(run: Run, git: Git, tmp_path: Path) -> None:
    (name,) = git("rev-parse", "HEAD:home/data/waters/all.ttl").split()
    (tmp_path / ".git" / "objects" / name[:2] / name[2:]).unlink()
    git("config", "remote.origin.url", "ext::touch% heard")
    git("config", "remote.origin.promisor", "true")
    git("config", "extensions.partialClone", "origin")
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "git does not have data/waters/all.ttl at " in result.stderr
    assert not (tmp_path / "heard").exists()
