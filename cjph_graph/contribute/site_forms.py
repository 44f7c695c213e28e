"""The forms of a site: one for each kind whose things have files of their own.

A form is made when it is first asked for, so a server that shows no form reads nothing.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.web_form import form_html, form_script
from cjph_graph.home import Home, read_schema, read_shapes
from cjph_graph.publish import Publication, read_settings


class SiteForms(Mapping[str, str]):
    """The insides of the pages on which a thing can be added, by the name of its kind.

    `forge` is the address of the home's repository on the web, if the home does not say it.
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
