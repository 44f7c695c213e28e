"""Which focus nodes may break a shape: asked of the data graph, all at once.

A SHACL engine looks at every focus node by itself. Here the graph is asked for those that may break
something, and for what rules in SPARQL find; the engine judges only these, and remains the
authority. `compiler` and `rules` say why nothing can be missed.
"""

import itertools
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from cjph_graph.compiler import Compiler, Footprint, Question
from cjph_graph.datagraph import DataGraph, StoredGraph
from cjph_graph.progress import tell
from cjph_graph.rules import Rule, RuleQuestion, question, rules
from cjph_graph.shapes import SUBCLASS, Node, Shapes, Term, descendants
from cjph_graph.targets import THIS

# Naming more nodes than this in each query takes longer than leaving out those that don't count.
_MOST_NAMED = 2_000
_COLLAPSED = frozenset(
    NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("normalizedString", "token")
)
# Of a literal that a store rewrites, what its datatype is called where its text is to be kept.
_AS_WRITTEN = "urn:cjph:as-written:"


class Found(NamedTuple):
    """What a rule found for one focus node: the values of its variables by name, without `this`."""

    rule: Rule
    root: Node
    this: Term
    row: tuple[tuple[str, Term], ...]


@dataclass
class Suspicions:
    """What is still to be judged, and what is known already.

    `shapes` are the focus nodes that may break what a holder says, by shape with the target and
    holder. `rules` are those that may break a rule, by rule and shape with the target. `found` are
    results of rules. `whole` are shapes with targets that literals rewritten by the store hide from
    SPARQL: all their targets are to be judged. `targets` is how many focus nodes there are.
    """

    shapes: dict[tuple[Node, Node], set[Term]] = field(default_factory=dict)
    rules: dict[tuple[Rule, Node], set[Term]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    whole: set[Node] = field(default_factory=set)
    targets: int = 0


class Screening:
    """Shapes as questions to one data graph."""

    def __init__(self, shapes: Shapes, graph: DataGraph) -> None:
        self._shapes = shapes
        self._graph = graph
        classes = shapes.classes()
        pairs = graph.ask(f"SELECT ?child ?parent {{ ?child {SUBCLASS} ?parent }}")
        below = descendants(classes, [(c, p) for c, p in pairs if c is not None and p is not None])
        self._compiler = Compiler(shapes, below)
        self._rules = rules(shapes, self._compiler)

    def questions(self) -> Iterator[Question]:
        """Yield the questions about core constraints."""
        return self._compiler.questions()

    def rules(self) -> Iterator[tuple[Rule, RuleQuestion | None]]:
        """Yield the rules in SPARQL as questions; None for one that cannot be put as such."""
        for rule in self._rules:
            yield rule, question(self._shapes, self._compiler, rule)

    def run(self, only: Collection[Term] | None = None) -> Suspicions:
        """Ask everything; with `only`, of nothing but these nodes and what shapes name.

        What is asked is made while other questions are being answered.
        """
        asking = _Asking(self._shapes, self._graph, self._compiler, only)
        _in_threads(
            self._graph.at_once,
            self._pieces(asking),
            lambda done: tell("Asking for suspects", done, asking.pieces),
        )
        return asking.suspicions

    def _pieces(self, asking: "_Asking") -> Iterator[Callable[[], object]]:
        asking.pieces = len(self._rules) + len(self._compiler.held())
        for rule, put in self.rules():
            yield partial(asking.ask_rule, rule, put)
        yield asking.look_for_targets
        for asked in self.questions():
            asking.expect(asked)
            yield partial(asking.ask, asked)
        yield from (partial(asking.look_for_lack, root) for root in asking.roots)

    def count(self, only: Collection[Term] | None = None) -> int:
        """Return how many focus nodes there are; with `only`, among these and what shapes name."""
        return _Asking(self._shapes, self._graph, self._compiler, only).count()

    def focus(self, only: Collection[Term]) -> dict[Node, set[Term]]:
        """Return the focus nodes of each shape among some nodes and those that it names."""
        return _Asking(self._shapes, self._graph, self._compiler, only).focus()


class _Asking:
    """One run through the questions."""

    def __init__(
        self,
        shapes: Shapes,
        graph: DataGraph,
        compiler: Compiler,
        only: Collection[Term] | None,
    ) -> None:
        self.suspicions = Suspicions()
        # How many pieces of work there are, more or less.
        self.pieces = 0
        # Which questions are about something that is lacking, by shape with targets.
        self._lacks: dict[Node, list[Question]] = {}
        self._shapes = shapes
        self._graph = graph
        self._targets = compiler.targets
        self._only = None if only is None else set(only)
        self._nameable = self._only is not None and _are_nameable(self._only)
        self._writing = threading.Lock()
        self._stores: dict[frozenset[Term] | None, Store] = {}
        rewritten = {triple.predicate for triple in graph.spellings.rewritten()}
        self.suspicions.whole = {
            root
            for root in shapes.targeting()
            if not shapes.is_deactivated(root)
            and (
                rewritten & set(shapes.iris(root, "targetObjectsOf"))
                or any(
                    isinstance(t, Literal) and graph.spellings.kept(t) != t
                    for t in shapes.objects(root, "targetNode")
                )
            )
        }

    @property
    def roots(self) -> list[Node]:
        """The shapes whose targets may lack something."""
        return list(self._lacks)

    def expect(self, asked: Question) -> None:
        """Take note of what targets may lack."""
        for root in asked.roots if asked.lack else ():
            self._lacks.setdefault(root, []).append(asked)

    def look_for_targets(self) -> None:
        """Note how many focus nodes there are."""
        self.suspicions.targets = self.count()

    def count(self) -> int:
        """Return how many focus nodes there are."""
        roots = tuple(s for s in self._shapes.targeting() if not self._shapes.is_deactivated(s))
        if not roots:
            return 0
        if self._only is not None:
            return len(self._all_targets(roots))
        group = f"{{ {self._targets.found(roots)} }}"
        if besides := ", ".join(sorted(map(str, self._graph.besides))):
            group += f" FILTER(!isBlank({THIS}) && {THIS} NOT IN ({besides}))"
        distinct = f"SELECT DISTINCT {THIS} {{ {group} }}"
        text = f"SELECT (COUNT(*) AS ?n) {{ {{ {distinct} }} }}"
        ((count,),) = self._graph.ask(text)
        named = {node for root in roots for node in self._targets.unnamed(root)}
        return int(count.value if count else 0) + len(named)

    def focus(self) -> dict[Node, set[Term]]:
        """Return the focus nodes of each shape with targets."""
        return {
            root: self._all_targets((root,))
            for root in self._shapes.targeting()
            if not self._shapes.is_deactivated(root)
        }

    # Core constraints --------------------------------------------------------------------------

    def ask(self, asked: Question) -> None:
        """Ask about core constraints and note who may break them, but for what is lacking."""
        roots = tuple(root for root in asked.roots if root not in self.suspicions.whole)
        text = asked.text(self._restriction(roots), lack=False)
        found = self._nodes(text) if text else (None if text is None else set())
        found = self._all_targets(roots) if found is None else self._kept(found, roots)
        found |= self._misread(asked.footprint, roots)
        found |= {node for root in roots for node in self._targets.unnamed(root)}
        for root, nodes in self._by_root(found, roots).items():
            self._suspect(root, asked.holder, nodes)

    def look_for_lack(self, root: Node) -> None:
        """Note which targets of a shape lack something: first those that lack anything at all."""
        if root in self.suspicions.whole:
            return
        questions = self._lacks[root]
        found = self._lacking(root, questions)
        if found == set():
            return
        only = _bound(found) if found and _are_nameable(found) else self._restriction((root,))
        for asked in questions:
            nodes = self._lacking(root, [asked], only)
            self._suspect(
                root, asked.holder, self._all_targets((root,)) if nodes is None else nodes
            )

    def _lacking(
        self, root: Node, questions: Iterable[Question], only: str = ""
    ) -> set[Term] | None:
        """Return the targets of a shape that lack something; None when that cannot be asked."""
        tests = " || ".join(f"({asked.lack})" for asked in questions)
        group = f"{{ {self._targets.found((root,))} }} FILTER({tests})"
        restriction = only or self._restriction((root,))
        found = self._nodes(f"SELECT DISTINCT {THIS} {{ {restriction}{group} }}")
        return None if found is None else self._kept(found, (root,))

    def _suspect(self, root: Node, holder: Node, nodes: set[Term]) -> None:
        self.suspicions.shapes.setdefault((root, holder), set()).update(nodes)

    def _misread(self, footprint: Footprint, roots: tuple[Node, ...]) -> set[Term]:
        """Return the focus nodes whose answer depends on how a literal is written."""
        touched: set[Term] = {*self._graph.spellings.touching(footprint)}
        if touched and not footprint.nearby:
            return self._all_targets(roots)
        return touched

    # Rules in SPARQL ---------------------------------------------------------------------------

    def ask_rule(self, rule: Rule, asked: RuleQuestion | None) -> None:
        """Ask a rule, and note what it finds; without a question all targets are suspects."""
        roots = tuple(root for root in rule.roots if root not in self.suspicions.whole)
        if asked is None:
            for root in roots:
                self._suspect_rule(rule, root, self._all_targets((root,)))
            return
        graph, needed = self._graph, asked.footprint.predicates
        if asked.compares and needed is not None:
            graph = graph.at_hand({*needed, *self._targets.predicates(rule.roots)})
        only = self._restriction(rule.roots)
        names, rows = _rows(graph, asked.text(only))
        if "this" not in names:
            for root in roots:
                self._suspect_rule(rule, root, self._all_targets((root,)))
            return
        at = names.index("this")
        told: dict[Term, list[tuple[tuple[str, Term], ...]]] = {}
        for row in dict.fromkeys(rows):
            if (this := row[at]) is not None:
                values = [(n, term) for n, term in zip(names, row, strict=True) if n != "this"]
                told.setdefault(this, []).append(tuple((n, t) for n, t in values if t is not None))
        doubted = self._doubted(asked, roots, set(told))
        for root, nodes in self._by_root(self._kept({*told} | doubted, roots), roots).items():
            unsure = {
                node
                for node in nodes
                if node in doubted
                or not asked.told
                or any(map(self._is_unclear, (node, *_terms(told[node]))))
            }
            self._suspect_rule(rule, root, unsure)
            self.suspicions.found += [
                Found(rule, root, node, row) for node in nodes - unsure for row in told[node]
            ]
        for root in roots:
            self._suspect_rule(rule, root, {*self._targets.unnamed(root)})

    def _is_unclear(self, term: Term) -> bool:
        """Say whether what a rule found may stand for something else in the files."""
        if isinstance(term, Literal) and (term.direction or term.datatype in _COLLAPSED):
            return True  # rdflib knows no direction, and has its own opinion of the white space
        return isinstance(term, BlankNode) or self._graph.spellings.is_rewritten(term)

    def _doubted(self, asked: RuleQuestion, roots: tuple[Node, ...], found: set[Term]) -> set[Term]:
        """Return the focus nodes for which a store may answer otherwise than pySHACL would.

        That is where a value is written in another way than the store writes it, where there are
        blank nodes, of which engines differ in what functions make, and what is a literal: to
        rdflib a subject that is 0 or empty is none.
        """
        doubted = self._literals(roots)
        if self._graph.has_blank_nodes:
            doubted |= self._blank(roots, nearby=asked.footprint.nearby and not asked.by_text)
        touched: set[Term] = {*self._graph.spellings.touching(asked.footprint)}
        if not touched or not asked.by_text:
            return doubted
        nearby = asked.footprint.nearby
        if asked.mixed:
            return doubted | (touched if nearby else self._all_targets(roots))
        with self._writing:
            store = self._as_written(frozenset(touched) if nearby else None)
        names, rows = StoredGraph(store, ()).columns(asked.text())
        again = {row[names.index("this")] for row in rows}
        doubted |= {node for node in again if node is not None}
        return doubted | (found & touched if nearby else found)

    def _literals(self, roots: tuple[Node, ...]) -> set[Term]:
        """Return the targets that are literals."""
        if not any(
            self._shapes.objects(root, "targetObjectsOf")
            or any(isinstance(node, Literal) for node in self._shapes.objects(root, "targetNode"))
            for root in roots
        ):
            return set()
        return self._sure(f"{{ {self._targets.found(roots)} }} FILTER(isLiteral({THIS}))")

    def _blank(self, roots: tuple[Node, ...], *, nearby: bool) -> set[Term]:
        """Return the targets that are blank nodes or, if not `nearby`, that lead to some."""
        if not nearby:
            linked = (
                f"{{ {self._targets.found(roots)} }} {THIS} ?link ?blank FILTER(isBlank(?blank))"
            )
            found = self._sure(linked)
        else:
            found = set()
        blank = f"{{ {self._targets.found(roots)} }} FILTER(isBlank({THIS}))"
        return found | self._sure(blank)

    def _as_written(self, subjects: frozenset[Term] | None) -> Store:
        """Return a store in which no literal is written anew: about some subjects, or of all.

        A literal that would be has a datatype of its own there, which makes it a mere text.
        """
        if (store := self._stores.get(subjects)) is not None:
            return store
        graph = self._graph
        kept = graph.spellings.kept
        triples = (
            graph.everything()
            if subjects is None
            else itertools.chain(
                graph.statements(subjects, None), graph.statements(subjects, None, inverse=True)
            )
        )

        def literal(term: object) -> object:
            if isinstance(term, Literal) and kept(term) != term:
                return Literal(term.value, datatype=NamedNode(_AS_WRITTEN + term.datatype.value))
            return term

        store = self._stores[subjects] = Store()
        store.bulk_extend(Quad(t.subject, t.predicate, literal(t.object)) for t in triples)  # type: ignore[arg-type]
        return store

    def _suspect_rule(self, rule: Rule, root: Node, nodes: set[Term]) -> None:
        if nodes:
            self.suspicions.rules.setdefault((rule, root), set()).update(nodes)

    # Asking ------------------------------------------------------------------------------------

    def _restriction(self, roots: Iterable[Node]) -> str:
        """Return a group that binds `?this` to the only nodes that count, if they can be named."""
        if not self._nameable:
            return ""
        return _bound({*(self._only or ()), *self._named_targets(roots)})

    def _named_targets(self, roots: Iterable[Node]) -> set[Term]:
        """Return the nodes that shapes name: they stand for the graph, wherever it says so."""
        found = {node for root in roots for node in self._shapes.objects(root, "targetNode")}
        return {node for node in found if not isinstance(node, BlankNode)}

    def _kept(self, found: set[Term], roots: tuple[Node, ...]) -> set[Term]:
        if self._only is None:
            return found
        return found & (self._only | self._named_targets(roots))

    def _all_targets(self, roots: tuple[Node, ...]) -> set[Term]:
        group = f"{self._restriction(roots)} {{ {self._targets.found(roots)} }}"
        found = self._kept(self._sure(group), roots)
        return found | {node for root in roots for node in self._targets.unnamed(root)}

    def _by_root(self, nodes: set[Term], roots: tuple[Node, ...]) -> dict[Node, set[Term]]:
        """Return for each shape those nodes that are its targets, where there are some."""
        if not nodes:
            return {}
        names = " ".join(sorted(str(node) for node in nodes if not isinstance(node, BlankNode)))
        blank = any(isinstance(node, BlankNode) for node in nodes)
        found: dict[Node, set[Term]] = {}
        for root in roots:
            if blank or len(nodes) > _MOST_NAMED:
                targets = self._all_targets((root,))
            else:
                values = f"VALUES {THIS} {{ {names} }} {{ {self._targets.found((root,))} }}"
                targets = self._sure(values)
            if own := nodes & targets:
                found[root] = own
        return found

    def _sure(self, group: str) -> set[Term]:
        """Return what a group binds to `?this`; to go on without an answer could miss some."""
        rows = self._graph.ask(f"SELECT DISTINCT {THIS} {{ {group} }}")
        return {node for (node,) in rows if node is not None}

    def _nodes(self, text: str) -> set[Term] | None:
        """Return what a query finds for `?this`; None when it cannot be asked."""
        names, rows = _rows(self._graph, text)
        if "this" not in names:
            return None
        return {row[names.index("this")] for row in rows} - {None}  # type: ignore[return-value]


def _rows(graph: DataGraph, text: str) -> tuple[list[str], list[tuple[Term | None, ...]]]:
    """Return the columns and rows of a query; no columns if it cannot be asked."""
    try:
        return graph.columns(text)
    except (SyntaxError, ValueError):
        return [], []


def _are_nameable(nodes: Collection[Term]) -> bool:
    return len(nodes) <= _MOST_NAMED and not any(isinstance(node, BlankNode) for node in nodes)


def _bound(nodes: Iterable[Term]) -> str:
    return f"VALUES {THIS} {{ {' '.join(sorted(map(str, nodes)))} }} "


def _terms(rows: Iterable[Iterable[tuple[str, Term]]]) -> list[Term]:
    return [term for row in rows for _, term in row]


def _in_threads(
    count: int, work: Iterator[Callable[[], object]], progress: Callable[[int], None]
) -> None:
    """Do pieces of work, some at a time; raise the first error there is."""
    lock = threading.Lock()
    errors: list[BaseException] = []
    done = itertools.count(1)

    def go_on() -> None:
        try:
            while not errors:
                with lock:
                    piece = next(work, None)
                if piece is None:
                    return
                piece()
                progress(next(done))
        except BaseException as error:
            # What its frames hold may not be let go of in another thread.
            errors.append(error.with_traceback(None))

    threads = [threading.Thread(target=copy_context().run, args=(go_on,)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
