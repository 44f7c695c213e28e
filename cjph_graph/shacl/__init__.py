"""A SHACL engine over any graph: SPARQL finds the candidates, pySHACL judges them.

    from pathlib import Path
    from cjph_graph.rdf import read_turtle
    from cjph_graph.shacl import Shapes, load_files, validate_graph

    shapes = Shapes(read_turtle(Path("shapes.ttl")).triples)
    loaded = load_files([Path("data.ttl")])
    for result in validate_graph(shapes, loaded.graph).results:
        print(result.focus, result.path, result.messages)

A name is imported when it is first used, rdflib and pySHACL when there is a candidate.
"""

from typing import TYPE_CHECKING

from cjph_graph.system import lazily

if TYPE_CHECKING:
    from cjph_graph.shacl.data_graph import DataGraph, StoredGraph, load_files
    from cjph_graph.shacl.endpoint_graph import remote_graph
    from cjph_graph.shacl.queries import compiled_queries
    from cjph_graph.shacl.rdflib_terms import to_rdflib
    from cjph_graph.shacl.report import report_turtle
    from cjph_graph.shacl.results import Result, query_result, term_text
    from cjph_graph.shacl.shapes import Shapes
    from cjph_graph.shacl.validator import (
        ValidationResults,
        validate_graph,
        validate_with_pyshacl,
    )

__getattr__ = lazily(
    __name__,
    {
        "data_graph": "DataGraph StoredGraph load_files",
        "endpoint_graph": "remote_graph",
        "queries": "compiled_queries",
        "rdflib_terms": "to_rdflib",
        "report": "report_turtle",
        "results": "Result term_text query_result",
        "shapes": "Shapes",
        "validator": "ValidationResults validate_graph validate_with_pyshacl",
    },
)
