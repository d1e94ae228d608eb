"""The page of functions is what the libraries say."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from auditor.language.cel.macros import MACROS
from auditor.language.function_reference import function_reference
from auditor.plugins.entry_points import load_all

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.language.registry import Library

WRITE_ANEW = (
    'python -c "from auditor.language.function_reference import function_reference as f; '
    "from auditor.plugins.entry_points import load_all; "
    "print(f(load_all('auditor.functions').values()), end='')\" > docs/functions.md"
)


def libraries() -> list[Library]:
    """Return all libraries, sorted by name."""
    return [cast("Library", library) for library in load_all("auditor.functions").values()]


def test_the_page_is_current(root: Path) -> None:
    """A new function is documented by being registered."""
    page = (root / "docs/functions.md").read_text("utf-8")

    assert page == function_reference(libraries()), WRITE_ANEW


@pytest.mark.parametrize("macro", sorted(set(MACROS.values())))
def test_every_macro_is_on_the_page(macro: str, root: Path) -> None:
    """The table by hand misses none that the parser knows."""
    assert f"`xs.{macro}(x" in (root / "docs/functions.md").read_text("utf-8")
