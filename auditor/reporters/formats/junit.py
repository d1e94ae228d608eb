"""
A run as JUnit XML, for the CI systems and viewers that read it.

One suite per auditee and pack, one case per policy and subject, passes included. What no verdict tells (inputs that could not be read, auditees that were not audited, a run
that judged nothing) stands in a suite of its own: nobody may see green because there was nothing to see.

Profile ``jenkins`` is valid for the schema of Jenkins' xunit plugin, ``junit-10.xsd``, profile ``ant`` for the one
of Ant's reports as well. Profile ``ci`` is valid for neither: its cases say in which file and line the most telling
fact stands, which viewers of GitHub and GitLab read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from auditor.findings.changes import told as change_told
from auditor.findings.finding import FINDING_OUTCOMES
from auditor.findings.score import FORMULA
from auditor.findings.telling_facts import facts_to_place
from auditor.model.outcome import Outcome
from auditor.model.run import NOT_AUDITED
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.gate_words import gate_verdict, gone, score_words, sorted_out, standing_words
from auditor.reporters.junit_suites import CLOSING, Counts, Document, Names, Suite
from auditor.reporters.missing_facts import how_to_supply
from auditor.reporters.remarks import first_place
from auditor.reporters.wording import counted, listed
from auditor.reporters.xml_text import attribute, label, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from junit_xml import TestCase

    from auditor.model.location import Location
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import InputProblem, Places, Run
    from auditor.model.standing import GateSummary, Standing
    from auditor.model.verdict import Fact, Verdict

_FACTS: Final = 50
_NAMES: Final = 100
_GONE: Final = 5
_ENDINGS: Final = {
    Outcome.FAIL: "failures",
    Outcome.INCONCLUSIVE: "errors",
    Outcome.ERROR: "errors",
    Outcome.NOT_APPLICABLE: "skipped",
    Outcome.PASS: "passes",
}
"""How a case of each outcome is counted."""


class JUnitReporter:
    """Renders a run as JUnit XML."""

    media_type = "application/xml"
    suffix = ".xml"
    profiles: tuple[str, ...] = ("jenkins", "ant", "ci")
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, each suite in pieces of so many cases."""
        del colour
        form = _Form(Document(is_ant=profile == "ant"), names_places=profile == "ci")
        own = list(_own_cases(run, form))
        counts = _counts(run, ((one, verdict) for one in run.results for verdict in one.verdicts))
        yield form.document.opening("auditor", replace(counts, errors=counts.errors + len(own)))
        about = _about(run)
        if own:
            head = Suite("auditor", Counts(errors=len(own)), about, at=run.as_of)
            yield from form.document.suite(head, own)
            about = {}
        policies = {policy.id: policy for policy in run.policies}
        for result in run.results:
            told = _Told(run, result, policies, _located(result, places, form), form)
            yield from _suites(told, about)
            about = {} if result.verdicts else about
        yield CLOSING


@dataclass(frozen=True, slots=True)
class _Form:
    """What a profile makes of a document."""

    document: Document
    names_places: bool
    """Whether a case says its file and line."""
    policies: dict[str, _PolicyLines] = field(default_factory=dict)
    """What is said of a policy, which is the same in each of its findings; by id, as it is needed."""

    def lines(self, policy: PolicySummary) -> _PolicyLines:
        """Return what is said of *policy*."""
        if policy.id not in self.policies:
            self.policies[policy.id] = _policy_lines(policy)
        return self.policies[policy.id]


@dataclass(frozen=True, slots=True)
class _PolicyLines:
    """Lines of the details of a finding that its policy alone decides."""

    title: str
    about: tuple[str, ...]
    demands: tuple[tuple[str, str], ...]
    """Of each clause, what it demands and where."""
    why: str


def _policy_lines(policy: PolicySummary) -> _PolicyLines:
    about = ", ".join([f"policy {policy.id}", policy.severity.value, *policy.controls])
    return _PolicyLines(
        title=line(wording.sentence(policy.title)),
        about=tuple(
            map(line, [about, *(f"changed: {change_told(one)}" for one in policy.changes)])
        ),
        demands=tuple(
            (line(f"required: {one.that}", depth=1), line(f"at {one.location}", depth=1))
            for one in policy.clauses
        ),
        why=line(f"why: {wording.sentence(policy.why)}"),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What the cases of an auditee are told with."""

    run: Run
    result: ResultDocument
    policies: Mapping[str, PolicySummary]
    located: Mapping[str, Location]
    form: _Form


def _about(run: Run) -> dict[str, str]:
    """Return what every report opens with, for the properties of the first suite."""
    about = _numbered("relaxed", run.relaxed)
    about |= {name.lower(): text for name, text in wording.opening(run)}
    about["engine"] = run.engine
    if run.as_of is not None:
        about["as_of"] = run.as_of
    if run.period is not None:
        about["period"] = "/".join(run.period)
    about["score"] = score_words(run)
    about["score formula"] = FORMULA
    if run.gate is not None:
        about |= _gate(run.gate, run)
    return about


def _gate(gate: GateSummary, run: Run) -> dict[str, str]:
    """Return what the gate made of the run: its exit code decides, whatever a viewer makes of the cases."""
    about = {"gate": gate_verdict(gate, run)}
    about |= _numbered("gate rule", gate.rules)
    about |= _numbered("gate reason", gate.reasons)
    if gate.against is not None:
        about["gate against"] = gate.against
    for key, _, every in sorted_out(gate):
        more = [f"and {len(every) - _GONE} more"] if len(every) > _GONE else []
        about |= _numbered(key, [*map(gone, every[:_GONE]), *more])
    return about


def _numbered(name: str, texts: Iterable[str]) -> dict[str, str]:
    """Give each text a property of its own: joined, they would be longer than one may be."""
    return {
        name if number == 1 else f"{name} {number}": text
        for number, text in enumerate(texts, start=1)
    }


def _own_cases(run: Run, form: _Form) -> Iterator[TestCase]:
    """Return an error case for everything that must not look green and has no verdict."""
    names = Names()
    for problem in run.problems:
        name = names.unique(label(problem.name))
        case = _own_case("inputs", name, problem.message, problem.slug, _problem_lines(problem))
        _place(case, problem.location, form)
        yield case
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


def _located(result: ResultDocument, places: Places, form: _Form) -> Mapping[str, Location]:
    pointers = {
        pointer: None
        for verdict in result.verdicts
        if verdict.outcome in FINDING_OUTCOMES
        for pointer in (facts_to_place if form.names_places else _pointers)(verdict)
    }
    return places.locate(result.auditee, list(pointers)) if pointers else {}


def _pointers(verdict: Verdict) -> Iterator[str]:
    return (fact.pointer for fact in (*verdict.facts, *verdict.missing))


def _suites(told: _Told, about: Mapping[str, str]) -> Iterator[bytes]:
    run, result, policies = told.run, told.result, told.policies
    packs: dict[str, list[Verdict]] = {}
    for verdict in result.verdicts:
        packs.setdefault(policies[verdict.policy].pack, []).append(verdict)
    outside: Counter[str] = Counter()
    for policy_id, count in result.out_of_period:
        outside[policies[policy_id].pack] += count
    for pack in sorted(packs):
        head = Suite(
            f"{label(result.auditee)} / {label(pack)}",
            _counts(run, ((result, verdict) for verdict in packs[pack])),
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
                **_numbered("changed", _changed(packs[pack], policies)),
                **_attested(packs[pack]),
            },
            package=label(pack),
            at=result.judged_at,
        )
        yield from told.form.document.suite(head, _cases(pack, packs[pack], told))


def _counts(run: Run, verdicts: Iterable[tuple[ResultDocument, Verdict]]) -> Counts:
    return Counts(**Counter(_ending(run, result, verdict) for result, verdict in verdicts))


def _ending(run: Run, result: ResultDocument, verdict: Verdict) -> str:
    """Tell how a case is counted: an accepted gap is left out like what does not apply, and is never a pass."""
    if run.standings and run.standing(result.auditee, verdict).gating is Gating.ACCEPTED:
        return "skipped"
    return _ENDINGS[verdict.outcome]


def _changed(verdicts: Iterable[Verdict], policies: Mapping[str, PolicySummary]) -> Iterator[str]:
    """Say what was changed of the policies of a suite: a case that passes has no text of its own."""
    for policy_id in dict.fromkeys(verdict.policy for verdict in verdicts):
        for change in policies[policy_id].changes:
            yield f"{policy_id}: {change_told(change)}"


def _attested(verdicts: Iterable[Verdict]) -> dict[str, str]:
    """Count the passes that rest on somebody's word, where there are any: nobody may take them for others."""
    count = sum(verdict.attested is not None for verdict in verdicts)
    return {"attested": str(count)} if count else {}


def _cases(pack: str, verdicts: Iterable[Verdict], told: _Told) -> Iterator[TestCase]:
    from junit_xml import TestCase  # noqa: PLC0415 - only runs that write JUnit pay for it

    names, of = Names(), f"{label(pack)}.{label(told.result.auditee)}"
    for verdict in verdicts:
        # Keys alone, so that a renamed sprint keeps its history.
        name = verdict.policy
        if not wording.is_whole(told.result, verdict):
            name += f" [{label(verdict.subject)}]"
        case = TestCase(names.unique(name), classname=of)
        _tell(case, verdict, told)
        yield case


def _tell(case: TestCase, verdict: Verdict, told: _Told) -> None:
    """Give a case the one element of its outcome; an element without text would be counted as a pass."""
    if verdict.outcome is Outcome.PASS:
        if verdict.attested is not None:
            case.stdout = line(f"attested by {wording.voucher(verdict.attested)}")
        return
    message = _message(verdict)
    if verdict.outcome is Outcome.NOT_APPLICABLE:
        case.add_skipped_info(attribute(message))
        return
    policy, standing = (
        told.policies[verdict.policy],
        told.run.standing(told.result.auditee, verdict),
    )
    details = "\n".join(_details(verdict, policy, standing, told))
    if standing.gating is Gating.ACCEPTED:
        case.add_skipped_info(attribute(f"{standing_words(standing)}; {message}"), details)
    elif verdict.outcome is Outcome.FAIL:
        case.add_failure_info(attribute(message), details, policy.severity.value)
    else:
        case.add_error_info(attribute(message), details, verdict.outcome.value)
    if told.form.names_places:
        _place(case, first_place(verdict, told.located), told.form)


def _place(case: TestCase, place: Location | None, form: _Form) -> None:
    if form.names_places and place is not None:
        case.file, case.line = attribute(place.path), str(place.line)


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
    verdict: Verdict, policy: PolicySummary, standing: Standing, told: _Told
) -> Iterator[str]:
    result = told.result
    same = told.form.lines(policy)
    yield same.title
    yield line(wording.judged(result, verdict))
    yield from same.about
    if standing.gating is not Gating.COUNTS or standing.told:
        yield line(f"at the gate: {standing_words(standing)}")
    yield line(f"{result.snapshot_name}, judged at {wording.instant(result.judged_at)}")
    yield ""
    clauses = wording.deciding_clauses(verdict)
    if not clauses:
        yield line(wording.sentence(verdict.message))
    for clause in clauses:
        yield line(wording.sentence(clause.message))
        if why := wording.because(clause):
            yield line(f"because: {why}", depth=1)
        yield from same.demands[clause.clause]
        if clause.failing:
            yield line(f"fails for: {listed(clause.failing, _NAMES)}", depth=1)
    yield from _facts("facts:", verdict.facts, told.located)
    yield from _facts("missing facts:", verdict.missing, told.located)
    yield ""
    yield same.why
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
