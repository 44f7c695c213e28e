"""What a shape asks for, in words: `is of datatype xsd:date`, `has at least 1 value of …`.

Each demand goes on from `it` or `a value that`. A shape with a name is called by it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.rdf import RDFS, SH, TRUE, TYPE, XSD, Term, short_datatype
from cjph_graph.shacl.shapes import Shapes

# Datatypes whose values are plain without quotation marks.
_PLAIN = {
    XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "dateTime", "gYear")
}
NODE_KINDS = {
    "IRI": "an IRI",
    "BlankNode": "a blank node",
    "Literal": "a literal",
    "BlankNodeOrIRI": "a blank node or an IRI",
    "BlankNodeOrLiteral": "a blank node or a literal",
    "IRIOrLiteral": "an IRI or a literal",
}
_MOST_LISTED = 20
_MOST_NESTED = 4
_LONGEST = 400
_NO_WORDS = "keeps a rule of its own"
_TOO_DEEP = "conforms to a shape nested deeper"
# Where the properties are from that say no rule of one's own.
_OF_SHAPES = (SH, RDFS, TYPE.value.partition("#")[0])

# Says what one value of a parameter asks for; None where another parameter says it.
_Demand: TypeAlias = Callable[["Demands", object, object, int], str | None]


class Demands:
    """Puts shapes of a shapes graph into words."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes

    def of(self, shape: object, depth: int = 0) -> str:
        """Return what a shape asks of a value: its name, or all its constraints."""
        if isinstance(shape, NamedNode):
            return f"conforms to {shape.value}"
        if depth > _MOST_NESTED:
            return _TOO_DEEP
        path = next(iter(self.values(shape, "path")), None)
        said = self._of_property(shape, path, depth) if path else self._of_value(shape, depth)
        text = _joined(said, "and") or "is anything"
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"

    def values(self, shape: object, name: str) -> list[Term]:
        """Return the values of a parameter, in an order of their own."""
        found = dict.fromkeys(self._shapes.values(shape, NamedNode(SH + name)))
        return sorted(found, key=str)

    def members(self, head: object) -> list[Term]:
        """Return the members of a list in the shapes."""
        return self._shapes.listed(head)

    def _of_value(self, shape: object, depth: int, without: str = "") -> list[str]:
        found: list[str] = []
        for name, demand in DEMANDS.items():
            for value in self.values(shape, name) if name != without else ():
                if isinstance(demand, str):
                    found.append(demand.format(term_in_words(value)))
                elif text := demand(self, shape, value, depth):
                    found.append(text)
        own = any(not t.predicate.value.startswith(_OF_SHAPES) for t in self._shapes.about(shape))
        return found + [_NO_WORDS] * (own or bool(self.values(shape, "sparql")))

    def _of_property(self, shape: object, path: object, depth: int) -> list[str]:
        """Return what a property shape asks of the thing that has the property."""
        name = self._shapes.path_text(path)
        said = [f"has {each} of {name}" for each in self._counts(shape, _COUNTS)]
        for value in self.values(shape, "hasValue"):
            said.append(f"has the value {term_in_words(value)} of {name}")
        for inner in self.values(shape, "qualifiedValueShape"):
            kind = self.of(inner, depth + 1)
            counts = self._counts(shape, _QUALIFIED)
            said += [f"has {each} of {name} such that each {kind}" for each in counts]
        if TRUE in self.values(shape, "uniqueLang"):
            said.append(f"has only one text of {name} in each language")
        if each := self._of_value(shape, depth, without="hasValue"):
            said.append(f"has only values of {name} of which each {_joined(each, 'and')}")
        return said or [f"has any values of {name}"]

    def _counts(self, shape: object, parameters: Mapping[str, str]) -> list[str]:
        return [
            at_word(word, count)
            for parameter, word in parameters.items()
            for count in self.values(shape, parameter)
        ]


def at_word(word: str, number: Term) -> str:
    """Return `at least 2 values`, and of no values at most `no values`."""
    text = values_counted(number)
    return text if text == "no values" and word == "most" else f"at {word} {text}"


def _joined(parts: Iterable[str], word: str) -> str:
    found = list(dict.fromkeys(parts))
    return f", {word} ".join(found) if len(found) > 2 else f" {word} ".join(found)


def values_counted(number: Term) -> str:
    """Return a number of values, in words."""
    text = term_in_words(number)
    return {"0": "no values", "1": "1 value"}.get(text, f"{text} values")


def in_a_row(terms: Iterable[object]) -> str:
    """Return terms in a row, as many as are readable."""
    found = [term_in_words(term) for term in terms]
    more = len(found) - _MOST_LISTED
    text = ", ".join(found[:_MOST_LISTED])
    return f"{text} and {more} more" if more > 0 else text


def term_in_words(term: object) -> str:
    """Return a term as a reader of Turtle knows it, IRIs bare."""
    if isinstance(term, NamedNode):
        return short_datatype(term.value)
    if not isinstance(term, Literal):
        return "a blank node"
    if term.datatype.value in _PLAIN:
        return term.value
    if term.language or term.datatype.value == XSD + "string":
        return f'"{term.value}"' + (f"@{term.language}" if term.language else "")
    return f'"{term.value}"^^{short_datatype(term.datatype.value)}'


def node_kind(term: object) -> str:
    """Return a kind of node in words."""
    name = str(term).strip("<>").removeprefix(SH)
    return NODE_KINDS.get(name, name)


def _alternatives(before: str, word: str, each: str = "") -> _Demand:
    def demand(all_: Demands, shape: object, value: object, depth: int) -> str | None:
        said = (each + all_.of(member, depth + 1) for member in all_.members(value))
        return before + _joined(said, word)

    return demand


def _pattern(all_: Demands, shape: object, value: object, depth: int) -> str:
    flags = "".join(getattr(flag, "value", "") for flag in all_.values(shape, "flags"))
    text = getattr(value, "value", "")
    return f"matches the pattern {text}" + (f" (flags {flags})" if flags else "")


def _closed(all_: Demands, shape: object, value: object, depth: int) -> str | None:
    if value != TRUE:
        return None
    paths = [p for node in all_.values(shape, "property") for p in all_.values(node, "path")]
    others = [m for head in all_.values(shape, "ignoredProperties") for m in all_.members(head)]
    known = in_a_row(term for term in (*paths, *others) if not isinstance(term, BlankNode))
    return f"has no properties but {known}" if known else "has no properties"


# The demands with one gap for all values of a parameter are texts.
DEMANDS: Mapping[str, str | _Demand] = {
    "class": "is an instance of {}",
    "datatype": "is of datatype {}",
    "nodeKind": lambda all_, shape, value, depth: f"is {node_kind(value)}",
    "minInclusive": "is at least {}",
    "minExclusive": "is more than {}",
    "maxInclusive": "is at most {}",
    "maxExclusive": "is less than {}",
    "minLength": "has at least {} characters",
    "maxLength": "has at most {} characters",
    "pattern": _pattern,
    "languageIn": lambda all_, shape, value, depth: (
        f"is in one of the languages {in_a_row(all_.members(value))}"
    ),
    "equals": "is a value of {} too, and the other way round",
    "disjoint": "is not a value of {}",
    "lessThan": "is less than every value of {}",
    "lessThanOrEquals": "is less than or equal to every value of {}",
    "hasValue": "is the value {}",
    "in": lambda all_, shape, value, depth: f"is one of {in_a_row(all_.members(value))}",
    "closed": _closed,
    "not": lambda all_, shape, value, depth: f"is not one that {all_.of(value, depth + 1)}",
    "and": _alternatives("", "and"),
    "or": _alternatives("either ", "or"),
    "xone": _alternatives("is just one of these: ", "or", each="one that "),
    "node": lambda all_, shape, value, depth: all_.of(value, depth + 1),
    "property": lambda all_, shape, value, depth: all_.of(value, depth + 1),
}
_COUNTS = {"minCount": "least", "maxCount": "most"}
_QUALIFIED = {"qualifiedMinCount": "least", "qualifiedMaxCount": "most"}
