"""Mistakes that people make, made in our own files: each is reported on its line.

For each kind of mistake a seeded choice of files is corrupted, so that every file has its turn;
several kinds are checked in one run, on one copy of the home. Not caught, because no rule can know
it: a value that is wrong but allowed (another issue, another place, another figure, another
source), a statement left out that may be left out, a text that says something untrue, and a word
in a title.
"""

import random
import shutil

import pytest
from support.mutants import KINDS, SYNTAX, Mutant

import cjph_graph
from cjph_graph.home.location import Home
from cjph_graph.validation import ValidationOptions, validate

pytestmark = [pytest.mark.checkout, pytest.mark.slow]

_FILES_FOR_EACH = 22
_RUNS = 4
_SEED = 20150911


def _made(
    texts: dict[str, str], kinds: list[str], corrupted: set[str]
) -> dict[str, tuple[str, Mutant]]:
    """Return mutants by file, each file with one mistake; files not `corrupted` before first."""
    chance = random.Random(f"{_SEED} {kinds}")
    made: dict[str, tuple[str, Mutant]] = {}
    for kind in kinds:
        names = sorted(texts.keys() - made.keys())
        chance.shuffle(names)
        names.sort(key=corrupted.__contains__)
        count = 0
        for name in names:
            # A shared file that cannot be read would hide what is wrong in all that link to it.
            if count == _FILES_FOR_EACH or (kind in SYNTAX and name.count("/") == 1):
                continue
            if mutant := KINDS[kind](texts[name], chance):
                made[name] = kind, mutant
                corrupted.add(name)
                count += 1
    return made


@pytest.fixture(scope="module")
def missed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return for each kind of mistake the files in which it was not reported on its line."""
    home = cjph_graph.open_home()
    texts = {
        path.relative_to(home.path).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(home.data.rglob("*.ttl"))
    }
    told: dict[str, list[str]] = {}
    corrupted: set[str] = set()
    names = sorted(KINDS)
    for batch in (names[start::_RUNS] for start in range(_RUNS)):
        folder = tmp_path_factory.mktemp("home")
        for part in ("ontology", "data"):
            shutil.copytree(home.path / part, folder / part)
        made = _made(texts, batch, corrupted)
        for name, (_, mutant) in made.items():
            (folder / name).write_text(mutant.text, encoding="utf-8")
        report = validate(ValidationOptions([folder / name for name in made], home=Home(folder)))
        found: dict[str, set[int | None]] = {}
        for finding in report.findings:
            found.setdefault(finding.file or "", set()).add(finding.line)
        for name, (kind, mutant) in made.items():
            lines = found.get(str(folder / name), set())
            told.setdefault(kind, [])
            if not mutant.lines & lines:
                told[kind].append(f"{name}: {sorted(mutant.lines)}, not {lines}")
    assert corrupted == texts.keys(), "every file has its turn"
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_is_reported_on_its_line(kind: str, missed: dict[str, list[str]]) -> None:
    assert kind in missed, "a kind of mistake that can be made nowhere says nothing"
    assert missed[kind] == []
