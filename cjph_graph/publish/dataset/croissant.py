"""Croissant, the description of datasets that tools for machine learning read.

Each table is a file with its SHA-256 and a record set with a field for each column.
"""

from collections.abc import Mapping, Sequence

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.dataset.citations import sentence
from cjph_graph.publish.dataset.json_files import Json, as_json, known
from cjph_graph.publish.release_files import Written
from cjph_graph.publish.tables import JOINED_BY, Column, Table

_OWN_TERMS = (
    "citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes"
    " isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace"
    " samplingRate separator source subField transform"
)
# The context that the specification gives, its terms by name.
_CONTEXT: dict[str, Json] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _OWN_TERMS.split()},
}
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "address": "sc:URL",
}


def write_croissant(
    about: About, tables: Sequence[Table], files: Mapping[str, Written], folder: str
) -> bytes:
    """Return the description; `files` are those of the tables by name, in `folder`."""
    objects: list[Json] = [_file(table, files[f"{table.name}.csv"], folder) for table in tables]
    records: list[Json] = [_records(table) for table in tables]
    return as_json(
        {
            "@context": dict(sorted(_CONTEXT.items())),
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "@id": about.iri,
            "name": about.name,
            "alternateName": about.title,
            "description": about.description,
            "url": about.address,
            "license": about.license,
            "version": about.version if about.is_versioned else "",
            "datePublished": about.dated,
            "dateModified": about.modified,
            "keywords": [*about.keywords],
            "creator": [
                known({"@type": "sc:Organization", "name": agent.name, "url": agent.iri})
                for agent in about.creators
            ],
            "citeAs": sentence(about),
            "distribution": objects,
            "recordSet": records,
        }
    )


def _file(table: Table, file: Written, folder: str) -> dict[str, Json]:
    name = f"{table.name}.csv"
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": table.title,
        "contentUrl": f"{folder}/{name}",
        "contentSize": f"{file.size} B",
        "encodingFormat": "text/csv",
        "sha256": file.sha256,
    }


def _records(table: Table) -> dict[str, Json]:
    fields: list[Json] = [_field(table, column) for column in table.columns]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.title,
        "key": {"@id": f"{table.name}/{table.key}"},
        "field": fields,
    }


def _field(table: Table, column: Column) -> dict[str, Json]:
    note = f" Several values are joined by '{JOINED_BY}'." if column.several else ""
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": f"{column.definition or column.label}{note}",
        "dataType": "sc:Text" if column.several else _TYPES.get(column.holds, "sc:Text"),
        "source": {
            "fileObject": {"@id": f"{table.name}.csv"},
            "extract": {"column": column.name},
        },
    }
