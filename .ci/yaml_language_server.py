"""
Open our files in the YAML language server, as an editor does that knows nothing of this program.

It must find each file's schema by its first line, say nothing of what is right, mark what is wrong, complete keys
and explain them. It is the server behind YAML in VS Code, Neovim, Helix and others.

    .ci/yaml_language_server.py FOLDER      FOLDER: where npm has installed yaml-language-server
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 60
"""A server that does not answer by then is broken."""


@dataclass
class Editor:
    """One session with the server."""

    client: LanguageClient = field(default_factory=lambda: LanguageClient("editor", "1"))
    said: dict[str, list[str]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, server: Path) -> None:
        """Start the server, and give it no settings at all."""

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            lines = [f"{one.range.start.line + 1}: {one.message}" for one in params.diagnostics]
            self.said[params.uri] = lines
            self.news.set()

        @self.client.feature(types.WORKSPACE_CONFIGURATION)
        def configuration(params: types.ConfigurationParams) -> list[Any]:
            return [{} for _ in params.items]

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(_: types.RegistrationParams) -> None:
            return None

        await self.client.start_io("node", str(server), "--stdio")
        await self.client.initialize_async(
            types.InitializeParams(
                types.ClientCapabilities(
                    text_document=types.TextDocumentClientCapabilities(
                        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(),
                        hover=types.HoverClientCapabilities(
                            content_format=[types.MarkupKind.Markdown]
                        ),
                    )
                ),
                root_uri=ROOT.as_uri(),
            )
        )
        self.client.initialized(types.InitializedParams())

    async def open(self, path: Path, text: str) -> list[str]:
        """Open a file, once in a session, and return what is said of it: line and message."""
        uri = path.as_uri()
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text))
        )
        while uri not in self.said:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), PATIENCE_S)
        return self.said[uri]

    async def hover(self, path: Path, line: int, column: int) -> str:
        """Return what is shown at a place, from 0."""
        found = await self.client.text_document_hover_async(
            types.HoverParams(
                types.TextDocumentIdentifier(path.as_uri()), types.Position(line, column)
            )
        )
        return str(getattr(found.contents, "value", found.contents)) if found else ""

    async def complete(self, path: Path, line: int, column: int) -> list[str]:
        """Return what is offered at a place, from 0."""
        found = await self.client.text_document_completion_async(
            types.CompletionParams(
                types.TextDocumentIdentifier(path.as_uri()), types.Position(line, column)
            )
        )
        items = found.items if isinstance(found, types.CompletionList) else found or []
        return [one.label for one in items]


def naming_a_schema(*folders: Path) -> list[Path]:
    """Return every file that names its schema, as ours do that are whole documents."""
    files = sorted(file for folder in folders for file in folder.rglob("*.y*ml"))
    return [file for file in files if file.read_bytes().startswith(b"# yaml-language-server: ")]


def generated(folder: Path) -> list[Path]:
    """Let the program write files, and return those that are to name their schema."""
    auditor = Path(sys.executable).with_name("auditor")
    policy = {
        "pack": "ours", "control": "OURS-RSK-01", "severity": "high", "shape": "has", "list": "risks",
        "field": "owner", "title": "A risk has no owner", "why": "Nobody acts.", "fix": "Name an owner.",
        "policies": "packs",
    }  # fmt: skip
    options = [part for name, value in policy.items() for part in (f"--{name}", value)]
    for command in (
        ["init", "delivery", "--name", "Apollo", "--time-zone", "Europe/Berlin"],
        ["policy", "new", *options],
    ):
        subprocess.run([auditor, *command], cwd=folder, check=True, capture_output=True)
    named = naming_a_schema(folder)
    if len(named) != len(GENERATED):
        sys.exit(f"of the files that are written, these name a schema: {named}; want {GENERATED}")
    return named


GENERATED = (
    "auditor.yaml", "pack.yaml", "risk-has-no-owner.yaml", "risk-has-no-owner.cases.yaml",
)  # fmt: skip
MISTAKES = (
    ("policies/seef/high-risk-not-escalated.yaml", "severity: high", "severity: hihg"),
    ("policies/seef/high-risk-not-escalated.cases.yaml", "outcome: pass", "outcome: passed"),
    ("policies/seef/catalogue.yaml", "    area: Scope", "    aera: Scope"),
    ("policies/seef/pack.yaml", "title: Service", "tilte: Service"),
    ("fixtures/organisation/profile.yaml", "owner: Delivery", "ownr: Delivery"),
)
"""File, what stands there, and what somebody types instead."""


async def check(server: Path, folder: Path) -> list[str]:
    """Return what does not hold."""
    editor, wrong = Editor(), []
    await editor.start(server)
    ours = naming_a_schema(ROOT / "policies", ROOT / "fixtures", ROOT / "tests" / "data")
    files = [*ours, *generated(folder)]
    # All at once: the server waits a while before it looks at each.
    told = await asyncio.gather(
        *(editor.open(path, path.read_text(encoding="utf-8")) for path in files)
    )
    for path, said in zip(files, told, strict=True):
        wrong += [f"{path}:{one}" for one in said]
    print(f"{len(files)} files opened")
    for name, right, slip in MISTAKES:
        path = ROOT / name
        text = path.read_text(encoding="utf-8")
        if right not in text:
            wrong.append(f"{name}: '{right}' is not there any more")
        beside = path.with_name(f"mistaken-{path.name}")
        said = await editor.open(beside, text.replace(right, slip, 1))
        line = text[: text.find(right)].count("\n") + 1
        if not any(one.startswith(f"{line}: ") for one in said):
            wrong.append(f"{name}: '{slip}' is not marked in line {line}, but: {said}")
    path = ROOT / "policies/seef/half-written.yaml"
    text = (ROOT / MISTAKES[0][0]).read_text(encoding="utf-8")
    await editor.open(path, f"{text}eff")
    lines = text.split("\n")
    about = await editor.hover(path, lines.index("severity: high"), 2)
    if "What a finding weighs" not in about:
        wrong.append(f"hover over 'severity' says: {about!r}")
    keys = await editor.complete(path, len(lines) - 1, 3)
    if "effective" not in keys:
        wrong.append(f"behind 'eff' there is offered: {keys}")
    await editor.client.shutdown_async(None)
    editor.client.exit(None)
    await editor.client.stop()
    return wrong


def main() -> int:
    """Run the check; 1 where something does not hold."""
    server = Path(sys.argv[1]) / "node_modules" / "yaml-language-server" / "bin"
    with tempfile.TemporaryDirectory() as folder:
        wrong = asyncio.run(check(server / "yaml-language-server", Path(folder)))
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
