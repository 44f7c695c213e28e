"""What an index of a large home costs and saves, as whole processes.

The interventions that are shipped are multiplied under new names until the home has about as many
triples as asked for, in a few files or in one for each thing. Every command runs without the
index, then once to make it, then with it; printed is the median.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_HERE = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"(intervention:|/interventions/)([a-z0-9][a-z0-9-]*)")
_THING = "<https://w3id.org/cjph/interventions/cahoots-eugene-1>"
_QUESTIONS = {
    "one thing": f"DESCRIBE {_THING}",
    "count everything": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "read every text": 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(REGEX(STR(?o), "crisis")) }',
    "follow every link": "SELECT (COUNT(DISTINCT ?t) AS ?n)"
    " { ?s ?p ?o . ?o ?q ?t FILTER(ISLITERAL(?t)) }",
}


def make_home(folder: Path, triples: int, *, single: bool) -> None:
    """Write a home of about so many triples; with `single` each thing has its file."""
    for part in ("ontology", "queries", "data"):
        shutil.copytree(_HERE / part, folder / part)
    files = sorted((folder / "data" / "interventions").glob("*.ttl"))
    texts = {path.stem: path.read_text("utf-8") for path in files}
    for number in range(1, 1 + max(0, triples - 11_000) * 100 // sum(map(len, texts.values()))):
        copies = {
            f"{slug}-{number}": _NAME.sub(rf"\g<1>\g<2>-{number}", text)
            for slug, text in texts.items()
        }
        if not single:
            copies = {f"all-{number}": "\n".join(copies.values())}
        for slug, text in copies.items():
            path = folder / "data" / "interventions" / f"{slug}.ttl"
            path.write_text(text, encoding="utf-8")


def measure(home: Path, cache: Path, question: str, *options: str) -> float:
    """Return how many seconds a command takes to answer a question."""
    start = time.perf_counter()
    subprocess.run(
        [
            *(sys.executable, "-m", "cjph_graph", "--home", home, "query", "-"),
            *("--max-size", "1GB", "--timeout", "0", *options),
        ],
        input=question.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
        env=os.environ | {"CJPH_CACHE": str(cache)},
    )
    return time.perf_counter() - start


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--triples", type=int, nargs="*", default=[100_000, 1_000_000])
    arguments = parser.parse_args()
    print("| triples | files | question | without, s | making it, s | with it, s |")
    print("|---:|---:|---|---:|---:|---:|")
    for triples in arguments.triples:
        for single in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                home, cache = Path(folder) / "home", Path(folder) / "cache"
                make_home(home, triples, single=single)
                files = sum(1 for _ in (home / "data").rglob("*.ttl"))
                for name, question in _QUESTIONS.items():
                    without, first, again = [], [], []
                    for _ in range(arguments.rounds):
                        shutil.rmtree(cache, ignore_errors=True)
                        without.append(measure(home, cache, question, "--no-cache"))
                        first.append(measure(home, cache, question))
                        again.append(measure(home, cache, question))
                    shown = (f"{statistics.median(times):.2f}" for times in (without, first, again))
                    print(f"| {triples:,} | {files:,} | {name} | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    main()
