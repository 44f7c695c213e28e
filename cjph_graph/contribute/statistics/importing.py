"""A table of statistics into the files of the indicators, checked before anything is written.

As many observations as a check takes in at once are checked by the rules like any file. The rest
of a longer table is written as it is read, in the same form, to files beside the real ones; they
trade places when the table has come to its end.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import Literal, NamedNode, Triple

from cjph_graph.contribute.columns import find_layout
from cjph_graph.contribute.draft_files import comparable, files_with
from cjph_graph.contribute.drafting import Drafter
from cjph_graph.contribute.drafts import CellFinding, SheetCell
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.problems import Value
from cjph_graph.contribute.sheets import Row, sheet_of
from cjph_graph.contribute.statistics.cube_fields import CubeFields, find_cube_fields
from cjph_graph.contribute.statistics.existing import ExistingObservations
from cjph_graph.contribute.statistics.mapping import TableMapping
from cjph_graph.contribute.statistics.observations import MAX_FINDINGS, Observation, TableReader
from cjph_graph.contribute.statistics.stated_values import StatedValues
from cjph_graph.contribute.statistics.table_import import TableImport
from cjph_graph.contribute.turtle import as_turtle, declarations, used_prefixes
from cjph_graph.home import Home, property_order
from cjph_graph.rdf import TYPE, read_bytes
from cjph_graph.rdf.format.edit import declared, edit_turtle
from cjph_graph.system import shown
from cjph_graph.validation import ValidationOptions, validate

MOST_CHECKED = 4_000
_AT_ONCE = 1 << 20


@dataclass
class _Target:
    """The file of one indicator, the owner, and what is to be added to it."""

    owner: str
    path: Path
    texts: list[str] = field(default_factory=list)
    changes: dict[str, dict[str, list[bytes]]] = field(default_factory=dict)
    stream: BinaryIO | None = None
    waiting: int = 0

    def flush(self) -> None:
        """Write the texts that wait, many at once, which takes a third of the time."""
        if self.stream:
            self.stream.write("".join(self.texts).encode())
            self.texts.clear()
            self.waiting = 0


def import_table(
    home: Home, kind: str, path: Path, mapping: TableMapping, *, update: bool = False
) -> TableImport:
    """Read a table of statistics into the files of a home, without changing these.

    Raises UsageError when there is no such kind or file, InputError when the mapping does not fit.
    """
    contents = HomeContents(home)
    cube = find_cube_fields(contents, kind)
    reader = TableReader(contents, cube, path, mapping)
    intake = _Intake(contents, cube, reader, update=update)
    try:
        return intake.take()
    except BaseException:
        intake.figures.discard()
        raise


class _Intake:
    def __init__(
        self, contents: HomeContents, cube: CubeFields, reader: TableReader, *, update: bool
    ) -> None:
        self.figures = TableImport(reader.findings, warning=reader.warning)
        self._contents = contents
        self._cube = cube
        self._reader = reader
        self._update = update
        self._targets: dict[str, _Target] = {}
        self._places = self.figures.places
        self._order = property_order(contents.kinds)
        self._spooling = False
        self._standing = ExistingObservations(contents, cube)

    def take(self) -> TableImport:
        """Take in all observations of a table."""
        figures, reader = self.figures, self._reader
        for row, said in reader.rows():
            if not (self._spooling and self._take_at_once(row, said)):
                for each in reader.observations(row, said):
                    self._take(each)
        if self._spooling:
            self._close()
            self._add_new_things()  # with those of the rows that were not checked
        else:
            figures.files |= self._files()
            self._add_new_things()
            self._check(figures.files)
        if not (figures.new or figures.same or figures.changed or figures.findings):
            self._note(reader.start, "The table has no figures by this mapping.", "")
        figures.findings.sort(key=lambda f: (f.place.row, f.place.column, f.message))
        return figures

    def _take_at_once(self, row: Row, said: StatedValues) -> bool:
        """Take in the observations of a row, if none of them can be there already."""
        given = self._reader.given
        texts = self._reader.texts(row, said)
        if any(self._standing.may_have(owner, said, given) for owner, _, _ in texts):
            return False
        for owner, count, text in texts:
            self._spool(owner, count, text)
        return True

    def _take(self, each: Observation) -> None:
        """Take in one observation, if it is not there already."""
        given = self._reader.given
        if self._standing.may_have(each.owner, each.of_row, given) and self._is_there(each):
            return
        if self._spooling:
            self._spool(each.owner, 1, each.text)
            return
        self.figures.new += 1
        self._target(each.owner).texts.append(each.text)
        self._places[f"{each.owner}#{each.name}"] = self._reader.place(each)
        if self.figures.new >= MOST_CHECKED:
            self._check_and_spool()

    def _spool(self, owner: str, count: int, text: str) -> None:
        """Write observations beside the real file of what they belong to."""
        self.figures.new += count
        target = self._target(owner)
        target.texts.append(text)
        if target.stream is None:
            self._open(target, self._text(target))
        else:
            target.waiting += len(text)
            if target.waiting > _AT_ONCE:
                target.flush()

    def _close(self) -> None:
        """End the files that are written beside the real ones."""
        for target in self._targets.values():
            if target.stream:
                target.flush()
                target.stream.close()
                if target.changes:  # what a row further down changes in what was there
                    beside = self.figures.staged[target.path]
                    text = edit_turtle(beside.read_bytes(), target.changes, b"", {}, self._order)
                    beside.write_bytes(text)
            elif target.texts or target.changes:
                self.figures.files[target.path] = self._text(target)

    def _target(self, owner: str) -> _Target:
        if (known := self._targets.get(owner)) is None:
            known = self._targets[owner] = _Target(owner, self._contents.file_of(owner))
        return known

    def _is_there(self, each: Observation) -> bool:
        """Say whether the home has an observation already; note or change it if it differs."""
        iri = f"{each.owner}#{each.name}"
        subject = self._standing.find(self._reader.key(each), iri)
        if subject is None:
            return False
        measures = [self._cube.measure.path]
        measures += [self._cube.status.path] if self._cube.status else []
        says = _values(read_bytes(self._alone(each), "the table").sound().triples)
        had = _values(Triple(subject, *pair) for pair in self._contents.things.about(subject))
        before, after = (
            {path: values[path] for path in measures if path in values} for values in (had, says)
        )
        if _comparable(before) == _comparable(after):
            self.figures.same += 1
            return True
        old, new = (", ".join(v.value for v in some.values()) for some in (before, after))
        if not self._update:
            said = f"The graph has {old} for this, and the table {new}."
            self._note(
                self._reader.place(each), said, "Run again with --update to take the table's."
            )
            return True
        edits = self._target(each.owner).changes.setdefault(subject.value, {})
        edits |= {path: [] for path in measures}
        for path, value in says.items():
            if path != TYPE.value:
                edits[path] = [as_turtle(value, self._contents.prefixes).encode()]
        self.figures.changed.append(f"{each.name}: {old} → {new}\n")
        return True

    def _alone(self, each: Observation) -> bytes:
        declared = used_prefixes(each.text, self._contents.prefixes)
        return (declarations(declared, f"{each.owner}#") + each.text).encode()

    def _text(self, target: _Target) -> bytes:
        text = "".join(target.texts)
        prefixes = {**used_prefixes(text, self._contents.prefixes), "": f"{target.owner}#"}
        data = target.path.read_bytes() if target.path.exists() else b""
        return edit_turtle(data, target.changes, text.encode(), prefixes, self._order)

    def _files(self) -> dict[Path, bytes]:
        targets = (t for t in self._targets.values() if t.texts or t.changes)
        return {target.path: self._text(target) for target in targets}

    def _check_and_spool(self) -> None:
        """Check what there is, then write it and all that follows beside the real files."""
        files = self._files()
        self._add_new_things()
        self._check({**files, **self.figures.files})
        self._spooling = True
        for target in self._targets.values():
            if target.path in files:
                self._open(target, files[target.path])

    def _open(self, target: _Target, data: bytes) -> None:
        """Begin to write a file beside its place, with all prefixes that figures may need."""
        beside = target.path.with_name(f".{target.path.name[:40]}.{os.urandom(8).hex()}.part")
        target.stream = beside.open("xb")
        self.figures.staged[target.path] = beside
        prefixes = used_prefixes(self._reader.constants, self._contents.prefixes)
        target.stream.write(declared(data, prefixes))
        target.texts.clear()
        target.changes.clear()

    def _add_new_things(self) -> None:
        """Bring in the places and other things that the table itself describes."""
        for iri, rows in self._reader.added.items():
            form = self._contents.forms[iri]
            numbers = [number for number, _ in rows.values()]
            cells = [cells for _, cells in rows.values()]
            sheet = sheet_of(form.kind.folder, Path(form.kind.folder), cells)
            layout = find_layout(self._contents, form, sheet)
            if layout is None:
                continue
            contents = HomeContents(self._contents.home)
            before = contents.things
            drafter = Drafter(contents)
            drafter.take([layout], set())
            for each in drafter.findings:
                place = next(iter(self._places.values()), each.place)
                row = numbers[each.place.row - 2]
                self._note(SheetCell(place.sheet, row, 0), each.message, each.advice)
            files, _ = files_with(contents, before, list(drafter.drafts.values()))
            self.figures.files |= files

    def _check(self, files: dict[Path, bytes]) -> None:
        if not files:
            return
        texts = [read_bytes(data, shown(path)) for path, data in files.items()]
        self.figures.checked = len(self._places)
        for finding in validate(ValidationOptions(texts, self._contents.home)).findings:
            if place := self._places.get(finding.focus or ""):
                about = self._cube.form.field(finding.path or "")
                label = about.label if about else self._cube.form.kind.name
                said = (finding.message, "", finding.hint or "")
                self.figures.findings.append(CellFinding(place, finding.severity, label, *said))

    def _note(self, place: SheetCell, message: str, advice: str) -> None:
        findings = self.figures.findings
        found = CellFinding(place, "error", self._cube.measure.label, message, advice=advice)
        if len(findings) < MAX_FINDINGS and found not in findings:
            findings.append(found)


def _values(triples: Iterable[Triple]) -> dict[str, Value]:
    """Return the values of the properties of an observation, which has one of each."""
    return {
        t.predicate.value: t.object for t in triples if isinstance(t.object, Literal | NamedNode)
    }


def _comparable(values: Mapping[str, Value]) -> dict[str, object]:
    return {path: comparable(value) for path, value in values.items()}
