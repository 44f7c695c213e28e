"""What git has of a home at a revision: files read as objects, and nothing of a repository run.

`git archive` and `git checkout` run the filters that a repository's configuration names, and a
lazy fetch runs its transport. Here git is asked three things only: what a revision is
(`rev-parse`), which files it has (`ls-tree`) and what they hold (`cat-file --batch`). None of these
runs a filter or a hook, and no protocol is allowed.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from shutil import which

from cjph_graph.errors import UsageError
from cjph_graph.home import Home
from cjph_graph.system import shown
from cjph_graph.system.limits import max_size, too_large

# A hook sets these for a repository that need not be that of the home.
_OF_ONE_REPOSITORY = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"),
    *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE"),
)
_CAREFUL = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_REVISIONS = "Name a branch, a tag or a commit, such as main; a shallow clone may lack it."
_LINK = "120000"


@dataclass(frozen=True)
class OldFile:
    """A file of a home at a revision, by its path in the home; a link has no `data`."""

    path: str
    data: bytes | None


def find_commit(home: Home, revision: str) -> str:
    """Return the hash of the commit that a revision names.

    Raises UsageError when there is no git, no repository or no such revision.
    """
    if which("git") is None:
        raise UsageError("git is not installed, and earlier states of a home are read from it.")
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
        if _git(home, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
            raise UsageError("Nothing has been committed here yet.", "Commit the files first.")
        raise UsageError(f"git has no revision {revision!r}.", _REVISIONS)
    return commit


def find_base(home: Home, revision: str) -> str:
    """Return the hash of the commit at which the current branch left a revision.

    Where the two have nothing in common, as in a shallow clone, it is the revision itself. Raises
    UsageError as `find_commit` does.
    """
    commit = find_commit(home, revision)
    found = _git(home, "merge-base", commit, "HEAD")
    return found.stdout.decode(errors="replace").strip() or commit


def old_files(home: Home, commit: str, folders: Sequence[str]) -> Iterator[OldFile]:
    """Yield the files that folders of a home had at a commit, in the order of their paths.

    Raises UsageError when git does not have one of them, LimitError when one is too large.
    """
    listed = _git(home, "ls-tree", "-r", "-z", commit, "--", *folders).stdout
    with _batch(home) as git:
        # Each entry is "mode type hash", a tab, and the path from the home.
        for entry in filter(None, os.fsdecode(listed).split("\0")):
            (mode, kind, name), path = entry.partition("\t")[0].split(), entry.partition("\t")[2]
            if mode == _LINK:
                yield OldFile(path, None)
            elif kind == "blob":
                yield OldFile(path, _read(git, name, f"{path} at {commit[:12]}"))


def _read(git: subprocess.Popen[bytes], name: str, described: str) -> bytes:
    assert git.stdin and git.stdout  # noqa: S101, PT018 both are pipes
    git.stdin.write(f"{name}\n".encode())
    git.stdin.flush()
    header = git.stdout.readline().split()
    if len(header) != 3:
        raise UsageError(f"git does not have {described}.", _REVISIONS)
    size = int(header[2])
    if size > max_size():
        raise too_large(described)
    return git.stdout.read(size + 1)[:size]


@contextmanager
def _batch(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    git = subprocess.Popen(  # noqa: S603
        _command(home, "cat-file", "--batch"),
        env=_surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield git
    finally:
        git.kill()
        git.communicate()


def _git(home: Home, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603
        _command(home, *words), env=_surroundings(), capture_output=True, check=False
    )


def _command(home: Home, *words: str) -> list[str]:
    return ["git", "-C", str(home.path), "-c", "protocol.allow=never", *words]


def _surroundings() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_ONE_REPOSITORY}
    return {**kept, **_CAREFUL}
