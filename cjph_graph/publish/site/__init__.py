"""A static site of a home's graph: pages, pictures, and the files that they need."""
