"""Constraint components that stand in for some of pySHACL's, where these depart from SHACL.

pySHACL compares values as Python does, matches `pt-BR` only as a whole or by `pt`, and knows two
flags of regular expressions. While a validation runs, these are in its table of components, and
rdflib goes on where an expression fails at a value.
"""

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from pyshacl import shape
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.constraint_component import ConstraintComponent
from pyshacl.constraints.core.string_based_constraints import (
    LanguageInConstraintComponent,
    PatternConstraintComponent,
)
from pyshacl.constraints.core.value_constraints import DatatypeConstraintComponent
from pyshacl.helper import expression_helper
from pyshacl.helper.sparql_query_helper import SPARQLQueryHelper
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib import SH as SHACL
from rdflib import BNode, Literal
from rdflib.plugins.sparql.parserutils import Expr
from rdflib.plugins.sparql.sparql import SPARQLError

from cjph_graph.shacl.comparison import compare
from cjph_graph.shacl.patterns import matcher
from cjph_graph.shacl.rdflib_terms import from_rdflib
from cjph_graph.shacl.results import VARIABLE

_ORDER: dict[str, Callable[[int, int], bool]] = {
    "minInclusive": operator.ge,
    "minExclusive": operator.gt,
    "maxInclusive": operator.le,
    "maxExclusive": operator.lt,
    "lessThan": operator.lt,
    "lessThanOrEquals": operator.le,
}


@contextmanager
def replaced_components() -> Iterator[None]:
    """Have pySHACL use the components of this module, and skip texts that nobody reads."""
    CONSTRAINT_PARAMETERS_MAP.update(_COMPONENTS)
    try:
        with ExitStack() as replaced:
            replaced.enter_context(_replaced(Expr, "eval", _soundly(Expr.eval)))
            # It would join the descriptions of all results into one text, which grows with the
            # square, and make a graph of them, which takes 10 kB for each.
            describe, report = "make_v_result_description", "create_validation_report"
            make, bind = "make_v_result", "bind_messages"
            said = _with_messages(ConstraintComponent.make_v_result)
            replaced.enter_context(_replaced(ConstraintComponent, make, said))
            replaced.enter_context(_replaced(SPARQLQueryHelper, bind, _bind_messages))
            replaced.enter_context(_replaced(ConstraintComponent, describe, lambda *_, **__: ""))
            replaced.enter_context(_replaced(Validator, report, staticmethod(_listed_results)))
            # Core constraints have messages here, which need nothing of what is around a value.
            for kind in {kind for kind in _KNOWN.values() if ".core." in kind.__module__}:
                replaced.enter_context(_replaced(kind, "make_generic_messages", lambda *_: []))
            # It asks for all of a shape again at each value.
            replaced.enter_context(_replaced(ShapesGraph, "predicate_objects", _remembered()))
            # Every property of every shape is looked for among them, in a list.
            known = (frozenset(ALL_CONSTRAINT_PARAMETERS), CONSTRAINT_PARAMETERS_MAP)
            replaced.enter_context(_replaced(shape, "CONSTRAINT_PARAMS", known))
            follow = "value_nodes_from_path"
            followed = _either_way(expression_helper.value_nodes_from_path)
            for module in (shape, expression_helper):
                replaced.enter_context(_replaced(module, follow, followed))
            yield
    finally:
        CONSTRAINT_PARAMETERS_MAP.update(_KNOWN)


def _with_messages(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes a result, with the messages of the rule or else of the shape.

    pySHACL has both, leaves out the language of those it fills in, and takes a backslash in a value
    for one in a regular expression.
    """

    def made(self: Any, graph: Any, focus: Any, **how: Any) -> tuple[Any, Any, list[Any]]:
        own, bound = how.pop("extra_messages", None) or (), how.pop("bound_vars", None) or ()
        text, node, triples = make(self, graph, focus, **how)
        helper = getattr(self, "query_helper", None)
        messages = [*(helper.messages if helper else own)] or [*self.shape.message]
        if not messages:
            return text, node, triples
        if how.get("source_constraint"):
            # Of the bound variables, `this`, `path` and `value` are known by now.
            others = bound if isinstance(bound, dict) else dict(*bound[3:])
            told = {"this": focus, "path": how.get("result_path"), "value": how.get("value_node")}
            messages = [_filled(message, {**others, **told}) for message in messages]
        kept = [triple for triple in triples if triple[1] != SHACL.resultMessage]
        return text, node, kept + [(node, SHACL.resultMessage, each) for each in messages]

    return made


def _bind_messages(self: Any, param_map: Mapping[str, Any] | None = None) -> None:
    values = self.param_bind_map if param_map is None else param_map
    self.bound_messages = {_filled(message, values) for message in self.unbound_messages}


def _filled(message: Any, values: Mapping[str, Any]) -> Any:
    """Return a message of rdflib with the values of its variables put in, by name."""

    def value_of(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return match[0]
        return f"_:{value}" if isinstance(value, BNode) else _text(value)

    return Literal(re.sub(VARIABLE, value_of, str(message)), lang=message.language)


def _either_way(follow: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that follows a path, and a sequence the other way round as well.

    pySHACL makes of the inverse of a sequence, `^(a/b)`, the path `^a/^b`, where it is `^b/^a`.
    """

    def followed(shapes: Any, focus: Any, path: Any, graph: Any, **how: Any) -> set[Any]:
        members = [*shapes.graph.items(path)] if how.get("inverse") else []
        found = {focus} if members else follow(shapes, focus, path, graph, **how)
        for member in reversed(members):
            deeper = {**how, "recursion": how["recursion"] + 1}
            found = set().union(*(followed(shapes, n, member, graph, **deeper) for n in found))
        return found

    return followed


def _remembered() -> Callable[[Any, Any], list[tuple[Any, Any]]]:
    """Return a function that looks up the statements about a node of the shapes, each once."""
    known: dict[Any, list[tuple[Any, Any]]] = {}

    def predicate_objects(shapes: Any, node: Any) -> list[tuple[Any, Any]]:
        if (found := known.get(node)) is None:
            found = known[node] = [*shapes.graph.predicate_objects(node)]
        return found

    return predicate_objects


def _listed_results(shapes: Any, conforms: bool, results: list[Any]) -> tuple[list[Any], str]:
    """Return, in place of the graph of a report, the triples of each of its results."""
    if not conforms and not results:
        raise RuntimeError("what does not conform has no result")
    return [triples for _, _, triples in results], ""


@contextmanager
def _replaced(owner: Any, name: str, value: object) -> Iterator[None]:
    before = getattr(owner, name, (None, None))
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _soundly(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that evaluates an expression, with a senseless value as an error inside it.

    As in SPARQL: a row is left out then. rdflib raises at YEAR of an hour 24, or CEIL of NaN.
    """

    def evaluated(self: Any, ctx: Any) -> Any:
        try:
            return evaluate(self, ctx)
        except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError) as error:
            return SPARQLError(str(error))

    return evaluated


def _is_ordered(name: str, left: Any, right: Any) -> bool:
    """Say whether two nodes of rdflib are literals in the order that a component asks for."""
    if not isinstance(left, Literal) or not isinstance(right, Literal):
        return False
    order = compare(from_rdflib(left), from_rdflib(right))  # type: ignore[arg-type]
    return order is not None and _ORDER[name](order, 0)


def _text(node: Any) -> str:
    return str(getattr(node, "written", node))


def _matches(tag: str, languages: Iterable[str]) -> bool:
    """Say whether a language tag is in one of some language ranges, as LANGMATCHES does."""
    tag = tag.lower()
    return any(
        wanted == "*" or tag == wanted or tag.startswith(f"{wanted}-")
        for wanted in (language.lower() for language in languages)
        if wanted
    )


def _report(
    component: Any, graph: Any, values: Any, conforms: Callable[[Any], bool]
) -> tuple[bool, list[Any]]:
    """Return whether any value breaks a component, and pySHACL's reports of those that do."""
    broken = [(f, v) for f, nodes in values.items() for v in nodes if not conforms(v)]
    return bool(broken), [component.make_v_result(graph, f, value_node=v) for f, v in broken]


def _range(known: Any, name: str) -> Any:
    """Return a component that compares values with a bound."""

    def evaluate_rule(self: Any, bound: Any, graph: Any, values: Any) -> tuple[bool, Any]:
        return _report(self, graph, values, lambda v: _is_ordered(name, v, bound))

    rule = "_evaluate_min_rule" if name.startswith("min") else "_evaluate_max_rule"
    return type(known.__name__, (known,), {rule: evaluate_rule})


def _pair(known: Any, name: str) -> Any:
    """Return a component that compares values with those of another property."""

    def compare_values(
        self: Any, values: Any, others: Any, graph: Any, focus: Any
    ) -> tuple[bool, Any]:
        broken = [v for v in values for other in others if not _is_ordered(name, v, other)]
        return bool(broken), [self.make_v_result(graph, focus, value_node=v) for v in broken]

    rule = "_compare_lt" if name == "lessThan" else "_compare_ltoe"
    return type(known.__name__, (known,), {rule: compare_values})


class _Datatype(DatatypeConstraintComponent):
    def _assert_actual_datatype(self, value_node: Any, datatype_rule: Any) -> bool:
        # Whether it is written as its datatype asks was decided when it was read.
        return True


class _Pattern(PatternConstraintComponent):
    def __init__(self, shape: Any) -> None:
        super(PatternConstraintComponent, self).__init__(shape)
        self.string_rules = list(shape.objects(SHACL.pattern))
        flags = "".join(map(str, sorted(set(shape.objects(SHACL.flags)))))
        self._matchers = {p: matcher(str(p), flags) for p in self.string_rules}

    def _evaluate_string_rule(self, rule: Any, graph: Any, values: Any) -> tuple[bool, Any]:
        def matches(value: Any) -> bool:
            return not isinstance(value, BNode) and self._matchers[rule].search(_text(value))

        return _report(self, graph, values, matches)


class _LanguageIn(LanguageInConstraintComponent):
    def _evaluate_string_rule(self, rule: Any, graph: Any, values: Any) -> tuple[bool, Any]:
        languages = [str(member) for member in self.shape.sg.graph.items(rule)]

        def matches(value: Any) -> bool:
            tag = value.language if isinstance(value, Literal) else None
            return bool(tag) and _matches(str(tag), languages)

        return _report(self, graph, values, matches)


def _length(known: Any) -> Any:
    """Return a component that measures texts as they were written."""
    reading = {"value_node_to_string": classmethod(lambda cls, v: _text(v))}
    return type(known.__name__, (known,), reading)


_KNOWN: dict[Any, Any] = dict(CONSTRAINT_PARAMETERS_MAP)
# By their parameter, as pySHACL's table has them.
_COMPONENTS: dict[Any, Any] = {
    SHACL.datatype: _Datatype,
    SHACL.pattern: _Pattern,
    SHACL.languageIn: _LanguageIn,
    **{SHACL[name]: _length(_KNOWN[SHACL[name]]) for name in ("minLength", "maxLength")},
    **{SHACL[name]: _range(_KNOWN[SHACL[name]], name) for name in _ORDER if "clusive" in name},
    **{SHACL[name]: _pair(_KNOWN[SHACL[name]], name) for name in _ORDER if "Than" in name},
}
