"""Saved queries: reading them, with their headers and parameters.

A saved query is a SPARQL file that runs as it stands. Comment lines that start with `#+` say what
it answers and which variables may be set; each of these has one block `VALUES ?name { … }` in the
text.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode

from cjph_graph.errors import CjphError, InputError, UsageError
from cjph_graph.home.headers import read_header
from cjph_graph.home.location import Home
from cjph_graph.home.suggestions import folded, perhaps
from cjph_graph.rdf import RDFS, XSD
from cjph_graph.sparql.tokens import (
    QueryForm,
    ValuesBlock,
    form_of,
    prologue,
    tokenize,
    values_blocks,
)
from cjph_graph.system import files_below, read_text, shown

ANY = "any"

# The type of a parameter that may be any thing of the graph.
ANYTHING = RDFS + "Resource"
# The datatypes a parameter may have, each with what its values are.
DATATYPES = {
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

_HEADER_KEYS = ("title", "description")
_PARAMETER_KEYS = ("type", "default", "example", "description")


class Parameter(NamedTuple):
    """A variable that may be set: `type` is the IRI of a class, a concept scheme or a datatype.

    With ANYTHING it may be any thing. `default` is `any` or a value as a person would type it;
    `example` may be empty.
    """

    name: str
    type: str
    default: str
    example: str
    description: str

    @property
    def datatype(self) -> str | None:
        """The name of its datatype, such as `date`; None when its values are things."""
        return self.type.removeprefix(XSD) if self.type.startswith(XSD) else None


class Query(NamedTuple):
    """A SPARQL text with what its header says; without a header these are empty."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str
    form: QueryForm

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes the text declares, each with its namespace."""
        return prologue(tokenize(self.text))[0]


class Listing(NamedTuple):
    """The saved queries that could be read, by name, and an error for each of the others."""

    queries: tuple[Query, ...]
    errors: tuple[CjphError, ...]

    def search(self, word: str) -> "Listing":
        """Return the queries that have a word in their name, question, description or parameters.

        Raises UsageError when none has it.
        """
        found = tuple(query for query in self.queries if folded(word) in folded(_words(query)))
        if not found:
            raise UsageError(f"No saved query says {word!r}.", "Run `cjph query` to see them all.")
        return Listing(found, self.errors)


def _words(query: Query) -> str:
    parameters = (f"{p.name} {p.description}" for p in query.parameters)
    return " ".join((query.name, query.title, query.description, *parameters))


def list_queries(home: Home) -> Listing:
    """Return a home's saved queries; one that cannot be read is listed as an error."""
    queries, errors = [], []
    for name in _names(home):
        try:
            queries.append(_read(home, name))
        except CjphError as error:
            errors.append(error)
    return Listing(tuple(queries), tuple(errors))


def get_query(home: Home, name: str) -> Query:
    """Return one saved query.

    Raises UsageError when there is none of that name, InputError when its file is broken.
    """
    names = _names(home)
    if name not in names:
        raise UsageError(
            f"There is no query {name!r}{perhaps(name, names)}",
            "Run `cjph query` to see them all; a file to run ends in .rq.",
        )
    return _read(home, name)


def _read(home: Home, name: str) -> Query:
    path = home.queries / f"{name}.rq"
    try:
        return parse_query(read_text(path), name)
    except CjphError as error:
        message = error.message
        if name not in message:
            message = f"{shown(path)}: {message}"
        raise type(error)(message, error.hint) from error


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
        values_block(query, parameter)
    return query


def get_parameter(query: Query, name: str) -> Parameter:
    """Return a query's parameter. Raises UsageError when it has none of that name."""
    for parameter in query.parameters:
        if parameter.name == name:
            return parameter
    names = [parameter.name for parameter in query.parameters]
    if not names:
        raise UsageError(f"The query {query.name} has no parameters, so {name} cannot be set.")
    raise UsageError(
        f"The query {query.name} has no parameter {name!r}{perhaps(name, names)}",
        f"It has: {', '.join(names)}.",
    )


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
    for line in read_header(text, name):
        if line.key == "param":
            new = line.value
            if not re.fullmatch(r"[A-Za-z_]\w*", new, re.ASCII) or new in parameters:
                raise InputError(
                    f"{name}, line {line.number}: {new!r} cannot name a new parameter."
                )
            said = parameters.setdefault(new, {})
        else:
            line.put_into(said, _HEADER_KEYS if said is header else _PARAMETER_KEYS, name)
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
    if parameter.datatype and parameter.datatype not in DATATYPES:
        raise InputError(
            f"{name}: the parameter {key} has a datatype that is not supported.",
            f"These are: {', '.join(f'xsd:{known}' for known in DATATYPES)}.",
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
        raise InputError(f"{name}: the type {written} is not an IRI: {error}.") from error


def values_block(query: Query, parameter: Parameter) -> ValuesBlock:
    """Return where a query has the values of a parameter. Raises InputError but for one block."""
    blocks = [b for b in values_blocks(tokenize(query.text)) if b.name == parameter.name]
    if len(blocks) != 1:
        raise InputError(
            f"{query.name}: the parameter {parameter.name} has {len(blocks) or 'no'} blocks"
            f" `VALUES ?{parameter.name} {{ … }}`, where one is needed."
        )
    return blocks[0]
