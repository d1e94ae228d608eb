"""
``auditor policy coverage``: what of policies their cases try, and what of the frameworks policies decide.

A part of the verb ``policy``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.console import Console
from auditor.cli.options import messages, written_policies
from auditor.cli.verb import Verb
from auditor.cli.whose_policies import tell_whose
from auditor.model.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from auditor.usecases.read_policies import PolicyChoice
    from auditor.usecases.workbench import Workbench

_PERCENT = click.IntRange(0, 100)


@click.command(
    cls=Verb,
    examples=(
        "auditor policy coverage",
        "auditor policy coverage blocker-not-escalated -v",
        "auditor policy coverage --policies policies/ --min-branches 90 --min-clauses 100",
        "auditor policy coverage --format html -o coverage.html",
        "auditor policy coverage --controls --pack seef -v",
        "auditor policy coverage --controls --min-controls 50",
        "auditor policy coverage --controls --format html -o matrix.html",
    ),
    exits={
        ExitCode.OK: "shown, and nothing short of what is asked for",
        ExitCode.GATED: "a policy has fewer branches or clauses that were tried, or a framework fewer controls"
        " with a policy, than is asked for; or a case did not come out as expected",
        ExitCode.NOTHING: "there is no policy, or none of them has a case; with --controls: no catalogue",
        ExitCode.BAD_INPUT: "a policy, its cases or a catalogue cannot be read, the policy of cases is gone, or a"
        " policy names a control that there is not; the rest is shown",
    },
)
@click.argument("ids", nargs=-1, metavar="[POLICY]...")
@click.option(
    "--controls", is_flag=True, help="Of each control the policies that decide it, and their cases."
)
@click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="PACK",
    help="Only its policies, with --controls only its controls; repeatable.",
)
@written_policies
@click.option(
    "--min-branches",
    "branches",
    type=_PERCENT,
    metavar="PERCENT",
    help="End with exit code 1 where fewer branches of a policy were tried.",
)
@click.option(
    "--min-clauses",
    "clauses",
    type=_PERCENT,
    metavar="PERCENT",
    help="End with exit code 1 where fewer clauses of a policy were both met and not met.",
)
@click.option(
    "--min-controls",
    "percent",
    type=_PERCENT,
    metavar="PERCENT",
    help="With --controls: end with exit code 1 where fewer controls of a framework have a policy.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Where to write. Default: stdout."
)
@messages
def coverage(
    *,
    ids: tuple[str, ...],
    controls: bool,
    packs: tuple[str, ...],
    policies: tuple[str, ...],
    profile: str | None,
    branches: int | None,
    clauses: int | None,
    percent: int | None,
    form: str,
    output: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """
    Show which demands and branches of each POLICY cases try.

    A branch is one answer, true or false, of one condition. With --verbose each branch that no case took. With
    --controls: which controls of the frameworks policies decide, and with which cases.
    """
    _refuse_mixed(controls=controls, ids=ids, cases=(branches, clauses), percent=percent)
    # Imported here, so that --help and a slip on the command line do not pay for the evaluator.
    from auditor.usecases.read_cases import files_behind  # noqa: PLC0415 - see above
    from auditor.usecases.read_policies import PolicyChoice  # noqa: PLC0415 - see above
    from auditor.usecases.workbench import read_workbench  # noqa: PLC0415 - see above
    from auditor.usecases.write_outputs import (  # noqa: PLC0415 - see above
        STDOUT,
        refuse_overwriting,
    )

    console = Console(quiet=quiet, verbose=verbose)
    tell_whose(console, policies)
    bench = read_workbench(policies, profile)
    if output != STDOUT:
        refuse_overwriting([output], files_behind(bench))
    show = _Shown(console, form, output)
    if controls:
        return _controls(show, bench, packs, percent or 0)
    choice = PolicyChoice(ids, packs)
    return _cases(show, bench, choice, branches=branches or 0, clauses=clauses or 0)


def _refuse_mixed(
    *,
    controls: bool,
    ids: tuple[str, ...],
    cases: tuple[int | None, ...],
    percent: int | None,
) -> None:
    if percent is not None and not controls:
        msg = "--min-controls asks for controls, and they are not what is shown"
        raise UsageProblem(msg, hint="add --controls")
    if controls and any(asked is not None for asked in cases):
        msg = (
            "--min-branches and --min-clauses ask for what cases try, and --controls shows controls"
        )
        raise UsageProblem(msg, hint="run it twice, once without --controls")
    if controls and ids:
        msg = f"--controls shows all policies of a framework, and '{ids[0]}' is named"
        raise UsageProblem(msg, hint="leave it out, or leave --controls out")


class _Shown:
    """How, and where to, the result is written."""

    def __init__(self, console: Console, form: str, output: str) -> None:
        self.console = console
        self._form = form
        self._output = output

    @property
    def has_colour(self) -> bool:
        return self.console.has_colour and self._output == "-"

    def write(
        self,
        *,
        text: Callable[[], Iterable[str]],
        json: Callable[[], str],
        html: Callable[[], str],
    ) -> None:
        """Write one of the forms; the others are not made."""
        # Imported here, as in `coverage`.
        from auditor.usecases.write_outputs import write_file  # noqa: PLC0415 - see above

        made = {"text": lambda: "".join(f"{line}\n" for line in text()), "html": html}
        whole = made[self._form]() if self._form in made else f"{json()}\n"
        data = whole.encode("utf-8", "backslashreplace")
        if self._output == "-":
            self.console.result(data)
        else:
            write_file(self._output, [data])
            self.console.note(f"wrote {self._form} to {self._output}")


def _cases(
    show: _Shown,
    bench: Workbench,
    choice: PolicyChoice,
    *,
    branches: int,
    clauses: int,
) -> int:
    # Imported here, as in `coverage`.
    from auditor.cli import case_coverage_page as page  # noqa: PLC0415 - see above
    from auditor.cli.case_coverage_html import case_coverage_html  # noqa: PLC0415 - see above
    from auditor.usecases.cover_cases import cover_cases  # noqa: PLC0415 - see above

    console = show.console
    found = cover_cases(bench, choice, progress=console.progress)
    console.errors(found.errors)
    show.write(
        text=lambda: page.case_coverage_page(
            found,
            branches=branches,
            clauses=clauses,
            verbose=console.verbose,
            colour=show.has_colour,
        ),
        json=lambda: page.case_coverage_document(found),
        html=lambda: case_coverage_html(found),
    )
    for line in page.shortfalls(found, branches=branches, clauses=clauses):
        console.note(line)
    return found.code(branches=branches, clauses=clauses)


def _controls(show: _Shown, bench: Workbench, packs: tuple[str, ...], percent: int) -> int:
    # Imported here, as in `coverage`.
    from auditor.cli import control_coverage_page as page  # noqa: PLC0415 - see above
    from auditor.cli.control_coverage_html import control_coverage_html  # noqa: PLC0415 - see above
    from auditor.usecases.cover_controls import cover_controls  # noqa: PLC0415 - see above

    console = show.console
    found = cover_controls(bench, packs)
    console.errors(found.errors)
    show.write(
        text=lambda: page.control_coverage_page(found, verbose=console.verbose),
        json=lambda: page.control_coverage_document(found),
        html=lambda: control_coverage_html(found),
    )
    for framework in found.short_of(percent):
        console.note(page.shortfall(framework, percent))
    return found.code(percent)
