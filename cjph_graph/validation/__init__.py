"""From files to findings with line, hint and explanation, in five steps (see `steps`).

    from cjph_graph.validation import ValidationOptions, validate

    for finding in validate(ValidationOptions(home=find_home())).findings:
        print(finding.file, finding.line, finding.message)

What compares two states of a home is imported when it is first used. Reports have a face of their
own, `validation.reports`.
"""

from typing import TYPE_CHECKING

from cjph_graph.system import lazily
from cjph_graph.validation.collect import compiled
from cjph_graph.validation.findings import SEVERITIES, Finding, Report
from cjph_graph.validation.options import STANDARD_INPUT, Checker, ValidationOptions
from cjph_graph.validation.steps import validate

if TYPE_CHECKING:
    from cjph_graph.validation.baseline import ReportSince, validate_since
    from cjph_graph.validation.difference import home_difference
    from cjph_graph.validation.explanations import rule_of
    from cjph_graph.validation.review import review_since

__getattr__ = lazily(
    __name__,
    {
        "baseline": "ReportSince validate_since",
        "difference": "home_difference",
        "explanations": "rule_of",
        "review": "review_since",
    },
)
