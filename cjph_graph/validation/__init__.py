"""From files to findings with line, hint and explanation, in five steps (see `steps`)."""

from cjph_graph.validation.collect import compiled
from cjph_graph.validation.findings import SEVERITIES, Finding, Report
from cjph_graph.validation.options import Checker, ValidationOptions
from cjph_graph.validation.steps import validate

__all__ = [
    "SEVERITIES",
    "Checker",
    "Finding",
    "Report",
    "ValidationOptions",
    "compiled",
    "validate",
]
