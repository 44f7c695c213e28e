"""What changed in a home, as text, Markdown or JSON: by thing, each property in a few words."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
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
from cjph_graph.validation.reports.phrases import about, place

BECAME = {NEW: "came in", CHANGED: "was changed", REMOVED: "was taken away"}
_HEADINGS = {CHANGED: "Changed", NEW: "New", REMOVED: "Taken away"}
_LONGEST_VALUE = 120
_LONGEST_LINE = 110
_BEFORE_THE_FIRST = 30
_MOST_NAMED = 5
_INDENT = "    "


def as_text(found: HomeDifference, *, width: int = 80) -> str:
    """Return a block for each thing, then the findings; the first line counts them all."""
    blocks = [wrap(f"{summary(found)}", width)]
    for thing in found.things:
        head, *lines = told(thing)
        block = _wrapped(head, "", width)
        blocks.append(
            [*block, *(line for text in lines for line in _wrapped(text, _INDENT, width))]
        )
    said = [*_rules(found), *_findings(found)]
    blocks += [_wrapped(clean(line), "", width) for line in said]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def as_markdown(found: HomeDifference) -> str:
    """Return a comment for a pull request, below what GitHub takes; it says what was left out."""
    text = f"## What changes in the graph\n\n{escape(summary(found))}\n"
    blocks = [*_markdown_things(found)]
    blocks += [f"- {escape(line)}\n" for line in (*_rules(found), *_findings(found))]
    command = " ".join(filter(None, ("cjph diff", found.before, found.after)))
    return fitting(text, blocks, f"\n… and {{left:,}} more: run `{command}` to see all.\n")


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


def fitting(head: str, blocks: Sequence[str], more: str) -> str:
    """Return as many blocks as there is room for, and a word on the rest."""
    room = LONGEST - len(head) - len(more) - 10
    kept: list[str] = []
    for number, block in enumerate(blocks):
        room -= len(block)
        if room < 0:
            return head + "".join(kept) + more.format(left=len(blocks) - number)
        kept.append(block)
    return head + "".join(kept)


def _markdown_things(found: HomeDifference) -> Iterator[str]:
    status = ""
    for thing in found.things:
        if thing.status != status:
            status = thing.status
            head = f"\n### {_HEADINGS[status]}\n\n"
        else:
            head = ""
        first, *lines = told(thing, name=f"*{escape(thing.name)}*", escaped=True)
        yield head + f"- {first}\n" + "".join(f"  - {line}\n" for line in lines)
    if found.rules or found.brought or found.mended:
        yield "\n### Rules and findings\n\n"


def told(thing: ThingChange, *, name: str = "", escaped: bool = False) -> list[str]:
    """Return what changed about a thing: in a line where it is little, else in several."""
    safe = escape if escaped else clean
    became = "" if thing.status == CHANGED else f" {BECAME[thing.status]}"
    head = f"{name or clean(thing.name)} ({safe(thing.kind)}){became}"
    lines = [safe(line) for line in _lines(thing)]
    if not lines:
        return [head]
    if sum(map(len, lines)) <= _LONGEST_LINE and not thing.parts:
        return [f"{head}: {'; '.join(lines)}"]
    return [f"{head}:", *lines]


def _lines(thing: ThingChange) -> Iterator[str]:
    part = ""
    for change in thing.changes if thing.status != REMOVED else ():
        if change.part != part:
            part = change.part
            status, kind = thing.parts.get(part, (CHANGED, "part"))
            yield f"{kind} {part} {BECAME[status]}"
        if thing.parts.get(part, ("", ""))[0] != REMOVED:
            yield _change(change, whole=thing.status == NEW or part in thing.parts)
    if thing.touches:
        names = [name for _, name in thing.touches]
        more = len(names) - _MOST_NAMED
        few = ", ".join(names[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        yield f"{'still linked from' if thing.status == REMOVED else 'touches'} {few}"


def _change(change: PropertyChange, *, whole: bool) -> str:
    """Return the values of a property, old and new together; only the new if all is new."""
    before, after = ([value.text for value in side] for side in (change.before, change.after))
    if before == after:  # only the language or the datatype is another one
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
    subject = about(each, names)
    said = f"{subject}: {each.message}" if subject else each.message
    return f"{each.severity}: {said}" + (f" ({where})" if where else "")


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    """Return text in lines, all but the first one further in."""
    room = max(24, width - len(indent) - 2)
    first, *rest = wrap(text, room, whole=True)
    return [indent + first, *(f"{indent}  {line}" for line in rest)]
