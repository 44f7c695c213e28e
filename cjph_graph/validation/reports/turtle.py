"""Findings as the W3C's validation report, which speaks of SHACL results only."""

from cjph_graph.errors import InputError
from cjph_graph.validation.explanations import SYNTAX, rule_of
from cjph_graph.validation.findings import Report
from cjph_graph.validation.reports.notes import Notes
from cjph_graph.validation.reports.phrases import left_out, place


def write(report: Report) -> bytes:
    """Return the report in Turtle, the same bytes on every run.

    Raises InputError when a file is not Turtle: the report has no words for that, and would say
    that all the rest conforms.
    """
    broken = [f for f in (*report.findings, *report.left_out) if rule_of(f) == SYNTAX]
    if broken:
        file = broken[0].file
        places = [place(finding) for finding in broken if finding.file == file]
        where = f" at {', '.join(places)}" if all(places) else ""
        raise InputError(
            f"{file} has mistakes{where} that the W3C's report cannot say.",
            "Mend them first; `cjph validate` without --format turtle says how.",
        )
    return report.as_w3c(comments=left_out(report, Notes()))
