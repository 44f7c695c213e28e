"""The site of a home: every page with its path, each of which can be made on its own.

site = Site(Publication(find_home()))
site.render("interventions/cahoots-eugene.html")   # one page, as a server wants it
for path, content in site.files():                 # all of them, as a publication wants them
print(path, len(content))
"""

from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING

from cjph_graph.publish.release_files import Maker
from cjph_graph.publish.site.assets import AssetSite
from cjph_graph.publish.site.change_pages import ChangeSite
from cjph_graph.publish.site.form_pages import FormSite
from cjph_graph.publish.site.front import FrontSite
from cjph_graph.publish.site.info_pages import DATA_PAGE, InfoSite
from cjph_graph.publish.site.kind_pages import KindSite
from cjph_graph.publish.site.machine_pages import MachineSite
from cjph_graph.publish.site.ontology_pages import OntologySite
from cjph_graph.publish.site.query_pages import QuerySite
from cjph_graph.publish.site.series_files import SeriesSite
from cjph_graph.publish.site.site_context import PageSet, SiteContext
from cjph_graph.publish.site.text_pages import TextSite
from cjph_graph.publish.site.thing_files import FileSite
from cjph_graph.publish.site.thing_pages import ThingSite
from cjph_graph.publish.site.vocabulary_pages import VocabularySite
from cjph_graph.system.limits import size_text

# What a page comes to, for the sentence on a large site.
_BYTES_A_PAGE = 11_000
_LAST = (DATA_PAGE,)

if TYPE_CHECKING:
    from cjph_graph.publish.publication import Publication


class Site:
    """All pages of a publication."""

    def __init__(self, publication: "Publication") -> None:
        self.context = SiteContext(publication)

    @cached_property
    def _sorts(self) -> tuple[PageSet, ...]:
        makers = (
            FrontSite,
            KindSite,
            ThingSite,
            FileSite,
            SeriesSite,
            VocabularySite,
            OntologySite,
            QuerySite,
            InfoSite,
            ChangeSite,
            TextSite,
            FormSite,
            AssetSite,
        )
        made = tuple(maker(self.context) for maker in makers)
        return (*made, MachineSite(self.context, lambda: _paths(made)))

    def outlook(self) -> str:
        """Return a sentence on what is left out because there are so many things; else nothing."""
        many = sum(1 for _ in self.context.paths_of_things())
        if not self.context.is_large:
            return ""
        return (
            f"{many:,} things: some {size_text(many * _BYTES_A_PAGE)} of pages. Files with the data"
            " of single things and answers on query pages are left out; `cjph serve` has them."
        )

    def paths(self) -> Iterator[str]:
        """Yield the path of every file of the site, in its order."""
        return _paths(self._sorts)

    def render(self, path: str) -> bytes | None:
        """Return what stands at a path; None if nothing does."""
        for sort in self._sorts:
            if (found := sort.render(path)) is not None:
                return found
        return None

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file of the site with its path."""
        for sort in self._sorts:
            for path in sort.paths():
                yield path, _made(sort, path)

    def makers(self) -> Iterator[tuple[str, Maker]]:
        """Yield the path of every file with what makes it; those of one thing are a group.

        Left out are pages that tell how large the files of the data are: see `last_makers`.
        """
        for sort in self._sorts:
            for path in sort.paths():
                if path not in _LAST:
                    folder, _, name = path.rpartition("/")
                    group = f"{folder}/{name.partition('.')[0]}"
                    yield path, Maker(partial(_made, sort, path), group)

    def last_makers(self) -> Iterator[tuple[str, Maker]]:
        """Yield what `makers` leaves out, for which the data must be in the ledger."""
        yield from ((path, Maker(partial(self._page, path))) for path in _LAST)

    def _page(self, path: str) -> bytes:
        return self.render(path) or b""


def _made(sort: PageSet, path: str) -> bytes:
    content = sort.render(path)
    if content is None:
        raise LookupError(f"{path} is among the paths of the site, but nothing stands there")
    return content


def _paths(sorts: Iterable[PageSet]) -> Iterator[str]:
    for sort in sorts:
        yield from sort.paths()
