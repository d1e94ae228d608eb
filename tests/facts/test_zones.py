"""Zones come from the tzdata package."""

from __future__ import annotations

import datetime as dt
from pkgutil import get_data
from typing import TYPE_CHECKING
from zoneinfo import TZPATH, ZoneInfo, reset_tzpath

import pytest

from auditor.facts.zones import zone, zone_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def wrong_machine(tmp_path: Path) -> Iterator[None]:
    """Make a machine whose own files say that Auckland lies in Greenwich."""
    (tmp_path / "Pacific").mkdir()
    utc = get_data("tzdata", "zoneinfo/UTC")
    assert utc is not None
    (tmp_path / "Pacific" / "Auckland").write_bytes(utc)
    before = TZPATH
    reset_tzpath((str(tmp_path),))
    zone.cache_clear()
    ZoneInfo.clear_cache()
    yield
    reset_tzpath(before)
    zone.cache_clear()
    ZoneInfo.clear_cache()


@pytest.mark.usefixtures("wrong_machine")
def test_a_zone_does_not_depend_on_the_machine() -> None:
    """Whatever files the machine has, the rules are those of the package."""
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    assert noon.astimezone(ZoneInfo("Pacific/Auckland")).hour == 12
    assert noon.astimezone(zone("Pacific/Auckland")).isoformat() == "2026-01-02T01:00:00+13:00"


def test_the_same_name_gives_the_same_object() -> None:
    """So that comparisons of local times stay cheap."""
    assert zone("Europe/Berlin") is zone("Europe/Berlin")
    assert zone("Europe/Berlin").key == "Europe/Berlin"


@pytest.mark.parametrize(
    "name",
    ["Europe/Berln", "europe/berlin", "../zones", "zones", "Europe", "", "/etc/localtime", "CET+1"],
)
def test_an_unknown_name_is_refused(name: str) -> None:
    """Names are looked up in the package's list, never tried as a path."""
    with pytest.raises(ValueError, match="no time zone is called"):
        zone(name)


def test_an_unknown_name_gets_the_nearest_one() -> None:
    """A slip of the finger is named."""
    with pytest.raises(ValueError, match="did you mean 'Europe/Berlin'"):
        zone("Europe/Berln")


def test_links_are_zones_too() -> None:
    """Old names stay valid."""
    assert {"Asia/Calcutta", "Asia/Kolkata", "UTC"} <= zone_names()
