"""
The difference that two versions of policies make, as Markdown for the pull request that makes it.

A comment has room for so many characters, so what has to be looked at first comes first, and a line says how much
is left out.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from auditor.cli.policy_diff_page import (
    facts,
    heading,
    outcome,
    policy_change,
    reasons,
    subject,
    summary,
)
from auditor.findings.verdict_changes import WORSE
from auditor.reporters import wording
from auditor.reporters.markdown_comment import COMMENT, Room, Row
from auditor.reporters.markdown_text import inline
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.findings.verdict_changes import VerdictChange
    from auditor.usecases.diff_policies import PolicyDiff

_OPEN: Final = 20
"""Rows of what is worse that are shown without being asked for."""
_FACTS: Final = 3
_NAME: Final = 120
_TEXT: Final = 400
_VALUE: Final = 200


def policy_diff_markdown(diff: PolicyDiff, *, limit: int = COMMENT) -> str:
    """Return the difference as Markdown of at most *limit* characters."""
    room = Room(limit, whole="`auditor policy diff -f text` shows everything.")
    parts = [
        room.take(
            f"## Policies: {inline(summary(diff), _TEXT)}\n\n"
            f"From **{inline(diff.old, _NAME)}** to **{inline(diff.new, _NAME)}**,"
            f" {counted(diff.auditees, 'snapshot')}, judged at {inline(wording.instant(diff.as_of), _NAME)}.\n"
        )
    ]
    if diff.policies:
        changed = [Row(row) for row in _policy_rows(diff)]
        parts.append(
            room.section(
                "Changed policies",
                "| policy | change | before | now |\n|---|---|---|---|\n",
                changed,
                len(changed),
                is_open=len(diff.policies) <= _OPEN,
            )
        )
    for kind, changes in groupby(diff.verdicts, key=lambda one: one.change):
        alike = list(changes)
        parts.append(
            room.section(
                f"{heading(kind)} ({len(alike)})",
                "| project | policy | subject | before | now | why |\n|---|---|---|---|---|---|\n",
                (Row(_verdict_row(one, diff)) for one in alike),
                len(alike),
                is_open=kind in WORSE and len(alike) <= _OPEN,
            )
        )
    return "".join(parts)


def _policy_rows(diff: PolicyDiff) -> Iterator[str]:
    for change in diff.policies:
        name = inline(policy_change(change).partition(": ")[0], _NAME)
        what = inline(policy_change(change).partition(": ")[2], _NAME)
        if not change.keys:
            yield f"| {name} | {what} | | |\n"
        for key in change.keys:
            how = f"{what}, {inline(key.key, _NAME)}"
            yield f"| {name} | {how} | {inline(key.old, _VALUE)} | {inline(key.new, _VALUE)} |\n"


def _verdict_row(one: VerdictChange, diff: PolicyDiff) -> str:
    cells = [
        inline(wording.auditee(one.result), 2 * _NAME),
        inline(one.policy, _NAME),
        inline(subject(one), _NAME),
        _came(one, is_new=False),
        _came(one, is_new=True),
        "<br>".join(inline(text, _TEXT) for text in (*reasons(one), *facts(one, diff, _FACTS))),
    ]
    return f"| {' | '.join(cells)} |\n"


def _came(one: VerdictChange, *, is_new: bool) -> str:
    verdict = one.new if is_new else one.old
    if verdict is None:
        return outcome(verdict)
    return f"**{outcome(verdict)}**: {inline(wording.sentence(verdict.message), _TEXT)}"
