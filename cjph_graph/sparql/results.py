"""Writing answers in a format, given by name; each gives the same bytes on every run."""

from collections.abc import Collection, Iterable, Mapping

from pyoxigraph import BlankNode, RdfFormat, Triple, serialize

from cjph_graph.errors import UsageError
from cjph_graph.rdf import TYPE, lastingly_named
from cjph_graph.sparql.answers import Result, Rows, Triples, plain_text
from cjph_graph.sparql.text_tables import as_markdown, text_table

ROW_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown")
# JSON-LD is written elsewhere, with the context of a home.
GRAPH_FORMATS = ("turtle", "ntriples", "jsonld")


def write_results(
    result: Result,
    form: str | None = None,
    *,
    width: int = 80,
    prefixes: Mapping[str, str] | None = None,
    described: Collection[str] = (),
) -> bytes:
    """Return a result in a format: `table` by default for rows, `turtle` for a graph.

    `width` is the table's in columns. `prefixes` shorten IRIs in the table and in Turtle;
    `described` are the IRIs to show as slugs in the table. Raises UsageError when the format does
    not fit the result, RefusedError when a format cannot hold a value.
    """
    fitting = GRAPH_FORMATS if isinstance(result, Triples) else ROW_FORMATS
    form = form or fitting[0]
    if form not in fitting:
        what = "a graph" if isinstance(result, Triples) else "rows or a truth value"
        raise UsageError(
            f"The format {form} does not fit the answer, which is {what}.",
            f"Choose one of: {', '.join(fitting)}.",
        )
    if isinstance(result, Triples):
        return write_graph(result, form, prefixes or {})
    if form == "table":
        return text_table(result, width, prefixes or {}, described).encode()
    return _rows(result, form).encode()


def _rows(result: Rows | bool, form: str) -> str:
    from cjph_graph.sparql import w3c_formats  # most people see a table

    match form:
        case "markdown":
            return as_markdown(result)
        case "csv":
            return w3c_formats.as_csv(result)
        case "tsv":
            return w3c_formats.as_tsv(result)
        case "json":
            return w3c_formats.as_json(result)
        case _:
            return w3c_formats.as_xml(result)


def write_graph(triples: Iterable[Triple], form: str, prefixes: Mapping[str, str]) -> bytes:
    """Return triples as `turtle`, with those prefixes that occur, or `ntriples`; sorted."""
    found = sorted(set(lastingly_named(triples)), key=_reading_order)
    if form == "ntriples":
        return serialize(found, format=RdfFormat.N_TRIPLES) or b""
    text = " ".join(map(str, found))
    used = {name: iri for name, iri in sorted(prefixes.items()) if f"<{iri}" in text}
    return serialize(found, format=RdfFormat.TURTLE, prefixes=used) or b""


def _reading_order(triple: Triple) -> tuple[bool, str, bool, str, str]:
    """Put a thing first, then its class, then the rest."""
    return (
        isinstance(triple.subject, BlankNode),
        plain_text(triple.subject),
        triple.predicate.value != TYPE.value,
        triple.predicate.value,
        str(triple.object),
    )
