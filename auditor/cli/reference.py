"""
The reference of the command line: the help pages themselves, as ``docs/cli.md``.

Written by ``python -m auditor.cli.reference > docs/cli.md``; a test holds the file against it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from auditor.cli.main import auditor
from auditor.cli.verb import HELP_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD: Final = """\
# The command line

What `--help` says, page by page. Written by `python -m auditor.cli.reference > docs/cli.md`.
"""


def reference() -> str:
    """Return the document."""
    return _HEAD + "".join(_pages(auditor, "auditor", None))


def _pages(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=HELP_WIDTH,
        **command.context_settings,
    )
    yield f"\n## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _pages(found, inner, context)


if __name__ == "__main__":
    sys.stdout.write(reference())
