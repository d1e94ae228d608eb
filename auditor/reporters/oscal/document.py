"""
What every OSCAL document has in common: its head, its file name, and how it is written piece by piece.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from auditor.findings.score import Scores
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.oscal.values import (
    NO_INSTANT,
    Tree,
    id_prop,
    instant,
    kept,
    line,
    prop,
    prose,
    string,
    uuid,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditor.model.run import Run

OSCAL_VERSION: Final = "1.2.1"

RESULTS: Final = "assessment-results.json"
POAM: Final = "plan-of-action-and-milestones.json"
CATALOG: Final = "catalog.json"
COMPONENTS: Final = "component-definition.json"
PLAN: Final = "assessment-plan.json"
"""The names by which the documents refer to each other, and what trestle calls them."""

_AT_A_TIME: Final = 100
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_RULES: Final = (
    "engine",
    "as_of",
    "period",
    "profile",
    "only",
    "policies",
    "frameworks",
    "relaxed",
)
"""What of the head of a run tells what is demanded."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A list of which only some entries at a time are in memory; one without entries is left out."""

    entries: Iterable[Tree]


def written(tree: Tree) -> Iterator[bytes]:
    """Write *tree* as JSON, its streams by a hundred entries at a time; streams stand in objects and lists alone."""
    for piece in _object(tree):
        yield piece.encode()
    yield b"\n"


def _object(tree: Tree) -> Iterator[str]:
    opening = "{"
    for key, value in tree.items():
        start = f"{opening}{json.dumps(key)}:"
        if isinstance(value, Stream):
            before = f"{start}[\n"
            entries = iter(value.entries)
            while texts := [_dump(entry) for entry in islice(entries, _AT_A_TIME)]:
                yield before + ",\n".join(texts)
                before = ",\n"
            if before != ",\n":
                continue
            yield "\n]"
        elif isinstance(value, dict):
            yield start
            yield from _object(value)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            before = f"{start}["
            for one in value:
                yield before
                yield from _object(one)
                before = ","
            yield "]"
        else:
            yield start + _dump(value)
        opening = ",\n"
    yield "{}" if opening == "{" else "}"


def _dump(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return _ENCODER.encode(value)


class Identity:
    """
    What the documents of a run are known by.

    A document whose content changes must get another id; one that is made again from the same run may not.

    Args:
        run: What is written.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        # As it is recorded, so that a run that is read again has the same ids.
        self._head = run.head_tree(("", "") for _ in run.results)

    @cached_property
    def rules(self) -> str:
        """Digest of what is demanded."""
        return _digest(chain(([self._head[key] for key in _RULES],), _demands(self._run)))

    @cached_property
    def run(self) -> str:
        """Digest of what is demanded and of what was found."""
        return _digest(chain((self._head,), _demands(self._run), _found(self._run)))

    def of_rules(self, kind: str) -> str:
        """Return the id of a document that tells of what is demanded only."""
        return uuid(kind, self.rules)

    def of_run(self, kind: str) -> str:
        """Return the id of a document that tells what was found."""
        return uuid(kind, self.run)


def _digest(parts: Iterable[object]) -> str:
    digest = sha256()
    for part in parts:
        digest.update(json.dumps(part, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def _demands(run: Run) -> Iterator[list[str | None]]:
    for control in run.controls:
        yield [control.id, control.framework, control.area, control.stage, control.rule]


def _found(run: Run) -> Iterator[list[object]]:
    for result in run.results:
        yield [result.auditee, result.snapshot_digest, result.judged_at]
        for verdict in result.verdicts:
            standing = run.standing(result.auditee, verdict)
            yield [
                verdict.policy,
                verdict.subject,
                verdict.outcome,
                verdict.message,
                verdict.reason,
            ]
            yield [
                standing.gating,
                standing.told,
                [[one.as_of, one.outcome] for one in standing.earlier],
            ]


def metadata(run: Run, title: str, *, version: str, remarks: Iterable[str]) -> Tree:
    """
    Return the head of a document.

    Args:
        run: What it is made from; the instant that it judges is when the document was last modified.
        title: What kind of document it is.
        version: Changes with the content.
        remarks: What a reader must know first, one sentence each.
    """
    profile = run.profile
    said = list(remarks)
    props = [prop("engine", run.engine)]
    if run.as_of is None:
        props.append(prop("as-of", "none"))
        said.append(
            f"This run judged nothing and has no instant; {NO_INSTANT} stands where OSCAL demands one."
        )
    else:
        props.append(prop("as-of", run.as_of))
    if run.period is not None:
        props += [prop("period-from", run.period[0]), prop("period-to", run.period[1])]
    if profile is not None:
        props += [
            id_prop("profile", profile.id),
            prop("profile-version", profile.version),
            prop("profile-digest", profile.digest),
        ]
    props += [id_prop("only-policy", policy) for policy in run.only]
    return kept(
        {
            "title": line(title),
            "last-modified": instant(run.as_of),
            "version": string(version),
            "oscal-version": OSCAL_VERSION,
            "props": props,
            "remarks": prose(said) if said else None,
        }
    )


def opening(run: Run) -> list[str]:
    """Return what every report opens with: what was relaxed, the three lines, the score."""
    lines = [*run.relaxed, *(f"{name}: {text}" for name, text in wording.opening(run))]
    if not any(result.verdicts for result in run.results):
        lines.append(wording.nothing_audited(run))
    total = Scores(run).total
    if total.raw is not None:
        net = "none" if total.net is None else f"{total.net} %"
        lines.append(
            f"Score: {total.raw} % raw, {net} net, over {total.due} controls counted by auditee"
        )
    return lines


def count_props(run: Run) -> list[Tree]:
    """Return how many verdicts there are of each outcome, and the score, as properties."""
    counts = run.counts()
    total = Scores(run).total
    props = [
        prop("verdicts", str(sum(counts.values()))),
        *(prop(f"verdicts-{outcome_word(outcome)}", str(counts[outcome])) for outcome in Outcome),
        prop("verdicts-attested", str(sum(result.attested() for result in run.results))),
    ]
    if total.raw is not None:
        props.append(prop("score-raw", str(total.raw)))
    if total.net is not None:
        props.append(prop("score-net", str(total.net)))
    return props


def outcome_word(outcome: Outcome) -> str:
    """Return an outcome as a name in OSCAL."""
    return outcome.value.replace("_", "-")


def tool(run: Run) -> Tree:
    """Return the component that judges."""
    return {
        "uuid": tool_uuid(),
        "type": "software",
        "title": "auditor",
        "description": line(f"Holds what a project has recorded against policies: {run.engine}"),
        "props": [prop("engine", run.engine)],
        "status": {"state": "operational"},
    }


def tool_uuid() -> str:
    """Return the id of the component that judges, the same in every document of every run."""
    return uuid("tool", "auditor")


def assets(run: Run) -> Tree:
    """Return what was judged with."""
    return {
        "components": [tool(run)],
        "assessment-platforms": [
            {
                "uuid": uuid("platform", "auditor"),
                "title": "auditor",
                "uses-components": [{"component-uuid": tool_uuid()}],
            }
        ],
    }


def origin() -> list[Tree]:
    """Return who says it: the tool."""
    return [{"actors": [{"type": "tool", "actor-uuid": tool_uuid()}]}]
