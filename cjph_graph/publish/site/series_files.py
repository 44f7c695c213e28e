"""The files beside the page of an indicator: its values as CSV, what they mean as JSON, a zip."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from cjph_graph.publish.csv_files import write_csv
from cjph_graph.publish.dataset.json_files import Json, as_json
from cjph_graph.publish.jsonld.writing import one_or_all
from cjph_graph.publish.site.cube import find_cube
from cjph_graph.publish.site.describe import Cell
from cjph_graph.publish.site.references import Reference
from cjph_graph.publish.site.site_context import Make, PageSet, SiteContext
from cjph_graph.publish.site.things import ThingPages
from cjph_graph.publish.zip_files import zipped
from cjph_graph.rdf import last_part

if TYPE_CHECKING:
    from cjph_graph.publish.tables import Table


class SeriesSite(PageSet):
    """Three files for each thing that has observations."""

    def __init__(self, context: SiteContext) -> None:
        super().__init__(context)
        self._pages = ThingPages(context.describer)
        self._last = ("", b"")

    @cached_property
    def _rows(self) -> Mapping[str, tuple["Table", tuple[tuple[str, ...], ...]]]:
        """The rows of each thing that has observations, by its path, with their table."""
        found: dict[str, tuple[Table, tuple[tuple[str, ...], ...]]] = {}
        for table in self._context.tables.values():
            if find_cube(table.kind, self._context.ontology):
                for owner, rows in self._by_owner(table).items():
                    found[owner] = (table, tuple(rows))
        return found

    def _by_owner(self, table: "Table") -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for row in table.rows:
            owner = self._context.index.path(NamedNode(row[-1].partition("#")[0]))
            if owner and owner in self._context.things:
                found.setdefault(owner, []).append(row)
        return found

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the files, those of a thing together."""
        for path in self._rows if not self._context.is_large else ():
            yield f"{path}.csv", partial(self._csv, path)
            yield f"{path}.metadata.json", partial(self._metadata, path)
            yield f"{path}.zip", partial(self._zip, path)

    def _csv(self, stem: str) -> bytes:
        table, rows = self._rows[stem]
        return write_csv(replace(table, rows=rows))

    def _zip(self, stem: str) -> bytes:
        name = stem.rpartition("/")[2]
        files = {f"{name}.csv": self._csv(stem), f"{name}.metadata.json": self._metadata(stem)}
        return zipped(files.items())

    def _metadata(self, stem: str) -> bytes:
        """Return the meaning of a thing's values; its own file and the zip hold the same."""
        if self._last[0] != stem:
            self._last = (stem, self._described(stem))
        return self._last[1]

    def _described(self, stem: str) -> bytes:
        context, table = self._context, self._rows[stem][0]
        thing = self._pages.page(context.things[stem])
        said: dict[str, Json] = {
            "name": thing.name,
            "definition": thing.summary,
            **{_key(fact.label): one_or_all(_texts(fact.values)) for fact in thing.facts},
            "caveats": _texts(thing.caveats),
            "notes": _texts(thing.notes),
            "sources": [_source(reference) for reference in thing.references],
            "citation": context.cite(thing.name, thing.iri, originals(thing.references)).sentence,
            "license": context.publication.about.license,
            "address": thing.iri,
            "last_changed": context.publication.about.modified,
            "columns": [
                {"name": c.name, "label": c.label, "definition": c.definition, "holds": c.holds}
                for c in table.columns
            ],
        }
        return as_json(said)


def originals(references: Iterable[Reference]) -> tuple[str, ...]:
    """Return sources as a citation names them, each once."""
    return tuple(dict.fromkeys(map(_cited, references)))


def _cited(reference: Reference) -> str:
    who = ", ".join(cell.text for cell in reference.meta)
    return f"{reference.name.text} ({who})" if who else reference.name.text


def _source(reference: Reference) -> Json:
    return {
        "title": reference.name.text,
        "published": ", ".join(cell.text for cell in reference.meta),
        "addresses": [cell.href for _, cell in reference.links if cell.external],
    }


def _texts(cells: Sequence[Cell]) -> list[Json]:
    return [cell.text for cell in cells]


def _key(label: str) -> str:
    return last_part(label).lower().replace(" ", "_")
