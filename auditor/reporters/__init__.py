"""A run to bytes."""
