"""
What does it cost to render a large run, in every format and profile?

    python benchmarks/reports.py [--verdicts N] [--rounds N] [FORMAT[:PROFILE] ...]

The run is made up by a fixed rule: 200 auditees, verdicts as long as those of the demonstration, 5 of 100 of them
findings with facts, clauses and reasons. Each format renders it in a process of its own, in turns with `json.dumps`
of the same verdicts' trees: milliseconds of one machine say little, the multiple is the result. Measured is the
processor's time of the process; memory is by how much its peak (``ru_maxrss``) grows over the loaded run while it is
rendered for the first time. What misses an aim is marked. The processes are forks, so that the run is made up once:
it takes a system that has them.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
from dataclasses import dataclass, replace
from multiprocessing import get_context
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from auditor.findings.assemble import assemble
from auditor.findings.finding import FINDING_OUTCOMES
from auditor.model.catalogue import Catalogue, Control, Decided
from auditor.model.excerpt import Excerpt
from auditor.model.explanation import Because, Came, Step, Turn
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import ClauseSummary, PolicySummary
from auditor.model.result import ResultDocument, verdict_tree
from auditor.model.run import Population
from auditor.model.severity import Severity
from auditor.model.standing import GateSummary, Gating, Standing
from auditor.model.verdict import ClauseVerdict, Fact, Grade, Verdict
from auditor.plugins.entry_points import FORMATS, load, names
from auditor.reporters.contract import Reporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from multiprocessing.connection import Connection

    from auditor.model.run import Run

AUDITEES: Final = 200
POLICIES: Final = 25
MEGABYTE: Final = 1024
"""In the kilobytes that `ru_maxrss` counts."""
TIMES: Final = {"junit": 3, "csv": 3}
"""How many times the base a format may take."""
MOST_TIMES: Final = 20
"""The same, for every other format."""
MOST_MEMORY: Final = 200
"""Megabytes above the loaded run."""
AS_OF: Final = "2026-09-30T18:00:00+02:00"
AREAS: Final = ("Planning", "Execution", "Monitoring", "Improvement", "Closure")
LINE: Final = (
    '    "raised_at": "2026-08-21T17:40:00-07:00", "severity": "high", "owner": "p-carla",'
)


class MadeUpPlaces:
    """Places that cost next to nothing, so that the formats are measured and not they."""

    def locate(self, auditee: str, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Give every fact a place."""
        path = f"portfolio/{auditee[5:]}/project.yaml"
        return {
            pointer: Location(path, 10 + number, 18, 45) for number, pointer in enumerate(pointers)
        }

    def excerpt(self, location: Location) -> Excerpt:
        """Show the same line everywhere."""
        return Excerpt(location, LINE)


def policy(number: int) -> PolicySummary:
    """Make up a policy with two demands."""
    path = f"policies/seef/rule-{number:02}.yaml"
    demand = "resolvedBy(blocker, raised, deadline) || escalatedTo(blocker.escalations, levels)"
    return PolicySummary(
        id=f"rule-{number:02}-not-kept",
        title=f"A blocker was not escalated in time, by rule {number}",
        why="A blocker that nobody with power knows of stays, and the date that hangs on it slips.",
        fix="Escalate to the level that the standard names, and record when and to whom.",
        controls=(f"SEEF-{AREAS[number % 5][:3].upper()}-{number:02}",),
        severity=list(Severity)[number % 4],
        pack="seef",
        target="project",
        digest="sha256:" + f"{number:02}" * 32,
        location=Location(path, 1),
        clauses=tuple(ClauseSummary(demand, Location(path, line, 11)) for line in (21, 27)),
        params=(("limit", "24 hours"),),
    )


def catalogue() -> Catalogue:
    """Make up the framework that the policies serve."""
    controls = tuple(
        Control(
            policy(number).controls[0], AREAS[number % 5], AREAS[number % 3], "project",
            Decided.AUTOMATICALLY, "A blocker is escalated within a day, to whom the standard names.",
            (), (), (), None, None, Location("policies/seef/catalogue.yaml", 10 + number),
        )
        for number in range(POLICIES)
    )  # fmt: skip
    place = Location("policies/seef/catalogue.yaml", 1)
    return Catalogue("seef", "seef", "2", "2026-01-01", controls, place)


def outcome(number: int) -> Outcome:
    """Spread the outcomes: 70 passes, 25 not applicable and 5 findings of 100."""
    place = number * 37 % 1000
    if place < 700:  # noqa: PLR2004 - the share
        return Outcome.PASS
    if place < 950:  # noqa: PLR2004 - the share
        return Outcome.NOT_APPLICABLE
    if place < 980:  # noqa: PLR2004 - the share
        return Outcome.FAIL
    return Outcome.INCONCLUSIVE if place < 998 else Outcome.ERROR  # noqa: PLR2004 - the share


def facts(subject: int, count: int) -> tuple[Fact, ...]:
    """Make up what decided a verdict."""
    fields = ("raised_at", "resolved_at", "severity", "escalations/0/at", "owner", "title")
    return tuple(
        Fact(
            f"/blockers/{subject}/{fields[number % 6]}",
            "known",
            f"2026-08-{1 + (subject + number) % 28:02} 17:40 +02:00",
            grade=Grade.API,
            source=f"delivery/blockers.csv:{subject + 2}" if number % 3 == 0 else None,
        )
        for number in range(count)
    )


def because(subject: int, path: str) -> Because:
    """Make up why a demand fails: nine steps, and two ways to turn it."""
    at = f"/blockers/{subject}/escalations/0/at"

    def step(depth: int) -> Step:
        below = (step(depth - 1), step(depth - 1)) if depth else ()
        return Step(
            Came.FALSE,
            "escalations.exists(e, e.at.by(end) && e.level != null)",
            "blockers[0].escalations[0].at is 2026-08-24 09:00 +02:00, 39 h 20 min after deadline",
            Location(path, 21 + depth, 30),
            (at,),
            below,
        )

    turn = Turn(f"blockers[{subject}].escalations[0].at", "at or before 2026-08-22 17:40", at)
    sentence = (
        "The escalation came 63 h 20 min after the blocker was raised; the limit was 24 hours."
    )
    return Because(sentence, (step(2), step(0), step(0)), ((turn,), (turn,)), has_margin=True)


def verdict(number: int, subject: int, of: PolicySummary) -> Verdict:
    """Make up one verdict; what it says depends on its number alone."""
    came = outcome(number)
    shared: dict[str, Any] = {
        "policy": of.id,
        "subject": f"blk-{subject}",
        "subject_name": f"No access to the archive of the old ledger, part {subject}",
        "outcome": came,
        "at": "2026-08-21T17:40:00+02:00",
    }
    if came is Outcome.PASS:
        return Verdict(**shared, message="Everything that is demanded holds.", grade=Grade.EXPORT)
    if came is Outcome.NOT_APPLICABLE:
        said = "The blocker is not open any more."
        return Verdict(**shared, message=said, reason="when_false", facts=facts(subject, 2))
    shared |= {"due_at": "2026-08-22T17:40:00+02:00", "owner": "Carla Nuñez"}
    if came is Outcome.ERROR:
        clause = ClauseVerdict(0, came, "the key 'urgent' is not in the map of levels")
        return Verdict(
            **shared, message=clause.message, reason="no_such_key", clauses=(clause,), facts=facts(subject, 3)
        )  # fmt: skip
    if came is Outcome.INCONCLUSIVE:
        gap = Fact(
            f"/blockers/{subject}/escalations", "unobserved", "not recorded", "not_collected"
        )
        said = "Whether it was escalated in time is not known."
        clause = ClauseVerdict(0, came, said, facts=(gap,))
        return Verdict(
            **shared, message=said, reason="unobserved", clauses=(clause,), facts=facts(subject, 1), missing=(gap,)
        )  # fmt: skip
    said = (
        f"It was raised on 2026-08-21 17:40 +02:00 and by 2026-08-22 17:40 +02:00 neither resolved nor"
        f" escalated to level {1 + subject % 3}."
    )
    seen = facts(subject, 7)
    clauses = tuple(
        ClauseVerdict(index, came, said, failing=(f"Entry {subject}",), facts=seen, because=because(subject, of.location.path))
        for index in range(2)
    )  # fmt: skip
    return Verdict(**shared, message=said, clauses=clauses, facts=seen, grade=Grade.API)


def made_up_run(count: int) -> Run:
    """Make up the run: *count* verdicts over all auditees, one auditee in ten not audited."""
    policies = [policy(number) for number in range(POLICIES)]
    each = count // AUDITEES
    results = []
    for auditee in range(AUDITEES):
        numbers = range(auditee * each, (auditee + 1) * each)
        verdicts = [
            verdict(number, number % each // POLICIES, policies[number % POLICIES])
            for number in numbers
        ]
        results.append(
            ResultDocument(
                f"hand:project-{auditee:03}", f"Project {auditee} (made up)", "project",
                f"sha256:{auditee:064}", f"portfolio/project-{auditee:03}", AS_OF, AS_OF, "Europe/Berlin",
                tuple(sorted(verdicts, key=lambda one: one.policy)),
            )
        )  # fmt: skip
    missing = tuple(f"hand:missing-{number}" for number in range(AUDITEES // 10))
    run = assemble(
        policies=policies,
        results=results,
        as_of=AS_OF,
        period=("2026-07-02T00:00:00+02:00", AS_OF),
        engine="auditor 0.1.0",
        population=Population(AUDITEES + len(missing), AUDITEES, missing),
        catalogues=[catalogue()],
        catalogue=[policy(number).controls[0] for number in range(POLICIES)],
    )
    under = Standing(Gating.UNDER, "low is under medium")
    standings = {
        (result.auditee, one.policy, one.subject): under
        for result in run.results
        for one in result.verdicts
        if one.outcome in FINDING_OUTCOMES and one.policy.startswith("rule-0")
    }
    gate = GateSummary(1, ("findings from medium on",), ("some findings count",))
    return replace(run, gate=gate, standings=standings)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one format came to."""

    times: float
    """Multiple of the base."""
    seconds: float
    base: float
    memory: float
    """Megabytes above the loaded run."""
    size: float
    """Megabytes written."""


def base_seconds(run: Run) -> float:
    """Return how long `json.dumps` takes for the trees of all verdicts, the making of the trees not counted."""
    taken = 0.0
    for result in run.results:
        trees = [verdict_tree(one) for one in result.verdicts]
        begin = process_time()
        json.dumps(trees)
        taken += process_time() - begin
    return taken


def measure(run: Run, name: str, profile: str | None, rounds: int) -> Measured:
    """Render a run in one format, in turns with the base; the best of each counts."""
    made = load(FORMATS, name)
    reporter = made() if isinstance(made, type) else made
    if not isinstance(reporter, Reporter):
        sys.exit(f"the format '{name}' is no reporter")
    gc.collect()
    loaded = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = 0.0
    size = 0
    taken: list[float] = []
    base: list[float] = []
    for _ in range(rounds):
        begin = process_time()
        pieces = reporter.render(run, MadeUpPlaces(), profile=profile, colour=False)
        size = sum(len(piece) for piece in pieces)
        taken.append(process_time() - begin)
        if not base:
            memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - loaded) / MEGABYTE
        base.append(base_seconds(run))
    best = min(taken)
    return Measured(best / min(base), best, min(base), memory, size / 1e6)


def measured_apart(run: Run, name: str, profile: str | None, rounds: int) -> Measured | None:
    """Measure one format in a process of its own; None where that ends without a word."""
    processes = get_context("fork")
    ours, theirs = processes.Pipe()

    def tell(to: Connection) -> None:
        to.send(measure(run, name, profile, rounds))

    process = processes.Process(target=tell, args=(theirs,))
    process.start()
    theirs.close()
    try:
        found: Measured | None = ours.recv()
    except EOFError:
        found = None
    process.join()
    return found


def misses(name: str, found: Measured) -> list[str]:
    """Say which aims a format misses."""
    most = TIMES.get(name, MOST_TIMES)
    missed = [f"over {most} times"] if found.times > most else []
    return missed + ([f"over {MOST_MEMORY} MB"] if found.memory > MOST_MEMORY else [])


def wanted(asked: list[str]) -> list[tuple[str, str | None]]:
    """Return format and profile of all that was asked for; of all there are where nothing was."""
    if asked:
        parts = [text.partition(":") for text in asked]
        return [(name, profile or None) for name, _, profile in parts]
    found: list[tuple[str, str | None]] = []
    for name in names(FORMATS):
        profiles: tuple[str, ...] = getattr(load(FORMATS, name), "profiles", ())
        found += [(name, profile) for profile in profiles or (None,)]
    return found


def main() -> None:
    """Measure every format in a process of its own, and print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("formats", nargs="*", help="FORMAT or FORMAT:PROFILE; all there are")
    options.add_argument("--verdicts", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    run = made_up_run(given.verdicts)
    gc.collect()
    gc.freeze()
    print(f"{given.verdicts} verdicts, the best of {given.rounds} rounds")
    print(f"{'format':<20}{'x json.dumps':>13}{'s':>8}{'base s':>8}{'MB above':>10}{'MB out':>8}")
    for name, profile in wanted(given.formats):
        shown = f"{name}:{profile}" if profile else name
        found = measured_apart(run, name, profile, given.rounds)
        if found is None:
            print(f"{shown:<20} broke", flush=True)
            continue
        print(
            f"{shown:<20}{found.times:13.2f}{found.seconds:8.2f}{found.base:8.2f}{found.memory:10.0f}"
            f"{found.size:8.1f}  {', '.join(misses(name, found))}",
            flush=True,
        )


if __name__ == "__main__":
    main()
