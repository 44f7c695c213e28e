"""The files of a dataset: data in every format, then what describes them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from cjph_graph.errors import RefusedError
from cjph_graph.home import read_shapes, shape_files
from cjph_graph.publish.csv_files import write_csv, write_dictionary
from cjph_graph.publish.dataset import citations, rdf_files, readme, release_changes
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
from cjph_graph.publish.release_files import Bytes, File, Maker, Written
from cjph_graph.publish.release_folder import CHECKSUMS
from cjph_graph.publish.tables import Table
from cjph_graph.publish.zip_files import zipped
from cjph_graph.rdf import read_turtle
from cjph_graph.sparql import write_graph

if TYPE_CHECKING:
    from cjph_graph.publish.publication import Publication

DATA, TABLES, ONTOLOGY, REPORTS = "data", "data/tables", "ontology", "validation"


def data_files(publication: "Publication") -> Iterator[File]:
    """Yield the graph in every format, and its tables."""
    about, things, documents = publication.about, publication.things, publication.documents
    _refuse_nested(things)
    beginning = f"{DATA}/{about.name}"
    framed = documents.frame("all")
    makers: dict[str, Callable[[], Bytes]] = {
        "ttl": partial(rdf_files.turtle, things, publication.prefixes),
        "nt": partial(rdf_files.canonical_ntriples, things),
        "nq": lambda: rdf_files.quads(publication.graphs()),
        "jsonld": documents.whole,
        "expanded.jsonld": documents.expanded,
        "framed.jsonld": partial(documents.framed, framed),
        "jsonl": documents.lines,
        "xlsx": partial(_workbook, publication),
    }
    tables = publication.tables
    yield from ((f"{beginning}.{ending}", Maker(make)) for ending, make in makers.items())
    for table in tables:
        yield f"{TABLES}/{table.name}.csv", Maker(partial(write_csv, table), TABLES)
    yield f"{TABLES}/dictionary.csv", Maker(partial(write_dictionary, tables), TABLES)


def table_descriptions(publication: "Publication") -> Iterator[File]:
    """Yield what describes the tables, all of them in one file, and the hash of the graph.

    The data must be in the ledger.
    """
    name = publication.about.name
    beginning = f"{DATA}/{name}"
    # The N-Triples file is the canonical form of the graph.
    hashed = f"{publication.ledger[f'{beginning}.nt'].sha256}  {name}.nt\n"
    yield f"{beginning}.rdfc10.sha256", hashed.encode()
    described = dict(_described(publication))
    yield from ((f"{TABLES}/{name}", data) for name, data in described.items())
    yield f"{beginning}.zip", zipped(_packed(publication.tables, described))


def _refuse_nested(things: Index) -> None:
    for subject in things:
        for _, value in things.about(subject):
            if isinstance(value, Triple):
                raise RefusedError(
                    f"The graph has a statement about a statement, one of {value.subject}, which"
                    " JSON-LD, RDFC-1.0 and tables cannot hold.",
                    "Make it a thing with an IRI of its own, as a finding is. `cjph export"
                    " --format turtle` writes the graph as it stands.",
                )


def _described(publication: "Publication") -> Iterator[tuple[str, bytes]]:
    about, tables = publication.about, publication.tables
    yield "datapackage.json", write_package(about, tables, _written(publication))
    yield CSVW, write_csvw(about, tables)
    yield "README.md", readme.write_tables_readme(about, tables)
    yield "LICENSE.txt", readme.write_licence(about)
    yield "CITATION.txt", citations.write_text(about)


def _packed(tables: Sequence[Table], described: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    yield from ((f"{table.name}.csv", write_csv(table)) for table in tables)
    yield "dictionary.csv", write_dictionary(tables)
    yield from described.items()


def _workbook(publication: "Publication") -> bytes:
    about = publication.about
    texts = readme.about_rows(about)
    return write_workbook(
        publication.tables,
        title=about.title,
        about=texts,
        created=about.dated,
        folder=publication.ledger.folder,
    )


def ontology_files(publication: "Publication") -> Iterator[File]:
    """Yield the ontology, as its file has it and in other formats, the shapes and the context."""
    file = publication.ontology
    if file:
        index = Index(file.triples)
        name = f"{ONTOLOGY}/ontology"
        yield f"{name}.ttl", file.data
        yield f"{name}.nt", Maker(partial(rdf_files.canonical_ntriples, index))
        yield f"{name}.jsonld", Maker(Documents(publication.home, index).expanded)
    yield f"{ONTOLOGY}/shapes.ttl", Maker(partial(_shapes, publication))
    documents = publication.documents
    yield f"{ONTOLOGY}/context.jsonld", write_context(documents.context)
    for name in list_frames(publication.home):
        frame = documents.frame(name)
        yield f"{ONTOLOGY}/frames/{name}.jsonld", frame.text
        yield f"{ONTOLOGY}/frames/{name}.schema.json", write_schema(frame, publication.kinds)
        plain = write_schema(frame, publication.kinds, plain=True)
        yield f"{ONTOLOGY}/frames/{name}.json.schema.json", plain


def _shapes(publication: "Publication") -> Bytes:
    files = [read_turtle(path) for path in shape_files(publication.home)]
    prefixes = {name: iri for file in files for name, iri in file.prefixes.items() if name}
    return rdf_files.turtle(Index(read_shapes(publication.home)), prefixes)


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
    if found := publication.changes:
        yield f"{DATA}/changes.md", release_changes.write_markdown(found)
        yield f"{DATA}/changes.json", release_changes.write_json(found)


def report_files(publication: "Publication") -> Iterator[File]:
    """Yield the reports on the validation of the home."""
    for name, data in publication.reports.items():
        yield f"{REPORTS}/{name}", data
