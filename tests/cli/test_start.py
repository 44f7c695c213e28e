"""The first moments of a command, in which Ctrl-C would be a traceback."""

import subprocess
import sys


def test_little_is_imported_before_ctrl_c_is_heard() -> None:
    program = (
        "import sys; before = set(sys.modules); import signal;"
        "before |= set(sys.modules); signal.signal = lambda *_: (print(*sorted("
        "set(sys.modules) - before)), sys.exit()); import cjph_graph.__main__"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split()) - {"__future__"}
    assert imported == {"cjph_graph", "cjph_graph.__main__", "cjph_graph.errors"}
