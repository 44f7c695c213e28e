"""What pages need beside themselves: the stylesheet, the scripts, the home's colours."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from cjph_graph.publish.site.site_context import SiteContext

_STATIC = Path(__file__).parent / "static"
_FOLDER = "assets/"
_THEME = f"{_FOLDER}theme.css"
# A comment that has its lines to itself, an empty line, and the space before what a line says.
_UNSAID = re.compile(rb"^[ ]*/\*.*?\*/[ ]*\n|^[ ]*\n|^[ ]+", re.DOTALL | re.MULTILINE)


class AssetSite:
    """The files of `static/`, and the home's theme."""

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
        return slim(found) if found else None


def slim(path: Path) -> bytes:
    """Return a stylesheet or script of ours without comments and indents; other files as they are.

    No line of ours goes on inside a text, so that each may lose the space before it.
    """
    content = path.read_bytes()
    is_ours = path.suffix in (".css", ".js") and not path.with_name(f"{path.name}.sha256").exists()
    return _UNSAID.sub(b"", content) if is_ours else content
