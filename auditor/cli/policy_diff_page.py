"""
How the difference that two versions of policies make reads: as lines for a terminal, and as a document for programs.
"""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from auditor.cli.render import Paint
from auditor.findings.verdict_changes import Change
from auditor.model.result import verdict_tree
from auditor.reporters import wording
from auditor.reporters.foreign_text import cut
from auditor.reporters.layout import wrap
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.findings.verdict_changes import VerdictChange
    from auditor.model.verdict import Verdict
    from auditor.usecases.diff_policies import KeyChange, PolicyChange, PolicyDiff

MARKS: Final = {"added": "+", "removed": "-", "changed": "~", "renamed": "~", "merged": "~"}
_FACTS: Final = 6
NO_VERDICT: Final = "no verdict"
_VALUE: Final = 200
_COLOURS: Final = {
    Change.BROKEN: "1;35",
    Change.FAILING: "1;31",
    Change.INCONCLUSIVE: "33",
    Change.PASSING: "32",
}


def policy_diff_page(diff: PolicyDiff, *, colour: bool) -> Iterator[str]:
    """Yield the lines: the versions, what differs in the policies, then the verdicts kind by kind."""
    paint = Paint(colour)
    yield from wrap(f"old {diff.old}", hang="    ")
    yield from wrap(f"new {diff.new}", hang="    ")
    yield from wrap(judged(diff))
    if diff.policies:
        yield ""
        yield paint("1", "Policies")
    for change in diff.policies:
        yield from wrap(policy_change(change), indent=f"  {MARKS[change.what]} ", hang="    ")
        for key in change.keys:
            yield from wrap(key_change(key), indent="      ", hang="        ")
    for kind, changes in groupby(diff.verdicts, key=lambda one: one.change):
        yield ""
        of_kind = list(changes)
        yield paint(_COLOURS.get(kind, "1"), f"{heading(kind)} ({len(of_kind)})")
        for _, of_auditee in groupby(of_kind, key=lambda one: one.result.auditee):
            yield from _auditee(list(of_auditee), diff)
    yield ""
    yield from wrap(summary(diff))


def _auditee(changes: list[VerdictChange], diff: PolicyDiff) -> Iterator[str]:
    yield from wrap(wording.auditee(changes[0].result), indent="  ", hang="    ")
    for policy, of_policy in groupby(changes, key=lambda one: one.policy):
        yield f"    {policy}"
        for one in of_policy:
            text = f"{subject(one)}: {outcome(one.old)} -> {outcome(one.new)}"
            yield from wrap(text, indent="      ", hang="        ")
            if one.old is not None and one.change is not Change.APPEARED:
                by = f", by {one.old.policy}" if one.old.policy != one.policy else ""
                yield from _said(f"before{by}", one.old)
            if one.new is not None:
                yield from _said("now", one.new)
            for sentence in reasons(one):
                yield from wrap(f"because: {sentence}", indent="        ", hang="          ")
            for fact in facts(one, diff, _FACTS):
                yield from wrap(fact, indent="        - ", hang="          ")


def _said(when: str, verdict: Verdict) -> Iterator[str]:
    text = f"{when}: {wording.sentence(verdict.message)}"
    yield from wrap(text, indent="        ", hang="          ")


# ----- words that every form has in common


def judged(diff: PolicyDiff) -> str:
    """Say what was judged, and when."""
    return f"{counted(diff.auditees, 'snapshot')}, judged at {wording.instant(diff.as_of)} by both versions"


def heading(kind: Change) -> str:
    """Return the name of a kind of change, as it stands above its list."""
    extra = {
        Change.APPEARED: "New verdicts, pass or not applicable",
        Change.VANISHED: "Verdicts that are gone",
        Change.REWORDED: "The same outcome in other words",
    }
    return extra.get(kind, kind.value.capitalize())


def summary(diff: PolicyDiff) -> str:
    """Count the verdicts in one line, or say that there is none at all."""
    if diff.is_empty:
        return "Nothing was judged: no policy that is compared is about anything in the snapshots"
    parts = [f"{count} {kind.value}" for kind, count in diff.counts().items() if count]
    return ", ".join([*(parts or ["no verdict changes"]), f"{diff.unchanged} unchanged"])


def policy_change(change: PolicyChange) -> str:
    """Say in what way a policy is not the same."""
    was = f", formerly {change.was}" if change.was is not None else ""
    return f"{change.name}: {change.what}{was}"


def key_change(key: KeyChange) -> str:
    """Write a value that differs, before and after."""
    return f"{key.key}: {cut(key.old, _VALUE)} -> {cut(key.new, _VALUE)}"


def subject(one: VerdictChange) -> str:
    """Return what a verdict is about."""
    return wording.subject(one.verdict)


def outcome(verdict: Verdict | None) -> str:
    """Return an outcome in words, or that there is none."""
    return wording.words(verdict.outcome) if verdict is not None else NO_VERDICT


def reasons(one: VerdictChange) -> list[str]:
    """Return why the telling verdict is what it is."""
    every = [one.verdict.because, *(part.because for part in wording.deciding_clauses(one.verdict))]
    return list(dict.fromkeys(because.sentence for because in every if because is not None))


def facts(one: VerdictChange, diff: PolicyDiff, limit: int) -> list[str]:
    """Return the facts that the telling verdict rests on, the first *limit* of them, each with its place."""
    places = diff.places.get(one.result.auditee, {})
    missing = one.verdict.missing
    every = [*missing, *(fact for fact in one.verdict.facts if fact not in missing)]
    more = len(every) - limit
    texts = [wording.fact_line(fact, places) for fact in every[:limit]]
    return [*texts, *([f"and {counted(more, 'more fact')}"] if more > 0 else [])]


# ----- for programs


def policy_diff_document(diff: PolicyDiff) -> str:
    """Return the difference as JSON. Source: docs/policy-diff.md."""
    tree = {
        "schema": {"name": "policy-diff", "version": 1},
        "old": diff.old,
        "new": diff.new,
        "as_of": diff.as_of,
        "snapshots": diff.auditees,
        "policies": [
            {
                "policy": change.name,
                "change": change.what,
                "formerly": change.was,
                "keys": [{"key": key.key, "old": key.old, "new": key.new} for key in change.keys],
            }
            for change in diff.policies
        ],
        "verdicts": [_verdict_tree(one, diff) for one in diff.verdicts],
        "totals": {
            **{kind.value.replace(" ", "_"): count for kind, count in diff.counts().items()},
            "unchanged": diff.unchanged,
        },
    }
    return json.dumps(tree, ensure_ascii=False, indent=2)


def _verdict_tree(one: VerdictChange, diff: PolicyDiff) -> dict[str, Any]:
    places = diff.places.get(one.result.auditee, {})
    pointers = dict.fromkeys(fact.pointer for fact in (*one.verdict.facts, *one.verdict.missing))
    return {
        "change": one.change.value.replace(" ", "_"),
        "auditee": {"id": one.result.auditee, "name": one.result.auditee_name},
        "policy": one.policy,
        "subject": one.verdict.subject,
        "old": verdict_tree(one.old) if one.old is not None else None,
        "new": verdict_tree(one.new) if one.new is not None else None,
        "places": {pointer: str(places[pointer]) for pointer in pointers if pointer in places},
    }
