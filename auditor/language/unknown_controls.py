"""
Which policies name a control that is in no catalogue?

A control may be of a framework of which no catalogue is there: then nobody can say. It is wrong where there is one
of its framework, by what its id begins with, or where the policy's own pack has one.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from auditor.documents.nodes import ScalarNode, SequenceNode
from auditor.model.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from auditor.language.policy_draft import PolicyDraft
    from auditor.model.catalogue import Catalogue


def unknown_controls(
    policies: Iterable[PolicyDraft], catalogues: Sequence[Catalogue]
) -> list[PolicyError]:
    """Return an error for each control that a policy names and no catalogue has, at the place of its name."""
    known = {control.id for catalogue in catalogues for control in catalogue.controls}
    prefixes = tuple(catalogue.prefix for catalogue in catalogues)
    packs = {catalogue.pack for catalogue in catalogues}
    found = []
    for policy in policies:
        named = policy.root.get("controls")
        for node in named.items if isinstance(named, SequenceNode) else ():
            if not isinstance(node, ScalarNode) or node.text in known:
                continue
            if node.text.startswith(prefixes) or policy.pack in packs:
                found.append(_unknown(node, known))
    return found


def _unknown(node: ScalarNode, known: Collection[str]) -> PolicyError:
    # Only proposed: the control with the next number differs by one sign as well, and is decided otherwise.
    near = get_close_matches(node.text, sorted(known), n=1)
    listed = "`auditor policy coverage --controls` lists them"
    return PolicyError(
        f"no catalogue has a control '{node.text}'",
        hint=f"did you mean '{near[0]}'?" if near else listed,
        location=node.location,
        excerpt=node.excerpt,
        slug="policy-unknown-control",
    )
