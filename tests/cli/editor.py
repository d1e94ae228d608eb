"""An editor, as far as the Language Server Protocol goes: it starts ``auditor lsp`` and talks to it over stdio."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.cli.conftest import AUDITOR

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
SEEF = ROOT / "policies" / "seef"
RISK = SEEF / "high-risk-not-escalated.yaml"
CASES = SEEF / "high-risk-not-escalated.cases.yaml"
TEXT = RISK.read_text(encoding="utf-8")
CASES_TEXT = CASES.read_text(encoding="utf-8")
NUMBER = CASES_TEXT.count("\n  - name: ")
"""A policy of many parts, and its cases."""

_PATIENCE_S = 60
"""Nothing takes that long; a server that does not answer fails the test instead of hanging it."""


def mark(text: str, part: str, nth: int = 0) -> types.Range:
    """Return where *part* stands in *text*, in units of UTF-16."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(part, start + 1)
    return types.Range(position(text, start), position(text, start + len(part)))


def position(text: str, offset: int) -> types.Position:
    """Return the place of a character, in units of UTF-16."""
    before = text[:offset].split("\n")
    return types.Position(len(before) - 1, len(before[-1].encode("utf-16-le")) // 2)


def labels(found: list[types.CompletionItem]) -> list[str]:
    """Return what is offered."""
    return [one.label for one in found]


def behind(text: str, part: str) -> types.Position:
    """Return the place right behind a part of a text."""
    return position(text, text.index(part) + len(part))


def shown(hover: types.Hover | None) -> str:
    """Return what a hover says."""
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    return hover.contents.value.replace("\\", "")


@dataclass
class Editor:
    """One session; every call waits until its answer is there."""

    runner: asyncio.Runner
    client: LanguageClient = field(default_factory=lambda: LanguageClient("editor", "1"))
    diagnostics: dict[tuple[str, int | None], list[types.Diagnostic]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    refreshed: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _versions: dict[str, int] = field(default_factory=dict)
    _texts: list[Path] = field(default_factory=list)
    _published: Counter[str] = field(default_factory=Counter)
    _heard: Counter[str] = field(default_factory=Counter)

    def start(
        self, *arguments: str, root: Path | None = None, options: Any = None
    ) -> types.InitializeResult:
        """Start the server, and agree with it on what each can do."""
        self._listen()
        return self._wait(self._started(arguments, root, options))

    async def _started(
        self, arguments: tuple[str, ...], root: Path | None, options: Any
    ) -> types.InitializeResult:
        await self.client.start_io(str(AUDITOR), "lsp", *arguments)
        markdown = [types.MarkupKind.Markdown]
        capabilities = types.ClientCapabilities(
            text_document=types.TextDocumentClientCapabilities(
                hover=types.HoverClientCapabilities(content_format=markdown),
            ),
            workspace=types.WorkspaceClientCapabilities(
                code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
            ),
        )
        result = await self.client.initialize_async(
            types.InitializeParams(
                capabilities,
                root_uri=root.as_uri() if root else None,
                initialization_options=options,
            )
        )
        self.client.initialized(types.InitializedParams())
        return result

    def _listen(self) -> None:
        def feature(name: str) -> Callable[[Callable[[Any], Any]], Any]:
            found: Callable[[Callable[[Any], Any]], Any] = self.client.feature(name)
            return found

        @feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri, params.version] = list(params.diagnostics)
            self._published[params.uri] += 1
            self._news.set()

        @feature(types.WINDOW_SHOW_MESSAGE)
        def shown(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self._news.set()

        @feature(types.WINDOW_LOG_MESSAGE)
        def logged(params: types.LogMessageParams) -> None:
            self.log.append(params.message)

        @feature(types.WORKSPACE_CODE_LENS_REFRESH)
        def refresh(_: None) -> None:
            self.refreshed += 1

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(asyncio.wait_for(work, _PATIENCE_S))

    def ask(self, request: Awaitable[T]) -> T:
        """Return the answer to a request."""

        async def answer() -> T:
            return await request

        return self._wait(answer())

    async def _until(self, is_there: Callable[[], bool]) -> None:
        while not is_there():
            self._news.clear()
            await self._news.wait()

    # ----- files

    def open(self, path: Path, text: str | None = None) -> list[types.Diagnostic]:
        """Open a file, and return what is said of it."""
        self._open(path, path.read_text(encoding="utf-8") if text is None else text)
        return self.said(path)

    def _open(self, path: Path, text: str) -> None:
        uri = path.as_uri()
        version = self._versions[uri] = self._versions.get(uri, 0) + 1
        self._texts.append(path)
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", version, text))
        )

    def type(self, path: Path, where: types.Range, text: str) -> list[types.Diagnostic]:
        """Replace a stretch of an open file, and return what is said of it then."""
        change = types.TextDocumentContentChangePartial(where, text)
        return self._change(path, change)

    def put(self, path: Path, text: str) -> list[types.Diagnostic]:
        """Replace an open file as a whole, and return what is said of it then."""
        return self._change(path, types.TextDocumentContentChangeWholeDocument(text))

    def _change(self, path: Path, change: Any) -> list[types.Diagnostic]:
        uri = path.as_uri()
        version = self._versions[uri] = self._versions[uri] + 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri), [change]
            )
        )
        return self.said(path)

    def said(self, path: Path) -> list[types.Diagnostic]:
        """Return what is said of the newest version of an open file."""
        uri = path.as_uri()
        key = uri, self._versions[uri]
        self._wait(self._until(lambda: key in self.diagnostics))
        self._heard[uri] = self._published[uri]
        return self.diagnostics[key]

    def save(self, path: Path) -> None:
        """Say that an open file was saved, and wait until it is known."""
        identifier = types.TextDocumentIdentifier(path.as_uri())
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier))
        self.said_again(path)

    def close(self, path: Path) -> None:
        """Close a file."""
        self._texts.remove(path)
        identifier = types.TextDocumentIdentifier(path.as_uri())
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def message(self) -> str:
        """Return the next message that is shown."""
        self._wait(self._until(lambda: bool(self.messages)))
        return self.messages.pop(0)

    def said_again(self, path: Path) -> list[types.Diagnostic]:
        """Return what is said of an open file now, after another one has changed or cases were run."""
        uri = path.as_uri()
        self._wait(self._until(lambda: self._published[uri] > self._heard[uri]))
        return self.said(path)

    def close_all(self) -> None:
        """Close every file, and forget what was shown."""
        self.messages.clear()
        for path in list(self._texts):
            self.close(path)

    # ----- questions

    def complete(self, path: Path, where: types.Position) -> list[types.CompletionItem]:
        """Return what is offered at a place."""
        found = self.ask(
            self.client.text_document_completion_async(
                types.CompletionParams(types.TextDocumentIdentifier(path.as_uri()), where)
            )
        )
        return list(found.items) if isinstance(found, types.CompletionList) else []

    def hover(self, path: Path, where: types.Position) -> types.Hover | None:
        """Return what is shown at a place."""
        return self.ask(
            self.client.text_document_hover_async(
                types.HoverParams(types.TextDocumentIdentifier(path.as_uri()), where)
            )
        )

    def definition(self, path: Path, where: types.Position) -> types.Location | None:
        """Return where that is written which stands at a place."""
        found = self.ask(
            self.client.text_document_definition_async(
                types.DefinitionParams(types.TextDocumentIdentifier(path.as_uri()), where)
            )
        )
        assert found is None or isinstance(found, types.Location)
        return found

    def fixes(self, path: Path, marks: list[types.Diagnostic]) -> list[types.CodeAction]:
        """Return what is offered to mend marks."""
        found = self.ask(
            self.client.text_document_code_action_async(
                types.CodeActionParams(
                    types.TextDocumentIdentifier(path.as_uri()),
                    marks[0].range,
                    types.CodeActionContext(marks),
                )
            )
        )
        return [one for one in found or [] if isinstance(one, types.CodeAction)]

    def lenses(self, path: Path) -> list[types.CodeLens]:
        """Return the lines above which something can be started."""
        found = self.ask(
            self.client.text_document_code_lens_async(
                types.CodeLensParams(types.TextDocumentIdentifier(path.as_uri()))
            )
        )
        return list(found or [])

    def start_lens(self, lens: types.CodeLens) -> Any:
        """Start what a lens offers, and return its result."""
        assert lens.command is not None
        return self.ask(
            self.client.workspace_execute_command_async(
                types.ExecuteCommandParams(lens.command.command, arguments=lens.command.arguments)
            )
        )

    def end(self) -> int | None:
        """End the session as an editor does, and return the exit code of the server."""

        async def ended() -> int | None:
            await self.client.shutdown_async(None)
            self.client.exit(None)
            server = self.client._server  # noqa: SLF001 - pygls gives no other way to the process
            code = await server.wait() if server is not None else None
            await self.client.stop()  # type: ignore[no-untyped-call]
            return code

        return self._wait(ended())
