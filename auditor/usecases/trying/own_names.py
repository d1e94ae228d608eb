"""
Names that somebody gives to expressions while trying: in force for the session, on every snapshot where they mean something.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from auditor.language.lone_expression import checked_alone
from auditor.model.errors import ErrorGroup, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.half_typed import Scope

SHOWN: Final = "expression"
"""What errors call the place where an expression is typed."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class OwnNames:
    """The names of one session, in the order in which they can use each other."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def give(self, name: str, text: str, before: Scope) -> None:
        """
        Give a name to an expression, or another meaning to one of these names.

        Args:
            name: The name.
            text: The expression.
            before: What is in force without these names.

        Raises:
            UsageProblem: It is no name, or one that means something else already.
            ErrorGroup: The expression is wrong.
        """
        if _NAME.fullmatch(name) is None:
            msg = f"'{name}' cannot be a name in an expression"
            raise UsageProblem(msg, hint="use letters, digits and _, not beginning with a digit")
        if name in before.variables:
            msg = f"'{name}' already means something else here"
            raise UsageProblem(msg, hint="choose another name")
        scope = self.scope(before)
        known = {other: found for other, found in scope.variables.items() if other != name}
        checked_alone(text, replace(scope, variables=known), SHOWN)
        old, in_force = self._texts, dict(self.checked(before)).keys() | {name}
        others = {other: found for other, found in old.items() if other != name}
        # In its old place, so that names that use it go on; behind all others where it uses one of those.
        for texts in ({**old, name: text}, {**others, name: text}):
            self._texts = texts
            if in_force <= self.scope(before).variables.keys():
                return
        self._texts = old
        msg = f"'{name}' would stand for itself"
        raise UsageProblem(msg, hint="choose another name")

    def scope(self, before: Scope) -> Scope:
        """Return what is in force with these names."""
        for name, checked in self.checked(before):
            before = replace(before, variables={**before.variables, name: checked.type})
        return before

    def checked(self, before: Scope) -> Iterator[tuple[str, CheckedExpr]]:
        """Yield what the names stand for; one that is wrong on this snapshot, or with this policy, is not there."""
        for name, text in self._texts.items():
            if name in before.variables:
                continue
            with suppress(ErrorGroup):
                checked = checked_alone(text, before, SHOWN)
                yield name, checked
                before = replace(before, variables={**before.variables, name: checked.type})
