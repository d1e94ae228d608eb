"""
What every verb's ``--help`` has: examples, and the exit codes that it can end with.

A verb gives both as data, so that a test can hold it to them and the pages look alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from auditor.model.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable

EXIT_MEANINGS: Final = {
    ExitCode.OK: "evaluated, nothing at or over the gate",
    ExitCode.GATED: "findings at or over the gate",
    ExitCode.USAGE: "wrong use of the command line, or a result that cannot be written",
    ExitCode.NOTHING: "nothing was audited: no policy or no snapshot matched",
    ExitCode.BAD_INPUT: "an input cannot be read",
    ExitCode.POLICY_BROKE: "a policy broke while it was evaluated",
    ExitCode.BUG: "a fault of auditor itself",
}
"""Source: DESIGN.md, section 5."""

HELP_WIDTH: Final = 90
"""How wide a page of help gets at most, on a terminal that has the room."""

HELP: Final = {"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH}
"""Settings of every command: the short form is asked for everywhere, too."""


class Verb(click.Command):
    """
    A command with examples and exit codes.

    Args:
        examples: Command lines, as typed.
        exits: What the codes mean for this verb, where the general meaning says too little; 2 and 70 are
            added to every verb.
    """

    def __init__(
        self,
        name: str | None,
        *,
        examples: Iterable[str] = (),
        exits: dict[ExitCode, str] | None = None,
        **attributes: Any,  # noqa: ANN401 - handed on to click as it is
    ) -> None:
        super().__init__(name, context_settings=HELP, **attributes)
        self.examples = tuple(examples)
        codes = {**(exits or {}), ExitCode.USAGE: None, ExitCode.BUG: None}
        self.exits = {code: codes[code] or EXIT_MEANINGS[code] for code in sorted(codes)}

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples and exit codes below the options."""
        super().format_epilog(ctx, formatter)
        write_examples(formatter, self.examples)
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), text) for code, text in self.exits.items()])


def write_examples(formatter: click.HelpFormatter, examples: Iterable[str]) -> None:
    """Write command lines as they are: wrapped, they could not be copied."""
    with formatter.section("Examples"):
        for example in examples:
            formatter.write(f"{'':{formatter.current_indent}}{example}\n")
