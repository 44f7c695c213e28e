"""The machine, safely: bounded reading, atomic writing, limits, progress, text in columns."""
