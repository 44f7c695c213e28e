"""JSON-LD and JSON of a graph: exact, in one ordered walk, with a context from the shapes.

context = make_context(index.kinds)
for piece in write_jsonld(index, context):
    file.write(piece)
"""

from collections.abc import Iterable, Iterator

from cjph_graph.publish.index import Index
from cjph_graph.publish.jsonld.context import Context, Json, make_context
from cjph_graph.publish.jsonld.trees import Nesting, Survey
from cjph_graph.publish.jsonld.writing import Writer, document, pretty
from cjph_graph.rdf import Node

__all__ = ["Context", "Json", "make_context", "write_context", "write_jsonld"]


def write_jsonld(
    index: Index, context: Context, roots: Iterable[Node] | None = None
) -> Iterator[bytes]:
    """Yield a graph as one JSON-LD document, as UTF-8, piece by piece.

    Without `roots` every thing stands at the top, its parts inside it. With them only these do,
    and what they link to is described inside them, where it is linked from. The context has those
    terms that are used. Raises RefusedError for statements about statements.
    """
    survey = Survey(context).take_graph(index)
    context = context.without(survey.schemes).choosing(survey.datatypes)
    nesting = Nesting(index, context)
    trees = nesting.trees() if roots is None else nesting.described(roots)
    writer = Writer(context, index.kinds)
    yield from document(context.used(survey.names), (writer.node(tree) for tree in trees))


def write_context(context: Context) -> bytes:
    """Return a context as a document of its own, as UTF-8 text."""
    return f"{pretty({'@context': context.document()})}\n".encode()
