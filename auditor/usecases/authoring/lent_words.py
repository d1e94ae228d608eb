"""
Which shared words does a new policy bring with it?

Where the words of ``policies/pack.yaml`` are in force, none. Where they are not, their definitions, and those of
the words inside them, come along: into the ``pack.yaml`` of a pack that begins with this policy, so that later
policies share them, and into the policy itself where the pack has its own words already.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.language.policy_draft import PolicyText
from auditor.language.policy_parser import parse_pack
from auditor.language.vocabulary import PACK_FILE
from auditor.usecases.authoring.yaml_text import scalar
from auditor.usecases.read_policies import packaged_folder
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from pathlib import Path

_CALL: Final = re.compile(r"(?<![.\w])([A-Za-z_]\w*)\(")
_NOTE: Final = """\
  # These words come from the policies of auditor. Once a second policy needs them, move them to the
  # pack.yaml of the pack, under `define`."""
_ABOUT: Final = """\
# yaml-language-server: $schema={schemas}/pack.schema.json
title: {title}
about: >
  What the policies of this pack share. These words come from the policies of auditor; from here on
  they mean what stands here.
define:"""

Words = dict[str, tuple[str, str]]
"""Head and body by name."""


def words_of_policy(words: Words) -> str | None:
    """Return the ``define`` of a policy that brings these words; None where it brings none."""
    return "\n".join(["define:", _NOTE, *_lines(words)]) if words else None


def words_of_pack(words: Words, pack: str, schemas: str) -> str:
    """Return the ``pack.yaml`` of a pack that shares these words; *schemas* is where an editor finds theirs."""
    head = _ABOUT.format(schemas=schemas, title=pack)
    return "\n".join([head, *_lines(words), ""])


def _lines(words: Words) -> list[str]:
    return [f"  {head}: {scalar(body, 2, len(head) + 4)}" for head, body in words.values()]


def lent_words(policy: str, pack: Path) -> Words:
    """
    Return the words that a policy uses and that are not in force where it is to stand.

    Args:
        policy: Its text.
        pack: The folder in which it is to stand.

    Raises:
        AuditorError: A ``pack.yaml`` cannot be read.
    """
    in_force = {name for folder in (pack, pack.parent) for name in _defined(folder)}
    shared = _defined(packaged_folder().path)
    needed: dict[str, None] = {}
    _collect(policy, shared, in_force, needed)
    return {name: shared[name] for name in shared if name in needed}


def _collect(text: str, shared: Words, in_force: set[str], needed: dict[str, None]) -> None:
    for name in _CALL.findall(text):
        if name in shared and name not in in_force and name not in needed:
            needed[name] = None
            _collect(shared[name][1], shared, in_force, needed)


def _defined(folder: Path) -> Words:
    """Return the words that a folder's ``pack.yaml`` defines."""
    file = folder / PACK_FILE
    if not file.is_file():
        return {}
    pack = parse_pack(PolicyText(shown_name(str(file)), folder.name, file.read_bytes()))
    return {one.name: (one.head.text, " ".join(one.body.text.split())) for one in pack.define}
