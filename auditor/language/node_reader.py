"""
How the nodes of a file that people write become values: what every such reader does, and how it says what is wrong.

Unknown keys are errors: a typo in a key must never switch a demand off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from auditor.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from auditor.model.errors import AuditorError, ErrorGroup, PolicyError, did_you_mean, slip_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

    from auditor.language.policy_draft import PolicyText
    from auditor.model.errors import Instead

    E = TypeVar("E", bound=StrEnum)


class NodeReader:
    """
    Reads nodes and collects faults, each a `PolicyError` with its place.

    Args:
        text: The file.
    """

    def __init__(self, text: PolicyText) -> None:
        self._text = text
        self._errors: list[AuditorError] = []

    def _fault(
        self,
        node: Node,
        slug: str,
        message: str,
        hint: str | None = None,
        instead: Instead | None = None,
    ) -> None:
        self._errors.append(
            PolicyError(
                message,
                hint=hint,
                location=node.location,
                excerpt=node.excerpt,
                slug=f"policy-{slug}",
                instead=instead,
            )
        )

    def _finish(self) -> None:
        if self._errors:
            raise ErrorGroup(self._errors)

    def _mapping(self, node: Node | None, what: str) -> MappingNode | None:
        if node is None or isinstance(node, MappingNode):
            return node
        hint = "write one name and its value below the other, e.g. title: A risk has no owner"
        self._fault(node, "wrong-kind", f"{what} must be a mapping of names to values", hint)
        return None

    def _keys(self, node: MappingNode, known: Iterable[str], owner: str) -> None:
        allowed = tuple(known)
        for key, _ in node.entries:
            if key.text not in allowed:
                hint, instead = did_you_mean(key.text, allowed), slip_of(key.text, allowed)
                message = f"{owner} has no key '{key.text}'"
                self._fault(key, "unknown-key", message, hint, instead)

    def _scalar(self, node: Node | None, what: str) -> ScalarNode | None:
        if node is None:
            return None
        if isinstance(node, ScalarNode) and node.value is not None and node.text.strip():
            return node
        is_blank = isinstance(node, ScalarNode)
        hint = "write it behind the colon" if is_blank else "write one text, not a list or mapping"
        self._fault(node, "wrong-kind", f"{what} must be a text that is not empty", hint)
        return None

    def _string(self, node: Node | None, what: str) -> str:
        found = self._scalar(node, what)
        return " ".join(found.text.split()) if found else ""

    def _strings(self, node: Node | None, what: str) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            self._fault(node, "wrong-kind", f"{what} must be a list")
            return ()
        return tuple(self._string(item, f"each of {what}") for item in node.items)

    def _one_of(self, node: Node | None, kind: type[E], what: str) -> E | None:
        found = self._scalar(node, what)
        if found is None:
            return None
        allowed = [member.value for member in kind]
        if found.text not in allowed:
            hint, instead = did_you_mean(found.text, allowed), slip_of(found.text, allowed)
            message = f"{what} cannot be '{found.text}'"
            self._fault(found, "unknown-value", message, hint, instead)
            return None
        return kind(found.text)
