"""C13, C14 and C15: text that says something, empty lists, and exact numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.facts.given import PLACEHOLDERS
from auditor.language.cel.checker import CheckErrors
from auditor.language.values import Listing
from tests.conventions.world import answer, worth

SPACES = st.text(
    st.sampled_from(" \t\n\u00a0\u2003\u200b\u200d\ufeff\u2060\u00ad\u3164"), max_size=4
)


class TestC13:
    """Text counts as given when something is left that is no placeholder."""

    @given(SPACES, st.sampled_from(sorted(PLACEHOLDERS)), SPACES, st.booleans())
    def test_a_placeholder_says_nothing(
        self, before: str, word: str, after: str, upper: bool  # noqa: FBT001 - drawn
    ) -> None:  # fmt: skip
        """In any case, between any blanks."""
        text = f"{before}{word.upper() if upper else word}{after}"

        assert answer("given(x)", x=text) == "false"

    @given(SPACES)
    def test_blanks_say_nothing(self, text: str) -> None:
        """Visible or not."""
        assert answer("given(x)", x=text) == "false"

    @given(SPACES, st.sampled_from(["Signed off", "0", "tbd by Friday", "-1", "無"]), SPACES)
    def test_anything_else_does(self, before: str, text: str, after: str) -> None:
        """A placeholder inside a sentence is a word of it."""
        assert answer("given(x)", x=f"{before}{text}{after}") == "true"


class TestC14:
    """A list that is known to be empty, one that is not observed, and one that was cut short."""

    EACH = "sprints.all(s, s.closed_at != null)"
    ONE = "sprints.exists(s, s.closed_at != null)"
    OPEN: ClassVar[dict[str, Any]] = {"closed_at": None}
    HOLE = object()

    @pytest.mark.parametrize(
        ("sprints", "gaps", "each", "one"),
        [
            pytest.param(HOLE, {}, "unknown", "unknown", id="unobserved"),
            pytest.param([OPEN], {"/sprints": "truncated"}, "false", "unknown", id="a-truncated-one-can-fail-an-each"),
            pytest.param([], {"/sprints": "truncated"}, "unknown", "unknown", id="nothing-of-it-was-read"),
        ],
    )  # fmt: skip
    def test_what_is_not_known_is_never_green(
        self, sprints: Any, gaps: dict[str, str], each: str, one: str
    ) -> None:
        """An 'each' can only fail, an 'at least one' only pass."""
        facts = {} if sprints is self.HOLE else {"sprints": sprints}

        assert answer(self.EACH, None, facts, gaps) == each
        assert answer(self.ONE, None, facts, gaps) == one

    def test_a_truncated_list_can_pass_an_at_least_one(self) -> None:
        """And leaves the 'each' open."""
        import datetime as dt  # noqa: PLC0415 - one fact

        facts = {"sprints": [{"closed_at": dt.datetime(2026, 3, 3, tzinfo=dt.UTC)}]}
        gaps = {"/sprints": "truncated"}

        assert answer(self.ONE, None, facts, gaps) == "true"
        assert answer(self.EACH, None, facts, gaps) == "unknown"

    def test_an_empty_list_says_that_it_is_empty(self) -> None:
        """What that counts as, `empty` says: the truth of an 'each' is marked as resting on nothing."""
        sprints = worth("sprints", None, {"sprints": []})

        assert isinstance(sprints, Listing)
        assert (sprints.items, sprints.grounded, sprints.is_open) == ((), False, False)
        assert answer(self.ONE, None, {"sprints": []}) == "false"


numbers = st.integers(0, 1_000)


class TestC15:
    """Limits, shares and medians."""

    @given(numbers, st.integers(1, 1_000), st.integers(0, 100))
    def test_shares_are_compared_by_cross_multiplication(
        self, part: int, whole: int, percent: int
    ) -> None:
        """Never in binary floats: 'above' excludes the limit, 'at least' includes it."""
        above = part * 100 > percent * whole
        at_least = part * 100 >= percent * whole

        for sign, expected in ((">", above), (">=", at_least)):
            found = answer(f"ratio(x, y, 0 %) {sign} {percent} %", x=part, y=whole)
            assert found == str(expected).lower()

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("ratio(1, 2, 0 %) > 10 %", "true"),
            ("ratio(0.1, 0.3, 0 %) == ratio(1, 3, 0 %)", "true"),
            ("ratio(3, 30, 0 %) == 0.1", "true"),
            ("ratio(29, 290, 0 %) >= 10 %", "true"),
            ("[0.1, 0.2].sum(n, n) == 0.3", "true"),
            ("[1, 2, 3, 10].median() == 2.5", "true"),
        ],
    )
    def test_decimals_mean_what_they_say(self, expression: str, expected: str) -> None:
        """0.1 is a tenth."""
        assert answer(expression) == expected

    def test_nothing_of_nothing_is_what_the_rule_says(self) -> None:
        """A zero denominator has no share; the third argument says what then."""
        assert worth("ratio(0, 0, 100 %)") == Fraction(1)
        assert worth("ratio(x, y, 0 %)", x=5, y=0) == Fraction(0)

    @pytest.mark.parametrize(
        "share", ["ratio(x, 5, 0 %)", "ratio(5, x, 0 %)", "ratio(null, 5, 0 %)"]
    )
    def test_what_may_be_null_has_no_share(self, share: str) -> None:
        """The checker asks for a guard, so that no verdict ends in an error."""
        with pytest.raises(CheckErrors) as caught:
            worth(f"{share} >= 80 %", x=None)

        assert [fault.slug for fault in caught.value.diagnostics] == ["unguarded-null"]
        assert answer("x == null || ratio(x, 5, 0 %) >= 80 %", x=None) == "true"

    @given(st.lists(numbers, min_size=1, max_size=9))
    def test_the_median_of_an_even_count_is_the_mean_of_the_middle_two(
        self, members: list[int]
    ) -> None:
        """Against the definition."""
        ordered = sorted(members)
        middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2

        assert worth(f"{members}.median()") == middle
