"""
Where the expressions of a policy stand, and the words that they use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.canonical import digest
from auditor.language.cel.ast import Call, walk
from auditor.language.reads import expressions_of
from auditor.language.text_places import TextPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.documents.nodes import ScalarNode
    from auditor.language.cel.checked import CheckedExpr
    from auditor.language.plan import CompiledPolicy
    from auditor.language.policy_draft import PolicyDraft
    from auditor.language.vocabulary import Vocabulary


def text_places(
    draft: PolicyDraft, vocabulary: Vocabulary, policy: CompiledPolicy
) -> tuple[TextPlace, ...]:
    """
    Return the places of what a verdict of *policy* can rest on: its own expressions and the words it uses.

    Args:
        draft: The policy as it was written.
        vocabulary: Every word that is in force in it.
        policy: The same policy, checked.
    """
    nodes: dict[str, ScalarNode] = {
        **{f"require/{index}": clause.that for index, clause in enumerate(draft.require)},
        **{f"let/{name.text}": node for name, node in draft.let},
    }
    others = {"when": draft.when, "due": draft.due}
    nodes |= {name: node for name, node in others.items() if node is not None}
    nodes |= {f"define/{word}": vocabulary[word][1].body for word in _used(policy)}
    return tuple(
        TextPlace(name, node.location_at(0).path, node.stretches()) for name, node in nodes.items()
    )


def words_digest(vocabulary: Vocabulary, policy: CompiledPolicy) -> str | None:
    """
    Name what the words mean that a checked policy uses, wherever they are defined; None where it uses none.

    Returns:
        ``sha256:`` of the canonical form of their definitions, by name.
    """
    drafts = {word: vocabulary[word][1] for word in _used(policy)}
    if not drafts:
        return None
    return digest(
        {word: [list(draft.parameters), draft.body.text] for word, draft in drafts.items()}
    )


def _used(policy: CompiledPolicy) -> list[str]:
    return sorted({word for checked in expressions_of(policy) for word in _words(checked)})


def _words(checked: CheckedExpr) -> Iterator[str]:
    """Yield the definitions that an expression calls, and those that they call."""
    pending = [checked]
    while pending:
        current = pending.pop()
        if not current.instances:
            continue
        for node in walk(current.expr):
            instance = current.instances.get(node.id)
            if instance is not None and isinstance(node, Call):
                yield node.function
                pending.append(instance.body)
