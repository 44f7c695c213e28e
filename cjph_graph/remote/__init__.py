"""One SPARQL server over HTTP."""
