"""
Read the parameters of an address that was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_LONGEST: Final = 9
"""Digits of the largest number that is read."""


def parameters(query: str | None) -> dict[str, str]:
    """Return the parameters of *query* by name; of one that is repeated the last."""
    pairs = (pair.partition("=") for pair in (query or "").split("&") if pair)
    return {name: value for name, _, value in pairs}


def number_of(given: Mapping[str, str], name: str, default: int) -> int:
    """Return a positive whole number; *default* where there is none."""
    written = given.get(name, "")
    is_number = written.isascii() and written.isdecimal() and len(written) <= _LONGEST
    return int(written) if is_number and int(written) > 0 else default


def may_filter(
    given: Mapping[str, str], *, harmless: Collection[str], must: Mapping[str, str]
) -> bool:
    """
    Tell whether an answer may leave records out.

    Args:
        given: The parameters of the request.
        harmless: Those that only order the records or choose a page.
        must: Those that have to be given for everything to be answered, with their values.
    """
    others = {name: value for name, value in given.items() if name not in harmless}
    return others != dict(must)


def same_list(path: str, given: Mapping[str, str]) -> str:
    """Spell the list that was asked for, whatever the page."""
    rest = sorted(f"{name}={value}" for name, value in given.items() if name != "page")
    return "&".join([path, *rest])
