"""From rows to things: which thing each row is about, and what its cells say of it.

Two passes: the first finds out which things there are and takes in their names, addresses and
codes; then each is known, and the second follows the links. So a row may link to one below it, or
to a thing on another sheet. Both passes share what they have read of a row, which keeps them in one
module, longer than others.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.columns import SheetColumn, SheetLayout, owners
from cjph_graph.contribute.drafts import CellFinding, Draft, DraftValue, RowKey, SheetCell
from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents, slug
from cjph_graph.contribute.problems import Reading
from cjph_graph.contribute.sheets import Row
from cjph_graph.contribute.values import is_address, read_values

# The cells of a row that are about one thing: each with its place, counted from 0, and its column.
_Cells = list[tuple[int, SheetColumn]]
_SHORT = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class _LaidRow:
    """A row of a sheet, with what its columns are; `None` is a column that there is not."""

    layout: SheetLayout
    row: Row

    def __getitem__(self, at: int | None) -> str:
        return "" if at is None else self.row[at]

    @property
    def key(self) -> RowKey:
        return self.layout.sheet, self.row.number

    def cell(self, at: int) -> SheetCell:
        return SheetCell(self.layout.sheet, self.row.number, at)


@dataclass(frozen=True)
class _Link:
    draft: Draft
    field: Field
    text: str
    place: SheetCell
    reading: Reading


class Drafter:
    """Reads rows into drafts, and notes what is wrong with their cells."""

    def __init__(self, contents: HomeContents, order_of_dates: str = "") -> None:
        self.drafts: dict[str, Draft] = {}
        self.findings: list[CellFinding] = []
        self._contents = contents
        self._home = contents.things
        self._dates = order_of_dates
        self._links: list[_Link] = []
        # Cells that are read already.
        self._settled: set[SheetCell] = set()
        # Drafts by kind and name, and by kind, property and value.
        self._called: dict[tuple[str, str], str] = {}
        self._having: dict[tuple[str, str, str], str] = {}
        self._last: Draft | None = None

    def take(self, layouts: Iterable[SheetLayout], skipped: set[RowKey]) -> None:
        """Read all rows but those that are to be skipped."""
        for layout in layouts:
            self._last = None
            for each in layout.rows():
                row = _LaidRow(layout, each)
                if row.key not in skipped:
                    self._row(row)
        self._contents.add(t for draft in self.drafts.values() for t in draft.triples())
        for link in self._links:
            self._say(link.draft, link.field, link.text, link.place, link.reading)

    def _row(self, row: _LaidRow) -> None:
        groups: dict[tuple[str, int], _Cells] = {}
        vias: dict[str, Field] = {}
        for at, column in row.layout.columns.items():
            via = column.via.path if column.via else ""
            groups.setdefault((via, column.number), []).append((at, column))
            if column.via:
                vias[via] = column.via
        own = groups.pop(("", 1), [])
        # A row with nothing of its own goes on with the thing of the row before.
        if self._last is None or any(row[at] for at, _ in own):
            is_part = row.layout.form.part is not None
            self._last = self._part_of_row(row) if is_part else self._thing_of_row(row, own)
        if (draft := self._last) is None:
            return
        draft.rows.add(row.key)
        for (via, _), cells in groups.items():
            if any(row[at] for at, _ in cells):
                self._beside(draft, vias[via], row, cells)
        self._fill(draft, row, own)

    def _thing_of_row(self, row: _LaidRow, own: _Cells) -> Draft | None:
        form = row.layout.form
        naming = form.naming
        at = row.layout.place(naming)
        name = row[at]
        id_at = next((i for i, c in own if c.role in ("iri", "id") and row[i]), None)
        place = row.cell(at if at is not None else id_at or 0)
        if id_at is not None:
            given = row[id_at]
            iri = given if "://" in given else form.kind.namespace + given
            if not _SHORT.fullmatch(iri.removeprefix(form.kind.namespace)):
                right = slug(given.rpartition("/")[2])
                said = "This is no short name: small letters, digits and single hyphens."
                self._note(row.cell(id_at), "id", said, f"Write {right}.")
                return None
            return self._draft(form, iri, name, place)
        if not slug(name):
            label = naming.label if naming else "name"
            said = f"This row has no {label}."
            self._note(place, label, said, f"Write what the {form.kind.name} is called.")
            return None
        found = self._contents.find(name, [form.kind.iri])
        if len(found) > 1:
            which = " or ".join(entry.slug for entry in found)
            said = f"“{name}” is the name of several."
            self._note(place, "name", said, f"Say which in a column id: {which}.")
            return None
        return self._draft(
            form, found[0].iri if found else form.kind.namespace + slug(name), name, place
        )

    def _part_of_row(self, row: _LaidRow) -> Draft | None:
        form = row.layout.form
        roles = {c.role: at for at, c in row.layout.columns.items() if c.role}
        thing, sharp, part = row[roles.get("id")].partition("#")
        if sharp and (owner := self._owner(form, thing)):
            link, other = owner
            return self._part(form, link, other, f"{other}#{part}", row.cell(roles["id"]))
        name, place = row[roles.get("of")], row.cell(roles.get("of", 0))
        owner = self._owner(form, name) if name else None
        if owner is None:
            said = f"Nothing that has a {form.kind.name} is called “{row[place.column]}”."
            self._note(place, "of", said, "Write its short name or its name.")
            return None
        link, other = owner
        iri = self._part_iri(form, other, row[row.layout.place(form.telling)])
        return self._part(form, link, other, iri, place)

    def _owner(self, form: Form, name: str) -> tuple[Field | None, str] | None:
        """Return what a part belongs to, and the field there that links to the part."""
        for link, owner in owners(self._contents, form):
            if iri := self._called.get((owner.kind.iri, name)):
                return link, iri
            if found := self._contents.find(name, [owner.kind.iri]):
                return link, found[0].iri
        return None

    def _part(
        self, form: Form, link: Field | None, owner: str, iri: str, place: SheetCell
    ) -> Draft:
        draft = self._draft(form, iri, "", place, owner)
        if link and NamedNode(iri) not in self._home:
            self._owner_draft(owner, place).statements.append(
                DraftValue(link, NamedNode(iri), place, more=True)
            )
        return draft

    def _owner_draft(self, iri: str, place: SheetCell) -> Draft:
        if iri in self.drafts:
            return self.drafts[iri]
        kind = self._home.classes(NamedNode(iri))[0]
        return self._draft(self._contents.forms[kind], iri, "", place)

    def _part_iri(self, form: Form, owner: str, text: str) -> str:
        """Return the IRI of a part: that of a part with the same telling text, else a new one."""
        text = " ".join(text.split())
        parts = self._home.parts(NamedNode(owner))
        if text and (telling := form.telling):
            for part in parts:
                said = self._home.values(part, NamedNode(telling.path))
                if any(isinstance(value, Literal) and value.value == text for value in said):
                    return part.value
        taken = {part.value for part in parts}
        stem = f"{owner}#{form.part}" if form.part else f"{owner}#{owner.rpartition('/')[2]}-"
        names = (f"{stem}{number}" for number in count(1))
        return next(iri for iri in names if iri not in taken and iri not in self.drafts)

    def _beside(self, draft: Draft, via: Field, row: _LaidRow, cells: _Cells) -> None:
        """Take in what a row says of something that its thing links to."""
        if part := self._contents.part(via):
            at = self._at(cells, part.telling)
            iri = self._part_iri(part, draft.iri, row[at])
            place = row.cell(at if at is not None else _first(row, cells))
            other: Draft | None = self._part(part, via, draft.iri, iri, place)
        else:
            other = self._linked(draft, via, row, cells)
        if other:
            other.via = via
            other.rows.add(row.key)
            self._fill(other, row, cells)

    def _linked(self, draft: Draft, via: Field, row: _LaidRow, cells: _Cells) -> Draft | None:
        """Return the other thing that a row describes, if it is not in the home yet."""
        form = self._contents.linked(via)
        if form is None:
            return None
        naming = form.naming
        at, own = self._at(cells, naming), row.layout.place(via)
        name = row[at] or row[own]
        place = row.cell(at if at is not None else _first(row, cells))
        iri = self._known_by(form, row, cells) or self._named(form, name)
        if not iri and not slug(name):
            said = f"This is about a {form.kind.name} without a name."
            self._note(place, via.label, said, f"Give its name in a column {via.column}_name.")
            return None
        iri = iri or form.kind.namespace + slug(name)
        if own is not None and self._is_longer(row[own], name, form):
            self._settled.add(row.cell(own))
        given = own is not None and row.cell(own) not in self._settled
        at_via = given and row[own] not in ("", name)
        if not at_via:
            draft.statements.append(DraftValue(via, NamedNode(iri), place, more=True))
        if NamedNode(iri) in self._home or name == iri.removeprefix(form.kind.namespace):
            return None  # it is described elsewhere
        other = self._draft(form, iri, name, place)
        if naming and at is None:
            value = Literal(name, language="en")
            other.statements.append(DraftValue(naming, value, place))
        if at_via and own is not None:
            self._addressed(other, row, own)
        return other

    def _is_longer(self, text: str, name: str, form: Form) -> bool:
        """Say whether a text is a name with what that lies in: `Multnomah County, OR`."""
        head, comma, _ = text.partition(",")
        return bool(comma) and head == name and not self._named(form, text)

    def _addressed(self, other: Draft, row: _LaidRow, at: int) -> None:
        """Take the cell of a link as the address of the new thing that its row describes."""
        field = next((f for f in other.form.fields if f.holds == "address"), None)
        if field and is_address(row[at]) and field.path not in other.texts:
            before = len(self.findings)
            self._say(other, field, row[at], row.cell(at), Reading())
            if len(self.findings) > before:
                self._settled.add(row.cell(at))

    def _known_by(self, form: Form, row: _LaidRow, cells: _Cells) -> str:
        """Return the thing that has an address or a code which a row gives."""
        for at, column in cells:
            if column.field and column.field.holds in ("address", "code") and row[at]:
                if found := self._contents.find(row[at], [form.kind.iri]):
                    return found[0].iri
                if iri := self._having.get((form.kind.iri, column.field.path, row[at])):
                    return iri
        return ""

    def _named(self, form: Form, name: str) -> str:
        found = self._contents.find(name, [form.kind.iri]) if name else ()
        return found[0].iri if len(found) == 1 else ""

    @staticmethod
    def _at(cells: _Cells, wanted: Field | None) -> int | None:
        return next(
            (i for i, c in cells if wanted and c.field and c.field.path == wanted.path), None
        )

    def _draft(self, form: Form, iri: str, name: str, place: SheetCell, owner: str = "") -> Draft:
        if iri not in self.drafts:
            new = NamedNode(iri) not in self._home
            self.drafts[iri] = Draft(form, iri, name, place, new, owner)
            for called in (iri, iri.rpartition("/")[2], name):
                self._called.setdefault((form.kind.iri, called), iri)
        return self.drafts[iri]

    def _fill(self, draft: Draft, row: _LaidRow, cells: _Cells) -> None:
        for at, column in cells:
            if column.field is None:
                continue
            place, text = row.cell(at), row[at]
            if not text:
                draft.cells.setdefault(column.field.path, place)
                continue
            draft.cells[column.field.path] = place
            if place in self._settled:
                continue
            reading = Reading(self._dates, place.sheet.decimal, column.language or "en")
            if column.field.is_link:
                self._links.append(_Link(draft, column.field, text, place, reading))
            else:
                self._say(draft, column.field, text, place, reading)

    def _say(
        self, draft: Draft, field: Field, text: str, place: SheetCell, reading: Reading
    ) -> None:
        values, problems = read_values(self._contents, field, text, reading)
        for problem in problems:
            self._note(place, field.label, problem.message, problem.advice, problem.suggestion)
        if not problems:
            draft.texts[field.path] = text
        for value in values:
            if clash := draft.clash(field, value):
                said = f"{clash.place.cell} says {clash.value.value} for the same thing."
                advice = "Write the same in both, or give one of them another name or id."
                self._note(place, field.label, said, advice)
            else:
                draft.statements.append(DraftValue(field, value, place))
                key = (draft.form.kind.iri, field.path, value.value)
                self._having.setdefault(key, draft.iri)

    def _note(
        self, place: SheetCell, label: str, message: str, advice: str, suggestion: str = ""
    ) -> None:
        self.findings.append(CellFinding(place, "error", label, message, suggestion, advice))


def _first(row: _LaidRow, cells: _Cells) -> int:
    """Return the first of some columns in which a row has something."""
    return next(at for at, _ in cells if row[at])
