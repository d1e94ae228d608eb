"""
Make the snapshot schemas and their field reference from ``schemas/source``.

    python .ci/schemas.py            write them
    python .ci/schemas.py --check    end with 1 where one differs, and name it

Made are ``schemas/snapshot-<target>.schema.json`` for each target, and ``docs/facts.md``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from facts_page import page
from schema_source import Source

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ("project", "unit", "portfolio")


def laid_out(node: Any, indent: int = 0) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON with one line for each field, however long; deeper objects get lines of their own."""
    if not isinstance(node, dict) or not _has_fields(node):
        return json.dumps(node, ensure_ascii=False)
    space = "  " * (indent + 1)
    lines = [
        f"{space}{json.dumps(key)}: {_part(key, value, indent + 1)}" for key, value in node.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n" + "  " * indent + "}"


def _part(key: str, value: Any, indent: int) -> str:  # noqa: ANN401 - any JSON value
    if key == "anyOf" and _has_fields(value):
        return f"[{', '.join(laid_out(branch, indent) for branch in value)}]"
    if key in {"properties", "$defs"}:
        space = "  " * (indent + 1)
        lines = [f"{space}{json.dumps(k)}: {laid_out(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(lines) + "\n" + "  " * indent + "}"
    return laid_out(value, indent)


def _has_fields(node: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        return "properties" in node or any(_has_fields(below) for below in node.values())
    return isinstance(node, list) and any(_has_fields(below) for below in node)


def made(root: Path) -> dict[Path, str]:
    """Return every generated file with its text."""
    source = Source(root / "schemas" / "source")
    schemas = {target: source.schema(target) for target in TARGETS}
    files = {
        root / "schemas" / f"snapshot-{target}.schema.json": laid_out(schema) + "\n"
        for target, schema in schemas.items()
    }
    return {**files, root / "docs" / "facts.md": page(schemas)}


def main() -> int:
    """Write the files, or compare them."""
    stale = {
        path: text
        for path, text in made(ROOT).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }
    for path, text in stale.items():
        print(path.relative_to(ROOT).as_posix())
        if "--check" not in sys.argv:
            # Whole or not at all: a test may be reading it.
            beside = path.with_suffix(".new")
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, path)  # noqa: PTH105 - says what it does
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
