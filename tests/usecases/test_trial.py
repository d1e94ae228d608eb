"""What is tried is what a policy sees: the same names, the same facts, the same values."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from auditor.cli.console import Console
from auditor.evaluation.explaining.reasons import came
from auditor.evaluation.subjects import Subjects
from auditor.language.policy_scope import policy_scope
from auditor.language.vocabulary import is_pack
from auditor.model.explanation import Came
from auditor.model.outcome import Outcome
from auditor.usecases.instants import AsOf
from auditor.usecases.try_policy import Wanted, begin

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.usecases.trying.trial import Trial

CAME = {
    Outcome.PASS: Came.TRUE,
    Outcome.FAIL: Came.FALSE,
    Outcome.INCONCLUSIVE: Came.UNKNOWN,
    Outcome.ERROR: Came.ERROR,
}


@pytest.fixture(scope="module")
def trial(root: Path) -> Trial:
    """Try on two of the fixtures."""
    names = ("heron-freight.yaml", "atlas-ledger.json")
    wanted = Wanted(tuple(str(root / "fixtures" / "portfolio" / name) for name in names))
    found, errors = begin(wanted, Console(quiet=True))
    assert not errors
    return found


def test_every_demand_comes_to_what_its_verdict_says(trial: Trial) -> None:
    """Of each policy that comes with the program, about each of the first subjects."""
    compared = 0
    for position in range(len(trial.snapshots)):
        trial.choose_snapshot(position)
        for text in trial.bench.texts:
            if is_pack(text):
                continue
            trial.choose_policy(text.path.rpartition("/")[2].removesuffix(".yaml"))
            result, found = trial.verdicts(), trial.subjects()
            if result is None or not isinstance(found, Subjects):
                continue
            verdicts = {verdict.subject: verdict for verdict in result.verdicts}
            policy = trial.policy.compiled if trial.policy is not None else None
            assert policy is not None
            for subject in found.subjects[:2]:
                trial.choose_subject(subject.key)
                assert trial.subject == subject
                for clause in verdicts[subject.key].clauses:
                    if clause.vacuous or verdicts[subject.key].attested is not None:
                        continue
                    tried = trial.value(policy.clauses[clause.clause].that.text)
                    assert came(tried.value) is CAME[clause.outcome], policy.summary.id
                    compared += 1
    assert compared > 50


def test_every_expression_of_every_policy_can_be_tried_where_it_stands(trial: Trial) -> None:
    """The names of its place are those that the compiler knows there."""
    bench = trial.bench
    for text in bench.texts:
        if is_pack(text):
            continue
        scope = policy_scope(
            text, "require/0", bench.texts, roots=bench.roots, functions=bench.functions
        )
        plan = bench.compiled(text, text.path.rpartition("/")[2].removesuffix(".yaml"))
        (policy,) = plan.policies
        let = dict(policy.let)
        assert {name: scope.variables[name] for name in let} == {
            name: checked.type for name, checked in let.items()
        }


def test_the_judged_instant_cuts_what_is_tried(root: Path) -> None:
    """What happened later is not there."""
    path = str(root / "fixtures" / "portfolio" / "atlas-ledger.json")
    day = AsOf("2026-08-20", dt.date(2026, 8, 20))
    early, _ = begin(Wanted((path,), as_of=day), Console(quiet=True))
    late, _ = begin(Wanted((path,)), Console(quiet=True))

    assert len(early.value("blockers").value) < len(late.value("blockers").value)


def test_a_name_that_means_nothing_on_a_snapshot_is_left_out_there(root: Path) -> None:
    """It is back where it means something, and keeps nobody from naming other things."""
    folder = root / "fixtures" / "portfolio"
    paths = (str(folder / "atlas-ledger.json"), str(folder / "units"))
    trial, _ = begin(Wanted(paths), Console(quiet=True))
    trial.define("known", "size(blockers)")
    unit = [one.snapshot.target for one in trial.snapshots].index("unit")

    trial.choose_snapshot(unit)
    assert "known" not in trial.scope.variables
    trial.define("two", "1 + 1")
    assert trial.value("two").value == 2

    trial.choose_snapshot(0)
    assert trial.value("known + two").value == 4
