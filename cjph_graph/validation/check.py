"""Step 2: check what was collected against the rules: shapes, checks, and rules about files."""

from collections.abc import Sequence
from dataclasses import dataclass

from cjph_graph.shacl import Result, validate_graph, validate_with_pyshacl
from cjph_graph.validation.checks import run_checks
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.file_rules import FileViolation, file_violations
from cjph_graph.validation.options import Checker


@dataclass(frozen=True)
class Checked:
    """What was found, not yet located: results of shapes and checks, and broken file rules.

    `things` is how many focus nodes were checked.
    """

    results: Sequence[Result]
    things: int
    violations: Sequence[FileViolation] = ()


def check(collected: Collected, checker: Checker = Checker.SCREENED) -> Checked:
    """Check data against shapes, checks and file rules.

    Raises InputError when the shapes or checks cannot be used, RefusedError or LimitError when a
    query in them reaches outside the graph or is too large.
    """
    judge = validate_with_pyshacl if checker is Checker.PYSHACL else validate_graph
    judged = judge(collected.shapes, collected.graph, collected.only)
    found = run_checks(collected.graph, collected.checks, collected.only)
    return Checked([*judged.results, *found], judged.focus_nodes, file_violations(collected))
