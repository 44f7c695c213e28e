"""Reports: findings written for people, for GitHub and for programs, a module for each format.

Most often there is nothing to say: what only one format needs is imported when it is asked for.
"""

from typing import TYPE_CHECKING

from cjph_graph.errors import UsageError
from cjph_graph.system import lazily
from cjph_graph.validation.findings import Report
from cjph_graph.validation.reports.notes import Notes, gather_notes

if TYPE_CHECKING:
    from cjph_graph.validation.reports.difference import write_difference
    from cjph_graph.validation.reports.review import write_review

__all__ = [
    "FORMATS",
    "Notes",
    "gather_notes",
    "overflow",
    "write",
    "write_difference",
    "write_review",
]

__getattr__ = lazily(__name__, {"difference": "write_difference", "review": "write_review"})

FORMATS = ("text", "json", "sarif", "github", "markdown", "turtle")


def write(
    report: Report,
    form: str = "text",
    notes: Notes | None = None,
    *,
    width: int = 80,
    colour: bool = False,
    summarised: bool = False,
) -> bytes:
    """Return a report in one of FORMATS, as UTF-8.

    `width` and `colour` are for text. `github` counts the findings that GitHub does not show unless
    they are `summarised` elsewhere. Raises UsageError for a format that does not exist.
    """
    notes = notes or Notes()
    match form:
        case "text":
            from cjph_graph.validation.reports import text

            said = text.write(report, notes, width=width, colour=colour)
        case "json":
            from cjph_graph.validation.reports import json

            said = json.write(report, notes)
        case "sarif":
            from cjph_graph.validation.reports import sarif

            said = sarif.write(report, notes)
        case "github":
            from cjph_graph.validation.reports import github

            said = github.write(report, notes, summarised=summarised)
        case "markdown":
            from cjph_graph.validation.reports import markdown

            said = markdown.write(report, notes)
        case "turtle":
            from cjph_graph.validation.reports import turtle

            return turtle.write(report)
        case _:
            raise UsageError(f"There is no format {form!r} for this report.")
    return said.encode("utf-8", "replace")


def overflow(report: Report, notes: Notes | None = None) -> str:
    """Return in Markdown the findings that GitHub does not show as annotations, or nothing."""
    from cjph_graph.validation.reports import github, markdown

    notes = notes or Notes()
    left = github.annotations(report, notes).overflow
    return markdown.overflow_markdown(left, notes) if left else ""
