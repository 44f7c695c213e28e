"""Which statements decide the answer to a query."""

from typing import NamedTuple

from pyoxigraph import NamedNode


class Footprint(NamedTuple):
    """Which statements decide an answer, as a store keeps some of them in another form.

    `predicates` of None are all. `nearby` is true when only statements about the focus node count.
    `by_text` is true when it matters how a value is written, `by_kind` when only its datatype does.
    """

    predicates: frozenset[NamedNode] | None
    nearby: bool
    by_text: bool
    by_kind: bool
