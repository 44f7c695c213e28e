"""A check in five steps: collect, check, locate, advise, report.

    collect   paths, a home, shapes or an endpoint    → one graph, and the files behind it
    check     shapes by SPARQL and pySHACL, file rules → results
    locate    results, files                          → file, line and column of each
    advise    what was located                        → findings: message and hint
    report    findings                                → in order, each once, with names

An endpoint goes the same way; it has no files, so that its findings have no place.
"""

from cjph_graph.validation.advise import advise
from cjph_graph.validation.check import check
from cjph_graph.validation.collect import Collected, HomeFiles, collect
from cjph_graph.validation.findings import Report
from cjph_graph.validation.locate import locate
from cjph_graph.validation.options import Checker, ValidationOptions
from cjph_graph.validation.report import report


def validate(options: ValidationOptions, home: HomeFiles | None = None) -> Report:
    """Check files, a home or an endpoint; `home` stands for the home's files, if given.

    Raises UsageError when a path does not exist, InputError when the shapes cannot be used,
    EndpointError when the endpoint fails.
    """
    return judge(collect(options, home), options.checker, options.most)


def judge(collected: Collected, checker: Checker, most: int | None = None) -> Report:
    """Go on with what was collected; raise what `validate` raises."""
    checked = check(collected, checker, most)
    traces = locate(collected, checked)
    findings = advise(collected, checked, traces)
    return report(collected, checked, traces, findings)
