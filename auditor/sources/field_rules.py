"""
What a single value of a configuration file must be, beside its type.

Each takes the value, returns it, and raises a `ValueError` whose text says what is wrong with it.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from auditor.documents.pointer import split
from auditor.facts.given import given
from auditor.facts.instants import parse_day, parse_instant, parse_local_time, parse_moment
from auditor.facts.zones import zone
from auditor.model.errors import did_you_mean
from auditor.model.severity import Severity
from auditor.sources.located_model import Unfit

_ALL: Final = 100


def below_folder(path: str) -> str:
    """Take a path that stays below the folder of its file; return it tidied."""
    pure = PurePosixPath(path)
    # A backslash or a colon is a step or a drive where paths are written the other way.
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or "\0" in path:
        msg = f"'{path}' does not lead below the folder of this file"
        raise ValueError(msg)
    return pure.as_posix()


def instant(text: str) -> str:
    """Take an instant with its offset."""
    parse_moment(text)
    return text


def instant_or_day(text: str) -> str:
    """Take an instant with its offset, or a calendar day."""
    parse_instant(text)
    return text


def day(text: str) -> str:
    """Take a calendar day."""
    parse_day(text)
    return text


def local_time(text: str) -> str:
    """Take a time of day."""
    parse_local_time(text)
    return text


def time_zone(name: str) -> str:
    """Take an IANA name."""
    zone(name)
    return name


def fact(pointer: str) -> str:
    """Take the JSON Pointer of a part of a snapshot, with ``*`` for every element of a list."""
    if not split(pointer):
        msg = "a fact is a part of the snapshot, not all of it"
        raise ValueError(msg)
    return pointer


def saying(text: str) -> str:
    """Take a text that says something, neither blank nor a placeholder."""
    if not given(text):
        msg = f"'{text}' says nothing"
        raise Unfit(msg, "write it so that a reader of the report understands it")
    return text


def something(value: object) -> object:
    """Take anything but null."""
    if value is None:
        msg = "nothing is no value"
        raise Unfit(msg, "write the value, or leave it out altogether")
    return value


def percent(number: float) -> float:
    """Take a share of a hundred, with one decimal at most: finer than that no score is."""
    if not 0 <= number <= _ALL or round(number, 1) != number:
        msg = f"{number:g} is no percentage from 0 to {_ALL} with one decimal at most"
        raise Unfit(msg, "write it like 80 or 79.5")
    return number


def pack_and_severity(text: str) -> str:
    """Take a severity, or one of a pack: ``high``, ``seef/high``."""
    pack, slash, severity = text.rpartition("/")
    known = [one.value for one in Severity]
    if severity not in known or bool(slash) is not bool(pack):
        msg = f"'{text}' is neither a severity nor PACK/SEVERITY"
        raise Unfit(msg, did_you_mean(severity, known))
    return text
