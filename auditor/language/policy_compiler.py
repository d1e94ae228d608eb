"""
From the texts of packs to a checked plan, with every fault of every file at once.

The order in which a policy is evaluated decides what a guard protects: `at` and `when` come first, so the
names that they use are checked without the guard that `when` gives to everything else.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

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
    ScalarType,
    Type,
    nullable,
    unwrap,
)
from auditor.language.attestation import ATTESTATION
from auditor.language.cel.ast import Expr, Ident, walk
from auditor.language.cel.checker import CheckErrors, check, known_where
from auditor.language.cel.narrowing import NONE, Path, path_of
from auditor.language.cel.parser import parse
from auditor.language.expression_places import located, parsed
from auditor.language.extent import MAX_DEPTH, MAX_PARTS, Extents
from auditor.language.let_names import LetNames
from auditor.language.param_values import shown_value
from auditor.language.plan import CompiledClause, CompiledPolicy, Plan, Sentence
from auditor.language.policy_parser import parse_policy
from auditor.language.tailoring import TailoredPolicy
from auditor.language.template import Hole, TemplateFault, split_template
from auditor.language.vacuity import Vacuity
from auditor.language.vocabulary import PackWords, definitions, is_pack
from auditor.model.errors import AuditorError, ErrorGroup, PolicyError, ProfileError
from auditor.model.location import Location
from auditor.model.policy import ClauseSummary, PolicySummary
from auditor.model.tailoring import Tailoring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditor.documents.nodes import Node, ScalarNode
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.policy_draft import PolicyDraft, PolicyText
    from auditor.language.registry import Functions
    from auditor.language.vocabulary import Vocabulary
    from auditor.model.tailoring import Written


IN_SCOPE: Final = "inScope"
"""The shared word that tells whether a project is in scope; see policies/pack.yaml."""


def compile_plan(
    texts: Sequence[PolicyText],
    *,
    roots: Mapping[str, ObjectType],
    functions: Functions,
    params: Mapping[str, Mapping[str, Any]] | None = None,
    tailoring: Tailoring | None = None,
) -> Plan:
    """
    Parse and check policy files.

    Args:
        texts: The files; those named ``pack.yaml`` hold what packs mean by their words. Of two policies with
            one id the later one is at fault, so that nobody pushes one out by adding another.
        roots: For each target the type of its snapshots, whose fields are the variables.
        functions: What expressions may call.
        params: Values that replace defaults, as YAML has them, by policy id and parameter: what a case tries.
        tailoring: What replaces values for the whole run; what is wrong with it is told at its own place.

    Raises:
        ErrorGroup: With every fault of every file, located.
    """
    errors: list[AuditorError] = []
    words = PackWords(texts, functions, errors)
    compiled: dict[str, CompiledPolicy] = {}
    for text in texts:
        if is_pack(text):
            continue
        try:
            draft = parse_policy(text)
        except ErrorGroup as group:
            errors.extend(group.errors)
            continue
        except AuditorError as error:
            errors.append(error)
            continue
        compiler = _PolicyCompiler(draft, roots[draft.target], functions, words.of(text))
        tried = (params or {}).get(draft.id, {})
        tailored = TailoredPolicy(draft, tried, tailoring or Tailoring(), errors)
        policy = compiler.compile(text, tailored)
        errors.extend(compiler.errors)
        twin = compiled.get(draft.id)
        if twin is not None:
            errors.append(_twice(draft, twin))
        compiled[draft.id] = policy
    if errors:
        raise ErrorGroup(errors)
    return Plan(tuple(compiled[key] for key in sorted(compiled)), functions)


def _twice(draft: PolicyDraft, twin: CompiledPolicy) -> PolicyError:
    node = draft.root.get("id") or draft.root
    return PolicyError(
        f"the id '{draft.id}' is used by another policy, too",
        hint=f"the other one is {twin.summary.location}; ids are unique over all packs",
        location=node.location,
        excerpt=node.excerpt,
        slug="policy-duplicate-id",
    )


def _cycle_message(cycle: Sequence[str]) -> str:
    chain = ", ".join(f"'{name}'" for name in cycle)
    return f"these names need each other: {chain}"


class _PolicyCompiler:
    """Checks one policy."""

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
        self._definitions = {
            name: definition for name, (definition, _) in {**vocabulary, **own}.items()
        }
        self._variables: dict[str, Type] = {
            **{name: field.type for name, field in root.fields.items()},
            "as_of": TIMESTAMP,
            "period": PERIOD,
            "params": ObjectType(
                "params", {p.name: Field(p.type, required=True) for p in draft.params}
            ),
        }
        if draft.attest is not None:
            self._variables["attestation"] = nullable(ATTESTATION)
        self._aliases: dict[str, Path] = {}
        self._extents = Extents({}, self._definitions)
        self._used: set[str] = set()

    # ----- one policy

    def compile(self, text: PolicyText, tailored: TailoredPolicy) -> CompiledPolicy:
        """Check every expression of the policy, in the order in which they are evaluated."""
        draft = self._draft
        subjects = self._subjects()
        scope = self._scope(tailored.exempted)
        key = self._expression(draft.key, {STRING, INT}, "a text")
        bodies = self._let_bodies()
        let_exprs = {name: expr for name, (_, expr) in bodies.items()}
        names = LetNames(let_exprs, self._definitions)
        self._extents = Extents(let_exprs, self._definitions)
        at_node, when_node = self._parse(draft.at), self._parse(draft.when)
        early = names.reachable([node for node in (at_node, when_node) if node])
        order = names.in_order()
        if names.cycle:
            self._fault(bodies[names.cycle[0]][0], "cyclic-let", _cycle_message(names.cycle))
        let = {name: self._checked_let(name, bodies, NONE) for name in order if name in early}
        at = self._checked(draft.at, at_node, {TIMESTAMP}, "an instant")
        when = self._checked(draft.when, when_node, {BOOL}, "true or false", null=False)
        known = known_where(when, self._aliases) if when is not None else NONE
        let |= {name: self._checked_let(name, bodies, known) for name in order if name not in early}
        due = self._expression(draft.due, {TIMESTAMP}, "an instant", known)
        owner = self._expression(draft.owner, {STRING}, "a text", known)
        # Demands are looked at only where a word is in force.
        vouched = known if draft.attest is None else known | {("attestation",)}
        clauses = self._clauses(bodies, vouched)
        self._unused()
        return CompiledPolicy(
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
        )

    # ----- expressions

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

    def _parse(self, node: ScalarNode | None) -> Expr | None:
        return parsed(node, self.errors) if node is not None else None

    def _expression(
        self, node: ScalarNode | None, wanted: set[Type], what: str, known: frozenset[Path] = NONE
    ) -> CheckedExpr | None:
        return self._checked(node, self._parse(node), wanted, what, known)

    def _checked(
        self,
        node: ScalarNode | None,
        expr: Expr | None,
        wanted: set[Type] | None,
        what: str,
        known: frozenset[Path] = NONE,
        *,
        null: bool = True,
        offset: int = 0,
    ) -> CheckedExpr | None:
        """Check a parsed expression and its type; faults are placed in *node*."""
        if node is None or expr is None:
            return None
        self._used |= {part.name for part in walk(expr) if isinstance(part, Ident)}
        if self._extents.of(expr).is_too_large:
            message = "this is too deep or too large with all the names that it uses"
            hint = f"at most {MAX_DEPTH} levels inside each other, and {MAX_PARTS} parts"
            self._fault(node, "too-large", message, hint)
            return None
        text = node.text[offset:] if offset else node.text
        try:
            checked = check(
                expr,
                variables=self._variables,
                functions=self._functions,
                text=text,
                definitions=self._definitions,
                known=known,
                aliases=self._aliases,
            )
        except CheckErrors as group:
            for found in group.diagnostics:
                span = (offset + found.start, offset + found.end)
                self.errors.append(located(node, found.slug, found.message, found.hint, span))
            return None
        if wanted is not None:
            kind = unwrap(checked.type) if null else checked.type
            name = kind.name if isinstance(kind, ScalarType) else None
            if kind != DYN and name not in {str(allowed) for allowed in wanted}:
                self._fault(node, "wrong-type", f"this must be {what}, and it is a {checked.type}")
                return None
        return checked

    # ----- subjects

    def _subjects(self) -> tuple[tuple[str, CheckedExpr], ...]:
        draft = self._draft
        found = []
        for name, node in draft.subjects:
            self._claim(name, node)
            checked = self._checked(node, self._parse(node), None, "a list")
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
            expr = self._parse(node)
            bodies[name.text] = (node, expr)
            path = path_of(expr, self._aliases) if expr is not None else None
            if path is not None and path[0] not in bodies:
                self._aliases[name.text] = path
        return bodies

    def _checked_let(
        self,
        name: str,
        bodies: Mapping[str, tuple[ScalarNode, Expr | None]],
        known: frozenset[Path],
    ) -> CheckedExpr | None:
        node, expr = bodies[name]
        checked = self._checked(node, expr, None, "", known)
        self._variables[name] = checked.type if checked is not None else DYN
        return checked

    def _unused(self) -> None:
        for definition in self._definitions.values():
            self._used |= {p.name for p in walk(definition.expr) if isinstance(p, Ident)}
        for name, _ in self._draft.let:
            if name.text not in self._used:
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
            expr = self._parse(draft.that)
            that = self._checked(draft.that, expr, {BOOL}, "true or false", known, null=False)
            say = self._sentence(draft.say, known)
            empty = draft.empty or self._draft.empty
            checkable = expr is not None and not self._extents.of(expr).is_too_large
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

    def _sentence(self, node: ScalarNode, known: frozenset[Path]) -> Sentence | None:
        try:
            split = split_template(node.text)
        except TemplateFault as fault:
            span = (fault.offset, fault.offset + 1)
            self.errors.append(located(node, "say", fault.message, None, span))
            return None
        parts: list[str | CheckedExpr | None] = []
        for part in split:
            if not isinstance(part, Hole):
                parts.append(part)
            elif part.text.strip() == "failing":
                parts.append(None)
            else:
                parts.append(self._hole(node, part, known))
        return Sentence(tuple(parts))

    def _hole(self, node: ScalarNode, hole: Hole, known: frozenset[Path]) -> CheckedExpr | None:
        expr = parsed(node, self.errors, hole.text, hole.offset)
        return self._checked(node, expr, None, "", known, offset=hole.offset)
