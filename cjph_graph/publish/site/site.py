"""The site of a home: every page with its path, each of which can be made on its own.

site = Site(Publication(find_home()))
site.render("interventions/cahoots-eugene.html")   # one page, as a server wants it
for path, maker in site.makers():                  # all of them, as a publication wants them
    print(path, len(maker.make()))
"""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cjph_graph.publish.release_files import Maker
from cjph_graph.publish.site.assets import AssetSite
from cjph_graph.publish.site.change_pages import ChangeSite
from cjph_graph.publish.site.form_pages import FormSite
from cjph_graph.publish.site.front import FrontSite
from cjph_graph.publish.site.info_pages import DATA_PAGE, InfoSite
from cjph_graph.publish.site.kind_pages import KindSite
from cjph_graph.publish.site.machine_pages import machine_files
from cjph_graph.publish.site.ontology_pages import OntologySite
from cjph_graph.publish.site.query_pages import QuerySite
from cjph_graph.publish.site.series_files import SeriesSite
from cjph_graph.publish.site.site_context import Make, SiteContext
from cjph_graph.publish.site.text_pages import TextSite
from cjph_graph.publish.site.thing_files import FileSite
from cjph_graph.publish.site.thing_pages import ThingSite
from cjph_graph.publish.site.vocabulary_pages import VocabularySite
from cjph_graph.system.limits import size_text

_SORTS = (
    *(FrontSite, KindSite, ThingSite, FileSite, SeriesSite, VocabularySite, OntologySite),
    *(QuerySite, InfoSite, ChangeSite, TextSite, FormSite, AssetSite),
)
# What a page comes to, for the sentence on a large site.
_BYTES_A_PAGE = 11_000

if TYPE_CHECKING:
    from cjph_graph.publish.publication import Publication


class Site:
    """All pages of a publication."""

    def __init__(self, publication: "Publication") -> None:
        self.context = SiteContext(publication)

    @cached_property
    def _files(self) -> tuple[tuple[str, Make], ...]:
        """Every file with what makes it; a path is there twice if two things have it."""
        found = [file for sort in _SORTS for file in sort(self.context).files()]
        return (*found, *machine_files(self.context, [path for path, _ in found]))

    @cached_property
    def _by_path(self) -> dict[str, Make]:
        return dict(reversed(self._files))

    def outlook(self) -> str:
        """Return a sentence on what is left out because there are so many things; else nothing."""
        if not self.context.is_large:
            return ""
        many = len(self.context.things)
        return (
            f"{many:,} things: some {size_text(many * _BYTES_A_PAGE)} of pages. Files with the data"
            " of single things and answers on query pages are left out; `cjph serve` has them."
        )

    def paths(self) -> Iterator[str]:
        """Yield the path of every file of the site, in its order."""
        return (path for path, _ in self._files)

    def render(self, path: str) -> bytes | None:
        """Return what stands at a path; None if nothing does."""
        make = self._by_path.get(path)
        return make() if make else None

    def makers(self) -> Iterator[tuple[str, Maker]]:
        """Yield the path of every file with what makes it; those of one thing are a group.

        Left out is the page that tells how large the files of the data are: see `last_makers`.
        """
        for path, make in self._files:
            if path != DATA_PAGE:
                folder, _, name = path.rpartition("/")
                yield path, Maker(make, f"{folder}/{name.partition('.')[0]}")

    def last_makers(self) -> Iterator[tuple[str, Maker]]:
        """Yield what `makers` leaves out, for which the data must be in the ledger."""
        yield DATA_PAGE, Maker(self._by_path[DATA_PAGE])
