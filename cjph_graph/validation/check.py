"""Step 2: check what was collected against the rules: shapes, checks, and rules about files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field

from cjph_graph.shacl import Result, term_text, validate_graph, validate_with_pyshacl
from cjph_graph.validation.checks import run_checks
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.file_rules import FileViolation, file_violations
from cjph_graph.validation.options import Checker


@dataclass(frozen=True)
class Checked:
    """What was found, not yet located: results of shapes and checks, and broken file rules.

    `things` is how many focus nodes were checked. `further` counts, by the IRI of a rule with more
    findings than were asked for, what else breaks it (True) and what may break it (False).
    """

    results: Sequence[Result]
    things: int
    violations: Sequence[FileViolation] = ()
    further: Mapping[tuple[str, bool], int] = field(default_factory=dict)


def check(
    collected: Collected, checker: Checker = Checker.SCREENED, most: int | None = None
) -> Checked:
    """Check data against shapes, checks and file rules; with `most`, find no more of each.

    Raises InputError when the shapes or checks cannot be used, RefusedError or LimitError when a
    query in them reaches outside the graph or is too large.
    """
    shapes, graph, only = collected.shapes, collected.graph, collected.only
    # While the store answers checks, in native code, files are looked at and shapes compiled.
    with ThreadPoolExecutor(1) as beside:
        checking = beside.submit(
            copy_context().run, run_checks, graph, collected.checks, only, most
        )
        if graph.at_once == 1:
            checking.result()
        violations, misfiled = _first(file_violations(collected), most)
        if checker is Checker.PYSHACL:
            judged = validate_with_pyshacl(shapes, graph, only)
        else:
            judged = validate_graph(shapes, graph, only, most)
    found, more = checking.result()
    further = {
        (term_text(rule) or "", sure): count for (rule, sure), count in judged.further.items()
    }
    further |= {(rule, True): count for rule, count in (more | misfiled).items()}
    return Checked([*judged.results, *found], judged.focus_nodes, violations, further)


def _first(
    found: Iterable[FileViolation], most: int | None
) -> tuple[list[FileViolation], dict[str, int]]:
    """Return the first violations of each rule, and how many more there are."""
    kept: list[FileViolation] = []
    seen: Counter[str] = Counter()
    for each in found:
        seen[each.rule] += 1
        if most is None or seen[each.rule] <= most:
            kept.append(each)
    return kept, {rule: n - most for rule, n in seen.items() if most is not None and n > most}
