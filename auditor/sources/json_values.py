"""
Look into JSON of other tools, whatever its shape: what is not there, or of another type, is None.
"""

from __future__ import annotations

from typing import Any


def value_at(body: object, *keys: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands under *keys*, None where there is nothing."""
    for key in keys:
        if not isinstance(body, dict):
            return None
        body = body.get(key)
    return body


def text(body: object, *keys: str) -> str | None:
    """Return the non-empty text under *keys*."""
    value = value_at(body, *keys)
    return value if isinstance(value, str) and value else None


def native_id(body: object, *keys: str) -> str | None:
    """Return the id under *keys*: tools write some as numbers and some as text."""
    value = value_at(body, *keys)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def records(body: object, *keys: str) -> list[dict[str, Any]]:
    """Return the objects of the list under *keys*."""
    value = value_at(body, *keys)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number(body: object, *keys: str) -> int | None:
    """Return the whole number under *keys*."""
    value = value_at(body, *keys)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
