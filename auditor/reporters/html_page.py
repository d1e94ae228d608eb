"""
Pages of HTML that ask nothing of a server and are readable without a script.

Jinja2 writes them and escapes whatever others wrote. It is no part of the core: who wants pages installs it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from auditor.model.errors import UsageProblem, install_extra
from auditor.reporters.foreign_text import visible

if TYPE_CHECKING:
    from jinja2 import Environment


class Raw(str):
    """Text that goes into a page as it stands: whoever makes one has seen to it that nothing in it acts."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return itself, as whatever escapes markup asks."""
        return str(self)


def html_page(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """
    Fill in a page.

    Args:
        template: A file below ``templates``, beside this one.
        values: What it shows, by name.

    Raises:
        UsageProblem: Jinja2 is not installed.
    """
    return _environment().get_template(template).render(**values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - an extra
    except ImportError:
        msg = "pages of HTML need Jinja2, and it is not installed"
        raise UsageProblem(msg, hint=install_extra("html")) from None
    return Environment(
        loader=PackageLoader("auditor.reporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """Show what would act in a text instead of being read; what is markup already has passed through here."""
    return visible(value) if type(value) is str else value
