"""The messages of core constraints, for shapes that have none of their own.

pySHACL has messages too, but writes terms in its own form and lists in another order each time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.rdf import SH, XSD, Term
from cjph_graph.shacl.components import PARAMETERS
from cjph_graph.shacl.pyshacl_fixes import TripleIndex

# Datatypes whose values are plain without quotation marks.
_PLAIN = {
    XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "dateTime", "gYear")
}
_NODE_KINDS = {
    "IRI": "an IRI",
    "BlankNode": "a blank node",
    "Literal": "a literal",
    "BlankNodeOrIRI": "a blank node or an IRI",
    "BlankNodeOrLiteral": "a blank node or a literal",
    "IRIOrLiteral": "an IRI or a literal",
}
_MOST_LISTED = 20
# The properties of a shape that ask for something.
_ASKING = {SH + name for name in (*PARAMETERS, "flags")}
# Makes a message of the parameters of a shape.
_Message = Callable[["_Parameters"], str]


def default_message(
    shapes: TripleIndex, said: Mapping[str, Sequence[Term]], component: str
) -> Literal | None:
    """Return the message of a core component, given its IRI; None for any other.

    `said` are the values of the result's properties.
    """
    name = component.removeprefix(SH).removesuffix("ConstraintComponent")
    message = _MESSAGES.get(name)
    if message is None:
        return None
    shape, path = (next(iter(said[name]), None) for name in ("sourceShape", "resultPath"))
    return Literal(message(_Parameters(shapes, shape, path)))


class _Parameters:
    """The parameters of one shape, as a message has them."""

    def __init__(self, shapes: TripleIndex, shape: object, path: object) -> None:
        self._shapes = shapes
        self._shape = shape
        self.path = "this" if path is None else shapes.path_text(path)
        is_property = bool(shapes.values(shape, NamedNode(SH + "path")))
        self.it = "The value" if is_property else "The node"

    def all(self, name: str) -> list[object]:
        """Return the values of a parameter, in an order of their own."""
        values = dict.fromkeys(self._shapes.values(self._shape, NamedNode(SH + name)))
        return sorted(values, key=str)

    def text(self, name: str) -> str:
        """Return the values of a parameter, joined by `and`."""
        return " and ".join(map(_shown, self.all(name)))

    def count(self, name: str) -> str:
        """Return a number of values, in words."""
        number = self.text(name)
        return "1 value" if number == "1" else f"{number} values"

    def members(self, name: str) -> list[object]:
        """Return the members of the lists that a parameter has."""
        return [member for value in self.all(name) for member in self._shapes.listed(value)]

    def listed(self, name: str) -> str:
        """Return the members of a list, as many as are readable."""
        members = [_shown(member) for member in self.members(name)]
        more = len(members) - _MOST_LISTED
        shown = ", ".join(members[:_MOST_LISTED])
        return f"{shown} and {more} more" if more > 0 else shown

    def shapes(self, values: Iterable[object]) -> str:
        """Return what to call some shapes: by name where they have names."""
        found = list(values)
        names = [self._named(shape) for shape in found]
        if None in names:
            return "a shape" if len(found) == 1 else f"{len(found)} shapes"
        return ", ".join(name or "" for name in names)

    def _named(self, shape: object) -> str | None:
        """Return the name of a shape, or what it asks for if that can be said in a few words."""
        if isinstance(shape, NamedNode):
            return shape.value
        said = [t for t in self._shapes.about(shape) if t.predicate.value in _ASKING]
        if not said or any(isinstance(triple.object, BlankNode) for triple in said):
            return None
        parts = (f"sh:{t.predicate.value.removeprefix(SH)} {_shown(t.object)}" for t in said)
        return f"[ {' ; '.join(sorted(parts))} ]"


def _shown(term: object) -> str:
    if isinstance(term, NamedNode):
        return _short(term.value)
    if not isinstance(term, Literal):
        return "a blank node"
    if term.datatype.value in _PLAIN:
        return term.value
    if term.language or term.datatype.value == XSD + "string":
        return f'"{term.value}"' + (f"@{term.language}" if term.language else "")
    return f'"{term.value}"^^{_short(term.datatype.value)}'


def _short(iri: str) -> str:
    return f"xsd:{iri.removeprefix(XSD)}" if iri.startswith(XSD) else iri


def _node_kind(said: _Parameters) -> str:
    kinds = [str(kind).strip("<>").removeprefix(SH) for kind in said.all("nodeKind")]
    return f"{said.it} must be {' or '.join(_NODE_KINDS.get(kind, kind) for kind in kinds)}."


def _pattern(said: _Parameters) -> str:
    patterns = " and ".join(getattr(p, "value", "") for p in said.all("pattern"))
    flags = said.text("flags")
    return f"{said.it} must match the pattern {patterns}" + (f" (flags {flags})." if flags else ".")


def _length(word: str, name: str) -> _Message:
    return lambda said: f"{said.it} must have at {word} {said.text(name)} characters."


def _number(word: str, name: str) -> _Message:
    return lambda said: f"{said.it} must be {word} {said.text(name)}."


def _than(word: str, name: str) -> _Message:
    return lambda said: f"The value must be {word} every value of {said.text(name)}."


def _of_list(word: str, name: str) -> _Message:
    return lambda said: f"{said.it} must conform to {word} {said.shapes(said.members(name))}."


_MESSAGES: Mapping[str, _Message] = {
    "MinCount": lambda said: f"There must be at least {said.count('minCount')}.",
    "MaxCount": lambda said: f"There may be at most {said.count('maxCount')}.",
    "Datatype": lambda said: (
        f"{said.it} must be of datatype {said.text('datatype')}, and written as it asks."
    ),
    "Class": lambda said: f"{said.it} must be an instance of {said.text('class')}.",
    "NodeKind": _node_kind,
    "MinInclusive": _number("at least", "minInclusive"),
    "MinExclusive": _number("more than", "minExclusive"),
    "MaxInclusive": _number("at most", "maxInclusive"),
    "MaxExclusive": _number("less than", "maxExclusive"),
    "MinLength": _length("least", "minLength"),
    "MaxLength": _length("most", "maxLength"),
    "Pattern": _pattern,
    "LanguageIn": lambda said: f"The language must be one of {said.listed('languageIn')}.",
    "UniqueLang": lambda said: "There may be only one text in each language.",
    "Equals": lambda said: f"There must be the same values as those of {said.text('equals')}.",
    "Disjoint": lambda said: f"{said.it} may not be a value of {said.text('disjoint')} too.",
    "LessThan": _than("less than", "lessThan"),
    "LessThanOrEquals": _than("less than or equal to", "lessThanOrEquals"),
    "Not": lambda said: f"{said.it} may not conform to {said.shapes(said.all('not'))}.",
    "And": _of_list("all of", "and"),
    "Or": _of_list("at least one of", "or"),
    "Xone": _of_list("exactly one of", "xone"),
    "Node": lambda said: f"{said.it} must conform to {said.shapes(said.all('node'))}.",
    "QualifiedMinCount": lambda said: (
        f"At least {said.count('qualifiedMinCount')} must conform to"
        f" {said.shapes(said.all('qualifiedValueShape'))}."
    ),
    "QualifiedMaxCount": lambda said: (
        f"At most {said.count('qualifiedMaxCount')} may conform to"
        f" {said.shapes(said.all('qualifiedValueShape'))}."
    ),
    "Closed": lambda said: f"The property {said.path} is not allowed here.",
    "HasValue": lambda said: f"There must be the value {said.text('hasValue')}.",
    "In": lambda said: f"{said.it} must be one of {said.listed('in')}.",
}
