"""
The snapshot of a case: the base with what the case changes, and where each value of it was written.

A fact of a verdict is named in the changed snapshot. Whoever wrote the case wants to see the line that says it:
in its own ``set``, or in the base. Lists make the difference: behind a record that was removed every other one
has moved up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditor.documents.canonical import canonical
from auditor.documents.pointer import END, child, join, remove_at, resolve, set_at, split
from auditor.evaluation.attestations import ENTITY
from auditor.model.errors import AuditorError, ConfigError, ErrorGroup
from auditor.sources.attestations import SEVERAL, parse_attestations

if TYPE_CHECKING:
    from auditor.language.cases import Case
    from auditor.model.attestation import Attestation
    from auditor.model.tailoring import Written


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of a changed snapshot comes from."""

    keys: tuple[str | int, ...]
    """Of what the case itself says: the way to it in the case; empty for what the base or the attestations say."""
    pointer: str
    """The place in the base, with the attestations beside it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A change that decides where values below it come from."""

    pointer: str
    """What was set or removed, with the number that ``-`` came to."""
    keys: tuple[str | int, ...]
    """Where in the case that is said."""
    moves: bool = False
    """Whether it was taken out of a list, so that what stood behind it has moved up."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangedBase:
    """What a case is judged on."""

    snapshot: Any
    attestations: tuple[Attestation, ...]
    _steps: tuple[_Step, ...]
    """In the order in which they were made."""

    def origin(self, pointer: str) -> Origin:
        """Return where the value comes from that *pointer* names in the snapshot or below ``/attestations``."""
        for step in reversed(self._steps):
            if step.moves:
                pointer = _moved_back(pointer, step.pointer)
            elif _is_within(pointer, step.pointer):
                return Origin((*step.keys, *split(pointer.removeprefix(step.pointer))), pointer)
        return Origin((), pointer)


def _is_within(pointer: str, outer: str) -> bool:
    return pointer == outer or pointer.startswith(f"{outer}/")


def _moved_back(pointer: str, removed: str) -> str:
    """Return what *pointer* was called before the element *removed* was taken out of its list."""
    above, _, index = removed.rpartition("/")
    if not _is_within(pointer, above) or pointer == above:
        return pointer
    found, *below = split(pointer.removeprefix(above))
    return pointer if int(found) < int(index) else join(*split(above), int(found) + 1, *below)


def change(case: Case, base: Any) -> ChangedBase:  # noqa: ANN401 - any snapshot
    """
    Change the base as a case says; in its pointers snapshot and attestations are one document.

    Args:
        case: The case.
        base: The base snapshot, as plain data; it is not changed.

    Raises:
        ErrorGroup: A change names no place, or an attestation breaks its schema.
    """
    document = {**base, ENTITY: list(case.attestations)} if isinstance(base, dict) else base
    steps: list[_Step] = []
    for pointer, value in case.changes:
        try:
            settled = _settled(document, pointer)
            document = set_at(document, pointer, value)
        except (LookupError, ValueError) as error:
            raise _nothing_there(error, case.name_at("set", pointer)) from error
        steps.append(_Step(settled, ("set", pointer)))
    for number, pointer in enumerate(case.removals):
        try:
            document = remove_at(document, pointer)
        except (LookupError, ValueError) as error:
            raise _nothing_there(error, case.at("remove", number)) from error
        is_list = isinstance(resolve(document, pointer.rpartition("/")[0]), list)
        steps.append(_Step(pointer, ("remove", number), moves=is_list))
    if not isinstance(document, dict):
        return ChangedBase(document, (), tuple(steps))
    records = document.get(ENTITY, [])
    snapshot = {key: value for key, value in document.items() if key != ENTITY}
    return ChangedBase(snapshot, _attestations(records, case), tuple(steps))


def _settled(document: Any, pointer: str) -> str:  # noqa: ANN401 - any snapshot
    """Write the number of the new element where *pointer* says ``-``."""
    above, _, last = pointer.rpartition("/")
    parent = resolve(document, above) if last == END else None
    return child(above, len(parent)) if isinstance(parent, list) else pointer


def _nothing_there(error: Exception, at: Written) -> ErrorGroup:
    problem: AuditorError = ConfigError(
        f"the case changes something that is not there: {error}",
        hint="write a JSON Pointer into the base snapshot, e.g. /blockers/0/raised_at",
        location=at.location,
        excerpt=at.excerpt,
        slug="config-cases",
    )
    return ErrorGroup([problem])


def _attestations(records: Any, case: Case) -> tuple[Attestation, ...]:  # noqa: ANN401 - any value
    """Read the attestations of a case; they have no file of their own, so their place is the case's."""
    if not records:
        return ()
    try:
        filed = parse_attestations(canonical({SEVERAL: records}), path=case.location.path)
    except AuditorError as error:
        for one in error.errors if isinstance(error, ErrorGroup) else (error,):
            one.location, one.excerpt = case.location, None
        raise
    return tuple(replace(one.record, place=case.location) for one in filed)
