"""Random shapes and random data, small and full of traps, the same for the same seed.

Everything is Turtle, a statement a line, so that a case can be read, pasted and cut down. There
are few names, so that things meet: the values of a property, the parameters of a shape, the
targets of several shapes.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

PREFIXES = """\
@prefix ex: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_THINGS = ("ex:a", "ex:b", "ex:c", "ex:d")
_BLANK = ("_:x", "_:y", "_:z")
_PROPERTIES = ("ex:p", "ex:q", "ex:r")
_CLASSES = ("ex:C", "ex:D", "ex:E")


def _typed(datatype: str, *texts: str) -> tuple[str, ...]:
    return tuple(f'"{text}"^^{datatype}' for text in texts)


# How values are written is a trap of its own: a store writes numbers and dates anew and takes
# "01" and "1" for one value, where SHACL counts two and wants the text.
_LITERALS: dict[str, tuple[str, ...]] = {
    "numbers": (
        *("0", "1", "2", "-1", "10", "1.0", "1.5", "1.50", "1e0", "1e5", "1.0e0"),
        *_typed("xsd:integer", "01", "+1", "-0", "00", "4_0", "abc", "", " 1 ", "1.0", "١"),
        *_typed("xsd:integer", "9223372036854775807", "9223372036854775808", "9" * 40),
        *_typed("xsd:decimal", "1", "01.0", "1.", ".5", "1e5", "0.1", "0." + "1" * 40),
        *_typed("xsd:decimal", "100000000000000000000.5", "170141183460469231731.7"),
        *_typed("xsd:double", "1", "1E5", "100000", "NaN", "INF", "-INF", "+INF", "-0", "0.1"),
        *_typed("xsd:float", "1", "0.1", "NaN", "INF", "1e39", "16777217", "inf"),
        *_typed("xsd:byte", "1", "127", "128", "300", "-1"),
        *_typed("xsd:int", "1", "01", "2147483648"),
        *_typed("xsd:nonNegativeInteger", "0", "-0", "-1", "1"),
        *_typed("xsd:unsignedLong", "18446744073709551615", "18446744073709551616"),
        *_typed("xsd:positiveInteger", "0", "2"),
    ),
    "booleans": (
        *("true", "false", "1", "0"),
        *_typed("xsd:boolean", "1", "0", "TRUE", "yes", ""),
        '"true"',
    ),
    "dates": (
        *_typed("xsd:date", "2020-01-01", "2020-01-01Z", "2020-01-01+00:00", "2020-01-01-00:00"),
        *_typed("xsd:date", "2020-02-29", "2020-02-30", "2019-12-31", "2020-01-01+14:00"),
        *_typed("xsd:date", "2020-W01-1", "20200101", "-0001-01-01", "10000-01-01", "0000-01-01"),
        *_typed("xsd:dateTime", "2020-01-01T00:00:00", "2020-01-01T00:00:00Z"),
        *_typed("xsd:dateTime", "2019-12-31T24:00:00", "2020-01-01T00:00:00.000"),
        *_typed("xsd:dateTime", "2020-01-01T00:00:00+00:00", "2020-01-01T05:00:00+05:00"),
        *_typed("xsd:dateTime", "2020-01-01", "2020-13-01T00:00:00", "2020-01-01T00:00:00.1"),
        *_typed("xsd:dateTimeStamp", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00"),
        *_typed("xsd:gYear", "2020", "2020Z", "2020+00:00", "2019", "02020", "abc", "-0001"),
        *_typed("xsd:gYearMonth", "2020-01", "2020-13", "2020-01Z"),
        *_typed("xsd:gMonth", "--01", "--13"),
        *_typed("xsd:gDay", "---01", "---32"),
        *_typed("xsd:gMonthDay", "--02-29", "--02-30"),
        *_typed("xsd:time", "12:00:00", "24:00:00", "12:00:00Z", "12:00:00.0", "25:00:00"),
        *_typed("xsd:duration", "P1Y", "P12M", "PT24H", "P1D", "P", "P0Y", "PT0S"),
        *_typed("xsd:dayTimeDuration", "P1D", "PT24H", "PT86400S", "P1Y"),
        *_typed("xsd:yearMonthDuration", "P1Y", "P12M", "P1D"),
        *('"2020"', "2020", '"2020-01-01"'),
    ),
    "texts": (
        *(
            '""',
            '"a"',
            '"A"',
            '"ab"',
            '"abc"',
            '"a b"',
            '"a\\nb"',
            '"a\\"b"',
            '"a\\\\b"',
            '"\\\\1"',
        ),
        *('"a.c"', '"^a$"', '"é"', '"e\\u0301"', '"😀"', '"a😀b"', '"\\t"', '"[a"', '"a\'b"'),
        *('"{?value}"', '"{$this}"', '"http://e/a"', '"ex:a"', '"1"', '"true"', '"a\\rb"', '"ß"'),
        *_typed("xsd:token", "a", " a ", "a  b"),
        *_typed("xsd:normalizedString", "a", "a\\nb"),
        *_typed("xsd:anyURI", "http://e/a", "a b", ""),
        *_typed("xsd:language", "en", "e_n"),
        *_typed("xsd:hexBinary", "0A", "0a", "0"),
        *_typed("xsd:base64Binary", "YQ==", "YQ"),
        *_typed("ex:size", "a", "1", "", "XL"),
        *_typed("rdf:HTML", "<b>a</b>"),
        *_typed("rdf:XMLLiteral", "<b>a</b>", "<b>"),
        *_typed("rdf:JSON", "{}", "{"),
    ),
    "languages": (
        *('"a"@en', '"a"@EN', '"b"@en', '"b"@En', '"a"@en-GB', '"a"@en-gb', '"c"@en-US'),
        *('"a"@de', '"a"@de-x-a', '""@en', '"a"', '"b"@zh-Hant', '"a"@en--ltr', '"a"@en--rtl'),
        *('"b"@en--ltr', '"a"@fr'),
    ),
}
_DATATYPES = (
    *("xsd:string", "xsd:integer", "xsd:decimal", "xsd:double", "xsd:float", "xsd:boolean"),
    *("xsd:date", "xsd:dateTime", "xsd:gYear", "xsd:byte", "xsd:int", "xsd:nonNegativeInteger"),
    *("xsd:time", "xsd:token", "xsd:anyURI", "xsd:duration", "xsd:dayTimeDuration", "ex:size"),
    *("xsd:dateTimeStamp", "xsd:unsignedLong", "rdf:langString", "rdf:dirLangString", "rdf:HTML"),
)
_PATTERNS = (
    *("^a", "a$", "^$", ".", "^.$", "^a.c$", "[a-c]+", "\\\\\\\\", "\\\\d", "^\\\\w+$", "é", "b$"),
    *("http://e/", "^http://e/[ab]$", "(a)\\\\1", "a(?=b)", "(?i)A", "^(a|b)*$", "\\\\s", "[^a]"),
    *("a{2,}", "^\\\\p{L}+$", "\\\\bb", "\\\\Z", "^[0-9]+$", "0", "^1$", "\\\\.", "x*", "\\\\n"),
)
_FLAGS = ("i", "s", "m", "x", "is", "q", "")
_LANGUAGES = ('"en"', '"EN"', '"de"', '"en-GB"', '"*"', '"e"', '"fr"', '""')
_KINDS = (
    *("sh:IRI", "sh:BlankNode", "sh:Literal"),
    *("sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral", "sh:IRIOrLiteral"),
)
_MESSAGES = (
    '"Mend this."',
    '"Mend {?value} of {$this}."@en',
    '"Anders, bitte."@de',
    '"{?path} {$value} {?nothing}"',
    '"C:\\\\Users {?value}"',
)


@dataclass(frozen=True)
class Case:
    """Data and shapes, each a tuple of statements in Turtle; `seed` is what they were made of."""

    seed: int
    data: tuple[str, ...]
    shapes: tuple[str, ...]

    def turtle(self) -> tuple[str, str]:
        """Return data and shapes as two documents."""
        return f"{PREFIXES}{_lines(self.data)}", f"{PREFIXES}{_lines(self.shapes)}"

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the statements of the `data` or of the `shapes`."""
        return self.data if name == "data" else self.shapes

    def having(self, name: str, lines: tuple[str, ...]) -> "Case":
        """Return a case with other data or other shapes."""
        if name == "data":
            return Case(self.seed, lines, self.shapes)
        return Case(self.seed, self.data, lines)


def shrunk(case: Case, fails: Callable[[Case], bool]) -> Case:
    """Return a case that fails and has no statement in it that could be left out or be simpler."""
    before = None
    while case != before:
        before = case
        for name in ("shapes", "data"):
            size = len(case.lines(name))
            while size:
                case = _without(case, name, size, fails)
                size //= 2
            for number in range(len(case.lines(name))):
                for simple in _simpler(case.lines(name)[number]):
                    lines = case.lines(name)
                    smaller = case.having(name, (*lines[:number], simple, *lines[number + 1 :]))
                    if fails(smaller):
                        case = smaller
                        break
    return case


def _without(case: Case, name: str, size: int, fails: Callable[[Case], bool]) -> Case:
    """Return a case that fails without as many statements as can go, `size` at a time."""
    start = 0
    while start < len(lines := case.lines(name)):
        smaller = case.having(name, lines[:start] + lines[start + size :])
        if fails(smaller):
            case = smaller
        else:
            start += size
    return case


def _simpler(line: str) -> Iterator[str]:
    """Yield a statement with a list that is shorter, or a path that is plain."""
    head, opening, rest = line.partition("( ")
    if opening and rest.endswith(" ) ."):
        members = rest.removesuffix(" ) .").split(" ")
        if not {"[", "(", '"'} & set(rest) or rest.count('"') == 2 * len(members):
            for number in range(len(members)):
                yield f"{head}( {' '.join(members[:number] + members[number + 1 :])} ) ."
    if " sh:path " in line and not line.endswith(" sh:path ex:p ."):
        yield f"{line.partition(' sh:path ')[0]} sh:path ex:p ."


def _lines(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)


def make_case(seed: int) -> Case:
    """Return the case of a seed."""
    chance = random.Random(seed)
    themes = chance.sample(sorted(_LITERALS), chance.choice((1, 1, 2)))
    pool = [literal for theme in themes for literal in _LITERALS[theme]]
    # Few of them, so that they stand beside each other.
    literals = tuple(chance.sample(pool, min(len(pool), chance.choice((3, 6, 12)))))
    shapes = _Shapes(chance, literals)
    shapes.make()
    return Case(seed, tuple(_data(chance, literals)), tuple(shapes.lines))


def _data(chance: random.Random, literals: tuple[str, ...]) -> Iterator[str]:
    nodes = [*chance.sample(_THINGS, chance.randint(1, 4)), *chance.sample(_BLANK, 2)]
    values = [*nodes, *literals]
    found: dict[str, None] = {}
    for _ in range(chance.randint(3, 22)):
        node, name = chance.choice(nodes), chance.choice(_PROPERTIES)
        value = chance.choice(literals if chance.random() < 0.6 else values)
        found[f"{node} {name} {value} ."] = None
        if chance.random() < 0.15:
            found[f"{node} {chance.choice(_PROPERTIES)} {value} ."] = None
    for node in nodes:
        if chance.random() < 0.7:
            found[f"{node} a {chance.choice(_CLASSES)} ."] = None
    for _ in range(chance.choice((0, 0, 1, 2, 3))):
        above, below = chance.choice(_CLASSES), chance.choice((*_CLASSES, *nodes))
        found[f"{below} rdfs:subClassOf {above} ."] = None
    if chance.random() < 0.5:
        names = chance.sample(_PROPERTIES, 2)
        for node in nodes[:3]:
            found[f'{node} {chance.choice(names)} "a"@en , "c"@EN , "b"@de .'] = None
    for odd in _ODD:
        if chance.random() < 0.04:
            found[odd.format(node=chance.choice(nodes), value=chance.choice(values))] = None
    lines = list(found)
    chance.shuffle(lines)
    yield from lines


_ODD = (
    '{node} a "ex:C" .',
    "{node} a {value} .",
    "{node} a rdfs:Class .",
    "{node} a {node} .",
    "{node} ex:p {node} .",
    "{node} ex:q {node} .",
    "ex:C a rdfs:Class .",
    "ex:C a ex:C .",
    "ex:C rdfs:subClassOf _:x .",
    'ex:C rdfs:subClassOf "ex:D" .',
    "{node} ex:p ( 1 {value} 1 ) .",
    "{node} ex:p ( ) .",
    "{node} ex:q _:l . _:l rdf:first {value} .",
    "{node} ex:q _:m . _:m rdf:first {value} ; rdf:rest _:m .",
    "{node} ex:r rdf:nil .",
    '{node} ex:r "a"@en--ltr , "a"@en--rtl , "a"@en .',
    "{node} rdf:value {value} .",
    "ex:p a rdf:Property ; rdfs:subPropertyOf ex:q .",
    "ex:S0 ex:p {value} .",
)


@dataclass
class _Shapes:
    """A shapes graph in the making.

    A shape that has been made may be used again, but not by itself: none is reached from itself.
    """

    chance: random.Random
    literals: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    count: int = 0
    nodes: list[str] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    components: list[str] = field(default_factory=list)

    def make(self) -> None:
        chance = self.chance
        kind = chance.random()
        sparql = 0.0 if kind < 0.75 else 0.8
        if sparql and chance.random() < 0.25:
            self._declare_component()
        for _ in range(chance.choice((1, 1, 2, 3))):
            if chance.random() < 0.7:
                shape = self.node_shape(0, sparql)
            else:
                shape = self.property_shape(0, sparql)
            self._targets(shape)
        # A shape that others use has targets of its own as well.
        for shape in (*self.nodes, *self.properties):
            if chance.random() < 0.08:
                self._targets(shape)
        if chance.random() < 0.04:
            shape = chance.choice((*self.nodes, *self.properties))
            self.say(shape, *chance.choice(_BROKEN))

    def say(self, subject: str, predicate: str, value: str) -> None:
        line = f"{subject} {predicate} {value} ."
        if line not in self.lines:
            self.lines.append(line)

    def _name(self, letter: str) -> str:
        self.count += 1
        blank = self.chance.random() < 0.3
        return f"{'_:s' if blank else f'ex:{letter}'}{self.count}"

    def _frame(self, shape: str) -> None:
        chance = self.chance
        if chance.random() < 0.04:
            self.say(shape, "sh:deactivated", chance.choice(("true", '"1"^^xsd:boolean', "false")))
        if chance.random() < 0.2:
            severity = chance.choice(("sh:Warning", "sh:Info", "sh:Violation", "ex:grave"))
            self.say(shape, "sh:severity", severity)
        if chance.random() < 0.3:
            for message in chance.sample(_MESSAGES, chance.choice((1, 1, 2))):
                self.say(shape, "sh:message", message)

    def _targets(self, shape: str) -> None:
        chance = self.chance
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            self.say(shape, *chance.choice(_TARGETS)(self))
        if chance.random() < 0.06:
            self.say(shape, "a", chance.choice(("rdfs:Class", "owl:Class")))

    def node_shape(self, depth: int, sparql: float = 0.0) -> str:
        shape = self._name("N")
        if depth == 0 or self.chance.random() < 0.5:
            self.say(shape, "a", "sh:NodeShape")
        # A class that is a shape has its things as targets.
        if depth == 0 and self.chance.random() < 0.08:
            shape = self.chance.choice(_CLASSES)
            self.say(shape, "a", "sh:NodeShape")
            self.say(shape, "a", "rdfs:Class")
        self._frame(shape)
        self._constrain(shape, depth, _ON_NODES, self.chance.choice((1, 1, 2, 3)))
        if self.chance.random() < sparql:
            self._rule(shape, None)
        self.nodes.append(shape)
        return shape

    def property_shape(self, depth: int, sparql: float = 0.0) -> str:
        shape = self._name("P")
        path = self.path()
        if self.chance.random() < 0.3:
            self.say(shape, "a", "sh:PropertyShape")
        self.say(shape, "sh:path", path)
        self._frame(shape)
        self._constrain(shape, depth, (*_ON_NODES, *_ON_PROPERTIES), self.chance.choice((1, 2, 3)))
        if self.chance.random() < sparql:
            self._rule(shape, path)
        self.properties.append(shape)
        return shape

    def _constrain(
        self, shape: str, depth: int, kinds: tuple["_Constraint", ...], count: int
    ) -> None:
        for make in self.chance.sample(kinds, count):
            make(self, shape, depth)

    def inner(self, depth: int) -> str:
        """Return a shape to be used by another: a new one, or one that is there already."""
        chance = self.chance
        if chance.random() < 0.3:
            return self.inner_property(depth)
        return self.inner_node(depth)

    def inner_node(self, depth: int) -> str:
        """Return a node shape to be used by another."""
        chance = self.chance
        if self.nodes and chance.random() < 0.15:
            return chance.choice(self.nodes)
        if depth < 2:
            return self.node_shape(depth + 1)
        shape = self._name("I")
        chance.choice(_SIMPLE)(self, shape, depth)
        return shape

    def inner_property(self, depth: int) -> str:
        chance = self.chance
        if self.properties and chance.random() < 0.15:
            return chance.choice(self.properties)
        if depth >= 2:
            shape = self._name("P")
            self.say(shape, "sh:path", self.path())
            chance.choice((*_SIMPLE, *_COUNTING))(self, shape, depth)
            return shape
        return self.property_shape(depth + 1)

    def path(self, depth: int = 0) -> str:
        chance = self.chance
        if chance.random() < (0.55 if depth == 0 else 0.65) or depth > 2:
            return chance.choice((*_PROPERTIES, "rdf:type") if depth else _PROPERTIES)
        one, other = self.path(depth + 1), self.path(depth + 1)
        return chance.choice(
            (
                f"[ sh:inversePath {one} ]",
                f"( {one} {other} )",
                f"[ sh:alternativePath ( {one} {other} ) ]",
                f"[ sh:zeroOrMorePath {one} ]",
                f"[ sh:oneOrMorePath {one} ]",
                f"[ sh:zeroOrOnePath {one} ]",
            )
        )

    def value(self) -> str:
        """Return a term that may well stand in the data."""
        return self.chance.choice((*self.literals, *self.literals, *_THINGS, "ex:C"))

    def literal(self) -> str:
        return self.chance.choice(self.literals)

    def datatype(self) -> str:
        """Return a datatype, mostly one that a literal has."""
        _, marked, datatype = self.literal().rpartition('"^^')
        return datatype if marked else self.chance.choice(_DATATYPES)

    def _rule(self, shape: str, path: str | None) -> None:
        chance = self.chance
        if self.components and chance.random() < 0.4:
            self.say(shape, "ex:limit", self.literal())
            return
        rule = self._name("R")
        self.say(shape, "sh:sparql", rule)
        texts = (*_RULES, *_PATH_RULES, *_PATH_RULES) if path else _RULES
        self.say(rule, "sh:select", f'"""{chance.choice(texts)}"""')
        self.say(rule, "sh:prefixes", "ex:prefixes")
        self.say("ex:prefixes", "sh:declare", '[ sh:prefix "ex" ; sh:namespace "http://e/" ]')
        if chance.random() < 0.6:
            for message in chance.sample(_RULE_MESSAGES, chance.choice((1, 2))):
                self.say(rule, "sh:message", message)
        if chance.random() < 0.04:
            self.say(rule, "sh:deactivated", "true")

    def _declare_component(self) -> None:
        chance = self.chance
        self.components.append("ex:Component")
        for line in (
            "ex:Component a sh:ConstraintComponent .",
            "ex:Component sh:parameter ex:limitParameter .",
            "ex:limitParameter sh:path ex:limit .",
            f"ex:Component {chance.choice(_VALIDATORS)} .",
            "ex:validator sh:prefixes ex:prefixes .",
            'ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://e/" ] .',
        ):
            self.lines.append(line)
        if chance.random() < 0.5:
            self.lines.append('ex:validator sh:message "Not within {$limit}: {?value}" .')


_Constraint = Callable[[_Shapes, str, int], None]
_TARGETS: tuple[Callable[[_Shapes], tuple[str, str]], ...] = (
    lambda s: ("sh:targetClass", s.chance.choice(_CLASSES)),
    lambda s: ("sh:targetClass", s.chance.choice(_CLASSES)),
    lambda s: ("sh:targetNode", s.chance.choice((*_THINGS, "ex:nowhere", "ex:C"))),
    lambda s: ("sh:targetNode", s.literal()),
    lambda s: ("sh:targetSubjectsOf", s.chance.choice(_PROPERTIES)),
    lambda s: ("sh:targetSubjectsOf", s.chance.choice(_PROPERTIES)),
    lambda s: ("sh:targetObjectsOf", s.chance.choice((*_PROPERTIES, "rdf:type"))),
)


def _saying(name: str, value: Callable[[_Shapes], str]) -> _Constraint:
    return lambda shapes, shape, depth: shapes.say(shape, f"sh:{name}", value(shapes))


def _pattern(shapes: _Shapes, shape: str, depth: int) -> None:
    shapes.say(shape, "sh:pattern", f'"{shapes.chance.choice(_PATTERNS)}"')
    if shapes.chance.random() < 0.4:
        shapes.say(shape, "sh:flags", f'"{shapes.chance.choice(_FLAGS)}"')


def _closed(shapes: _Shapes, shape: str, depth: int) -> None:
    chance = shapes.chance
    shapes.say(shape, "sh:closed", "true")
    if chance.random() < 0.7:
        ignored = chance.sample(("rdf:type", *_PROPERTIES), chance.choice((1, 2)))
        shapes.say(shape, "sh:ignoredProperties", f"( {' '.join(ignored)} )")
    if depth < 2:
        for _ in range(chance.choice((0, 1, 2))):
            shapes.say(shape, "sh:property", shapes.inner_property(depth))


def _logical(name: str) -> _Constraint:
    def make(shapes: _Shapes, shape: str, depth: int) -> None:
        members = [shapes.inner(depth) for _ in range(shapes.chance.choice((1, 2, 2, 3)))]
        shapes.say(shape, f"sh:{name}", f"( {' '.join(members)} )")

    return make


def _qualified(shapes: _Shapes, shape: str, depth: int) -> None:
    chance = shapes.chance
    shapes.say(shape, "sh:qualifiedValueShape", shapes.inner(depth))
    if chance.random() < 0.7:
        shapes.say(shape, "sh:qualifiedMinCount", chance.choice("0112"))
    if chance.random() < 0.6 or not any(f"{shape} sh:qualifiedMin" in x for x in shapes.lines):
        shapes.say(shape, "sh:qualifiedMaxCount", chance.choice("0112"))
    if chance.random() < 0.5:
        shapes.say(shape, "sh:qualifiedValueShapesDisjoint", "true")


def _siblings(shapes: _Shapes, shape: str, depth: int) -> None:
    """Two property shapes whose qualified values must be others."""
    path = shapes.path()
    for _ in range(2):
        sibling = shapes._name("P")
        shapes.say(sibling, "sh:path", path)
        _qualified(shapes, sibling, 2)
        shapes.say(sibling, "sh:qualifiedValueShapesDisjoint", "true")
        shapes.say(shape, "sh:property", sibling)


_SIMPLE: tuple[_Constraint, ...] = (
    _saying("class", lambda s: s.chance.choice(_CLASSES)),
    _saying("datatype", lambda s: s.datatype()),
    _saying("nodeKind", lambda s: s.chance.choice(_KINDS)),
    _saying("minInclusive", _Shapes.literal),
    _saying("maxInclusive", _Shapes.literal),
    _saying("minExclusive", _Shapes.literal),
    _saying("maxExclusive", _Shapes.literal),
    _saying("minLength", lambda s: s.chance.choice("0123")),
    _saying("maxLength", lambda s: s.chance.choice("0123")),
    _pattern,
    _saying("languageIn", lambda s: f"( {' '.join(s.chance.sample(_LANGUAGES, 2))} )"),
    _saying("hasValue", _Shapes.value),
    _saying(
        "in", lambda s: f"( {' '.join(s.value() for _ in range(s.chance.choice((1, 3, 5))))} )"
    ),
    _saying("equals", lambda s: s.chance.choice(_PROPERTIES)),
    _saying("disjoint", lambda s: s.chance.choice(_PROPERTIES)),
)
_COUNTING: tuple[_Constraint, ...] = (
    _saying("minCount", lambda s: s.chance.choice("01123")),
    _saying("maxCount", lambda s: s.chance.choice("01123")),
    _saying("uniqueLang", lambda s: s.chance.choice(("true", "true", "false", '"1"^^xsd:boolean'))),
)
_ON_NODES: tuple[_Constraint, ...] = (
    *_SIMPLE,
    _closed,
    _siblings,
    *(_logical(name) for name in ("and", "or", "xone")),
    lambda shapes, shape, depth: shapes.say(shape, "sh:node", shapes.inner_node(depth)),
    lambda shapes, shape, depth: shapes.say(shape, "sh:not", shapes.inner(depth)),
    *[lambda shapes, shape, depth: shapes.say(shape, "sh:property", shapes.inner_property(depth))]
    * 4,
)
_ON_PROPERTIES: tuple[_Constraint, ...] = (
    *_COUNTING,
    *_COUNTING,
    _saying("lessThan", lambda s: s.chance.choice(_PROPERTIES)),
    _saying("lessThanOrEquals", lambda s: s.chance.choice(_PROPERTIES)),
    _qualified,
)

# Rules in SPARQL. Left out, since docs/shacl.md says that a rule that is screened goes by the
# standard and by values: an order of what has none (numbers are told by isNumeric first), and how
# a number or a date is written (only texts and IRIs are looked at as texts). A repeated path stands
# first: where it starts from a value that Python counts as false ("" or 0), rdflib takes that for
# one that is not bound, and finds everything.
_BELOW = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_XSD_STRING = "<http://www.w3.org/2001/XMLSchema#string>"
_TEXT = f"(isIRI(?value) || LANG(?value) != '' || DATATYPE(?value) = {_XSD_STRING})"
_RULES = (
    "SELECT $this ?value { $this ex:p ?value FILTER(isIRI(?value)) }",
    "SELECT $this ?value { $this ex:p ?value FILTER(isBlank(?value)) }",
    "SELECT $this ?value { $this ex:p ?value FILTER(isNumeric(?value) && ?value > 1) }",
    "SELECT $this ?value { $this ex:p ?value . $this ex:q ?value }",
    "SELECT $this ?value { ?value ex:q $this }",
    "SELECT $this { FILTER NOT EXISTS { $this ex:q ?value } }",
    "SELECT $this { $this ex:p ?x FILTER NOT EXISTS { ?x ex:p $this } }",
    "SELECT $this { FILTER EXISTS { ?x ex:p $this FILTER(?x != $this) } }",
    "SELECT $this ?value { $this ex:p ?value OPTIONAL { $this ex:q ?y } FILTER(!BOUND(?y)) }",
    "SELECT $this ?value { { $this ex:p ?value } UNION { ?value ex:q $this } }",
    "SELECT $this ?value { { SELECT $this ?value { $this ex:p ?value } LIMIT 100 } }",
    "SELECT $this (COUNT(?v) AS ?value) { $this ex:p ?v FILTER(isIRI(?v)) } GROUP BY $this",
    "SELECT $this { $this ex:p ?v FILTER(!isLiteral(?v)) } GROUP BY $this HAVING(COUNT(?v) > 1)",
    "SELECT $this { BIND(STR($this) AS ?s) FILTER(STRSTARTS(?s, 'http://e/b')) }",
    f"SELECT $this ?value {{ $this ex:p ?value FILTER({_TEXT} && REGEX(STR(?value), 'A', 'i')) }}",
    f"SELECT $this ?value {{ $this ex:q ?value FILTER({_TEXT} && STRLEN(STR(?value)) < 2) }}",
    f"SELECT $this ?value {{ $this ex:q ?value FILTER(DATATYPE(?value) = {_XSD_STRING}) }}",
    "SELECT $this ?value { $this ?path ?value FILTER(LANG(?value) = 'en') }",
    "SELECT $this ?path ?value { $this ?path ?value FILTER(?path = ex:q || ?path = ex:r) }",
    "SELECT $this ?path ?value { $this ?path ?value FILTER(?path IN (ex:q, ex:r)) }",
    "SELECT $this ?value { $this ?path ?value . ?value a ?k FILTER(?path IN (ex:p, <http://e/q>))"
    " FILTER(isIRI(?value)) }",
    "SELECT DISTINCT $this ?value { ?value ?p ?o FILTER NOT EXISTS { ?value a ?kind } }",
    "SELECT $this ?value ?other { $this ex:p ?value ; ex:q ?other }",
    "SELECT $this ?value ?message { $this ex:p ?value BIND(CONCAT('Not ', 'so') AS ?message) }",
    "SELECT $this ('x' AS ?value) { $this ex:p [] }",
    "SELECT DISTINCT $this { $this ex:p|ex:q ?x } ORDER BY $this",
    "SELECT $this ?value { $this ex:q*/ex:p ?value FILTER(!isLiteral(?value)) }",
    f"SELECT $this ?value {{ $this a/{_BELOW}* ?value FILTER(?value IN (ex:C, ex:D)) }}",
    "SELECT $this ?value { $this ex:p ?value ; ex:q ?y FILTER(?value = ?y && !isLiteral(?y)) }",
    f"SELECT $this {{ $this a ?class FILTER NOT EXISTS {{ ?class {_BELOW} ?any }} }}",
    "SELECT ?this ?value WHERE { ?this ex:r ?value } # {",
    "SELECT $this { ?any ex:p ?that FILTER(?that = $this) }",
    "SELECT $this { FILTER(isIRI($this)) }",
    "SELECT $this { FILTER(bound($this)) }",
)
_PATH_RULES = (
    "SELECT $this ?value { $this $PATH ?value FILTER(isLiteral(?value)) }",
    "SELECT $this ?value { $this $PATH ?value FILTER(!isLiteral(?value)) }",
    f"SELECT $this ?value {{ $this $PATH ?value FILTER({_TEXT} && STR(?value) > 'a') }}",
    "SELECT $this { FILTER NOT EXISTS { $this $PATH ?value } }",
    "SELECT $this ?value ?x { $this $PATH ?value . ?value ex:p ?x }",
    "SELECT $this ?value { $this $PATH ?value FILTER(LANGMATCHES(LANG(?value), 'en')) }",
)
_RULE_MESSAGES = (
    '"{?value} of {$this}: {?other} {?x}"@en',
    '"Nein: {?value}"@de',
    '"No {?path}, no {$nothing}."',
)
_VALIDATORS = (
    "sh:validator ex:validator . ex:validator a sh:SPARQLAskValidator ; sh:ask"
    " 'ASK { FILTER(isLiteral($value) && $value != $limit) }'",
    "sh:validator ex:validator . ex:validator a sh:SPARQLAskValidator ; sh:ask"
    " 'ASK { FILTER NOT EXISTS { $value ex:p $limit } }'",
    "sh:nodeValidator ex:validator . ex:validator a sh:SPARQLSelectValidator ; sh:select"
    " 'SELECT $this ?value { $this ex:p ?value FILTER(?value = $limit) }'",
    "sh:propertyValidator ex:validator . ex:validator a sh:SPARQLSelectValidator ; sh:select"
    " 'SELECT $this ?value { $this $PATH ?value FILTER(?value != $limit) }'",
)
# What makes shapes unusable, or should.
_BROKEN = (
    ("sh:pattern", '"("'),
    ("sh:datatype", "xsd:integer , xsd:string"),
    ("sh:minCount", '"many"'),
    ("sh:nodeKind", "sh:Nothing"),
    ("sh:minLength", "-1"),
    ("sh:or", "ex:notAList"),
    ("sh:and", "( )"),
    ("sh:in", "( )"),
    ("sh:class", '"C"'),
    ("sh:node", "ex:Missing"),
    ("sh:not", "ex:Missing"),
    ("sh:property", "ex:Missing"),
    ("sh:qualifiedValueShape", "ex:Missing"),
    ("sh:path", "ex:p , ex:q"),
    ("sh:path", "'p'"),
    ("sh:minInclusive", "ex:a"),
    ("sh:closed", '"yes"'),
    ("sh:languageIn", '"en"'),
    ("sh:uniqueLang", '"true"'),
    ("sh:equals", '"p"'),
    ("sh:lessThan", "ex:q"),
    ("sh:hasValue", "ex:a , ex:b"),
    ("sh:sparql", "[ sh:select 'nothing' ]"),
    ("sh:sparql", "[ ]"),
    ("sh:sparql", "[ sh:select 'SELECT $this { $this ex:undeclared ?x }' ]"),
    ("sh:sparql", "[ sh:select 'SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }' ]"),
    ("sh:sparql", "[ sh:select 'SELECT $this { VALUES $this { <http://e/a> } }' ]"),
    ("sh:sparql", "[ sh:select 'SELECT $this { BIND(1 AS $this) }' ]"),
    ("sh:sparql", "[ sh:select 'SELECT $this { SERVICE <http://e/> { } }' ]"),
    ("sh:sparql", "[ sh:select 'SELECT $this (true AS ?failure) { }' ]"),
    ("sh:sparql", "[ sh:select 'SELECT ?value { $this ?p ?value }' ]"),
    ("sh:entailment", "<http://www.w3.org/ns/entailment/RDFS>"),
)
