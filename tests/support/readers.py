"""The programs that read what we publish, as `make check` installs them.

A test that uses one is marked `readers` and fails where it is missing: nothing is passed unread.
"""

import shutil
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "out" / "readers"
NODE_MODULES = FOLDER / "node" / "node_modules"


def program(name: str) -> str:
    """Return the path of a program of Python or Debian: `frictionless`, `chromium`."""
    own = FOLDER / "bin" / name
    found = str(own) if own.exists() else shutil.which(name)
    assert found, f"{name} is not installed; run `make out/readers/installed`"
    return found
