"""Measure cjph and its peers side by side, and write docs/benchmarks.md.

Each round runs every entrant of a group once, as a whole process, so that a noisy moment hits all
alike; what is kept are all the times, what is shown their medians. What was measured stays in a
file: a run that was ended goes on where it was, and sizes and parts can be done one by one.

    python benchmarks/run.py --sizes 10k --parts validate,query
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import communities
import entrants
import faults
import figures
import generate
import publishing
import serving
from entrants import REPOSITORY, Group, Setting
from harness import SIZES, Harness, Results

PARTS = (
    *("startup", "validate", "query", "export", "format", "publish", "thing", "serving"),
    "statistics",
)
QUERIES = {
    "indicator-series": "indicator",
    "profile": "",
    "interventions-by-place": "",
    "sources-by-publisher-and-use": "",
}

_HUGE = "10m"
_PUBLISHED = "1m"
_FIGURES = ("1m", "10m")
_AT_HUGE = ("cjph", "loading alone", "pyoxigraph")


def groups(options: argparse.Namespace, results: Results) -> Iterator[Group]:
    """Yield what is to be measured; the data are made when their turn comes."""
    if "startup" in options.parts:
        yield entrants.startup(options.cjph, options.folder)
    if "format" in options.parts:
        yield entrants.layout_of_our_own(options.cjph, options.folder)
    if "publish" in options.parts:
        yield publishing.shipped(options.cjph, options.folder)
    if "statistics" in options.parts:
        for size in _FIGURES:
            yield figures.table(options.cjph, options.folder, size, SIZES[size])
    for size in options.sizes if set(options.parts) - {"startup", "statistics"} else ():
        setting = Setting(options.cjph, options.folder / size, size)
        _prepare(setting, results)
        huge = size == _HUGE
        if "validate" in options.parts:
            for variant in ("all",) if huge else ("all", "shapes"):
                yield entrants.validate(setting, variant)
        if "query" in options.parts:
            for name, parameter in QUERIES.items():
                if parameter or not huge:
                    yield entrants.query(setting, name, parameter)
        if "export" in options.parts and not huge:
            yield entrants.export(setting)
        if "format" in options.parts and not huge:
            yield entrants.layout(setting)
        if "thing" in options.parts and not huge:
            yield publishing.things(setting)
        if "publish" in options.parts and size == _PUBLISHED:
            yield publishing.publish(setting)


def _serve(options: argparse.Namespace, results: Results) -> None:
    """Measure the servers, of which none is begun with more than a million triples."""
    for size in options.sizes:
        setting = Setting(options.cjph, options.folder / size, size)
        if size != _HUGE:
            _prepare(setting, results)
            for name, parameter in QUERIES.items():
                entrants.query(setting, name, parameter)  # writes the text out
            serving.measure(setting, list(QUERIES), results.put)


def _kept(group: Group, only: list[str] | None) -> Group:
    """Return a group without those that are not asked for, or for whom it is too large."""
    huge = group.size == _HUGE and group.part != "statistics"
    wanted = only or (_AT_HUGE if huge else [e.name for e in group.entrants])
    if group.part == "query":
        wanted = [*wanted, "pyoxigraph"]  # its rows are what those of the others are compared with
    return replace(group, entrants=[e for e in group.entrants if e.name in wanted])


def _prepare(setting: Setting, results: Results) -> None:
    """Make the data of a size, if they are not those that would be made now."""
    sources = [Path(module.__file__) for module in (generate, communities, faults)]
    sources += [*(REPOSITORY / "ontology").rglob("*.ttl"), *(REPOSITORY / "queries").glob("*.rq")]
    made = setting.folder / "expected.json"
    if not made.is_file() or made.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        print(f"making {setting.size} triples", flush=True)
        results.forget(setting.size)
        # In a process of its own: what this one holds would count for those that it starts.
        command = [sys.executable, generate.__file__, setting.folder]
        subprocess.run([*command, "--triples", str(SIZES[setting.size])], check=True)
    setting.output.mkdir(parents=True, exist_ok=True)


def main() -> None:
    """Measure what the command line asks for, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="10k,100k,1m", help=f"of {', '.join(SIZES)}")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--huge", action="store_true", help="also 10 million triples, ours alone")
    parser.add_argument(
        "--cjph", default=str(REPOSITORY / ".venv" / "bin" / "cjph"), help="the command under test"
    )
    parser.add_argument(
        "--folder", type=Path, default=REPOSITORY / "out" / "bench", help="for data and results"
    )
    parser.add_argument(
        "--docs", type=Path, default=REPOSITORY / "docs", help="where the page is written"
    )
    parser.add_argument(
        "--patience", type=float, default=300, help="seconds after which a run is stopped"
    )
    parser.add_argument(
        "--memory", type=int, default=12_000, help="megabytes at which a run is stopped"
    )
    parser.add_argument("--again", action="store_true", help="measure anew what is known")
    parser.add_argument(
        "--all", action="store_true", help="begin also what will hardly be done in time"
    )
    parser.add_argument(
        "--page", action="store_true", help="write the page of what is known, measure nothing"
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help="an entrant, such as pySHACL; can be repeated",
    )
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    options.sizes = options.sizes.split(",") + [_HUGE] * options.huge
    options.parts = options.parts.split(",")
    if unknown := [*(set(options.sizes) - set(SIZES)), *(set(options.parts) - set(PARTS))]:
        parser.error(f"there is no {', '.join(unknown)}")
    path = options.folder / "results.json"
    if not options.page:
        results = Results(path)
        harness = Harness(results, options)
        for group in groups(options, results):
            harness.measure(_kept(group, options.only))
        if "serving" in options.parts:
            _serve(options, results)
    # Drawing takes memory, which the runs would seem to have taken.
    page = [sys.executable, Path(__file__).with_name("page.py"), path, options.docs]
    subprocess.run(page, check=True)


if __name__ == "__main__":
    main()
