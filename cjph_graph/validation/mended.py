"""Files that are not Turtle: read as their writers meant them, so that they can be checked too.

What is found in such a file holds for what could be read of it. A wrong value is wrong whatever
else the file says. But nobody can say that a thing lacks something while statements about it may be
unread, or that a value names nothing.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pyoxigraph import Triple

from cjph_graph.rdf import LABEL, TurtleFile, last_part
from cjph_graph.rdf.positions import Position
from cjph_graph.rdf.prefixes import usual_prefixes
from cjph_graph.rdf.syntax_errors import KnownTerms, Mending, mend, redeclare
from cjph_graph.shacl import Shapes, StoredGraph
from cjph_graph.validation.near_names import other_names, property_shapes

if TYPE_CHECKING:
    from cjph_graph.validation.locate import Trace

_COUNTING = ("MaxCountConstraintComponent", "UniqueLangConstraintComponent")
# What more than this says seldom helps to guess what was meant, and takes longer to go through.
_MOST_TRIPLES = 500_000


def mend_files(
    files: Sequence[TurtleFile],
    wrong: Mapping[str, Mapping[str, str]],
    graph: StoredGraph,
    terms: Iterable[Triple],
    shapes: Shapes,
) -> dict[str, Mending]:
    """Return the mistakes of the files that are not Turtle, and what they say, by path.

    Files with `wrong` prefixes are among them. What the others say, `graph`, `terms` of the
    ontology and the names in `shapes` help to guess what was meant.
    """
    prefixes = usual_prefixes(files)
    quads = graph.store.quads_for_pattern(None, None, None, None)
    known = KnownTerms(
        prefixes,
        itertools.chain(itertools.islice(quads, _MOST_TRIPLES), terms, _property_names(shapes)),
        other_names(shapes),
    )
    return {
        file.path: mend(file.data, file.problem, known, file.path)
        if file.problem
        else redeclare(file, wrong[file.path])
        for file in files
        if file.problem or file.path in wrong
    }


def _property_names(shapes: Shapes) -> Iterator[Triple]:
    """Yield the names that shapes give to properties, as labels of these."""
    for node, path in property_shapes(shapes):
        yield from (Triple(path, LABEL, name) for name in shapes.objects(node, "name"))


def original_place(
    place: Position | None, file: str | None, mendings: Mapping[str, Mending]
) -> Position | None:
    """Return where in the file as it was written something stands."""
    if place is None or file is None or file not in mendings:
        return place
    return Position(*mendings[file].place(place.line, place.column))


def certain(traces: Iterable["Trace"], files: Mapping[str, Mending]) -> list["Trace"]:
    """Return what holds whatever the files say that could not be read to their end."""
    unsure = {iri for mending in files.values() for iri in mending.unsure}
    unread = "\n".join(mending.unread for mending in files.values())
    return [
        replace(trace, place=original_place(trace.place, trace.file, files))
        for trace in traces
        if _is_certain(trace, trace.file in files, unsure, unread)
    ]


def _is_certain(trace: "Trace", mended: bool, unsure: set[str | None], unread: str) -> bool:
    result = trace.result
    if not unsure and not unread:
        return True
    about_values = result.value is not None and result.value != result.focus
    if (result.path or "").startswith("^") or not (result.path or about_values):
        return False  # what links to a thing may be among what was not read
    if trace.focus in unsure or (mended and trace.focus.startswith("_:")):
        return about_values or last_part(result.constraint) in _COUNTING
    value = result.value or ""
    named = last_part(value)
    return not (value in unsure or ("://" in value and named and named in unread))
