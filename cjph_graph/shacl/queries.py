"""The SPARQL that shapes are compiled to, for people to read and to run elsewhere."""

import re
from collections.abc import Mapping

from pyoxigraph import NamedNode

from cjph_graph.rdf import Node, compact
from cjph_graph.shacl.candidates import CandidateSearch
from cjph_graph.shacl.compiler import CandidateQuery
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.shapes import Shapes

_INDENT = "  "


def compiled_queries(shapes: Shapes, graph: DataGraph, prefixes: Mapping[str, str]) -> str:
    """Return the queries that find what may break shapes, each below a comment naming the shape.

    At the end are the shapes that SPARQL cannot decide, so that all their targets are candidates.
    """
    search = CandidateSearch(shapes, graph)
    uncompiled: list[str] = []
    parts: list[str] = []
    for query in search.queries():
        if (text := query.text()) is None:
            uncompiled.append(_named(query.holder, prefixes))
        else:
            parts.append(_query(query, text, prefixes))
    listed = ", ".join(uncompiled) or "none"
    return "\n".join((*parts, f"# Shapes all of whose targets are given to pySHACL: {listed}\n"))


def _query(query: CandidateQuery, text: str, prefixes: Mapping[str, str]) -> str:
    used: dict[str, str] = {}

    def short(match: re.Match[str]) -> str:
        if name := compact(match[1], prefixes):
            prefix = name.partition(":")[0]
            used[prefix] = prefixes[prefix]
        return name or match[0]

    roots = ", ".join(map(str, query.roots))
    comment = re.sub("<([^<>]*)>", short, f"# What may break {query.holder}, for {roots}\n")
    used.clear()
    body = re.sub(r"<([^<>\s]*)>", short, text)
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(used.items()))
    return f"{comment}{declared}{_laid_out(body).strip()}\n"


def _laid_out(text: str) -> str:
    return re.sub(r" (UNION|FILTER)(?=[ (])", rf"\n{_INDENT}\1", text)


def _named(node: Node, prefixes: Mapping[str, str]) -> str:
    return (isinstance(node, NamedNode) and compact(node.value, prefixes)) or str(node)
