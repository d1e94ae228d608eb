"""What a policy means, rule by rule (LANGUAGE.md, section 2)."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from auditor.evaluation.exact import BudgetExceeded, Evaluator
from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.lift import Lift
from auditor.facts.instants import parse_moment
from auditor.facts.snapshot import Roots
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.parser import parse
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.language.values import Listing
from auditor.model.outcome import Outcome
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.model.result import ResultDocument
    from auditor.model.verdict import Verdict

HEAD = "id: rule\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"
DOCUMENT: dict[str, Any] = {
    "snapshot": {
        "schema": {"name": "project", "version": 1},
        "auditee": "hand:apollo",
        "captured_at": "2026-03-31T18:00:00+02:00",
        "sources": [{"id": "hand", "kind": "manual"}],
        "time_zone": "Europe/Berlin",
        "gaps": {},
    },
    "project": {
        "id": "hand:apollo",
        "name": "Apollo",
        "execution": {"started_at": "2026-03-02T09:00:00+01:00"},
    },
    "parties": [{"id": "p1", "name": "Ada Lovelace"}],
    "blockers": [
        {
            "id": "b1",
            "description": "No test data",
            "owner": "p1",
            "severity": "high",
            "raised_at": "2026-03-10T10:00:00+01:00",
            "resolved_at": None,
            "prov": {"method": "manual", "locator": "delivery/blockers.csv:2"},
        },
        {
            "id": "b2",
            "description": "Badge reader down",
            "owner": None,
            "severity": "low",
            "raised_at": "2026-03-20T10:00:00+01:00",
            "resolved_at": "2026-03-20T12:00:00+01:00",
        },
    ],
}


def result_of(
    policy: str,
    *,
    as_of: str = "2026-03-31T18:00:00+02:00",
    period: tuple[str, str] | None = None,
    **changes: Any,
) -> ResultDocument:
    """Judge the document, with top-level facts replaced, by one policy."""
    models = snapshot_models()
    document = {**deepcopy(DOCUMENT), **changes}
    plan = compile_plan(
        [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())],
        roots=Roots(models),
        functions=functions(),
    )
    span = (parse_moment(period[0]), parse_moment(period[1])) if period else None
    return judge(
        plan, models.read(document), Instants(parse_moment(as_of), span), name="apollo.yaml"
    )


def verdicts_of(policy: str, **options: Any) -> list[Verdict]:
    """Return the verdicts of one policy."""
    return list(result_of(policy, **options).verdicts)


def only(policy: str, **options: Any) -> Verdict:
    """Return the one verdict of a policy."""
    (verdict,) = verdicts_of(policy, **options)
    return verdict


EACH = "for: {b: blockers}\nempty: not_applicable\n"
RESOLVED = (
    "require: [{that: b.resolved_at != null, say: '{b.description} of {b.owner} is open.'}]\n"
)


class TestSubjects:
    """Rules 1 and 2."""

    def test_without_for_the_auditee_is_the_one_subject(self) -> None:
        """It is named by its id and called by its name."""
        verdict = only("require: [{that: 'true', say: x}]")

        assert (verdict.subject, verdict.subject_name) == ("hand:apollo", "Apollo")

    def test_each_element_is_a_subject_by_its_id(self) -> None:
        """In the order of the snapshot."""
        found = verdicts_of(EACH + RESOLVED)

        assert [(v.subject, v.outcome) for v in found] == [
            ("b1", Outcome.FAIL),
            ("b2", Outcome.PASS),
        ]

    @pytest.mark.parametrize("empty", ["pass", "fail", "not_applicable", "inconclusive"])
    def test_no_subject_is_what_empty_says(self, empty: str) -> None:
        """One verdict on the auditee, which names the empty list."""
        policy = f"for: {{b: blockers}}\nempty: {empty}\n" + RESOLVED
        verdict = only(policy, blockers=[])

        assert (verdict.outcome.value, verdict.reason) == (empty, "no_subject")
        assert [fact.pointer for fact in verdict.facts] == ["/blockers"]

    def test_an_unobserved_list_is_inconclusive(self) -> None:
        """Nobody knows what there is to judge."""
        head = {**DOCUMENT["snapshot"], "gaps": {"/blockers": "not_collected"}}
        verdict = only(EACH + RESOLVED, snapshot=head)

        assert verdict.outcome is Outcome.INCONCLUSIVE
        assert [(f.pointer, f.reason) for f in verdict.missing] == [("/blockers", "not_collected")]

    def test_an_open_list_judges_its_known_subjects_and_says_more_may_exist(self) -> None:
        """A truncated register never reads as a complete one."""
        head = {**DOCUMENT["snapshot"], "gaps": {"/blockers": "truncated"}}
        found = verdicts_of(EACH + RESOLVED, snapshot=head)

        assert [(v.subject, v.outcome) for v in found] == [
            ("b1", Outcome.FAIL),
            ("b2", Outcome.PASS),
            ("hand:apollo", Outcome.INCONCLUSIVE),
        ]

    def test_a_key_that_two_subjects_share_is_one_error_that_names_them(self) -> None:
        """Findings must keep their names from run to run."""
        verdict = only(EACH + "key: \"'same'\"\n" + RESOLVED)

        assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "duplicate_key")
        assert "No test data" in verdict.message
        assert "Badge reader down" in verdict.message


class TestOrder:
    """Rules 3 to 5."""

    def test_when_false_is_not_applicable_and_nothing_else_is_evaluated(self) -> None:
        """A clause that would break does not."""
        verdict = only("when: 1 > 2\nrequire: [{that: 1 / 0 == 1, say: x}]")

        assert (verdict.outcome, verdict.reason) == (Outcome.NOT_APPLICABLE, "when_false")
        assert verdict.clauses == ()

    @pytest.mark.parametrize(
        ("when", "outcome"),
        [("project.phase == 'planning'", Outcome.INCONCLUSIVE), ("1 / 0 == 1", Outcome.ERROR)],
    )
    def test_when_that_cannot_be_told_is_not_green(self, when: str, outcome: Outcome) -> None:
        """Unknown is inconclusive, an error is an error."""
        verdict = only(f"when: {when}\nrequire: [{{that: 'true', say: x}}]")

        assert verdict.outcome is outcome

    def test_every_clause_is_evaluated_and_the_worst_decides(self) -> None:
        """Error before fail before inconclusive before pass; each clause keeps its own."""
        verdict = only(
            "require:\n"
            "  - {that: 'true', say: holds}\n"
            "  - {that: project.phase == 'planning', say: unknown}\n"
            "  - {that: 1 > 2, say: Two is more.}\n"
            "  - {that: project.name == 'X', say: Not X.}\n"
        )

        assert verdict.outcome is Outcome.FAIL
        assert verdict.message == "Two is more. Not X."
        assert [clause.outcome for clause in verdict.clauses] == [
            Outcome.PASS,
            Outcome.INCONCLUSIVE,
            Outcome.FAIL,
            Outcome.FAIL,
        ]

    def test_an_error_in_a_name_matters_only_where_it_is_used(self) -> None:
        """A `let` is evaluated when it is needed."""
        policy = "let: {bad: 1 / 0}\nrequire: [{that: 'true || bad == 1', say: x}]"

        assert only(policy).outcome is Outcome.PASS


class TestDue:
    """Rule 6."""

    POLICY = EACH + "due: b.raised_at.plus(span('24 hours'))\n" + RESOLVED

    def at(self, as_of: str) -> Verdict:
        """Judge the open blocker at an instant."""
        blockers = [DOCUMENT["blockers"][0]]
        return only(self.POLICY, as_of=as_of, blockers=blockers)

    def test_a_fail_before_the_limit_is_not_due(self) -> None:
        """With the date until which it is not."""
        verdict = self.at("2026-03-11T09:59:59+01:00")

        assert (verdict.outcome, verdict.reason) == (Outcome.NOT_APPLICABLE, "not_due")
        assert verdict.due_at == "2026-03-11T10:00:00+01:00"

    def test_at_the_limit_it_is_due(self) -> None:
        """The judged instant is not before it any more."""
        assert self.at("2026-03-11T10:00:00+01:00").outcome is Outcome.FAIL

    def test_a_null_due_is_an_error(self) -> None:
        """A policy that cannot say when broke."""
        verdict = only(
            "due: project.execution.ended_at\nrequire: [{that: 1 > 2, say: x}]",
            project={
                **DOCUMENT["project"],
                "execution": {"started_at": None, "ended_at": None},
            },
        )

        assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "null_due")

    def test_an_unknown_due_is_inconclusive(self) -> None:
        """It may or may not have run out."""
        policy = "due: project.execution.ended_at\nrequire: [{that: 1 > 2, say: x}]"

        assert only(policy).outcome is Outcome.INCONCLUSIVE


class TestVacuous:
    """Rules 5 and 7."""

    @pytest.mark.parametrize("empty", ["pass", "fail", "not_applicable", "inconclusive"])
    def test_a_vacuous_truth_is_what_empty_says(self, empty: str) -> None:
        """The clause's own `empty` overrides the policy's."""
        policy = (
            "empty: fail\nrequire: [{that: 'blockers.all(b, b.resolved_at != null)', "
            f"say: x, empty: {empty}}}]"
        )
        verdict = only(policy, blockers=[])

        assert (verdict.outcome.value, verdict.reason) == (empty, "vacuous")


class TestPeriod:
    """Rule 4, and DESIGN.md, section 4."""

    POLICY = EACH + "at: b.raised_at\n" + RESOLVED

    def test_a_period_that_the_user_set_leaves_subjects_out_and_counts_them(self) -> None:
        """What lies outside is not judged, and not silent."""
        period = ("2026-03-15T00:00:00+01:00", "2026-03-31T23:59:59+02:00")
        result = result_of(self.POLICY, period=period)

        assert [verdict.subject for verdict in result.verdicts] == ["b2"]
        assert result.out_of_period == (("rule", 1),)

    def test_if_all_lie_outside_one_verdict_says_so(self) -> None:
        """A policy is never silent."""
        period = ("2026-01-01T00:00:00+01:00", "2026-01-31T00:00:00+01:00")
        verdict = only(self.POLICY, period=period)

        assert (verdict.outcome, verdict.reason) == (Outcome.NOT_APPLICABLE, "out_of_period")

    def test_without_one_every_subject_is_judged(self) -> None:
        """The default period is for the rules that speak of it."""
        assert len(verdicts_of(self.POLICY)) == 2

    def test_the_default_period_is_the_91_local_days_that_end_now(self) -> None:
        """Convention C7: from 31 December, 00:00 in Berlin, to the judged instant."""
        policy = (
            "require: [{that: \"period.starts_at == timestamp('2025-12-31T00:00:00+01:00') "
            '&& period.ends_at == as_of", say: x}]'
        )

        assert only(policy).outcome is Outcome.PASS

    def test_effective_compares_with_the_subjects_instant(self) -> None:
        """A policy does not reach back before its own beginning."""
        result = result_of("effective: {from: 2026-03-15}\n" + self.POLICY)

        assert [verdict.subject for verdict in result.verdicts] == ["b2"]


class TestSay:
    """Rule 8."""

    def say(self, sentence: str, **changes: Any) -> str:
        """Fill in a sentence about the first blocker."""
        policy = EACH + f"require: [{{that: 1 > 2, say: '{sentence}'}}]\n"
        return verdicts_of(policy, **changes)[0].message

    @pytest.mark.parametrize(
        ("sentence", "shown"),
        [
            ("{b.raised_at}", "2026-03-10 10:00 +01:00"),
            ("{b.owner}", "Ada Lovelace"),
            ("{b.resolved_at}", "none"),
            ("{b.item}", "not recorded"),
            ('{duration("93600s")}', "26 h"),
            ('{span("2 working days")}', "2 working days"),
            ("{ratio(1, 8, 100 %)}", "12.5 %"),
            ("{{b}} {1 + 1}", "{b} 2"),
        ],
    )
    def test_values_read_as_a_person_writes_them(self, sentence: str, shown: str) -> None:
        """Instants in the project's zone, ids as names, unknown as not recorded."""
        assert self.say(sentence) == shown

    def test_failing_names_the_counter_examples(self) -> None:
        """By what a person calls them."""
        policy = "empty: pass\nrequire: [{that: 'blockers.all(b, b.resolved_at != null)', say: 'Open: {failing}.'}]"

        assert only(policy).message == "Open: No test data."

    def test_a_sentence_never_changes_an_outcome(self) -> None:
        """A hole that breaks says what broke."""
        verdict = only("require: [{that: 'true', say: '{1 / 0}'}]")

        assert verdict.outcome is Outcome.PASS


class TestWitness:
    """What a verdict shows of the facts."""

    def test_a_fact_has_its_value_its_grade_and_its_source(self) -> None:
        """Who answers for a verdict can go and look."""
        fact = verdicts_of(EACH + RESOLVED)[0].facts[0]

        assert fact.pointer == "/blockers/0/resolved_at"
        assert (fact.state, fact.shown) == ("absent", "none")
        assert (str(fact.grade), fact.source) == ("manual", "delivery/blockers.csv:2")

    def test_pointers_name_the_snapshot_as_it_was_read(self) -> None:
        """A record that the cut leaves out does not shift the others."""
        blockers = [
            {**DOCUMENT["blockers"][0], "id": "late", "raised_at": "2026-03-30T10:00:00+02:00"},
            DOCUMENT["blockers"][0],
        ]
        verdict = only(EACH + RESOLVED, as_of="2026-03-15T00:00:00+01:00", blockers=blockers)

        assert [fact.pointer for fact in verdict.facts] == ["/blockers/1/resolved_at"]


class TestThePast:
    """A snapshot judged at an instant before its capture (DESIGN.md, section 4, rule 3)."""

    POLICY = "require: [{that: project.phase == 'execution', say: x}]"
    PROJECT: ClassVar = {**DOCUMENT["project"], "phase": "execution"}

    def outcome(self, **facts: Any) -> Outcome:
        """Judge the phase two weeks before the capture."""
        as_of = "2026-03-15T00:00:00+01:00"
        return only(self.POLICY, as_of=as_of, project=self.PROJECT, **facts).outcome

    def test_a_state_without_any_history_is_not_known(self) -> None:
        """The snapshot holds only what it is now."""
        assert self.outcome() is Outcome.INCONCLUSIVE

    def test_a_state_whose_changes_were_collected_is_what_it_was(self) -> None:
        """No change means the same value, a later change sets it back."""
        change = {
            "id": "c1",
            "item": "hand:apollo",
            "field": "phase",
            "from": "planning",
            "to": "execution",
            "at": "2026-03-20T00:00:00+01:00",
        }

        assert self.outcome(change_events=[]) is Outcome.PASS
        assert self.outcome(change_events=[change]) is Outcome.FAIL

    def test_what_happened_later_is_not_yet(self) -> None:
        """It is not shown as if it had never happened."""
        blockers = [{**DOCUMENT["blockers"][0], "resolved_at": "2026-03-20T12:00:00+01:00"}]
        verdict = only(EACH + RESOLVED, as_of="2026-03-15T00:00:00+01:00", blockers=blockers)

        assert [fact.shown for fact in verdict.facts] == ["not yet at the judged instant"]


def test_only_a_clause_that_fails_says_its_sentence() -> None:
    """What could not be decided must not read as if it had been."""
    verdict = only(
        "require:\n"
        "  - {that: 'true', say: Bad one.}\n"
        "  - {that: project.phase == 'planning', say: Bad two.}\n"
        "  - {that: 1 > 2, say: Bad three.}\n"
    )

    assert [clause.message for clause in verdict.clauses] == [
        "This holds.",
        "It cannot be decided. Missing: project.phase is not recorded.",
        "Bad three.",
    ]


def test_a_snapshot_is_judged_no_later_than_it_was_captured() -> None:
    """What happened after the capture is not known."""
    result = result_of("require: [{that: 'true', say: x}]", as_of="2026-06-30T00:00:00+02:00")

    assert result.judged_at == "2026-03-31T18:00:00+02:00"


def test_an_attested_control_without_an_attestation_is_inconclusive() -> None:
    """Rule 9: nobody vouched."""
    verdict = only("attest: {by: [DM], valid_for: 365 days}\n")

    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "not_attested")


def test_the_same_inputs_give_the_same_document() -> None:
    """Judged twice, in one process."""
    policy = EACH + RESOLVED

    assert result_of(policy).to_tree() == result_of(policy).to_tree()


def test_instants_are_compared_whatever_their_offset() -> None:
    """The judged instant is the earlier of the two, in UTC."""
    result = result_of("require: [{that: 'true', say: x}]", as_of="2026-03-31T12:00:00-04:00")

    assert parse_moment(result.judged_at) == dt.datetime(2026, 3, 31, 16, tzinfo=dt.UTC)


class TestNothingIsGuessed:
    """Whatever is neither true nor false is no answer, and whatever is not known stays unknown."""

    @pytest.mark.parametrize("value", ["1", "'x'", "null", "[]"])
    def test_what_is_no_truth_value_is_an_error(self, value: str) -> None:
        """It would otherwise count as false: a fail, or a policy that does not apply."""
        demanded = only(f'require: [{{that: "dyn({value})", say: x}}]')
        applied = only(f"when: \"dyn({value})\"\nrequire: [{{that: 'false', say: x}}]")

        assert {demanded.outcome, applied.outcome} == {Outcome.ERROR}

    def test_an_instant_that_is_none_is_an_error(self) -> None:
        """A text in its place would be outside of no period."""
        verdict = only("at: dyn('x')\nrequire: [{that: 'true', say: x}]")

        assert verdict.outcome is Outcome.ERROR

    def test_a_key_that_is_not_known_is_inconclusive(self) -> None:
        """The subjects cannot be told apart, and the policy is not broken."""
        policy = "for: {b: blockers}\nempty: pass\nkey: b.owner\nrequire: [{that: 'true', say: x}]"

        assert only(policy, blockers=[{"id": "b1"}]).outcome is Outcome.INCONCLUSIVE

    def test_a_list_of_which_nothing_was_read_may_have_members(self) -> None:
        """``has`` of a truncated list without a member is unknown."""
        gaps = {"/blockers/0/escalations": "truncated"}
        verdict = only(
            "require: [{that: '!blockers.exists(b, has(b.escalations))', say: x}]\nempty: pass\n",
            blockers=[{"id": "b1", "escalations": []}],
            snapshot={**DOCUMENT["snapshot"], "gaps": gaps},
        )

        assert verdict.outcome is Outcome.INCONCLUSIVE

    def test_a_list_inside_a_list_may_be_unobserved(self) -> None:
        """Flattened, its members are an unread rest; what is certain still decides."""
        lists = "blockers.map(b, b.escalations).flatten()"
        known = {"id": "b2", "escalations": [{"level": 2}]}
        verdict = only(
            f"require: [{{that: '{lists}.exists(e, e.level == 2)', say: x}},"
            f" {{that: 'size({lists}) == 1', say: x}}]\nempty: fail\n",
            blockers=[{"id": "b1"}, known],
        )

        assert [c.outcome for c in verdict.clauses] == [Outcome.PASS, Outcome.INCONCLUSIVE]

    def test_not_exactly_one_of_none_is_vacuous(self) -> None:
        """It rests on no element, like ``!exists``."""
        demand = "require: [{that: '!blockers.exists_one(b, true)', say: x}]\nempty: fail\n"

        assert only(demand, blockers=[]).outcome is Outcome.FAIL

    def test_the_last_instant_of_the_calendar_can_be_shown(self) -> None:
        """Where the local time lies beyond the year 9999 it is shown in UTC."""
        last = "timestamp('9999-12-31T23:59:59Z')"
        verdict = only(f"at: {last}\nrequire: [{{that: 'false', say: \"{{{last}}}\"}}]")

        assert verdict.message.startswith("9999-12-31 23:59:59")


DOUBLED = "".join(f"  l{i}: l{i - 1} + l{i - 1}\n" for i in range(1, 15))


class TestBudget:
    """Steps bound time and memory; each of these ended in neither before."""

    @pytest.mark.parametrize(
        "demand",
        [
            pytest.param("size(l14.windows(8192)) == 1", id="runs of a long list"),
            pytest.param(
                "size(l14.map(x, days(timestamp('2001-01-01T00:00:00Z'), as_of))) == 1",
                id="many lists of days",
            ),
        ],
    )  # fmt: skip
    def test_what_functions_make_and_read_is_counted(self, demand: str) -> None:
        """So the end is the same on every machine."""
        policy = (
            f"let:\n  l0: '[1]'\n{DOUBLED}require: [{{that: \"{demand}\", say: x}}]\nempty: fail\n"
        )
        verdict = only(policy)

        assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "budget")

    def test_comparing_lists_that_share_their_members_is_counted(self) -> None:
        """Thirty lists of two are a billion members, compared one by one."""
        shared = Listing.of([1])
        for _ in range(30):
            shared = Listing.of([shared, shared])
        evaluator = Evaluator(functions(), Lift(), budget=10_000)

        with pytest.raises(BudgetExceeded):
            evaluator.evaluate(CheckedExpr(parse("a == a"), "a == a"), {"a": shared})

    def test_combinations_of_subjects_are_counted(self) -> None:
        """Three lists of a few hundred records are millions of subjects."""
        policy = (
            "for: {a: blockers, b: blockers, c: blockers}\nempty: pass\nkey: a.id + b.id + c.id\n"
        )
        blockers = [{"id": f"b{i}"} for i in range(300)]
        verdict = only(policy + "require: [{that: 'true', say: x}]", blockers=blockers)

        assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "budget")

    def test_the_deepest_names_that_are_allowed_can_be_judged(self) -> None:
        """Whatever compiles is far from the limits of the interpreter."""
        names = "".join(f"  n{i}: 'false || (true && n{i - 1})'\n" for i in range(1, 29))
        verdict = only(f"let:\n  n0: 'true'\n{names}require: [{{that: n28, say: x}}]")

        assert verdict.outcome is Outcome.PASS

    def test_lists_inside_lists_are_not_spelt_out_without_end(self) -> None:
        """A sentence shows a few levels."""
        names = "".join(f"  n{i}: '[n{i - 1}, n{i - 1}]'\n" for i in range(1, 30))
        verdict = only(f"let:\n  n0: '[1]'\n{names}require: [{{that: 'false', say: '{{n29}}'}}]")

        assert "…" in verdict.message


def test_a_finding_without_a_place_is_about_its_subject() -> None:
    """A demand that looked only for what is not there leaves the subject's own record to point at."""
    verdict = verdicts_of(
        EACH + """require: [{that: "meetings.exists(m, m.kind == 'standup')", say: No.}]\n""",
        meetings=[],
    )[0]

    assert verdict.outcome is Outcome.FAIL
    assert [fact.pointer for fact in verdict.facts] == ["/blockers/0/id", "/meetings"]


def test_an_unknown_condition_waits_on_its_branches_too() -> None:
    """Whoever supplies the condition alone would only learn what else is missing."""
    verdict = verdicts_of(
        EACH
        + """require: [{that: "b.item != null ? b.resolved_at != null : b.owner != null", say: No.}]\n""",
        blockers=[{"id": "b9", "description": "Nothing known"}],
    )[0]

    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert {fact.pointer for fact in verdict.missing} == {
        "/blockers/0/item",
        "/blockers/0/owner",
        "/blockers/0/resolved_at",
    }
