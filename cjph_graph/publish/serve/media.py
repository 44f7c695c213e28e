"""The media types of files, by the endings of their names."""

from cjph_graph.publish.release_folder import CHECKSUMS

_TYPES = {
    "atom": "application/atom+xml",
    "bib": "application/x-bibtex",
    "cff": "application/yaml",
    "css": "text/css",
    "csv": "text/csv",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "png": "image/png",
    "ris": "application/x-research-info-systems",
    "rq": "application/sparql-query",
    "sha256": "text/plain",
    "svg": "image/svg+xml",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


def media_type(path: str) -> str:
    """Return the media type of a file, given its path or the ending alone."""
    if path.endswith(CHECKSUMS):
        return "text/plain"
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")


def is_usual(path: str) -> bool:
    """Whether a file of the dataset may have such a name: most others are guesses of robots."""
    name = path.rpartition("/")[2]
    return name == CHECKSUMS or name.rpartition(".")[2] in _TYPES
