"""The SPARQL that shapes are compiled to, for people to read and to run elsewhere."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import NamedNode

from cjph_graph.rdf import Node, compact
from cjph_graph.shacl.candidates import CandidateSearch
from cjph_graph.shacl.compiler import CandidateQuery
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.sparql_constraints import ConstraintQuery, SparqlConstraint

_INDENT = "  "


def compiled_queries(shapes: Shapes, graph: DataGraph, prefixes: Mapping[str, str]) -> str:
    """Return the queries that find what may break shapes, each with a comment that says whose.

    At the end stand the shapes all of whose targets are candidates, as SPARQL cannot decide.
    """
    search = CandidateSearch(shapes, graph)
    uncompiled: list[str] = []
    parts: list[str] = []
    for query in search.queries():
        if (text := query.text()) is None:
            uncompiled.append(_named(query.holder, prefixes))
        else:
            parts.append(_query(_about(query), text, prefixes))
    for constraint, asked in search.constraint_queries():
        if asked is None:
            uncompiled.append(_named(constraint.node, prefixes))
        else:
            parts.append(_query(_about_constraint(constraint, asked), asked.text(), prefixes))
    listed = ", ".join(uncompiled) or "none"
    return "\n".join((*parts, f"# Shapes all of whose targets are given to pySHACL: {listed}\n"))


def _about(query: CandidateQuery) -> tuple[str, Sequence[Node]]:
    return f"What may break {query.holder}", query.roots


def _about_constraint(
    constraint: SparqlConstraint, asked: ConstraintQuery
) -> tuple[str, Sequence[Node]]:
    found = "breaks" if asked.is_complete else "may break"
    return f"What {found} the rule {constraint.node} of {constraint.holder}", constraint.roots


def _query(about: tuple[str, Sequence[Node]], text: str, prefixes: Mapping[str, str]) -> str:
    head, roots = about
    used: dict[str, str] = {}

    def short(match: re.Match[str]) -> str:
        if name := compact(match[1], prefixes):
            prefix = name.partition(":")[0]
            used[prefix] = prefixes[prefix]
        return name or match[0]

    own = dict(re.findall(r"^PREFIX ([\w-]*): <([^<>]*)>\n", text, re.MULTILINE))
    body = re.sub(r"^PREFIX [\w-]*: <[^<>]*>\n", "", text, flags=re.MULTILINE)
    if own:
        used |= {name: iri for name, iri in own.items() if re.search(rf"\b{name}:", body)}
    else:
        body = re.sub(r"<([^<>\s]*)>", short, body)
        body = _laid_out(body)
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(used.items()))
    comment = f"# {head}, for {_listed(roots)}\n"
    return f"{re.sub('<([^<>]*)>', short, comment)}{declared}{body.strip()}\n"


def _laid_out(text: str) -> str:
    return re.sub(r" (UNION|FILTER)(?=[ (])", rf"\n{_INDENT}\1", text)


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(map(str, nodes))


def _named(node: Node, prefixes: Mapping[str, str]) -> str:
    return (isinstance(node, NamedNode) and compact(node.value, prefixes)) or str(node)
