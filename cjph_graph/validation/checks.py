"""Running checks: each row of a check's answer is a result, like those of shapes."""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import nsmallest

from pyoxigraph import Literal, NamedNode, Quad, Store

from cjph_graph.errors import InputError
from cjph_graph.home import Check
from cjph_graph.rdf import Term
from cjph_graph.shacl import DataGraph, Result, StoredGraph, query_result
from cjph_graph.system import tell
from cjph_graph.validation.findings import SEVERITY_IRIS


def run_checks(
    graph: DataGraph,
    checks: Sequence[Check],
    only: Collection[Term] | None = None,
    most: int | None = None,
) -> tuple[list[Result], dict[str, int]]:
    """Return what checks find in a graph, and by their IRIs how many findings were left out.

    With `only`, findings are about these nodes; with `most`, there are no more of each check.
    Raises InputError when a check is not valid SPARQL or has no column `?this`.
    """
    tell("Checking the graph as a whole", 0, 0)
    # The store works in native code, which lets others run. What is long mostly takes long: it is
    # begun first, so that no processor waits for it at the end.
    with ThreadPoolExecutor(graph.at_once) as pool:
        begun = {
            check.iri: pool.submit(_found, graph, check, only, most)
            for check in sorted(checks, key=lambda check: len(check.text), reverse=True)
        }
    found = [begun[check.iri].result() for check in checks]
    further = {check.iri: more for check, (_, more) in zip(checks, found, strict=True) if more}
    return [result for results, _ in found for result in results], further


def _found(
    graph: DataGraph, check: Check, only: Collection[Term] | None, most: int | None
) -> tuple[list[Result], int]:
    """Return what a check finds, each row once, ordered by terms, and how many were left out."""
    try:
        names, rows = _columns(graph, check.text)
    except (SyntaxError, ValueError) as error:
        raise InputError(f"The check {check.name} is not valid SPARQL: {error}.") from error
    if "this" not in names:
        raise InputError(f"The check {check.name} does not select ?this.")
    this = names.index("this")
    # An aggregate of nothing is a row too.
    kept = {r for r in rows if r[this] is not None and (only is None or r[this] in only)}
    first = nsmallest(len(kept) if most is None else most, kept, key=str)
    told = (dict(zip(names, row, strict=True)) for row in first)
    results = [
        _result(graph, check, {name: term for name, term in row.items() if term is not None})
        for row in told
    ]
    return results, len(kept) - len(first)


def _columns(graph: DataGraph, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return the names of the columns of a SELECT and its rows.

    Not every store can answer every query: then what it holds is fetched, and asked here.
    """
    try:
        return graph.columns(text)
    except ValueError:
        if isinstance(graph, StoredGraph):
            raise
        store = Store()
        store.bulk_extend(Quad(*triple) for triple in graph.everything())
        return StoredGraph(store, ()).columns(text)


def _result(graph: DataGraph, check: Check, row: dict[str, Term]) -> Result:
    path, value = row.get("path"), row.get("value")
    if isinstance(path, NamedNode) and isinstance(value, Literal):
        row["value"] = _as_written(graph, row["this"], path, value)
    severity = NamedNode(SEVERITY_IRIS[check.severity])
    return query_result(NamedNode(check.iri), Literal(check.message), severity, row)


def _as_written(graph: DataGraph, this: Term, path: NamedNode, value: Literal) -> Literal:
    """Return a literal as a file writes it: a store may write it anew."""
    if not graph.lexical_forms.is_rewritten(value):
        return value
    found = (triple.object for triple in graph.statements([this], path))
    literals = (term for term in found if isinstance(term, Literal))
    return next((term for term in literals if graph.lexical_forms.as_stored(term) == value), value)
