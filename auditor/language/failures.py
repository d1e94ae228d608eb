"""
How an implementation of a function says that CEL has an error.

One line at the place where it is found. The message is shown with the verdict, so it describes the kind
of value that is wrong and never quotes it: what stands in a snapshot stays there.
"""

from __future__ import annotations

from typing import NoReturn

from auditor.language.values import EvaluationFailure


def fail(slug: str, message: str) -> NoReturn:
    """
    Give up a function's call.

    Args:
        slug: Stable id of the kind of error, e.g. ``overflow``.
        message: What is wrong, in one lower-case clause without a full stop.
    """
    raise EvaluationFailure(slug, message)
