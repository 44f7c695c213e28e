"""From people's files to Turtle: forms, spreadsheets, tables of statistics, a new home.

    from cjph_graph.contribute import Known, blank_file

    print(blank_file(Known(home), "intervention", "Street Outreach Team").decode())

A name is imported when it is first used: a list of values needs nothing of a workbook.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cjph_graph.contribute.blank import Blank, blank_file
    from cjph_graph.contribute.known import Known, find_vocabulary_or_kind

__all__ = ["Blank", "Known", "blank_file", "find_vocabulary_or_kind"]

_MODULES = {
    "blank": ("Blank", "blank_file"),
    "known": ("Known", "find_vocabulary_or_kind"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
