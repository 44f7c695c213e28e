"""What a branch brought in: things, and findings, that an earlier revision did not have.

The earlier home is read from git's objects into memory (see `git_objects`), under the names that
its files have today, and goes through the same five steps.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cjph_graph.errors import UsageError
from cjph_graph.home import Home, home_files, parse_check
from cjph_graph.rdf import TurtleFile, last_part, read_bytes, turtle_files
from cjph_graph.system import shown
from cjph_graph.validation.changed_things import ChangedThings, changed_things, files_of
from cjph_graph.validation.collect import HomeFiles, collect
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.git_objects import find_commit, old_files
from cjph_graph.validation.options import ValidationOptions
from cjph_graph.validation.steps import judge

_PARTS = ("ontology", "data")


@dataclass(frozen=True)
class ReportSince:
    """A report of only what is new since a revision, and how many findings were there before.

    `passed_over` are the files that were links then: what they led to is not known. `changes` are
    the things that came in, were changed or were taken away.
    """

    report: Report
    older: int
    passed_over: Sequence[str] = ()
    changes: ChangedThings | None = None


@dataclass(frozen=True)
class OldHome:
    """A home as it was: its files, and those that were links."""

    files: HomeFiles
    links: Sequence[str]


def validate_since(options: ValidationOptions, revision: str) -> ReportSince:
    """Return what is found in a home and was not found in it at a revision.

    A finding that was there twice and is now there three times is new once. With `paths`, only what
    stands in these files or folders of the home is reported. Raises UsageError when git does not
    have the revision, or a path is not in the graph of the home.
    """
    if options.home is None:
        raise UsageError("--since needs a home: it compares the home with what it was.")
    files = _files(options.home, options.paths)
    old = home_at(options.home, revision)
    whole = replace(options, paths=())
    collected, earlier = collect(whole), collect(whole, old.files)
    changes = changed_things(collected.files, earlier.files, collected.terms, files)
    now = judge(collected, options.checker)
    before = judge(earlier, options.checker).findings if now.findings else ()
    new = new_findings(now.findings, before)
    found, kept = (
        tuple(finding for finding in findings if files is None or finding.file in files)
        for findings in (now.findings, new)
    )
    kept = tuple(_with_what_went(kept, changes.missing, earlier.files, revision))
    return ReportSince(replace(now, findings=kept), len(found) - len(kept), old.links, changes)


def _with_what_went(
    findings: Iterable[Finding],
    missing: Collection[str],
    files: Iterable[TurtleFile],
    revision: str,
) -> Iterator[Finding]:
    """Give findings about links to what was taken away a hint that says so."""
    places = dict(files_of(missing, files)) if missing else {}
    for finding in findings:
        thing = (finding.value or "").partition("#")[0]
        if thing in places:
            hint = (
                f"{last_part(thing)} was in {places[thing]} at {revision} and was taken away: put"
                " it back, or take the link away too."
            )
            yield replace(finding, hint=hint)
        else:
            yield finding


def home_at(home: Home, revision: str) -> OldHome:
    """Return a home as it was at a revision of its git repository.

    Raises UsageError when there is no git, no repository, no such revision, or no home in it.
    """
    commit = find_commit(home, revision)
    found = [f for f in old_files(home, commit, _PARTS) if f.path.endswith((".ttl", ".rq"))]
    links = [file.path for file in found if file.data is None]
    read = {f.path: f.data for f in found if f.data is not None}

    def below(beginning: str) -> list[TurtleFile]:
        return [
            read_bytes(data, shown(home.path / path))
            for path, data in read.items()
            if path.startswith(beginning) and path.endswith(".ttl")
        ]

    ontology = below("ontology/ontology.ttl") or below("ontology/cjph.ttl")
    vocabularies = below("ontology/vocabularies.ttl")
    shapes = below("ontology/shapes/") or below("ontology/shapes.ttl")
    data = below("data/")
    checks = [
        parse_check(text.decode("utf-8-sig", "replace"), Path(path).stem)
        for path, text in read.items()
        if path.startswith("ontology/checks/")
    ]
    if not (shapes and data):
        raise UsageError(
            f"There was no home in {shown(home.path)} at {revision}: ontology/shapes/ or data/ is"
            " not there."
        )
    return OldHome(
        HomeFiles(
            ontology[0] if ontology else TurtleFile(""), [*vocabularies, *data], shapes, checks
        ),
        links,
    )


def _files(home: Home, paths: Sequence[Path | TurtleFile]) -> set[str] | None:
    if not paths:
        return None
    known = {path.resolve() for path in home_files(home, shapes=True)}
    asked = [file for path in paths if isinstance(path, Path) for file in turtle_files(path)]
    for file in asked:
        if file.resolve() not in known:
            raise UsageError(
                f"{shown(file)} is not in the graph of {shown(home.path)}.",
                "--since compares that graph with what it was: leave --since out, or the file.",
            )
    return {shown(file) for file in asked}


def new_findings(now: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """Leave out one finding for each that was there before, exact matches first."""
    keys: tuple[Callable[[Finding], Hashable], ...] = (_exactly, _anywhere)
    for key in keys:
        left: dict[Hashable, list[Finding]] = {}
        for finding in before:
            left.setdefault(key(finding), []).append(finding)
        new = []
        for finding in now:
            if known := left.get(key(finding)):
                known.pop()
            else:
                new.append(finding)
        now = new
        before = [finding for findings in left.values() for finding in findings]
    return list(now)


def _exactly(finding: Finding) -> Hashable:
    return finding.id, finding.file


def _anywhere(finding: Finding) -> Hashable:
    return finding.id
