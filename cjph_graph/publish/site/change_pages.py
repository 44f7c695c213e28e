"""The changes of each release: a page, a feed, and what the next release reads."""

from collections.abc import Iterator
from functools import cached_property

from cjph_graph.publish.site.changes import FILE, Release, read_releases, write_releases
from cjph_graph.publish.site.rendering import Anchor, moment
from cjph_graph.publish.site.site_context import Make, PageSet

_PAGE, _FEED = "changes.html", "changes.atom"


class ChangeSite(PageSet):
    """The page and the feed of changes."""

    @cached_property
    def _releases(self) -> tuple[Release, ...]:
        return read_releases(self._context.publication, len(self._context.things))

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the page and the feed, and what the next release reads."""
        yield _PAGE, self._page
        yield _FEED, self._feed
        yield FILE, lambda: write_releases(self._releases)

    def _page(self) -> bytes:
        context = self._context
        return context.renderer.page(
            "changes.html",
            _PAGE,
            "Changes",
            sort="text",
            description="What each release brought, by thing.",
            crumbs=(Anchor(context.title, "index.html"), Anchor("Changes")),
            alternates=(Anchor("Changes", _FEED, "application/atom+xml"),),
            releases=self._releases,
            titles={view.one: view.title for view in context.presentation.views},
        )

    def _feed(self) -> bytes:
        context, about = self._context, self._context.publication.about
        authors = ", ".join(agent.name for agent in about.creators) or context.title
        return context.renderer.text(
            "changes.atom",
            address=context.base or about.iri,
            base=context.base,
            title=context.title,
            author=authors,
            updated=moment(self._releases[0].dated),
            releases=self._releases,
        )
