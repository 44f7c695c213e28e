"""Data that are right by the boats' shapes and unlike any that one expects, to be published."""

from pathlib import Path

from cjph_graph.home import Home
from support.boats import boats

_ODD = r"""
@prefix e: <http://e/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://e/boats/foreign> a e:Boat ; skos:prefLabel "Loutre"@fr , "Otter"@de ; e:caveat "Rien"@fr .
<http://e/boats/éclair> a e:Boat ; skos:prefLabel "Éclair"@en ;
  e:launched "2001-05-06+02:00"^^xsd:date .
<http://e/boats/a%20b> a e:Boat ; skos:prefLabel "percent"@en ; e:launched "2001-05-06Z"^^xsd:date .
<http://e/boats/..%2F..%2Fetc> a e:Boat ; skos:prefLabel "up"@en .
<http://e/boats/../../etc/passwd> a e:Boat ; skos:prefLabel "dots"@en .
<http://e/boats/.hidden> a e:Boat ; skos:prefLabel "hidden"@en .
<http://e/boats/x.html> a e:Boat ; skos:prefLabel "dot"@en .
<http://e/boats/turned> a e:Boat ; skos:prefLabel "אב"@he--rtl , "abc"@en--ltr .
<http://e/boats/long> a e:Boat ; skos:prefLabel "long"@en ; e:fast "1"^^xsd:boolean ;
  e:trip <http://e/boats/long#trip-1> .
<http://e/boats/long#trip-1> a e:Trip ; e:crew 99999999999999999999999 ;
  e:length "1234567890123456789012345678901234567890.0123456789"^^xsd:decimal .
<http://e/boats/two> a e:Boat , e:Ship ; skos:prefLabel "two"@en ; e:port <http://e/ports/both> .
<http://e/ports/both> a e:Port , e:Harbour ; skos:prefLabel "both"@en .
<urn:uuid:1> a e:Boat ; skos:prefLabel "urn"@en ; e:port <xsd:date> .
<xsd:date> a e:Port ; skos:prefLabel "like a name"@en .
<http://elsewhere.example/x?y=1&z=2#f> a e:Boat ; skos:prefLabel "elsewhere"@en .
<http://e/boats/ctl> a e:Boat ;
  skos:prefLabel "tab\tnl\ncr\r\u0001\u0085 </script> ]]> {{7*7}} =1+1"@en .
"""
# What no shape speaks of is in the graph, and in every form of it.
_NO_KIND = r"""
@prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:list e:seq ( 1 2 e:three ( "x"@en ) ) , () ; e:like "01"^^xsd:integer , "q"^^<urn:dt:a> , <id:x> .
_:x e:knows _:y . _:y e:knows _:x . [] e:owns [ e:name "blank" ] .
"""


def odd(folder: Path) -> Home:
    """Write the home of the boats with odd ones among them."""
    home = boats(folder)
    (home.data / "odd.ttl").write_text(_ODD, encoding="utf-8")
    (home.data / "no-kind.ttl").write_text(_NO_KIND, encoding="utf-8")
    return home
