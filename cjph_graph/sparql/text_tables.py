"""Answers for people to read: a table for the terminal, and one in Markdown.

They show slugs for things that the graph describes, and prefixed names where they can.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from pyoxigraph import NamedNode

from cjph_graph.rdf import compact
from cjph_graph.sparql.answers import Rows, is_number, plain_text
from cjph_graph.system.tables import aligned, clean


def text_table(
    result: Rows | bool, width: int, prefixes: Mapping[str, str], described: Collection[str]
) -> str:
    """Return an answer as columns no wider than `width`.

    `prefixes` shorten IRIs; the IRIs in `described` are shown as slugs.
    """
    if isinstance(result, bool):
        return "yes\n" if result else "no\n"
    if not result.rows:
        return "No rows.\n"
    if not result.variables:
        return f"Rows without columns: {len(result.rows):,}.\n"
    names = _short_names(
        (t.value for row in result.rows for t in row if isinstance(t, NamedNode)),
        prefixes,
        described,
    )
    numeric = {
        index
        for index in range(len(result.variables))
        if all(row[index] is None or is_number(row[index]) for row in result.rows)
    }
    cells = [
        [
            names.get(term.value, "") if isinstance(term, NamedNode) else plain_text(term)
            for term in row
        ]
        for row in result.rows
    ]
    return aligned(result.variables, cells, width, right=numeric)


def _short_names(
    iris: Iterable[str], prefixes: Mapping[str, str], described: Collection[str]
) -> dict[str, str]:
    """Return what the table shows for each IRI; no two of them look the same."""
    left = set(iris)
    names: dict[str, str] = {}
    for parts in (1, 2):
        tried = {
            iri: _tail(iri, parts) if iri in described else compact(iri, prefixes) or iri
            for iri in left
        }
        counts = Counter(tried.values())
        names |= {iri: name for iri, name in tried.items() if counts[name] == 1}
        left -= names.keys()
    return names | {iri: iri for iri in left}


def _tail(iri: str, parts: int) -> str:
    """Return the last parts of an IRI, without the mark before them."""
    match = re.search(rf"(?:[^/#]+[/#]){{0,{parts - 1}}}[^/#]+[/#]?$", iri)
    return match.group().rstrip("/#") if match else iri


def as_markdown(result: Rows | bool) -> str:
    """Return an answer as a table in Markdown."""
    if isinstance(result, bool):
        return "yes\n" if result else "no\n"
    lines = [result.variables, ["---"] * len(result.variables)]
    lines += [[_markdown_cell(plain_text(term)) for term in row] for row in result.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    lines = (clean(line) for line in re.split(r"\r\n|\r|\n", text))
    escaped = (re.sub(r"[\\|`*_\[\]]", r"\\\g<0>", line) for line in lines)
    return "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in escaped)
