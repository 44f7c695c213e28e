"""A publication: what is read once and handed to every maker of files.

A maker is a function that yields files, a path and what stands there:

    def pages(publication: Publication) -> Iterator[File]:
        yield "index.html", b"…"

Makers run one after the other, each as its files are asked for. A later one sees how large the
files of the earlier ones are, and their SHA-256, in `publication.ledger`, once that has waited.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cjph_graph.home import Home, Kind, read_schema, read_shapes
from cjph_graph.publish.dataset.about import About, about_dataset
from cjph_graph.publish.dataset.release_changes import ReleaseChanges, find_changes
from cjph_graph.publish.index import Index, read_index
from cjph_graph.publish.jsonld import Documents
from cjph_graph.publish.release_files import File, Ledger
from cjph_graph.publish.tables import Table, make_tables
from cjph_graph.rdf import OWL, TYPE, TurtleFile, read_turtle

if TYPE_CHECKING:
    from cjph_graph.publish.site import Site

_ONTOLOGY = NamedNode(OWL + "Ontology")


@dataclass(frozen=True)
class Publication:
    """A home to be published: its graph, tables and description, each made when first asked for.

    `version` and `base` (the address at which the release will stand, ending in `/`) take the place
    of what the home says itself. `reports` are files on the validation, by name; `forms` are the
    insides of pages on which a thing of a kind can be added, by the name of the kind, and
    `form_script` is what they run; `previous` is the folder of the release before; `forge` is the
    address of the home's repository on the web.
    """

    home: Home
    version: str = ""
    base: str = ""
    reports: Mapping[str, bytes] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    form_script: str = ""
    previous: Path | None = None
    forge: str = ""
    ledger: Ledger = field(default_factory=Ledger)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The classes of the home's shapes."""
        return read_schema(read_shapes(self.home))

    @cached_property
    def ontology(self) -> TurtleFile | None:
        """The classes and properties; None in a home that has none of its own."""
        path = self.home.ontology
        return read_turtle(path).sound() if path.is_file() else None

    @property
    def ontology_iri(self) -> str:
        """The IRI of the ontology; empty where there is none."""
        triples = self.ontology.triples if self.ontology else ()
        found = (t.subject for t in triples if t.predicate == TYPE and t.object == _ONTOLOGY)
        return next((node.value for node in found if isinstance(node, NamedNode)), "")

    @cached_property
    def things(self) -> Index:
        """Data and vocabularies. Raises InputError when a file is not Turtle."""
        return read_index(self.home)

    @cached_property
    def documents(self) -> Documents:
        """The graph as JSON-LD, JSON and JSON Lines, whole or thing by thing."""
        return Documents(self.home, self.things)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of the home's files."""
        own = self.ontology.prefixes if self.ontology else {}
        return {**self.things.prefixes, **{name: iri for name, iri in own.items() if name}}

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """A flat table for each kind that has things."""
        return make_tables(self.things, self.kinds)

    @cached_property
    def about(self) -> About:
        """What the home says about itself as a dataset."""
        terms = self.ontology.triples if self.ontology else ()
        return about_dataset(self.things, terms, self.kinds, version=self.version, base=self.base)

    @cached_property
    def changes(self) -> ReleaseChanges | None:
        """How the graph differs from the previous release; None where there is none.

        Raises UsageError where the previous folder is no release, InputError where it can't be
        read.
        """
        return find_changes(self.previous, self.things, self.kinds) if self.previous else None

    @cached_property
    def site(self) -> "Site":
        """The pages."""
        from cjph_graph.publish.site import Site

        return Site(self)

    def graphs(self) -> Iterator[tuple[str, Index]]:
        """Yield the named graphs: the data with their vocabularies, and the ontology."""
        yield self.about.iri, self.things
        if self.ontology:
            yield self.ontology_iri, Index(self.ontology.triples)


def all_files(publication: Publication, *, pages: bool = True) -> Iterator[File]:
    """Yield every file of a publication: what takes long first, then what describes that."""
    from cjph_graph.publish.dataset import files

    yield from files.ontology_files(publication)
    yield from files.report_files(publication)
    yield from files.data_files(publication)
    if pages:
        yield from publication.site.makers()
    publication.ledger.wait()
    yield from files.table_descriptions(publication)
    yield from files.change_files(publication)
    yield from files.descriptions(publication)
    if pages:
        yield from publication.site.last_makers()
