"""
The words that a pack or a policy defines for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.language.cel.checker import Definition
from auditor.language.cel.names import BUILT_INS
from auditor.language.cel.outline import outline
from auditor.language.expression_places import parsed
from auditor.language.policy_parser import parse_pack
from auditor.model.errors import AuditorError, ErrorGroup, PolicyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.language.policy_draft import DefineDraft, PolicyText
    from auditor.language.registry import Functions

    Vocabulary = dict[str, tuple[Definition, DefineDraft]]
    """By name: the definition, and where it was written."""


def pack_vocabulary(
    text: PolicyText, functions: Functions, errors: list[AuditorError]
) -> Vocabulary:
    """Read the words of a ``pack.yaml``; what is wrong with them goes to *errors*."""
    try:
        pack = parse_pack(text)
    except ErrorGroup as group:
        errors.extend(group.errors)
        return {}
    except AuditorError as error:
        errors.append(error)
        return {}
    return definitions(pack.define, functions, {}, errors)


def definitions(
    drafts: Sequence[DefineDraft],
    functions: Functions,
    vocabulary: Vocabulary,
    errors: list[AuditorError],
) -> Vocabulary:
    """Parse definitions; none may give a new meaning to a function or to a word of the pack."""
    found: Vocabulary = {}
    for draft in drafts:
        taken = None
        if functions.is_function(draft.name) or draft.name in BUILT_INS:
            taken = "a function"
        elif draft.name in vocabulary:
            taken = f"a word of the pack ({vocabulary[draft.name][1].head.location})"
        if taken is not None:
            errors.append(
                PolicyError(
                    f"'{draft.name}' is {taken} already",
                    hint="choose another name",
                    location=draft.head.location,
                    excerpt=draft.head.excerpt,
                    slug="policy-name-taken",
                )
            )
        expr = parsed(draft.body, errors)
        if expr is not None:
            text = draft.body.text
            definition = Definition(draft.name, draft.parameters, expr, text, outline(expr))
            found[draft.name] = (definition, draft)
    return found
