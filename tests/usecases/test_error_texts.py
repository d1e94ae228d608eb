"""What docs/errors.md says of an error goes with the formats that explain their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.usecases.error_texts import error_texts

if TYPE_CHECKING:
    from pathlib import Path


def test_each_heading_has_its_text() -> None:
    """In one piece, and links are only their words: there is nothing that they could lead to."""
    texts = error_texts()

    assert texts["policy-same-clause"] == "A warning. Two clauses demand the same."
    assert texts["policy-cost"].endswith("; cost.md tells how to make them fewer.")
    assert [slug for slug, text in texts.items() if not text or "](" in text] == []


def test_a_wheel_carries_the_page(root: Path) -> None:
    """It is read from the folder of data where there is no checkout."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")

    assert '"docs/errors.md" = "auditor/_data/docs/errors.md"' in text
