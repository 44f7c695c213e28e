"""What a check takes grows with the file, not with its square."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, Triple
from support.work import grows_evenly

from cjph_graph.home.location import Home, find_home
from cjph_graph.rdf.reading import read_bytes
from cjph_graph.shacl import (
    Result,
    Shapes,
    judging,
    load_files,
    pyshacl_adapter,
    to_rdflib,
    validate_graph,
)
from cjph_graph.shacl.pyshacl_adapter import run_pyshacl
from cjph_graph.validation import ValidationOptions, validate
from cjph_graph.validation.reports import Notes, write

_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <https://w3id.org/cjph/shapes#> .
ex:WaterShape a sh:NodeShape ; sh:targetClass ex:River ; sh:closed true ;
  s:namespace "https://example.org/waters/" ; sh:property ex:typeShape ,
  ex:kmShape , ex:nameShape .
ex:typeShape sh:path <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ; sh:in ( ex:River ) .
ex:kmShape sh:path ex:km ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:message "Give one length."@en .
ex:nameShape sh:path ex:name ; sh:minCount 1 ; sh:message "Give {$this} a name."@en .
s:OneFile sh:message "This is described in {?value} as well."@en .
s:OwnFile sh:message "This belongs into {?value}."@en .
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


def _misfiled(number: int) -> str:
    """Return things that all belong into other files."""
    return "@prefix w: <https://example.org/waters/> .\n" + "".join(
        f'w:s{n} a ex:River ; ex:km "{n}" .\n' for n in range(number)
    )


@pytest.mark.parametrize("kind", [_types, _values, _blank_nodes, _things, _misfiled])
def test_findings(home: Home, kind: Callable[[int], str]) -> None:
    home.shapes.write_text(_SHAPES, encoding="utf-8")

    def make(number: int) -> Callable[[], object]:
        path, text = home.data / "many.ttl", _PREFIX + kind(number)

        def check() -> None:
            path.write_text(text, encoding="utf-8")
            report = validate(ValidationOptions([path], home))
            assert len(report.findings) >= number
            misfiled = [f for f in report.findings if f.constraint.endswith("OwnFile")]
            assert len(misfiled) == (number if kind is _misfiled else 0)
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
        return lambda: validate(ValidationOptions([folder], home))

    assert grows_evenly(make, 20)


_VOCABULARY = """\
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/> .
"""
# Things that are alike to a check, and how many findings there are for each.
_ALIKE = {
    "similar-names": ('a cjph:Organisation ; skos:prefLabel "Elm House"@en', 1),
    "same-address": ("cjph:url <https://elm.example/>", 1),
    "same-homepage": ("<http://xmlns.com/foaf/0.1/homepage> <https://elm.example/>", 1),
    "same-code": ('cjph:fipsCode "41"', 1),
    "same-observation": (
        "cjph:indicator ex:i ; cjph:place ex:p ; cjph:group ex:g ; cjph:sex ex:s ;"
        ' cjph:periodStart "2020" ; cjph:periodEnd "2021"',
        1,
    ),
    "name-as-initials": (
        'a cjph:Organisation ; skos:prefLabel "EEH"@en . [] a cjph:Organisation ;'
        ' skos:prefLabel "Elm End House"@en',
        0,
    ),
}


@pytest.mark.parametrize("name", _ALIKE)
def test_what_is_alike_is_not_paired_with_all_the_others(name: str) -> None:
    said, each = _ALIKE[name]
    text = (find_home().checks / f"{name}.rq").read_text(encoding="utf-8")
    for number in (30, 120):
        store = Store()
        things = "".join(f"ex:thing{n} {said} .\n" for n in range(number))
        store.load((_VOCABULARY + things).encode(), format=RdfFormat.TURTLE)
        rows = store.query(text)
        assert isinstance(rows, QuerySolutions)
        assert len(list(rows)) == each * number


_UP = [
    ("chain", lambda size: [(n, n + 1) for n in range(size)]),
    ("circle", lambda size: [(n, (n + 1) % size) for n in range(size)]),
    ("layers", lambda size: [(n, n + 4 - n % 4 + k) for n in range(size) for k in range(4)]),
]


@pytest.mark.parametrize(("name", "links"), _UP)
def test_going_up_takes_as_many_steps_as_there_are_links(
    name: str, links: Callable[[int], list[tuple[int, int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in an engine of Python: how many statements it looks at."""
    import rdflib
    from rdflib.plugins.stores.memory import Memory

    text = (find_home().checks / "circles.rq").read_text(encoding="utf-8")
    within = rdflib.URIRef("https://w3id.org/cjph/ontology#within")
    looked = 0
    find = Memory.triples

    def counting(self: Memory, *asked: object, **more: object) -> Iterator[object]:
        nonlocal looked
        for found in find(self, *asked, **more):  # type: ignore[arg-type]
            looked += 1
            yield found

    def work(size: int) -> int:
        nonlocal looked
        graph = rdflib.Graph()
        for low, high in links(size):
            graph.add((rdflib.URIRef(f"urn:{low}"), within, rdflib.URIRef(f"urn:{high}")))
        looked = 0
        list(graph.query(text))
        return looked

    monkeypatch.setattr(Memory, "triples", counting)
    few, more, most = (work(size) for size in (40, 80, 160))
    assert most - more <= 2.1 * (more - few)


def test_pyshacl_is_given_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds for each result is far more than the result."""
    prefix = _PREFIX + "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    shapes = Shapes(
        read_bytes(
            (
                f"{prefix} ex:S sh:targetClass ex:River ; sh:closed true ; sh:property"
                " [ sh:path ex:name ; sh:minCount 1 ] , [ sh:path ex:next ; sh:node ex:T ] ."
                " ex:T sh:property [ sh:path ex:km ; sh:maxCount 0 ] ."
            ).encode(),
            "shapes",
        ).triples
    )
    things = "".join(
        f"ex:a{n} a ex:River ; ex:next ex:a{n + 1} ; ex:km {n} . [] a ex:River .\n"
        for n in range(20)
    )
    graph = load_files([read_bytes(f"{prefix}{things}".encode(), "data")]).graph
    whole = validate_graph(shapes, graph)
    given: list[int] = []

    def counting(data: object, part: list[Triple]) -> list[Result]:
        given.append(len({t.object for t in part if t.predicate.value.endswith("targetNode")}))
        return run_pyshacl(data, part)  # type: ignore[arg-type]

    monkeypatch.setattr(pyshacl_adapter, "run_pyshacl", counting)
    monkeypatch.setattr(judging, "_AT_A_TIME", 7)
    assert validate_graph(shapes, graph) == whole
    assert len(whole.results) > 60
    assert max(given) == 7
    assert sum(given) == whole.candidates


def _calls(
    monkeypatch: pytest.MonkeyPatch, method: str, shape: str, numbers: list[int]
) -> list[int]:
    """Return how often a method of rdflib's Graph is called for so many focus nodes each."""
    from rdflib import Graph

    calls = 0
    real = getattr(Graph, method)

    def counting(graph: Graph, *args: object) -> object:
        nonlocal calls
        calls += 1
        return real(graph, *args)

    monkeypatch.setattr(Graph, method, counting)
    found = []
    for number in numbers:
        nodes = " , ".join(f"<urn:{n}>" for n in range(number))
        text = f"@prefix sh: <http://www.w3.org/ns/shacl#> . {shape.format(nodes)}"
        calls = 0
        results = run_pyshacl(to_rdflib(()), read_bytes(text.encode(), "shapes").triples)
        assert len(results) == number
        found.append(calls)
    return found


def test_pyshacl_makes_no_graph_of_results(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes 10 kB for each; the texts of all it would join one to the other."""
    shape = "[] sh:targetNode {} ; sh:nodeKind sh:Literal ."
    ten, twenty = _calls(monkeypatch, "add", shape, [10, 20])
    assert twenty - ten == 10  # the targets


def test_pyshacl_looks_up_a_shape_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = "[] sh:targetNode {} ; sh:or ( [ sh:nodeKind sh:Literal ] [ sh:minLength 9 ] ) ."
    three, nine = _calls(monkeypatch, "predicate_objects", shape, [3, 9])
    assert three == nine


def test_of_very_many_findings_of_a_rule_the_first_are_listed(home: Home) -> None:
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    path = home.data / "many.ttl"
    path.write_text(_PREFIX + _misfiled(30) + _things(40), encoding="utf-8")
    whole, few = (validate(ValidationOptions([path], home, most=most)) for most in (None, 7))
    assert few.count("error") == whole.count("error") == len(whole.findings)
    kinds = Counter(finding.shape or finding.constraint for finding in few.findings)
    assert set(kinds) == {finding.shape or finding.constraint for finding in whole.findings}
    assert max(kinds.values()) == 7
    assert {each.certain for each in few.more} == {True}


@pytest.mark.parametrize(("power", "even"), [(1, True), (2, False)])
def test_a_square_is_noticed(power: int, even: bool) -> None:
    names: dict[str, Callable[[int], object]] = {}
    exec(compile("def count(n):\n for _ in range(n): pass", "cjph_graph/count.py", "exec"), names)  # noqa: S102
    assert grows_evenly(lambda number: lambda: names["count"](number**power), 40) is even
