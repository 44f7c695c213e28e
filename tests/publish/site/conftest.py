"""The shipped home's release on disk, once for all tests that look at it, and a browser on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cjph_graph.contribute import with_forms
from cjph_graph.home import find_home
from cjph_graph.publish import all_files, write_release

if TYPE_CHECKING:
    from playwright.sync_api import Page

# Told by the page itself: a policy that is broken raises an event, not an exception.
_WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """Return the folder of a release of the shipped home."""
    folder = tmp_path_factory.mktemp("site")
    publication = with_forms(find_home())
    write_release(folder, "release", all_files(publication), publication.ledger)
    return folder / "release"


@dataclass
class Visit:
    """A browser on the site, which notes what a page should not do."""

    page: "Page"
    folder: Path
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> "Page":
        """Open a page of the release, by its path."""
        self.page.goto(f"{self.folder.as_uri()}/{path}")
        return self.page

    def watch(self) -> None:
        """Note errors, what is barred, and requests that leave or fail."""
        page = self.page
        page.add_init_script(_WATCH)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", lambda said: self.faults.append(f"console: {said.text}"))
        page.on("request", self._judge)
        page.on("requestfailed", lambda asked: self.faults.append(f"failed: {asked.url}"))

    def _judge(self, asked) -> None:
        if not re.match(rf"{re.escape(self.folder.as_uri())}/|blob:|data:", asked.url):
            self.faults.append(f"a request left: {asked.url}")

    def check(self) -> None:
        """Fail where a page did what it may not do."""
        self.faults += self.page.evaluate("window.broken || []")
        assert self.faults == []


@pytest.fixture
def visit(chromium, site) -> Iterator[Visit]:
    """Yield a browser on the site; afterwards nothing may have left it, failed or been barred."""
    context = chromium.new_context(accept_downloads=True)
    visit = Visit(context.new_page(), site)
    visit.watch()
    yield visit
    visit.check()
    context.close()
