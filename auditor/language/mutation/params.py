"""
Other values of the parameters of a policy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditor.language.mutation.quantities import beside
from auditor.language.mutation.texts import enum_of_param, other_text
from auditor.language.param_values import shown_value
from auditor.language.values import Listing, MapValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditor.language.mutation.edit import Kinds, Written
    from auditor.language.policy_draft import ParamDraft, PolicyDraft
    from auditor.language.values import Value

    Other = tuple[str, Value, str, str]
    """The operator, the value, and how what was changed in it was and is written; empty where it was left out."""


def changed_params(
    draft: PolicyDraft, expressions: Sequence[Written], kinds: Kinds
) -> Iterator[tuple[str, ParamDraft, ParamDraft, str, str]]:
    """
    Yield every parameter with another default.

    Args:
        draft: The policy.
        expressions: What it says; tells what its parameters are compared with.
        kinds: Texts of one kind.

    Returns:
        The operator, the parameter as it is and as it becomes, and what of it was and is written.
    """
    for param in draft.params:
        enum = enum_of_param(param.name, expressions)
        for operator, value, was, now in _others(param.value, enum, kinds):
            yield operator, param, replace(param, value=value), was, now


def _others(
    value: Value, enum: Sequence[str] | None, kinds: Kinds, taken: Iterable[str] = ()
) -> Iterator[Other]:
    match value:
        case str():
            new = other_text(value, enum, kinds, taken)
            yield "literal", new, value, new
        case Listing():
            yield from _of_list(list(value), enum, kinds)
        case MapValue():
            for key, (name, held) in value.entries.items():
                for operator, other, was, now in _others(held, enum, kinds):
                    entries = {**value.entries, key: (name, other)}
                    yield operator, replace(value, entries=entries), f"{name}: {was}", now
        case _:
            for operator, other in beside(value):
                yield operator, other, shown_value(value), shown_value(other)


def _of_list(members: list[Value], enum: Sequence[str] | None, kinds: Kinds) -> Iterator[Other]:
    texts = [member for member in members if isinstance(member, str)]
    for at, member in enumerate(members):
        before, after = members[:at], members[at + 1 :]
        for operator, other, was, now in _others(member, enum, kinds, texts):
            yield operator, Listing.of([*before, other, *after]), was, now
        if len(members) > 1:
            yield "member-dropped", Listing.of([*before, *after]), shown_value(member), ""
