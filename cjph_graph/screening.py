"""Which things may break a rule that is written in SPARQL: asked of the store, all at once.

A SHACL engine runs such a rule once for every thing it is about; the store runs it once. So each
rule is asked with `$this` ranging over its targets, and only the things it names are then given
to the engine, which remains the authority. A rule whose answer could depend on `$this` being
fixed beforehand is not asked, and all its targets stay suspects.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeAlias, cast

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

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
_DEACTIVATED = Literal("true", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
# What leads from a rule in SPARQL to the prefixes it uses.
_TO_PREFIXES = (
    NamedNode(SH + "prefixes"),
    NamedNode(SH + "declare"),
    NamedNode("http://www.w3.org/2002/07/owl#imports"),
)
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
        classes = {t.subject for t in self.triples if t.predicate == _TYPE and t.object in _CLASSES}
        shapes = {
            cast("Node", t.subject): None
            for t in self.triples
            if t.predicate in _TARGETS or (t.subject in classes and _is_of_shape(t))
        }
        return list(shapes)

    def is_class(self, shape: Node) -> bool:
        """Say whether a shape is a class, so that the things of this class are its targets."""
        return any(kind in _CLASSES for kind in self._objects.get((shape, _TYPE), []))

    def is_deactivated(self, shape: Node) -> bool:
        """Say whether a shape checks nothing."""
        return _DEACTIVATED in self.objects(shape, "deactivated")

    def pattern(self, shape: Node) -> str | None:
        """Return a group of SPARQL that binds `?this` to each target that is found or named.

        None when there is none. Blank nodes cannot be named: those that are targets are not told.
        """
        below = f"/{SUBCLASS}*"
        classes = self._iris(shape, "targetClass")
        if self.is_class(shape) and isinstance(shape, NamedNode):
            classes.append(shape)
        named = [t for t in self.objects(shape, "targetNode") if not isinstance(t, BlankNode)]
        parts = [
            *(f"?this a{below} {iri}" for iri in classes),
            *(f"VALUES ?this {{ {node} }}" for node in named),
            *(f"?this {iri} ?any" for iri in self._iris(shape, "targetSubjectsOf")),
            *(f"?any {iri} ?this" for iri in self._iris(shape, "targetObjectsOf")),
        ]
        if not parts:
            return None
        return f"{{ SELECT DISTINCT ?this {{ {' UNION '.join(f'{{ {p} }}' for p in parts)} }} }}"

    def targets(self, shape: Node, data: Store) -> set[Term]:
        """Return the targets of a shape, whether they stand in the data or not."""
        pattern = self.pattern(shape)
        found = _select(data, f"SELECT ?this {pattern}") if pattern else set()
        return (found or set()) | set(self.objects(shape, "targetNode"))

    def prefixes(self, constraint: Node) -> str:
        """Return the prefix declarations that a rule in SPARQL names."""
        declared = sorted(
            f"PREFIX {prefix.value}: <{namespace.value}>\n"
            for node in self._leading_to_prefixes(constraint)
            for prefix in self.objects(node, "prefix")
            for namespace in self.objects(node, "namespace")
        )
        return "".join(declared)

    def rule(self, constraint: Node) -> set[Triple]:
        """Return a rule in SPARQL: what is said of it and of the prefixes that it names."""
        nodes = self._leading_to_prefixes(constraint)
        return {triple for triple in self.triples if triple.subject in nodes}

    def path(self, shape: Node) -> set[Triple]:
        """Return what describes the property path of a shape, if that is more than an IRI."""
        return self._reached(self.nodes(shape, "path"))

    def _iris(self, subject: Node, name: str) -> list[NamedNode]:
        return [node for node in self.objects(subject, name) if isinstance(node, NamedNode)]

    def _leading_to_prefixes(self, constraint: Node) -> set[Node]:
        found: set[Node] = set()
        waiting: list[Term] = [constraint]
        while waiting:
            node = waiting.pop()
            if node not in found and not isinstance(node, Literal):
                found.add(node)
                for predicate in _TO_PREFIXES:
                    waiting += self._objects.get((node, predicate), [])
        return found

    def _reached(self, start: Iterable[Node]) -> set[Triple]:
        """Return what is said of blank nodes and of those they lead to."""
        about: dict[object, list[Triple]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, BlankNode):
                about.setdefault(triple.subject, []).append(triple)
        found: set[Triple] = set()
        waiting: list[object] = list(start)
        while waiting:
            for triple in about.pop(waiting.pop(), []):
                found.add(triple)
                waiting.append(triple.object)
        return found


def _is_of_shape(triple: Triple) -> bool:
    """Say whether only a shape would have this said of it."""
    term = triple.object if triple.predicate == _TYPE else triple.predicate
    return isinstance(term, NamedNode) and term.value.startswith(SH)


def make_plan(shapes: Shapes, data: Store, only: Collection[Term] | None = None) -> Plan:
    """Return what a SHACL engine still has to check after the store was asked.

    With `only`, nothing but these things is checked, as far as they are targets.
    """
    plain = [s for s in shapes.targeting() if not shapes.nodes(s, "target")]
    focus = {shape: shapes.targets(shape, data) for shape in plain}
    # A store writes numbers anew: a literal may not be found again by its name. Shapes that are
    # about literals are left as they are.
    nameable = [
        shape
        for shape, nodes in focus.items()
        if not any(isinstance(node, Literal) for node in nodes)
    ]
    if only is not None:
        # A node that a shape names stands for the graph as a whole, wherever it is described.
        for shape in nameable:
            focus[shape] &= {*only, *shapes.objects(shape, "targetNode")}
    suspects: dict[_Rule, set[Term]] = {}
    screened: set[_Rule] = set()
    for rule in _rules(shapes, plain):
        question = _question(shapes, rule) if rule.target in nameable else None
        if question is None or (answer := _select(data, question)) is None:
            continue
        targets = focus[rule.target]
        screened.add(rule)
        # Engines differ in what functions make of blank nodes: these stay suspects.
        blank = {node for node in targets if isinstance(node, BlankNode)}
        if found := answer & targets | blank:
            suspects[rule] = found
    links = {(rule.holder, rule.constraint) for rule in screened}
    kept = [
        triple
        for triple in shapes.triples
        if not (triple.predicate == _SPARQL and (triple.subject, triple.object) in links)
    ]
    if only is not None:
        kept = _retargeted(kept, {shape: focus[shape] for shape in nameable})
    graphs = [tuple(kept)]
    if suspects:
        graphs.append(tuple(_suspicion(shapes, suspects)))
    active = (nodes for shape, nodes in focus.items() if not shapes.is_deactivated(shape))
    return Plan(tuple(graphs), len(set().union(*active)))


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
    targeted = set(targeting)
    roots = [shape for shape in targeting if shape not in elsewhere and shape not in held_by]
    return [
        _Rule(root, holder, constraint)
        for root in roots
        for holder in (root, *shapes.nodes(root, "property"))
        if holder == root or (holder not in elsewhere | targeted and held_by[holder] <= set(roots))
        for constraint in shapes.nodes(holder, "sparql")
    ]


def _question(shapes: Shapes, rule: _Rule) -> str | None:
    """Return a rule's own SELECT with `$this` ranging over the targets; None if that may differ."""
    selects = shapes.objects(rule.constraint, "select")
    if len(selects) != 1:
        return None
    text = selects[0].value
    tokens = tokenize(text)
    if not _is_safe(text):
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
    if pattern is None:
        return None
    text = f"{shapes.prefixes(rule.constraint)}{text[: start.end]} {pattern} {text[start.end :]}"
    return text if _is_safe(text) else None


def _is_safe(text: str) -> bool:
    try:
        refuse_unsafe(text, tokenize(text))
    except CjphError:
        return False
    return True


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


def _select(data: Store, query: str) -> set[Term] | None:
    """Return what a query finds for `?this`; None when it is no query, or not for that."""
    try:
        solutions = cast("QuerySolutions", data.query(query))
    except (SyntaxError, ValueError):
        return None
    if Variable("this") not in solutions.variables:
        return None
    return {solution["this"] for solution in solutions}


def _retargeted(triples: Iterable[Triple], focus: dict[Node, set[Term]]) -> list[Triple]:
    """Return shapes whose targets are just these things."""
    kept = [
        triple
        for triple in triples
        if not (triple.predicate in _TARGETS and triple.subject in focus)
        and not (
            triple.predicate == _TYPE and triple.object in _CLASSES and triple.subject in focus
        )
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
        graph |= frame | shapes.rule(rule.constraint) | shapes.path(rule.holder)
        graph.add(Triple(rule.holder, _SPARQL, rule.constraint))
        if rule.holder != rule.target:
            graph.add(Triple(rule.target, NamedNode(SH + "property"), rule.holder))
    return set(_retargeted(graph, focus))
