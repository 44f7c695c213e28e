"""`cjph validate`: check Turtle files, a home or an endpoint against the rules."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cjph_graph.cli.options import (
    Endpoint,
    epilog,
    format_option,
    limited,
    path_option,
    remote,
    written_to,
)
from cjph_graph.cli.output import (
    Output,
    has_colours,
    standard_input,
    terminal_width,
    write_job_summary,
)
from cjph_graph.cli.process import DONE, FINDINGS
from cjph_graph.errors import UsageError
from cjph_graph.home import Home, find_home
from cjph_graph.system import shown

if TYPE_CHECKING:
    from cjph_graph.rdf import TurtleFile
    from cjph_graph.validation import Report, ReportSince

_FORMATS = ("text", "json", "sarif", "github", "markdown", "turtle")
# So many findings of one rule are listed.
_MOST_OF_A_RULE = 1_000
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class _ValidateOptions:
    """The options of the command, by their names."""

    paths: Sequence[str]
    form: str
    output: Path | None
    explain: bool
    since: str | None
    fail_on: str
    shapes: Sequence[Path]
    alone: bool
    checker: str
    queries: bool
    endpoint: Endpoint | None
    stdin_name: Path | None


@click.command(
    "validate",
    epilog=epilog(
        "cjph validate",
        "cjph validate my-programme.ttl",
        "cjph validate --explain data/interventions",
        "cjph validate --since main --format github",
        "cjph validate --format sarif --output findings.sarif",
        "cjph validate --alone --shapes other-shapes.ttl other-data.ttl",
    ),
)
@click.argument("paths", nargs=-1, metavar="[FILE|DIR|-]...")
@format_option(
    *_FORMATS, about="github: annotations of a workflow; markdown: a comment for a pull request."
)
@written_to
@click.option("--explain", is_flag=True, help="Say what each broken rule asks, with examples.")
@click.option(
    "--since",
    metavar="REVISION",
    help="Report only what is new since a git revision, such as main: things and findings.",
)
@click.option(
    "--fail-on",
    type=click.Choice((*_SEVERITIES, "never")),
    default="error",
    show_default=True,
    help="The mildest severity that makes the exit code 1.",
)
@path_option(
    "--shapes",
    several=True,
    about="Check against these SHACL shapes instead of the home's; may be repeated.",
)
@click.option("--alone", is_flag=True, help="Check the files without the home's graph.")
@click.option(
    "--engine",
    "checker",
    type=click.Choice(("screened", "pyshacl")),
    default="screened",
    show_default=True,
    help="pyshacl: let pySHACL check everything, which takes long.",
)
@path_option(
    "--stdin-name", about="Check what - reads in the place of this file, which need not exist."
)
@click.option("--queries", is_flag=True, help="Only print the SPARQL that finds what may be wrong.")
@remote(endpoint="Check what this SPARQL endpoint has instead of the files.")
@limited(seconds=300, memory=50)
@click.pass_obj
def command(home: Path | None, /, **given: Any) -> Output:
    """Check Turtle files against the rules.

    Without a path, check the whole home. Files are checked together with the home's graph, and
    what stands in them is reported; a folder stands for the Turtle files in it.
    """
    from cjph_graph.validation import compiled

    asked = _ValidateOptions(**given)
    _refuse_misfits(asked)
    place = None if asked.alone and asked.paths and asked.shapes else find_home(home)
    if asked.queries:
        return Output(_escaped(compiled(place, asked.shapes)), asked.output)
    report, written = _reported(asked, place)
    error = None
    if not report.triples and report.conforms and asked.endpoint is None:
        error = UsageError(
            "Nothing was checked: these files have no statement.",
            "`cjph new KIND NAME` writes a file to fill in.",
        )
    elif not report.checked and report.conforms:
        error = UsageError(
            "Nothing was checked: no shape has a target in these files.",
            "A shape finds things by sh:targetClass and its like; the namespace of SHACL is"
            " http://www.w3.org/ns/shacl#.",
        )
    return Output(written, asked.output, _code(report, asked.fail_on), error)


def _refuse_misfits(asked: _ValidateOptions) -> None:
    if asked.stdin_name and "-" not in asked.paths:
        raise UsageError("--stdin-name names what - reads: give - too.")
    if asked.explain and asked.form not in ("text", "markdown"):
        raise UsageError("--explain works with --format text or markdown.")
    if asked.since is not None and (asked.alone or "-" in asked.paths):
        raise UsageError(
            "--since does not work with --alone or -: it compares the home with what it was."
        )
    if asked.since is not None and asked.form == "turtle":
        raise UsageError(
            "--since does not work with --format turtle: the W3C's report is about the whole."
        )
    if asked.endpoint and (asked.paths or asked.alone or asked.since is not None):
        raise UsageError(
            "--endpoint checks what the store holds: leave out files, --alone and --since.",
            "Put files there with `cjph push`, or leave --endpoint out.",
        )


def _reported(asked: _ValidateOptions, home: Home | None) -> "tuple[Report, bytes]":
    from cjph_graph.validation.reports import gather_notes, overflow, write

    report, change = _checked(asked, home)
    form = asked.form
    notes = gather_notes(report, home, shapes=asked.shapes, form=form, explained=asked.explain)
    notes = replace(notes, since=asked.since, command=_command(asked))
    if change:
        passed_over, changes = change.passed_over, change.changes
        notes = replace(notes, older=change.older, passed_over=passed_over, changes=changes)
    summarised = form == "github" and write_job_summary(overflow(report, notes))
    columns, colour = terminal_width(asked.output), has_colours(asked.output)
    written = write(report, form, notes, width=columns, colour=colour, summarised=summarised)
    return report, written


def _checked(asked: _ValidateOptions, home: Home | None) -> "tuple[Report, ReportSince | None]":
    """Return the report and, with --since, what it leaves out because it is not new."""
    from cjph_graph.validation import Checker, ValidationOptions
    from cjph_graph.validation import validate as check

    options = ValidationOptions(
        [_source(path, asked.stdin_name) for path in asked.paths],
        home,
        asked.shapes,
        asked.alone,
        Checker(asked.checker),
        asked.endpoint.engine() if asked.endpoint else None,
        None if asked.since else _MOST_OF_A_RULE,  # all are needed to tell which are new
    )
    if asked.since is None:
        return check(options), None
    from cjph_graph.validation import validate_since

    change = validate_since(options, asked.since)
    return change.report, change


def _source(path: str, name: Path | None) -> "Path | TurtleFile":
    if path != "-":
        return Path(path)
    from cjph_graph.rdf import read_bytes
    from cjph_graph.validation import STANDARD_INPUT

    return read_bytes(standard_input(), shown(name) if name else STANDARD_INPUT)


def _command(asked: _ValidateOptions) -> str:
    """Return what to type to see the whole report as text."""
    words = ["cjph", "validate", *(path for path in asked.paths if path != "-")]
    words += ["--alone"] if asked.alone else []
    words += [word for path in asked.shapes for word in ("--shapes", str(path))]
    words += ["--since", asked.since] if asked.since is not None else []
    return shlex.join(words)


def _code(report: "Report", fail_on: str) -> int:
    failing = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1] if fail_on in _SEVERITIES else ()
    return FINDINGS if any(report.count(severity) for severity in failing) else DONE


def _escaped(query: str) -> str:
    """Return SPARQL with what is unsafe on a terminal written as SPARQL's own escapes."""
    return "".join(
        char if char.isprintable() or char == "\n" else f"\\u{ord(char):04X}" for char in query
    )
