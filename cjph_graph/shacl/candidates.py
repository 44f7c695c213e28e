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

from pyoxigraph import Literal

from cjph_graph.shacl.compiler import Compiler, Question
from cjph_graph.shacl.constraints import Footprint
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.focus_nodes import FocusNodes, are_nameable, bound, rows
from cjph_graph.shacl.literal_mismatches import Doubts
from cjph_graph.shacl.shapes import SUBCLASS, Node, Shapes, Term, descendants
from cjph_graph.shacl.sparql_constraints import Rule, RuleQuestion, question, rules
from cjph_graph.shacl.targets import THIS
from cjph_graph.system.progress import tell


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
        lacks = len(self._shapes.targeting())
        asking.pieces = len(self._rules) + 1 + len(self._compiler.held) + lacks
        for rule, put in self.rules():
            yield partial(asking.ask_rule, rule, put)
        yield asking.look_for_targets
        for asked in self.questions():
            asking.expect(asked)
            yield partial(asking.ask, asked)
        yield from (partial(asking.look_for_lack, root) for root in asking.roots)

    def count(self, only: Collection[Term] | None = None) -> int:
        """Return how many focus nodes there are; with `only`, among these and what shapes name."""
        return FocusNodes(self._shapes, self._graph, self._compiler.targets, only).count()

    def focus(self, only: Collection[Term]) -> dict[Node, set[Term]]:
        """Return the focus nodes of each shape among some nodes and those that it names."""
        return FocusNodes(self._shapes, self._graph, self._compiler.targets, only).of_shapes()


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
        # How many pieces of work there are at most.
        self.pieces = 0
        # Which questions are about something that is lacking, by shape with targets.
        self._lacks: dict[Node, list[Question]] = {}
        self._shapes = shapes
        self._graph = graph
        self._targets = compiler.targets
        self._focus = FocusNodes(shapes, graph, compiler.targets, only)
        self._doubts = Doubts(shapes, graph, compiler.targets, self._focus)
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
        self.suspicions.targets = self._focus.count()

    # Core constraints --------------------------------------------------------------------------

    def ask(self, asked: Question) -> None:
        """Ask about core constraints and note who may break them, but for what is lacking."""
        roots = tuple(root for root in asked.roots if root not in self.suspicions.whole)
        text = asked.text(self._focus.restriction(roots), lack=False)
        found = self._focus.nodes(text) if text else (None if text is None else set())
        found = self._focus.all(roots) if found is None else self._focus.kept(found, roots)
        found |= self._misread(asked.footprint, roots)
        found |= {node for root in roots for node in self._targets.unnamed(root)}
        for root, nodes in self._focus.by_shape(found, roots).items():
            self._suspect(root, asked.holder, nodes)

    def look_for_lack(self, root: Node) -> None:
        """Note which targets of a shape lack something: first those that lack anything at all."""
        if root in self.suspicions.whole:
            return
        questions = self._lacks[root]
        found = self._lacking(root, questions)
        if found == set():
            return
        only = bound(found) if found and are_nameable(found) else self._focus.restriction((root,))
        for asked in questions:
            nodes = self._lacking(root, [asked], only)
            self._suspect(root, asked.holder, self._focus.all((root,)) if nodes is None else nodes)

    def _lacking(
        self, root: Node, questions: Iterable[Question], only: str = ""
    ) -> set[Term] | None:
        """Return the targets of a shape that lack something; None when that cannot be asked."""
        tests = " || ".join(f"({asked.lack})" for asked in questions)
        group = f"{{ {self._targets.found((root,))} }} FILTER({tests})"
        restriction = only or self._focus.restriction((root,))
        found = self._focus.nodes(f"SELECT DISTINCT {THIS} {{ {restriction}{group} }}")
        return None if found is None else self._focus.kept(found, (root,))

    def _suspect(self, root: Node, holder: Node, nodes: set[Term]) -> None:
        self.suspicions.shapes.setdefault((root, holder), set()).update(nodes)

    def _misread(self, footprint: Footprint, roots: tuple[Node, ...]) -> set[Term]:
        """Return the focus nodes whose answer depends on how a literal is written."""
        touched: set[Term] = {*self._graph.spellings.touching(footprint)}
        if touched and not footprint.nearby:
            return self._focus.all(roots)
        return touched

    # Rules in SPARQL ---------------------------------------------------------------------------

    def ask_rule(self, rule: Rule, asked: RuleQuestion | None) -> None:
        """Ask a rule, and note what it finds; without a question all targets are suspects."""
        roots = tuple(root for root in rule.roots if root not in self.suspicions.whole)
        if asked is None:
            for root in roots:
                self._suspect_rule(rule, root, self._focus.all((root,)))
            return
        graph, needed = self._graph, asked.footprint.predicates
        if asked.compares and needed is not None:
            graph = graph.at_hand({*needed, *self._targets.predicates(rule.roots)})
        only = self._focus.restriction(rule.roots)
        names, found = rows(graph, asked.text(only))
        if "this" not in names:
            for root in roots:
                self._suspect_rule(rule, root, self._focus.all((root,)))
            return
        at = names.index("this")
        told: dict[Term, list[tuple[tuple[str, Term], ...]]] = {}
        for row in dict.fromkeys(found):
            if (this := row[at]) is not None:
                values = [(n, term) for n, term in zip(names, row, strict=True) if n != "this"]
                told.setdefault(this, []).append(tuple((n, t) for n, t in values if t is not None))
        doubted = self._doubts.among(asked, roots, set(told))
        kept = self._focus.kept({*told} | doubted, roots)
        for root, nodes in self._focus.by_shape(kept, roots).items():
            unsure = {
                node
                for node in nodes
                if node in doubted
                or not asked.told
                or any(map(self._doubts.is_unclear, (node, *_terms(told[node]))))
            }
            self._suspect_rule(rule, root, unsure)
            self.suspicions.found += [
                Found(rule, root, node, row) for node in nodes - unsure for row in told[node]
            ]
        for root in roots:
            self._suspect_rule(rule, root, {*self._targets.unnamed(root)})

    def _suspect_rule(self, rule: Rule, root: Node, nodes: set[Term]) -> None:
        if nodes:
            self.suspicions.rules.setdefault((rule, root), set()).update(nodes)


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
