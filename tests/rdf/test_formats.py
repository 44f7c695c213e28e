"""Files that are not Turtle at all are named for what they are."""

import pytest

from cjph_graph.rdf.reading import read_bytes
from cjph_graph.rdf.syntax_errors import mend

_OTHERS = {
    b"PK\x03\x04\x14\x00\x80word": "a packed file, such as a spreadsheet or a document",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "an old spreadsheet or document",
    b"\x1f\x8b\x08\x00": "a packed file",
    b"%PDF-1.4\n\xe2\xe3": "PDF",
    b"{\\rtf1\\ansi The boat}": "RTF",
    b'\xef\xbb\xbf{"boat": 1}': "JSON",
    b'[{"boat": 1}]': "JSON",
    b"<!DOCTYPE html><html></html>": "XML",
    b"<html><body>The boat</body></html>": "a web page",
    b"name,length\nThe boat,12\n": "a table",
    b'"name";"length"\r\n"The boat";12\r\n': "a table",
    b"name\tlength\nThe boat\t12\n": "a table",
    b"name: The boat\nlength: 12\n": "YAML",
    b"---\nname: The boat\nlength: 12\n": "YAML",
}


@pytest.mark.parametrize("data", _OTHERS)
def test_what_is_another_format_is_named(data: bytes) -> None:
    problem = read_bytes(data, "boat").problem
    assert problem is not None
    (mistake,) = mend(data, problem).mistakes
    assert mistake.message == f"This is {_OTHERS[data]}; what is read here is Turtle."


@pytest.mark.parametrize(
    "text",
    [
        "ex:boat a ex:Boat, ex:Ship\n",
        "boat a Boat, Ship ;\n  length 12, 13\n",
        "ex:boat: 12\nex:length: 13\n",
        "[ ex:length 12 ;\n",
        "Length: 12 ;\nName: 13 ;\n",
    ],
)
def test_broken_turtle_is_still_turtle(text: str) -> None:
    problem = read_bytes(text.encode(), "boat").problem
    assert problem is not None
    assert not problem.message.startswith("This is ")
