"""Which focus nodes may break a shape: asked of the data graph, all at once.

A SHACL engine looks at one focus node after another: for each target of each shape it follows the
paths and tries the constraints. pySHACL takes some 5 ms for each, and nearly all conform. So the
graph is asked first, in SPARQL, for the *candidates*: the focus nodes that may break something.
pySHACL then sees only these, with the shapes that they may break, and has the last word.

    ex:Person a sh:NodeShape ; sh:targetClass ex:Person ; sh:property ex:Name .
    ex:Name sh:path ex:name ; sh:minCount 1 ; sh:maxLength 20 .

becomes two queries, of which the second is asked once for all properties of ex:Person:

    SELECT DISTINCT ?this WHERE { ?this ex:name ?value
      FILTER(IF(isBlank(?value) || STRLEN(STR(?value)) > 20, EXISTS { ?this a ex:Person }, false)) }
    SELECT DISTINCT ?this { ?this a ex:Person FILTER(NOT EXISTS { ?this ex:name ?v0 . }) }

Why none is missed. A candidate too many costs 5 ms, one too few hides an error; so each step keeps
to "too many rather than too few":

1. Every constraint component has a test in SPARQL that is true for whatever breaks it
   (`constraints`). Where SPARQL and pySHACL may disagree on a value, the test is true for it as
   well, and is not `exact`. Only an exact test may be negated (sh:not, sh:xone); the negation of
   any other is true for everything.
2. What has no test (a constraint in SPARQL, a component of the shapes' own, a pattern that two
   libraries read in two ways, an ill-formed shape) raises NotInSparqlError, and all targets of the
   shape are candidates.
3. A query that the store cannot answer counts as one that finds all targets.
4. A store keeps the values of numbers and dates, not their text: of "01" it makes "1"
   (`lexical_forms`). A query says which statements decide its answer, its `Footprint`; where one of
   them was written otherwise than the store has it, and that can matter, its subject is a candidate
   whatever the answer is.
5. Blank nodes have no name that a query could use: those that shapes have as sh:targetNode are
   always candidates.

tests/shacl/test_equality.py holds all of this against pySHACL alone, over random shapes and data.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module

from pyoxigraph import Literal

from cjph_graph.rdf import SUBCLASS, Node, Term
from cjph_graph.shacl.compiler import CandidateQuery, Compiler
from cjph_graph.shacl.data_graph import DataGraph
from cjph_graph.shacl.focus_nodes import FocusNodes, are_nameable, bound
from cjph_graph.shacl.footprint import Footprint
from cjph_graph.shacl.shapes import Shapes, descendants
from cjph_graph.shacl.targets import THIS
from cjph_graph.system import tell


@dataclass
class Candidates:
    """What pySHACL has to look at.

    `of_shapes` are the focus nodes that may break a shape, by the shape with the target and the
    shape with the constraints: itself, or a property shape right below it.
    `unsearchable` are shapes whose targets SPARQL cannot find, as the store has rewritten the
    literals that make them: pySHACL looks at all of these. `focus_nodes` is how many there are.
    `inexact` are those of `of_shapes` that may conform.
    """

    of_shapes: dict[tuple[Node, Node], set[Term]] = field(default_factory=dict)
    unsearchable: set[Node] = field(default_factory=set)
    focus_nodes: int = 0
    inexact: set[tuple[Node, Node]] = field(default_factory=set)


class CandidateSearch:
    """Shapes as queries to one data graph; with `only`, to these nodes and what shapes name."""

    def __init__(
        self, shapes: Shapes, graph: DataGraph, only: Collection[Term] | None = None
    ) -> None:
        self._shapes = shapes
        self._graph = graph
        pairs = graph.ask(f"SELECT ?child ?parent {{ ?child {SUBCLASS} ?parent }}")
        known = [(c, p) for c, p in pairs if c is not None and p is not None]
        self._compiler = Compiler(shapes, descendants(shapes.classes(), known))
        self._targets = self._compiler.targets
        self.focus = FocusNodes(shapes, graph, self._targets, only)
        self._candidates = Candidates()
        # Which queries are about something that is lacking, by shape with targets.
        self._lacks: dict[Node, list[CandidateQuery]] = {}

    def queries(self) -> Iterator[CandidateQuery]:
        """Yield the queries that find candidates."""
        return self._compiler.queries()

    def run(self) -> Candidates:
        """Ask everything."""
        self._candidates.unsearchable = self._unsearchable()
        most = 1 + len(self._compiler.held) + len(self._shapes.targeting())
        with ThreadPoolExecutor(self._graph.at_once) as pool:
            # Queries are written while others are being answered.
            started = [
                pool.submit(copy_context().run, _without_frames, piece) for piece in self._pieces()
            ]
            try:
                for done, future in enumerate(started, 1):
                    future.result()
                    tell("Looking for candidates", done, most)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return self._candidates

    def _pieces(self) -> Iterator[Callable[[], object]]:
        yield self._count
        for query in self.queries():
            for root in query.roots if query.lack else ():
                self._lacks.setdefault(root, []).append(query)
            yield partial(self._ask, query)
        yield from (partial(self._look_for_lack, root) for root in self._lacks)

    def _count(self) -> None:
        self._candidates.focus_nodes = self.focus.count()

    def _unsearchable(self) -> set[Node]:
        forms = self._graph.lexical_forms
        rewritten = {triple.predicate for triple in forms.rewritten()}
        return {
            root
            for root in self._shapes.targeting()
            if not self._shapes.is_deactivated(root)
            and (
                rewritten & set(self._shapes.iris(root, "targetObjectsOf"))
                or any(
                    isinstance(node, Literal) and forms.as_stored(node) != node
                    for node in self._shapes.objects(root, "targetNode")
                )
            )
        }

    def _ask(self, query: CandidateQuery) -> None:
        """Note the candidates that a query finds, except those that lack something."""
        roots = tuple(root for root in query.roots if root not in self._candidates.unsearchable)
        text = query.text(self.focus.restriction(roots), lack=False)
        found = self.focus.try_query(text) if text else (None if text is None else set())
        exact = query.exact and found is not None
        found = self.focus.all(roots) if found is None else self.focus.among_only(found, roots)
        surmised = self._affected_by_rewriting(query.footprint, roots)
        surmised |= {node for root in roots for node in self._targets.unnamed(root)}
        if surmised or not exact:
            self._candidates.inexact.update((root, query.holder) for root in roots)
        found |= surmised
        for root, nodes in self.focus.by_shape(found, roots).items():
            self._add(root, query.holder, nodes)

    def _look_for_lack(self, root: Node) -> None:
        """Note which targets of a shape lack something: first those that lack anything at all."""
        if root in self._candidates.unsearchable:
            return
        queries = self._lacks[root]
        found = self._lacking(root, queries)
        if found == set():
            return
        only = bound(found) if found and are_nameable(found) else self.focus.restriction((root,))
        for query in queries:
            nodes = self._lacking(root, [query], only)
            if nodes is None:
                self._candidates.inexact.add((root, query.holder))
            self._add(root, query.holder, self.focus.all((root,)) if nodes is None else nodes)

    def _lacking(
        self, root: Node, queries: Iterable[CandidateQuery], only: str = ""
    ) -> set[Term] | None:
        """Return the targets of a shape that lack something; None when that cannot be asked."""
        tests = " || ".join(f"({query.lack})" for query in queries)
        group = f"{{ {self._targets.found((root,))} }} FILTER({tests})"
        restriction = only or self.focus.restriction((root,))
        found = self.focus.try_query(f"SELECT DISTINCT {THIS} {{ {restriction}{group} }}")
        return None if found is None else self.focus.among_only(found, (root,))

    def _add(self, root: Node, holder: Node, nodes: set[Term]) -> None:
        self._candidates.of_shapes.setdefault((root, holder), set()).update(nodes)
        if nodes:  # for pySHACL, which is imported while the store answers the other queries
            import_module("cjph_graph.shacl.pyshacl_adapter")

    def _affected_by_rewriting(self, footprint: Footprint, roots: tuple[Node, ...]) -> set[Term]:
        """Return the focus nodes whose answer depends on how a literal was written."""
        subjects: set[Term] = {*self._graph.lexical_forms.subjects_within(footprint)}
        if subjects and not footprint.nearby:
            return self.focus.all(roots)
        return subjects


def _without_frames(piece: Callable[[], object]) -> None:
    """Run a piece of work; drop the frames of an error that it raises.

    An answer of a store may not be released in another thread.
    """
    try:
        piece()
    except BaseException as error:
        raise error.with_traceback(None) from None
