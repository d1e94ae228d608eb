"""The command line keeps plans where the system, or the user, wants them, and says the same with them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from auditor.cli.plan_folders import plan_cache

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

VARIABLES = ("AUDITOR_CACHE_DIR", "HOME", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_STATE_HOME")


def places(monkeypatch: pytest.MonkeyPatch, **environment: str) -> tuple[str, str] | None:
    """Return folder and secret in an environment."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    cache = plan_cache()
    return None if cache is None else (cache.folder.as_posix(), cache.secret.as_posix())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other folders")
class TestPlaces:
    """Where plans and the secret are."""

    def test_below_the_home(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without any wish: where the system has caches and states."""
        assert places(monkeypatch, HOME="/h") == (
            "/h/.cache/auditor/plans",
            "/h/.local/state/auditor/plans.secret",
        )

    def test_where_the_desktop_wants_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The XDG variables win; one that is relative does not count."""
        found = places(monkeypatch, HOME="/h", XDG_CACHE_HOME="/c", XDG_STATE_HOME="state")
        assert found == ("/c/auditor/plans", "/h/.local/state/auditor/plans.secret")

    def test_where_the_user_wants_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The secret never lies in a folder that may be shared."""
        found = places(monkeypatch, HOME="/h", AUDITOR_CACHE_DIR="/shared")
        assert found == ("/shared/plans", "/h/.local/state/auditor/plans.secret")

    def test_nowhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An empty variable switches it off; so does a user without a folder."""
        assert places(monkeypatch, HOME="/h", AUDITOR_CACHE_DIR="") is None
        assert places(monkeypatch, AUDITOR_CACHE_DIR="/shared") is None
        assert places(monkeypatch) is None


def test_a_check_says_the_same_with_a_kept_plan(
    auditor: Command, place: Path, tmp_path: Path
) -> None:
    """The first check keeps the plan, the second uses it, and neither says a word of it."""
    home, cache = tmp_path / "home", tmp_path / "cache"
    home.mkdir()
    environment = {"HOME": str(home), "AUDITOR_CACHE_DIR": str(cache)}
    arguments = ("check", "--policies", place / "policies", place / "snapshots", "-f", "json")

    without = auditor(*arguments)
    first = auditor(*arguments, **environment)
    plans = list((cache / "plans").iterdir())
    second = auditor(*arguments, **environment)

    assert (first.code, first.out, first.err) == (without.code, without.out, without.err)
    assert (second.code, second.out, second.err) == (without.code, without.out, without.err)
    assert [plan.suffix for plan in plans] == [".plan"]
    assert list((cache / "plans").iterdir()) == plans
    assert list(cache.iterdir()) == [cache / "plans"]


def test_help_keeps_nothing(auditor: Command, tmp_path: Path) -> None:
    """Who asks what there is leaves no trace."""
    auditor("check", "--help", HOME=str(tmp_path))

    assert list(tmp_path.iterdir()) == []


def test_explain_uses_it_too(auditor: Command, place: Path, tmp_path: Path) -> None:
    """It needs one policy, and keeps the plan of that."""
    home = tmp_path / "home"
    home.mkdir()
    policy = ("explain", place / "snapshots" / "apollo.json", "nothing-approved")
    arguments = (*policy, "--policies", place / "policies")

    without = auditor(*arguments)
    told = [auditor(*arguments, HOME=str(home)) for _ in range(2)]

    assert without.code == 0
    assert [(one.code, one.out, one.err) for one in told] == [(0, without.out, without.err)] * 2
    assert len(list(home.rglob("*.plan"))) == 1
