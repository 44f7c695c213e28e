"""Make data of our own kind at any size, with a known number of things wrong in it.

What is made keeps the shapes of a home (`ontology/shapes/`) and takes its controlled values from
the home's vocabularies, but for the faults that are planted: each of them is one result of SHACL,
of a known focus node and component. The same seed gives the same bytes.

    python benchmarks/generate.py --triples 10000 out/made

writes a home with `ontology/`, `data/` and `queries/`; beside it `graph.nt` and `graph.ttl`, the
same graph in one file, `shapes.ttl`, the shapes in one file, and `expected.json`, which says how
many triples and things there are and what is wrong.
"""

import argparse
import json
import random
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from communities import BASE, PREFIXES, Maker, Thing, Vocabulary
from faults import SHACL, WAYS, Fault
from pyoxigraph import RdfFormat, Triple, parse, serialize

HOME = Path(__file__).resolve().parent.parent
SEED = 2026
WRONG = 0.001
THINGS_PER_FILE = 1_000
# Files have a thousand things, which this rule about files forbids.
LEFT_OUT = "shapes:OwnFile"
_TRIED = 40


def make(
    home: Path, triples: int, *, seed: int = SEED, wrong: float = WRONG
) -> Iterator[tuple[dict[str, list[Thing]], list[Fault]]]:
    """Yield one community after another, by kind, with the faults that are in it.

    With the home's vocabularies they have about so many triples. Of their things the share
    `wrong` has a fault, but for `wrong=0` each way to be wrong is there at least once. Raises
    ValueError when there are too few triples for that.
    """
    vocabulary = Vocabulary(home / "ontology" / "vocabularies.ttl")
    own = sum(1 for _ in parse(path=str(home / "ontology" / "vocabularies.ttl")))
    # How much a community holds is known from one that is made and thrown away.
    trial = Maker(vocabulary, random.Random(seed))
    trial.country()
    things = size = 0
    for _ in range(_TRIED):
        trial.community()
        made = [thing for kind in trial.kinds.values() for thing in kind]
        things, size = things + len(made), size + sum(len(thing.said) for thing in made)
    communities = max(1, round(_TRIED * (triples - own) / size))
    ways = WAYS if wrong else ()
    planted = max(len(ways), round(wrong * communities * things / _TRIED)) if ways else 0

    maker = Maker(vocabulary, random.Random(seed))
    maker.country()
    yield maker.kinds, []
    number = 0
    for community in range(communities):
        maker.community()
        faults: list[Fault] = []
        # Faults are spread evenly over the communities, and never two in one thing.
        while number * communities < (community + 1) * planted:
            spoilt = {fault.focus for fault in faults}
            faults.append(ways[number % len(ways)].plant(maker.kinds, vocabulary, spoilt))
            number += 1
        yield maker.kinds, faults


class _Files:
    """Writes the things of each kind to files of a thousand."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str]) -> None:
        self._folder = folder
        self._prefixes = prefixes
        self._waiting: dict[str, list[Thing]] = {}
        self._written: dict[str, int] = {}

    def add(self, kinds: dict[str, list[Thing]]) -> None:
        for kind, things in kinds.items():
            waiting = self._waiting.setdefault(kind, [])
            waiting += things
            if len(waiting) >= THINGS_PER_FILE:
                self._write(kind)

    def close(self) -> None:
        for kind in sorted(self._waiting):
            self._write(kind)

    def _write(self, kind: str) -> None:
        if things := self._waiting.pop(kind, []):
            number = self._written[kind] = self._written.get(kind, 0) + 1
            path = self._folder / kind / f"{number:05}.ttl"
            path.parent.mkdir(parents=True, exist_ok=True)
            triples = (triple for thing in things for triple in thing.triples())
            path.write_bytes(_turtle(triples, self._prefixes))


def _turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=dict(prefixes)) or b""
    # The prefixes come in another order each time.
    lines = text.split(b"\n")
    declared = sum(line.startswith(b"@prefix ") for line in lines)
    return b"\n".join([*sorted(lines[:declared]), *lines[declared:]])


def write(
    folder: Path, triples: int, *, home: Path = HOME, seed: int = SEED, wrong: float = WRONG
) -> None:
    """Make data and write it, as a home and as single files, with what is wrong in it."""
    ontology = folder / "home" / "ontology"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(home / "ontology", ontology)
    shutil.copytree(home / "queries", folder / "home" / "queries")
    for path in (ontology / "shapes").glob("*.ttl"):
        paragraphs = path.read_text("utf-8").split("\n\n")
        kept = [text for text in paragraphs if not text.startswith(f"{LEFT_OUT}\n")]
        path.write_text("\n\n".join(kept), "utf-8")

    reading = parse(path=str(ontology / "vocabularies.ttl"))
    deque(reading, maxlen=0)
    prefixes = {**reading.prefixes, **PREFIXES}
    files = _Files(folder / "home" / "data", prefixes)
    faults: list[Fault] = []
    things = 0
    for kinds, planted in make(home, triples, seed=seed, wrong=wrong):
        files.add(kinds)
        faults += planted
        things += sum(map(len, kinds.values()))
    files.close()

    prefixed = {"sh": SHACL, "shapes": f"{BASE}shapes#", **PREFIXES}
    paths = sorted((ontology / "shapes").glob("*.ttl"))
    rules = [quad.triple for path in paths for quad in parse(path=str(path))]
    (folder / "shapes.ttl").write_bytes(_turtle(rules, prefixed))
    count = 0
    with (folder / "graph.nt").open("wb") as lines, (folder / "graph.ttl").open("wb") as turtle:
        paths = [ontology / "vocabularies.ttl", *sorted((folder / "home" / "data").rglob("*.ttl"))]
        for path in paths:
            graph = [quad.triple for quad in parse(path=str(path))]
            count += len(graph)
            lines.write(serialize(graph, format=RdfFormat.N_TRIPLES) or b"")
            turtle.write(_turtle(graph, prefixes))
    said = {"triples": count, "things": things, "seed": seed, "faults": [asdict(f) for f in faults]}
    (folder / "expected.json").write_text(json.dumps(said, indent=1) + "\n", "utf-8")


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where to write; what is there is removed")
    parser.add_argument("--triples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--wrong", type=float, default=WRONG, help="share of the things")
    parser.add_argument("--home", type=Path, default=HOME, help="whose ontology and queries")
    arguments = parser.parse_args()
    write(
        arguments.folder,
        arguments.triples,
        home=arguments.home,
        seed=arguments.seed,
        wrong=arguments.wrong,
    )


if __name__ == "__main__":
    main()
