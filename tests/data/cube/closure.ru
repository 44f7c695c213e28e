# What the Data Cube vocabulary lets a writer leave out: types, and the general property of a component.
PREFIX qb: <http://purl.org/linked-data/cube#>

INSERT { ?observation a qb:Observation } WHERE { ?slice qb:observation ?observation } ;
INSERT { ?observation a qb:Observation . ?dataSet a qb:DataSet } WHERE { ?observation qb:dataSet ?dataSet } ;
INSERT { ?dataSet a qb:DataSet } WHERE { ?dataSet qb:structure ?structure } ;
INSERT { ?slice a qb:Slice } WHERE { ?dataSet qb:slice ?slice } ;
INSERT { ?key a qb:SliceKey } WHERE { ?slice qb:sliceStructure ?key } ;
INSERT { ?component qb:componentProperty ?property . ?property a qb:DimensionProperty } WHERE { ?component qb:dimension ?property } ;
INSERT { ?component qb:componentProperty ?property . ?property a qb:MeasureProperty } WHERE { ?component qb:measure ?property } ;
INSERT { ?component qb:componentProperty ?property . ?property a qb:AttributeProperty } WHERE { ?component qb:attribute ?property } ;
INSERT { ?thing a ?class } WHERE { ?thing a/<http://www.w3.org/2000/01/rdf-schema#subClassOf> ?class . FILTER (?class = qb:Observation) }
