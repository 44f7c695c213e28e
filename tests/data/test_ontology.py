"""The ontology, the shapes, the vocabularies and the data: what queries and file names can tell.

Each `lint/*.rq` selects violations, so that any row fails; adding one adds a test.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from cjph_graph.cli.main import cli
from cjph_graph.home.checks import list_checks
from cjph_graph.home.location import find_home
from cjph_graph.home.saved_queries import list_queries
from cjph_graph.home.schema import read_schema, read_shapes
from cjph_graph.rdf.reading import read_turtle, turtle_files
from cjph_graph.shacl.shapes import Shapes
from cjph_graph.sparql.tokens import prologue, tokenize, undeclared_prefix

HOME = find_home()
# What translates the terms for others defines none, and says other things of them.
MAPPINGS = turtle_files(HOME.ontology.parent / "mappings")
ONTOLOGY = [path for path in turtle_files(HOME.ontology.parent) if path not in MAPPINGS]
DATA = turtle_files(HOME.data)
EXAMPLES = turtle_files(Path(__file__).parent.parent / "examples")
LINT = sorted((Path(__file__).parent / "lint").glob("*.rq"))

_BASE = "https://w3id.org/cjph/"
_GRAPHS = {
    HOME.ontology: NamedNode(f"{_BASE}ontology"),
    HOME.shapes: NamedNode(f"{_BASE}shapes"),
    HOME.vocabularies: NamedNode(f"{_BASE}vocabulary"),
}
_QUERIES = NamedNode(f"{_BASE}queries")
_REFERENCES = NamedNode("http://purl.org/dc/terms/references")
_RULES = NamedNode("http://www.w3.org/ns/shacl#sparql")

# For each query, the least that it must find something wrong with, each part by itself.
WRONG = {
    "class-not-known": (
        "shapes:S sh:targetClass cjph:Cat ; sh:closed true .",
        "shapes:S sh:path rdf:type ; sh:in ( cjph:Cat ) .",
    ),
    "class-undeclared": (
        "cjph:Cat rdfs:subClassOf cjph:Animal . cjph:Animal a owl:Class .",
        "cjph:Cat a owl:Class ; rdfs:subClassOf cjph:Animal .",
        "cjph:paws rdfs:domain cjph:Cat .",
        "cjph:paws rdfs:domain [ a owl:Class ; owl:unionOf ( cjph:Cat ) ] .",
        "cjph:paws a owl:ObjectProperty ; rdfs:range cjph:Paw .",
        "cjph:tom a cjph:Cat .",
        "cjph:Cat a owl:Class , owl:ObjectProperty .",
    ),
    "class-without-shape": (
        "cjph:Cat a owl:Class .",
        "cjph:Cat a owl:Class . shapes:Cat sh:targetClass cjph:Cat .",
    ),
    "concept-incomplete": (
        'colour:red a skos:Concept ; skos:prefLabel "Red"@en .',
        'vocabulary:colour a skos:ConceptScheme ; skos:definition "Colours."@en .',
        """
        vocabulary:colour a skos:ConceptScheme ; skos:prefLabel "Colour"@en ;
            skos:definition "Colours."@en ; dcterms:creator cjph:us .
        """,
    ),
    "concept-name-used-twice": (
        """
        colour:red skos:inScheme vocabulary:colour ; skos:prefLabel "Red"@en .
        colour:scarlet skos:inScheme vocabulary:colour ; skos:altLabel "red"@en .
        """,
    ),
    "concept-outside-its-scheme": (
        "colour:red a skos:Concept ; skos:inScheme vocabulary:colour ; skos:broader colour:any .",
        """
        vocabulary:colour a skos:ConceptScheme .
        colour:red a skos:Concept ; skos:inScheme vocabulary:colour .
        """,
        """
        vocabulary:colour a skos:ConceptScheme .
        colour:red a skos:Concept ; skos:inScheme vocabulary:colour ;
            skos:topConceptOf vocabulary:tone .
        """,
        """
        vocabulary:colour a skos:ConceptScheme .
        colour:red a skos:Concept ; skos:inScheme vocabulary:colour ; skos:broader colour:warm .
        """,
        """
        vocabulary:colour a skos:ConceptScheme .
        colour:red a skos:Concept ; skos:inScheme vocabulary:colour ;
            skos:topConceptOf vocabulary:colour .
        """,
    ),
    "mapping-that-makes-a-concept": ("cjph:Cat a owl:Class ; skos:closeMatch cjph:Tiger .",),
    "datatype-outside-owl": (
        'cjph:tom cjph:born "2020"^^xsd:gYear .',
        "cjph:born a owl:DatatypeProperty ; rdfs:range xsd:date .",
    ),
    "definition-not-one-sentence": (
        'cjph:Cat skos:definition "an animal."@en .',
        'cjph:Cat skos:definition "An animal"@en .',
        'cjph:Cat skos:definition "An animal. It purrs."@en .',
    ),
    "deprecated-without-replacement": ("cjph:Cat owl:deprecated true .",),
    "domain-against-shapes": (
        """
        cjph:paws rdfs:domain [ owl:unionOf ( cjph:Dog ) ] .
        shapes:Cat sh:targetClass cjph:Cat ; sh:closed true ; sh:property [ sh:path cjph:paws ] .
        """,
        "cjph:paws rdfs:domain [ owl:unionOf ( cjph:Cat ) ] .",
        "cjph:paws rdfs:domain cjph:Cat .",
    ),
    "header-incomplete": (
        "<https://w3id.org/cjph/ontology> a owl:Ontology .",
        """
        <https://w3id.org/cjph/ontology> a owl:Ontology ; dcterms:title "A"@en ;
            dcterms:description "A."@en ; dcterms:creator cjph:us ; dcterms:license cjph:it ;
            dcterms:created 1 ; dcterms:modified 2 ; owl:versionIRI cjph:v ; owl:versionInfo "1" .
        cjph:Cat a owl:Class .
        """,
    ),
    "label-used-twice": (
        """
        cjph:Cat a owl:Class ; rdfs:label "Cat"@en .
        cjph:Tiger a owl:Class ; rdfs:label "cat"@en .
        """,
        """
        cjph:Cat a owl:Class ; rdfs:label "Cat"@en .
        cjph:cat a owl:ObjectProperty ; rdfs:label "cat"@en .
        """,
    ),
    "name-not-in-camel-case": (
        "cjph:big_cat a owl:Class .",
        "cjph:Paws a owl:DatatypeProperty .",
    ),
    "property-below-another-kind": (
        """
        cjph:paws a owl:DatatypeProperty ; rdfs:subPropertyOf cjph:parts .
        cjph:parts a owl:ObjectProperty .
        """,
    ),
    "property-kind-against-shapes": (
        "cjph:paws a owl:ObjectProperty . shapes:S sh:path cjph:paws ; sh:datatype xsd:integer .",
        "cjph:paws a owl:DatatypeProperty . shapes:S sh:path cjph:paws ; sh:nodeKind sh:IRI .",
        """
        cjph:paws a owl:DatatypeProperty .
        shapes:S sh:path cjph:paws ; sh:or ( [ sh:class cjph:Paw ] [ sh:class cjph:Hoof ] ) .
        """,
    ),
    "property-not-of-one-kind": (
        "cjph:paws a owl:DatatypeProperty , owl:ObjectProperty .",
        "cjph:paws a rdf:Property .",
        "cjph:tom cjph:paws 4 .",
        "cjph:paws a owl:DatatypeProperty ; rdfs:subPropertyOf cjph:parts .",
    ),
    "property-without-shape": ("cjph:paws a owl:DatatypeProperty .",),
    "range-against-shapes": (
        "cjph:paw rdfs:range cjph:Paw . shapes:S sh:path cjph:paw ; sh:class cjph:Hoof .",
        """
        cjph:paw rdfs:range [ owl:unionOf ( cjph:Paw ) ] .
        shapes:S sh:path cjph:paw ; sh:or ( [ sh:class cjph:Paw ] [ sh:class cjph:Hoof ] ) .
        """,
        """
        cjph:paw rdfs:range [ owl:unionOf ( cjph:Paw cjph:Hoof ) ] .
        shapes:S sh:path cjph:paw ; sh:or ( [ sh:class cjph:Paw ] ) .
        """,
        "cjph:hue rdfs:range cjph:Hue . shapes:S sh:path cjph:hue ; sh:node shapes:Colour .",
        """
        cjph:paws rdfs:range xsd:nonNegativeInteger .
        shapes:S sh:path cjph:paws ; sh:datatype xsd:integer .
        """,
        """
        cjph:paws rdfs:range xsd:positiveInteger .
        shapes:S sh:path cjph:paws ; sh:datatype xsd:integer ; sh:minInclusive 0 .
        """,
    ),
    "reserved-word-misused": (
        "cjph:Cat a owl:Klass .",
        "cjph:Cat owl:subClassOf cjph:Animal .",
        'rdfs:label rdfs:label "name"@en .',
    ),
    "rule-incomplete": (
        'shapes:S sh:sparql shapes:R . shapes:R a sh:SPARQLConstraint ; sh:select "" .',
        "shapes:S sh:sparql [ a sh:SPARQLConstraint ] .",
        'shapes:R a sh:SPARQLConstraint ; rdfs:label "r"@en ; sh:message "R."@en ; sh:select "" .',
    ),
    "scheme-unused": ("vocabulary:colour a skos:ConceptScheme .",),
    "scheme-without-concepts": ("vocabulary:colour a skos:ConceptScheme .",),
    "shape-incomplete": (
        """
        shapes:paws a sh:PropertyShape ; sh:name "paws"@en ; sh:description "Feet."@en ;
            sh:severity sh:Violation .
        shapes:Cat sh:property shapes:paws .
        """,
        """
        shapes:Cat sh:property [ a sh:PropertyShape ; sh:name "paws"@en ;
            sh:description "Feet."@en ; sh:message "Count them."@en ; sh:severity sh:Violation ] .
        """,
        "shapes:Cat sh:targetClass cjph:Cat .",
    ),
    "shape-of-undeclared-class": (
        "shapes:S sh:targetClass cjph:Cat .",
        "shapes:S sh:path cjph:paw ; sh:class cjph:Paw .",
        "shapes:S sh:path rdf:type ; sh:in ( cjph:Cat ) .",
    ),
    "shape-of-undeclared-property": (
        "shapes:paws sh:path cjph:paws .",
        "shapes:paws sh:path [ sh:inversePath cjph:paws ] .",
    ),
    "shape-unused": ("shapes:paws a sh:PropertyShape .",),
    "term-not-defined-by-its-ontology": (
        "<https://w3id.org/cjph/ontology> a owl:Ontology . cjph:Cat a owl:Class .",
        """
        <https://w3id.org/cjph/ontology> a owl:Ontology .
        cjph:Cat a owl:Class ; rdfs:isDefinedBy <https://w3id.org/cjph/shapes> .
        """,
    ),
    "term-without-definition": ("cjph:Cat a owl:Class .",),
    "term-without-label": (
        "cjph:Cat a owl:Class .",
        'cjph:Cat a owl:Class ; rdfs:label "cat"@en , "tom"@en .',
    ),
    "text-without-language": ('cjph:Cat rdfs:label "cat" .',),
    "undefined-term": (
        "<https://w3id.org/cjph/cats/tom> a cjph:Cat .",
        "<https://w3id.org/cjph/cats/tom> cjph:paws 4 .",
        "<https://w3id.org/cjph/cats/tom> skos:related colour:red .",
        "shapes:Cat sh:property shapes:paws .",
    ),
    "value-of-another-kind": (
        "cjph:paws a owl:DatatypeProperty . cjph:tom cjph:paws cjph:Paw .",
        "cjph:paws a owl:ObjectProperty . cjph:tom cjph:paws 4 .",
    ),
    "version-against-header": (
        """
        <https://w3id.org/cjph/ontology> a owl:Ontology ; owl:versionInfo "2" ;
            owl:versionIRI <https://w3id.org/cjph/ontology/1> .
        """,
        """
        <https://w3id.org/cjph/ontology> a owl:Ontology ;
            vann:preferredNamespaceUri "https://example.org/" .
        cjph:Cat rdfs:isDefinedBy <https://w3id.org/cjph/ontology> .
        """,
        """
        <https://w3id.org/cjph/ontology> a owl:Ontology ;
            dcterms:created 2 ; dcterms:modified 1 .
        """,
    ),
}
_PREFIXES = "".join(
    f"@prefix {prefix}: <{namespace}> .\n"
    for prefix, namespace in {
        "cjph": f"{_BASE}ontology#",
        "colour": f"{_BASE}vocabulary/colour/",
        "dcterms": "http://purl.org/dc/terms/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "sh": "http://www.w3.org/ns/shacl#",
        "shapes": f"{_BASE}shapes#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "vann": "http://purl.org/vocab/vann/",
        "vocabulary": f"{_BASE}vocabulary/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


def _relative(path: Path) -> str:
    for folder in (HOME.path, Path(__file__).parent):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name


def _rules() -> dict[NamedNode, str]:
    """Return the queries inside the shapes by rule, with the prefixes they declare."""
    shapes = Shapes(read_shapes(HOME))
    rules = {t.object for t in shapes.triples if t.predicate == _RULES}
    return {
        rule: "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in shapes.prefixes(rule).items())
        + shapes.objects(rule, "select")[0].value
        for rule in rules
        if isinstance(rule, NamedNode)
    }


def _mentioned(text: str) -> Iterator[str]:
    """Yield the IRIs that a query mentions after its declarations."""
    tokens = tokenize(text)
    prefixes, start = prologue(tokens)
    for token in tokens[start:]:
        prefix, colon, name = token.text.partition(":")
        if token.kind == "iri":
            yield token.text[1:-1]
        elif token.kind == "name" and colon and prefix in prefixes:
            yield prefixes[prefix] + name


@cache
def _home() -> Store:
    """Return the home in graphs named for ontology, shapes, vocabulary and data.

    What a query or rule mentions stands there too, as `dcterms:references`.
    """
    store = Store()
    for path in (*ONTOLOGY, *DATA):
        graph = _GRAPHS.get(path, NamedNode(_BASE))
        store.bulk_extend(Quad(*triple, graph) for triple in read_turtle(path).triples)
    users = _rules()
    users |= {NamedNode(check.iri): check.text for check in list_checks(HOME)}
    for query in list_queries(HOME).queries:
        user = NamedNode(f"{_QUERIES.value}/{query.name}")
        users[user] = query.text
        for parameter in query.parameters:
            store.add(Quad(user, _REFERENCES, NamedNode(parameter.type), _QUERIES))
    for user, text in users.items():
        for iri in _mentioned(text):
            store.add(Quad(user, _REFERENCES, NamedNode(iri), _QUERIES))
    return store


def _rows(store: Store, query: Path) -> list[str]:
    text = query.read_text(encoding="utf-8")
    solutions = store.query(text, use_default_graph_as_union=True)
    return [" ".join(str(term) for term in row) for row in solutions]


@pytest.mark.parametrize("query", LINT, ids=lambda path: path.stem)
def test_the_home_is_clean(query: Path) -> None:
    assert _rows(_home(), query) == []


@pytest.mark.parametrize("query", LINT, ids=lambda path: path.stem)
def test_a_lint_query_finds_what_is_wrong(query: Path) -> None:
    for wrong in WRONG[query.stem]:
        store = Store()
        store.load(
            (_PREFIXES + wrong).encode(), RdfFormat.TURTLE, to_graph=NamedNode(f"{_BASE}ontology")
        )
        assert _rows(store, query) != [], wrong


@pytest.mark.parametrize("query", LINT, ids=lambda path: path.stem)
def test_a_lint_query_says_what_it_finds(query: Path) -> None:
    lines = query.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# [A-Z].+[.]", lines[0])
    assert not lines[1].startswith("#")


def test_nothing_wrong_is_kept_for_a_query_that_is_gone() -> None:
    assert set(WRONG) == {path.stem for path in LINT}


def test_what_the_lint_queries_mention_is_declared_there() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in LINT}
    texts |= {rule.value: text for rule, text in _rules().items()}
    undeclared = {name: undeclared_prefix(tokenize(text)) for name, text in texts.items()}
    assert {name: token for name, token in undeclared.items() if token} == {}


# Where things stand


@cache
def _folders() -> dict[str, str]:
    """Return the namespace of each kind by the name of its folder or file."""
    return {kind.folder: kind.namespace for kind in read_schema(read_shapes(HOME))}


def test_a_file_holds_only_what_is_named_like_it() -> None:
    """A kind has a folder with one file for each thing and its parts, or one file for all."""
    assert [_relative(path) for path in DATA if not _is_named_like_what_it_holds(path)] == []


def _is_named_like_what_it_holds(path: Path) -> bool:
    *folder, slug = path.relative_to(HOME.data).with_suffix("").parts
    subjects = {triple.subject for triple in read_turtle(path).triples}
    things = {getattr(subject, "value", "").partition("#")[0] for subject in subjects}
    if folder:
        thing = _folders()["/".join(folder)] + slug
        return things == {thing} and NamedNode(thing) in subjects
    pattern = rf"{re.escape(_folders()[slug])}[^/#]+"
    return bool(things) and all(
        re.fullmatch(pattern, thing) and NamedNode(thing) in subjects for thing in things
    )


def test_a_kind_has_a_folder_or_a_file_not_both() -> None:
    folders = {path.parent.name for path in DATA if path.parent != HOME.data}
    assert [name for name in sorted(folders) if (HOME.data / f"{name}.ttl").exists()] == []


def test_one_thing_stands_in_one_file() -> None:
    files = defaultdict(set)
    # How pages show things is written apart from what things must be like.
    for path in (*ONTOLOGY, *DATA):
        if path.name == "pages.ttl":
            continue
        for triple in read_turtle(path).triples:
            files[str(triple.subject)].add(_relative(path))
    assert {subject: found for subject, found in files.items() if len(found) > 1} == {}


# How files are written


def test_a_turtle_file_is_plain_text_and_declares_what_it_uses() -> None:
    files = [*ONTOLOGY, *MAPPINGS, *DATA, *EXAMPLES]
    faults = {_relative(path): [*_faults_of_layout(path)] for path in files}
    assert {path: found for path, found in faults.items() if found} == {}


def _faults_of_layout(path: Path) -> Iterator[str]:
    text = path.read_bytes().decode("utf-8")
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield "does not end in one line break"
    if re.search(r"[\t\r\ufeff]| $", text, re.MULTILINE):
        yield "has a tab, a carriage return, a BOM or a space at the end of a line"
    lines = [line for line in text.splitlines() if line.startswith("@prefix ")]
    if lines != sorted(set(lines), key=lambda line: line.split(":")[0]):
        yield "has prefixes twice or out of order"
    if not text.startswith("".join(f"{line}\n" for line in lines) + "\n"):
        yield "does not begin with all its prefixes"
    if _used_prefixes(text) != set(read_turtle(path).sound().prefixes):
        yield "does not declare just the prefixes that it uses"


def _used_prefixes(text: str) -> set[str]:
    body = re.sub(r"^@prefix .*", "", text, flags=re.MULTILINE)
    body = re.sub(r'"""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"(@[\w-]+)?|<[^<>\s]*>|#.*', " ", body)
    return set(re.findall(r"(?<![\w:.-])((?:\w[\w.-]*)?):", body))


def test_a_namespace_has_one_prefix_everywhere() -> None:
    """The empty prefix is the file's own `#`; a kind in one file has the slug for its parts."""
    prefixes: dict[str, set[str]] = defaultdict(set)
    for path in (*ONTOLOGY, *DATA, *EXAMPLES):
        for prefix, namespace in read_turtle(path).prefixes.items():
            if prefix:
                prefixes[namespace].add(prefix)
            elif path in DATA:
                kind, slug = path.relative_to(HOME.data).with_suffix("").parts
                assert namespace == f"{_BASE}{kind}/{slug}#"
    for query in list_queries(HOME).queries:
        for prefix, namespace in query.prefixes.items():
            prefixes[namespace].add(prefix)
    for path in LINT:
        for prefix, namespace in prologue(tokenize(path.read_text(encoding="utf-8")))[0].items():
            prefixes[namespace].add(prefix)
    for quad in _home().quads_for_pattern(
        None, NamedNode("http://www.w3.org/ns/shacl#namespace"), None
    ):
        (named,) = _home().quads_for_pattern(
            quad.subject, NamedNode("http://www.w3.org/ns/shacl#prefix"), None
        )
        assert isinstance(quad.object, Literal)
        assert isinstance(named.object, Literal)
        prefixes[quad.object.value].add(named.object.value)
    assert {name: found for name, found in prefixes.items() if len(found) > 1} == {}
    namespaces = defaultdict(set)
    for namespace, found in prefixes.items():
        for prefix in found:
            namespaces[prefix].add(namespace)
    assert {prefix: found for prefix, found in namespaces.items() if len(found) > 1} == {}


def test_no_two_files_differ_only_in_case() -> None:
    """Where the file system ignores case, one of them would be lost."""
    names = Counter(str(path).lower() for path in (*ONTOLOGY, *DATA, *EXAMPLES, *LINT))
    assert [name for name, files in names.items() if files > 1] == []


def test_shapes_are_of_the_core_of_shacl_alone() -> None:
    beyond = {
        f"http://www.w3.org/ns/shacl#{name}"
        for name in ("sparql", "select", "ask", "rule", "target", "js")
    }
    used = {triple.predicate.value for triple in read_shapes(HOME)}
    assert used & beyond == set()


def test_everything_that_is_shipped_is_formatted() -> None:
    done = CliRunner().invoke(cli, ["format", "--check"])
    assert done.exit_code == 0, done.output


def test_shapes_of_one_property_have_one_place() -> None:
    shapes = Shapes(read_shapes(HOME))
    places = defaultdict(set)
    for shape in shapes.subjects():
        if isinstance(shape, NamedNode):
            for path in shapes.iris(shape, "path"):
                places[path].update(shapes.objects(shape, "order"))
    assert {str(path) for path, found in places.items() if len(found) > 1} == set()
    missing = {
        str(shape)
        for node in shapes.subjects()
        for shape in shapes.nodes(node, "property")
        if isinstance(shape, NamedNode)
        and shapes.is_true(node, "closed")
        and not shapes.objects(shape, "order")
    }
    assert missing == set()
