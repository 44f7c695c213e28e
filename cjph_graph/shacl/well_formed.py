"""Whether the shapes are well-formed, even where the data have nothing that they are about.

A SHACL engine notices an ill-formed shape when it first has a node to check, if it does. Here each
parameter of each shape is looked at before any data are: how many values it may have, of which
kind, and whether a query is SPARQL.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from cjph_graph.errors import CjphError, InputError
from cjph_graph.rdf import BOOLEAN, INTEGERS, SH, Node, Term, is_well_formed
from cjph_graph.shacl.components import NODE_KINDS, OF_PROPERTIES
from cjph_graph.shacl.patterns import Matcher, NotARegexError
from cjph_graph.shacl.pyshacl_fixes import triple_term_error
from cjph_graph.shacl.shapes import PREFIXES, Shapes
from cjph_graph.sparql.tokens import tokenize, undeclared_prefix

_ONE = {
    *("path", "datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength", "flags"),
    *("languageIn", "uniqueLang", "in", "closed", "ignoredProperties", "deactivated", "severity"),
    *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
}
_QUERIES = {"select": "SELECT", "ask": "ASK"}
_VALIDATORS = ("sparql", "validator", "nodeValidator", "propertyValidator")
_PATHS = (
    *("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath"),
    "zeroOrOnePath",
)
_DEEPEST = 20
_SHOWN = 4

# What is wrong with a value; nothing if it is right.
_Check = Callable[[Shapes, Term], str | None]


def refuse_ill_formed(shapes: Shapes) -> None:
    """Raise InputError for shapes that no SHACL engine can use, naming each shape and its place."""
    for triple in shapes.triples:
        if isinstance(triple.object, Triple):
            raise triple_term_error(triple)
    problems = list(dict.fromkeys(_problems(shapes)))
    if not problems:
        return
    first, *others = (f"{reason}, in {shapes.named(node)}" for node, reason in problems)
    more = len(others) - _SHOWN
    listed = others[:_SHOWN] + ([f"and {more} more"] if more > 0 else [])
    hint = f"Also: {'; '.join(listed)}." if listed else None
    raise InputError(f"The shapes cannot be used: {first}.", hint)


def _problems(shapes: Shapes) -> Iterator[tuple[Node, str]]:
    for shape in shapes.subjects():
        said = shapes.names(shape)
        if not (said & _CHECKS.keys()) or shapes.is_deactivated(shape):
            continue
        is_property = "path" in said
        for name in sorted(said & _CHECKS.keys()):
            values = list(dict.fromkeys(shapes.objects(shape, name)))
            if len(values) > 1 and name in _ONE:
                yield shape, f"sh:{name} has {len(values)} values where one is allowed"
            for value in values:
                if reason := _CHECKS[name](shapes, value):
                    yield shape, f"sh:{name} {reason}"
            if name in OF_PROPERTIES and not is_property:
                yield shape, f"sh:{name} needs a sh:path beside it"
        yield from ((shape, reason) for reason in _patterns(shapes, shape))
    for owner, node in _validators(shapes):
        if reason := _query_problem(shapes, node):
            yield owner, reason


# Values ------------------------------------------------------------------------------------------


def _must_be(what: str, *kinds: type) -> _Check:
    return lambda _, value: (
        None if isinstance(value, kinds) else f"has {value}, which is not {what}"
    )


_iri = _must_be("an IRI", NamedNode)
_node = _must_be("a shape", NamedNode, BlankNode)
_literal = _must_be("a literal", Literal)


def _is_written(value: Term, datatypes: Collection[str]) -> bool:
    return (
        isinstance(value, Literal)
        and value.datatype.value in datatypes
        and is_well_formed(value.value, value.datatype.value)
    )


def _number(_: Shapes, value: Term) -> str | None:
    right = _is_written(value, INTEGERS) and not value.value.startswith("-")
    return None if right else f"has {value}, which is not a whole number of 0 or more"


def _boolean(_: Shapes, value: Term) -> str | None:
    right = _is_written(value, {BOOLEAN.value})
    return None if right else f"has {value} where true or false is allowed"


def _node_kind(_: Shapes, value: Term) -> str | None:
    name = value.value.removeprefix(SH) if isinstance(value, NamedNode) else ""
    return None if name in NODE_KINDS else f"has {value}, which is not a kind of node"


def _list(
    member: _Check, shapes: Shapes, value: Term, *, what: str = "list", least: int = 0
) -> str | None:
    members = None if isinstance(value, Literal) else shapes.members(value)
    if members is None:
        shown = "a value" if isinstance(value, BlankNode) else str(value)
        return f"has {shown}, which is not a {what} in ( … )"
    if len(members) < least:
        return f"has a list of {len(members)} where at least {least} must be"
    return next(filter(None, (member(shapes, one) for one in members)), None)


def _path(shapes: Shapes, value: Term, depth: int = 0) -> str | None:
    if isinstance(value, NamedNode):
        return None
    wrong = f"has {value}, which is not a path" if isinstance(value, Literal) else "is not a path"
    if isinstance(value, Literal) or depth > _DEEPEST:
        return wrong
    inner = partial(_path, depth=depth + 1)
    if members := shapes.members(value):
        return next(filter(None, (inner(shapes, member) for member in members)), None)
    for name in _PATHS:
        for operand in shapes.objects(value, name):
            if name == "alternativePath":
                return _list(inner, shapes, operand)
            return inner(shapes, operand)
    return wrong


_CHECKS: Mapping[str, _Check] = {
    "path": _path,
    "nodeKind": _node_kind,
    **dict.fromkeys(("datatype", "severity", "equals", "disjoint"), _iri),
    **dict.fromkeys(("lessThan", "lessThanOrEquals", "class"), _iri),
    **dict.fromkeys(("targetSubjectsOf", "targetObjectsOf"), _iri),
    "targetClass": _node,
    **dict.fromkeys(("minCount", "maxCount", "minLength", "maxLength"), _number),
    **dict.fromkeys(("qualifiedMinCount", "qualifiedMaxCount"), _number),
    **dict.fromkeys(("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"), _literal),
    **dict.fromkeys(("pattern", "flags"), _literal),
    **dict.fromkeys(("uniqueLang", "closed", "qualifiedValueShapesDisjoint"), _boolean),
    **dict.fromkeys(("not", "node", "property", "qualifiedValueShape", "sparql"), _node),
    **dict.fromkeys(("and", "or", "xone"), partial(_list, _node, what="list of shapes", least=1)),
    "in": partial(_list, lambda *_: None),
    "languageIn": partial(_list, _literal, what="list of languages"),
    "ignoredProperties": partial(_list, _iri, what="list of properties"),
}


def _patterns(shapes: Shapes, shape: Node) -> Iterator[str]:
    flags = "".join(f.value for f in shapes.objects(shape, "flags") if isinstance(f, Literal))
    for pattern in shapes.objects(shape, "pattern"):
        if isinstance(pattern, Literal):
            try:
                Matcher(pattern.value, flags)
            except NotARegexError as error:
                yield f"sh:pattern: {error}"


# Queries -----------------------------------------------------------------------------------------


def _validators(shapes: Shapes) -> Iterator[tuple[Node, Node]]:
    """Yield each node that has a query, after the shape or component that messages name."""
    for owner in shapes.subjects():
        for name in _VALIDATORS:
            if name == "sparql" and shapes.is_deactivated(owner):
                continue
            nodes = shapes.nodes(owner, name)
            yield from ((owner, n) for n in nodes if name == "sparql" or shapes.about(n))


def _query_problem(shapes: Shapes, node: Node) -> str | None:
    if shapes.is_deactivated(node):
        return None
    found = [(name, query) for name in _QUERIES for query in shapes.objects(node, name)]
    if not found:
        return None if shapes.objects(node, "jsFunctionName") else "a query has no sh:select"
    name, query = found[0]
    if len({*found}) > 1 or not isinstance(query, Literal):
        return f"sh:{name} takes one text"
    prefixes = {**PREFIXES, **shapes.prefixes(node)}
    head = " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in sorted(prefixes.items()))
    return _text_problem(name, f"{head}\n", query.value)


def _text_problem(name: str, head: str, text: str) -> str | None:
    """Return why a query, with its prefixes in a line above it, cannot be used."""
    try:
        tokens = tokenize(head + text)
    except CjphError as error:
        return f"the query is not SPARQL: {error.message.rstrip('.')}"
    words = {token.keyword for token in tokens}
    for word in words & {"MINUS", "VALUES"}:
        return f"the query has {word}, which SHACL does not allow"
    if _QUERIES[name] not in words:
        return f"the query of sh:{name} is not a {_QUERIES[name]}"
    try:
        Store().query(head + text)
    except RuntimeError:
        return None  # it is read, if not answered
    except (SyntaxError, ValueError) as error:
        # In the end rdflib reads it, which knows the usual prefixes by itself.
        if _is_known_to_rdflib(head + text):
            return None
        if token := undeclared_prefix(tokens):
            return (
                f"the query uses {token.text.partition(':')[0]}: and no sh:prefixes declares it;"
                " @prefix in the file does not count"
            )
        place = re.sub(r"(?<=at )(\d+)(?=:)", lambda m: str(int(m[1]) - 1), str(error))
        return f"the query is not SPARQL: {' '.join(place.split())}"
    return None


def _is_known_to_rdflib(text: str) -> bool:
    from rdflib.plugins.sparql import prepareQuery

    try:
        prepareQuery(text)
    except Exception:
        return False
    return True
