"""Whether two Turtle texts, one of them the other laid out, say the same.

What has no blank nodes is compared as lines of N-Triples. A blank node with a label keeps it when a
text is laid out. One in brackets has none, and each time it is parsed it gets another name:

    e:a e:b [ e:c 1 ; e:d [ e:f 2 ] ] .

But brackets only stand inside each other, so what they say are trees. From the innermost outwards
each gets a hash of its properties and values, with the hashes of those inside it; two texts say the
same if they have the same hashes as often. Where that does not tell, as with brackets inside a
statement that is spoken of, names that follow from the triples are compared.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from hashlib import blake2b

from pyoxigraph import BlankNode, Quad, RdfFormat, Triple, parse, serialize

from cjph_graph.rdf.blank_nodes import blank_nodes_in, lastingly_named
from cjph_graph.rdf.lexer import BOM

# What a relative IRI is compared as: laying it out does not change what it is relative to.
_BASE = "http://relative.invalid/"


def lines_of(data: bytes) -> bytes:
    """Return the triples of a text, a line each: a third quicker to compare than objects."""
    return serialize(_quads(data), format=RdfFormat.N_TRIPLES) or b""


def are_the_same(before: bytes, after: bytes) -> bool:
    """Compare lines whose order does not count, though it is often the same."""
    return before == after or {*before.splitlines()} == {*after.splitlines()}


def say_the_same(before: bytes, after: bytes) -> bool:
    """Compare two texts whose lines differ: the parser names each blank node in brackets anew."""
    old, new = {*_quads(before)}, {*_quads(after)}
    some, others = _with_blank_nodes(old), _with_blank_nodes(new)
    if old - some != new - others or len(some) != len(others):
        return False
    labelled = _nodes(some) & _nodes(others)
    trees = _trees(some, labelled)
    if trees is not None and trees == _trees(others, labelled):
        return True
    return _named(some) == _named(others)


def _quads(data: bytes) -> Iterator[Quad]:
    return parse(data.removeprefix(BOM), format=RdfFormat.TURTLE, base_iri=_BASE)


def _with_blank_nodes(quads: set[Quad]) -> set[Quad]:
    return {quad for quad in quads if any(blank_nodes_in(quad.triple))}


def _nodes(quads: set[Quad]) -> set[BlankNode]:
    return {node for quad in quads for node in blank_nodes_in(quad.triple)}


def _trees(quads: set[Quad], labelled: Collection[BlankNode]) -> Counter[str] | None:
    """Return the statements, with hashes for nodes without a label; None if they are not trees."""
    said: dict[BlankNode, list[tuple[str, object]]] = {}
    above: list[tuple[str, object]] = []
    inside: set[BlankNode] = set()
    for subject, predicate, value, _ in quads:
        if isinstance(value, BlankNode) and value not in labelled:
            if value in inside:
                return None
            inside.add(value)
        elif isinstance(value, Triple) and any(n not in labelled for n in blank_nodes_in(value)):
            return None
        if isinstance(subject, BlankNode) and subject not in labelled:
            said.setdefault(subject, []).append((str(predicate), value))
        else:
            above.append((f"{subject} {predicate}", value))
    roots = [node for node in said if node not in inside]
    order = [*roots, *(value for _, value in above if value in inside)]
    for node in order:  # which grows meanwhile
        order += [value for _, value in said.get(node, ()) if value in inside]  # type: ignore[call-overload]
    if len(order) != len(inside | said.keys()):
        return None
    hashes: dict[object, str] = {}
    for node in reversed(order):
        texts = sorted(_text(name, value, hashes) for name, value in said.get(node, ()))  # type: ignore[call-overload]
        hashes[node] = f"[{blake2b(chr(10).join(texts).encode()).hexdigest()}]"
    return Counter(
        [*(hashes[node] for node in roots), *(_text(name, v, hashes) for name, v in above)]
    )


def _text(name: str, value: object, hashes: dict[object, str]) -> str:
    return f"{name} {hashes.get(value) or value}"


def _named(quads: set[Quad]) -> set[Triple]:
    return {*lastingly_named(quad.triple for quad in quads)}
