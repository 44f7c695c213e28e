"""The engine that asks a SPARQL endpoint: the same texts, refusals and results as elsewhere.

What the server answers is not trusted. It has to be the kind of answer that was asked for, with the
columns that the query names. A SELECT is counted there as well, also when it has no rows, and asked
for in parts when rows are missing. A graph is made here, of rows, since nothing would show that
triples are missing. There is the whole answer or none.
"""

from collections.abc import Sequence

from pyoxigraph import BlankNode, NamedNode

from cjph_graph.errors import EndpointError, RefusedError, UsageError
from cjph_graph.remote.paging import Manner, PagedQuery
from cjph_graph.remote.protocol import query_request
from cjph_graph.remote.results_json import ServerResult, read_result
from cjph_graph.remote.transport import Retries, Transport
from cjph_graph.sparql import Row, Rows, Triples, steady
from cjph_graph.sparql.construct import ConstructTemplate, Description
from cjph_graph.sparql.engine import admit, columns, refuse_wrong
from cjph_graph.sparql.graph_queries import counted, statements_about
from cjph_graph.sparql.tokens import QueryForm, form_of, is_ordered
from cjph_graph.system import tell
from cjph_graph.system.limits import max_values, too_many


class EndpointEngine:
    """The engine over a SPARQL endpoint; it sends requests to its URL and nowhere else.

    `graph` is the IRI of the graph that is asked; without it the server chooses. With `insecure`
    a URL may start with http:// whatever the host. Raises UsageError when the URL or the IRI
    cannot be used, and from every method EndpointError for what the server does wrong.
    """

    def __init__(
        self,
        url: str,
        *,
        graph: str | None = None,
        insecure: bool = False,
        retries: Retries | None = None,
    ) -> None:
        if graph is not None:
            try:
                NamedNode(graph)
            except ValueError as error:
                raise UsageError(f"The graph {graph!r} is not an IRI: {error}.") from error
        self.graph = graph
        self._transport = Transport(url, insecure=insecure, retries=retries)

    def select(self, text: str) -> Rows:
        """Answer a SELECT: in the order it asks for, else sorted."""
        ordered = is_ordered(admit(text, QueryForm.SELECT))
        found = self.scan(text)
        return Rows(found.variables, steady(found.rows, ordered=ordered))

    def scan(self, text: str) -> Rows:
        """Answer a SELECT as it is found: in any order, blank nodes as the server names them."""
        admit(text, QueryForm.SELECT)
        return self._found(text)

    def ask(self, text: str) -> bool:
        """Answer an ASK."""
        admit(text, QueryForm.ASK)
        refuse_wrong(text)
        return bool(self._answer(text, None).truth)

    def construct(self, text: str) -> Triples:
        """Answer a CONSTRUCT or a DESCRIBE.

        A DESCRIBE gives the triples that are about the things it asks for. Raises RefusedError
        when they lead on to blank nodes, which cannot be asked for.
        """
        tokens = admit(text, QueryForm.CONSTRUCT, QueryForm.DESCRIBE)
        refuse_wrong(text)
        if form_of(text, tokens) is QueryForm.CONSTRUCT:
            template = ConstructTemplate(text)
            return Triples(tuple(template.filled(self._found(template.select).rows)))
        description = Description(text)
        asked = filter(None, (description.select, description.named))
        things = {term for query in asked for row in self._found(query).rows for term in row}
        found = statements_about(self, {term for term in things if isinstance(term, NamedNode)})
        if any(isinstance(term, BlankNode) for term in (*things, *(t.object for t in found))):
            raise RefusedError(
                "DESCRIBE leads to blank nodes, which cannot be asked of an endpoint.",
                "Ask for them with CONSTRUCT.",
            )
        return Triples(tuple(dict.fromkeys(found)))

    def _found(self, text: str) -> Rows:
        """Return all rows of a SELECT, however many the server gives at once."""
        names = columns(text)
        first = self._answer(text, names)
        pages = PagedQuery(text, names)
        if first.virtuoso and first.rows and pages.ordered and pages.limit is not None:
            # Sorting twice by one key makes Virtuoso give rows with the columns of several.
            first = self._answer(pages.sliced(), names)
        # Virtuoso counts no row where such a query finds nothing, and gives one all the same.
        if len(first.rows) == (1 if pages.is_one_row else pages.limit):
            return Rows(names, first.rows)
        total = self._number(pages.count(), pages.counter)
        if total < len(first.rows):
            raise EndpointError(
                f"The endpoint counts {total:,} rows and gives {len(first.rows):,}.",
                "If its graph is changing, try again.",
            )
        if total == len(first.rows):
            return Rows(names, first.rows)
        if not first.rows:
            raise EndpointError(
                f"The endpoint counts {total:,} rows and gives none.",
                "It may have run out of time: ask for less, or have the server take more time.",
            )
        if total * len(names) > max_values():
            raise too_many(max_values(), "values")
        return Rows(names, self._in_parts(pages, first, total))

    def _in_parts(self, pages: PagedQuery, first: ServerResult, total: int) -> tuple[Row, ...]:
        different = self._number(pages.count_distinct(), pages.counter)
        size = len(first.rows)
        failure: EndpointError | None = None
        for manner in pages.manners(inside=first.virtuoso, different=different == total):
            try:
                rows = self._all_pages(pages, total, size, manner)
            except EndpointError as error:
                failure = error
                continue
            # As many rows as counted, and all different: none is missing and none came twice. And
            # they begin with the rows that came first.
            found = set(rows)
            comparable = first.lasting and pages.limit is None
            begins = not comparable or found.issuperset(first.rows)
            if len(rows) == total and len(found) == different and begins:
                return tuple(rows)
        raise EndpointError(
            f"The endpoint gives {size:,} of {total:,} rows, and not the rest.",
            "Ask for less at a time, or have the server give more rows at once.",
        ) from failure

    def _all_pages(self, pages: PagedQuery, total: int, size: int, manner: Manner) -> list[Row]:
        rows: list[Row] = []
        while len(rows) < total:
            tell("Fetching rows", len(rows), total)
            part = self._answer(pages.page(len(rows), size, manner), pages.variables)
            if not part.lasting:
                raise RefusedError(
                    "The answer has blank nodes and comes in parts, between which they cannot be"
                    " told apart.",
                    "Leave them out with FILTER(!isBlank(…)), or ask for less at a time.",
                )
            if not part.rows:
                break
            rows += part.rows
        return rows

    def _number(self, text: str, name: str) -> int:
        return counted(self._answer(text, [name]).rows)

    def _answer(self, text: str, names: Sequence[str] | None) -> ServerResult:
        """Send a query as it is; `names` are its columns, or None for one about the truth."""
        request = query_request(self._transport.url, text, self.graph)
        return read_result(self._transport.send(request), names, self._transport.hide)
