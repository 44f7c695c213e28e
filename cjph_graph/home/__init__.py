"""One folder with ontology, data and queries."""
