"""A SHACL engine over any graph; it knows nothing of CJPH."""
