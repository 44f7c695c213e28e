"""What an address leads to: a page, a file, or a thing in the form that a client wants."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize

from cjph_graph.errors import UsageError
from cjph_graph.publish.dataset import files
from cjph_graph.publish.publication import Publication
from cjph_graph.publish.release_files import as_bytes
from cjph_graph.publish.serve.console import SCRIPT, Console
from cjph_graph.publish.serve.media import media_type
from cjph_graph.publish.serve.negotiation import Offer, choose
from cjph_graph.publish.serve.sparql_protocol import HTML, NotAcceptableError
from cjph_graph.publish.site import Site
from cjph_graph.publish.site.thing_files import ENDINGS, FileSite

# The bytes of an answer, and its head.
Done = tuple[bytes, dict[str, Any]]

# The forms in which a thing can be had, by the endings of their addresses.
_THING = (
    HTML,
    Offer("jsonld", ("application/ld+json",)),
    Offer("ttl", ("text/turtle", "application/x-turtle")),
    Offer("nt", ("application/n-triples", "text/plain")),
    Offer("json", ("application/json",)),
    Offer("csv", ("text/csv",)),
)


class MissingError(UsageError):
    """Nothing is at an address."""


class SitePages:
    """The pages of a site, and its things in other forms."""

    def __init__(self, site: Site, publication: Publication, console: Console) -> None:
        self._site = site
        self._publication = publication
        self._console = console
        self._data = FileSite(site.context)
        self._paths = frozenset(site.paths())

    def show(self, path: str, accept: str) -> Done:
        """Return a page, or a thing in the form that a client wants.

        Raises MissingError or NotAcceptableError.
        """
        if path == SCRIPT:
            return self._console.script(), {"status": 200, "type": media_type(path)}
        if (content := self._content(path)) is not None:
            return content, {"status": 200, "type": media_type(path)}
        if f"{path}.html" in self._paths:
            return self._negotiated(path, accept)
        if f"{path}/index.html" in self._paths:
            return self._folder(path, accept)
        raise MissingError(f"There is nothing at /{path}.")

    def _folder(self, path: str, accept: str) -> Done:
        """Redirect to the page of a folder, or to the data that the folder's address stands for."""
        offers = [HTML]
        if path == files.ONTOLOGY and self._publication.ontology:
            offers += [offer for offer in _THING if offer.name in ("ttl", "nt", "jsonld")]
        offer = _chosen(path, accept, offers)
        if offer is HTML:
            place = f"{path.rpartition('/')[2]}/"
            return b"", {"status": 303, "type": "text/plain", "redirect": place}
        beginning = f"{path}/ontology"
        found = dict(islice(files.ontology_files(self._publication), len(offers) - 1))
        others = {each.type: f"{beginning}.{each.name}" for each in offers[1:]}
        said = {**response_head(offer), "location": others[offer.type], "alternates": others}
        return as_bytes(found[others[offer.type]]), said

    def _negotiated(self, path: str, accept: str) -> Done:
        is_thing = path in self._site.context.things
        offers = [each for each in _THING if is_thing or f"{path}.{each.name}" in self._paths]
        offer = _chosen(path, accept, offers)
        content = self._content(f"{path}.{offer.name}")
        others = {each.type: f"{path}.{each.name}" for each in offers}
        said = {**response_head(offer), "location": f"{path}.{offer.name}", "alternates": others}
        return content or b"", said

    def _content(self, path: str) -> bytes | None:
        """Return a file of the site, or a thing in a form that has no file there."""
        if path in self._paths:
            return self._site.render(path)
        stem, _, ending = path.rpartition(".")
        node = self._site.context.things.get(stem)
        if node is None or ending not in (*ENDINGS, "nt", "csv"):
            return None
        if ending in ENDINGS:
            return self._data.data(node, ending)
        turtle = parse(self._data.data(node, "ttl"), format=RdfFormat.TURTLE)
        triples = [quad.triple for quad in turtle]
        if ending == "nt":
            return serialize(triples, format=RdfFormat.N_TRIPLES) or b""
        return self._console.as_table_of_facts(triples)


def _chosen(path: str, accept: str, offers: Sequence[Offer]) -> Offer:
    offer = choose(accept, offers)
    if offer is None:
        names = ", ".join(each.type for each in offers)
        raise NotAcceptableError(f"/{path} cannot be had as {accept}.", f"Choose from: {names}.")
    return offer


def response_head(offer: Offer) -> dict[str, Any]:
    """Return the head of an answer in the form of an offer."""
    return {"status": 200, "type": offer.type}
