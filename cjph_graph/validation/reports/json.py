"""Findings as JSON, for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cjph_graph.validation.changed_things import ChangedThings
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.reports.notes import Notes


def write(report: Report, notes: Notes) -> str:
    """Return `conforms`, `left_out`, the counts of what was checked, and `findings`.

    A finding has the members of Finding, and what its focus, path and value are called:
    `focus_label`, `path_label`, `value_label`. Members that are not known are null. `conforms` is
    about the findings that are there; `left_out` says which are not: `since` a revision there are
    `older` ones, `links` are files that were links then, and `files` are not Turtle, though they
    were not asked about. `more` counts findings like one that is listed, where a rule has very
    many: `certain` says whether all of them break it. `changes` has the members of ChangedThings
    when there is a revision.
    """
    document = {
        "conforms": report.conforms,
        "left_out": {
            "since": notes.since,
            "older": notes.older,
            "links": list(notes.passed_over),
            "files": [_file(finding) for finding in report.left_out],
        },
        "files": report.files,
        "triples": report.triples,
        "checked": report.checked,
        "changes": _changes(notes.changes),
        "findings": [_finding(finding, report.names) for finding in report.findings],
        "more": [
            {"like": each.like.id, "count": each.count, "certain": each.certain}
            for each in report.more
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _finding(finding: Finding, names: Mapping[str, str]) -> dict[str, Any]:
    labels = {
        "focus_label": names.get(finding.focus or ""),
        "path_label": names.get((finding.path or "").strip("^*+?")),
        "value_label": names.get(finding.value or ""),
    }
    return asdict(finding) | labels


def _changes(changes: ChangedThings | None) -> dict[str, Any] | None:
    if changes is None:
        return None
    return {**vars(changes), "missing": sorted(changes.missing)}


def _file(finding: Finding) -> dict[str, Any]:
    kept = ("file", "line", "column", "message", "hint")
    return {name: value for name, value in asdict(finding).items() if name in kept}
