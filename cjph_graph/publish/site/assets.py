"""What pages need beside themselves: the stylesheet, the scripts, the home's colours."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cjph_graph.publish.site.site_context import Make, PageSet

_STATIC = Path(__file__).parent / "static"
# A comment that has its lines to itself, an empty line, and the space before what a line says.
_UNSAID = re.compile(rb"^[ ]*/\*.*?\*/[ ]*\n|^[ ]*\n|^[ ]+", re.DOTALL | re.MULTILINE)


class AssetSite(PageSet):
    """The files of `static/`, and the home's theme."""

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the files by name, then the theme."""
        for path in sorted(_STATIC.iterdir()):
            yield f"assets/{path.name}", partial(slim, path)
        if theme := self._context.settings.theme:
            yield "assets/theme.css", lambda: theme


def slim(path: Path) -> bytes:
    """Return a stylesheet or script of ours without comments and indents; other files as they are.

    No line of ours goes on inside a text, so that each may lose the space before it.
    """
    content = path.read_bytes()
    is_ours = path.suffix in (".css", ".js") and not path.with_name(f"{path.name}.sha256").exists()
    return _UNSAID.sub(b"", content) if is_ours else content
