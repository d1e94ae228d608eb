"""What is advised would turn it: never an id, never half of what the same fact is asked, nothing that is there already."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.model.outcome import Outcome
from tests.evaluation.explained import said, verdicts_of, ways, why

PARTIES = [{"id": "p1", "name": "Ada"}, {"id": "p2", "name": "Grace"}]


def blocker(**fields: Any) -> dict[str, Any]:
    """Return a blocker that Ada owns, raised on 2 March and not resolved."""
    return {
        "id": "b1",
        "severity": "high",
        "owner": "p1",
        "raised_at": "2026-03-02T10:00:00+01:00",
        "resolved_at": None,
        "escalations": [],
        **fields,
    }


class TestIds:
    """An id says which record it is: to change it is to falsify it."""

    def test_the_other_side_is_to_change(self) -> None:
        """Grace would do, if she were the owner; nobody is to give her the id of Ada."""
        because = why(
            "parties.exists(p, p.id == dyn(blockers[0].owner) && p.name != 'Ada')",
            parties=PARTIES,
            blockers=[blocker()],
        )

        assert ways(because) == [
            ["parties[0].name: anything but Ada"],
            ["blockers[0].owner: Grace"],
        ]
        assert because.turns[1][0].pointer == "/blockers/0/owner"
        assert because.turns[1][0].boundary == "p2"

    @pytest.mark.parametrize(
        "that", ["parties[0].id == 'p9'", "parties[0].id in ['p8', 'p9']", "parties[0].id > 'p9'"]
    )
    def test_where_there_is_no_other_side_nothing_is_advised(self, that: str) -> None:
        """The explanation is there all the same."""
        because = why(that, parties=PARTIES)

        assert because.steps[0].says.startswith("parties[0].id is ")
        assert ways(because) == []


class TestOneFactAskedTwice:
    """What turns one operand must not leave the other as it is."""

    def test_what_is_recorded_must_also_be_in_time(self) -> None:
        """Recorded now, it would be more than a day late."""
        because = why(
            "!blockers.exists(b, b.resolved_at == null"
            " || b.resolved_at.after(dyn(b.raised_at).plus(span('24 hours'))))",
            blockers=[blocker()],
        )

        assert ways(because) == [
            ["blockers[0].resolved_at: recorded, and at or before 2026-03-03 10:00 +01:00"]
        ]
        assert because.turns[0][0].boundary == "2026-03-03T10:00:00+01:00"

    def test_also_in_the_words_of_a_definition(self) -> None:
        """And behind a guard, which asks for the same."""
        because = why(
            "inTime(blockers[0])",
            head="define:\n  inTime(b): b.resolved_at != null && b.resolved_at.by(dyn(b.raised_at))\n",
            blockers=[blocker()],
        )

        assert ways(because) == [
            ["blockers[0].resolved_at: recorded, and at or before 2026-03-02 10:00 +01:00"]
        ]

    def test_of_another_fact_nothing_is_added(self) -> None:
        """It is as it should be already."""
        because = why(
            "!(blockers[0].resolved_at == null || dyn(blockers[0].raised_at).after(as_of))",
            blockers=[blocker()],
        )

        assert ways(because) == [["blockers[0].resolved_at: recorded"]]


class TestDays:
    """What is known to its day is recorded already."""

    def test_the_minute_is_what_is_wanted(self) -> None:
        """Resolved on 3 March at nine, raised on 2 March: whether within a day depends on the minute."""
        days = [blocker(raised_at="2026-03-02", resolved_at="2026-03-03T09:00:00+01:00")]
        because = why(
            "blockers[0].resolved_at.by(dyn(blockers[0].raised_at).plus(span('24 hours')))",
            blockers=days,
        )

        assert ways(because) == [["blockers[0].raised_at: recorded to the minute"]]


class TestKept:
    """How many there are rests on those that a filter let through."""

    ALIKE = "size(blockers.filter(x, x.severity == 'high')) < 2"
    TWO = (blocker(), blocker(id="b2", severity="low"), blocker(id="b3"))

    def test_the_facts_for_which_they_count_are_named(self) -> None:
        """In the explanation, and in the flat list of facts."""
        because = why(self.ALIKE, blockers=list(self.TWO))
        policy = f'require:\n  - {{that: "{self.ALIKE}", say: x, empty: fail}}\n'
        (verdict,) = verdicts_of(policy, blockers=list(self.TWO))

        named = ("/blockers/0/severity", "/blockers/2/severity")
        assert because.steps[0].facts == named
        assert verdict.outcome is Outcome.FAIL
        assert tuple(fact.pointer for fact in verdict.clauses[0].facts) == named

    def test_a_parameter_is_told_by_what_it_stands_for(self) -> None:
        """Whoever reads a demand does not know what its words call their parts."""
        because = why(
            "few(blockers.filter(x, x.severity == 'high'))",
            head="define:\n  few(list): size(list) < 2\n",
            blockers=list(self.TWO),
        )

        told = "size(blockers.filter(x, x.severity == 'high'))"
        assert said(because, "size(list)") == f"{told} is 2"
        assert because.sentence == f"{told} is 2."
        assert ways(because) == [[f"{told}: less than 2"]]

    def test_a_variable_of_the_same_name_is_another_thing(self) -> None:
        """So the name stays as it is written, wherever it stands beside one."""
        because = why("odd([5])", head="define:\n  odd(n): size(n) + n.filter(n, n > 1)[0] < 2\n")

        assert ways(because) == [["size(n) + n.filter(n, n > 1)[0]: less than 2"]]

    def test_a_parameter_keeps_its_place_in_what_is_around_it(self) -> None:
        """An operator is put in brackets."""
        because = why(
            "odd(dyn(blockers[0].severity) + 'er', 3)",
            head="define:\n  odd(text, n): size(text.trim()) + [n].filter(t, t > 1)[0] < n\n",
            blockers=list(self.TWO),
        )

        assert ways(because) == [
            [
                "size((dyn(blockers[0].severity) + 'er').trim()) + [3].filter(t, t > 1)[0]: less than 3"
            ]
        ]
