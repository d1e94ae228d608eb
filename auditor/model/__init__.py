"""Frozen values that every floor shares: locations, severities, outcomes, verdicts, runs, errors."""
