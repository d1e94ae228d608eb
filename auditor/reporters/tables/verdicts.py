"""
Every verdict of a run, passes included, one per row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.tables.cell_text import key
from auditor.reporters.tables.untold import untold
from auditor.reporters.tables.view import Column, Kind, View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Places, Run
    from auditor.reporters.tables.view import Row

_COLUMNS: Final = (
    Column(
        "kind",
        "verdict; or, of what has no verdict, input (cannot be read), auditee (not audited) or run"
        " (nothing was audited).",
        width=10,
    ),
    Column(
        "outcome",
        "pass, fail, inconclusive (a fact is missing), error (the policy broke) or not_applicable;"
        " error for what has no verdict.",
        width=14,
    ),
    Column("severity", "What a broken rule weighs: low, medium, high or critical.", width=10),
    Column("auditee", "Name of the project, or of the input.", width=24),
    Column("auditee_id", "Id of the project.", width=18),
    Column("subject", "What was judged: a sprint, a risk, or the project itself.", width=28),
    Column("subject_key", "Key of it, which stays when it gets another name.", width=18),
    Column("sentence", "The verdict in one sentence.", width=60),
    Column(
        "reason",
        "Why it is no plain pass or fail: when_false, no_subject, vacuous, not_due, unobserved, the"
        " name of an error.",
        width=16,
    ),
    Column("policy", "Id of the policy.", width=30),
    Column("title", "What is wrong where the policy fails.", width=40),
    Column("controls", "The controls that the policy serves.", Kind.LIST, 18),
    Column("pack", "The pack that the policy is from.", width=10),
    Column("at", "The instant that the verdict is about.", Kind.INSTANT, 24),
    Column("due_at", "When it was, or is, due.", Kind.INSTANT, 24),
    Column("judged_at", "The instant to which the facts were looked at.", Kind.INSTANT, 24),
    Column(
        "to_act",
        "Who must act. Where the policy names nobody: on a fail the Delivery Manager, on what is not"
        " decided whoever keeps the records, on an error whoever keeps the policy. Empty where nobody has to.",
        width=18,
    ),
    Column(
        "evidence",
        "The weakest way in which a deciding fact was obtained: api, export, parsed, manual, attested.",
        width=10,
    ),
    Column("attested", "Of a pass that rests on a person's word: whose, and until when.", width=30),
    Column("changed", "What was changed of the policy for this run, by whom.", Kind.LIST, 40),
)


def _rows(run: Run, places: Places) -> Iterator[Row]:
    del places
    for one in untold(run):
        yield (
            one.kind, Outcome.ERROR.value, "", one.name, one.id, "", "", one.sentence, one.reason,
            *("",) * (len(_COLUMNS) - 9),
        )  # fmt: skip
    parts = {policy.id: _parts(policy) for policy in run.policies}
    severities = {policy.id: policy.severity.value for policy in run.policies}
    outcomes = {outcome: outcome.value for outcome in Outcome}
    for result in run.results:
        auditee = wording.name(result.auditee_name or result.auditee)
        for verdict in result.verdicts:
            of_policy, changed = parts[verdict.policy]
            yield (
                "verdict",
                outcomes[verdict.outcome],
                severities[verdict.policy],
                auditee,
                result.auditee,
                wording.subject(verdict),
                key(verdict.subject),
                wording.sentence(verdict.message),
                verdict.reason,
                *of_policy,
                verdict.at,
                verdict.due_at,
                result.judged_at,
                wording.to_act(verdict),
                verdict.grade.value if verdict.grade else None,
                wording.voucher(verdict.attested) if verdict.attested else None,
                changed,
            )


def _parts(policy: PolicySummary) -> tuple[Row, tuple[str, ...]]:
    """Return the cells that all verdicts of a policy share, and its changes."""
    shared: Row = (policy.id, wording.sentence(policy.title), policy.controls, policy.pack)
    return shared, tuple(told(change) for change in policy.changes)


VERDICTS: Final = View("verdicts", "a verdict, passes included", _COLUMNS, _rows)
