"""The changes of each release: a page, a feed, and what the next release reads."""

from collections.abc import Iterator
from functools import cached_property

from cjph_graph.publish.site.changes import FILE, Release, read_releases, write_releases
from cjph_graph.publish.site.rendering import Anchor, moment
from cjph_graph.publish.site.site_context import SiteContext

_PAGE, _FEED = "changes.html", "changes.atom"


class ChangeSite:
    """The page and the feed of changes."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    @cached_property
    def _releases(self) -> tuple[Release, ...]:
        context, publication = self._context, self._context.publication
        about = publication.about
        things = sum(1 for _ in context.paths_of_things())
        now = Release(about.version, about.modified or about.issued, things)
        return read_releases(publication.previous, now, context.index)

    def paths(self) -> Iterator[str]:
        """Yield the paths of the page and the feed, and of what the next release reads."""
        yield from (_PAGE, _FEED, FILE)

    def render(self, path: str) -> bytes | None:
        """Return one of the files."""
        if path == _PAGE:
            return self._page()
        if path == _FEED:
            return self._feed()
        return write_releases(self._releases) if path == FILE else None

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
