"""
Time zones from the tzdata package, never from the machine.

`zoneinfo.ZoneInfo` looks into the machine's own files first: two machines could then put the same instant
on different local days, and a verdict would depend on where it was reached. A zone made here has the rules
of the installed `tzdata` release, whose version is part of a run's record.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pkgutil import get_data
from typing import Final
from zoneinfo import ZoneInfo

from auditor.model.errors import did_you_mean

_PACKAGE: Final = "tzdata"


@cache
def zone_names() -> frozenset[str]:
    """Return every IANA name that the package knows, links included."""
    listed = get_data(_PACKAGE, "zones")
    return frozenset(listed.decode().split()) if listed else frozenset()


@cache
def zone(name: str) -> ZoneInfo:
    """
    Return the zone of an IANA name; the same object for the same name.

    Raises:
        ValueError: The package knows no such zone; the message names the nearest one.
    """
    # Looked up, not tried: a name is never used as a path that it could lead elsewhere.
    data = get_data(_PACKAGE, f"zoneinfo/{name}") if name in zone_names() else None
    if data is None:
        msg = f"no time zone is called '{name}'; {_nearest(name)}"
        raise ValueError(msg)
    return ZoneInfo.from_file(BytesIO(data), key=name)


def _nearest(name: str) -> str:
    suggestion = did_you_mean(name, zone_names())
    return (
        suggestion if suggestion.startswith("did you mean") else "use a name such as Europe/Berlin"
    )
