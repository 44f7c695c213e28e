"""The data themselves, in every format."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cjph_graph.publish.release import File
from cjph_graph.publish.tables import write_csv, write_dictionary
from cjph_graph.sparql import write_graph

if TYPE_CHECKING:
    from cjph_graph.publish.publication import Publication

DATA, TABLES = "data", "data/tables"


def data_files(publication: "Publication") -> Iterator[File]:
    """Yield the graph as RDF, and its tables."""
    name = publication.about.name
    triples = list(publication.things.triples())
    yield f"{DATA}/{name}.ttl", write_graph(triples, "turtle", publication.prefixes)
    yield f"{DATA}/{name}.nt", write_graph(triples, "ntriples", {})
    for table in publication.tables:
        yield f"{TABLES}/{table.name}.csv", write_csv(table)
    yield f"{TABLES}/dictionary.csv", write_dictionary(publication.tables)
