"""Writing findings down: for people, and as JSON for programs."""

import re

from cjph_graph.graph import last_part
from cjph_graph.tables import clean, shorten
from cjph_graph.validation import Finding, Report

_LONGEST_VALUE = 60


def write(report: Report, form: str = "text") -> bytes:
    """Return a report as `text`, a line for each finding and one in all, or as `json`.

    JSON is an object with `conforms`, `files`, `triples` and `findings`, and each finding an
    object with the members of Finding; unknown members are null.
    """
    return _json(report) if form == "json" else _text(report).encode()


def _text(report: Report) -> str:
    return "".join(f"{clean(line)}\n" for line in (*map(_line, report.findings), _summary(report)))


def _line(finding: Finding) -> str:
    place = [part for part in (finding.file, finding.line, finding.column) if part]
    where = ":".join(map(str, place)) or "the graph"
    told = [last_part(part) for part in (finding.focus, finding.path) if part]
    if finding.value is not None and finding.value not in finding.message:
        told.append(shorten(f'"{_plain(finding.value)}"', _LONGEST_VALUE))
    about = " ".join(told)
    return ": ".join(part for part in (where, finding.severity, about, finding.message) if part)


def _plain(value: str) -> str:
    return last_part(value) if re.fullmatch(r"\w+:\S+", value) else value


def _summary(report: Report) -> str:
    counts = ((report.count(name), name) for name in ("error", "warning"))
    told = [f"{count} {name}{'s' * (count != 1)}" for count, name in counts if count]
    if rest := len(report.findings) - report.count("error") - report.count("warning"):
        told.append(f"{rest} info")
    return (
        f"{report.files:,} file{'s' * (report.files != 1)}, {report.triples:,} triples,"
        f" {report.checked:,} things checked: {', '.join(told) or 'nothing to mend'}."
    )


def _json(report: Report) -> bytes:
    import json
    from dataclasses import asdict

    document = {
        "conforms": report.conforms,
        "files": report.files,
        "triples": report.triples,
        "findings": [asdict(finding) for finding in report.findings],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
