"""Pages on which a thing of a kind can be added: forms that others have made from the shapes."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import Markup

from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.site_context import SiteContext

_FOLDER, _SCRIPT = "contribute", "assets/form.js"


class FormSite:
    """A page for each form of the publication, and one that lists them."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self._names = {f"{_FOLDER}/{name.replace(' ', '-')}.html": name for name in context.forms}

    def paths(self) -> Iterator[str]:
        """Yield the path of each form, then that of their list and of their script."""
        yield from self._names
        if self._names:
            yield f"{_FOLDER}/index.html"
            yield _SCRIPT

    def render(self, path: str) -> bytes | None:
        """Return a page or the script; None where there is none."""
        if self._names and path == _SCRIPT:
            return self._context.publication.form_script.encode()
        if self._names and path == f"{_FOLDER}/index.html":
            return self._page(path, "Add something")
        if path not in self._names:
            return None
        name = self._names[path]
        return self._page(path, f"New {name}", self._context.forms[name])

    def _page(self, path: str, title: str, form: str = "") -> bytes:
        context = self._context
        home = Anchor(context.title, "index.html")
        listed = Anchor("Add something", f"{_FOLDER}/index.html")
        return context.renderer.page(
            "form.html",
            path,
            title,
            sort="form",
            crumbs=(home, listed, Anchor(title)) if form else (home, Anchor(title)),
            scripts=[_SCRIPT] if form else [],
            form=Markup(form),  # noqa: S704 made from the shapes, every text in it escaped
            forms=[Anchor(name, address) for address, name in self._names.items()],
            has_page="contribute" in (context.settings.pages or {}),
            may_send_to=_origin(context.settings.edit) if form else "",
        )


def _origin(address: str) -> str:
    """Return what a policy calls the site of an address; empty if that is none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme == "https" and parts.netloc else ""
