"""The service's description of itself (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple, serialize

from cjph_graph.publish.serve.sparql_protocol import GRAPH_FORMATS
from cjph_graph.rdf import TYPE, XSD

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML"),
)


def describe_service(address: str, store: Store, form: str) -> bytes:
    """Return the description of the service at an address, in a format by its name."""
    service = NamedNode(address)
    dataset, graph = BlankNode("dataset"), BlankNode("graph")
    a = TYPE
    triples = [
        Triple(service, a, _sd("Service")),
        Triple(service, _sd("endpoint"), service),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *(Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _WRITTEN),
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, a, _sd("Dataset")),
        Triple(dataset, _sd("defaultGraph"), graph),
        Triple(graph, a, _sd("Graph")),
        _size(graph, len(store)),
        *_named(store, dataset),
    ]
    prefixes = {"sd": _SD, "void": _VOID, "formats": _FORMATS}
    return serialize(triples, format=GRAPH_FORMATS[form], prefixes=prefixes) or b""


def _named(store: Store, dataset: BlankNode) -> Iterator[Triple]:
    for number, name in enumerate(sorted(store.named_graphs(), key=str)):
        entry, graph = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(dataset, _sd("namedGraph"), entry)
        yield Triple(entry, TYPE, _sd("NamedGraph"))
        yield Triple(entry, _sd("name"), name)
        yield Triple(entry, _sd("graph"), graph)
        yield Triple(graph, TYPE, _sd("Graph"))
        yield _size(graph, sum(1 for _ in store.quads_for_pattern(None, None, None, name)))


def _size(graph: BlankNode, triples: int) -> Triple:
    count = Literal(str(triples), datatype=NamedNode(XSD + "integer"))
    return Triple(graph, NamedNode(_VOID + "triples"), count)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)
