"""The pages of kinds, and the data files that scripts need on them."""

import io
import json
from collections.abc import Iterator, Sequence
from functools import partial

from pyoxigraph import NamedNode

from cjph_graph.publish.site.kind_data import KindData
from cjph_graph.publish.site.kinds import KindPages, count_pages, has_data
from cjph_graph.publish.site.presentation import View
from cjph_graph.publish.site.rendering import Anchor, json_in_script
from cjph_graph.publish.site.site_context import Make, PageSet, SiteContext
from cjph_graph.publish.tables import Table
from cjph_graph.rdf import RDFS, SKOS, Node

_TABLES = "data/tables"
_LISTING = "assets/listing.js"
_DEFINITION, _COMMENT = NamedNode(SKOS + "definition"), NamedNode(RDFS + "comment")


class KindSite(PageSet):
    """A table for each kind, on as many pages as it needs."""

    def __init__(self, context: SiteContext) -> None:
        super().__init__(context)
        self._pages = KindPages(context.describer)
        self._data = KindData(context.describer, self._pages)
        self._sorted: dict[str, list[Node]] = {}

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the tables, and the data files for scripts."""
        for view in self._context.views:
            folder, many = view.folder, len(self._things(view))
            yield f"{folder}/index.html", partial(self._page, view)
            for number in range(2, count_pages(many) + 1):
                yield f"{folder}/page-{number}.html", partial(self._page, view, number)
            if has_data(many):
                yield f"assets/data/{folder}.js", partial(self._data_script, view)
            yield f"assets/search/{folder}.js", partial(self._search_script, view)
            yield f"{folder}/{self._table(view).name}.json", partial(self._rows, view)

    def _table(self, view: View) -> Table:
        return self._context.tables[view.kind.iri]

    def _things(self, view: View) -> Sequence[Node]:
        if view.folder not in self._sorted:
            self._sorted[view.folder] = self._pages.things(view)
        return self._sorted[view.folder]

    def _page(self, view: View, number: int = 1) -> bytes:
        context = self._context
        name = "index" if number == 1 else f"page-{number}"
        definition = context.ontology.text(NamedNode(view.kind.iri), _DEFINITION)
        definition = definition or context.ontology.text(NamedNode(view.kind.iri), _COMMENT)
        kind = self._pages.page(view, self._things(view), number, definition)
        data = f"assets/data/{view.folder}.js" if kind.data else ""
        scripts = [data] if kind.pages == 1 else []
        return context.renderer.page(
            "kind.html",
            f"{view.folder}/{name}.html",
            view.title if number == 1 else f"{view.title}, page {number}",
            sort="kind",
            description=definition,
            crumbs=(Anchor(context.title, "index.html"), Anchor(view.title)),
            scripts=[*scripts, _LISTING] if data else [],
            kind=kind,
            data=data,
            figures=context.figures.of_kind(view, self._things(view), "../")
            if kind.pages == 1
            else [],
            downloads=self._downloads(view),
        )

    def _downloads(self, view: View) -> list[Anchor]:
        name = self._table(view).name
        book = f"data/{self._context.publication.about.name}.xlsx"
        return [
            Anchor("CSV", f"{_TABLES}/{name}.csv", "csv"),
            Anchor("JSON", f"{view.folder}/{name}.json", "json"),
            Anchor("Excel (all kinds)", book),
        ]

    def _rows(self, view: View) -> bytes:
        """Return the table of a kind as JSON: a list of objects, one on each line."""
        text = io.BytesIO()
        for number, row in enumerate(self._table(view)):
            text.write(b",\n" if number else b"[\n")
            text.write(json.dumps(row, ensure_ascii=False).encode())
        text.write(b"\n]\n")
        return text.getvalue()

    def _search_script(self, view: View) -> bytes:
        rows = {"kind": view.title, "rows": list(self._pages.search_rows(self._things(view)))}
        text = f"(window.cjphSearch=window.cjphSearch||[]).push({json_in_script(rows)});\n"
        return text.encode()

    def _data_script(self, view: View) -> bytes:
        data = json_in_script(self._data.data(view, self._things(view), self._table(view)))
        name = json_in_script(view.folder)
        return f"(window.cjphData=window.cjphData||{{}})[{name}]={data};\n".encode()
