"""
How generated code gives up: it leaves the question to the exact evaluator.
"""

from __future__ import annotations


class Leave(Exception):
    """The fast path does not answer here; the exact evaluator does."""


class NotFast(Exception):
    """An expression for which no code is generated: its policy is always judged exactly."""
