"""Constraints in SPARQL (sh:sparql), each asked once of all its targets.

A SHACL engine runs such a constraint for one focus node after another, with `$this` bound
beforehand. Here it is the constraint's own SELECT with `$this` ranging over the targets, where that
makes no difference. A row of the answer then has all that a result has: the focus node, the path,
the value, and what a message is filled in with.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from cjph_graph.errors import CjphError
from cjph_graph.rdf import Node
from cjph_graph.shacl.compiler import Compiler
from cjph_graph.shacl.footprint import Footprint
from cjph_graph.shacl.shapes import PREFIXES, Shapes
from cjph_graph.shacl.targets import OWN_NAMES, THIS
from cjph_graph.sparql.patterns import Pattern, UnclearError, patterns
from cjph_graph.sparql.tokens import Token, refuse_unsafe, tokenize

_NAMES_OF_THIS = ("$this", "?this")
_DEPENDENT = frozenset({"GROUP", "HAVING", "LIMIT", "OFFSET", "MINUS", "ORDER", "VALUES"})
# What looks at how a value is written, and what looks at what it is worth.
_BY_TEXT = frozenset({
    *("STR", "REGEX", "STRLEN", "SUBSTR", "UCASE", "LCASE", "STRSTARTS", "STRENDS", "CONTAINS"),
    *("STRBEFORE", "STRAFTER", "REPLACE", "ENCODE_FOR_URI", "CONCAT", "LANGMATCHES", "SAMETERM"),
    *("MD5", "SHA1", "SHA256", "SHA384", "SHA512", "IRI", "URI", "STRDT", "STRLANG", "IN"),
})  # fmt: skip
_BY_VALUE = frozenset({
    *("ABS", "ROUND", "CEIL", "FLOOR", "DATATYPE", "ISNUMERIC", "YEAR", "MONTH", "DAY", "HOURS"),
    "IN",
})  # fmt: skip
_COMPARING = frozenset({"<", ">", "<=", ">=", "=", "!=", "*", "/", "+", "-"})


class SparqlConstraint(NamedTuple):
    """A constraint in SPARQL: its node, the shape that has it, and the shapes with the targets."""

    node: Node
    holder: Node
    roots: tuple[Node, ...]


class ConstraintQuery(NamedTuple):
    """A SPARQL constraint that can be asked of all targets at once.

    If it `is_complete` a row is a result; if not, only its `?this` is to be relied on. `footprint`
    are the statements that decide; `by_text` is true when it looks at the literal form of values,
    and `by_value` when it looks at the values.
    """

    constraint: SparqlConstraint
    prologue: str
    before: str
    after: str
    is_complete: bool
    footprint: Footprint
    by_text: bool
    by_value: bool

    def text(self, only: str = "") -> str:
        """Return the query; `only` is a group that binds `?this` beforehand."""
        return f"{self.prologue}{self.before} {only} {self.after}"


def sparql_constraints(shapes: Shapes, compiler: Compiler) -> list[SparqlConstraint]:
    """Return the active SPARQL constraints of shapes with targets and of their property shapes."""
    held: dict[tuple[Node, Node], list[Node]] = {}
    for root in shapes.targeting():
        if shapes.is_deactivated(root):
            continue
        for holder in compiler.holders(root):
            if holder != root and shapes.is_deactivated(holder):
                continue
            for constraint in shapes.nodes(holder, "sparql"):
                if not shapes.is_deactivated(constraint):
                    held.setdefault((constraint, holder), []).append(root)
    return [SparqlConstraint(node, holder, tuple(roots)) for (node, holder), roots in held.items()]


def constraint_query(
    shapes: Shapes, compiler: Compiler, constraint: SparqlConstraint
) -> ConstraintQuery | None:
    """Return a constraint as a query; None if it can only be asked of one target at a time."""
    selects = shapes.objects(constraint.node, "select")
    if len(selects) != 1 or len({*shapes.objects(constraint.holder, "path")}) > 1:
        return None
    text = selects[0].value
    prefixes = {**PREFIXES, **shapes.prefixes(constraint.node)}
    if any(re.search(r"""[<>"{}|^`\\\x00-\x20]""", iri) for iri in prefixes.values()):
        return None  # it would end the IRI, and go on with something else
    tokens = tokenize(text)
    if not any(token.text == "{" for token in tokens) or tokens[-1].text != "}":
        return None
    if not (_is_safe(text) and _is_independent(tokens)) or tokens[0].keyword != "SELECT":
        return None
    if any(token.kind == "variable" and token.text[1:] in OWN_NAMES for token in tokens):
        return None
    path = next(iter(shapes.objects(constraint.holder, "path")), None)
    if any(token.text in ("$PATH", "?PATH") for token in tokens):
        if not isinstance(path, NamedNode):
            return None
        # Backwards, so that what comes before keeps its place.
        for token in reversed([t for t in tokens if t.text in ("$PATH", "?PATH")]):
            text = f"{text[: token.start]}{path}{text[token.end :]}"
        tokens = tokenize(text)
    try:
        found: list[Pattern] | None = patterns(tokens, prefixes)
    except UnclearError:
        found = None
    head = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in sorted(prefixes.items()))
    opening = next(token.end for token in tokens if token.text == "{")
    targets = compiler.targets.found(constraint.roots)
    words = {token.keyword for token in tokens}
    operators = {token.text for token in tokens} & _COMPARING
    by_text = bool(words & _BY_TEXT) or _meets(found)
    return ConstraintQuery(
        constraint,
        head,
        text[:opening],
        f"{{ {targets} }}{text[opening:]}",
        _is_complete(tokens),
        _footprint(found),
        by_text,
        bool(words & _BY_VALUE or operators),
    )


def _meets(found: Sequence[Pattern] | None) -> bool:
    """Say whether two statements have to have the same value, written in the same way."""
    if found is None:
        return True
    values = [p.object for p in found if p.object[0] == "?" and p.object != THIS]
    return len(values) != len({*values})


def _is_safe(text: str) -> bool:
    try:
        refuse_unsafe(text, tokenize(text))
    except CjphError:
        return False
    return True


def _is_independent(tokens: Sequence[Token]) -> bool:
    """Say whether it makes no difference that `$this` is bound inside the query, not before it.

    That is so when every group that has `$this` binds it itself: by beginning with a statement
    about it. A group behind EXISTS need not, as it sees what is bound around it.
    """
    groups: list[tuple[bool, list[str]]] = []
    for before, token in zip((tokens[0], *tokens), tokens, strict=False):
        if token.keyword in _DEPENDENT or token.text in ("$shapesGraph", "$currentShape"):
            return False
        if before.keyword == "AS" and token.text in _NAMES_OF_THIS:
            return False
        if token.text == "{":
            groups.append((not groups or before.keyword == "EXISTS", []))
        elif token.text == "}" and groups:
            free, inside = groups.pop()
            has = any(word in _NAMES_OF_THIS for word in inside)
            if not free and has and inside[0] not in _NAMES_OF_THIS:
                return False
        elif groups:
            if token.keyword == "SELECT":
                return False
            groups[-1][1].append(token.text)
    return not groups


def _is_complete(tokens: Sequence[Token]) -> bool:
    """Say whether all that is selected are terms of the graph, or IRIs of the query itself."""
    start = next(number for number, token in enumerate(tokens) if token.text == "{")
    selected, inside = tokens[1:start], tokens[start:]
    made = {
        token.text[1:] for before, token in itertools.pairwise(inside) if before.keyword == "AS"
    }
    text = " ".join(token.text for token in selected if token.keyword not in ("DISTINCT", "WHERE"))
    named = re.sub(r"\( (?:<[^<>]*>|[^\s?$()]*:[^\s?$()]*) AS [?$]\w+ \)", "", text)
    if named.strip() == "*":
        return not made
    names = named.split()
    return all(n[0] in "?$" and n[1:] not in made and n[1:] != "failure" for n in names)


def _footprint(found: Sequence[Pattern] | None) -> Footprint:
    """Return which statements with literals an answer may depend on."""
    everything = Footprint(None, nearby=False, by_text=True, by_kind=True)
    if found is None:
        return everything
    predicates: set[NamedNode] = set()
    nearby = True
    for pattern in found:
        # A literal has nothing said of it, and `$this` is asked for by name.
        if pattern.object == THIS:
            continue
        names = pattern.predicates
        if not names or isinstance(names, str):
            if pattern.subject != THIS:
                return everything
            return Footprint(None, nearby=_all_nearby(found), by_text=True, by_kind=True)
        predicates |= {NamedNode(name) for name in names}
        nearby = nearby and pattern.subject == THIS
    return Footprint(frozenset(predicates), nearby, by_text=True, by_kind=True)


def _all_nearby(found: Iterable[Pattern]) -> bool:
    return all(THIS in (pattern.subject, pattern.object) for pattern in found)


def messages(shapes: Shapes, constraint: SparqlConstraint) -> list[Literal]:
    """Return the messages of a constraint: its own, else those of its shape."""
    said = shapes.objects(constraint.node, "message") or shapes.objects(
        constraint.holder, "message"
    )
    return [message for message in said if isinstance(message, Literal)]
