"""Every YAML file that we ship tells an editor its schema: completion and marks without any set-up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from auditor.documents.yaml import parse_yaml

ROOT: Final = Path(__file__).resolve().parents[2]
MODELINE: Final = re.compile(r"# yaml-language-server: \$schema=(\S+)")
MAPPING: Final = ROOT / "tests/data/board-mapping.yaml"


def is_part(path: Path) -> bool:
    """Tell whether a file is one of many that are a snapshot together: no schema is of it alone."""
    return "delivery" in path.parts


SHIPPED: Final = [
    *sorted(
        path
        for folder in ("policies", "fixtures")
        for path in (ROOT / folder).rglob("*.y*ml")
        if not is_part(path.relative_to(ROOT))
    ),
    ROOT / "tests/data/board-mapping.yaml",
]


def schema_of(path: Path) -> str | None:
    """Tell by its name, or else by what is in it, which schema a file keeps; None if by neither."""
    if path.is_relative_to(ROOT / "policies"):
        if path.name in {"pack.yaml", "catalogue.yaml"}:
            return path.stem
        return "cases" if path.name.endswith(".cases.yaml") else "policy"
    document = parse_yaml(path.read_bytes(), path=path.name)
    if "snapshot" in document:
        return f"snapshot-{document['snapshot']['schema']['name']}"
    return "mapping" if "statuses" in document else None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_shipped_file_names_its_schema(path: Path) -> None:
    """In its first line, by a path from the file itself, and where the kind is known it is the right one."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    modeline = MODELINE.fullmatch(first)

    assert modeline, f"the first line of {path} is no modeline: {first}"
    schema = (path.parent / modeline[1]).resolve()
    kind = schema_of(path) or schema.name.removesuffix(".schema.json")
    assert schema == ROOT / "schemas" / f"{kind}.schema.json"
    assert schema.is_file()


def test_the_files_are_found() -> None:
    """The test above means something."""
    kinds = {schema_of(path) for path in SHIPPED}

    assert {"policy", "cases", "pack", "catalogue", "mapping", "snapshot-project"} <= kinds
