"""
The cases that stand beside a policy, read with the snapshot that they start from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.documents.tree import parse_tree
from auditor.language.cases import parse_cases
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup
from auditor.model.location import Location
from auditor.usecases.read_config import unreadable
from auditor.usecases.read_policies import CASES_SUFFIX
from auditor.usecases.workbench import file_of

if TYPE_CHECKING:
    from auditor.language.cases import CasesFile
    from auditor.language.policy_draft import PolicyText


@dataclass(frozen=True, slots=True, eq=False)
class CasesBeside:
    """What stands beside one policy."""

    shown: str | None
    """The file, as the user would name it; None where there is none."""
    file: CasesFile | None = None
    """None where there is none, or one that cannot be used."""
    base: Any = None
    """The snapshot that the cases start from, as plain data."""
    errors: tuple[AuditorError, ...] = ()


def read_cases(text: PolicyText, policy: str) -> CasesBeside:
    """
    Read the cases of one policy.

    Args:
        text: The policy.
        policy: Its id.
    """
    path = file_of(text)
    beside = path.with_name(path.stem + CASES_SUFFIX)
    if not beside.is_file():
        return CasesBeside(None)
    shown = Path(text.path).with_name(beside.name).as_posix()
    try:
        cases = parse_cases(_bytes(beside, shown), path=shown)
        if cases.policy != policy:
            raise _of_another(cases, policy)
        return CasesBeside(shown, cases, _base(cases, beside))
    except ErrorGroup as group:
        return CasesBeside(shown, errors=group.errors)
    except AuditorError as error:
        return CasesBeside(shown, errors=(error,))


def _base(cases: CasesFile, path: Path) -> Any:  # noqa: ANN401 - any snapshot
    if not isinstance(cases.base, str):
        return cases.base
    shown = (Path(cases.path).parent / cases.base).as_posix()
    return parse_tree(_bytes(path.parent / cases.base, shown), path=shown).data


def _bytes(path: Path, shown: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(shown, error) from None


def _of_another(cases: CasesFile, policy: str) -> ConfigError:
    return ConfigError(
        f"these are the cases of '{cases.policy}', and the file stands beside '{policy}'",
        hint=f"write policy: {policy}, or name the file after its policy",
        location=Location(cases.path, 1),
        slug="config-cases",
    )
