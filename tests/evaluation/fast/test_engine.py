"""
When the fast path is taken in a run, what is decided again, and that nobody can tell from the results.

Contract: LANGUAGE.md, section 7.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from auditor.documents.canonical import canonical
from auditor.evaluation.fast import budget as budget_module
from auditor.evaluation.fast.engine import EngineDifference, FastEngine, Watch
from auditor.evaluation.fast.facts import Decided, FastRun
from auditor.evaluation.fast.leave import Leave
from auditor.evaluation.fast.runtime import Runtime
from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.passes import ReadLists
from auditor.facts.instants import parse_moment
from auditor.model.errors import ExitCode
from auditor.model.outcome import Outcome
from auditor.model.verdict import Grade
from tests.evaluation.fast.corpus import Matter, made
from tests.evaluation.fast.small_policies import (
    AS_OF,
    EARLY,
    PROJECT,
    blocker,
    plan_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.registry import Functions
    from auditor.model.result import ResultDocument

RESOLVED = """
for: {b: blockers}
empty: not_applicable
at: b.raised_at
require:
  - {that: b.resolved_at.by(as_of), say: x}
"""
ALSO_PAST = """
for: {b: blockers}
empty: not_applicable
require:
  - that: project.closed_at != null && weeks(project.closed_at, as_of).exists(w, b.raised_at.within(w))
    say: x
    empty: fail
"""


def judged(matter: Matter, fast: FastEngine | None) -> ResultDocument:
    """Judge with the fast path or without it, and keep a short record of passes."""
    return judge(
        matter.plan,
        matter.snapshot,
        matter.instants,
        matter.attestations,
        name=matter.name,
        fast=fast,
        lists=ReadLists(matter.plan.functions),
    )


def written(result: ResultDocument) -> bytes:
    """Return the bytes of a result."""
    return canonical(result.to_tree())


def matter_of(
    policies: Mapping[str, str],
    document: dict[str, Any],
    models: SnapshotModels,
    functions: Functions,
) -> Matter:
    """Return a document before some policies."""
    plan = plan_of(policies, models, functions)
    return Matter("apollo", plan, models.read(document), Instants(parse_moment(AS_OF)))


@pytest.fixture
def resolved(models: SnapshotModels, functions: Functions) -> Matter:
    """Return two resolved blockers and one that is not, before a policy."""
    blockers = [EARLY, {**EARLY, "id": "b2"}, blocker("b3", "2026-03-10T10:00:00+01:00")]
    document = {**deepcopy(PROJECT), "blockers": deepcopy(blockers)}
    return matter_of({"resolved": RESOLVED}, document, models, functions)


@pytest.fixture(scope="module")
def exact(demonstration: list[Matter]) -> list[bytes]:
    """Return the results of the demonstration without the fast path."""
    return [written(judged(matter, None)) for matter in demonstration]


class TestResults:
    """The same bytes."""

    @pytest.mark.parametrize("sampled", [0, 1])
    def test_of_the_demonstration(
        self, sampled: int, demonstration: list[Matter], exact: list[bytes]
    ) -> None:
        """Whether passes are decided again or not."""
        engines: dict[int, FastEngine] = {}
        for matter, expected in zip(demonstration, exact, strict=True):
            plan = matter.plan
            engine = engines.setdefault(id(plan), FastEngine(plan, sampled=sampled, is_eager=True))
            assert written(judged(matter, engine)) == expected, matter.name

    def test_of_small_policies(self, small: list[Matter]) -> None:
        """Every outcome, with lists cut short."""
        engine = FastEngine(small[0].plan, sampled=0, is_eager=True)

        for matter in small[::2]:  # those without a period of the user's
            assert matter.instants.period is None
            assert written(judged(matter, engine)) == written(judged(matter, None)), matter.name


class TestWhen:
    """Generating code pays from the second snapshot on, or for a large one."""

    def test_the_second_snapshot(self, resolved: Matter) -> None:
        """Of one kind of auditee."""
        engine = FastEngine(resolved.plan)
        root = resolved.snapshot.root

        assert engine.over("project", root, resolved.facts()) is None
        assert engine.over("project", root, resolved.facts()) is not None

    def test_the_first_where_it_is_wanted(self, resolved: Matter) -> None:
        """For tests."""
        engine = FastEngine(resolved.plan, is_eager=True)

        assert engine.over("project", resolved.snapshot.root, resolved.facts()) is not None

    def test_the_first_where_it_is_large(
        self, models: SnapshotModels, functions: Functions
    ) -> None:
        """It has so many records that it pays at once."""
        blockers = [{**deepcopy(EARLY), "id": f"b{number}"} for number in range(1_000)]
        document = {**deepcopy(PROJECT), "blockers": blockers}
        matter = matter_of({"resolved": RESOLVED}, document, models, functions)
        engine = FastEngine(matter.plan)

        assert engine.over("project", matter.snapshot.root, matter.facts()) is not None


class TestDecidedAgain:
    """What looks over its shoulder."""

    @pytest.fixture
    def compared(self, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
        """Return how often each outcome was compared."""
        counted: Counter[str] = Counter()
        compare = Watch.compare

        def noted(self: Watch, policy: str, subject: str, answer: Decided, verdict: Any) -> None:
            counted[answer.outcome] += 1
            compare(self, policy, subject, answer, verdict)

        monkeypatch.setattr(Watch, "compare", noted)
        return counted

    def test_every_pass_where_one_in_one_is_sampled(
        self, resolved: Matter, compared: Counter[str]
    ) -> None:
        """Twice decided, once told."""
        result = judged(resolved, FastEngine(resolved.plan, sampled=1, is_eager=True))

        assert compared == {"pass": 2, "fail": 1}
        assert [verdict.outcome for verdict in result.verdicts] == [
            Outcome.PASS,
            Outcome.PASS,
            Outcome.FAIL,
        ]

    def test_no_pass_where_none_is_sampled(self, resolved: Matter, compared: Counter[str]) -> None:
        """Everything else is decided exactly all the same."""
        judged(resolved, FastEngine(resolved.plan, sampled=0, is_eager=True))

        assert compared == {"fail": 1}

    @pytest.mark.parametrize(
        ("sampled", "subject", "says"), [(0, "b1", "fail"), (1, "b3", "pass"), (0, "b1", "not_due")]
    )
    def test_a_difference_stops_the_run(
        self,
        sampled: int,
        subject: str,
        says: str,
        resolved: Matter,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """It is a fault of the product, and names the policy and the subject."""
        monkeypatch.setattr(FastRun, "decide", lambda _, __: {subject: Decided(says, None)})

        with pytest.raises(EngineDifference) as caught:
            judged(resolved, FastEngine(resolved.plan, sampled=sampled, is_eager=True))

        assert caught.value.slug == "engine-difference"
        assert caught.value.exit_code is ExitCode.BUG
        assert f"'{subject}' by resolved" in caught.value.message

    def test_what_it_does_not_answer_is_not_compared(
        self, resolved: Matter, compared: Counter[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The exact evaluator alone decides."""
        monkeypatch.setattr(FastRun, "decide", lambda _, __: {})

        result = judged(resolved, FastEngine(resolved.plan, sampled=1, is_eager=True))

        assert not compared
        assert written(result) == written(judged(resolved, None))


class TestSample:
    """Chosen by what is judged alone."""

    SUBJECTS: ClassVar = [f"b{number}" for number in range(6_400)]

    def chosen(self, digest: str, policy: str, sampled: int = 64) -> list[str]:
        """Return the subjects whose passes are decided again."""
        watch = Watch(digest, sampled)
        return [subject for subject in self.SUBJECTS if watch.is_sampled(policy, subject)]

    def test_the_same_in_every_run(self) -> None:
        """Two runs over the same facts decide the same passes again."""
        assert self.chosen("sha256:1", "rule") == self.chosen("sha256:1", "rule")

    def test_about_one_in_so_many(self) -> None:
        """Neither none nor all."""
        assert 60 < len(self.chosen("sha256:1", "rule")) < 140

    def test_other_ones_for_another_snapshot_or_policy(self) -> None:
        """Over time every subject has its turn."""
        first = self.chosen("sha256:1", "rule")

        assert first != self.chosen("sha256:2", "rule")
        assert first != self.chosen("sha256:1", "other")

    def test_all_or_none(self) -> None:
        """One in one, and none at all."""
        assert self.chosen("sha256:1", "rule", 1) == self.SUBJECTS
        assert self.chosen("sha256:1", "rule", 0) == []


class TestPasses:
    """What is kept of a pass."""

    def graded(self, *methods: str) -> dict[str, Any]:
        """Return a project with one blocker for each way in which facts are obtained."""
        parties = [
            {**party, "prov": {"method": "manual", "locator": "x"}} for party in PROJECT["parties"]
        ]
        blockers = [
            {**deepcopy(EARLY), "id": f"b{number}", "prov": {"method": method, "locator": "x"}}
            for number, method in enumerate(methods)
        ]
        return {**deepcopy(PROJECT), "parties": parties, "blockers": blockers}

    @pytest.mark.parametrize("is_fast", [True, False])
    @pytest.mark.parametrize(
        ("methods", "weakest"),
        [
            (("api",), Grade.API),
            (("api", "export"), Grade.EXPORT),
            (("parsed", "export"), Grade.PARSED),
        ],
    )
    def test_subject_instant_and_grade(
        self,
        methods: tuple[str, ...],
        weakest: Grade,
        models: SnapshotModels,
        functions: Functions,
        *,
        is_fast: bool,
    ) -> None:
        """The weakest record of what the policy reads counts; parties, which it does not read, are weaker."""
        matter = matter_of({"resolved": RESOLVED}, self.graded(*methods), models, functions)
        engine = FastEngine(matter.plan, sampled=0, is_eager=True) if is_fast else None

        verdicts = judged(matter, engine).verdicts

        assert [verdict.subject for verdict in verdicts] == [
            f"b{number}" for number in range(len(methods))
        ]
        for verdict in verdicts:
            assert verdict.outcome is Outcome.PASS
            assert verdict.at == "2026-03-02T10:00:00+01:00"
            assert verdict.grade is weakest
            assert (verdict.clauses, verdict.facts) == ((), ())


class TestExactPath:
    """What goes straight to the exact evaluator."""

    def test_a_list_that_was_cut_short(self, models: SnapshotModels, functions: Functions) -> None:
        """More may follow."""
        document = {**deepcopy(PROJECT), "blockers": [deepcopy(EARLY)]}
        document["snapshot"]["gaps"] = {"/blockers": "truncated"}
        matter = matter_of({"resolved": RESOLVED}, document, models, functions)

        assert made(matter.plan, "project", models).over(matter.facts()).decide("resolved") == {}

    @pytest.mark.parametrize(("budget", "answered"), [(10, 0), (20_000_000, 3)])
    def test_a_policy_whose_steps_may_not_last(
        self,
        budget: int,
        answered: int,
        resolved: Matter,
        models: SnapshotModels,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Where the exact evaluator would give up, so must the fast path."""
        monkeypatch.setattr(budget_module, "STEP_BUDGET", budget)
        fast = made(resolved.plan, "project", models)

        assert len(fast.over(resolved.facts()).decide("resolved")) == answered

    def test_what_broke_once_is_not_tried_again(
        self,
        models: SnapshotModels,
        functions: Functions,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A part that depends on no subject gives up for all of them at once."""
        document = deepcopy(PROJECT)
        document["project"]["closed_at"] = "2020-01-01T10:00:00+01:00"  # more days than are listed
        document["blockers"] = [{**deepcopy(EARLY), "id": f"b{number}"} for number in range(9)]
        matter = matter_of({"past": ALSO_PAST, "same": ALSO_PAST}, document, models, functions)
        asked: list[str] = []
        known = Runtime.function

        def function(self: Runtime, name: Any) -> Any:
            found = known(self, name)
            if name != "weeks":
                return found

            def weeks(*operands: Any) -> Any:
                asked.append("weeks")
                return found(*operands)

            return weeks

        monkeypatch.setattr(Runtime, "function", function)
        run = made(matter.plan, "project", models).over(matter.facts())

        assert run.decide("past") == run.decide("same") == {}
        assert asked == ["weeks"]

    def test_a_subject_that_broke_leaves_the_others(
        self, models: SnapshotModels, functions: Functions
    ) -> None:
        """What is not known of one says nothing about the next."""
        unknown = {key: fact for key, fact in EARLY.items() if key != "resolved_at"}
        document = deepcopy(PROJECT)
        document["blockers"] = [deepcopy(unknown), {**deepcopy(EARLY), "id": "b2"}]
        matter = matter_of({"resolved": RESOLVED}, document, models, functions)
        run = made(matter.plan, "project", models).over(matter.facts())

        assert {key: answer.outcome for key, answer in run.decide("resolved").items()} == {
            "b2": "pass"
        }

    def test_shared_parts_give_up_by_their_own_exception(
        self, models: SnapshotModels, functions: Functions
    ) -> None:
        """Whatever broke first."""
        matter = matter_of({"resolved": RESOLVED}, deepcopy(PROJECT), models, functions)
        facts = matter.facts()
        runtime = Runtime(facts.calendar, None, 10)  # type: ignore[arg-type]

        def broken() -> None:
            raise KeyError

        runtime.share([broken])

        with pytest.raises(KeyError):
            runtime.shared(0)
        with pytest.raises(Leave):
            runtime.shared(0)
