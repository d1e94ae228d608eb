"""
What is known of a file, in the words of the Language Server Protocol.

Text that others wrote is shown as it is: nothing in it may become a link or a picture in somebody's editor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from auditor.reporters.foreign_text import flowing
from auditor.usecases.fix_policies import change_for

if TYPE_CHECKING:
    from auditor.documents.code_units import EditorText, Place
    from auditor.language.lint import LintFinding
    from auditor.usecases.editing.case_runs import Lens, RanCase
    from auditor.usecases.editing.notes import Note
    from auditor.usecases.editing.proposals import Proposal

SOURCE: Final = "auditor"
RUN_CASES: Final = "auditor.runCases"
"""The command of a lens; its arguments are the policy's URI and the number of one case, or null for all."""

_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~&]|:(?=//)|^[-+](?=\s))", re.MULTILINE)
"""What Markdown would act on."""
_LEVELS: Final = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}
_KINDS: Final = {
    "choice": types.CompletionItemKind.EnumMember,
    "control": types.CompletionItemKind.Reference,
    "field": types.CompletionItemKind.Field,
    "function": types.CompletionItemKind.Function,
    "key": types.CompletionItemKind.Property,
    "macro": types.CompletionItemKind.Keyword,
    "method": types.CompletionItemKind.Method,
    "pointer": types.CompletionItemKind.Value,
    "policy": types.CompletionItemKind.Reference,
    "value": types.CompletionItemKind.EnumMember,
    "variable": types.CompletionItemKind.Variable,
    "word": types.CompletionItemKind.Function,
}


def position(place: Place) -> types.Position:
    """Return a place."""
    return types.Position(*place)


def stretch(text: EditorText, start: int, end: int) -> types.Range:
    """Return a stretch of a text."""
    return types.Range(position(text.place(start)), position(text.place(end)))


def diagnostic(text: EditorText, found: LintFinding) -> types.Diagnostic:
    """Return a finding of lint; what to write instead belongs to what is said."""
    start, end = text.mark(found.location)
    said = flowing(f"{found.message}; {found.hint}" if found.hint else found.message)
    change = change_for(text.source, found)
    return types.Diagnostic(
        types.Range(position(start), position(end)),
        said,
        severity=_LEVELS[found.level],
        code=found.slug,
        source=SOURCE,
        data=None if change is None else [*change[:2], found.instead],
    )


def quick_fix(text: EditorText, uri: str, found: types.Diagnostic) -> types.CodeAction | None:
    """Return what mends a mark, where only one thing can be meant and the text is still as it was."""
    match found.data:
        case [int(start), int(end), [str(wrong), str(right)]] if text.text[start:end] == wrong:
            edit = types.TextEdit(stretch(text, start, end), right)
        case _:
            return None
    return types.CodeAction(
        flowing(f"Write '{right}' instead of '{wrong}'"),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[found],
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
        is_preferred=True,
    )


def failed_case(text: EditorText, found: RanCase) -> types.Diagnostic:
    """Return a case that did not come out as it says, with every difference."""
    start, end = text.mark(found.case.location)
    said = "\n".join(["the case did not come out as it says:", *map(flowing, found.differences)])
    return types.Diagnostic(
        types.Range(position(start), position(end)),
        said,
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
    )


def completion_item(
    text: EditorText, found: Proposal, order: int, *, is_markdown: bool
) -> types.CompletionItem:
    """Return a proposal; *order* keeps it at its place among the others."""
    return types.CompletionItem(
        found.label,
        kind=_KINDS.get(found.kind, types.CompletionItemKind.Text),
        detail=flowing(found.detail) or None,
        documentation=content(("", (found.about,)), is_markdown=is_markdown)
        if found.about
        else None,
        sort_text=f"{order:05}",
        filter_text=found.insert,
        text_edit=types.TextEdit(stretch(text, found.start, found.end), found.insert),
    )


def hover(text: EditorText, found: Note, *, is_markdown: bool) -> types.Hover:
    """Return what is said of a stretch."""
    return types.Hover(
        content((found.code, found.paragraphs), is_markdown=is_markdown),
        stretch(text, found.start, found.end),
    )


def content(told: tuple[str, tuple[str, ...]], *, is_markdown: bool) -> types.MarkupContent:
    """Return code and paragraphs as an editor shows them."""
    code, paragraphs = told
    plain = [flowing(one) for one in paragraphs]
    if not is_markdown:
        lines = [flowing(code), *plain] if code else plain
        return types.MarkupContent(types.MarkupKind.PlainText, "\n\n".join(lines))
    blocks = [f"```cel\n{flowing(code).replace('```', '')}\n```"] if code else []
    blocks += [_MARKS.sub(r"\\\1", one) for one in plain]
    return types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(blocks))


def code_lens(text: EditorText, found: Lens) -> types.CodeLens:
    """Return a line above which cases can be run."""
    uri = found.pair.policy.as_uri()
    return types.CodeLens(
        stretch(text, found.start, found.start),
        command=types.Command(found.title, RUN_CASES, arguments=[uri, found.only]),
    )
