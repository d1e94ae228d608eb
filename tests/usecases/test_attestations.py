"""Attestations on their way into a run: found, read, placed, and reported where nothing asks for them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from auditor.evaluation.judge import Instants, judge
from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.outcome import Outcome
from auditor.usecases.attested_places import AttestedPlaces, filed_for, unused_attestations
from auditor.usecases.read_inputs import read_inputs
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.usecases.read_inputs import ReadInputs

SNAPSHOT = """\
snapshot:
  schema: {name: project, version: 1}
  auditee: "hand:apollo"
  formerly: ["sheet:apollo"]
  captured_at: 2026-03-31T18:00:00+02:00
  sources: [{id: hand, kind: manual}]
  time_zone: Europe/Berlin
  gaps: {}
project: {id: "hand:apollo", name: Apollo}
parties: [{id: ann, name: Ann Becker}]
role_assignments: [{id: r1, party: ann, role: DM, from: 2026-01-01}]
sprints: [{id: s1}]
"""
WORD: dict[str, Any] = {
    "control": "X-1",
    "auditee": "hand:apollo",
    "by": "ann",
    "at": "2026-03-10T10:00:00+01:00",
    "recorded_at": "2026-03-10T10:00:00+01:00",
    "expires_on": None,
    "statement": "It holds.",
}
HEAD = "title: T\nwhy: W\nseverity: low\nfix: F\nattest: {by: [DM], valid_for: 365 days}\n"
WHOLE = "id: whole\ncontrols: [X-1]\n" + HEAD
EACH = "id: each\ncontrols: [X-2]\nfor: {sprint: sprints}\nempty: pass\n" + HEAD


@cache
def models() -> SnapshotModels:
    """Read the contracts once."""
    return snapshot_models()


@cache
def plan() -> Plan:
    """Compile two attested policies, one of them on each sprint, and one that decides by itself."""
    plain = "id: plain\ncontrols: [X-3]\nrequire: [{that: project.name == 'x', say: No.}]\n"
    texts = [WHOLE, EACH, plain + HEAD.partition("attest")[0]]
    return compile_plan(
        [PolicyText(f"p/{number}.yaml", "p", text.encode()) for number, text in enumerate(texts)],
        roots=Roots(models()),
        functions=functions(),
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a current folder with a snapshot in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "apollo.yaml").write_text(SNAPSHOT, encoding="utf-8")
    return tmp_path


def lay(here: Path, name: str, *words: dict[str, Any]) -> None:
    """Write a file of attestations."""
    path = here / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"attestations": list(words)}, indent=0), encoding="utf-8")


def read(*paths: str) -> ReadInputs:
    """Read inputs without a fault."""
    inputs = read_inputs(paths, models())
    assert inputs.errors == []
    return inputs


def test_a_file_beside_the_snapshots_is_read(here: Path) -> None:
    """It is no snapshot, and is not passed over as something else."""
    lay(here, "words.json", WORD)

    inputs = read(".")

    assert [one.name for one in inputs.loaded] == ["apollo.yaml"]
    assert [str(one.record.place) for one in inputs.attestations] == ["words.json:3:1"]
    assert inputs.passed_over == []
    assert {path.name for path in inputs.files} == {"apollo.yaml", "words.json"}


def test_a_file_that_is_named_is_read(here: Path) -> None:
    """Whatever it is called."""
    lay(here, "elsewhere/word.yaml", WORD)

    assert len(read("apollo.yaml", "elsewhere/word.yaml").attestations) == 1


def test_those_of_a_delivery_folder_are_read(here: Path) -> None:
    """The snapshot beside them is what it would be without them."""
    delivery = here / "gaia" / "delivery"
    delivery.mkdir(parents=True)
    head = 'captured_at: 2026-03-31T18:00:00+02:00\ntime_zone: Europe/Berlin\nproject: {id: "hand:gaia"}\n'
    (delivery / "project.yaml").write_text(head, encoding="utf-8")
    before = read("gaia").loaded[0].snapshot.digest
    lay(here, "gaia/delivery/attestations/dm.json", {**WORD, "auditee": "hand:gaia"})

    inputs = read("gaia")

    assert [one.snapshot.digest for one in inputs.loaded] == [before]
    assert [one.record.auditee for one in inputs.attestations] == ["hand:gaia"]


def test_they_come_in_the_order_of_their_files(here: Path) -> None:
    """Whatever the order of the paths."""
    lay(here, "b.json", {**WORD, "statement": "2"}, {**WORD, "statement": "3"})
    lay(here, "a.json", {**WORD, "statement": "1"})

    for paths in ((".",), ("b.json", "a.json", "apollo.yaml")):
        found = [one.record.statement for one in read(*paths).attestations]
        assert found == ["1", "2", "3"]


@pytest.mark.parametrize("name", ["words.yaml", "gaia/delivery/attestations/dm.yaml"])
def test_one_that_cannot_be_read_is_an_error(here: Path, name: str) -> None:
    """With its place, and the snapshot is judged all the same."""
    lay(here, name, {**WORD, "at": "soon"})
    (here / "gaia" / "delivery").mkdir(parents=True, exist_ok=True)

    inputs = read_inputs([".", *([] if name == "words.yaml" else ["gaia"])], models())
    faults = [error for shown, error in inputs.errors if shown == name]

    assert len(faults) == 1
    assert inputs.attestations == []
    assert [one.name for one in inputs.loaded] == ["apollo.yaml"]


def test_in_their_own_folder_every_file_must_be_one(here: Path) -> None:
    """A slip in the top key must not make a word vanish."""
    path = here / "gaia" / "delivery" / "attestations" / "dm.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("atestation: {control: X-1}\n", encoding="utf-8")

    inputs = read_inputs(["apollo.yaml", "gaia"], models())

    assert [name for name, _ in inputs.errors] == ["gaia/delivery/attestations/dm.yaml"]


def test_the_word_alone_makes_no_attestation_of_a_snapshot(here: Path) -> None:
    """A snapshot that speaks of an attestation stays one."""
    text = SNAPSHOT.replace("name: Apollo", "name: The attestation project")
    (here / "apollo.yaml").write_text(text, encoding="utf-8")

    inputs = read("apollo.yaml")

    assert [one.snapshot.name for one in inputs.loaded] == ["The attestation project"]
    assert inputs.attestations == []


def test_facts_of_attestations_have_their_places(here: Path) -> None:
    """In the file of the record, beside those of the snapshot; numbered over the one auditee."""
    lay(here, "words.json", {**WORD, "auditee": "hand:hera"}, {**WORD, "documents": []})
    inputs = read(".")
    (loaded,) = inputs.loaded

    places = AttestedPlaces(loaded.places, filed_for(loaded.snapshot, inputs.attestations))
    found = places.locate(
        [
            "/project/name",
            "/attestations/0/by",
            "/attestations/0/expires_at",
            "/attestations/0/role",
            "/attestations/0",
            "/attestations/1/by",
            "/attestations",
        ]
    )

    assert {
        pointer: str(place).rpartition(".")[0] + ":" + str(place.line)
        for pointer, place in found.items()
    } == {
        "/project/name": "apollo:9",
        "/attestations/0/by": "words:15",
        "/attestations/0/expires_at": "words:18",
        "/attestations/0/role": "words:12",
        "/attestations/0": "words:12",
    }


def test_a_former_id_is_the_same_auditee(here: Path) -> None:
    """As for the judging."""
    lay(here, "words.json", {**WORD, "auditee": "sheet:apollo"})
    inputs = read(".")

    assert len(filed_for(inputs.loaded[0].snapshot, inputs.attestations)) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({}, None, id="asked-for"),
        pytest.param({"auditee": "sheet:apollo"}, None, id="by-a-former-id"),
        pytest.param({"subject": "hand:apollo"}, None, id="the-whole-by-its-id"),
        pytest.param({"by": "nobody"}, None, id="whoever-gave-it"),
        pytest.param({"control": "X-2", "subject": "s1"}, None, id="one-sprint"),
        pytest.param({"auditee": "hand:hera"}, "it is about hand:hera, which is not judged here", id="another-project"),
        pytest.param({"control": "X-9"}, "no policy asks for an attestation of X-9", id="unknown-control"),
        pytest.param({"control": "X-3"}, "no policy asks for an attestation of X-3", id="decided-by-itself"),
        pytest.param({"control": "X-2"}, "each judges one subject after the other, and the record names none", id="no-sprint"),
        pytest.param({"control": "X-2", "subject": "s9"}, "each judges nothing that is called 's9'", id="another-sprint"),
    ],
)  # fmt: skip
def test_what_nothing_asks_for_is_reported(
    here: Path, change: dict[str, Any], reason: str | None
) -> None:
    """Nothing vanishes in silence."""
    lay(here, "words.json", {**WORD, **change})
    inputs = read(".")
    snapshot = inputs.loaded[0].snapshot
    records = [one.record for one in inputs.attestations]
    result = judge(plan(), snapshot, Instants(snapshot.captured_at), records, name="apollo.yaml")

    unused = unused_attestations(inputs.attestations, [snapshot], plan(), [result])

    assert [(one.name, one.reason) for one in unused] == (
        [] if reason is None else [("words.json:3:1", reason)]
    )


def test_without_policies_every_one_is_reported(here: Path) -> None:
    """A run that judges nothing says so of them, too."""
    lay(here, "words.json", WORD)

    unused = unused_attestations(read(".").attestations, [], None, [])

    assert [one.reason for one in unused] == ["it is about hand:apollo, which is not judged here"]


def test_a_read_attestation_makes_an_attested_pass(here: Path) -> None:
    """From the file to the verdict, with the place of the record as its source."""
    lay(here, "words.json", WORD)
    inputs = read(".")
    snapshot = inputs.loaded[0].snapshot
    records = [one.record for one in inputs.attestations]

    result = judge(
        plan().select(["whole"]), snapshot, Instants(snapshot.captured_at), records, name="a"
    )

    (verdict,) = result.verdicts
    assert (verdict.outcome, result.attested()) == (Outcome.PASS, 1)
    assert {fact.source for fact in verdict.facts if fact.pointer.startswith("/attestations")} == {
        "words.json:3"
    }
