"""The pages of kinds, and the data files that scripts need on them."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from pyoxigraph import NamedNode

from cjph_graph.publish.site.figures import of_kind
from cjph_graph.publish.site.kind_data import KindData
from cjph_graph.publish.site.kinds import KindPages, count_pages, has_data
from cjph_graph.publish.site.pictures import Figure
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.rendering import Anchor, json_in_script
from cjph_graph.publish.site.site_context import SiteContext
from cjph_graph.rdf import RDFS, SKOS, Node

_PAGE = re.compile(r"([a-z0-9._~-]+)/(?:index|page-([0-9]{1,6}))\.html", re.ASCII)
_DATA = re.compile(r"assets/(data|search)/([a-z0-9._~-]+)\.js", re.ASCII)
_ROWS = re.compile(r"([a-z0-9._~-]+)/([a-z0-9_]+)\.json", re.ASCII)
_TABLES = "data/tables"
_LISTING = "assets/listing.js"
_DEFINITION, _COMMENT = NamedNode(SKOS + "definition"), NamedNode(RDFS + "comment")


class KindSite:
    """A table for each kind, on as many pages as it needs."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self._pages = KindPages(context.describer)
        self._data = KindData(context.describer, self._pages)
        self._sorted: dict[str, list[Node]] = {}

    @cached_property
    def _views(self) -> dict[str, View]:
        return {view.folder: view for view in self._context.views}

    def paths(self) -> Iterator[str]:
        """Yield the paths of tables and of the data files for scripts."""
        for folder, view in self._views.items():
            many = len(self._things(view))
            pages = count_pages(many)
            yield f"{folder}/index.html"
            for number in range(2, pages + 1):
                yield f"{folder}/page-{number}.html"
            if has_data(many):
                yield f"assets/data/{folder}.js"
            yield f"assets/search/{folder}.js"
            if table := self._context.tables.get(view.kind.iri):
                yield f"{folder}/{table.name}.json"

    def render(self, path: str) -> bytes | None:
        """Return a table or a data file; None where there is none."""
        if found := _PAGE.fullmatch(path):
            view = self._views.get(found[1])
            return self._table(view, path, int(found[2] or 1)) if view else None
        if found := _DATA.fullmatch(path):
            view = self._views.get(found[2])
            return self._script(view, found[1]) if view else None
        if found := _ROWS.fullmatch(path):
            return self._rows(found[1], found[2])
        return None

    def _things(self, view: View) -> Sequence[Node]:
        if view.folder not in self._sorted:
            self._sorted[view.folder] = self._pages.things(view)
        return self._sorted[view.folder]

    def _table(self, view: View, path: str, number: int) -> bytes | None:
        context = self._context
        definition = context.ontology.text(NamedNode(view.kind.iri), _DEFINITION)
        definition = definition or context.ontology.text(NamedNode(view.kind.iri), _COMMENT)
        kind = self._pages.page(view, self._things(view), number, definition)
        if not 1 <= number <= kind.pages:
            return None
        data = f"assets/data/{view.folder}.js" if kind.data else ""
        scripts = [data] if kind.pages == 1 else []
        return context.renderer.page(
            "kind.html",
            path,
            view.title if number == 1 else f"{view.title}, page {number}",
            sort="kind",
            description=definition,
            crumbs=(Anchor(context.title, "index.html"), Anchor(view.title)),
            scripts=[*scripts, _LISTING] if data else [],
            kind=kind,
            data=data,
            figures=self._figures(view) if kind.pages == 1 else [],
            downloads=self._downloads(view),
        )

    def _figures(self, view: View) -> list[Figure]:
        return of_kind(self._context.figures, view, self._things(view), "../")

    def _downloads(self, view: View) -> list[Anchor]:
        table = self._context.tables.get(view.kind.iri)
        if table is None:
            return []
        book = f"data/{self._context.publication.about.name}.xlsx"
        return [
            Anchor("CSV", f"{_TABLES}/{table.name}.csv", "csv"),
            Anchor("JSON", f"{view.folder}/{table.name}.json", "json"),
            Anchor("Excel (all kinds)", book),
        ]

    def _rows(self, folder: str, name: str) -> bytes | None:
        """Return the table of a kind as JSON: a list of objects, one on each line."""
        view = self._views.get(folder)
        table = self._context.tables.get(view.kind.iri) if view else None
        if table is None or table.name != name:
            return None
        text = io.BytesIO()
        for number, row in enumerate(table):
            text.write(b",\n" if number else b"[\n")
            text.write(json.dumps(row, ensure_ascii=False).encode())
        text.write(b"\n]\n")
        return text.getvalue()

    def _script(self, view: View, sort: str) -> bytes | None:
        things = self._things(view)
        if sort == "search":
            rows = {"kind": view.title, "rows": list(self._pages.search_rows(things))}
            text = f"(window.cjphSearch=window.cjphSearch||[]).push({json_in_script(rows)});\n"
            return text.encode()
        table = self._context.tables.get(view.kind.iri)
        if table is None or not has_data(len(things)):
            return None
        data = json_in_script(self._data.data(view, things, table))
        name = json_in_script(view.folder)
        return f"(window.cjphData=window.cjphData||{{}})[{name}]={data};\n".encode()
