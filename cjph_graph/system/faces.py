"""Faces of folders: names that are imported when they are first used."""

from collections.abc import Callable, Mapping
from importlib import import_module


def lazily(face: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` of a folder, given the names that each of its modules has for it.

    `face` is the `__name__` of the folder; the names of a module have spaces between them.
    """
    module_of = {name: module for module, names in modules.items() for name in names.split()}

    def find(name: str) -> object:
        if name not in module_of:
            raise AttributeError(f"module {face!r} has no attribute {name!r}")
        found: object = getattr(import_module(f"{face}.{module_of[name]}"), name)
        vars(import_module(face))[name] = found
        return found

    return find
