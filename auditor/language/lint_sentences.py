"""
Which sentences have a hole in which nothing can ever stand?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.facts.types import NULL
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Literal, children
from auditor.language.cel.narrowing import path_of
from auditor.language.expression_places import located
from auditor.language.template import Hole, TemplateFault, split_template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.one_policy import ReadPolicy
    from auditor.language.policy_draft import ClauseDraft
    from auditor.model.errors import PolicyError


def sentence_warnings(read: ReadPolicy) -> Iterator[PolicyError]:
    """Find holes that are always empty."""
    trees = {id(placed.node): placed.checked for placed in read.expressions}
    bodies = {name: definition.expr for name, (definition, _) in read.words.items()}
    names = {name.text: trees[id(node)].expr for name, node in read.draft.let if id(node) in trees}
    examples = _CounterExamples(names, bodies)
    for clause in read.draft.require:
        that = trees.get(id(clause.that))
        if that is None:
            continue
        if not examples.possible(that.expr, truth=True):
            yield from _failing(clause)
        for placed in read.expressions:
            if placed.node is clause.say:
                message = _nothing(placed.checked, that.expr)
                if message is not None:
                    expr = placed.checked.expr
                    span = (placed.offset + expr.start, placed.offset + expr.end)
                    hint = "leave the hole out, or name something that is known"
                    yield located(clause.say, "empty-hole", message, hint, span)


def _failing(clause: ClauseDraft) -> Iterator[PolicyError]:
    try:
        parts = split_template(clause.say.text)
    except TemplateFault:
        return
    for part in parts:
        if isinstance(part, Hole) and part.text.strip() == "failing":
            message = "`{failing}` lists counter-examples, and this demand has none where it fails"
            hint = "it has some where an `all` is false or an `exists` is true that must not be"
            span = (part.offset, part.offset + len(part.text))
            yield located(clause.say, "empty-hole", message, hint, span)


def _nothing(hole: CheckedExpr, demand: Expr) -> str | None:
    """Tell why nothing can stand in a hole; None where something can."""
    expr = hole.expr
    if hole.type == NULL:
        return 'this is null, so the sentence says "none" here'
    if isinstance(expr, Call) and expr.function == "undecided":
        return 'this is never known, so the sentence says "not recorded" here'
    match demand:
        case Call(function="_!=_", args=(asked, Literal(value=None))):
            path, wanted = path_of(expr, {}), path_of(asked, {})
            if path is not None and wanted is not None and path[: len(wanted)] == wanted:
                return 'the sentence is said where this is null, so it says "none" here'
    return None


class _CounterExamples:
    """
    Looks for macros whose elements `{failing}` would list.

    Args:
        names: What ``let`` names stand for.
        definitions: Bodies of the ``define`` names.
    """

    def __init__(self, names: Mapping[str, Expr], definitions: Mapping[str, Expr]) -> None:
        self._names = names
        self._definitions = definitions
        self._found: dict[tuple[Expr, bool], bool] = {}

    def possible(self, node: Expr, *, truth: bool) -> bool:
        """Tell whether elements decide that *node* is not *truth*."""
        key = (node, truth)
        if key not in self._found:
            self._found[key] = False  # while it is looked at, for names that need each other
            self._found[key] = self._possible(node, truth=truth)
        return self._found[key]

    def _possible(self, node: Expr, *, truth: bool) -> bool:
        match node:
            case Comprehension(macro="all") if truth:
                return True
            case Comprehension(macro="exists" | "exists_one") if not truth:
                return True
            case Comprehension(macro="all" | "exists" | "exists_one"):
                return any(self.possible(part, truth=truth) for part in node.args)
            case Call(function="!_"):
                return self.possible(node.args[0], truth=not truth)
            case Call(function="_&&_" | "_||_"):
                return any(self.possible(part, truth=truth) for part in node.args)
            case Ident() if node.name in self._names:
                return self.possible(self._names[node.name], truth=truth)
            case Call(target=None) if node.function in self._definitions:
                body = self._definitions[node.function]
                return self.possible(body, truth=truth) or self._below(node)
            case _:
                return self._below(node)

    def _below(self, node: Expr) -> bool:
        return any(self.possible(part, truth=t) for part in children(node) for t in (True, False))
