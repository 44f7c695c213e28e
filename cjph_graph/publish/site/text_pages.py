"""Pages of text: the home's own Markdown, and what follows from the graph where it has none."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from cjph_graph.publish.site.rendering import Anchor, markdown
from cjph_graph.publish.site.site_context import Make, PageSet

# Paths that pages of other sorts have.
_TAKEN = frozenset({"index", "search", "404", "quality", "changes"})


class TextSite(PageSet):
    """A page for each Markdown file in the home's `site/`."""

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the pages, and the one for what is not there."""
        for name, text in (self._context.settings.pages or {}).items():
            if name not in _TAKEN:
                yield f"{name}.html", partial(self._page, name, text)
        yield "404.html", self._not_there

    def _page(self, name: str, text: str, root: str | None = None) -> bytes:
        context = self._context
        title, body = markdown(text)
        title = title or name
        return context.renderer.page(
            "text.html",
            f"{name}.html",
            title,
            sort="text",
            crumbs=(Anchor(context.title, "index.html"), Anchor(title)),
            body=body,
            root=root,
        )

    def _not_there(self) -> bytes:
        """Return the page that servers show at any address: its links begin at that of the site."""
        root = urlsplit(self._context.publication.base).path
        text = (
            "# Not here\n\nThere is no page at this address. Look for what it was about with the "
            f"[search]({root}search.html), or begin at the [front page]({root}index.html)."
        )
        return self._page("404", text, root)
