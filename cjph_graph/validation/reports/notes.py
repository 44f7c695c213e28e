"""What a report may add to the findings: names, lines of files, explanations of the rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cjph_graph.home import Home, list_checks, shape_files
from cjph_graph.rdf import read_turtle, turtle_files
from cjph_graph.validation.changed_things import ChangedThings
from cjph_graph.validation.findings import Report

if TYPE_CHECKING:
    from cjph_graph.validation.explanations import Explanation


@dataclass(frozen=True)
class Notes:
    """What a report adds to the findings; whatever is missing is left out.

    `names` are labels by IRI. `excerpts` are, by the id of a finding, the line of the file that it
    is about, and perhaps a second one with a caret below the place. `explanations` is None when
    nobody asked for them. With `since` the report has only what is new since that revision, and
    leaves out `older` findings; `passed_over` are files that were links then. `command` is what to
    type to see all of the report. `changes` are the things that came in since the revision.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    excerpts: Mapping[str, str] = field(default_factory=dict)
    explanations: "tuple[Explanation, ...] | None" = None
    since: str | None = None
    older: int = 0
    passed_over: Sequence[str] = ()
    command: str = "cjph validate"
    changes: ChangedThings | None = None


def gather_notes(
    report: Report,
    home: Home | None = None,
    *,
    shapes: Iterable[Path] = (),
    form: str = "text",
    explained: bool = False,
) -> Notes:
    """Gather what a report adds to the findings; the rules only if they are `explained`.

    Nothing is read when there are no findings, or when the format has no use for it.
    """
    if not report.findings or form in ("json", "turtle"):
        return Notes(explanations=() if explained else None)
    if not (explained or form == "sarif"):
        return Notes(report.names, report.excerpts)
    from cjph_graph.validation.explanations import examples_of, explain

    rules = list(shapes) or (shape_files(home) if home else [])
    files = (file for path in rules for file in turtle_files(path))
    triples = (triple for file in files for triple in read_turtle(file).triples)
    examples = examples_of(home) if home else None
    checks = list_checks(home) if home and not shapes else []
    explanations = explain(report.findings, triples, examples, checks)
    return Notes(report.names, report.excerpts, explanations)
