"""Turtle and terms, nothing else."""
