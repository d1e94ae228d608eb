"""
What stands in the blanks of a shape's cases: the base snapshot, places in it, and what is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.documents.pointer import join
from auditor.facts.types import BOOL, DOUBLE, INT, ListType, NullableType, ObjectType, unwrap
from auditor.usecases.authoring.records import inner_element, is_day
from auditor.usecases.authoring.samples import sample_record, sample_value
from auditor.usecases.authoring.shapes import scene
from auditor.usecases.authoring.yaml_text import block, flow

if TYPE_CHECKING:
    from auditor.usecases.authoring.blanks import Expressions

_NEVER = "never"
_VERSION = "v1"
_EARLY = "2026-03-04T18:00:00+01:00"
"""An instant before the second one of the shapes that have such a case, and after the first."""


class FirstCases:
    """
    The blanks of the cases; those that the policy has, too, are in `Expressions`.

    Args:
        policy: The parts of the policy.
    """

    def __init__(self, policy: Expressions) -> None:
        self._policy = policy
        self._answers = policy.answers
        self._values = policy.values
        self._records = policy.records
        self._period = self._answers.shape.periods.get(self._values.get("period", ""), {})

    # ----- the base

    def base(self) -> str:
        """Return the snapshot that all cases start from, as it is written."""
        return block(self.snapshot())

    def snapshot(self) -> dict[str, Any]:
        """Return the snapshot that all cases start from."""
        data = scene(self._answers.target)
        if self._period and self._answers.target == "project":
            data["project"]["execution"]["started_at"] = f"{self.begin()}T09:00:00+01:00"
        second = self._values.get("second", "")
        if "." in second:
            _put(data, second.split("."), self._answers.shape.times["second"])
        data[self._records.name] = self._made()
        return data

    def _made(self) -> list[dict[str, Any]]:
        """Make the records of the base: one, or two that are counted."""
        inner = self._answers.inner
        if not self._policy.is_counting:
            return [self._record(self._known())]
        if inner is None:
            return [self._record(self._known(), number) for number in (1, 2)]
        return [self._record({**self._born(), inner: [self._member(number) for number in (1, 2)]})]

    def _record(self, known: dict[str, Any], number: int = 1) -> dict[str, Any]:
        return sample_record(self._records.element, known, self._records.thing, number)

    def _member(self, number: int) -> Any:  # noqa: ANN401 - any JSON value
        inner = self._answers.inner or ""
        declared = self._records.fields[inner]
        element = inner_element(declared)
        if element is None:
            return sample_value(inner, declared, number)[0]
        made: dict[str, Any] = sample_value(inner, declared, number)[0]
        return {**made, **self._chosen()}

    def _known(self) -> dict[str, Any]:
        """Return the fields that the rule reads."""
        known = self._born()
        times = {**self._answers.shape.times}
        if self._period:
            times["first"] = self._period["first"]
        if "field" in self._values:
            known |= self._demanded()
        if "role" in self._values and "version" in self._records.fields:
            known["version"] = _VERSION
        second = self._values.get("second", ".")
        if "." not in second:
            is_only_day = is_day(self._records.fields[second])
            known[second] = times["second"][:10] if is_only_day else times["second"]
        if "first" in self._values:
            path, dot, _ = self._values["first"].partition(".")
            known[path] = self._happened(times["first"])
            if self._policy.is_dated and not dot:
                known["recorded_at"] = _soon_after(times["first"])
        return {**known, **self._chosen()}

    def _demanded(self) -> dict[str, Any]:
        """Return the field that a record must have; an own one lies among the organisation's own."""
        owner, _, name = self._values["field"].rpartition(".")
        made = {name: sample_value(name, self._answers.field)}
        own = unwrap(self._records.fields[owner].type) if owner else None
        if not isinstance(own, ObjectType):
            return made
        return {owner: sample_record(own, made, self._records.thing)}

    def _born(self) -> dict[str, Any]:
        birth = self._records.birth
        is_asked = birth in {self._values.get("first"), self._values.get("second")}
        if birth is None or is_asked or not self._policy.at() or "first" in self._values:
            return {}
        return {birth: sample_value(birth, self._records.fields[birth])}

    def _chosen(self) -> dict[str, Any]:
        """Return the field that chooses among the records, as JSON has its value."""
        chosen, element = self._answers.where(), self._answers.element
        if chosen is None or element is None:
            return {}
        name, value = chosen
        kind = unwrap(element.fields[name].type)
        if kind == BOOL:
            return {name: value == "true"}
        if kind in {INT, DOUBLE}:
            return {name: int(value) if kind == INT else float(value)}
        return {name: value}

    def _happened(self, instant: str | None) -> Any:  # noqa: ANN401 - any JSON value
        """Return what has to happen, at an instant or (None) never."""
        path, dot, part = self._values["first"].partition(".")
        if not dot:
            return instant
        inner = inner_element(self._records.fields[path])
        if instant is None or inner is None:
            return []
        dated = {"recorded_at": _soon_after(instant)} if self._policy.is_dated else {}
        return [sample_record(inner, {part: instant, **dated}, self._records.thing)]

    # ----- places, and what is put there

    def records(self) -> str:
        """Return the place of the list of records."""
        return f"/{self._records.name}"

    def record_id(self) -> str:
        """Return the id of the record."""
        return str(self._record({})["id"])

    def version(self) -> str | None:
        """Return the version of the record, where records of the kind have one."""
        return flow(self._known()["version"]) if "version" in self._records.fields else None

    def field(self) -> str:
        """Return the field that a record must have, as a place in the record has it."""
        return self._values["field"].replace(".", "/")

    def says(self) -> str:
        """Return what the sentence of a failure must name."""
        return flow(self._policy.demanded())

    def none(self) -> str:
        """Return how it is written that there is none."""
        kind = self._answers.field.type
        if isinstance(kind, NullableType):
            return "null"
        if isinstance(kind, ListType):
            return "[]"
        # No text may be empty; one that is a placeholder says as little.
        return "false" if kind == BOOL else "tbd"

    def first(self, instant: str) -> str:
        """Return what has to happen, at an instant or ``never``."""
        return "null" if (made := self._happened(_given(instant))) is None else flow(made)

    def first_place(self) -> str:
        """Return where it is recorded what has to happen."""
        return f"{self.records()}/0/{self._values['first'].partition('.')[0]}"

    def first_fact(self) -> str:
        """Return where the instant of it is recorded."""
        path, dot, part = self._values["first"].partition(".")
        return f"{self.records()}/0/{path}" + (f"/0/{part}" if dot else "")

    def second_place(self) -> str:
        """Return where the instant is recorded that it is held against."""
        path = self._values["second"]
        return join(*path.split(".")) if "." in path else f"{self.records()}/0/{path}"

    def unrecorded(self) -> str:
        """Return what nobody recorded: what the rule asks for, or the list where leaving it out says "none"."""
        if "field" in self._values and not self._answers.field.has_default:
            return f"{self.records()}/0/{self.field()}"
        inner = self._answers.inner
        asked = self._values.get("first", "").partition(".")[0] or inner
        if asked is None or self._records.fields[asked].has_default:
            return self.records()
        return f"{self.records()}/0/{asked}"

    def counted_place(self) -> str:
        """Return where that stands which is counted."""
        inner = self._answers.inner
        return self.records() if inner is None else f"{self.records()}/0/{inner}"

    def not_due(self) -> str | None:
        """
        Return the case that plays before the instant by which something has to be.

        None where that is an instant of the past: until it has happened, the policy does not apply.
        """
        second = self._values["second"]
        if "." in second or self._records.fields[second].time == "happened":
            return None
        asked = self.first_place() if "first" in self._values else "/approvals"
        nothing = self.first(_NEVER) if "first" in self._values else "[]"
        return "\n".join(
            (
                "  - name: it is not due yet",
                f"    set: {{/snapshot/captured_at: {_EARLY}, {asked}: {nothing}}}",
                "    expect: {outcome: not_applicable, reason: not_due}",
            )
        )

    # ----- periods

    def begin(self) -> str:
        """Return the first day that is judged."""
        return self._period["begin"]

    def end(self) -> str:
        """Return the last day that is judged."""
        return self._period["end"]

    def key(self) -> str:
        """Return the subject that the cases speak of."""
        return self._period["key"]


def _given(instant: str) -> str | None:
    return None if instant == _NEVER else instant


def _soon_after(instant: str) -> str:
    """Return when somebody wrote down what happened at *instant*: five minutes later."""
    minutes = int(instant[14:16]) + 5
    return f"{instant[:14]}{minutes:02}{instant[16:]}"


def _put(data: dict[str, Any], path: list[str], value: str) -> None:
    for name in path[:-1]:
        data = data.setdefault(name, {})
    data[path[-1]] = value
