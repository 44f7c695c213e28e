"""A language server for Turtle in a home, for any editor that speaks the protocol.

It shows findings while one types, in the words of `cjph validate`; completes prefixes, properties,
classes and values; says what a name means; goes to the file of a thing; and formats. It speaks on
standard input and output, opens no connection, and writes no file.
"""

import asyncio
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from cjph_graph.contribute.editing import Editing, Suggestion
from cjph_graph.contribute.home_contents import HomeContents
from cjph_graph.errors import CjphError
from cjph_graph.home import Home, property_order, read_schema, read_shapes
from cjph_graph.rdf import read_bytes
from cjph_graph.rdf.format import format_turtle
from cjph_graph.system import shown
from cjph_graph.validation import Finding, ValidationOptions, rule_of, validate

_T = TypeVar("_T")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_PAUSE = 0.3  # seconds without a key pressed before the text is checked
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}
_KINDS = {
    "prefix": lsp.CompletionItemKind.Module,
    "class": lsp.CompletionItemKind.Class,
    "property": lsp.CompletionItemKind.Property,
    "value": lsp.CompletionItemKind.Value,
}


def make_server(home: Home) -> LanguageServer:
    """Return a server for the files of a home; `start_io` runs it."""
    # Whole texts are exchanged: the library and the protocol count lines differently.
    whole = lsp.TextDocumentSyncKind.Full
    server = LanguageServer("cjph", version("cjph-graph"), text_document_sync_kind=whole)
    desk = _Desk(home)

    async def check(uri: str) -> None:
        document = server.workspace.get_text_document(uri)
        seen = document.version
        await asyncio.sleep(_PAUSE)
        if document.version != seen or unquote(uri) not in server.workspace.text_documents:
            return  # somebody types on, or has closed it
        found = await asyncio.to_thread(desk.diagnostics, uri, document.source)
        if document.version == seen:
            server.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri=uri, diagnostics=found, version=seen)
            )

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(
        params: lsp.DidOpenTextDocumentParams | lsp.DidChangeTextDocumentParams,
    ) -> None:
        await check(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(_: lsp.DidSaveTextDocumentParams) -> None:
        desk.forget()
        for document in [*server.workspace.text_documents.values()]:
            await check(document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        empty = lsp.PublishDiagnosticsParams(uri=params.text_document.uri, diagnostics=[])
        server.text_document_publish_diagnostics(empty)

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[":", " "])
    )
    def complete(params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        document = server.workspace.get_text_document(params.text_document.uri)
        return desk.completions(document, params.position)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        text = desk.at(document, params.position, Editing.explanation)
        markdown = lsp.MarkupKind.Markdown
        return lsp.Hover(lsp.MarkupContent(markdown, text)) if text else None

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def define(params: lsp.DefinitionParams) -> lsp.Location | None:
        document = server.workspace.get_text_document(params.text_document.uri)
        found = desk.at(document, params.position, Editing.origin)
        if not found:
            return None
        place = lsp.Position(found[1] - 1, 0)
        return lsp.Location(Path(found[0]).resolve().as_uri(), lsp.Range(place, place))

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    @server.feature(lsp.TEXT_DOCUMENT_WILL_SAVE_WAIT_UNTIL)
    def formatted(
        params: lsp.DocumentFormattingParams | lsp.WillSaveTextDocumentParams,
    ) -> list[lsp.TextEdit]:
        return desk.formatted(server.workspace.get_text_document(params.text_document.uri))

    return server


class _Desk:
    """What the server knows between two requests: the home, read when it is first needed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._editing: Editing | None = None
        self._stale = True

    def forget(self) -> None:
        """Read the home anew when it is next needed."""
        self._stale = True

    def editing(self) -> Editing | None:
        """Return the help that the home gives; the last that worked if a file is broken now."""
        if self._stale:
            self._stale = False
            try:
                self._editing = Editing(HomeContents(self._home))
            except CjphError:
                self._stale = self._editing is None
        return self._editing

    def diagnostics(self, uri: str, source: str) -> list[lsp.Diagnostic]:
        """Return the findings of a text as if it were saved, in the words of `cjph validate`."""
        path = Path(unquote(urlsplit(uri).path))
        lines = _lines(source)
        try:
            file = read_bytes(source.encode("utf-8", "surrogatepass"), shown(path))
            report = validate(ValidationOptions([file], self._home))
        except CjphError as error:
            return [_diagnostic(error.message, error.hint, _range(lines, 1, 1), "error", "cjph")]
        return [_found(finding, lines) for finding in report.findings]

    def completions(
        self, document: TextDocument, position: lsp.Position
    ) -> list[lsp.CompletionItem]:
        """Return what the word at a position may become."""
        if (editing := self.editing()) is None:
            return []
        column = _characters(_line(document, position), position.character)
        above = "".join(_lines(document.source)[: position.line])
        before = above + _line(document, position)[:column]
        word, found = editing.suggestions(before, document.source)
        start = position.character - len(word.encode("utf-16-le")) // 2
        place = lsp.Range(lsp.Position(position.line, start), position)
        return [_item(each, place, number) for number, each in enumerate(found)]

    def at(
        self,
        document: TextDocument,
        position: lsp.Position,
        answer: Callable[[Editing, str, int, str], _T],
    ) -> _T | None:
        """Return what is known about the text at a position; None where there is nothing."""
        if (editing := self.editing()) is None:
            return None
        line = _line(document, position)
        return answer(editing, line, _characters(line, position.character), document.source)

    def formatted(self, document: TextDocument) -> list[lsp.TextEdit]:
        """Return the edit that lays a text out; none where it is not Turtle or is laid out."""
        try:
            order = property_order(read_schema(read_shapes(self._home)))
            text = format_turtle(document.source.encode("utf-8"), order).decode("utf-8")
        except (CjphError, SyntaxError, UnicodeError):
            return []  # what is wrong is shown at its place
        if text == document.source:
            return []
        end = lsp.Position(len(_lines(document.source)) + 1, 0)
        return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), text)]


def _item(each: Suggestion, place: lsp.Range, number: int) -> lsp.CompletionItem:
    top = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
    return lsp.CompletionItem(
        label=each.text,
        kind=_KINDS[each.kind],
        detail=each.label,
        documentation=each.meaning or None,
        # People look for a thing by its label as well as by its slug.
        filter_text=f"{each.text} {each.label}",
        sort_text=f"{number:06}",
        text_edit=lsp.TextEdit(place, each.text),
        additional_text_edits=[lsp.TextEdit(top, each.declaration)] if each.declaration else None,
    )


def _found(finding: Finding, lines: list[str]) -> lsp.Diagnostic:
    place = _range(lines, finding.line or 1, finding.column or 1)
    return _diagnostic(finding.message, finding.hint, place, finding.severity, rule_of(finding))


def _diagnostic(
    message: str, hint: str | None, place: lsp.Range, severity: str, rule: str
) -> lsp.Diagnostic:
    text = f"{message}\n{hint}" if hint else message
    return lsp.Diagnostic(
        range=place,
        message=text,
        severity=_SEVERITIES.get(severity, lsp.DiagnosticSeverity.Error),
        code=rule,
        source="cjph",
    )


def _range(lines: list[str], line: int, column: int) -> lsp.Range:
    """Return the word at a line and column, which count from 1, in units of UTF-16."""
    text = lines[line - 1] if line <= len(lines) else ""
    start = min(column - 1, len(text))
    end = start
    quoted = text[start : start + 1] in ('"', "'") and text.find(text[start], start + 1)
    if quoted and quoted > 0:
        end = quoted + 1
    while end < len(text) and not text[end].isspace() and text[end] not in ";,":
        end += 1
    return lsp.Range(
        lsp.Position(line - 1, _units(text[:start])), lsp.Position(line - 1, _units(text[:end]))
    )


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends, as the protocol counts them."""
    return _LINE.findall(text)


def _line(document: TextDocument, position: lsp.Position) -> str:
    lines = _lines(document.source)
    return lines[position.line] if position.line < len(lines) else ""


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(line: str, units: int) -> int:
    """Return how many characters a number of units of UTF-16 are at the start of a line."""
    data = line.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return len(data.decode("utf-16-le", "ignore"))
