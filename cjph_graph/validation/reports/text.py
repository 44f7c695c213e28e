"""Findings as text, for people at a terminal."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cjph_graph.system.tables import clean, measure, shorten, wrap
from cjph_graph.validation.findings import Finding, Report
from cjph_graph.validation.reports.changed_things import sentences
from cjph_graph.validation.reports.notes import Notes
from cjph_graph.validation.reports.phrases import by_file, left_out, place, summary, topic

if TYPE_CHECKING:
    from cjph_graph.validation.explanations import Explanation

_IN_FULL = 5
_IN_A_LINE = 55
_INDENT = 4
_NARROWEST = 24
_COLOURS = {
    "error": "31;1",
    "warning": "33;1",
    "info": "34;1",
    "file": "1",
    "hint": "36",
    "dim": "2",
}

_Paint = Callable[[str, str], str]


def write(report: Report, notes: Notes, *, width: int = 80, colour: bool = False) -> str:
    """Return the findings by file, each with its place, message and hint, and a summary.

    The first five findings with the same message are written in full, the next fifty in a line
    each, and the rest in one line for each file.
    """
    paint = _painted if colour else _plain
    seen: Counter[tuple[str, str]] = Counter()
    blocks = [
        [paint("file", _harmless(file)), *_file(findings, seen, notes, width, paint)]
        for file, findings in by_file(report.findings).items()
    ]
    blocks += _explained(notes.explanations, width, paint)
    for words in (sentences(notes.changes, notes.since), left_out(report, notes)):
        if words:
            blocks.append([line for word in words for line in _block(word, 0, width)])
    blocks.append([_harmless(line) for line in wrap(summary(report, notes), width)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _file(
    findings: Sequence[Finding],
    seen: Counter[tuple[str, str]],
    notes: Notes,
    width: int,
    paint: _Paint,
) -> Iterator[str]:
    room = max(len(place(finding)) for finding in findings)
    more: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.severity, finding.message)
        seen[key] += 1
        if seen[key] <= _IN_FULL:
            yield from _finding(finding, notes, room, width, paint)
        elif seen[key] <= _IN_A_LINE:
            yield _line(finding, notes, room, width, paint)
        else:
            more.setdefault(key, []).append(finding)
    for (severity, message), others in more.items():
        lines = ", ".join(str(n) for n in dict.fromkeys(f.line for f in others[:_IN_A_LINE]) if n)
        where = f" (line{'s' * (',' in lines)} {shorten(lines, width // 3)})" if lines else ""
        line = _harmless(f"and {len(others):,} more of the same{where}: {clean(message)}")
        yield f"  {paint(severity, severity)}  {shorten(line, width - 4 - len(severity))}"


def _line(finding: Finding, notes: Notes, room: int, width: int, paint: _Paint) -> str:
    """Return a finding in one line: what it is about and its hint, else its message."""
    where = f"{place(finding):>{room}}  " if room else ""
    subject = topic(finding, notes.names)
    said = ". ".join(filter(None, (subject, clean(finding.hint or ""))))
    said = said if subject else clean(finding.message)
    space = max(_NARROWEST, width - 4 - len(where) - len(finding.severity))
    text = _harmless(shorten(said, space))
    return f"  {paint('dim', where)}{paint(finding.severity, finding.severity)}  {text}"


def _finding(finding: Finding, notes: Notes, room: int, width: int, paint: _Paint) -> Iterator[str]:
    where = f"{place(finding):>{room}}  " if room else ""
    indent = max(_INDENT, 2 + len(where))
    start = 2 + len(where) + len(finding.severity) + 2
    message = clean(finding.message)
    headline = topic(finding, notes.names)
    first, *rest = map(_harmless, wrap(headline or message, max(_NARROWEST, width - start)))
    yield f"  {paint('dim', where)}{paint(finding.severity, finding.severity)}  {first}"
    yield from (" " * start + line for line in rest)
    if headline:
        yield from _block(message, indent, width)
    for detail in finding.details:
        deeper = len(detail) - len(detail.lstrip())
        yield from _block(clean(detail.lstrip()), indent + 2 + deeper, width)
    if excerpt := notes.excerpts.get(finding.id):
        yield from _pointed(excerpt, finding, indent, width, paint)
    if finding.hint:
        hint, *further = _block(f"hint: {clean(finding.hint)}", indent, width)
        yield hint.replace("hint:", paint("hint", "hint:"), 1)
        yield from further


def _pointed(
    excerpt: str, finding: Finding, indent: int, width: int, paint: _Paint
) -> Iterator[str]:
    """Show a line of a file, as much of it as there is room for, with a caret below the place."""
    line, _, below = excerpt.partition("\n")
    gutter = f"{' ' * indent}{finding.line or ''} | "
    room = max(_NARROWEST, width - len(gutter))
    if "^" in below:  # the line was cut already, and the caret is where it belongs
        at = next((n for n in range(len(line)) if measure(line[:n]) >= below.index("^")), len(line))
    else:
        at = min(max((finding.column or 1) - 1, 0), len(line))
    begin = max(0, at - room // 2) if len(line) > room else 0
    before, after = (clean(part) for part in (line[begin:at], line[at : begin + room]))
    yield f"{paint('dim', gutter)}{shorten(_harmless(before + after).rstrip(), room)}"
    if finding.column:
        blank = " " * (len(gutter) - 2) + "| "
        yield f"{paint('dim', blank)}{' ' * measure(before)}{paint('error', '^')}"


def _explained(
    explanations: "Iterable[Explanation] | None", width: int, paint: _Paint
) -> Iterator[list[str]]:
    if explanations is None:
        return
    rules = tuple(explanations)
    if not rules:
        yield ["There is nothing to explain."]
    for each in rules:
        block = [paint("file", _harmless(clean(each.rule)))]
        for word, text in (("what", each.what), ("why", each.why)):
            if text:
                first, *rest = _block(f"{word + ':':<7}{clean(text)}", 2, width, deeper=7)
                block += [first.replace(f"{word}:", paint("hint", f"{word}:"), 1), *rest]
        for word, example in (("wrong", each.wrong), ("right", each.right)):
            if example:
                block.append(f"  {paint('error' if word == 'wrong' else 'hint', word + ':')}")
                block += [
                    f"    {_harmless(shorten(line, width - 4))}".rstrip()
                    for line in example.split("\n")
                ]
        yield block


def _block(text: str, indent: int, width: int, *, deeper: int = 0) -> list[str]:
    """Return text wrapped and indented, all but the first line `deeper`."""
    head = text[:deeper]
    lines = wrap(text[deeper:], max(_NARROWEST, width - indent - deeper), whole=True)
    return [
        _harmless(" " * indent + (" " * deeper if number else head) + line)
        for number, line in enumerate(lines)
    ]


def _harmless(line: str) -> str:
    """Return a line that the log of a GitHub workflow does not take for a command."""
    line = line.replace("##[", "## [")
    start = line.lstrip()
    return line.replace("::", ": :", 1) if start.startswith("::") else line


def _painted(name: str, text: str) -> str:
    return f"\x1b[{_COLOURS.get(name, '1')}m{text}\x1b[0m" if text else ""


def _plain(name: str, text: str) -> str:
    return text
