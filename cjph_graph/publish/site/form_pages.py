"""Pages on which a thing of a kind can be added: forms that others have made from the shapes."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from markupsafe import Markup

from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.site_context import Make, PageSet, SiteContext

_FOLDER, _SCRIPT = "contribute", "assets/form.js"


class FormSite(PageSet):
    """A page for each form of the publication, and one that lists them."""

    def __init__(self, context: SiteContext) -> None:
        super().__init__(context)
        self._names = {f"{_FOLDER}/{name.replace(' ', '-')}.html": name for name in context.forms}

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield each form, then their list and their script."""
        for path, name in self._names.items():
            yield path, partial(self._page, path, f"New {name}", name)
        if self._names:
            path = f"{_FOLDER}/index.html"
            yield path, partial(self._page, path, "Add something")
            yield _SCRIPT, self._context.publication.form_script.encode

    def _page(self, path: str, title: str, name: str = "") -> bytes:
        context = self._context
        form = context.forms[name] if name else ""  # made only now, from the whole home
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
