"""A name is taken for a misspelt one only where nothing else can have been meant."""

from __future__ import annotations

import pytest

from auditor.model.errors import slip_of

KNOWN = (
    "owner",
    "owners",
    "score",
    "source",
    "issues",
    "objective",
    "raised_at",
    "priority",
    "high",
    "id",
)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        pytest.param("ownr", "owner", id="too-few"),
        pytest.param("scoore", "score", id="too-many"),
        pytest.param("prioraty", "priority", id="wrong"),
        pytest.param("hihg", "high", id="changed-places"),
        pytest.param("raisedat", "raised_at", id="a-sign"),
    ],
)
def test_a_slip_of_the_hand(found: str, meant: str) -> None:
    """One letter, or two that changed places."""
    assert slip_of(found, KNOWN) == (found, meant)


@pytest.mark.parametrize(
    "found",
    [
        pytest.param("figures", id="resembles-issues"),
        pytest.param("party", id="resembles-priority"),
        pytest.param("objectives", id="a-plural"),
        pytest.param("owner", id="no-slip"),
        pytest.param("nigh", id="another-short-word"),
        pytest.param("ie", id="too-short"),
        pytest.param("rsied_at", id="two-slips"),
        pytest.param("ownerz", id="of-two-names"),
    ],
)
def test_what_may_be_another_name(found: str) -> None:
    """It is for the author to say."""
    assert slip_of(found, KNOWN) is None
