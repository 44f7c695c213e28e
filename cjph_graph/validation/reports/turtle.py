"""Findings as the W3C's validation report, which speaks of SHACL results only."""

from cjph_graph.validation.findings import Report


def write(report: Report) -> bytes:
    """Return the report in Turtle, the same bytes on every run."""
    return report.as_w3c()
