"""The media types of files, by the endings of their names."""

_TYPES = {
    "atom": "application/atom+xml",
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
    "rq": "application/sparql-query",
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
    return _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
