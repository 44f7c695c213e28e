"""The GitHub Action: its steps, run as a shell would run them, and what judges its files."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.readers import program
from support.repositories import committed_all, git

from cjph_graph.cli.main import cli

pytestmark = [pytest.mark.checkout, pytest.mark.readers, pytest.mark.slow]

_ROOT = Path(__file__).parent.parent
_WORKFLOWS = sorted((_ROOT / ".github" / "workflows").glob("*.yml"))
_STARTED = _ROOT / "cjph_graph" / "contribute" / "new_home" / "github" / "workflows" / "check.yml"
_READ = (
    "import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout, default=str)"
)


def _yaml(path: Path) -> Any:
    given = [program("python"), "-c", _READ, str(path)]
    return json.loads(subprocess.run(given, capture_output=True, check=True).stdout)


class Job:
    """The steps of the action in a repository, with what GitHub gives them."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        self.folder = folder
        self.files = {name: folder.parent / name for name in ("output", "summary")}
        for path in self.files.values():
            path.write_text("", encoding="utf-8")
        defaults = _yaml(_ROOT / "action.yml")["inputs"]
        given = {name: str(each["default"]) for name, each in defaults.items()}
        self.known = {f"inputs.{name}": text for name, text in (given | inputs).items()}
        self.known["github.base_ref"] = "main"
        self.said = ""
        self.env: dict[str, str] = {}

    def run(self) -> dict[str, int]:
        """Return the exit code of each step by name, but for those that install."""
        codes = {}
        for step in _yaml(_ROOT / "action.yml")["runs"]["steps"]:
            if "run" in step and step["name"] != "Install":
                codes[step["name"]] = self.step(step)
        return codes

    def step(self, step: Any) -> int:
        """Run a step and return its exit code; note what it puts out."""
        before = self.files["output"].read_text(encoding="utf-8")
        env = {name: self._filled(str(text)) for name, text in step.get("env", {}).items()}
        folder_of_gh = self.folder.parent / "bin"
        github = {
            "GITHUB_OUTPUT": str(self.files["output"]),
            "GITHUB_STEP_SUMMARY": str(self.files["summary"]),
            "RUNNER_TEMP": str(self.folder.parent),
            "PATH": f"{folder_of_gh}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(_ROOT),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # noqa: S607
            cwd=self.folder,
            env={**os.environ, **github, **env, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        after = self.files["output"].read_text(encoding="utf-8").removeprefix(before)
        for line in after.splitlines():
            name, _, text = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = text
        return done.returncode

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda m: self.known.get(m[1], ""), text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with a home of its own, at a branch that has left main."""
    folder = tmp_path / "bail"
    given = ["init", str(folder), "--namespace", "https://w3id.org/bail/"]
    assert CliRunner().invoke(cli, given).exit_code == 0
    committed_all(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


def _change(folder: Path, old: str, new: str) -> None:
    path = folder / "data" / "examples" / "first-example.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    git(folder, "commit", "--quiet", "--all", "--message", "change")


def test_a_sound_change_passes_and_is_summed_up(repository: Path) -> None:
    _change(repository, "stage:planned", "stage:running")
    job = Job(repository)
    assert set(job.run().values()) == {0}, job.said
    summary = job.files["summary"].read_text(encoding="utf-8")
    assert "- *First example* (example): stage Planned → Running" in summary
    assert Path(job.known["steps.diff.outputs.path"]).read_text(encoding="utf-8") in summary
    sarif = json.loads(Path(job.known["steps.sarif.outputs.path"]).read_text(encoding="utf-8"))
    assert sarif["runs"][0]["results"] == []


def test_what_is_wrong_is_annotated_at_its_line_and_all_steps_run(repository: Path) -> None:
    _change(repository, "ex:stage stage:planned .", "ex:stage  stage:plannned .")
    job = Job(repository)
    codes = job.run()
    failed = [name for name, code in codes.items() if code]
    assert failed == ["Format", "Rules"], job.said
    assert "::error title=cjph format::" in job.said
    assert re.search(r"::error file=data/examples/first-example.ttl,line=\d+,col=\d+", job.said)
    sarif = json.loads(Path(job.known["steps.sarif.outputs.path"]).read_text(encoding="utf-8"))
    assert len(sarif["runs"][0]["results"]) == 1
    assert "brought: error:" in job.files["summary"].read_text(encoding="utf-8")


def test_without_a_base_the_whole_home_is_checked(repository: Path) -> None:
    job = Job(repository)
    job.known["github.base_ref"] = ""
    assert set(job.run().values()) == {0}, job.said
    assert "steps.diff.outputs.path" not in job.known


def test_the_zeros_of_a_first_push_are_nothing_to_compare_with(repository: Path) -> None:
    job = Job(repository, since="0" * 40)
    assert set(job.run().values()) == {0}, job.said
    assert "steps.diff.outputs.path" not in job.known


@pytest.mark.parametrize("shallow", [False, True])
def test_a_base_that_is_not_there_is_said(repository: Path, tmp_path: Path, shallow: bool) -> None:
    _change(repository, "stage:planned", "stage:running")
    if shallow:
        clone = tmp_path / "shallow"
        git(tmp_path, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(clone))
        repository = clone
    else:
        git(repository, "update-ref", "-d", "refs/remotes/origin/main")
    job = Job(repository, since="HEAD~1" if shallow else "")
    codes = job.run()
    assert [name for name, code in codes.items() if code] == ["Find what to compare with"]
    assert "check out with fetch-depth: 0" in job.said


def test_a_merge_is_compared_with_the_base_as_it_is_now(repository: Path) -> None:
    git(repository, "switch", "--quiet", "--create", "change")
    _change(repository, "stage:planned", "stage:running")
    git(repository, "switch", "--quiet", "-")
    (repository / "README.md").write_text("Another.", encoding="utf-8")
    git(repository, "commit", "--quiet", "--all", "--message", "meanwhile")
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(repository, "merge", "--quiet", "--no-ff", "--no-edit", "change")
    job = Job(repository)
    assert set(job.run().values()) == {0}, job.said
    assert "1 thing was changed" in job.files["summary"].read_text(encoding="utf-8")


def test_a_home_with_a_name_that_is_hard_on_a_shell(repository: Path) -> None:
    inner = repository / "a home (of 'ours') – $HOME"
    inner.mkdir()
    for name in ("ontology", "data", "queries"):
        (repository / name).rename(inner / name)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "moved")
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    path = inner / "data" / "examples" / "naïve.ttl"
    first = (inner / "data" / "examples" / "first-example.ttl").read_text(encoding="utf-8")
    path.write_text(first.replace("first-example", "naive"), encoding="utf-8")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "new")
    job = Job(repository, home=inner.name)
    codes = job.run()
    assert {name for name, code in codes.items() if code} == {"Rules"}, job.said
    assert "%20" not in job.said
    assert "file=a home (of 'ours') – $HOME/data/examples/naïve.ttl" in job.said
    assert "First example* (example) came in" in job.files["summary"].read_text(encoding="utf-8")


def test_what_is_not_laid_out_is_in_the_summary(repository: Path) -> None:
    _change(repository, "stage:planned .", "stage:planned.")
    job = Job(repository)
    assert [name for name, code in job.run().items() if code] == ["Format"], job.said
    summary = job.files["summary"].read_text(encoding="utf-8")
    assert "### Not laid out\n\n    data/examples/first-example.ttl\n" in summary


# A stand-in for GitHub's command: it keeps what it is asked, and answers two questions.
_GH = """\
#!/bin/bash
printf '%s\\n' "$*" >> "$ASKED"
case "$*" in
  *"--jq .head.sha"*) echo "$SHA" ;;
  *--paginate*) printf '%s' "$IDS" ;;
esac
"""


def _with_gh(job: Job, **answers: str) -> Path:
    folder = job.folder.parent / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "gh").write_text(_GH, encoding="utf-8")
    (folder / "gh").chmod(0o755)
    asked = job.folder.parent / "asked"
    asked.write_text("", encoding="utf-8")
    job.env = {"ASKED": str(asked), "SHA": "", "IDS": "", **answers}
    return asked


def _step(workflow: str, job: str, name: str) -> Any:
    steps = _yaml(_ROOT / ".github" / "workflows" / workflow)["jobs"][job]["steps"]
    return next(step for step in steps if step.get("name") == name)


def _comment(folder: Path, number: str) -> Job:
    """Return the job that comments, with what the other one kept."""
    folder.mkdir()
    job = Job(folder)
    (folder / "diff.md").write_text("## What changes é\n" + "é" * 40_000, encoding="utf-8")
    job.known |= {
        "steps.check.outputs.diff": "diff.md",
        "github.event.pull_request.number": number,
        "github.event.workflow_run.head_sha": "abc",
        "github.repository": "o/r",
    }
    assert job.step(_step("graph.yml", "check", "Keep what changes")) == 0, job.said
    return job


def test_a_pull_request_gets_one_comment(tmp_path: Path) -> None:
    job, step = _comment(tmp_path / "work", "7"), _step("comment.yml", "comment", "Comment")
    asked = _with_gh(job, SHA="abc")
    assert job.step(step) == 0, job.said
    last = asked.read_text(encoding="utf-8").splitlines()[-1]
    assert last == "pr comment 7 --repo o/r --body-file body.md"
    body = (job.folder / "body.md").read_text(encoding="utf-8")
    assert body.startswith("<!-- cjph: what changes -->\n## What changes é\n")
    assert len(body) < 65_536
    asked = _with_gh(job, SHA="abc", IDS="11\n12\n")
    assert job.step(step) == 0, job.said
    last = asked.read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("api --silent --method PATCH repos/o/r/issues/comments/12 ")


def test_no_comment_where_the_kept_files_are_not_to_be_trusted(tmp_path: Path) -> None:
    step = _step("comment.yml", "comment", "Comment")
    wrong = {"7; touch pwned": 1, "$(touch pwned)": 1, "": 1, "7": 0}
    for place, (number, code) in enumerate(wrong.items()):
        (tmp_path / str(place)).mkdir()
        job = _comment(tmp_path / str(place) / "work", number)
        asked = _with_gh(job, SHA="another")
        assert job.step(step) == code, job.said
        assert "comment" not in asked.read_text(encoding="utf-8")
    (job.folder / "comment" / "comment.md").unlink()
    (job.folder / "comment" / "comment.md").symlink_to("/etc/passwd")
    assert job.step(step) == 1
    assert not [*tmp_path.rglob("pwned")]


@pytest.mark.parametrize("name", ["home", "since", "fail-on"])
def test_an_input_is_a_text_and_no_program(repository: Path, name: str) -> None:
    job = Job(repository, **{name: '"; touch pwned; $(touch pwned) `touch pwned`'})
    assert any(job.run().values())
    assert not [*repository.parent.rglob("pwned")]


def test_no_input_stands_in_a_program() -> None:
    for step in _yaml(_ROOT / "action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_a_suggestion_becomes_turtle_or_says_what_is_wrong(tmp_path: Path) -> None:
    steps = _yaml(_ROOT / ".github" / "workflows" / "suggestion.yml")["jobs"]["take-in"]["steps"]
    (step,) = (step for step in steps if step.get("name") == "Turtle")
    home = tmp_path / "home"
    for name in ("ontology", "data"):
        shutil.copytree(_ROOT / name, home / name)
    filled = "### Kind of thing\n\nplace\n\n### Name\n\n$(touch pwned) `touch pwned`\n"
    for body, done in ((filled + "\n### Kind of place\n\nCity\n", "yes"), ("Hello", "")):
        job = Job(home)
        job.known["github.event.issue.body"] = body
        assert job.step(step) == 0
        assert job.known.get("steps.turtle.outputs.done", "") == done
        assert (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert not [*tmp_path.rglob("pwned")]
    job = Job(home)
    job.known["github.event.issue.body"] = _SOURCE
    assert job.step(step) == 0
    assert job.known["steps.turtle.outputs.done"] == "yes", job.said
    sources = (home / "data" / "sources.ttl").read_text(encoding="utf-8")
    assert 'skos:prefLabel "A report on clinics"@en' in sources


def test_a_suggestion_becomes_a_branch_with_what_it_changes(tmp_path: Path) -> None:
    home, remote = tmp_path / "home", tmp_path / "remote.git"
    for name in ("ontology", "data"):
        shutil.copytree(_ROOT / name, home / name)
    committed_all(home)
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    job = Job(home)
    job.known |= {
        "github.event.issue.body": _SOURCE,
        "github.event.issue.number": "7",
        "github.repository": "o/r",
        "github.token": "secret",
    }
    asked = _with_gh(job)
    job.env |= {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{remote}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://x-access-token:secret@github.com/o/r",
    }
    for name in ("Turtle", "Branch and pull request"):
        assert job.step(_step("suggestion.yml", "take-in", name)) == 0, job.said
    assert "secret" not in job.said
    assert git(remote, "show", "--stat", "issue-7").count("data/sources.ttl") == 1
    assert "pr create --repo o/r --head issue-7" in asked.read_text(encoding="utf-8")
    body = (tmp_path / "body.md").read_text(encoding="utf-8")
    assert body.startswith("Closes #7.")
    assert "*A report on clinics* (source) came in" in body
    git(home, "switch", "--quiet", "-")
    git(home, "branch", "--quiet", "-D", "issue-7")
    job.known["github.event.issue.body"] = _SOURCE.replace("clinics", "courts")
    assert job.step(_step("suggestion.yml", "take-in", "Turtle")) == 0
    assert job.step(_step("suggestion.yml", "take-in", "Branch and pull request")) == 1
    assert "is there from before: delete it" in job.said


_SOURCE = """\
### Kind of thing

source

### Name

A report on clinics

### Name of the publisher

Example Press

### Address

https://example.org/clinics

### Kind of source

News

### Primary source

No
"""


def test_zizmor_finds_nothing() -> None:
    given = [program("zizmor"), "--offline", "--no-progress", str(_ROOT / "action.yml")]
    given += [str(path) for path in (*_WORKFLOWS, _STARTED)]
    done = subprocess.run(given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-actions", [_ROOT / "action.yml"]),
        ("vendor.github-workflows", [*_WORKFLOWS, _STARTED]),
    ],
)
def test_they_are_what_github_takes(schema: str, paths: list[Path]) -> None:
    given = [program("check-jsonschema"), "--builtin-schema", schema, *map(str, paths)]
    done = subprocess.run(given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_action_is_pinned() -> None:
    for path in (_ROOT / "action.yml", *_WORKFLOWS, _STARTED):
        for used in re.findall(r"uses: (\S+)", path.read_text(encoding="utf-8")):
            assert used == "./" or re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", used)


def test_the_hooks_name_commands_that_are_there() -> None:
    hooks = _yaml(_ROOT / ".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["cjph-format", "cjph-validate"]
    for hook in hooks:
        words = hook["entry"].split()
        assert CliRunner().invoke(cli, [*words[1:], "--help"]).exit_code == 0
        assert (hook["language"], hook["require_serial"]) == ("python", True)
        assert re.search(hook["files"], "data/examples/a.ttl")
