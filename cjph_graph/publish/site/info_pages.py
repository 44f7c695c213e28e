"""Pages about the data as a whole: what to download, how good they are, what has changed."""

from collections.abc import Iterator

from cjph_graph.publish.site.context import Context
from cjph_graph.publish.site.quality import read_quality
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.shares import read_shares

_QUALITY = "quality.html"
# Saved queries whose names begin so say what is missing.
_LACKING = "lacking"


class InfoSite:
    """The page on quality."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def paths(self) -> Iterator[str]:
        """Yield the paths of the pages."""
        yield _QUALITY

    def render(self, path: str) -> bytes | None:
        """Return a page; None where there is none."""
        return self._quality() if path == _QUALITY else None

    def _quality(self) -> bytes:
        context = self._context
        sure = (each for view in context.views for each in read_shares(context.describer, view))
        return context.renderer.page(
            "quality.html",
            _QUALITY,
            "Data quality",
            sort="text",
            description="What is there, what is missing, and where a hand is needed most.",
            crumbs=(Anchor(context.title, "index.html"), Anchor("Data quality")),
            sure=list(sure),
            kinds=list(read_quality(context.describer, context.views)),
            questions=[query for query in context.queries if query.name.startswith(_LACKING)],
        )
