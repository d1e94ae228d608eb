"""Bytes to located trees: JSON, YAML, CSV, front matter, pointers, places, the canonical form."""
