"""Verdicts to findings, and findings to a gate."""
