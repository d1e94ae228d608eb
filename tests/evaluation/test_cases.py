"""A case that is not met says which expectation, and why; one that is met says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.evaluation.cases import CaseResult, judge_case, prepare_case
from auditor.facts.snapshot import Roots
from auditor.language.cases import parse_cases
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.model.errors import ConfigError, ErrorGroup
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.language.cases import CasesFile

POLICY = """\
id: rule
title: T
why: W
controls: [X-1]
severity: low
fix: F
for: {b: blockers}
empty: not_applicable
at: b.raised_at
require: [{that: b.resolved_at != null, say: '{b.description} is open.'}]
"""
BASE = """\
policy: rule
base:
  snapshot: {schema: {name: project, version: 1}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin, gaps: {}}
  project: {id: "x:1", name: X}
  blockers:
    - {id: b1, description: Lift, raised_at: 2026-03-10T00:30:00+01:00, resolved_at: null}
    - {id: b2, description: Door, raised_at: 2026-03-11T10:00:00+01:00, resolved_at: 2026-03-12T10:00:00+01:00}
cases:
"""


def read(case: str) -> CasesFile:
    """Read one case, written as a line of YAML."""
    return parse_cases((BASE + f"  - {case}\n").encode(), path="rule.cases.yaml")


def run(case: str, *, explains: bool = True) -> CaseResult:
    """Run one case, written as a line of YAML."""
    return run_in(read(case), explains=explains)


def run_in(file: CasesFile, *, explains: bool = True) -> CaseResult:
    """Run the one case of a file."""
    models = snapshot_models()
    text = PolicyText("p/rule.yaml", "p", POLICY.encode())
    plan = compile_plan([text], roots=Roots(models), functions=functions())
    return judge_case(prepare_case(file.cases[0], file.base, models), plan, explains=explains)


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ("{subject: b1, outcome: fail}", None),
        ("{subject: b1, outcome: fail, clause: 0, says: [Lift], witness: [/blockers/0/resolved_at]}", None),
        ("[{subject: b1, outcome: fail}, {subject: b2, outcome: pass}]", None),
        ("{subject: b1, outcome: pass}", "expected pass for 'b1', got fail"),
        ("{subject: b1, outcome: fail, says: [Door]}", "does not say 'Door'"),
        ("{subject: b1, outcome: fail, witness: [/project/name]}", "/project/name is not among the facts"),
        ("{subject: b1, outcome: fail, reason: not_due}", "expected the reason 'not_due'"),
        ("{subject: b1, outcome: fail, clause: 7}", "there is no clause 7"),
        ("{subject: b9, outcome: fail}", "no verdict on 'b9'"),
        ("{outcome: fail}", "must say which subject"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("explains", [True, False], ids=["explained", "bare"])
def test_each_expectation_can_fail(expect: str, words: str | None, *, explains: bool) -> None:
    """By outcome, words, facts, reason, clause and subject, whether anybody asks why or not."""
    result = run(f"{{name: c, expect: {expect}}}", explains=explains)

    if words is None:
        assert result.differences == ()
    else:
        assert any(words in difference for difference in result.differences)


def test_why_is_told_only_where_it_is_asked() -> None:
    """The same verdicts come out, with or without their explanation."""
    explained, bare = (
        run("{name: c, expect: {subject: b1, outcome: fail}}", explains=asked).verdicts
        for asked in (True, False)
    )

    assert [one.because is not None for one in (explained[0].clauses[0], bare[0].clauses[0])] == [
        True,
        False,
    ]
    assert [(one.subject, one.outcome, one.message, one.facts) for one in explained] == [
        (one.subject, one.outcome, one.message, one.facts) for one in bare
    ]


def test_a_day_as_a_bound_of_the_period_is_that_whole_day() -> None:
    """From its first instant in the auditee's zone to its last: 00:30 in Berlin is 23:30 UTC the day before."""
    period = "{from: 2026-03-10, to: 2026-03-10}"
    result = run(f"{{name: c, period: {period}, expect: {{subject: b1, outcome: fail}}}}")

    assert result.differences == ()
    assert [verdict.subject for verdict in result.verdicts] == ["b1"]


def test_an_instant_that_is_none_is_an_error_at_the_case() -> None:
    """A typo in `as_of` must not be taken for no `as_of`."""
    with pytest.raises(ConfigError, match="no instant") as caught:
        run("{name: c, as_of: soon, expect: {subject: b1, outcome: fail}}")

    assert caught.value.location is not None


@pytest.mark.parametrize(
    "case",
    [
        "{name: c, expect: {outcom: fail}}",
        "{name: c, expects: {outcome: fail}}",
        "{name: c, expect: {outcome: failed}}",
        "{expect: {outcome: fail}}",
    ],
)
def test_a_case_with_a_slip_is_refused(case: str) -> None:
    """An expectation with a typo in it would never fail."""
    with pytest.raises(ErrorGroup):
        run(case)


def test_a_change_of_something_that_is_not_there_is_refused() -> None:
    """A pointer into nowhere tests nothing."""
    with pytest.raises(ErrorGroup, match="1 errors"):
        run("{name: c, remove: [/blockers/7], expect: {subject: b1, outcome: fail}}")


def test_the_base_is_not_changed() -> None:
    """The next case starts from the same facts."""
    change = "set: {/blockers/0/resolved_at: 2026-03-12T10:00:00+01:00}"
    file = read(f"{{name: c, {change}, expect: {{subject: b1, outcome: pass}}}}")
    before = repr(file.base)

    assert run_in(file).passed
    assert repr(file.base) == before


class TestAttestations:
    """Records beside the snapshot, of the file or of one case."""

    WORD = (
        "{control: X-1, auditee: 'x:1', by: p, at: 2026-03-10T10:00:00+01:00,"
        " recorded_at: 2026-03-10T10:00:00+01:00, expires_on: null, statement: It holds.}"
    )
    POLICY = """\
id: rule
title: T
why: W
controls: [X-1]
severity: low
fix: F
attest: {by: [DM], valid_for: 30 days}
"""
    BASE = f"""\
policy: rule
base:
  snapshot: {{schema: {{name: project, version: 1}}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin, gaps: {{}}}}
  project: {{id: "x:1", name: X}}
  parties: [{{id: p, name: Ann}}]
  role_assignments: [{{id: r, party: p, role: DM, from: 2026-01-01}}]
attestations: [{WORD}]
cases:
"""

    def run(self, case: str) -> CaseResult:
        """Run one case of the attested policy."""
        models = snapshot_models()
        text = PolicyText("p/rule.yaml", "p", self.POLICY.encode())
        plan = compile_plan([text], roots=Roots(models), functions=functions())
        file = parse_cases(f"{self.BASE}  - {case}\n".encode(), path="rule.cases.yaml")
        return judge_case(prepare_case(file.cases[0], file.base, models), plan)

    @pytest.mark.parametrize(
        ("case", "outcome"),
        [
            pytest.param("", "pass", id="those-of-the-file"),
            pytest.param("attestations: [], ", "inconclusive", id="its-own-instead"),
            pytest.param("set: {/attestations/0/by: q}, ", "inconclusive", id="changed"),
            pytest.param("remove: [/attestations/0/role], set: {/attestations/0/role: DM}, ", "pass", id="set-and-removed"),
            pytest.param(f"attestations: [], set: {{/attestations/-: {WORD}}}, ", "pass", id="added"),
        ],
    )  # fmt: skip
    def test_a_case_is_run_with_them(self, case: str, outcome: str) -> None:
        """Pointers below ``/attestations`` reach them as others reach the snapshot."""
        result = self.run(f"{{name: c, {case}expect: {{outcome: {outcome}}}}}")

        assert result.differences == ()

    def test_a_fact_of_one_can_be_expected(self) -> None:
        """By the pointer that the verdict has."""
        result = self.run(
            "{name: c, expect: {outcome: pass, says: [Ann], witness: [/attestations/0/by]}}"
        )

        assert result.differences == ()

    def test_a_wrong_one_is_an_error_of_the_case(self) -> None:
        """With the place of the case: the record has no file of its own."""
        with pytest.raises(ErrorGroup) as caught:
            self.run("{name: c, set: {/attestations/0/at: soon}, expect: {outcome: pass}}")

        (error,) = caught.value.errors
        assert "'at': an instant is written like" in error.message
        assert error.location is not None
        assert (error.location.path, error.location.line) == ("rule.cases.yaml", 9)

    @pytest.mark.parametrize("records", ["{}", "[word]", "word"])
    def test_they_are_a_list_of_records(self, records: str) -> None:
        """Whatever else stands there is a fault of the file."""
        with pytest.raises(ErrorGroup):
            parse_cases(
                f"{self.BASE}  - {{name: c, attestations: {records}, expect: {{outcome: pass}}}}\n".encode(),
                path="rule.cases.yaml",
            )


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("at", ["0001-01-01", "0001-01-01T00:00:00Z"])
def test_in_the_year_1_the_period_has_as_many_days_as_there_are(zone: str, at: str) -> None:
    """Before the first day of the calendar there is none; nobody had raised anything by then."""
    base = BASE.replace("Europe/Berlin", zone)
    case = f"  - {{name: n, as_of: {at}, expect: {{outcome: not_applicable}}}}\n"

    assert run_in(parse_cases((base + case).encode(), path="rule.cases.yaml")).passed


def test_a_snapshot_of_the_first_instant_can_be_judged() -> None:
    """Its period begins with the first day that there is."""
    case = "{name: n, set: {/snapshot/captured_at: '0001-01-01T00:00:00Z', /blockers: []}, expect: {outcome: not_applicable}}"

    assert run(case).passed


@pytest.mark.parametrize(
    "keys",
    [
        "remove: [''], expect: {outcome: pass}",
        "expect: {outcome: pass, says: ['']}",
        "expect: {outcome: pass, witness: ['']}",
    ],
)
def test_an_empty_text_is_an_error(keys: str) -> None:
    """It would change nothing, and demand nothing, and nobody would notice."""
    with pytest.raises(ErrorGroup) as caught:
        read(f"{{name: n, {keys}}}")

    (error,) = caught.value.errors
    assert "is empty, so it says nothing" in error.message
    assert error.location is not None
    assert error.location.column == f"  - {{name: n, {keys}".index("['']") + 2
