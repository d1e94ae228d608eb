"""
Findings as remarks on lines of files, for sites that keep code.

Such a site shows a remark beside a line, and knows it again by a fingerprint. It wants a file for each, so a finding
of which no fact stands anywhere is remarked at the head of the snapshot; and of two remarks with one fingerprint it
keeps one, so no two are the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from auditor.findings.finding import findings
from auditor.findings.findings_document import fingerprint
from auditor.findings.telling_facts import facts_to_place, facts_to_show
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.missing_facts import how_to_supply
from auditor.reporters.troubles import REMEDIES, troubles
from auditor.reporters.wording import listed, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditor.findings.finding import Finding
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument
    from auditor.model.run import Places, Run
    from auditor.model.standing import Standing
    from auditor.model.verdict import Verdict
    from auditor.reporters.troubles import Trouble

_NAMES: Final = 10
_FACTS: Final = 5
_NOT_SHOWN: Final = frozenset({Gating.KNOWN, Gating.ACCEPTED})


class Fingerprints:
    """Names findings, no two of them the same, as the findings documents do."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, policy: str, auditee: str, subject: str) -> str:
        """Return the name of a finding, in hexadecimal digits; the same in every run."""
        return self._unique(fingerprint(policy, auditee, subject).removeprefix("sha256:"))

    def of_trouble(self, trouble: Trouble) -> str:
        """Return the name of something that no verdict tells."""
        parts = (trouble.kind, trouble.subject, trouble.message)
        return self._unique(sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest())

    def _unique(self, digest: str) -> str:
        self._seen[digest] += 1
        if self._seen[digest] == 1:
            return digest
        return sha256(f"{digest} {self._seen[digest]}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding, or something that no verdict tells, at a line of a file."""

    about: Finding | Trouble
    fingerprint: str
    location: Location
    """Where the fact stands that says most about it; the head of a file where none stands anywhere."""
    standing: Standing | None
    """What the gate made of the finding; None where there was no gate, and of what is no finding."""
    is_placed: bool
    """Whether `location` is that of a fact, or of what is wrong, and not of the head of some file."""


class Remarks:
    """
    What a site shows of a run.

    Args:
        run: What was judged.
        places: Of its facts; asked once per auditee.
    """

    def __init__(self, run: Run, places: Places) -> None:
        self._run = run
        found = findings(run)
        self._standings = [run.standing(one.result.auditee, one.verdict) for one in found]
        self._found = [
            one
            for one, standing in zip(found, self._standings, strict=True)
            if standing.gating not in _NOT_SHOWN
        ]
        self.left_out = Counter(
            standing.gating for standing in self._standings if standing.gating in _NOT_SHOWN
        )
        """Findings that are accepted or known, by why: the sites have no state for them."""
        self.places = FindingPlaces(found, places)

    def __len__(self) -> int:
        return len(self._found) + sum(1 for _ in troubles(self._run))

    def __iter__(self) -> Iterator[Remark]:
        """Yield each remark, the worst first."""
        names = Fingerprints()
        for trouble in troubles(self._run):
            head = trouble.location or self._head(trouble)
            is_placed = trouble.location is not None
            yield Remark(trouble, names.of_trouble(trouble), head, None, is_placed)
        for one in self._found:
            key = (one.policy.id, one.result.auditee, one.verdict.subject)
            place = self.places.first(one)
            yield Remark(
                one,
                names.of(*key),
                place or self.places.head(one),
                self._run.standing(one.result.auditee, one.verdict) if self._run.gate else None,
                place is not None,
            )

    def first_file(self) -> str:
        """Return a file that there is, for what belongs to none."""
        heads = [_head_of(result, ()) for result in self._run.results]
        policies = [policy.location.path for policy in self._run.policies]
        return next((path for path in (*heads, *policies) if path), ".")

    def _head(self, trouble: Trouble) -> Location:
        path = trouble.subject if _is_file(trouble.subject) else self.first_file()
        return Location(path, 1)


class FindingPlaces:
    """
    Where the facts of findings stand.

    Args:
        found: The findings.
        places: Of their facts; asked once per auditee.
    """

    def __init__(self, found: Iterable[Finding], places: Places) -> None:
        wanted: dict[str, dict[str, None]] = {}
        for one in found:
            pointers = wanted.setdefault(one.result.auditee, {})
            pointers.update(dict.fromkeys(facts_to_place(one.verdict)))
        self._located = {
            auditee: places.locate(auditee, list(pointers)) if pointers else {}
            for auditee, pointers in wanted.items()
        }
        self._paths = {
            auditee: sorted({place.path for place in located.values()})
            for auditee, located in self._located.items()
        }

    def of(self, finding: Finding) -> Mapping[str, Location]:
        """Return the places of the facts of the auditee of *finding* that have one, by pointer."""
        return self._located[finding.result.auditee]

    def first(self, finding: Finding) -> Location | None:
        """Return the place of the fact that says most; None where none has a place."""
        return first_place(finding.verdict, self.of(finding))

    def head(self, finding: Finding) -> Location:
        """Return the head of a file, for a finding of which nothing stands anywhere."""
        path = _head_of(finding.result, self._paths[finding.result.auditee])
        return Location(path, 1) if path else _begin(finding.policy.location)


def first_place(verdict: Verdict, located: Mapping[str, Location]) -> Location | None:
    """Return the place of the fact that says most about *verdict*; None where none has one."""
    pointers = dict.fromkeys([*facts_to_show(verdict), *facts_to_place(verdict)])
    found = next((located[one] for one in pointers if one in located), None)
    return _begin(found) if found is not None else None


def _head_of(result: ResultDocument, paths: Iterable[str]) -> str:
    """Return the file of a snapshot; of one that is a folder, one that holds facts of it; empty if none is known."""
    if _is_file(result.snapshot_name):
        return result.snapshot_name
    return next(iter(paths), "")


def _is_file(path: str) -> bool:
    """Tell by its name whether *path* is a file: no format may look at the disk."""
    return "\n" not in path and len(path) < 4096 and bool(PurePosixPath(path).suffix)  # noqa: PLR2004 - PATH_MAX


def statements(
    result: ResultDocument,
    verdict: Verdict,
    policy: PolicySummary,
    located: Mapping[str, Location],
) -> Iterator[str]:
    """Yield what is to be said of a verdict, each a sentence: what is wrong, what it waits on, how to mend it."""
    undecided = "undecided: " if verdict.outcome is Outcome.INCONCLUSIVE else ""
    broken = "the policy broke: " if verdict.outcome is Outcome.ERROR else ""
    yield _ended(
        f"{wording.judged(result, verdict)}: {undecided}{broken}{sentence(verdict.message)}"
    )
    for clause in wording.deciding_clauses(verdict):
        if clause.message != verdict.message:
            yield _ended(sentence(clause.message))
        if why := wording.because(clause):
            yield _ended(f"Because: {why}")
        if clause.failing:
            yield _ended(f"Fails for: {listed(clause.failing, _NAMES)}")
    if verdict.outcome not in {Outcome.FAIL, Outcome.ERROR, Outcome.INCONCLUSIVE}:
        return
    if verdict.missing:
        waits = [wording.fact_line(fact, located) for fact in verdict.missing[:_FACTS]]
        more = len(verdict.missing) - _FACTS
        yield _ended(f"Waits on {'; '.join(waits)}{f' and {more} more' if more > 0 else ''}")
    if verdict.owner:
        yield _ended(f"To act: {name(verdict.owner)}")
    if verdict.outcome is Outcome.INCONCLUSIVE:
        reasons = dict.fromkeys(fact.reason or "unobserved" for fact in verdict.missing)
        for reason in reasons or [verdict.reason or "unobserved"]:
            yield _ended(f"To supply it: {how_to_supply(reason)}")
    else:
        yield _ended(f"Fix: {wording.remedy(policy, verdict)}")


def trouble_statements(trouble: Trouble) -> Iterator[str]:
    """Yield what is to be said of something that no verdict tells."""
    yield _ended(trouble.message)
    yield _ended(trouble.hint or REMEDIES[trouble.kind])


def demands(policy: PolicySummary, verdict: Verdict) -> Iterator[tuple[str, Location]]:
    """Yield the demands that made a verdict what it is, each with its place; the policy's where none was reached."""
    clauses = [policy.clauses[one.clause] for one in wording.deciding_clauses(verdict)]
    for clause in clauses:
        yield clause.that, _begin(clause.location)
    if not clauses:
        yield policy.title, _begin(policy.location)


def _begin(place: Location) -> Location:
    """Return where a place begins: where it ends only some readers know, and no recorded run."""
    return Location(place.path, place.line, place.column)


def _ended(text: str) -> str:
    """End a sentence as sentences end."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
