"""
What kind of file is it that somebody is writing?

An editor hands over every YAML file that is opened, and most of them are none of ours: of those nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.language.vocabulary import CATALOGUE_FILE, PACK_FILE
from auditor.usecases.read_config import CONFIG_FILE
from auditor.usecases.read_policies import CASES_SUFFIX
from auditor.usecases.show_schema import schemas

if TYPE_CHECKING:
    from pathlib import Path

_MODELINE: Final = re.compile(
    r"^#[ \t]*yaml-language-server:[ \t]*\$schema=\S*?([a-z-]+)\.schema\.json[ \t]*$", re.MULTILINE
)
_BY_NAME: Final = {
    PACK_FILE: ("pack", ("framework", "title", "define")),
    CATALOGUE_FILE: ("catalogue", ("framework", "controls")),
    CONFIG_FILE: ("config", ("auditee", "sources", "time_zone", "policies")),
}
"""Kind by name, and keys of which it has one: others have files of these names, too."""
YAML_SUFFIXES: Final = frozenset({".yaml", ".yml"})
_POLICY_KEYS: Final = ("id", "severity", "controls")


def kind_of(path: Path, text: str) -> str | None:
    """
    Return the kind of a file, as its schema is called: ``policy``, ``cases``, ``profile``, ``project``.

    Args:
        path: The file.
        text: What is in it.

    Returns:
        None for a file of somebody else.
    """
    if path.suffix.lower() not in YAML_SUFFIXES:
        return None
    if found := _MODELINE.search(text):
        kind = found[1].removeprefix("snapshot-")
        return kind if kind in schemas() else None
    if path.name in _BY_NAME:
        kind, keys = _BY_NAME[path.name]
        return kind if not text.strip() or any(_has(text, key) for key in keys) else None
    if path.name.lower().endswith(CASES_SUFFIX):
        return "cases"
    folder = path.parent
    is_in_pack = any((folder / name).is_file() for name in (PACK_FILE, CATALOGUE_FILE)) or any(
        folder.glob(f"*{CASES_SUFFIX}")
    )
    is_like_one = all(_has(text, key) for key in _POLICY_KEYS)
    return "policy" if is_in_pack or is_like_one else None


def _has(text: str, key: str) -> bool:
    return re.search(rf"^{key}[ \t]*:", text, re.MULTILINE) is not None
