"""Findings as JSON, for programs."""

import json
from dataclasses import asdict

from cjph_graph.validation.findings import Report


def write(report: Report) -> str:
    """Return `conforms`, `files`, `triples` and `findings`, each with the members of Finding.

    Members that are not known are null.
    """
    document = {
        "conforms": report.conforms,
        "files": report.files,
        "triples": report.triples,
        "findings": [asdict(finding) for finding in report.findings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
