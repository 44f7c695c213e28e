"""No candidate is missed: over random shapes and data the report is that of pySHACL alone.

Every run tries the same cases; `CJPH_FUZZ=20000 pytest tests/shacl/test_equality.py` tries others.
What differs is cut down to what it takes and printed as Turtle. That the cases are not all about
nothing is counted inside pySHACL: each component and each kind of path was kept and was broken
often.

Of our own shapes the same is shown on all that ships, on all the files that break a constraint, and
on files with a mistake of each kind.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Triple, serialize
from support.comparison import Outcome, outcomes, read
from support.generators import Case, make_case, shrunk
from support.mutants import KINDS, SYNTAX

from cjph_graph.home.location import find_home, home_files
from cjph_graph.home.schema import read_shapes
from cjph_graph.rdf.reading import TurtleFile, read_turtle, turtle_files

_MORE = int(os.environ.get("CJPH_FUZZ", "0"))
# Once is enough: what is installed from a wheel is the same code.
pytestmark = [pytest.mark.checkout, pytest.mark.slow]

_CASES = 1_200
_SHOWN = 3
_OFTEN = 15
_COMPONENTS = (
    *("Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "MinExclusive", "MinInclusive"),
    *("MaxExclusive", "MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn"),
    *("UniqueLang", "Equals", "Disjoint", "LessThan", "LessThanOrEquals", "Not", "And", "Or"),
    *("Xone", "Node", "Property", "QualifiedValueShape", "Closed", "HasValue", "In"),
    *("SPARQLBasedConstraint", "BoundShapeValidatorComponent"),
)
_PATHS = ("predicate", "sequence", "inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")


@dataclass
class _Run:
    """What a run came to: cases that differ, and how often what was kept, broken or refused."""

    different: list[Case] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def run() -> _Run:
    start = random.SystemRandom().randrange(10**9) if _MORE else 0
    found = _Run()
    with _counted(found):
        for seed in range(start, start + (_MORE or _CASES)):
            case = make_case(seed)
            expected, actual = _outcomes(case)
            found.ends[expected[0] if expected and _is_error(expected) else "a report"] += 1
            if expected != actual:
                found.different.append(case)
    return found


def test_the_screened_report_is_that_of_pyshacl_alone(run: _Run) -> None:
    if run.different:
        shown = "\n\n".join(_explained(case) for case in run.different[:_SHOWN])
        pytest.fail(f"{len(run.different)} cases differ\n\n{shown}", pytrace=False)


@pytest.mark.parametrize("name", [*_COMPONENTS, *_PATHS])
def test_every_component_and_kind_of_path_was_kept_and_broken(name: str, run: _Run) -> None:
    assert min(run.kept[name], run.broken[name]) >= _OFTEN, (run.kept[name], run.broken[name])


def test_most_cases_come_to_a_report_and_some_to_an_error(run: _Run) -> None:
    total = sum(run.ends.values())
    assert 0.02 < 1 - run.ends["a report"] / total < 0.2, run.ends


def _outcomes(case: Case) -> tuple[Outcome, Outcome]:
    data, shapes = case.turtle()
    return outcomes(read(data, "data"), read(shapes, "shapes"))


def _is_error(outcome: Outcome) -> bool:
    return outcome[0].startswith("ends with ")


def _explained(case: Case) -> str:
    """Return a case that differs, as small as it can be, as Turtle and what either side says."""
    ends = any(map(_is_error, filter(None, _outcomes(case))))

    def fails(smaller: Case) -> bool:
        try:
            expected, actual = _outcomes(smaller)
        except AssertionError:
            return False
        # Not another difference: shapes with something left out are often refused.
        refused = any(map(_is_error, filter(None, (expected, actual))))
        return expected != actual and refused == ends

    small = shrunk(case, fails)
    data, shapes = small.turtle()
    expected, actual = (Counter(outcome) for outcome in _outcomes(small))
    return "\n".join(
        (
            f"# case {case.seed}, data:\n{data}\n# shapes:\n{shapes}",
            "# only pySHACL alone has:",
            *map(_commented, (expected - actual).elements()),
            "# only the screened report has:",
            *map(_commented, (actual - expected).elements()),
        )
    )


def _commented(text: str) -> str:
    return re.sub("^", "#   ", text, flags=re.MULTILINE) + "\n#"


# Our own shapes.

_HOME = find_home()
_BREAKING = Path(__file__).parent.parent / "examples"


def test_all_that_ships_and_a_mistake_of_each_kind_have_the_same_results() -> None:
    mutated = _mutated(sorted(KINDS.keys() - SYNTAX))
    home = [
        triple
        for path in home_files(_HOME)
        for triple in mutated.get(path) or read_turtle(path).triples
    ]
    assert _compared(home) > len(mutated)


def test_all_that_breaks_a_constraint_has_the_same_results() -> None:
    files = turtle_files(_BREAKING)
    assert _compared([*_said_in(files), *_around(files)]) > len(files) / 2


def _compared(data: Iterable[Triple]) -> int:
    """Return how many results of our own shapes there are, on either side."""
    expected, actual = (Counter(found) for found in outcomes(_file(data), _file(_shapes())))
    assert sorted((expected - actual).elements()) == []
    assert sorted((actual - expected).elements()) == []
    return expected.total()


def _file(triples: Iterable[Triple]) -> TurtleFile:
    text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    return read(text.decode(), "triples")


@cache
def _shapes() -> tuple[Triple, ...]:
    return read_shapes(_HOME)


def _said_in(files: Iterable[Path]) -> list[Triple]:
    return [triple for path in files for triple in read_turtle(path).triples]


def _around(files: Iterable[Path]) -> list[Triple]:
    """Return what the home says of what is named in files but not described there."""
    data = _said_in(files)
    named = {triple.object for triple in data} - {triple.subject for triple in data}
    return [triple for triple in _said_in(home_files(_HOME)) if triple.subject in named]


def _mutated(kinds: Iterable[str]) -> dict[Path, tuple[Triple, ...]]:
    """Return for each kind of mistake a file of the home that has it, and what it then says."""
    texts = {
        path.relative_to(_HOME.path).as_posix(): path.read_text(encoding="utf-8")
        for path in turtle_files(_HOME.data)
    }
    made: dict[Path, tuple[Triple, ...]] = {}
    for number, kind in enumerate(kinds):
        chance = random.Random(number)
        names = sorted(texts)
        chance.shuffle(names)
        for name in names:
            path = _HOME.path / name
            mutant = None if path in made else KINDS[kind](texts[name], chance)
            if mutant is not None:
                made[path] = read(mutant.text, name).triples
                break
        else:
            pytest.fail(f"{kind} can be made nowhere")
    return made


# Counting.


@contextmanager
def _counted(run: _Run) -> Iterator[None]:
    """Count inside pySHACL what is kept and what is broken, by component and by kind of path."""
    from pyshacl.constraints import ALL_CONSTRAINT_COMPONENTS
    from pyshacl.constraints.sparql import sparql_based_constraint_components as custom

    kinds: list[Any] = [*ALL_CONSTRAINT_COMPONENTS, custom.BoundShapeValidatorComponent]
    with pytest.MonkeyPatch.context() as patch:
        for kind in kinds:
            _count(kind, run, patch)
        yield


def _count(kind: Any, run: _Run, patch: pytest.MonkeyPatch) -> None:
    evaluate = kind.evaluate
    name = kind.__name__.removesuffix("ConstraintComponent")
    empty_too = name in ("MinCount", "MaxCount", "HasValue", "QualifiedValueShape", "Equals")

    def counting(
        self: Any, executor: Any, graph: Any, focus_value_nodes: dict[Any, Any], path: list[Any]
    ) -> tuple[bool, list[Any]]:
        conforms, reports = evaluate(self, executor, graph, focus_value_nodes, path)
        if not conforms or empty_too or any(focus_value_nodes.values()):
            counter = run.kept if conforms else run.broken
            counter[name] += 1
            if self.shape.is_property_shape:
                counter[_kind_of_path(self.shape.sg.graph, self.shape.path())] += 1
        return conforms, reports

    patch.setattr(kind, "evaluate", counting)


def _kind_of_path(graph: Any, path: Any) -> str:
    from rdflib import RDF, URIRef

    if isinstance(path, URIRef):
        return "predicate"
    names = {str(name).rpartition("#")[2].removesuffix("Path") for name in graph.predicates(path)}
    return "sequence" if (path, RDF.first, None) in graph else names.pop()
