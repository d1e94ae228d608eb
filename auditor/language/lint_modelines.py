"""
Which policies do not tell an editor what can stand in them, though their neighbours do?

A policy's first line may name the schema of policies (``# yaml-language-server: $schema=...``). Whoever has no schemas
beside the policies has no such line to write, so it is asked for only where a file of the same folder has one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.language.vocabulary import is_pack
from auditor.model.errors import PolicyError
from auditor.model.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.language.policy_draft import PolicyText

_MODELINE: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?#\s*yaml-language-server:\s*\$schema=(\S*?)(?:policy|pack)\.schema\.json\s*$",
    re.MULTILINE,
)
_ANY: Final = re.compile(rb"^(?:\xef\xbb\xbf)?#\s*yaml-language-server:", re.MULTILINE)


def missing_modelines(texts: Sequence[PolicyText]) -> Iterator[PolicyError]:
    """Find policies without a line for the editor, in folders where others have it."""
    lines = {text.folder: line for text in reversed(texts) if (line := _line_of(text))}
    for text in texts:
        line = lines.get(text.folder)
        if line is not None and _lacks_one(text):
            yield PolicyError(
                "editors are not told what can stand in this file, and those beside it tell it",
                hint=f"begin it with `{line}`",
                location=Location(text.path, 1),
                slug="policy-no-modeline",
            )


def modeline_for(text: PolicyText, texts: Sequence[PolicyText]) -> str | None:
    """Return the line that *text* lacks; None where it has one, or no neighbour has."""
    if not _lacks_one(text):
        return None
    beside = (_line_of(one) for one in texts if one.folder == text.folder)
    return next((line for line in beside if line), None)


def _lacks_one(text: PolicyText) -> bool:
    return not is_pack(text) and not _ANY.search(text.data)


def _line_of(text: PolicyText) -> str | None:
    found = _MODELINE.search(text.data)
    if found is None:
        return None
    below = found[1].decode("utf-8", "replace")
    return f"# yaml-language-server: $schema={below}policy.schema.json"
