"""The command as a process of its own."""

import os
import subprocess
import sys

from cjph_graph.home.location import Home


def cjph(home: Home, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a home; `environment` is what is set beside what is set already."""
    return subprocess.run(
        [sys.executable, "-m", "cjph_graph", "--home", str(home.path), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **environment},
        cwd=home.path,
    )
