"""
What may be answered to the questions of a shape?

Every answer is held against the schema, so that what is written of it needs no guard that it lacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.facts.types import BOOL, DOUBLE, INT, ScalarType, unwrap
from auditor.language.spans import UNITS, parse_span
from auditor.model.errors import UsageProblem, did_you_mean
from auditor.usecases.authoring.records import (
    OWN,
    comparable,
    demandable,
    inner_element,
    inner_lists,
    instants,
    limits,
    own_fields,
    records_of,
)
from auditor.usecases.authoring.unusable import why_no_field, why_not_chosen_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.facts.snapshot import SnapshotModels
    from auditor.facts.types import Field, ObjectType
    from auditor.usecases.authoring.records import Records
    from auditor.usecases.authoring.shapes import Shape

WHERE: Final = "where"
"""The blank that every shape has and none needs."""
_WHICH: Final = "Only some of them, as FIELD=VALUE (Enter for all)?"
_ROLE: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _-]{0,40}")
_WHERE: Final = re.compile(r"\s*([a-z_0-9]+)\s*=\s*(.*\S)\s*")
_NUMBERS: Final = {"at-least": (1, 1000), "at-most": (0, 1000), "running": (1, 52)}
_OF_APPROVALS: Final = ("approvals", "role_assignments")
"""What an approval itself rests on."""
_LONGEST_DAYS: Final = 365
_DAYS: Final = {
    "minutes": 1440,
    "hours": 24,
    "days": 1,
    "weeks": 1 / 7,
    "working hours": 5,
    "working days": 2 / 3,
}
"""How many of a unit make a day, at most."""


@dataclass(frozen=True, slots=True)
class Question:
    """One blank of a shape, and what can stand in it."""

    blank: str
    text: str
    choices: Mapping[str, str] = field(default_factory=dict)
    """What there is, each with what the schema says of it; empty where anything of the right form will do."""


class Answers:
    """
    The answers given so far, each of which was found right.

    Args:
        shape: Whose blanks they are for.
        target: ``project`` or ``unit``.
        models: The schemas.
    """

    def __init__(self, shape: Shape, target: str, models: SnapshotModels) -> None:
        self.shape = shape
        self.target = target
        self.root = models[target].root
        self.values: dict[str, str] = {}
        self._lists = records_of(self.root)
        self.models = models

    @property
    def missing(self) -> tuple[str, ...]:
        """The blanks that are still to be answered, in order."""
        return tuple(blank for blank in self.shape.asks if blank not in self.values)

    @property
    def records(self) -> Records:
        """The records that the rule is about."""
        return self._lists[self.values["list"].partition(".")[0]]

    @property
    def inner(self) -> str | None:
        """The list inside a record that is counted, if one is."""
        return self.values["list"].partition(".")[2] or None

    @property
    def element(self) -> ObjectType | None:
        """What ``where`` chooses among; None for a list inside a record that holds no records."""
        inner = self.inner
        return self.records.element if inner is None else inner_element(self.records.fields[inner])

    @property
    def field(self) -> Field:
        """What each record must have."""
        return demandable(self.records)[self.values["field"]]

    def question(self, blank: str) -> Question:
        """Return what to ask for a blank; the blanks before it are answered."""
        found = self._choices(blank)
        choices = {
            name: part if isinstance(part, str) else part.about for name, part in found.items()
        }
        return Question(blank, self.shape.asks.get(blank, _WHICH), choices)

    def take(self, blank: str, value: str) -> str:
        """Take an answer as `give` does, and return it; an empty ``where`` means all records."""
        if blank == WHERE and not value:
            return ""
        self.give(blank, value)
        return self.values[blank]

    def give(self, blank: str, value: str) -> None:
        """
        Take an answer.

        Raises:
            UsageProblem: It cannot be one; the hint says what can.
        """
        check = getattr(self, f"_check_{blank}", self._check_choice)
        self.values[blank] = check(blank, value.strip())

    def where(self) -> tuple[str, str] | None:
        """Return field and literal of what chooses among the records."""
        match = _WHERE.fullmatch(self.values.get(WHERE, ""))
        return (match[1], match[2]) if match else None

    def _choices(self, blank: str) -> Mapping[str, Field | str]:
        match blank:
            case "list":
                return {name: one.about for name, one in self._lists.items() if self._serves(one)}
            case "field":
                return demandable(self.records)
            case "first":
                return self._firsts(self.records)
            case "second":
                found = limits(self.records, self.root, self.target)
                return {
                    name: part for name, part in found.items() if name != self.values.get("first")
                }
            case "period":
                return dict.fromkeys(self.shape.periods, "")
            case "where" if self.element is not None:
                return {
                    name: _about(part)
                    for name, part in comparable(self.element).items()
                    if name not in self.values.values()
                }
            case _:
                return {}

    def _firsts(self, records: Records) -> dict[str, Field]:
        found = instants(records)
        is_own = self.shape.name == "running"
        return {name: part for name, part in found.items() if not (is_own and "." in name)}

    def _serves(self, records: Records) -> bool:
        """Whether a list has what the shape asks for next."""
        if self.shape.name == "approved" and records.name in _OF_APPROVALS:
            return False
        asks = self.shape.asks
        needs = [demandable(records)] if "field" in asks else []
        needs += [self._firsts(records)] if "first" in asks else []
        return all(needs)

    def _check_choice(self, blank: str, value: str) -> str:
        known = self._choices(blank)
        if value in known:
            return value
        whose = "" if blank == "list" else f" of {self.records.name}"
        reason = self._why_not(blank, value)
        if reason:
            what = value if blank == "list" else f"'{value}'{whose}"
            msg = f"--{blank}: {what} {reason}"
            raise UsageProblem(msg, hint=f"this shape can use: {', '.join(known)}")
        msg = f"--{blank}: there is no '{value}'{whose} that this shape could use"
        is_own = blank == "field" and value.startswith(f"{OWN}.")
        if is_own and not own_fields(self.records):
            hint = "fields of your own are known with --profile"
            raise UsageProblem(msg, hint=hint)
        raise UsageProblem(msg, hint=did_you_mean(value, known))

    def _why_not(self, blank: str, value: str) -> str | None:
        """Return why the schema's own *value* cannot be used; None where the schema has none of that name."""
        if blank != "list":
            return why_no_field(blank, value, self.records, self.values.get("first"))
        is_own = self.shape.name == "approved" and value in _OF_APPROVALS
        if is_own:
            return "are what this shape looks the approval up in"
        if value in self._lists:
            return "have no field that this shape could ask for"
        return "is no list of records" if value in self.root.fields else None

    def _check_period(self, blank: str, value: str) -> str:
        for name, period in self.shape.periods.items():
            if value in {name, period["one"]}:
                return name
        msg = f"--{blank}: there is no '{value}' that this shape could use"
        raise UsageProblem(msg, hint=did_you_mean(value, self.shape.periods))

    def _check_list(self, blank: str, value: str) -> str:
        name, dot, inner = value.partition(".")
        if (
            dot
            and "number" in self.shape.asks
            and "first" not in self.shape.asks
            and name in self._lists
        ):
            known = inner_lists(self._lists[name])
            if inner in known:
                return value
            msg = f"--list: {name} have no list '{inner}'"
            raise UsageProblem(msg, hint=did_you_mean(inner, known))
        other = "unit" if self.target == "project" else "project"
        if value not in self._lists and value in records_of(self.models[other].root):
            msg = (
                f"--list: {value} are recorded of a {other}, and the policy judges a {self.target}"
            )
            raise UsageProblem(msg, hint=f"add --target {other}")
        return self._check_choice(blank, value)

    def _check_limit(self, blank: str, value: str) -> str:
        span = parse_span(value)
        if span is None:
            msg = f"--{blank}: '{value}' is no length of time"
            raise UsageProblem(msg, hint=f"write a number and one of: {', '.join(UNITS)}")
        if not 0 < span.amount <= _LONGEST_DAYS * _DAYS[span.unit]:
            msg = f"--{blank}: '{value}' is not between a minute and a year"
            raise UsageProblem(msg, hint="write a shorter time here, and change it in the policy")
        return " ".join(value.split())

    def _check_number(self, blank: str, value: str) -> str:
        low, high = _NUMBERS[self.shape.name]
        if re.fullmatch(r"[0-9]{1,4}", value) is None or not low <= int(value) <= high:
            msg = f"--{blank}: '{value}' is no whole number from {low} to {high}"
            raise UsageProblem(msg, hint="write digits only")
        return str(int(value))

    def _check_role(self, blank: str, value: str) -> str:
        if _ROLE.fullmatch(value) is None:
            msg = f"--{blank}: '{value}' is no name of a role"
            raise UsageProblem(msg, hint="write it as the register of roles spells it, e.g. DM")
        return value

    def _check_where(self, blank: str, value: str) -> str:
        match = _WHERE.fullmatch(value)
        if value.startswith(f"{OWN}."):
            msg = f"--{blank}: records cannot be chosen by a field of your own here"
            hint = "choose by another field, and write the condition into the policy"
            raise UsageProblem(msg, hint=hint)
        if match is None or not value.isprintable():
            msg = f"--{blank}: '{value}' is no FIELD=VALUE"
            raise UsageProblem(msg, hint="write for example severity=high")
        element = self.element
        known = comparable(element) if element is not None else {}
        name, wanted = match[1], match[2]
        reason = why_not_chosen_by(name, element) if name not in known else None
        if reason:
            msg = f"--{blank}: '{name}' of {self.values['list']} {reason}"
            raise UsageProblem(msg, hint=f"choose by one of: {', '.join(known)}")
        if name not in known:
            msg = f"--{blank}: there is no field '{name}' by which some of {self.values['list']} can be meant"
            raise UsageProblem(msg, hint=did_you_mean(name, known))
        if name in self.values.values():
            msg = f"--{blank}: the rule itself asks for '{name}'"
            raise UsageProblem(msg, hint="choose among the records by another field")
        kind = unwrap(known[name].type)
        if isinstance(kind, ScalarType):
            _check_value(f"--{blank}: {name}", wanted, kind)
        return f"{name}={wanted}"


def _about(field: Field) -> str:
    """Return what the schema says of a field, and which values it can have."""
    kind = unwrap(field.type)
    values = kind.enum if isinstance(kind, ScalarType) and kind.enum else ()
    return f"{field.about} One of: {', '.join(values)}." if values else field.about


def _check_value(what: str, value: str, kind: ScalarType) -> None:
    if kind.enum is not None and value not in kind.enum:
        msg = f"{what} is never '{value}'"
        raise UsageProblem(msg, hint=did_you_mean(value, kind.enum))
    if kind == BOOL and value not in {"true", "false"}:
        msg = f"{what} is true or false, not '{value}'"
        raise UsageProblem(msg, hint=f"write {what.rpartition(' ')[2]}=true")
    if kind in {INT, DOUBLE} and not re.fullmatch(
        r"-?\d{1,9}(\.\d{1,9})?" if kind == DOUBLE else r"-?\d{1,9}", value
    ):
        msg = f"{what} is a number, not '{value}'"
        raise UsageProblem(msg, hint="write digits only")
