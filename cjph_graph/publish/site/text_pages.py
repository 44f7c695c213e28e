"""Pages of text: the home's own Markdown, and what follows from the graph where it has none."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from urllib.parse import urlsplit

from cjph_graph.publish.site.rendering import Anchor, markdown
from cjph_graph.publish.site.site_context import SiteContext

# Paths that pages of other sorts have.
_TAKEN = frozenset({"index", "search", "404", "quality", "changes"})


class TextSite:
    """A page for each Markdown file in the home's `site/`."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        found = self._context.settings.pages or {}
        return {f"{name}.html": text for name, text in found.items() if name not in _TAKEN}

    def paths(self) -> Iterator[str]:
        """Yield the paths of the pages, and that of the page for what is not there."""
        yield from self._texts
        yield "404.html"

    def render(self, path: str) -> bytes | None:
        """Return a page of text; None where there is none."""
        if path == "404.html":
            return self._not_there()
        if path not in self._texts:
            return None
        title, body = markdown(self._texts[path])
        title = title or path.removesuffix(".html")
        return self._page(path, title, body)

    def _page(self, path: str, title: str, body: str, root: str | None = None) -> bytes:
        context = self._context
        return context.renderer.page(
            "text.html",
            path,
            title,
            sort="text",
            crumbs=(Anchor(context.title, "index.html"), Anchor(title)),
            body=body,
            root=root,
        )

    def _not_there(self) -> bytes:
        """Return the page that servers show at any address: its links begin at that of the site."""
        root = urlsplit(self._context.publication.base).path
        title, body = markdown(
            "# Not here\n\nThere is no page at this address. Look for what it was about with the "
            f"[search]({root}search.html), or begin at the [front page]({root}index.html)."
        )
        return self._page("404.html", title, body, root)
