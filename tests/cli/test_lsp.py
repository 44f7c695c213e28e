"""`cjph lsp`, spoken with as an editor does."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInternalError
from pygls.lsp.client import LanguageClient
from support.readers import program

from cjph_graph.home.location import Home, find_home
from cjph_graph.validation import ValidationOptions, validate

pytestmark = pytest.mark.slow

_PLACE = """\
@prefix cjph: <https://w3id.org/cjph/ontology#> .
@prefix place: <https://w3id.org/cjph/places/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

place:test-town
    a cjph:Place ;
    skos:prefLabel "Tëst 🎈 Town"@en ; cjph:placeKind place-kindd ;
    cjph:within place:oregonn .
"""


class Editor:
    """A client that keeps what the server shows."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.client = LanguageClient("test", "1")
        self.shown: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.news = asyncio.Event()

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def show(params: lsp.PublishDiagnosticsParams) -> None:
            self.shown[params.uri] = params
            self.news.set()

    async def start(self) -> lsp.InitializeResult:
        """Start the server and greet it."""
        given = ["-m", "cjph_graph", "--home", str(self.home.path), "lsp"]
        await self.client.start_io(sys.executable, *given)
        asked = lsp.InitializeParams(lsp.ClientCapabilities(), root_uri=self.home.path.as_uri())
        return await self.client.initialize_async(asked)

    async def open(self, path: Path, text: str) -> list[lsp.Diagnostic]:
        """Open a file and return what is shown of it."""
        item = lsp.TextDocumentItem(path.as_uri(), "turtle", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return await self.next_findings(path, 1)

    async def change(self, path: Path, text: str, version: int) -> None:
        """Type: the file has another text now."""
        name = lsp.VersionedTextDocumentIdentifier(version, path.as_uri())
        whole = lsp.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(name, [whole]))

    async def next_findings(self, path: Path, version: int) -> list[lsp.Diagnostic]:
        """Return what is shown of a version of a file, once it is."""
        while path.as_uri() not in self.shown or self.shown[path.as_uri()].version != version:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 20)
        return [*self.shown[path.as_uri()].diagnostics]

    async def stop(self) -> None:
        """Take leave."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a copy of our home, with few data: the places."""
    ours, copy = find_home(), Home(tmp_path / "home with a blank")
    shutil.copytree(ours.path / "ontology", copy.path / "ontology")
    copy.data.mkdir()
    for name in ("places.ttl", "sources.ttl"):
        shutil.copy(ours.data / name, copy.data / name)
    return copy


def _talk(home: Home, conversation: Callable[[Editor], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        editor = Editor(home)
        await editor.start()
        try:
            await conversation(editor)
        finally:
            await editor.stop()

    asyncio.run(asyncio.wait_for(whole(), 120))


def test_findings_have_the_words_of_validate_and_go_when_they_are_mended(home: Home) -> None:
    path = home.data / "places" / "test-town.ttl"
    text = _PLACE.replace("place-kindd", "place:oregon")

    async def conversation(editor: Editor) -> None:
        shown = await editor.open(path, text)
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        found = validate(ValidationOptions([path], home)).findings
        path.unlink()
        words = sorted(
            f"{each.message}\n{each.hint}" if each.hint else each.message for each in found
        )
        assert sorted(each.message for each in shown) == words
        assert len(words) >= 2
        (kind,) = (each for each in shown if each.range.start.line == 6)
        line = text.splitlines()[6]
        # The balloon is one character and two units.
        assert kind.range.start.character == line.index("place:oregon") + 1
        assert kind.range.end.character == line.index("place:oregon") + 1 + len("place:oregon")
        mended = text.replace("oregonn", "oregon")
        await editor.change(path, mended, 2)
        fewer = await editor.next_findings(path, 2)
        assert len(fewer) < len(shown)

    _talk(home, conversation)


def test_only_the_last_of_many_changes_is_checked(home: Home) -> None:
    path = home.data / "places.ttl"

    async def conversation(editor: Editor) -> None:
        await editor.open(path, path.read_text(encoding="utf-8"))
        for version in range(2, 30):
            await editor.change(path, f"# {version}\n", version)
        assert await editor.next_findings(path, 29) == []

    _talk(home, conversation)


def test_completion_hover_definition_and_formatting(home: Home) -> None:
    path = home.data / "places" / "test-town.ttl"
    uri = path.as_uri()

    async def conversation(editor: Editor) -> None:
        text = _PLACE.replace("place-kindd", "place-k")
        await editor.open(path, text)
        name = lsp.TextDocumentIdentifier(uri)
        line = text.splitlines()[6]
        end = lsp.Position(6, line.index("place-k ") + len("place-k") + 1)
        asked = lsp.CompletionParams(name, end)
        items = await editor.client.text_document_completion_async(asked)
        assert isinstance(items, list)
        (city,) = (each for each in items if each.label == "place-kind:city")
        assert (city.detail, city.filter_text) == ("City", "place-kind:city City")
        assert isinstance(city.text_edit, lsp.TextEdit)
        assert city.text_edit.range.start.character == line.index("place-k ") + 1
        assert city.additional_text_edits
        assert "@prefix place-kind:" in city.additional_text_edits[0].new_text
        sound = _PLACE.replace("place-kindd", "<https://w3id.org/cjph/vocabulary/place-kind/city>")
        sound = sound.replace("oregonn", "oregon")
        await editor.change(path, sound, 2)
        at = lsp.Position(7, sound.splitlines()[7].index("oregon"))
        hover = await editor.client.text_document_hover_async(lsp.HoverParams(name, at))
        assert hover is not None
        assert isinstance(hover.contents, lsp.MarkupContent)
        assert hover.contents.value.startswith("**Oregon** (place)")
        where = await editor.client.text_document_definition_async(lsp.DefinitionParams(name, at))
        assert isinstance(where, lsp.Location)
        assert where.uri == (home.data / "places.ttl").as_uri()
        options = lsp.FormattingOptions(4, insert_spaces=True)
        formatting = lsp.DocumentFormattingParams(name, options)
        (edit,) = await editor.client.text_document_formatting_async(formatting) or []
        assert " ;\n    cjph:placeKind <https" in edit.new_text
        saving = lsp.WillSaveTextDocumentParams(name, lsp.TextDocumentSaveReason.Manual)
        edits = await editor.client.text_document_will_save_wait_until_async(saving)
        assert [*(edits or [])] == [edit]
        await editor.change(path, "place:x a", 3)
        assert not await editor.client.text_document_formatting_async(formatting)

    _talk(home, conversation)


def test_lines_are_counted_as_the_protocol_counts_them(home: Home) -> None:
    path = home.data / "places" / "test-town.ttl"
    text = "# one line: \u2028 \x0b \x0c \x85 \u2029 .\r\n" + _PLACE.replace("\n", "\r\n")

    async def conversation(editor: Editor) -> None:
        shown = await editor.open(path, text.replace("place-kindd", "place:oregon"))
        assert {each.range.start.line for each in shown} >= {7, 8}
        name = lsp.TextDocumentIdentifier(path.as_uri())
        await editor.change(path, text.replace("oregonn", "oregon"), 2)
        at = lsp.Position(8, _PLACE.splitlines()[7].index("oregon"))
        hover = await editor.client.text_document_hover_async(lsp.HoverParams(name, at))
        assert hover is not None

    _talk(home, conversation)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "file:///elsewhere/a%20%F0%9F%8E%88.ttl", "file:///c%3A/a.ttl"]
)
def test_a_text_that_is_no_file_of_the_home_has_findings_too(home: Home, uri: str) -> None:
    async def conversation(editor: Editor) -> None:
        item = lsp.TextDocumentItem(uri, "turtle", 1, _PLACE.replace("place-kindd", "place:oregon"))
        editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        while uri not in editor.shown:
            editor.news.clear()
            await asyncio.wait_for(editor.news.wait(), 20)
        assert any("cjph:placeKind" in each.message for each in editor.shown[uri].diagnostics)

    _talk(home, conversation)


def test_a_request_that_fails_is_not_the_end(home: Home) -> None:
    path = home.data / "places" / "test-town.ttl"

    async def conversation(editor: Editor) -> None:
        nowhere = lsp.TextDocumentIdentifier("file:///nowhere/at/all.ttl")
        at = lsp.HoverParams(nowhere, lsp.Position(0, 0))
        with pytest.raises(JsonRpcInternalError):
            await editor.client.text_document_hover_async(at)
        shapes = home.ontology.parent / "shapes" / "classes.ttl"
        sound = shapes.read_bytes()
        shapes.write_bytes(b"broken")
        (shown,) = await editor.open(path, _PLACE.replace("place-kindd", "place:oregon"))
        assert "classes.ttl:1:1" in shown.message
        shapes.write_bytes(sound)
        await editor.change(path, _PLACE.replace("place-kindd", "place:oregon"), 2)
        assert len(await editor.next_findings(path, 2)) > 1

    _talk(home, conversation)


# Attaches, waits for findings, saves, and writes down what there is then.
_IN_NEOVIM = """
vim.cmd('edit data/places/test-town.ttl')
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local found = {}
for _, each in ipairs(vim.diagnostic.get(0)) do table.insert(found, each.message) end
vim.cmd('write')
vim.fn.writefile(vim.split(table.concat(found, '\\n'), '\\n'), 'found.txt')
vim.cmd('qa!')
"""


@pytest.mark.checkout
@pytest.mark.readers
def test_neovim_with_the_lines_of_our_page(home: Home, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "editors.md").read_text(encoding="utf-8")
    (start,) = re.findall(r"```lua\n(.*?)```", page, re.DOTALL)
    (tmp_path / "init.lua").write_text(start, encoding="utf-8")
    (tmp_path / "try.lua").write_text(_IN_NEOVIM, encoding="utf-8")
    command = tmp_path / "bin" / "cjph"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cjph_graph "$@"\n', "utf-8")
    command.chmod(0o755)
    path = home.data / "places" / "test-town.ttl"
    path.parent.mkdir()
    path.write_text("# First a comment.\n" + _PLACE.replace("place-kindd", "place:oregon"), "utf-8")
    given = ["--headless", "-u", tmp_path / "init.lua", "-S", tmp_path / "try.lua"]
    subprocess.run(
        [program("nvim"), *given],
        cwd=home.path,
        env={**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}", "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    found = (home.path / "found.txt").read_text(encoding="utf-8")
    assert "Did you mean place:oregon?" in found
    assert "\n    cjph:within place:oregonn ." in path.read_text(encoding="utf-8")
    assert "@en ;\n    cjph:placeKind" in path.read_text(encoding="utf-8")
