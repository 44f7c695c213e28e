"""What may break the constraints of shapes, as tests in SPARQL."""

import itertools
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode

from cjph_graph.shacl import literal_tests as lexical
from cjph_graph.shacl.expressions import (
    ALWAYS,
    NEVER,
    UNTOLD,
    Test,
    UntoldError,
    any_of,
    either,
    iri,
    listed,
    literal,
    negated,
    node,
    none_of,
    only_one,
    same,
    told,
    whole_number,
    written,
)
from cjph_graph.shacl.paths import Paths
from cjph_graph.shacl.shapes import SH, SUBCLASS, TYPE, Below, Node, Shapes, Term

_MOST_NESTED = 8
_MOST_COUNTED = 4
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_NODE_KINDS = {
    "IRI": "!isIRI({0})",
    "BlankNode": "!isBlank({0})",
    "Literal": "!isLiteral({0})",
    "BlankNodeOrIRI": "isLiteral({0})",
    "BlankNodeOrLiteral": "isIRI({0})",
    "IRIOrLiteral": "isBlank({0})",
}
_OPERATORS = {
    "minInclusive": ">=",
    "minExclusive": ">",
    "maxInclusive": "<=",
    "maxExclusive": "<",
}
# Parameters of constraints. Those of the second group go with one of the first.
_PARAMETERS = (
    *("class", "datatype", "nodeKind", "minCount", "maxCount", *_OPERATORS, "minLength"),
    *("maxLength", "pattern", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan"),
    *("lessThanOrEquals", "not", "and", "or", "xone", "node", "property"),
    *("qualifiedValueShape", "closed", "hasValue", "in", "sparql"),
)
_OF_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_REPEATABLE = (
    *("class", "pattern", "property", "node", "not", "and", "or", "xone", "hasValue", "sparql"),
    *("qualifiedValueShape", *_OF_PAIRS, *_OPERATORS),
)
_BESIDE_QUALIFIED = {"qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"}
_OF_PROPERTIES = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")


class Footprint(NamedTuple):
    """Which statements decide an answer, for the sake of those that a store keeps otherwise.

    `predicates` of None are all. `nearby` is true when only statements about the focus node count.
    `by_text` is true when it matters how a value is written, `by_kind` when only its datatype does.
    """

    predicates: frozenset[NamedNode] | None
    nearby: bool
    by_text: bool
    by_kind: bool


class Constraints:
    """The constraints that one question is about.

    It remembers what decides the answer: `paths` where they lead, and `footprint` tells the rest.
    `numbers` go into the names of variables. Raises UntoldError for what SPARQL cannot tell.
    """

    def __init__(self, shapes: Shapes, below: Below, numbers: Iterator[int]) -> None:
        self.paths = Paths(shapes)
        self._shapes = shapes
        self._below = below
        self._numbers = numbers
        self._deep = self._by_text = self._by_kind = False

    def footprint(self) -> Footprint:
        """Return which statements decide the answer to the tests that were made."""
        nearby = not (self._deep or self.paths.is_long)
        return Footprint(frozenset(self.paths.predicates), nearby, self._by_text, self._by_kind)

    # What is said of one value ---------------------------------------------------------------

    def of_value(
        self, shape: Node, value: str, depth: int, *, without: tuple[str, ...] = ()
    ) -> Iterator[Test]:
        """Yield the tests of each value of a shape: of a node shape, the focus node."""
        if depth > _MOST_NESTED:
            raise UntoldError
        is_property = bool(self._shapes.objects(shape, "path"))
        said = self._shapes.names(shape)
        for name in _PARAMETERS:
            if name not in said or name in without:
                continue
            values = self._shapes.objects(shape, name)
            if len(values) > 1 and name not in _REPEATABLE:
                raise UntoldError
            if not is_property and name in _OF_PROPERTIES:
                raise UntoldError
            if name == "sparql":
                yield UNTOLD
            elif name == "closed":
                if (allowed := self.allowed(shape)) is not None:
                    inside = f"{value} ?p{(n := self._number())} ?o{n}"
                    yield Test(f"EXISTS {{ {inside} FILTER({allowed(f'?p{n}', f'?o{n}')}) }}")
            elif test := self._value_test(shape, name, values, value, depth):
                yield test
        if _BESIDE_QUALIFIED & said and "qualifiedValueShape" not in said:
            raise UntoldError
        if "ignoredProperties" in said and "closed" not in said:
            raise UntoldError

    def _value_test(
        self, shape: Node, name: str, values: list[Term], value: str, depth: int
    ) -> Test | None:
        is_property = bool(self._shapes.objects(shape, "path"))
        match name:
            case "class":
                return Test(any_of(self._not_instance(value, iri(kind)) for kind in values))
            case "datatype":
                self._by_kind = True
                return told(lexical.not_of_datatype(value, iri(values[0]).value))
            case "nodeKind":
                kind = iri(values[0]).value.removeprefix(SH)
                if kind not in _NODE_KINDS:
                    raise UntoldError
                return Test(_NODE_KINDS[kind].format(value))
            case "minInclusive" | "minExclusive" | "maxInclusive" | "maxExclusive":
                self._by_kind = True
                tests = [
                    told(lexical.not_within(value, _OPERATORS[name], literal(bound)))
                    for bound in values
                ]
                return Test(either(tests).text, exact=False)
            case "minLength" | "maxLength":
                self._by_text = True
                length = whole_number(values[0])
                least, most = (length, None) if name == "minLength" else (None, length)
                if least == 0:
                    return None
                text = lexical.not_as_long(value, least, most)
                return Test(f"({lexical.untold(value)} || {text})", exact=False)
            case "pattern":
                self._by_text = True
                flags = self._shapes.objects(shape, "flags")
                if len(flags) > 1:
                    raise UntoldError
                options = flags[0].value if flags else ""
                tests = [told(lexical.not_matching(value, p.value, options)) for p in values]
                text = any_of([lexical.untold(value), either(tests).text])
                return Test(text, exact=False)
            case "languageIn":
                ranges = [literal(m).value for m in listed(self._shapes, values[0])]
                return Test(lexical.not_in_languages(value, ranges))
            case "in":
                self._by_text = True
                members = listed(self._shapes, values[0])
                return Test(none_of(value, members))
            case "hasValue" if not is_property:
                self._by_text = True
                return Test(any_of(f"!{same(value, member)}" for member in values))
            case "node" | "not" | "and" | "or" | "xone":
                return either([self._logical(name, operand, value, depth) for operand in values])
            case "property":
                self._deep = True
                return either([self._nested_property(node(p), value, depth) for p in values])
            case "equals" | "disjoint" if not is_property:
                return self._pair_of_node(name, values, value)
            case _:
                return None

    def _logical(self, name: str, operand: Term, value: str, depth: int) -> Test:
        """Return the test of a constraint that refers to other shapes."""
        if name in ("node", "not"):
            test = self._broken(node(operand), value, depth)
            return test if name == "node" else negated(test)
        tests = [self._broken(node(m), value, depth) for m in listed(self._shapes, operand)]
        if not tests:
            raise UntoldError
        match name:
            case "and":
                return either(tests)
            case "or":
                text = " && ".join(f"({test.text})" for test in tests)
                return Test(f"({text})", all(test.exact for test in tests))
            case _:
                if not all(test.exact for test in tests):
                    return UNTOLD
                counted = " + ".join(f"IF({test.text}, 0, 1)" for test in tests)
                return Test(f"({counted}) != 1")

    def _broken(self, shape: Node, value: str, depth: int) -> Test:
        """Return a test for values that may not conform to a shape, whatever it consists of."""
        if self._shapes.is_deactivated(shape):
            return Test(NEVER)
        if not self._shapes.about(shape) or self._shapes.is_custom(shape) or depth > _MOST_NESTED:
            return UNTOLD
        if self._shapes.objects(shape, "path"):
            return self._nested_property(shape, value, depth + 1)
        return either([*self.of_value(shape, value, depth + 1)])

    def _nested_property(self, shape: Node, focus: str, depth: int) -> Test:
        """Return a test for nodes that may not conform to a property shape."""
        if self._shapes.is_deactivated(shape):
            return Test(NEVER)
        if self._shapes.is_custom(shape) or depth > _MOST_NESTED:
            return UNTOLD
        path = self.paths.of(shape)
        value = f"?v{self._number()}"
        tests: list[Test] = []
        if values := [*self.of_value(shape, value, depth + 1)]:
            test = either(values)
            if test.text == ALWAYS:
                tests.append(Test(f"EXISTS {{ {focus} {path} {value} }}", exact=False))
            elif test.text != NEVER:
                text = f"EXISTS {{ {focus} {path} {value} FILTER({test.text}) }}"
                tests.append(Test(text, test.exact))
        if tests and self.paths.may_be_empty(shape):
            tests += self.of_value(shape, focus, depth + 1)
        for many in self.several(shape, path, focus):
            tests.append(Test(f"EXISTS {{ {many.text} }}", many.exact))
        tests += self.of_all(shape, path, focus, depth)
        return either(tests)

    # What is said of the values together -------------------------------------------------------

    def several(self, shape: Node, path: str, focus: str) -> Iterator[Test]:
        """Yield groups that match a node with too many values, or two in one language."""
        most, unique = self.limits(shape)
        if most is not None:
            count = min(most + 1, _MOST_COUNTED)
            names = [f"?v{self._number()}" for _ in range(count)]
            yield Test(_different(focus, path, names), count > most)
        if unique:
            one, other = f"?v{self._number()}", f"?v{self._number()}"
            yield Test(
                f'{focus} {path} {one} FILTER(LANG({one}) != "") {focus} {path} {other}'
                f" FILTER(LCASE(LANG({one})) = LCASE(LANG({other})) && !sameTerm({one}, {other}))"
            )

    def limits(self, shape: Node) -> tuple[int | None, bool]:
        """Return how many values there may be, and whether each language has only one."""
        self.paths.refuse_empty(shape, "maxCount", "uniqueLang")
        most = self._shapes.objects(shape, "maxCount")
        unique = self._shapes.objects(shape, "uniqueLang")
        if unique and only_one(unique).value not in ("true", "false"):
            raise UntoldError
        count = whole_number(only_one(most)) if most else None
        return count, self._shapes.is_true(shape, "uniqueLang")

    def of_all(self, shape: Node, path: str, focus: str, depth: int) -> Iterator[Test]:
        """Yield tests for nodes that lack a value, or whose values do not go with others."""
        self.paths.refuse_empty(shape, "minCount", "hasValue", "qualifiedValueShape", *_OF_PAIRS)
        if least := self._shapes.objects(shape, "minCount"):
            count = whole_number(only_one(least))
            if count > _MOST_COUNTED:
                raise UntoldError
            if count:
                many = _different(focus, path, [f"?v{self._number()}" for _ in range(count)])
                yield Test(f"NOT EXISTS {{ {many} }}")
        for member in self._shapes.objects(shape, "hasValue"):
            self._by_text = True
            yield Test(f"NOT EXISTS {{ {focus} {path} {written(member)} }}")
        for name in _OF_PAIRS:
            for other in self._shapes.objects(shape, name):
                yield self._pair(name, path, f"{self._predicate(other)}", focus)
        if self._shapes.objects(shape, "qualifiedValueShape"):
            yield from self._qualified(shape, path, focus, depth)

    def _pair(self, name: str, path: str, other: str, focus: str) -> Test:
        one, two = f"?v{self._number()}", f"?v{self._number()}"
        self._by_text = True
        match name:
            case "disjoint":
                return Test(f"EXISTS {{ {focus} {path} {one} . {focus} {other} {one} }}")
            case "equals":
                return Test(
                    f"EXISTS {{ {focus} {path} {one} FILTER NOT EXISTS {{ {focus} {other} {one} }}"
                    f" }} || EXISTS {{ {focus} {other} {two} FILTER NOT EXISTS {{ {focus} {path}"
                    f" {two} }} }}"
                )
            case _:
                # What is no number is left to pySHACL, which compares more than SPARQL does, and
                # refuses a blank node even where there is nothing to compare it with.
                return Test(
                    f"EXISTS {{ {focus} {path} {one} FILTER(isBlank({one})) }} ||"
                    f" EXISTS {{ {focus} {path} {one} . {focus} {other} {two} FILTER(!COALESCE("
                    f"DATATYPE({one}) = <{_INTEGER}> && DATATYPE({two}) = <{_INTEGER}> &&"
                    f" {one} {'<' if name == 'lessThan' else '<='} {two}, false)) }}",
                    exact=False,
                )

    def _pair_of_node(self, name: str, values: list[Term], focus: str) -> Test:
        """Return the test of a node shape, whose only value is the focus node itself."""
        self._by_text = True
        tests = []
        for other in values:
            predicate, value = self._predicate(other), f"?v{self._number()}"
            itself = f"EXISTS {{ {focus} {predicate} {value} FILTER(sameTerm({focus}, {value})) }}"
            another = (
                f"EXISTS {{ {focus} {predicate} {value} FILTER(!sameTerm({focus}, {value})) }}"
            )
            tests.append(itself if name == "disjoint" else f"!{itself} || {another}")
        return Test(any_of(tests))

    def _qualified(self, shape: Node, path: str, focus: str, depth: int) -> Iterator[Test]:
        """Yield the tests for too few or too many values that conform to another shape."""
        self._deep = True
        if self._shapes.is_true(shape, "qualifiedValueShapesDisjoint"):
            raise UntoldError
        least = self._shapes.objects(shape, "qualifiedMinCount")
        most = self._shapes.objects(shape, "qualifiedMaxCount")
        if not least and not most:
            raise UntoldError
        for other in self._shapes.objects(shape, "qualifiedValueShape"):
            if least and (count := whole_number(only_one(least))):
                several = self._conforming(node(other), path, focus, count, depth)
                yield Test(f"NOT {several.text}", several.exact)
            if most:
                count = whole_number(only_one(most)) + 1
                yield self._conforming(node(other), path, focus, count, depth, over=True)

    def _conforming(
        self, other: Node, path: str, focus: str, count: int, depth: int, *, over: bool = False
    ) -> Test:
        """Return a test for nodes with so many values that conform to another shape.

        What cannot be told for sure conforms if it is `over`, that is, one too many.
        """
        if count > _MOST_COUNTED:
            raise UntoldError
        names = [f"?v{self._number()}" for _ in range(count)]
        broken = [self._broken(other, name, depth) for name in names]
        exact = all(test.exact for test in broken)
        values = _different(focus, path, names)
        if over and not exact:
            return Test(f"EXISTS {{ {values} }}", exact=False)
        conforming = " && ".join(f"!({test.text})" for test in broken)
        return Test(f"EXISTS {{ {values} FILTER({conforming}) }}", exact)

    def allowed(self, shape: Node) -> Callable[[str, str], str] | None:
        """Return what makes the test for a property that a closed shape does not allow.

        None if the shape is not closed.
        """
        closed = self._shapes.objects(shape, "closed")
        if not closed:
            return None
        if only_one(closed).value not in ("true", "false", "1", "0"):
            raise UntoldError
        if not self._shapes.is_true(shape, "closed"):
            return None
        ignored = [
            term
            for node in self._shapes.objects(shape, "ignoredProperties")
            for term in listed(self._shapes, node)
        ]
        paths: list[Term] = []
        for held in self._shapes.objects(shape, "property"):
            if len(path := self._shapes.objects(node(held), "path")) != 1:
                raise UntoldError
            paths += path
        known = sorted({str(n) for n in (*ignored, *paths) if isinstance(n, NamedNode)})

        def test(predicate: str, value: str) -> str:
            others = f"{predicate} NOT IN ({', '.join(known)})" if known else ALWAYS
            resource = "<http://www.w3.org/2000/01/rdf-schema#Resource>"
            if str(TYPE) in known:
                return others
            return f"{others} && !({predicate} = {TYPE} && sameTerm({value}, {resource}))"

        return test

    # Paths and terms ------------------------------------------------------------------------

    def _predicate(self, term: Term) -> NamedNode:
        predicate = iri(term)
        self.paths.predicates.add(predicate)
        return predicate

    def _not_instance(self, value: str, kind: NamedNode) -> str:
        self.paths.predicates |= {TYPE, SUBCLASS}
        below = self._below.get(kind, ())
        direct = f"NOT EXISTS {{ {value} {TYPE} {kind} }}"
        if below == ():
            return direct
        number = self._number()
        if below is None:
            return f"({direct} && NOT EXISTS {{ {value} {TYPE}/{SUBCLASS}* {kind} }})"
        kinds = ", ".join(map(str, below))
        inside = f"{value} {TYPE} ?c{number} FILTER(?c{number} IN ({kinds}))"
        return f"({direct} && NOT EXISTS {{ {inside} }})"

    def _number(self) -> int:
        return next(self._numbers)


def _different(focus: str, path: str, names: list[str]) -> str:
    """Return a group that matches a node with values that are all different."""
    tests = [f"!sameTerm({one}, {two})" for one, two in itertools.combinations(names, 2)]
    values = " ".join(f"{focus} {path} {name} ." for name in names)
    return f"{values} FILTER({' && '.join(tests)})" if tests else values
