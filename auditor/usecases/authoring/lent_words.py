"""
Which shared words does a new policy bring with it?

Where the words of ``policies/pack.yaml`` are in force, none. In a folder of packs that lacks one, the policy
gets its definition, and those of the words inside it, as its own: what it means stands where it is read.
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
  # pack.yaml beside the packs, under `define`."""


def lent_words(policy: str, pack: Path) -> str | None:
    """
    Return the ``define`` of a policy.

    Args:
        policy: Its text, without one.
        pack: The folder in which it is to stand.

    Returns:
        None where every word that it uses is in force there.

    Raises:
        AuditorError: A ``pack.yaml`` cannot be read.
    """
    in_force = {name for folder in (pack, pack.parent) for name in _defined(folder)}
    shared = _defined(packaged_folder().path)
    needed: dict[str, None] = {}
    _collect(policy, shared, in_force, needed)
    if not needed:
        return None
    lines = [
        f"  {head}: {scalar(body, 2, len(head) + 4)}"
        for head, body in (shared[name] for name in shared if name in needed)
    ]
    return "\n".join(["define:", _NOTE, *lines])


def _collect(
    text: str, shared: dict[str, tuple[str, str]], in_force: set[str], needed: dict[str, None]
) -> None:
    for name in _CALL.findall(text):
        if name in shared and name not in in_force and name not in needed:
            needed[name] = None
            _collect(shared[name][1], shared, in_force, needed)


def _defined(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the words that a folder's ``pack.yaml`` defines: head and body by name."""
    file = folder / PACK_FILE
    if not file.is_file():
        return {}
    pack = parse_pack(PolicyText(shown_name(str(file)), folder.name, file.read_bytes()))
    return {one.name: (one.head.text, " ".join(one.body.text.split())) for one in pack.define}
