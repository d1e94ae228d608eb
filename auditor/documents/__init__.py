"""Bytes to located trees and back: JSON, YAML, pointers, places, canonical form."""
