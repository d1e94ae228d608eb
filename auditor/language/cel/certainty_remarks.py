"""
How to tell an author that a condition has only one answer.

One constructor per remark. Each says what was written, which fact decides it, and what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from auditor.language.cel.diagnostics import Diagnostic

if TYPE_CHECKING:
    from auditor.language.cel.ast import Expr

Place = Literal["when", "demand", "and", "or", "value"]
"""Where a condition stands: what it means that it is certain depends on that."""

_LONGEST: Final = 80
_NO_ERROR: Final = "it changes nothing: leave it out"


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that was passed."""

    text: str
    truth: bool
    """Its answer where something is reached behind it."""
    key: str = ""
    """The key of the policy that asks it; empty where it stands in the same expression."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a condition."""

    diagnostic: Diagnostic
    is_error: bool


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A condition with one answer, and what made it so."""

    node: Expr
    source: str
    truth: bool
    facts: str
    """What is declared of its subject."""
    guard: Guard | None
    """The condition before it that decides; None where what is declared does."""
    is_stated: bool
    """Whether it is about constants alone."""
    asks_for_null: bool
    is_said_again: bool
    """Whether a guard that stands before it decides."""
    repeats: bool
    """Whether that guard is the same condition."""
    may_be_unobserved: bool
    """Whether its subject may be missing from the facts, which makes it unknown."""


def certain(told: Told, place: Place) -> Remark:
    """Remark that a condition has only one answer where it stands."""
    node, always = told.node, _always(told)
    if told.is_stated:
        return Remark(_at(node, "constant", always, _NO_ERROR), is_error=False)
    if told.asks_for_null and told.guard is None:
        return _never_null(told)
    if place == "when" and not told.truth:
        message = f"no clause is ever reached, because {always}"
        return Remark(_at(node, "unreachable", message, _meant(told)), is_error=True)
    if told.is_said_again and place in {"and", "or"} and told.repeats and not _key(told):
        message = f"`{_short(told.source)}` is said twice"
        return Remark(_at(node, "repeated", message, _NO_ERROR), is_error=False)
    if told.is_said_again and told.truth and place in {"and", "value"}:
        return Remark(_at(node, "redundant", always, _NO_ERROR), is_error=False)
    is_settled = place == "demand" and _key(told) == "when"
    if told.truth:
        message = f"this demand is always met, because {always}" if is_settled else always
        hint = "demand what `when` does not ask for already" if is_settled else _meant(told)
        return Remark(_at(node, "always-true", message, hint), is_error=True)
    message = f"this demand is never met, because {always}" if is_settled else always
    return Remark(_at(node, "always-false", message, _meant(told)), is_error=True)


def _key(told: Told) -> str:
    """Return the key of the policy that made the condition certain; empty where none did."""
    return told.guard.key if told.guard else ""


def never_reached(dead: Expr, source: str, told: Told) -> Remark:
    """Remark that a branch of ``? :`` is never taken."""
    message = f"`{_short(source)}` is never reached, because {_always(told)}"
    is_error = not told.is_stated and not told.is_said_again
    hint = _meant(told) if is_error else "leave the test and this branch out"
    return Remark(_at(dead, "unreachable", message, hint), is_error)


def _at(node: Expr, slug: str, message: str, hint: str | None) -> Diagnostic:
    return Diagnostic(slug, message, hint, node.start, node.end)


def _never_null(told: Told) -> Remark:
    answer = "true" if told.truth else "false"
    message = f"{told.facts}, so `{_short(told.source)}` is always {answer}"
    hint = "leave it out; a fact that was not observed is unknown, not null"
    if told.facts.endswith("an optional, which is never null"):
        hint = "ask with hasValue(), or select the field with a plain `.`"
    # Whoever asks whether something is there may want no more than that it was recorded at all.
    is_error = not (told.truth and told.may_be_unobserved)
    return Remark(_at(told.node, "never-null", message, hint), is_error)


def _always(told: Told) -> str:
    answer = "true" if told.truth else "false"
    text = f"`{_short(told.source)}` is always {answer}"
    if told.is_stated:
        return text
    return f"{text}: {told.facts or _behind(told.guard)}"


def _behind(guard: Guard | None) -> str:
    if guard is None:
        return "nothing else is possible"
    answer = "true" if guard.truth else "false"
    if guard.key:
        return f"`{guard.key}` lets nothing through unless `{_short(guard.text)}` is {answer}"
    return f"it is looked at only where `{_short(guard.text)}` is {answer}"


def _meant(told: Told) -> str:
    if told.guard is None:
        return "compare it with what was meant, or leave it out"
    if told.guard.key:
        return f"compare it with what was meant, or change `{told.guard.key}`"
    if told.truth:
        return "if both are demanded, join them with `&&`; otherwise compare with what was meant"
    return "if either will do, join them with `||`; otherwise compare with what was meant"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
