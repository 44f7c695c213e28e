"""Where findings stand and what they tell to write, on files whose lines are known."""

from pathlib import Path

import pytest

from cjph_graph.home.location import Home
from cjph_graph.validation import Finding, ValidationOptions, validate

_SHAPES = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:RiverShape a sh:NodeShape ; sh:targetClass ex:River ; sh:closed true ; sh:name "river"@en ;
  shapes:namespace "https://example.org/rivers/" ;
  sh:ignoredProperties ( rdf:type ) ; sh:pattern "^https://example[.]org/rivers/[a-z-]+$" ;
  sh:property ex:name , ex:opened , ex:into , ex:use , ex:part , ex:page , ex:list , ex:fed ,
    ex:width , ex:tidal .
ex:name sh:path rdfs:label ; sh:datatype rdf:langString ; sh:uniqueLang true ; sh:minCount 1 .
ex:opened sh:path ex:opened ; sh:maxCount 1 ;
  sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) .
ex:into sh:path ex:into ; sh:class ex:River .
ex:fed sh:path [ sh:inversePath ex:into ] ; sh:maxCount 1 .
ex:use sh:path ex:use ; sh:node ex:UseShape .
ex:UseShape a sh:NodeShape ; sh:property ex:inUse .
ex:inUse sh:path skos:inScheme ; sh:hasValue <https://example.org/use> .
ex:part sh:path ex:part ; sh:node ex:PartShape .
ex:PartShape a sh:NodeShape ; sh:property [ sh:path ex:km ; sh:datatype xsd:integer ] .
ex:width sh:path ex:width ; sh:datatype xsd:integer ; sh:minInclusive 1 .
ex:tidal sh:path ex:tidal ; sh:datatype xsd:boolean .
ex:page sh:path ex:page ; sh:nodeKind sh:IRI ; sh:pattern "^https?://" .
ex:list sh:path ( ex:list [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ; sh:datatype xsd:integer .
ex:PartTarget a sh:NodeShape ; sh:targetObjectsOf ex:part ; sh:property ex:partKm .
ex:partKm sh:path ex:km ; sh:maxInclusive 9 .
shapes:OneFile a shapes:FileRule ; sh:message "Also in {?value}." ; sh:severity sh:Violation .
shapes:OwnFile a shapes:FileRule ; sh:message "Belongs in {?value}." ; sh:severity sh:Violation .
shapes:UsualPrefix a shapes:FileRule ; sh:message "Usually {?value}." ; sh:severity sh:Violation .
shapes:CurrentTerm a shapes:FileRule ; sh:message "Now {?value}." ; sh:severity sh:Warning .
"""
_PREFIXES = """\
@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix river: <https://example.org/rivers/> .
@prefix use: <https://example.org/use/> .
"""
_EXE = (
    _PREFIXES + 'river:exe a ex:River ; rdfs:label "Exe"@en ; ex:page <https://www.exe.example> .\n'
)


@pytest.fixture
def rivers(home: Home) -> Home:
    home.shapes.write_text(_SHAPES, encoding="utf-8")
    home.ontology.write_text(
        "@prefix ex: <https://example.org/terms#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "ex:flowsTo owl:deprecated true ; dcterms:isReplacedBy ex:into .\n",
        encoding="utf-8",
    )
    for path in home.data.rglob("*.ttl"):
        path.unlink()
    (home.data / "rivers").mkdir()
    (home.data / "rivers" / "exe.ttl").write_text(_EXE, encoding="utf-8")
    return home


def _check(home: Home, text: str, name: str = "otter.ttl") -> list[Finding]:
    path = home.data / "rivers" / name
    path.write_text(_PREFIXES + text, encoding="utf-8")
    return list(validate(ValidationOptions([path], home=home)).findings)


def _places(findings: list[Finding]) -> list[tuple[int | None, int | None, str | None]]:
    # Line 1 is the first after the prefixes.
    return [((f.line or 0) - 4, f.column, f.value) for f in findings]


def test_a_wrong_value_stands_at_its_object(rivers: Home) -> None:
    found = _check(
        rivers, 'river:otter a ex:River ; rdfs:label "Otter"@en ;\n  ex:use use:trad .\n'
    )
    assert _places(found) == [(2, 10, "https://example.org/use/trad")]
    assert found[0].hint == "Did you mean use:trade?"


def test_a_missing_property_stands_at_its_subject(rivers: Home) -> None:
    found = _check(rivers, "# a river\n  river:otter\n  a ex:River .\n")
    assert _places(found) == [(2, 3, None)]


def test_what_is_too_many_stands_at_the_second(rivers: Home) -> None:
    text = (
        'river:otter a ex:River ; rdfs:label "Otter"@en , "Loutre"@fr ,\n  "River Otter"@en ;\n'
        '  ex:opened "1999"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'
        'river:otter ex:opened "2000"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'
    )
    found = _check(rivers, text)
    assert _places(found) == [(2, 3, "River Otter"), (4, 23, "2000")]
    assert [finding.hint for finding in found] == [
        'In one language there are "Otter"@en, "River Otter"@en; keep one.',
        'There are 2 values of ex:opened: "1999", "2000"; keep one.',
    ]


def test_each_language_with_several_texts_is_one_finding(rivers: Home) -> None:
    text = (
        'river:otter a ex:River ; rdfs:label "Otter"@en , "A"@fr , "B"@en ,\n'
        '  "C"@fr , "D"@de , "E"@en .\n'
    )
    assert _places(_check(rivers, text)) == [(1, 59, "B"), (2, 3, "C")]


def test_an_unknown_property_stands_at_the_property(rivers: Home) -> None:
    found = _check(rivers, 'river:otter a ex:River ; rdfs:label "Otter"@en ; ex:openned 3 .\n')
    assert _places(found) == [(1, 50, "3")]
    assert found[0].hint == "Did you mean ex:opened?"


def test_a_value_inside_brackets_stands_at_itself(rivers: Home) -> None:
    text = (
        'river:otter a ex:River ; rdfs:label "Otter"@en ; ex:part [\n    ex:km 8 ; ex:km 20 ] ;\n'
        '  ex:list ( 1\n    "two" ) .\n'
    )
    found = _check(rivers, text)
    assert (2, 21, "20") in _places(found)
    assert any(line in (3, 4) for line, _, _ in _places(found))


def test_an_inverse_path_stands_at_a_statement_that_links(rivers: Home) -> None:
    text = (
        'river:otter a ex:River ; rdfs:label "Otter"@en .\n'
        'river:a a ex:River ; rdfs:label "A"@en ; ex:into river:otter .\n'
        'river:b a ex:River ; rdfs:label "B"@en ; ex:into\n  river:otter .\n'
    )
    found = [f for f in _check(rivers, text) if f.path and f.path.startswith("^")]
    assert [(line, column) for line, column, _ in _places(found)] == [(4, 3)]
    assert (
        found[0].hint == "There are 2 values of the inverse of ex:into: river:a, river:b; keep one."
    )


def test_a_misspelt_iri_of_its_own(rivers: Home) -> None:
    (found,) = _check(rivers, 'river:Otter_1 a ex:River ; rdfs:label "Otter"@en .\n', "Otter_1.ttl")
    assert _places([found])[0][:2] == (1, 1)
    assert found.hint == "Write river:otter-1." or found.hint is None


def test_a_misspelt_property_is_one_mistake(rivers: Home) -> None:
    (found,) = _check(rivers, 'river:otter a ex:River ; rdfs:labell "Otter"@en , "Loutre"@fr .\n')
    assert found.hint == "Did you mean rdfs:label?"
    assert _places([found])[0][:2] == (1, 26)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ('"May 2020"', None),
        ('"30 November 2020"', 'Write "2020-11-30"^^xsd:date.'),
        ('"2020"', 'Write "2020"^^xsd:gYear.'),
        (
            '"3/4/2020"',
            'Write "2020-03-04"^^xsd:date. If the day comes first, write "2020-04-03"^^xsd:date.',
        ),
        (
            '"2020-02-30"',
            "There is no such date as 2020-02-30."
            ' Write "2020"^^xsd:gYear if only the year is known.',
        ),
        ('"some time"', None),
    ],
)
def test_how_to_write_a_date(rivers: Home, written: str, hint: str | None) -> None:
    text = f'river:otter a ex:River ; rdfs:label "Otter"@en ; ex:opened {written} .\n'
    (found,) = _check(rivers, text)
    assert found.hint == hint


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ('rdfs:label "Otter"', 'Write "Otter"@en.'),
        ('rdfs:label "Loutre@fr"', 'Write "Loutre"@fr.'),
        (
            'rdfs:label "Otter"@en ; ex:into <http://www.exe.example/>',
            "Write river:exe, which has this address.",
        ),
        (
            'rdfs:label "Otter"@en ; ex:opened 1999 , 2000',
            'There are 2 values of ex:opened: "1999", "2000"; keep one.',
        ),
        ('rdfs:label "Otter"@en ; ex:into river:ex', "Did you mean river:exe?"),
        (
            'rdfs:label "Otter"@en ; ex:into use:trade',
            "Trade is of another kind (value of use). What belongs here: River.",
        ),
        ('rdfs:label "Otter"@en ; ex:width "12"', "Write 12, without quotation marks."),
        ('rdfs:label "Otter"@en ; ex:tidal "Yes"', "Write true."),
        ('rdfs:label "Otter"@en ; ex:use use:trade-goods', "Did you mean use:trade?"),
        (
            'rdfs:label "Otter"@en ; ex:use use:boats',
            "The graph has nothing at use:boats. These are there: use:leisure, use:pleasure-trips,"
            " use:trade.",
        ),
        (
            'rdfs:label "Otter"@en ; ex:into <https://example.org/x>',
            "The graph has nothing at <https://example.org/x>."
            ' If it is new, `cjph new river "ITS NAME"` begins it.',
        ),
        (
            'rdfs:label "Otter"@en ; ex:page "www.example.org/a"',
            "Write <https://www.example.org/a>.",
        ),
        (
            'rdfs:label "Otter"@en ; ex:page "https://example.org/a"',
            "Write <https://example.org/a>, in angle brackets and without quotation marks.",
        ),
    ],
)
def test_what_to_write_instead(rivers: Home, statement: str, hint: str) -> None:
    found = _check(rivers, f"river:otter a ex:River ; {statement} .\n")
    assert hint in {finding.hint for finding in found}


def test_one_thing_in_two_files_stands_in_both(rivers: Home) -> None:
    path = rivers.data / "rivers" / "otter.ttl"
    path.write_text(_PREFIXES + "river:exe ex:use use:trade .\n", encoding="utf-8")
    findings = validate(ValidationOptions(home=rivers)).findings
    shared = [f for f in findings if f.message.startswith("Also in")]
    assert [(Path(f.file or "").name, f.line, f.column) for f in shared] == [
        ("exe.ttl", 5, 1),
        ("otter.ttl", 5, 1),
    ]
    assert [f.line for f in findings if f.message.startswith("Belongs in")] == [5]


def test_an_unusual_prefix_stands_where_it_is_declared(rivers: Home) -> None:
    text = (
        "@prefix  river: <https://example.org/river/> .\n"
        '<https://example.org/rivers/otter> a ex:River ; rdfs:label "Otter"@en .\n'
    )
    found = [f for f in _check(rivers, text) if f.message.startswith("Usually")]
    assert _places(found)[0][:2] == (1, 1)
    assert found[0].message == "Usually river: <https://example.org/rivers/>."


def test_an_old_term_says_what_came_after_it(rivers: Home) -> None:
    text = 'river:otter a ex:River ; rdfs:label "Otter"@en ; ex:flowsTo river:exe .\n'
    (found,) = [f for f in _check(rivers, text) if f.severity == "warning"]
    assert (_places([found])[0][:2], found.message) == (
        (1, 50),
        "Now ex:into.",
    )
