"""
Which conditions of a policy are settled before anybody looks at a fact?

Expressions are judged in the order in which they are evaluated: what `when` lets through is known of everything
behind it. The words of a pack are judged once, for themselves: what they are called with differs from call to
call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.ast import Ident
from auditor.language.cel.certainty import Certainty, Facts
from auditor.language.cel.checked import CheckedExpr
from auditor.language.cel.conditions import Reader
from auditor.language.cel.constants import constant_faults, constant_in
from auditor.language.policy_expressions import PlacedExpr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.facts.types import Type
    from auditor.language.cel.certainty_remarks import Place, Remark
    from auditor.language.cel.definitions import Definition
    from auditor.language.cel.narrowing import Path
    from auditor.language.policy_draft import PolicyDraft
    from auditor.language.registry import Functions
    from auditor.language.values import Value
    from auditor.language.vocabulary import Vocabulary
    from auditor.model.errors import PolicyError

Said = tuple[list["PolicyError"], list["PolicyError"]]
"""What is wrong, and what is doubtful."""


class CertainConditions:
    """
    Judges the conditions of policies.

    Args:
        functions: What expressions may call.
    """

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._judged: set[Definition] = set()

    def of_words(self, words: Vocabulary) -> Said:
        """Judge the ``define`` names in force, each once however many policies share it."""
        faults: list[PolicyError] = []
        doubts: list[PolicyError] = []
        for definition, draft in words.values():
            if definition in self._judged:
                continue
            self._judged.add(definition)
            reader = Reader(definition.text, {}, {}, {}, {})
            placed = PlacedExpr(draft.body, CheckedExpr(definition.expr, definition.text))
            found = constant_faults(definition.expr, definition.text, self._functions)
            faults.extend(placed.error(fault) for fault in found)
            self._judge(placed, reader, {}, "value", (faults, doubts))
        return faults, doubts

    def of_policy(
        self,
        draft: PolicyDraft,
        placed: Sequence[PlacedExpr],
        variables: Mapping[str, Type],
        aliases: Mapping[str, Path],
    ) -> Said:
        """
        Judge the expressions of one policy.

        Args:
            draft: The policy.
            placed: Its checked expressions, in the order in which they are evaluated.
            variables: Declared types of the names that no guard can change: facts, and names of ``for``.
            aliases: Names that stand for a path.
        """
        said: Said = [], []
        constants = _constants(draft, placed)
        demands = {id(clause.that) for clause in draft.require}
        facts: Facts = {}
        for found in placed:
            checked = found.checked
            reader = Reader(checked.text, checked.types, variables, aliases, constants)
            is_when = found.node is draft.when
            place: Place = "when" if is_when else "value"
            if id(found.node) in demands:
                place = "demand"
            certainty = self._judge(found, reader, facts, place, said)
            if is_when:
                facts = certainty.assume(checked.expr, {}, truth=True, key="when")
        return said

    @staticmethod
    def _judge(
        placed: PlacedExpr, reader: Reader, facts: Facts, place: Place, said: Said
    ) -> Certainty:
        faults, doubts = said
        certainty = Certainty(reader)
        certainty.judge(placed.checked.expr, facts, place)
        remark: Remark
        for remark in certainty.remarks:
            (faults if remark.is_error else doubts).append(placed.error(remark.diagnostic))
        return certainty


def _constants(draft: PolicyDraft, placed: Iterable[PlacedExpr]) -> dict[str, Value]:
    """Return the ``let`` names that stand for a constant."""
    bodies = {id(found.node): found.checked.expr for found in placed}
    found = {}
    for name, node in draft.let:
        expr = bodies.get(id(node))
        value = constant_in(expr) if expr is not None and not isinstance(expr, Ident) else None
        if value is not None:
            found[name.text] = value
    return found
