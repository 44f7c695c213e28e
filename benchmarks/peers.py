"""What the peers do, each as a whole process of its own, from files to what is compared.

    python peers.py validate pyshacl DATA.nt SHAPES.ttl OUTPUT
    python peers.py query rdflib QUERY.rq OUTPUT DATA...
    python peers.py export pyld DATA.nt CONTEXT OUTPUT
    python peers.py format rdflib DATA.ttl OUTPUT
    python peers.py load pyoxigraph HOME
    python peers.py count pyoxigraph DOCUMENT.jsonld

`validate` writes pairs of focus node and component as JSON, `query` CSV, `export` JSON-LD. Standard
output gets the seconds that reading the data took, where that can be told from the rest. Each peer
is set to be as fast as it can be and still do the work; what is slow to import is imported where
it is needed.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

_SHACL = "http://www.w3.org/ns/shacl#"
_Pairs = list[tuple[str, str | None]]


class _Clock:
    def __init__(self) -> None:
        self._start = time.perf_counter()

    def read(self) -> None:
        """Say how long it took until the data were read."""
        print(json.dumps({"reading": time.perf_counter() - self._start}))


def _pairs(report: Any) -> _Pairs:
    """Return what a report says, given as a graph of rdflib."""
    from rdflib import SH

    return [
        (
            str(report.value(node, SH.focusNode)),
            str(report.value(node, SH.sourceConstraintComponent)),
        )
        for node in report.objects(None, SH.result)
    ]


def validate_pyshacl(clock: _Clock, data: str, shapes: str) -> _Pairs:
    """Let pySHACL check: in place, as a copy of the graph would take longer."""
    import pyshacl
    import rdflib

    graph = rdflib.Graph()
    graph.parse(data, format="nt")
    clock.read()
    rules = rdflib.Graph().parse(shapes, format="turtle")
    _, report, _ = pyshacl.validate(graph, shacl_graph=rules, inplace=True)
    return _pairs(report)


def validate_turbo(clock: _Clock, data: str, shapes: str) -> _Pairs:
    """Let pyshacl-turbo check a dataset of rdflib-turbo, from which it needs no copy."""
    import pyshacl_turbo
    import rdflib_turbo

    dataset = rdflib_turbo.Dataset()
    dataset.parse(data, format="nt")
    clock.read()
    _, report, _ = pyshacl_turbo.validate(dataset, shacl_graph=shapes)
    return _pairs(report)


def validate_shifty(_: _Clock, data: str, shapes: str) -> _Pairs:
    """Let pyshifty check, by the quicker of its two ways, which tells no components."""
    import shifty

    validator = shifty.PreparedValidator(Path(shapes))
    result = validator.validate_algebra(Path(data), graph_mode="data", infer=False)
    return [
        (found.focus_node.strip("<>"), None) for found in result.violations for _ in found.reasons
    ]


def validate_pyrudof(clock: _Clock, data: str, shapes: str) -> _Pairs:
    """Let pyrudof check, with its own engine, which is its fast one."""
    import pyrudof

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_data(Path(data), pyrudof.RDFFormat.NTriples)
    clock.read()
    rudof.read_shacl(Path(shapes))
    report = rudof.validate_shacl(pyrudof.ShaclValidationMode.Native)
    return [(found.focus_node, found.constraint_component) for found in report]


def validate_shacl(_: _Clock, data: str, shapes: str) -> _Pairs:
    """Let the Rust engine `shacl` check, files to results in one call."""
    import shacl

    report = shacl.Shapes.from_file(shapes).validate_file(data)
    return [(found.focus_node.strip("<>"), found.component_iri) for found in report.results]


def validate_rust(_: _Clock, data: str, shapes: str) -> _Pairs:
    """Let the Rust engine `shacl-rust` check, files to results in one call."""
    import shacl_rust

    report = shacl_rust.validate_file(data, shapes, experimental_index=True)
    keys = ("focusNode", "sourceConstraintComponent")
    return [tuple(found[key].strip("<>") for key in keys) for found in report["results"]]


def query_rdflib(clock: _Clock, query: str, files: list[str], store: str = "default") -> bytes:
    """Answer a query with rdflib, or with the store of oxrdflib."""
    import rdflib

    graph = rdflib.Graph(store=store)
    prefix = "ox-" if store == "Oxigraph" else ""
    for path in files:
        graph.parse(path, format=prefix + ("nt" if path.endswith(".nt") else "turtle"))
    clock.read()
    return graph.query(query).serialize(format="csv") or b""


def query_oxrdflib(clock: _Clock, query: str, files: list[str]) -> bytes:
    """Answer a query with rdflib over an Oxigraph store."""
    return query_rdflib(clock, query, files, "Oxigraph")


def query_pyoxigraph(clock: _Clock, query: str, files: list[str]) -> bytes:
    """Answer a query with the ten lines that one would write for it."""
    from pyoxigraph import QueryResultsFormat, Store

    store = Store()
    for path in files:
        store.bulk_load(path=path)
    clock.read()
    return store.query(query).serialize(format=QueryResultsFormat.CSV) or b""


def export_rdflib(clock: _Clock, data: str, context: dict[str, Any]) -> str:
    """Write JSON-LD with rdflib."""
    import rdflib

    graph = rdflib.Graph().parse(data, format="nt")
    clock.read()
    return graph.serialize(format="json-ld", context=context["@context"], auto_compact=True)


def export_pyld(clock: _Clock, data: str, context: dict[str, Any]) -> str:
    """Write JSON-LD with PyLD.

    Another parser reads the file: PyLD's own looks at every triple again for each new one.
    """
    import pyoxigraph
    from pyld import jsonld

    kinds = {pyoxigraph.NamedNode: "IRI", pyoxigraph.BlankNode: "blank node"}

    def turned(term: Any) -> dict[str, str]:
        if not isinstance(term, pyoxigraph.Literal):
            return {"type": kinds[type(term)], "value": term.value}
        said = {"type": "literal", "value": term.value, "datatype": term.datatype.value}
        return {**said, "language": term.language} if term.language else said

    triples = [
        {"subject": turned(s), "predicate": turned(p), "object": turned(o)}
        for s, p, o in (quad.triple for quad in pyoxigraph.parse(path=data))
    ]
    expanded = jsonld.from_rdf({"@default": triples})
    clock.read()
    return json.dumps(jsonld.compact(expanded, context))


def format_rdflib(clock: _Clock, data: str) -> bytes:
    """Write a Turtle file anew as rdflib's longturtle."""
    import rdflib

    graph = rdflib.Graph().parse(data, format="turtle")
    clock.read()
    return graph.serialize(format="longturtle", encoding="utf-8")


def load_pyoxigraph(folder: str) -> int:
    """Load the files of a home into a store in memory, and nothing else."""
    from pyoxigraph import Store

    store = Store()
    home = Path(folder)
    for path in (home / "ontology" / "vocabularies.ttl", *sorted((home / "data").rglob("*.ttl"))):
        store.load(path=str(path))
    return len(store)


def count_pyoxigraph(path: str) -> int:
    """Return how many different triples a JSON-LD document holds."""
    from pyoxigraph import RdfFormat, parse

    return len({quad.triple for quad in parse(path=path, format=RdfFormat.JSON_LD)})


def main() -> None:
    """Do one thing with one peer."""
    clock = _Clock()
    task, peer, *arguments = sys.argv[1:]
    function = globals()[f"{task}_{peer}"]
    if task == "validate":
        data, shapes, output = arguments
        Path(output).write_text(json.dumps(function(clock, data, shapes)), "utf-8")
    elif task == "query":
        query, output, *files = arguments
        Path(output).write_bytes(function(clock, Path(query).read_text("utf-8"), files))
    elif task == "export":
        data, context, output = arguments
        Path(output).write_text(
            function(clock, data, json.loads(Path(context).read_text())), "utf-8"
        )
    elif task == "format":
        data, output = arguments
        Path(output).write_bytes(function(clock, data))
    else:
        print(json.dumps({"triples": function(*arguments)}))


if __name__ == "__main__":
    main()
