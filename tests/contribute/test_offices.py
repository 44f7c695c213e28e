"""Tables in the styles of statistics offices: each goes in by a mapping, every figure right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from cjph_graph.contribute import HomeContents
from cjph_graph.contribute.statistics import TableImport, guess_mapping, import_table, parse_mapping
from cjph_graph.contribute.statistics.periods import read_period
from cjph_graph.home.location import Home, find_home
from cjph_graph.rdf import read_bytes

_USUAL = {
    "cjph:indicator": "prison-population",
    "qb:dataSet": "cjph-observations",
    "cjph:group": "total",
    "cjph:sex": "all",
    "cjph:unit": "people",
    "cjph:qualifier": "exact",
    "dcterms:source": "bjs-prisoners-2019",
}
_PLACE, _PERIOD = {"propertyUrl": "cjph:place"}, {"propertyUrl": "cjph:period"}
_VALUE, _SEX = {"propertyUrl": "cjph:value"}, {"propertyUrl": "cjph:sex"}
_IN_2018 = {"virtual": True, **_PERIOD, "default": "2018"}


@dataclass(frozen=True)
class _Table:
    """A table, how it is mapped, and what must come of it, by place, sex and period."""

    name: str
    text: str
    columns: Sequence[dict[str, Any]]
    expected: dict[str, str]
    given: dict[str, Any] = field(default_factory=dict)
    messages: Sequence[str] = ()
    encoding: str = "utf-8"

    def mapping(self) -> str:
        named = " ".join(json.dumps(column) for column in self.columns)
        virtual = [
            {"virtual": True, "propertyUrl": path, "default": value}
            for path, value in _USUAL.items()
            if path not in named and f"(?P<{path[5:]}>" not in named
        ]
        columns = [*self.columns, *virtual]
        return json.dumps({**self.given, "tableSchema": {"columns": columns}})


def _left_out(*titles: str) -> list[dict[str, Any]]:
    return [{"titles": title, "suppressOutput": True} for title in titles]


_TABLES = (
    _Table(
        "totals-and-a-foot.txt",  # CDC WONDER
        '"Notes"\t"State"\t"State Code"\t"Year"\t"Year Code"\tDeaths\tCrude Rate\n'
        '\t"Alabama"\t"01"\t"2018"\t"2018"\t768\t15.7\n'
        '\t"Alaska"\t"02"\t"2018"\t"2018"\tSuppressed\tSuppressed\n'
        '\t"Wyoming"\t"56"\t"2018"\t"2018"\t14\t2.4 (Unreliable)\n'
        '"Total"\t\t\t\t\t70630\t21.5\n"---"\n"Dataset: Causes of death, 1999-2020"\n',
        [
            {"titles": "State Code", **_PLACE},
            {"titles": "Year", **_PERIOD},
            {"titles": "Crude Rate", **_VALUE},
            *_left_out("Notes", "State", "Year Code", "Deaths"),
        ],
        {"alabama 2018": "15.7", "alaska 2018": "suppressed", "wyoming 2018": "2.4"},
        {
            "cjph:skipRowsWith": "Total",
            "cjph:markers": {"Suppressed": "suppressed"},
            "cjph:footnotes": r" \(Unreliable\)$",
        },
    ),
    _Table(
        "two-rows-of-names-and-dots.csv",  # Census
        "Geographic area,Total,,Male,,\n,Estimate,Margin of error,Estimate,Margin of error,\n"
        'United States,"328,239,523",*****,"161,588,973","±1,234",\n'
        '.Alabama,"4,903,185",±12,"2,368,000",±10,\n..Autauga County,"55,869",,N,,\n',
        [
            {"cjph:at": "A", **_PLACE, "cjph:values": {"Autauga County": None}},
            {
                "cjph:titlesMatch": "(?P<sex>Total|Male) Estimate",
                "cjph:values": {"Total": "all"},
                **_VALUE,
            },
            {"cjph:titlesMatch": ".*Margin.*", "suppressOutput": True},
            _IN_2018,
        ],
        {
            "united-states 2018": "328239523",
            "united-states male 2018": "161588973",
            "alabama 2018": "4903185",
            "alabama male 2018": "2368000",
        },
        {
            "dialect": {"headerRowCount": 2},
            "cjph:footnotes": r"^\.+",
            "cjph:markers": {"N": "not-available"},
        },
    ),
    _Table(
        "names-in-one-column.tsv",  # Eurostat
        "freq,unit,sex,geo\\TIME_PERIOD\t2017 \t2018 \nA,P_HTHAB,T,Alaska\t12.3 \t12.4 b\n"
        "A,P_HTHAB,F,Alaska\t: c\t: \n",
        [
            {"cjph:at": "A", **_PLACE, "cjph:pattern": "[^,]+$"},
            {
                "cjph:at": "A",
                **_SEX,
                "cjph:pattern": "(?:[^,]+,){2}([^,]+),",
                "cjph:values": {"A,P_HTHAB,T,Alaska": "all", "A,P_HTHAB,F,Alaska": "female"},
            },
            {"cjph:titlesMatch": r"(?P<period>\d{4})", **_VALUE},
        ],
        {
            "alaska 2017": "12.3",
            "alaska 2018": "12.4",
            "alaska female 2017": "suppressed",
            "alaska female 2018": "not-available",
        },
        {
            "cjph:footnotes": r"(?<=[\d:]) [a-z]+$",
            "cjph:markers": {":": "not-available", ": c": "suppressed"},
        },
    ),
    _Table(
        "status-and-multiplier.csv",  # OECD
        "REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS\nUSA,_T,2018,1430.8,A\nUSA,F,2018,,M\n"
        "USA,M,2018,1322.85,P\n",
        [
            {"titles": "REF_AREA", **_PLACE, "cjph:values": {"USA": "united-states"}},
            {
                "titles": "SEX",
                **_SEX,
                "cjph:values": {"_T": "all", "F": "female", "M": "male"},
            },
            {"titles": "TIME_PERIOD", **_PERIOD},
            {
                "titles": "OBS_VALUE",
                **_VALUE,
                "cjph:statusIn": "OBS_STATUS",
                "cjph:times": "1000",
            },
        ],
        {
            "united-states 2018": "1430800",
            "united-states female 2018": "not-available",
            "united-states male 2018": "1322850",
        },
        {"cjph:markers": {"M": "not-available"}},
    ),
    _Table(
        "flags-of-their-own.csv",  # Statistics Canada
        '"REF_DATE","GEO","Sex","VALUE","STATUS"\n"2017/2018","Alabama","Both sexes","100",""\n'
        '"2017/2018","Alaska","Both sexes","","x"\n"2017/2018","Oregon","Females","",".."\n'
        '"2016/2017","Oregon","Females","0","F"\n"2015/2016","Oregon","Females","12","E"\n'
        '"2014/2015","Oregon","Females","",""\n',
        [
            {"titles": "REF_DATE", **_PERIOD},
            {"titles": "GEO", **_PLACE},
            {
                "titles": "Sex",
                **_SEX,
                "cjph:values": {"Both sexes": "all", "Females": "female"},
            },
            {"titles": "VALUE", **_VALUE, "cjph:statusIn": "STATUS"},
        ],
        {
            "alabama 2017 2018": "100",
            "alaska 2017 2018": "suppressed",
            "oregon female 2017 2018": "not-available",
            "oregon female 2016 2017": "suppressed",
            "oregon female 2015 2016": "12",
        },
        {"cjph:markers": {"..": "not-available", "x": "suppressed", "F": "suppressed"}},
    ),
    _Table(
        "intervals.csv",  # WHO
        'Location,Period,Value\nUnited States,2018,"12.3 [10.1-14.2]"\n'
        'United States,2017,"12.1 [10.1–14.2]"\nUnited States,2016,No data\n'
        'United States,2015,"1 234 [1 100-1 300]"\n',
        [
            {"titles": "Location", **_PLACE},
            {"titles": "Period", **_PERIOD},
            {"titles": "Value", **_VALUE},
        ],
        {
            "united-states 2018": "12.3",
            "united-states 2017": "12.1",
            "united-states 2016": "not-available",
            "united-states 2015": "1234",
        },
        {"cjph:footnotes": r"\s*\[.*\]$", "cjph:markers": {"No data": "not-available"}},
    ),
    _Table(
        "years-as-columns.csv",  # World Bank
        '\ufeff"Data Source","World Development Indicators",\n\n"Last Updated Date","2023-12-18",\n'
        '\n"Country Name","Country Code","1960","2017","2018",\n'
        '"United States","USA","","12.5","13.1",\n"World","WLD","","","",\n',
        [
            {"titles": "Country Name", **_PLACE},
            {"cjph:titlesMatch": r"(?P<period>\d{4})", **_VALUE},
            *_left_out("Country Code"),
        ],
        {"united-states 2017": "12.5", "united-states 2018": "13.1"},
        {"dialect": {"skipRows": 4}},
    ),
    _Table(
        "commas-in-numbers.csv",
        "Staat;2009/10;2010/11;2011/12\nAlabama;1.234,5;12,3;4,0\nAlaska;1.234;0,5;–\n",
        [
            {"titles": "Staat", **_PLACE},
            {"cjph:titlesMatch": "(?P<period>.*/.*)", **_VALUE},
        ],
        {
            "alabama 2009 2010": "1234.5",
            "alabama 2010 2011": "12.3",
            "alabama 2011 2012": "4.0",
            "alaska 2009 2010": "1234",
            "alaska 2010 2011": "0.5",
            "alaska 2011 2012": "not-available",
        },
        {"cjph:markers": {"–": "not-available"}},
        encoding="cp1252",
    ),
    _Table(
        "what-may-be-two.csv",
        "State;2018\nAlabama;1,234\nAlaska;(1)\nOregon;10-14\n",
        [{"titles": "State", **_PLACE}, {"titles": "2018", **_VALUE, "cjph:with": {}}, _IN_2018],
        {},
        messages=(
            "B2 “1,234” may be 1234 or 1.234.",
            "B3 “(1)” may be -1 or 1.",
            "B4 “10-14” is not a number.",
        ),
    ),
    _Table(
        "printed-as-said.csv",
        "State;2018\nAlabama;1,234\nAlaska;1,5\n",
        [
            {"titles": "State", **_PLACE},
            {
                "titles": "2018",
                **_VALUE,
                "datatype": {
                    "base": "decimal",
                    "format": {"decimalChar": ",", "groupChar": ".", "pattern": "#0,0;(#0,0)"},
                },
            },
            _IN_2018,
        ],
        {"alabama 2018": "1.234", "alaska 2018": "1.5"},
    ),
    _Table(
        "periods.csv",
        "When,N\n2017Q1,1\nQ2 2017,2\n2017-Q3,3\nOct-Dec 2017,4\n2018M01,5\nFeb 2018,6\n"
        "2016 (p),7\n2015¹,8\n2013-14,9\nApril 2016 to March 2017,10\n2011-2015,11\n19961,12\n",
        [{"titles": "When", **_PERIOD}, {"titles": "N", **_VALUE}],
        {
            "oregon 2017-01 2017-03": "1",
            "oregon 2017-04 2017-06": "2",
            "oregon 2017-07 2017-09": "3",
            "oregon 2017-10 2017-12": "4",
            "oregon 2018-01": "5",
            "oregon 2018-02": "6",
            "oregon 2016": "7",
            "oregon 2015": "8",
            "oregon 2013 2014": "9",
            "oregon 2016-04 2017-03": "10",
            "oregon 2011 2015": "11",
        },
        {"cjph:footnotes": r"\s*\(p\)$|[¹²³]+$"},
        messages=("A13 “19961” is not a date such as 2021-03-01 or 2021-03 or 2021.",),
    ),
    _Table(
        "headings-between.csv",
        'Group,State,Count\n2018,,\nMale,,\n,Alabama,"24,439"\n,Alaska,"4,001"\nFemale,,\n'
        ',Alabama,"2\'402"\n,Alaska,—\nNote: jurisdiction.,,\n— Not available.,,\n',
        [
            {"cjph:at": "A", **_SEX, "cjph:fill": True, "cjph:pattern": "^(Male|Female)$"},
            {"titles": "State", **_PLACE},
            {"titles": "Count", **_VALUE},
            _IN_2018,
        ],
        {
            "alabama male 2018": "24439",
            "alaska male 2018": "4001",
            "alabama female 2018": "2402",
            "alaska female 2018": "not-available",
        },
        {"cjph:markers": {"—": "not-available"}},
    ),
    _Table(
        "codes-without-zeros.csv",
        "fips,year,v\n1,2018,1.5\n2,2018,-\n6,2018,<10\n8,2018,12.3*\n9,2018,1.2e3\n",
        [
            {"titles": "fips", **_PLACE, "cjph:zeros": 2},
            {"titles": "year", **_PERIOD},
            {"titles": "v", **_VALUE},
        ],
        {
            "alabama 2018": "1.5",
            "alaska 2018": "rounds-to-zero",
            "california 2018": "suppressed",
            "colorado 2018": "12.3",
            "connecticut 2018": "1200",
        },
        {"cjph:markers": {"-": "rounds-to-zero", "<10": "suppressed"}, "cjph:footnotes": r"\*+$"},
    ),
    _Table(
        "rows-to-count.csv",
        'bill,session,county\nHB1,1997,"Alabama,Alaska"\nHB2,1997,Alabama\nHB3,1998,Alabama\n',
        [
            {"titles": "county", **_PLACE, "separator": ","},
            {"titles": "session", **_PERIOD},
            {"virtual": True, **_VALUE, "cjph:count": True},
            *_left_out("bill"),
        ],
        {"alabama 1997": "2", "alaska 1997": "1", "alabama 1998": "1"},
    ),
)
# A table of one place says so once.
_IN_OREGON = {"virtual": True, **_PLACE, "default": "oregon"}


@pytest.fixture(scope="module")
def home() -> Home:
    return find_home(Path(__file__).resolve().parents[2])


def _figures(home: Home, table: _Table, folder: Path) -> TableImport:
    path = folder / table.name
    path.write_bytes(table.text.encode(table.encoding))
    if not any(column.get("propertyUrl") == "cjph:place" for column in table.columns):
        mapping = json.loads(table.mapping())
        mapping["tableSchema"]["columns"].append(_IN_OREGON)
        return import_table(home, "observation", path, parse_mapping(json.dumps(mapping), "m"))
    return import_table(home, "observation", path, parse_mapping(table.mapping(), "m"))


def _observations(home: Home, figures: TableImport) -> dict[str, str]:
    """Return the new figures and statuses by place, sex and period."""
    before = {subject for file in HomeContents(home).files for subject in file.subjects}
    about: dict[NamedNode, dict[str, str]] = {}
    for data in figures.files.values():
        for triple in read_bytes(data, "new").sound().triples:
            if triple.subject not in before and isinstance(triple.subject, NamedNode):
                name = triple.predicate.value.rpartition("#")[2]
                value = triple.object.value.rpartition("/")[2]  # type: ignore[union-attr]
                about.setdefault(triple.subject, {})[name] = value
    found = {}
    for said in about.values():
        sex = "" if said["sex"] == "all" else said["sex"]
        end = "" if said["periodEnd"] == said["periodStart"] else said["periodEnd"]
        key = " ".join(each for each in (said["place"], sex, said["periodStart"], end) if each)
        found[key] = said.get("value") or said["observationStatus"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("table", _TABLES, ids=lambda table: table.name)
def test_a_table_goes_in_with_every_figure_right(home: Home, table: _Table, tmp_path: Path) -> None:
    figures = _figures(home, table, tmp_path)
    errors = [f"{f.place.cell} {f.message}" for f in figures.findings if f.severity == "error"]
    assert errors == list(table.messages)
    assert _observations(home, figures) == table.expected


_DRAFTS = {
    "totals-and-a-foot.txt": ["B C cjph:place", "D E cjph:period", "F cjph:value", "G cjph:value"],
    "two-rows-of-names-and-dots.csv": ["A cjph:place", "B cjph:value", "D cjph:value"],
    "names-in-one-column.tsv": ["B cjph:value", "C cjph:value"],
    "status-and-multiplier.csv": ["B cjph:sex", "C cjph:period", "D cjph:value E"],
    "flags-of-their-own.csv": [
        *("A cjph:period", "B cjph:place", "C cjph:sex", "D cjph:value E"),
    ],
    "intervals.csv": ["A cjph:place", "B cjph:period", "C cjph:value"],
    "headings-between.csv": ["B cjph:place", "C cjph:value"],
    "codes-without-zeros.csv": ["A cjph:place", "B cjph:period", "C cjph:value"],
    "commas-in-numbers.csv": ["A cjph:place", "B cjph:value", "C cjph:value", "D cjph:value"],
    "periods.csv": ["A cjph:period", "B cjph:value"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", _DRAFTS)
def test_a_draft_finds_the_columns(home: Home, name: str, tmp_path: Path) -> None:
    table = next(each for each in _TABLES if each.name == name)
    path = tmp_path / name
    path.write_bytes(table.text.encode(table.encoding))
    draft = json.loads(guess_mapping(HomeContents(home), "observation", path))
    found = [
        " ".join((c["cjph:at"], c["propertyUrl"], c.get("cjph:statusIn", ""))).strip()
        for c in draft["tableSchema"]["columns"]
        if "cjph:at" in c and "propertyUrl" in c
    ]
    assert [each for each in found if not each.endswith("cjph:group")] == _DRAFTS[name]
    assert "The source." in draft["cjph:undecided"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2019-W05", ("2019-01-28", "2019-02-03")),
        ("2019W60", None),
        ("2nd half of 2019", ("2019-07", "2019-12")),
        ("Q5 2019", None),
        ("20190131", ("2019-01-31", "2019-01-31")),
        ("20190231", None),
        ("FY 2019-20", ("2019", "2020")),
        ("Year ending March 2020", ("2019-04", "2020-03")),
        ("12 months to Dec 2019", ("2019-01", "2019-12")),
        ("1 Apr 2019 to 31 Mar 2020", ("2019-04-01", "2020-03-31")),
    ],
)
def test_a_period_is_as_it_is_written(text: str, period: tuple[str, str] | None) -> None:
    assert read_period(text) == period
