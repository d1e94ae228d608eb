"""
Runs for the check of the page in a browser, and what each filter of the page must give of them.

What is wanted is reckoned from the documents of a run alone, not from what the page says of itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.findings.recorded_places import RecordedPlaces
from auditor.findings.recorded_results import run_of
from auditor.model.outcome import Outcome
from auditor.model.standing import Earlier, GateSummary, Gating, Standing
from auditor.reporters.missing_facts import missing_facts
from auditor.reporters.wording import auditee

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Run

BIN = Path(sys.executable).parent
DEMO = (
    "fixtures/portfolio",
    *("--profile", "fixtures/organisation/profile.yaml"),
    *("--audits", "fixtures/organisation/audits"),
)
FINDINGS = {"fail", "inconclusive", "error"}
HARM = (
    "</noscript></script><script>window.harmed = true; alert(1)</script>"
    "<img src=x onerror='window.harmed = true'><a href='javascript:alert(1)'>x</a>"
    "<style>body{display:none}</style>\u202e\u2028{{ 7 * 7 }} <!-- <script>"
)

Key = tuple[str, str, str, str]
"""Outcome, project, subject (empty: the project itself) and policy of a verdict."""
Fits = Callable[[Any, Any, Any], bool]
"""Says yes or no of a result, a verdict and a policy."""


def demo(folder: Path) -> tuple[Run, RecordedPlaces]:
    """Return the demonstration as it is recorded, held against a gate that knows some of its findings."""
    file = folder / "run.json"
    command = ("auditor", "check", *DEMO, "-f", f"json={file}", "--fail-on", "never", "--quiet")
    print("$", *command, flush=True)
    subprocess.run([BIN / command[0], *command[1:]], check=True)
    tree = json.loads(file.read_bytes())
    places = RecordedPlaces({one["auditee"]: one["places"] for one in tree["results"]})
    return gated(run_of(tree)), places


def gated(run: Run) -> Run:
    """Return *run* with a red gate, and with every standing in turn."""
    ways = list(Gating)
    found = [
        (result.auditee, verdict.policy, verdict.subject)
        for result in run.results
        for verdict in result.verdicts
        if verdict.outcome.value in FINDINGS
    ]
    standings = {
        key: Standing(
            ways[number % len(ways)],
            "" if number % len(ways) == 0 else "by C. Doyle until 2026-12-31",
            (Earlier("2026-06-30T18:00:00+02:00", "fail"),) if number % 2 else (),
        )
        for number, key in enumerate(found)
    }
    gate = GateSummary(1, ("findings from high on",), ("9 findings at or over high",), "known.json")
    return replace(run, gate=gate, standings=standings)


def enlarged(run: Run, many: int) -> Run:
    """Return a run of at least *many* verdicts in sixty projects, made of those of *run*."""
    copies = 4
    each = -(-many // (copies * sum(run.counts().values())))
    results = []
    for result in run.results:
        for copy in range(copies):
            verdicts = tuple(
                replace(
                    verdict,
                    subject=f"{verdict.subject}#{number}",
                    subject_name=f"{verdict.subject_name or verdict.subject} no. {number}",
                )
                for verdict in result.verdicts
                for number in range(each)
            )
            results.append(
                replace(
                    result,
                    auditee=f"{result.auditee}-{copy:02}",
                    auditee_name=f"{result.auditee_name} {copy}",
                    verdicts=verdicts,
                )
            )
    return gated(replace(run, results=tuple(sorted(results, key=lambda one: one.auditee))))


def harmful(run: Run) -> Run:
    """Return *run* with `HARM` in every text that others write."""
    results = []
    for number, result in enumerate(run.results):
        verdicts = tuple(
            replace(
                verdict,
                subject=f"{HARM}{index}",
                subject_name=HARM,
                message=HARM,
                owner=HARM,
                clauses=tuple(
                    replace(one, message=HARM, failing=(HARM,)) for one in verdict.clauses
                ),
                facts=tuple(replace(one, shown=HARM, source=HARM) for one in verdict.facts),
            )
            for index, verdict in enumerate(result.verdicts)
        )
        results.append(
            replace(
                result,
                auditee=f"{HARM}{number}",
                auditee_name=HARM,
                snapshot_name=HARM,
                verdicts=verdicts,
            )
        )
    return replace(
        run,
        policies=tuple(replace(one, title=HARM, why=HARM, fix=HARM) for one in run.policies),
        results=tuple(results),
        controls=tuple(replace(one, area=HARM, stage=HARM, rule=HARM) for one in run.controls),
        relaxed=(HARM,),
        gate=GateSummary(1, (HARM,), (HARM,), HARM),
    )


def verdicts(run: Run, fits: Fits) -> Counter[Key]:
    """Count the verdicts of *run* that fit."""
    return Counter(
        (
            verdict.outcome.value,
            auditee(result),
            "" if verdict.subject == result.auditee else verdict.subject_name or verdict.subject,
            verdict.policy,
        )
        for result in run.results
        for verdict in result.verdicts
        if fits(result, verdict, run.policy(verdict.policy))
    )


def filters(run: Run) -> Iterator[tuple[dict[str, str], Counter[Key]]]:
    """Yield the filters of the page, each with what it must give."""
    for wanted, fits in _filters(run):
        yield wanted, verdicts(run, fits)


def _is_finding(_result: Any, verdict: Any, _policy: Any) -> bool:
    return verdict.outcome.value in FINDINGS


def _filters(run: Run) -> Iterator[tuple[dict[str, str], Fits]]:
    yield {}, _is_finding
    yield {"show": "all"}, lambda *_: True
    for outcome in Outcome:
        yield {"show": outcome.value}, lambda _, verdict, __, one=outcome: verdict.outcome is one
    yield {"show": "attested"}, lambda _, verdict, __: verdict.attested is not None
    yield {"show": "not_due"}, lambda _, verdict, __: verdict.reason == "not_due"
    for severity in ("critical", "high", "medium", "low"):
        yield (
            {"severity": severity},
            lambda *of, one=severity: _is_finding(*of) and of[2].severity.value == one,
        )
    for result in run.results:
        yield (
            {"project": result.auditee, "show": "all"},
            lambda mine, _, __, one=result: mine is one,
        )
    areas: dict[str, set[str]] = {}
    for control in run.controls:
        for key in (f"{control.framework}/{control.area}", f"{control.framework}/"):
            areas.setdefault(key, set()).add(control.id)
    for key, controls in areas.items():
        yield (
            {"area": key, "show": "all"},
            lambda _, __, policy, mine=controls: bool(mine & set(policy.controls)),
        )
    for gating in Gating:
        yield (
            {"standing": gating.value},
            lambda *of, one=gating: (
                _is_finding(*of) and run.standing(of[0].auditee, of[1]).gating is one
            ),
        )
    for missing in missing_facts(run):
        waiting = {id(one.verdict) for one in missing.waiting}
        yield (
            {"gap": f"{missing.pattern} {missing.reason}".strip()},
            lambda _, verdict, __, mine=waiting: id(verdict) in mine,
        )
    owners = {
        Outcome.FAIL: "the Delivery Manager",
        Outcome.INCONCLUSIVE: "whoever keeps the records",
    }
    for outcome, owner in owners.items():
        yield {"owner": owner}, lambda _, verdict, __, one=outcome: verdict.outcome is one
    for typed in ("blocker-not-escalated", "Heron Freight", "SEEF-MON-04", "critical heron"):
        yield {"q": typed, "show": "all"}, lambda *of, typed=typed: _holds(typed, *of)


def _holds(typed: str, result: Any, verdict: Any, policy: Any) -> bool:
    """Tell whether each word that is typed is one of a verdict; no word here stands in a fact alone."""
    texts = (
        *(result.auditee, result.auditee_name, verdict.subject_name, verdict.message),
        *(policy.id, policy.title, policy.severity.value, *policy.controls),
        *(clause.message for clause in verdict.clauses),
    )
    every = " ".join(texts).lower()
    return all(word in every for word in typed.lower().split())
