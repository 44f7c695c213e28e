"""Queries as text, the engines that answer them, and the formats of answers.

    from cjph_graph.sparql import LocalEngine, write_results

    rows = LocalEngine(store).select("SELECT ?s { ?s ?p ?o }")
    print(write_results(rows, "csv").decode())

What judges and edits the text of a query is in `sparql.tokens`, what a further engine needs in
`sparql.engine` and `sparql.construct`, and questions about any graph in `sparql.graph_queries`.
"""

from typing import TYPE_CHECKING

from cjph_graph.sparql.answers import Result, Row, Rows, Triples, Value, plain_text, steady
from cjph_graph.sparql.engine import Engine, LocalEngine, admit, run
from cjph_graph.sparql.results import GRAPH_FORMATS, ROW_FORMATS, write_graph, write_results
from cjph_graph.sparql.tokens import QueryForm
from cjph_graph.system import lazily

if TYPE_CHECKING:
    from cjph_graph.sparql.w3c_formats import csv_line

__getattr__ = lazily(__name__, {"w3c_formats": "csv_line"})
