"""Queries as text, the engines that answer them, and the formats of answers.

from cjph_graph.sparql import LocalEngine, write_results

rows = LocalEngine(store).select("SELECT ?s { ?s ?p ?o }")
print(write_results(rows, "csv").decode())
"""

from cjph_graph.sparql.answers import Result, Row, Rows, Triples, Value
from cjph_graph.sparql.engine import Engine, LocalEngine, described, run
from cjph_graph.sparql.results import GRAPH_FORMATS, ROW_FORMATS, write_graph, write_results

__all__ = [
    "GRAPH_FORMATS",
    "ROW_FORMATS",
    "Engine",
    "LocalEngine",
    "Result",
    "Row",
    "Rows",
    "Triples",
    "Value",
    "described",
    "run",
    "write_graph",
    "write_results",
]
