"""The steward's page as text, Markdown or HTML: one outline, written in three ways.

The outline is sections of entries, each a line with lines below it; a line is runs of text, some
with an address. What stands in a literal can become no markup in any of the three.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cjph_graph.system.tables import clean, shorten, wrap
from cjph_graph.validation.difference import CHANGED, REMOVED, HomeDifference
from cjph_graph.validation.reports.difference import (
    BECAME,
    finding_line,
    fitting,
    summary,
    told,
    wrapped,
)
from cjph_graph.validation.reports.difference import ReportLine as ToldLine
from cjph_graph.validation.reports.markdown import escape
from cjph_graph.validation.review import Arrival, NamedReference, Remark, Review, Statement

_LONGEST = 400

# A text, and the address it leads to, if any.
Run = tuple[str, str | None]
Line = Sequence[Run]


@dataclass(frozen=True)
class _Item:
    line: Line
    below: Sequence["_Item"] = ()


@dataclass(frozen=True)
class _Section:
    title: str
    entries: Sequence[_Item]
    why: str = ""


@dataclass
class _Outline:
    title: str
    summary: str
    sections: list[_Section] = field(default_factory=list)

    def add(self, title: str, entries: Iterable[_Item], why: str = "") -> None:
        """Add a section unless it is empty."""
        if found := [*entries]:
            self.sections.append(_Section(clean(title), found, clean(why)))


def write_review(page: Review, form: str = "text", *, width: int = 80) -> bytes:
    """Return the page as `text`, `markdown` or `html`, in UTF-8; `width` is for text."""
    match form:
        case "markdown":
            said = as_markdown(page)
        case "html":
            said = as_html(page)
        case _:
            said = as_text(page, width=width)
    return said.encode("utf-8", "replace")


def as_text(page: Review, *, width: int = 80) -> str:
    """Return the page for a terminal."""
    outline = _outline(page)
    blocks = ["\n".join([outline.title, "", *wrap(outline.summary, width)])]
    for section in outline.sections:
        lines = [section.title, "-" * len(section.title), *wrap(section.why, width)]
        for entry in section.entries:
            lines += _written(entry, "  ", width)
        blocks.append("\n".join(line for line in lines if line))
    return "\n\n".join(blocks) + "\n"


def _written(entry: _Item, indent: str, width: int) -> Iterator[str]:
    text = "".join(f"{t} <{a}>" if a else t for t, a in _clean(entry.line))
    yield from wrapped(text, indent, width)
    for below in entry.below:
        yield from _written(below, indent + "    ", width)


def as_markdown(page: Review) -> str:
    """Return the page as a comment for a pull request, below what GitHub takes."""
    outline = _outline(page)
    head = f"# {escape(outline.title)}\n\n{escape(outline.summary)}\n"
    blocks = []
    for section in outline.sections:
        blocks.append(f"\n## {escape(section.title)}\n\n")
        blocks += [f"{escape(section.why)}\n\n"] if section.why else []
        blocks += ["".join(_bullets(entry, "")) for entry in section.entries]
    return fitting(head, blocks, f"run `cjph review {clean(page.since)}` to see all.")


def _bullets(entry: _Item, indent: str) -> Iterator[str]:
    yield f"{indent}- {_marked(entry.line)}\n"
    for below in entry.below:
        yield from _bullets(below, f"{indent}  ")


def as_html(page: Review) -> str:
    """Return the page as a document of its own, without a script and without anything fetched."""
    from jinja2 import Environment

    text = Path(__file__).with_name("review.html").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(text).render(outline=_outline(page), clean=_clean)


def _outline(page: Review) -> _Outline:
    found = page.found
    outline = _Outline(f"Review of what came in since {clean(page.since)}", clean(summary(found)))
    for kind, arrivals in page.arrivals.items():
        outline.add(f"New: {kind} ({len(arrivals):,})", map(_arrival, arrivals))
    outline.add("Changed", _things(found, CHANGED))
    outline.add("Taken away", _things(found, REMOVED))
    outline.add("Terms and rules", _others(page))
    for word, findings in (("brought", found.brought), ("mended", found.mended)):
        entries = [_Item([(finding_line(each, found.names), None)]) for each in findings]
        outline.add(f"Findings {word} ({len(entries):,})", entries)
    outline.add("Names almost alike", (_near(*pair) for pair in page.near),
                "One thing described twice is found in two halves.")  # fmt: skip
    for remark in page.remarks:
        count = f"{remark.title[:1].upper()}{remark.title[1:]} ({len(remark.about):,})"
        outline.add(count, _remarked(remark), remark.why)
    return outline


def _arrival(arrival: Arrival) -> _Item:
    thing = arrival.thing
    head: list[Run] = [(thing.name, thing.iri)]
    head += [(f", in {thing.file}", None)] if thing.file else []
    below = [*_statements(arrival.said)]
    for part, said in arrival.parts.items():
        below.append(_Item([(part, None)], [*_statements(said)]))
    below += [_Item([("no source", None)])] if arrival.unsourced else []
    return _Item(head, below)


def _statements(said: Iterable[Statement]) -> Iterator[_Item]:
    for name, values in said:
        yield _Item([(f"{name}: ", None), *_joined(values)])


def _joined(references: Sequence[NamedReference]) -> Iterator[Run]:
    for number, each in enumerate(references):
        if number:
            yield ", ", None
        text = each.name if each.iri else shorten(clean(each.name), _LONGEST)
        yield text, each.address or each.iri or None


def _things(found: HomeDifference, status: str) -> Iterator[_Item]:
    for thing in found.things:
        if thing.status == status and thing.is_data:
            yield _entry(told(thing))


def _entry(line: ToldLine) -> _Item:
    return _Item([(line.text, None)], [_entry(below) for below in line.below])


def _others(page: Review) -> Iterator[_Item]:
    for thing in page.found.things:
        if not thing.is_data:
            yield _entry(told(thing))
    for name, status in page.found.rules.items():
        yield _Item([(f"The check {name} {BECAME[status]}.", None)])


def _near(thing: NamedReference, others: Sequence[NamedReference]) -> _Item:
    return _Item([(thing.name, thing.iri), (" has nearly the name of ", None), *_joined(others)])


def _remarked(remark: Remark) -> Iterator[_Item]:
    """Yield an entry for each message, with the things it is about below it."""
    by_message: dict[str, list[NamedReference]] = {}
    for thing, message in remark.about:
        by_message.setdefault(message, []).append(thing)
    for message, things in sorted(by_message.items()):
        things.sort(key=lambda thing: (thing.name.casefold(), thing.iri))
        lines = [_Item([(thing.name, thing.address or thing.iri)]) for thing in things]
        yield _Item([(message, None)], lines)


def _clean(line: Line) -> Iterator[Run]:
    for text, address in line:
        yield clean(text), clean(address) if address else None


def _marked(line: Line) -> str:
    return "".join(f"[{escape(t)}](<{_safe(a)}>)" if a else escape(t) for t, a in line)


def _safe(address: str) -> str:
    """Return an address that cannot end the link it stands in."""
    return clean(address).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
