"""
What the way in which a fact was obtained is worth.
"""

from __future__ import annotations

from typing import Final

TRUSTED_METHODS: Final = frozenset({"api", "export"})
"""A tool's own history needs no proof of when it was written. Source: convention C10."""
