"""
Is each expression of a policy meaningful in its place?

Every expression is parsed and checked here with the names that are in force where it stands, and kept with its
place: what is said later of all of them together can be shown in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.facts.types import DYN, ScalarType, Type, unwrap
from auditor.language.cel.checker import CheckErrors, check
from auditor.language.cel.constants import constant_faults
from auditor.language.cel.diagnostics import with_article
from auditor.language.cel.narrowing import NONE, Path
from auditor.language.expression_places import located, parsed
from auditor.language.extent import MAX_DEPTH, MAX_PARTS, Extents
from auditor.language.plan import Sentence
from auditor.language.template import Hole, TemplateFault, split_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.documents.nodes import ScalarNode
    from auditor.language.cel.ast import Expr
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.cel.checker import Definition
    from auditor.language.cel.diagnostics import Diagnostic
    from auditor.language.registry import Functions
    from auditor.model.errors import AuditorError, PolicyError


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a place of a policy takes."""

    types: frozenset[Type]
    what: str
    """As a sentence names it: ``an instant``."""
    hint: str
    null: bool = True
    """Whether it may be null."""


@dataclass(frozen=True, slots=True, eq=False)
class PlacedExpr:
    """A checked expression, and where it stands in the file."""

    node: ScalarNode
    checked: CheckedExpr
    offset: int = 0
    """Where its text begins in the text of `node`: not at the beginning if it is a hole of a sentence."""

    def error(self, found: Diagnostic) -> PolicyError:
        """Return what is wrong with a part of the expression, placed in the file."""
        span = (self.offset + found.start, self.offset + found.end)
        return located(
            self.node, found.slug, found.message, found.hint, span, instead=found.instead
        )


class PolicyExpressions:
    """
    Parses and checks the expressions of one policy.

    Args:
        variables: Types of the names in force; extended while the policy is read.
        functions: What may be called.
        definitions: The ``define`` names in force.
        errors: Takes what is wrong.
    """

    def __init__(
        self,
        variables: dict[str, Type],
        functions: Functions,
        definitions: Mapping[str, Definition],
        errors: list[AuditorError],
    ) -> None:
        self.variables = variables
        self.aliases: dict[str, Path] = {}
        """Names that stand for a path."""
        self.extents = Extents({}, definitions)
        self.parsed: list[Expr] = []
        """All that could be parsed, meaningful or not."""
        self.undeclared: set[str] = set()
        """Names that they use and that nothing declares."""
        self.unread: list[str] = []
        """Texts that are no expressions; which names they use is not known."""
        self.placed: list[PlacedExpr] = []
        """What was found to be meaningful."""
        self.is_guarded = True
        """Whether what guards the expressions is known; where it is not, none is asked for another guard."""
        self._told_of_words: set[tuple[str, str]] = set()
        self._functions = functions
        self._definitions = definitions
        self._errors = errors

    def parse(self, node: ScalarNode | None) -> Expr | None:
        """Parse the expression in *node*."""
        return self._parse(node, node.text, 0) if node is not None else None

    def _parse(self, node: ScalarNode, text: str, offset: int) -> Expr | None:
        expr = parsed(node, self._errors, text, offset)
        if expr is None:
            self.unread.append(text)
            return None
        self.parsed.append(expr)
        self._errors.extend(
            located(
                node,
                found.slug,
                found.message,
                found.hint,
                (offset + found.start, offset + found.end),
            )
            for found in constant_faults(expr, text, self._functions)
        )
        return expr

    def read(
        self, node: ScalarNode | None, wanted: Wanted | None, known: frozenset[Path] = NONE
    ) -> CheckedExpr | None:
        """Parse and check the expression in *node*."""
        return self.check(node, self.parse(node), wanted, known)

    def check(
        self,
        node: ScalarNode | None,
        expr: Expr | None,
        wanted: Wanted | None,
        known: frozenset[Path] = NONE,
        *,
        offset: int = 0,
    ) -> CheckedExpr | None:
        """
        Check a parsed expression and its type.

        Args:
            node: Where it stands.
            expr: What was parsed; None where that failed.
            wanted: What the place takes; None for anything.
            known: Paths that cannot be null here.
            offset: Where the expression begins in the text of *node*.
        """
        if node is None or expr is None:
            return None
        if self.extents.of(expr).is_too_large:
            message = "this is too deep or too large with all the names that it uses"
            hint = f"at most {MAX_DEPTH} levels inside each other, and {MAX_PARTS} parts"
            self._errors.append(
                located(node, "too-large", message, hint, (offset, offset + expr.end))
            )
            return None
        text = node.text[offset:] if offset else node.text
        try:
            checked = check(
                expr,
                variables=self.variables,
                functions=self._functions,
                text=text,
                definitions=self._definitions,
                known=known,
                aliases=self.aliases,
            )
        except CheckErrors as group:
            for found in group.diagnostics:
                if self._is_told(found):
                    continue
                span = (offset + found.start, offset + found.end)
                self._errors.append(
                    located(
                        node, found.slug, found.message, found.hint, span, instead=found.instead
                    )
                )
                if found.slug == "undeclared-name":
                    self.undeclared.add(text[found.start : found.end])
            return None
        if wanted is not None and not _fits(checked.type, wanted):
            message = f"this must be {wanted.what}, and it is {with_article(checked.type)}"
            span = (offset + expr.start, offset + expr.end)
            self._errors.append(located(node, "wrong-type", message, wanted.hint, span))
            return None
        self.placed.append(PlacedExpr(node, checked, offset))
        return checked

    def _is_told(self, found: Diagnostic) -> bool:
        """Whether a fault follows from one that is told already."""
        if found.slug == "unguarded-null" and not self.is_guarded:
            return True
        if found.word:  # what is wrong with a definition is wrong wherever it is called
            key = (found.slug, found.message)
            is_told = key in self._told_of_words
            self._told_of_words.add(key)
            return is_told
        return False

    def sentence(self, node: ScalarNode, known: frozenset[Path]) -> Sentence | None:
        """Read a ``say``: texts, and holes that are checked like everything else."""
        try:
            split = split_template(node.text)
        except TemplateFault as fault:
            span = (fault.offset, fault.offset + 1)
            self._errors.append(located(node, "say", fault.message, None, span))
            self.unread.append(node.text)
            return None
        parts: list[str | CheckedExpr | None] = []
        for part in split:
            if not isinstance(part, Hole):
                parts.append(part)
            elif part.text.strip() == "failing":
                parts.append(None)
            else:
                expr = self._parse(node, part.text, part.offset)
                parts.append(self.check(node, expr, None, known, offset=part.offset))
        return Sentence(tuple(parts))


def _fits(found: Type, wanted: Wanted) -> bool:
    kind = unwrap(found) if wanted.null else found
    name = kind.name if isinstance(kind, ScalarType) else None
    return kind == DYN or name in {str(allowed) for allowed in wanted.types}
