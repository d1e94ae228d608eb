"""
A SARIF log: rules, and what was found by them, as code-scanning sites read it.

Only what the callers have in common is here: what a rule, a place, a result and a notice look like, and how a log is written in
parts. Columns count characters, and a place is a relative URI, so that a log says nothing of the machine that it was
made on.

Source: SARIF 2.1.0; GitHub's demands on it (rule texts, ``automationDetails``, one place for each result).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

from auditor import __version__
from auditor.reporters.foreign_text import encodable, json_inert, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from auditor.model.excerpt import Excerpt
    from auditor.model.location import Location

Level = Literal["error", "warning", "note", "none"]

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "auditorPlace/v1"
"""Key of the fingerprint; a change of what goes into it is a new version here."""
SOURCE_ROOT: Final = "%SRCROOT%"
"""What stands for the folder that a run was started in; code-scanning sites take it for the root of the repository."""
COLUMNS: Final = "unicodeCodePoints"

_LINE: Final = 240
"""Characters of a line that are shown: a minified document is one line of megabytes."""
_PATH: Final = 1_000
"""Characters of a path that are shown; no system opens a much longer one."""
_ACTS: Final = re.compile(r"\{(?=\d)|\](?=\()")
"""Where a message would take an argument or become a link: a viewer fills in and follows what it finds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What results refer to."""

    id: str
    text: str
    """What it is about, in sentences; the first one stands alone where there is little room."""
    level: Level


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found."""

    rule: str
    level: Level
    message: str
    location: Location
    identity: tuple[str, ...]
    """What it is known by from run to run, without the line that it stands on."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that kept the tool from looking at everything."""

    message: str
    location: Location | None


def sarif_log(
    rules: Sequence[Rule],
    results: Iterable[Result],
    *,
    category: str,
    notices: Sequence[Notice] = (),
) -> dict[str, Any]:
    """
    Return a log with one run.

    Args:
        rules: All that there are, those that found nothing among them; each result's is one of them.
        results: What was found, in order.
        category: What tells this run from others of the tool: ``auditor/policy-lint``.
        notices: What could not be looked at; with any, the run counts as failed.
    """
    positions = {rule.id: position for position, rule in enumerate(rules)}
    seen: Counter[tuple[str, ...]] = Counter()
    invocation: dict[str, Any] = {"executionSuccessful": not notices}
    if notices:
        invocation["toolExecutionNotifications"] = [notice(one) for one in notices]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver(map(_rule, rules))},
                "automationDetails": {"id": f"{category}/"},
                "columnKind": COLUMNS,
                "invocations": [invocation],
                "results": [_result(one, positions, seen) for one in results],
            }
        ],
    }


def driver(rules: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return what says which tool it was, and what it looks for."""
    return {"name": "auditor", "semanticVersion": __version__, "rules": list(rules)}


def text(message: str) -> dict[str, str]:
    """Return a message that says what it says, and neither takes arguments nor leads anywhere."""
    return {"text": _ACTS.sub(r"\g<0> ", visible(message))}


def notice(one: Notice, level: Level = "error") -> dict[str, Any]:
    """Return something that is said of the run as a whole."""
    found: dict[str, Any] = {"level": level, "message": text(one.message)}
    if one.location is not None:
        found["locations"] = [place(one.location)]
    return found


def place(
    location: Location, *, base: str | None = None, excerpt: Excerpt | None = None
) -> dict[str, Any]:
    """
    Return a location.

    Args:
        location: What it points to.
        base: What its path starts from; None where that is not known.
        excerpt: The line there, with what is meant marked, if it is to be shown.
    """
    region: dict[str, Any] = {"startLine": location.line, "startColumn": location.column}
    physical = {"artifactLocation": artifact(location.path, base), "region": region}
    if excerpt is None:
        if location.end_column is not None:
            region |= {"endLine": location.line, "endColumn": location.end_column}
        return {"physicalLocation": physical}
    shown = excerpt.window(_LINE)
    begin, marked = location.column, shown.parts()[1]
    region |= _span(location.line, begin, marked)
    if marked != shown.text:
        context = {"startLine": location.line, "startColumn": shown.first}
        physical["contextRegion"] = context | _span(location.line, shown.first, shown.text)
    return {"physicalLocation": physical}


def _span(line: int, begin: int, shown: str) -> dict[str, Any]:
    """Return where a piece of a line ends, and the piece."""
    text = {"text": encodable(shown)}
    return {"endLine": line, "endColumn": begin + len(shown), "snippet": text}


def artifact(path: str, base: str | None = None) -> dict[str, str]:
    """Return the address of a file, relative to *base* unless its path is absolute."""
    plain = posixpath.normpath(path[:_PATH])
    try:
        octets = plain.encode("utf-8", "surrogateescape")  # the bytes of a name that is not UTF-8
    except UnicodeEncodeError:
        octets = visible(plain).encode()
    uri = quote(octets)
    if plain.startswith("/"):
        return {"uri": f"file:///{uri.lstrip('/')}"}
    return {"uri": uri} | ({"uriBaseId": base} if base is not None else {})


def parts(head: Mapping[str, Any], results: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """
    Write a log with one run, piece by piece.

    Args:
        head: Of the run, all but its results.
        results: In order; none is kept.
    """
    opened = _json(head).removesuffix("}")
    yield f'{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[\n{opened},"results":['.encode()
    separator = "\n"
    for one in results:
        yield f"{separator}{_json(one)}".encode()
        separator = ",\n"
    yield b"\n]}]}\n"


def _json(tree: Mapping[str, Any]) -> str:
    return json_inert(json.dumps(tree, ensure_ascii=False, separators=(",", ":")))


def _rule(rule: Rule) -> dict[str, Any]:
    first, stop, _ = rule.text.partition(". ")
    return {
        "id": rule.id,
        "shortDescription": {"text": first + (stop and ".")},
        "fullDescription": {"text": rule.text},
        "help": {"text": rule.text},
        "defaultConfiguration": {"level": rule.level},
    }


def _result(
    one: Result, positions: dict[str, int], seen: Counter[tuple[str, ...]]
) -> dict[str, Any]:
    identity = (one.rule, one.location.path, *one.identity)
    seen[identity] += 1
    # Of several that say the same of one file, the first keeps its name when another one comes.
    digest = sha256(repr((*identity, seen[identity])).encode("utf-8", "surrogatepass"))
    return {
        "ruleId": one.rule,
        "ruleIndex": positions[one.rule],
        "level": one.level,
        "message": text(one.message),
        "locations": [place(one.location)],
        "partialFingerprints": {FINGERPRINT: digest.hexdigest()[:32]},
    }
