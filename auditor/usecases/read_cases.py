"""
The cases that stand beside a policy, read with the snapshot that they start from.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents.tree import parse_tree
from auditor.language.cases import parse_cases
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup, InputError
from auditor.model.location import Location
from auditor.usecases.load_files import refuse_endless, regular_bytes
from auditor.usecases.read_config import unreadable
from auditor.usecases.read_policies import CASES_SUFFIX
from auditor.usecases.shown_name import shown_name
from auditor.usecases.workbench import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditor.documents.tree import Tree
    from auditor.language.cases import CasesFile
    from auditor.language.policy_draft import PolicyText
    from auditor.usecases.workbench import Workbench


@dataclass(frozen=True, slots=True, eq=False)
class CasesBeside:
    """What stands beside one policy."""

    shown: str | None
    """The file, as the user would name it; None where there is none."""
    file: CasesFile | None = None
    """None where there is none, or one that cannot be used."""
    base: Any = None
    """The snapshot that the cases start from, as plain data."""
    tree: Tree | None = None
    """That snapshot in its own file; None where it stands among the cases."""
    errors: tuple[AuditorError, ...] = ()


def read_cases(
    text: PolicyText, policy: str, read: Callable[[Path], bytes] = Path.read_bytes
) -> CasesBeside:
    """
    Read the cases of one policy.

    Args:
        text: The policy.
        policy: Its id.
        read: Gives the bytes of a file: what an editor has of it that is not saved yet.
    """
    beside = cases_path(text)
    shown = Path(text.path).with_name(beside.name).as_posix()
    try:
        with suppress(FileNotFoundError):
            refuse_endless(beside, shown)
        data = read(beside)  # an editor has files that are not on the disk yet
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return CasesBeside(None)
    except OSError as error:
        return CasesBeside(shown, errors=(unreadable(shown, error),))
    except InputError as error:
        return CasesBeside(shown, errors=(error,))
    try:
        cases = parse_cases(data, path=shown)
        if cases.policy != policy:
            raise _of_another(cases, policy)
        if not isinstance(cases.base, str):
            return CasesBeside(shown, cases, cases.base)
        tree = _base(cases, beside, read)
        return CasesBeside(shown, cases, tree.data, tree)
    except ErrorGroup as group:
        return CasesBeside(shown, errors=group.errors)
    except AuditorError as error:
        return CasesBeside(shown, errors=(error,))


def files_of(text: PolicyText) -> Iterator[Path]:
    """Yield the files that testing a policy rests on, whether they are there or not: its own, its cases, their base."""
    path = cases_path(text)
    yield file_of(text)
    yield path
    with suppress(AuditorError):  # told where the cases are run
        cases = parse_cases(regular_bytes(path, path.name), path=path.name)
        if isinstance(cases.base, str):
            yield path.parent / cases.base


def files_behind(bench: Workbench) -> Iterator[Path]:
    """
    Yield the files that work on policies rests on, and that no report may be written over.

    All of the folders' own YAML is among them: policies that a profile leaves out and what cannot be read are
    somebody's work as well.
    """
    for folder in bench.folders:
        for pattern in ("*.yaml", "*.yml"):
            yield from folder.path.rglob(pattern)
    for text in bench.texts:
        yield from files_of(text)
    if bench.profile is not None:
        yield from bench.profile.paths


def cases_path(text: PolicyText) -> Path:
    """Return where the cases of a policy stand, if it has any."""
    path = file_of(text)
    return path.with_name(path.stem + CASES_SUFFIX)


def _base(cases: CasesFile, path: Path, read: Callable[[Path], bytes]) -> Tree:
    shown = shown_name((Path(cases.path).parent / cases.base).as_posix())
    return parse_tree(regular_bytes(path.parent / cases.base, shown, read), path=shown)


def _of_another(cases: CasesFile, policy: str) -> ConfigError:
    return ConfigError(
        f"these are the cases of '{cases.policy}', and the file stands beside '{policy}'",
        hint=f"write policy: {policy}, or name the file after its policy",
        location=Location(cases.path, 1),
        slug="config-cases",
    )
