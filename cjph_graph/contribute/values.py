"""From what a person writes in a cell to values of a property, or to what is wrong with it.

A date is as exact as it is written: `2021`, `March 2021`, `1 Mar 2021`. What may be read in two
ways, such as `03/04/2021`, is not guessed at. A link is found by slug, label, other name, address
or code. Several values are divided by `;`; a text that ends like a sentence is one value, unless
each of its parts does.
"""

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.dates import read_date
from cjph_graph.contribute.forms import Field, joined_column
from cjph_graph.contribute.home_contents import DOI, Entry, HomeContents
from cjph_graph.contribute.numbers import NumberFormat, read_figure
from cjph_graph.contribute.problems import Problem, Reading, Value
from cjph_graph.rdf import LANG_STRING, XSD, last_part, parse_iri

_TRUE, _FALSE = {"true", "yes", "y", "1", "x"}, {"false", "no", "n", "0"}
_LANGUAGE = re.compile(r'"(.*)"@([a-z]{2,3}(?:-[A-Za-z0-9]+)*)', re.DOTALL)
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
# What people write where they have nothing to write.
_NOTHING = {
    *("n/a", "na", "tbd", "tba", "?", "-", "--", "\u2013", "\u2014", "unknown", "not known"),
    *("not applicable", "not available", "to be determined", "none", "nil", "null", "pending"),
}
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")
_SITE = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")


def read_values(
    contents: HomeContents, field: Field, text: str, reading: Reading
) -> tuple[list[Value], list[Problem]]:
    """Return the values that a cell gives to a property, and what is wrong with it."""
    if _ERROR.fullmatch(text):
        said = f"{text} is an error of the spreadsheet."
        return [], [Problem(said, advice="Write the value itself, or leave the cell empty.")]
    if text.startswith("=") and len(text) > 1:
        said = f"“{text}” is a formula, and the file does not have its result."
        return [], [
            Problem(said, advice="Open the file in a spreadsheet program and save it there.")
        ]
    values: list[Value] = []
    problems: list[Problem] = []
    for part in divided(field, text):
        found = cell_value(contents, field, part, reading)
        if isinstance(found, Problem):
            problems.append(_with_way_out(field, part, found))
        elif found not in values:
            values.append(found)
    return values, problems


def _with_way_out(field: Field, text: str, problem: Problem) -> Problem:
    """Add to a problem with a filler such as `n/a` that the cell may be left empty."""
    if field.required or text.casefold().strip(" .") not in _NOTHING:
        return problem
    advice = f"Leave the cell empty where there is nothing to say. {problem.advice}"
    return Problem(problem.message, problem.suggestion, advice.strip())


def divided(field: Field, text: str) -> list[str]:
    """Return the parts of a cell that are values of their own."""
    if not field.several:
        return [" ".join(text.split())]
    lines = [line.strip() for line in text.splitlines()]
    parts = [part for line in lines for part in _split(field, line)]
    return [" ".join(part.split()) for part in parts if part]


def _split(field: Field, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(";")]
    if field.holds != "text" or not _SENTENCE.search(text):
        return parts
    found: list[str] = []
    for part in parts:
        if found and not _SENTENCE.search(found[-1]):
            found[-1] += f"; {part}"
        else:
            found.append(part)
    return found


def cell_value(
    contents: HomeContents, field: Field, text: str, reading: Reading
) -> Value | Problem:
    """Return the value that a text is, or what is wrong with it."""
    match field.holds:
        case "link":
            return _link(contents, field, text)
        case "address":
            return _address(field, text)
        case "date":
            return read_date(field, text, reading)
        case "number":
            return _number(field, text, reading)
        case "boolean":
            return _boolean(text)
        case "text":
            return _text(text, reading)
        case _:
            return _code(field, text)


def _link(contents: HomeContents, field: Field, text: str) -> Value | Problem:
    if field.choices:
        for each in contents.allowed(field):
            if text in (each.iri, each.slug, contents.short(each.iri)):
                return NamedNode(each.iri)
    found = contents.find(text, field.targets)
    if len(found) == 1:
        return NamedNode(found[0].iri)
    if found:
        which = " or ".join(_named(entry) for entry in found)
        slugs = " or ".join(entry.slug for entry in found)
        return Problem(f"“{text}” is the name of several: {which}.", slugs)
    what = " or ".join(target_name(contents, target) for target in field.targets)
    near = contents.near(text, field.targets)
    return Problem(f"No {what} is called “{text}”.", advice=_nearest(contents, field, near))


def _named(entry: Entry) -> str:
    return f"{entry.slug} ({entry.label})" if entry.label != entry.slug else entry.slug


def target_name(contents: HomeContents, target: str) -> str:
    """Return what to call the things of a class, or the values of a vocabulary, in a sentence."""
    form = contents.forms.get(target)
    return form.kind.name if form else f"value of the vocabulary {last_part(target)}"


def listing(contents: HomeContents, target: str) -> str:
    """Return what to type to see all things of a class, or all values of a vocabulary."""
    return f"`cjph list {contents.list_name(target)}`"


def _nearest(contents: HomeContents, field: Field, near: Sequence[Entry]) -> str:
    """Return what may be meant, where to look, and how to add what is new."""
    if part := contents.part(field):
        columns = ", ".join(joined_column(field, needed) for needed in part.required)
        return f"A {part.kind.name} has columns of its own: {columns} and others."
    lists = " and ".join(listing(contents, target) for target in field.targets)
    said = f"{lists} {'show' if len(field.targets) > 1 else 'shows'} all."
    if near:
        said = f"Did you mean {' or '.join(_named(entry) for entry in near)}? {said}"
    ways = " or ".join(
        f"describe the {form.kind.name} on a sheet {form.kind.folder}, or in this row in"
        f" {', '.join(joined_column(field, needed) for needed in form.required)}"
        for form in contents.forms_of(field)
        if form.kind.namespace and form.required
    )
    return f"{said} If it is new, {ways}." if ways else said


def _address(field: Field, text: str) -> Value | Problem:
    text = text.strip("<>")
    if re.match(r"https?://\S+$", text, re.IGNORECASE) and (iri := parse_iri(text)):
        return iri
    if doi := DOI.fullmatch(text):
        return Problem(f"“{text}” does not begin with https://.", f"https://doi.org/{doi[1]}")
    if " " not in text and _SITE.fullmatch(text):
        return Problem(f"“{text}” does not begin with https:// or http://.", f"https://{text}")
    written = re.sub(r"\s+", "%20", text)
    if re.match("https?://", text) and parse_iri(written):
        return Problem(f"“{text}” has a space in it.", written)
    return Problem(f"“{text}” is not a web address.", "https://… as the browser shows it")


def is_address(text: str) -> bool:
    """Say whether a text is meant as the address of a page: `www.example.org/page` is."""
    return bool(re.match(r"https?://|www\.", text, re.IGNORECASE) or _SITE.fullmatch(text))


def _number(field: Field, text: str, reading: Reading) -> Value | Problem:
    found = read_figure(text, NumberFormat(reading.decimal))
    # 12,5 in a table where a point is usual is no whole number in groups.
    found = found or read_figure(text, NumberFormat(","))
    if not found:
        return Problem(f"“{text}” is not a number.", "a number without words, like 224 or 8.9")
    if len(found) > 1:
        which = " or ".join(found)
        return Problem(f"“{text}” may be {which}.", which)
    return number_value(found[0], field)


def number_value(text: str, field: Field) -> Value | Problem:
    """Return a plain number as a literal of a datatype that a property takes."""
    kinds = {last_part(iri) for iri in field.datatypes}
    whole = re.sub(r"\.0*$", "", text)
    if "." not in text or ("decimal" not in kinds and whole.lstrip("-").isdigit()):
        if "integer" in kinds:
            return Literal(whole, datatype=NamedNode(XSD + "integer"))
        return Literal(f"{whole}.0", datatype=_DECIMAL)
    if "decimal" not in kinds:
        return Problem(f"“{text}” is not a whole number.", text.partition(".")[0])
    return Literal(text, datatype=_DECIMAL)


_DECIMAL = NamedNode(XSD + "decimal")


def _boolean(text: str) -> Value | Problem:
    word = text.casefold()
    if word in _TRUE | _FALSE:
        said = "true" if word in _TRUE else "false"
        return Literal(said, datatype=NamedNode(XSD + "boolean"))
    return Problem(f"“{text}” is neither yes nor no.", "yes or no")


def _text(text: str, reading: Reading) -> Value:
    if match := _LANGUAGE.fullmatch(text):
        return Literal(match[1], language=match[2])
    return Literal(text, language=reading.language)


def _code(field: Field, text: str) -> Value | Problem:
    if not field.patterns or _fits(field, text):
        return _typed(field, text)
    near = next((text for text in _nearly(text) if _fits(field, text)), "")
    return Problem(f"“{text}” is not written like a {field.label}. {field.message}", near)


def _fits(field: Field, text: str) -> bool:
    return any(re.search(pattern, text) for pattern in field.patterns)


def _nearly(text: str) -> Iterator[str]:
    """Yield what a code may have been: with its zeros, in capitals, without what precedes it."""
    yield text.upper()
    yield text.replace(" ", "-").upper()
    if text.isdigit():
        yield from (text.zfill(length) for length in range(len(text) + 1, 12))
    for at, sign in enumerate(text):
        if sign in "/:= ":
            yield text[at + 1 :]


def _typed(field: Field, text: str) -> Value:
    kinds = field.datatypes - {LANG_STRING}
    datatype = sorted(kinds)[0] if kinds else XSD + "string"
    return Literal(text, datatype=NamedNode(datatype))
