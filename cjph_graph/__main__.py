"""`python -m cjph_graph` is `cjph`."""

from cjph_graph.cli.main import main

main()
