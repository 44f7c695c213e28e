"""Answers in the formats of the W3C: CSV, TSV, JSON and XML.

JSON, XML and TSV keep terms whole, base directions and triple terms included. CSV has their values
only, as the standard says, and differs from it in one thing, since spreadsheets run a cell that
looks like a formula:

    text that begins with = + - @ and is not a number  =1+1      '=1+1
    the same behind apostrophes                        '=1+1     ''=1+1

So a reader takes away one apostrophe from a cell that begins with some and then one of these signs.
Numbers, dates and all other values of a datatype stay as they are.
"""

import re
from collections.abc import Iterable

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    Triple,
    parse_query_results,
)

from cjph_graph.errors import RefusedError
from cjph_graph.rdf import NUMBERS, TIMES, XSD, is_bare, is_in_figures, is_well_formed
from cjph_graph.sparql.answers import Rows, Value, plain_text, written

_XSD_STRING = XSD + "string"
# Some spreadsheets skip a tab, a line end or a byte order mark before the sign, and take its
# full-width form as well.
_FORMULA = re.compile("'*[\t\r\n\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]")
_TO_QUOTE = re.compile(r'[",\r\n]')
# Datatypes whose values may begin with a sign, and are no formulas.
_VALUES = NUMBERS | TIMES
_NOT_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"


def as_csv(result: Rows | bool) -> str:
    """Return an answer as CSV, with no cell that a spreadsheet would run."""
    if isinstance(result, bool):
        return "true\r\n" if result else "false\r\n"
    lines = [[_quoted(name) for name in result.variables]]
    lines += [[_csv_cell(term) for term in row] for row in result.rows]
    # An empty line would be no row to most readers.
    empty = '""' if result.variables else ""
    return "".join(f"{','.join(line) or empty}\r\n" for line in lines)


def _csv_cell(term: Value | None) -> str:
    text = plain_text(term)
    return _quoted(f"'{text}" if _is_formula(term, text) else text)


def csv_line(cells: Iterable[str]) -> str:
    """Return a line of CSV; a text that a spreadsheet might run gets an apostrophe in front."""
    texts = (f"'{c}" if _FORMULA.match(c) and not is_in_figures(c) else c for c in cells)
    return ",".join(map(_quoted, texts)) + "\r\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _is_formula(term: Value | None, text: str) -> bool:
    """Say whether a spreadsheet might take a cell for a formula."""
    if not isinstance(term, Literal) or not _FORMULA.match(text) or is_in_figures(text):
        return False
    # An ill-typed literal may be anything.
    datatype = term.datatype.value
    return not (datatype in _VALUES and is_well_formed(text, datatype))


def as_tsv(result: Rows | bool) -> str:
    """Return an answer as TSV, in which terms are written as in Turtle."""
    if isinstance(result, bool):
        return "true\n" if result else "false\n"
    lines = [[f"?{name}" for name in result.variables]]
    lines += [[_tsv_cell(term) for term in row] for row in result.rows]
    return "".join("\t".join(line) + "\n" for line in lines)


def _tsv_cell(term: Value | None) -> str:
    if term is None:
        return ""
    datatype = term.datatype.value if isinstance(term, Literal) else ""
    is_number = datatype in NUMBERS and is_bare(plain_text(term), datatype)
    return plain_text(term) if is_number else written(term)


def as_json(result: Rows | bool) -> str:
    """Return an answer in the W3C's JSON."""
    from json import dumps

    if isinstance(result, bool):
        return dumps({"head": {}, "boolean": result}) + "\n"
    lines = []
    for row in result.rows:
        pairs = zip(result.variables, row, strict=True)
        bound = {name: _json_term(term) for name, term in pairs if term is not None}
        lines.append(f"  {dumps(bound, ensure_ascii=False)}")
    bindings = ",\n".join(lines)
    head = dumps({"vars": list(result.variables)}, ensure_ascii=False)
    inside = f"\n{bindings}\n" if bindings else ""
    return f'{{"head": {head}, "results": {{"bindings": [{inside}]}}}}\n'


def _json_term(term: Value) -> dict[str, object]:
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
    said: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        said["xml:lang"] = term.language
        if term.direction:
            said["its:dir"] = term.direction.value
    elif term.datatype.value != _XSD_STRING:
        said["datatype"] = term.datatype.value
    return said


def as_xml(result: Rows | bool) -> str:
    """Return an answer in the W3C's XML. Raises RefusedError at a character XML cannot hold."""
    found = parse_query_results(as_json(result), format=QueryResultsFormat.JSON)
    text = found.serialize(format=QueryResultsFormat.XML).decode()  # type: ignore[union-attr]
    if match := re.search(_NOT_XML, text):
        raise RefusedError(
            f"XML cannot hold the character U+{ord(match[0]):04X}, which a value contains.",
            "Choose the format json.",
        )
    # A reader of XML takes a carriage return for the end of a line.
    return text.replace("\r", "&#13;") + "\n"
