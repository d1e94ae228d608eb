"""
Where the policies, schemas, shapes of policies, pipelines and explanations of errors are that come with the program.

A wheel carries them inside the package, in ``auditor/_data``; in a checkout they stand beside
``pyproject.toml``. `importlib.resources` does not see the second place, and an editable install leaves
a stale copy of the first in site-packages: so the folder is found from where the package itself is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import auditor
from auditor.model.errors import InputError

PACKAGE: Final = Path(auditor.__file__).parent


def data_dir(
    name: Literal["docs", "pipelines", "policies", "schemas", "shapes"],
    *,
    package: Path = PACKAGE,
) -> Path:
    """
    Find a folder of data.

    Raises:
        InputError: The installation is damaged.
    """
    packed = package / "_data" / name
    if packed.is_dir():
        return packed
    beside = package.parent / name
    if (package.parent / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    msg = f"the installation lacks its folder of {name}"
    raise InputError(msg, hint="install auditor again")
