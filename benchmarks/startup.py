"""How long a command takes as a whole process, beside what others take to import.

Each round runs every command once, so that a noisy moment hits all alike; what is printed are
medians and their ratio to `import rdflib`. Run it with `make bench`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

_HERE = Path(sys.executable).parent
_COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import rdflib": [sys.executable, "-c", "import rdflib"],
    "import pyshacl": [sys.executable, "-c", "import pyshacl"],
    "cjph query profile": [_HERE / "cjph", "query", "profile"],
    "cjph query interventions-by-issue -p issue=violence": [
        *(_HERE / "cjph", "query", "interventions-by-issue", "-p", "issue=violence")
    ],
    "cjph export cahoots-eugene": [_HERE / "cjph", "export", "cahoots-eugene"],
}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    # Compiled modules are kept as they are for everybody who installs the package.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    times: dict[str, list[float]] = {name: [] for name in _COMMANDS}
    for number in range(rounds + 1):
        for name, command in _COMMANDS.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
            if number:  # the first round fills caches
                times[name].append(time.perf_counter() - start)
    reference = statistics.median(times["import rdflib"])
    print("| process | median ms | of `import rdflib` |\n|---|---:|---:|")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"| `{name}` | {median * 1000:.0f} | {median / reference:.2f} |")


if __name__ == "__main__":
    main()
