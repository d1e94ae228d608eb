"""
What a portfolio document takes over of one auditee: the facts that portfolio policies read, and no others.

They are taken as the auditee was judged, so they are cut already. A reader could take a fact that is not
there for one that the auditee lacks: why it is unobserved comes along, as a gap.

Source: DESIGN.md, section 8.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import child, join, split
from auditor.facts.gaps import EVERY, UNOBSERVED, Gaps
from auditor.facts.types import DYN, ListType, MapType, ObjectType, unwrap
from auditor.model.outcome import combine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from auditor.evaluation.judged_facts import JudgedFacts
    from auditor.facts.snapshot import Snapshot
    from auditor.facts.types import Field, Type
    from auditor.model.outcome import Outcome
    from auditor.model.policy import PolicySummary
    from auditor.model.result import ResultDocument

NOT_COLLECTED: Final = "not_collected"

LISTS: Final = {"project": "projects", "unit": "units"}
"""Where auditees of each kind are in the document."""

_NAMES: Final = frozenset({"id", "name"})
"""What names a record in every message."""

_HEADING: Final = frozenset({"captured_at", "judged_at", "time_zone"})
"""What says of an auditee how old its facts are, and whose days they speak of."""

_PROVENANCE: Final = "prov"
_PROVENANCE_SHOWN: Final = ("method", "locator")
"""What every report shows of the facts that decided: how they were obtained, and where they are."""

_HEAD: Final = "snapshot"
_CALENDAR: Final = "calendar"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which fields of a portfolio document are filled."""

    read: Collection[str]
    """Names as `auditor.language.reads.fields_read` gives them."""
    births: bool = False
    """Whether records that were not cut yet are taken over: then the cut needs to know since when each is."""

    def has(self, kind: ObjectType, name: str, field: Field) -> bool:
        """Tell whether a field of a record of *kind* is."""
        return (
            f"{kind.name}.{name}" in self.read
            or field.required
            or name in _NAMES
            or name == _PROVENANCE
            or (name in _HEADING and kind.name in LISTS.values())
            or (self.births and name == kind.birth)
        )

    def names(self, kind: Type, tokens: Sequence[str]) -> bool:
        """Tell whether *tokens*, from a value of *kind* on, lead to one that is filled."""
        for token in tokens:
            kind = unwrap(kind)
            if isinstance(kind, ListType):
                kind = kind.element
            elif isinstance(kind, ObjectType):
                field = kind.fields.get(token)
                if field is None or not self.has(kind, token, field):
                    return False
                kind = field.type
            else:
                return True
        return True


@dataclass(frozen=True, slots=True)
class AuditeePart:
    """What a portfolio document holds of one auditee."""

    auditee: str
    target: str
    tree: dict[str, Any]
    """JSON data, without instants of Python's."""
    gaps: dict[str, str]
    """By pointer into `tree`."""
    facts: JudgedFacts
    """As which it was judged."""

    def original(self, pointer: str) -> str | None:
        """Translate a pointer into `tree` into one of the auditee's snapshot; None where it has none."""
        first, *rest = split(pointer) or [""]
        if first in {"time_zone", "captured_at", _CALENDAR}:
            return join(_HEAD, first, *rest)
        if first in {"", "id"}:
            return join(_HEAD, "auditee")
        if first == "name":
            return join(self.target, first)
        return self.facts.view.original(pointer) if first in self.facts.document else None


def auditee_part(
    snapshot: Snapshot,
    facts: JudgedFacts,
    result: ResultDocument,
    policies: Mapping[str, PolicySummary],
    *,
    kind: ObjectType,
    wanted: Wanted,
) -> AuditeePart:
    """
    Take over what is wanted of one auditee.

    Args:
        snapshot: Of a project or a unit.
        facts: Of the snapshot, as it was judged.
        result: What the run said of it.
        policies: By id, every policy of the run.
        kind: Type of the portfolio document's records of such auditees; its fields are all that can be
            taken over.
        wanted: Which of them are.
    """
    head = facts.document[_HEAD]
    data = {
        "id": snapshot.auditee,
        "name": snapshot.name,
        "captured_at": snapshot.captured_at,
        "judged_at": facts.at,
        "time_zone": head["time_zone"],
        "result": {"controls": controls_of(result, policies)},
        **({_CALENDAR: head[_CALENDAR]} if _CALENDAR in head else {}),
    }
    taken = {name: facts.document[name] for name in kind.fields if name in facts.document}
    pruning = _Pruning(wanted)
    tree: dict[str, Any] = pruning.value(data | taken, kind, "")
    gaps = _carried(facts, kind, wanted)
    known = Gaps(gaps)
    # The schema would fill in a default for what is missing: only a gap keeps it unknown.
    for pointer in pruning.missing:
        if known.reason_for(pointer) == UNOBSERVED:
            gaps[pointer] = NOT_COLLECTED
    return AuditeePart(snapshot.auditee, snapshot.target, tree, gaps, facts)


def controls_of(
    result: ResultDocument, policies: Mapping[str, PolicySummary]
) -> list[dict[str, str]]:
    """Return what became of each control for one auditee: the worst that its policies say."""
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for verdict in result.verdicts:
        for control in policies[verdict.policy].controls:
            outcomes[control].append(verdict.outcome)
    return [
        {"id": control, "outcome": combine(outcomes[control]).value} for control in sorted(outcomes)
    ]


def pruned(data: Any, kind: Type, wanted: Wanted) -> Any:  # noqa: ANN401 - any fact
    """Return *data* of *kind*, which was not cut yet, as JSON data with only what is wanted."""
    return _Pruning(replace(wanted, births=True)).value(data, kind, "")


class _Pruning:
    """Copies facts as JSON data, and notes the fields with a default that are missing all the same."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.missing: list[str] = []

    def value(self, value: Any, kind: Type, pointer: str) -> Any:  # noqa: ANN401 - any fact
        kind = unwrap(kind)
        match value:
            case dt.datetime():
                return value.isoformat().replace("+00:00", "Z")
            case dt.date():
                return value.isoformat()
            case list():
                element = kind.element if isinstance(kind, ListType) else DYN
                return [
                    self.value(part, element, child(pointer, place))
                    for place, part in enumerate(value)
                ]
            case dict() if isinstance(kind, ObjectType):
                return self._record(value, kind, pointer)
            case dict():
                inner = kind.value if isinstance(kind, MapType) else DYN
                return {
                    key: self.value(part, inner, child(pointer, key)) for key, part in value.items()
                }
            case _:
                return value

    def _record(self, data: dict[str, Any], kind: ObjectType, pointer: str) -> dict[str, Any]:
        made = {}
        for name, field in kind.fields.items():
            if not self._wanted.has(kind, name, field):
                continue
            if name not in data:
                if field.has_default:
                    self.missing.append(child(pointer, name))
            elif name == _PROVENANCE:
                made[name] = {
                    key: data[name][key] for key in _PROVENANCE_SHOWN if key in data[name]
                }
            else:
                made[name] = self.value(data[name], field.type, child(pointer, name))
        return made


def _carried(facts: JudgedFacts, kind: ObjectType, wanted: Wanted) -> dict[str, str]:
    """Return the gaps that speak of what is wanted, by pointers into the part."""
    gaps: dict[str, str] = {}
    # A portfolio document knows the reasons of sources; that no change was kept is what was not collected.
    known = dict.fromkeys(facts.no_history, NOT_COLLECTED) | facts.document[_HEAD]["gaps"]
    for pointer, reason in sorted(known.items()):
        tokens = split(pointer)
        if tokens[:2] == [_HEAD, _CALENDAR]:
            gaps |= _if_wanted([tokens[1:]], reason, kind, wanted)
        elif tokens[0] in kind.fields:
            places = _placed(tokens, facts.document, facts.view.moved)
            gaps |= _if_wanted(places, reason, kind, wanted)
    return gaps


def _if_wanted(
    places: Sequence[list[str]] | Iterator[list[str]], reason: str, kind: ObjectType, wanted: Wanted
) -> dict[str, str]:
    return {join(*tokens): reason for tokens in places if wanted.names(kind, tokens)}


def _placed(
    tokens: list[str], document: Mapping[str, Any], moved: Mapping[str, tuple[int, ...]]
) -> Iterator[list[str]]:
    """Say where what a gap of the whole snapshot names is in the cut facts: nowhere, or in several places."""
    work: list[tuple[list[str], list[str], Any]] = [([], tokens, document)]
    while work:
        done, left, node = work.pop()
        if not left:
            yield done
            continue
        token, rest = left[0], left[1:]
        kept = moved.get(join(*done))
        if token == EVERY and isinstance(node, list) and any(name.isdecimal() for name in rest):
            # In each element a number may have moved to another place.
            work += [([*done, str(n)], rest, part) for n, part in enumerate(node)]
            continue
        if kept is not None and token.isdecimal():
            if int(token) not in kept:
                continue  # the record is not there yet
            token = str(kept.index(int(token)))
        work.append(([*done, token], rest, _inside(node, token)))


def _inside(node: Any, token: str) -> Any:  # noqa: ANN401 - any fact
    if isinstance(node, dict):
        return node.get(token)
    is_there = isinstance(node, list) and token.isdecimal() and int(token) < len(node)
    return node[int(token)] if is_there else None
