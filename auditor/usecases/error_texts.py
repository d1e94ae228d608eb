"""
What each kind of error means, as docs/errors.md tells it: for formats that carry the explanation with them.
"""

from __future__ import annotations

import re
from typing import Final

from auditor.usecases.package_data import data_dir

_HEADING: Final = re.compile(r"^## `?([a-z-]+)`?$", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def error_texts() -> dict[str, str]:
    """Return the text below each heading, by slug, in the order of the page; links are only their words."""
    page = (data_dir("docs") / "errors.md").read_text(encoding="utf-8")
    _, *parts = _HEADING.split(page)
    texts = (_LINK.sub(r"\1", " ".join(text.split())) for text in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True))
