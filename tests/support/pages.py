"""Pages as a reader's program sees them: links, anchors, scripts and texts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import dirname, normpath


@dataclass
class Link:
    """A link with the text that it shows."""

    href: str
    text: str = ""
    rel: str = ""


@dataclass
class Page:
    """What a page holds; `scripts` are the texts of scripts by their type."""

    links: list[Link] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    scripts: list[tuple[str, str]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: Link | None = None
        self._script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            assert said["id"] not in self.page.anchors, f"two of {said['id']}"
            self.page.anchors.add(said["id"])
        self.page.handlers += [name for name in said if name.startswith("on")]
        self.page.styles += [said["style"]] if "style" in said else []
        if tag == "a" and "href" in said:
            self._open = Link(said["href"], rel=said.get("rel", ""))
            self.page.links.append(self._open)
        file = said.get("src") or said.get("href")
        if tag in ("script", "link", "img") and file and said.get("rel") != "canonical":
            self.page.files.append(file)
        if tag == "script" and "src" not in said:
            self._script = said.get("type", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.page.scripts.append((self._script, data))
            return
        if self._open is not None:
            self._open.text += data
        self.page.text += data


def read_page(content: bytes) -> Page:
    """Return what a page holds. Fails where an id stands twice."""
    reader = _Reader()
    reader.feed(content.decode())
    reader.close()
    return reader.page


def target(page: str, href: str) -> tuple[str, str]:
    """Return the path and the anchor that a link of a page leads to, from the site's root."""
    path, _, anchor = href.partition("#")
    path = path.partition("?")[0]
    return (normpath(f"{dirname(page)}/{path}".lstrip("/")) if path else page), anchor
