"""What a run ends with, where command line, profile and ``auditor.yaml`` all speak: a test per row of the page."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from auditor.findings.accepted import accepted
from auditor.findings.assemble import assemble
from auditor.findings.gate import held
from auditor.findings.known import compare, known_findings
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.run import InputProblem, Population
from auditor.model.severity import Severity
from auditor.model.verdict import Fact, Verdict
from auditor.sources.accepted_gaps import parse_accepted
from auditor.sources.config import parse_config
from auditor.sources.profile import parse_profile
from auditor.usecases.gate_request import (
    GateRequest,
    parse_at_most,
    parse_fail_on,
    parse_min_score,
    rules_of,
)
from auditor.usecases.read_config import FoundConfig

if TYPE_CHECKING:
    from auditor.model.known import KnownFinding
    from auditor.model.run import Run

PAGE: Final = Path(__file__).resolve().parents[2] / "docs/gate.md"
TABLE: Final = "## Who wins"
HEAD: Final = "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
WHY: Final = "reason: A reason that is long enough, by: C. Doyle, on: 2026-08-01"
GAP: Final = f"accepted_gaps: [{{fact: /things/*/at, {WHY}, until: {{until}}}}]\n"
KNOWN: Final = Fact("/things/0/at", "known", "2026-09-01")
MISSING: Final = Fact("/things/0/at", "unobserved", "not recorded", reason="not_collected")
ANOTHER: Final = Fact("/things/0/owner", "unobserved", "not recorded", reason="not_collected")


def rows() -> list[tuple[str, ...]]:
    """Return the rows of the table on the page."""
    text = PAGE.read_text(encoding="utf-8").split(TABLE, 1)[1]
    lines = re.findall(r"^\|(.*)\|$", text, re.MULTILINE)[2:]
    found = [tuple(cell.strip(" `") for cell in line.split("|")) for line in lines]
    return [row for row in found if len(row) == 5]


def policy(severity: str = "medium", name: str = "late-thing", **changes: str) -> PolicySummary:
    """Make a policy of its own control."""
    made = PolicySummary(
        id=name,
        title="T",
        why="W",
        fix="F",
        controls=(f"C-{name}",),
        severity=Severity(severity),
        pack="seef",
        target="project",
        digest="sha256:" + "0" * 64,
        location=Location(f"{name}.yaml", 1),
        clauses=(),
        params=(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def verdict(
    outcome: Outcome, subject: str = "thing", name: str = "late-thing", **parts: tuple[Fact, ...]
) -> Verdict:
    """Make a verdict that rests on a known fact, unless others are given."""
    made = Verdict(name, subject, subject, outcome, "A sentence.", facts=(KNOWN,))
    return replace(made, **parts)  # type: ignore[arg-type]


def run(*verdicts: Verdict, policies: tuple[PolicySummary, ...] = (policy(),)) -> Run:
    """Make a run on one project."""
    instant = "2026-09-30T18:00:00+02:00"
    result = ResultDocument(
        "apollo", "Apollo", "project", "sha256:" + "0" * 64, "apollo.yaml",
        instant, instant, "Europe/Berlin", verdicts,
    )  # fmt: skip
    return assemble(
        policies=policies, results=[result], as_of=instant, period=None, engine="auditor"
    )


FAIL: Final = verdict(Outcome.FAIL)
BROKEN: Final = verdict(Outcome.ERROR)
PASS: Final = verdict(Outcome.PASS)
PROBLEM: Final = (InputProblem("x.yaml", "document", "found a tab"),)
TWO: Final = (policy(), policy(name="other"))
WAITING: Final = verdict(Outcome.INCONCLUSIVE, missing=(MISSING,))

FOUND: Final[dict[str, Run]] = {
    "only passes": run(PASS),
    **{
        f"a {severity.value} fail": run(FAIL, policies=(policy(severity.value),))
        for severity in Severity
    },
    "a low verdict that is undecided": run(WAITING, policies=(policy("low"),)),
    "two medium fails": run(FAIL, verdict(Outcome.FAIL, "second")),
    "one control of two kept": run(PASS, verdict(Outcome.FAIL, name="other"), policies=TWO),
    "no control that is due": run(verdict(Outcome.NOT_APPLICABLE)),
    "a medium fail that is known": run(FAIL),
    "a known fail whose facts have changed": run(FAIL),
    "a known fail whose policy has changed": run(FAIL),
    "a medium fail that is known, and another one": run(FAIL, verdict(Outcome.FAIL, "second")),
    "a policy that broke, and was a known fail": run(BROKEN),
    "an undecided verdict whose facts are accepted": run(WAITING),
    "an undecided verdict of whose facts one is accepted": run(
        verdict(Outcome.INCONCLUSIVE, missing=(MISSING, ANOTHER))
    ),
    "an undecided verdict whose gap was accepted until yesterday": run(WAITING),
    "a fail that looked at an accepted fact": run(verdict(Outcome.FAIL, facts=(MISSING,))),
    "a member that was not audited": replace(run(PASS), population=Population(2, 1, ("zeus",))),
    "a policy that broke": run(BROKEN),
    "a policy that broke, and a high fail": run(
        BROKEN, verdict(Outcome.FAIL, name="other"), policies=(policy(), policy("high", "other"))
    ),
    "an input that cannot be read": replace(run(PASS), problems=PROBLEM),
    "an input that cannot be read, and a policy that broke": replace(run(BROKEN), problems=PROBLEM),
    "nothing that could be judged": run(),
}  # fmt: skip


def known(found: str) -> tuple[KnownFinding, ...]:
    """Return what was known before *found* was."""
    if "facts have changed" in found:
        before = run(verdict(Outcome.FAIL, facts=(replace(KNOWN, shown="2026-08-01"),)))
    elif "policy has changed" in found:
        before = run(FAIL, policies=(policy(words="sha256:" + "1" * 64),))
    else:
        before = run(FAIL)
    return known_findings(before)


def request(line: str) -> GateRequest:
    """Read what a row has of the command line."""
    options: dict[str, list[str]] = {}
    words = shlex.split(line)
    for option, value in zip(words[::2], words[1::2], strict=True):
        options.setdefault(option, []).append(value)
    score = options.pop("--min-score", None)
    made = GateRequest(
        parse_fail_on(options.pop("--fail-on", [])),
        parse_at_most(options.pop("--at-most", [])),
        parse_min_score(score[0]) if score else None,
        *(options.pop(option, [None])[0] for option in ("--accepted", "--known")),
    )
    assert not options
    return made


@pytest.mark.parametrize("row", rows(), ids=" ; ".join)
def test_the_page_says_what_a_run_ends_with(row: tuple[str, ...]) -> None:
    """Read from the page, so that it cannot drift from what is done."""
    line, of_profile, own, found, code = row
    asked, judged = request(line), FOUND[found]
    gap = GAP.replace("{until}", "2026-09-29" if "until yesterday" in found else "2026-10-31")
    text = f"gate: {{{of_profile}, {WHY}}}\n" if of_profile and "accepted" not in of_profile else ""
    profile = parse_profile((HEAD + text + gap).encode(), path="acme.yaml")
    config = FoundConfig(Path(), "auditor.yaml", parse_config(own.encode() or b"{}", path="a.yaml"))
    gaps = profile.accepted_gaps if of_profile == "accepted_gaps" else ()
    if asked.accepted is not None:
        gaps = parse_accepted(gap.encode(), path=asked.accepted)
    excused = dict(accepted(judged, gaps).standings)
    if asked.known is not None:
        excused |= compare(judged, known(found), asked.known).standings

    _, gate = held(judged, rules_of(asked, profile.gate, config), excused=excused)

    assert gate.code == int(code)
    assert bool(gate.reasons) is bool(gate.code)


def test_every_case_of_the_tests_is_on_the_page() -> None:
    """What is tested is told."""
    assert {found for *_, found, _ in rows()} == set(FOUND)
