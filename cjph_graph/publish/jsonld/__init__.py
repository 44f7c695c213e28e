"""JSON-LD and JSON of a graph: exact, in one ordered walk, with a context from the shapes.

documents = Documents(home, read_index(home))
print(documents.jsonld(documents.index.find("cahoots-eugene")).decode())
"""

from cjph_graph.publish.jsonld.context import Context, Json, make_context
from cjph_graph.publish.jsonld.documents import Documents
from cjph_graph.publish.jsonld.frames import NamedFrame, derived_frame, list_frames
from cjph_graph.publish.jsonld.writing import pretty

__all__ = [
    "Context",
    "Documents",
    "Json",
    "NamedFrame",
    "derived_frame",
    "list_frames",
    "make_context",
    "write_context",
]


def write_context(context: Context) -> bytes:
    """Return a context as a document of its own, as UTF-8 text."""
    return f"{pretty({'@context': context.document()})}\n".encode()
