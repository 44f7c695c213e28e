"""Measure cjph and its peers side by side, and write docs/benchmarks.md.

Each round runs every entrant of a group once, as a whole process, so that a noisy moment hits all
alike; what is kept are all the times, what is shown their medians. What was measured stays in a
file: a run that was ended goes on where it was, and sizes and parts can be done one by one.

    python benchmarks/run.py --sizes 10k --parts validate,query
"""

import argparse
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import entrants
import generate
from entrants import REPOSITORY, Entrant, Group, Setting
from measure import run

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
PARTS = ("startup", "validate", "query", "export")
QUERIES = {
    "indicator-series": "indicator",
    "profile": "",
    "interventions-by-place": "",
    "sources-by-publisher-and-use": "",
}
# Of a noisy moment the median of five is free; what takes minutes is free of moments.
_ROUNDS = ((2, 5), (20, 3))
# Nothing here grows more slowly than the data: what would surely not be done is not begun.
_SLACK = 0.8


class Results:
    """What was measured, by part, variant, size and entrant, in a file that is always whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[str, dict[str, Any]] = {}
        if path.is_file():
            self._all = json.loads(path.read_text("utf-8"))

    def get(self, group: Group, entrant: Entrant) -> dict[str, Any] | None:
        """Return what is known of an entrant."""
        return self._all.get(self._key(group, entrant.name))

    def smaller(self, group: Group, entrant: Entrant) -> tuple[dict[str, Any], float] | None:
        """Return what is known of the next smaller size, and how many times smaller it is."""
        names = list(SIZES)
        if group.size not in names[1:]:
            return None
        size = names[names.index(group.size) - 1]
        key = "/".join((group.part, group.variant, size, entrant.name))
        if key not in self._all:
            return None
        return self._all[key], SIZES[group.size] / SIZES[size]

    def put(self, group: Group, entrant: Entrant, found: dict[str, Any]) -> None:
        """Keep what was measured of an entrant."""
        self._all[self._key(group, entrant.name)] = found
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._all, indent=1) + "\n", "utf-8")
        beside.replace(self._path)

    @staticmethod
    def _key(group: Group, name: str) -> str:
        return "/".join((group.part, group.variant, group.size, name))


class Harness:
    """Runs groups in rounds, within bounds of time and memory."""

    def __init__(self, results: Results, folder: Path, options: argparse.Namespace) -> None:
        self._results = results
        self._folder = folder
        self._options = options

    def measure(self, group: Group) -> None:
        """Measure what is not known yet of a group."""
        waiting = [entrant for entrant in group.entrants if self._is_wanted(group, entrant)]
        runs: dict[str, dict[str, Any]] = {}
        for entrant in waiting:
            runs[entrant.name] = {"seconds": [], "megabytes": [], "reading": []}
        number = 0
        while waiting:
            for entrant in list(waiting):
                found = runs[entrant.name]
                self._round(group, entrant, found, number)
                if found["outcome"] != "done" or len(found["seconds"]) >= _wanted(group, found):
                    waiting.remove(entrant)
                    self._results.put(group, entrant, found)
                    _tell(group, entrant, found)
            number += 1

    def _is_wanted(self, group: Group, entrant: Entrant) -> bool:
        known = self._results.get(group, entrant)
        longer = known and known["outcome"] in ("stopped", "skipped")
        impatient = longer and known["patience"] < self._options.patience
        if known and not self._options.again and not impatient:
            return False
        smaller = self._results.smaller(group, entrant)
        if smaller and not self._options.all:
            before, times = smaller
            seconds = statistics.median(before["seconds"] or [0]) * times * _SLACK
            if before["outcome"] != "done" or seconds > self._options.patience:
                found = {"seconds": [], "megabytes": [], "reading": [], "outcome": "skipped"}
                found |= {"patience": self._options.patience, "said": "", "answer": None}
                self._results.put(group, entrant, found)
                _tell(group, entrant, found)
                return False
        return True

    def _round(self, group: Group, entrant: Entrant, found: dict[str, Any], number: int) -> None:
        if number == 0 and entrant.first:
            found["first"] = self._run(group, entrant, entrant.first).seconds
        done = self._run(group, entrant, entrant.command)
        found |= {"outcome": done.outcome, "patience": self._options.patience, "said": ""}
        found.setdefault("answer", None)
        if done.outcome != "done":
            found["said"] = done.said
            found["megabytes"].append(done.megabytes)
            return
        if group.rounds and number == 0:
            return  # this round fills the caches of the system
        found["seconds"].append(done.seconds)
        found["megabytes"].append(done.megabytes)
        text = self._output(group, entrant).read_bytes()[:100]
        if text.startswith(b'{"reading"'):
            found["reading"].append(json.loads(text)["reading"])
        if entrant.answer and found["answer"] is None:
            found["answer"] = asdict(entrant.answer())

    def _run(self, group: Group, entrant: Entrant, command: Any) -> Any:
        # Compiled modules are kept as they are for everybody who installs the package.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        if not entrant.name.startswith("cjph") and not group.rounds:
            environment.pop("PYTHONPATH", None)
        environment["XDG_CACHE_HOME"] = str(self._folder / "cache")
        return run(
            command,
            output=self._output(group, entrant),
            environment=environment,
            patience=self._options.patience,
            memory=self._options.memory,
            right_codes=entrant.right_codes,
        )

    def _output(self, group: Group, entrant: Entrant) -> Path:
        folder = self._folder / (group.size if group.size in SIZES else "") / "answers"
        folder.mkdir(parents=True, exist_ok=True)
        parts = (entrant.name, group.part, group.variant, group.size)
        return folder / f"{re.sub('[^A-Za-z0-9]+', '-', '-'.join(parts))}.out"


def _wanted(group: Group, found: dict[str, Any]) -> int:
    if group.rounds:
        return group.rounds
    seconds = found["seconds"]
    if not seconds:
        return 1
    return next((rounds for most, rounds in _ROUNDS if seconds[0] < most), 1)


def _tell(group: Group, entrant: Entrant, found: dict[str, Any]) -> None:
    seconds = f"{statistics.median(found['seconds']):8.3f} s" if found["seconds"] else "        – "
    memory = f"{max(found['megabytes']):6.0f} MB" if found["megabytes"] else "      –  "
    answer = found["answer"]
    right = (
        f"{answer['count']} of {answer['wanted']}{'' if answer['same'] else ' (differ)'}"
        if answer
        else ""
    )
    where = f"{group.part} {group.variant} {group.size}"
    print(
        f"{where:42} {entrant.name:28} {found['outcome']:8} {seconds} {memory} {right}", flush=True
    )


def groups(cjph: str, folder: Path, sizes: list[str], parts: list[str]) -> Iterator[Group]:
    """Yield what is to be measured; the data are made when their turn comes."""
    if "startup" in parts:
        folder.mkdir(parents=True, exist_ok=True)
        yield entrants.startup(cjph, folder)
    shown = subprocess.run([*shlex.split(cjph), "query", "--help"], capture_output=True, text=True)
    options = frozenset(word.strip(",") for word in shown.stdout.split() if word.startswith("--"))
    for size in sizes if set(parts) - {"startup"} else ():
        setting = Setting(cjph, folder / size, size, options)
        _prepare(setting)
        huge = size == "10m"
        if "validate" in parts:
            for shapes in ("shapes",) if huge else ("shapes", "core"):
                yield _ours_only(entrants.validate(setting, shapes), huge)
        if "query" in parts:
            for name, parameter in QUERIES.items():
                if not huge or parameter:
                    yield _ours_only(entrants.query(setting, name, parameter), huge)
        if "export" in parts and not huge:
            yield entrants.export(setting)


def _ours_only(group: Group, only: bool) -> Group:
    kept = [
        e
        for e in group.entrants
        if e.name.startswith("cjph") or e.name in ("loading alone", "pyoxigraph")
    ]
    return Group(group.part, group.variant, group.size, kept) if only else group


def _prepare(setting: Setting) -> None:
    """Make the data of a size, if they are not those that would be made now."""
    sources = [Path(generate.__file__), *Path(generate.__file__).parent.glob("[cf]*s.py")]
    sources += [*(REPOSITORY / "ontology").glob("*.ttl"), *(REPOSITORY / "queries").glob("*.rq")]
    made = setting.folder / "expected.json"
    if not made.is_file() or made.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        print(f"making {setting.size} triples", flush=True)
        subprocess.run(
            [
                sys.executable,
                generate.__file__,
                setting.folder,
                "--triples",
                str(SIZES[setting.size]),
            ],
            check=True,
        )
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
    options = parser.parse_args()
    folder = options.folder.resolve()
    sizes = options.sizes.split(",") + (["10m"] if options.huge else [])
    if unknown := [*(set(sizes) - set(SIZES)), *(set(options.parts.split(",")) - set(PARTS))]:
        parser.error(f"there is no {', '.join(unknown)}")
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.json"
    if not options.page:
        harness = Harness(Results(results), folder, options)
        for group in groups(options.cjph, folder, sizes, options.parts.split(",")):
            harness.measure(group)
    # Drawing takes memory, which the runs would seem to have taken.
    page = [sys.executable, Path(__file__).with_name("page.py"), results, options.docs]
    subprocess.run(page, check=True)


if __name__ == "__main__":
    main()
