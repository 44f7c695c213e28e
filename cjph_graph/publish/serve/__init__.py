"""A server for the pages, with content negotiation and a SPARQL endpoint (the extra `serve`).

    from cjph_graph.publish.serve import ServerOptions, run_server

    run_server(find_home(), ServerOptions(port=8000))

The web process takes requests; the work is done in other processes, which it can end: see `keeper`.
"""

from cjph_graph.publish.serve.options import ServerOptions
from cjph_graph.publish.serve.running import run_server
