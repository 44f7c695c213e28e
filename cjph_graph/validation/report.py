"""Step 5: put findings in order, each once, into a report with the names of what they are about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cjph_graph.validation.advise import syntax_findings
from cjph_graph.validation.check import Checked
from cjph_graph.validation.collect import Collected
from cjph_graph.validation.findings import Finding, More, Report

if TYPE_CHECKING:
    from cjph_graph.rdf.syntax_errors import Mending
    from cjph_graph.validation.locate import Trace


def report(
    collected: Collected, checked: Checked, traces: Iterable["Trace"], found: Iterable[Finding]
) -> Report:
    """Return the report of a check."""
    own, others = _divided(collected)
    unreadable = syntax_findings(own)
    findings = _listed(*(finding for finding, _ in unreadable), *found)
    return Report(
        len(collected.files),
        collected.triples,
        checked.things,
        findings,
        _names(findings, collected),
        {finding.id: excerpt for finding, excerpt in unreadable if excerpt},
        (
            *{id(trace.result): trace.result for trace in traces}.values(),
            *(violation.result for violation in checked.violations),
        ),
        collected.blank_nodes if checked.results else (),
        _first_of_each(finding for finding, _ in syntax_findings(others)),
        tuple(_more(findings, checked.further)),
    )


def _more(findings: Iterable[Finding], further: Mapping[tuple[str, bool], int]) -> Iterator[More]:
    """Yield how many findings like the first of a rule are not listed."""
    first: dict[str | None, Finding] = {}
    for finding in findings if further else ():
        first.setdefault(finding.shape or finding.constraint, finding)
    for (rule, certain), count in further.items():
        if like := first.get(rule):
            yield More(like, count, certain)


def _divided(collected: Collected) -> "tuple[dict[str, Mending], dict[str, Mending]]":
    """Return the mistakes of the files that are checked, and of those around them."""
    around = {file.path for file in collected.around}
    own = {path: found for path, found in collected.mendings.items() if path not in around}
    return own, {path: found for path, found in collected.mendings.items() if path in around}


def _first_of_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return one finding for each file."""
    first: dict[str | None, Finding] = {}
    for finding in findings:
        first.setdefault(finding.file, finding)
    return tuple(first.values())


def _listed(*findings: Finding) -> tuple[Finding, ...]:
    """Put findings in order, without those that only repeat another for one more constraint.

    The one with a hint is kept.
    """
    distinct: dict[object, Finding] = {}
    for f in sorted(findings, key=lambda finding: finding.hint is not None):
        distinct[f.file, f.line, f.column, f.focus, f.path, f.value, f.shape, f.message] = f
    return tuple(sorted(distinct.values(), key=_order))


def _names(findings: Iterable[Finding], collected: Collected) -> dict[str, str]:
    """Return the labels of the things, properties and values in findings, by IRI."""
    about = ((f.focus, (f.path or "").strip("^*+?"), f.value) for f in findings)
    iris = {iri for some in about for iri in some if iri}
    if not iris:
        return {}
    from cjph_graph.home import Labels

    names = Labels(collected.graph, collected.terms)
    return {iri: name for iri in sorted(iris) if (name := names.of(iri))}


def _order(finding: Finding) -> tuple[object, ...]:
    f = finding
    texts = (part or "" for part in (f.focus, f.path, f.shape, f.constraint, f.value, f.message))
    return f.file or "", f.line or 0, f.column or 0, *texts
