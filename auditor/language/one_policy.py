"""
Is one policy meaningful as a whole, and what is to be evaluated of it?

The order in which a policy is evaluated decides what a guard protects: `at` and `when` come first, so the
names that they use are checked without the guard that `when` gives to everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from auditor.facts.types import (
    BOOL,
    DYN,
    INT,
    PERIOD,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    ObjectType,
    Type,
    nullable,
)
from auditor.language.attestation import ATTESTATION
from auditor.language.cel.checker import Definition, check, known_where
from auditor.language.cel.narrowing import NONE, Path, path_of
from auditor.language.cel.outline import outline
from auditor.language.cel.parser import parse
from auditor.language.extent import Extents
from auditor.language.let_names import LetNames, names_in
from auditor.language.param_values import shown_value
from auditor.language.plan import CompiledClause, CompiledPolicy
from auditor.language.policy_expressions import PlacedExpr, PolicyExpressions, Wanted
from auditor.language.policy_places import text_places, words_digest
from auditor.language.vacuity import Vacuity
from auditor.language.vocabulary import definitions
from auditor.model.errors import AuditorError, PolicyError, ProfileError
from auditor.model.location import Location
from auditor.model.policy import ClauseSummary, PolicySummary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.documents.nodes import Node, ScalarNode
    from auditor.language.cel.ast import Expr
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.policy_certainty import CertainConditions
    from auditor.language.policy_draft import DefineDraft, PolicyDraft, PolicyText
    from auditor.language.registry import Functions
    from auditor.language.tailoring import TailoredPolicy
    from auditor.language.vocabulary import Vocabulary
    from auditor.model.tailoring import Written


_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_INSTANT: Final = Wanted(
    frozenset({TIMESTAMP}), "an instant", "of a day, say which instant: day.begins() or day.ends()"
)
_CONDITION: Final = Wanted(
    frozenset({BOOL}),
    "true or false",
    "compare it with something, or ask whether it is there",
    null=False,
)
_NAME: Final = Wanted(
    frozenset({STRING, INT}), "a text", "name a field such as `id`, or string(...)"
)
_PERSON: Final = Wanted(frozenset({STRING}), "a text", "name the field that holds the person's id")

IN_SCOPE: Final = "inScope"
"""The shared word that tells whether a project is in scope; see policies/pack.yaml."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadPolicy:
    """A policy as far as it could be understood."""

    draft: PolicyDraft
    policy: CompiledPolicy
    """Without what could not be checked."""
    expressions: tuple[PlacedExpr, ...]
    words: Vocabulary
    """The ``define`` names in force, its own among them."""
    parsed: tuple[Expr, ...]
    """All its expressions, those that are not meaningful among them."""
    is_whole: bool
    """Whether every expression could be parsed."""
    facts: frozenset[str]
    """The names that it finds: those of the snapshot, `as_of`, `period`, `params`."""
    doubts: tuple[PolicyError, ...]
    """What is said twice, or to no purpose, in its conditions: no error."""


def _cycle_message(cycle: Sequence[str]) -> str:
    chain = ", ".join(f"'{name}'" for name in cycle)
    return f"these names need each other: {chain}"


def _unread(word: DefineDraft) -> Definition:
    """Return a definition of which nothing is known but how it is called."""
    body = parse("dyn(null)")
    return Definition(word.name, word.parameters, body, "", outline(body))


class PolicyCompiler:
    """
    Checks one policy.

    Args:
        draft: The policy as it was written.
        root: Type of the snapshots that it judges, whose fields are the variables.
        functions: What its expressions may call.
        vocabulary: The shared words that are in force in it.
    """

    def __init__(
        self,
        draft: PolicyDraft,
        root: ObjectType,
        functions: Functions,
        vocabulary: Vocabulary,
    ) -> None:
        self.errors: list[AuditorError] = []
        self._draft = draft
        self._functions = functions
        own = definitions(draft.define, functions, vocabulary, self.errors)
        self._vocabulary = {**vocabulary, **own}
        # What cannot be parsed is told once, and not again wherever it is called.
        unread = {word.name: _unread(word) for word in draft.define}
        read = {name: definition for name, (definition, _) in self._vocabulary.items()}
        self._definitions = unread | read
        self._variables: dict[str, Type] = {
            **{name: field.type for name, field in root.fields.items()},
            "as_of": TIMESTAMP,
            "period": PERIOD,
            "params": ObjectType(
                "params",
                {p.name: Field(p.type, required=True, about=p.about) for p in draft.params},
            ),
        }
        self._declared = frozenset(self._variables)
        """Names whose types no guard changes."""
        if draft.attest is not None:
            self._variables["attestation"] = nullable(ATTESTATION)
        self.expressions = PolicyExpressions(
            self._variables, functions, self._definitions, self.errors
        )

    # ----- one policy

    def compile(
        self, text: PolicyText, tailored: TailoredPolicy, certain: CertainConditions
    ) -> ReadPolicy:
        """Check every expression of the policy, in the order in which they are evaluated."""
        draft = self._draft
        subjects = self._subjects()
        scope = self._scope(tailored.exempted)
        expressions = self.expressions
        key = expressions.read(draft.key, _NAME)
        bodies = self._let_bodies()
        let_exprs = {name: expr for name, (_, expr) in bodies.items()}
        names = LetNames(let_exprs, self._definitions)
        expressions.extents = Extents(let_exprs, self._definitions)
        at_node, when_node = expressions.parse(draft.at), expressions.parse(draft.when)
        early = names.reachable([node for node in (at_node, when_node) if node])
        order = names.in_order()
        if names.cycle:
            hint = "let one of them do without the others"
            self._fault(bodies[names.cycle[0]][0], "cyclic-let", _cycle_message(names.cycle), hint)
            for name in names.cycle:  # they are declared, and what they stand for nobody can say
                self._variables[name] = DYN
                expressions.aliases.pop(name, None)
        let = {name: self._checked_let(name, bodies, NONE) for name in order if name in early}
        at = expressions.check(draft.at, at_node, _INSTANT)
        when = expressions.check(draft.when, when_node, _CONDITION)
        expressions.is_guarded = draft.when is None or when is not None
        known = known_where(when, expressions.aliases) if when is not None else NONE
        let |= {name: self._checked_let(name, bodies, known) for name in order if name not in early}
        due = expressions.read(draft.due, _INSTANT, known)
        owner = expressions.read(draft.owner, _PERSON, known)
        # Demands are looked at only where a word is in force.
        vouched = known if draft.attest is None else known | {("attestation",)}
        clauses = self._clauses(bodies, vouched)
        self._unused()
        policy = CompiledPolicy(
            summary=self._summary(text, tailored),
            params=tailored.params,
            subjects=subjects,
            key=key,
            at=at,
            scope=scope,
            when=when,
            due=due,
            owner=owner,
            let=tuple((name, let[name]) for name in order if let[name] is not None),  # type: ignore[misc]
            clauses=clauses,
            empty=draft.empty,
            attest=draft.attest,
            effective=draft.effective,
        )
        if not self.errors:  # what is wrong is never evaluated
            policy = replace(
                policy,
                places=text_places(draft, self._vocabulary, policy),
                summary=replace(policy.summary, words=words_digest(self._vocabulary, policy)),
            )
        doubts = self._certain(certain, subjects)
        return ReadPolicy(
            draft,
            policy,
            tuple(expressions.placed),
            self._vocabulary,
            tuple(expressions.parsed),
            not expressions.unread and self._vocabulary.keys() >= self._definitions.keys(),
            self._declared,
            doubts,
        )

    def _certain(
        self, certain: CertainConditions, subjects: Iterable[tuple[str, CheckedExpr]]
    ) -> tuple[PolicyError, ...]:
        """Judge the conditions; return what is doubtful of them."""
        names = {*self._declared, *(name for name, _ in subjects)}
        declared = {name: found for name, found in self._variables.items() if name in names}
        expressions = self.expressions
        doubts: list[PolicyError] = []
        for faults, doubted in (
            certain.of_words(self._vocabulary),
            certain.of_policy(self._draft, expressions.placed, declared, expressions.aliases),
        ):
            self.errors.extend(faults)
            doubts.extend(doubted)
        return tuple(doubts)

    def _scope(self, exempted: Written | None) -> CheckedExpr | None:
        """Compile whether the project is in scope, where a valid exclusion exempts from this pack, too."""
        if exempted is None or self._draft.target != "project":
            return None
        if IN_SCOPE not in self._definitions:
            message = (
                f"the pack '{self._draft.pack}' has no word '{IN_SCOPE}' that tells who is in scope"
            )
            hint = "define it in the pack.yaml that is shared by all packs"
            self.errors.append(
                ProfileError(
                    message, hint=hint, location=exempted.location, excerpt=exempted.excerpt
                )
            )
            return None
        text = f"{IN_SCOPE}()"
        return check(
            parse(text),
            variables=self._variables,
            functions=self._functions,
            text=text,
            definitions=self._definitions,
        )

    def _summary(self, text: PolicyText, tailored: TailoredPolicy) -> PolicySummary:
        draft = self._draft
        return PolicySummary(
            id=draft.id,
            title=draft.title,
            why=draft.why,
            fix=draft.fix,
            controls=draft.controls,
            severity=tailored.severity,
            pack=draft.pack,
            target=draft.target,
            digest=f"sha256:{sha256(text.data).hexdigest()}",
            location=Location(draft.path, 1),
            clauses=tuple(
                ClauseSummary(" ".join(clause.that.text.split()), clause.that.location)
                for clause in draft.require
            ),
            params=tuple((name, shown_value(value)) for name, value in tailored.params),
            changes=tailored.changes,
            formerly=draft.formerly,
        )

    def _fault(self, node: Node, slug: str, message: str, hint: str | None = None) -> None:
        self.errors.append(
            PolicyError(
                message,
                hint=hint,
                location=node.location,
                excerpt=node.excerpt,
                slug=f"policy-{slug}",
            )
        )

    # ----- subjects

    def _subjects(self) -> tuple[tuple[str, CheckedExpr], ...]:
        draft = self._draft
        found = []
        for name, node in draft.subjects:
            self._claim(name, node)
            checked = self.expressions.read(node, None)
            element: Type = DYN
            if checked is not None:
                if isinstance(checked.type, ListType):
                    element = checked.type.element
                elif checked.type != DYN:
                    self._fault(node, "not-a-list", f"'for' wants a list, not a {checked.type}")
                found.append((name, checked))
            self._variables[name] = element
        if draft.subjects and draft.empty is None:
            node = draft.subjects[0][1]
            hint = "add `empty: pass`, `fail`, `not_applicable` or `inconclusive`"
            self._fault(node, "empty", "nothing says what it means that there is no subject", hint)
        return tuple(found)

    def _claim(self, name: str, node: Node) -> None:
        if name in self._variables:
            hint = "choose another name"
            self._fault(node, "name-taken", f"'{name}' already means something else here", hint)

    # ----- let

    def _let_bodies(self) -> dict[str, tuple[ScalarNode, Expr | None]]:
        bodies: dict[str, tuple[ScalarNode, Expr | None]] = {}
        for name, node in self._draft.let:
            self._claim(name.text, name)
            expr = self.expressions.parse(node)
            bodies[name.text] = (node, expr)
            path = path_of(expr, self.expressions.aliases) if expr is not None else None
            if path is not None and path[0] not in bodies:
                self.expressions.aliases[name.text] = path
        return bodies

    def _checked_let(
        self,
        name: str,
        bodies: Mapping[str, tuple[ScalarNode, Expr | None]],
        known: frozenset[Path],
    ) -> CheckedExpr | None:
        node, expr = bodies[name]
        checked = self.expressions.check(node, expr, None, known)
        self._variables[name] = checked.type if checked is not None else DYN
        return checked

    def _unused(self) -> None:
        expressions = self.expressions
        bodies = [definition.expr for definition in self._definitions.values()]
        used = names_in([*expressions.parsed, *bodies])
        for text in expressions.unread:
            used |= set(_WORD.findall(text))
        for name, _ in self._draft.let:
            # Whoever misspells a name has one fault, not that name and one that nothing uses.
            is_meant = any(get_close_matches(name.text, [told]) for told in expressions.undeclared)
            if name.text not in used and not is_meant:
                hint = "use it or leave it out"
                self._fault(name, "unused-let", f"nothing uses the name '{name.text}'", hint)

    # ----- clauses

    def _clauses(
        self,
        bodies: Mapping[str, tuple[ScalarNode, Expr | None]],
        known: frozenset[Path],
    ) -> tuple[CompiledClause, ...]:
        vacuity = Vacuity(
            {name: expr for name, (_, expr) in bodies.items() if expr is not None},
            {name: definition.expr for name, definition in self._definitions.items()},
        )
        clauses = []
        for draft in self._draft.require:
            expr = self.expressions.parse(draft.that)
            that = self.expressions.check(draft.that, expr, _CONDITION, known)
            say = self.expressions.sentence(draft.say, known)
            empty = draft.empty or self._draft.empty
            checkable = expr is not None and not self.expressions.extents.of(expr).is_too_large
            if expr is not None and checkable and empty is None and vacuity.possible(expr):
                hint = (
                    "add `empty: pass`, `fail`, `not_applicable` or `inconclusive` to the clause "
                    "or to the policy"
                )
                message = "this can be true because there is nothing to look at"
                self._fault(draft.that, "empty", message, hint)
            if that is not None and say is not None:
                clauses.append(CompiledClause(that, say, empty))
        return tuple(clauses)
