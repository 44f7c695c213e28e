"""Findings as SARIF 2.1.0, which code scanning and editors read.

Paths are relative to the folder the command was started in, which SARIF calls `%SRCROOT%`: the
folders of the machine it ran on are not in the report.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cjph_graph.system.tables import clean
from cjph_graph.validation.explanations import SYNTAX, Explanation, rule_of
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.reports.notes import Notes
from cjph_graph.validation.reports.phrases import fenced, left_out, topic

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_NOT_TURTLE = Explanation(
    SYNTAX, "Write valid Turtle.", "A file that is not Turtle can't be read to its end.", "", ""
)


def write(report: Report, notes: Notes) -> str:
    """Return a log of one run: its rules are those that were broken, explained by the notes."""
    explained = {each.rule: each for each in (_NOT_TURTLE, *(notes.explanations or ()))}
    rules: dict[str, dict[str, Any]] = {}
    for finding in report.findings:
        name = rule_of(finding)
        if name not in rules:
            rules[name] = _rule(name, finding, explained.get(name))
    numbers = {name: number for number, name in enumerate(rules)}
    driver: dict[str, Any] = {"name": "cjph", "rules": list(rules.values())}
    if version := _version():
        driver["version"] = version
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "originalUriBaseIds": {
                    _ROOT: {"description": {"text": "The folder that the check was started in."}}
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(report, notes)],
                "results": [_result(finding, numbers, notes) for finding in report.findings],
            }
        ],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(name: str, finding: Finding, explained: Explanation | None) -> dict[str, Any]:
    what = explained.what if explained else finding.message
    rule: dict[str, Any] = {
        "id": name,
        "name": "".join(part[:1].upper() + part[1:] for part in name.replace("/", "-").split("-")),
        "shortDescription": {"text": _text(what)},
        "fullDescription": {"text": _text(explained.why if explained else "") or _text(what)},
        "defaultConfiguration": {"level": _LEVELS.get(finding.severity, "error")},
    }
    given = (("Wrong", explained.wrong), ("Right", explained.right)) if explained else ()
    examples = [(word, example) for word, example in given if example]
    if examples:
        rule["help"] = {
            "text": _doubled("\n\n".join(f"{word}:\n{example}" for word, example in examples)),
            "markdown": _doubled(
                "\n\n".join(f"{word}:\n\n{fenced(example)}" for word, example in examples)
            ),
        }
    return rule


def _invocation(report: Report, notes: Notes) -> dict[str, Any]:
    said = [
        {"level": "warning", "message": {"text": _text(word)}} for word in left_out(report, notes)
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": said}


def _result(finding: Finding, numbers: dict[str, int], notes: Notes) -> dict[str, Any]:
    name = rule_of(finding)
    parts = (topic(finding, notes.names), finding.message, finding.hint or "")
    subject, message, hint = (_text(part) for part in parts)
    return {
        "ruleId": name,
        "ruleIndex": numbers[name],
        "level": _LEVELS.get(finding.severity, "error"),
        "message": {"text": " ".join(filter(None, (subject and f"{subject}:", message, hint)))},
        "locations": list(_locations(finding, notes)),
        "partialFingerprints": {"cjphFinding/v1": finding.id},
    }


def _locations(finding: Finding, notes: Notes) -> Iterable[dict[str, Any]]:
    location: dict[str, Any] = {}
    if finding.file:
        physical: dict[str, Any] = {"artifactLocation": _artifact(finding.file)}
        if finding.line:
            column = {"startColumn": finding.column} if finding.column else {}
            physical["region"] = {"startLine": finding.line, **column}
        location["physicalLocation"] = physical
    if finding.focus and not finding.focus.startswith("_:"):
        named = clean(notes.names.get(finding.focus) or finding.focus)
        location["logicalLocations"] = [
            {"name": named, "fullyQualifiedName": finding.focus, "kind": "resource"}
        ]
    if location:
        yield location


def _artifact(file: str) -> dict[str, str]:
    path = Path(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix(), errors="surrogateescape"), "uriBaseId": _ROOT}


def _text(text: str) -> str:
    """Return text that is no template and holds no link, as SARIF reads messages."""
    return _doubled(clean(text)).replace("](", "] (")


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _version() -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("cjph-graph")
    except PackageNotFoundError:
        return None
