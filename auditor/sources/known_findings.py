"""
Read a file of known findings, as ``auditor check -f known=FILE`` writes it.

Whatever is wrong with it, nothing of it is used: a file that was half understood could hide what nobody has seen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join
from auditor.documents.tree import parse_tree
from auditor.facts.violation import shown
from auditor.model.errors import ErrorGroup, InputError, did_you_mean
from auditor.model.known import KNOWN_SCHEMA_VERSION, KnownFinding
from auditor.model.location import Location
from auditor.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.documents.tree import Tree

_KEYS: Final = ("auditee", "facts", "message", "outcome", "policy", "rules", "subject")
_OUTCOMES: Final = (Outcome.FAIL.value, Outcome.INCONCLUSIVE.value)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_MOST_FAULTS: Final = 5
_AGAIN: Final = "write it anew with 'auditor check ... -f known=FILE', and look at what changes"

_Fault = tuple[str, str, str]
"""Pointer, what is wrong there, and what to do."""


def parse_known(data: bytes, *, path: str) -> tuple[KnownFinding, ...]:
    """
    Read the bytes of a file of known findings.

    Args:
        data: The file.
        path: As the user would type it.

    Raises:
        DocumentError: It cannot be parsed.
        ErrorGroup: It breaks its rules, or a finding stands in it twice.
    """
    tree = parse_tree(data, path=path)
    faults = list(_faults(tree.data))
    if faults:
        errors = [_error(tree, fault) for fault in faults[:_MOST_FAULTS]]
        if (more := len(faults) - _MOST_FAULTS) > 0:
            errors.append(_error(tree, ("", f"{more} more faults in this file", _AGAIN)))
        raise ErrorGroup(errors)
    return tuple(
        KnownFinding(**{**entry, "outcome": Outcome(entry["outcome"])})
        for entry in tree.data["findings"]
    )


def _faults(data: Any) -> Iterator[_Fault]:  # noqa: ANN401 - any JSON value
    if not isinstance(data, dict) or not isinstance(data.get("schema"), dict):
        yield "", "it is no file of known findings", _AGAIN
        return
    schema = data["schema"]
    if schema.get("name") != "known":
        yield "/schema", f"it says that it is {shown(schema.get('name'))}, not 'known'", _AGAIN
        return
    version = schema.get("version")
    if type(version) is not int or version != KNOWN_SCHEMA_VERSION:
        text = f"its version is {shown(version)}, and this program knows {KNOWN_SCHEMA_VERSION}"
        yield "/schema", text, "use the version of auditor that wrote it, or write it anew"
        return
    yield from _unknown("", data, ("schema", "findings"))
    yield from _unknown("/schema", schema, ("name", "version"))
    found = data.get("findings")
    if not isinstance(found, list):
        yield "/findings", f"'findings' wants a list; found {shown(found)}", _AGAIN
        return
    places: dict[tuple[str, str, str], int] = {}
    for place, entry in enumerate(found):
        pointer = join("findings", place)
        broken = list(_of_entry(pointer, entry))
        yield from broken
        if broken:
            continue
        key = entry["auditee"], entry["policy"], entry["subject"]
        if key in places:
            text = f"the finding of '{key[1]}' on '{key[2]}' in '{key[0]}' is listed twice"
            yield pointer, text, "keep the line that is right, or write the file anew"
        places[key] = place


def _of_entry(pointer: str, entry: Any) -> Iterator[_Fault]:  # noqa: ANN401 - any JSON value
    if not isinstance(entry, dict):
        yield pointer, f"a finding wants 'key: value' pairs; found {shown(entry)}", _AGAIN
        return
    yield from _unknown(pointer, entry, _KEYS)
    for key in _KEYS:
        if key not in entry:
            yield pointer, f"'{key}' is missing", _AGAIN
            continue
        value, at = entry[key], f"{pointer}/{key}"
        if not isinstance(value, str):
            yield at, f"'{key}' wants a text; found {shown(value)}", _AGAIN
        elif key == "outcome" and value not in _OUTCOMES:
            text = f"'outcome' wants one of {', '.join(_OUTCOMES)}; found {shown(value)}"
            yield at, text, "only these can be known"
        elif key in {"facts", "rules"} and not _DIGEST.fullmatch(value):
            yield at, f"'{key}' wants a digest; found {shown(value)}", _AGAIN
        elif key in {"auditee", "policy"} and not value:
            yield at, f"'{key}' is empty", _AGAIN


def _unknown(pointer: str, found: dict[str, Any], known: tuple[str, ...]) -> Iterator[_Fault]:
    for key in sorted(set(found) - set(known)):
        yield pointer + join(key), f"unknown key {shown(key)}", did_you_mean(key, known)


def _error(tree: Tree, fault: _Fault) -> InputError:
    pointer, message, hint = fault
    steps = [pointer]
    while steps[-1]:  # what is missing has no place of its own: the nearest thing around it has
        steps.append(steps[-1].rpartition("/")[0])
    places = tree.locate(steps, keys=message.startswith("unknown key"))
    place = next((places[step] for step in steps if step in places), Location(tree.path, 1))
    return InputError(
        message, hint=hint, location=place, excerpt=tree.excerpt(place.line), slug="known"
    )
