"""What pages need beside themselves: the stylesheet, the scripts, the home's colours."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from cjph_graph.publish.site.site_context import SiteContext

_STATIC = Path(__file__).parent / "static"
_FOLDER = "assets/"
_THEME = f"{_FOLDER}theme.css"


class AssetSite:
    """The files of `static/` as they are, and the home's theme."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    @cached_property
    def _files(self) -> dict[str, Path]:
        found = sorted(path for path in _STATIC.rglob("*") if path.is_file())
        return {f"{_FOLDER}{path.relative_to(_STATIC).as_posix()}": path for path in found}

    def paths(self) -> Iterator[str]:
        """Yield the paths of the files."""
        yield from self._files
        if self._context.settings.theme:
            yield _THEME

    def render(self, path: str) -> bytes | None:
        """Return a file; None where there is none."""
        if path == _THEME:
            return self._context.settings.theme or None
        found = self._files.get(path)
        return found.read_bytes() if found else None
