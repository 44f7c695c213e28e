"""Writing answers down: for people, for spreadsheets, and in the formats of the W3C.

Every writer gives the same bytes on every run. Machine formats keep terms whole; the table, which
is for reading, shows slugs for things the graph describes and prefixed names where it can.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    serialize,
)

from cjph_graph.errors import RefusedError, UsageError
from cjph_graph.rdf.blank_nodes import lastingly_named
from cjph_graph.sparql.engine import Result, Rows, Term, Triples
from cjph_graph.system.tables import clean, table

ROW_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown")
# JSON-LD is written elsewhere, with the context of a home.
GRAPH_FORMATS = ("turtle", "ntriples", "jsonld")

_XSD = "http://www.w3.org/2001/XMLSchema#"
_XSD_STRING = _XSD + "string"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_NUMBER_TYPES = re.compile(
    _XSD + r"(integer|decimal|double|float|(unsigned)?(Long|long|Int|int|Short|short|Byte|byte)"
    r"|(non)?(Negative|negative|Positive|positive)Integer)"
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# The numbers that Turtle and SPARQL write without quotation marks and datatype.
_BARE = {
    _XSD + "integer": r"[+-]?[0-9]+",
    _XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+",
    _XSD + "double": r"[+-]?([0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"


def write(
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
        return _table(result, width, prefixes or {}, described).encode()
    return _ROW_WRITERS[form](result).encode()


def _table(
    result: Rows | bool, width: int, prefixes: Mapping[str, str], described: Collection[str]
) -> str:
    if isinstance(result, bool):
        return "yes\n" if result else "no\n"
    if not result.rows:
        return "No rows.\n"
    if not result.variables:
        return f"Rows without columns: {len(result.rows):,}.\n"
    names = _short_names(
        (t.value for row in result.rows for t in row if isinstance(t, NamedNode)),
        prefixes,
        described,
    )
    numeric = {
        index
        for index in range(len(result.variables))
        if all(row[index] is None or _is_number(row[index]) for row in result.rows)
    }
    cells = [
        [names.get(term.value, "") if isinstance(term, NamedNode) else _text(term) for term in row]
        for row in result.rows
    ]
    return table(result.variables, cells, width, right=numeric)


def _short_names(
    iris: Iterable[str], prefixes: Mapping[str, str], described: Collection[str]
) -> dict[str, str]:
    """Return what the table shows for each IRI; two of them never look the same."""
    left = set(iris)
    names: dict[str, str] = {}
    for parts in (1, 2):
        tried = {
            iri: _tail(iri, parts) if iri in described else _prefixed(iri, prefixes) for iri in left
        }
        counts = Counter(tried.values())
        names |= {iri: name for iri, name in tried.items() if counts[name] == 1}
        left -= names.keys()
    return names | {iri: iri for iri in left}


def _tail(iri: str, parts: int) -> str:
    """Return the last parts of an IRI, without the mark before them."""
    match = re.search(rf"(?:[^/#]+[/#]){{0,{parts - 1}}}[^/#]+[/#]?$", iri)
    return match.group().rstrip("/#") if match else iri


def _prefixed(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, namespace in sorted(prefixes.items(), key=lambda pair: -len(pair[1])):
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"\w[\w-]*", local):
            return f"{prefix}:{local}"
    return iri


def _text(term: Term | None) -> str:
    match term:
        case None:
            return ""
        case Literal() | NamedNode():
            return term.value
        case _:
            return str(term)


def _is_number(term: Term | None) -> bool:
    return (
        isinstance(term, Literal)
        and _NUMBER_TYPES.fullmatch(term.datatype.value) is not None
        and _NUMBER.fullmatch(term.value) is not None
    )


def _markdown(result: Rows | bool) -> str:
    if isinstance(result, bool):
        return "yes\n" if result else "no\n"
    lines = [result.variables, ["---"] * len(result.variables)]
    lines += [[_markdown_cell(_text(term)) for term in row] for row in result.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _markdown_cell(text: str) -> str:
    lines = (clean(line) for line in re.split(r"\r\n|\r|\n", text))
    escaped = (re.sub(r"[\\|`*_\[\]]", r"\\\g<0>", line) for line in lines)
    return "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in escaped)


def _csv(result: Rows | bool) -> str:
    if isinstance(result, bool):
        return "true\r\n" if result else "false\r\n"
    lines = [result.variables, *([_csv_cell(term) for term in row] for row in result.rows)]
    return "".join(f"{','.join(line)}\r\n" for line in lines)


def _csv_cell(term: Term | None) -> str:
    text = _text(term)
    # A spreadsheet would run a cell that starts like a formula; an apostrophe keeps it text.
    if text.startswith(_FORMULA) and not _is_number(term):
        text = f"'{text}"
    if re.search(r'[",\r\n]', text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _tsv(result: Rows | bool) -> str:
    if isinstance(result, bool):
        return "true\n" if result else "false\n"
    lines = [[f"?{name}" for name in result.variables]]
    lines += [[_tsv_cell(term) for term in row] for row in result.rows]
    return "".join("\t".join(line) + "\n" for line in lines)


def _tsv_cell(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, Literal):
        bare = _BARE.get(term.datatype.value)
        if bare and re.fullmatch(bare, term.value):
            return term.value
    return str(term)


def _json(result: Rows | bool) -> str:
    from json import dumps

    if isinstance(result, bool):
        return dumps({"head": {}, "boolean": result}) + "\n"
    bindings = ",\n".join(
        "  "
        + dumps(
            {
                name: _json_term(term)
                for name, term in zip(result.variables, row, strict=True)
                if term is not None
            },
            ensure_ascii=False,
        )
        for row in result.rows
    )
    head = dumps({"vars": list(result.variables)}, ensure_ascii=False)
    inside = f"\n{bindings}\n" if bindings else ""
    return f'{{"head": {head}, "results": {{"bindings": [{inside}]}}}}\n'


def _json_term(term: Term) -> dict[str, object]:
    match term:
        case NamedNode():
            return {"type": "uri", "value": term.value}
        case BlankNode():
            return {"type": "bnode", "value": term.value}
        case Triple():
            names = ("subject", "predicate", "object")
            parts = (term.subject, term.predicate, term.object)
            inside = {name: _json_term(part) for name, part in zip(names, parts, strict=True)}
            return {"type": "triple", "value": inside}
    written: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        written["xml:lang"] = term.language
    elif term.datatype.value != _XSD_STRING:
        written["datatype"] = term.datatype.value
    return written


def _xml(result: Rows | bool) -> str:
    opening = '<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
    if isinstance(result, bool):
        said = str(result).lower()
        return f"{opening}  <head/>\n  <boolean>{said}</boolean>\n</sparql>\n"
    variables = "".join(f"    <variable name={_attribute(n)}/>\n" for n in result.variables)
    rows = "".join(
        "    <result>\n"
        + "".join(
            f"      <binding name={_attribute(name)}>{_xml_term(term)}</binding>\n"
            for name, term in zip(result.variables, row, strict=True)
            if term is not None
        )
        + "    </result>\n"
        for row in result.rows
    )
    return f"{opening}  <head>\n{variables}  </head>\n  <results>\n{rows}  </results>\n</sparql>\n"


def _xml_term(term: Term) -> str:
    match term:
        case NamedNode():
            return f"<uri>{_xml_text(term.value)}</uri>"
        case BlankNode():
            return f"<bnode>{_xml_text(term.value)}</bnode>"
        case Triple():
            return (
                f"<triple><subject>{_xml_term(term.subject)}</subject>"
                f"<predicate>{_xml_term(term.predicate)}</predicate>"
                f"<object>{_xml_term(term.object)}</object></triple>"
            )
    attribute = ""
    if term.language:
        attribute = f" xml:lang={_attribute(term.language)}"
    elif term.datatype.value != _XSD_STRING:
        attribute = f" datatype={_attribute(term.datatype.value)}"
    return f"<literal{attribute}>{_xml_text(term.value)}</literal>"


def _xml_text(text: str) -> str:
    if match := re.search(_NOT_XML, text):
        raise RefusedError(
            f"XML cannot hold the character U+{ord(match[0]):04X}, which a value contains.",
            "Choose the format json.",
        )
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def _attribute(text: str) -> str:
    return '"' + _xml_text(text).replace('"', "&quot;") + '"'


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
        _text(triple.subject),
        triple.predicate.value != _RDF_TYPE,
        triple.predicate.value,
        str(triple.object),
    )


_ROW_WRITERS = {"csv": _csv, "tsv": _tsv, "json": _json, "xml": _xml, "markdown": _markdown}
