"""Pages out of templates: Jinja2 with every value escaped, and Markdown without HTML."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cjph_graph.publish.site.describe import Cell
from cjph_graph.publish.site.words import capital, date, web_address
from cjph_graph.system.limits import size_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TEMPLATES = Path(__file__).parent / "templates"
# What the attribute `datetime` of HTML may hold of the dates that XML Schema knows.
_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", re.ASCII)
# In a script these could end it, or are line ends to old readers.
_IN_SCRIPTS = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)
_LONGEST_DESCRIPTION = 300
# Letters that are read from the right, and marks that turn the direction of others.
_TURNS = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_WITHIN = re.compile(r"[A-Za-z0-9._~/-]*(#[A-Za-z0-9._~-]*)?", re.ASCII)


@dataclass(frozen=True)
class Anchor:
    """A link of the frame around a page: navigation, breadcrumbs, other formats."""

    text: str
    href: str = ""
    type: str = ""


@dataclass(frozen=True)
class PageFrame:
    """What is around every page of a site."""

    title: str
    language: str
    navigation: tuple[Anchor, ...]
    footer: tuple[tuple[Anchor, ...], ...]
    version: str = ""
    modified: Cell | None = None
    license: Cell | None = None
    footnote: str = ""
    has_theme: bool = False


class Renderer:
    """Turns models into pages within the frame of a site."""

    def __init__(self, frame: PageFrame) -> None:
        self.frame = frame
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=False,
            auto_reload=False,
            cache_size=100,
        )
        self._environment.filters |= {
            "bdi": set_apart,
            "capital": capital,
            "grouped": "{:,}".format,
            "in_words": date,
            "is_time": _TIME.fullmatch,
            "moment": moment,
            "size": size_text,
        }

    def page(
        self,
        template: str,
        path: str,
        title: str,
        *,
        sort: str,
        description: str = "",
        crumbs: Sequence[Anchor] = (),
        alternates: Sequence[Anchor] = (),
        scripts: Sequence[str] = (),
        structured: object = None,
        canonical: str = "",
        may_send_to: str = "",
        root: str | None = None,
        **model: object,
    ) -> bytes:
        """Return a page as HTML; `path` is where it stands, from the root of the site.

        `root` is what its links begin with, where they do not begin at the page.
        """
        text = self._environment.get_template(template).render(
            site=self.frame,
            path=path,
            root="../" * path.count("/") if root is None else root,
            title=title,
            sort=sort,
            description=_shortened(description),
            crumbs=crumbs,
            alternates=alternates,
            scripts=scripts,
            structured=Markup(json_in_script(structured)) if structured else "",  # noqa: S704
            canonical=canonical,
            may_send_to=may_send_to,
            **model,
        )
        return text.encode()

    def text(self, template: str, **model: object) -> bytes:
        """Return something other than a page: XML, where values are escaped alike."""
        return self._environment.get_template(template).render(**model).encode()


def json_in_script(value: object) -> str:
    """Return a value as JSON without any character that could end a script."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_IN_SCRIPTS)


def markdown(text: str) -> tuple[str, Markup]:
    """Return the title of a Markdown text, its first heading, and the rest as HTML.

    HTML in it stays text, and a link leads to http, https, mailto or a path within the site.
    """
    title, rest = "", text
    if found := re.match(r"\s*#[ \t]+([^\n]+)(\n|$)", text):
        title, rest = found[1].strip(), text[found.end() :]
    return title, Markup(_reader().render(rest))  # noqa: S704


def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    setattr(reader, "validateLink", _may_lead)  # noqa: B010
    return reader


def _may_lead(address: str) -> bool:
    return bool(web_address(address) or _WITHIN.fullmatch(address))


def set_apart(text: str, language: str = "") -> Markup:
    """Return a text as HTML, set apart where it could turn the direction of what is around it."""
    safe = escape(text)
    if not language and not _TURNS.search(text):
        return safe
    lang = Markup(' lang="{}"').format(language) if language else Markup("")
    return Markup("").join((Markup("<bdi"), lang, Markup(">"), safe, Markup("</bdi>")))


def moment(day: str) -> str:
    """Return a date as a moment, which feeds ask for: the beginning of the year, month or day."""
    whole = f"{day[:10]}-01-01"[:10] if len(day) < len("2020-01-01") else day[:10]
    return f"{whole}T00:00:00Z" if _TIME.fullmatch(whole) else "1970-01-01T00:00:00Z"


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return f"{text[:_LONGEST_DESCRIPTION].rpartition(' ')[0]} …"
