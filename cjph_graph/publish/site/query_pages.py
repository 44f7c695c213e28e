"""A page for each saved query: its question, its SPARQL, its answer, and how to cite it.

A parameter is a row of links, one for each of its commonest values; each leads to a page of its own
with the answer for that value.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from pyoxigraph import NamedNode

from cjph_graph.errors import UsageError
from cjph_graph.home import ANY, ANYTHING, Parameter, Query, bind, choices, open_engine
from cjph_graph.publish.site.answer_tables import ROWS, answer_table, turtle
from cjph_graph.publish.site.rendering import Anchor
from cjph_graph.publish.site.site_context import Make, PageSet, SiteContext
from cjph_graph.publish.site.words import capital
from cjph_graph.rdf import Node, last_part
from cjph_graph.sparql import Engine, Result, Rows, run, write_results

FOLDER = "queries"
# For each parameter so many values have a page.
_VALUES = 4
_LONGEST = 20_000
_FORMATS = {"csv": "CSV", "json": "JSON"}


@dataclass(frozen=True)
class ChoiceLink:
    """A value of a parameter, with the page of its answer; `chosen` on that page."""

    text: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Choices:
    """A parameter with its commonest values."""

    name: str
    description: str
    choices: tuple[ChoiceLink, ...]


@dataclass(frozen=True)
class _AskedQuery:
    """A query as one page asks it: with one parameter set, or as it stands."""

    query: Query
    parameter: str = ""
    value: str = ""
    label: str = ""

    @property
    def slug(self) -> str:
        """The value as people type it."""
        return _slug(self.value)

    @property
    def stem(self) -> str:
        own = f"{FOLDER}/{self.query.name}"
        return f"{own}/{self.parameter}-{_slug(self.value)}" if self.parameter else own


class QuerySite(PageSet):
    """The pages of saved queries, and their answers as files."""

    def __init__(self, context: SiteContext) -> None:
        super().__init__(context)
        self._known: dict[Parameter, list[tuple[str, str]]] = {}
        self._answered: tuple[str, str, Result] | None = None

    @cached_property
    def _engine(self) -> Engine:
        return open_engine(self._context.home)

    @cached_property
    def _asked(self) -> Mapping[str, _AskedQuery]:
        found = [each for query in self._context.queries for each in self._of_query(query)]
        return {each.stem: each for each in found}

    def _of_query(self, query: Query) -> Iterator[_AskedQuery]:
        yield _AskedQuery(query)
        if self._context.is_large:
            return
        for parameter in query.parameters:
            for value, label in self._values(parameter):
                if label == self._called(parameter):
                    continue
                if parameter.type != ANYTHING or self._is_there(query, parameter, value):
                    yield _AskedQuery(query, parameter.name, value, label)

    def _is_there(self, query: Query, parameter: Parameter, value: str) -> bool:
        """Say whether the graph has what an example names: it may be older than the data."""
        try:
            bind(query, {parameter.name: [value]}, self._engine)
        except UsageError:
            return False
        return True

    def _values(self, parameter: Parameter) -> list[tuple[str, str]]:
        if parameter not in self._known:
            self._known[parameter] = self._commonest(parameter)
        return self._known[parameter]

    def _commonest(self, parameter: Parameter) -> list[tuple[str, str]]:
        """Return the values of a parameter that most links lead to, with their labels."""
        if parameter.datatype or parameter.type == ANYTHING:
            typed = [parameter.default, parameter.example]
            return [(value, value) for value in dict.fromkeys(typed) if value and value != ANY]
        known = choices(parameter, self._engine)
        weighed = [(self._weight(NamedNode(each.iri)), each) for each in known]
        weighed = [each for each in weighed if each[0]]
        weighed.sort(key=lambda each: (-each[0], each[1].iri))
        label = self._context.describer.link
        return [(each.iri, label(NamedNode(each.iri)).text) for _, each in weighed[:_VALUES]]

    def _weight(self, node: NamedNode) -> int:
        index = self._context.index
        return self._weights[node] + len(index.of_class(node.value))

    @cached_property
    def _weights(self) -> Mapping[Node, int]:
        """How many links lead to a thing or to what lies in it."""
        found = Counter[Node]()
        for node in self._context.index:
            if links := sum(1 for _ in self._context.index.links_to(node)):
                above = self._context.describer.above(node)
                found.update(dict.fromkeys((node, *above), links))
        return found

    def files(self) -> Iterator[tuple[str, Make]]:
        """Yield the list, then each query and each value with the files of their answers."""
        if not self._context.queries:
            return
        yield f"{FOLDER}/index.html", self._list
        for stem, asked in self._asked.items():
            yield f"{stem}.html", partial(self._page, asked)
            if not asked.parameter:
                yield f"{stem}.rq", asked.query.text.encode
            for ending in self._endings(asked):
                yield f"{stem}.{ending}", partial(self._file, asked, ending)

    def _endings(self, asked: _AskedQuery) -> tuple[str, ...]:
        """Return the formats of an answer; that for one value of many comes in one."""
        if self._context.is_large:
            return ()
        if asked.query.form.value not in ("select", "ask"):
            return ("ttl",)
        return ("csv",) if asked.parameter else ("csv", "json")

    def _list(self) -> bytes:
        context = self._context
        return context.renderer.page(
            "queries.html",
            f"{FOLDER}/index.html",
            "Questions",
            sort="kind",
            description="Questions that the graph answers, each with its SPARQL and its answer.",
            crumbs=(Anchor(context.title, "index.html"), Anchor("Questions")),
            queries=self._context.queries,
        )

    def _ask(self, asked: _AskedQuery) -> tuple[str, Result]:
        """Return the text that is asked and its answer, which page and files ask for in turn."""
        if self._answered is None or self._answered[0] != asked.stem:
            set_ = {asked.parameter: [asked.value]} if asked.parameter else {}
            text = bind(asked.query, set_, self._engine)
            self._answered = (asked.stem, text, run(self._engine, text))
        return self._answered[1:]

    def _file(self, asked: _AskedQuery, ending: str) -> bytes:
        _, result = self._ask(asked)
        if ending == "ttl":
            return write_results(result, "turtle", prefixes=self._context.index.prefixes)
        return write_results(result, ending)

    def _page(self, asked: _AskedQuery) -> bytes:
        context, query, path = self._context, asked.query, f"{asked.stem}.html"
        text, answer, triples, truth = query.text, None, "", None
        most = ROWS // 3 if asked.parameter else ROWS
        if not context.is_large:
            text, result = self._ask(asked)
            if isinstance(result, Rows):
                answer = answer_table(result, context.describer, most)
            elif isinstance(result, bool):
                truth = result
            else:
                triples = turtle(result.triples, context.index.prefixes, _LONGEST)
        title = query.title or query.name
        if asked.parameter:
            title = f"{title} {capital(asked.parameter)}: {asked.label}"
        names = {**_FORMATS, "ttl": "Turtle"}
        return context.renderer.page(
            "query.html",
            path,
            title,
            sort="query",
            description=query.description,
            crumbs=(
                Anchor(context.title, "index.html"),
                Anchor("Questions", f"{FOLDER}/index.html"),
                *([Anchor(query.title, f"{FOLDER}/{query.name}.html")] if asked.parameter else []),
                Anchor(asked.label if asked.parameter else query.title or query.name),
            ),
            scripts=["assets/listing.js"] if answer else [],
            query=query,
            asked=asked,
            parameters=[self._choices(query, each, asked) for each in query.parameters],
            text=text,
            answer=answer,
            triples=triples,
            truth=truth,
            files=[Anchor(names[e], f"{asked.stem}.{e}", e) for e in self._endings(asked)],
            cite=context.cite(title, path),
        )

    def _choices(self, query: Query, parameter: Parameter, asked: _AskedQuery) -> Choices:
        own = [
            e for e in self._asked.values() if e.query == query and e.parameter == parameter.name
        ]
        is_default = asked.parameter != parameter.name
        found = [ChoiceLink(self._called(parameter), f"{FOLDER}/{query.name}.html", is_default)]
        found += [
            ChoiceLink(each.label, f"{each.stem}.html", each.stem == asked.stem) for each in own
        ]
        return Choices(parameter.name, parameter.description, tuple(found))

    def _called(self, parameter: Parameter) -> str:
        """Return what the default of a parameter is called."""
        if parameter.default == ANY:
            return "Any"
        if parameter.datatype:
            return parameter.default
        return self._names.get(parameter.default, parameter.default)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """What the defaults of parameters are called, by their short names."""
        asked = (parameter for query in self._context.queries for parameter in query.parameters)
        wanted = {parameter.default for parameter in asked}
        index, found = self._context.index, dict[str, str]()
        for node in index:
            name = last_part(node.value) if isinstance(node, NamedNode) else ""
            if name in wanted:
                found.setdefault(name, index.label(node))
        return found


def _slug(value: str) -> str:
    last = re.split(r"[/#]", value.rstrip("/#"))[-1] if "://" in value else value
    return re.sub(r"[^A-Za-z0-9.-]+", "-", last).strip("-.") or "value"
