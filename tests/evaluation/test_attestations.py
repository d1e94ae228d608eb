"""What a person's word is worth (LANGUAGE.md, section 2, rule 9), and when it counts."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.evaluation.judge import Instants, judge
from auditor.facts.instants import parse_moment
from auditor.facts.snapshot import Roots
from auditor.language.attestation import AttestInstead
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.language.values import Span
from auditor.model.attestation import Attestation, AttestedDocument
from auditor.model.errors import ErrorGroup
from auditor.model.outcome import Outcome
from auditor.model.verdict import Attested, Grade
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.model.verdict import Verdict

AT = "2026-03-10T10:00:00+01:00"
DOCUMENT: dict[str, Any] = {
    "snapshot": {
        "schema": {"name": "project", "version": 1},
        "auditee": "hand:apollo",
        "formerly": ["sheet:apollo"],
        "captured_at": "2026-03-31T18:00:00+02:00",
        "sources": [{"id": "hand", "kind": "manual"}],
        "time_zone": "Europe/Berlin",
        "calendar": {"working_days": ["mon", "tue", "wed", "thu", "fri"], "holidays": []},
        "gaps": {},
    },
    "project": {"id": "hand:apollo", "name": "Apollo", "phase": "execution"},
    "parties": [
        {"id": "ann", "name": "Ann Becker"},
        {"id": "bob", "name": "Bob Diaz"},
        {"id": "crew", "name": "Crew", "kind": "team"},
    ],
    "role_assignments": [
        {"id": "r1", "party": "ann", "role": "DM", "from": "2026-01-01"},
        {"id": "r2", "party": "bob", "role": "PM", "from": "2026-01-01"},
        {"id": "r3", "party": "crew", "role": "DM", "from": "2026-01-01"},
    ],
    "sprints": [
        {"id": "s1", "name": "Sprint 1", "started_at": "2026-03-02T09:00:00+01:00"},
        {"id": "s2", "name": "Sprint 2", "started_at": "2026-03-16T09:00:00+01:00"},
    ],
}
WORD = Attestation(
    control="X-1",
    auditee="hand:apollo",
    by="ann",
    at=parse_moment(AT),
    recorded_at=parse_moment(AT),
    expires_on=None,
    statement="It holds.",
    documents=(AttestedDocument("plan", "2"),),
)
HEAD = "id: rule\ntitle: T\nwhy: W\ncontrols: [X-1, X-2]\nseverity: low\nfix: F\n"
ATTEST = "attest: {by: [DM], valid_for: 30 days}\n"


@cache
def models() -> SnapshotModels:
    """Read the contracts once."""
    return snapshot_models()


def plan_of(policy: str, *instead: AttestInstead) -> Plan:
    """Compile one policy, with what a profile accepts a word for."""
    texts = [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())]
    plan = compile_plan(texts, roots=Roots(models()), functions=functions())
    return replace(plan, attest_instead=instead)


def verdicts_of(
    policy: str,
    *words: Attestation,
    instead: tuple[AttestInstead, ...] = (),
    as_of: str = "2026-03-31T18:00:00+02:00",
    gaps: dict[str, str] | None = None,
    **changes: Any,
) -> list[Verdict]:
    """Judge the project, with top-level facts replaced, and words beside it."""
    document = {**deepcopy(DOCUMENT), **changes}
    document["snapshot"] = {**document["snapshot"], "gaps": gaps or {}}
    snapshot = models().read(document)
    instants = Instants(parse_moment(as_of))
    return list(judge(plan_of(policy, *instead), snapshot, instants, words, name="a").verdicts)


def only(policy: str, *words: Attestation, **options: Any) -> Verdict:
    """Return the one verdict."""
    (verdict,) = verdicts_of(policy, *words, **options)
    return verdict


def at(text: str, **changes: Any) -> Attestation:
    """Return the word, given and written down at another time."""
    moment = parse_moment(text)
    return replace(WORD, **{"at": moment, "recorded_at": moment, **changes})


class TestInForce:
    """Who may vouch, and when a word holds."""

    def test_a_word_in_force_makes_an_attested_pass(self) -> None:
        """It says by whom, in which role, since when and until when, in the project's zone."""
        verdict = only(ATTEST, WORD)

        assert verdict.outcome is Outcome.PASS
        assert verdict.attested == Attested(
            by="Ann Becker",
            role="DM",
            at="2026-03-10T10:00:00+01:00",
            until="2026-04-09T23:59:59.999999+02:00",
        )
        assert verdict.grade is Grade.ATTESTED
        assert verdict.message.startswith("Ann Becker, DM, attested it on 2026-03-10 10:00 +01:00")

    def test_without_one_the_verdict_is_inconclusive_and_says_so(self) -> None:
        """What is not vouched for is never green."""
        verdict = only(ATTEST)

        assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "not_attested")
        assert verdict.message == "No attestation by DM is in force: none was given."
        assert [fact.reason for fact in verdict.missing] == ["not_attested"]
        assert verdict.attested is None

    def test_what_it_is_to_name_is_told_to_who_has_to_give_it(self) -> None:
        """`asks` is the question to the person."""
        verdict = only("attest: {by: [DM], valid_for: 30 days, asks: [the plan, its version]}\n")

        assert verdict.message.endswith("none was given. It is to name: the plan, its version.")

    @pytest.mark.parametrize(
        ("word", "reason", "says"),
        [
            pytest.param(replace(WORD, by="bob", role="DM"), "attestation_without_role", "Bob Diaz", id="another-role"),
            pytest.param(replace(WORD, by="crew"), "attestation_without_role", "Crew", id="a-team"),
            pytest.param(replace(WORD, by="nobody"), "attestation_without_role", "nobody", id="an-unknown-person"),
            pytest.param(at("2026-02-28T10:00:00+01:00"), "attestation_expired", "2026-03-30", id="too-old"),
            pytest.param(replace(WORD, expires_on=dt.date(2026, 3, 30)), "attestation_expired", "2026-03-30", id="ended-by-itself"),
            pytest.param(at("2026-04-01T10:00:00+02:00"), "attestation_not_yet", "2026-04-01", id="not-yet"),
            pytest.param(replace(WORD, control="X-3"), "not_attested", "none was given", id="another-control"),
            pytest.param(replace(WORD, auditee="hand:hera"), "not_attested", "none was given", id="another-project"),
            pytest.param(replace(WORD, subject="s1"), "not_attested", "none was given", id="one-sprint"),
        ],
    )  # fmt: skip
    def test_a_word_that_does_not_count_leaves_it_inconclusive(
        self, word: Attestation, reason: str, says: str
    ) -> None:
        """The message says which of all reasons it is."""
        verdict = only(ATTEST, word)

        assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, reason)
        assert says in verdict.message
        assert verdict.attested is None
        pointer = "" if reason == "not_attested" else "/attestations/0"
        assert [(f.pointer, f.reason) for f in verdict.missing] == [(pointer, reason)]

    @pytest.mark.parametrize(
        "word",
        [
            pytest.param(replace(WORD, control="X-2"), id="the-policys-other-control"),
            pytest.param(replace(WORD, auditee="sheet:apollo"), id="a-former-id"),
            pytest.param(replace(WORD, subject="hand:apollo"), id="the-auditee-as-subject"),
            pytest.param(at("2026-03-01T00:00:00+01:00"), id="the-last-day"),
            pytest.param(replace(WORD, expires_on=dt.date(2026, 3, 31)), id="the-last-day-of-its-own"),
            pytest.param(at("2026-03-31T16:00:00Z"), id="the-judged-instant"),
            pytest.param(replace(WORD, at=dt.date(2026, 3, 10)), id="only-the-day-is-known"),
        ],
    )  # fmt: skip
    def test_a_word_at_its_limits_counts(self, word: Attestation) -> None:
        """Days are inclusive and local."""
        verdict = only(ATTEST, word)

        assert verdict.outcome is Outcome.PASS
        assert verdict.attested is not None

    def test_a_word_of_the_judged_day_without_its_time_is_undecided(self) -> None:
        """It may be later than the judged instant (C2)."""
        day = dt.date(2026, 3, 31)
        verdict = only(ATTEST, replace(WORD, at=day, recorded_at=day))

        assert verdict.outcome is Outcome.INCONCLUSIVE
        assert [(f.pointer, f.reason) for f in verdict.missing] == [
            ("/attestations/0/at", "day_precision")
        ]

    def test_without_the_register_of_roles_it_is_inconclusive(self) -> None:
        """The role on the record proves nothing."""
        gaps = {"/role_assignments": "not_collected"}
        verdict = only(ATTEST, replace(WORD, role="DM"), gaps=gaps)

        assert verdict.outcome is Outcome.INCONCLUSIVE
        assert [(f.pointer, f.reason) for f in verdict.missing] == [
            ("/role_assignments", "not_collected")
        ]

    def test_one_of_several_roles_is_enough(self) -> None:
        """It is shown with the one that the register gives."""
        verdict = only("attest: {by: [DM, PM], valid_for: 30 days}\n", replace(WORD, by="bob"))

        assert verdict.attested is not None
        assert (verdict.attested.by, verdict.attested.role) == ("Bob Diaz", "PM")

    def test_working_days_without_a_calendar_leave_the_end_open(self) -> None:
        """A holiday in between could move it; before the earliest end it holds all the same."""
        head = {**DOCUMENT["snapshot"], "calendar": {}}
        policy = "attest: {by: [DM], valid_for: 10 working days}\n"

        assert only(policy, WORD, snapshot=head).outcome is Outcome.INCONCLUSIVE
        soon = at("2026-03-31T09:00:00+02:00")
        assert only(policy.replace("10", "2"), soon, snapshot=head).outcome is Outcome.PASS

    def test_a_span_beyond_the_calendar_has_no_end(self) -> None:
        """Until the last day that there is."""
        verdict = only("attest: {by: [DM], valid_for: 9999999 days}\n", WORD)

        assert verdict.attested is not None
        assert verdict.attested.until.startswith("9999-12-31")


class TestSeveral:
    """Equal words count once; of those that differ the last counts, and of equals neither."""

    LATER = at("2026-03-20T10:00:00+01:00")

    def test_the_last_word_counts_in_any_order(self) -> None:
        """Whatever the order of the files."""
        for words in ((WORD, self.LATER), (self.LATER, WORD)):
            verdict = only(ATTEST, *words)

            assert verdict.attested is not None
            assert verdict.attested.at == "2026-03-20T10:00:00+01:00"

    def test_a_word_without_the_role_does_not_outweigh_one_with_it(self) -> None:
        """Else anybody could take a word away."""
        verdict = only(ATTEST, WORD, replace(self.LATER, by="bob"))

        assert verdict.attested is not None
        assert verdict.attested.by == "Ann Becker"

    def test_an_expired_last_word_is_not_replaced_by_an_older_one(self) -> None:
        """The last word said until when."""
        last = replace(self.LATER, expires_on=dt.date(2026, 3, 25))
        verdict = only(ATTEST, WORD, last)

        assert verdict.reason == "attestation_expired"

    def test_a_word_that_is_not_yet_given_takes_nothing_away(self) -> None:
        """Records after the judged instant are ignored (C9)."""
        assert only(ATTEST, WORD, at("2026-04-02T10:00:00+02:00")).outcome is Outcome.PASS

    def test_the_same_word_twice_counts_once(self) -> None:
        """The role beside the name is no part of what it says."""
        assert only(ATTEST, WORD, replace(WORD, role="Boss")).outcome is Outcome.PASS

    def test_two_that_differ_at_one_instant_are_neither(self) -> None:
        """A choice between them would go by the names of files."""
        verdict = only(ATTEST, WORD, replace(WORD, statement="It does not."))

        assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "attestations_differ")
        assert {fact.pointer for fact in verdict.facts} == {
            f"/attestations/{n}/{field}" for n in (0, 1) for field in ("by", "at")
        }

    def test_one_word_for_both_controls_of_a_policy_is_one(self) -> None:
        """Two records that say the same do not contradict each other."""
        verdict = only(ATTEST, WORD, replace(WORD, control="X-2"))

        assert verdict.outcome is Outcome.PASS

    def test_two_who_say_the_same_at_one_instant_agree(self) -> None:
        """It is shown as of the one who wrote it down first, in any order of the files."""
        policy = "attest: {by: [DM, PM], valid_for: 30 days}\n"
        later = replace(WORD, by="bob", recorded_at=parse_moment("2026-03-11T10:00:00+01:00"))

        for words in ((WORD, later), (later, WORD)):
            verdict = only(policy, *words)

            assert verdict.attested is not None
            assert verdict.attested.by == "Ann Becker"

    def test_an_older_pair_that_differs_does_not_matter(self) -> None:
        """The last word is clear."""
        verdict = only(ATTEST, WORD, replace(WORD, statement="No."), self.LATER)

        assert verdict.outcome is Outcome.PASS

    def test_a_rival_whose_role_is_not_known_leaves_it_open(self) -> None:
        """It may count, and then the two differ."""
        unsure = [*DOCUMENT["role_assignments"], {"id": "r4", "party": "bob", "role": "DM"}]
        rival = replace(WORD, by="bob", statement="It does not.")
        verdict = only(ATTEST, WORD, rival, role_assignments=unsure)

        assert only(ATTEST, WORD, replace(WORD, by="bob"), role_assignments=unsure).attested
        assert verdict.outcome is Outcome.INCONCLUSIVE
        assert [fact.pointer for fact in verdict.missing] == ["/role_assignments/3/from"]

    @given(st.permutations(range(4)))
    def test_the_order_of_the_files_changes_nothing(self, order: list[int]) -> None:
        """Who names a file does not choose the verdict."""
        words = [
            WORD,
            self.LATER,
            replace(self.LATER, by="bob"),
            at("2026-04-02T10:00:00+02:00"),
        ]
        verdict = only(ATTEST, *(words[position] for position in order))

        assert verdict.attested is not None
        assert verdict.attested.at == "2026-03-20T10:00:00+01:00"


class TestLate:
    """Convention C10."""

    LATE = replace(WORD, recorded_at=parse_moment("2026-03-18T00:00:00+01:00"))

    def test_five_working_days_later_is_in_time(self) -> None:
        """To the end of the fifth."""
        word = replace(WORD, recorded_at=parse_moment("2026-03-17T23:59:59+01:00"))

        assert only(ATTEST, word).outcome is Outcome.PASS

    def test_a_late_word_cannot_make_it_green(self) -> None:
        """It is undecided, and the record is named."""
        verdict = only(ATTEST, self.LATE)

        assert verdict.outcome is Outcome.INCONCLUSIVE
        assert [(f.pointer, f.reason) for f in verdict.missing] == [
            ("/attestations/0", "recorded_late")
        ]

    def test_a_late_word_can_make_it_fail(self) -> None:
        """Somebody said it after all."""
        policy = ATTEST + "require: [{that: attestation.statement == 'x', say: No.}]\n"

        assert only(policy, self.LATE).outcome is Outcome.FAIL

    def test_what_was_not_written_down_at_the_judged_instant_is_late(self) -> None:
        """As of then nobody knew of it."""
        word = replace(WORD, recorded_at=parse_moment("2026-03-11T10:00:00+01:00"))

        assert only(ATTEST, word, as_of="2026-03-10T18:00:00+01:00").outcome is Outcome.INCONCLUSIVE
        assert only(ATTEST, word, as_of="2026-03-11T18:00:00+01:00").outcome is Outcome.PASS


class TestDemands:
    """A word in force must satisfy the demands, too."""

    def test_a_demand_that_does_not_hold_fails(self) -> None:
        """A word is no waiver."""
        policy = (
            ATTEST + "require: [{that: project.phase == 'closed', say: 'It is {project.phase}.'}]\n"
        )
        verdict = only(policy, WORD)

        assert (verdict.outcome, verdict.message) == (Outcome.FAIL, "It is execution.")
        assert verdict.attested is None

    def test_without_a_word_a_demand_is_not_looked_at(self) -> None:
        """No attestation in force is inconclusive, whatever else is wrong."""
        policy = ATTEST + "require: [{that: project.phase == 'closed', say: No.}]\n"

        assert only(policy).reason == "not_attested"

    def test_a_demand_that_cannot_be_decided_stays_so(self) -> None:
        """The word does not fill the gap."""
        policy = ATTEST + "require: [{that: project.closed_at != null, say: No.}]\n"

        assert only(policy, WORD).outcome is Outcome.INCONCLUSIVE

    def test_demands_read_the_word(self) -> None:
        """Every field of the variable, and its facts are witnessed by their pointers."""
        policy = ATTEST + (
            "require:\n"
            "  - that: >\n"
            "      attestation.by == 'ann' && attestation.role == 'DM' && attestation.statement == 'It holds.'\n"
            "      && attestation.at.by(as_of) && !attestation.expires_at.by(as_of)\n"
            "      && attestation.documents.exists(d, d.id == 'plan' && d.version == '2')\n"
            "    say: No.\n"
        )
        verdict = only(policy, WORD)
        shown = {fact.pointer: fact.shown for fact in verdict.facts}

        assert verdict.outcome is Outcome.PASS
        assert shown["/attestations/0/by"] == "Ann Becker"
        assert shown["/attestations/0/documents/0/version"] == "2"
        assert shown["/attestations/0/expires_at"] == "2026-04-09 23:59:59 +02:00"
        assert {
            fact.grade for fact in verdict.facts if fact.pointer.startswith("/attestations")
        } == {Grade.ATTESTED}

    def test_a_when_that_is_false_comes_first(self) -> None:
        """Nobody has to vouch where nothing is asked."""
        verdict = only(ATTEST + "when: 1 > 2\n")

        assert (verdict.outcome, verdict.reason) == (Outcome.NOT_APPLICABLE, "when_false")

    def test_the_variable_is_null_where_none_is_in_force(self) -> None:
        """`when` may ask for it."""
        policy = ATTEST + "when: attestation == null\n"

        assert only(policy).reason == "not_attested"
        assert only(policy, WORD).reason == "when_false"

    def test_before_it_is_due_a_missing_word_is_not_applicable(self) -> None:
        """Rule 6 holds here as well."""
        policy = ATTEST + "due: project.closed_at\n"
        project = {**DOCUMENT["project"], "closed_at": "2026-03-20T10:00:00+01:00"}
        early = only(ATTEST + "due: as_of.plus(span('1 days'))\n", project=project)

        assert (early.outcome, early.reason) == (Outcome.NOT_APPLICABLE, "not_due")
        assert only(policy, project=project).reason == "not_attested"

    def test_a_demand_needs_no_guard_against_null(self) -> None:
        """It is looked at only where a word is in force; elsewhere the checker asks."""
        compare = "attestation.expires_at > as_of"
        plan_of(ATTEST + f"require: [{{that: {compare}, say: No.}}]\n")

        with pytest.raises(ErrorGroup):
            plan_of(ATTEST + f"when: {compare}\n")


class TestSubjects:
    """With `for`, a word is about one subject."""

    EACH = "for: {sprint: sprints}\nempty: not_applicable\n" + ATTEST

    def test_a_word_counts_for_its_subject_alone(self) -> None:
        """One about the whole is about no sprint."""
        found = verdicts_of(self.EACH, replace(WORD, subject="s1"))
        whole = verdicts_of(self.EACH, WORD)

        assert [(v.subject, v.outcome) for v in found] == [
            ("s1", Outcome.PASS),
            ("s2", Outcome.INCONCLUSIVE),
        ]
        assert {verdict.outcome for verdict in whole} == {Outcome.INCONCLUSIVE}

    def test_words_of_other_projects_do_not_move_the_numbers(self) -> None:
        """A result document says the same, whoever else is judged beside it."""
        verdict = only(ATTEST, replace(WORD, auditee="hand:hera"), WORD)

        assert verdict.facts[0].pointer == "/attestations/0/by"


class TestInstead:
    """What the profile accepts a word for, because the source can never show it."""

    POLICY = (
        "for: {sprint: sprints}\nempty: not_applicable\n"
        "require: [{that: sprint.closed_at != null, say: Open.}]\n"
    )
    GAPS: ClassVar = {"/sprints/*/closed_at": "not_supported"}
    ENTRY = AttestInstead(
        fact="/sprints/*/closed_at",
        by=("DM",),
        valid_for=Span(30, "days"),
        policies=("rule",),
        reason="The board keeps no closing dates.",
        who="Pia Olsen",
        on="2026-01-15",
    )
    S1 = replace(WORD, subject="s1")
    S2 = replace(WORD, subject="s2")

    def test_a_word_in_force_makes_an_attested_pass(self) -> None:
        """Each sprint has its own word; the missing fact stays visible."""
        first, second = verdicts_of(self.POLICY, self.S1, instead=(self.ENTRY,), gaps=self.GAPS)

        assert (first.outcome, first.reason) == (Outcome.PASS, "attested_instead")
        assert first.attested is not None
        assert first.attested.by == "Ann Becker"
        assert first.grade is Grade.ATTESTED
        assert ("/sprints/0/closed_at", "not_supported") in {
            (f.pointer, f.reason) for f in first.facts
        }
        assert second.outcome is Outcome.INCONCLUSIVE

    def test_without_a_word_the_message_says_who_may_give_one(self) -> None:
        """The missing fact is still named."""
        found = verdicts_of(self.POLICY, instead=(self.ENTRY,), gaps=self.GAPS)

        assert [v.outcome for v in found] == [Outcome.INCONCLUSIVE] * 2
        assert "sprints[0].closed_at is not kept by the source" in found[0].message
        assert found[0].message.endswith(
            "The profile accepts an attestation by DM instead: none was given."
        )
        assert [fact.pointer for fact in found[0].missing] == ["/sprints/0/closed_at"]

    @pytest.mark.parametrize("reason", ["not_collected", "no_permission", "unparsed", None])
    def test_no_other_gap_ever_turns(self, reason: str | None) -> None:
        """What could be collected has to be collected."""
        gaps = {} if reason is None else {"/sprints/*/closed_at": reason}
        found = verdicts_of(self.POLICY, self.S1, self.S2, instead=(self.ENTRY,), gaps=gaps)

        assert [v.outcome for v in found] == [Outcome.INCONCLUSIVE] * 2
        assert "profile" not in found[0].message

    @pytest.mark.parametrize(
        "entry",
        [
            pytest.param(replace(ENTRY, policies=("other",)), id="another-policy"),
            pytest.param(replace(ENTRY, policies=(), controls=("X-9",)), id="another-control"),
            pytest.param(replace(ENTRY, fact="/sprints/*/started_at"), id="another-fact"),
            pytest.param(replace(ENTRY, fact="/sprints"), id="what-is-around-it"),
            pytest.param(replace(ENTRY, fact="/sprints/1/closed_at"), id="another-sprint"),
            pytest.param(replace(ENTRY, fact="/sprints/*/closed_at/x"), id="what-is-in-it"),
            pytest.param(replace(ENTRY, by=("PM",)), id="another-role"),
            pytest.param(replace(ENTRY, valid_for=Span(5, "days")), id="for-a-shorter-time"),
        ],
    )
    def test_an_entry_turns_only_what_it_names(self, entry: AttestInstead) -> None:
        """Nothing else becomes green by it."""
        first, _ = verdicts_of(self.POLICY, self.S1, instead=(entry,), gaps=self.GAPS)

        assert first.outcome is Outcome.INCONCLUSIVE

    def test_an_entry_can_name_a_control(self) -> None:
        """Any of the policy's."""
        entry = replace(self.ENTRY, policies=(), controls=("X-2",))
        first, _ = verdicts_of(self.POLICY, self.S1, instead=(entry,), gaps=self.GAPS)

        assert first.outcome is Outcome.PASS

    def test_every_missing_fact_needs_an_entry(self) -> None:
        """One that is left over keeps it open."""
        policy = self.POLICY.replace(
            "sprint.closed_at != null", "sprint.closed_at != null && sprint.goal != null"
        )
        gaps = {**self.GAPS, "/sprints/*/goal": "not_supported"}
        goal = replace(self.ENTRY, fact="/sprints/*/goal", by=("PM",))
        pm = replace(self.S1, by="bob")

        def first(*words: Attestation, instead: tuple[AttestInstead, ...]) -> Outcome:
            return verdicts_of(policy, *words, instead=instead, gaps=gaps)[0].outcome

        assert first(self.S1, instead=(self.ENTRY,)) is Outcome.INCONCLUSIVE
        assert first(self.S1, instead=(self.ENTRY, goal)) is Outcome.INCONCLUSIVE
        assert first(self.S1, pm, instead=(self.ENTRY, goal)) is Outcome.PASS

    def test_a_fail_is_never_turned(self) -> None:
        """What is known counts."""
        policy = self.POLICY.replace("[{that", "[{that: sprint.name == 'x', say: No.}, {that")
        first, _ = verdicts_of(policy, self.S1, instead=(self.ENTRY,), gaps=self.GAPS)

        assert first.outcome is Outcome.FAIL

    def test_known_facts_that_deny_it_outweigh_the_word(self) -> None:
        """Where only `when` is open, a demand that certainly fails is not made green."""
        policy = (
            "for: {sprint: sprints}\nempty: not_applicable\nwhen: sprint.closed_at != null\n"
            "require: [{that: sprint.name == 'Sprint 2', say: No.}]\n"
        )
        found = verdicts_of(policy, self.S1, self.S2, instead=(self.ENTRY,), gaps=self.GAPS)

        assert [v.outcome for v in found] == [Outcome.INCONCLUSIVE, Outcome.PASS]

    @pytest.mark.parametrize(
        "question", ["due: sprint.closed_at", "when: sprint.closed_at != null"]
    )
    def test_a_demand_that_waits_on_another_fact_is_waited_on(self, question: str) -> None:
        """Where the instant or the scope is open too, what the demands want is not hidden behind it."""
        policy = (
            f"for: {{sprint: sprints}}\nempty: not_applicable\n{question}\n"
            "require: [{that: given(sprint.goal), say: No.}]\n"
        )
        gaps = {**self.GAPS, "/sprints/*/goal": "not_collected"}
        goal = replace(self.ENTRY, fact="/sprints/*/goal")
        never = {**self.GAPS, "/sprints/*/goal": "not_supported"}

        open_one, _ = verdicts_of(policy, self.S1, instead=(self.ENTRY,), gaps=gaps)
        vouched, _ = verdicts_of(policy, self.S1, instead=(self.ENTRY, goal), gaps=never)

        assert (open_one.outcome, vouched.outcome) == (Outcome.INCONCLUSIVE, Outcome.PASS)

    def test_nothing_to_look_at_is_no_missing_fact(self) -> None:
        """A demand over nothing that counts as inconclusive stays so."""
        policy = self.POLICY.replace(
            "[{that", "[{that: 'risks.all(r, false)', say: No., empty: inconclusive}, {that"
        )
        first, _ = verdicts_of(policy, self.S1, instead=(self.ENTRY,), gaps=self.GAPS, risks=[])

        assert first.outcome is Outcome.INCONCLUSIVE

    def test_a_late_word_does_not_turn_it(self) -> None:
        """C10, and the message says so."""
        late = replace(self.S1, recorded_at=parse_moment("2026-03-18T00:00:00+01:00"))
        first, _ = verdicts_of(self.POLICY, late, instead=(self.ENTRY,), gaps=self.GAPS)

        assert first.outcome is Outcome.INCONCLUSIVE
        assert "not shown to be written down in time" in first.message

    def test_a_list_that_the_source_never_shows(self) -> None:
        """The word is then about the whole project."""
        entry = replace(self.ENTRY, fact="/sprints")
        gaps = {"/sprints": "not_supported"}
        document = {key: value for key, value in DOCUMENT.items() if key == "sprints"}
        verdict = only(self.POLICY, WORD, instead=(entry,), gaps=gaps, **document)

        assert (verdict.subject, verdict.outcome) == ("hand:apollo", Outcome.PASS)

    def test_a_selection_of_policies_keeps_what_the_profile_accepts(self) -> None:
        """`Plan.select` leaves policies out, nothing else."""
        plan = plan_of(self.POLICY, self.ENTRY)

        assert plan.select(["rule"]).attest_instead == (self.ENTRY,)
