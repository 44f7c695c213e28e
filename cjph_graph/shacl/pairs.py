"""Tests in SPARQL that compare values of a focus node with each other."""

import itertools

from pyoxigraph import NamedNode

from cjph_graph.rdf import XSD
from cjph_graph.shacl.expressions import Test

_INTEGER = f"<{XSD}integer>"


def different(focus: str, path: str, names: list[str]) -> str:
    """Return a group that matches a node with values that are all different."""
    tests = [f"!sameTerm({one}, {two})" for one, two in itertools.combinations(names, 2)]
    values = " ".join(f"{focus} {path} {name} ." for name in names)
    return f"{values} FILTER({' && '.join(tests)})" if tests else values


def pair_broken(name: str, focus: str, path: str, other: NamedNode, one: str, two: str) -> Test:
    """Return a test for nodes whose values of a path break a pair with those of a predicate.

    `name` is the parameter, such as `equals`; `one` and `two` are variables that nothing else has.
    """
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
            # What is not a number is left to pySHACL, which compares more than SPARQL does, and
            # refuses a blank node even where there is nothing to compare it with.
            return Test(
                f"EXISTS {{ {focus} {path} {one} FILTER(isBlank({one})) }} ||"
                f" EXISTS {{ {focus} {path} {one} . {focus} {other} {two} FILTER(!COALESCE("
                f"DATATYPE({one}) = {_INTEGER} && DATATYPE({two}) = {_INTEGER} &&"
                f" {one} {'<' if name == 'lessThan' else '<='} {two}, false)) }}",
                exact=False,
            )


def pair_of_node_broken(name: str, focus: str, other: NamedNode, value: str) -> str:
    """Return the test of a node shape, whose only value is the focus node itself."""
    itself = f"EXISTS {{ {focus} {other} {value} FILTER(sameTerm({focus}, {value})) }}"
    another = f"EXISTS {{ {focus} {other} {value} FILTER(!sameTerm({focus}, {value})) }}"
    return itself if name == "disjoint" else f"!{itself} || {another}"
