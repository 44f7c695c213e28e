"""What the files of a release are: a title, a media type, and what each is good for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.release_files import Ledger

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Format(NamedTuple):
    """A media type from IANA's list, a file type from the EU's, a name, and a use."""

    media_type: str
    file_type: str
    title: str
    use: str


# By ending; what one of the two lists does not have is empty.
_FORMATS = {
    ".expanded.jsonld": _Format(
        "application/ld+json",
        "JSON_LD",
        "JSON-LD, expanded",
        "linked data in JSON with whole IRIs and no context",
    ),
    ".framed.jsonld": _Format(
        "application/ld+json",
        "JSON_LD",
        "JSON-LD, framed",
        "a tree for each thing, with names for its links",
    ),
    ".jsonld": _Format(
        "application/ld+json",
        "JSON_LD",
        "JSON-LD",
        "linked data in JSON, with short names from a context",
    ),
    ".jsonl": _Format("", "JSON", "JSON Lines", "one thing a line, for programs that stream"),
    ".csv": _Format("text/csv", "CSV", "CSV", "tables for R, Stata, pandas and any spreadsheet"),
    ".nq": _Format(
        "application/n-quads",
        "RDF_N_QUADS",
        "N-Quads",
        "data and ontology as two named graphs, for stores",
    ),
    ".nt": _Format(
        "application/n-triples",
        "RDF_N_TRIPLES",
        "N-Triples",
        "one statement a line, for large loads",
    ),
    ".ttl": _Format("text/turtle", "RDF_TURTLE", "Turtle", "RDF to read and to load"),
    ".xlsx": _Format(
        _EXCEL,
        "XLSX",
        "Excel workbook",
        "all tables, the dictionary and the caveats in one file",
    ),
    ".zip": _Format(
        "application/zip",
        "ZIP",
        "Data package",
        "all tables with their description and licence",
    ),
}


@dataclass(frozen=True)
class Distribution:
    """A file of the data: `path` in the release, `size` in bytes, `table` if it is one of them.

    `file_type` is its code in the EU's list of file types, empty if it has none.
    """

    path: str
    title: str
    media_type: str
    use: str
    size: int
    sha256: str
    table: str = ""
    file_type: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


def distributions(about: About, ledger: Ledger, folder: str) -> Iterator[Distribution]:
    """Yield the files that a folder of a release holds data in, in the order of the ledger."""
    for path, file in ledger.items():
        if not path.startswith(f"{folder}/"):
            continue
        for ending, found in _FORMATS.items():
            if path.endswith(ending):
                name = path.rpartition("/")[2].removesuffix(ending)
                table = name if ending == ".csv" else ""
                yield Distribution(
                    path,
                    f"{found.title}: {table}" if table else f"{about.title}: {found.title}",
                    found.media_type,
                    found.use,
                    file.size,
                    file.sha256,
                    table,
                    found.file_type,
                )
                break
