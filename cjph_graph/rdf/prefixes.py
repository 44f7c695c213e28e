"""Prefixes that stand for another address than the file's writer meant.

A file copied from another keeps its line `@prefix : <…/cahoots-eugene#> .`, and everything called
`:finding-1` then belongs to that other thing. The parser sees nothing wrong, and each statement
would be reported later. Here the mistake is found in the declaration, where it was made.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from cjph_graph.rdf.reading import TurtleFile

# As many files as this have to agree before another one is taken to be wrong.
_AGREEING = 3


def usual_prefixes(files: Iterable[TurtleFile], least: int = 1) -> dict[str, str]:
    """Return the prefixes of files that are Turtle, with the address that most give them.

    If several are as frequent, the first counts. `least` is how many files have to agree.
    """
    counts = Counter(
        pair for file in files if not file.problem for pair in file.prefixes.items() if pair[0]
    )
    usual: dict[str, str] = {}
    for (name, address), count in counts.most_common():
        if count >= least:
            usual.setdefault(name, address)
    return usual


def wrong_prefixes(
    checked: Iterable[TurtleFile], files: Iterable[TurtleFile]
) -> dict[str, dict[str, str]]:
    """Return what prefixes of the files that are checked were meant to stand for, by path."""
    usual = usual_prefixes(files, _AGREEING)
    found = {}
    for file in checked:
        subjects = (subject.value for subject in file.subjects)
        if not file.problem and (right := misdeclared(file.prefixes, subjects, usual)):
            found[file.path] = right
    return found


def misdeclared(
    declared: Mapping[str, str], subjects: Iterable[str], usual: Mapping[str, str]
) -> dict[str, str]:
    """Return what prefixes of a file were meant to stand for, by prefix.

    `subjects` are the IRIs that the file says something about, `usual` the prefixes of other
    files. A prefix with an address that other files use is only unusual, and may be meant.
    """
    addresses = set(usual.values())
    right = {
        name: usual[name]
        for name, address in declared.items()
        if name and usual.get(name, address) != address and address not in addresses
    }
    own = _own(declared.get("", ""), set(subjects)) if declared.get("") else None
    return {**right, "": own} if own else right


def _own(address: str, subjects: Collection[str]) -> str | None:
    """Return the address for the parts of the one thing that a file describes, if it has another.

    Without `#` at its end the address is the thing's own; left over, it is that of a thing of the
    same kind.
    """
    parts = {iri for iri in subjects if iri.startswith(address) and iri != address}
    things = {iri for iri in subjects if "#" not in iri and iri not in parts}
    if not parts or len(things) != 1:
        return None
    thing = things.pop()
    other = address.rstrip("#/")
    kind = thing[: thing.rfind("/") + 1]
    if address == f"{thing}#" or other[: other.rfind("/") + 1] != kind or other == kind.rstrip("/"):
        return None
    return f"{thing}#"
