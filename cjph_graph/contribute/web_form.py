"""A form for a thing of a kind as a web page: plain HTML, which follows from the shapes.

A little script turns the answers into Turtle as they are typed, to download or to send to the page
of a forge where a new file is begun. Without it the last field of the form holds a blank text to
fill in, and the button sends that. The form is laid out by `form.html`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from html import escape
from importlib.resources import files
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from cjph_graph.contribute.blank import blank_file
from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.turtle import place_of
from cjph_graph.home import Home, read_schema, read_shapes
from cjph_graph.publish import Publication, read_settings
from cjph_graph.rdf import XSD, last_part

if TYPE_CHECKING:
    from jinja2 import Template

# A longer list of choices is completed as one types.
_FEW = 40
# For a name in a list of choices; hundreds of them stand on a page.
_LONGEST = 32
_BLANK_NAME = "Its name"


def form_page(contents: HomeContents, kind: str, *, forge: str = "") -> str:
    """Return a whole page with the form and its script, which needs nothing else.

    `forge` is the address of the repository, such as `https://github.com/owner/name`. Raises
    UsageError when there is no such kind.
    """
    name = contents.form(kind).kind.name
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Add: {escape(name)}</title>\n</head>\n<body>\n<main>\n"
        f"<h1>Add: {escape(name)}</h1>\n{form_html(contents, kind, forge=forge)}</main>\n"
        f"<script>\n{form_script()}</script>\n</body>\n</html>\n"
    )


def form_script() -> str:
    """Return the script of the forms, to be put at the end of a page or served beside it."""
    return files("cjph_graph.contribute").joinpath("form.js").read_text(encoding="utf-8")


def form_html(contents: HomeContents, kind: str, *, forge: str = "") -> str:
    """Return the form for a kind, as the inside of a page. Raises UsageError as `form_page`."""
    form = contents.form_of_things(kind)
    about = form.kind
    folder = place_of(contents.home, about, "x")[0].parent.relative_to(contents.home.path)
    prefixes = {**contents.prefixes, "xsd": XSD}
    own = (name for name, iri in prefixes.items() if iri == about.namespace)
    prefix = next(own, about.name.replace(" ", "-"))
    prefixes[prefix] = about.namespace

    def is_long(field: Field) -> bool:
        return field.is_link and len(contents.allowed(field)) > _FEW

    long = [each for each in _all_fields(contents, form) if is_long(each)]
    return _template().render(
        contents=contents,
        form=form,
        kind=about,
        short=contents.short,
        forge=forge,
        folder=folder.as_posix(),
        prefix=prefix,
        prefixes=json.dumps(prefixes),
        blank=blank_file(contents, about.name, _BLANK_NAME).text,
        is_long=is_long,
        list_name=_list_name,
        long_lists={_list_name(each): contents.allowed(each) for each in long},
        shortened=lambda label: shorten(label, _LONGEST, placeholder=" …"),
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    text = Path(__file__).with_name("form.html").read_text(encoding="utf-8")
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    ).from_string(text)


def _all_fields(contents: HomeContents, form: Form) -> Iterator[Field]:
    """Yield the fields of a form, those of parts in their place."""
    for field in form.fields:
        part = contents.part(field)
        yield from _all_fields(contents, part) if part else (field,)


def _list_name(field: Field) -> str:
    return "-".join(map(last_part, field.targets))


class SiteForms(Mapping[str, str]):
    """The insides of the pages on which a thing can be added, by the name of its kind.

    Each is made when it is asked for, so that a server that shows no form reads nothing. `forge` is
    the address of the home's repository on the web, if the home does not say it.
    """

    def __init__(self, home: Home, forge: str = "") -> None:
        self._home = home
        self._given = forge

    @cached_property
    def _names(self) -> tuple[str, ...]:
        kinds = read_schema(read_shapes(self._home))
        return tuple(kind.name for kind in kinds if kind.namespace)

    @cached_property
    def _contents(self) -> HomeContents:
        return HomeContents(self._home)

    @cached_property
    def _forge(self) -> str:
        return read_settings(self._home, self._given).edit.partition("/edit/")[0]

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        return form_html(self._contents, name, forge=self._forge)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def with_forms(home: Home) -> Publication:
    """Return the publication of a home, with its forms."""
    return Publication(home, forms=SiteForms(home), form_script=form_script())
