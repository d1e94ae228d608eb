"""
The server of `auditor lsp`: what an editor sends, and what it gets back.

The loop that reads messages does nothing that takes time. What is thought about goes to one other thread, in order;
what is out of date by the time its turn comes is not thought about at all. Whatever goes wrong in one message is
written to the log, and the next message finds the server as it was.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from auditor import __version__
from auditor.cli.editor import wire
from auditor.documents.code_units import EditorText
from auditor.usecases.editing.case_runs import CaseRun, lenses, pair_of, run_cases, stamp_of
from auditor.usecases.editing.desk import Desk
from auditor.usecases.editing.file_kinds import kind_of
from auditor.usecases.editing.notes import note_on
from auditor.usecases.editing.open_files import OpenFiles
from auditor.usecases.editing.proposals import proposals
from auditor.usecases.editing.remarks import remarks_on
from auditor.usecases.editing.spot import Spot
from auditor.usecases.editing.targets import target_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Sequence

    from auditor.documents.code_units import Encoding
    from auditor.usecases.editing.case_runs import Lens

    T = TypeVar("T")
    Handler = Callable[..., Awaitable[Any]]

_TRIGGERS: Final = (".", "/", "[", "{", " ", "'", '"')
_NAMED: Final = 3
"""Failed cases that a message names."""
_LOG: Final = logging.getLogger("auditor.lsp")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One version of an open file."""

    path: Path
    uri: str
    """As the editor writes it."""
    version: int | None
    text: EditorText
    kind: str | None
    """See `kind_of`; None for a file of which nothing is said."""


class _Protocol(LanguageServerProtocol):
    """Leaves the texts to `Editor`, which knows where lines end in the files that are read here."""

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand a change on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None


class _Server(LanguageServer):
    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002 - pygls' signature
        """Write what went wrong into the log of the editor: nobody who writes a policy can mend it."""
        self.window_log_message(
            types.LogMessageParams(types.MessageType.Error, f"auditor: {error!r}")
        )


class Editor:
    """
    One session of an editor.

    Args:
        profile: File of the organisation's profile.
        policies: Folders of the policies that a profile can speak of.
    """

    def __init__(self, profile: str | None, policies: Sequence[str]) -> None:
        self._profile, self._policies = profile, tuple(policies)
        self._files = OpenFiles()
        self._desk = Desk(self._files, profile, self._policies)
        self._open: dict[Path, Document] = {}
        self._runs: dict[Path, CaseRun] = {}
        """What the cases came to, by policy."""
        self._waiting: dict[Path, bool] = {}
        """Files that are still to be looked at, and whether that may be a quick look."""
        self._worker = ThreadPoolExecutor(1, "auditor")
        self.server = _Server("auditor", __version__, protocol_cls=_Protocol)
        self._register()

    def _register(self) -> None:
        feature, server = self.server.feature, self.server
        completion = types.CompletionOptions(trigger_characters=list(_TRIGGERS))
        fixes = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
        for name, handler, options in (
            (types.INITIALIZE, self._initialize, None),
            (types.INITIALIZED, self._initialized, None),
            (types.TEXT_DOCUMENT_DID_OPEN, self._did_open, None),
            (types.TEXT_DOCUMENT_DID_CHANGE, self._did_change, None),
            (types.TEXT_DOCUMENT_DID_SAVE, self._did_save, None),
            (types.TEXT_DOCUMENT_DID_CLOSE, self._did_close, None),
            (types.TEXT_DOCUMENT_COMPLETION, self._completion, completion),
            (types.TEXT_DOCUMENT_HOVER, self._hover, None),
            (types.TEXT_DOCUMENT_DEFINITION, self._definition, None),
            (types.TEXT_DOCUMENT_CODE_ACTION, self._code_action, fixes),
            (types.TEXT_DOCUMENT_CODE_LENS, self._code_lens, None),
        ):
            feature(name, options)(self._guarded(handler))

        # Registered alone: pygls looks at the names and types of a command's own arguments.
        run = self._guarded(self._run_cases)

        @server.command(wire.RUN_CASES)
        async def run_cases_command(*arguments: Any) -> Any:  # noqa: ANN401 - whatever the editor sends
            return await run(*arguments)

    def _guarded(self, handler: Handler) -> Handler:
        """Return a handler that never fails: what goes wrong is logged, and the answer is that there is none."""

        @wraps(handler)
        async def guarded(*arguments: Any) -> Any:  # noqa: ANN401 - each handler's own
            try:
                return await handler(*arguments)
            except Exception as error:  # noqa: BLE001 - one message must not take the others with it
                _LOG.exception("cannot answer")
                told = f"auditor: cannot answer: {type(error).__name__}: {error}"
                self.server.window_log_message(
                    types.LogMessageParams(types.MessageType.Error, told)
                )
                return None

        return guarded

    async def _thought(self, work: Callable[[], T]) -> T:
        """Return what *work* returns, without keeping the next message waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def close(self) -> None:
        """Stop thinking."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    # ----- begin

    async def _initialize(self, params: types.InitializeParams) -> None:
        options = params.initialization_options
        named = options.get("profile") if isinstance(options, dict) else None
        if isinstance(named, str) and named:
            root = to_fs_path(self.server.workspace.root_uri or "")
            profile = str(Path(root or "") / named)
            self._desk = Desk(self._files, profile, self._policies)

    async def _initialized(self, _: types.InitializedParams) -> None:
        error = await self._thought(lambda: self._desk.profile_error)
        if error is not None:
            first = getattr(error, "errors", (error,))[0]
            self._say(types.MessageType.Warning, f"the profile is not used: {first.message}")

    # ----- texts

    async def _did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        path = _path(item.uri)
        if path is not None:
            self._keep(path, item.uri, item.version, EditorText(item.text, self._encoding))
            await self._tell(path)

    async def _did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        document = self._open.get(path) if path is not None else None
        if path is None or document is None:
            return
        text = document.text
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                first, last = change.range.start, change.range.end
                text = text.replaced(
                    (first.line, first.character), (last.line, last.character), change.text
                )
            else:
                text = EditorText(change.text, self._encoding)
        self._keep(path, document.uri, params.text_document.version, text)
        await self._tell(path, is_typing=True)
        for other in self._depending(path):
            await self._tell(other, is_typing=True)

    async def _did_save(self, params: types.DidSaveTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        if path is not None:
            await self._thought(lambda: self._desk.saved(path))
        for other in tuple(self._open):
            await self._tell(other)
        if self._runs:
            self._ask_for_lenses_again()

    async def _did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        path = _path(params.text_document.uri)
        document = self._open.pop(path, None) if path is not None else None
        if document is not None:
            self._files.drop(document.path)
            self._publish(document, [])
            for other in self._depending(document.path):
                await self._tell(other)

    def _keep(self, path: Path, uri: str, version: int | None, text: EditorText) -> None:
        self._files.put(path, text.text)
        self._open[path] = Document(path, uri, version, text, kind_of(path, text.text))

    def _depending(self, path: Path) -> list[Path]:
        """Return the other open files of which something else may be said now."""
        kind = kind_of(path, self._files.text(path))
        if kind in {"pack", "catalogue"}:
            near = {path.parent, path.parent.parent}
            below = [one for one in self._open if {one.parent, one.parent.parent} & near]
        else:
            pair = pair_of(path, kind or "")
            below = [one for one in self._open if pair and one in {pair.policy, pair.cases}]
            bases = (run for run in self._runs.values() if path in map(Path.resolve, run.others))
            below += [run.pair.cases for run in bases if run.pair.cases in self._open]
        return [one for one in below if one != path]

    @property
    def _encoding(self) -> Encoding:
        agreed = self.server.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return types.PositionEncodingKind(agreed).value

    # ----- diagnostics

    async def _tell(self, path: Path, *, is_typing: bool = False) -> None:
        """Say what is wrong in a file as it is when its turn comes; who is in the queue already is not put in again."""
        is_waiting = path in self._waiting
        self._waiting[path] = self._waiting.get(path, True) and is_typing
        if is_waiting:
            return
        document, found = await self._thought(lambda: self._looked_at(path))
        if document is not None and self._open.get(path) is document:
            self._publish(document, found)

    def _looked_at(self, path: Path) -> tuple[Document | None, list[types.Diagnostic]]:
        is_typing = self._waiting.pop(path, False)
        document = self._open.get(path)
        if document is None or document.kind is None:  # it may have been of another kind before
            return document, []
        found = [
            wire.diagnostic(document.text, one)
            for one in remarks_on(self._desk, path, document.kind, is_typing=is_typing)
        ]
        run = self._run_of(document)
        if run is not None and document.path == run.pair.cases:
            found += [wire.failed_case(document.text, one) for one in run.failed]
        return document, found

    def _publish(self, document: Document, found: list[types.Diagnostic]) -> None:
        self.server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(document.uri, found, document.version)
        )

    # ----- what is asked

    def _spot(
        self, params: types.CompletionParams | types.HoverParams | types.DefinitionParams
    ) -> tuple[Document, Spot] | None:
        path = _path(params.text_document.uri)
        document = self._open.get(path) if path is not None else None
        if document is None or document.kind is None:
            return None
        place = params.position
        offset = document.text.offset((place.line, place.character))
        return document, Spot(document.path, document.kind, document.text.text, offset)

    async def _completion(self, params: types.CompletionParams) -> types.CompletionList | None:
        at = self._spot(params)
        if at is None:
            return None
        document, spot = at
        found = await self._thought(lambda: list(proposals(self._desk, spot)))
        is_markdown = self._takes_markdown("completion")
        items = [
            wire.completion_item(document.text, one, order, is_markdown=is_markdown)
            for order, one in enumerate(found)
        ]
        return types.CompletionList(is_incomplete=False, items=items)

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        at = self._spot(params)
        if at is None:
            return None
        document, spot = at
        found = await self._thought(lambda: note_on(self._desk, spot))
        if found is None:
            return None
        return wire.hover(document.text, found, is_markdown=self._takes_markdown("hover"))

    async def _definition(self, params: types.DefinitionParams) -> types.Location | None:
        at = self._spot(params)
        found = await self._thought(lambda: target_of(self._desk, at[1])) if at else None
        if found is None:
            return None
        there = self._open.get(found.path)
        uri = there.uri if there is not None else found.path.as_uri()
        text = EditorText(found.text, self._encoding)
        return types.Location(uri, wire.stretch(text, found.start, found.end))

    async def _code_action(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        path = _path(params.text_document.uri)
        document = self._open.get(path) if path is not None else None
        if document is None:
            return []
        found = (
            wire.quick_fix(document.text, document.uri, one) for one in params.context.diagnostics
        )
        return [one for one in found if one is not None]

    def _takes_markdown(self, feature: str) -> bool:
        """Whether the editor shows Markdown."""
        asked = self.server.client_capabilities.text_document
        if asked is None:
            return False
        if feature == "hover":
            formats = asked.hover.content_format if asked.hover else None
        else:
            item = asked.completion.completion_item if asked.completion else None
            formats = item.documentation_format if item else None
        return types.MarkupKind.Markdown in (formats or ())

    # ----- cases

    async def _code_lens(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        path = _path(params.text_document.uri)
        document = self._open.get(path) if path is not None else None
        if document is None or document.kind is None:
            return []
        found = await self._thought(lambda: self._lenses(document))
        return [wire.code_lens(document.text, one) for one in found]

    def _lenses(self, document: Document) -> list[Lens]:
        run = self._run_of(document)
        kind = document.kind or ""
        return list(lenses(self._desk, document.path, kind, document.text.text, run))

    def _run_of(self, document: Document) -> CaseRun | None:
        """Return what the cases came to to which a file belongs, where nothing has changed since."""
        pair = pair_of(document.path, document.kind or "")
        run = self._runs.get(pair.policy) if pair is not None else None
        if run is None or run.stamp != stamp_of(self._desk, run.pair, run.others):
            return None
        return run

    async def _run_cases(self, uri: object = None, only: object = None, *_: object) -> object:
        path = _path(uri) if isinstance(uri, str) else None
        pair = pair_of(path, "policy") if path is not None else None
        if pair is None:
            return None
        number = only if isinstance(only, int) and not isinstance(only, bool) else None
        run = await self._thought(lambda: run_cases(self._desk, pair, number))
        self._runs[pair.policy] = run.added_to(self._runs.get(pair.policy))
        await self._tell(pair.cases)
        self._ask_for_lenses_again()
        self._say(*_told(run))
        return {"cases": len(run.results), "passed": run.passed}

    def _ask_for_lenses_again(self) -> None:
        """Have the editor ask anew what stands above the lines: of its own accord it asks of changed files alone."""
        lens = self.server.client_capabilities.workspace
        if lens is not None and lens.code_lens is not None and lens.code_lens.refresh_support:
            self.server.workspace_code_lens_refresh(None)

    def _say(self, level: types.MessageType, message: str) -> None:
        self.server.window_show_message(types.ShowMessageParams(level, message))


def _told(run: CaseRun) -> tuple[types.MessageType, str]:
    """Say what the cases came to, naming those that failed."""
    name = run.pair.policy.stem
    failed = [one.case.name for one in run.failed]
    said = f"{name}: {run.in_words}"
    if run.errors and not run.results:
        return types.MessageType.Error, f"{said}: {run.errors[0].message}"
    if failed:
        more = f", and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        return types.MessageType.Warning, f"{said}; FAILED: {', '.join(failed[:_NAMED])}{more}"
    return types.MessageType.Info, said


def _path(uri: str) -> Path | None:
    """Return the file that an editor means; None for what is no file."""
    found = to_fs_path(uri)
    return Path(found).resolve() if found else None
