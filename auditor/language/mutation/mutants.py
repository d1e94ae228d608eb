"""
A policy, changed in every small way that there is.

A mutant is a draft: the policy as it would be read if the change stood in its file. Whether it is meaningful is
for the compiler to say. Sentences (`say`), names (`key`) and persons (`owner`) are not changed: no outcome rests
on them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from auditor.documents.nodes import MappingNode, SequenceNode
from auditor.language.mutation.edit import Written
from auditor.language.mutation.expressions import edits
from auditor.language.mutation.params import changed_params
from auditor.language.mutation.quantities import beside
from auditor.language.policy_draft import Empty
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.documents.nodes import Node, ScalarNode
    from auditor.language.cel.ast import Expr
    from auditor.language.cel.checked import Instance
    from auditor.language.mutation.edit import Edit, Kinds
    from auditor.language.one_policy import ReadPolicy
    from auditor.language.policy_draft import DefineDraft, PolicyDraft


class _Change(Protocol):
    """Puts another node in the place of one."""

    def __call__(
        self, draft: PolicyDraft, key: str, old: ScalarNode, new: ScalarNode
    ) -> PolicyDraft:
        """Return the policy with *new* where *old* stands."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """A policy with one small change in it."""

    operator: str
    key: str
    """Where in the policy: ``require[0].that``, ``let.due``, ``params.limit``, ``empty``."""
    location: Location
    excerpt: str
    """The source line at `location`."""
    was: str
    now: str
    """What it became; empty where it was left out."""
    draft: PolicyDraft
    word: DefineDraft | None = None
    """A word of a pack, as it would be read; the policy itself is unchanged then."""


def mutants_of(read: ReadPolicy, kinds: Kinds, *, words: bool = False) -> tuple[Mutant, ...]:
    """
    Return the policy with every small change, in the order of the file.

    Args:
        read: The policy, without a fault.
        kinds: Texts of one kind, for texts without an enumeration: ``{'DM': 'PO'}``.
        words: Change the words of packs that it uses, too.
    """
    found = [*_Mutants(read, kinds).all(words=words)]
    found.sort(key=lambda mutant: _order(mutant, read.draft.path))
    unique: dict[tuple[object, ...], Mutant] = {}
    for mutant in found:
        unique.setdefault(
            (mutant.operator, mutant.key, mutant.location, mutant.was, mutant.now), mutant
        )
    return tuple(unique.values())


class _Mutants:
    def __init__(self, read: ReadPolicy, kinds: Kinds) -> None:
        self._read = read
        self._draft = read.draft
        self._kinds = kinds
        self._own = {word.name: word for word in read.draft.define}
        self._checked = {id(one.node): one.checked for one in read.expressions}
        self._bodies = dict(_bodies(read))

    def all(self, *, words: bool) -> Iterator[Mutant]:
        """Yield every mutant."""
        draft = self._draft
        for subject, node in draft.subjects:
            yield from self._of_expression(f"for.{subject}", node, _with_subject)
        for key, expression in (("when", draft.when), ("at", draft.at), ("due", draft.due)):
            if expression is not None:
                yield from self._of_expression(key, expression, _with_key)
                yield self._without(key, _with(draft, key, None))
        for name, node in draft.let:
            yield from self._of_expression(f"let.{name.text}", node, _with_let)
        for index, clause in enumerate(draft.require):
            yield from self._of_expression(f"require[{index}].that", clause.that, _with_clause)
            if len(draft.require) > 1:
                rest = (*draft.require[:index], *draft.require[index + 1 :])
                changed = replace(draft, require=rest)
                was = " ".join(clause.that.text.split())
                yield self._at(
                    ("clause-dropped", f"require[{index}]"), clause.that, was, "", changed
                )
        for called, word in self._own.items():
            yield from self._of_word(f"define.{called}", word)
        yield from self._of_empty()
        yield from self._of_the_rest()
        if words:
            yield from self._of_packs()

    # ----- expressions

    def _of_expression(self, key: str, node: ScalarNode, change: _Change) -> Iterator[Mutant]:
        checked = self._checked.get(id(node))
        if checked is None:
            return
        written = Written(node, checked.expr, checked.types, checked.instances)
        for edit in edits(written, self._kinds):
            changed = change(self._draft, key, node, _edited(node, edit))
            yield self._of_edit(key, node, edit, changed)

    def _of_edit(
        self,
        key: str,
        node: ScalarNode,
        edit: Edit,
        draft: PolicyDraft,
        word: DefineDraft | None = None,
    ) -> Mutant:
        start, last = node.location_at(edit.mark[0]), node.location_at(edit.mark[1] - 1)
        end = last.column + 1 if last.line == start.line else None
        place = Location(start.path, start.line, start.column, end)
        excerpt = node.excerpt_at(edit.mark[0])
        return Mutant(edit.operator, key, place, excerpt, edit.was, edit.now, draft, word)

    def _of_word(self, key: str, word: DefineDraft) -> Iterator[Mutant]:
        """Yield the changes of a definition; one that nothing calls has no types, and none is made."""
        if word.name not in self._bodies:
            return
        expr, instance = self._bodies[word.name]
        body = instance.body
        written = Written(word.body, expr, body.types, body.instances)
        for edit in edits(written, self._kinds):
            changed = replace(word, body=_edited(word.body, edit))
            if word.name in self._own:
                define = tuple(changed if one is word else one for one in self._draft.define)
                yield self._of_edit(key, word.body, edit, replace(self._draft, define=define))
            else:
                yield self._of_edit(key, word.body, edit, self._draft, changed)

    def _of_packs(self) -> Iterator[Mutant]:
        for name, (_, word) in self._read.words.items():
            if name not in self._own:
                yield from self._of_word(f"define.{name}", word)

    # ----- everything else

    def _of_empty(self) -> Iterator[Mutant]:
        draft = self._draft
        if draft.empty is not None:
            for other in Empty:
                if other is not draft.empty:
                    yield self._at(
                        ("empty", "empty"),
                        _under(draft.root, "empty"),
                        draft.empty.value,
                        other.value,
                        replace(draft, empty=other),
                    )
        clauses = draft.root.get("require")
        for index, clause in enumerate(draft.require):
            if clause.empty is None or not isinstance(clauses, SequenceNode):
                continue
            for other in Empty:
                if other is not clause.empty:
                    changed = replace(clause, empty=other)
                    require = tuple(changed if one is clause else one for one in draft.require)
                    yield self._at(
                        ("empty", f"require[{index}].empty"),
                        _under(clauses.items[index], "empty"),
                        clause.empty.value,
                        other.value,
                        replace(draft, require=require),
                    )

    def _of_the_rest(self) -> Iterator[Mutant]:
        draft = self._draft
        written = [
            Written(one.node, one.checked.expr, one.checked.types, one.checked.instances)
            for one in self._read.expressions
        ]
        for operator, param, changed, was, now in changed_params(draft, written, self._kinds):
            params = tuple(changed if one is param else one for one in draft.params)
            place = (operator, f"params.{param.name}")
            yield self._at(place, param.node, was, now, replace(draft, params=params))
        if draft.effective != (None, None):
            yield self._without("effective", replace(draft, effective=(None, None)))
        attest = draft.attest
        if attest is None:
            return
        node = _under(draft.root, "attest")
        if draft.require:
            yield self._without("attest", replace(draft, attest=None))
        for operator, length in beside(attest.valid_for):
            changed_attest = replace(attest, valid_for=length)
            yield self._at(
                (operator, "attest.valid_for"),
                _under(node, "valid_for"),
                str(attest.valid_for),
                str(length),
                replace(draft, attest=changed_attest),
            )
        for role in attest.by if len(attest.by) > 1 else ():
            rest = tuple(one for one in attest.by if one != role)
            changed_attest = replace(attest, by=rest)
            place = ("member-dropped", "attest.by")
            by = _under(node, "by")
            yield self._at(place, by, role, "", replace(draft, attest=changed_attest))

    def _without(self, key: str, draft: PolicyDraft) -> Mutant:
        value = _under(self._draft.root, key)
        name = self._draft.root.get_key(key) or value
        was = value.source.text[value.start : value.end]
        return self._at(("key-dropped", key), name, f"{key}: {' '.join(was.split())}", "", draft)

    def _at(
        self, place: tuple[str, str], node: Node, was: str, now: str, draft: PolicyDraft
    ) -> Mutant:
        operator, key = place
        return Mutant(operator, key, node.location, node.excerpt, was, now, draft)


# ----- where an expression stands


def _with_subject(draft: PolicyDraft, key: str, old: ScalarNode, new: ScalarNode) -> PolicyDraft:
    del key
    subjects = tuple((name, new if node is old else node) for name, node in draft.subjects)
    return replace(draft, subjects=subjects)


def _with_key(draft: PolicyDraft, key: str, old: ScalarNode, new: ScalarNode) -> PolicyDraft:
    del old
    return _with(draft, key, new)


def _with(draft: PolicyDraft, key: str, node: ScalarNode | None) -> PolicyDraft:
    changed: dict[str, Any] = {key: node}
    return replace(draft, **changed)


def _with_let(draft: PolicyDraft, key: str, old: ScalarNode, new: ScalarNode) -> PolicyDraft:
    del key
    return replace(
        draft, let=tuple((name, new if node is old else node) for name, node in draft.let)
    )


def _with_clause(draft: PolicyDraft, key: str, old: ScalarNode, new: ScalarNode) -> PolicyDraft:
    del key
    require = tuple(
        replace(clause, that=new) if clause.that is old else clause for clause in draft.require
    )
    return replace(draft, require=require)


def _order(mutant: Mutant, own: str) -> tuple[bool, str, int, int]:
    place = mutant.location
    return (place.path != own, place.path, place.line, place.column)


def _under(node: Node, key: str) -> Node:
    """Return the value of *key*; what has none stands for it, so that there is a place to show."""
    return (node.get(key) if isinstance(node, MappingNode) else None) or node


def _edited(node: ScalarNode, edit: Edit) -> ScalarNode:
    return node.edited(edit.start, edit.end, edit.new)


def _bodies(read: ReadPolicy) -> Iterator[tuple[str, tuple[Expr, Instance]]]:
    """Yield the definitions that the policy uses, each with what was found out about it at one of its calls."""
    names = {id(found.expr): name for name, (found, _) in read.words.items()}
    pending: list[Mapping[int, Instance]] = [one.checked.instances for one in read.expressions]
    seen: set[int] = set()
    while pending:
        for instance in pending.pop().values():
            expr = instance.body.expr
            name = names.get(id(expr))
            if name is None or id(expr) in seen:
                continue
            seen.add(id(expr))
            yield name, (expr, instance)
            pending.append(instance.body.instances)
