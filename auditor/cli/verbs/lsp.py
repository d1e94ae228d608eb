"""``auditor lsp``: the server that editors start."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

import click

from auditor.cli.options import written_policies
from auditor.cli.verb import Verb
from auditor.model.errors import ExitCode, UsageProblem, install_extra


@click.command(
    cls=Verb,
    examples=("auditor lsp", "auditor lsp --profile organisation/profile.yaml"),
    exits={ExitCode.OK: "the editor ended it"},
)
@written_policies
def lsp(*, policies: tuple[str, ...], profile: str | None) -> int:
    """
    Help in the editor while policies are written.

    With marks, completion, explanations, and cases that run. An editor starts it, and speaks the Language Server Protocol with it over stdin and stdout; see
    docs/editor.md. Nobody types anything into it.
    """
    # Imported here, so that --help and a slip on the command line do not pay for the compiler.
    try:
        from auditor.cli.editor.server import Editor
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"lsprotocol", "pygls"}:
            raise
        msg = "the editor's server needs pygls, which is not installed"
        raise UsageProblem(msg, hint=install_extra("lsp")) from None

    editor = Editor(profile, policies)
    # Stdout belongs to the protocol: whatever else writes there would end the session.
    wire = sys.stdout.buffer
    try:
        with redirect_stdout(sys.stderr):
            editor.server.start_io(sys.stdin.buffer, wire)
    finally:
        editor.close()
    return ExitCode.OK
