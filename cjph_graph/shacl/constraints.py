"""Tests in SPARQL for values that may break the constraints of shapes."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from cjph_graph.rdf import SH, SUBCLASS, TYPE, Node, Term
from cjph_graph.shacl import components, literal_tests
from cjph_graph.shacl.closed import not_allowed
from cjph_graph.shacl.expressions import (
    ALWAYS,
    NEVER,
    UNDECIDED,
    NotInSparqlError,
    Test,
    any_of,
    either,
    expressible,
    iri,
    list_members,
    literal,
    negated,
    node,
    none_of,
    not_instance,
    only_one,
    query_term,
    roughly,
    same,
    whole_number,
)
from cjph_graph.shacl.footprint import Footprint
from cjph_graph.shacl.pairs import different, pair_broken, pair_of_node_broken
from cjph_graph.shacl.paths import Paths
from cjph_graph.shacl.shapes import Below, Shapes

_MOST_NESTED = 8
_MOST_COUNTED = 4


class Constraints:
    """The constraints that one query is about.

    It remembers what decides the answer: `paths` where they lead, `footprint` the whole, and
    whether all tests were `exact`. `numbers` go into the names of variables. Raises
    NotInSparqlError for what SPARQL cannot say.
    """

    def __init__(self, shapes: Shapes, below: Below, numbers: Iterator[int]) -> None:
        self.paths = Paths(shapes)
        self._shapes = shapes
        self._below = below
        self._numbers = numbers
        self._deep = self._by_text = self._by_kind = False
        self.exact = True

    def footprint(self) -> Footprint:
        """Return which statements decide the answer to the tests that were made."""
        nearby = not (self._deep or self.paths.is_long)
        return Footprint(frozenset(self.paths.predicates), nearby, self._by_text, self._by_kind)

    def useful(self, tests: list[Test]) -> str:
        """Return a test that is true where any of some tests is, unless that is everywhere."""
        test = either(tests)
        if test.text == ALWAYS:
            raise NotInSparqlError
        self.exact &= test.exact
        return test.text

    def of_value(
        self, shape: Node, value: str, depth: int, *, without: tuple[str, ...] = ()
    ) -> Iterator[Test]:
        """Yield the tests of each value of a shape: of a node shape, the focus node."""
        if depth > _MOST_NESTED:
            raise NotInSparqlError
        is_property = bool(self._shapes.objects(shape, "path"))
        said = self._shapes.names(shape)
        for name in components.PARAMETERS:
            if name not in said or name in without:
                continue
            values = self._shapes.objects(shape, name)
            several = len(values) > 1 and name not in components.REPEATABLE
            if several or (not is_property and name in components.OF_PROPERTIES):
                raise NotInSparqlError
            if name == "sparql":
                yield UNDECIDED
            elif name == "closed":
                if (test_of := not_allowed(self._shapes, shape)) is not None:
                    inside = f"{value} ?p{(n := next(self._numbers))} ?o{n}"
                    yield Test(f"EXISTS {{ {inside} FILTER({test_of(f'?p{n}', f'?o{n}')}) }}")
            elif test := self._value_test(shape, name, values, value, depth):
                yield test
        if components.BESIDE_QUALIFIED & said and "qualifiedValueShape" not in said:
            raise NotInSparqlError
        if "ignoredProperties" in said and "closed" not in said:
            raise NotInSparqlError

    def _value_test(
        self, shape: Node, name: str, values: list[Term], value: str, depth: int
    ) -> Test | None:
        is_property = bool(self._shapes.objects(shape, "path"))
        match name:
            case "class":
                self.paths.predicates |= {TYPE, SUBCLASS}
                below = {kind: self._below.get(iri(kind), ()) for kind in map(iri, values)}.items()
                return Test(any_of(not_instance(value, *b, next(self._numbers)) for b in below))
            case "datatype":
                self._by_kind = True
                return expressible(literal_tests.not_of_datatype(value, iri(values[0]).value))
            case "nodeKind":
                kind = iri(values[0]).value.removeprefix(SH)
                if kind not in components.NODE_KINDS:
                    raise NotInSparqlError
                return Test(components.NODE_KINDS[kind].format(value))
            case "minInclusive" | "minExclusive" | "maxInclusive" | "maxExclusive":
                self._by_kind = True
                sign = components.OPERATORS[name]
                return roughly(literal_tests.not_within(value, sign, literal(b)) for b in values)
            case "minLength" | "maxLength":
                self._by_text = True
                length = whole_number(values[0])
                least, most = (length, None) if name == "minLength" else (None, length)
                if least == 0:
                    return None
                return Test(literal_tests.not_as_long(value, least, most))
            case "pattern":
                self._by_text = True
                flags = self._shapes.objects(shape, "flags")
                options = only_one(flags).value if flags else ""
                return roughly(literal_tests.not_matching(value, p.value, options) for p in values)
            case "languageIn":
                ranges = [literal(m).value for m in list_members(self._shapes, values[0])]
                return Test(literal_tests.not_in_languages(value, ranges))
            case "in":
                self._by_text = True
                return Test(none_of(value, list_members(self._shapes, values[0])))
            case "hasValue" if not is_property:
                self._by_text = True
                return Test(any_of(f"!{same(value, member)}" for member in values))
            case "node" | "not" | "and" | "or" | "xone":
                return either([self._logical(name, operand, value, depth) for operand in values])
            case "property":
                self._deep = True
                return either([self._nested_property(node(p), value, depth) for p in values])
            case "equals" | "disjoint" if not is_property:
                self._by_text = True
                return Test(
                    any_of(
                        pair_of_node_broken(name, value, self._predicate(other), self._variable())
                        for other in values
                    )
                )
            case _:
                return None

    def _logical(self, name: str, operand: Term, value: str, depth: int) -> Test:
        """Return the test of a constraint that refers to other shapes."""
        if name in ("node", "not"):
            test = self._broken(node(operand), value, depth)
            return test if name == "node" else negated(test)
        tests = [self._broken(node(m), value, depth) for m in list_members(self._shapes, operand)]
        if not tests:
            raise NotInSparqlError
        match name:
            case "and":
                return either(tests)
            case "or":
                text = " && ".join(f"({test.text})" for test in tests)
                return Test(f"({text})", all(test.exact for test in tests))
            case _:
                if not all(test.exact for test in tests):
                    return UNDECIDED
                counted = " + ".join(f"IF({test.text}, 0, 1)" for test in tests)
                return Test(f"({counted}) != 1")

    def _broken(self, shape: Node, value: str, depth: int) -> Test:
        """Return a test for values that may not conform to a shape, whatever it consists of."""
        if self._shapes.is_deactivated(shape):
            return Test(NEVER)
        if not self._shapes.about(shape) or self._shapes.is_custom(shape) or depth > _MOST_NESTED:
            return UNDECIDED
        if self._shapes.objects(shape, "path"):
            return self._nested_property(shape, value, depth + 1)
        return either([*self.of_value(shape, value, depth + 1)])

    def _nested_property(self, shape: Node, focus: str, depth: int) -> Test:
        """Return a test for nodes that may not conform to a property shape."""
        if self._shapes.is_deactivated(shape):
            return Test(NEVER)
        if self._shapes.is_custom(shape) or depth > _MOST_NESTED:
            return UNDECIDED
        path = self.paths.of(shape)
        value = self._variable()
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

    def several(self, shape: Node, path: str, focus: str) -> Iterator[Test]:
        """Yield groups that match a node with too many values, or two in one language."""
        most, unique = self.limits(shape)
        if most is not None:
            count = min(most + 1, _MOST_COUNTED)
            names = [self._variable() for _ in range(count)]
            yield Test(different(focus, path, names), count > most)
        if unique:
            one, other = self._variable(), self._variable()
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
            raise NotInSparqlError
        count = whole_number(only_one(most)) if most else None
        return count, self._shapes.is_true(shape, "uniqueLang")

    def of_all(self, shape: Node, path: str, focus: str, depth: int) -> Iterator[Test]:
        """Yield tests for nodes that lack a value, or whose values clash with those of another."""
        self.paths.refuse_empty(
            shape, "minCount", "hasValue", "qualifiedValueShape", *components.OF_PAIRS
        )
        if least := self._shapes.objects(shape, "minCount"):
            count = whole_number(only_one(least))
            if count > _MOST_COUNTED:
                raise NotInSparqlError
            if count == 1:
                yield Test(f"NOT EXISTS {{ {self.paths.anywhere(shape, focus, self._variable)} }}")
            elif count:
                many = [self._variable() for _ in range(count)]
                yield Test(f"NOT EXISTS {{ {different(focus, path, many)} }}")
        for member in self._shapes.objects(shape, "hasValue"):
            self._by_text = True
            yield Test(f"NOT EXISTS {{ {focus} {path} {query_term(member)} }}")
        for name in components.OF_PAIRS:
            for other in self._shapes.objects(shape, name):
                self._by_text = True
                one, two = self._variable(), self._variable()
                yield pair_broken(name, focus, path, self._predicate(other), one, two)
        if self._shapes.objects(shape, "qualifiedValueShape"):
            yield from self._qualified(shape, path, focus, depth)

    def _qualified(self, shape: Node, path: str, focus: str, depth: int) -> Iterator[Test]:
        """Yield the tests for too few or too many values that conform to another shape."""
        self._deep = True
        if self._shapes.is_true(shape, "qualifiedValueShapesDisjoint"):
            raise NotInSparqlError
        least = self._shapes.objects(shape, "qualifiedMinCount")
        most = self._shapes.objects(shape, "qualifiedMaxCount")
        if not least and not most:
            raise NotInSparqlError
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

        What is not certain conforms if it is `over`, that is, one too many.
        """
        if count > _MOST_COUNTED:
            raise NotInSparqlError
        names = [self._variable() for _ in range(count)]
        broken = [self._broken(other, name, depth) for name in names]
        exact = all(test.exact for test in broken)
        values = different(focus, path, names)
        if over and not exact:
            return Test(f"EXISTS {{ {values} }}", exact=False)
        conforming = " && ".join(f"!({test.text})" for test in broken)
        return Test(f"EXISTS {{ {values} FILTER({conforming}) }}", exact)

    def _predicate(self, term: Term) -> NamedNode:
        predicate = iri(term)
        self.paths.predicates.add(predicate)
        return predicate

    def _variable(self) -> str:
        return f"?v{next(self._numbers)}"
