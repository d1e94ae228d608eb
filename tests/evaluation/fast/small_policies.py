"""
Small policies over a small project, each for something that the packaged ones do not show.
"""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from auditor.evaluation.exact import Evaluator
from auditor.evaluation.judge import Instants, judge
from auditor.facts.instants import parse_moment
from auditor.facts.snapshot import Roots
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from tests.evaluation.fast.corpus import Asked, Matter, exact_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.facts.snapshot import SnapshotModels
    from auditor.language.plan import Plan
    from auditor.language.registry import Functions

HEAD: Final = "title: T\nwhy: W\ncontrols: [X-1]\nseverity: low\nfix: F\n"
AS_OF: Final = "2026-03-31T18:00:00+02:00"
TIGHT: Final = 3_000
"""Steps of a budget that even a small policy can use up."""

POLICIES: Final[Mapping[str, str]] = {
    "resolved": """
for: {b: blockers}
empty: not_applicable
require:
  - {that: b.resolved_at.by(as_of), say: x}
""",
    "due": """
for: {b: blockers}
empty: not_applicable
due: b.raised_at.plus(span('24 hours'))
require:
  - {that: b.resolved_at.by(as_of), say: x}
""",
    "dated": """
for: {b: blockers}
empty: not_applicable
at: b.raised_at
require:
  - {that: b.severity != 'high', say: x}
""",
    "in-force": """
for: {b: blockers}
empty: not_applicable
at: b.raised_at
effective: {from: 2026-03-05, until: 2026-03-25}
require:
  - {that: b.resolved_at.by(as_of), say: x}
""",
    "in-force-now": """
effective: {from: 2026-03-05, until: 2026-03-25}
require:
  - {that: size(parties) > 0, say: x, empty: fail}
""",
    "by-owner": """
for: {b: blockers}
key: "b.id == 'b1' ? 'b2' : b.id == 'b2' ? 'b1' : b.id"
empty: not_applicable
require:
  - {that: b.owner != null, say: x}
""",
    "dated-by-the-end": """
for: {b: blockers}
empty: not_applicable
at: b.resolved_at
effective: {from: 2026-03-11, until: 2026-03-25}
require:
  - {that: b.severity != 'high', say: x}
""",
    "due-by-the-end": """
for: {b: blockers}
empty: not_applicable
due: b.resolved_at
require:
  - {that: b.severity == 'low', say: x}
""",
    "due-though-nothing": """
for: {b: blockers}
empty: not_applicable
due: b.raised_at.plus(span('2 weeks'))
require:
  - {that: "parties.filter(p, p.id == b.owner).all(p, p.name != 'Ada')", say: x, empty: inconclusive}
  - {that: "b.escalations.all(e, e.level != null && e.level > 1)", say: x, empty: inconclusive}
""",
    "by-number": """
for: {b: blockers, e: b.escalations}
key: e.level
empty: not_applicable
at: e.at
let:
  others: b.escalations.filter(o, e.at != null && !o.at.by(e.at))
require:
  - {that: "others.exists(o, o.level == 2) || e.level == 2", say: x, empty: fail}
""",
    "names-not-needed": """
for: {b: blockers}
empty: not_applicable
let:
  ratio_of: 10 / size(b.escalations)
  last: b.escalations.latest(e, e.at)
require:
  - {that: b.owner == null || ratio_of > 1, say: x, empty: fail}
  - {that: last == null || last.level == 2, say: x, empty: pass}
""",
    "none-open": """
require:
  - {that: "blockers.all(b, b.resolved_at.by(as_of))", say: x, empty: inconclusive}
""",
    "none-applies": """
require:
  - {that: "blockers.all(b, b.resolved_at.by(as_of))", say: x, empty: not_applicable}
""",
    "some-filtered": """
require:
  - {that: "blockers.filter(b, b.severity == 'high').all(b, b.resolved_at.by(as_of))", say: x, empty: fail}
""",
    "none-or-few": """
require:
  - {that: "blockers.all(b, b.owner != null) || size(blockers) < 2", say: x, empty: fail}
""",
    "none-or-named": """
require:
  - {that: "blockers.all(b, b.owner != null) || project.name == 'Apollo'", say: x, empty: fail}
""",
    "neither": """
require:
  - {that: "!(blockers.exists(b, b.owner == null) && project.name == 'Gemini')", say: x, empty: fail}
""",
    "silent-about-nothing": """
require:
  - {that: "parties.exists(p, p.id == 'p1' && !blockers.exists(b, b.owner == p.id))", say: x}
""",
    "two-clauses": """
require:
  - {that: "blockers.all(b, b.owner != null)", say: x, empty: inconclusive}
  - {that: "project.phase == 'closed'", say: x}
""",
    "three-clauses": """
require:
  - {that: "project.phase == 'execution'", say: x}
  - {that: "blockers.all(b, b.owner != null)", say: x, empty: inconclusive}
  - {that: "parties.all(p, p.name != 'Ada')", say: x, empty: pass}
""",
    "later-clauses": """
require:
  - {that: "project.phase == 'execution'", say: x}
  - {that: "project.name == 'Gemini'", say: x}
""",
    "stops": """
when: project.phase == 'closed'
require:
  - {that: project.closed_at.by(as_of), say: x}
""",
    "never-supported": """
require:
  - {that: "!notSupported(project.closed_at)", say: x}
""",
    "kept": """
for: {b: blockers}
empty: not_applicable
let:
  alike: blockers.filter(c, c.severity == b.severity)
require:
  - {that: size(alike) < 2, say: x, empty: fail}
  - {that: "alike.all(c, c.resolved_at != null)", say: x, empty: fail}
""",
    "pairs": """
for: {b: blockers, p: parties}
key: b.id + '/' + p.id
empty: not_applicable
require:
  - {that: "!blockers.exists(c, c.owner == p.id && c.id != b.id)", say: x, empty: pass}
""",
}  # fmt: skip
TIGHT_POLICY: Final = """
require:
  - {that: "blockers.all(b, blockers.exists(c, blockers.exists(d, d.id == c.id && c.id == b.id)))", say: x, empty: fail}
"""

PROJECT: Final[dict[str, Any]] = {
    "snapshot": {
        "schema": {"name": "project", "version": 1},
        "auditee": "hand:apollo",
        "captured_at": AS_OF,
        "sources": [{"id": "hand", "kind": "manual"}],
        "time_zone": "Europe/Berlin",
        "gaps": {},
    },
    "project": {"id": "hand:apollo", "name": "Apollo", "phase": "execution", "closed_at": None},
    "parties": [{"id": "p1", "name": "Ada"}, {"id": "p2", "name": "Grace"}],
    "blockers": [],
}


def blocker(name: str, raised: str, **fields: Any) -> dict[str, Any]:
    """Return a blocker; a field that is ``...`` is left out."""
    known = {"owner": "p1", "severity": "high", "raised_at": raised, "resolved_at": None, **fields}
    return {"id": name, **{key: fact for key, fact in known.items() if fact is not ...}}


EARLY: Final = blocker(
    "b1",
    "2026-03-02T10:00:00+01:00",
    resolved_at="2026-03-04T10:00:00+01:00",
    escalations=[
        {"at": "2026-03-02T12:00:00+01:00", "level": 1},
        {"at": "2026-03-03T12:00:00+01:00", "level": 2},
    ],
)
MIDDLE: Final = blocker(
    "b2", "2026-03-10T10:00:00+01:00", severity="low", owner="p2", escalations=[]
)
LATE: Final = blocker("b3", "2026-03-30T18:00:00+02:00", severity="low", owner=None)
"""Raised to the instant a day before the one that is judged."""

BLOCKERS: Final[Mapping[str, list[dict[str, Any]]]] = {
    "no blocker": [],
    "an early one": [EARLY],
    "three": [EARLY, MIDDLE, LATE],
    "late first": [LATE, MIDDLE, EARLY],
    "a low one": [{**MIDDLE, "resolved_at": "2026-03-12T10:00:00+01:00"}],
    "not all known": [
        {key: fact for key, fact in EARLY.items() if key != "owner"},
        {key: fact for key, fact in MIDDLE.items() if key not in {"severity", "resolved_at"}},
        LATE,
    ],
    "all resolved": [
        EARLY,
        {**MIDDLE, "resolved_at": "2026-03-12T10:00:00+01:00"},
        {**LATE, "severity": "high", "resolved_at": AS_OF},
    ],
}


def plan_of(policies: Mapping[str, str], models: SnapshotModels, functions: Functions) -> Plan:
    """Compile some policies."""
    texts = [
        PolicyText(f"p/{name}.yaml", "p", f"id: {name}\n{HEAD}{text.lstrip()}".encode())
        for name, text in policies.items()
    ]
    return compile_plan(texts, roots=Roots(models), functions=functions)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the projects."""
    for name, blockers in BLOCKERS.items():
        yield name, {**deepcopy(PROJECT), "blockers": deepcopy(blockers)}
        short = {**deepcopy(PROJECT), "blockers": deepcopy(blockers)}
        short["snapshot"]["gaps"] = {"/blockers": "truncated"}
        yield f"{name}, cut short", short
    unknown = {**deepcopy(PROJECT), "blockers": [deepcopy(EARLY)]}
    del unknown["project"]["closed_at"]
    yield "not known whether closed", unknown
    never = {**deepcopy(PROJECT), "blockers": [deepcopy(EARLY)]}
    never["snapshot"]["gaps"] = {"/project/closed_at": "not_supported"}
    yield "never known whether closed", never
    closed = deepcopy(PROJECT)
    closed["project"] |= {"phase": "closed", "closed_at": "2026-03-20T10:00:00+01:00"}
    yield "closed", closed


def matters_of_small_policies(models: SnapshotModels, functions: Functions) -> list[Matter]:
    """Judge every small project by every small policy, with a period and without."""
    plan = plan_of(POLICIES, models, functions)
    as_of = parse_moment(AS_OF)
    period = (
        dt.datetime(2026, 3, 6, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 20, tzinfo=dt.UTC),
    )
    found = []
    for name, document in documents():
        snapshot = models.read(document)
        for instants in (Instants(as_of), Instants(as_of, period)):
            matter = Matter(name, plan, snapshot, instants)
            found.append(replace(matter, exact=exact_outcomes(matter)))
    return found


def over_budget(models: SnapshotModels, functions: Functions) -> Matter:
    """Judge a project by a policy for which the tight budget does not last."""
    plan = plan_of({"tight": TIGHT_POLICY}, models, functions)
    blockers = [blocker(f"b{number}", "2026-03-02T10:00:00+01:00") for number in range(30)]
    snapshot = models.read({**deepcopy(PROJECT), "blockers": blockers})
    matter = Matter("tight", plan, snapshot, Instants(parse_moment(AS_OF)))
    asked: Any = Asked()
    evaluator: Any = partial(Evaluator, budget=TIGHT)
    judge(plan, snapshot, matter.instants, name="tight", fast=asked, evaluator=evaluator)
    return replace(matter, exact=dict(asked.outcomes))
