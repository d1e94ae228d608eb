"""
Whether data has the shape of a recorded run: fast, and without saying what is wrong.

The JSON Schemas say what a run is, and say best what is wrong with one. Held against them, a run of a hundred
thousand verdicts takes minutes; held against these types it takes seconds. A test changes every spot of a run in
turn and holds the two answers against each other: what has this shape keeps the schemas.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

# pydantic asks for this one below Python 3.12.
from typing_extensions import TypedDict

_CLOSED: Final = ConfigDict(extra="forbid", strict=True)

Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Column = Annotated[int, Field(ge=1)]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Place = Annotated[str, Field(pattern=r":[1-9][0-9]{0,8}:[1-9][0-9]{0,8}$")]
Pointer = Annotated[str, Field(pattern=r"^(/([^~/]|~[01])*)*$")]
Outcome = Literal["error", "fail", "inconclusive", "pass", "not_applicable"]
Grade = Literal["api", "export", "parsed", "manual", "attested"]
Severity = Literal["low", "medium", "high", "critical"]
Target = Literal["project", "unit", "portfolio"]
Text = str | None
Version = Annotated[int, Field(ge=1, le=1)]


def has_shape(data: object) -> bool:
    """
    Tell whether *data* is a recorded run with its documents.

    Returns:
        False also for some that are: of a head alone, and of findings with decisions, only the schemas can tell.
    """
    try:
        _adapter().validate_python(data)
    except ValidationError:
        return False
    return True


@cache
def _adapter() -> TypeAdapter[Any]:
    return TypeAdapter(_Run)


class _Closed(TypedDict):
    """An object that has no other keys than its own."""

    __pydantic_config__ = _CLOSED  # type: ignore[misc]


# ----- result documents


class _Fact(_Closed):
    pointer: Pointer
    state: Literal["known", "absent", "unobserved"]
    shown: str
    reason: Text
    grade: Grade | None
    source: Text


class _Boundary(_Closed):
    value: str | float | int | bool | None


class _Turn(_Closed):
    what: str
    wanted: str
    pointer: Pointer | None
    boundary: _Boundary | None


class _Step(_Closed):
    came: Literal["true", "false", "unknown", "error", "value"]
    text: str
    says: str
    place: Place | None
    facts: list[Pointer]
    steps: list[_Step]


class _Because(_Closed):
    sentence: str
    has_margin: bool
    steps: list[_Step]
    turns: list[Annotated[list[_Turn], Field(min_length=1)]]


class _Clause(_Closed):
    clause: Count
    outcome: Outcome
    message: str
    vacuous: bool
    failing: list[str]
    witness: list[Pointer]
    because: _Because | None


class _Attested(_Closed):
    by: str
    role: str
    at: str
    until: str


class _Verdict(_Closed):
    policy: Name
    subject: Name
    subject_name: str
    outcome: Outcome
    message: str
    reason: Text
    at: Text
    due_at: Text
    owner: Text
    clauses: list[_Clause]
    witness: list[_Fact]
    missing: list[_Fact]
    grade: Grade | None
    attested: _Attested | None
    because: _Because | None


class _ResultContract(_Closed):
    name: Literal["result"]
    version: Version


class _Auditee(_Closed):
    id: Name
    name: str
    target: Target


class _Snapshot(_Closed):
    digest: Digest
    name: str
    captured_at: str
    judged_at: str
    time_zone: str
    uncut: list[str]


class _Result(_Closed):
    schema: _ResultContract
    auditee: _Auditee
    snapshot: _Snapshot
    out_of_period: dict[str, Count]
    verdicts: list[_Verdict]


# ----- findings documents


class _Key(_Closed):
    policy: Name
    auditee: Name
    subject: Name


_Gating = TypedDict(
    "_Gating",
    {
        "as": Literal["counts", "under_threshold", "allowed", "known", "accepted"],
        "told": str,
    },
)
with_config(_CLOSED)(_Gating)


class _Earlier(_Closed):
    as_of: str
    outcome: Literal["error", "fail", "inconclusive", "none"]


class _Failed(_Closed):
    raw: Literal["fail"]
    net: Literal["fail"]


class _Unknown(_Closed):
    raw: Literal["unknown"]
    net: Literal["unknown"]


class _Finding(_Closed):
    key: _Key
    fingerprint: Digest
    severity: Severity
    needs: (
        Literal["approver", "data_owner", "delivery_manager", "fix_owner", "process_owner"] | None
    )
    message: str
    decisions: Annotated[list[None], Field(max_length=0)]
    gate: _Gating | None
    earlier: list[_Earlier]


class _FailedFinding(_Finding):
    outcome: Literal["fail"]
    state: Literal["open", "new", "reopened"]
    counts_as: _Failed


class _UnknownFinding(_Finding):
    outcome: Literal["error", "inconclusive"]
    state: Literal["unknown"]
    counts_as: _Unknown


class _FindingsContract(_Closed):
    name: Literal["findings"]
    version: Version


class _Findings(_Closed):
    schema: _FindingsContract
    auditee: _Auditee
    as_of: Text
    result: Digest
    findings: list[_FailedFinding | _UnknownFinding]


# ----- the head


class _Line(_Closed):
    place: Place
    end: Column | None
    first: Column
    text: Annotated[str, Field(max_length=1000)]


class _Places(_Closed):
    facts: dict[Pointer, Place]
    lines: list[_Line]


class _Entry(_Closed):
    auditee: Name
    digest: Digest
    findings: Digest
    document: _Result
    findings_document: _Findings
    places: _Places


class _RunContract(_Closed):
    name: Literal["run"]
    version: Version


class _Profile(_Closed):
    id: Name
    version: str
    digest: Digest


_Period = TypedDict("_Period", {"from": str, "to": str})
with_config(_CLOSED)(_Period)

_Change = TypedDict(
    "_Change",
    {
        "what": str,
        "from": str,
        "to": str,
        "is_relaxing": bool,
        "reason": Text,
        "by": Text,
        "on": Text,
        "location": Place,
    },
)
with_config(_CLOSED)(_Change)


class _Demand(_Closed):
    that: str
    location: Place


class _Policy(_Closed):
    id: Name
    title: str
    why: str
    fix: str
    controls: list[str]
    severity: Severity
    pack: str
    target: Target
    digest: Digest
    location: Place
    clauses: list[_Demand]
    params: dict[str, str]
    words: Digest | None
    formerly: list[str]
    changes: list[_Change]


class _LeftOut(_Closed):
    name: str
    reason: str


class _Population(_Closed):
    in_scope: Count
    audited: Count
    missing: list[str]
    excluded: list[_LeftOut]
    not_listed: list[str]
    names: dict[str, str]


class _Framework(_Closed):
    id: Name
    version: str
    date: str


class _Control(_Closed):
    id: Name
    state: Literal["decided", "attested", "part", "undecided", "not_covered", "no_auditee"]
    framework: str
    area: str
    stage: Text
    rule: str


class _Gone(_Closed):
    auditee: str
    policy: str
    subject: str
    message: str
    now: Literal["pass", "not_applicable", "none"]


class _Gate(_Closed):
    # No literals: True is 1 to them, and to no schema.
    code: Annotated[int, Field(ge=0, le=1)] | Annotated[int, Field(ge=3, le=5)]
    rules: list[str]
    reasons: list[str]
    against: Text
    gone: list[_Gone]


_Totals = TypedDict(
    "_Totals",
    {
        "error": Count,
        "fail": Count,
        "inconclusive": Count,
        "pass": Count,
        "not_applicable": Count,
    },
)
with_config(_CLOSED)(_Totals)


class _Problem(_Closed):
    name: str
    slug: str
    message: str
    location: Place | None
    hint: Text


class _Run(_Closed):
    schema: _RunContract
    engine: Name
    profile: _Profile | None
    only: list[Name]
    as_of: Text
    period: _Period | None
    policies: list[_Policy]
    population: _Population
    frameworks: list[_Framework]
    controls: list[_Control]
    gate: _Gate | None
    totals: _Totals
    problems: list[_Problem]
    not_used: list[_LeftOut]
    relaxed: list[str]
    results: list[_Entry]
