"""
One line after the other of `auditor policy try`: expressions, and the few commands beside them.

A prompt and a file of lines are served by the same session, so that what works in one works in the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from auditor.cli.try_page import (
    bound_line,
    field_lines,
    other_target,
    snapshot_line,
    snapshot_lines,
    subject_lines,
    verdict_lines,
    why_lines,
)
from auditor.cli.try_preview import preview
from auditor.cli.value_page import value_page
from auditor.evaluation.shapes import plain
from auditor.language.completion import Completion, complete
from auditor.language.half_typed import likely_type_of
from auditor.language.values import Failure
from auditor.model.errors import ErrorGroup, UsageProblem, did_you_mean
from auditor.model.outcome import Outcome
from auditor.reporters.layout import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.usecases.trying.trial import Trial

COMMANDS: Final = {
    ":help": ("", "What can be typed."),
    ":fields": (
        "[EXPRESSION]",
        "Fields of what it is, or of its elements; alone, the names in force.",
    ),
    ":let": ("NAME = EXPRESSION", "Give a name to an expression, for this session."),
    ":type": ("EXPRESSION", "Its type, whatever is wrong with it."),
    ":why": ("[EXPRESSION]", "Why it holds or does not; alone, of the last one."),
    ":snapshot": ("[NUMBER]", "Try on another snapshot; alone, what there is."),
    ":policy": ("[ID or FILE]", "Bring the names of a policy in force; alone, its verdicts."),
    ":subject": (
        "[NUMBER or KEY]",
        "Bind the names of `for` to another subject; alone, what there is.",
    ),
    ":quit": ("", "Leave, as Ctrl-D does."),
}
"""What may follow, and what it does."""
_TAKE_EXPRESSIONS: Final = frozenset({":fields", ":type", ":why", ":let"})


class Session:
    """
    Answers lines.

    Args:
        trial: What they are tried on.
        colour: Whether results are shown in colours.
    """

    def __init__(self, trial: Trial, *, colour: bool) -> None:
        self.trial = trial
        self.has_broken = False
        """Whether an expression broke while it was evaluated."""
        self.is_over = False
        """Whether it was asked to end."""
        self._colour = colour
        self._last = ""

    def opening(self) -> Iterator[str]:
        """Yield what is tried, and what the policy says of it."""
        yield snapshot_line(self.trial)
        yield from self.verdicts()

    def verdicts(self) -> Iterator[str]:
        """Yield what the policy says of the chosen snapshot; nothing without one."""
        result = self.trial.verdicts()
        if result is None:
            yield from other_target(self.trial)
            return
        outcomes = {verdict.outcome for verdict in result.verdicts}
        self.has_broken = self.has_broken or Outcome.ERROR in outcomes
        yield from verdict_lines(result, colour=self._colour)
        yield from bound_line(self.trial)

    def answer(self, line: str) -> Iterator[str]:
        """
        Yield the answer to a line.

        Raises:
            AuditorError: It is wrong, or asks for something that there is not.
        """
        line = line.strip()
        if not line:
            return
        if line.startswith(":"):
            yield from self._command(line)
            return
        tried = self.trial.value(line)
        self._last = line
        self.has_broken = self.has_broken or isinstance(plain(tried.value), Failure)
        yield from value_page(tried, colour=self._colour)

    # ----- commands

    def _command(self, line: str) -> Iterator[str]:
        name, _, rest = line.partition(" ")
        rest = rest.strip()
        match name:
            case ":help":
                yield from _help()
            case ":fields":
                yield from field_lines(self.trial, rest)
            case ":let":
                yield from self._let(rest)
            case ":type":
                self._demand(name, rest)
                yield from wrap(str(likely_type_of(rest, self.trial.scope)), indent="  ")
            case ":why":
                yield from self._why(rest)
            case ":snapshot":
                yield from self._snapshot(rest)
            case ":policy":
                yield from self._policy(rest)
            case ":subject":
                if rest:
                    self.trial.choose_subject(rest)
                yield from subject_lines(self.trial)
            case ":quit":
                self.is_over = True
            case _:
                msg = f"there is no command '{name}'"
                raise UsageProblem(msg, hint=did_you_mean(name, COMMANDS) or "type :help")

    @staticmethod
    def _demand(name: str, rest: str) -> None:
        if not rest:
            msg = f"{name} wants more"
            raise UsageProblem(msg, hint=f"write {name} {COMMANDS[name][0]}")

    def _let(self, rest: str) -> Iterator[str]:
        name, sign, text = rest.partition("=")
        self._demand(":let", name.strip() and sign and text.strip())
        self.trial.define(name.strip(), text.strip())
        yield from value_page(self.trial.value(name.strip()), colour=self._colour)

    def _why(self, rest: str) -> Iterator[str]:
        text = rest or self._last
        self._demand(":why", text)
        why = self.trial.why(text)
        if why is None:
            yield from value_page(self.trial.value(text), colour=self._colour)
            return
        yield from why_lines(why, colour=self._colour)

    def _snapshot(self, rest: str) -> Iterator[str]:
        if not rest:
            yield from snapshot_lines(self.trial)
            return
        if not rest.isdecimal():
            msg = f"'{rest}' is no number of a snapshot"
            raise UsageProblem(msg, hint=f"choose 1 to {len(self.trial.snapshots)}")
        self.trial.choose_snapshot(int(rest) - 1)
        yield from self.opening()

    def _policy(self, rest: str) -> Iterator[str]:
        if rest:
            self.trial.choose_policy(rest)
        elif self.trial.policy is None:
            self._demand(":policy", rest)
        if self.trial.faults:
            raise ErrorGroup(self.trial.faults)
        yield from self.verdicts()

    # ----- while a line is being typed

    def complete(self, line: str, offset: int) -> tuple[Completion, ...]:
        """Return what can stand at a place of a line."""
        start = _expression_start(line)
        if start is not None and offset >= start:
            found = complete(line[start:], offset - start, self.trial.scope)
            return tuple(
                replace(one, start=one.start + start, end=one.end + start) for one in found
            )
        if " " in line[:offset]:
            return ()
        return tuple(
            Completion(name, "command", argument, about, 0, offset)
            for name, (argument, about) in COMMANDS.items()
            if name.startswith(line[:offset])
        )

    def preview(self, line: str) -> str:
        """Return the type and the value of what is under way in a line."""
        start = _expression_start(line)
        return "" if start is None else preview(self.trial, line[start:])


def _expression_start(line: str) -> int | None:
    """Return where the expression of a line begins; None where it has none."""
    if not line.lstrip().startswith(":"):
        return 0
    name, space, rest = line.partition(" ")
    if name.strip() not in _TAKE_EXPRESSIONS or not space:
        return None
    if name.strip() != ":let":
        return len(name) + 1
    return len(name) + 1 + rest.index("=") + 1 if "=" in rest else None


def _help() -> Iterator[str]:
    yield from wrap(
        "An expression, as a policy writes it: risks.filter(r, r.owner == null)", indent="  "
    )
    for name, (argument, about) in COMMANDS.items():
        yield from wrap(about, indent=f"  {f'{name} {argument}':26}  ", hang=" " * 30)
