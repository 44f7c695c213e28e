"""What the files of a release are: a title, a media type, and what each is good for."""

from collections.abc import Iterator
from dataclasses import dataclass

from cjph_graph.publish.dataset.about import About
from cjph_graph.publish.release import Ledger

# By ending: the media type as IANA has it (empty where it has none), a name, and a use.
_FORMATS = {
    ".framed.jsonld": (
        "application/ld+json",
        "JSON-LD, framed",
        "a tree for each thing, with names for its links",
    ),
    ".csv": ("text/csv", "CSV", "tables for R, Stata, pandas and any spreadsheet"),
    ".jsonl": ("", "JSON Lines", "one thing a line, for programs that stream"),
    ".jsonld": ("application/ld+json", "JSON-LD", "linked data in JSON"),
    ".nq": ("application/n-quads", "N-Quads", "data and ontology as two named graphs, for stores"),
    ".nt": ("application/n-triples", "N-Triples", "one statement a line, for large loads"),
    ".parquet": ("application/vnd.apache.parquet", "Parquet", "typed columns for data frames"),
    ".ttl": ("text/turtle", "Turtle", "RDF to read and to load"),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel workbook",
        "all tables, the dictionary and the caveats in one file",
    ),
    ".zip": ("application/zip", "Data package", "all tables with their description and licence"),
}


@dataclass(frozen=True)
class Distribution:
    """A file of the data: `path` in the release, `size` in bytes, `table` if it is one of them."""

    path: str
    title: str
    media_type: str
    use: str
    size: int
    sha256: str
    table: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


def distributions(about: About, ledger: Ledger, folder: str) -> Iterator[Distribution]:
    """Yield the files that a folder of a release holds data in, in the order of the ledger."""
    for path, file in ledger.items():
        if not path.startswith(f"{folder}/"):
            continue
        for ending, (media_type, title, use) in _FORMATS.items():
            if path.endswith(ending):
                name = path.rpartition("/")[2].removesuffix(ending)
                table = name if ending == ".csv" else ""
                title = f"{title}: {table}" if table else f"{about.title}: {title}"
                yield Distribution(path, title, media_type, use, file.size, file.sha256, table)
                break
