"""Step 2: check what was collected against the rules: shapes, checks, and rules about files."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TypeVar

from cjph_graph.shacl import Result, as_text, validate_graph, validate_with_pyshacl
from cjph_graph.validation.checks import run_checks
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.file_rules import FileViolation, file_violations
from cjph_graph.validation.options import Checker

_T = TypeVar("_T")


@dataclass(frozen=True)
class Checked:
    """What was found, not yet located: results of shapes and checks, and broken file rules.

    `things` is how many focus nodes were checked. `further` counts by the IRI of a rule what else
    breaks it (True), and what may (False), where no more was wanted.
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
    # While the store answers checks, in native code, shapes are compiled.
    with ThreadPoolExecutor(1) as beside:
        found = beside.submit(copy_context().run, run_checks, graph, collected.checks, only)
        if graph.at_once == 1:
            found.result()
        if checker is Checker.PYSHACL:
            judged = validate_with_pyshacl(shapes, graph, only)
        else:
            judged = validate_graph(shapes, graph, only, most)
    further = Counter(
        {(as_text(rule) or "", sure): number for (rule, sure), number in judged.further.items()}
    )
    broken = _first(found.result(), most, lambda result: result.constraint, further)
    violations = _first(file_violations(collected), most, lambda broken: broken.rule, further)
    return Checked([*judged.results, *broken], judged.focus_nodes, violations, further)


def _first(
    found: Iterable[_T],
    most: int | None,
    rule: Callable[[_T], str],
    further: Counter[tuple[str, bool]],
) -> list[_T]:
    """Return the first of what breaks each rule, and count the others."""
    seen: Counter[str] = Counter()
    kept: list[_T] = []
    for each in found:
        seen[rule(each)] += 1
        if most is None or seen[rule(each)] <= most:
            kept.append(each)
        else:
            further[rule(each), True] += 1
    return kept
