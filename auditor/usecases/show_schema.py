"""
The JSON Schemas of everything that a person writes or a program reads: what `auditor snapshot schema` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.model.errors import UsageProblem, did_you_mean
from auditor.usecases.package_data import data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUFFIX: Final = ".schema.json"
_SNAPSHOT: Final = "snapshot-"


def schemas() -> Mapping[str, str]:
    """Return the file of each schema by its name; snapshots go by their kind: ``project``, ``unit``."""
    files = sorted(path.name for path in data_dir("schemas").iterdir())
    return {
        file.removesuffix(_SUFFIX).removeprefix(_SNAPSHOT): file
        for file in files
        if file.endswith(_SUFFIX)
    }


def schema(name: str) -> bytes:
    """
    Return the schema that goes by *name*.

    Raises:
        UsageProblem: There is none of that name.
    """
    known = schemas()
    if name not in known:
        msg = f"there is no schema called '{name}'"
        raise UsageProblem(msg, hint=did_you_mean(name, known))
    return (data_dir("schemas") / known[name]).read_bytes()
