"""Each operator makes exactly the changes that it says, at their places, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.cel.parser import parse
from auditor.language.cel.source import CelSyntaxErrors
from auditor.language.mutation.mutants import mutants_of
from auditor.language.mutation.operators import OPERATORS
from auditor.language.policy_compiler import PolicyVersions
from auditor.language.policy_draft import PolicyText
from auditor.language.vocabulary import is_pack, serves
from auditor.model.errors import ErrorGroup
from auditor.usecases.read_policies import functions, packaged_folder, read_texts, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditor.documents.nodes import ScalarNode
    from auditor.language.mutation.mutants import Mutant
    from auditor.language.policy_draft import PolicyDraft

ROOT = Path(__file__).resolve().parents[3]
HEAD = """\
id: on-trial
title: A policy on trial
why: It is tried.
controls: []
severity: low
fix: None.
"""
SAY = "Not so."
PACK = """\
title: Words
define:
  isLate(at, limit): at.after(limit)
  unused(x): x == 1
"""


@pytest.fixture(scope="session")
def versions() -> Callable[..., PolicyVersions]:
    """Return what compiles a policy in all its versions."""
    roots, known = Roots(snapshot_models()), functions()

    def compiled(body: str, pack: str = "") -> PolicyVersions:
        texts = [PolicyText("p/pack.yaml", "p", pack.encode())] if pack else []
        text = PolicyText("p/on-trial.yaml", "p", (HEAD + body).encode())
        return PolicyVersions(text, texts, roots=roots, functions=known)

    return compiled


def told(mutant: Mutant) -> tuple[str, str, str]:
    """Return what a change is, in short."""
    return (mutant.operator, mutant.was, mutant.now)


def demand(that: str, **keys: str) -> str:
    """Write a policy with one demand."""
    rest = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"{rest}require:\n  - that: >\n      {that}\n    say: {SAY}\n"


STARTED = "project.execution.started_at"


@pytest.mark.parametrize(
    ("that", "expected"),
    [
        pytest.param(
            "size(risks) <= 3",
            [
                ("boundary", "<=", "<"),
                ("direction", "<=", ">="),
                ("off-by-one", "3", "4"),
                ("off-by-one", "3", "2"),
            ],
            id="comparison",
        ),
        pytest.param(
            f"{STARTED}.by(as_of)",
            [
                ("boundary", "by", "before"),
                ("direction", "by", "after"),
                ("negation", f"{STARTED}.by(as_of)", f"!{STARTED}.by(as_of)"),
            ],
            id="moment",
        ),
        pytest.param(
            f"!({STARTED}.after(as_of))",
            [
                ("negation", "!", ""),
                ("boundary", "after", "at or after"),
                ("direction", "after", "by"),
            ],
            id="after-and-not",
        ),
        pytest.param(
            "risks.exists(r, r.owner != null) && (size(blockers) == 0 || size(risks) > 1)",
            [
                ("condition-dropped", "risks.exists(r, r.owner != null)", ""),
                (
                    "negation",
                    "risks.exists(r, r.owner != null)",
                    "!risks.exists(r, r.owner != null)",
                ),
                ("quantifier", "exists", "all"),
                ("equality", "!=", "=="),
                ("and-or", "&&", "||"),
                ("condition-dropped", "size(blockers) == 0", ""),
                ("condition-dropped", "size(blockers) == 0 || size(risks) > 1", ""),
                ("equality", "==", "!="),
                ("off-by-one", "0", "-1"),
                ("off-by-one", "0", "1"),
                ("and-or", "||", "&&"),
                ("condition-dropped", "size(risks) > 1", ""),
                ("boundary", ">", ">="),
                ("direction", ">", "<"),
                ("off-by-one", "1", "0"),
                ("off-by-one", "1", "2"),
            ],
            id="conditions",
        ),
        pytest.param(
            f"{STARTED} == null || {STARTED} < as_of",
            [
                ("null-guard-dropped", f"{STARTED} == null", ""),
                ("equality", "==", "!="),
                ("and-or", "||", "&&"),
                ("condition-dropped", f"{STARTED} < as_of", ""),
                ("boundary", "<", "<="),
                ("direction", "<", ">"),
            ],
            id="null-guard",
        ),
        pytest.param(
            "risks.filter(r, r.severity == 'high').all(r, r.severity in ['high', 'critical'])",
            [
                ("filter-dropped", "filter(r, r.severity == 'high')", ""),
                ("equality", "==", "!="),
                ("literal", "'high'", "'critical'"),
                ("quantifier", "all", "exists"),
                (
                    "negation",
                    "risks.filter(r, r.severity == 'high').all(r, r.severity in ['high', 'critical'])",
                    "!risks.filter(r, r.severity == 'high').all(r, r.severity in ['high', 'critical'])",
                ),
                (
                    "negation",
                    "r.severity in ['high', 'critical']",
                    "!(r.severity in ['high', 'critical'])",
                ),
                ("literal", "'high'", "'low'"),
                ("member-dropped", "'high'", ""),
                ("literal", "'critical'", "'low'"),
                ("member-dropped", "'critical'", ""),
            ],
            id="lists-and-enumerations",
        ),
        pytest.param(
            "risks.latest(r, r.raised_at).id == 'DM'",
            [
                ("last-word", "latest", "earliest"),
                ("equality", "==", "!="),
                ("literal", "'DM'", "'PO'"),
            ],
            id="last-word",
        ),
        pytest.param(
            "risks.exists(r, r.id == 'R1')",
            [("literal", "'R1'", "'no R1'")],
            id="a-text-that-nobody-knows",
        ),
        pytest.param(
            "as_of.minus(span('2 working days')).by(as_of)",
            [
                ("arithmetic", "minus", "plus"),
                ("off-by-one", "2 working days", "3 working days"),
                ("span", "2 working days", "1 working day"),
                ("span", "2 working days", "2 days"),
                ("span", "2 working days", "4 working days"),
            ],
            id="length-of-time",
        ),
        pytest.param(
            "(size(risks) > 1 ? size(blockers) : 2) + 1 == 4",
            [("branch", "size(blockers) : 2", "2 : size(blockers)"), ("arithmetic", "+", "-")],
            id="branches-and-arithmetic",
        ),
        pytest.param(
            "ratio(size(risks), 10, 100 %) >= 80 %",
            [
                ("ratio", "100 %", "99 %"),
                ("ratio", "100 %", "101 %"),
                ("ratio", "80 %", "79 %"),
                ("ratio", "80 %", "81 %"),
                ("boundary", ">=", ">"),
            ],
            id="share",
        ),
        pytest.param(
            "days(as_of, as_of).all(d, d.starts_at.by(as_of))",
            [("calendar", "days", "workingDays"), ("day-edge", "starts_at", "ends_at")],
            id="days",
        ),
        pytest.param(
            "role_assignments.exists(r, r.from.begins().by(as_of))",
            [("day-edge", "begins", "ends")],
            id="edge-of-a-day",
        ),
        pytest.param(
            "size(risks) > 1.5", [("scale", "1.5", "0.75"), ("scale", "1.5", "3.0")], id="scale"
        ),
        pytest.param("size(risks) > 1 == true", [("literal", "true", "false")], id="truth"),
    ],
)
def test_an_expression_is_changed(
    versions: Callable[..., PolicyVersions], that: str, expected: list[tuple[str, str, str]]
) -> None:
    """What the row names is there; rows for a whole operator name all that there is."""
    read = versions(demand(that, empty="pass")).written
    found = [told(one) for one in mutants_of(read, {"DM": "PO"}) if one.key != "empty"]

    operators = {operator for operator, *_ in expected}
    assert sorted(one for one in found if one[0] in operators) == sorted(expected)


KEYS = """\
params:
  limit: {default: 2 hours, about: How long}
  share: {default: 80 %, about: How much}
  grades: {default: [high, low], about: Which}
  levels: {default: {high: 2}, about: How high}
for: {blocker: blockers}
empty: not_applicable
when: blocker.raised_at != null
at: blocker.raised_at
due: blocker.raised_at.plus(params.limit)
effective: {from: 2026-01-01}
attest: {by: [DM, PO], valid_for: 365 days}
require:
  - that: blocker.severity in params.grades
    say: Not so.
  - that: "!escalated() || ratio(1, 2, 100 %) > params.share || params.levels.high > 1"
    empty: fail
    say: Not so.
define:
  escalated(): blocker.escalations.all(e, isLate(e.at, as_of))
"""
DEFINE = "blocker.escalations.all(e, isLate(e.at, as_of))"
TURNED = f"!{DEFINE}"


def test_everything_else_is_changed(versions: Callable[..., PolicyVersions]) -> None:
    """Keys are left out, other values of parameters and of `empty` are tried, each at its own place."""
    read = versions(KEYS, PACK).written
    beside = {"when", "at", "due", "require[0].that", "require[1].that", "define.escalated"}

    found = [
        (one.location.line, one.key, *told(one))
        for one in mutants_of(read, {"DM": "PO"})
        if one.key not in beside or one.operator == "key-dropped"
    ]

    second = "!escalated() || ratio(1, 2, 100 %) > params.share || params.levels.high > 1"
    assert sorted(found) == sorted(
        [
            (8, "params.limit", "off-by-one", "2 hours", "3 hours"),
            (8, "params.limit", "span", "2 hours", "4 hours"),
            (8, "params.limit", "span", "2 hours", "1 hour"),
            (8, "params.limit", "span", "2 hours", "2 working hours"),
            (9, "params.share", "ratio", "80 %", "81 %"),
            (9, "params.share", "ratio", "80 %", "79 %"),
            (10, "params.grades", "literal", "high", "critical"),
            (10, "params.grades", "member-dropped", "high", ""),
            (10, "params.grades", "literal", "low", "medium"),
            (10, "params.grades", "member-dropped", "low", ""),
            (11, "params.levels", "off-by-one", "high: 2", "3"),
            (11, "params.levels", "off-by-one", "high: 2", "1"),
            (13, "empty", "empty", "not_applicable", "pass"),
            (13, "empty", "empty", "not_applicable", "fail"),
            (13, "empty", "empty", "not_applicable", "inconclusive"),
            (14, "when", "key-dropped", "when: blocker.raised_at != null", ""),
            (15, "at", "key-dropped", "at: blocker.raised_at", ""),
            (16, "due", "key-dropped", "due: blocker.raised_at.plus(params.limit)", ""),
            (17, "effective", "key-dropped", "effective: {from: 2026-01-01}", ""),
            (18, "attest", "key-dropped", "attest: {by: [DM, PO], valid_for: 365 days}", ""),
            (18, "attest.by", "member-dropped", "DM", ""),
            (18, "attest.by", "member-dropped", "PO", ""),
            (18, "attest.valid_for", "off-by-one", "365 days", "366 days"),
            (18, "attest.valid_for", "span", "365 days", "730 days"),
            (18, "attest.valid_for", "span", "365 days", "182 days"),
            (18, "attest.valid_for", "span", "365 days", "365 working days"),
            (20, "require[0]", "clause-dropped", "blocker.severity in params.grades", ""),
            (22, "require[1]", "clause-dropped", second, ""),
            (23, "require[1].empty", "empty", "fail", "pass"),
            (23, "require[1].empty", "empty", "fail", "not_applicable"),
            (23, "require[1].empty", "empty", "fail", "inconclusive"),
        ]
    )


def test_every_operator_is_tried_here() -> None:
    """A new operator has a row above."""
    text = Path(__file__).read_text(encoding="utf-8")

    assert [name for name in OPERATORS if f'"{name}"' not in text] == []


def test_words_of_a_pack_are_changed_when_asked(versions: Callable[..., PolicyVersions]) -> None:
    """Those that the policy uses, in the pack's own file; words that it does not use are let be."""
    read = versions(KEYS, PACK).written
    own = [told(one) for one in mutants_of(read, {})]

    shared = [one for one in mutants_of(read, {}, words=True) if told(one) not in own]

    assert [(str(one.location), one.key, *told(one)) for one in shared] == [
        ("p/pack.yaml:3:22", "define.isLate", "negation", "at.after(limit)", "!at.after(limit)"),
        ("p/pack.yaml:3:25", "define.isLate", "boundary", "after", "at or after"),
        ("p/pack.yaml:3:25", "define.isLate", "direction", "after", "by"),
    ]


def test_a_definition_is_changed_where_it_is_written(
    versions: Callable[..., PolicyVersions],
) -> None:
    """Its body has the types of a call of it, and the change stands in it."""
    read = versions(KEYS, PACK).written

    found = [one for one in mutants_of(read, {}) if one.key == "define.escalated"]

    assert {(told(one), one.draft.define[0].body.text) for one in found} == {
        (("negation", DEFINE, TURNED), TURNED),
        (("quantifier", "all", "exists"), DEFINE.replace("all", "exists")),
        (
            ("negation", "isLate(e.at, as_of)", "!isLate(e.at, as_of)"),
            DEFINE.replace("isLate", "!isLate"),
        ),
    }


def test_what_the_checker_refuses_cannot_be_compiled(
    versions: Callable[..., PolicyVersions],
) -> None:
    """Without its guard an ordering meets a null: the author would be told, so no case has to notice."""
    known = versions(demand(f"{STARTED} == null || {STARTED} < as_of"))
    unguarded = [
        one for one in mutants_of(known.written, {}) if one.operator == "null-guard-dropped"
    ]

    with pytest.raises(ErrorGroup) as refused:
        known.plan(unguarded[0].draft)

    assert [error.slug for error in refused.value.errors] == ["policy-unguarded-null"]
    place = refused.value.errors[0].location
    assert place is not None
    assert place.line == 9


def expressions(draft: PolicyDraft) -> list[ScalarNode]:
    """Return the texts of a policy that are expressions."""
    nodes = [draft.when, draft.at, draft.due]
    nodes += [node for _, node in (*draft.let, *draft.subjects)]
    nodes += [clause.that for clause in draft.require]
    nodes += [word.body for word in draft.define]
    return [node for node in nodes if node is not None]


def test_changes_to_shipped_policies_are_sentences_of_the_language() -> None:
    """Each can be parsed: what a change cuts out or puts in never breaks the text around it."""
    texts, _ = read_texts([packaged_folder()])
    roots, known = Roots(snapshot_models()), functions()
    broken, seen = [], 0
    for text in texts:
        if is_pack(text):
            continue
        compiled = PolicyVersions(
            text, [one for one in texts if serves(one, text)], roots=roots, functions=known
        )
        written = {id(node) for node in expressions(compiled.written.draft)}
        for mutant in mutants_of(compiled.written, {}):
            for node in expressions(mutant.draft):
                if id(node) not in written:
                    seen += 1
                    try:
                        parse(node.text)
                    except CelSyntaxErrors as error:
                        broken.append((str(mutant.location), told(mutant), str(error)))

    assert broken == []
    assert seen > len(texts)
