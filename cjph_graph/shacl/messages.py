"""The messages of core constraints, for shapes that have none of their own.

pySHACL has messages too, but writes terms in its own form and lists in another order each time.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from cjph_graph.rdf import SH, Term
from cjph_graph.shacl.demands import (
    DEMANDS,
    Demands,
    at_word,
    in_a_row,
    node_kind,
    term_in_words,
    values_counted,
)
from cjph_graph.shacl.shapes import Shapes

# Makes a message of the parameters of a shape.
_Message = Callable[["_Parameters"], str]


def default_message(
    shapes: Shapes, said: Mapping[str, Sequence[Term]], component: str
) -> Literal | None:
    """Return the message of a core component, given its IRI; None for any other.

    `said` are the values of the result's properties.
    """
    name = component.removeprefix(SH).removesuffix("ConstraintComponent")
    if name not in _MESSAGES:
        return None
    shape, path = (next(iter(said[key]), None) for key in ("sourceShape", "resultPath"))
    return _message(shapes, name, shape, path if name == "Closed" else None)


@lru_cache(maxsize=500)
def _message(shapes: Shapes, name: str, shape: object, path: object) -> Literal:
    return Literal(_MESSAGES[name](_Parameters(shapes, shape, path)))


class _Parameters:
    """The parameters of one shape, as a message has them."""

    def __init__(self, shapes: Shapes, shape: object, path: object) -> None:
        self._shape = shape
        self._demands = Demands(shapes)
        self.path = "this" if path is None else shapes.path_text(path)
        is_property = bool(shapes.values(shape, NamedNode(SH + "path")))
        self.it = "The value" if is_property else "The node"

    def all(self, name: str) -> list[Term]:
        """Return the values of a parameter, in an order of their own."""
        return self._demands.values(self._shape, name)

    def text(self, name: str) -> str:
        """Return the values of a parameter, joined by `and`."""
        return " and ".join(map(term_in_words, self.all(name)))

    def count(self, name: str) -> str:
        """Return a number of values, in words."""
        return " and ".join(map(values_counted, self.all(name)))

    def at_most(self, name: str) -> str:
        """Return `at most` a number of values, or `no values`."""
        return " and ".join(at_word("most", number) for number in self.all(name))

    def members(self, name: str) -> list[Term]:
        """Return the members of the lists that a parameter has."""
        return [member for value in self.all(name) for member in self._demands.members(value)]

    def listed(self, name: str) -> str:
        """Return the members of a list, as many as are readable."""
        return in_a_row(self.members(name))

    def one_that(self, name: str) -> str:
        """Return `conform to` and a shape by its name, or else `be one that` does as it asks."""
        return self._verb("be one that", name)

    def each(self, name: str) -> str:
        """Return `conform to` and a shape, or `be such that each` does as it asks."""
        return self._verb("be such that each", name)

    def _verb(self, verb: str, name: str) -> str:
        shapes = self.all(name)
        if all(isinstance(shape, NamedNode) for shape in shapes):
            return f"conform to {', '.join(term_in_words(shape) for shape in shapes)}"
        return f"{verb} {' and '.join(map(self._demands.of, shapes))}"

    def alternatives(self, name: str) -> str:
        """Return what the members of a list of shapes ask for, one after another."""
        return "; ".join(f"it {self._demands.of(shape)}" for shape in self.members(name))


def _pattern(said: _Parameters) -> str:
    patterns = " and ".join(getattr(p, "value", "") for p in said.all("pattern"))
    flags = said.text("flags")
    return f"{said.it} must match the pattern {patterns}" + (f" (flags {flags})." if flags else ".")


def _must(name: str) -> _Message:
    """Return the message that makes `must be` of a demand's `is`, and `must have` of `has`."""
    verb, _, rest = str(DEMANDS[name]).partition(" ")
    must = {"is": "must be", "has": "must have"}[verb]
    return lambda said: f"{said.it} {must} {rest.format(said.text(name))}."


def _of_list(word: str, name: str) -> _Message:
    return lambda said: f"{word} must be true of {said.it.lower()}: {said.alternatives(name)}."


_MESSAGES: Mapping[str, _Message] = {
    "MinCount": lambda said: f"There must be at least {said.count('minCount')}.",
    "MaxCount": lambda said: f"There may be {said.at_most('maxCount')}.",
    "Datatype": lambda said: (
        f"{said.it} must be of datatype {said.text('datatype')}, and written as it asks."
    ),
    "Class": _must("class"),
    "NodeKind": lambda said: (
        f"{said.it} must be {' or '.join(map(node_kind, said.all('nodeKind')))}."
    ),
    "MinInclusive": _must("minInclusive"),
    "MinExclusive": _must("minExclusive"),
    "MaxInclusive": _must("maxInclusive"),
    "MaxExclusive": _must("maxExclusive"),
    "MinLength": _must("minLength"),
    "MaxLength": _must("maxLength"),
    "Pattern": _pattern,
    "LanguageIn": lambda said: f"The language must be one of {said.listed('languageIn')}.",
    "UniqueLang": lambda said: "There may be only one text in each language.",
    "Equals": lambda said: f"There must be the same values as those of {said.text('equals')}.",
    "Disjoint": lambda said: f"{said.it} may not be a value of {said.text('disjoint')} too.",
    "LessThan": _must("lessThan"),
    "LessThanOrEquals": _must("lessThanOrEquals"),
    "Not": lambda said: f"{said.it} may not {said.one_that('not')}.",
    "And": _of_list("All of these", "and"),
    "Or": _of_list("At least one of these", "or"),
    "Xone": _of_list("Exactly one of these", "xone"),
    "Node": lambda said: f"{said.it} must {said.one_that('node')}.",
    "QualifiedMinCount": lambda said: (
        f"At least {said.count('qualifiedMinCount')} must {said.each('qualifiedValueShape')}."
    ),
    "QualifiedMaxCount": lambda said: (
        f"{said.at_most('qualifiedMaxCount').capitalize()} may {said.each('qualifiedValueShape')}."
        if said.text("qualifiedMaxCount") != "0"
        else f"No value may {said.one_that('qualifiedValueShape')}."
    ),
    "Closed": lambda said: f"The property {said.path} is not allowed here.",
    "HasValue": lambda said: f"There must be the value {said.text('hasValue')}.",
    "In": lambda said: f"{said.it} must be one of {said.listed('in')}.",
}
