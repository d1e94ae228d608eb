"""
What do the cases of a policy leave untried?

A case shows what a policy means; one that is missing is a sentence that nobody has read. At least one each for a pass,
for a fail, and for what cannot be decided or does not apply, and one for each edge of its control.

Source: LANGUAGE.md, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from auditor.documents.nodes import ScalarNode, SequenceNode
from auditor.model.errors import PolicyError
from auditor.model.location import Location
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from auditor.documents.nodes import Node
    from auditor.language.cases import CasesFile
    from auditor.language.policy_draft import PolicyDraft
    from auditor.model.catalogue import Control

_WANTED: Final = (
    (frozenset({Outcome.PASS}), "`pass`"),
    (frozenset({Outcome.FAIL}), "`fail`"),
    (
        frozenset({Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE}),
        "`inconclusive` or `not_applicable`",
    ),
)


_NEARLY: Final = 0.8
"""How alike two edges are of which one is a misspelling of the other."""


@dataclass(frozen=True, slots=True, eq=False)
class CasesOfPolicy:
    """A policy, and the cases that stand beside it."""

    draft: PolicyDraft
    shown: str | None
    """Their file; None where there is none."""
    file: CasesFile | None
    """None where there is none, or one that cannot be used."""


def case_warnings(
    policies: Sequence[CasesOfPolicy], controls: Mapping[str, Control]
) -> Iterator[PolicyError]:
    """
    Find what the cases of policies leave untried.

    Args:
        policies: They, with all others that decide one of their controls: an edge need be tried only once.
        controls: Those of all catalogues, by id.
    """
    for one in policies:
        if one.shown is None:
            yield _at(
                one.draft.root.get_key("id") or one.draft.root,
                "no-cases",
                f"no case shows what '{one.draft.id}' decides",
                f"write {one.draft.id}.cases.yaml beside it: one that passes, one that fails, one that is neither",
            )
        elif one.file is not None:
            yield from _of_file(one.file)
    for control, deciding in _by_control(policies):
        if control in controls:
            yield from _edges(controls[control], deciding)


def orphaned_cases(shown: str, policy: str) -> PolicyError:
    """
    Say that a file of cases has no policy beside it.

    Args:
        shown: The file.
        policy: What the policy would be called.
    """
    return PolicyError(
        f"these are cases of a policy '{policy}' that does not stand beside them, so nobody runs them",
        hint=f"put {policy}.yaml there, or take the cases out",
        location=Location(shown, 1),
        slug="policy-orphaned-cases",
    )


def _of_file(file: CasesFile) -> Iterator[PolicyError]:
    for case in file.cases:
        if not case.expect:
            yield PolicyError(
                f"the case '{case.name}' expects nothing yet",
                hint="say under `expect` what the verdict must be",
                location=case.location,
                slug="policy-empty-case",
            )
    expected = {expectation.outcome for case in file.cases for expectation in case.expect}
    missing = [shown for outcomes, shown in _WANTED if not outcomes & expected]
    if missing:
        yield PolicyError(
            f"no case expects {', and none '.join(missing)}",
            hint="add one for each: it shows a reader what the policy lets be, what it reports, and where it stays silent",
            location=Location(file.path, 1),
            slug="policy-untried-outcome",
        )


def _by_control(
    policies: Iterable[CasesOfPolicy],
) -> Iterator[tuple[str, list[CasesOfPolicy]]]:
    """Yield each control with the policies that decide it, sorted by id."""
    found: dict[str, list[CasesOfPolicy]] = {}
    for one in sorted(policies, key=lambda one: one.draft.id):
        for control in one.draft.controls:
            found.setdefault(control, []).append(one)
    yield from found.items()


def _edges(control: Control, deciding: Sequence[CasesOfPolicy]) -> Iterator[PolicyError]:
    files = [one.file for one in deciding if one.file is not None]
    if not files or any(one.shown is not None and one.file is None for one in deciding):
        return  # that there are none, or none that can be read, is said already
    tried = {case.edge for file in files for case in file.cases}
    missing = [edge for edge in control.edges if edge not in tried]
    if missing:
        first = next(one.draft for one in deciding if one.file is not None)
        edges = "; ".join(f"'{edge}'" for edge in missing)
        whose = "its cases" if len(deciding) == 1 else "the cases of its policies"
        message = f"{control.id} has edges that {whose} do not try: {edges}"
        hint = "add a case with `edge:` and these words: there a rule that seems right goes wrong"
        named = [edge for edge in tried if edge is not None and edge not in control.edges]
        for edge in missing:
            near = get_close_matches(edge, sorted(named), n=1, cutoff=_NEARLY)
            if near:
                hint = f"a case says `edge: {near[0]}`; write it as the catalogue does"
        yield _at(_named(first, control.id), "untried-edge", message, hint)


def _named(draft: PolicyDraft, control: str) -> Node:
    """Return where a policy names a control."""
    named = draft.root.get("controls")
    items = named.items if isinstance(named, SequenceNode) else ()
    places = (node for node in items if isinstance(node, ScalarNode) and node.text == control)
    return next(places, draft.root)


def _at(node: Node, slug: str, message: str, hint: str) -> PolicyError:
    return PolicyError(
        message, hint=hint, location=node.location, excerpt=node.excerpt, slug=f"policy-{slug}"
    )
