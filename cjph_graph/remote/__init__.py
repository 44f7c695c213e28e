"""One SPARQL server over HTTP: asking it, and writing into it.

    from cjph_graph.remote import EndpointEngine

    engine = EndpointEngine("https://example.org/sparql", graph="https://w3id.org/cjph/")
    rows = engine.select("SELECT ?s { ?s ?p ?o } LIMIT 3")

A connection is opened only to the URL that is named.
"""

from cjph_graph.remote.endpoint import EndpointEngine
from cjph_graph.remote.graph_store import GraphStore
from cjph_graph.remote.transport import Retries, UncertainError
