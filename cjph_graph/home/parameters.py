"""Setting the parameters of a saved query.

A value takes the place of what the block `VALUES ?name { … }` holds, as a term that the RDF
library has written: nothing a person types becomes part of the query. A value may be a slug, a
label, an IRI or the text of a literal.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from cjph_graph.errors import UsageError
from cjph_graph.home.saved_queries import (
    ANY,
    ANYTHING,
    DATATYPES,
    Parameter,
    Query,
    get_parameter,
    values_block,
)
from cjph_graph.home.suggestions import LABELS, folded, perhaps
from cjph_graph.rdf import XSD, is_well_formed, last_part, parse_iri
from cjph_graph.sparql import Engine, Value

_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*:\S+"
_ANY_THING = "{ ?thing a ?class }"
_OF_TYPE = """\
{{ ?class rdfs:subClassOf* {type} . ?thing a ?class }} UNION {{ ?thing skos:inScheme {type} }}"""
_PREFIXES = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_CHOICES = """\
SELECT DISTINCT ?thing ?rank ?label WHERE {{
  {pattern}
  OPTIONAL {{
    VALUES (?property ?rank) {{ {labels} }}
    ?thing ?property ?label
  }}
  FILTER(isIRI(?thing))
}} ORDER BY ?thing ?rank ?label"""
_IS_CHOICE = """\
ASK {{
  VALUES ?thing {{ {thing} }}
  {pattern}
}}"""


class Choice(NamedTuple):
    """A thing a parameter may be set to: its IRI and its labels, the preferred one first."""

    iri: str
    labels: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last part of the IRI, after `/` or `#`."""
        return last_part(self.iri)


def bind(query: Query, values: Mapping[str, Sequence[str]], engine: Engine) -> str:
    """Return the query's text with parameters set; several values of one name mean any of them.

    `engine` is asked for the things a value may name. Raises UsageError when a parameter does not
    exist, or a value names nothing or more than one thing.
    """
    edits = []
    for name, given in values.items():
        parameter = get_parameter(query, name)
        if not given:
            continue
        terms = [_term(query, parameter, value, engine) for value in given]
        written = " ".join(dict.fromkeys("UNDEF" if term is None else str(term) for term in terms))
        edits.append((values_block(query, parameter), written))
    text = query.text
    for block, written in sorted(edits, key=lambda edit: edit[0].start, reverse=True):
        text = f"{text[: block.start]}{{ {written} }}{text[block.end :]}"
    return text


def choices(parameter: Parameter, engine: Engine) -> list[Choice]:
    """Return the things a parameter may be set to, by IRI; none for a literal."""
    if parameter.datatype:
        return []
    labels = " ".join(f"({NamedNode(iri)} {rank})" for rank, iri in enumerate(LABELS))
    text = _PREFIXES + _CHOICES.format(pattern=_pattern(parameter), labels=labels)
    found: dict[str, list[str]] = {}
    for thing, _, label in engine.select(text).rows:
        if isinstance(thing, NamedNode):
            known = found.setdefault(thing.value, [])
            if isinstance(label, Literal) and label.value not in known:
                known.append(label.value)
    return [Choice(iri, tuple(known)) for iri, known in found.items()]


def _pattern(parameter: Parameter) -> str:
    if parameter.type == ANYTHING:
        return _ANY_THING
    return _OF_TYPE.format(type=NamedNode(parameter.type))


def _term(query: Query, parameter: Parameter, value: str, engine: Engine) -> Value | None:
    """Return the term a value means; None when it means anything at all."""
    if value == ANY and parameter.default == ANY:
        return None
    if datatype := parameter.datatype:
        return _literal(parameter, datatype, value)
    if thing := parse_iri(value):
        asked = _IS_CHOICE.format(thing=thing, pattern=_pattern(parameter))
        if engine.ask(_PREFIXES + asked):
            return thing  # what identifies a thing goes before what merely names it
    return NamedNode(_chosen(query, parameter, value, choices(parameter, engine)))


def _literal(parameter: Parameter, datatype: str, value: str) -> Literal:
    value = value if datatype == "string" else value.strip()
    if not _fits(value, datatype):
        raise UsageError(
            f"{value!r} does not fit the parameter {parameter.name}, which is"
            f" {DATATYPES[datatype]}."
        )
    return Literal(value, datatype=NamedNode(XSD + datatype))


def _fits(value: str, datatype: str) -> bool:
    match datatype:
        case "string":
            return "\0" not in value
        case "anyURI":
            return re.fullmatch(_ADDRESS, value) is not None
        case _:
            # An engine counts with whole numbers of 64 bits.
            return is_well_formed(value, XSD + ("long" if datatype == "integer" else datatype))


def _chosen(query: Query, parameter: Parameter, value: str, known: Sequence[Choice]) -> str:
    wanted = folded(value)
    for matches in (
        [c for c in known if c.slug == value.strip()],
        [c for c in known if wanted in {folded(label) for label in c.labels}],
    ):
        if len(matches) == 1:
            return matches[0].iri
        if matches:
            raise UsageError(
                f"{value!r} names {len(matches)} things: {', '.join(c.iri for c in matches)}.",
                f"Set {parameter.name} to one of these IRIs.",
            )
    iri = value.strip().removeprefix("<").removesuffix(">")
    pairs = [(text, c.slug) for c in known for text in (c.slug, *c.labels)]
    raise UsageError(
        f"{value!r} is not a value of {parameter.name}"
        f"{perhaps(last_part(iri) if '://' in iri else value, pairs)}",
        f"`cjph query {query.name} -p {parameter.name}` lists its values.",
    )
