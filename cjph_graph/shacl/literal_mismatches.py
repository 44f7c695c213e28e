"""Where a store may answer a SPARQL constraint otherwise than pySHACL would."""

import itertools
import threading

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from cjph_graph.rdf import XSD, Node, Term
from cjph_graph.shacl.data_graph import DataGraph, StoredGraph
from cjph_graph.shacl.focus_nodes import FocusNodes
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.shacl.sparql_constraints import ConstraintQuery
from cjph_graph.shacl.targets import THIS, Targets

_COLLAPSED = frozenset(NamedNode(XSD + name) for name in ("normalizedString", "token"))
# Of a literal that a store rewrites, what its datatype is called where its text is to be kept.
_AS_WRITTEN = "urn:as-written:"


class LiteralMismatches:
    """Finds the focus nodes for which an answer cannot be relied on."""

    def __init__(
        self, shapes: Shapes, graph: DataGraph, targets: Targets, focus: FocusNodes
    ) -> None:
        self._shapes = shapes
        self._graph = graph
        self._targets = targets
        self._focus = focus
        self._writing = threading.Lock()
        self._stores: dict[frozenset[Term] | None, Store] = {}

    def is_unclear(self, term: Term) -> bool:
        """Say whether a term of an answer may stand for something else in the files."""
        if isinstance(term, Literal) and (term.direction or term.datatype in _COLLAPSED):
            return True  # rdflib knows no direction, and has its own opinion of the white space
        return isinstance(term, BlankNode) or self._graph.lexical_forms.is_rewritten(term)

    def among(self, asked: ConstraintQuery, roots: tuple[Node, ...], found: set[Term]) -> set[Term]:
        """Return the focus nodes for which a store may answer otherwise than pySHACL would.

        That is where a value is written in another way than the store writes it, where there are
        blank nodes, of which engines differ in what functions make, and what is a literal: to
        rdflib a subject that is 0 or empty is none.
        """
        uncertain = self._literals(roots)
        if self._graph.has_blank_nodes:
            uncertain |= self._blank(roots, nearby=asked.footprint.nearby and not asked.by_text)
        footprint = asked.footprint._replace(by_text=asked.by_text)
        touched: set[Term] = {
            *self._graph.lexical_forms.subjects_within(footprint, by_value=asked.by_value)
        }
        if not touched or not (asked.by_text or asked.by_value):
            return uncertain
        nearby = footprint.nearby
        if asked.by_value:
            return uncertain | (touched if nearby else self._focus.all(roots))
        with self._writing:
            store = self._as_written(frozenset(touched) if nearby else None)
        names, rows = StoredGraph(store, ()).columns(asked.text())
        again = {row[names.index("this")] for row in rows}
        uncertain |= {node for node in again if node is not None}
        return uncertain | (found & touched if nearby else found)

    def _literals(self, roots: tuple[Node, ...]) -> set[Term]:
        """Return the targets that are literals."""
        if not any(
            self._shapes.objects(root, "targetObjectsOf")
            or any(isinstance(node, Literal) for node in self._shapes.objects(root, "targetNode"))
            for root in roots
        ):
            return set()
        return self._focus.query(f"{{ {self._targets.found(roots)} }} FILTER(isLiteral({THIS}))")

    def _blank(self, roots: tuple[Node, ...], *, nearby: bool) -> set[Term]:
        """Return the targets that are blank nodes or, if not `nearby`, that lead to some."""
        if not nearby:
            linked = (
                f"{{ {self._targets.found(roots)} }} {THIS} ?link ?blank FILTER(isBlank(?blank))"
            )
            found = self._focus.query(linked)
        else:
            found = set()
        blank = f"{{ {self._targets.found(roots)} }} FILTER(isBlank({THIS}))"
        return found | self._focus.query(blank)

    def _as_written(self, subjects: frozenset[Term] | None) -> Store:
        """Return a store in which no literal is written anew: about some subjects, or of all.

        A literal that would be has a datatype of its own there, which makes it a mere text.
        """
        if (store := self._stores.get(subjects)) is not None:
            return store
        graph = self._graph
        kept = graph.lexical_forms.as_stored
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
