"""pySHACL alone, given the shipped shapes and data, finds what `cjph validate` finds."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import SH

from cjph_graph.home.location import find_home, home_files
from cjph_graph.home.schema import read_shapes
from cjph_graph.rdf.reading import read_turtle, turtle_files
from cjph_graph.shacl import to_rdflib
from cjph_graph.validation import ValidationOptions, validate

HOME = find_home()
EXAMPLES = Path(__file__).parent.parent / "examples"

pytestmark = pytest.mark.slow


def _pyshacl(files: Iterable[Path]) -> Counter[tuple[str, ...]]:
    data = to_rdflib(triple for path in files for triple in read_turtle(path).triples)
    shapes = to_rdflib(read_shapes(HOME))
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    assert isinstance(report, rdflib.Graph)
    told = (SH.focusNode, SH.sourceConstraintComponent, SH.sourceShape)
    return Counter(
        tuple(str(report.value(result, term)) for term in told)
        for result in report.objects(None, SH.result)
    )


def test_the_shipped_data_conform() -> None:
    assert not _pyshacl(path for path in home_files(HOME) if path != HOME.ontology)


def test_the_examples_are_found_wrong_alike() -> None:
    around = [HOME.vocabularies, *turtle_files(HOME.data)]
    report = validate(ValidationOptions([EXAMPLES], home=HOME))
    ours = Counter((r.focus, r.constraint, r.shape) for r in report.results if r.shape)
    assert sum(ours.values()) > 250
    assert _pyshacl([*around, *turtle_files(EXAMPLES)]) == ours
