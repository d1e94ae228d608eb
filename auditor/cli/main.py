"""
How a command line becomes a verb, and an exception an exit code.

Verbs come from entry points and are imported only when they are used: ``auditor --version`` and a usage
error must not pay for the evaluator. What a verb raises ends here, and nothing ends in a traceback.
"""

from __future__ import annotations

import sys
from errno import ENAMETOOLONG
from typing import TYPE_CHECKING, Final, NoReturn

import click

from auditor import __version__
from auditor.cli.console import lost_output, wants_colour, wants_traceback, write_text
from auditor.cli.render import render_bug, render_errors
from auditor.cli.verb import EXIT_MEANINGS, HELP, write_examples
from auditor.model.errors import AuditorError, ExitCode, UsageProblem
from auditor.plugins.entry_points import VERBS, load, names
from auditor.reporters.foreign_text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""
_LONGEST: Final = 60
"""Characters of a name that is too long that are told."""


class VerbGroup(click.Group):
    """The commands that are installed, each imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name every verb."""
        return list(names(VERBS))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb; one that cannot be loaded says so when it is used, and breaks no other."""
        if cmd_name not in self.list_commands(ctx):
            return None
        try:
            command = load(VERBS, cmd_name)
        except UsageProblem as error:
            return _unusable(cmd_name, error)
        if isinstance(command, click.Command):
            return command
        return _unusable(cmd_name, UsageProblem(f"the verb '{cmd_name}' is no click command"))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; click would look for near misses among the verbs that are already loaded: none."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(
                error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
            ) from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples and exit codes below the list of verbs."""
        super().format_epilog(ctx, formatter)
        write_examples(
            formatter,
            (
                "auditor check snapshots/                      judge every snapshot of a folder",
                "auditor check . -f text -f junit=report.xml   gate a delivery repository",
                "auditor explain apollo.yaml POLICY            why a policy says what it says",
            ),
        )
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), text) for code, text in EXIT_MEANINGS.items()])


def _unusable(name: str, error: UsageProblem) -> click.Command:
    def refuse() -> NoReturn:
        raise error

    return click.Command(
        name,
        callback=refuse,
        help=f"({error.message})",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


@click.group(cls=VerbGroup, context_settings=HELP)
@click.version_option(__version__, message="auditor %(version)s")
def auditor() -> None:
    """Judge snapshots of client projects against delivery-framework policies, and explain every verdict."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        code = auditor.main(list(arguments), prog_name="auditor", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        write_text(f"{error.format_message()}\n")
        return ExitCode.USAGE
    except click.ClickException as error:
        write_text(render_errors([_usage_problem(error)], colour=wants_colour(sys.stderr)))
        return ExitCode.USAGE
    except AuditorError as error:
        write_text(render_errors([error], colour=wants_colour(sys.stderr)))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        write_text("interrupted\n")
        return _INTERRUPTED
    except Exception as error:  # noqa: BLE001 - whatever it is, it is our fault and not a traceback
        # Help and version are written by click, which leaves it to us that a disk is full.
        lost = (lost_output(error) or _too_long(error)) if isinstance(error, OSError) else None
        if lost is None:
            return _report_bug(error)
        write_text(render_errors([lost], colour=wants_colour(sys.stderr)))
        return lost.exit_code
    return code if isinstance(code, int) else ExitCode.OK


def _usage_problem(error: click.ClickException) -> UsageProblem:
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "auditor"
    return UsageProblem(message[:1].lower() + message[1:], hint=f"see '{command} --help'")


def _too_long(error: OSError) -> UsageProblem | None:
    """Return what is wrong with a path that was typed and that no system can have; None for any other error."""
    if error.errno != ENAMETOOLONG:
        return None
    name = cut(str(error.filename), _LONGEST)
    return UsageProblem(f"the name '{name}' is too long for a file", hint="check what was typed")


def _report_bug(error: Exception) -> int:
    write_text(render_bug(error, colour=wants_colour(sys.stderr)))
    if wants_traceback():
        import traceback  # noqa: PLC0415 - only for the one who asked

        write_text("".join(traceback.format_exception(error)))
    return ExitCode.BUG
