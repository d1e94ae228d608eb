"""
Read the settings that ``auditor.yaml`` gives a reader; one that it does not know is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.pointer import join
from auditor.facts.zones import zone
from auditor.model.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection
    from zoneinfo import ZoneInfo

    from auditor.sources.contract import ReaderOptions


class Settings:
    """
    The settings of one source.

    Args:
        options: What the user says.
        reader: Name of the reader.
        known: The settings that it has.
        source: Name of the source.

    Raises:
        ConfigError: There is a setting that the reader does not have.
    """

    def __init__(
        self, options: ReaderOptions, *, reader: str, known: Collection[str], source: str
    ) -> None:
        self._given = options.settings
        self._time_zone = options.time_zone
        self._source = source
        for setting in options.settings:
            if setting not in known:
                message = f"{reader} has no setting '{setting}'"
                hint = did_you_mean(setting, known)
                raise ConfigError(message, hint=hint, pointer=join("settings", setting))

    def text(self, setting: str) -> str | None:
        """Return a text, None where none is given."""
        value = self._given.get(setting)
        if value is None or (isinstance(value, str) and value):
            return value
        raise self._wrong(setting, "a text", f"write '{setting}: NAME'")

    def texts(self, setting: str) -> tuple[str, ...]:
        """Return a list of texts; one alone may stand without brackets."""
        value = self._given.get(setting, ())
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, (list, tuple)) and all(isinstance(item, str) for item in listed):
            return tuple(listed)
        raise self._wrong(setting, "a list of texts", f"write '{setting}: [ONE, TWO]'")

    def choice(self, setting: str, allowed: tuple[str, ...]) -> str:
        """Return one of *allowed*, of which the first holds where nothing is given."""
        value = self._given.get(setting, allowed[0])
        if isinstance(value, str) and value in allowed:
            return value
        wanted = f"one of {', '.join(allowed)}"
        raise self._wrong(setting, wanted, f"write '{setting}: {allowed[0]}'")

    def some(self, setting: str, allowed: Collection[str]) -> frozenset[str]:
        """Return any of *allowed*."""
        given = self.texts(setting)
        if set(given) <= set(allowed):
            return frozenset(given)
        wanted = f"a list of {', '.join(sorted(allowed))}"
        raise self._wrong(setting, wanted, f"write '{setting}: [{min(allowed)}]'")

    def choices(self, setting: str, allowed: Collection[str]) -> dict[str, str]:
        """Return names of the source, each with one of *allowed*."""
        value = self._given.get(setting, {})
        if isinstance(value, dict) and all(
            isinstance(name, str) and isinstance(meant, str) and meant in allowed
            for name, meant in value.items()
        ):
            return dict(value)
        wanted = f"names of the source, each with one of {', '.join(sorted(allowed))}"
        raise self._wrong(setting, wanted, f"write '{setting}: {{NAME: {min(allowed)}}}'")

    def ranks(self, setting: str) -> dict[str, int]:
        """Return names of the source, each with a whole number."""
        value = self._given.get(setting, {})
        if isinstance(value, dict) and all(
            isinstance(name, str) and isinstance(rank, int) and not isinstance(rank, bool)
            for name, rank in value.items()
        ):
            return dict(value)
        wanted = "names of the source, each with a whole number"
        raise self._wrong(setting, wanted, f"write '{setting}: {{NAME: 1}}'")

    def assumed_zone(self) -> ZoneInfo | None:
        """Return the zone of times that name none, None where nobody says."""
        name = self.text("assume_time_zone") or self._time_zone
        try:
            return None if name is None else zone(name)
        except ValueError as error:
            raise ConfigError(str(error)) from None

    def _wrong(self, setting: str, wanted: str, hint: str) -> ConfigError:
        message = f"'{setting}' wants {wanted}, for {self._source}"
        return ConfigError(message, hint=hint, pointer=join("settings", setting))
