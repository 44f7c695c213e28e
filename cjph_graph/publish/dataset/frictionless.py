"""A Frictionless Data Package: `datapackage.json`, by which programs read the tables as they are.

The types follow from what columns hold. A date that may be a year, a month or a day has no type
there: it is a text with a pattern. A cell that may hold several values is a text without one.
"""

import re
from collections.abc import Mapping, Sequence

from cjph_graph.publish.csv_files import DICTIONARY_COLUMNS
from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.dataset.json_files import Json, as_json, known
from cjph_graph.publish.dataset.licences import find_licence
from cjph_graph.publish.release_files import Written
from cjph_graph.publish.tables import Column, Table

DATE = (
    r"-?[0-9]{4,}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?)?)?)?"
    r"(Z|[+\-][0-9]{2}:[0-9]{2})?"
)
_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "year": "year"}
_COUNTED = ("filled", "rows")


def write_package(about: About, tables: Sequence[Table], files: Mapping[str, Written]) -> bytes:
    """Return the description of the tables; `files` are theirs, by name."""
    licence = find_licence(about.license)
    ids = {
        table.name: frozenset(row[0] for row in table.rows) for table in tables if table.key == "id"
    }
    described: list[Json] = [
        _resource(table.name, table.title, _schema(table, ids), files) for table in tables
    ]
    described.append(_resource("dictionary", "what each column is", _dictionary_schema(), files))
    package: dict[str, Json] = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", about.name.lower()),
        "id": about.iri,
        "title": about.title,
        "description": about.description,
        "version": about.version if about.is_versioned else "",
        "created": f"{about.dated}T00:00:00Z" if len(about.dated) == len("2026-11-26") else "",
        "homepage": about.address,
        "keywords": [*about.keywords],
        "licenses": [known({"name": licence.spdx, "path": licence.url, "title": licence.name})]
        if licence
        else [],
        "contributors": [
            known({"title": agent.name, "path": agent.iri, "role": "author"})
            for agent in about.creators
        ],
        "resources": described,
    }
    return as_json(package)


def _resource(
    name: str, title: str, schema: Mapping[str, Json], files: Mapping[str, Written]
) -> dict[str, Json]:
    file = files[f"{name}.csv"]
    return {
        "name": name,
        "title": title,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": dict(schema),
    }


def _schema(table: Table, ids: Mapping[str, frozenset[str]]) -> dict[str, Json]:
    keys: list[Json] = []
    for at, column in enumerate(table.columns):
        if at and column.holds == "id" and not column.several:
            used = {row[at] for row in table.rows} - {""}
            if target := _holder(used, ids):
                # Within one table the resource has no name.
                name = "" if target == table.name else target
                reference: dict[str, Json] = {"resource": name, "fields": "id"}
                keys.append({"fields": column.name, "reference": reference})
    fields: list[Json] = [_field(column, table.key) for column in table.columns]
    return known(
        {"fields": fields, "primaryKey": table.key, "missingValues": [""], "foreignKeys": keys}
    )


def _holder(used: set[str], ids: Mapping[str, frozenset[str]]) -> str | None:
    """Return the one table that has all these ids."""
    found = [name for name, known_ids in ids.items() if used and used <= known_ids]
    return found[0] if len(found) == 1 else None


def _field(column: Column, key: str) -> dict[str, Json]:
    limits: dict[str, Json] = {}
    if column.required:
        limits["required"] = True
    if column.name == key:
        limits["unique"] = True
    plain = not column.several
    if plain and column.allowed and column.holds == "id":
        limits["enum"] = [*column.allowed]
    if column.holds == "date" and plain:
        limits["pattern"] = DATE
    return known(
        {
            "name": column.name,
            "title": column.label,
            "description": column.definition,
            "type": _TYPES.get(column.holds, "string") if plain else "string",
            "format": "uri" if column.holds == "address" and plain else "",
            "rdfType": column.path,
            "constraints": limits,
        }
    )


def _dictionary_schema() -> dict[str, Json]:
    fields: list[Json] = [
        {"name": name, "type": "integer" if name in _COUNTED else "string"}
        for name in DICTIONARY_COLUMNS
    ]
    return {"fields": fields, "primaryKey": ["table", "column"], "missingValues": [""]}
