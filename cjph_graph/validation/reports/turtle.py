"""Findings as the W3C's validation report, which speaks of SHACL results only."""

from cjph_graph.errors import InputError
from cjph_graph.validation.explanations import SYNTAX, rule_of
from cjph_graph.validation.findings import Report
from cjph_graph.validation.reports.phrases import place


def write(report: Report) -> bytes:
    """Return the report in Turtle, the same bytes on every run.

    Raises InputError when a file is not Turtle: the report has no words for that, and would say
    that all the rest conforms.
    """
    broken = [f for f in (*report.findings, *report.left_out) if rule_of(f) == SYNTAX]
    if broken:
        first = broken[0]
        raise InputError(
            f"{first.file}:{place(first)} is not Turtle, which the W3C's report cannot say.",
            "Mend it first; `cjph validate` without --format turtle says how.",
        )
    return report.as_w3c()
