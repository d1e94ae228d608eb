"""
Which formats go where, and how a file is written so that nobody reads half of it.

Formats and profiles are checked before anything is judged. A file is written through a temporary one
beside it: a run that is stopped leaves the old report, not a piece of the new one. One target that cannot
be written does not take the others with it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from auditor.model.errors import ErrorGroup, OutputError, UsageProblem, did_you_mean
from auditor.plugins.entry_points import FORMATS, load
from auditor.reporters.contract import Reporter
from auditor.usecases.onlooker import NOBODY
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from auditor.model.errors import AuditorError
    from auditor.model.run import Places, Run
    from auditor.usecases.audience import Audience
    from auditor.usecases.onlooker import Onlooker

STDOUT: Final = "-"


@dataclass(frozen=True, slots=True)
class Target:
    """One format of a verb, and the place it goes to."""

    format: str
    file: str
    """Path as typed; ``-`` for stdout."""


@dataclass(frozen=True, slots=True)
class Output:
    """One format of a run, and the place it goes to."""

    format: str
    reporter: Reporter
    profile: str | None
    file: str
    """Path as typed; ``-`` for stdout."""


_Placed = TypeVar("_Placed", Target, Output)


def parse_outputs(texts: Iterable[str]) -> tuple[Output, ...]:
    """
    Read every ``-f FORMAT[:PROFILE][=FILE]``.

    Raises:
        UsageProblem: A format or profile does not exist, or two formats would be mixed in one place.
        ErrorGroup: Several of that.
    """
    return _each(texts, _parse)


def parse_targets(texts: Iterable[str], known: Collection[str]) -> tuple[Target, ...]:
    """
    Read every ``-f FORMAT[=FILE]`` of a verb that has formats of its own.

    Raises:
        UsageProblem: A format does not exist, or two formats would be mixed in one place.
        ErrorGroup: Several of that.
    """

    def parse(text: str) -> Target:
        name, file = _split(text)
        if name not in known:
            msg = f"no format is called '{name}'"
            raise UsageProblem(msg, hint=did_you_mean(name, known))
        return Target(name, file)

    return _each(texts, parse)


def _each(texts: Iterable[str], parse: Callable[[str], _Placed]) -> tuple[_Placed, ...]:
    """Read each of *texts*; no two may go to one place."""
    outputs: list[_Placed] = []
    errors: list[AuditorError] = []
    for text in texts:
        try:
            output = parse(text)
        except UsageProblem as error:
            errors.append(error)
            continue
        taken = next((other for other in outputs if other.file == output.file), None)
        if taken is not None:
            where = "stdout" if output.file == STDOUT else f"'{output.file}'"
            msg = f"the formats {taken.format} and {output.format} would both go to {where}"
            hint = f"give one of them a file: -f {output.format}=FILE"
            errors.append(UsageProblem(msg, hint=hint))
        outputs.append(output)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ErrorGroup(errors)
    return tuple(outputs)


def _split(text: str) -> tuple[str, str]:
    what, equals, file = text.partition("=")
    if equals and not file:
        msg = f"'-f {text}' names no file after the '='"
        raise UsageProblem(msg, hint=f"write -f {what}=FILE, or -f {what} for stdout")
    return what, file or STDOUT


def _parse(text: str) -> Output:
    what, file = _split(text)
    name, colon, profile = what.partition(":")
    reporter = load(FORMATS, name)
    if isinstance(reporter, type):
        reporter = reporter()
    if not isinstance(reporter, Reporter):
        msg = f"the format '{name}' is no reporter"
        raise UsageProblem(msg)
    if colon and profile not in reporter.profiles:
        msg = f"the format '{name}' has no profile '{profile}'"
        raise UsageProblem(msg, hint=did_you_mean(profile, reporter.profiles))
    return Output(name, reporter, profile if colon else None, file)


def refuse_overwriting(targets: Iterable[str], inputs: Iterable[Path]) -> None:
    """
    Keep what is read from being written over.

    Args:
        targets: Where results are to go, as typed.
        inputs: Files that the results are made from.

    Raises:
        UsageProblem: A target is one of the inputs.
    """
    read = {path.resolve() for path in inputs}
    for target in targets:
        if target != STDOUT and Path(target).resolve() in read:
            msg = f"the report would overwrite '{shown_name(target)}', which it is made from"
            raise UsageProblem(msg, hint="name another file")


def write_outputs(
    outputs: Sequence[Output],
    run: Run,
    places: Places,
    audience: Audience,
    onlooker: Onlooker = NOBODY,
) -> list[AuditorError]:
    """
    Render *run* once per output.

    Args:
        outputs: What to write, in order.
        run: What was judged.
        places: Where its facts are.
        audience: Given what goes to stdout, and told the name of each file once it is complete.
        onlooker: Is told how long each takes.

    Returns:
        One error for every target that could not be written.
    """
    errors: list[AuditorError] = []
    for output in outputs:
        is_shown = output.file == STDOUT
        colour = is_shown and audience.has_colour
        pieces = output.reporter.render(run, places, profile=output.profile, colour=colour)
        where = "stdout" if is_shown else shown_name(output.file)
        try:
            with onlooker.part(f"writing {output.format} to {where}"):
                if is_shown:
                    for piece in pieces:
                        audience.result(piece)
                else:
                    write_file(output.file, pieces)
        except (OutputError, UsageProblem) as error:
            # A format may lack a library; the others do not wait for it.
            errors.append(error)
            continue
        if not is_shown:
            audience.note(f"wrote {output.format} to {output.file}")
    return errors


def write_file(name: str, pieces: Iterable[bytes]) -> None:
    """
    Write a file whole or not at all.

    Args:
        name: Path as typed. What is no regular file (a pipe, ``/dev/null``) is written to directly.
        pieces: Its content.

    Raises:
        OutputError: It cannot be written.
    """
    target = Path(name)
    try:
        if _is_special(target):
            with target.open("wb") as file:
                file.writelines(pieces)
        else:
            # A link stays a link: what it points to is replaced.
            _replace(target.resolve(), pieces)
    except OSError as error:
        msg = f"cannot write '{name}': {(error.strerror or 'the system refuses').lower()}"
        raise OutputError(msg, hint=_hint(target, error)) from None


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    if target.exists() and not os.access(target, os.W_OK):
        # A rename would replace a file that its owner has made read-only.
        raise PermissionError(13, "it is read-only")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
        if target.exists():
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def _is_special(target: Path) -> bool:
    return target.exists() and not target.is_file() and not target.is_dir()


def _hint(target: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"make the folder '{target.parent}' first"
    if isinstance(error, IsADirectoryError):
        return "name a file in it"
    return "name a file in a folder that you may write to"
