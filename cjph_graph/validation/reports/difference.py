"""What changed in a home, as text, Markdown or JSON: by thing, each property in a few words."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from cjph_graph.system.tables import clean, counted, shorten, wrap
from cjph_graph.validation.difference import (
    CHANGED,
    NEW,
    REMOVED,
    HomeDifference,
    PropertyChange,
    ThingChange,
)
from cjph_graph.validation.findings import Finding
from cjph_graph.validation.reports.markdown import LONGEST, escape
from cjph_graph.validation.reports.phrases import place, topic

BECAME = {NEW: "came in", CHANGED: "was changed", REMOVED: "was taken away"}
_HEADINGS = {CHANGED: "Changed", NEW: "New", REMOVED: "Taken away"}
_LONGEST_VALUE = 120
_LONGEST_LINE = 110
_BEFORE_THE_FIRST = 30
_MOST_NAMED = 5
_INDENT = "    "


@dataclass(frozen=True)
class ReportLine:
    """A line of a report, and those below it."""

    text: str
    below: Sequence["ReportLine"] = ()


def write_difference(found: HomeDifference, form: str = "text", *, width: int = 80) -> bytes:
    """Return what changed as `text`, `markdown` or `json`, in UTF-8; `width` is for text."""
    match form:
        case "markdown":
            said = as_markdown(found)
        case "json":
            said = as_json(found)
        case _:
            said = as_text(found, width=width)
    return said.encode("utf-8", "replace")


def as_text(found: HomeDifference, *, width: int = 80) -> str:
    """Return a block for each thing, then the findings; the first line counts them all."""
    blocks = [wrap(f"{summary(found)}", width)]
    blocks += [[*_written(told(thing), "", width)] for thing in found.things]
    said = [*_rules(found), *_findings(found)]
    blocks += [wrapped(clean(line), "", width) for line in said]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _written(line: ReportLine, indent: str, width: int) -> Iterator[str]:
    yield from wrapped(line.text, indent, width)
    for below in line.below:
        yield from _written(below, indent + _INDENT, width)


def as_markdown(found: HomeDifference) -> str:
    """Return a comment for a pull request, below what GitHub takes; it says what was left out."""
    text = f"## What changes in the graph\n\n{escape(summary(found))}\n"
    blocks = [*_markdown_things(found)]
    blocks += [f"- {escape(line)}\n" for line in (*_rules(found), *_findings(found))]
    command = clean(" ".join(filter(None, ("cjph diff", found.before, found.after))))
    return fitting(text, blocks, f"run `{command}` to see all.")


def as_json(found: HomeDifference) -> str:
    """Return the members of HomeDifference: revisions, things, rules, findings."""
    members: dict[str, Any] = {
        "before": found.before,
        "after": found.after,
        "things": [
            {**asdict(each), "touches": [{"iri": i, "name": n} for i, n in each.touches]}
            for each in found.things
        ],
        "rules": dict(found.rules),
        "brought": [asdict(each) for each in found.brought],
        "mended": [asdict(each) for each in found.mended],
    }
    return json.dumps(members, ensure_ascii=False, indent=2) + "\n"


def summary(found: HomeDifference) -> str:
    """Return how much changed, in a sentence."""
    since = f"since {clean(found.before or '')}"
    if found.after:
        since += f" up to {clean(found.after)}"
    if not found:
        return f"Nothing changed {since}."
    counts = [
        f"{counted(found.count(status), 'thing')} {_verb(status, found.count(status))}"
        for status in (CHANGED, NEW, REMOVED)
        if found.count(status)
    ]
    counts = counts or ["no thing was changed"]
    things = f"{since[:1].upper()}{since[1:]}: {', '.join(counts)}"
    if not found.report.checked:
        return f"{things}."
    brought = f"{counted(len(found.brought), 'finding')} brought"
    return f"{things}; {brought}, {len(found.mended):,} mended."


def _verb(status: str, count: int) -> str:
    return BECAME[status].replace("was", "were") if count != 1 else BECAME[status]


def fitting(head: str, blocks: Sequence[str], hint: str) -> str:
    """Return as many blocks as there is room for, and a word on the rest."""
    room = LONGEST - len(head) - len(hint) - 40
    kept: list[str] = []
    for number, block in enumerate(blocks):
        room -= len(block)
        if room < 0:
            left = sum(not each.startswith("\n#") for each in blocks[number:])
            return head + "".join(kept) + f"\n… and {left:,} more: {hint}\n"
        kept.append(block)
    return head + "".join(kept)


def _markdown_things(found: HomeDifference) -> Iterator[str]:
    status = ""
    for thing in found.things:
        if thing.status != status:
            status = thing.status
            yield f"\n### {_HEADINGS[status]}\n\n"
        yield "".join(_bullets(told(thing, name=f"*{escape(thing.name)}*", safe=escape), ""))
    if found.rules or found.brought or found.mended:
        yield "\n### Rules and findings\n\n"


def _bullets(line: ReportLine, indent: str) -> Iterator[str]:
    yield f"{indent}- {line.text}\n"
    for below in line.below:
        yield from _bullets(below, f"{indent}  ")


def told(thing: ThingChange, *, name: str = "", safe: Callable[[str], str] = clean) -> ReportLine:
    """Return what changed about a thing: in a line where it is little, else in several.

    `name` is how its name is written, and `safe` what makes other texts harmless.
    """
    became = "" if thing.status == CHANGED else f" {BECAME[thing.status]}"
    head = f"{name or clean(thing.name)} ({safe(thing.kind)}){became}"
    return _joined(head, [_safe(line, safe) for line in _lines(thing)])


def _safe(line: ReportLine, safe: Callable[[str], str]) -> ReportLine:
    return ReportLine(safe(line.text), [_safe(each, safe) for each in line.below])


def _joined(head: str, lines: Sequence[ReportLine]) -> ReportLine:
    """Return lines behind a head where they are short, else below it."""
    if not lines:
        return ReportLine(head)
    flat = not any(line.below for line in lines)
    if flat and sum(len(line.text) for line in lines) <= _LONGEST_LINE:
        return ReportLine(f"{head}: {'; '.join(line.text for line in lines)}")
    return ReportLine(f"{head}:", lines)


def _lines(thing: ThingChange) -> Iterator[ReportLine]:
    if thing.was:
        yield ReportLine(f"IRI {thing.was} → {thing.iri}")
    shown = set()
    for part, changes in groupby(thing.changes, key=lambda change: change.part):
        status, kind = thing.parts.get(part, (thing.status, ""))
        lines = []
        for change in changes if status != REMOVED else ():
            shown |= {value.iri for value in (*change.before, *change.after)}
            lines.append(ReportLine(_change(change, whole=status == NEW)))
        if part:
            became = "" if status == CHANGED else f" {BECAME[status]}"
            yield _joined(f"{kind} {part}{became}", lines)
        else:
            yield from lines
    # What a new value names has been said.
    names = [name for iri, name in thing.touches if iri not in shown]
    if names:
        more = len(names) - _MOST_NAMED
        few = ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        yield ReportLine(f"{'still linked from' if thing.status == REMOVED else 'touches'} {few}")


def _change(change: PropertyChange, *, whole: bool) -> str:
    """Return the values of a property, old and new together; only the new if all is new."""
    before, after = ([value.text for value in side] for side in (change.before, change.after))
    if before == after:  # only the language or the datatype differs
        before, after = ([value.term for value in side] for side in (change.before, change.after))
    if whole:
        return f"{change.name}: {_few(after or before)}"
    if len(before) == len(after) == 1:
        old, new = _around(before[0], after[0])
        return f"{change.name} {old} → {new}"
    said = [f"{change.name} added: {_few(after)}"] if after else []
    said += [f"{change.name} taken away: {_few(before)}"] if before else []
    return "; ".join(said)


def _few(values: Iterable[str]) -> str:
    return ", ".join(shorten(clean(value), _LONGEST_VALUE) for value in values)


def _around(before: str, after: str) -> tuple[str, str]:
    """Return two texts cut to where they begin to differ, if they are long."""
    if max(len(before), len(after)) <= _LONGEST_VALUE:
        return before, after
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    start = max(0, before.rfind(" ", 0, max(0, same - _BEFORE_THE_FIRST)) + 1)
    mark = "…" if start else ""
    return mark + _few([before[start:]]), mark + _few([after[start:]])


def _rules(found: HomeDifference) -> Iterator[str]:
    for name, status in found.rules.items():
        yield f"The check {name} {BECAME[status]}."


def _findings(found: HomeDifference) -> Iterator[str]:
    for word, findings in (("brought", found.brought), ("mended", found.mended)):
        for each in findings:
            yield f"{word}: {finding_line(each, found.names)}"


def finding_line(each: Finding, names: Mapping[str, str]) -> str:
    """Return a finding in a line: severity, what it is about, message and place."""
    where = ":".join(filter(None, (each.file, place(each))))
    subject = topic(each, names)
    said = f"{subject}: {each.message}" if subject else each.message
    return f"{each.severity}: {said}" + (f" ({where})" if where else "")


def wrapped(text: str, indent: str, width: int) -> list[str]:
    """Return text in lines, all but the first one further in."""
    room = max(24, width - len(indent) - 2)
    first, *rest = wrap(text, room, whole=True)
    return [indent + first, *(f"{indent}  {line}" for line in rest)]
