"""Queries as text, the engine protocol, and the formats of results."""
