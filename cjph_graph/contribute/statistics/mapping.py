"""How a table of statistics is to be read: a mapping, kept as CSV on the Web metadata.

Ours is a subset of the W3C's Metadata Vocabulary for Tabular Data. What that has no word for has
the prefix `cjph:`, as it allows. `docs/contributing/statistics.md` says what each part means.

    {"@context": "http://www.w3.org/ns/csvw", "url": "prisoners.csv",
     "dialect": {"skipRows": 9, "headerRowCount": 2},
     "cjph:endsBefore": "Note:", "cjph:footnotes": "/[a-z](,[a-z])*$",
     "cjph:markers": {":": "not-calculated", "/": "not-reported"},
     "tableSchema": {"columns": [
       {"cjph:at": "A B", "propertyUrl": "cjph:place", "cjph:values": {"State": null}},
       {"titles": "2018 Total", "propertyUrl": "cjph:value", "cjph:with": {"cjph:period": "2018"}},
       {"virtual": true, "propertyUrl": "cjph:sex", "default": "all"}]}}
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cjph_graph.contribute.numbers import NumberFormat
from cjph_graph.contribute.statistics.periods import MONTHS, YEARS
from cjph_graph.errors import InputError

CONTEXT = "http://www.w3.org/ns/csvw"
# A short way to give the start and the end of a period at once.
PERIOD = "cjph:period"
_TOP = {
    *("@context", "url", "dialect", "tableSchema", "dc:title", "rdfs:comment", "cjph:sheet"),
    *("cjph:endsBefore", "cjph:footnotes", "cjph:markers", "cjph:skipRowsWith", "cjph:undecided"),
}
_DIALECT = {"encoding", "delimiter", "skipRows", "headerRowCount"}
_COLUMN = {
    *("name", "titles", "virtual", "propertyUrl", "default", "suppressOutput", "cjph:at"),
    *("cjph:titlesMatch", "cjph:values", "cjph:with", "cjph:pattern", "cjph:join", "cjph:add"),
    *("cjph:statusIn", "cjph:fill", "cjph:times", "cjph:zeros", "cjph:count", "separator"),
    *("datatype", "rdfs:comment"),
}
_DATATYPES = {"gYear": YEARS, "gYearMonth": MONTHS}
_FORMAT = {"decimalChar", "groupChar", "pattern"}


@dataclass(frozen=True)
class Described:
    """One column of a mapping, or several whose titles match one pattern.

    `at` are letters of columns, of which the first that has something counts; with `join` all of
    them together. `pattern` is what of a text counts, its first group if it has one. `values` say
    what a text stands for; None leaves the row or the column out. `constants` hold for the values
    of this column. `add` says what a thing that is not there yet is to get, by the columns of its
    sheet, with the titles of columns of this table in braces.

    With `fill` an empty cell has what stands above it. Codes get zeros in front up to `zeros`
    digits. A cell has several values with a `separator`. `two_digits` says what `2009-10` is.
    Figures are printed as `form` says; where there is none, or where it says so itself, the column
    `status_in` says why. With `count` the figure is how many rows are about the same.
    """

    path: str
    at: tuple[str, ...] = ()
    titles: str = ""
    titles_match: str = ""
    pattern: str = ""
    default: str = ""
    virtual: bool = False
    ignored: bool = False
    join: bool = False
    values: Mapping[str, str | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    add: Mapping[str, str] = field(default_factory=dict)
    fill: bool = False
    zeros: int = 0
    separator: str = ""
    two_digits: str = ""
    form: NumberFormat | None = None
    times: str = ""
    status_in: str = ""
    count: bool = False

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.titles or " ".join(self.at) or self.titles_match or self.path


@dataclass(frozen=True)
class TableMapping:
    """A mapping as it was read. Rows count from 1; `skip_rows` come before those with the names."""

    columns: tuple[Described, ...]
    encoding: str = ""
    delimiter: str = ""
    skip_rows: int = 0
    header_rows: int = 1
    sheet: str = ""
    ends_before: str = ""
    skip_with: tuple[str, ...] = ()
    footnotes: str = ""
    markers: Mapping[str, str | None] = field(default_factory=dict)


def parse_mapping(text: str, name: str) -> TableMapping:
    """Read a mapping; raise InputError, with what is wrong, when it is none."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InputError(f"{name} is not JSON: {error}.") from error
    _known(given, _TOP, name, "mapping")
    dialect = given.get("dialect", {})
    _known(dialect, _DIALECT, name, "dialect")
    schema = given.get("tableSchema")
    if not isinstance(schema, dict) or not isinstance(schema.get("columns"), list):
        raise InputError(f"{name} describes no columns.", 'They stand in "tableSchema".')
    columns = tuple(_column(each, name) for each in schema["columns"])
    found = TableMapping(
        columns,
        str(dialect.get("encoding", "")),
        str(dialect.get("delimiter", "")),
        _number(dialect, "skipRows", 0, name),
        _number(dialect, "headerRowCount", 1, name),
        str(given.get("cjph:sheet", "")),
        str(given.get("cjph:endsBefore", "")),
        tuple(_texts(given.get("cjph:skipRowsWith", []), name)),
        str(given.get("cjph:footnotes", "")),
        _values(given.get("cjph:markers", {}), name),
    )
    for pattern in (found.ends_before, found.footnotes, *found.skip_with):
        _compiled(pattern, name)
    return found


def _column(given: object, name: str) -> Described:
    if not isinstance(given, dict):
        raise InputError(f"{name}: a column is described by an object.")
    _known(given, _COLUMN, name, "column")
    described = Described(
        str(given.get("propertyUrl", "")),
        tuple(str(given.get("cjph:at", "")).split()),
        " ".join(str(given.get("titles", "")).split()),
        str(given.get("cjph:titlesMatch", "")),
        str(given.get("cjph:pattern", "")),
        str(given.get("default", "")),
        given.get("virtual") is True,
        given.get("suppressOutput") is True,
        given.get("cjph:join") is True,
        _values(given.get("cjph:values", {}), name),
        _strings(given.get("cjph:with", {}), name),
        _strings(given.get("cjph:add", {}), name),
        given.get("cjph:fill") is True,
        _number(given, "cjph:zeros", 0, name),
        str(given.get("separator", "")),
        _two_digits(given.get("datatype")),
        _form(given.get("datatype"), name),
        _times(given, name),
        " ".join(str(given.get("cjph:statusIn", "")).split()),
        given.get("cjph:count") is True,
    )
    for pattern in (described.titles_match, described.pattern):
        _compiled(pattern, name)
    if not described.path and not described.ignored:
        raise InputError(
            f"{name}: the column {described.name!r} has no propertyUrl.",
            'Give it one, or "suppressOutput": true to leave the column out.',
        )
    if not (described.at or described.titles or described.titles_match or described.virtual):
        raise InputError(
            f"{name}: a column with {described.path} does not say which it is.",
            'Give its "titles", or its letter as "cjph:at".',
        )
    return described


def _two_digits(datatype: object) -> str:
    base = datatype.get("base") if isinstance(datatype, dict) else datatype
    return _DATATYPES.get(str(base), "")


def _form(datatype: object, name: str) -> NumberFormat | None:
    """Return how figures are printed, as CSV on the Web says it; None where that is left open."""
    form = datatype.get("format") if isinstance(datatype, dict) else None
    if form is None:
        return None
    if isinstance(form, str):
        form = {"pattern": form}
    _known(form, _FORMAT, name, "format")
    decimal, group = str(form.get("decimalChar", ".")), str(form.get("groupChar", ""))
    if len(decimal) != 1 or len(group) > 1 or decimal == group:
        raise InputError(f"{name}: decimalChar and groupChar are one character each, and differ.")
    return NumberFormat(decimal, group, ";(" in str(form.get("pattern", "")))


def _times(given: Mapping[str, Any], name: str) -> str:
    times = str(given.get("cjph:times", ""))
    if times and not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", times):
        raise InputError(f"{name}: cjph:times is a number such as 1000.")
    return "" if times == "1" else times


def _known(given: object, keys: set[str], name: str, what: str) -> None:
    if not isinstance(given, dict):
        raise InputError(f"{name}: the {what} is not an object.")
    for key in given:
        if key not in keys:
            raise InputError(
                f"{name}: a {what} has no {key!r}.", f"It may have: {', '.join(sorted(keys))}."
            )


def _number(given: Mapping[str, Any], key: str, default: int, name: str) -> int:
    value = given.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InputError(f"{name}: {key} is a whole number.")
    return value


def _texts(given: object, name: str) -> Sequence[str]:
    found = [given] if isinstance(given, str) else given
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise InputError(f"{name}: cjph:skipRowsWith is a pattern, or a list of patterns.")
    return found


def _strings(given: object, name: str) -> Mapping[str, str]:
    values = _values(given, name)
    if None in values.values():
        raise InputError(f"{name}: null has no meaning here.")
    return {key: value for key, value in values.items() if value is not None}


def _values(given: object, name: str) -> Mapping[str, str | None]:
    if not isinstance(given, dict):
        raise InputError(f"{name}: what stands for what is given by an object.")
    for value in given.values():
        if value is not None and not isinstance(value, str):
            raise InputError(f"{name}: {value!r} is not text.", "Write it in quotes.")
    return given


def _compiled(pattern: str, name: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise InputError(f"{name}: {pattern!r} is not a pattern: {error}.") from error
