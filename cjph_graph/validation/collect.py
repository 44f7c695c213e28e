"""Step 1: collect the rules, the files or the endpoint to check, and the files around them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, Triple

from cjph_graph.home import Check, Home, home_files, list_checks, shape_files
from cjph_graph.rdf import SUBCLASS, Term, TurtleFile, blank_nodes_in, read_turtle, turtle_files
from cjph_graph.rdf.prefixes import wrong_prefixes
from cjph_graph.shacl import DataGraph, Shapes, StoredGraph, load_files
from cjph_graph.system import resolved
from cjph_graph.validation.options import ValidationOptions

if TYPE_CHECKING:
    from cjph_graph.rdf.syntax_errors import Mending
    from cjph_graph.sparql import Engine

Source = Path | TurtleFile


@dataclass(frozen=True)
class HomeFiles:
    """The files of a home: paths still to be read, or files that were read elsewhere."""

    ontology: Source
    data: Sequence[Source]
    shapes: Sequence[Source]
    checks: Sequence[Check] = ()


@dataclass(frozen=True)
class Collected:
    """What a check looks at.

    `files` are checked, `around` are the other files of the home. `terms` are the ontology's
    triples and `hierarchy` those that put a class below one of the shapes. `prefixes` are what a
    hint may use. `only` are the nodes to report on; None is all of them. `triples` counts what is
    checked. `mendings` are the mistakes of files that are not Turtle, by path; what could be read
    of such a file stands in its place.
    """

    shapes: Shapes
    checks: Sequence[Check]
    graph: DataGraph
    triples: int
    home: Home | None = None
    terms: Sequence[Triple] = ()
    hierarchy: Sequence[Triple] = ()
    files: Sequence[TurtleFile] = ()
    around: Sequence[TurtleFile] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    only: set[Term] | None = None
    mendings: Mapping[str, "Mending"] = field(default_factory=dict)

    @property
    def blank_nodes(self) -> tuple[BlankNode, ...]:
        """The blank nodes of the data and the shapes, in the order in which they first stand."""
        inside = (node for file in (*self.files, *self.around) for node in file.blank_nodes)
        return (*inside, *(n for triple in self.shapes.triples for n in blank_nodes_in(triple)))


def collect(options: ValidationOptions, home: HomeFiles | None = None) -> Collected:
    """Read what a check looks at; `home` stands for the files of the home if they are not on disk.

    Raises UsageError when a path does not exist, InputError when the shapes are not Turtle,
    EndpointError when the endpoint fails.
    """
    if home is None and options.home is not None:
        home = home_sources(options.home)
    rules = options.shapes or (home.shapes if home else ())
    shapes = _shapes(rules)
    checks = home.checks if home and not options.shapes else ()
    if options.endpoint is not None:
        return _from_endpoint(options, options.endpoint, home, shapes, checks)
    return _from_files(options, home, shapes, checks)


def home_sources(home: Home) -> HomeFiles:
    """Return where the Turtle files of a home are."""
    data = [path for path in home_files(home) if path != home.ontology]
    return HomeFiles(home.ontology, data, _shape_sources(home), list_checks(home))


def _shape_sources(home: Home) -> Sequence[Path]:
    # If there are no files, reading the folder raises the error.
    return shape_files(home) or [home.shapes]


def _from_files(
    options: ValidationOptions, home: HomeFiles | None, shapes: Shapes, checks: Sequence[Check]
) -> Collected:
    checking, neighbours = _divided(options, home)
    ontology = _opened(home.ontology) if home else TurtleFile("")
    terms = ontology.triples
    hierarchy = _hierarchy(terms, shapes)
    loaded = load_files([*checking, *neighbours], hierarchy)
    # The ontology is not data, but its syntax errors are reported too.
    broken = [ontology] if ontology.problem and ontology.data else []
    mendings: dict[str, Mending] = {}
    wrong = wrong_prefixes(loaded.files[: len(checking)], reversed(loaded.files))
    if broken or wrong or any(file.problem for file in loaded.files):
        from cjph_graph.validation.mended import mend_files

        mendings = mend_files((*loaded.files, *broken), wrong, loaded.graph, terms, shapes)
        mended = {path: mending.file for path, mending in mendings.items()}
        loaded = load_files([mended.get(file.path) or file for file in loaded.files], hierarchy)
    files, around = loaded.files[: len(checking)], loaded.files[len(checking) :]
    around = (*around, *broken) if neighbours else around
    return Collected(
        shapes,
        checks,
        loaded.graph,
        sum(file.count for file in files),
        options.home,
        terms,
        hierarchy,
        files,
        around,
        {name: iri for f in (*around, *files) for name, iri in f.prefixes.items() if name},
        _standing_in(files, shapes, loaded.graph) if neighbours else None,
        mendings,
    )


def _from_endpoint(
    options: ValidationOptions,
    endpoint: "Engine",
    home: HomeFiles | None,
    shapes: Shapes,
    checks: Sequence[Check],
) -> Collected:
    """Collect what a triple store holds; the home's ontology there is not part of it."""
    from cjph_graph.shacl import remote_graph

    ontology = _opened(home.ontology) if home else TurtleFile("")
    graph, size = remote_graph(endpoint, ontology.subjects)
    prefixes = _prefixes(options.home) if options.home else {}
    return Collected(shapes, checks, graph, size, terms=ontology.triples, prefixes=prefixes)


def _divided(
    options: ValidationOptions, home: HomeFiles | None
) -> tuple[Sequence[Source], Sequence[Source]]:
    """Return the files to check, and those of the home that stand around them."""
    if not options.paths:
        return home.data if home else [], []
    given = _once(source for path in options.paths for source in _sources(path))
    around = _once(home.data if home and not options.alone else ())
    return [*given.values()], [source for name, source in around.items() if name not in given]


def _once(sources: Iterable[Source]) -> dict[str, Source]:
    """Return files by name, each once: a path may be given twice, or lie inside another."""
    found: dict[str, Source] = {}
    for source in sources:
        found.setdefault(_name(source), source)
    return found


def _sources(path: Source) -> Sequence[Source]:
    return [path] if isinstance(path, TurtleFile) else turtle_files(path)


def _name(source: Source) -> str:
    return resolved(Path(source.path) if isinstance(source, TurtleFile) else source)


def _opened(source: Source) -> TurtleFile:
    return source if isinstance(source, TurtleFile) else read_turtle(source)


def _shapes(sources: Sequence[Source]) -> Shapes:
    files = [_opened(file).sound() for source in sources for file in _sources(source)]
    return Shapes((triple for file in files for triple in file.triples), files)


def _prefixes(home: Home) -> dict[str, str]:
    files = [path for path in (home.ontology, home.vocabularies) if path.is_file()]
    files += shape_files(home)
    return {n: i for path in files for n, i in read_turtle(path).prefixes.items() if n}


def _hierarchy(terms: Iterable[Triple], shapes: Shapes) -> list[Triple]:
    """Return which classes are below those of the shapes: a rule for a class holds for them."""
    below = [triple for triple in terms if triple.predicate == SUBCLASS]
    classes: set[object] = {*shapes.classes()}
    found: dict[Triple, None] = {}
    while more := [t for t in below if t.object in classes and t not in found]:
        found |= dict.fromkeys(more)
        classes |= {t.subject for t in more}
    return [*found]


def _standing_in(files: Iterable[TurtleFile], shapes: Shapes, graph: StoredGraph) -> set[Term]:
    """Return the nodes of files that shapes can be about: subjects, and values if literals are."""
    readable = [file for file in files if not file.problem]
    found: set[Term] = set()
    for file in readable:
        found |= {*file.subjects, *file.blank_nodes}
    if any(shapes.objects(root, "targetObjectsOf") for root in shapes.targeting()):
        values = (triple.object for file in readable for triple in file.stream())
        found.update(
            kept
            for value in values
            if isinstance(value, Literal)
            for kept in (value, graph.lexical_forms.as_stored(value))
        )
    return found


def compiled(home: Home | None, shapes: Sequence[Path] = ()) -> str:
    """Return the SPARQL that a home's shapes, or others, are compiled to, and its checks.

    It knows the subclasses that the home's ontology has, not those that data may add.
    """
    from cjph_graph.shacl import compiled_queries

    paths = [*shapes] or (_shape_sources(home) if home else [])
    rules = _shapes(paths)
    terms = read_turtle(home.ontology).triples if home else ()
    files = [read_turtle(file) for path in paths for file in turtle_files(path)]
    prefixes = {name: iri for file in files for name, iri in file.prefixes.items() if name}
    graph = load_files((), _hierarchy(terms, rules)).graph
    checks = list_checks(home) if home and not shapes else []
    texts = [f"# The check {check.name}\n{check.text.rstrip()}\n\n" for check in checks]
    return "".join((*texts, compiled_queries(rules, graph, prefixes)))
