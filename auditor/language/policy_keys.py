"""
The keys that a policy file and a ``pack.yaml`` may have.

The schemas that editors read name the same ones: a key that only one of the two knows would be offered and
then refused, or taken and then marked as wrong.
"""

from __future__ import annotations

from typing import Final

POLICY_KEYS: Final = (
    "id", "title", "why", "controls", "severity", "fix", "target", "formerly", "owner", "params", "for",
    "as", "key", "when", "at", "due", "let", "require", "empty", "attest", "effective", "define",
)  # fmt: skip
REQUIRED_KEYS: Final = ("id", "title", "why", "controls", "severity", "fix")
CLAUSE_KEYS: Final = ("that", "say", "empty")
PARAM_KEYS: Final = ("type", "default", "between", "about")
ATTEST_KEYS: Final = ("by", "valid_for", "asks")
EFFECTIVE_KEYS: Final = ("from", "until")
PACK_TEXTS: Final = ("framework", "title", "about", "version")
PACK_KEYS: Final = (*PACK_TEXTS, "define")

TARGETS: Final = ("project", "unit", "portfolio")
"""What ``target`` may say."""
