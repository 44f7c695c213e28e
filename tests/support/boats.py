"""A home of somebody else: boats and their trips, with an ontology of two classes."""

from pathlib import Path

from cjph_graph.home import Home

_ONTOLOGY = """
@prefix e: <http://e/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://e/ontology> a owl:Ontology ; rdfs:label "Words for boats"@en ; owl:versionInfo "7" .
e:Collection a owl:Class ; rdfs:subClassOf dcat:Dataset .
"""
_SHAPES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix e: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shapes: <https://w3id.org/cjph/shapes#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:BoatShape a sh:NodeShape ; sh:targetClass e:Boat ; sh:closed true ; sh:name "boat"@en ;
  sh:ignoredProperties ( rdf:type ) ;
  shapes:namespace "http://e/boats/" ;
  sh:property e:name , e:homePort , e:builtIn , e:launched , e:fast , e:trip , e:caveat .
e:TripShape a sh:NodeShape ; sh:targetClass e:Trip ; sh:closed true ; sh:name "trip"@en ;
  sh:ignoredProperties ( rdf:type ) ;
  sh:property e:length , e:crew , e:owner .
e:PortShape a sh:NodeShape ; sh:targetClass e:Port ; sh:closed true ; sh:name "port"@en ;
  sh:ignoredProperties ( rdf:type ) ;
  shapes:namespace "http://e/ports/" ; sh:property e:name .
e:name sh:path skos:prefLabel ; sh:name "name"@en ; sh:datatype rdf:langString ;
  sh:uniqueLang true ; sh:minCount 1 ; sh:description "What it is called."@en .
e:homePort sh:path e:port ; sh:name "home port"@en ; sh:class e:Port .
e:builtIn sh:path e:built ; sh:name "year"@en ; sh:datatype xsd:gYear ; sh:maxCount 1 .
e:launched sh:path e:launched ; sh:name "launched"@en ; sh:maxCount 1 ;
  sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYearMonth ] [ sh:datatype xsd:gYear ] ) .
e:fast sh:path e:fast ; sh:name "fast"@en ; sh:datatype xsd:boolean ; sh:maxCount 1 .
e:trip sh:path e:trip ; sh:name "trip"@en ; sh:class e:Trip .
e:caveat sh:path e:caveat ; sh:name "caveat"@en ; sh:datatype rdf:langString ; sh:maxCount 1 .
e:length sh:path e:length ; sh:name "length"@en ; sh:datatype xsd:decimal ; sh:maxCount 1 .
e:crew sh:path e:crew ; sh:name "crew"@en ; sh:datatype xsd:integer ; sh:maxCount 1 .
e:owner sh:path [ sh:inversePath e:trip ] ; sh:name "owner"@en ; sh:class e:Boat .
"""
_DATA = """
@prefix e: <http://e/> .
@prefix boat: <http://e/boats/> .
@prefix port: <http://e/ports/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
boat:otter a e:Boat ; skos:prefLabel "Otter; the \\"first\\""@en , "Loutre"@fr ;
  e:port port:exeter , port:bath ; e:built "1799"^^xsd:gYear ; e:launched "1999-05-04"^^xsd:date ;
  e:caveat "The year is a guess."@en ;
  e:fast true ; e:trip <http://e/boats/otter#trip-10> , <http://e/boats/otter#trip-2> .
boat:eel a e:Boat ; skos:prefLabel "=1+1"@en ; e:launched "1850-05-04"^^xsd:date .
boat:ray a e:Boat ; skos:prefLabel "Ray"@en ; e:launched "2001-05"^^xsd:gYearMonth .
port:bath a e:Port ; skos:prefLabel "Bath; Somerset"@en .
port:exeter a e:Port ; skos:prefLabel "Exeter"@en .
<http://e/boats/otter#trip-10> a e:Trip ; e:length 1.50 ; e:crew 3 .
<http://e/boats/otter#trip-2> a e:Trip ; e:length -2.0 .
"""
_DATASET = """
@prefix e: <http://e/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://e/sets/boats> a e:Collection ; skos:prefLabel "Boats & more"@en ;
  dcterms:description "All boats of the coast."@en ;
  dcterms:license <https://creativecommons.org/licenses/by-sa/4.0/> ;
  dcterms:modified "2025-03-01"^^xsd:date ; dcterms:publisher <http://e/club> ;
  dcat:version "1.2" ; dcat:keyword "boats"@en ; dcat:landingPage <https://boats.example.org/> .
<http://e/sets/part> a e:Collection ; skos:prefLabel "A part"@en ;
  dcterms:isPartOf <http://e/sets/boats> .
<http://e/club> skos:prefLabel "Boat club"@en .
"""


def boats(folder: Path, *, described: bool = True) -> Home:
    """Write the home into a folder; unless it is `described`, nothing is said of the dataset."""
    (folder / "ontology").mkdir()
    (folder / "data").mkdir()
    (folder / "ontology/shapes.ttl").write_text(_SHAPES, encoding="utf-8")
    (folder / "data/boats.ttl").write_text(_DATA, encoding="utf-8")
    if described:
        (folder / "ontology/cjph.ttl").write_text(_ONTOLOGY, encoding="utf-8")
        (folder / "data/sets.ttl").write_text(_DATASET, encoding="utf-8")
    return Home(folder)
