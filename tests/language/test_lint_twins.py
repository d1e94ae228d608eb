"""Two policies that say the same are told, whatever they call things; two that differ in anything that decides are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from auditor.language.policy_draft import PolicyText

if TYPE_CHECKING:
    Linter = Any
    Change = tuple[str, str]

FIRST = """\
id: blocker-left-open
title: A blocker was left open
why: Blockers stop work.
controls: [X-1]
severity: high
params: {limit: {default: 24 hours, about: Time}}
for: {blocker: blockers}
empty: not_applicable
when: blocker.raised_at != null
let: {deadline: blocker.raised_at.plus(params.limit)}
define:
  done(b, at): b.resolved_at.by(at)
require:
  - that: done(blocker, deadline) || risks.exists(r, r.raised_by == blocker.owner)
    say: Late.
fix: Resolve it.
"""
SECOND = """\
id: open-for-long
title: A blocker was open for long
why: Work waits.
controls: [X-2]
severity: low
params: {span: {default: 24 hours, about: How long}}
for: {b: blockers}
empty: not_applicable
when: b.raised_at  !=  null
let: {until: b.raised_at.plus(params.span)}
define:
  isOver(x, t): x.resolved_at.by(t)
require:
  - that: >
      isOver(b, until)
      || risks.exists(risk, risk.raised_by == b.owner)
    say: It took too long.
fix: Hurry.
"""


def twins(linter: Linter, second: str) -> list[tuple[str, str, str]]:
    """Return what is said of a policy beside the first."""
    texts = (
        PolicyText("p/blocker-left-open.yaml", "p", FIRST.encode()),
        PolicyText("p/open-for-long.yaml", "p", second.encode()),
    )
    return [
        (found.slug, str(found.location), found.message)
        for found in linter.findings(*texts)
        if found.level == "warning"
    ]


def test_other_names_make_no_other_policy(linter: Linter) -> None:
    """Names of subjects, parameters, definitions and elements stand for what they are."""
    assert twins(linter, SECOND) == [
        (
            "policy-same-policy",
            "p/open-for-long.yaml:1:1",
            "'blocker-left-open' decides exactly the same (p/blocker-left-open.yaml)",
        )
    ]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(("24 hours", "48 hours"), id="parameter"),
        pytest.param(("empty: not_applicable", "empty: pass"), id="empty"),
        pytest.param(("when: b.raised_at  !=  null", "when: b.raised_at != null && b.owner != null"), id="when"),
        pytest.param(("risk.raised_by == b.owner", "risk.owner == b.owner"), id="field"),
        pytest.param(("x.resolved_at.by(t)", "x.resolved_at.before(t)"), id="word"),
        pytest.param(("risks.exists(risk", "!risks.all(risk"), id="macro"),
        pytest.param(("isOver(b, until)\n", "isOver(b, as_of) && until != null\n"), id="argument"),
        pytest.param(("let:", "due: until\nlet:"), id="due"),
    ],
)  # fmt: skip
def test_what_decides_otherwise_is_another_policy(linter: Linter, change: Change) -> None:
    """One difference is enough."""
    assert change[0] in SECOND

    assert twins(linter, SECOND.replace(*change)) == []


def test_a_title_names_one_policy(linter: Linter) -> None:
    """A reader of a report has nothing else to go by."""
    text = SECOND.replace("A blocker was open for long", "A Blocker  was left open.")
    text = text.replace("24 hours", "48 hours")

    assert twins(linter, text) == [
        (
            "policy-same-title",
            "p/open-for-long.yaml:2:1",
            (
                "'blocker-left-open' has the same title, so nobody can tell their findings apart"
                " (p/blocker-left-open.yaml)"
            ),
        )
    ]


def test_one_id_twice_is_told_once(linter: Linter) -> None:
    """That they are alike as well follows from it."""
    assert twins(linter, FIRST) == [
        (
            "policy-file-name",
            "p/open-for-long.yaml:1:1",
            "the policy is called 'blocker-left-open', and its file 'open-for-long.yaml'",
        )
    ]


def test_half_a_policy_is_no_twin(linter: Linter) -> None:
    """What cannot be compiled is not compared: two broken policies are not alike."""
    broken = ("risks.exists(r, r.raised_by", "risks.exists(r, r.raisd_by")
    texts = (
        PolicyText("p/blocker-left-open.yaml", "p", FIRST.replace(*broken).encode()),
        PolicyText(
            "p/open-for-long.yaml", "p", SECOND.replace("risk.raised_by", "risk.raisd_by").encode()
        ),
    )

    assert {found.slug for found in linter.findings(*texts)} == {"policy-unknown-field"}
