"""`cjph publish`: write the graph, its tables, what describes them and its pages into a folder."""

from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from cjph_graph.cli.options import epilog, limited, path_option
from cjph_graph.cli.output import Output, complain, say
from cjph_graph.cli.process import FINDINGS
from cjph_graph.errors import CjphError, UsageError
from cjph_graph.home import Home, find_home, home_files
from cjph_graph.system import shown

# Bytes of Turtle; some hundred thousand triples.
_SMALL = 20_000_000
# Each process comes to hold a large graph itself.
_FEW = 2


@click.command(
    "publish",
    epilog=epilog(
        "cjph publish out/site",
        "cjph publish out/site --base https://example.org/health/ --previous out/site/0.1.0",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--release", metavar="NAME", help="The release's folder.  [default: its version]")
@click.option("--base", metavar="URL", help="Where the release will stand on the web.")
@path_option(
    "--previous",
    metavar="DIR",
    about="The folder of the release before, to tell what has changed since.",
)
@click.option(
    "--forge",
    metavar="URL",
    help="The repository on the web, where readers suggest changes and report problems.",
)
@click.option("--data-only", is_flag=True, help="Write no pages: only files of data.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    help="How many processes write files.  [default: one for each processor; where there are more"
    " than some hundred thousand triples, at most two]",
)
@click.option("--even-if-broken", is_flag=True, help="Publish data that break the rules.")
@limited(seconds=600, memory=50)
@click.pass_obj
def command(
    home: Path | None,
    folder: Path,
    release: str | None,
    base: str | None,
    previous: Path | None,
    forge: str | None,
    data_only: bool,
    jobs: int | None,
    even_if_broken: bool,
) -> Output:
    """Write a release into a folder, with `latest` leading to it.

    It has pages, tables, and the graph in several formats. Readers see the old release or the new
    one, whole. Files that are as they were are left alone.
    """
    from cjph_graph.contribute import SiteForms, form_script
    from cjph_graph.publish import Publication, all_files, write_release
    from cjph_graph.system.workers import begun, processors

    for address in filter(None, (base, forge)):
        if not address.startswith(("https://", "http://")):
            raise UsageError(f"{address} is not a web address.", "It begins with https://.")
    place = find_home(home)
    _refuse_within(place, folder)
    forms, script = ({}, "") if data_only else (SiteForms(place, forge or ""), form_script())
    reports: dict[str, bytes] = {}
    publication = Publication(
        place, release or "", base or "", reports, forms, script, previous, forge or ""
    )
    with begun(partial(_validated, place, anyway=even_if_broken)) as validated:
        if _is_small(place):  # else the two together would take much memory
            with suppress(CjphError):  # the validation reports what is broken
                _ = publication.tables
                _ = data_only or [*publication.site.paths()]
        errors, found = validated()
    reports.update(found)
    if errors and not even_if_broken:
        places = "one place" if errors == 1 else f"{errors:,} places"
        complain(
            f"Nothing was published: the data break the rules in {places}.",
            "Run `cjph validate` to see where, or publish with --even-if-broken.",
        )
        return Output("", code=FINDINGS)
    if not data_only and (outlook := publication.site.outlook()):
        say(f"cjph: {outlook}\n")
    files = all_files(publication, pages=not data_only)
    done = write_release(
        folder,
        publication.about.version,
        files,
        publication.ledger,
        processes=jobs or (processors() if _is_small(place) else min(processors(), _FEW)),
    )
    say("".join(f"cjph: {note}\n" for note in done.notes))
    return Output(done.summary())


def _is_small(home: Home) -> bool:
    return sum(path.stat().st_size for path in home_files(home)) < _SMALL


def _refuse_within(home: Home, folder: Path) -> None:
    """Raise UsageError for a folder whose files would be taken for the home's own."""
    for own in (home.data, home.ontology.parent, home.queries):
        if folder.resolve().is_relative_to(own.resolve()):
            raise UsageError(
                f"{shown(folder)} is inside {shown(own)}, where the next run would read it.",
                "Name a folder elsewhere, such as out/site.",
            )


def _validated(home: Home, *, anyway: bool = False) -> tuple[int, dict[str, bytes]]:
    """Return how many errors a home has, and the reports on it by file name.

    Where there are errors, there are no reports, unless it is published `anyway`.
    """
    from cjph_graph.validation import ValidationOptions, validate
    from cjph_graph.validation.reports import write

    report = validate(ValidationOptions(home=home))
    errors = report.count("error")
    if errors and not anyway:
        return errors, {}
    forms = {"report.ttl": "turtle", "report.json": "json", "report.md": "markdown"}
    return errors, {name: write(report, form) for name, form in forms.items()}
