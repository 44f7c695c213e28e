"""What a branch brought in: findings that an earlier revision of the home did not have.

The earlier home comes out of `git archive` into a folder of its own; nothing of it is checked out,
and no hook, filter of a remote or network is used.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import which

from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home, home_files
from cjph_graph.rdf.reading import turtle_files
from cjph_graph.system.files import shown
from cjph_graph.validation.validation import Finding, Report

_PARTS = ("ontology", "data")
# It waits until this process closes the pipe or is gone, in whatever way, and clears up.
_KEEPER = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"
# A hook sets these for a repository that need not be that of the home.
_OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
_NO_NETWORK = {"GIT_NO_LAZY_FETCH": "1", "GIT_LFS_SKIP_SMUDGE": "1", "GIT_TERMINAL_PROMPT": "0"}


@dataclass(frozen=True)
class Change:
    """A report of only what is new since a revision, and how many findings were there before."""

    report: Report
    older: int


def brought_in(
    home: Home, revision: str, check: Callable[[Home], Report], paths: Sequence[Path] = ()
) -> Change:
    """Return what `check` finds in a home and does not find in it as of a revision.

    A finding that was there n times and is there more often is new as often as it is more. With
    `paths`, only what stands in these files or folders of the home is reported. Raises UsageError
    when the revision cannot be had, or a path is not in the graph of the home.
    """
    files = _files(home, paths)
    with at_revision(home, revision) as old:
        now = check(home)
        before = check(old).findings if now.findings else ()
        new = _new(now.findings, before, (_prefix(home), _prefix(old)))
    found, kept = (
        tuple(finding for finding in findings if files is None or finding.file in files)
        for findings in (now.findings, new)
    )
    return Change(replace(now, findings=kept), len(found) - len(kept))


@contextmanager
def at_revision(home: Home, revision: str) -> Iterator[Home]:
    """Give the home as it was at a revision of its git repository; it is gone afterwards.

    Raises UsageError when there is no git, no repository, no such revision, or no home in it.
    """
    commit = _commit(home, revision)
    with _folder() as folder:
        _extract(home, commit, folder)
        old = Home(folder)
        if not (old.shapes.is_file() and old.data.is_dir()):
            raise _no_home(home, revision)
        yield old


def _commit(home: Home, revision: str) -> str:
    if which("git") is None:
        raise UsageError("git is not installed, and --since compares with what git has.")
    if not revision.strip() or revision.startswith("-") or "\0" in revision:
        raise UsageError(f"{revision!r} is not a revision.", _REVISIONS)
    inside = _git(home, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        said = inside.stderr.decode(errors="replace").strip().split("\n")[0]
        if "not a git repository" in said:
            raise UsageError(f"{shown(home.path)} is not in a git repository.")
        raise UsageError(f"git cannot be used here: {said.removeprefix('fatal: ')}.")
    found = _git(home, "rev-parse", "--verify", "--quiet", revision + "^{commit}")
    commit = found.stdout.decode(errors="replace").strip()
    if found.returncode or not commit:
        raise UsageError(f"git knows no revision {revision!r}.", _REVISIONS)
    return commit


_REVISIONS = "Name a branch, a tag or a commit, such as main; a shallow clone may lack it."


def _no_home(home: Home, revision: str) -> UsageError:
    return UsageError(
        f"There was no home in {shown(home.path)} at {revision}: ontology/shapes/ or data/ is"
        " not there."
    )


def _git(home: Home, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(_command(home, *words), env=_surroundings(), capture_output=True)  # noqa: S603


def _command(home: Home, *words: str) -> list[str]:
    return ["git", "-C", str(home.path), "-c", "protocol.allow=never", *words]


def _surroundings() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ONE_REPOSITORY}
    return {**kept, **_NO_NETWORK, "LC_ALL": "C"}


def _extract(home: Home, commit: str, folder: Path) -> None:
    if not hasattr(tarfile, "data_filter"):
        raise UsageError("--since needs Python 3.11.4 or newer, which unpacks safely.")
    parts = [
        part
        for part in _PARTS
        if _git(home, "ls-tree", "--name-only", commit, "--", part).stdout.strip()
    ]
    if not parts:
        return
    process = subprocess.Popen(  # noqa: S603
        _command(home, "archive", "--format=tar", commit, "--", *parts),
        env=_surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                archive.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as error:
            process.kill()
            raise UsageError(
                f"What git has at {commit[:12]} cannot be unpacked: {error}."
            ) from error
    if process.returncode:
        raise UsageError(f"git could not give what it has at {commit[:12]}.")


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that is gone afterwards, even when this process is killed."""
    folder = Path(tempfile.mkdtemp(prefix="cjph-")).resolve()
    keeper = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", "-c", _KEEPER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield folder
    finally:
        keeper.communicate()


def _files(home: Home, paths: Sequence[Path]) -> set[str] | None:
    if not paths:
        return None
    known = {path.resolve() for path in home_files(home, shapes=True)}
    wanted = [file for path in paths for file in turtle_files(path)]
    for file in wanted:
        if file.resolve() not in known:
            raise UsageError(
                f"{shown(file)} is not in the graph of {shown(home.path)}.",
                "--since compares that graph with what it was: leave --since out, or the file.",
            )
    return {shown(file) for file in wanted}


def _prefix(home: Home) -> str:
    """Return what the names of a home's files begin with in findings."""
    return shown(home.path / "x").removesuffix("x")


def _new(
    now: Sequence[Finding], before: Sequence[Finding], prefixes: tuple[str, str]
) -> list[Finding]:
    """Leave out one finding for each that was there before, the likest first."""
    here, there = prefixes
    for key in (_exactly, _somewhere, _by_words):
        left: dict[Hashable, list[Finding]] = {}
        for finding in before:
            left.setdefault(key(finding, there), []).append(finding)
        new = []
        for finding in now:
            if known := left.get(key(finding, here)):
                known.pop()
            else:
                new.append(finding)
        now = new
        before = [finding for findings in left.values() for finding in findings]
    return list(now)


def _exactly(finding: Finding, prefix: str) -> Hashable:
    return finding.id, _within(finding.file, prefix)


def _somewhere(finding: Finding, prefix: str) -> Hashable:
    return finding.id


def _by_words(finding: Finding, prefix: str) -> Hashable:
    """Tell findings about files apart, whose id may have the name of the folder in it."""
    parts = (finding.focus, finding.path, finding.value, finding.constraint, finding.shape)
    return (
        _within(finding.file, prefix),
        finding.message.replace(prefix, "") if prefix else finding.message,
        *("_:" if part and part.startswith("_:") else part for part in parts),
    )


def _within(file: str | None, prefix: str) -> str | None:
    return file.removeprefix(prefix) if file and prefix else file
