"""
With which exit code a run ends, and why each finding counts at the gate or does not.

A reader could think that ``--fail-on never`` makes every run green. It only says that findings do not
matter: an input that could not be read, a policy that broke and a run that judged nothing still show. Nothing here
changes a verdict: a finding that does not count is still what it was.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.findings.assemble import PORTFOLIO
from auditor.findings.finding import findings
from auditor.findings.score import Scores
from auditor.model.errors import ExitCode
from auditor.model.outcome import Outcome
from auditor.model.run import NOT_AUDITED
from auditor.model.standing import GateSummary, Gating, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.findings.finding import Finding
    from auditor.findings.gate_rules import Allowance, Rules
    from auditor.model.run import Run
    from auditor.model.standing import FindingKey, GoneFinding


def held(
    run: Run,
    rules: Rules,
    *,
    excused: Mapping[FindingKey, Standing] | None = None,
    against: str | None = None,
    gone: tuple[GoneFinding, ...] = (),
    told: tuple[str, ...] = (),
) -> tuple[Run, GateSummary]:
    """
    Hold a run against a gate.

    An auditee of the population that was not audited counts like a finding of the highest severity: it
    has no verdict, so nothing else would tell. A policy that broke counts whatever its severity, and whatever
    is known or accepted.

    Args:
        run: What was judged.
        rules: What is asked for.
        excused: Findings that are known or accepted, and why.
        against: What is known stands there: a file, a revision of git.
        gone: What was known and is no finding any more.
        told: What else there is to say of what is asked for.

    Returns:
        The run with its gate, with where each finding stands, and with what was relaxed told first; and the gate.
        Earlier outcomes that were told of findings stay.

    Source:
        DESIGN.md, section 5: of several codes 4 comes before 5, and 5 before 1.
    """
    found = findings(run)
    standings = _standings(found, rules, excused or {})
    placed = {
        key: replace(standing, earlier=run.standings.get(key, Standing()).earlier)
        for key, standing in standings.items()
    }
    run = replace(
        run,
        standings={key: one for key, one in placed.items() if one != Standing()},
        relaxed=(*rules.relaxed(), *run.relaxed),
    )
    counting = [one for one in found if standings[key_of(one)].gating is Gating.COUNTS]
    reasons = list(_reasons(run, rules, counting))
    summary = GateSummary(
        code=int(reasons[0][0] if reasons else ExitCode.OK),
        rules=(*rules.told(), *told),
        reasons=tuple(text for _, text in reasons),
        against=against,
        gone=gone,
    )
    return replace(run, gate=summary), summary


def key_of(finding: Finding) -> FindingKey:
    """Return what makes a finding the same from run to run."""
    return finding.result.auditee, finding.policy.id, finding.verdict.subject


def _standings(
    found: tuple[Finding, ...], rules: Rules, excused: Mapping[FindingKey, Standing]
) -> dict[FindingKey, Standing]:
    standings: dict[FindingKey, Standing] = {}
    for one in found:
        key, threshold = key_of(one), rules.threshold(one.policy)
        excuse = excused.get(key, Standing())
        if one.verdict.outcome is Outcome.ERROR:
            standings[key] = Standing()
        elif excuse.gating is Gating.ACCEPTED:
            # Whatever the threshold is: the net score leaves out what is accepted, and asks nobody what gates.
            standings[key] = excuse
        elif one.policy.severity.rank < threshold.rank:
            standings[key] = Standing(Gating.UNDER, f"under {threshold.shown}, by {threshold.by}")
        else:
            standings[key] = excuse
    # Last, so that an allowance is for what nobody has known or accepted.
    numbers = _numbers(found, rules, standings)
    for one in found:
        key, allowance = key_of(one), rules.allowance(one.policy)
        if allowance is None or not _uses(one, standings):
            continue
        if numbers[allowance] <= allowance.most:
            text = f"{numbers[allowance]} there, {allowance.told()}, by {allowance.by}"
            standings[key] = Standing(Gating.ALLOWED, text)
    return standings


def _numbers(
    found: tuple[Finding, ...], rules: Rules, standings: Mapping[FindingKey, Standing]
) -> Counter[Allowance]:
    """Count the findings that each allowance is for."""
    wanted = ((rules.allowance(one.policy), one) for one in found if _uses(one, standings))
    return Counter(allowance for allowance, _ in wanted if allowance is not None)


def _uses(finding: Finding, standings: Mapping[FindingKey, Standing]) -> bool:
    return (
        finding.verdict.outcome is not Outcome.ERROR
        and standings[key_of(finding)].gating is Gating.COUNTS
    )


def _reasons(run: Run, rules: Rules, counting: list[Finding]) -> Iterator[tuple[ExitCode, str]]:
    """Yield every reason why the run is red, the one that decides first."""
    if run.problems:
        yield ExitCode.BAD_INPUT, "an input could not be read"
    if not any(result.verdicts for result in run.results):
        yield ExitCode.NOTHING, "nothing was audited"
        return
    broken = sum(one.verdict.outcome is Outcome.ERROR for one in counting)
    if broken:
        yield ExitCode.POLICY_BROKE, f"a policy broke, {_counted(broken, 'verdict')}"
    told = [one for one in counting if one.policy.id == NOT_AUDITED]
    if gating := len(counting) - broken:
        over = "the gate" if rules.packs else rules.fail_on.shown
        among = f", {_counted(len(told), 'auditee')} not audited among them" if told else ""
        yield ExitCode.GATED, f"{_counted(gating, 'finding')} at or over {over}{among}"
    missing = {*run.population.missing} - {one.verdict.subject for one in told}
    if missing and not rules.never:
        yield ExitCode.GATED, f"{_counted(len(missing), 'auditee')} not audited"
    yield from _exceeded(rules, counting)
    if rules.min_score is not None:
        score, least = Scores(run).total.raw, rules.min_score
        if score is None:
            text = f"there is no score, because no control is due; wanted is {least.percent:g} %"
            yield ExitCode.GATED, text
        elif score < least.percent:
            yield ExitCode.GATED, f"the score is {score:g} %, below {least.percent:g} %"
    if all(result.target == PORTFOLIO for result in run.results):
        # That nobody was looked at is no success, whoever was to be left out.
        yield ExitCode.NOTHING, "nothing was audited"


def _exceeded(rules: Rules, counting: list[Finding]) -> Iterator[tuple[ExitCode, str]]:
    """Yield the allowances that are used up."""
    numbers = Counter(
        rules.allowance(one.policy) for one in counting if one.verdict.outcome is not Outcome.ERROR
    )
    for allowance in rules.at_most:
        if (number := numbers[allowance]) > allowance.most:
            yield ExitCode.GATED, f"{allowance.told()} may be there, and there are {number}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
