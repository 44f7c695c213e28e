"""What a home says about its own site: `site/site.toml`, its Markdown pages and its colours.

    site/site.toml     title, headline, lead, footnote, language, and where changes and reports go
    site/about.md      a page of its own at about.html; its first heading is its title
    site/theme.css     colours, which the stylesheet takes as custom properties

All of it may be missing: then the title is that of the dataset. Nothing here is a program: pages
are Markdown without HTML, links go to http, https, mailto or within the site.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cjph_graph.errors import InputError
from cjph_graph.home import Home
from cjph_graph.publish.site.words import web_address
from cjph_graph.system import files_below, read, read_text, shown

_TEXTS = ("title", "headline", "lead", "footnote", "language", "edit", "report")
_LARGEST_THEME = 100_000


@dataclass(frozen=True)
class Settings:
    """The site in the home's own words; what it does not say is empty.

    `edit` is the address at which a file can be changed, with `{file}` for its path; `report` that
    of a form, with `{title}` and `{address}`. `pages` are Markdown by name.
    """

    title: str = ""
    headline: str = ""
    lead: str = ""
    footnote: str = ""
    language: str = "en"
    edit: str = ""
    report: str = ""
    pages: Mapping[str, str] | None = None
    theme: bytes = b""

    def suggest(self, file: str) -> str:
        """Return where a change to a file can be suggested; empty if nowhere."""
        address = self.edit.replace("{file}", quote(file))
        return web_address(address) if self.edit and file else ""

    def complain(self, title: str, address: str) -> str:
        """Return where a problem of a page can be reported; empty if nowhere."""
        filled = self.report.replace("{title}", quote(title, safe=""))
        return web_address(filled.replace("{address}", quote(address, safe="")))


def read_settings(home: Home, forge: str = "") -> Settings:
    """Return what a home says about its site. Raises InputError where it can't be understood.

    `forge` is the address of its repository on the web: changes and reports go there if the home
    itself names no other place.
    """
    folder, texts = home.path / "site", _on_forge(forge)
    if not folder.is_dir():
        return Settings(edit=texts.get("edit", ""), report=texts.get("report", ""))
    pages = {path.stem: read_text(path) for path in files_below(folder, ".md", within=home.path)}
    config, theme = folder / "site.toml", folder / "theme.css"
    if config.is_file():
        texts |= _config(config)
    return Settings(**texts, pages=pages, theme=_theme(theme) if theme.is_file() else b"")


def _on_forge(forge: str) -> dict[str, str]:
    own = forge.rstrip("/")
    if not own:
        return {}
    return {
        "edit": f"{own}/edit/main/{{file}}",
        "report": f"{own}/issues/new?title={{title}}&body={{address}}",
    }


def _config(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{shown(path)} is not TOML: {error}.") from error
    for key, value in found.items():
        if key not in _TEXTS or not isinstance(value, str):
            raise InputError(
                f"{shown(path)}: {key!r} is not a text that belongs here.",
                f"There may be: {', '.join(_TEXTS)}.",
            )
    for key in ("edit", "report"):
        if key in found and not web_address(_without_places(found[key])):
            raise InputError(
                f"{shown(path)}: {key!r} is not a web address.", "It begins with https://."
            )
    return found


def _without_places(address: str) -> str:
    for place in ("{file}", "{title}", "{address}"):
        address = address.replace(place, "x")
    return address


def _theme(path: Path) -> bytes:
    found = read(path)
    if len(found) > _LARGEST_THEME:
        raise InputError(f"{shown(path)} is larger than {_LARGEST_THEME:,} bytes.")
    return found
