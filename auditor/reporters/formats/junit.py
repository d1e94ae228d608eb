"""
A run as JUnit XML, for the CI systems and viewers that read it.

One suite per auditee and pack, one case per policy and subject, passes included. What no verdict tells (inputs that could not be read, auditees that were not audited, a run
that judged nothing) stands in a suite of its own: nobody may see green because there was nothing to see.

Profile ``jenkins`` is valid for the schema of Jenkins' xunit plugin, ``junit-10.xsd``.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told
from auditor.model.outcome import Outcome
from auditor.model.run import NOT_AUDITED
from auditor.reporters import wording
from auditor.reporters.junit_suites import CLOSING, Counts, Names, opening, suite
from auditor.reporters.missing_facts import how_to_supply
from auditor.reporters.wording import counted, listed
from auditor.reporters.xml_text import attribute, label, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from junit_xml import TestCase

    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import InputProblem, Places, Run
    from auditor.model.verdict import Fact, Verdict

_FACTS: Final = 50
_NAMES: Final = 100


class JUnitReporter:
    """Renders a run as JUnit XML."""

    media_type = "application/xml"
    suffix = ".xml"
    profiles: tuple[str, ...] = ("jenkins",)
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per suite."""
        del profile, colour
        own = list(_own_cases(run))
        counts = run.counts()
        yield opening(
            "auditor",
            tests=sum(counts.values()) + len(own),
            failures=counts[Outcome.FAIL],
            errors=counts[Outcome.ERROR] + counts[Outcome.INCONCLUSIVE] + len(own),
        )
        about = _about(run)
        if own:
            yield suite("auditor", own, about, Counts(errors=len(own)))
            about = {}
        policies = {policy.id: policy for policy in run.policies}
        for result in run.results:
            yield from _suites(result, policies, places, about)
            about = {}
        yield CLOSING


def _about(run: Run) -> dict[str, str]:
    """Return what every report opens with, for the properties of the first suite."""
    about = _numbered("relaxed", run.relaxed)
    about |= {name.lower(): text for name, text in wording.opening(run)}
    about["engine"] = run.engine
    if run.as_of is not None:
        about["as_of"] = run.as_of
    if run.period is not None:
        about["period"] = "/".join(run.period)
    return about


def _numbered(name: str, texts: Iterable[str]) -> dict[str, str]:
    """Give each text a property of its own: joined, they would be longer than one may be."""
    return {
        name if number == 1 else f"{name} {number}": text
        for number, text in enumerate(texts, start=1)
    }


def _own_cases(run: Run) -> Iterator[TestCase]:
    """Return an error case for everything that must not look green and has no verdict."""
    names = Names()
    for problem in run.problems:
        name = names.unique(label(problem.name))
        yield _own_case("inputs", name, problem.message, problem.slug, _problem_lines(problem))
    for auditee in run.untold():
        message = f"not audited: {wording.NOT_AUDITED}"
        name = names.unique(label(auditee))
        yield _own_case(
            "population",
            name,
            message,
            NOT_AUDITED,
            [line(wording.member(run.population, auditee))],
        )
    if not any(result.verdicts for result in run.results):
        message = wording.nothing_audited(run)
        yield _own_case("run", "something was audited", message, "nothing-audited", [message])


def _own_case(kind: str, name: str, message: str, slug: str, lines: Iterable[str]) -> TestCase:
    from junit_xml import TestCase  # noqa: PLC0415 - only runs that write JUnit pay for it

    case = TestCase(name, classname=f"auditor.{kind}")
    case.add_error_info(attribute(wording.sentence(message)), "\n".join(lines), attribute(slug))
    return case


def _problem_lines(problem: InputProblem) -> Iterator[str]:
    yield line(f"{wording.name(problem.name)}: {wording.sentence(problem.message)}")
    if problem.location:
        yield line(f"at {problem.location}")
    if problem.hint:
        yield line(f"help: {wording.sentence(problem.hint)}")


def _suites(
    result: ResultDocument,
    policies: Mapping[str, PolicySummary],
    places: Places,
    about: Mapping[str, str],
) -> Iterator[bytes]:
    packs: dict[str, list[Verdict]] = {}
    for verdict in result.verdicts:
        packs.setdefault(policies[verdict.policy].pack, []).append(verdict)
    pointers = {
        fact.pointer: None
        for verdict in result.verdicts
        if verdict.outcome is not Outcome.PASS
        for fact in (*verdict.facts, *verdict.missing)
    }
    located = places.locate(result.auditee, list(pointers)) if pointers else {}
    outside: Counter[str] = Counter()
    for policy_id, count in result.out_of_period:
        outside[policies[policy_id].pack] += count
    for pack in sorted(packs):
        yield suite(
            f"{label(result.auditee)} / {label(pack)}",
            list(_cases(pack, packs[pack], result, policies, located)),
            {
                **(about if pack == min(packs) else {}),
                "pack": pack,
                "auditee": result.auditee,
                "auditee_name": result.auditee_name,
                "snapshot": result.snapshot_name,
                "snapshot_digest": result.snapshot_digest,
                "captured_at": result.captured_at,
                "judged_at": result.judged_at,
                "out_of_period": str(outside[pack]),
                **_numbered("changed", _changed(policies[one.policy] for one in packs[pack])),
                **_attested(packs[pack]),
            },
            _counts(packs[pack]),
        )


def _counts(verdicts: Sequence[Verdict]) -> Counts:
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    return Counts(
        passes=outcomes[Outcome.PASS],
        failures=outcomes[Outcome.FAIL],
        errors=outcomes[Outcome.ERROR] + outcomes[Outcome.INCONCLUSIVE],
        skipped=outcomes[Outcome.NOT_APPLICABLE],
    )


def _changed(policies: Iterable[PolicySummary]) -> Iterator[str]:
    """Say what was changed of the policies of a suite: a case that passes has no text of its own."""
    for policy in dict.fromkeys(policies):
        for change in policy.changes:
            yield f"{policy.id}: {told(change)}"


def _attested(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Count the passes that rest on somebody's word, where there are any: nobody may take them for others."""
    count = sum(verdict.attested is not None for verdict in verdicts)
    return {"attested": str(count)} if count else {}


def _cases(
    pack: str,
    verdicts: Iterable[Verdict],
    result: ResultDocument,
    policies: Mapping[str, PolicySummary],
    located: Mapping[str, Location],
) -> Iterator[TestCase]:
    from junit_xml import TestCase  # noqa: PLC0415 - only runs that write JUnit pay for it

    names = Names()
    for verdict in verdicts:
        policy = policies[verdict.policy]
        # Keys alone, so that a renamed sprint keeps its history.
        name = verdict.policy
        if not wording.is_whole(result, verdict):
            name += f" [{label(verdict.subject)}]"
        case = TestCase(names.unique(name), classname=f"{label(pack)}.{label(result.auditee)}")
        _tell(case, verdict, policy, _details(verdict, policy, result, located))
        yield case


def _tell(case: TestCase, verdict: Verdict, policy: PolicySummary, details: Iterator[str]) -> None:
    """Give a case the one element of its outcome; an element without text would be counted as a pass."""
    message = attribute(_message(verdict))
    match verdict.outcome:
        case Outcome.FAIL:
            case.add_failure_info(message, "\n".join(details), policy.severity.value)
        case Outcome.INCONCLUSIVE | Outcome.ERROR as outcome:
            case.add_error_info(message, "\n".join(details), outcome.value)
        case Outcome.NOT_APPLICABLE:
            case.add_skipped_info(message)
        case Outcome.PASS:
            if verdict.attested is not None:
                case.stdout = line(f"attested by {wording.voucher(verdict.attested)}")


def _message(verdict: Verdict) -> str:
    text = wording.sentence(verdict.message)
    match verdict.outcome:
        case Outcome.INCONCLUSIVE:
            return f"inconclusive: {text}"
        case Outcome.ERROR:
            return f"the policy broke: {text}"
        case Outcome.NOT_APPLICABLE if verdict.reason == "not_due" and verdict.due_at:
            return f"not due until {wording.instant(verdict.due_at)}: {text}"
        case Outcome.NOT_APPLICABLE if verdict.reason:
            return f"not applicable ({verdict.reason.replace('_', ' ')}): {text}"
    return text


def _details(
    verdict: Verdict,
    policy: PolicySummary,
    result: ResultDocument,
    located: Mapping[str, Location],
) -> Iterator[str]:
    yield line(wording.sentence(policy.title))
    yield line(wording.judged(result, verdict))
    yield line(f"policy {policy.id}, {policy.severity.value}, {', '.join(policy.controls)}")
    for change in policy.changes:
        yield line(f"changed: {told(change)}")
    yield line(f"{result.snapshot_name}, judged at {wording.instant(result.judged_at)}")
    yield ""
    clauses = wording.deciding_clauses(verdict)
    if not clauses:
        yield line(wording.sentence(verdict.message))
    for clause in clauses:
        yield line(wording.sentence(clause.message))
        if why := wording.because(clause):
            yield line(f"because: {why}", depth=1)
        demand = policy.clauses[clause.clause]
        yield line(f"required: {demand.that}", depth=1)
        yield line(f"at {demand.location}", depth=1)
        if clause.failing:
            yield line(f"fails for: {listed(clause.failing, _NAMES)}", depth=1)
    yield from _facts("facts:", verdict.facts, located)
    yield from _facts("missing facts:", verdict.missing, located)
    yield ""
    yield line(f"why: {wording.sentence(policy.why)}")
    if verdict.owner:
        yield line(f"to act: {wording.name(verdict.owner)}")
    if verdict.outcome is Outcome.INCONCLUSIVE:
        for reason in dict.fromkeys(fact.reason or "unobserved" for fact in verdict.missing):
            yield line(f"to supply ({reason.replace('_', ' ')}): {how_to_supply(reason)}")
    else:
        yield line(f"fix: {wording.remedy(policy, verdict)}")


def _facts(heading: str, facts: tuple[Fact, ...], located: Mapping[str, Location]) -> Iterator[str]:
    if facts:
        yield ""
        yield heading
    for fact in facts[:_FACTS]:
        yield line(wording.fact_line(fact, located), depth=1)
    if len(facts) > _FACTS:
        yield f"  and {counted(len(facts) - _FACTS, 'more fact')}"
