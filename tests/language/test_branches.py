"""Which parts of a policy its cases have to try, with which answers, and where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from auditor.facts.snapshot import Roots
from auditor.language.branches import boolean_parts
from auditor.language.policy_compiler import read_policies
from auditor.language.policy_draft import PolicyText
from auditor.usecases.read_policies import functions, snapshot_models

if TYPE_CHECKING:
    from auditor.language.branches import BooleanPart

POLICY = """\
id: risk-left-open
title: A risk was left open
why: Risks grow.
controls: [OWN-1]
severity: low
params:
  most: {default: 9.0, about: Score that is allowed}
for: {risk: risks}
empty: pass
define:
  isBig(score): score != null && score > params.most
  nobody(): undecided('nobody knows')
  inTime(at): "timely(risk, at, span('5 working days'))"
LET
require:
  - that: "THAT"
    say: "{risk.id == 'a' ? 'one' : 'other'}."
fix: Close it.
"""
BOTH, TRUE, FALSE = "true or false", "true", "false"


def parts(that: str, let: str = "", pack: str = "") -> list[BooleanPart]:
    """Return the parts of a policy that makes one demand."""
    text = POLICY.replace("THAT", that).replace("LET\n", f"let:\n  {let}\n" if let else "")
    texts = [PolicyText("own/risk-left-open.yaml", "own", text.encode(), "/own")]
    if pack:
        texts.append(PolicyText("own/pack.yaml", "own", pack.encode(), "/own"))
    library = functions()
    read = read_policies(texts, roots=Roots(snapshot_models()), functions=library)
    assert read.errors == ()
    return list(boolean_parts(read.policies[0], library))


def told(found: list[BooleanPart]) -> dict[str, str]:
    """Return by their text the answers that parts can come to."""
    return {
        part.text: BOTH if len(part.answers) > 1 else str(True in part.answers).lower()
        for part in found
    }


@pytest.mark.parametrize(
    ("that", "expected"),
    [
        # Every operand, and the whole; a comparison's own operands are no truths.
        ("risk.id == 'a' && risk.description != 'b'",
         {"risk.id == 'a' && risk.description != 'b'": BOTH, "risk.id == 'a'": BOTH, "risk.description != 'b'": BOTH}),
        # What lint calls certain is no question.
        ("risk.id == 'a' && risk.id != 'b'", {"risk.id == 'a' && risk.id != 'b'": BOTH, "risk.id == 'a'": BOTH}),
        # What is denied says the same as its denial.
        ("!(risk.id == 'a')", {"!(risk.id == 'a')": BOTH}),
        # A constant is not asked for.
        ("risk.id == 'a' || false", {"risk.id == 'a' || false": BOTH, "risk.id == 'a'": BOTH}),
        # True, or nobody knows: false is no answer that there can be. And the other way round.
        ("risk.id == 'a' || undecided('unclear')", {"risk.id == 'a' || undecided('unclear')": TRUE, "risk.id == 'a'": BOTH}),
        ("risk.id == 'a' && undecided('unclear')", {"risk.id == 'a' && undecided('unclear')": FALSE, "risk.id == 'a'": BOTH}),
        ("!(risk.id == 'a' || undecided('unclear'))",
         {"!(risk.id == 'a' || undecided('unclear'))": FALSE, "risk.id == 'a'": BOTH}),
        # Nor is what is left undecided by a word, or by a function that says so of itself.
        ("risk.id == 'a' || nobody()", {"risk.id == 'a' || nobody()": TRUE, "risk.id == 'a'": BOTH}),
        ("inTime(risk.raised_at)",
         {"inTime(risk.raised_at)": TRUE, "timely(risk, at, span('5 working days'))": TRUE}),
        # A branch of a choice.
        ("risk.id == 'a' ? !inTime(risk.raised_at) : undecided('unclear')",
         {"risk.id == 'a' ? !inTime(risk.raised_at) : undecided('unclear')": FALSE, "risk.id == 'a'": BOTH,
          "!inTime(risk.raised_at)": FALSE, "timely(risk, at, span('5 working days'))": TRUE}),
        # Of nothing, all is true and nothing exists; the predicate is asked of each element.
        ("blockers.all(b, b.id == 'a' || undecided('unclear'))",
         {"blockers.all(b, b.id == 'a' || undecided('unclear'))": TRUE,
          "b.id == 'a' || undecided('unclear')": TRUE, "b.id == 'a'": BOTH}),
        ("!blockers.exists(b, b.id == 'a' && undecided('unclear'))",
         {"!blockers.exists(b, b.id == 'a' && undecided('unclear'))": TRUE,
          "b.id == 'a' && undecided('unclear')": FALSE, "b.id == 'a'": BOTH}),
        # The types leave one answer, where a fact is there at all.
        ("project.phase in ['planning', 'execution', 'closing', 'closed', 'cancelled']",
         {"project.phase in ['planning', 'execution', 'closing', 'closed', 'cancelled']": TRUE}),
        # A word is asked as a whole, and its own parts where it is written.
        ("isBig(risk.score)",
         {"isBig(risk.score)": BOTH, "score != null && score > params.most": BOTH, "score != null": BOTH,
          "score > params.most": BOTH}),
    ],
)  # fmt: skip
def test_what_is_asked_for(that: str, expected: dict[str, str]) -> None:
    """Each part once, with the answers that facts can lead to."""
    assert told(parts(that)) == expected


def test_names_come_to_what_stands_behind_them() -> None:
    """A name for what is true or undecided cannot be false either; a variable of a macro is another name."""
    let = "sure: risk.id == 'a' || undecided('unclear')"

    named, hidden = (
        {
            part.location.column: part.answers
            for part in parts(that, let)
            if part.text == "sure" and part.key[0] == "require/0"
        }
        for that in ("sure", "[true, false].exists(sure, sure) && sure")
    )

    assert named == {12: {True}}
    assert hidden == {39: {True, False}, 48: {True}}


def test_sentences_decide_nothing() -> None:
    """What a finding says is not asked for, though there is a choice in it."""
    assert "risk.id == 'a'" not in told(parts("risk.description != 'b'"))


def test_every_key_that_decides() -> None:
    """Whom it judges, from when, whether it applies, and when it is due."""
    text = POLICY.replace("for: {risk: risks}", (
        "for: {risk: \"risks.filter(r, r.id != 'x')\"}\nkey: \"risk.id == 'a' ? 'A' : risk.id\"\n"
        "when: risk.description != 'c'\nat: \"risk.owner == 'd' ? as_of : risk.raised_at\"\n"
        "due: \"risk.owner == 'e' ? as_of : as_of.plus(span('1 days'))\""
    ))  # fmt: skip
    text = text.replace("LET\n", "").replace("THAT", "risk.id != 'z'")
    library = functions()
    source = PolicyText("own/risk-left-open.yaml", "own", text.encode())
    read = read_policies([source], roots=Roots(snapshot_models()), functions=library)

    found = {part.key[0]: part.text for part in boolean_parts(read.policies[0], library)}

    assert read.errors == ()
    assert found == {
        "for/risk": "r.id != 'x'",
        "key": "risk.id == 'a'",
        "when": "risk.description != 'c'",
        "at": "risk.owner == 'd'",
        "due": "risk.owner == 'e'",
        "require/0": "risk.id != 'z'",
    }


def test_places() -> None:
    """In its own file first, what holds another part before it; a shared word stands in the file of its pack."""
    pack = (
        "title: Own\nabout: Words.\ndefine:\n  mine(r): >\n    r.id == 'a'\n    || r.owner == 'b'\n"
    )

    found = parts("!mine(risk)", pack=pack)

    shown = [(str(part.location), part.location.end_column, part.text) for part in found]
    assert shown == [
        ("own/risk-left-open.yaml:15:12", 23, "!mine(risk)"),
        ("own/pack.yaml:5:5", None, "r.id == 'a' || r.owner == 'b'"),
        ("own/pack.yaml:5:5", 16, "r.id == 'a'"),
        ("own/pack.yaml:6:8", 22, "r.owner == 'b'"),
    ]
    assert (found[1].last.line, found[1].last.column) == (6, 21)
    assert found[3].excerpt == "    || r.owner == 'b'"
