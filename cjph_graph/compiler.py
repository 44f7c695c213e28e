"""Shapes compiled to SPARQL that finds the focus nodes which may break them.

A question may find too much, never too little: what cannot be told in SPARQL as pySHACL would
judge it is taken to be broken, which makes every target a suspect. That goes for shapes that are
ill-formed as well, on which pySHACL has the last word.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph import lexical
from cjph_graph.datatypes import is_kept
from cjph_graph.shapes import SH, SUBCLASS, TYPE, Below, Node, Shapes, Term

THIS = "?this"
# Variables that no rule in SPARQL may have beside its own.
OWN_NAMES = ("_class", "_any")
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
PARAMETERS = (
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
_OF_PROPERTIES = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
_ALWAYS, _NEVER = "true", "false"


@dataclass(frozen=True)
class Footprint:
    """Which statements decide an answer, for the sake of those that a store keeps otherwise.

    `predicates` of None are all. `nearby` is true when only statements about the focus node count.
    `by_text` is true when it matters how a value is written, `by_kind` when only its datatype does.
    """

    predicates: frozenset[NamedNode] | None
    nearby: bool
    by_text: bool
    by_kind: bool


@dataclass(frozen=True)
class Question:
    """A query for the focus nodes, `?this`, that may break what a shape says itself.

    `holder` is the shape: one that has targets, or a property shape right below some that have;
    `roots` are those. `parts` are groups of SPARQL that bind `?this`; None stands for all targets.
    `lack` is what the last part tests each target for, if it looks at nothing but what is missing.
    """

    holder: Node
    roots: tuple[Node, ...]
    parts: tuple[str, ...] | None
    footprint: Footprint
    lack: str = ""

    def text(self, only: str = "") -> str | None:
        """Return the query; `only` is a group that binds `?this` beforehand."""
        if self.parts is None:
            return None
        joined = " UNION ".join(f"{{ {only}{part} }}" for part in self.parts)
        return f"SELECT DISTINCT {THIS} WHERE {{ {joined} }}"

    def apart(self, only: str = "", *, without_lack: bool = False) -> list[tuple[str, str]]:
        """Return a query for each part, behind one that says whether it has any answer."""
        parts = self.parts or ()
        parts = parts[:-1] if self.lack and without_lack else parts
        groups = [f"{{ {only}{part} }}" for part in parts]
        return [(f"ASK {group}", f"SELECT DISTINCT {THIS} WHERE {group}") for group in groups]


class UntoldError(Exception):
    """Something that cannot be told in SPARQL."""


@dataclass(frozen=True)
class _Test:
    """An expression that is true for what may break a rule; `exact` if for nothing else."""

    text: str
    exact: bool = True


_UNTOLD = _Test(_ALWAYS, exact=False)


class Targets:
    """How to find the targets of shapes, in SPARQL."""

    def __init__(self, shapes: Shapes, below: Below) -> None:
        self._shapes = shapes
        self._below = below
        self._known: dict[tuple[Node, ...], str] = {}

    def found(self, roots: tuple[Node, ...]) -> str:
        """Return a group that binds `?this` to the targets of any of some shapes."""
        if (known := self._known.get(roots)) is None:
            known = self._known[roots] = self._found(roots)
        return known

    def _found(self, roots: tuple[Node, ...]) -> str:
        parts: list[str] = []
        listed, by_path = self._classes(roots)
        if listed:
            parts.append(f"{_values('?_class', listed)} {THIS} {TYPE} ?_class")
        parts += [f"{THIS} {TYPE}/{SUBCLASS}* {iri}" for iri in by_path]
        # Each by itself: Virtuoso finds nothing at all where VALUES is one of several ways.
        parts += [f"BIND({node} AS {THIS})" for node in self._named(roots)]
        parts += [f"{THIS} {iri} ?_any" for iri in self._iris(roots, "targetSubjectsOf")]
        parts += [f"?_any {iri} {THIS}" for iri in self._iris(roots, "targetObjectsOf")]
        if len(parts) == 1:
            return parts[0]
        return " UNION ".join(f"{{ {part} }}" for part in parts) or f"VALUES {THIS} {{ }}"

    def tested(self, roots: tuple[Node, ...]) -> str:
        """Return an expression that is true if `?this` is a target of any of some shapes."""
        parts: list[str] = []
        listed, by_path = self._classes(roots)
        if len(listed) == 1:
            parts.append(f"EXISTS {{ {THIS} {TYPE} {listed[0]} }}")
        elif listed:
            known = ", ".join(map(str, listed))
            parts.append(f"EXISTS {{ {THIS} {TYPE} ?_class FILTER(?_class IN ({known})) }}")
        parts += [f"EXISTS {{ {THIS} {TYPE}/{SUBCLASS}* {iri} }}" for iri in by_path]
        parts += [f"sameTerm({THIS}, {node})" for node in self._named(roots)]
        parts += [
            f"EXISTS {{ {THIS} {iri} ?_any }}" for iri in self._iris(roots, "targetSubjectsOf")
        ]
        parts += [
            f"EXISTS {{ ?_any {iri} {THIS} }}" for iri in self._iris(roots, "targetObjectsOf")
        ]
        return _any(parts) or _NEVER

    def predicates(self, roots: Iterable[Node]) -> set[NamedNode]:
        """Return the predicates of the statements that make a node a target."""
        ends = ("targetSubjectsOf", "targetObjectsOf")
        linked = {n for root in roots for end in ends for n in self._shapes.iris(root, end)}
        return {TYPE, SUBCLASS, *linked}

    def unnamed(self, root: Node) -> list[Term]:
        """Return the targets that a query cannot find, as it cannot name them: blank ones."""
        return [t for t in self._shapes.objects(root, "targetNode") if isinstance(t, BlankNode)]

    def _classes(self, roots: Iterable[Node]) -> tuple[list[NamedNode], list[NamedNode]]:
        listed: dict[NamedNode, None] = {}
        by_path: dict[NamedNode, None] = {}
        for kind in (kind for root in roots for kind in self._shapes.target_classes(root)):
            below = self._below.get(kind, ())
            if below is None:
                by_path[kind] = None
            else:
                listed |= dict.fromkeys((kind, *below))
        return list(listed), list(by_path)

    def _named(self, roots: Iterable[Node]) -> list[Term]:
        named = (t for root in roots for t in self._shapes.objects(root, "targetNode"))
        return [term for term in dict.fromkeys(named) if not isinstance(term, BlankNode)]

    def _iris(self, roots: Iterable[Node], name: str) -> list[NamedNode]:
        return list(dict.fromkeys(n for root in roots for n in self._shapes.iris(root, name)))


class Compiler:
    """Turns the shapes of a graph into questions."""

    def __init__(self, shapes: Shapes, below: Below) -> None:
        self._shapes = shapes
        self._below = below
        self.targets = Targets(shapes, below)
        self._numbers = itertools.count()
        self._custom = _custom_parameters(shapes)
        # Of the question being compiled: what decides it.
        self._predicates: set[NamedNode] = set()
        self._deep = self._all = self._by_text = self._by_kind = False
        self._lack = ""

    def questions(self) -> Iterator[Question]:
        """Yield the questions about core constraints; rules in SPARQL are not among them."""
        roots = [s for s in self._shapes.targeting() if not self._shapes.is_deactivated(s)]
        held: dict[Node, list[Node]] = {}
        for root in roots:
            for holder in self.holders(root):
                held.setdefault(holder, []).append(root)
        for holder, holding in held.items():
            parts = self._compiled(holder, tuple(holding))
            if parts != ():
                yield Question(holder, tuple(holding), parts, self._footprint(), self._lack)

    def holders(self, root: Node) -> list[Node]:
        """Return the shapes whose constraints a shape's targets have to keep: itself first.

        The values of a property shape are none of its targets: what it holds stays with it.
        """
        if self._shapes.objects(root, "path"):
            return [root]
        return [root, *dict.fromkeys(self._shapes.nodes(root, "property"))]

    def _footprint(self) -> Footprint:
        predicates = None if self._all else frozenset(self._predicates)
        return Footprint(predicates, not self._deep, self._by_text, self._by_kind)

    def _compiled(self, holder: Node, roots: tuple[Node, ...]) -> tuple[str, ...] | None:
        """Return the parts of a question; None if all targets are suspects."""
        self._predicates = set()
        self._deep = self._all = self._by_text = self._by_kind = False
        self._lack = ""
        if holder not in roots and (
            not self._shapes.objects(holder, "path") or self._custom_used(holder)
        ):
            return None
        if self._shapes.is_deactivated(holder):
            return ()
        if self._custom_used(holder):
            return None
        try:
            if self._shapes.objects(holder, "path"):
                return tuple(self._property_parts(holder, roots))
            return tuple(self._node_parts(holder, roots))
        except UntoldError:
            self._all = self._deep = True
            self._lack = ""
            return None

    def _node_parts(self, shape: Node, roots: tuple[Node, ...]) -> Iterator[str]:
        """Yield a part for what a node shape says of its targets, but for its property shapes."""
        found = self.targets.found(roots)
        tests = list(self._value_tests(shape, THIS, 0, without=("property", "closed", "sparql")))
        if tests:
            yield f"{_grouped(found)} FILTER({_useful(tests)})"
        if allowed := self._allowed(shape):
            test = allowed("?predicate", "?object")
            yield f"{_grouped(found)} {THIS} ?predicate ?object FILTER({test})"

    def _property_parts(self, shape: Node, roots: tuple[Node, ...]) -> Iterator[str]:
        """Yield parts for what a property shape says of the values of its path."""
        path = self._path(shape)
        target = self.targets.tested(roots)
        tests = list(self._value_tests(shape, "?value", 0, without=("sparql",)))
        if tests:
            # Of two conditions a store may take the costlier first, of IF it can't.
            yield f"{THIS} {path} ?value FILTER(IF({_useful(tests)}, {target}, false))"
        if tests and self._is_nullable(shape):
            tests = list(self._value_tests(shape, THIS, 0, without=("sparql",)))
            yield f"{_grouped(self.targets.found(roots))} FILTER({_useful(tests)})"
        for several in self._several(shape, path, THIS):
            yield f"{several.text} FILTER({target})"
        if tests := [*self._few_tests(shape, path, THIS, 0)]:
            self._lack = _useful(tests)
            yield f"{_grouped(self.targets.found(roots))} FILTER({self._lack})"

    # What is said of one value ---------------------------------------------------------------

    def _value_tests(
        self, shape: Node, value: str, depth: int, *, without: tuple[str, ...] = ()
    ) -> Iterator[_Test]:
        """Yield the tests of each value of a shape: of a node shape, the focus node."""
        if depth > _MOST_NESTED:
            raise UntoldError
        is_property = bool(self._shapes.objects(shape, "path"))
        for name in PARAMETERS:
            values = self._shapes.objects(shape, name)
            if not values or name in without:
                continue
            if len(values) > 1 and name not in _REPEATABLE:
                raise UntoldError
            if not is_property and name in _OF_PROPERTIES:
                raise UntoldError
            if name == "sparql":
                yield _UNTOLD
            elif name == "closed":
                if (allowed := self._allowed(shape)) is not None:
                    inside = f"{value} ?p{(n := self._number())} ?o{n}"
                    yield _Test(f"EXISTS {{ {inside} FILTER({allowed(f'?p{n}', f'?o{n}')}) }}")
            elif test := self._value_test(shape, name, values, value, depth):
                yield test
        if not self._shapes.objects(shape, "qualifiedValueShape") and any(
            self._shapes.objects(shape, f"qualified{name}")
            for name in ("MinCount", "MaxCount", "ValueShapesDisjoint")
        ):
            raise UntoldError
        if self._shapes.objects(shape, "ignoredProperties") and not self._shapes.objects(
            shape, "closed"
        ):
            raise UntoldError

    def _value_test(
        self, shape: Node, name: str, values: list[Term], value: str, depth: int
    ) -> _Test | None:
        is_property = bool(self._shapes.objects(shape, "path"))
        match name:
            case "class":
                return _Test(_any(self._not_instance(value, _iri(kind)) for kind in values))
            case "datatype":
                self._by_kind = True
                return _told(lexical.not_of_datatype(value, _iri(values[0]).value))
            case "nodeKind":
                kind = _iri(values[0]).value.removeprefix(SH)
                if kind not in _NODE_KINDS:
                    raise UntoldError
                return _Test(_NODE_KINDS[kind].format(value))
            case "minInclusive" | "minExclusive" | "maxInclusive" | "maxExclusive":
                self._by_kind = True
                told = [
                    _told(lexical.not_within(value, _OPERATORS[name], _literal(bound)))
                    for bound in values
                ]
                return _Test(_either(told).text, exact=False)
            case "minLength" | "maxLength":
                self._by_text = True
                length = _count(values[0])
                least, most = (length, None) if name == "minLength" else (None, length)
                if least == 0:
                    return None
                text = lexical.not_as_long(value, least, most)
                return _Test(f"({lexical.untold(value)} || {text})", exact=False)
            case "pattern":
                self._by_text = True
                flags = self._shapes.objects(shape, "flags")
                if len(flags) > 1:
                    raise UntoldError
                options = flags[0].value if flags else ""
                told = [_told(lexical.not_matching(value, p.value, options)) for p in values]
                text = _any([lexical.untold(value), _either(told).text])
                return _Test(text, exact=False)
            case "languageIn":
                ranges = [_literal(m).value for m in self._members(values[0])]
                return _Test(lexical.not_in_languages(value, ranges))
            case "in":
                self._by_text = True
                members = self._members(values[0])
                return _Test(_none_of(value, members))
            case "hasValue" if not is_property:
                self._by_text = True
                return _Test(_any(f"!{_same(value, member)}" for member in values))
            case "node" | "not" | "and" | "or" | "xone":
                return _either([self._logical(name, operand, value, depth) for operand in values])
            case "property":
                self._deep = True
                return _either([self._nested_property(_node(p), value, depth) for p in values])
            case "equals" | "disjoint" if not is_property:
                return self._pair_of_node(name, values, value)
            case _:
                return None

    def _logical(self, name: str, operand: Term, value: str, depth: int) -> _Test:
        """Return the test of a constraint that refers to other shapes."""
        if name in ("node", "not"):
            test = self._broken(_node(operand), value, depth)
            return test if name == "node" else _negated(test)
        tests = [self._broken(_node(m), value, depth) for m in self._members(operand)]
        if not tests:
            raise UntoldError
        match name:
            case "and":
                return _either(tests)
            case "or":
                text = " && ".join(f"({test.text})" for test in tests)
                return _Test(f"({text})", all(test.exact for test in tests))
            case _:
                if not all(test.exact for test in tests):
                    return _UNTOLD
                counted = " + ".join(f"IF({test.text}, 0, 1)" for test in tests)
                return _Test(f"({counted}) != 1")

    def _broken(self, shape: Node, value: str, depth: int) -> _Test:
        """Return a test for values that may not conform to a shape, whatever it consists of."""
        if self._shapes.is_deactivated(shape):
            return _Test(_NEVER)
        if not self._shapes.about(shape) or self._custom_used(shape) or depth > _MOST_NESTED:
            return _UNTOLD
        if self._shapes.objects(shape, "path"):
            return self._nested_property(shape, value, depth + 1)
        return _either([*self._value_tests(shape, value, depth + 1)])

    def _nested_property(self, shape: Node, focus: str, depth: int) -> _Test:
        """Return a test for nodes that may not conform to a property shape."""
        if self._shapes.is_deactivated(shape):
            return _Test(_NEVER)
        if self._custom_used(shape) or depth > _MOST_NESTED:
            return _UNTOLD
        path = self._path(shape)
        value = f"?v{self._number()}"
        tests: list[_Test] = []
        if values := [*self._value_tests(shape, value, depth + 1)]:
            test = _either(values)
            if test.text == _ALWAYS:
                tests.append(_Test(f"EXISTS {{ {focus} {path} {value} }}", exact=False))
            elif test.text != _NEVER:
                text = f"EXISTS {{ {focus} {path} {value} FILTER({test.text}) }}"
                tests.append(_Test(text, test.exact))
        if tests and self._is_nullable(shape):
            tests += self._value_tests(shape, focus, depth + 1)
        for many in self._several(shape, path, focus):
            tests.append(_Test(f"EXISTS {{ {many.text} }}", many.exact))
        tests += self._few_tests(shape, path, focus, depth)
        return _either(tests)

    # What is said of the values together -------------------------------------------------------

    def _several(self, shape: Node, path: str, focus: str) -> Iterator[_Test]:
        """Yield groups that match a node with too many values, or two in one language."""
        self._refuse_nullable(shape, "maxCount", "uniqueLang")
        if most := self._shapes.objects(shape, "maxCount"):
            count = min(_count(_only(most)) + 1, _MOST_COUNTED)
            names = [f"?v{self._number()}" for _ in range(count)]
            yield _Test(_different(focus, path, names), count > _count(_only(most)))
        if unique := self._shapes.objects(shape, "uniqueLang"):
            if _only(unique).value not in ("true", "false"):
                raise UntoldError
            if self._shapes.is_true(shape, "uniqueLang"):
                one, other = f"?v{self._number()}", f"?v{self._number()}"
                yield _Test(
                    f'{focus} {path} {one} FILTER(LANG({one}) != "") {focus} {path} {other}'
                    f" FILTER(LCASE(LANG({one})) = LCASE(LANG({other})) &&"
                    f" !sameTerm({one}, {other}))"
                )

    def _few_tests(self, shape: Node, path: str, focus: str, depth: int) -> Iterator[_Test]:
        """Yield tests for nodes that lack a value, or whose values do not go with others."""
        self._refuse_nullable(shape, "minCount", "hasValue", "qualifiedValueShape", *_OF_PAIRS)
        if least := self._shapes.objects(shape, "minCount"):
            count = _count(_only(least))
            if count > _MOST_COUNTED:
                raise UntoldError
            if count:
                many = _different(focus, path, [f"?v{self._number()}" for _ in range(count)])
                yield _Test(f"NOT EXISTS {{ {many} }}")
        for member in self._shapes.objects(shape, "hasValue"):
            self._by_text = True
            yield _Test(f"NOT EXISTS {{ {focus} {path} {_written(member)} }}")
        for name in _OF_PAIRS:
            for other in self._shapes.objects(shape, name):
                yield self._pair(name, path, f"{self._predicate(other)}", focus)
        if self._shapes.objects(shape, "qualifiedValueShape"):
            yield from self._qualified(shape, path, focus, depth)

    def _pair(self, name: str, path: str, other: str, focus: str) -> _Test:
        one, two = f"?v{self._number()}", f"?v{self._number()}"
        self._by_text = True
        match name:
            case "disjoint":
                return _Test(f"EXISTS {{ {focus} {path} {one} . {focus} {other} {one} }}")
            case "equals":
                return _Test(
                    f"EXISTS {{ {focus} {path} {one} FILTER NOT EXISTS {{ {focus} {other} {one} }}"
                    f" }} || EXISTS {{ {focus} {other} {two} FILTER NOT EXISTS {{ {focus} {path}"
                    f" {two} }} }}"
                )
            case _:
                # What is no number is left to pySHACL, which compares more than SPARQL does.
                return _Test(
                    f"EXISTS {{ {focus} {path} {one} . {focus} {other} {two} FILTER(!COALESCE("
                    f"DATATYPE({one}) = <{_INTEGER}> && DATATYPE({two}) = <{_INTEGER}> &&"
                    f" {one} {'<' if name == 'lessThan' else '<='} {two}, false)) }}",
                    exact=False,
                )

    def _pair_of_node(self, name: str, values: list[Term], focus: str) -> _Test:
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
        return _Test(_any(tests))

    def _qualified(self, shape: Node, path: str, focus: str, depth: int) -> Iterator[_Test]:
        self._deep = True
        if self._shapes.is_true(shape, "qualifiedValueShapesDisjoint"):
            raise UntoldError
        least = self._shapes.objects(shape, "qualifiedMinCount")
        most = self._shapes.objects(shape, "qualifiedMaxCount")
        if not least and not most:
            raise UntoldError
        for other in self._shapes.objects(shape, "qualifiedValueShape"):
            limit = _count(_only(most)) if most else None
            for count, exists in (
                (_count(_only(least)) if least else 0, "NOT EXISTS"),
                (None if limit is None else limit + 1, "EXISTS"),
            ):
                if not count:
                    continue
                if count > _MOST_COUNTED:
                    raise UntoldError
                names = [f"?v{self._number()}" for _ in range(count)]
                broken = [self._broken(_node(other), name, depth) for name in names]
                if exists == "EXISTS" and not all(test.exact for test in broken):
                    yield _Test(f"EXISTS {{ {_different(focus, path, names)} }}", exact=False)
                    continue
                conforming = " && ".join(f"!({test.text})" for test in broken)
                yield _Test(
                    f"{exists} {{ {_different(focus, path, names)} FILTER({conforming}) }}",
                    all(test.exact for test in broken),
                )

    def _allowed(self, shape: Node) -> Callable[[str, str], str] | None:
        """Return what makes the test for a property that a closed shape does not allow.

        None if the shape is not closed.
        """
        closed = self._shapes.objects(shape, "closed")
        if not closed:
            return None
        if _only(closed).value not in ("true", "false", "1", "0"):
            raise UntoldError
        if not self._shapes.is_true(shape, "closed"):
            return None
        ignored = [
            term
            for node in self._shapes.objects(shape, "ignoredProperties")
            for term in self._members(node)
        ]
        paths: list[Term] = []
        for node in self._shapes.objects(shape, "property"):
            if len(path := self._shapes.objects(_node(node), "path")) != 1:
                raise UntoldError
            paths += path
        known = sorted({str(n) for n in (*ignored, *paths) if isinstance(n, NamedNode)})

        def test(predicate: str, value: str) -> str:
            others = f"{predicate} NOT IN ({', '.join(known)})" if known else _ALWAYS
            resource = "<http://www.w3.org/2000/01/rdf-schema#Resource>"
            if str(TYPE) in known:
                return others
            return f"{others} && !({predicate} = {TYPE} && sameTerm({value}, {resource}))"

        return test

    # Paths and terms ------------------------------------------------------------------------

    def _path(self, shape: Node) -> str:
        return self._path_text(_only(self._shapes.objects(shape, "path")), 0)

    def _path_text(self, path: Term, depth: int) -> str:
        if isinstance(path, NamedNode):
            self._predicates.add(path)
            return str(path)
        self._deep = True
        if isinstance(path, Literal) or depth > _MOST_NESTED:
            raise UntoldError
        if members := self._shapes.members(path):
            return self._joined("/", members, path, depth)
        kinds = [
            (name, self._shapes.objects(path, name))
            for name in (
                "inversePath",
                "alternativePath",
                "zeroOrMorePath",
                "oneOrMorePath",
                "zeroOrOnePath",
            )
        ]
        said = [(name, values) for name, values in kinds if values]
        if len(said) != 1 or len(said[0][1]) != 1 or len(self._shapes.about(path)) != 1:
            raise UntoldError
        name, (inner,) = said[0]
        if name == "alternativePath":
            return self._joined("|", self._members(inner), None, depth)
        text = self._path_text(inner, depth + 1)
        mark = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
        return f"^({text})" if name == "inversePath" else f"({text}){mark[name]}"

    def _is_nullable(self, shape: Node) -> bool:
        """Say whether a node may be a value of its own, with no statement in between.

        Engines don't agree on that where the node is not in the graph: it is told apart.
        """
        return self._may_be_empty(_only(self._shapes.objects(shape, "path")))

    def _may_be_empty(self, path: Term, depth: int = 0) -> bool:
        if not isinstance(path, BlankNode):
            return False
        if depth > _MOST_NESTED:
            raise UntoldError
        if members := self._shapes.members(path):
            return all(self._may_be_empty(member, depth + 1) for member in members)
        for name in ("inversePath", "oneOrMorePath"):
            for inner in self._shapes.objects(path, name):
                return self._may_be_empty(inner, depth + 1)
        for inner in self._shapes.objects(path, "alternativePath"):
            return any(self._may_be_empty(way, depth + 1) for way in self._members(inner))
        return True

    def _refuse_nullable(self, shape: Node, *names: str) -> None:
        """Refuse to count the values of a path where a node may be one of its own."""
        if any(self._shapes.objects(shape, name) for name in names) and self._is_nullable(shape):
            raise UntoldError

    def _joined(self, sign: str, members: list[Term], node: Node | None, depth: int) -> str:
        if len(members) < 2 or (node is not None and len(self._shapes.about(node)) != 2):
            raise UntoldError
        return f"({sign.join(self._path_text(member, depth + 1) for member in members)})"

    def _predicate(self, term: Term) -> NamedNode:
        predicate = _iri(term)
        self._predicates.add(predicate)
        return predicate

    def _not_instance(self, value: str, kind: NamedNode) -> str:
        self._predicates |= {TYPE, SUBCLASS}
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

    def _members(self, node: Term) -> list[Term]:
        members = self._shapes.members(node)
        if members is None:
            raise UntoldError
        return members

    def _custom_used(self, shape: Node) -> bool:
        """Say whether a shape has a constraint of a component that the shapes graph declares."""
        return any(triple.predicate in self._custom for triple in self._shapes.about(shape))

    def _number(self) -> int:
        return next(self._numbers)


def _custom_parameters(shapes: Shapes) -> set[object]:
    return {
        path
        for triple in shapes.triples
        if triple.predicate.value == SH + "parameter"
        and isinstance(triple.object, NamedNode | BlankNode)
        for path in shapes.objects(triple.object, "path")
    }


def _told(text: str | None) -> _Test:
    if text is None:
        raise UntoldError
    return _Test(text)


def _iri(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise UntoldError
    return term


def _node(term: Term) -> Node:
    if isinstance(term, Literal):
        raise UntoldError
    return term


def _literal(term: Term) -> Literal:
    if not isinstance(term, Literal):
        raise UntoldError
    return term


def _only(terms: list[Term]) -> Literal:
    if len(terms) != 1:
        raise UntoldError
    return terms[0]  # type: ignore[return-value]


def _count(term: Term) -> int:
    """Return a parameter that is a whole number."""
    literal = _literal(term)
    if literal.datatype.value != _INTEGER or not literal.value.isascii():
        raise UntoldError
    if not literal.value.isdigit() or len(literal.value) > 9:
        raise UntoldError
    return int(literal.value)


def _written(term: Term) -> str:
    """Return a term as a query has it; what a store would write anew is not told."""
    if isinstance(term, BlankNode):
        raise UntoldError
    if isinstance(term, Literal) and not is_kept(term.value, term.datatype.value):
        raise UntoldError
    return str(term)


def _same(value: str, term: Term) -> str:
    return f"sameTerm({value}, {_written(term)})"


def _none_of(value: str, members: list[Term]) -> str:
    iris = [str(member) for member in members if isinstance(member, NamedNode)]
    others = [member for member in members if not isinstance(member, NamedNode)]
    tests = [f"!({value} IN ({', '.join(iris)}))"] if iris else []
    tests += [f"!{_same(value, member)}" for member in others]
    return f"({' && '.join(tests)})" if tests else _ALWAYS


def _different(focus: str, path: str, names: list[str]) -> str:
    """Return a group that matches a node with values that are all different."""
    tests = [f"!sameTerm({one}, {two})" for one, two in itertools.combinations(names, 2)]
    values = " ".join(f"{focus} {path} {name} ." for name in names)
    return f"{values} FILTER({' && '.join(tests)})" if tests else values


def _any(tests: Iterable[str]) -> str:
    return " || ".join(f"({test})" for test in tests)


def _either(tests: list[_Test]) -> _Test:
    if any(test.text == _ALWAYS for test in tests):
        return _UNTOLD
    kept = [test for test in tests if test.text != _NEVER]
    if not kept:
        return _Test(_NEVER)
    if len(kept) == 1:
        return kept[0]
    return _Test(_any(test.text for test in kept), all(test.exact for test in kept))


def _useful(tests: list[_Test]) -> str:
    """Return a test for what any of some tests is true for, if that is not everything."""
    test = _either(tests)
    if test.text == _ALWAYS:
        raise UntoldError
    return test.text


def _negated(test: _Test) -> _Test:
    if not test.exact:
        return _UNTOLD
    if test.text in (_ALWAYS, _NEVER):
        return _Test(_NEVER if test.text == _ALWAYS else _ALWAYS)
    return _Test(f"!({test.text})")


def _values(variable: str, terms: Iterable[Term]) -> str:
    return f"VALUES {variable} {{ {' '.join(map(str, terms))} }}"


def _grouped(group: str) -> str:
    return f"{{ {group} }}"
