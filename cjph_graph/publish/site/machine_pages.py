"""Files for machines: the map of the site, rules for robots, and for servers that negotiate."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from cjph_graph.publish.site.site_context import Make, SiteContext

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


def machine_files(context: SiteContext, pages: Sequence[str]) -> Iterator[tuple[str, Make]]:
    """Yield the files for machines; `pages` are the paths of all others, for the map."""
    yield "robots.txt", partial(_robots, context)
    yield ".htaccess", _SERVER.encode
    yield ".nojekyll", bytes
    if context.base:
        yield "sitemap.xml", partial(_map, context, pages)
    first = next(iter(context.things.values()), None)
    # Where the site stands at another address than its things are named by.
    if first and context.base and not first.value.startswith(context.base):
        yield "w3id/.htaccess", partial(_redirects, context)


def _robots(context: SiteContext) -> bytes:
    map_ = f"\nSitemap: {context.base}sitemap.xml" if context.base else ""
    return f"User-agent: *\nAllow: /{map_}\n".encode()


def _map(context: SiteContext, pages: Sequence[str]) -> bytes:
    changed = context.publication.about.modified[:10]
    shown = (path for path in pages if path.endswith(".html") and path != "404.html")
    addresses = [
        f"{context.base}{path.removesuffix('index.html')}"
        for path in islice(shown, _MOST_ADDRESSES)
    ]
    return context.renderer.text("sitemap.xml", addresses=addresses, changed=changed)


def _redirects(context: SiteContext) -> bytes:
    """Return rules that lead each thing to its page, or to its data where these are asked."""
    base = context.base
    folders = sorted({path.rpartition("/")[0] for path in context.things})
    thing = f"^((?:{'|'.join(map(re.escape, folders))})/[^/.]+)$"
    lines = [_REDIRECTS.format(base=base, ontology=context.home.ontology.stem).rstrip()]
    for accepted, ending in () if context.is_large else _RULES:
        lines.append(f"RewriteCond %{{HTTP_ACCEPT}} {accepted}")
        lines.append(f"RewriteRule {thing} {base}$1.{ending} [R=303,L]")
    lines.append(f"RewriteRule {thing} {base}$1.html [R=303,L]")
    lines.append(f"RewriteRule ^(.+)$ {base}$1 [R=303,L]")
    return ("\n".join(lines) + "\n").encode()
