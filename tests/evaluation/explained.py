"""Judges one small policy on one small project, and gives back why."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from auditor.evaluation.judge import Instants, judge
from auditor.facts.instants import parse_moment
from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.model.explanation import Because, Step
    from auditor.model.verdict import Verdict

HEAD = "id: rule\ntitle: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"
"""Six lines; what a test writes begins on the seventh."""
DOCUMENT: dict[str, Any] = {
    "snapshot": {
        "schema": {"name": "project", "version": 1},
        "auditee": "hand:apollo",
        "captured_at": "2026-03-31T18:00:00+02:00",
        "sources": [{"id": "hand", "kind": "manual"}],
        "time_zone": "Europe/Berlin",
        "gaps": {},
    },
    "project": {
        "id": "hand:apollo",
        "name": "Apollo",
        "phase": "execution",
        "closed_at": None,
        "execution": {"started_at": "2026-03-02T09:00:00+01:00"},
    },
    "parties": [{"id": "p1", "name": "Ada Lovelace"}],
    "sprints": [],
    "blockers": [
        {
            "id": "b1",
            "description": "No test data",
            "owner": "p1",
            "severity": "high",
            "raised_at": "2026-03-10T10:00:00+01:00",
            "resolved_at": "2026-03-12T10:30:00+01:00",
            "escalations": [
                {"at": "2026-03-11T17:20:00+01:00", "level": 2},
                {"at": "2026-03-13T09:00:00+01:00", "level": 3},
            ],
            "prov": {"method": "manual", "locator": "delivery/blockers.csv:2"},
        },
        {
            "id": "b2",
            "description": "Badge reader down",
            "owner": None,
            "severity": "low",
            "raised_at": "2026-03-20T10:00:00+01:00",
            "resolved_at": None,
            "escalations": [],
            "prov": {"method": "export", "locator": "tracker"},
        },
    ],
}


def verdicts_of(policy: str, *, pack: str | None = None, **changes: Any) -> list[Verdict]:
    """Judge the document, with top-level facts replaced or (``...``) left out, by one policy."""
    models = snapshot_models()
    texts = [PolicyText("p/rule.yaml", "p", (HEAD + policy).encode())]
    if pack is not None:
        texts.append(PolicyText("p/pack.yaml", "p", pack.encode()))
    plan = compile_plan(texts, roots=Roots(models), functions=functions())
    document = {
        key: fact for key, fact in {**deepcopy(DOCUMENT), **changes}.items() if fact is not ...
    }
    at = Instants(parse_moment("2026-03-31T18:00:00+02:00"))
    return list(judge(plan, models.read(document), at, name="apollo.yaml").verdicts)


def why(that: str, *, head: str = "", pack: str | None = None, **changes: Any) -> Because:
    """Return why the one demand *that* does not hold, or cannot be decided."""
    policy = f"{head}require:\n  - that: |-\n      {that}\n    say: x\n    empty: fail\n"
    (verdict,) = verdicts_of(policy, pack=pack, **changes)
    (clause,) = verdict.clauses
    assert clause.because is not None
    return clause.because


def texts(steps: tuple[Step, ...]) -> list[Any]:
    """Return the texts of steps: each alone, or as a pair with those below it."""
    return [(step.text, texts(step.steps)) if step.steps else step.text for step in steps]


def said(because: Because, text: str) -> str:
    """Return what the first step with this text says."""
    return next(
        one.says for step in because.steps for one in step.walk() if one.text.startswith(text)
    )


def ways(because: Because) -> list[list[str]]:
    """Return what would turn it, each part in words."""
    return [[f"{turn.what}: {turn.wanted}" for turn in way] for way in because.turns]
