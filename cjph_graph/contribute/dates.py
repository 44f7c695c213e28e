"""Dates in cells: as exact as they are written, and never guessed at."""

import datetime
import re

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.forms import Field
from cjph_graph.contribute.problems import Problem, Reading, Value
from cjph_graph.rdf import XSD, last_part
from cjph_graph.rdf.dates import datatype as date_type
from cjph_graph.rdf.dates import dates

# Days since the epoch of spreadsheets, from 1954 to 2064.
_SERIAL, _EPOCH = re.compile("[2-5][0-9]{4}"), datetime.date(1899, 12, 30)
_NUMERIC_DATE = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{2}|\d{4})")
# Words that would be lost if the rest were read as a date: it would say less than was written.
_MONTHS = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_EXACT = re.compile(rf"(?:[\d\s,./_:T\u2010-\u2015-]|st|nd|rd|th|of|{_MONTHS})+", re.IGNORECASE)


def read_date(field: Field, text: str, reading: Reading) -> Value | Problem:
    """Return the date that a text is, or what it may be."""
    kinds = {last_part(iri) for iri in field.datatypes}
    meant = list(dates(text))
    if _SERIAL.fullmatch(text):
        day = _EPOCH + datetime.timedelta(int(text))
        said = f"“{text}” is no date, but may be the number that a spreadsheet has for one."
        return Problem(said, day.isoformat())
    if numeric := _NUMERIC_DATE.fullmatch(text):
        meant = _ordered(meant, numeric, reading)
    years = re.findall(r"\d{4}", text)
    exact = _EXACT.fullmatch(text) is not None and len(years) == 1
    fitting = [date for date in meant if date_type(date) in kinds]
    if len(fitting) == 1 and exact:
        return Literal(fitting[0], datatype=NamedNode(XSD + date_type(fitting[0])))
    if len(meant) > 1:
        return Problem(
            f"“{text}” may be {' or '.join(meant)}.",
            " or ".join(meant),
            "Or run again with --dates us (month first) or --dates eu (day first).",
        )
    forms = {"date": "2021-03-01", "gYearMonth": "2021-03", "gYear": "2021"}
    wanted = " or ".join(form for kind, form in forms.items() if kind in kinds)
    if meant and not fitting:
        shorter = [meant[0][: len(form)] for kind, form in forms.items() if kind in kinds]
        return Problem(f"“{text}” is more exact than a {field.label} can be.", shorter[0])
    message = f"“{text}” is not a date such as {wanted}."
    return Problem(message, fitting[0] if fitting else f"a date such as {wanted}")


def _ordered(meant: list[str], match: re.Match[str], reading: Reading) -> list[str]:
    """Return what a date of numbers may be, given which comes first; month first comes first."""
    if len(meant) < 2 or not reading.dates:
        return meant
    return [meant[0] if reading.dates == "us" else meant[1]]
