"""Findings, and the report that holds them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode

from cjph_graph.home import SEVERITIES
from cjph_graph.rdf import SH
from cjph_graph.shacl import Result

__all__ = ["SEVERITIES", "SEVERITY_IRIS", "Finding", "Report"]

SEVERITY_IRIS = {"error": SH + "Violation", "warning": SH + "Warning", "info": SH + "Info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong. What is not known is None; `line` and `column` count from 1.

    `id` stays the same when the statement moves. `focus` is the IRI of the thing, `path` the
    property, `constraint` and `shape` the rule, each an IRI; `value` is the value at fault.
    `details` are what led to it, each a line that is indented by how deep it is.
    """

    id: str
    severity: str
    file: str | None
    line: int | None = None
    column: int | None = None
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    constraint: str | None = None
    shape: str | None = None
    message: str
    hint: str | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class More:
    """How many findings like another are not listed: so many if `certain`, else at most so many."""

    like: Finding
    count: int
    certain: bool


@dataclass(frozen=True)
class Report:
    """The outcome of a check: how many files and triples were read, how many things were checked.

    `conforms` is true when there are no findings. `names` are the labels of the things, properties
    and values in the findings, by IRI. `excerpts` are the lines at fault in files that are not
    Turtle, by the id of their finding. `results` are the SHACL results and `blank_nodes` those of
    the data, both for the W3C's report. `left_out` are files of the home that are not Turtle, where
    others were asked about: the check did not see what they say. `more` are findings that were
    only counted, where a rule has very many.
    """

    files: int
    triples: int
    checked: int
    findings: tuple[Finding, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    excerpts: Mapping[str, str] = field(default_factory=dict)
    results: tuple[Result, ...] = field(default=(), repr=False)
    blank_nodes: Sequence[BlankNode] = field(default=(), repr=False)
    left_out: tuple[Finding, ...] = ()
    more: tuple[More, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether there are no findings."""
        return not self.findings

    def as_w3c(self, comments: Iterable[str] = ()) -> bytes:
        """Return the SHACL results as the W3C's validation report, in Turtle."""
        from cjph_graph.shacl import report_turtle

        return report_turtle(self.results, self.blank_nodes, comments=comments)

    def count(self, severity: str) -> int:
        """Return how many findings have a severity: `error`, `warning` or `info`, listed or not."""
        listed = sum(finding.severity == severity for finding in self.findings)
        more = (each.count for each in self.more if each.certain and each.like.severity == severity)
        return listed + sum(more)
