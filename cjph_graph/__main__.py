"""`python -m cjph_graph` is `cjph`."""

from cjph_graph.cli import main

main()
