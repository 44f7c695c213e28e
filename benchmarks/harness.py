"""Rounds in which every entrant of a group runs once, and a file of what was measured."""

import argparse
import json
import os
import re
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from entrants import Entrant, Group
from measure import Run, run

SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
# Of a noisy moment the median of five is free; what takes minutes is free of moments.
_ROUNDS = ((2, 5), (20, 3))
# Nothing here grows more slowly than the data: what would surely not be done is not begun.
_SLACK = 0.8


class Results:
    """What was measured, by part, variant, size and entrant, in a file that is always whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._all: dict[str, dict[str, Any]] = {}
        self._read()

    def _read(self) -> None:
        if self._path.is_file():
            self._all = json.loads(self._path.read_text("utf-8"))

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
        self._read()  # another run may have measured something else meanwhile
        self._all[self._key(group, entrant.name)] = found
        self._write()

    def _write(self) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._all, indent=1) + "\n", "utf-8")
        beside.replace(self._path)

    def forget(self, size: str) -> None:
        """Forget what was measured with data that are no more."""
        self._all = {key: found for key, found in self._all.items() if key.split("/")[2] != size}
        self._write()

    @staticmethod
    def _key(group: Group, name: str) -> str:
        return "/".join((group.part, group.variant, group.size, name))


class Harness:
    """Runs groups in rounds, within bounds of time and memory."""

    def __init__(self, results: Results, options: argparse.Namespace) -> None:
        self._results = results
        self._folder = options.folder
        self._options = options

    def measure(self, group: Group) -> None:
        """Measure what is not known yet of a group."""
        waiting = [entrant for entrant in group.entrants if self._is_wanted(group, entrant)]
        runs: dict[str, dict[str, Any]] = {}
        for entrant in waiting:
            runs[entrant.name] = {"seconds": [], "processors": [], "megabytes": [], "reading": []}
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
        if known and known["outcome"] != "skipped" and not self._options.again:
            stopped = known["outcome"] == "stopped"
            return bool(stopped and known["patience"] < self._options.patience)
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
        if entrant.before:
            entrant.before()
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
        found["processors"].append(done.processors)
        found["megabytes"].append(done.megabytes)
        text = self._output(group, entrant).read_bytes()[:100]
        if text.startswith(b'{"reading"'):
            found["reading"].append(json.loads(text)["reading"])
        if entrant.answer and found["answer"] is None:
            try:
                found["answer"] = asdict(entrant.answer())
            except (OSError, ValueError, LookupError, SyntaxError, CalledProcessError) as error:
                found |= {"outcome": "failed", "said": f"its answer cannot be read: {error}"}

    def _run(self, group: Group, entrant: Entrant, command: Sequence[str | Path]) -> Run:
        # Compiled modules are kept as they are for everybody who installs the package.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        if not entrant.name.startswith("cjph") and not group.rounds:
            environment.pop("PYTHONPATH", None)
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
