"""``auditor report`` says what a recorded run said, in every format, whatever has become of what was judged."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.canonical import digest
from auditor.plugins.entry_points import FORMATS, load, names

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Command

ROOT = Path(__file__).parents[2]
DEMO = ("fixtures/portfolio", "--profile", "fixtures/organisation/profile.yaml")
TERMS = ("--audits", "fixtures/organisation/audits", "--fail-on", "never", "--quiet")


def targets(folder: Path) -> dict[str, Path]:
    """Return a file for every format and profile."""
    found = {}
    for name in names(FORMATS):
        reporter: Any = load(FORMATS, name)
        for profile in reporter.profiles or ("",):
            asked = f"{name}:{profile}" if profile else name
            found[asked] = folder / asked.replace(":", "-")
    return found


def options(files: dict[str, Path]) -> list[str]:
    """Ask for each of *files*."""
    return [part for name, file in files.items() for part in ("-f", f"{name}={file}")]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of the demonstration, which can be taken away."""
    copytree(ROOT / "fixtures", tmp_path / "fixtures")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_format_of_a_recorded_run_is_the_same_byte_for_byte(
    auditor: Command, demo: Path
) -> None:
    """Also when the snapshots are gone: a recorded run holds whatever a report shows."""
    (demo / "live").mkdir()
    (demo / "again").mkdir()
    live, again = targets(demo / "live"), targets(demo / "again")
    auditor("check", *DEMO, *TERMS, "-f", "json=run.json", *options(live))
    (demo / "fixtures").rename(demo / "elsewhere")

    done = auditor("report", "run.json", "--quiet", *options(again))

    assert (done.code, done.err) == (0, "")
    assert {name for name in live if live[name].read_bytes() != again[name].read_bytes()} == set()


def test_without_a_format_it_is_text_on_stdout(auditor: Command, demo: Path) -> None:
    """As of `check`."""
    live = auditor("check", *DEMO, *TERMS, "-f", "json=run.json", "-f", "text")

    assert auditor("report", str(demo / "run.json")).out == live.out


def test_it_does_not_gate(auditor: Command, demo: Path) -> None:
    """A run that was red is rendered, and that is all that was asked for."""
    red = auditor("check", "fixtures/portfolio/atlas-ledger.json", "-q", "-f", "json=run.json")

    assert red.code == 1
    assert auditor("report", str(demo / "run.json")).code == 0


def test_an_altered_run_is_refused(auditor: Command, demo: Path) -> None:
    """Its documents are named by digest: nobody turns a fail into a pass with an editor."""
    auditor("check", "fixtures/portfolio/atlas-ledger.json", "-q", "-f", "json=run.json")
    run = demo / "run.json"
    run.write_text(run.read_text().replace('"outcome":"fail"', '"outcome":"pass"', 1))

    done = auditor("report", "run.json", "-f", "text=out.txt")

    assert done.code == 4
    assert "error[past-run]: /results/0/document: it is not what 'digest' beside it names" in (
        done.err
    )
    assert not (demo / "out.txt").exists()


def head_alone(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a run without its documents."""
    for entry in tree["results"]:
        for key in ("document", "findings_document", "places"):
            del entry[key]
    return tree


def test_a_head_alone_cannot_be_rendered(auditor: Command, demo: Path) -> None:
    """It keeps the schema, and says nothing of verdicts."""
    auditor("check", "fixtures/portfolio/atlas-ledger.json", "-q", "-f", "json=run.json")
    run = demo / "run.json"
    run.write_text(json.dumps(head_alone(json.loads(run.read_text()))))

    done = auditor("report", "run.json")

    assert done.code == 4
    assert "'run.json' is the head of a run alone: its documents are not in it" in done.err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param("{}", "'run.json' is no recorded run", id="another-document"),
        pytest.param("{", "error[", id="no-json"),
        pytest.param('{"schema":{"name":"run","version":1}}', "is missing", id="half-a-run"),
    ],
)
def test_what_is_no_run_is_refused(auditor: Command, demo: Path, data: str, told: str) -> None:
    """With the reason, and no traceback."""
    (demo / "run.json").write_text(data)

    done = auditor("report", "run.json")

    assert done.code == 4
    assert told in done.err
    assert "Traceback" not in done.err


def test_a_run_is_not_written_over(auditor: Command, demo: Path) -> None:
    """The report is made from it."""
    (demo / "run.json").write_text("{}")

    done = auditor("report", "run.json", "-f", "json=run.json")

    assert done.code == 2
    assert "the report would overwrite 'run.json'" in done.err


def test_a_target_that_cannot_be_written_keeps_none_from_being_written(
    auditor: Command, demo: Path
) -> None:
    """The other target is done, the exit code says that one is not."""
    auditor("check", "fixtures/portfolio/atlas-ledger.json", "-q", "-f", "json=run.json")

    done = auditor("report", "run.json", "-f", "text=nowhere/a.txt", "-f", "junit=b.xml")

    assert done.code == 2
    assert "cannot write 'nowhere/a.txt'" in done.err
    assert (demo / "b.xml").is_file()


def resealed(tree: dict[str, Any]) -> str:
    """Write a run whose documents were altered, with digests that name them: as somebody would who knows how."""
    for entry in tree["results"]:
        entry["digest"] = entry["findings_document"]["result"] = digest(entry["document"])
        entry["findings"] = digest(entry["findings_document"])
    return json.dumps(tree)


def without_policy(verdict: dict[str, Any]) -> None:
    """Name a policy that the run does not have."""
    verdict["policy"] = "unheard-of"


def without_demand(verdict: dict[str, Any]) -> None:
    """Name a demand that the policy does not have."""
    verdict["clauses"][0]["clause"] = 99


def without_place(verdict: dict[str, Any]) -> None:
    """Name a place that is none."""
    verdict["clauses"][0]["because"]["steps"][0]["place"] = "x"


def without_pointer(verdict: dict[str, Any]) -> None:
    """Name a fact that none can be."""
    verdict["witness"][0]["pointer"] = "x"


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        pytest.param(without_policy, "/policy: the run has no such policy", id="policy"),
        pytest.param(without_demand, "/clauses: the policy has fewer demands", id="demand"),
        pytest.param(without_place, "/clauses/0/because: found an object", id="place"),
        pytest.param(without_pointer, "/witness/0/pointer: found 'x'", id="pointer"),
    ],
)
def test_a_run_that_contradicts_itself_is_refused(
    auditor: Command, demo: Path, alter: Callable[[dict[str, Any]], None], told: str
) -> None:
    """Also with digests that name what was made of it; never with a traceback."""
    auditor("check", "fixtures/portfolio/atlas-ledger.json", "-q", "-f", "json=run.json")
    tree = json.loads((demo / "run.json").read_text())
    alter(
        next(
            one
            for one in tree["results"][0]["document"]["verdicts"]
            if any(clause["because"] for clause in one["clauses"])
        )
    )
    (demo / "run.json").write_text(resealed(tree))

    done = auditor("report", "run.json", "-f", "text=out.txt")

    assert done.code == 4
    assert told in done.err
    assert "Traceback" not in done.err
    assert not (demo / "out.txt").exists()


def green(run: dict[str, Any]) -> None:
    """Say that the gate let it pass."""
    run["gate"] |= {"code": 0, "reasons": []}


def without_fails(run: dict[str, Any]) -> None:
    """Say that nothing failed."""
    run["totals"]["fail"] = 0


def without_auditee(run: dict[str, Any]) -> None:
    """Leave out what was found of one auditee."""
    for outcome in run["totals"]:
        verdicts = run["results"][0]["document"]["verdicts"]
        run["totals"][outcome] -= sum(one["outcome"] == outcome for one in verdicts)
    del run["results"][0]


def without_findings(run: dict[str, Any]) -> None:
    """Leave out what somebody has to act on."""
    run["results"][0]["findings_document"]["findings"] = []


def harmless(run: dict[str, Any]) -> None:
    """Say that no policy is of weight."""
    for policy in run["policies"]:
        policy["severity"] = "low"


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        pytest.param(green, "/gate/code: it is green, and something counts", id="gate"),
        pytest.param(without_fails, "/totals: these are not the sums of the verdicts", id="totals"),
        pytest.param(without_auditee, "/population: it tells of another number", id="auditee"),
        pytest.param(
            without_findings, "these are not the findings among the verdicts", id="findings"
        ),
        pytest.param(harmless, "its severity is not that of its policy", id="severity"),
    ],
)
def test_a_head_that_says_something_else_than_its_documents_is_refused(
    auditor: Command, demo: Path, alter: Callable[[dict[str, Any]], None], told: str
) -> None:
    """No digest names the head, so its sums are made again."""
    auditor("check", "fixtures/portfolio", "-q", "-f", "json=run.json")
    tree = json.loads((demo / "run.json").read_text())
    alter(tree)
    (demo / "run.json").write_text(resealed(tree))

    done = auditor("report", "run.json", "-f", "text=out.txt")

    assert done.code == 4
    assert told in done.err
    assert not (demo / "out.txt").exists()
