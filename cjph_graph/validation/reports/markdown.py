"""Findings as Markdown, for a comment on a pull request or the summary of a job.

What stands in a literal cannot become a link, a mention or a picture.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from cjph_graph.system.tables import clean
from cjph_graph.validation.explanations import Explanation
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.reports.changed_things import sentences
from cjph_graph.validation.reports.notes import Notes
from cjph_graph.validation.reports.phrases import (
    by_file,
    counts,
    fenced,
    left_out,
    place,
    summary,
    topic,
)

# A comment may have 65,536 characters.
LONGEST = 60_000
_MOST_LEFT_OUT = 20
_HEADER = "| line | severity | what | message | hint |\n| --- | --- | --- | --- | --- |\n"


def write(report: Report, notes: Notes) -> str:
    """Return a comment for a pull request: counts, a table for each file, the rules explained.

    It has 60,000 characters at most, and says how many findings there was no room for.
    """
    title = counts(report) or ("no new findings" if notes.since is not None else "nothing to mend")
    head = f"## cjph validate: {title}\n\n{escape(summary(report, notes))}\n"
    words = (*sentences(notes.changes, notes.since), *left_out(report, notes)[:_MOST_LEFT_OUT])
    head += "".join(f"\n{escape(word)}\n" for word in words)
    text = head + "".join(_tables(report.findings, notes, LONGEST - len(head)))
    return text + "".join(_explained(notes.explanations, LONGEST - len(text)))


def overflow_markdown(overflow: Sequence[Finding], notes: Notes) -> str:
    """Return tables of the findings that were not shown, for the summary of a job."""
    head = f"## cjph validate: {len(overflow):,} more\n"
    return head + "".join(_tables(overflow, notes, LONGEST - len(head)))


def escape(text: str) -> str:
    """Return text as Markdown that shows just this text, in a cell of a table too."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"[\\|`*_\[\]~$!]", r"\\\g<0>", text)
    # GitHub makes links of mentions, numbers and addresses after all else is done.
    return re.sub(r"@|#|www(?=\.)|:(?=//)|GH(?=-)", r"\g<0><!-- -->", text)


def _tables(findings: Iterable[Finding], notes: Notes, room: int) -> Iterator[str]:
    grouped = by_file(findings)
    left = sum(map(len, grouped.values()))
    room -= len(_left_over(left))
    for file, found in grouped.items():
        head = f"\n### {escape(file)}\n\n{_HEADER}"
        for finding in found:
            row = head + _row(finding, notes)
            if len(row) > room:
                yield _left_over(left)
                return
            yield row
            room -= len(row)
            left -= 1
            head = ""


def _left_over(count: int) -> str:
    return f"\n… and {count:,} more.\n"


def _row(finding: Finding, notes: Notes) -> str:
    cells = (
        place(finding),
        finding.severity,
        topic(finding, notes.names),
        finding.message,
        finding.hint or "",
    )
    return f"| {' | '.join(map(escape, cells))} |\n"


def _explained(explanations: Iterable[Explanation] | None, room: int) -> Iterator[str]:
    if explanations is None:
        return
    texts = [_explanation(each) for each in explanations]
    head = "\n## The rules\n" if texts else "\nThere is nothing to explain.\n"
    room -= len(head) + len(_left_over(len(texts)))
    if room >= 0:
        yield head
    for number, text in enumerate(texts):
        room -= len(text)
        if room < 0:
            yield _left_over(len(texts) - number)
            return
        yield text


def _explanation(each: Explanation) -> str:
    parts = [f"### {escape(each.rule)}", escape(each.what), escape(each.why)]
    for word, example in (("Wrong:", each.wrong), ("Right:", each.right)):
        if example:
            parts += [word, fenced(example)]
    return "".join(f"\n{part}\n" for part in parts if part)
