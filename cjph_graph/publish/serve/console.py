"""Pages on which the graph is asked: an editor, forms for saved questions, answers as tables."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from cjph_graph.errors import CjphError
from cjph_graph.home import ANY, Parameter, Query, bind, choices, list_queries
from cjph_graph.publish.serve.failures import Failure, failure_of
from cjph_graph.publish.serve.negotiation import Offer
from cjph_graph.publish.serve.sparql_protocol import AskedEngine, Question
from cjph_graph.publish.site import Site
from cjph_graph.publish.site.answer_tables import ROWS, Answer, answer_table, turtle
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.rdf import last_part
from cjph_graph.sparql import LocalEngine, Result, Rows, Triples, csv_line, plain_text, run

PAGE = "sparql"
_TEMPLATE = "sparql.html"
_EXAMPLE = "SELECT ?class (COUNT(?thing) AS ?things) WHERE {\n  ?thing a ?class .\n}\n"
_ORDERED = "GROUP BY ?class ORDER BY DESC(?things)\n"
_LONGEST = 50_000
SCRIPT = "assets/ask.js"
_UNDECLARED = re.compile(r"the prefix ([^ ]*): is not declared")
_FEWEST_LINES, _MOST_LINES = 8, 24
_NAMES = {
    "json": "JSON",
    "xml": "XML",
    "csv": "CSV",
    "tsv": "TSV",
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
    "ttl": "Turtle",
}


@dataclass(frozen=True)
class ParameterField:
    """A parameter in a form: its value, and the values there are by the slug to type."""

    of: Parameter
    id: str
    value: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """An answer on a page: one of a table, a truth value and a text in Turtle."""

    table: Answer | None = None
    truth: bool | None = None
    triples: str = ""


class Console:
    """Makes the pages on which a graph is asked, in the frame of its site."""

    def __init__(self, site: Site, store: Store, engine: LocalEngine) -> None:
        self._context = site.context
        renderer = site.context.renderer
        navigation = (*renderer.frame.navigation, Anchor("Ask", PAGE))
        renderer.frame = replace(renderer.frame, navigation=navigation)
        self._store = store
        self._engine = engine

    def blank(self) -> bytes:
        """Return the page with an editor and the list of saved questions."""
        return self._page("Ask the graph", text=self._beginning())

    def _beginning(self) -> str:
        """Return what an editor begins with: the prefixes of properties and classes, an example."""
        index = self._context.index
        terms = {entry.path for kind in index.kinds for entry in kind.properties}
        terms |= {kind.iri for kind in index.kinds}
        lines = [
            _declared(name, iri)
            for name, iri in self._prefixes.items()
            if any(term == iri + last_part(term) for term in terms)
        ]
        return "".join(sorted(lines)) + _EXAMPLE + _ORDERED

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        """The prefixes by name, one for each IRI."""
        used = {iri: name for name, iri in sorted(self._context.index.prefixes.items()) if name}
        return {name: iri for iri, name in used.items()}

    def script(self) -> bytes:
        """Return what the editor's page runs."""
        return Path(__file__).with_name("ask.js").read_bytes()

    def answered(self, question: Question) -> bytes:
        """Return the page with a question and its answer. Raises the CjphError that prevents it."""
        shown = self._show(run(AskedEngine(self._store, question), question.text))
        own: dict[str, str | Sequence[str]] = {"query": question.text}
        if question.default or question.named:
            own |= {"default-graph-uri": question.default, "named-graph-uri": question.named}
        files = [_file(PAGE, own, offer) for offer in question.offers if offer.name != "html"]
        return self._page(
            "Ask the graph",
            text=question.text,
            shown=shown,
            files=files,
            share=f"{question.base}?{urlencode(own, doseq=True)}",
        )

    def saved(self, query: Query, values: Mapping[str, Sequence[str]], address: str) -> bytes:
        """Return the page of a saved question with a form for its parameters, and its answer.

        `address` is that of the server. Raises the CjphError that prevents an answer.
        """
        given = _given(values)
        text = bind(query, given, self._engine)
        result = run(self._engine, text)
        endings = ("ttl",) if isinstance(result, Triples) else ("csv", "json", "tsv", "xml")
        asked = f"?{urlencode(given, doseq=True)}" if given else ""
        files = [
            Anchor(_NAMES[ending], f"queries/{query.name}.{ending}{asked}") for ending in endings
        ]
        return self._page(
            query.title or query.name,
            description=query.description,
            action=f"queries/{query.name}",
            fields=self._fields(query, given),
            bound=text,
            shown=self._show(result),
            files=files,
            share=f"{address}/queries/{query.name}{asked}",
        )

    def unanswered(
        self, query: Query, values: Mapping[str, Sequence[str]], error: CjphError
    ) -> bytes:
        """Return the page of a saved question with what was filled in, and why that won't do."""
        return self._page(
            query.title or query.name,
            description=query.description,
            action=f"queries/{query.name}",
            fields=self._fields(query, _given(values)),
            failure=failure_of(error),
        )

    def failed(self, error: CjphError, text: str = "") -> bytes:
        """Return the page that says why a question has no answer, with the question in it."""
        failure = failure_of(error, text)
        return self._page("Ask the graph", text=text or self._beginning(), failure=failure)

    def with_prefix(self, error: CjphError) -> CjphError:
        """Return an error with what to do about it, if it is about a prefix that is known here."""
        found = _UNDECLARED.search(error.message)
        if found and found[1] in self._prefixes:
            line = _declared(found[1], self._prefixes[found[1]]).strip()
            error.hint = f"Begin with {line}"
        return error

    def missing(self, error: CjphError) -> bytes:
        """Return the page for an address at which there is nothing."""
        # It may stand at any depth.
        return self._page("Not found", failure=failure_of(error), root="/")

    def preview(self, node: NamedNode) -> bytes:
        """Return a small page that says what a thing is, to be shown within another."""
        describer = self._context.describer
        return self._context.renderer.text(
            "preview.html",
            name=describer.link(node).text,
            summary=describer.summary(node),
            href=f"/{describer.address(node)}",
        )

    def as_table_of_facts(self, triples: Sequence[Triple]) -> bytes:
        """Return triples as CSV: thing, property and value, with the names of the latter two."""
        describer = self._context.describer
        lines = [csv_line(("thing", "property", "property_label", "value", "value_label"))]
        for thing, property_, value in triples:
            name = describer.link(value).text if isinstance(value, NamedNode | BlankNode) else ""
            text = value.value if isinstance(value, NamedNode | Literal) else str(value)
            label = describer.link(property_).text
            lines.append(csv_line((plain_text(thing), property_.value, label, text, name)))
        return "".join(lines).encode()

    def _fields(self, query: Query, given: Mapping[str, Sequence[str]]) -> list[ParameterField]:
        """Return a field for each parameter; several for one that has several values."""
        found = []
        for each in query.parameters:
            known = choices(each, self._engine)
            offered = tuple((one.slug, one.labels[0] if one.labels else "") for one in known)
            values = given.get(each.name) or ["" if each.default == ANY else each.default]
            found += [
                ParameterField(each, f"{each.name}{number or ''}", value, offered)
                for number, value in enumerate(values)
            ]
        return found

    def _show(self, result: Result) -> Shown:
        if isinstance(result, Rows):
            return Shown(answer_table(result, self._context.describer, ROWS))
        if isinstance(result, bool):
            return Shown(truth=result)
        prefixes = self._context.index.prefixes
        return Shown(triples=turtle(result.triples, prefixes, _LONGEST))

    def _page(
        self,
        title: str,
        *,
        description: str = "",
        action: str = PAGE,
        text: str = "",
        bound: str = "",
        fields: Sequence[ParameterField] = (),
        shown: Shown | None = None,
        files: Sequence[Anchor] = (),
        share: str = "",
        failure: Failure | None = None,
        root: str | None = None,
    ) -> bytes:
        context = self._context
        has_editor = root is None and action == PAGE
        scripts = [SCRIPT] if has_editor else []
        lines = max(_FEWEST_LINES, min(text.count("\n") + 2, _MOST_LINES))
        return context.renderer.page(
            _TEMPLATE,
            # One level down, as the address of a saved question is.
            action,
            title,
            root=root,
            sort="query",
            description=description,
            crumbs=(Anchor(context.title, "index.html"), Anchor(title)),
            scripts=[*scripts, *(["assets/listing.js"] if shown and shown.table else [])],
            lede=description,
            action=action,
            text=text,
            bound=bound,
            fields=fields,
            shown=shown or Shown(),
            most=ROWS,
            files=files,
            share=share,
            failure=failure,
            has_editor=has_editor,
            lines=lines,
            queries=list_queries(context.home).queries if action == PAGE else (),
        )


def _given(values: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    given = {name: [value for value in some if value] for name, some in values.items()}
    return {name: some for name, some in given.items() if some}


def _declared(name: str, iri: str) -> str:
    return f"PREFIX {name}: <{iri}>\n"


def _file(action: str, asked: Mapping[str, str | Sequence[str]], offer: Offer) -> Anchor:
    address = f"{action}?{urlencode({**asked, 'format': offer.name}, doseq=True)}"
    return Anchor(_NAMES[offer.name], address, offer.type)
