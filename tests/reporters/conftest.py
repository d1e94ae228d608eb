"""Small runs made by hand, for every format."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auditor.findings.assemble import assemble
from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import ClauseSummary, PolicySummary
from auditor.model.result import ResultDocument
from auditor.model.run import InputProblem, NotUsed, Population, Run
from auditor.model.severity import Severity
from auditor.model.verdict import ClauseVerdict, Fact, Grade, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from auditor.model.excerpt import Excerpt
    from auditor.reporters.contract import Reporter

AS_OF = "2026-09-30T18:00:00+02:00"
PERIOD = ("2026-07-02T00:00:00+02:00", "2026-09-30T18:00:00+02:00")


class FixedPlaces:
    """Places that are known beforehand; counts how often it was asked for each auditee."""

    def __init__(
        self,
        known: Mapping[tuple[str, str], Location] | None = None,
        lines: Mapping[Location, Excerpt] | None = None,
    ) -> None:
        self.known = dict(known or {})
        self.lines = dict(lines or {})
        self.asked: list[str] = []

    def locate(self, auditee: str, pointers: Iterable[str]) -> Mapping[str, Location]:
        """Return the places of the facts of *auditee* that are known."""
        self.asked.append(auditee)
        return {
            pointer: self.known[auditee, pointer]
            for pointer in pointers
            if (auditee, pointer) in self.known
        }

    def excerpt(self, location: Location) -> Excerpt | None:
        """Return the line at a place, where it is known."""
        return self.lines.get(location)


class Make:
    """Makes parts of a run; every argument that a test does not care about has a default."""

    def policy(self, policy_id: str = "late-thing", **changes: object) -> PolicySummary:
        """Make a policy with two clauses."""
        path = f"policies/seef/{policy_id}.yaml"
        fields: dict[str, Any] = {
            "id": policy_id,
            "title": "A thing was late",
            "why": "Late things cost trust.",
            "fix": "Do the thing in time.",
            "controls": ("SEEF-TST-01",),
            "severity": Severity.HIGH,
            "pack": "seef",
            "target": "project",
            "digest": "sha256:" + "0" * 64,
            "location": Location(path, 1),
            "clauses": (
                ClauseSummary("thing.at.by(limit)", Location(path, 12, 11)),
                ClauseSummary("thing.owner != null", Location(path, 14, 11)),
            ),
            "params": (),
        }
        return PolicySummary(**(fields | changes))

    def verdict(self, outcome: Outcome = Outcome.PASS, **changes: object) -> Verdict:
        """Make a verdict on the whole of Apollo."""
        fields: dict[str, Any] = {
            "policy": "late-thing",
            "subject": "hand:apollo",
            "subject_name": "Apollo",
            "outcome": outcome,
            "message": "The thing was done.",
        }
        return Verdict(**(fields | changes))

    def result(self, *verdicts: Verdict, **changes: object) -> ResultDocument:
        """Make Apollo's result document."""
        fields: dict[str, Any] = {
            "auditee": "hand:apollo",
            "auditee_name": "Apollo",
            "target": "project",
            "snapshot_digest": "sha256:" + "a" * 64,
            "snapshot_name": "portfolio/apollo.yaml",
            "captured_at": AS_OF,
            "judged_at": AS_OF,
            "time_zone": "Europe/Berlin",
            "verdicts": verdicts,
        }
        return ResultDocument(**(fields | changes))

    def run(self, *results: ResultDocument, **changes: object) -> Run:
        """Make a run of one policy, ``late-thing``, unless other policies are given."""
        fields: dict[str, Any] = {
            "policies": (self.policy(),),
            "results": results,
            "as_of": AS_OF,
            "period": PERIOD,
            "engine": "auditor 0.1.0",
        }
        return assemble(**(fields | changes))

    def places(self) -> FixedPlaces:
        """Make places that know nothing."""
        return FixedPlaces()

    def render(
        self,
        reporter: Reporter,
        run: Run,
        places: FixedPlaces | None = None,
        *,
        colour: bool = False,
    ) -> bytes:
        """Render *run* in one piece."""
        profile = reporter.profiles[0] if reporter.profiles else None
        known = places or self.places()
        return b"".join(reporter.render(run, known, profile=profile, colour=colour))

    def hostile(self, text: str) -> Run:
        """Make a run in which *text* stands wherever text of others can stand."""
        policy = self.policy(title=text, why=text, fix=text, controls=(text,))
        fact = Fact("/things/0/at", "known", text, source=text)
        gap = Fact("/things/0/" + text.replace("~", "~0").replace("/", "~1"), "unobserved", text)
        clause = ClauseVerdict(0, Outcome.FAIL, text, failing=(text, text), facts=(fact,))
        verdicts = [
            self.verdict(Outcome.FAIL, message=text, clauses=(clause,), facts=(fact,)),
            self.verdict(Outcome.FAIL, message=text, facts=(fact,), owner=text),
            self.verdict(Outcome.ERROR, message=text, reason=text),
            self.verdict(Outcome.INCONCLUSIVE, message=text, reason=text, missing=(gap,)),
            self.verdict(Outcome.INCONCLUSIVE, message=text, reason=text),
            self.verdict(Outcome.NOT_APPLICABLE, message=text, reason=text),
            self.verdict(Outcome.PASS, message=text, grade=Grade.MANUAL),
        ]
        named = [
            self.verdict(
                verdict.outcome,
                subject=f"{text}{index}",
                subject_name=text,
                message=text,
                reason=verdict.reason,
                clauses=verdict.clauses,
                facts=verdict.facts,
                missing=verdict.missing,
                owner=verdict.owner,
                grade=verdict.grade,
            )
            for index, verdict in enumerate(verdicts)
        ]
        result = self.result(
            *named, auditee=text, auditee_name=text, snapshot_name=text, uncut=(text,)
        )
        return self.run(
            result,
            policies=(policy,),
            engine=text,
            problems=(InputProblem(text, "document", text, Location(text, 1), text),),
            not_used=(NotUsed(text, text),),
            population=Population(2, 1, (text,), (NotUsed(text, text),)),
            relaxed=(text,),
            catalogue=(text,),
        )


@pytest.fixture(scope="session")
def make() -> Make:
    """Return the maker of parts of runs."""
    return Make()


@pytest.fixture(scope="session")
def portfolio(make: Make) -> Run:
    """Return a run with every outcome, in three projects."""
    # Test files are no package, so that a module beside them is run, not imported.
    names = runpy.run_path(str(Path(__file__).with_name("portfolio.py")))
    run: Run = names["portfolio_run"](make)
    return run


@pytest.fixture
def places() -> FixedPlaces:
    """Return the places of the portfolio's facts."""
    file = "portfolio/apollo.yaml"
    return FixedPlaces(
        {
            ("hand:apollo", "/project/execution/started_at"): Location(file, 14, 30),
            ("hand:apollo", "/approvals/1/decision"): Location(file, 41, 15),
            ("hand:apollo", "/blockers/0/raised_at"): Location(file, 58, 16),
            ("hand:apollo", "/meetings/4/held_at"): Location(file, 90, 14),
        }
    )


HOSTILE = {
    "cdata end": "]]>",
    "markup": "<script>alert('x')</script>&amp;\"",
    "NUL": "a\x00b",
    "escape": "\x1b[31mred\x1b[0m",
    "lone surrogate": "a\ud800b",
    "no character": "a\ufffeb\uffff\U0001ffff",
    "azure command": "##[error]x\n##vso[task.complete result=Failed]",
    "github command": "x\n::set-output name=a::b\n  ::error::c",
    "commands in rows": "::error::a " * 60,
    "bidi": "\u202egnp.exe\u2066",
    "line ends": "a\r\nb\rc\u2028d\x85e",
    "empty": "",
    "astral": "😀 \U0010ffff",
    "a megabyte": "x y\n" * 262_144,
    "a long word": "规" * 300_000,
}


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile_text(request: pytest.FixtureRequest) -> str:
    """Return a text that means harm to whoever prints it."""
    text: str = request.param
    return text


@pytest.fixture
def golden(tmp_path: Path) -> Callable[[str, bytes], None]:
    """Return a check of a whole output against the file of that name, which somebody has read."""

    def check(name: str, actual: bytes) -> None:
        expected = Path(__file__).parent / "golden" / name
        written = tmp_path / name
        written.write_bytes(actual)
        same = expected.is_file() and expected.read_bytes() == actual
        assert same, f"read the difference, then accept it: diff {expected} {written}"

    return check
