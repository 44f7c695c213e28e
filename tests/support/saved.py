"""The saved questions, each as it stands and, if it has any, with the examples for its values."""

import cjph_graph
from cjph_graph.home.parameters import bind
from cjph_graph.home.saved_queries import list_queries
from cjph_graph.sparql import Engine as AnyEngine
from cjph_graph.sparql import Result, run

HOME = cjph_graph.open_home()
QUERIES = {query.name: query for query in list_queries(HOME).queries}
CASES = [
    (name, kind)
    for name, query in QUERIES.items()
    for kind in ("", "--example")
    if not kind or any(parameter.example for parameter in query.parameters)
]


def answer(name: str, kind: str, engine: AnyEngine) -> Result:
    """Ask a question of CASES."""
    query = QUERIES[name]
    values = {p.name: [p.example] for p in query.parameters if p.example} if kind else {}
    return run(engine, bind(query, values, engine))
