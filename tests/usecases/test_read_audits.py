"""Recorded runs become past audits, and a run that is broken or altered never does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.canonical import digest
from auditor.documents.pointer import set_at, walk
from auditor.findings.assemble import assemble
from auditor.findings.findings_document import fingerprint
from auditor.findings.portfolio import PortfolioHead, PortfolioLists, portfolio_document
from auditor.findings.portfolio_facts import Wanted
from auditor.findings.recorded_places import RecordedPlaces
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.severity import Severity
from auditor.model.verdict import Verdict
from auditor.reporters.formats.json import JsonReporter
from auditor.usecases.read_audits import PastAudits, read_audits
from auditor.usecases.read_policies import snapshot_models

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.model.errors import AuditorError


def policy(name: str = "late-thing", pack: str = "seef") -> PolicySummary:
    """Return a policy as a run's head names it."""
    return PolicySummary(
        id=name,
        title="A thing was late",
        why="It costs trust.",
        fix="Do it in time.",
        controls=("TST-01",),
        severity=Severity.MEDIUM,
        pack=pack,
        target="project",
        digest="sha256:" + "0" * 64,
        location=Location(f"policies/{pack}/{name}.yaml", 1),
        clauses=(),
        params=(),
    )


def result(auditee: str, *outcomes: Outcome, target: str = "project") -> ResultDocument:
    """Return a result document with a verdict of the late thing per outcome."""
    at = "2026-06-30T18:00:00+02:00"
    return ResultDocument(
        auditee=auditee,
        auditee_name=auditee,
        target=target,
        snapshot_digest="sha256:" + "1" * 64,
        snapshot_name=f"{auditee}.yaml",
        captured_at=at,
        judged_at=at,
        time_zone="Europe/Berlin",
        verdicts=tuple(
            Verdict("late-thing", auditee, auditee, outcome, "The thing.") for outcome in outcomes
        ),
    )


def run(*results: ResultDocument, **changes: Any) -> dict[str, Any]:
    """Return a run of the second quarter of 2026 as it is recorded, with *changes* of its head."""
    made = assemble(
        policies=changes.pop("used", (policy(),)),
        results=results,
        as_of="2026-06-30T18:00:00+02:00",
        period=("2026-04-01", "2026-06-30"),
        engine="auditor 0.1.0",
    )
    places = RecordedPlaces({})
    data = b"".join(JsonReporter().render(made, places, profile=None, colour=False))
    written: dict[str, Any] = json.loads(data)
    return written | changes


def decided(data: dict[str, Any], place: int, **changes: Any) -> None:
    """Change the one finding of an entry, as a later recording of the run would have it."""
    entry = data["results"][place]
    if "outcome" in changes:
        (verdict,) = entry["document"]["verdicts"]
        data["totals"][verdict["outcome"]] -= 1
        verdict["outcome"] = changes["outcome"]
        data["totals"][verdict["outcome"]] += 1
        entry["digest"] = entry["findings_document"]["result"] = digest(entry["document"])
    entry["findings_document"]["findings"][0] |= changes
    entry["findings"] = digest(entry["findings_document"])


def record(folder: Path, data: Any, name: str = "results.json") -> Path:
    """Write a file of JSON."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def faults(found: PastAudits) -> list[AuditorError]:
    """Return every fault, those of a group one by one."""
    return [one for _, error in found.errors for one in getattr(error, "errors", (error,))]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in the test's folder, so that names are short."""
    monkeypatch.chdir(tmp_path)


# ----- what a run says


def test_a_recorded_run_is_a_past_audit(tmp_path: Path) -> None:
    """Its id is the digest of its canonical form, whatever the spaces in its file."""
    data = run(
        result("hand:pier", Outcome.PASS),
        result("hand:quay", Outcome.FAIL),
        used=(policy(), policy("lost-thing", "iq"), policy("odd-thing")),
    )
    record(tmp_path, data)

    (past,) = read_audits("results.json").runs

    assert past.tree == {
        "id": digest(data),
        "as_of": "2026-06-30T18:00:00+02:00",
        "period": {"from": "2026-04-01", "to": "2026-06-30"},
        "packs": ["iq", "seef"],
        "projects": ["hand:pier", "hand:quay"],
        "judged": [
            {"auditee": "hand:pier", "at": "2026-06-30T18:00:00+02:00"},
            {"auditee": "hand:quay", "at": "2026-06-30T18:00:00+02:00"},
        ],
        "findings": [
            {
                "fingerprint": fingerprint("late-thing", "hand:quay", "hand:quay"),
                "project": "hand:quay",
                "policy": "late-thing",
                "outcome": "fail",
                "waived": False,
                "decisions": [],
            }
        ],
    }
    assert (past.place.path, past.place.line) == ("results.json", 1)


def test_when_it_was_recorded_the_format_cannot_say(tmp_path: Path) -> None:
    """So it is unobserved, with a reason that a policy can ask for."""
    record(tmp_path, run(result("hand:quay")), "one.json")
    record(tmp_path, run(as_of="2026-03-31"), "two.json")

    assert read_audits(".").gaps() == {
        "/audits/0/recorded_at": "not_supported",
        "/audits/1/recorded_at": "not_supported",
    }


def test_findings_are_what_somebody_had_to_act_on(tmp_path: Path) -> None:
    """One that a later run resolved is no finding of that run; a waiver in force is told."""
    waiver = {
        "id": "w1",
        "kind": "waive",
        "digest": "sha256:" + "2" * 64,
        "by": "Olga Ruiz",
        "at": "2026-07-01T10:00:00+02:00",
        "reason": "The client asked for it.",
        "until": "2026-09-30",
        "in_force": True,
    }
    data = run(
        result("hand:pier", Outcome.FAIL),
        result("hand:quay", Outcome.FAIL),
        result("hand:reef", Outcome.INCONCLUSIVE),
    )
    passes = {"raw": "pass", "net": "pass"}
    decided(data, 0, outcome="pass", state="resolved", needs=None, counts_as=passes)
    counts_as = {"raw": "fail", "net": "waived"}
    decided(data, 1, state="waived", needs=None, counts_as=counts_as, decisions=[waiver])
    record(tmp_path, data)

    (past,) = read_audits("results.json").runs

    told = [(one["project"], one["outcome"], one["waived"]) for one in past.tree["findings"]]
    assert told == [("hand:quay", "fail", True), ("hand:reef", "inconclusive", False)]
    assert past.tree["findings"][0]["decisions"] == [
        {
            "kind": "waive",
            "by": "Olga Ruiz",
            "at": "2026-07-01T10:00:00+02:00",
            "reason": "The client asked for it.",
            "due_on": "2026-09-30",
        }
    ]


def test_the_portfolio_itself_is_no_audited_project(tmp_path: Path) -> None:
    """Its own verdicts are about the others."""
    record(tmp_path, run(result("delivery", target="portfolio"), result("hand:ops", target="unit")))

    (past,) = read_audits("results.json").runs

    assert past.tree["projects"] == ["hand:ops"]


def test_of_a_head_alone_the_findings_are_not_known(tmp_path: Path) -> None:
    """It names its documents by digest only."""
    data = run(result("hand:quay", Outcome.FAIL))
    head = {key: data["results"][0][key] for key in ("auditee", "digest", "findings")}
    record(tmp_path, data | {"results": [head]})

    (past,) = read_audits("results.json").runs

    assert past.tree["projects"] == ["hand:quay"]
    assert "findings" not in past.tree
    assert past.gaps["/findings"] == "not_collected"


# ----- which files


def test_an_empty_folder_says_that_there_was_no_audit(tmp_path: Path) -> None:
    """It is an answer, and no error."""
    (tmp_path / "runs").mkdir()
    found = read_audits("runs")

    assert (found.runs, found.errors, found.gaps()) == ([], [], {})


def test_runs_are_sorted_by_id_and_each_is_there_once(tmp_path: Path) -> None:
    """Whatever their files are called, and however often one was copied."""
    runs = [run(as_of=f"2026-0{month}-01") for month in (1, 2, 3)]
    for place, data in enumerate(runs):
        record(tmp_path, data, f"runs/{place}/results.json")
    record(tmp_path, runs[0], "runs/copy.json")

    found = read_audits("runs")

    assert [one.tree["id"] for one in found.runs] == sorted(digest(data) for data in runs)
    assert found.passed_over == [("runs/copy.json", "it is the run runs/0/results.json")]


def test_other_files_in_a_folder_are_passed_over_and_told(tmp_path: Path) -> None:
    """A snapshot beside the runs is none, and neither is a run that judged nothing."""
    record(tmp_path, {"snapshot": {"schema": {"name": "project"}}}, "runs/apollo.json")
    record(tmp_path, run(as_of=None, period=None), "runs/empty.json")
    (tmp_path / "runs" / "report.xml").write_text("<testsuites/>", encoding="utf-8")

    found = read_audits("runs")

    assert found.runs == []
    assert found.errors == []
    assert found.passed_over == [
        ("runs/apollo.json", "it is no recorded run"),
        ("runs/empty.json", "it judged nothing"),
    ]


class Everything(frozenset[str]):
    """Names of fields, every one of them."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        """Tell that every field is read."""
        return isinstance(name, str)


# ----- what is broken


def test_a_file_that_is_named_and_is_no_run_is_an_error(tmp_path: Path) -> None:
    """Somebody meant it to be one."""
    record(tmp_path, {"snapshot": {}}, "apollo.json")

    (error,) = faults(read_audits("apollo.json"))

    assert error.slug == "past-run"
    assert error.message == "'apollo.json' is no recorded run"


def test_a_path_that_leads_nowhere_is_an_error() -> None:
    """It must not read as "there were no audits"."""
    (error,) = faults(read_audits("nowhere"))

    assert error.message == "there is no file or folder 'nowhere'"


def test_a_damaged_file_in_a_folder_is_an_error(tmp_path: Path) -> None:
    """It may have been a run."""
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "results.json").write_text('{"schema": ', encoding="utf-8")

    (error,) = faults(read_audits("runs"))

    assert error.slug == "document"
    assert error.location is not None
    assert error.location.path == "runs/results.json"


@pytest.mark.parametrize(
    ("change", "pointer", "message"),
    [
        pytest.param(
            {"engine": 3},
            "/engine",
            "/engine: found the number 3, wanted string",
            id="a wrong type",
        ),
        pytest.param(
            {"extra": 1}, "", "the document: unknown key 'extra'", id="a key that is not known"
        ),
        pytest.param(
            {"as_of": "last summer"},
            "/as_of",
            "/as_of: found 'last summer': an instant is written like 2026-03-03T14:00:00+01:00",
            id="no instant",
        ),
        pytest.param(
            {"period": {"from": "2026-02-30", "to": "2026-06-30"}},
            "/period/from",
            "/period/from: found '2026-02-30': the calendar has no day 2026-02-30",
            id="no day",
        ),
        pytest.param(
            {"schema": {"name": "run", "version": 2}},
            "/schema/version",
            "/schema/version: found the number 2, wanted the number 1",
            id="another version",
        ),
    ],
)
def test_a_run_that_breaks_its_contract_is_an_error_with_a_place(
    tmp_path: Path, change: dict[str, Any], pointer: str, message: str
) -> None:
    """It never counts as an audit."""
    record(tmp_path, run(result("hand:quay"), **change))
    found = read_audits("results.json")
    (error,) = faults(found)

    assert found.runs == []
    assert (error.slug, error.pointer, error.message) == ("past-run", pointer, message)
    assert error.location is not None
    assert error.location.path == "results.json"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """In our own words, whatever the validator's are."""
    data = run()
    del data["engine"]
    record(tmp_path, data)

    assert [error.message for error in faults(read_audits("results.json"))] == [
        "the document: 'engine' is missing"
    ]


def test_an_altered_document_is_told_from_a_recorded_one(tmp_path: Path) -> None:
    """A fail that somebody took out changes the digest; the file is no past audit."""
    data = run(result("hand:quay", Outcome.FAIL))
    data["results"][0]["findings_document"]["findings"] = []
    record(tmp_path, data)
    found = read_audits("results.json")

    assert found.runs == []
    assert [error.message for error in faults(found)] == [
        "/results/0/findings_document: it is not what 'findings' beside it names"
    ]


def test_an_entry_with_the_document_of_somebody_else_is_told(tmp_path: Path) -> None:
    """Else an audit of one project could be shown for another."""
    data = run(result("hand:pier"))
    data["results"][0]["auditee"] = "hand:quay"
    record(tmp_path, data)

    assert [error.message for error in faults(read_audits("results.json"))] == [
        "/results/0/auditee: the document beside it is of another auditee"
    ]


def test_hundreds_of_breaches_are_counted(tmp_path: Path) -> None:
    """Five are named."""
    record(tmp_path, run(relaxed=[1] * 300))
    messages = [error.message for error in faults(read_audits("results.json"))]

    assert len(messages) == 6
    assert "295 more breaches of the schema of runs" in messages


ODD: tuple[Any, ...] = (None, True, -1, 10**20, "", "x", [], {}, ["x"], {"x": None})


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_is_changed_in_a_run_it_is_an_error_or_an_audit_that_keeps_the_schema(
    tmp_path: Path, odd: Any
) -> None:
    """Every value of a run is replaced by something odd, one at a time."""
    data = run(result("hand:pier", Outcome.PASS), result("hand:quay", Outcome.FAIL))
    model = snapshot_models()["portfolio"]
    head = PortfolioHead("delivery", "Delivery", "UTC", datetime(2026, 9, 30, tzinfo=UTC))
    for pointer, _ in walk(data):
        (tmp_path / "results.json").unlink(missing_ok=True)
        record(tmp_path, set_at(data, pointer, odd))
        found = read_audits("results.json")

        assert bool(found.runs) != bool(found.errors or found.passed_over), pointer
        lists = PortfolioLists(
            audits=tuple(one.tree for one in found.runs), audit_gaps=found.gaps()
        )
        model.read(portfolio_document(head, lists, model.root, Wanted(Everything())))


def test_a_run_of_single_policies_has_run_no_pack(tmp_path: Path) -> None:
    """Who picks one policy of a pack has not audited by the pack."""
    record(tmp_path, {**run(result("hand:quay")), "only": ["late-thing"]})

    (past,) = read_audits("results.json").runs

    assert past.tree["packs"] == []
