"""
How `auditor policy test` goes on: run, show, write; once, or after every change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.cli.policy_test_document import policy_test_document, policy_test_junit
from auditor.cli.policy_test_page import policy_test_page, summary
from auditor.model.errors import ExitCode, NothingToAudit
from auditor.usecases.read_cases import files_behind
from auditor.usecases.test_policies import code_of, test_policies
from auditor.usecases.watch_policies import watch_policies, watching
from auditor.usecases.workbench import read_workbench
from auditor.usecases.write_outputs import STDOUT, parse_targets, refuse_overwriting, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.cli.console import Console
    from auditor.model.errors import AuditorError
    from auditor.usecases.test_policies import TestedPolicy, Wanted

FORMATS: Final = ("text", "json", "junit")


def run_cases(wanted: Wanted, formats: Sequence[str], console: Console) -> ExitCode:
    """
    Run the cases once.

    Args:
        wanted: Which cases.
        formats: Reports to write, as ``-f`` takes them.
        console: Told what is wrong first, then given the report, then told how it ended.

    Raises:
        AuditorError: There is nothing of that name, or a report cannot be written.
    """
    targets = parse_targets(formats, FORMATS)
    bench = read_workbench(wanted.policies, wanted.profile)
    if files := [target.file for target in targets if target.file != STDOUT]:
        refuse_overwriting(files, files_behind(bench))
    tested, errors = test_policies(
        bench, wanted.ids, names=wanted.names, jobs=wanted.jobs, progress=console.progress
    )
    console.errors([*errors, *(error for one in tested for error in one.errors)])
    for target in targets:
        is_shown = target.file == STDOUT
        colour = is_shown and console.has_colour
        pieces = _pieces(target.format, tested, errors, verbose=console.verbose, colour=colour)
        if is_shown:
            for piece in pieces:
                console.result(piece)
        else:
            write_file(target.file, pieces)
            console.note(f"wrote {target.format} to {target.file}")
    code = code_of(tested, errors)
    if code is ExitCode.NOTHING:
        msg = "there is no case to be run"
        hint = "write what must come out into POLICY.cases.yaml, beside the policy"
        console.errors([NothingToAudit(msg, hint=hint)])
    console.note(summary(tested))
    return code


def watch_cases(wanted: Wanted, console: Console) -> ExitCode:
    """
    Run the cases, and after every change those that it can touch, until the user ends it.

    Raises:
        AuditorError: There is nothing of that name, or nothing can watch files here.
    """
    try:
        for found in watch_policies(wanted, watching()):
            if found.changed:
                console.note(f"changed: {', '.join(found.changed)}")
            console.errors(
                [*found.errors, *(error for one in found.tested for error in one.errors)]
            )
            colour = console.has_colour
            for piece in _pieces("text", found.tested, (), verbose=console.verbose, colour=colour):
                console.result(piece)
            console.note(found.in_words)
    except KeyboardInterrupt:
        pass  # in the middle of a round: that is how watching ends, too
    console.note("no longer watching")
    return ExitCode.OK


def _pieces(
    form: str,
    tested: Sequence[TestedPolicy],
    errors: Sequence[AuditorError],
    *,
    verbose: bool,
    colour: bool,
) -> Iterator[bytes]:
    if form == "json":
        yield f"{policy_test_document(tested, errors)}\n".encode("utf-8", "backslashreplace")
    elif form == "junit":
        yield from policy_test_junit(tested, errors)
    else:
        for line in policy_test_page(tested, verbose=verbose, colour=colour):
            yield f"{line}\n".encode("utf-8", "backslashreplace")
