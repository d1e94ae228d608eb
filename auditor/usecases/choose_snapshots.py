"""
Which snapshot of each auditee a run judges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditor.facts.view import born_later
from auditor.model.errors import AuditorError, InputError
from auditor.model.run import NotUsed
from auditor.usecases.run_instants import captured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.usecases.instants import AsOf
    from auditor.usecases.read_inputs import Loaded


@dataclass(slots=True)
class Choice:
    """Which snapshots a run judges, one per auditee, and what becomes of the others."""

    judged: list[Loaded] = field(default_factory=list)
    not_used: list[NotUsed] = field(default_factory=list)
    conflicts: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Auditee of which no snapshot can be chosen, and why."""


def choose(loaded: Iterable[Loaded], as_of: AsOf | None) -> Choice:
    """
    Choose one snapshot per auditee: the first captured at or after *as_of*, else the newest before.

    Two that differ and speak of the same instant contradict each other: a choice between them would have to
    go by their names, and whoever names a file would choose the verdict. Neither is judged.

    Source:
        SNAPSHOT.md, "Head of every snapshot".
    """
    choice = Choice()
    if as_of is None:
        return choice
    groups: dict[str, list[Loaded]] = {}
    for one in loaded:
        groups.setdefault(one.snapshot.auditee, []).append(one)
    for auditee, group in sorted(groups.items()):
        group.sort(key=lambda one: (one.snapshot.captured_at, one.name))
        after = [
            one for one in group if one.snapshot.captured_at >= as_of.within(one.snapshot.calendar)
        ]
        at = (after[0] if after else group[-1]).snapshot.captured_at
        best, *same = [one for one in group if one.snapshot.captured_at == at]
        others = [one for one in same if one.snapshot.digest != best.snapshot.digest]
        used = None if others else best
        if used is None:
            choice.conflicts.append((auditee, _conflict(auditee, best, others)))
            reason = f"the snapshots of {auditee} contradict each other"
        else:
            choice.judged.append(used)
            reason = f"{best.name} is judged for {auditee}"
        choice.not_used += [NotUsed(one.name, reason) for one in group if one is not used]
    _refuse_impostors(choice)
    return choice


def late_records(chosen: Iterable[Loaded]) -> Iterator[NotUsed]:
    """Say which snapshots hold records that they should not know of; a captured_at that is too early hides them."""
    for one in chosen:
        count = born_later(one.snapshot.document, one.snapshot.root)
        if count:
            at = captured(one.snapshot)
            what = "1 record is" if count == 1 else f"{count} records are"
            was = "was" if count == 1 else "were"
            yield NotUsed(one.name, f"{what} later than captured_at ({at}) and {was} not judged")


def _refuse_impostors(choice: Choice) -> None:
    """Leave out who says to have been an auditee that is judged itself: one history would count for two."""
    known = {one.snapshot.auditee for one in choice.judged}
    for one in list(choice.judged):
        former = known.intersection(one.snapshot.document["snapshot"]["formerly"])
        if former - {one.snapshot.auditee}:
            other = min(former)
            msg = f"'{one.name}' says that it was formerly {other}, and {other} is judged itself"
            error = InputError(msg, hint="keep one of the two", slug="conflict")
            choice.judged.remove(one)
            choice.conflicts.append((one.snapshot.auditee, error))
            choice.not_used.append(NotUsed(one.name, f"it says to have been {other}"))


def _conflict(auditee: str, best: Loaded, others: Iterable[Loaded]) -> AuditorError:
    at = captured(best.snapshot)
    named = " and ".join(f"'{one.name}'" for one in (best, *others))
    msg = f"{named} differ, and each is the snapshot of {auditee} captured at {at}"
    return InputError(msg, hint="keep the right one", slug="conflict")
