"""The machine, safely: bounded reading, atomic writing, progress.

    from cjph_graph.system import read, write_atomically

    write_atomically(Path("copy.ttl"), read(Path("data.ttl")))

The bounds are in `system.limits`, text in columns in `system.tables`, processes beside this one in
`system.workers`, and what exchanges two folders in `system.swap`.
"""

from cjph_graph.system.ahead import ahead
from cjph_graph.system.faces import lazily
from cjph_graph.system.files import (
    decoded,
    files_below,
    read,
    read_stream,
    read_text,
    refuse_leaving,
    resolved,
    shown,
)
from cjph_graph.system.progress import listening, tell
from cjph_graph.system.writing import make_folder, write_all, write_atomically
