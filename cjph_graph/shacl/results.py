"""Results of a SHACL validation, as plain values and as the triples of the W3C's report."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cjph_graph.rdf import SH, TYPE, Term
from cjph_graph.shacl.shapes import Shapes

# The properties of a result, in the order in which results are sorted.
PROPERTIES = (
    "focusNode",
    "resultPath",
    "value",
    "resultSeverity",
    "sourceConstraintComponent",
    "sourceConstraint",
    "sourceShape",
    "resultMessage",
)
_SINGLE = PROPERTIES[:-1]
# Texts that many results have are kept once; so many of them are remembered.
_REMEMBERED = 10_000
# What stands for a value in a message.
VARIABLE = r"\{[?$](\w+)\}"


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a SHACL validation.

    `focus` and `value` are as pySHACL names them: an IRI, `_:` and a label, or a literal's text;
    `path` is a property path as SPARQL writes it, `constraint` the rule in SPARQL or else the
    component, and the first of `messages` is the best for a reader. `details` are the results that
    led to this one.
    """

    focus: str
    path: str | None
    value: str | None
    severity: str
    constraint: str
    shape: str
    messages: tuple[str, ...]
    details: tuple["Result", ...] = ()
    # There may be hundreds of thousands: only the terms are kept, and no triples of them. Those of
    # properties in the order of `_SINGLE`, the messages, and what makes the path a path.
    _terms: tuple[Term | None, ...] = field(default=(), compare=False, repr=False)
    _said: tuple[Term, ...] = field(default=(), compare=False, repr=False)
    _path: tuple[Triple, ...] = field(default=(), compare=False, repr=False)

    def term(self, name: str) -> Term | None:
        """Return the term that a property of SHACL has here: `focusNode`, `value` and others."""
        return self._terms[_SINGLE.index(name)]

    @property
    def triples(self) -> tuple[Triple, ...]:
        """The W3C's report of this result, without the details; the first says which node it is."""
        subject = BlankNode()
        pairs = [(n, t) for n, t in zip(_SINGLE, self._terms, strict=True) if t is not None]
        pairs += [(PROPERTIES[-1], message) for message in self._said]
        return (
            Triple(subject, TYPE, NamedNode(SH + "ValidationResult")),
            *(Triple(subject, NamedNode(SH + name), term) for name, term in pairs),
            *self._path,
        )


def make_result(
    said: Mapping[str, Sequence[Term]], shapes: Shapes, details: tuple[Result, ...] = ()
) -> Result:
    """Return a result with the values in `said`, by property of SHACL."""
    terms = tuple(next(iter(said.get(name, ())), None) for name in _SINGLE)
    focus, path, value, severity, component, constraint, shape = terms
    messages = tuple(sorted(said.get("resultMessage", ()), key=_english_first))
    return Result(
        focus=term_text(focus) or "",
        path=None if path is None else sys.intern(shapes.path_text(path)),
        value=term_text(value),
        severity=term_text(severity) or "",
        constraint=term_text(constraint) or term_text(component) or "",
        shape=term_text(shape) or "",
        messages=_texts(messages),
        details=details,
        _terms=terms,
        _said=messages,
        _path=tuple(t for described in shapes.whole_path(path).values() for t in described),
    )


@lru_cache(maxsize=_REMEMBERED)
def _texts(messages: tuple[Term, ...]) -> tuple[str, ...]:
    return tuple(term_text(message) or "" for message in messages)


def query_result(
    constraint: NamedNode, message: Literal, severity: NamedNode, row: Mapping[str, Term]
) -> Result:
    """Return the result that a row of a query is, as if the query were a SPARQL constraint.

    The row has `this` and, if they are known, `path` and `value`; all of it may be in the message.
    """
    said: dict[str, list[Term]] = {
        "focusNode": [row["this"]],
        "resultPath": [row["path"]] if "path" in row else [],
        "value": [row["value"]] if "value" in row else [],
        "resultSeverity": [severity],
        "sourceConstraintComponent": [NamedNode(SH + "SPARQLConstraintComponent")],
        "sourceConstraint": [constraint],
        "resultMessage": [filled(message, row)],
    }
    return make_result(said, Shapes(()))


def filled(message: Literal, values: Mapping[str, Term]) -> Literal:
    """Return a message with the values of its variables put in, by name."""
    text = re.sub(
        VARIABLE,
        lambda match: (term_text(values.get(match[1])) or "") if match[1] in values else match[0],
        message.value,
    )
    return Literal(text, language=message.language)


def order(result: Result) -> tuple[str, ...]:
    """Return the key by which results are sorted."""
    parts = (result.focus, result.path, result.value, result.constraint, result.shape)
    return tuple(map(str, (*parts, *result.messages)))


@lru_cache(maxsize=_REMEMBERED)
def term_text(term: Term | None) -> str | None:
    """Return an IRI, `_:` and a label, or a literal's text."""
    return None if term is None else str(term) if isinstance(term, BlankNode) else term.value


def _english_first(message: Term) -> tuple[bool, str]:
    language = message.language if isinstance(message, Literal) else None
    return not (language or "en").startswith("en"), term_text(message) or ""
