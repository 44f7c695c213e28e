"""Pages about the data as a whole: what to download, and how good they are."""

import json
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from cjph_graph.publish.dataset.distributions import Distribution, distributions
from cjph_graph.publish.dataset.schema_org import write_schema_org
from cjph_graph.publish.site.quality import read_quality
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.shares import read_shares
from cjph_graph.publish.site.site_context import Make, PageSet

DATA_PAGE, _QUALITY = "data/index.html", "quality.html"
# Saved queries whose names begin so say what is missing.
_LACKING = "lacking"


class InfoSite(PageSet):
    """The page of all data, and that on quality."""

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the two pages."""
        yield DATA_PAGE, self._data
        yield _QUALITY, self._quality

    def _data(self) -> bytes:
        context, publication = self._context, self._context.publication
        about = publication.about
        files = list(distributions(about, publication.ledger, "data"))
        structured = json.loads(
            write_schema_org(about, publication.kinds, publication.tables, files)
        )
        return context.renderer.page(
            "data.html",
            DATA_PAGE,
            "Data",
            sort="text",
            description=about.description,
            crumbs=(Anchor(context.title, "index.html"), Anchor("Data")),
            structured=structured,
            about=about,
            whole=[file for file in _for_people_first(files) if not file.table],
            tables=[file for file in files if file.table],
            rows={table.name: len(table.rows) for table in publication.tables},
            example=self._example(),
            base=context.base,
            views=context.views,
            cite=context.cite(context.title, about.address),
            is_large=context.is_large,
        )

    def _example(self) -> str:
        """Return the table that the lines of code read: of the first kind on the front page."""
        context = self._context
        first = [context.tables[v.kind.iri] for v in context.front if v.kind.iri in context.tables]
        return next((table.name for table in [*first, *context.publication.tables]), "")

    def _quality(self) -> bytes:
        context = self._context
        sure = (each for view in context.views for each in read_shares(context.describer, view))
        return context.renderer.page(
            "quality.html",
            _QUALITY,
            "Data quality",
            sort="text",
            description="What is there, what is missing, and where help is needed most.",
            crumbs=(Anchor(context.title, "index.html"), Anchor("Data quality")),
            sure=list(sure),
            kinds=list(read_quality(context.describer, context.views)),
            questions=[query for query in context.queries if query.name.startswith(_LACKING)],
        )


def _for_people_first(files: Iterable[Distribution]) -> list[Distribution]:
    """Return a workbook and a zip of tables before the formats that programs read."""
    endings = (".xlsx", ".zip")
    order = {ending: place for place, ending in enumerate(endings)}
    return sorted(files, key=lambda file: order.get(PurePath(file.name).suffix, len(order)))
