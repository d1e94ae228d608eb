"""
What a run found, as OSCAL assessment results: one result, in which every verdict is an observation.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from auditor.findings.score import FORMULA
from auditor.reporters import gate_words, wording
from auditor.reporters.oscal.controls import assessed
from auditor.reporters.oscal.document import (
    PLAN,
    Identity,
    Stream,
    assets,
    count_props,
    metadata,
    opening,
    written,
)
from auditor.reporters.oscal.findings import findings, observations, risks
from auditor.reporters.oscal.run_matters import (
    matter_finding,
    matter_observation,
    matter_risk,
    matters,
)
from auditor.reporters.oscal.subjects import auditees, reviewed_controls
from auditor.reporters.oscal.values import instant, kept, line, prop, prose, uuid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run


def results(run: Run, places: Places) -> Iterator[bytes]:
    """Write the assessment results of a run."""
    identity = Identity(run)
    head = opening(run)
    own = list(matters(run))
    captured = sorted(
        (instant(result.captured_at, instant(run.as_of)) for result in run.results),
        key=datetime.fromisoformat,
    )
    log = [
        {
            "uuid": uuid("log", identity.run, str(number)),
            "title": line(title),
            "description": line(text),
            "start": instant(run.as_of),
            "props": [prop("kind", kind)],
        }
        for number, (kind, title, text) in enumerate(_log(run))
    ]
    return written(
        {
            "assessment-results": {
                "uuid": identity.of_run("assessment-results"),
                "metadata": metadata(
                    run, "Assessment results", version=identity.run[:16], remarks=head
                ),
                "import-ap": {"href": PLAN},
                "results": [
                    kept(
                        {
                            "uuid": uuid("result", identity.run),
                            "title": line(f"Audit as of {_as_of(run)}"),
                            "description": prose(head),
                            "start": captured[0] if captured else instant(run.as_of),
                            "end": captured[-1] if captured else instant(run.as_of),
                            "props": [*count_props(run), prop("score-formula", FORMULA)],
                            "local-definitions": {
                                "inventory-items": Stream(auditees(run)),
                                "assessment-assets": assets(run),
                            },
                            "reviewed-controls": reviewed_controls(assessed(run)),
                            "assessment-log": {"entries": log} if log else None,
                            "observations": Stream(
                                chain(
                                    (matter_observation(run, one) for one in own),
                                    observations(run, places),
                                )
                            ),
                            "risks": Stream(chain(map(matter_risk, own), risks(run))),
                            "findings": Stream(chain(map(matter_finding, own), findings(run))),
                        }
                    )
                ],
            }
        }
    )


def _as_of(run: Run) -> str:
    return "no instant" if run.as_of is None else wording.instant(run.as_of)


def _log(run: Run) -> Iterator[tuple[str, str, str]]:
    """Yield what happened beside the judging: kind, title and text."""
    for text in run.relaxed:
        yield "relaxed", "Relaxed or changed", text
    for problem in run.problems:
        where = f" at {problem.location}" if problem.location else ""
        told = f"{wording.name(problem.name)}{where}: {wording.sentence(problem.message)}"
        yield "problem", "Could not be read", told
    for missing in run.population.missing:
        told = f"{wording.member(run.population, missing)}: {wording.NOT_AUDITED}"
        yield "not-audited", "Not audited", told
    for other in run.population.excluded:
        told = f"{wording.member(run.population, other.name)}: {wording.name(other.reason)}"
        yield "excluded", "Left out of the population", told
    for other in run.not_used:
        yield "not-used", "Not used", f"{wording.name(other.name)}: {wording.name(other.reason)}"
    if run.gate is not None:
        for rule in run.gate.rules:
            yield "gate-rule", "Asked of the gate", rule
        for reason in run.gate.reasons:
            yield "gate-reason", f"The gate is red (exit code {run.gate.code})", reason
        for key, title, every in gate_words.sorted_out(run.gate):
            for one in every:
                said = wording.sentence(one.message)
                yield key, title, f"{gate_words.gone(one)}. It said: {said}"
