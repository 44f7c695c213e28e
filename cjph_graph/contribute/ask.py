"""Asking for a thing field by field, on a terminal: each answer is checked as it is given.

What is answered is kept in a file after each answer, so that whoever stops can go on there. A thing
that is linked to and does not exist yet is asked for on the way. In the end the answers are treated
like a spreadsheet's rows: they become Turtle, are checked as a whole, and what is wrong is asked
again.
The questions call each other, which keeps them in one module, a little longer than others.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.contribute.blank import new_thing, similar
from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import Entry, HomeContents, slug
from cjph_graph.contribute.importing import Outcome, import_tables
from cjph_graph.contribute.problems import Problem, Reading
from cjph_graph.contribute.sheets import Sheet, sheet_of
from cjph_graph.contribute.values import cell_value, divided, is_address
from cjph_graph.errors import InputError
from cjph_graph.publish import table_name
from cjph_graph.rdf import TYPE
from cjph_graph.system import read, write_atomically

_FEW, _MOST_SHOWN = 12, 40
Cells = dict[str, str]


class Person(Protocol):
    """Who answers: a terminal, or a test."""

    def tell(self, text: str) -> None:
        """Say something, a line or more."""

    def ask(self, question: str, choices: Sequence[str]) -> str:
        """Return what is answered, one line; `choices` may complete it. Raises EOFError."""


@dataclass
class Answers:
    """What was answered so far: by the name of a sheet its rows, each with its cells by column."""

    kind: str
    name: str
    path: Path
    sheets: dict[str, list[Cells]] = field(default_factory=dict)

    def row(self, sheet: str, number: int) -> Cells:
        """Return a row of a sheet, made if it is not there."""
        rows = self.sheets.setdefault(sheet, [])
        while len(rows) <= number:
            rows.append({})
        return rows[number]

    def text(self) -> str:
        """Return all answers as their file has them."""
        said = {"kind": self.kind, "name": self.name, "sheets": self.sheets}
        return json.dumps(said, indent=2, ensure_ascii=False) + "\n"

    def keep(self) -> None:
        """Write all answers to their file."""
        write_atomically(self.path, self.text().encode())

    def as_sheets(self) -> list[Sheet]:
        """Return the answers as a spreadsheet has them."""
        return [sheet_of(name, self.path, rows) for name, rows in self.sheets.items()]


def read_answers(path: Path, kind: str, name: str) -> Answers:
    """Return the answers of an earlier run, if any; raise InputError when they can't be read."""
    answers = Answers(kind, name, path)
    if not path.exists():
        return answers
    try:
        given = json.loads(read(path))
        answers.sheets = {
            str(sheet): [{str(c): str(v) for c, v in row.items()} for row in rows]
            for sheet, rows in given["sheets"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path.name} has answers that cannot be read.", "Move it away, and begin anew."
        ) from error
    return answers


def ask_for(contents: HomeContents, answers: Answers, person: Person) -> Outcome:
    """Ask for all that is needed, and what may be given, until the answers are valid.

    Raises EOFError when there are no more answers; those given so far are kept. Raises UsageError
    when that can be no new thing.
    """
    return _Questions(contents, answers, person).run()


class _Questions:
    def __init__(self, contents: HomeContents, answers: Answers, person: Person) -> None:
        self._contents = contents
        self._answers = answers
        self._person = person

    def run(self) -> Outcome:
        form, _ = new_thing(self._contents, self._answers.kind, self._answers.name)
        sheet = table_name(form.kind)
        row = self._answers.row(sheet, 0)
        naming = form.naming
        if naming:
            row.setdefault(naming.column, self._answers.name)
        for near in similar(self._contents, form, self._answers.name):
            self._person.tell(f"Something has nearly this name: {near.label} ({near.slug}).")
        self._person.tell(
            "An empty answer leaves out what is not needed, ? shows what may be answered. What you"
            f" answer is kept in {self._answers.path.name}: stop whenever you like."
        )
        self._add_again()
        self._fields(form, sheet, row)
        self._parts(form, sheet)
        while True:
            outcome = import_tables(self._contents.home, form.kind.name, self._answers.as_sheets())
            if not outcome.errors:
                return outcome
            self._mend(outcome)

    def _add_again(self) -> None:
        """Take in the things that earlier answers described."""
        for sheet, rows in self._answers.sheets.items():
            for form in self._contents.forms.values():
                naming = form.naming
                if form.kind.namespace and table_name(form.kind) == sheet and naming:
                    for row in rows:
                        if row.get(naming.column):
                            self._make_known(form, row[naming.column])

    def _fields(self, form: Form, sheet: str, row: Cells, *, brief: bool = False) -> None:
        """Ask for each field of a thing, what is needed first.

        With `brief` only for what is needed, and for what shows where it is and when it was.
        """
        ordered = sorted(form.fields, key=lambda f: 0 if f.required else 1 if f.advised else 2)
        for each in ordered:
            telling = each.holds in ("address", "date") or (each.is_link and each.single)
            if brief and not (each.required or each.advised or telling):
                continue
            if self._contents.part(each) or each.column in row:
                continue
            row[each.column] = self._answer(each)
            self._answers.keep()

    def _parts(self, form: Form, sheet: str) -> None:
        """Ask for the parts of a thing, such as its findings, as many as there are."""
        for each in form.fields:
            part = self._contents.part(each)
            if part is None:
                continue
            name = table_name(part.kind)
            for row in self._answers.sheets.get(name, []):
                self._fields(part, name, row)
            while self._agrees(f"Add a {part.kind.name}? {each.meaning} (y or n)"):
                row = self._answers.row(name, len(self._answers.sheets.get(name, [])))
                row["of"] = self._answers.name
                self._fields(part, name, row)

    def _agrees(self, question: str) -> bool:
        return self._person.ask(question, ("y", "n")).strip().casefold() in ("y", "yes")

    def _answer(self, each: Field, problem: str = "") -> str:
        """Ask for one field until the answer is valid; it may be empty where none is needed."""
        choices = self._contents.allowed(each) if each.is_link else []
        needed = "needed" if each.required else "better given" if each.advised else "optional"
        several = ", several by ;" if each.several else ""
        if problem:
            self._person.tell(problem)
        self._person.tell(f"\n{each.label} ({needed}{several}): {each.meaning}")
        if 0 < len(choices) <= _FEW:
            self._show(choices)
        while True:
            text = self._person.ask(f"{each.label}> ", [entry.slug for entry in choices]).strip()
            if text == "?":
                self._show(choices[:_MOST_SHOWN])
                if not choices:
                    self._person.tell(each.message)
                if len(choices) > _MOST_SHOWN:
                    self._person.tell(f"… {len(choices)} in all: type a part of a name and tab.")
                continue
            if not text and each.required:
                self._person.tell(f"The {each.label} is needed; ? says more.")
                continue
            if not text:
                return ""
            taken = [self._checked(each, part) for part in divided(each, text)]
            if None not in taken:
                return "; ".join(part for part in taken if part)

    def _show(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._person.tell(f"  {entry.slug}  {entry.label}")

    def _checked(self, each: Field, text: str) -> str | None:
        """Return an answer in its valid form, else None; ask for the thing where it is new."""
        found = cell_value(self._contents, each, text, Reading())
        if not isinstance(found, Problem):
            return text
        new = self._contents.linked(each) if each.is_link else None
        address = next((f for f in new.fields if f.holds == "address"), None) if new else None
        naming = new.naming if new else None
        if new and address and naming and is_address(text):
            return self._at_address(new, address, naming, text)
        self._refuse(found)
        near = self._contents.near(text, each.targets) if each.is_link else ()
        self._show(near)
        if new and not found.suggestion and self._agrees(f"Is “{text}” new? (y or n)"):
            self._describe(new, text)
            return text
        return None

    def _refuse(self, problem: Problem) -> None:
        self._person.tell(problem.message)
        if problem.suggestion:
            self._person.tell(f"Write: {problem.suggestion}")

    def _at_address(self, form: Form, address: Field, naming: Field, text: str) -> str | None:
        """Ask for a new thing of which the address was given; return its name."""
        found = cell_value(self._contents, address, text, Reading())
        if isinstance(found, Problem):
            self._refuse(found)
            return None
        if not self._agrees(f"No {form.kind.name} has this address. Is it new? (y or n)"):
            return None
        name = self._answer(naming)
        self._describe(form, name, {address.column: text})
        return name

    def _describe(self, form: Form, name: str, given: Cells | None = None) -> None:
        """Ask for a thing that something links to and that is not there yet."""
        sheet = table_name(form.kind)
        naming = form.naming
        row = self._answers.row(sheet, len(self._answers.sheets.get(sheet, [])))
        row.update(given or {})
        if naming:
            row[naming.column] = name
        self._make_known(form, name)
        self._person.tell(f"About the {form.kind.name} “{name}”:")
        self._fields(form, sheet, row, brief=True)

    def _make_known(self, form: Form, name: str) -> None:
        subject = NamedNode(form.kind.namespace + slug(name))
        naming = form.naming
        if subject in self._contents.things or naming is None:
            return
        self._contents.add(
            [
                Triple(subject, TYPE, NamedNode(form.kind.iri)),
                Triple(subject, NamedNode(naming.path), Literal(name, language="en")),
            ]
        )

    def _mend(self, outcome: Outcome) -> None:
        """Ask again for what the final check found; raise InputError where that can't be asked."""
        asked = set()
        before = self._answers.text()
        for finding in outcome.findings:
            place = finding.place
            rows = self._answers.sheets.get(place.sheet.name, [])
            for each in self._fields_called(place.sheet.name, finding.label):
                key = (place.sheet.name, place.row, each.column)
                if finding.severity == "error" and key not in asked and place.row >= 2:
                    asked.add(key)
                    row = rows[place.row - 2]
                    said = " ".join(t for t in (finding.message, finding.advice) if t)
                    self._person.tell(f"\nIn {place.sheet.name}, number {place.row - 1}:")
                    row[each.column] = self._answer(each, said)
                    self._answers.keep()
        if self._answers.text() == before:
            messages = "; ".join(f.message for f in outcome.findings if f.severity == "error")
            raise InputError(
                f"The answers can't go in as they are: {messages}",
                f"They are kept in {self._answers.path.name}.",
            )

    def _fields_called(self, sheet: str, label: str) -> Iterator[Field]:
        for form in self._contents.forms.values():
            if table_name(form.kind) != sheet:
                continue
            named = [each for each in form.fields if each.label == label]
            # What is about the thing as a whole is asked for where something can be added.
            yield from named or [each for each in form.fields if each.holds == "address"]


def answers_path(folder: Path, kind: Form, name: str) -> Path:
    """Return where the answers about a new thing are kept."""
    return folder / f"{slug(name)}.{kind.kind.name.replace(' ', '-')}.json"
