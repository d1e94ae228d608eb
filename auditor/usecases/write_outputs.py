"""
Which formats go where, and how a file is written so that nobody reads half of it.

Formats and profiles are checked before anything is judged. A file is written through a temporary one
beside it: a run that is stopped leaves the old report, not a piece of the new one. One target that cannot
be written does not take the others with it.
"""

from __future__ import annotations

import os
import secrets
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
from auditor.usecases.where_links_lead import is_same, led_to, written_to

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from auditor.model.errors import AuditorError
    from auditor.model.run import Places, Run
    from auditor.usecases.audience import Audience
    from auditor.usecases.onlooker import Onlooker

STDOUT: Final = "-"
_POLICY_SUFFIXES: Final = frozenset({".yaml", ".yml"})


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
        taken = next((other for other in outputs if _is_one_place(other, output)), None)
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


def _is_one_place(one: _Placed, other: _Placed) -> bool:
    if STDOUT in (one.file, other.file):
        return one.file == other.file
    return is_same(Path(one.file), Path(other.file))


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


def refuse_overwriting(
    targets: Iterable[str], inputs: Iterable[Path], folders: Iterable[Path] = ()
) -> None:
    """
    Keep what is read from being written over.

    Args:
        targets: Where results are to go, as typed.
        inputs: Files that the results are made from.
        folders: Folders of policies: YAML that is written there would be read the next time.

    Raises:
        UsageProblem: A target is one of the inputs, or would be one.
    """
    inputs = tuple(inputs)
    read = {led_to(path) for path in inputs}
    whole = [led_to(folder) for folder in folders]
    known: set[tuple[int, int]] | None = None
    for target in targets:
        if target == STDOUT:
            continue
        place = led_to(Path(target))
        identity = _identity(place)
        if identity is not None and known is None:
            known = {found for path in inputs if (found := _identity(path)) is not None}
        if place in read or identity in (known or ()):
            msg = f"the report would overwrite '{shown_name(target)}', which it is made from"
            raise UsageProblem(msg, hint="name another file")
        is_read = place.suffix.lower() in _POLICY_SUFFIXES
        inside = next((one for one in whole if is_read and place.is_relative_to(one)), None)
        if inside is not None:
            msg = f"the report '{shown_name(target)}' would be written into a folder of policies"
            raise UsageProblem(msg, hint=f"name a file outside '{shown_name(str(inside))}'")


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what a file has in common with its hard links; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


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
        OutputError: It cannot be written, or a link leads elsewhere.
    """
    target = Path(name)
    try:
        place = written_to(target)
        if _is_special(target):
            with target.open("wb") as file:
                file.writelines(pieces)
        else:
            # A link stays a link: what it points to is replaced.
            _replace(place, pieces)
    except OSError as error:
        msg = f"cannot write '{name}': {(error.strerror or 'the system refuses').lower()}"
        raise OutputError(msg, hint=_hint(target, error)) from None


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    if target.exists() and not os.access(target, os.W_OK):
        # A rename would replace a file that its owner has made read-only.
        raise PermissionError(13, "it is read-only")
    # Nobody can put a file or a link there beforehand: its name cannot be known, and it must not be there yet.
    draft = target.with_name(f".{secrets.token_hex(16)}.part")
    file = draft.open("xb")
    try:
        with file:
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
