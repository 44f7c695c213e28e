"""Which things may break a rule that is written in SPARQL: asked of the store, all at once.

A SHACL engine runs such a rule once for every thing it is about; the store runs it once. So each
rule is asked with `$this` ranging over its targets, and only the things it names are then given
to the engine, which remains the authority. A rule whose answer could depend on `$this` being
fixed beforehand is not asked, and all its targets stay suspects.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from cjph_graph.errors import CjphError
from cjph_graph.sparql import Token, refuse_unsafe, tokenize

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal

SH = "http://www.w3.org/ns/shacl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SUBCLASS = NamedNode(_RDFS + "subClassOf")
_TYPE = NamedNode(_RDF + "type")
_CLASSES = (NamedNode(_RDFS + "Class"), NamedNode("http://www.w3.org/2002/07/owl#Class"))
_SPARQL = NamedNode(SH + "sparql")
_TARGETS = tuple(
    NamedNode(SH + name)
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
)
_MESSAGE = NamedNode(SH + "message")
# What a rule in SPARQL takes from the shape that holds it.
_FRAME = tuple(
    NamedNode(iri)
    for iri in (_TYPE.value, SH + "severity", SH + "message", SH + "deactivated", SH + "path")
)
_DEPENDENT = frozenset({"GROUP", "HAVING", "LIMIT", "OFFSET", "MINUS", "UNION", "OPTIONAL"})


@dataclass(frozen=True)
class Plan:
    """Shapes graphs to give to a SHACL engine; their reports together are the report.

    Each is a list of triples. Between them they ask every question that could have an answer.
    """

    shapes: tuple[tuple[Triple, ...], ...]
    targets: int


@dataclass(frozen=True)
class _Rule:
    """A constraint in SPARQL: the shape with the targets, the shape that holds it, and itself."""

    target: Node
    holder: Node
    constraint: Node


class Shapes:
    """A shapes graph in a store, and the questions that validation asks of it."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = tuple(triples)
        self._objects: dict[tuple[object, NamedNode], list[Term]] = {}
        for triple in self.triples:
            key = (triple.subject, triple.predicate)
            self._objects.setdefault(key, []).append(cast("Term", triple.object))

    def objects(self, subject: Node, name: str) -> list[Term]:
        """Return the values of a property of SHACL."""
        return self._objects.get((subject, NamedNode(SH + name)), [])

    def nodes(self, subject: Node, name: str) -> list[Node]:
        """Return the values of a property of SHACL that are no literals."""
        return [n for n in self.objects(subject, name) if isinstance(n, NamedNode | BlankNode)]

    def targeting(self) -> list[Node]:
        """Return the shapes that have targets, those that are classes themselves among them."""
        shapes = {
            cast("Node", t.subject): None
            for t in self.triples
            if t.predicate in _TARGETS or (t.predicate == _TYPE and t.object in _CLASSES)
        }
        return list(shapes)

    def pattern(self, shape: Node) -> str:
        """Return a group of SPARQL that binds `?this` to each target of a shape."""
        below = f"/{SUBCLASS}*"
        classes = [f"?this a{below} {iri}" for iri in self.objects(shape, "targetClass")]
        if any(kind in _CLASSES for kind in self._objects.get((shape, _TYPE), [])):
            classes.append(f"?this a{below} {shape}")
        parts = [
            *classes,
            *(f"VALUES ?this {{ {node} }}" for node in self.objects(shape, "targetNode")),
            *(f"?this {iri} ?any" for iri in self.objects(shape, "targetSubjectsOf")),
            *(f"?any {iri} ?this" for iri in self.objects(shape, "targetObjectsOf")),
        ]
        return f"{{ SELECT DISTINCT ?this {{ {' UNION '.join(f'{{ {p} }}' for p in parts)} }} }}"

    def prefixes(self, constraint: Node) -> str:
        """Return the prefix declarations that a rule in SPARQL names."""
        return "".join(
            f"PREFIX {prefix.value}: <{namespace.value}>\n"
            for ontology in self.nodes(constraint, "prefixes")
            for declared in self.nodes(ontology, "declare")
            for prefix in self.objects(declared, "prefix")
            for namespace in self.objects(declared, "namespace")
        )

    def closure(self, start: Iterable[Node]) -> set[Triple]:
        """Return what is said of nodes and of the nodes they lead to."""
        about: dict[object, list[Triple]] = {}
        for triple in self.triples:
            about.setdefault(triple.subject, []).append(triple)
        found: set[Triple] = set()
        waiting, seen = list(start), set()
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                found.update(about.get(node, []))
                waiting += [cast("Node", triple.object) for triple in about.get(node, [])]
        return found


def make_plan(shapes: Shapes, data: Store, only: Collection[Term] | None = None) -> Plan:
    """Return what a SHACL engine still has to check after the store was asked.

    With `only`, nothing but these things is checked, as far as they are targets.
    """
    plain = [s for s in shapes.targeting() if not shapes.nodes(s, "target")]
    focus = {shape: _select(data, f"SELECT ?this {shapes.pattern(shape)}") for shape in plain}
    if only is not None:
        # A node that a shape names stands for the graph as a whole, wherever it is described.
        focus = {
            shape: nodes & {*only, *shapes.objects(shape, "targetNode")}
            for shape, nodes in focus.items()
        }
    suspects: dict[_Rule, set[Term]] = {}
    screened: set[_Rule] = set()
    for rule in _rules(shapes, plain):
        if (query := _question(shapes, rule)) is not None:
            screened.add(rule)
            # Engines differ in what functions make of blank nodes: these stay suspects.
            blank = {node for node in focus[rule.target] if isinstance(node, BlankNode)}
            if found := _select(data, query) & focus[rule.target] | blank:
                suspects[rule] = found
    links = {(rule.holder, rule.constraint) for rule in screened}
    kept = [
        triple
        for triple in shapes.triples
        if not (triple.predicate == _SPARQL and (triple.subject, triple.object) in links)
    ]
    if only is not None:
        kept = _retargeted(kept, focus)
    graphs = [tuple(kept)]
    if suspects:
        graphs.append(tuple(_suspicion(shapes, suspects)))
    return Plan(tuple(graphs), len(set().union(*focus.values())))


def _rules(shapes: Shapes, targeting: Iterable[Node]) -> list[_Rule]:
    """Return the rules in SPARQL of shapes, and of the property shapes right below them.

    A shape that is reached in another way as well is left to the SHACL engine.
    """
    held_by: dict[Node, set[Node]] = {}
    elsewhere: set[object] = set()
    for triple in shapes.triples:
        if triple.predicate.value == SH + "property":
            held_by.setdefault(cast("Node", triple.object), set()).add(cast("Node", triple.subject))
        elif triple.predicate.value != SH + "sparql":
            elsewhere.add(triple.object)
    roots = [shape for shape in targeting if shape not in elsewhere and shape not in held_by]
    return [
        _Rule(root, holder, constraint)
        for root in roots
        for holder in (root, *shapes.nodes(root, "property"))
        if holder == root or (holder not in elsewhere and held_by[holder] <= set(roots))
        for constraint in shapes.nodes(holder, "sparql")
    ]


def _question(shapes: Shapes, rule: _Rule) -> str | None:
    """Return a rule's own SELECT with `$this` ranging over the targets; None if that may differ."""
    selects = shapes.objects(rule.constraint, "select")
    if len(selects) != 1:
        return None
    text = selects[0].value
    tokens = tokenize(text)
    try:
        refuse_unsafe(text, tokens)
    except CjphError:
        return None
    start = next((token for token in tokens if token.text == "{"), None)
    if start is None or not _is_independent(tokens):
        return None
    if any(token.text in ("$PATH", "?PATH") for token in tokens):
        paths = shapes.objects(rule.holder, "path")
        if len(paths) != 1 or not isinstance(paths[0], NamedNode):
            return None
        # Backwards, so that what comes before keeps its place.
        for token in reversed([t for t in tokens if t.text in ("$PATH", "?PATH")]):
            text = f"{text[: token.start]}{paths[0]}{text[token.end :]}"
    pattern = shapes.pattern(rule.target)
    return f"{shapes.prefixes(rule.constraint)}{text[: start.end]} {pattern} {text[start.end :]}"


def _is_independent(tokens: tuple[Token, ...]) -> bool:
    """Say whether it makes no difference that `$this` is bound inside the query, not before it.

    That is so when every group but the outermost stands behind EXISTS.
    """
    depth = 0
    for before, token in zip((tokens[0], *tokens), tokens, strict=False):
        if token.keyword in _DEPENDENT or token.text in ("$shapesGraph", "$currentShape"):
            return False
        if token.text == "{":
            if depth and before.keyword != "EXISTS":
                return False
            depth += 1
        depth -= token.text == "}"
    return True


def _select(data: Store, query: str) -> set[Term]:
    solutions = cast("QuerySolutions", data.query(query))
    return {solution["this"] for solution in solutions}


def _retargeted(triples: Iterable[Triple], focus: dict[Node, set[Term]]) -> list[Triple]:
    """Return shapes whose targets are just these things."""
    kept = [
        triple
        for triple in triples
        if not (triple.predicate in _TARGETS and triple.subject in focus)
        and not (triple.predicate == _TYPE and triple.object in _CLASSES)
    ]
    node = NamedNode(SH + "targetNode")
    return kept + [Triple(shape, node, thing) for shape, found in focus.items() for thing in found]


def _suspicion(shapes: Shapes, suspects: dict[_Rule, set[Term]]) -> set[Triple]:
    """Return a shapes graph that holds some rules in SPARQL and nothing else."""
    graph: set[Triple] = set()
    focus: dict[Node, set[Term]] = {}
    for rule, found in suspects.items():
        focus.setdefault(rule.target, set()).update(found)
        # The message of a rule goes before that of the shape that holds it.
        spoken = shapes.objects(rule.constraint, "message")
        frame = {
            triple
            for triple in shapes.triples
            if triple.subject in (rule.target, rule.holder)
            and triple.predicate in _FRAME
            and not (spoken and triple.predicate == _MESSAGE)
        }
        paths = [n for n in shapes.nodes(rule.holder, "path") if isinstance(n, BlankNode)]
        graph |= frame | shapes.closure([rule.constraint, *paths])
        graph.add(Triple(rule.holder, _SPARQL, rule.constraint))
        if rule.holder != rule.target:
            graph.add(Triple(rule.target, NamedNode(SH + "property"), rule.holder))
    return set(_retargeted(graph, focus))
