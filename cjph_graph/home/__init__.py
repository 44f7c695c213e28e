"""One folder with ontology, data and queries.

    from cjph_graph.home import find_home, home_files

    for path in home_files(find_home()):
        print(path)

What is made of it has modules of its own: `home.schema`, `home.labels`,
`home.checks`, `home.saved_queries`, and the engine over its files, `home.local`.
"""

from cjph_graph.home.location import Home, find_home, home_files, shape_files

__all__ = ["Home", "find_home", "home_files", "shape_files"]
