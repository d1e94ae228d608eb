"""Why a verdict is what it is: the parts that decided, with values, margins and places, and what would turn it."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from auditor.evaluation.explaining.explainer import MOST_STEPS
from auditor.model.explanation import Came
from auditor.model.outcome import Outcome
from auditor.model.verdict import Grade
from tests.evaluation.explained import DOCUMENT, texts, verdicts_of, ways, why

LATE = "blockers[0].resolved_at.by(dyn(blockers[0].raised_at))"
NEVER = "project.closed_at.by(as_of)"
HELD = "project.phase == 'execution'"


def blockers(**fields: Any) -> list[dict[str, Any]]:
    """Return the first blocker alone, with other fields."""
    return [{**deepcopy(DOCUMENT["blockers"][0]), **fields}]


def escalated(*days: int) -> list[dict[str, Any]]:
    """Return the first blocker, escalated at noon on days of March."""
    entries = [{"at": f"2026-03-{day:02d}T12:00:00+01:00", "level": 1} for day in days]
    return blockers(escalations=entries)


class TestLogic:
    """Only what decided is told."""

    def test_of_a_false_conjunction_the_false_operands(self) -> None:
        """What holds beside them changes nothing."""
        because = why(f"{HELD} && {LATE} && project.name == 'Gemini'")

        (step,) = because.steps
        assert step.says == "2 of 3 do not hold"
        assert [below.text for below in step.steps] == [LATE, "project.name == 'Gemini'"]

    def test_a_single_one_stands_for_the_whole(self) -> None:
        """Nobody needs to be told that one of one does not hold."""
        assert texts(why(f"{HELD} && {NEVER}").steps) == [NEVER]

    def test_nothing_is_asked_behind_a_guard(self) -> None:
        """Of what is not there nothing else is worth telling."""
        because = why("project.closed_at != null && project.closed_at.by(as_of)")

        assert texts(because.steps) == ["project.closed_at != null"]

    def test_of_a_false_disjunction_every_operand(self) -> None:
        """One that held would have been enough."""
        because = why(f"{LATE} || {NEVER}")

        (step,) = because.steps
        assert (step.came, step.says) == (Came.FALSE, "none of these holds")
        assert [below.text for below in step.steps] == [LATE, NEVER]

    def test_of_a_true_disjunction_the_first_that_holds(self) -> None:
        """Negated, it is why the whole is false."""
        because = why(f"!({NEVER} || {HELD} || project.name == 'Apollo')")

        assert [(step.text, step.came) for step in because.steps] == [(HELD, Came.TRUE)]

    def test_of_a_true_conjunction_every_operand(self) -> None:
        """Each was needed."""
        because = why(f"!({HELD} && project.name == 'Apollo')")

        (step,) = because.steps
        assert (step.came, step.says) == (Came.TRUE, "each of these holds")
        assert [below.text for below in step.steps] == [HELD, "project.name == 'Apollo'"]

    def test_of_a_choice_the_test_and_the_branch_that_was_taken(self) -> None:
        """The other branch has no part in it."""
        because = why(f"{HELD} ? {NEVER} : {LATE}")

        assert [(step.text, step.came) for step in because.steps] == [
            (HELD, Came.TRUE),
            (NEVER, Came.FALSE),
        ]

    def test_ways_to_turn_it(self) -> None:
        """All false operands of a conjunction together, or any one of a disjunction."""
        both = why(f"{LATE} && project.name == 'Gemini'")
        either = why(f"{LATE} || project.name == 'Gemini'")
        resolved = "blockers[0].resolved_at: at or before 2026-03-10 10:00 +01:00"

        assert ways(both) == [[resolved, "project.name: Gemini"]]
        assert ways(either) == [[resolved], ["project.name: Gemini"]]

    def test_of_several_that_hold_turning_one_turns_nothing(self) -> None:
        """So it is not told as a way."""
        assert ways(why(f"!({HELD} || project.name == 'Apollo')")) == []


class TestWords:
    """Definitions and names."""

    DEFINED = "define:\n  resolvedBy(b, limit): b.resolved_at.by(limit)\n"

    def test_a_word_is_told_by_its_own_name_and_explained_by_its_body(self) -> None:
        """Each with its place: the call in the demand, the body where the word is defined."""
        because = why("resolvedBy(blockers[0], dyn(blockers[0].raised_at))", head=self.DEFINED)

        (call,) = because.steps
        (body,) = call.steps
        assert call.text == "resolvedBy(blockers[0], dyn(blockers[0].raised_at))"
        assert str(call.place) == "p/rule.yaml:11:7"
        assert body.text == "b.resolved_at.by(limit)"
        assert str(body.place) == "p/rule.yaml:8:25"
        assert body.facts == ("/blockers/0/resolved_at", "/blockers/0/raised_at")

    def test_a_word_of_the_pack_is_placed_in_the_pack(self) -> None:
        """Also a part of it, in a folded text."""
        pack = (
            "title: T\nabout: A\ndefine:\n  isOver(p): >\n    p.phase == 'closed'\n"
            "    || p.closed_at.by(as_of)\n"
        )
        because = why("isOver(project)", pack=pack)

        (call,) = because.steps
        assert [str(step.place) for step in call.steps] == ["p/pack.yaml:5:5", "p/pack.yaml:6:8"]
        assert call.says == "none of these holds"

    def test_a_name_is_told_with_its_value_one_level_down_and_once(self) -> None:
        """Where a comparison asks for it."""
        because = why(
            f"{NEVER} || blockers[0].resolved_at.by(limit) || project.closed_at.by(limit)",
            head="let:\n  limit: dyn(blockers[0].raised_at).plus(span('24 hours'))\n",
        )

        (group,) = because.steps
        never, resolved, closed = group.steps
        (limit,) = resolved.steps
        assert never.steps == closed.steps == ()
        assert limit.text == "dyn(blockers[0].raised_at).plus(span('24 hours'))"
        assert limit.says == "limit is 2026-03-11 10:00 +01:00"
        assert limit.facts == ("/blockers/0/raised_at",)
        assert str(limit.place) == "p/rule.yaml:8:10"

    def test_a_name_for_a_truth_is_looked_into(self) -> None:
        """It decides like what it stands for."""
        because = why("isOver", head=f"let:\n  isOver: {NEVER}\n")

        assert texts(because.steps) == [("isOver", [NEVER])]

    def test_a_name_bound_inside_an_expression(self) -> None:
        """``cel.bind`` hides nothing."""
        because = why("cel.bind(b, blockers[0], b.resolved_at.by(dyn(b.raised_at)))")

        assert texts(because.steps) == ["b.resolved_at.by(dyn(b.raised_at))"]
        assert because.steps[0].says.startswith("blockers[0].resolved_at is ")


class TestComparisons:
    """Values, margins, and the boundary."""

    def test_a_time_limit_is_told_from_where_it_counts(self) -> None:
        """10 March, 10:00, and 24 hours; resolved on the 12th at 10:30, which is 48 h and 30 min later."""
        because = why(
            "blockers[0].resolved_at.by(dyn(blockers[0].raised_at).plus(params.limit))",
            head="params:\n  limit: {default: 24 hours, about: x}\n",
        )

        assert because.sentence == (
            "The blocker was resolved 48 h 30 min after it was raised; the limit was 24 hours."
        )
        assert because.steps[0].says == (
            "blockers[0].resolved_at is 2026-03-12 10:30 +01:00, 24 h 30 min after "
            "dyn(blockers[0].raised_at).plus(params.limit) (2026-03-11 10:00 +01:00)"
        )
        assert ways(because) == [["blockers[0].resolved_at: at or before 2026-03-11 10:00 +01:00"]]

    @pytest.mark.parametrize(
        ("that", "sentence", "way"),
        [
            (
                "blockers[0].raised_at.before(dyn(project.execution.started_at))",
                (
                    "The blocker was raised 8 days 1 h after "
                    "project.execution.started_at (2026-03-02 09:00 +01:00)."
                ),
                "blockers[0].raised_at: before 2026-03-02 09:00 +01:00",
            ),
            (
                "project.execution.started_at.after(dyn(blockers[0].raised_at))",
                (
                    "The execution was started 8 days 1 h before "
                    "blockers[0].raised_at (2026-03-10 10:00 +01:00)."
                ),
                "project.execution.started_at: after 2026-03-10 10:00 +01:00",
            ),
            (
                "!blockers[0].raised_at.by(as_of)",
                (
                    "The blocker was raised 21 days 7 h before "
                    "the judged instant (2026-03-31 18:00 +02:00)."
                ),
                "blockers[0].raised_at: after 2026-03-31 18:00 +02:00",
            ),
            (
                "project.closed_at.by(as_of)",
                "project.closed_at is none: it has not happened.",
                "project.closed_at: at or before 2026-03-31 18:00 +02:00",
            ),
            (
                "dyn(blockers[0].escalations[0].level) >= 5",
                "blockers[0].escalations[0].level is 2, 3 less than 5.",
                "blockers[0].escalations[0].level: at least 5",
            ),
            (
                "1 > dyn(blockers[0].escalations[0].level)",
                "1, 1 less than blockers[0].escalations[0].level (2).",
                "blockers[0].escalations[0].level: less than 1",
            ),
            (
                "ratio(1, 4, 0 %) >= 90 %",
                "ratio(1, 4, 0 %) is 25 %, 65 percentage points less than 90 %.",
                "ratio(1, 4, 0 %): at least 90 %",
            ),
            (
                "duration('90m') > duration('2h')",
                "duration('90m') is 1 h 30 min, 30 min less than duration('2h') (2 h).",
                "duration('90m'): more than 2 h",
            ),
            (
                "dyn(date('2026-03-05')) < date('2026-03-01')",
                "dyn(date('2026-03-05')) is 2026-03-05, 4 days after date('2026-03-01') (2026-03-01).",
                "dyn(date('2026-03-05')): before 2026-03-01",
            ),
            (
                "size(blockers) < 1.5",
                "size(blockers) is 2, 0.5 more than 1.5.",
                "size(blockers): less than 1.5",
            ),
            (
                "blockers[0].severity == 'low'",
                "blockers[0].severity is high, not low.",
                "blockers[0].severity: low",
            ),
            (
                "blockers[0].severity != 'high'",
                "blockers[0].severity is high.",
                "blockers[0].severity: anything but high",
            ),
            (
                "blockers[0].owner == null",
                "blockers[0].owner is Ada Lovelace.",
                "blockers[0].owner: none",
            ),
            (
                "has(project.closed_at)",
                "project.closed_at is none.",
                "project.closed_at: recorded",
            ),
            (
                "blockers[0].severity in ['low', 'medium']",
                "blockers[0].severity is high, which is not among low, medium.",
                "blockers[0].severity: one of low, medium",
            ),
            (
                "blockers[0].raised_at.within(days(as_of, as_of)[0])",
                "The blocker was raised 20 days 13 h before 2026-03-31.",
                "blockers[0].raised_at: in 2026-03-31",
            ),
            (
                "blockers.sumReaches(b, 1, 5)",
                "The blockers add up to 2, 3 less than 5.",
                "what the blockers add up to: at least 5",
            ),
            (
                "project.name.startsWith('Gem')",
                "project.name.startsWith('Gem') does not hold: project.name is Apollo.",
                "project.name.startsWith('Gem'): to hold",
            ),
        ],
    )
    def test_both_values_the_margin_and_where_it_turns(
        self, that: str, sentence: str, way: str
    ) -> None:
        """As far as there is an order; a fact is named by its path."""
        because = why(that)

        assert (because.sentence, ways(because)) == (sentence, [[way]])

    def test_seconds_are_told_as_hours(self) -> None:
        """Nobody thinks in 194400 seconds: 54 h against 42 h."""
        figure = {"id": "a1", "party": "p1", "allocated_s": 194_400, "available_s": 151_200}
        because = why(
            "allocations.all(a, a.allocated_s == null || a.available_s == null"
            " || a.allocated_s <= a.available_s)",
            allocations=[figure],
        )

        assert because.sentence == (
            "allocations[0].allocated_s is 54 h, 12 h more than allocations[0].available_s (42 h)."
        )

    def test_an_instant_known_only_to_its_day_has_a_least_margin(self) -> None:
        """From the end of 8 March to 10 March, 10:00, less one microsecond."""
        because = why(
            "blockers[0].raised_at.by(dyn(project.execution.started_at))",
            project={**DOCUMENT["project"], "execution": {"started_at": "2026-03-08"}},
        )

        assert "at least 34 h" in because.sentence


class TestAll:
    """Counter-examples."""

    def test_each_counter_example_is_named_and_explained(self) -> None:
        """The one that holds is not."""
        because = why("blockers.all(b, b.resolved_at != null)")

        (step,) = because.steps
        (example,) = step.steps
        assert step.says == "1 of 2 blockers fails: Badge reader down (blockers[1])"
        assert example.text == "Badge reader down (blockers[1])"
        assert example.facts == ("/blockers/1",)
        assert texts(example.steps) == ["b.resolved_at != null"]
        assert because.sentence == "blockers[1].resolved_at is none."

    def test_of_many_a_few_are_explained_and_the_others_counted(self) -> None:
        """Two, then how many more; the sentence names them."""
        many = [{**blockers()[0], "id": f"b{n}", "description": f"B{n}"} for n in range(5)]
        because = why("blockers.all(b, b.severity == 'low')", blockers=many)

        (step,) = because.steps
        assert [below.text for below in step.steps] == [
            "B0 (blockers[0])",
            "B1 (blockers[1])",
            "and 3 more",
        ]
        assert because.sentence.startswith("5 of 5 blockers fail: B0 (blockers[0]), B1")

    def test_what_is_found_where_nothing_should_be(self) -> None:
        """Negated, the hits of an ``exists`` are its counter-examples."""
        because = why("!blockers.exists(b, b.severity == 'low')")

        (step,) = because.steps
        assert (step.came, step.says) == (
            Came.TRUE,
            "1 of 2 blockers found: Badge reader down (blockers[1])",
        )
        assert ways(because) == [["blockers[1].severity: anything but low"]]

    def test_every_counter_example_must_be_turned(self) -> None:
        """All of them together are one way."""
        two = [{**blockers()[0], "id": name} for name in ("b1", "b2")]
        because = why("blockers.all(b, b.severity == 'low')", blockers=two)

        assert ways(because) == [["blockers[0].severity: low", "blockers[1].severity: low"]]

    def test_one_fact_is_never_asked_to_be_two_things(self) -> None:
        """Such a way would turn nothing."""
        because = why("[1, 2].all(n, project.name == 'N' + string(n))")

        assert ways(because) == []


class TestExists:
    """Near misses."""

    def test_the_nearest_fails_the_fewest_conditions(self) -> None:
        """Each fails one of three: of such the one for which more hold in a row comes first."""
        because = why(
            "blockers[0].escalations.exists(e, e.at.by(dyn(blockers[0].resolved_at)) && dyn(e.level) >= 3"
            " && e.level != null)"
        )

        (step,) = because.steps
        assert step.says == "found none among 2 escalations"
        assert [(below.text, below.says) for below in step.steps] == [
            ("blockers[0].escalations[0]", "2 of 3 conditions hold"),
            ("blockers[0].escalations[1]", "2 of 3 conditions hold"),
        ]
        assert ways(because) == [
            ["blockers[0].escalations[0].level: at least 3"],
            ["blockers[0].escalations[1].at: at or before 2026-03-12 10:30 +01:00"],
        ]

    def test_one_that_fails_more_is_not_near(self) -> None:
        """Two conditions against one."""
        entries = [
            {"at": "2026-03-20T09:00:00+01:00", "level": 1},
            {"at": "2026-03-20T09:00:00+01:00", "level": 3},
        ]
        because = why(
            "blockers[0].escalations.exists(e, dyn(e.level) >= 3 && e.at.by(dyn(blockers[0].resolved_at)))",
            blockers=blockers(escalations=entries),
        )

        assert [step.text for step in because.steps[0].steps] == ["blockers[0].escalations[1]"]

    def test_of_equals_the_one_that_misses_by_the_least(self) -> None:
        """Of twelve from 14 to 25 March the first: noon on the 14th is 49 h 30 min after the 12th, 10:30."""
        because = why(
            "blockers[0].escalations.exists(e, e.at.by(dyn(blockers[0].resolved_at)))",
            blockers=escalated(*range(14, 26)),
        )

        assert because.steps[0].steps[0].text == "blockers[0].escalations[0]"
        assert because.sentence == (
            "The nearest of 12 escalations came 49 h 30 min after "
            "blockers[0].resolved_at (2026-03-12 10:30 +01:00)."
        )

    def test_by_how_much_it_came_too_late(self) -> None:
        """Raised on the 10th at 10:00, escalated on the 11th at 17:20: 31 h 20 min, where 24 h were allowed."""
        because = why(
            "blockers[0].escalations.exists(e, e.at.by(limit))",
            head="let:\n  limit: dyn(blockers[0].raised_at).plus(span('24 hours'))\n",
            blockers=blockers(escalations=[{"at": "2026-03-11T17:20:00+01:00", "level": 2}]),
        )

        assert because.sentence == (
            "The escalation came 31 h 20 min after the blocker was raised; the limit was 24 hours."
        )

    def test_without_an_order_the_condition_is_told(self) -> None:
        """With how many were looked at."""
        because = why("blockers.exists(b, b.severity == 'critical')")

        assert because.sentence == (
            "None of 2 blockers will do; of the nearest, blockers[1].severity is low, not critical."
        )

    def test_a_list_without_entries_is_told_to_be_empty(self) -> None:
        """There was nothing to come near."""
        because = why("sprints.exists(s, s.state == 'closed')")

        assert because.sentence == "There is no sprint."
        assert because.steps[0].facts == ("/sprints",)

    def test_what_a_filter_let_nothing_through_is_looked_for_before_it(self) -> None:
        """The near misses of the filter are those of the question."""
        because = why("blockers.filter(b, b.severity == 'critical').exists(b, b.owner != null)")

        (step,) = because.steps
        assert step.says == "there is no blocker"
        assert step.steps[0].says == "found none among 2 blockers"

    def test_a_latest_that_there_is_none_of_leads_to_its_near_misses(self) -> None:
        """Through its name, too: what is not there was looked for somewhere."""
        because = why(
            "last != null",
            head="let:\n  last: blockers[0].escalations.filter(e, dyn(e.level) > 4).latest(e, e.at)\n",
        )

        (step,) = because.steps
        assert step.says == "last is none"
        assert because.sentence == ("blockers[0].escalations[1].level is 3, 1 less than 4.")
        assert ways(because) == [
            ["blockers[0].escalations[1].level: more than 4"],
            ["blockers[0].escalations[0].level: more than 4"],
        ]

    def test_a_count_says_of_how_many_and_which_not(self) -> None:
        """As a name that a comparison asks for."""
        because = why(
            "done >= 2", head="let:\n  done: blockers.count(b, b.resolved_at.by(as_of))\n"
        )

        assert because.steps[0].steps[0].says == (
            "done is 1 of 2 blockers; not Badge reader down (blockers[1])"
        )


class TestNotDecided:
    """Unknown, vacuous, broken."""

    def test_an_unknown_names_the_fact_and_what_it_would_have_to_be(self) -> None:
        """The known side gives the boundary."""
        open_one = blockers()[0]
        del open_one["resolved_at"]
        because = why(LATE, blockers=[open_one])

        (step,) = because.steps
        assert step.came is Came.UNKNOWN
        assert because.sentence == "blockers[0].resolved_at is not recorded."
        assert ways(because) == [
            ["blockers[0].resolved_at: recorded, and at or before 2026-03-10 10:00 +01:00"]
        ]

    @pytest.mark.parametrize(
        ("that", "sentence"),
        [
            ("blockers.filter(b, b.severity == 'low').sumReaches(b, 1, 4)", "cannot add up to 4."),
            (
                "!blockers.filter(b, b.severity == 'low' || b.owner != null).sumReaches(b, 1, 1)",
                "add up to 1 at least.",
            ),
        ],
    )
    def test_a_sum_that_is_not_known_and_decides_all_the_same(
        self, that: str, sentence: str
    ) -> None:
        """What is not known of the members cannot matter, and no sum is made up."""
        (first,), (second,) = blockers(), blockers(id="b2")
        del first["severity"], first["owner"]
        because = why(that, blockers=[first, second])

        assert because.sentence == f"The blockers {sentence}"

    def test_only_the_operand_that_is_not_known_is_told(self) -> None:
        """One that is known does not decide here."""
        open_one = blockers()[0]
        del open_one["severity"]
        because = why(f"{NEVER} || blockers[0].severity == 'low'", blockers=[open_one])

        assert texts(because.steps) == ["blockers[0].severity == 'low'"]

    def test_of_a_list_that_is_not_known_it_is_told_what_an_entry_would_have_to_be(self) -> None:
        """In words where the other side is known; of several limits the one that asks the most."""
        open_one = blockers()[0]
        del open_one["escalations"]
        because = why(
            "blockers[0].escalations.exists(e, isEnough(e, limit))",
            head=(
                "let:\n  limit: dyn(blockers[0].raised_at).plus(span('24 hours'))\n"
                "define:\n  isEnough(x, end): x.at.by(end) && x.level != null"
                " && [1, 3, 2].all(n, dyn(x.level) >= n) && dyn(x.to).startsWith('p')\n"
            ),
            blockers=[open_one],
        )

        assert ways(because) == [
            [
                (
                    "blockers[0].escalations: recorded, with an entry: at or before "
                    "2026-03-11 10:00 +01:00, level recorded, level at least 3, dyn(x.to).startsWith('p')"
                )
            ]
        ]

    def test_elements_that_wait_on_the_same_fact_are_told_once(self) -> None:
        """Why one of them is not known is why the others are not."""
        head = {**DOCUMENT["snapshot"], "gaps": {"/sprints": "not_collected"}}
        because = why(
            "blockers.all(b, sprints.exists(s, s.state == 'closed'))", snapshot=head, sprints=...
        )

        (step,) = because.steps
        assert step.says == "not known for 2 of 2 blockers"
        assert [below.text for below in step.steps] == [
            "No test data (blockers[0])",
            "and 1 more",
        ]

    def test_a_list_that_was_cut_short_may_go_on(self) -> None:
        """That is what it waits on."""
        head = {**DOCUMENT["snapshot"], "gaps": {"/blockers": "truncated"}}
        because = why("blockers.exists(b, b.severity == 'critical')", snapshot=head)

        assert because.sentence == "There may be more blockers: blockers was cut short."

    def test_an_open_question_of_a_convention_is_told_as_the_policy_words_it(self) -> None:
        """It names no fact."""
        because = why(f"{NEVER} || undecided('nobody agreed on it')")

        assert because.sentence == "Undecided: nobody agreed on it."

    def test_a_vacuous_truth_says_what_is_empty(self) -> None:
        """The clause fails because ``empty`` says so; the list is the reason."""
        because = why("sprints.all(s, s.state == 'closed')")

        assert because.sentence == "There is no sprint."

    def test_an_error_says_which_part_broke(self) -> None:
        """Not the whole demand."""
        because = why("blockers[0].severity == 'high' && 1 / size(sprints) == 1")

        assert [(step.text, step.came) for step in because.steps] == [
            ("1 / size(sprints)", Came.ERROR)
        ]
        assert because.sentence.startswith("1 / size(sprints) broke: ")


class TestVerdicts:
    """Where explanations stand."""

    def test_a_pass_has_none(self) -> None:
        """It must not need one."""
        (verdict,) = verdicts_of(f"require: [{{that: {HELD!r}, say: x}}]")

        assert verdict.clauses[0].because is verdict.because is None

    def test_a_clause_that_holds_has_none_in_a_fail_either(self) -> None:
        """Only what decided is explained."""
        (verdict,) = verdicts_of(
            f'require: [{{that: "{HELD}", say: x}}, {{that: "{NEVER}", say: y}}]'
        )

        assert [clause.because is None for clause in verdict.clauses] == [True, False]

    @pytest.mark.parametrize("when", [NEVER, "project.execution.ended_at.by(as_of)"])
    def test_what_stops_a_policy_is_explained_with_the_verdict(self, when: str) -> None:
        """False, or not known: there are no clauses to say it."""
        (verdict,) = verdicts_of(f"when: {when}\nrequire: [{{that: 'true', say: x}}]")

        assert verdict.because is not None
        assert [(step.text, str(step.place)) for step in verdict.because.steps] == [
            (when, "p/rule.yaml:7:7")
        ]

    def test_what_is_not_due_is_told_in_one_sentence(self) -> None:
        """Nobody has to act on it yet."""
        (verdict,) = verdicts_of(
            f"due: as_of.plus(span('1 hours'))\nrequire: [{{that: {NEVER}, say: x}}]"
        )

        assert verdict.reason == "not_due"
        because = verdict.clauses[0].because
        assert because is not None
        assert because.sentence == "project.closed_at is none: it has not happened."
        assert because.steps == ()

    def test_the_grade_is_that_of_the_weakest_fact_that_decided(self) -> None:
        """The blocker that holds was typed, the one that fails exported."""
        (both,) = verdicts_of(
            "empty: fail\nrequire: [{that: 'blockers.all(b, b.resolved_at != null)', say: x}]"
        )
        (typed,) = verdicts_of(
            "empty: fail\nrequire: [{that: 'blockers.all(b, b.resolved_at == null)', say: x}]"
        )

        assert (both.outcome, both.grade) == (Outcome.FAIL, Grade.EXPORT)
        assert (typed.outcome, typed.grade) == (Outcome.FAIL, Grade.MANUAL)


class TestBounds:
    """However large a policy or a list is."""

    def test_steps_are_bounded(self) -> None:
        """Two hundred parts, or twelve lists inside each other, are told as far as anybody reads."""
        wide = " || ".join(f"project.name == 'N{number}'" for number in range(200))
        deep = f"{'blockers.exists(b, ' * 10}b.severity == 'critical'{')' * 10}"

        for demand in (wide, deep):
            because = why(demand)
            assert 10 < sum(1 for step in because.steps for _ in step.walk()) <= MOST_STEPS

    def test_what_the_judging_had_no_need_to_look_at_is_looked_at_only_where_it_is_cheap(
        self,
    ) -> None:
        """Sixty times sixty comparisons behind one that is false are not made for the sake of telling."""
        many = [{**blockers()[0], "id": f"b{number}"} for number in range(60)]
        costly = "blockers.exists(a, blockers.exists(b, size(a.id) + size(b.id) > 99))"
        cheap = f"({NEVER})"

        assert texts(
            why(f"project.name == 'Gemini' && {costly} && {cheap}", blockers=many).steps
        ) == [
            (
                f"project.name == 'Gemini' && {costly} && {cheap}"[:119] + "…",
                ["project.name == 'Gemini'", NEVER],
            )
        ]

    def test_texts_are_shortened(self) -> None:
        """One line of a report does not hold a page."""
        because = why("project.name == '" + "x" * 500 + "'")

        assert all(len(step.text) <= 120 for step in because.steps)
        assert len(because.sentence) < 400

    def test_a_name_looked_up_past_a_variable_is_not_looked_into(self) -> None:
        """What it means there, one look cannot tell."""
        because = why("blockers.all(project, .project.closed_at != null)")

        assert because.sentence

    def test_the_same_bytes_whatever_the_hash_seed(self) -> None:
        """A report that is made twice is the same twice."""
        code = (
            "from tests.evaluation.explained import why\n"
            "print(why(\"blockers.all(b, b.severity in ['low', 'medium'] && b.owner != null)"
            ' && blockers[0].escalations.exists(e, dyn(e.level) > 8)"))'
        )
        root = Path(__file__).resolve().parents[2]
        outputs = {
            subprocess.run(
                [sys.executable, "-c", code],
                cwd=root,
                env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": str(root)},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "77")
        }

        assert len(outputs) == 1
