"""Exports: the graph of a home, or some of its things, as one document."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ParamSpec

from pyoxigraph import BlankNode, NamedNode, Triple

from cjph_graph.errors import UsageError
from cjph_graph.home import LABELS, Home, Kind, find_kind, home_files, read_schema, read_shapes
from cjph_graph.publish.csv_files import write_csv, write_dictionary, write_link_csv
from cjph_graph.publish.index import Index, read_index
from cjph_graph.publish.jsonld import (
    Documents,
    Translator,
    make_context,
    read_vocabulary,
    write_context,
    write_schema,
)
from cjph_graph.publish.tables import Table, find_table, link_tables, make_tables
from cjph_graph.rdf import Node, parse_iri, read_turtle
from cjph_graph.sparql import Engine, write_graph
from cjph_graph.sparql.graph_queries import (
    called,
    described,
    everything,
    of_class,
    of_predicate,
    parts_of,
    statements_about,
    with_blank_nodes,
)

FORMATS = ("jsonld", "json", "jsonl", "turtle", "ntriples")
_JSON = ("jsonld", "json", "jsonl")

P = ParamSpec("P")


def stream_graph(
    home: Home,
    names: Sequence[str] = (),
    *,
    kind: str | None = None,
    form: str = "jsonld",
    frame: str = "",
    context_url: str = "",
    vocabulary: str = "",
    engine: Engine | None = None,
) -> Iterator[bytes]:
    """Return the graph, data and vocabularies, in a format, piece by piece as it is written.

    The bytes are the same on every run. The graph is read before this returns.

    With `names` (slugs or IRIs) or a `kind`, only these things, with their parts and with what
    they link to described once more. A `frame` shows what it asks for instead; `json` and `jsonl`
    are framed always, each thing by its kind where no frame is named. With a `vocabulary`, such as
    `schema`, JSON-LD is in its words and has its context. With an `engine` the things come from
    there, and from the home only its schema and prefixes. Raises UsageError when a name, kind,
    frame or vocabulary does not exist, InputError when a file of the home cannot be read.
    """
    if form not in FORMATS:
        raise UsageError(f"There is no format {form!r}.", f"There are: {', '.join(FORMATS)}.")
    if (frame or context_url) and form not in _JSON:
        raise UsageError(
            "Frames and contexts work with JSON only.", "Choose jsonld, json or jsonl."
        )
    if vocabulary and (frame or context_url or form != "jsonld"):
        raise UsageError(
            "Another vocabulary works with JSON-LD alone: leave out frame and context."
        )
    words = read_vocabulary(home, vocabulary) if vocabulary else None
    kinds = _kinds(home)
    wanted = find_kind(kinds, kind) if kind else None
    framed = bool(frame or words) or form in ("json", "jsonl")
    if engine is None:
        index = read_index(home)
    else:
        near = (names or wanted) and not framed  # a frame may reach further than what is near
        found = _around(engine, names, wanted) if near else everything(engine)
        index = Index(_without_ontology(found, home), kinds, _prefixes(home))
    roots = None
    if names or wanted:
        roots = [index.find(name) for name in names]
        roots += index.of_class(wanted.iri) if wanted else []
    if words:
        return _translated(Translator(index, words), roots)
    if framed:
        return _framed(Documents(home, index, context_url=context_url), roots, form, frame)
    if roots is not None:
        index = index.gather(roots)
    if form == "jsonld":
        return Documents(home, index, context_url=context_url).whole(roots)
    return iter([write_graph(index.triples(), form, index.prefixes)])


def _joined(stream: Callable[P, Iterator[bytes]]) -> Callable[P, bytes]:
    """Return the function that returns as one what another yields piece by piece."""

    def joined(*args: P.args, **options: P.kwargs) -> bytes:
        return b"".join(stream(*args, **options))

    return joined


export_graph = _joined(stream_graph)


def _translated(translator: Translator, roots: Sequence[Node] | None) -> Iterator[bytes]:
    if roots is not None and len(roots) == 1:
        return iter([translator.one(roots[0])])
    return translator.many(roots)


def _framed(
    documents: Documents, roots: Sequence[Node] | None, form: str, name: str
) -> Iterator[bytes]:
    frame = documents.frame(name) if name else None
    if form == "jsonl":
        return documents.lines(frame, roots)
    if frame is None:
        return documents.array(roots)
    return documents.framed(frame, roots, plain=form == "json")


def read_home(home: Home) -> Index:
    """Return what a home says, ontology included. Raises InputError when a file is not Turtle."""
    return read_index(home, ontology=True)


def read_tables(home: Home) -> tuple[Table, ...]:
    """Return a flat table for each kind of thing. Raises InputError as `export_graph` does."""
    return make_tables(read_index(home), _kinds(home))


def export_table(home: Home, kind: str, *, bom: bool = False) -> bytes:
    """Return the things of a kind as CSV. Raises UsageError when there is no such kind."""
    return write_csv(find_table(read_tables(home), kind), bom=bom)


def export_tables(home: Home, *, long: bool = False, bom: bool = False) -> dict[str, bytes]:
    """Return CSV files by name: a table for each kind, and `dictionary.csv` of all columns.

    With `long` there is also one for each property that may have several values, a value a row.
    """
    tables = read_tables(home)
    files = {f"{table.name}.csv": write_csv(table, bom=bom) for table in tables}
    for table in tables if long else ():
        for links in link_tables(table):
            files[f"{links.name}.csv"] = write_link_csv(links, bom=bom)
    return {**files, "dictionary.csv": write_dictionary(tables, bom=bom)}


def graph_as_jsonld(home: Home, triples: Iterable[Triple]) -> bytes:
    """Return triples, such as a query's answer, as JSON-LD with the context of a home."""
    kinds = _kinds(home)
    return b"".join(Documents(home, Index(triples, kinds)).whole())


def export_schema(home: Home, frame: str, *, plain: bool = False) -> bytes:
    """Return the JSON Schema of what a frame or a kind's frame shows.

    With `plain` it is that of `json` and `jsonl`, otherwise that of `jsonld`. Raises UsageError
    when there is no such frame.
    """
    kinds = _kinds(home)
    found = Documents(home, Index((), kinds)).frame(frame)
    return write_schema(found, kinds, plain=plain)


def export_context(home: Home) -> bytes:
    """Return the JSON-LD context of a home's shapes, as a document of its own."""
    return write_context(make_context(_kinds(home)))


def _around(engine: Engine, names: Sequence[str], kind: Kind | None) -> list[Triple]:
    """Fetch the statements about things, about their parts, and of what these link to.

    Where there are blank nodes, everything with blank nodes is fetched in one answer, in which they
    have the same names.
    """
    roots = of_class(engine, kind.iri) if kind else []
    for name in names:
        node = parse_iri(name)
        named = [node] if node and node.value in described(engine, [node]) else called(engine, name)
        if not named:  # names are enough to suggest what was meant
            return [t for iri in LABELS for t in of_predicate(engine, NamedNode(iri))]
        roots += named
    chosen = {*roots, *parts_of(engine, roots)}
    said = statements_about(engine, chosen)
    linked = {t.object for t in said if isinstance(t.object, NamedNode)}
    found = [*said, *statements_about(engine, linked - chosen)]
    if any(isinstance(triple.object, BlankNode) for triple in found):
        found = [t for t in found if not isinstance(t.object, BlankNode)]
        found += with_blank_nodes(engine)
    return found


def _without_ontology(triples: Sequence[Triple], home: Home) -> list[Triple]:
    """Leave out what the home's ontology defines, with the blank nodes that stand in it."""
    terms = {t.subject for t in read_turtle(home.ontology).triples}
    kept = [t for t in triples if t.subject not in terms]
    linked = {t.object for t in triples if isinstance(t.object, BlankNode)}
    while True:
        held = {t.object for t in kept}
        left = [
            t
            for t in kept
            if not isinstance(t.subject, BlankNode) or t.subject in held or t.subject not in linked
        ]
        if len(left) == len(kept):
            return kept
        kept = left


def _kinds(home: Home) -> tuple[Kind, ...]:
    return read_schema(read_shapes(home))


def _prefixes(home: Home) -> dict[str, str]:
    files = [read_turtle(path).sound() for path in home_files(home) if path != home.ontology]
    return {name: iri for file in files for name, iri in file.prefixes.items() if name}
