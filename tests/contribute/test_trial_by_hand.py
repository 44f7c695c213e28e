"""A trial in two other ways: nine things are taken out, and come back by answers or by hand.

Who answers knows the facts and makes the mistakes people make; what is wrong is mended by what the
messages say, and by nothing else. Then the graph says what it said before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from support.obeying import obey

from cjph_graph.contribute import HomeContents, blank_file
from cjph_graph.contribute.ask import Answers, ask_for
from cjph_graph.contribute.turtle import as_turtle
from cjph_graph.home.location import Home
from cjph_graph.publish import read_tables, table_name
from cjph_graph.rdf import SKOS, TYPE, read_bytes, read_turtle
from cjph_graph.validation import ValidationOptions, validate

_THINGS = (
    *("interventions/cahoots-eugene", "interventions/pad-atlanta", "interventions/becoming-a-man"),
    *("interventions/circles-of-peace", "interventions/healing-hurt-people"),
    *("interventions/lead-seattle", "policies/988-act-2020", "policies/oregon-measure-110"),
    "policies/nyc-right-to-counsel",
)
_KINDS = {"interventions": "intervention", "policies": "policy"}
_ROUNDS = 3
_DEFINED_BY = (SKOS + "prefLabel", "http://purl.org/dc/terms/description")
# What people answer first, by what is asked: the first that fits a thing is the mistake it gets.
_MISTAKES = {
    "issue": "violense",
    "place": "Springfeild",
    "start": "03/04/2021",
    "effective": "2/1/2021",
    "value": "about a hundred",
    "kind of finding": "result",
    "kind of evidence": "RCTs",
    "source": "a report",
    "adopted": "sometime in 2019",
}


def _taken_out(home: Home, thing: str) -> set[Triple]:
    path = home.data / f"{thing}.ttl"
    triples = set(read_turtle(path).sound().triples)
    path.unlink()
    return triples


def _canonical(triples: Iterable[Triple]) -> set[tuple[str, str, str]]:
    """Return triples with things of the file named by what they say, not by their IRIs."""
    triples = list(triples)
    names: dict[str, str] = {}
    for path in _DEFINED_BY:
        for each in triples:
            if each.predicate.value == path:
                names.setdefault(str(each.subject), str(each.object))
    owners = {name.split("#")[0].rstrip(">") for name in names}
    assert len(owners) == 1
    return {
        (names.get(str(s), str(s)), p.value, names.get(str(o), _number(o))) for s, p, o in triples
    }


def _number(term: object) -> str:
    """Return a term so that 1.50 and 1.5 are one number."""
    if isinstance(term, Literal) and term.datatype.value.endswith(("#decimal", "#integer")):
        return f"{float(term.value)}"
    return str(term)


class _Knows:
    """Somebody who knows the facts about a thing, and gets some of them wrong at first."""

    def __init__(
        self, contents: HomeContents, kind: str, rows: Mapping[str, list[dict[str, str]]]
    ) -> None:
        self._contents = contents
        self._left = {name: list(some) for name, some in rows.items() if name != kind}
        self._about = (contents.form(kind), rows[kind][0])
        self._mistakes = dict(_MISTAKES)
        self._tries: dict[tuple[str, str], int] = {}
        self._heard = ""

    @property
    def corrections(self) -> int:
        """How often one question was answered anew, at most."""
        return max(self._tries.values()) - 1

    def tell(self, text: str) -> None:
        """Listen."""
        self._heard = text

    def ask(self, question: str, choices: Sequence[str]) -> str:
        """Answer what is asked: wrongly where a mistake is planned, else by name or slug."""
        if added := re.match(r"Add an? (.+?)\? ", question):
            left = self._left.get(added[1])
            if left:
                self._about = (self._contents.form(added[1]), left.pop(0))
            return "y" if left is not None and self._is_new(added[1]) else "n"
        if question.startswith("Is “"):
            return "n"
        form, row = self._about
        label = question.removesuffix("> ")
        field = next(each for each in form.fields if each.label == label)
        right = row.get(field.column, "")
        if not right:
            return ""
        key = (row["id"], label)
        self._tries[key] = self._tries.get(key, 0) + 1
        assert self._tries[key] <= _ROUNDS + 1, (key, right, self._heard)
        if self._tries[key] == 1:
            return self._mistakes.pop(label, row.get(f"{field.column}_label") or right)
        return right

    def _is_new(self, kind: str) -> bool:
        """Say whether what it speaks of now is of a kind and was not spoken of before."""
        form, row = self._about
        return form.kind.name == kind and not any(name == row["id"] for name, _ in self._tries)


@pytest.mark.slow
@pytest.mark.parametrize("thing", _THINGS)
def test_a_thing_comes_back_by_answering(shipped: Home, tmp_path: Path, thing: str) -> None:
    folder, slug = thing.split("/")
    kind = _KINDS[folder]
    forms = HomeContents(shipped).forms.values()
    names = {table_name(form.kind): form.kind.name for form in forms}
    rows = {
        names[table.name]: [row for row in table if row["id"].partition("#")[0] == slug]
        for table in read_tables(shipped)
        if table.name in names and table.name != "observations"
    }
    before = _taken_out(shipped, thing)
    contents = HomeContents(shipped)
    person = _Knows(contents, kind, rows)
    answers = Answers(kind, rows[kind][0]["name"], tmp_path / "answers.json")
    outcome = ask_for(contents, answers, person)
    assert outcome.errors == 0
    assert person.corrections <= _ROUNDS
    (path,) = outcome.files
    assert _canonical(read_bytes(outcome.files[path], "new").sound().triples) == _canonical(before)


# What people write by hand, and where: the first that a file has room for.
_MISTAKES: Sequence[tuple[str, str]] = (
    (r'(dcterms:description ".*"@en) ;', r"\1"),  # no semicolon
    (r"(cjph:issue issue:\w+)\w([ ,;-])", r"\1\2"),  # a letter is missing
    (r'("\d{4}(?:-\d\d)*")\^\^xsd:\w+', r"\1"),  # no datatype
    (r"cjph:setting ", "cjph:seting "),
    (r'(dcterms:description ".*")@en', r"\1"),  # no language
    (r"    a cjph:(\w)(\w+) ;", r"    a cjph:\1\2s ;"),
    (r"(cjph:place place:[\w-]+) ;", r"\1 ,"),  # a comma for a semicolon
    (r"(?s)\n    \.\n(?!.*\n    \.\n)", "\n"),  # the last full stop is missing
    (r'(dcterms:description "[^"]*)"@en ;', r"\1@en ;"),  # a quotation mark is missing
)


def _by_hand(home: Home, thing: str, before: set[Triple]) -> str:
    """Return the blank file, filled in with what is known."""
    folder, slug = thing.split("/")
    contents = HomeContents(home)
    blank = blank_file(contents, _KINDS[folder], slug.replace("-", " "))
    subject = contents.form(_KINDS[folder]).kind.namespace + slug
    assert f":{slug}\n" in blank.text
    own = f"{subject}#"
    parts = sorted({s.value for s, _, _ in before if isinstance(s, NamedNode)} - {subject})
    text, *rest = re.split(r"(?m)^(?=# A )", blank.text)
    done = _filled(contents, text, before, subject, own)
    for block in rest:
        kind = re.search(r"^#    a (\S+) ;", block, re.MULTILINE)
        for part in parts if kind else ():
            types = {o for s, p, o in before if p == TYPE and s == NamedNode(part)}
            if any(contents.short(each.value) == kind[1] for each in types):  # type: ignore[union-attr,index]
                bare = re.sub(r"(?m)^#(?! )|^#(?=    )", "", block[block.index("\n#:") :])
                bare = re.sub(r"(?m)^:[\w-]+$", f":{part.partition('#')[2]}", bare, count=1)
                done += _filled(contents, bare, before, part, own)
    return done


def _filled(contents: HomeContents, text: str, facts: set[Triple], subject: str, own: str) -> str:
    """Return a block with the values of a thing; what it has not stays out."""
    said: dict[str, list[str]] = {}
    for each in sorted(facts, key=str):
        if each.subject == NamedNode(subject) and isinstance(each.object, Literal | NamedNode):
            values = said.setdefault(contents.short(each.predicate.value), [])
            values.append(as_turtle(each.object, contents.prefixes, own))

    def fill(line: re.Match[str]) -> str:
        values = said.pop(line["path"], None)
        return f"    {line['path']} {' , '.join(values)} ;" if values else line[0]

    done = re.sub(r"(?m)^    #?(?P<path>[\w-]+:\w+) .* ;$", fill, text)
    left = set(said) - {"rdf:type"}
    assert not left, left
    return done


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(_THINGS)), ids=lambda n: _THINGS[n].split("/")[1])
def test_a_thing_comes_back_by_hand(shipped: Home, number: int) -> None:
    thing = _THINGS[number]
    before = _taken_out(shipped, thing)
    text = _by_hand(shipped, thing, before)
    made = 0
    for step in range(len(_MISTAKES)):
        pattern, instead = _MISTAKES[(number + step) % len(_MISTAKES)]
        broken = re.sub(pattern, instead, text, count=1)
        made += broken != text
        text = broken
        if made == 2:
            break
    assert made == 2
    path = f"data/{thing}.ttl"
    for _ in range(_ROUNDS):
        report = validate(ValidationOptions([read_bytes(text.encode(), path)], shipped))
        wrong = [each for each in report.findings if each.severity == "error"]
        if not wrong:
            break
        text = obey(text, wrong)
    report = validate(ValidationOptions([read_bytes(text.encode(), path)], shipped))
    assert [f.message for f in report.findings if f.severity == "error"] == []
    assert set(read_bytes(text.encode(), path).sound().triples) == before
