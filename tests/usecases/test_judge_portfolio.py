"""The second pass: who was not audited, whose facts are old, and which quarter nobody looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditor.documents.canonical import digest
from auditor.evaluation.judge import Instants, judge
from auditor.findings.assemble import assemble
from auditor.findings.recorded_places import RecordedPlaces
from auditor.model.errors import PopulationError
from auditor.model.outcome import Outcome
from auditor.reporters.formats.json import JsonReporter
from auditor.sources.population import parse_population
from auditor.usecases.instants import AsOf, Period
from auditor.usecases.judge_portfolio import JudgedPortfolio, judge_portfolio
from auditor.usecases.read_audits import read_audits
from auditor.usecases.read_inputs import Loaded, read_inputs
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)

if TYPE_CHECKING:
    from auditor.language.plan import Plan
    from auditor.model.result import ResultDocument

AS_OF = AsOf("2026-10-20T18:00:00+02:00", datetime(2026, 10, 20, 16, tzinfo=UTC))
LATE_SEPTEMBER = AsOf("2026-09-30T18:00:00+02:00", datetime(2026, 9, 30, 16, tzinfo=UTC))

POPULATION = b"""\
id: delivery
name: Delivery
time_zone: Europe/Berlin
calendar:
  working_days: [mon, tue, wed, thu, fri]
  holidays: []
  covers: {from: "2026-01-01", to: "2026-12-31"}
members:
  - {id: "hand:reef", name: Reef}
  - {id: "hand:quay", name: Quay, from: "2026-01-01"}
"""

SNAPSHOT = """\
snapshot:
  schema: {{name: project, version: 1}}
  auditee: "hand:{name}"
  captured_at: {captured_at}
  time_zone: Europe/Berlin
  calendar: {{working_days: [mon, tue, wed, thu, fri], holidays: []}}
  gaps: {{}}
project:
  id: "hand:{name}"
  name: {name}
  engagements: [development]
  execution: {{started_at: 2026-07-06T09:00:00+02:00, ended_at: null}}
time_entries: []
"""

MODELS = snapshot_models()


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return the packaged portfolio policies, and one of a project."""
    loaded = load_policies([packaged_folder()], PolicyChoice(), MODELS)
    assert loaded.plan is not None
    ids = {
        "auditee-not-audited",
        "snapshot-stale",
        "quarter-not-audited",
        "work-before-recorded-start",
    }
    return loaded.plan.select(ids)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in the test's folder, so that names are short."""
    monkeypatch.chdir(tmp_path)


def write(name: str, captured_at: str = "2026-10-20T18:00:00+02:00") -> None:
    """Write the snapshot of a project."""
    Path(f"{name}.yaml").write_text(
        SNAPSHOT.format(name=name, captured_at=captured_at), encoding="utf-8"
    )


def audited(plan: Plan, *names: str, as_of: AsOf = AS_OF) -> list[tuple[Loaded, ResultDocument]]:
    """Read and judge the snapshots that were written."""
    inputs = read_inputs([f"{name}.yaml" for name in names], MODELS)
    assert inputs.errors == []
    return [
        (
            one,
            judge(plan, one.snapshot, Instants(as_of.within(one.snapshot.calendar)), name=one.name),
        )
        for one in inputs.loaded
    ]


def record(plan: Plan, *names: str, as_of: AsOf) -> None:
    """Record a run of some snapshots below ``runs``."""
    run = assemble(
        policies=plan.summaries,
        results=[result for _, result in audited(plan, *names, as_of=as_of)],
        as_of=as_of.text,
        period=("2026-07-01", "2026-09-30"),
        engine="auditor 0.1.0",
    )
    Path("runs").mkdir(exist_ok=True)
    data = b"".join(JsonReporter().render(run, RecordedPlaces({}), profile=None, colour=False))
    Path(f"runs/{as_of.text[:10]}.json").write_bytes(data)


def second_pass(
    plan: Plan,
    *names: str,
    population: bytes | None = POPULATION,
    audits: str | None = None,
    as_of: AsOf = AS_OF,
    period: Period | None = None,
) -> JudgedPortfolio | None:
    """Judge the portfolio of the snapshots that were written."""
    return judge_portfolio(
        plan,
        audited(plan, *names, as_of=as_of),
        model=MODELS["portfolio"],
        as_of=as_of,
        period=period,
        population=parse_population(population, path="people.yaml") if population else None,
        audits=read_audits(audits) if audits is not None else None,
        name="people.yaml",
    )


def outcomes(judged: JudgedPortfolio | None) -> dict[tuple[str, str], Outcome]:
    """Return what came of each policy and subject."""
    assert judged is not None
    return {(one.policy, one.subject): one.outcome for one in judged.result.verdicts}


# ----- the result


def test_the_portfolio_has_a_result_document_of_its_own(plan: Plan) -> None:
    """Its auditee is the population; the snapshot that it names is the portfolio document."""
    write("quay")
    judged = second_pass(plan, "quay")
    assert judged is not None
    result = judged.result

    assert (result.auditee, result.auditee_name, result.target) == (
        "delivery",
        "Delivery",
        "portfolio",
    )
    assert result.captured_at == result.judged_at == "2026-10-20T18:00:00+02:00"
    assert result.snapshot_digest == digest(judged.document)
    assert result.snapshot_name == "people.yaml"
    assert {verdict.policy for verdict in result.verdicts} == {
        "auditee-not-audited",
        "quarter-not-audited",
        "snapshot-stale",
    }


def test_a_member_without_a_snapshot_is_a_finding(plan: Plan) -> None:
    """Reef is in the population, and nobody handed it in."""
    write("quay")
    found = outcomes(second_pass(plan, "quay"))

    assert found["auditee-not-audited", "hand:reef"] is Outcome.FAIL
    assert found["auditee-not-audited", "hand:quay"] is Outcome.PASS


def test_a_population_of_which_nothing_was_audited_is_judged_all_the_same(plan: Plan) -> None:
    """Else an empty folder would be the best report."""
    found = outcomes(second_pass(plan))

    assert found["auditee-not-audited", "hand:quay"] is Outcome.FAIL
    assert found["auditee-not-audited", "hand:reef"] is Outcome.FAIL


def test_the_document_is_the_same_in_whatever_order_snapshots_come(plan: Plan) -> None:
    """Sorted by id: population, projects, audits."""
    write("quay")
    write("reef")
    one, other = second_pass(plan, "quay", "reef"), second_pass(plan, "reef", "quay")
    assert one is not None
    assert other is not None

    assert one.document == other.document
    assert one.result == other.result
    assert [member["id"] for member in one.document["population"]] == ["hand:quay", "hand:reef"]
    assert [project["id"] for project in one.document["projects"]] == ["hand:quay", "hand:reef"]


def test_nothing_that_no_portfolio_policy_reads_is_in_the_document(plan: Plan) -> None:
    """The names of people and the results of controls stay where they are."""
    write("quay")
    judged = second_pass(plan, "quay")
    assert judged is not None

    assert set(judged.document["projects"][0]) == {
        "id",
        "name",
        "captured_at",
        "judged_at",
        "time_zone",
        "calendar",
        "project",
        "time_entries",
    }


def test_policies_of_the_audit_itself_serve_no_control(plan: Plan) -> None:
    """They are about whether the rest can be relied on, and no framework asks for them."""
    served = {one.id: one.controls for one in plan.summaries if one.pack == "audit"}

    assert served == {"auditee-not-audited": (), "snapshot-stale": ()}


def test_a_unit_is_an_auditee_like_a_project(plan: Plan) -> None:
    """It is listed apart, and a member of the population that was audited."""
    text = SNAPSHOT.format(name="ops", captured_at="2026-10-01T18:00:00+02:00")
    head, _, _ = text.replace("name: project,", "name: unit,").partition("project:")
    Path("ops.yaml").write_text(head + 'unit: {id: "hand:ops", name: Ops}\n', encoding="utf-8")
    people = POPULATION + b'  - {id: "hand:ops", name: Ops, target: unit}\n'
    judged = second_pass(plan, "ops", population=people)
    assert judged is not None

    assert [unit["id"] for unit in judged.document["units"]] == ["hand:ops"]
    assert outcomes(judged)["auditee-not-audited", "hand:ops"] is Outcome.PASS
    assert outcomes(judged)["snapshot-stale", "hand:ops"] is Outcome.FAIL
    places = judged.places.locate(["/units/0/captured_at", "/units/0/unit/name"])
    assert {pointer: place.line for pointer, place in places.items()} == {
        "/units/0/captured_at": 4,
        "/units/0/unit/name": 8,
    }


def test_a_population_that_is_called_like_an_auditee_is_refused(plan: Plan) -> None:
    """Its result would stand in the place of the other."""
    write("quay")

    with pytest.raises(PopulationError, match="the population is called 'hand:quay'"):
        second_pass(
            plan, "quay", population=POPULATION.replace(b"id: delivery", b'id: "hand:quay"')
        )


# ----- past audits


def test_without_past_audits_a_quarter_is_not_decided(plan: Plan) -> None:
    """Nobody said whether there were any."""
    write("quay")

    assert outcomes(second_pass(plan, "quay"))["quarter-not-audited", "hand:quay/2026-Q3"] is (
        Outcome.INCONCLUSIVE
    )


def test_an_empty_folder_of_runs_makes_the_quarter_fail(plan: Plan) -> None:
    """There was no audit, and there should have been one."""
    write("quay")
    Path("runs").mkdir()

    found = outcomes(second_pass(plan, "quay", audits="runs"))

    assert found["quarter-not-audited", "hand:quay/2026-Q3"] is Outcome.FAIL


def test_a_recorded_run_of_the_quarter_is_its_audit(plan: Plan) -> None:
    """What one run writes the next one reads."""
    write("quay")
    record(plan, "quay", as_of=LATE_SEPTEMBER)

    found = outcomes(second_pass(plan, "quay", audits="runs"))

    assert found["quarter-not-audited", "hand:quay/2026-Q3"] is Outcome.PASS


def test_a_recorded_run_of_another_project_is_not(plan: Plan) -> None:
    """The audit must have been of this one."""
    write("quay")
    write("reef")
    record(plan, "reef", as_of=LATE_SEPTEMBER)

    found = outcomes(second_pass(plan, "quay", "reef", audits="runs"))

    assert found["quarter-not-audited", "hand:quay/2026-Q3"] is Outcome.FAIL
    assert found["quarter-not-audited", "hand:reef/2026-Q3"] is Outcome.PASS


def test_a_run_as_of_a_bare_day_is_an_audit_of_that_day(plan: Plan) -> None:
    """The last day of the quarter."""
    write("quay")
    record(plan, "quay", as_of=AsOf("2026-09-30", date(2026, 9, 30)))

    found = outcomes(second_pass(plan, "quay", audits="runs"))

    assert found["quarter-not-audited", "hand:quay/2026-Q3"] is Outcome.PASS


# ----- instants


def test_a_bare_day_is_over_where_the_portfolio_is(plan: Plan) -> None:
    """The last instant of 14 October in Berlin is not after the limit: then it is due."""
    write("quay")
    Path("runs").mkdir()
    day = AsOf("2026-10-14", date(2026, 10, 14))
    judged = second_pass(plan, "quay", audits="runs", as_of=day)
    assert judged is not None

    assert judged.result.judged_at == "2026-10-14T23:59:59.999999+02:00"


def test_a_period_limits_the_quarters_that_are_judged(plan: Plan) -> None:
    """The third quarter lies outside of October."""
    write("quay")
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    judged = second_pass(plan, "quay", period=october)
    assert judged is not None

    assert dict(judged.result.out_of_period) == {"quarter-not-audited": 1}


# ----- without a population


def test_without_a_population_fresh_snapshots_need_no_second_pass(plan: Plan) -> None:
    """Nobody said what the portfolio is."""
    write("quay")

    assert second_pass(plan, "quay", population=None) is None


def test_without_a_population_an_old_snapshot_is_told(plan: Plan) -> None:
    """By the one policy that needs none; the others are not judged."""
    write("quay", "2026-10-12T18:00:00+02:00")
    write("reef")
    judged = second_pass(plan, "quay", "reef", population=None)
    assert judged is not None

    assert outcomes(judged) == {
        ("snapshot-stale", "hand:quay"): Outcome.FAIL,
        ("snapshot-stale", "hand:reef"): Outcome.PASS,
    }
    assert (judged.result.auditee, judged.result.time_zone) == ("portfolio", "Europe/Berlin")


def test_without_portfolio_policies_there_is_no_second_pass(plan: Plan) -> None:
    """A run of chosen policies may have none."""
    write("quay")

    assert second_pass(plan.select({"work-before-recorded-start"}), "quay") is None


# ----- places


def test_facts_are_found_in_the_files_that_they_were_taken_from(plan: Plan) -> None:
    """Of a project in its snapshot, of a member in the population, of an audit in the recorded run."""
    write("quay")
    record(plan, "quay", as_of=LATE_SEPTEMBER)
    judged = second_pass(plan, "quay", audits="runs")
    assert judged is not None

    found = judged.places.locate(
        [
            "/projects/0/project/execution/started_at",
            "/projects/0/captured_at",
            "/projects/0/result/controls",
            "/projects/7/name",
            "/population/0/from",
            "/population/1/name",
            "/audits/0/as_of",
            "/snapshot/time_zone",
        ]
    )

    assert {pointer: f"{place.path}:{place.line}" for pointer, place in found.items()} == {
        "/projects/0/project/execution/started_at": "quay.yaml:12",
        "/projects/0/captured_at": "quay.yaml:4",
        "/population/0/from": "people.yaml:10",
        "/population/1/name": "people.yaml:9",
        "/audits/0/as_of": "runs/2026-09-30.json:1",
    }
