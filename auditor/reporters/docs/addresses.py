"""
Where everything has its page.

Ids come from files of others. The name of a page holds nothing but letters, digits, dot, dash and underscore, and
no two pages have one name, not even on a disk that does not tell capital letters from small ones.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

INDEX: Final = "index"
FUNCTIONS: Final = "functions"
PROFILE: Final = "profile"

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 60
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that one system keeps for itself."""


def safe_name(text: str) -> str:
    """Return a name for *text* that any disk and any link can hold; different texts have different names."""
    if _PLAIN.fullmatch(text) and not _DEVICES.fullmatch(text) and not text.endswith("."):
        return text
    kept = _OTHER.sub("-", text).strip("-")[:_LONGEST]
    return f"{kept or 'page'}-{sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}"


class Addresses:
    """Gives each thing its page, the same one however often it is asked for."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def of(self, folder: str, key: str, name: str | None = None) -> str:
        """
        Return the address of a page.

        Args:
            folder: What kind of thing it is about: ``policies``.
            key: What tells the thing from all others of its kind.
            name: What its page is called where nothing else is; *key* where it is left out.
        """
        known = self._given.get((folder, key))
        if known is not None:
            return known
        wanted = f"{folder}/{safe_name(key if name is None else name)}"
        address, number = wanted, 2
        while address.casefold() in self._taken:
            address, number = f"{wanted}-{number}", number + 1
        self._taken.add(address.casefold())
        self._given[folder, key] = address
        return address
