"""Reading shapes into plain values, and the context made of them."""

from cjph_graph.home.schema import read_schema
from cjph_graph.publish.jsonld import make_context
from cjph_graph.rdf.reading import read_bytes

_SHAPES = b"""\
@prefix ex: <https://example.org/terms#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:CampaignShape a sh:NodeShape ; sh:targetClass ex:Campaign ; sh:closed true ;
  sh:name "campaign"@en ; shapes:namespace "https://example.org/campaigns/" ;
  sh:property ex:p1 , ex:p2 , ex:p3 , ex:p4 , ex:p5 , ex:p6 , ex:p7 .
ex:p1 sh:path ex:title ; sh:name "title"@en ; sh:datatype rdf:langString .
ex:p2 sh:path ex:title ; sh:name "title"@en ; sh:minCount 1 .
ex:p3 sh:path ex:when ; sh:name "when"@en ;
  sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) .
ex:p4 sh:path ex:led ; sh:name "lead"@en ; sh:or ( [ sh:class ex:A ] [ sh:class ex:B ] ) .
ex:p5 sh:path [ sh:inversePath ex:in ] ; sh:name "step"@en ; sh:class ex:Step .
ex:p6 sh:path ex:ended ; sh:name "ended"@en ; sh:datatype xsd:date .
ex:p7 sh:path ( ex:a ex:b ) ; sh:name "a list is no single property"@en .
ex:Open a sh:NodeShape ; sh:targetClass ex:Anything ; sh:property ex:p1 .
"""


def test_a_class_and_its_properties() -> None:
    file = read_bytes(_SHAPES, "shapes")
    assert file.problem is None
    (kind,) = read_schema(file.triples)
    base = "https://example.org/terms#"
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert (kind.iri, kind.name, kind.folder) == (f"{base}Campaign", "campaign", "campaigns")
    told = {
        (p.path.removeprefix(base), p.inverse, p.links, tuple(sorted(p.datatypes)))
        for p in kind.properties
    }
    assert told == {
        ("title", False, False, ("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",)),
        ("when", False, False, (f"{xsd}date", f"{xsd}gYear")),
        ("led", False, True, ()),
        ("in", True, True, ()),
        ("ended", False, False, (f"{xsd}date",)),
    }


def test_properties_are_in_the_order_that_the_shapes_give() -> None:
    ordered = _SHAPES + b"ex:p6 sh:order 1 . ex:p4 sh:order 2.5 . ex:p3 sh:order 10 ."
    (kind,) = read_schema(read_bytes(ordered, "shapes").triples)
    # Those without a place stand last, as they are in the file.
    assert [each.name for each in kind.properties] == ["ended", "lead", "when", "title", "step"]


def test_its_context() -> None:
    base = "https://example.org/terms#"
    kinds = read_schema(read_bytes(_SHAPES, "shapes").triples)
    several = {"@container": "@set"}
    assert make_context(kinds).document() == {
        "@version": 1.1,
        "id": "@id",
        "type": "@type",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "Campaign": f"{base}Campaign",
        "p1": {"@id": f"{base}title", "@language": "en", **several},
        "p3": {"@id": f"{base}when", **several},
        "p4": {"@id": f"{base}led", "@type": "@id", **several},
        "p5": {"@reverse": f"{base}in", **several},
        "p6": {"@id": f"{base}ended", "@type": "xsd:date", **several},
    }
