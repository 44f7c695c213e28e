"""The data that speed is measured with: the same each time, and wrong just where it is said."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from support.homes import shipped_part

from cjph_graph.home.location import find_home
from cjph_graph.validation import ValidationOptions, validate

GENERATOR = Path(__file__).parent.parent / "benchmarks" / "generate.py"

pytestmark = pytest.mark.checkout


def made(folder: Path, *options: str) -> Path:
    command = [sys.executable, GENERATOR, folder, "--triples", "6000", *options]
    subprocess.run(command, check=True, timeout=60)
    return folder


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, two, three = (
        made(tmp_path / name, "--seed", seed)
        for name, seed in (("one", "1"), ("two", "1"), ("three", "2"))
    )
    files = sorted(path.relative_to(one) for path in (one / "home" / "data").rglob("*.ttl"))
    assert len(files) == 7
    for path in (*files, Path("expected.json"), Path("graph.nt"), Path("graph.ttl")):
        assert (one / path).read_bytes() == (two / path).read_bytes(), path
        same = path.parent.name == "datasets"
        assert ((one / path).read_bytes() == (three / path).read_bytes()) is same, path


def test_what_is_made_is_wrong_where_it_is_said_and_nowhere_else(tmp_path: Path) -> None:
    folder = made(tmp_path / "made")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert abs(expected["triples"] - 6000) < 200
    assert len({fault["kind"] for fault in expected["faults"]}) == 16
    report = validate(ValidationOptions(home=find_home(folder / "home")))
    assert report.triples == expected["triples"]
    found = Counter((result.focus, result.constraint) for result in report.results)
    assert found == Counter((fault["focus"], fault["constraint"]) for fault in expected["faults"])
    # A finding of another kind, such as of a rule about files, would have no result.
    assert {finding.focus for finding in report.findings} == {focus for focus, _ in found}


def test_what_is_made_without_faults_conforms(tmp_path: Path) -> None:
    folder = made(tmp_path / "made", "--wrong", "0")
    assert json.loads((folder / "expected.json").read_text("utf-8"))["faults"] == []
    assert validate(ValidationOptions(home=find_home(folder / "home"))).conforms


def test_the_cost_of_one_thing_is_measured(tmp_path: Path) -> None:
    home = shipped_part(tmp_path / "home", "interventions/cahoots-eugene")
    command = [sys.executable, GENERATOR.with_name("things.py"), home.path]
    done = subprocess.run(command, check=True, timeout=60, capture_output=True)
    said = json.loads(done.stdout)
    assert said["things"] > 100
    assert 0 < said["jsonld"] < 1
    assert 0 < said["page"] < 1
