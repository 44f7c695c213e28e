"""The steward's page as text, Markdown or HTML: one outline, written in three ways.

The outline is sections of entries, each a line with lines below it; a line is runs of text, some
with an address. What stands in a literal can become no markup in any of the three.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape as html
from itertools import groupby

from cjph_graph.system.tables import clean, shorten, wrap
from cjph_graph.validation.difference import CHANGED, REMOVED, HomeDifference
from cjph_graph.validation.reports.difference import BECAME, finding_line, fitting, summary, told
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
    level: int = 2


@dataclass
class _Outline:
    title: str
    summary: str
    sections: list[_Section] = field(default_factory=list)

    def add(self, title: str, entries: Iterable[_Item], why: str = "", level: int = 2) -> None:
        """Add a section unless it is empty."""
        if found := [*entries]:
            self.sections.append(_Section(title, found, why, level))


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
    first, *rest = wrap(text, max(24, width - len(indent) - 2), whole=True)
    yield indent + first
    yield from (f"{indent}  {part}" for part in rest)
    for below in entry.below:
        yield from _written(below, indent + "    ", width)


def as_markdown(page: Review) -> str:
    """Return the page as a comment for a pull request, below what GitHub takes."""
    outline = _outline(page)
    head = f"# {escape(outline.title)}\n\n{escape(outline.summary)}\n"
    blocks = []
    for section in outline.sections:
        blocks.append(f"\n{'#' * section.level} {escape(section.title)}\n\n")
        blocks += [f"{escape(section.why)}\n\n"] if section.why else []
        blocks += ["".join(_bullets(entry, "")) for entry in section.entries]
    return fitting(head, blocks, f"run `cjph review {clean(page.since)}` to see all.")


def _bullets(entry: _Item, indent: str) -> Iterator[str]:
    yield f"{indent}- {_marked(entry.line)}\n"
    for below in entry.below:
        yield from _bullets(below, f"{indent}  ")


def as_html(page: Review) -> str:
    """Return the page as a document of its own, without a script and without anything fetched."""
    outline = _outline(page)
    body = [f"<h1>{html(clean(outline.title))}</h1>", f"<p>{html(clean(outline.summary))}</p>"]
    for section in outline.sections:
        body.append(f"<h{section.level}>{html(clean(section.title))}</h{section.level}>")
        body += [f"<p>{html(clean(section.why))}</p>"] if section.why else []
        body += ["<ul>", *(_listed(entry) for entry in section.entries), "</ul>"]
    return _PAGE.format(title=html(clean(outline.title)), body="\n".join(body))


_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --ground: #fdfcfa; --text: #1d1c1a; --quiet: #5e5b55; --rule: #d8d4cb; --link: #0b5c63; }}
@media (prefers-color-scheme: dark) {{
:root {{ --ground: #15181a; --text: #e9e6e0; --quiet: #aaa69d; --rule: #3b4043; --link: #74c7ca; }}
}}
body {{ margin: 0; background: var(--ground); color: var(--text);
  font: 1.0625rem/1.55 Charter, "Bitstream Charter", Cambria, "Liberation Serif", Georgia, serif; }}
main {{ max-width: 44rem; margin: 0 auto; padding: 2.5rem 1.25rem; overflow-wrap: anywhere; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: 0 0 0.75rem; }}
h2 {{ font-size: 1.3rem; margin: 2.5rem 0 0.75rem; }}
h3 {{ font-size: 1.1rem; margin: 1.75rem 0 0.5rem; }}
h2 + p, h3 + p {{ color: var(--quiet); margin: 0 0 0.75rem; }}
ul {{ list-style: none; margin: 0; padding: 0; }}
main > ul > li {{ padding: 0.7rem 0; border-top: 1px solid var(--rule); }}
li li {{ font-size: 0.9375rem; color: var(--quiet); padding-left: 1.25rem; }}
a {{ color: var(--link); text-underline-offset: 0.15em; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def _outline(page: Review) -> _Outline:
    found = page.found
    outline = _Outline(f"Review of what came in since {clean(page.since)}", summary(found))
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
    for message, group in groupby(sorted(remark.about, key=_by_message), key=_by_message):
        lines = [
            _Item([(thing.name, thing.address or thing.iri)])
            for thing, _ in sorted(group, key=_by_name)
        ]
        yield _Item([(message, None)], lines)


def _by_message(pair: tuple[NamedReference, str]) -> str:
    return pair[1]


def _by_name(pair: tuple[NamedReference, str]) -> tuple[str, str]:
    return pair[0].name.casefold(), pair[0].iri


def _clean(line: Line) -> Iterator[Run]:
    for text, address in line:
        yield clean(text), clean(address) if address else None


def _marked(line: Line) -> str:
    return "".join(f"[{escape(t)}](<{_safe(a)}>)" if a else escape(t) for t, a in line)


def _listed(entry: _Item) -> str:
    below = "".join(map(_listed, entry.below))
    return f"<li>{_linked(entry.line)}{f'<ul>{below}</ul>' if below else ''}</li>"


def _linked(line: Line) -> str:
    return "".join(
        f'<a href="{html(a)}">{html(t)}</a>' if a and a.startswith(("https://", "http://"))
        else html(t)
        for t, a in _clean(line)
    )  # fmt: skip


def _safe(address: str) -> str:
    """Return an address that cannot end the link it stands in."""
    return clean(address).replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
