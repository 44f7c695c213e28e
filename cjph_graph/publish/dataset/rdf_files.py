"""The graph as RDF, thing by thing, so that a large one is never held as text.

Things come in the order of their IRIs and each one's statements in the order of their lines, and
blank nodes have the names that RDFC-1.0 gives them. This makes the N-Triples file the canonical
form of the graph: its SHA-256 is the one that anybody gets who canonicalises the graph, whatever
format they read it from.

That holds because of how lines compare. A line is `subject predicate object .`, so all lines of a
subject stand together; `>` ends an IRI and cannot stand in one, so comparing subjects with their
closing sign is comparing lines:

    <http://e/a#x> …      # comes before >, so a part precedes what it belongs to
    <http://e/a> …
    _:c14n0 …             _ comes after <

RDFC-1.0 names blank nodes by the statements they stand in and by no others: only these are given to
it, which are few in a large graph.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    serialize,
)

from cjph_graph.publish.index import Index
from cjph_graph.rdf import TYPE, Node, blank_nodes_in, namespace_of

# How many statements are written at once.
_BATCH = 5_000
_END = b" .\n"


def canonical_ntriples(index: Index) -> Iterator[bytes]:
    """Yield the canonical form of a graph, piece by piece."""
    for batch in _batches(_canonical(index)):
        lines = (serialize(batch, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
        yield b"".join(sorted(lines))


def turtle(index: Index, prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Yield a graph as Turtle, with those prefixes that occur."""
    used = _used(index, prefixes)
    header = serialize([], format=RdfFormat.TURTLE, prefixes=used) or b""
    yield header
    for batch in _batches(_sorted(index)):
        text = serialize(batch, format=RdfFormat.TURTLE, prefixes=used) or b""
        yield text.removeprefix(header)


def quads(graphs: Iterable[tuple[str, Index]]) -> Iterator[bytes]:
    """Yield graphs as N-Quads, each under its name; one without a name is the default graph."""
    for name, index in graphs:
        end = f" {NamedNode(name)} .\n".encode() if name else _END
        # No literal has a line end of its own there, so this ends lines only.
        yield from (lines.replace(_END, end) for lines in canonical_ntriples(index))


def _canonical(index: Index) -> Iterator[list[Triple]]:
    """Yield the statements of each thing: sorted as lines, batches of them are the whole's."""
    held = _with_canonical_names(index)
    for subject in _in_order(index):
        if isinstance(subject, NamedNode):
            plain = _about(index, subject)
            if found := held.pop(subject, None):
                yield [*found, *(t for t in plain if not _has_blank(t))]
            else:
                yield [*plain]
    for node in sorted(held, key=_line):
        yield held[node]


def _with_canonical_names(index: Index) -> dict[object, list[Triple]]:
    """Return the statements with blank nodes, named by RDFC-1.0, by subject."""
    found = [
        Triple(subject, path, value)
        for subject in index
        for path, value in index.about(subject)
        if not (isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal))
    ]
    if not any(map(_has_blank, found)):
        return {}
    dataset = Dataset(Quad(*triple) for triple in found if _has_blank(triple))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    held: dict[object, list[Triple]] = {}
    for quad in dataset:
        held.setdefault(quad.subject, []).append(quad.triple)
    return held


def _sorted(index: Index) -> Iterator[list[Triple]]:
    """Yield the statements of each thing, what it is first."""
    for subject in _in_order(index):
        yield sorted(_about(index, subject), key=lambda t: (t.predicate != TYPE, _line(t)))


def _in_order(index: Index) -> list[Node]:
    return sorted(index, key=_line)


def _about(index: Index, subject: Node) -> Iterator[Triple]:
    return (Triple(subject, predicate, value) for predicate, value in index.about(subject))


def _has_blank(triple: Triple) -> bool:
    return any(blank_nodes_in(triple))


def _line(term: object) -> str:
    """Return what a term or a triple is compared by: its text in a line and a blank."""
    return f"{term} "


def _batches(groups: Iterable[list[Triple]]) -> Iterator[list[Triple]]:
    batch: list[Triple] = []
    for group in groups:
        batch += group
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _used(index: Index, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes whose namespace begins an IRI of the graph."""
    namespaces: set[str] = set()
    for subject in index:
        for term in (subject, *(term for pair in index.about(subject) for term in pair)):
            if isinstance(term, NamedNode):
                iri = term.value
                namespaces.add(namespace_of(iri))
    return {
        name: iri
        for name, iri in sorted(prefixes.items())
        if iri in namespaces or not iri.endswith(("/", "#"))
    }
