"""The package as it is laid out: what a command must not load."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("arguments", [["query", "profile"], ["export", "cahoots-eugene"]])
def test_what_is_slow_to_import_is_not_imported(arguments: list[str]) -> None:
    program = (
        "import sys; from cjph_graph.cli.main import cli;"
        "cli.main(sys.argv[1:], standalone_mode=False);"
        "print(sorted({'rdflib', 'pyshacl', 'SPARQLWrapper'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"
