"""Conditions that may break a shape, as expressions of SPARQL, and how they are combined.

What is ill-formed, or cannot be said in SPARQL, raises NotInSparqlError.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.rdf import SUBCLASS, TYPE, XSD, Node, Term, is_kept
from cjph_graph.shacl.shapes import Shapes

ALWAYS, NEVER = "true", "false"
_MOST_DIGITS = 9
_INTEGER = XSD + "integer"


class NotInSparqlError(Exception):
    """A constraint that SPARQL cannot test."""


class Test(NamedTuple):
    """An expression that is true for whatever may break a rule; `exact` if for nothing else."""

    text: str
    exact: bool = True


UNDECIDED = Test(ALWAYS, exact=False)


def expressible(text: str | None) -> Test:
    """Return a test that SPARQL can make; raise NotInSparqlError when there is none."""
    if text is None:
        raise NotInSparqlError
    return Test(text)


def iri(term: Term) -> NamedNode:
    """Return a term that is an IRI."""
    if not isinstance(term, NamedNode):
        raise NotInSparqlError
    return term


def node(term: Term) -> Node:
    """Return a term that is an IRI or a blank node."""
    if isinstance(term, Literal):
        raise NotInSparqlError
    return term


def literal(term: Term) -> Literal:
    """Return a term that is a literal."""
    if not isinstance(term, Literal):
        raise NotInSparqlError
    return term


def only_one(terms: list[Term]) -> Literal:
    """Return the only value of a property, a literal or a path."""
    if len(terms) != 1:
        raise NotInSparqlError
    return terms[0]  # type: ignore[return-value]


def list_members(shapes: Shapes, node: Term) -> list[Term]:
    """Return the members of a list."""
    members = shapes.members(node)
    if members is None:
        raise NotInSparqlError
    return members


def whole_number(term: Term) -> int:
    """Return a parameter that is a whole number."""
    number = literal(term)
    if number.datatype.value != _INTEGER or not number.value.isascii():
        raise NotInSparqlError
    if not number.value.isdigit() or len(number.value) > _MOST_DIGITS:
        raise NotInSparqlError
    return int(number.value)


def query_term(term: Term) -> str:
    """Return a term as a query writes it. There is no test for what a store would rewrite."""
    if isinstance(term, BlankNode):
        raise NotInSparqlError
    if isinstance(term, Literal) and not is_kept(term.value, term.datatype.value):
        raise NotInSparqlError
    return str(term)


def same(value: str, term: Term) -> str:
    """Return a test that a value is a term."""
    return f"sameTerm({value}, {query_term(term)})"


def none_of(value: str, members: list[Term]) -> str:
    """Return a test that a value is none of some terms."""
    iris = [str(member) for member in members if isinstance(member, NamedNode)]
    others = [member for member in members if not isinstance(member, NamedNode)]
    tests = [f"!({value} IN ({', '.join(iris)}))"] if iris else []
    tests += [f"!{same(value, member)}" for member in others]
    return f"({' && '.join(tests)})" if tests else ALWAYS


def not_instance(
    value: str, kind: NamedNode, below: tuple[NamedNode, ...] | None, number: int
) -> str:
    """Return a test that a value is no instance of a class, given the classes below it.

    `below` is None where only a path can find them; `number` goes into the name of a variable.
    """
    direct = f"NOT EXISTS {{ {value} {TYPE} {kind} }}"
    if below == ():
        return direct
    if below is None:
        return f"({direct} && NOT EXISTS {{ {value} {TYPE}/{SUBCLASS}* {kind} }})"
    kinds = ", ".join(map(str, below))
    inside = f"{value} {TYPE} ?c{number} FILTER(?c{number} IN ({kinds}))"
    return f"({direct} && NOT EXISTS {{ {inside} }})"


def any_of(tests: Iterable[str]) -> str:
    """Join tests by or."""
    return " || ".join(f"({test})" for test in tests)


def either(tests: list[Test]) -> Test:
    """Return a test that is true where any of some tests is."""
    if any(test.text == ALWAYS for test in tests):
        return UNDECIDED
    kept = [test for test in tests if test.text != NEVER]
    if not kept:
        return Test(NEVER)
    if len(kept) == 1:
        return kept[0]
    return Test(any_of(test.text for test in kept), all(test.exact for test in kept))


def roughly(texts: Iterable[str | None]) -> Test:
    """Return a test that is true where any of some expressions is, and perhaps elsewhere."""
    return Test(either([expressible(text) for text in texts]).text, exact=False)


def negated(test: Test) -> Test:
    """Return a test that is true where another is not; that one has to be exact."""
    if not test.exact:
        return UNDECIDED
    if test.text in (ALWAYS, NEVER):
        return Test(NEVER if test.text == ALWAYS else ALWAYS)
    return Test(f"!({test.text})")
