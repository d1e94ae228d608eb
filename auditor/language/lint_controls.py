"""
Which policies decide a control otherwise than its catalogue says?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.nodes import MappingNode, ScalarNode, SequenceNode
from auditor.language.expression_places import located

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.one_policy import ReadPolicy
    from auditor.model.catalogue import Control
    from auditor.model.errors import PolicyError


def control_warnings(read: ReadPolicy, controls: Mapping[str, Control]) -> Iterator[PolicyError]:
    """
    Find what a policy says otherwise than the catalogue.

    Args:
        read: The policy.
        controls: Those of all catalogues, by id.
    """
    draft = read.draft
    decided = [controls[one] for one in draft.controls if one in controls]
    for node in _listed(draft.root.get("controls")):
        control = controls.get(node.text)
        if control is not None and control.target != draft.target:
            message = (
                f"{control.id} is about a {control.target}, and this policy judges a {draft.target}"
            )
            hint = f"write `target: {control.target}`, or name the control that is meant"
            yield located(node, "control-target", message, hint, (0, len(node.text)))
    attest = draft.root.get("attest")
    may_vouch = {role for control in decided for role in control.attested_by}
    for node in _listed(attest.get("by") if isinstance(attest, MappingNode) else None):
        if may_vouch and node.text not in may_vouch:
            names = ", ".join(control.id for control in decided if control.attested_by)
            message = f"{node.text} may not vouch for {names}: the catalogue names {', '.join(sorted(may_vouch))}"
            hint = "name one of those, or have the catalogue changed by whoever answers for it"
            yield located(node, "control-attest", message, hint, (0, len(node.text)))


def _listed(node: object) -> Iterator[ScalarNode]:
    items = node.items if isinstance(node, SequenceNode) else ()
    yield from (one for one in items if isinstance(one, ScalarNode))
