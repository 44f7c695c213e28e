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
    from cjph_graph.contribute.blank import Blank, blank_file
    from cjph_graph.contribute.home_contents import (
        Entry,
        HomeContents,
        find_vocabulary_or_kind,
        slug,
    )
    from cjph_graph.contribute.importing import Outcome, import_tables
    from cjph_graph.contribute.marked import marked_copy
    from cjph_graph.contribute.site_forms import SiteForms, with_forms
    from cjph_graph.contribute.starting import start_home
    from cjph_graph.contribute.template import csv_template, xlsx_template
    from cjph_graph.contribute.web_form import form_html, form_page, form_script

__getattr__ = lazily(
    __name__,
    {
        "blank": "Blank blank_file",
        "home_contents": "Entry HomeContents find_vocabulary_or_kind slug",
        "importing": "Outcome import_tables",
        "marked": "marked_copy",
        "site_forms": "SiteForms with_forms",
        "starting": "start_home",
        "template": "csv_template xlsx_template",
        "web_form": "form_html form_page form_script",
    },
)
