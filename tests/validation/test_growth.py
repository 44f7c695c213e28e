"""What a check takes grows with the file, not with its square."""

from collections.abc import Callable

import pytest
from support.work import grows_evenly

from cjph_graph.home.location import Home
from cjph_graph.validation import Options, validate
from cjph_graph.validation.reports import Notes, write

_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <https://w3id.org/cjph/shapes#> .
ex:WaterShape a sh:NodeShape ; sh:targetClass ex:River ; sh:closed true ; sh:property ex:typeShape ,
  ex:kmShape , ex:nameShape .
ex:typeShape sh:path <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; sh:in ( ex:River ) .
ex:kmShape sh:path ex:km ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:message "Give one length."@en .
ex:nameShape sh:path ex:name ; sh:minCount 1 ; sh:message "Give {$this} a name."@en .
s:OneFile sh:message "This is described in {?value} as well."@en .
"""
_PREFIX = "@prefix ex: <https://example.org/terms#> .\n"


def _types(number: int) -> str:
    return "ex:s a ex:River , " + " , ".join(f"ex:K{n}" for n in range(number)) + " .\n"


def _values(number: int) -> str:
    return "ex:s a ex:River ; ex:km " + " , ".join(f'"{n}"' for n in range(number)) + " .\n"


def _blank_nodes(number: int) -> str:
    return "".join(f'[] a ex:River ; ex:km "{n}" .\n' for n in range(number))


def _things(number: int) -> str:
    return "".join(f'ex:s{n} a ex:River ; ex:km "{n}" ; ex:other {n} .\n' for n in range(number))


@pytest.mark.parametrize("kind", [_types, _values, _blank_nodes, _things])
def test_findings(home: Home, kind: Callable[[int], str]) -> None:
    home.shapes.write_text(_SHAPES, encoding="utf-8")

    def make(number: int) -> Callable[[], object]:
        path = home.path / f"{number}.ttl"
        path.write_text(_PREFIX + kind(number), encoding="utf-8")

        def check() -> None:
            report = validate(Options([path], home))
            assert len(report.findings) >= number
            for form in ("text", "json", "github", "markdown"):
                write(report, form, Notes(report.names, report.excerpts))

        return check

    assert grows_evenly(make, 40)


def test_one_thing_in_many_files(home: Home) -> None:
    home.shapes.write_text(_SHAPES, encoding="utf-8")

    def make(number: int) -> Callable[[], object]:
        folder = home.path / str(number)
        folder.mkdir(exist_ok=True)
        for name in range(number):
            (folder / f"{name}.ttl").write_text(_PREFIX + 'ex:s ex:name "S" .', encoding="utf-8")
        return lambda: validate(Options([folder], home))

    assert grows_evenly(make, 20)


@pytest.mark.parametrize(("power", "even"), [(1, True), (2, False)])
def test_a_square_is_noticed(power: int, even: bool) -> None:
    names: dict[str, Callable[[int], object]] = {}
    exec(compile("def count(n):\n for _ in range(n): pass", "cjph_graph/count.py", "exec"), names)  # noqa: S102
    assert grows_evenly(lambda number: lambda: names["count"](number**power), 40) is even
