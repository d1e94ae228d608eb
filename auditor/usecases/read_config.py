"""
Which ``auditor.yaml`` holds, and what it says.

The one found upward from the first path on the command line holds for the whole run. A folder that is
itself a source is read by its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from auditor.model.errors import ConfigError, InputError
from auditor.usecases.shown_name import shown_name
from auditor.usecases.where_links_lead import led_to

if TYPE_CHECKING:
    from auditor.sources.config import Config

CONFIG_FILE: Final = "auditor.yaml"


@dataclass(frozen=True, slots=True)
class FoundConfig:
    """An ``auditor.yaml`` and where it stands."""

    folder: Path
    shown: str
    """The file, as the user would type it."""
    config: Config

    @property
    def file(self) -> Path:
        """The ``auditor.yaml`` itself."""
        return self.folder / CONFIG_FILE

    def policy_folders(self) -> tuple[Path, ...]:
        """Return the folders of policies that it adds."""
        return tuple(self.folder / below for below in self.config.policies)

    def formats(self) -> tuple[str, ...]:
        """
        Return the reports that it asks for, with files below its own folder.

        Raises:
            ConfigError: A report would be written elsewhere, or where programs look for what to do: whoever is
                judged must not write there.
        """
        made = []
        for text in self.config.formats:
            what, equals, file = text.partition("=")
            if not file.isprintable():
                msg = f"the name of the report '{shown_name(text)}' of {self.shown} holds signs that nobody can see"
                raise ConfigError(msg, hint="name a file by letters and digits")
            below = PurePosixPath(file)
            is_outside = below.is_absolute() or ".." in below.parts or "\\" in file or ":" in file
            if is_outside or not self._keeps(below):
                msg = f"the report '{text}' would be written outside the folder of {self.shown}"
                raise ConfigError(msg, hint="name a file below it")
            if self._is_hidden(below):
                msg = f"the report '{shown_name(text)}' of {self.shown} would be a hidden file, or in a hidden folder"
                raise ConfigError(msg, hint="name a file of which no part begins with a dot")
            made.append(f"{what}={shown_name(str(self.folder / below))}" if equals else text)
        return tuple(made)

    def _keeps(self, below: PurePosixPath) -> bool:
        """Tell whether a path stays in the folder of the file, wherever links in it lead."""
        return led_to(self.folder / below).is_relative_to(led_to(self.folder))

    def _is_hidden(self, below: PurePosixPath) -> bool:
        """Tell whether a path is one of those by which git, CI and shells are set up, such as ``.git/hooks``."""
        led = led_to(self.folder / below).relative_to(led_to(self.folder))
        return any(part.startswith(".") for part in (*below.parts, *led.parts))


def config_above(path: str) -> FoundConfig | None:
    """
    Read the ``auditor.yaml`` of *path* or of the nearest folder above it.

    Raises:
        InputError: It cannot be read, or breaks its rules.
    """
    start = Path(path)
    found = find_config(start if start.is_dir() else start.parent)
    return read_config(found, shown_name(str(found))) if found else None


def find_config(start: Path) -> Path | None:
    """Return the ``auditor.yaml`` of the folder *start* or of the nearest folder above it."""
    folder = start.absolute()
    for candidate in (folder, *folder.parents):
        if (candidate / CONFIG_FILE).is_file():
            return candidate / CONFIG_FILE
    return None


def read_config(path: Path, shown: str) -> FoundConfig:
    """
    Read an ``auditor.yaml``.

    Raises:
        DocumentError: It is no YAML.
        ErrorGroup: It breaks its rules; all breaches at once.
        InputError: The system does not let us read it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(shown, error) from None
    from auditor.sources.config import parse_config  # noqa: PLC0415 - many runs have no such file

    return FoundConfig(path.parent, shown, parse_config(data, path=shown))


def unreadable(name: str, error: OSError) -> InputError:
    """Say that the system does not let us read *name*."""
    msg = f"cannot read '{name}': {(error.strerror or 'the system refuses').lower()}"
    return InputError(msg, hint="make it a file that you may read")
