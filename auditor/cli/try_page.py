"""
What `auditor policy try` prints beside values: verdicts, subjects, names, why something is so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.cli.explanation import because_lines, turn_lines
from auditor.cli.render import Paint
from auditor.cli.value_page import one_line
from auditor.evaluation.subjects import NoSubjects
from auditor.facts.types import ListType, unwrap
from auditor.language.half_typed import likely_type_of
from auditor.language.offered import fields_of, meaning
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.layout import columns, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Verdict
    from auditor.usecases.trying.trial import Trial, Why

MOST_VERDICTS: Final = 12
"""Verdicts that are told one by one."""
_MOST_SUBJECTS: Final = 40
_COLOURS: Final = {
    Outcome.ERROR: "1;35",
    Outcome.FAIL: "1;31",
    Outcome.INCONCLUSIVE: "33",
    Outcome.PASS: "32",
}
_TOLD: Final = (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE)
"""Outcomes that somebody has to act on, in the order in which they are told."""
_WIDEST_TYPE: Final = 30
"""Columns that are kept for types; a longer one moves what stands behind it."""


def snapshot_line(trial: Trial) -> str:
    """Return which snapshot is tried, and as of when."""
    on, loaded = trial.on, trial.loaded
    at = on.wording.instant(on.facts.at)
    return " ".join(wrap(f"{loaded.name}: {on.snapshot.name}, as of {at}", width=1_000))


def snapshot_lines(trial: Trial) -> Iterator[str]:
    """Yield the snapshots, with a mark at the chosen one."""
    for number, one in enumerate(trial.snapshots, 1):
        mark = "*" if one is trial.loaded else " "
        text = f"{number} {one.name}: {one.snapshot.name}"
        yield from wrap(text, indent=f"  {mark} ", hang="      ")


# ----- the policy


def other_target(trial: Trial) -> Iterator[str]:
    """Yield that the policy does not judge what the chosen snapshot is of."""
    compiled = trial.policy.compiled if trial.policy is not None else None
    if compiled is not None:
        target, found = compiled.summary.target, trial.loaded.snapshot.target
        yield from wrap(f"{compiled.summary.id} judges a {target}; this is a {found}", indent="  ")


def verdict_lines(result: ResultDocument, *, colour: bool) -> Iterator[str]:
    """Yield what a policy says of a snapshot: the verdicts that somebody has to act on, one by one."""
    verdicts = result.verdicts
    counts = {outcome: sum(one.outcome is outcome for one in verdicts) for outcome in Outcome}
    outside = dict(result.out_of_period).values()
    beside = f"; {sum(outside)} outside the period" if outside else ""
    yield from wrap(f"{wording.tally(counts)}{beside}", indent="  ")
    acted = [one for outcome in _TOLD for one in verdicts if one.outcome is outcome]
    told: Sequence[Verdict] = acted or verdicts
    for verdict in told[:MOST_VERDICTS]:
        yield from _verdict(result, verdict, colour=colour)
    if len(told) > MOST_VERDICTS:
        yield f"    … and {len(told) - MOST_VERDICTS} more"


def _verdict(result: ResultDocument, verdict: Verdict, *, colour: bool) -> Iterator[str]:
    label = wording.words(verdict.outcome).upper()
    about = "" if wording.is_whole(result, verdict) else f" {wording.subject(verdict)}:"
    first, *others = wrap(
        f"{label}{about} {wording.sentence(verdict.message)}", indent="    ", hang="      "
    )
    paint = Paint(colour)
    yield f"    {paint(_COLOURS.get(verdict.outcome, ''), label)}{first[4 + len(label) :]}"
    yield from others
    reasons = [verdict.because, *(one.because for one in wording.deciding_clauses(verdict))]
    sentences = dict.fromkeys(one.sentence for one in reasons if one is not None)
    for sentence in sentences:
        yield from wrap(f"Because: {sentence}", indent="      ", hang="        ")


def bound_line(trial: Trial) -> Iterator[str]:
    """Yield of which subject the names of the policy speak, where there are several that they could."""
    subject = trial.subject
    if subject is not None and subject.names:
        names = ", ".join(f"'{name}'" for name in subject.names)
        verb = "is" if len(subject.names) == 1 else "are"
        yield from wrap(f"{names} {verb} {subject.name}; :subject chooses another", indent="  ")


def subject_lines(trial: Trial) -> Iterator[str]:
    """Yield the subjects of the policy, with a mark at the one whose names are bound."""
    found = trial.subjects()
    if found is None:
        yield "  There is no policy; choose one with :policy."
        return
    if isinstance(found, NoSubjects):
        why = found.failure if found.failure is not None else found.unknown
        yield from wrap(
            "There is nothing to judge." if why is None else one_line(why, trial.on), indent="  "
        )
        return
    bound = trial.subject
    for number, one in enumerate(found.subjects[:_MOST_SUBJECTS], 1):
        mark = "*" if bound is not None and one.key == bound.key else " "
        called = one.name if one.name == one.key else f"{one.name} ({one.key})"
        yield from wrap(f"{number} {called}", indent=f"  {mark} ", hang="      ")
    if len(found.subjects) > _MOST_SUBJECTS:
        yield f"  … and {len(found.subjects) - _MOST_SUBJECTS} more"
    if found.more is not None:
        text = f"There may be more: {one_line(found.more, trial.on).removeprefix('unknown: ')}"
        yield from wrap(text, indent="  ")


# ----- names


def field_lines(trial: Trial, path: str) -> Iterator[str]:
    """Yield the fields of what *path* is, or of its elements; without a path the names in force."""
    scope = trial.scope
    if not path:
        rows = [
            (name, str(found), meaning(scope.about.get(name, ""), found))
            for name, found in scope.variables.items()
        ]
    else:
        found = unwrap(likely_type_of(path, scope))
        while isinstance(found, ListType):
            found = unwrap(found.element)
        rows = [(one.label, one.detail, one.about) for one in fields_of(found)]
        if not rows:
            yield from wrap(f"{path} is of type {found}, which has no fields", indent="  ")
            return
    name_width = max(columns(row[0]) for row in rows)
    type_width = min(_WIDEST_TYPE, max(columns(row[1]) for row in rows))
    for name, found_type, about in rows:
        head = f"  {name}{' ' * (name_width - columns(name))}  {found_type:{type_width}}"
        yield from wrap(about, indent=f"{head}  ", hang="      ") if about else [head.rstrip()]


def why_lines(why: Why, *, colour: bool) -> Iterator[str]:
    """Yield why an expression came to what it did, step by step, and what would turn it."""
    paint = Paint(colour)
    yield from because_lines(why.because, why.places, paint)
    if why.because.turns:
        yield paint("1", "    What would turn it")
        yield from turn_lines(why.because.turns)
