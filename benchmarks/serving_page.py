"""The section of docs/benchmarks.md on servers."""

from collections.abc import Iterator, Mapping
from typing import Any

_OPENING = """## Serving

`cjph serve` beside Oxigraph's own server (read-only) and `rdflib-endpoint`, over HTTP on this
machine: the same graph, the same queries, one server at a time. Oxigraph's is one process in Rust
over a store on disk, which was loaded before; it and ours end a query after ten
seconds, which `rdflib-endpoint` cannot. Ours reads the home and makes its pages ready, and
passes each question from a web process in Python to a worker that can be killed, over a store in
memory: that costs a millisecond on `ASK {}`, and is made up for where a query reads much."""

_MANY = """What one client waits for (median of 20; *late* is an error or more than 30 s):"""
_LOAD = """100 clients at once for 8 seconds, each from an address of its own, asking `ASK {}` and
`indicator-series` in turn; *failed* is an error or more than 15 s:"""
_ABUSE = """The same 100, while two more clients send products of the graph with itself; and what
`ASK {}` takes afterwards:"""

Found = Mapping[str, dict[str, Any]]


def section(found: Mapping[str, Found]) -> Iterator[str]:
    """Yield the lines of the section; `found` is what was measured by size in words and server."""
    yield f"\n{_OPENING}"
    for size, servers in found.items():
        yield f"\n### {size[0].upper()}{size[1:]}, served\n"
        yield f"{_MANY}\n"
        yield from _alone(servers)
        yield f"\n{_LOAD}\n"
        yield from _load(servers)
        yield f"\n{_ABUSE}\n"
        yield from _abuse(servers)


def _alone(servers: Found) -> Iterator[str]:
    queries = next(iter(servers.values()))["alone"]
    yield f"| query | rows | {' | '.join(servers)} |"
    yield f"|---|---:|{'---:|' * len(servers)}"
    for query in queries:
        rows = {each["alone"][query]["rows"] for each in servers.values()} - {None}
        counts = " or ".join(f"{count:,}" for count in sorted(rows))
        cells = [_milliseconds(each["alone"][query]["milliseconds"]) for each in servers.values()]
        yield f"| `{query}` | {counts} | {' | '.join(cells)} |"


def _load(servers: Found) -> Iterator[str]:
    yield "| | ready after | requests a second | of `cjph` | half within | 99 of 100 | failed |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    ours = servers["cjph"]["many"]["per_second"] if "cjph" in servers else None
    for name, each in servers.items():
        ratio = f"{each['many']['per_second'] / ours:.2g}" if ours else "–"
        cells = [f"{each['ready']:.2f} s", *_rates(each["many"], ratio)]
        yield f"| {name} | {' | '.join(cells)} |"


def _abuse(servers: Found) -> Iterator[str]:
    yield "| | requests a second | half within | 99 of 100 | failed | `ASK {}` after |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, each in servers.items():
        cells = [*_rates(each["abused"]), f"{_milliseconds(each['after']['milliseconds'])}"]
        yield f"| {name} | {' | '.join(cells)} |"


def _rates(seen: dict[str, Any], *ratio: str) -> list[str]:
    failed = sum(n for status, n in seen["statuses"].items() if not status.startswith("2"))
    times = [_milliseconds(seen.get(name)) for name in ("p50", "p99")]
    return [f"{seen['per_second']:,.0f}", *ratio, *times, f"{failed:,}"]


def _milliseconds(value: float | None) -> str:
    if value is None:
        return "late"
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"
