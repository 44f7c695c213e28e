"""What workers do: one job in, bytes and their description out.

A job is a dictionary with its `task` and what that takes. What comes out says its HTTP status and
media type; a failure is a status with one sentence, and what to do about it.
"""

import hashlib
import json
import logging
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from cjph_graph.errors import CjphError, InputError, LimitError, RefusedError
from cjph_graph.home import Home, bind, get_query, list_queries
from cjph_graph.publish.publication import Publication, all_files
from cjph_graph.publish.release import write_release
from cjph_graph.publish.serve.console import Console
from cjph_graph.publish.serve.description import describe_service
from cjph_graph.publish.serve.interface import describe_interface
from cjph_graph.publish.serve.media import media_type
from cjph_graph.publish.serve.negotiation import Offer, choose
from cjph_graph.publish.serve.pages import Done, MissingError, SitePages, response_head
from cjph_graph.publish.serve.reconciling import Reconciler
from cjph_graph.publish.serve.sparql_protocol import (
    GRAPH_OFFERS,
    HTML,
    NotAcceptableError,
    Question,
    ask,
    graphs_of,
)
from cjph_graph.publish.site import Site
from cjph_graph.sparql import LocalEngine, Triples, run, write_results

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SENTENCE = Offer("sentence", ("text/plain", "application/json", "application/sparql-results+json"))
_LOG = logging.getLogger("cjph.serve.work")
_JSON = {"status": 200, "type": "application/json"}
_SAVED = {"csv": "csv", "tsv": "tsv", "json": "json", "xml": "xml", "ttl": "turtle"}


_STATUS = {
    MissingError: 404,
    NotAcceptableError: 406,
    RefusedError: 403,
    InputError: 400,
    LimitError: 400,
}


class Desk:
    """A home that is open for work: its graph for questions, and its pages."""

    def __init__(
        self, folder: Path, most: int, maker: str = "", store: Store | None = None
    ) -> None:
        self._home = Home(folder)
        self._most = most
        self._maker = maker
        self._store = store or _graphs(self._publication)
        self._engine = LocalEngine(self._store, all_graphs=True)
        self._tasks: Mapping[str, Callable[[dict[str, Any]], Done]] = {
            "sparql": self._ask,
            "saved": self._ask_saved,
            "page": lambda job: self._pages.show(job["path"], job["accept"]),
            "console": self._open_console,
            "describe": self._describe,
            "reconcile": self._reconcile,
            "files": self._write_files,
            "interface": self._interface,
        }

    # Where a store has the graph, the home is read when the first page is asked for.

    @cached_property
    def _publication(self) -> Publication:
        return _maker(self._maker)(self._home)

    @cached_property
    def _site(self) -> Site:
        return Site(self._publication)

    @cached_property
    def _console(self) -> Console:
        return Console(self._site, self._store, self._engine)

    @cached_property
    def _pages(self) -> SitePages:
        return SitePages(self._site, self._publication, self._console)

    @cached_property
    def _matcher(self) -> Reconciler:
        return Reconciler(self._publication.things, self._site.context.title)

    def open(self) -> None:
        """Do one job of each sort, so that what they all need is there when workers are forked."""
        about = {"accept": HTML.type, "address": "", "text": '{"a": {"query": "a"}}'}
        thing = next(iter(self._site.context.things), "")
        for path in ("index.html", f"{thing}.html", f"{thing}.jsonld"):
            self.do({**about, "task": "page", "path": path})
        self.do({**about, "task": "reconcile", "what": "queries"})

    def save(self, folder: Path) -> None:
        """Write the graph into a store on disk, for those who only read it."""
        folder.mkdir(parents=True)
        Store(str(folder)).bulk_extend(self._store)

    @property
    def triples(self) -> int:
        """How many triples there are."""
        return len(self._store)

    def do(self, job: dict[str, Any]) -> Done:
        """Do a job."""
        try:
            body, about = self._tasks[job["task"]](job)
        except CjphError as error:
            return self._failed(error, job)
        except MemoryError:
            raise
        except Exception:
            # It is our mistake; the client only learns that.
            _LOG.exception("cjph: %s", job["task"])
            said = "The server failed at this; what it wrote to standard error says why."
            return b"", {"status": 500, "message": said, "hint": ""}
        if about["status"] == 200:
            about = {**about, "tag": hashlib.blake2b(body, digest_size=16).hexdigest()}
        return body, about

    def _ask(self, job: dict[str, Any]) -> Done:
        question = Question(
            job["query"], job["default"], job["named"], job["accept"], job["format"], job["address"]
        )
        self._refuse_foreign(question)
        offer = question.chosen()
        if offer is HTML:
            return self._console.answered(question), response_head(offer)
        return ask(self._store, question, offer, self._most), response_head(offer)

    def _refuse_foreign(self, question: Question) -> None:
        served = graphs_of(self._store)
        for graph in (*question.default, *question.named):
            if graph not in served:
                raise RefusedError(
                    f"The graph <{graph}> is not served here.",
                    "Leave the graph out to ask all that is here.",
                )

    def _ask_saved(self, job: dict[str, Any]) -> Done:
        query = get_query(self._home, job["name"])
        form = _SAVED.get(job["ending"])
        if form is None:
            raise NotAcceptableError(
                f"The answer cannot be had as {job['ending']}.",
                f"Choose from: {', '.join(_SAVED)}.",
            )
        result = run(self._engine, bind(query, job["values"], self._engine))
        if isinstance(result, Triples) and form == "json":
            form = "jsonld"
        content = write_results(result, form, prefixes=query.prefixes)
        if len(content) > self._most:
            raise LimitError("The answer is too large to be sent.")
        return content, {"status": 200, "type": media_type(job["ending"])}

    def _open_console(self, job: dict[str, Any]) -> Done:
        query = get_query(self._home, job["name"])
        try:
            return self._console.saved(query, job["values"], job["address"]), response_head(HTML)
        except CjphError as error:
            page = self._console.unanswered(query, job["values"], _for_a_client(error, job))
            return page, {"status": _STATUS.get(type(error), 400), "type": HTML.type}

    def _describe(self, job: dict[str, Any]) -> Done:
        """Return the service's description of itself, or the page where it can be asked."""
        offer = choose(job["accept"], (*GRAPH_OFFERS[:4], HTML))
        if offer is None:
            raise NotAcceptableError(
                f"The description cannot be had as {job['accept']}.",
                f"Choose from: {', '.join(each.type for each in GRAPH_OFFERS)}.",
            )
        if offer is HTML:
            return self._console.blank(), response_head(offer)
        content = describe_service(job["address"], self._store, offer.name)
        return content, response_head(offer)

    def _write_files(self, job: dict[str, Any]) -> Done:
        publication = Publication(self._home)
        found = all_files(publication, pages=False)
        write_release(Path(job["folder"]), "files", found, publication.ledger)
        return b"", {"status": 200, "paths": list(publication.ledger)}

    def _reconcile(self, job: dict[str, Any]) -> Done:
        if job["what"] == "manifest":
            found = self._matcher.manifest(job["address"])
        elif job["what"] == "queries":
            found = self._matcher.reconcile(job["text"])
        elif job["what"] == "preview":
            return self._preview(job["text"]), response_head(HTML)
        else:
            found = self._matcher.suggest(job["what"], job["text"])
        return json.dumps(found, ensure_ascii=False).encode(), _JSON

    def _preview(self, path: str) -> bytes:
        node = self._site.context.things.get(path)
        if node is None:
            raise MissingError(f"There is nothing called {path!r}.")
        return self._console.preview(node)

    def _interface(self, job: dict[str, Any]) -> Done:
        queries = list_queries(self._home).queries
        found = describe_interface(job["address"], self._site.context.title, queries)
        return json.dumps(found, ensure_ascii=False, indent=1).encode(), _JSON

    def _failed(self, error: CjphError, job: dict[str, Any]) -> Done:
        """Return why there is no answer: as a page for a browser, else as a sentence."""
        error = self._console.with_prefix(_for_a_client(error, job))
        status = _STATUS.get(type(error), 404 if job["task"] in ("saved", "page") else 400)
        if choose(job["accept"], (_SENTENCE, HTML)) is HTML:
            about = {"status": status, "type": HTML.type}
            if job["task"] in ("page", "saved"):
                return self._console.missing(error), about
            return self._console.failed(error, job.get("query", "")), about
        return b"", {"status": status, "message": error.message, "hint": error.hint}


def _graphs(publication: Publication) -> Store:
    """Return a store with the graphs of a publication, each under its name, as in its N-Quads."""
    store = Store()
    for iri, index in publication.graphs():
        name = NamedNode(iri) if iri else DefaultGraph()
        store.bulk_extend(
            Quad(each.subject, each.predicate, each.object, name) for each in index.triples()
        )
    return store


def _for_a_client(error: CjphError, job: dict[str, Any]) -> CjphError:
    """Return an error whose hint does not name a command, which a client does not have."""
    if "`cjph " in (error.hint or ""):
        name = job.get("name")
        error.hint = f"/queries/{name} lists its values." if name else None
        if job["task"] == "console":
            error.hint = "The field has a list of them."
    return error


def _maker(name: str) -> "Callable[[Home], Publication]":
    """Return the function of a name such as `package.module:function`."""
    module, _, function = name.partition(":")
    found: Callable[[Home], Publication] = (
        getattr(import_module(module), function) if name else Publication
    )
    return found
