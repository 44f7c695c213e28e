"""Checks: rules that compare a thing with all others, as SPARQL that any engine runs as it stands.

A check is a SELECT in `ontology/checks/`. Its header says what it looks for, and every row of its
answer is a finding: `?this` is the thing, `?path` the property and `?value` the value at fault, if
there are any, and other columns are what the message names.

    #+ title: names that are almost alike
    #+ message: {?other} has almost the same name: {?otherName}. …
    #+ severity: warning
    #+ why: One thing described twice is found in two halves.
"""

from dataclasses import dataclass
from pathlib import Path

from cjph_graph.errors import CjphError, InputError
from cjph_graph.home.headers import read_header
from cjph_graph.home.location import Home
from cjph_graph.sparql import QueryForm, admit
from cjph_graph.system import files_below, read_text

# What findings name as the rule: this and the name of the check.
CHECKS = "https://w3id.org/cjph/checks/"
SEVERITIES = ("error", "warning", "info")
_KEYS = ("title", "message", "severity", "why")


@dataclass(frozen=True)
class Check:
    """A rule about the whole graph: what it looks for, what to do about it, and why it is there.

    `name` is that of its file; `severity` is one of SEVERITIES, `text` the SELECT.
    """

    name: str
    title: str
    message: str
    severity: str
    why: str
    text: str

    @property
    def iri(self) -> str:
        """The IRI that findings give for the rule."""
        return CHECKS + self.name


def list_checks(home: Home, folder: Path | None = None) -> list[Check]:
    """Return a home's checks by name, or those of another folder of it.

    Raises InputError when one of them is broken.
    """
    folder = folder or home.checks
    if not folder.is_dir():
        return []
    paths = sorted(files_below(folder, ".rq", within=home.path), key=lambda path: path.stem)
    return [parse_check(read_text(path), path.stem) for path in paths]


def parse_check(text: str, name: str) -> Check:
    """Read a check; raise InputError when its header lacks something or it is not a safe SELECT."""
    said: dict[str, str] = {}
    for line in read_header(text, name):
        line.put_into(said, _KEYS, name)
    if missing := [key for key in _KEYS if not said.get(key)]:
        raise InputError(f"The check {name} has no {' and no '.join(missing)} in its header.")
    if said["severity"] not in SEVERITIES:
        raise InputError(f"The check {name} has a severity other than {', '.join(SEVERITIES)}.")
    try:
        admit(text, QueryForm.SELECT)
    except CjphError as error:
        raise InputError(f"The check {name} cannot be used: {error.message}") from error
    return Check(name=name, text=text, **said)
