"""The files of a dataset: data in every format, then what describes them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from cjph_graph.home import read_shapes
from cjph_graph.publish.csv_files import write_csv, write_dictionary
from cjph_graph.publish.dataset import changes, citations, rdf_files, readme
from cjph_graph.publish.dataset.catalogue import PREFIXES, dcat, void
from cjph_graph.publish.dataset.croissant import write_croissant
from cjph_graph.publish.dataset.csvw import NAME as CSVW
from cjph_graph.publish.dataset.csvw import write_csvw
from cjph_graph.publish.dataset.distributions import distributions
from cjph_graph.publish.dataset.frictionless import write_package
from cjph_graph.publish.dataset.schema_org import write_schema_org
from cjph_graph.publish.dataset.workbook import write_workbook
from cjph_graph.publish.index import Index
from cjph_graph.publish.jsonld import Documents, list_frames, write_context, write_schema
from cjph_graph.publish.release import File, Written
from cjph_graph.publish.release_folder import CHECKSUMS
from cjph_graph.publish.zip_files import Zip
from cjph_graph.sparql import write_graph

if TYPE_CHECKING:
    from cjph_graph.publish.publication import Publication

DATA, TABLES, ONTOLOGY, REPORTS = "data", "data/tables", "ontology", "validation"


def data_files(publication: "Publication") -> Iterator[File]:
    """Yield the graph in every format, and its tables with what describes them."""
    about, things = publication.about, publication.things
    beginning = f"{DATA}/{about.name}"
    yield f"{beginning}.ttl", rdf_files.turtle(things, publication.prefixes)
    yield f"{beginning}.nt", rdf_files.canonical_ntriples(things)
    yield f"{beginning}.rdfc10.sha256", _canonical_hash(publication, f"{beginning}.nt")
    yield f"{beginning}.nq", rdf_files.quads(publication.graphs())
    documents = publication.documents
    yield f"{beginning}.jsonld", documents.whole()
    yield f"{beginning}.expanded.jsonld", documents.expanded()
    yield f"{beginning}.framed.jsonld", documents.framed(documents.frame("all"))
    yield f"{beginning}.jsonl", documents.lines()
    package = Zip()
    for name, data in _table_files(publication):
        package.add(name, data)
        yield f"{TABLES}/{name}", data
    yield f"{beginning}.zip", package.done()
    yield f"{beginning}.xlsx", _workbook(publication)


def _canonical_hash(publication: "Publication", path: str) -> bytes:
    """Return the hash of the graph's canonical form, which is the file at `path`."""
    name = path.rpartition("/")[2]
    return f"{publication.ledger[path].sha256}  {name}\n".encode()


def _table_files(publication: "Publication") -> Iterator[tuple[str, bytes]]:
    """Yield the tables, then what describes them, by name."""
    about, tables = publication.about, publication.tables
    for table in tables:
        yield f"{table.name}.csv", write_csv(table)
    yield "dictionary.csv", write_dictionary(tables)
    yield "datapackage.json", write_package(about, tables, _written(publication))
    yield CSVW, write_csvw(about, tables)
    yield "README.md", readme.write_tables_readme(about, tables)
    yield "LICENSE.txt", readme.write_licence(about)
    yield "CITATION.txt", citations.write_text(about)


def _workbook(publication: "Publication") -> bytes:
    about = publication.about
    texts = readme.about_rows(about)
    return write_workbook(publication.tables, title=about.title, about=texts, created=about.dated)


def ontology_files(publication: "Publication") -> Iterator[File]:
    """Yield the ontology, as its file has it and in other formats, the shapes and the context."""
    file = publication.ontology
    if file:
        index = Index(file.triples)
        name = f"{ONTOLOGY}/ontology"
        yield f"{name}.ttl", file.data
        yield f"{name}.nt", rdf_files.canonical_ntriples(index)
        yield f"{name}.jsonld", Documents(publication.home, index).expanded()
    shapes = Index(read_shapes(publication.home))
    yield f"{ONTOLOGY}/shapes.ttl", rdf_files.turtle(shapes, publication.shape_prefixes)
    documents = publication.documents
    yield f"{ONTOLOGY}/context.jsonld", write_context(documents.context)
    for name in list_frames(publication.home):
        frame = documents.frame(name)
        yield f"{ONTOLOGY}/frames/{name}.jsonld", frame.text
        yield f"{ONTOLOGY}/frames/{name}.schema.json", write_schema(frame, publication.kinds)


def descriptions(publication: "Publication") -> Iterator[File]:
    """Yield what describes and cites the data. The data must be in the ledger."""
    about, tables = publication.about, publication.tables
    files = list(distributions(about, publication.ledger, DATA))
    yield from _rdf(publication, "dcat", dcat(about, files))
    yield from _rdf(publication, "void", void(about, publication.things, publication.kinds, files))
    yield "schema.jsonld", write_schema_org(about, publication.kinds, tables, files)
    yield "croissant.json", write_croissant(about, tables, _written(publication), TABLES)
    yield "datacite.json", citations.write_datacite(about)
    yield "CITATION.cff", citations.write_cff(about)
    yield "citation.bib", citations.write_bibtex(about)
    yield "citation.ris", citations.write_ris(about)
    yield "citation.txt", citations.write_text(about)
    yield "LICENSE.txt", readme.write_licence(about)
    yield "README.md", readme.write_readme(about, files, CHECKSUMS)


def _rdf(publication: "Publication", name: str, triples: Sequence[Triple]) -> Iterator[File]:
    if triples:
        yield f"{name}.ttl", write_graph(triples, "turtle", PREFIXES)
        yield f"{name}.jsonld", Documents(publication.home, Index(triples)).expanded()


def _written(publication: "Publication") -> dict[str, Written]:
    """Return the files of the tables' folder by name."""
    return {
        path.removeprefix(f"{TABLES}/"): file
        for path, file in publication.ledger.items()
        if path.startswith(f"{TABLES}/")
    }


def change_files(publication: "Publication") -> Iterator[File]:
    """Yield what has changed since the previous release, if there is one."""
    if publication.previous:
        found = changes.find_changes(publication.previous, publication.things, publication.kinds)
        yield f"{DATA}/changes.md", changes.write_markdown(found)
        yield f"{DATA}/changes.json", changes.write_json(found)


def report_files(publication: "Publication") -> Iterator[File]:
    """Yield the reports on the validation of the home."""
    for name, data in publication.reports.items():
        yield f"{REPORTS}/{name}", data
