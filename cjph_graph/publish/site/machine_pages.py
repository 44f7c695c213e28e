"""Files for machines: the map of the site, rules for robots, and for servers that negotiate."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from cjph_graph.publish.site.site_context import SiteContext

# Search engines read no longer map.
_MOST_ADDRESSES = 50_000
_SERVER = """\
# For Apache: a thing's address, without an ending, gives the format that the reader asks for.
Options -Indexes +MultiViews
DirectoryIndex index.html
AddDefaultCharset utf-8
AddType "text/html;qs=1.0" .html
AddType "application/ld+json;qs=0.9" .jsonld
AddType "text/turtle;qs=0.8" .ttl
AddType "application/json;qs=0.7" .json
AddType "application/n-triples;qs=0.6" .nt
AddType "application/n-quads;qs=0.6" .nq
AddType "text/csv;qs=0.5" .csv
AddType application/atom+xml .atom
AddType application/jsonl .jsonl
<IfModule mod_headers.c>
  Header always set X-Content-Type-Options nosniff
  Header set Access-Control-Allow-Origin "*"
</IfModule>
"""
_REDIRECTS = """\
# For w3id.org, as its folder's .htaccess: permanent addresses lead to where the site stands.
RewriteEngine On
RewriteRule ^$ {base} [R=303,L]
RewriteCond %{{HTTP_ACCEPT}} text/turtle
RewriteRule ^ontology$ {base}ontology/{ontology}.ttl [R=303,L]
RewriteRule ^ontology$ {base}ontology/index.html [R=303,L]
"""
_RULES = (
    ("text/html|application/xhtml", "html"),
    ("text/turtle", "ttl"),
    ("application/ld\\+json", "jsonld"),
    ("application/json", "json"),
)


class MachineSite:
    """The files for machines; the map needs to know where the site stands."""

    def __init__(self, context: SiteContext, pages: Callable[[], Iterator[str]]) -> None:
        self._context = context
        self._pages = pages

    @cached_property
    def _files(self) -> dict[str, Callable[[], bytes]]:
        files: dict[str, Callable[[], bytes]] = {
            "robots.txt": self._robots,
            ".htaccess": _SERVER.encode,
            ".nojekyll": bytes,
        }
        if self._context.base:
            files["sitemap.xml"] = self._map
        if self._is_elsewhere:
            files["w3id/.htaccess"] = self._redirects
        return files

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the site stands at another address than its things are named by."""
        path = next(self._context.paths_of_things(), "")
        node, base = self._context.node(path), self._context.base
        return bool(node and base and not node.value.startswith(base))

    def paths(self) -> Iterator[str]:
        """Yield the paths of the files."""
        yield from self._files

    def render(self, path: str) -> bytes | None:
        """Return a file; None where there is none."""
        found = self._files.get(path)
        return found() if found else None

    def _robots(self) -> bytes:
        map_ = f"\nSitemap: {self._context.base}sitemap.xml" if self._context.base else ""
        return f"User-agent: *\nAllow: /{map_}\n".encode()

    def _map(self) -> bytes:
        changed = self._context.publication.about.modified[:10]
        pages = (path for path in self._pages() if path.endswith(".html") and path != "404.html")
        addresses = [
            f"{self._context.base}{path.removesuffix('index.html')}"
            for _, path in zip(range(_MOST_ADDRESSES), pages, strict=False)
        ]
        return self._context.renderer.text("sitemap.xml", addresses=addresses, changed=changed)

    def _beginning(self) -> str:
        name = self._context.home.ontology.stem
        return _REDIRECTS.format(base=self._context.base, ontology=name).rstrip()

    def _redirects(self) -> bytes:
        """Return rules that lead each thing to its page, or to its data where these are asked."""
        folders = sorted({path.rpartition("/")[0] for path in self._context.paths_of_things()})
        kinds = "|".join(re.escape(folder) for folder in folders)
        thing = f"^((?:{kinds})/[^/.]+)$"
        lines = [self._beginning()]
        for accepted, ending in () if self._context.is_large else _RULES:
            lines.append(f"RewriteCond %{{HTTP_ACCEPT}} {accepted}")
            lines.append(f"RewriteRule {thing} {self._context.base}$1.{ending} [R=303,L]")
        lines.append(f"RewriteRule {thing} {self._context.base}$1.html [R=303,L]")
        lines.append(f"RewriteRule ^(.+)$ {self._context.base}$1 [R=303,L]")
        return ("\n".join(lines) + "\n").encode()
