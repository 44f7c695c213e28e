"""Values as a page shows them: a name with a link, a date in words, a number with its unit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode

from cjph_graph.home import Kind, Property
from cjph_graph.publish.index import Index
from cjph_graph.publish.site import words
from cjph_graph.publish.site.cube import measure_units
from cjph_graph.publish.site.presentation import CAVEATS, SOURCE, SUMMARIES, Presentation, View
from cjph_graph.publish.tables import DATES
from cjph_graph.rdf import (
    BOOLEAN,
    LABEL,
    NUMBERS,
    OWL,
    SKOS,
    TYPE,
    XSD,
    Graph,
    Node,
    is_foreign,
    last_part,
    reachable,
)
from cjph_graph.sparql import Value

_TRANSITIVE = NamedNode(OWL + "TransitiveProperty")
_BROADER = NamedNode(SKOS + "broader")
# The page of a thing with more parts shows only the first of them, and the files beside it all.
MOST_PARTS = 250
# So many links are kept, since most pages lead to the same few things.
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its text and, if it leads somewhere, the page.

    `href` is a path from the root of the site, or with `external` an address of the web. `mark` is
    a sign before the text, `machine` a date as machines read it, `sort` what it is sorted by,
    `lang` the language of a text if it is not that of the page.
    """

    text: str
    href: str = ""
    external: bool = False
    mark: str = ""
    machine: str = ""
    sort: str = ""
    lang: str = ""


class Describer:
    """Shows things of an index as its ontology and shapes say."""

    def __init__(self, index: Index, presentation: Presentation, ontology: Graph) -> None:
        self.index = index
        self.presentation = presentation
        self.ontology = ontology
        self._links: dict[Node, Cell] = {}
        self.upwards = [
            _BROADER,
            *(
                t.subject
                for t in ontology.triples
                if t.predicate == TYPE
                and t.object == _TRANSITIVE
                and isinstance(t.subject, NamedNode)
            ),
        ]

    def address(self, node: Node) -> str:
        """Return the path of a thing's page, of a part with its anchor; empty if it has none.

        Parts of which there are too many for their page have no anchor there.
        """
        path = self.index.path(node) if node in self.index else None
        if not path or self.index.kind(node) is None:
            return ""
        owner, hash_, part = node.value.partition("#")
        if hash_ and len(self.index.parts(NamedNode(owner))) > MOST_PARTS:
            return f"{path}.html"
        return f"{path}.html{hash_}{part}"

    def link(self, node: Node) -> Cell:
        """Return a thing by its name, with its page; a part by the name of what it belongs to."""
        if (known := self._links.get(node)) is None:
            if len(self._links) >= _MOST_KEPT:
                self._links.clear()
            known = self._links[node] = self._link(node)
        return known

    def _link(self, node: Node) -> Cell:
        owner = self.index.owner(node)
        named = self.index.name(node) or (self.index.label(owner) if owner else None)
        text = named or self._in_words(node)
        href = self.address(node)
        mark = self.presentation.mark(node)
        return Cell(text, href or words.web_address(node.value), external=not href, mark=mark)

    def _in_words(self, node: Node) -> str:
        """Return what to call a thing of which no name is known; never its IRI."""
        if isinstance(node, BlankNode):
            return "something without a name"
        if known := self.ontology.text(node, LABEL):
            return known
        if words.web_address(node.value):
            return words.place_name(node.value)
        return last_part(node.value).replace("-", " ")

    def nodes(self, node: Node, entry: Property | None) -> list[NamedNode]:
        """Return what a thing links to with a property; nothing without one."""
        found = self.index.values(node, NamedNode(entry.path)) if entry else []
        return [value for value in found if isinstance(value, NamedNode)]

    def sources(self, node: Node) -> list[NamedNode]:
        """Return what a thing names as its sources."""
        found = self.index.values(node, NamedNode(SOURCE))
        return [value for value in found if isinstance(value, NamedNode)]

    def caveats(self, node: Node) -> tuple[Cell, ...]:
        """Return the warnings that a thing has."""
        entries = self._keyed(node, CAVEATS[0])
        return tuple(cell for entry in entries for cell in self.texts(node, entry.path))

    def caveat_sources(self, node: Node) -> list[NamedNode]:
        """Return what the warnings of a thing quote."""
        return [each for entry in self._keyed(node, CAVEATS[1]) for each in self.nodes(node, entry)]

    def _keyed(self, node: Node, key: str) -> list[Property]:
        kind = self.index.kind(node)
        return [entry for entry in kind.properties if entry.key == key] if kind else []

    def map_code(self, place: Node) -> str:
        """Return the code by which a map finds a place; empty if it has none."""
        codes = self.presentation.map_codes
        found = (value for code in codes for value in self.index.values(place, code))
        return next((value.value for value in found if isinstance(value, Literal)), "")

    def values(self, node: Node, entry: Property | None) -> tuple[Cell, ...]:
        """Return the values of a property of a thing, texts in the page's language first."""
        if entry is None:
            return ()
        found = self.index.values(node, NamedNode(entry.path))
        found.sort(key=lambda value: isinstance(value, Literal) and is_foreign(value))
        return tuple(self.cell(value, entry) for value in found)

    def cell(self, value: Value, entry: Property | None = None) -> Cell:
        """Return a value as a page shows it."""
        if isinstance(value, Literal):
            return self._literal(value, entry)
        if isinstance(value, NamedNode | BlankNode):
            return self.link(value)
        return Cell("a statement")

    def _literal(self, value: Literal, entry: Property | None) -> Cell:
        datatype, text = value.datatype.value, value.value
        if datatype in DATES:
            return Cell(words.date(text), machine=text, sort=text)
        if datatype in NUMBERS:
            return Cell(words.with_commas(text), sort=text)
        if value.datatype == BOOLEAN:
            return Cell({"true": "yes", "1": "yes"}.get(text, "no"), sort=text)
        foreign = value.language if is_foreign(value) else None
        resolver = self.presentation.resolver(entry.path) if entry else ""
        address = words.web_address(resolver + text) if resolver else ""
        if not address and datatype == XSD + "anyURI" and (address := words.web_address(text)):
            text = words.host(address)
        return Cell(text, address, external=bool(address), lang=foreign or "")

    def measured(self, node: Node, kind: Kind) -> dict[str, Cell]:
        """Return the numbers of a thing with their units, by property; a unit by its own as well.

        What a fact shows in another one's words has no text.
        """
        found: dict[str, Cell] = {}
        for entry, unit in measure_units(kind, self.ontology):
            numbers, units = self.values(node, entry), self.values(node, unit)
            if len(numbers) == 1 and len(units) == 1:
                found[entry.path] = replace(
                    numbers[0], text=f"{numbers[0].text} {words.small(units[0].text)}"
                )
                found[unit.path] = Cell("")
        return found

    def meta(self, node: Node, *, if_missing: bool = False) -> tuple[Cell, ...]:
        """Return what stands in the line under a thing's name.

        With `if_missing` there also stands what has no value, in the words that its shape gives.
        """
        kind = self.index.kind(node)
        if kind is None:
            return ()
        view = self.presentation.view(kind)
        cells: list[Cell] = []
        skipped: set[str] = set()
        for entry in view.meta:
            if entry.path in skipped:
                continue
            if len(view.span) == 2 and entry.path in {each.path for each in view.span}:
                cells += self.lasted(node, view)
                skipped |= {each.path for each in view.span}
            elif found := self.values(node, entry):
                cells += found
            elif if_missing and (missing := self.presentation.if_missing(entry.path)):
                cells.append(Cell(missing))
        return tuple(cells)

    def lasted(self, node: Node, view: View) -> tuple[Cell, ...]:
        """Return from when to when a thing lasted, as one value; none if it is not known."""
        starts, ends = (self.values(node, entry) for entry in view.span)
        if not starts and not ends:
            return ()
        start, end = (cells[0].machine if cells else "" for cells in (starts, ends))
        return (Cell(words.span(start, end), sort=start or end),)

    def summary(self, node: Node) -> str:
        """Return the sentence that says what a thing is; empty if there is none."""
        for path in SUMMARIES:
            found = [v for v in self.index.values(node, NamedNode(path)) if isinstance(v, Literal)]
            if found:
                return min(found, key=is_foreign).value
        return ""

    def texts(self, node: Node, path: str) -> tuple[Cell, ...]:
        """Return the texts of a property, those in the page's language first."""
        found = [v for v in self.index.values(node, NamedNode(path)) if isinstance(v, Literal)]
        return tuple(self._literal(v, None) for v in sorted(found, key=is_foreign))

    def texts_with_above(self, node: Node, entry: Property) -> list[str]:
        """Return the names of a thing's values and of what these lie in, each once."""
        found: dict[str, None] = {}
        for value in self.index.values(node, NamedNode(entry.path)):
            found[self.cell(value, entry).text] = None
            if isinstance(value, NamedNode):
                found.update((self.index.label(each), None) for each in self.above(value))
        return list(found)

    def above(self, node: Node) -> Iterator[Node]:
        """Yield what a thing lies in or is narrower than, the nearest first, each once."""
        return islice(reachable([node], self._next_above), 1, None)

    def below(self, node: Node) -> Iterator[Node]:
        """Yield what lies in a thing or is narrower, the nearest first, each once."""
        return islice(reachable([node], self._next_below), 1, None)

    def _next_above(self, node: Node) -> Iterator[Node]:
        for path in self.upwards:
            for value in self.index.values(node, path):
                if isinstance(value, NamedNode):
                    yield value

    def _next_below(self, node: Node) -> Iterator[Node]:
        return (other for path, other in self.index.links_to(node) if path in self.upwards)
