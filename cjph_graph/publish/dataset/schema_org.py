"""The dataset in schema.org's words, as search engines for data read it.

`citation` there is a work that the dataset rests on, and not how to cite it: that is `creditText`.
Each thing that has numbers, such as an indicator, is listed by itself.
"""

from collections.abc import Iterator, Sequence

from cjph_graph.home import Kind
from cjph_graph.publish.dataset.about import About, Agent
from cjph_graph.publish.dataset.citations import sentence
from cjph_graph.publish.dataset.distributions import Distribution
from cjph_graph.publish.dataset.json_files import Json, as_json, known
from cjph_graph.publish.tables import Table


def write_schema_org(
    about: About, kinds: Sequence[Kind], tables: Sequence[Table], files: Sequence[Distribution]
) -> bytes:
    """Return the description as JSON-LD with schema.org's own context."""
    downloads: list[Json] = [_download(about, file) for file in files]
    return as_json(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": about.iri,
            "name": about.title,
            "description": about.description,
            "url": about.address,
            "identifier": about.iri,
            "license": about.license,
            "version": about.version if about.is_versioned else "",
            "dateCreated": about.created,
            "datePublished": about.dated,
            "dateModified": about.modified,
            "inLanguage": "en",
            "isAccessibleForFree": True,
            "keywords": [*about.keywords],
            "creator": [_agent(agent) for agent in about.creators],
            "publisher": _agent(about.publisher) if about.publisher else None,
            "creditText": sentence(about),
            "variableMeasured": [*_measured(kinds, tables)],
            "distribution": downloads,
        }
    )


def _agent(agent: Agent) -> dict[str, Json]:
    return known({"@type": "Organization", "@id": agent.iri, "name": agent.name})


def _download(about: About, file: Distribution) -> dict[str, Json]:
    return known(
        {
            "@type": "DataDownload",
            "name": file.title,
            "description": file.use,
            "contentUrl": about.base + file.path,
            "encodingFormat": file.media_type,
            "contentSize": f"{file.size} B",
            "sha256": file.sha256,
        }
    )


def _measured(kinds: Sequence[Kind], tables: Sequence[Table]) -> Iterator[Json]:
    """Yield the things that other things give numbers of, by a link back to them."""
    measured = {kind.iri for kind in kinds if any(entry.inverse for entry in kind.properties)}
    for table in tables:
        names = [column.name for column in table.columns]
        if table.kind.iri in measured and "name" in names:
            about = names.index("description") if "description" in names else None
            for row in table.rows:
                yield known(
                    {
                        "@type": "PropertyValue",
                        "@id": row[-1],
                        "name": row[names.index("name")],
                        "description": row[about] if about is not None else "",
                    }
                )
