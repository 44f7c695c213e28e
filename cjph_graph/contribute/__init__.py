"""From people's files to Turtle: forms, spreadsheets, tables of statistics, a new home.

    from cjph_graph.contribute import HomeContents, blank_file

    print(blank_file(HomeContents(home), "intervention", "Street Outreach Team").decode())

A name is imported when it is first used: a list of values needs nothing of a workbook. Tables of
statistics have a face of their own, `contribute.statistics`, and so has each thing that one command
does with people or their programs: `contribute.ask`, `contribute.issue_forms`,
`contribute.language_server`, and `contribute.outcome_texts`, which says what came of a spreadsheet.
"""

from typing import TYPE_CHECKING

from cjph_graph.system import lazily

if TYPE_CHECKING:
    from cjph_graph.contribute.blank import blank_file
    from cjph_graph.contribute.home_contents import (
        Entry,
        HomeContents,
        find_vocabulary_or_kind,
        slug,
    )
    from cjph_graph.contribute.importing import Outcome, import_tables
    from cjph_graph.contribute.marked import marked_copy
    from cjph_graph.contribute.starting import start_home
    from cjph_graph.contribute.template import csv_template, xlsx_template
    from cjph_graph.contribute.web_form import SiteForms, form_page, form_script, with_forms

__getattr__ = lazily(
    __name__,
    {
        "blank": "blank_file",
        "home_contents": "Entry HomeContents find_vocabulary_or_kind slug",
        "importing": "Outcome import_tables",
        "marked": "marked_copy",
        "starting": "start_home",
        "template": "csv_template xlsx_template",
        "web_form": "SiteForms form_page form_script with_forms",
    },
)
