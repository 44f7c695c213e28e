"""Writing findings down: for people, for GitHub, and for programs.

Most often there is nothing to say: what only some formats need is imported by them.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from cjph_graph.errors import UsageError
from cjph_graph.home.location import Home
from cjph_graph.rdf.reading import read_turtle, turtle_files
from cjph_graph.validation.phrases import Notes, summary
from cjph_graph.validation.reports import text as listing
from cjph_graph.validation.validation import Report

FORMATS = ("text", "json", "sarif", "github", "markdown", "turtle")
EXPLAINING = ("text", "markdown")


def write(
    report: Report,
    form: str = "text",
    notes: Notes | None = None,
    *,
    width: int = 80,
    colour: bool = False,
    summarised: bool = False,
) -> bytes:
    """Return a report in one of FORMATS.

    JSON is an object with `conforms`, `files`, `triples` and `findings`, and each finding an
    object with the members of Finding; unknown members are null. `github` counts what is left
    over unless it is `summarised` elsewhere. `turtle` is the W3C's validation report, which has
    nothing of files that are not Turtle. Raises UsageError for a format that does not exist.
    """
    notes = notes or Notes()
    match form:
        case "text":
            text = listing.write(report, notes, width=width, colour=colour)
        case "json":
            text = _json(report)
        case "sarif":
            from cjph_graph.validation.reports import sarif

            text = sarif.write(report, notes)
        case "github":
            text = _github(report, notes, summarised=summarised)
        case "markdown":
            from cjph_graph.validation.reports import github as reviews

            text = reviews.markdown(report, notes)
        case "turtle":
            return report.as_w3c()
        case _:
            raise UsageError(f"There is no format {form!r} for this report.")
    return text.encode("utf-8", "replace")


def overflow(report: Report, notes: Notes | None = None) -> str:
    """Return in Markdown the findings that GitHub does not show as annotations, or nothing."""
    from cjph_graph.validation.reports import github as reviews

    notes = notes or Notes()
    left = reviews.annotations(report, notes).overflow
    return reviews.overflow_markdown(left, notes) if left else ""


def gather_notes(
    report: Report,
    home: Home | None = None,
    *,
    shapes: Iterable[Path] = (),
    form: str = "text",
    explained: bool = False,
) -> Notes:
    """Gather what there is to say beside the findings: the rules too if they are asked for.

    Nothing is read when there are no findings, or when the format has no use for it.
    """
    if not report.findings or form in ("json", "turtle"):
        return Notes(explanations=() if explained else None)
    if not (explained or form == "sarif"):
        return Notes(report.names, report.excerpts)
    from cjph_graph.validation.explanations import examples_of, explain

    rules = list(shapes) or ([home.shapes] if home else [])
    files = (file for path in rules for file in turtle_files(path))
    triples = (triple for file in files for triple in read_turtle(file).triples)
    examples = examples_of(home) if home else None
    explanations = explain(report.findings, triples, examples)
    return Notes(report.names, report.excerpts, explanations)


def _github(report: Report, notes: Notes, *, summarised: bool) -> str:
    from cjph_graph.validation.reports import github as reviews

    shown = reviews.annotations(report, notes)
    left = shown.overflow and not summarised
    rest = [reviews.overflow_notice(shown.overflow)] if left else []
    return "".join(f"{line}\n" for line in (*shown.lines, *rest, summary(report, notes)))


def _json(report: Report) -> str:
    document = {
        "conforms": report.conforms,
        "files": report.files,
        "triples": report.triples,
        "findings": [asdict(finding) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
