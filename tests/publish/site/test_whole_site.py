"""All files of a release together: links, weight, HTML, and the graph that they add up to."""

import json
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from support.readers import NODE_MODULES, program

pytestmark = pytest.mark.slow

LIGHT = 200_000
# What the browser takes in beside the page: data of a search or a table don't count.
_WEIGHED = re.compile(r"assets/(?!data/|search/)[^\"]+")


class Read(HTMLParser):
    """What a page links to, what it names, and what else it holds that could do harm."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.harm: list[str] = []
        self.anchors: list[tuple[str, str]] = []
        self._in_link = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the links, names and styles of an element."""
        named = {key: value or "" for key, value in attrs}
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
            self.anchors.append((named["href"], ""))
            self._in_link = True
        to = named.get("href") or named.get("src")
        if to and tag in ("link", "img", "script") and named.get("rel") != "canonical":
            self.loaded.append(to)
        if tag == "script" and "src" not in named and named.get("type") != "application/ld+json":
            self.harm.append("a script inside the page")
        if tag == "style" or "style" in named:
            self.harm.append(f"a style in {tag}")
        self.harm += [f"{key} in {tag}" for key in named if key.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        """Note the end of a link."""
        self._in_link &= tag != "a"

    def handle_data(self, data: str) -> None:
        """Note the text of a link."""
        if self._in_link:
            href, text = self.anchors[-1]
            self.anchors[-1] = href, text + data


@pytest.fixture(scope="session")
def pages(site) -> dict[str, Read]:
    return {
        path.relative_to(site).as_posix(): Read(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
    }


def internal(page: str, link: str) -> tuple[str, str] | None:
    """Return the file and the fragment that a link leads to; None if it leads elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return page, unquote(parts.fragment)
    steps: list[str] = page.split("/")[:-1]
    for step in unquote(parts.path).split("/"):
        if step == "..":
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps), unquote(parts.fragment)


def test_every_link_and_fragment_resolves(site, pages):
    lost = set()
    for name, page in pages.items():
        for link in [*page.links, *page.loaded]:
            if (found := internal(name, link)) is None:
                continue
            path, fragment = found
            fragment = "" if "=" in fragment else fragment  # what a table is filtered by
            known = pages[path].ids if path in pages else [fragment]
            if not (site / path).is_file() or (fragment and fragment not in known):
                lost.add(f"{name}: {link}")
    assert sorted(lost)[:20] == []


def test_links_lead_to_pages_and_mail_only(pages):
    schemes = {urlsplit(link).scheme for page in pages.values() for link in page.links}
    assert schemes <= {"", "http", "https", "mailto"}


def test_each_link_has_a_text_that_is_no_address(pages):
    bare = {
        (name, link)
        for name, page in pages.items()
        for link, text in page.anchors
        if not text.strip() or "://" in text
    }
    assert sorted(bare)[:10] == []


def test_no_page_holds_a_script_or_style_of_its_own(pages):
    assert {name: page.harm for name, page in pages.items() if page.harm} == {}


def test_each_page_has_a_policy_on_what_it_loads(site, pages):
    policy = "Content-Security-Policy"
    assert [n for n in pages if policy not in (site / n).read_text(encoding="utf-8")] == []


def test_no_name_is_there_twice(pages):
    assert {n: set(p.ids) for n, p in pages.items() if len(p.ids) != len(set(p.ids))} == {}


def test_pages_load_nothing_from_elsewhere(pages):
    assert {
        link for page in pages.values() for link in page.loaded if urlsplit(link).netloc
    } == set()


def test_pages_are_light(site, pages):
    heavy = {}
    for name, page in pages.items():
        parts = {internal(name, link)[0] for link in page.loaded if _WEIGHED.search(link)}
        size = sum((site / part).stat().st_size for part in {name, *parts})
        if size > LIGHT:
            heavy[name] = size
    assert heavy == {}


@pytest.mark.readers
def test_the_html_checker_of_the_w3c_finds_no_error(site):
    jar = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    options = ["--skip-non-html", "--errors-only", "--format", "json"]
    command = [program("java"), "-Xss2m", "-jar", jar, *options, site]
    done = subprocess.run(command, capture_output=True, check=False, timeout=500)
    found = json.loads(done.stderr)["messages"]
    assert [(m["url"].removeprefix(site.as_uri()), m["message"]) for m in found][:20] == []


def canonical(quads) -> str:
    found = Dataset(Quad(q.subject, q.predicate, q.object) for q in quads)
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return "\n".join(sorted(str(quad) for quad in found))


def of_things(site: Path, suffix: str) -> Iterator[Path]:
    """Yield the files that stand beside pages of things."""
    for path in sorted(site.glob(f"[!q]*/**/*{suffix}")):
        if path.with_suffix(".html").is_file():
            yield path


@pytest.mark.parametrize(
    ("suffix", "form"), [(".ttl", RdfFormat.TURTLE), (".jsonld", RdfFormat.JSON_LD)]
)
def test_the_files_of_all_pages_are_the_graph(site, suffix, form):
    dump = (site / "data" / "cjph-graph.nt").read_bytes()
    whole = canonical(parse(dump, format=RdfFormat.N_TRIPLES))
    files = list(of_things(site, suffix))
    assert len(files) > 500
    found = canonical(q for path in files for q in parse(path.read_bytes(), format=form))
    missing = set(whole.splitlines()) - set(found.splitlines())
    more = set(found.splitlines()) - set(whole.splitlines())
    assert sorted(missing)[:5] == []
    assert sorted(more)[:5] == []
