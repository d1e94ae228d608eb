"""A profile changes a policy within its bounds, a repository only raises it; faults are told at their place."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.model.location import Location
from auditor.model.policy import PolicyChange, PolicySummary
from auditor.model.severity import Severity
from auditor.model.tailoring import Override, Tailoring, Written
from auditor.usecases.read_policies import functions, snapshot_models

POLICY = """\
id: blocker-left-open
title: A blocker was left open
why: Blockers stop work.
controls: [SEEF-MON-04]
severity: medium
params:
  limit: {default: 24 hours, between: [1 hour, 48 hours], about: Time to resolve}
  role: {default: DM, about: Whose word counts}
for: {blocker: blockers}
empty: not_applicable
require:
  - that: blocker.owner == params.role || blocker.raised_at.plus(params.limit).by(as_of)
    say: S
fix: Resolve it.
"""
AT = Written(Location("acme.yaml", 9, 21), "    limit: {value: ...}")
NAME = Written(Location("acme.yaml", 9, 5), "    limit: {value: ...}")


def override(value: Any) -> Override:
    """Say something else than the policy does."""
    return Override(value, AT, NAME, "Agreed with clients", "C. Doyle", "2026-08-01")


def summary(tailoring: Tailoring) -> PolicySummary:
    """Compile the policy; return what is in force."""
    text = PolicyText("p/policy.yaml", "p", POLICY.encode())
    plan = compile_plan(
        [text], roots=Roots(snapshot_models()), functions=functions(), tailoring=tailoring
    )
    return plan.summaries[0]


def params(**values: Any) -> Tailoring:
    """Change parameters."""
    return Tailoring(
        params={"blocker-left-open": {name: override(value) for name, value in values.items()}}
    )


def severities(profile: str | None = None, raised: str | None = None) -> Tailoring:
    """Change the severity."""
    return Tailoring(
        severities={} if profile is None else {"blocker-left-open": override(profile)},
        raised={} if raised is None else {"blocker-left-open": Override(raised, AT, NAME)},
    )


def fault(tailoring: Tailoring) -> AuditorError:
    """Return what is wrong with a change."""
    with pytest.raises(ErrorGroup) as caught:
        summary(tailoring)
    (error,) = caught.value.errors
    return error


def test_a_changed_parameter_is_in_force_and_told() -> None:
    """With what it was, and who decided it."""
    found = summary(params(limit="48 hours"))

    assert found.params == (("limit", "48 hours"), ("role", "DM"))
    assert found.changes == (
        PolicyChange(
            "params.limit",
            "24 hours",
            "48 hours",
            is_relaxing=False,
            location=AT.location,
            reason="Agreed with clients",
            by="C. Doyle",
            on="2026-08-01",
        ),
    )
    assert not found.changes[0].is_raising


def test_a_parameter_without_bounds_can_be_anything_of_its_type() -> None:
    """Whose word counts is for the organisation to say."""
    assert summary(params(role="PO")).params == (("limit", "24 hours"), ("role", "PO"))


def test_what_is_not_different_is_no_change() -> None:
    """A profile that repeats the policy changes nothing."""
    same = Tailoring(
        params(limit="24 hours").params, severities("medium").severities, severities(raised="medium").raised
    )  # fmt: skip

    assert summary(same).changes == ()


@pytest.mark.parametrize(
    ("tailoring", "slug", "place", "message", "hint"),
    [
        pytest.param(
            params(limit="49 hours"), "profile-param-bounds", AT,
            "'49 hours' is out of bounds for the parameter 'limit' of 'blocker-left-open'",
            "choose a value between 1 hour and 48 hours", id="out of bounds",
        ),
        pytest.param(
            params(limit="1 working hours"), "profile-param-bounds", AT,
            "'1 working hour' is out of bounds for the parameter 'limit' of 'blocker-left-open'",
            "choose a value between 1 hour and 48 hours", id="bounds of another kind",
        ),
        pytest.param(
            params(limit="soon"), "profile-param-type", AT,
            "'soon' is no value for the parameter 'limit', a span",
            "write it like the default, 24 hours", id="no span",
        ),
        pytest.param(
            params(limit=24), "profile-param-type", AT,
            "'24' is no value for the parameter 'limit', a span",
            "write it like the default, 24 hours", id="a bare number",
        ),
        pytest.param(
            params(limt="2 hours"), "profile-unknown-param", NAME,
            "'blocker-left-open' has no parameter 'limt'", "did you mean 'limit'?", id="no parameter",
        ),
        pytest.param(
            severities(raised="low"), "config-lowers", AT,
            "'blocker-left-open' is medium, and low is lower: an auditor.yaml can only raise",
            "leave it out; severities are lowered in the profile, by whoever answers for it",
            id="lower than the policy",
        ),
        pytest.param(
            severities("critical", "high"), "config-lowers", AT,
            "'blocker-left-open' is critical, and high is lower: an auditor.yaml can only raise",
            "leave it out; severities are lowered in the profile, by whoever answers for it",
            id="lower than the profile",
        ),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_told_where_it_is_written(
    tailoring: Tailoring, slug: str, place: Written, message: str, hint: str
) -> None:
    """Never in the policy, which is right."""
    error = fault(tailoring)

    assert (error.slug, error.location, error.excerpt) == (slug, place.location, place.excerpt)
    assert (error.message, error.hint) == (message, hint)


@pytest.mark.parametrize(
    ("profile", "raised", "expected", "told"),
    [
        pytest.param("low", None, "low", [("medium", "low", True)], id="lowered by the profile"),
        pytest.param("high", None, "high", [("medium", "high", False)], id="raised by the profile"),
        pytest.param(None, "critical", "critical", [("medium", "critical", False)], id="raised by the repository"),
        pytest.param("low", "high", "high", [("medium", "low", True), ("low", "high", False)], id="lowered, then raised"),
    ],
)  # fmt: skip
def test_a_severity_is_the_profiles_and_then_raised(
    profile: str | None, raised: str | None, expected: str, told: list[tuple[str, str, bool]]
) -> None:
    """Each step is told."""
    found = summary(severities(profile, raised))

    assert found.severity is Severity(expected)
    assert [(one.before, one.after, one.is_relaxing) for one in found.changes] == told


def test_only_the_wrong_changes_are_left_out() -> None:
    """By the place where they stand, or where they are named."""
    elsewhere = Written(Location("acme.yaml", 12, 1), "")
    right = Override("2 hours", elsewhere, elsewhere)
    tailoring = Tailoring({"a": {"x": override(1), "y": right}}, {"a": right}, {"a": override(1)})

    assert tailoring.without({AT.location}) == Tailoring({"a": {"y": right}}, {"a": right}, {})
    assert tailoring.without({NAME.location}) == Tailoring({"a": {"y": right}}, {"a": right}, {})
    assert tailoring.without({None}) == tailoring
