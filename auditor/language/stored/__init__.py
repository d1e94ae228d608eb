"""Checked plans as plain data: how each part of one is written and read back."""
