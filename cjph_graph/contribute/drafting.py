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
from cjph_graph.contribute.drafts import CellFinding, Draft, DraftValue, SheetCell
from cjph_graph.contribute.forms import Field, Form
from cjph_graph.contribute.home_contents import HomeContents, slug
from cjph_graph.contribute.problems import Problem, Reading
from cjph_graph.contribute.sheets import Row
from cjph_graph.contribute.values import is_address, read_values
from cjph_graph.rdf import TYPE

# The cells of a row that are about one thing: each with its place, counted from 0, and its column.
_Cells = list[tuple[int, SheetColumn]]
_SHORT = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


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
        # Cells, by sheet, row and column, that are read already.
        self._settled: set[tuple[str, int, int]] = set()
        self._parts: dict[str, list[NamedNode]] = {}
        for subject in self._home:
            if isinstance(subject, NamedNode) and "#" in subject.value:
                self._parts.setdefault(subject.value.partition("#")[0], []).append(subject)
        self._last: Draft | None = None

    def take(self, layouts: Iterable[SheetLayout], skipped: set[tuple[str, int]]) -> None:
        """Read all rows but those that are to be skipped, by sheet and number."""
        for layout in layouts:
            self._last = None
            for row in layout.rows():
                if (layout.sheet.name, row.number) not in skipped:
                    self._row(layout, row)
        self._contents.add(t for draft in self.drafts.values() for t in draft.triples())
        for link in self._links:
            self._say(link.draft, link.field, link.text, link.place, link.reading)

    def _row(self, layout: SheetLayout, row: Row) -> None:
        groups: dict[tuple[str, int], _Cells] = {}
        vias: dict[str, Field] = {}
        for at, column in layout.columns.items():
            via = column.via.path if column.via else ""
            groups.setdefault((via, column.number), []).append((at, column))
            if column.via:
                vias[via] = column.via
        own = groups.pop(("", 1), [])
        draft = self._of_row(layout, row, own, any(row[at] for at, _ in own))
        if draft is None:
            return
        draft.rows.add((layout.sheet.name, row.number))
        for (via, _), cells in groups.items():
            if any(row[at] for at, _ in cells):
                self._beside(draft, vias[via], layout, row, cells)
        self._fill(draft, layout, row, own)

    def _of_row(self, layout: SheetLayout, row: Row, own: _Cells, has_own: bool) -> Draft | None:
        """Return what a row is about; a row with nothing of its own goes on with the last."""
        if not has_own and self._last:
            return self._last
        if layout.form.part is not None:
            self._last = self._part_of_row(layout, row)
        else:
            self._last = self._thing_of_row(layout, row, own)
        return self._last

    def _thing_of_row(self, layout: SheetLayout, row: Row, own: _Cells) -> Draft | None:
        form, sheet = layout.form, layout.sheet
        naming = form.naming
        at = layout.place(naming.path) if naming else None
        name = row[at] if at is not None else ""
        by_id = next(((i, row[i]) for i, c in own if c.role in ("iri", "id") and row[i]), None)
        place = SheetCell(sheet, row.number, at if at is not None else by_id[0] if by_id else 0)
        if by_id:
            iri = by_id[1] if "://" in by_id[1] else form.kind.namespace + by_id[1]
            if not _SHORT.fullmatch(iri.removeprefix(form.kind.namespace)):
                right = slug(by_id[1].rpartition("/")[2])
                said = "This is no short name: small letters, digits and single hyphens."
                self._note(SheetCell(sheet, row.number, by_id[0]), "id", said, f"Write {right}.")
                return None
            return self._draft(form, iri, name, place)
        if not slug(name):
            label = naming.label if naming else "name"
            said = f"This row has no {label}."
            self._note(place, label, said, f"Write what the {form.kind.name} is called.")
            return None
        found = self._contents.find(name, [form.kind.iri]).found
        if len(found) > 1:
            which = " or ".join(entry.slug for entry in found)
            said = f"“{name}” is the name of several."
            self._note(place, "name", said, f"Say which in a column id: {which}.")
            return None
        return self._draft(
            form, found[0].iri if found else form.kind.namespace + slug(name), name, place
        )

    def _part_of_row(self, layout: SheetLayout, row: Row) -> Draft | None:
        form, sheet = layout.form, layout.sheet
        roles = {c.role: at for at, c in layout.columns.items() if c.role}
        if (at := roles.get("id", -1)) >= 0 and "#" in row[at]:
            owner = self._owner(form, row[at].partition("#")[0])
            if owner:
                link, other = owner
                place = SheetCell(sheet, row.number, at)
                return self._part(form, link, other, f"{other}#{row[at].partition('#')[2]}", place)
        at = roles.get("of", 0)
        place = SheetCell(sheet, row.number, at)
        owner = self._owner(form, row[at]) if "of" in roles and row[at] else None
        if owner is None:
            said = f"Nothing that has a {form.kind.name} is called “{row[at]}”."
            self._note(place, "of", said, "Write its short name or its name.")
            return None
        link, other = owner
        return self._part(form, link, other, self._part_iri(form, other, layout, row), place)

    def _owner(self, form: Form, name: str) -> tuple[Field | None, str] | None:
        """Return what a part belongs to, and the field there that links to the part."""
        for link, owner in owners(self._contents, form):
            for draft in self.drafts.values():
                own = (draft.iri, draft.iri.rpartition("/")[2], draft.name)
                if draft.form.kind.iri == owner.kind.iri and name in own:
                    return link, draft.iri
            if found := self._contents.find(name, [owner.kind.iri]).found:
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
        said = self._home.about(NamedNode(iri))
        kinds = (v.value for p, v in said if p == TYPE and isinstance(v, NamedNode))
        return self._draft(self._contents.forms[next(kinds)], iri, "", place)

    def _part_iri(self, form: Form, owner: str, layout: SheetLayout, row: Row) -> str:
        """Return the IRI of a part: that of a part which says the same, else a new one."""
        telling = next((f for f in form.required if f.holds == "text"), None)
        at = layout.place(telling.path) if telling else None
        text = row[at] if at is not None else ""
        return self._next_part(form, owner, telling, text)

    def _next_part(self, form: Form, owner: str, telling: Field | None, text: str) -> str:
        text = " ".join(text.split())
        parts = self._parts.get(owner, [])
        for part in parts if telling and text else ():
            said = (v for p, v in self._home.about(part) if telling and p.value == telling.path)
            if any(isinstance(value, Literal) and value.value == text for value in said):
                return part.value
        taken = {part.value for part in parts} | set(self.drafts)
        stem = f"{owner}#{form.part}" if form.part else f"{owner}#{owner.rpartition('/')[2]}-"
        return next(f"{stem}{n}" for n in count(1) if f"{stem}{n}" not in taken)

    def _beside(
        self, draft: Draft, via: Field, layout: SheetLayout, row: Row, cells: _Cells
    ) -> None:
        """Take in what a row says of something that its thing links to."""
        if part := self._contents.part(via):
            telling = next((f for f in part.required if f.holds == "text"), None)
            at = self._at(cells, telling)
            text = row[at] if at is not None else ""
            iri = self._next_part(part, draft.iri, telling, text)
            first = next(i for i, _ in cells if row[i])
            place = SheetCell(layout.sheet, row.number, at if at is not None else first)
            other: Draft | None = self._part(part, via, draft.iri, iri, place)
        else:
            other = self._linked(draft, via, layout, row, cells)
        if other:
            other.via = via
            other.rows.add((layout.sheet.name, row.number))
            self._fill(other, layout, row, cells)

    def _linked(
        self, draft: Draft, via: Field, layout: SheetLayout, row: Row, cells: _Cells
    ) -> Draft | None:
        """Return the other thing that a row describes, if it is not in the home yet."""
        form = self._contents.linked(via)
        if form is None:
            return None
        naming = form.naming
        at, own = self._at(cells, naming), layout.place(via.path)
        name = row[at] if at is not None and row[at] else row[own] if own is not None else ""
        first = next(i for i, _ in cells if row[i])
        place = SheetCell(layout.sheet, row.number, at if at is not None else first)
        iri = self._known_by(form, row, cells) or self._named(form, name)
        if not iri and not slug(name):
            said = f"This is about a {form.kind.name} without a name."
            self._note(place, via.label, said, f"Give its name in a column {via.column}_name.")
            return None
        iri = iri or form.kind.namespace + slug(name)
        if own is not None and self._is_longer(row[own], name, form):
            self._settled.add((layout.sheet.name, row.number, own))
        at_via = own is not None and row[own] and row[own] != name
        at_via = at_via and (layout.sheet.name, row.number, own) not in self._settled
        if not at_via:
            draft.statements.append(DraftValue(via, NamedNode(iri), place, more=True))
        if NamedNode(iri) in self._home or name == iri.removeprefix(form.kind.namespace):
            return None  # it is described elsewhere
        other = self._draft(form, iri, name, place)
        if naming and at is None:
            value = Literal(name, language="en")
            other.statements.append(DraftValue(naming, value, place))
        if at_via and own is not None:
            self._addressed(other, layout, row, own)
        return other

    def _is_longer(self, text: str, name: str, form: Form) -> bool:
        """Say whether a text is a name with what that lies in: `Multnomah County, OR`."""
        head, comma, _ = text.partition(",")
        return bool(comma) and head == name and not self._named(form, text)

    def _addressed(self, other: Draft, layout: SheetLayout, row: Row, at: int) -> None:
        """Take the cell of a link as the address of the new thing that its row describes."""
        field = next((f for f in other.form.fields if f.holds == "address"), None)
        if field and is_address(row[at]) and field.path not in other.texts:
            place = SheetCell(layout.sheet, row.number, at)
            before = len(self.findings)
            self._say(other, field, row[at], place, Reading())
            if len(self.findings) > before:
                self._settled.add((layout.sheet.name, row.number, at))

    def _known_by(self, form: Form, row: Row, cells: _Cells) -> str:
        """Return the thing that has an address or a code which a row gives."""
        for at, column in cells:
            if column.field and column.field.holds in ("address", "code") and row[at]:
                if found := self._contents.find(row[at], [form.kind.iri]).found:
                    return found[0].iri
                for draft in self.drafts.values():
                    if any(
                        s.field == column.field and s.value.value == row[at]
                        for s in draft.statements
                    ):
                        return draft.iri
        return ""

    def _named(self, form: Form, name: str) -> str:
        found = self._contents.find(name, [form.kind.iri]).found if name else ()
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
        return self.drafts[iri]

    def _fill(self, draft: Draft, layout: SheetLayout, row: Row, cells: _Cells) -> None:
        for at, column in cells:
            if column.field is None:
                continue
            place = SheetCell(layout.sheet, row.number, at)
            if not row[at]:
                draft.cells.setdefault(column.field.path, place)
                continue
            draft.cells[column.field.path] = place
            language = column.language or "en"
            reading = Reading(self._dates, layout.sheet.decimal, language)
            if (layout.sheet.name, row.number, at) in self._settled:
                continue
            if column.field.is_link:
                self._links.append(_Link(draft, column.field, row[at], place, reading))
            else:
                self._say(draft, column.field, row[at], place, reading)

    def _say(
        self, draft: Draft, field: Field, text: str, place: SheetCell, reading: Reading
    ) -> None:
        values, problems = read_values(self._contents, field, text, reading)
        for problem in problems:
            self._problem(place, field, problem)
        if not problems:
            draft.texts[field.path] = text
        for value in values:
            if clash := draft.clash(field, value):
                said = f"{clash.place.cell} says {clash.value.value} for the same thing."
                advice = "Write the same in both, or give one of them another name or id."
                self._note(place, field.label, said, advice)
            else:
                draft.statements.append(DraftValue(field, value, place))

    def _problem(self, place: SheetCell, field: Field, problem: Problem) -> None:
        found = (problem.message, problem.suggestion, problem.advice)
        self.findings.append(CellFinding(place, "error", field.label, *found))

    def _note(self, place: SheetCell, label: str, message: str, advice: str = "") -> None:
        self.findings.append(CellFinding(place, "error", label, message, "", advice))
