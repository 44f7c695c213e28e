"""A first draft of a mapping, made by looking at a table; it says what is left open.

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

from pyoxigraph import Literal, NamedNode

from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.contribute.sheets import column_name, shown_mark
from cjph_graph.contribute.statistics.cube_fields import CubeFields, find_cube_fields
from cjph_graph.contribute.statistics.mapping import CONTEXT, PERIOD, TableMapping
from cjph_graph.contribute.statistics.outline import Outline, is_year
from cjph_graph.contribute.statistics.periods import YEARS, read_period
from cjph_graph.contribute.statistics.rows import header, open_table
from cjph_graph.contribute.statistics.signs import FLAGS, MEANINGS, NOTE, bare, is_marker, marks_in
from cjph_graph.rdf import last_part
from cjph_graph.rdf.dates import dates

_FIRST = 2_000
_MOST, _SHARE = 12, 0.6


def guess_mapping(contents: HomeContents, kind: str, path: Path) -> str:
    """Return the text of a mapping for a table; `cjph:undecided` says what is left to decide."""
    cube = find_cube_fields(contents, kind)
    return _Guess(contents, cube, path).text()


class _Guess:
    def __init__(self, contents: HomeContents, cube: CubeFields, path: Path) -> None:
        self._contents = contents
        self._cube = cube
        self._path = path
        self._undecided: list[str] = []
        look = Outline(list(islice(open_table(path, TableMapping(()))[1], _FIRST)))
        self._rows, self._figures, self._body = look.rows, look.figures, look.body
        self._first, self._names, self._skip = look.first, look.names, look.skip
        mapping = TableMapping((), skip_rows=self._skip, header_rows=self._names)
        self._titles = header(open_table(path, mapping)[1], mapping)[0]
        self._flags = [n for n, title in enumerate(self._titles) if FLAGS.fullmatch(title)]
        self._comma = shown_mark(row[at] for row in self._body for at in self._figures) == ","

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
        found = {
            "cjph:endsBefore": self._ends(),
            "cjph:footnotes": self._footnotes(),
            "cjph:markers": self._markers(),
            "cjph:undecided": self._undecided,
        }
        mapping |= {key: value for key, value in found.items() if value}
        mapping["tableSchema"] = {"columns": columns}
        return json.dumps(mapping, indent=2, ensure_ascii=False) + "\n"

    def _texts(self, at: int) -> list[str]:
        return [row[at] for row in self._body if row[at]]

    def _column(self, at: int) -> Iterator[dict[str, Any]]:
        texts = self._texts(at)
        title, letter = self._titles[at], column_name(at + 1)
        named: dict[str, Any] = {"cjph:at": letter}
        if title:
            named["rdfs:comment"] = title
        if not texts or (at in self._flags and self._beside(at) is not None):
            return  # it is empty, or the column of figures before it names it
        if found := self._dimension(at, texts):
            if self._is_filled(at):
                named["cjph:fill"] = True
                self._undecided.append(f"Whether an empty cell of column {letter} is as above it.")
            yield {**named, **found}
        elif at in self._figures and set(texts) != {"%"}:
            yield {**named, "propertyUrl": self._measure, **self._printed(at), **self._with(at)}
        elif title and set(texts) != {"%"}:
            self._undecided.append(f"What column {letter} “{title}” is for: it is left out.")
            yield {**named, "suppressOutput": True}

    @property
    def _measure(self) -> str:
        return self._contents.short(self._cube.measure.path)

    def _is_filled(self, at: int) -> bool:
        """Say whether an empty cell seems to repeat the one above it, as the other labels go on."""
        empty = [row for row in self._body if not row[at]]
        labels = set(range(len(self._titles))) - self._figures
        right = {other for other in labels if other > at}
        return (
            bool(empty)
            and bool(self._body[0][at])
            and all(
                any(row[n] for n in right) and not any(row[n] for n in labels - right)
                for row in empty
            )
        )

    def _beside(self, at: int) -> int | None:
        """Return the column of figures that a column of flags is about: the next one before it."""
        return max((each for each in self._figures if each < at), default=None)

    def _printed(self, at: int) -> dict[str, Any]:
        """Return how figures are printed, and which column says why there are none."""
        said: dict[str, Any] = {}
        if self._comma:
            form = {"decimalChar": ",", "groupChar": "."}
            said["datatype"] = {"base": "decimal", "format": form}
        mine = next((n for n in self._flags if self._beside(n) == at), None)
        if mine is not None:
            said["cjph:statusIn"] = column_name(mine + 1)
        return said

    def _with(self, at: int) -> dict[str, Any]:
        """Return what the title of a column says about its figures."""
        title = self._titles[at]
        said: dict[str, str] = {}
        years = re.findall(r"\b(?:19|20)\d\d\b", title)
        if read_period(title, YEARS):
            said[PERIOD] = title
        elif len(years) == 1:
            said[PERIOD] = years[0]
        for field in self._cube.dimensions[1:]:
            words = [word for word in re.split(r"[\s,]+", bare(title)) if word]
            for phrase in (bare(title), *reversed(words)):
                found = self._contents.find(phrase, field.targets)
                if len(found) == 1:
                    said[self._contents.short(field.path)] = found[0].slug
                    break
        self._undecided.append(
            f"Of which indicator and unit column {column_name(at + 1)} “{title}” is."
        )
        owner = self._contents.short(self._cube.owner.path)
        return {"cjph:with": {owner: "", **said}}

    def _dimension(self, at: int, texts: Sequence[str]) -> dict[str, Any]:
        """Return the property that a column names: a place by name or code, a group, a time."""
        sample = [bare(text) for text in dict.fromkeys(texts)][:60]
        if self._are_times(at, sample):
            return {"propertyUrl": PERIOD}
        for field in self._cube.dimensions:
            if not field.is_link:
                continue
            short = {"propertyUrl": self._contents.short(field.path)}
            if at in self._figures and not self._named_after_codes(at):
                continue
            for zeros in (0, 2, 5):
                codes = [_coded(text, zeros) for text in sample]
                if codes != sample or not zeros:
                    hits = sum(len(self._contents.find(c, field.targets)) == 1 for c in codes)
                    if hits >= _SHARE * len(sample):
                        return {**short, **({"cjph:zeros": zeros} if zeros else {})}
            if self._titles[at].casefold() in (field.label.casefold(), last_part(field.path)):
                return short
        return {}

    def _are_times(self, at: int, sample: Sequence[str]) -> bool:
        """Say whether texts are times, as a column of nothing but years is."""
        if at in self._figures:
            return all(is_year(text) for text in sample) and not is_year(self._titles[at])
        times = sum(bool(read_period(text, YEARS) or dates(text)) for text in sample)
        return times >= _SHARE * len(sample)

    def _named_after_codes(self, at: int) -> bool:
        texts = [text for text in self._texts(at) if text.isdigit()]
        named = re.search(r"\b(?:fips|codes?|geo\w*|iso)\b", self._titles[at], re.IGNORECASE)
        return bool(named) or any(len(text) > 1 and text[0] == "0" for text in texts)

    def _joined_labels(self, columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Join columns that name the same thing, one or the other of them, in one description."""
        first = columns[0]["cjph:at"] if columns else ""
        kept: list[dict[str, Any]] = []
        by_path: dict[str, dict[str, Any]] = {}
        measure = self._measure
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
        """Return the unknown texts of a column, to be left out or decided."""
        path = described["propertyUrl"]
        field = next(f for f in self._cube.form.fields if self._contents.short(f.path) == path)
        letters, zeros = described["cjph:at"].split(), described.get("cjph:zeros", 0)
        places = [i for i, _ in enumerate(self._titles) if column_name(i + 1) in letters]
        texts = [next((row[at] for at in places if row[at]), "") for row in self._body]
        unknown = [
            text
            for text in dict.fromkeys(map(bare, texts))
            if text and len(self._contents.find(_coded(text, zeros), field.targets)) != 1
        ]
        if unknown:
            some = ", ".join(unknown[:_MOST])
            self._undecided.append(f"What these stand for; null leaves them out: {some}.")
        return dict.fromkeys(unknown[: _MOST * 4])

    def _virtual(self, given: set[str]) -> Iterator[dict[str, Any]]:
        for field in self._cube.form.required:
            short = self._contents.short(field.path)
            if short in given or field in (self._cube.owner, self._cube.measure):
                continue
            if field.holds == "date":
                first = next(each for each in self._cube.dimensions if each.holds == "date")
                if PERIOD not in given and field is first:
                    self._undecided.append("The period, where titles do not say it.")
                    yield {"virtual": True, "propertyUrl": PERIOD, "default": self._year()}
                continue
            usual = self._usual(field.path)
            if not usual:
                self._undecided.append(f"The {field.label}.")
            yield {"virtual": True, "propertyUrl": short, "default": usual}

    def _year(self) -> str:
        """Return the year that occurs most often in the rows above the figures."""
        text = " ".join(cell for row in self._rows[: self._first] for cell in row.cells)
        years = Counter(re.findall(r"\b(?:19|20)\d\d\b", text))
        return years.most_common(1)[0][0] if years else ""

    def _usual(self, path: str) -> str:
        """Return the value that nearly all observations of the home have."""
        found: Counter[str] = Counter()
        for subject in self._contents.things.of_class(self._cube.form.kind.iri):
            for value in self._contents.things.values(subject, NamedNode(path)):
                if isinstance(value, Literal | NamedNode):
                    found[value.value.rstrip("/").rpartition("/")[2]] += 1
        if not found:
            return ""
        (usual, count), *_ = found.most_common(1)
        return usual if count >= _SHARE * found.total() else ""

    def _footnotes(self) -> str:
        texts = {c for row in self._rows for c in row.cells if len(c) < 80}
        counts = Counter(mark for text in texts for mark in marks_in(text))
        return "|".join(mark for mark, count in counts.most_common() if count > 1)

    def _markers(self) -> dict[str, str]:
        texts = [row[at] for row in self._body for at in self._figures if is_marker(row[at])]
        texts += [
            row[at]
            for row in self._body
            for at in self._flags
            if row[at] and not row[self._beside(at) or 0]
        ]
        found = {text: MEANINGS.get(text.casefold(), "") for text in texts}
        for text, meaning in found.items():
            if not meaning:
                self._undecided.append(f"What {text!r} means in place of a figure.")
        if found:
            listed = ", ".join(f"{mark!r}" for mark in found)
            self._undecided.append(f"Whether the notes of the table say so of {listed}.")
        return found

    def _ends(self) -> str:
        """Return what begins the notes below the figures."""
        last = self._body[-1].number if self._body else 0
        for row in self._rows:
            first = next((cell for cell in row.cells if cell), "")
            if row.number > last and first:
                note = NOTE.match(first)
                return re.escape(note[0]) if note else ""
        return ""


def _coded(text: str, zeros: int) -> str:
    return text.zfill(zeros) if text.isdigit() else text
