"""JSON-LD and JSON of a graph: exact, in one ordered walk, with a context from the shapes.

documents = Documents(home, read_index(home))
print(documents.jsonld(documents.index.find("cahoots-eugene")).decode())
"""

from cjph_graph.publish.jsonld.context import Context, Json, make_context
from cjph_graph.publish.jsonld.documents import Documents
from cjph_graph.publish.jsonld.frames import NamedFrame, list_frames
from cjph_graph.publish.jsonld.json_text import pretty
from cjph_graph.publish.jsonld.mapping import (
    Translator,
    list_vocabularies,
    read_vocabulary,
)
from cjph_graph.publish.jsonld.schemas import write_schema

__all__ = [
    "Context",
    "Documents",
    "Json",
    "NamedFrame",
    "Translator",
    "list_frames",
    "list_vocabularies",
    "make_context",
    "read_vocabulary",
    "write_context",
    "write_schema",
]


def write_context(context: Context) -> bytes:
    """Return a context as a document of its own, as UTF-8 text."""
    return f"{pretty({'@context': context.document()})}\n".encode()
