"""Saved queries: their headers, their parameters, and putting values into them.

A saved query is a SPARQL file that runs as it stands. Comment lines that start with `#+` say what
it answers and which variables may be set; each of these has one block `VALUES ?name { … }` in the
text. Setting a parameter replaces what the block holds by terms that the RDF library has written,
so that nothing a person types becomes part of the query.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from cjph_graph.errors import InputError, UsageError
from cjph_graph.home.headers import read_header
from cjph_graph.home.location import Home
from cjph_graph.rdf.datatypes import is_well_formed
from cjph_graph.rdf.terms import XSD, last_part, nearest, parse_iri
from cjph_graph.sparql import Engine, Term
from cjph_graph.sparql.tokens import Block, Form, form_of, prologue, tokenize, values_blocks
from cjph_graph.system.files import files_below, read, shown

ANY = "any"

_HEADER_KEYS = ("title", "description")
_PARAMETER_KEYS = ("type", "default", "example", "description")
# What the value of a parameter looks like, for each datatype that it may have.
_LITERALS = {
    "string": "any text",
    "boolean": "true or false",
    "integer": "a whole number, as in 42",
    "decimal": "a number, as in 4.2",
    "double": "a number, as in 4.2e3",
    "gYear": "a year, as in 2024",
    "gYearMonth": "a year and month, as in 2024-05",
    "date": "a date, as in 2024-05-31",
    "dateTime": "a date and time, as in 2024-05-31T12:00:00Z",
    "anyURI": "an address, as in https://example.org/",
}
_CANDIDATES = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?rank ?label WHERE {{
  {{ ?class rdfs:subClassOf* {type} . ?thing a ?class }} UNION {{ ?thing skos:inScheme {type} }}
  OPTIONAL {{
    VALUES (?property ?rank) {{
      (skos:prefLabel 1) (rdfs:label 2) (dcterms:title 3) (skos:altLabel 4)
    }}
    ?thing ?property ?label
  }}
  FILTER(isIRI(?thing))
}} ORDER BY ?thing ?rank ?label"""
_IS_CANDIDATE = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
ASK {{
  {{ {thing} a ?class . ?class rdfs:subClassOf* {type} }} UNION {{ {thing} skos:inScheme {type} }}
}}"""


@dataclass(frozen=True)
class Parameter:
    """A variable that may be set: `type` is the IRI of a class, a concept scheme or a datatype.

    `default` is `any` or a value as a person would type it; `example` may be empty.
    """

    name: str
    type: str
    default: str
    example: str
    description: str


@dataclass(frozen=True)
class Query:
    """A SPARQL text with what its header says; without a header these are empty."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    form: Form

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes the text declares, each with its namespace."""
        return prologue(tokenize(self.text))[0]


@dataclass(frozen=True)
class Candidate:
    """A thing a parameter may be set to: its IRI and its labels, the preferred one first."""

    iri: str
    labels: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last part of the IRI, after `/` or `#`."""
        return last_part(self.iri)


def list_queries(home: Home) -> list[Query]:
    """Return a home's saved queries by name. Raises InputError when one of them is broken."""
    return [get_query(home, name) for name in _names(home)]


def get_query(home: Home, name: str) -> Query:
    """Return one saved query.

    Raises UsageError when there is none of that name, InputError when its file is broken.
    """
    names = _names(home)
    if name not in names:
        raise UsageError(
            f"There is no query {name!r}{_perhaps(name, names)}",
            "Run `cjph query` to see them all; a file to run ends in .rq.",
        )
    path = home.queries / f"{name}.rq"
    try:
        return parse_query(read(path).decode("utf-8-sig"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{shown(path)} cannot be read: {error}.") from error


def parse_query(text: str, name: str) -> Query:
    """Read a query text and its header; `name` is what messages call it.

    Raises InputError when the header is broken or does not fit the text, RefusedError when the
    text is an update.
    """
    tokens = tokenize(text)
    prefixes = prologue(tokens)[0]
    header, parameters = _read_header(text, name)
    form = form_of(text, tokens)
    query = Query(
        name,
        header.get("title", ""),
        header.get("description", ""),
        tuple(_parameter(key, said, prefixes, name) for key, said in parameters.items()),
        text,
        form,
    )
    for parameter in query.parameters:
        _block(query, parameter)
    return query


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
        edits.append((_block(query, parameter), written))
    text = query.text
    for block, written in sorted(edits, key=lambda edit: edit[0].start, reverse=True):
        text = f"{text[: block.start]}{{ {written} }}{text[block.end :]}"
    return text


def get_parameter(query: Query, name: str) -> Parameter:
    """Return a query's parameter. Raises UsageError when it has none of that name."""
    for parameter in query.parameters:
        if parameter.name == name:
            return parameter
    names = [parameter.name for parameter in query.parameters]
    if not names:
        raise UsageError(f"The query {query.name} has no parameters, so {name} cannot be set.")
    raise UsageError(
        f"The query {query.name} has no parameter {name!r}{_perhaps(name, names)}",
        f"It has: {', '.join(names)}.",
    )


def candidates(parameter: Parameter, engine: Engine) -> list[Candidate]:
    """Return the things a parameter may be set to, by IRI; none for a literal."""
    if _datatype(parameter):
        return []
    found: dict[str, list[str]] = {}
    for row in engine.select(_CANDIDATES.format(type=NamedNode(parameter.type))).rows:
        thing, _, label = row
        if isinstance(thing, NamedNode):
            labels = found.setdefault(thing.value, [])
            if isinstance(label, Literal) and label.value not in labels:
                labels.append(label.value)
    return [Candidate(iri, tuple(labels)) for iri, labels in found.items()]


def check_defaults(query: Query, engine: Engine) -> list[str]:
    """Return a sentence for each parameter whose default or example the text does not bear out.

    A default has to be what the VALUES block holds, an example has to name something.
    """
    problems = []
    for parameter in query.parameters:
        block = _block(query, parameter)
        declarations = "".join(
            f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in query.prefixes.items()
        )
        inside = query.text[block.start : block.end]
        rows = engine.select(
            f"{declarations}SELECT ?{block.name} {{ VALUES ?{block.name} {inside} }}"
        )
        held = [row[0] for row in rows.rows]
        if held != [_term(query, parameter, parameter.default, engine)]:
            problems.append(
                f"{query.name}: the default of {parameter.name} is {parameter.default},"
                f" but its VALUES block holds {' '.join(str(term or 'UNDEF') for term in held)}."
            )
        if parameter.example:
            try:
                _term(query, parameter, parameter.example, engine)
            except UsageError as error:
                problems.append(f"{query.name}: an example fails: {error.message}")
    return problems


def _names(home: Home) -> list[str]:
    if not home.queries.is_dir():
        return []
    paths = files_below(home.queries, ".rq", within=home.path)
    return sorted(path.stem for path in paths if path.parent == home.queries)


def _read_header(text: str, name: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return what the header says of the query, and of each parameter, as written."""
    header: dict[str, str] = {}
    parameters: dict[str, dict[str, str]] = {}
    said = header
    for number, key, value in read_header(text, name):
        if key == "param":
            if not re.fullmatch(r"[A-Za-z_]\w*", value, re.ASCII) or value in parameters:
                raise InputError(f"{name}, line {number}: {value!r} cannot name a new parameter.")
            said = parameters.setdefault(value, {})
            continue
        known = _HEADER_KEYS if said is header else _PARAMETER_KEYS
        if key not in known or key in said:
            raise InputError(
                f"{name}, line {number}: {key!r} does not belong here.",
                f"Each of these may stand here once: {', '.join(known)}.",
            )
        said[key] = value
    if parameters and not header.get("title"):
        raise InputError(f"{name}: the header has parameters but no title.")
    return header, parameters


def _parameter(
    key: str, said: Mapping[str, str], prefixes: Mapping[str, str], name: str
) -> Parameter:
    for wanted in ("type", "description"):
        if not said.get(wanted):
            raise InputError(f"{name}: the parameter {key} has no {wanted}.")
    parameter = Parameter(
        key,
        _expanded(said["type"], prefixes, name),
        said.get("default", ANY),
        said.get("example", ""),
        said["description"],
    )
    if parameter.type.startswith(XSD) and not _datatype(parameter):
        raise InputError(
            f"{name}: the parameter {key} has a datatype that is not supported.",
            f"These are: {', '.join(f'xsd:{known}' for known in _LITERALS)}.",
        )
    return parameter


def _expanded(written: str, prefixes: Mapping[str, str], name: str) -> str:
    prefix, _, local = written.partition(":")
    if written.startswith("<") and written.endswith(">"):
        iri = written[1:-1]
    elif prefix in prefixes:
        iri = prefixes[prefix] + local
    else:
        raise InputError(f"{name}: the type {written} uses a prefix the query does not declare.")
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise InputError(f"{name}: the type {written} is no IRI: {error}.") from error


def _block(query: Query, parameter: Parameter) -> Block:
    blocks = [b for b in values_blocks(tokenize(query.text)) if b.name == parameter.name]
    if len(blocks) != 1:
        raise InputError(
            f"{query.name}: the parameter {parameter.name} has {len(blocks) or 'no'} blocks"
            f" `VALUES ?{parameter.name} {{ … }}`, where one is needed."
        )
    return blocks[0]


def _datatype(parameter: Parameter) -> str | None:
    name = parameter.type.removeprefix(XSD)
    return name if name in _LITERALS and name != parameter.type else None


def _term(query: Query, parameter: Parameter, value: str, engine: Engine) -> Term | None:
    """Return the term a value means; None when it means anything at all."""
    if value == ANY and parameter.default == ANY:
        return None
    if datatype := _datatype(parameter):
        return _literal(parameter, datatype, value)
    if (thing := parse_iri(value)) and _is_candidate(thing, parameter, engine):
        return thing  # what identifies a thing goes before what merely names it
    return NamedNode(_chosen(query, parameter, value, candidates(parameter, engine)))


def _is_candidate(thing: NamedNode, parameter: Parameter, engine: Engine) -> bool:
    kind = NamedNode(parameter.type)
    return engine.ask(_IS_CANDIDATE.format(thing=thing, type=kind))


def _literal(parameter: Parameter, datatype: str, value: str) -> Literal:
    value = value if datatype == "string" else value.strip()
    if not _fits(datatype, value):
        raise UsageError(
            f"{value!r} does not fit the parameter {parameter.name}, which is"
            f" {_LITERALS[datatype]}."
        )
    return Literal(value, datatype=NamedNode(XSD + datatype))


def _fits(datatype: str, value: str) -> bool:
    if datatype == "string":
        return "\0" not in value
    if datatype == "anyURI":
        return re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", value) is not None
    # An engine counts with whole numbers of 64 bits.
    return is_well_formed(value, XSD + ("long" if datatype == "integer" else datatype))


def _chosen(query: Query, parameter: Parameter, value: str, known: Sequence[Candidate]) -> str:
    listing = f"`cjph query {query.name} -p {parameter.name}` lists what it can be."
    wanted = _folded(value)
    iri = value.strip().removeprefix("<").removesuffix(">")
    for matches in (
        [c for c in known if c.slug == value.strip()],
        [c for c in known if wanted in {_folded(label) for label in c.labels}],
    ):
        if len(matches) == 1:
            return matches[0].iri
        if matches:
            raise UsageError(
                f"{value!r} names {len(matches)} things: {', '.join(c.iri for c in matches)}.",
                f"Set {parameter.name} to one of these IRIs.",
            )
    words = {text: c.slug for c in known for text in (c.slug, *map(_folded, c.labels))}
    near = nearest(last_part(iri) if "://" in iri else wanted, words, most=3)
    raise UsageError(
        f"{value!r} is nothing {parameter.name} can be{_meant([words[word] for word in near])}",
        listing,
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _perhaps(word: str, known: Sequence[str]) -> str:
    return _meant(nearest(word, known, most=3))


def _meant(words: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(words))
    return f"; did you mean {' or '.join(distinct)}?" if distinct else "."
