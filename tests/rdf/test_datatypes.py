"""The strict check of how values are written, a right and a wrong way for each datatype.

What is right and wrong follows XML Schema 1.1 Part 2, where each datatype has its lexical mapping.
"""

import pytest

from cjph_graph.rdf.datatypes import has_form, is_well_formed

_XSD = "http://www.w3.org/2001/XMLSchema#"
# RDF 1.1 Concepts, section 5.1: the datatypes of XML Schema that RDF may use.
_OF_RDF = {
    "string", "boolean", "decimal", "integer", "double", "float",
    "date", "time", "dateTime", "dateTimeStamp",
    "gYear", "gMonth", "gDay", "gYearMonth", "gMonthDay",
    "duration", "yearMonthDuration", "dayTimeDuration",
    "byte", "short", "int", "long",
    "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
    "positiveInteger", "nonNegativeInteger", "negativeInteger", "nonPositiveInteger",
    "hexBinary", "base64Binary", "anyURI",
    "language", "normalizedString", "token", "NMTOKEN", "Name", "NCName",
}  # fmt: skip
_ANY_TEXT = {"string", "anyURI"}
_RIGHT = {
    "integer": ["0", "+1", "-0", "007", "9" * 5000],
    "decimal": ["1", "1.", ".5", "-0.50"],
    "double": ["1e400", "1", "-.5E-3", "INF", "+INF", "-INF", "NaN"],
    "float": ["1.5e0"],
    "boolean": ["true", "false", "1", "0"],
    "date": ["2020-02-29", "2020-01-01Z", "2020-01-01+14:00", "-0044-03-15", "12000-02-29"],
    "time": ["23:59:59", "24:00:00", "12:00:00.123456789Z"],
    "dateTime": ["2020-01-01T00:00:00", "2020-01-01T24:00:00", "0000-02-29T12:00:00.5-05:00"],
    "dateTimeStamp": ["2020-01-01T00:00:00Z"],
    "gYear": ["2020", "2020Z", "-0044", "12345"],
    "gYearMonth": ["2020-11"],
    "gMonth": ["--12"],
    "gMonthDay": ["--02-29"],
    "gDay": ["---31"],
    "duration": ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT1S"],
    "yearMonthDuration": ["P1Y2M"],
    "dayTimeDuration": ["P1DT1H", "-PT0.5S"],
    "hexBinary": ["", "0aFF"],
    "base64Binary": ["", "AAA=", "AA==", "A A A A", "QUJD"],
    "language": ["en", "de-1996"],
    "normalizedString": ["a  b"],
    "Name": ["_x", "a:b", "é·1"],
    "NCName": ["a-b", "Ω.2"],
    "NMTOKEN": ["1a", "-", "a:b"],
    "token": ["", "a b"],
    "byte": ["-128", "+127"],
    "short": ["-32768", "32767"],
    "int": ["-2147483648", "2147483647"],
    "long": ["-9223372036854775808", "9223372036854775807"],
    "unsignedByte": ["255", "-0"],
    "unsignedShort": ["65535"],
    "unsignedInt": ["4294967295"],
    "unsignedLong": ["18446744073709551615"],
    "nonNegativeInteger": ["0", "9" * 5000],
    "positiveInteger": ["1"],
    "negativeInteger": ["-1", "-" + "9" * 5000],
    "nonPositiveInteger": ["0"],
    "string": ["a\tb"],
    "anyURI": ["any thing"],
}
_WRONG = {
    "integer": ["", "4_0", "٣", " 1", "1.0", "1e5", "+", "1\n"],
    "decimal": ["1e5", "INF", ".", "1_0", "1,5"],
    "double": ["nan", "infinity", "1e", "1_0", " 1"],
    "float": ["1f"],
    "boolean": ["True", "yes", ""],
    "date": [
        "2020-W01-1",
        "20200101",
        "2020-01",
        "2020-02-30",
        "1900-02-29",
        "020-01-01",
        "20-1-1",
    ],
    "time": ["12:00", "120000", "24:00:01", "25:00:00", "12:00:60"],
    "dateTime": ["2020-01-01", "2020-01-01 00:00:00", "2020-01-01T00:00Z", "2021-02-29T00:00:00"],
    "dateTimeStamp": ["2020-01-01T00:00:00"],
    "gYear": ["abc", "20", "2020-01", "02020"],
    "gYearMonth": ["2020-13", "2020"],
    "gMonth": ["--13", "12"],
    "gMonthDay": ["--02-30", "02-01"],
    "gDay": ["---32"],
    "duration": ["P", "PT", "P1YT", "1Y", "P1W", "P1M1Y"],
    "yearMonthDuration": ["P1D", "P"],
    "dayTimeDuration": ["P1Y", "PT"],
    "hexBinary": ["0", "zz"],
    "base64Binary": ["AAA", "!!", "A===", "AAB="],
    "language": ["en_US", "", "abcdefghi"],
    "normalizedString": ["a\tb"],
    "Name": ["", "1a", "a b", "·a"],
    "NCName": ["a:b", "-a", ""],
    "NMTOKEN": ["", "a b", "a/b"],
    "token": [" a", "a  b", "a\n"],
    "byte": ["300", "c", "1_0", "128"],
    "short": ["-32769", "32768"],
    "int": ["-2147483649", "2147483648"],
    "long": ["-9223372036854775809", "9223372036854775808"],
    "unsignedByte": ["-1", "256", "9" * 5000],
    "unsignedShort": ["-1", "65536"],
    "unsignedInt": ["-1", "4294967296"],
    "unsignedLong": ["-1", "18446744073709551616"],
    "nonNegativeInteger": ["-1", "-" + "9" * 5000],
    "positiveInteger": ["0"],
    "negativeInteger": ["0", "9" * 5000],
    "nonPositiveInteger": ["1"],
}


def test_every_datatype_of_rdf_has_its_form_and_examples() -> None:
    assert set(_RIGHT) == _OF_RDF
    assert set(_WRONG) == _OF_RDF - _ANY_TEXT
    assert {name for name in _OF_RDF if not has_form(_XSD + name)} == _ANY_TEXT


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in _RIGHT.items() for t in ts])
def test_what_the_standard_allows_is_right(name: str, text: str) -> None:
    assert is_well_formed(text, _XSD + name)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in _WRONG.items() for t in ts])
def test_what_the_standard_forbids_is_wrong(name: str, text: str) -> None:
    assert not is_well_formed(text, _XSD + name)


def test_nothing_is_said_about_other_datatypes() -> None:
    assert is_well_formed("anything", "https://example.org/terms#shoe-size")
