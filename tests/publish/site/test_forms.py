"""Forms on the site: handed in by whoever publishes, within the frame of the site."""

import re

import pytest

from cjph_graph.contribute import with_forms
from cjph_graph.home import Home, find_home
from cjph_graph.publish import Publication
from cjph_graph.publish.site import Site

_MOST = 200_000


def test_a_form_for_each_kind() -> None:
    publication = with_forms(find_home())
    forms, script = publication.forms, publication.form_script
    assert {"intervention", "policy", "source"} <= forms.keys()
    site = Site(publication)
    paths = [path for path in site.paths() if path.startswith("contribute/")]
    listed = (site.render("contribute/index.html") or b"").decode()
    frame = len(site.render("assets/style.css") or b"") + len(site.render("assets/site.js") or b"")
    for name in forms:
        path = f"contribute/{name}.html"
        assert path in paths
        assert path in listed
        page = (site.render(path) or b"").decode()
        assert re.search(r'<script src="[./]*assets/form.js"', page)
        assert "<script>" not in page
        assert len(page.encode()) + frame + len(script) < _MOST
    assert site.render("assets/form.js") == script.encode()


def test_a_form_is_made_when_it_is_asked_for(small: Home) -> None:
    class _Unasked(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            pytest.fail(f"the form of {name} was made")

    forms = _Unasked(policy="")
    paths = Site(Publication(small, forms=forms)).paths()
    assert "contribute/policy.html" in paths


def test_a_site_without_forms_has_no_page_for_them(small: Home) -> None:
    site = Site(Publication(small))
    assert not [path for path in site.paths() if path.startswith("contribute/")]
    assert site.render("contribute/index.html") is None
    assert site.render("assets/form.js") is None
