"""`cjph new`: what a contributor adds, from a blank file, a spreadsheet or a table of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited, path_option
from cjph_graph.cli.output import Output, say, terminal_width
from cjph_graph.cli.process import DONE, FINDINGS
from cjph_graph.errors import UsageError
from cjph_graph.home import Home, find_home
from cjph_graph.system import make_folder, shown, write_all, write_atomically


@dataclass(frozen=True)
class _NewOptions:
    """What the command was asked to do."""

    kind: str
    name: str | None
    ask: bool
    html: bool
    forge: str
    template: Path | None
    tables: Sequence[Path]
    mapping: Path | None
    guess: bool
    dates: str
    update: bool
    partial: bool
    marked: Path | None
    output: Path | None


@click.command(
    "new",
    epilog=epilog(
        'cjph new intervention "Street Outreach Team"',
        'cjph new intervention "Street Outreach Team" --ask',
        "cjph new intervention --template interventions.xlsx",
        "cjph new intervention --html --output add-intervention.html",
        "cjph new intervention --from interventions.xlsx --marked marked.xlsx",
        "cjph new intervention --from interventions.csv --from sources.csv --update",
        "cjph new observation --from prisoners.csv --guess --output mappings/prisoners.json",
        "cjph new observation --from prisoners.csv --mapping mappings/prisoners.json",
    ),
)
@click.argument("kind")
@click.argument("name", required=False)
@click.option("--ask", is_flag=True, help="Ask for it field by field, and check each answer.")
@click.option("--html", is_flag=True, help="Write a web page with a form that makes a file.")
@click.option(
    "--forge",
    default="",
    metavar="URL",
    help="--html: the repository that the form proposes the file to.",
)
@path_option(
    "--template",
    metavar="FILE.csv|.xlsx",
    about="Write a spreadsheet to fill in, with a row that says what each column takes.",
)
@path_option(
    "--from",
    "tables",
    several=True,
    about="Read a spreadsheet (.csv, .tsv, .xlsx, .xls, .ods), one row a thing.",
)
@path_option(
    "--mapping",
    metavar="FILE.json",
    about="Read a table of statistics, by a mapping that says what its columns are.",
)
@click.option("--guess", is_flag=True, help="Write a draft of a mapping for the table.")
@click.option(
    "--dates",
    type=click.Choice(("us", "eu")),
    help="How 03/04/2021 is read: us has the month first, eu the day.",
)
@click.option("--update", is_flag=True, help="Change things that are there already, and show how.")
@click.option(
    "--partial", is_flag=True, help="Write what is right, and leave out rows with errors."
)
@path_option(
    "--marked",
    metavar="COPY.xlsx",
    about="Write a copy with the cells at fault coloured, and what is wrong as notes.",
)
@path_option(
    "--output",
    about="Where the blank file goes; - is standard output.  [default: where it belongs]",
)
@limited(seconds=300, memory=50, patient="ask")
@click.pass_obj
def command(folder: Path | None, /, **given: object) -> Output:
    """Add a thing of a kind: an intervention, a policy, a source.

    With a name, write a blank file for it: what must be given to fill in, what may be given
    commented out, each with its meaning, an example and the values it may have. With --from, read
    a spreadsheet; nothing is written unless all its rows are right.
    """
    asked = _NewOptions(**given)  # type: ignore[arg-type]
    home = find_home(folder)
    if asked.html:
        from cjph_graph.contribute import HomeContents, form_page

        return Output(form_page(HomeContents(home), asked.kind, forge=asked.forge), asked.output)
    if asked.template:
        return _template(home, asked.kind, asked.template)
    if asked.tables:
        if asked.name:
            raise UsageError("--from takes the names from its rows: leave NAME out.")
        if asked.mapping or asked.guess:
            return _statistics(home, asked)
        return _import(home, asked)
    if asked.name is None:
        raise UsageError(
            "Give the new thing a name, or a spreadsheet with --from FILE.",
            f'For example: cjph new {asked.kind} "Street Outreach Team"',
        )
    if asked.ask:
        return _ask(home, asked.kind, asked.name)
    return _blank(home, asked, asked.name)


def _blank(home: Home, asked: _NewOptions, name: str) -> Output:
    from cjph_graph.contribute import HomeContents, blank_file

    known = HomeContents(home)
    blank = blank_file(known, asked.kind, name)
    for entry in blank.similar:
        say(f"Something has nearly this name: {entry.label} ({known.short(entry.iri)}).\n")
    if blank.shared and not asked.output:
        say(f"Fill this in at the end of {shown(blank.path)}.\n")
        return Output(blank.text)
    path = asked.output or blank.path
    if str(path) == "-":
        return Output(blank.text)
    if path.exists():
        raise UsageError(f"{shown(path)} is already there, and is left as it is.")
    make_folder(path.parent)
    write_atomically(path, blank.text.encode())
    say(f"Fill in {shown(path)}, then run: cjph validate {shown(path)}\n")
    return Output(f"{shown(path)}\n")


def _ask(home: Home, kind: str, name: str) -> Output:
    from cjph_graph.cli.terminal import Terminal
    from cjph_graph.contribute import HomeContents
    from cjph_graph.contribute.ask import answers_path, ask_for, read_answers
    from cjph_graph.contribute.outcome_texts import report_findings, report_written, summary

    known = HomeContents(home)
    answers = read_answers(answers_path(Path(), known.form(kind), name), kind, name)
    try:
        outcome = ask_for(known, answers, Terminal())
    except EOFError as error:
        answers.keep()
        raise UsageError(
            "There are no more answers.",
            f"What was answered is kept in {shown(answers.path)}: the same command goes on there.",
        ) from error
    write_all(outcome.files)
    answers.path.unlink(missing_ok=True)
    say(f"{summary(outcome, written=True)}\n")
    return Output(report_findings(outcome, terminal_width()) + report_written(outcome))


def _template(home: Home, kind: str, path: Path) -> Output:
    from cjph_graph.contribute import HomeContents, csv_template, xlsx_template

    if path.exists():
        raise UsageError(f"{shown(path)} is already there, and is left as it is.")
    write = {".csv": csv_template, ".xlsx": xlsx_template}.get(path.suffix.lower())
    if write is None:
        raise UsageError(f"{shown(path)} is neither .csv nor .xlsx.")
    write_atomically(path, write(HomeContents(home), kind))
    say(f"Fill in {shown(path)}, then run: cjph new {kind} --from {shown(path)}\n")
    return Output(f"{shown(path)}\n")


def _import(home: Home, asked: _NewOptions) -> Output:
    """Read spreadsheets, say what is wrong, and write the files if nothing is."""
    from cjph_graph.contribute import import_tables
    from cjph_graph.contribute.outcome_texts import (
        report_changes,
        report_findings,
        report_written,
        summary,
    )

    outcome = import_tables(
        home,
        asked.kind,
        asked.tables,
        dates=asked.dates or "",
        update=asked.update,
        partial=asked.partial,
    )
    for warning in outcome.warnings:
        say(f"{warning}\n")
    if asked.marked and outcome.findings:
        from cjph_graph.contribute import marked_copy

        write_atomically(asked.marked, marked_copy(outcome.sheets, outcome.findings))
        say(f"{shown(asked.marked)} has the findings as notes on its cells.\n")
    right = not outcome.errors or asked.partial
    if right:
        write_all(outcome.files)
    say(f"{summary(outcome, written=right)}\n")
    text = report_findings(outcome, terminal_width())
    if right:
        text += report_changes(outcome.changes) + report_written(outcome)
    return Output(text, code=FINDINGS if outcome.errors else DONE)


def _statistics(home: Home, asked: _NewOptions) -> Output:
    from cjph_graph.contribute import HomeContents
    from cjph_graph.contribute.outcome_texts import list_findings
    from cjph_graph.contribute.statistics import guess_mapping, import_table, read_mapping

    if len(asked.tables) > 1:
        raise UsageError("A mapping is for one table.", "Name one file with --from.")
    (table,) = asked.tables
    if asked.mapping is None:
        return Output(guess_mapping(HomeContents(home), asked.kind, table), asked.output)
    mapping = read_mapping(_kept(home, asked.mapping))
    figures = import_table(home, asked.kind, table, mapping, update=asked.update)
    if figures.warning:
        say(f"{figures.warning}\n")
    text = list_findings(figures.findings, terminal_width())
    if figures.errors:
        figures.discard()
        say(f"{figures.summary}: nothing was written.\n")
        return Output(text, code=FINDINGS)
    write_all(figures.files)
    figures.exchange()
    say(f"{figures.summary}.\n")
    paths = sorted({*figures.files, *figures.staged})
    return Output(text + "".join(figures.changed) + "".join(f"{shown(p)}\n" for p in paths))


def _kept(home: Home, path: Path) -> Path:
    """Return a mapping by its path, or by its name where a home keeps mappings."""
    inside = home.path / "mappings" / path.name
    return inside if not path.exists() and inside.is_file() else path
