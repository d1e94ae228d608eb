"""
A SARIF log: rules, and what was found by them, as code-scanning sites read it.

Only what the callers have in common is here: what a rule, a place and a result look like. Columns count characters, and a
place is a relative URI, so that a log says nothing of the machine that it was made on.

Source: SARIF 2.1.0; GitHub's demands on it (rule texts, ``automationDetails``, one place for each result).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

from auditor import __version__
from auditor.reporters.foreign_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditor.model.location import Location

Level = Literal["error", "warning", "note", "none"]

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "auditorPlace/v1"
"""Key of the fingerprint; a change of what goes into it is a new version here."""


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
        invocation["toolExecutionNotifications"] = [_notice(one) for one in notices]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "auditor",
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "automationDetails": {"id": f"{category}/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": [_result(one, positions, seen) for one in results],
            }
        ],
    }


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
        "message": {"text": visible(one.message)},
        "locations": [_place(one.location)],
        "partialFingerprints": {FINGERPRINT: digest.hexdigest()[:32]},
    }


def _notice(one: Notice) -> dict[str, Any]:
    found: dict[str, Any] = {"level": "error", "message": {"text": visible(one.message)}}
    if one.location is not None:
        found["locations"] = [_place(one.location)]
    return found


def _place(location: Location) -> dict[str, Any]:
    region = {"startLine": location.line, "startColumn": location.column}
    if location.end_column is not None:
        region |= {"endLine": location.line, "endColumn": location.end_column}
    uri = quote(location.path.encode("utf-8", "surrogateescape"))
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
