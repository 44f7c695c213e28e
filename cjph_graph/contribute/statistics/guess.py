"""A first draft of a mapping, from looking at a table; it says what is left open.

What is looked for: where the figures begin and end, which columns hold them, which name a place or
a time, marks of footnotes, and what stands in place of figures.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from cjph_graph.contribute.known import Known
from cjph_graph.contribute.sheets import Row, column_name
from cjph_graph.contribute.statistics.cube import Cube, find_cube
from cjph_graph.contribute.statistics.mapping import CONTEXT, PERIOD, TableMapping
from cjph_graph.contribute.statistics.rows import header, table_rows
from cjph_graph.contribute.statistics.signs import (
    FIGURE,
    FOOT_PATTERNS,
    FOOTNOTE,
    MARKER,
    MEANINGS,
    NOTE,
)
from cjph_graph.rdf.dates import dates

_FIRST = 2_000
_MOST, _SHARE, _FILLED = 12, 0.6, 0.3


def guess_mapping(known: Known, kind: str, path: Path) -> str:
    """Return the text of a mapping for a table; `cjph:undecided` says what is left to decide."""
    cube = find_cube(known, kind)
    return _Guess(known, cube, path).text()


class _Guess:
    def __init__(self, known: Known, cube: Cube, path: Path) -> None:
        self._known = known
        self._cube = cube
        self._path = path
        self._undecided: list[str] = []
        rows = list(islice(table_rows(path, TableMapping(())), _FIRST))
        self._rows = rows
        self._figures = self._figure_columns(rows)
        first = next((i for i, row in enumerate(rows) if self._has_figures(row)), 0)
        self._first = first
        self._names = self._header_rows(rows[:first])
        self._skip = rows[first - self._names].number - 1 if self._names else 0
        self._body = [row for row in rows[first:] if self._has_figures(row) or row.is_blank]
        mapping = TableMapping((), skip_rows=self._skip, header_rows=self._names)
        self._titles = header(table_rows(path, mapping), mapping)[0]

    def _figure_columns(self, rows: Sequence[Row]) -> set[int]:
        counts: Counter[int] = Counter()
        for row in rows:
            counts.update(at for at, cell in enumerate(row.cells) if FIGURE.fullmatch(cell))
        most = max(counts.values(), default=0)
        found = {at for at, count in counts.items() if count >= most * _FILLED}
        return {at for at in found if not _are_codes([row[at] for row in rows if row[at]])}

    def _has_figures(self, row: Row) -> bool:
        """Say whether a row has figures where most have, and more than years."""
        cells = [row[at] for at in self._figures if row[at]]
        numbers = [cell for cell in cells if FIGURE.fullmatch(cell) and not _is_year(cell)]
        texts = [cell for at, cell in enumerate(row.cells) if cell and at not in self._figures]
        return bool(numbers) and len(numbers) >= len(cells) / 3 and bool(texts or cells)

    def _header_rows(self, above: Sequence[Row]) -> int:
        """Return how many rows of names stand right above the figures: those with several cells."""
        count = 0
        for row in reversed(above):
            if sum(bool(cell) for cell in row.cells) < 2:
                break
            count += 1
        return count

    def text(self) -> str:
        """Return the mapping."""
        columns = [each for at, _ in enumerate(self._titles) for each in self._column(at)]
        columns = self._joined_labels(columns)
        given = {each["propertyUrl"] for each in columns if "propertyUrl" in each}
        columns += self._virtual(given)
        mapping: dict[str, Any] = {
            "@context": CONTEXT,
            "url": self._path.name,
            "dialect": {"skipRows": self._skip, "headerRowCount": self._names},
        }
        if ends := self._ends():
            mapping["cjph:endsBefore"] = ends
        if foot := self._footnotes():
            mapping["cjph:footnotes"] = foot
        if markers := self._markers():
            mapping["cjph:markers"] = markers
        if self._undecided:
            mapping["cjph:undecided"] = self._undecided
        mapping["tableSchema"] = {"columns": columns}
        return json.dumps(mapping, indent=2, ensure_ascii=False) + "\n"

    def _texts(self, at: int) -> list[str]:
        return [row[at] for row in self._body if row[at]]

    def _column(self, at: int) -> Iterator[dict[str, Any]]:
        texts = self._texts(at)
        title, letter = self._titles[at], column_name(at + 1)
        if not texts:
            return
        named: dict[str, Any] = {"cjph:at": letter}
        if title:
            named["rdfs:comment"] = title
        if found := self._dimension(at, texts):
            yield {**named, "propertyUrl": found}
        elif at in self._figures and set(texts) != {"%"}:
            yield {
                **named,
                "propertyUrl": self._known.short(self._cube.measure.path),
                **self._with(at),
            }
        elif title and set(texts) != {"%"}:
            self._undecided.append(f"What column {letter} “{title}” is for: it is left out.")
            yield {**named, "suppressOutput": True}

    def _with(self, at: int) -> dict[str, Any]:
        """Return what the title of a column says of its figures."""
        title = self._titles[at]
        said: dict[str, str] = {}
        years = re.findall(r"\b(?:19|20)\d\d\b", title)
        if len(years) == 1:
            said[PERIOD] = years[0]
        for field in self._cube.dimensions[1:]:
            words = [word for word in re.split(r"[\s,]+", self._bare(title)) if word]
            for phrase in (self._bare(title), *reversed(words)):
                match = self._known.find(phrase, field.targets) if field.is_link else None
                if match and len(match.found) == 1:
                    said[self._known.short(field.path)] = match.found[0].slug
                    break
        self._undecided.append(
            f"Of which indicator and unit column {column_name(at + 1)} “{title}” is."
        )
        owner = self._known.short(self._cube.owner.path)
        return {"cjph:with": {owner: "", **said}}

    def _dimension(self, at: int, texts: Sequence[str]) -> str:
        """Return the property that a column names: a place by name or code, or a time."""
        if sum(_is_year(text) for text in texts) >= _SHARE * len(texts):
            return PERIOD if at not in self._figures or len(set(texts)) <= len(texts) / 3 else ""
        sample = [self._bare(text) for text in dict.fromkeys(texts)][:60]
        for field in self._cube.dimensions:
            if not field.is_link:
                continue
            is_code = any(len(text) == len(sample[0]) and text[:1] == "0" for text in sample)
            if at in self._figures and not is_code:
                continue
            hits = sum(len(self._known.find(text, field.targets).found) == 1 for text in sample)
            if hits >= _SHARE * len(sample):
                return self._known.short(field.path)
        dated = sum(bool(dates(text)) for text in sample)
        return PERIOD if dated >= _SHARE * len(sample) and at not in self._figures else ""

    def _joined_labels(self, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Join columns that name the same thing, one or the other of them, in one description."""
        first = columns[0]["cjph:at"] if columns else ""
        kept: list[dict[str, Any]] = []
        by_path: dict[str, dict[str, Any]] = {}
        measure = self._known.short(self._cube.measure.path)
        for each in columns:
            path = each.get("propertyUrl", "")
            if path in by_path and path not in (measure, ""):
                by_path[path]["cjph:at"] += f" {each['cjph:at']}"
                self._undecided.append(f"Which of the columns {by_path[path]['cjph:at']} counts.")
                continue
            if path:
                by_path[path] = each
            kept.append(each)
        others = (measure, PERIOD)
        place = next((e for e in kept if e.get("propertyUrl", measure) not in others), None)
        if place and place["cjph:at"] == "B" and first == "A" and kept[0].get("suppressOutput"):
            both = sum(bool(row[0] and row[1]) for row in self._body)
            if both <= len(self._body) * (1 - _SHARE):
                place["cjph:at"] = "A B"
                kept.remove(kept[0])
                said = "What column A "
                self._undecided = [u for u in self._undecided if not u.startswith(said)]
        if place:
            place["cjph:values"] = self._unknown(place)
        return kept

    def _unknown(self, described: dict[str, Any]) -> dict[str, str | None]:
        """Return the texts of a column that nothing is known by, to be left out or decided."""
        path = described["propertyUrl"]
        field = next(f for f in self._cube.form.fields if self._known.short(f.path) == path)
        letters = described["cjph:at"].split()
        places = [i for i, _ in enumerate(self._titles) if column_name(i + 1) in letters]
        texts = [next((row[at] for at in places if row[at]), "") for row in self._body]
        unknown = [
            text
            for text in dict.fromkeys(map(self._bare, texts))
            if text and len(self._known.find(text, field.targets).found) != 1
        ]
        if unknown:
            some = ", ".join(unknown[:_MOST])
            self._undecided.append(f"What these stand for; null leaves them out: {some}.")
        return dict.fromkeys(unknown[: _MOST * 4])

    def _virtual(self, given: set[str]) -> Iterator[dict[str, Any]]:
        for field in self._cube.form.required:
            short = self._known.short(field.path)
            if short in given or field in (self._cube.owner, self._cube.measure):
                continue
            if field.holds == "date":
                if PERIOD not in given and field is self._dates()[0]:
                    self._undecided.append("The period, where titles do not say it.")
                    yield {"virtual": True, "propertyUrl": PERIOD, "default": self._year()}
                continue
            usual = self._usual(field.path)
            if not usual:
                self._undecided.append(f"The {field.label}.")
            yield {"virtual": True, "propertyUrl": short, "default": usual}

    def _dates(self) -> list[Any]:
        return [field for field in self._cube.dimensions if field.holds == "date"]

    def _year(self) -> str:
        """Return the year that the rows above the figures speak of most."""
        text = " ".join(cell for row in self._rows[: self._first] for cell in row.cells)
        years = Counter(re.findall(r"\b(?:19|20)\d\d\b", text))
        return years.most_common(1)[0][0] if years else ""

    def _usual(self, path: str) -> str:
        """Return the value that nearly all observations of the home have."""
        found: Counter[str] = Counter()
        for subject in self._known.things.of_class(self._cube.form.kind.iri):
            for property_, value in self._known.things.about(subject):
                if property_.value == path and hasattr(value, "value"):
                    found[str(value.value).rstrip("/").rpartition("/")[2]] += 1
        if not found:
            return ""
        (usual, count), *_ = found.most_common(1)
        return usual if count >= _SHARE * found.total() else ""

    def _footnotes(self) -> str:
        marks = Counter(
            match[1][0]
            for row in self._rows
            for cell in row.cells
            if len(cell) < 80 and (match := FOOTNOTE.search(cell))
        )
        found = [FOOT_PATTERNS[mark] for mark, count in marks.most_common() if count > 1]
        return "|".join(found)

    def _bare(self, text: str) -> str:
        return FOOTNOTE.sub("", text).strip()

    def _markers(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self._body:
            for at in self._figures:
                text = row[at]
                if text and text != "%" and MARKER.fullmatch(text) and not FIGURE.fullmatch(text):
                    meaning = MEANINGS.get(text.casefold(), "")
                    if text not in found and not meaning:
                        self._undecided.append(f"What {text!r} means in place of a figure.")
                    found[text] = meaning
        if found:
            listed = ", ".join(f"{mark!r}" for mark in found)
            self._undecided.append(f"Whether the notes of the table say so of {listed}.")
        return found

    def _ends(self) -> str:
        """Return what begins the first row below the figures."""
        last = max((i for i, r in enumerate(self._rows) if self._has_figures(r)), default=0)
        for row in self._rows[last + 1 :]:
            if first := next((cell for cell in row.cells if cell), ""):
                note = NOTE.match(first)
                return re.escape(note[0] if note else first[:20])
        return ""


def _are_codes(texts: Sequence[str]) -> bool:
    """Say whether numbers are codes: nearly all of one length, and some with a zero in front."""
    digits = [text for text in texts if text.isdigit()]
    usual = Counter(map(len, digits)).most_common(1)
    zeros = sum(len(text) > 1 and text.startswith("0") for text in digits)
    return bool(usual) and usual[0][0] > 1 and usual[0][1] >= 0.9 * len(digits) and zeros > 1


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", text) is not None
