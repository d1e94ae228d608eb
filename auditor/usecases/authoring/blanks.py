"""
What stands in the blanks of a shape's templates?

Each method of `PolicyBlanks` and `CaseBlanks` is one blank: ``and_where`` is ``<and-where>``. None leaves the
line out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from auditor.facts.types import BOOL, DATE, DOUBLE, INT, TIMESTAMP, ListType, ScalarType, unwrap
from auditor.usecases.authoring.records import OWN, inner_element, is_day, is_free_text, words
from auditor.usecases.authoring.samples import NAMES

if TYPE_CHECKING:
    from auditor.facts.types import Field
    from auditor.usecases.authoring.answers import Answers

_PEOPLE: Final = "parties"
_PARTICIPLE: Final = re.compile(r"((?!joined)[a-z]+ed|done|held|found|put)_at")
"""Fields whose name says what was done to the record, so that a sentence can say it."""
_NAMING_PEOPLE: Final = ("party", "by")
"""Fields that say whom a record without a name is about."""
_TELLING: Final = ("id", "item", "key", "version")
"""Fields by which a sentence calls a record that has no name."""


class Expressions:
    """
    The parts of a policy that follow from the answers.

    Args:
        answers: All of them.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.records = answers.records
        self.values = answers.values
        self.is_counting = "number" in self.values and "first" not in self.values

    # ----- what the policy goes through, and when it applies

    def one(self) -> str | None:
        """Return the name of a subject; None where the auditee is the subject."""
        return None if self.is_counting and self.answers.inner is None else self.records.one

    def list(self) -> str:
        """Return the list of subjects."""
        return self.records.name

    def if_no_record(self) -> str | None:
        """Return what it counts as that there is no subject."""
        return "not_applicable" if self.one() else None

    def in_scope(self) -> str | None:
        """Return whether the auditee is in scope; only projects can be out of it."""
        return "inScope()" if self.answers.target == "project" else None

    def applies(self) -> str | None:
        """Return when the policy applies, by scope and by what chooses among the records."""
        return " && ".join(part for part in (self.in_scope(), self._where()) if part) or None

    def and_applies(self) -> str:
        """Return the same behind another condition."""
        applies = self.applies()
        return f" && {applies}" if applies else ""

    def and_where(self) -> str:
        """Return what chooses among the records behind another condition."""
        where = self._where()
        return f" && {where}" if where else ""

    def _where(self, one: str | None = None) -> str | None:
        chosen, element = self.answers.where(), self.answers.element
        if chosen is None or element is None:
            return None
        name, value = chosen
        place = f"{one or self.records.one}.{name}"
        if element.fields[name].type == BOOL:  # it need not be compared: it is never null
            return place if value == "true" else f"!{place}"
        return f"{place} == {_literal(value, element.fields[name])}"

    def at(self) -> str | None:
        """Return the instant of the subject: when the record came into being."""
        birth = self.records.birth
        return f"{self.one()}.{birth}" if birth and self.one() else None

    # ----- demands

    def has_field(self) -> str:
        """Demand that a record has something."""
        field = self.answers.field
        place = f"{self.records.one}.{self.values['field']}"
        kind = unwrap(field.type)
        if is_free_text(field):
            return f"given({place})"
        if isinstance(kind, ListType):
            return f"{place}.exists(any, true)"
        if kind == BOOL:
            return place if field.type == BOOL else f"{place} == true"
        if isinstance(kind, ScalarType) and kind.ref == _PEOPLE:
            return f"{place} != null && person({place})"
        return f"{place} != null"

    def on_record(self) -> str:
        """Return what to say of what stands there instead."""
        field = self.answers.field
        kind = unwrap(field.type)
        is_person = isinstance(kind, ScalarType) and kind.ref == _PEOPLE
        if is_free_text(field) or is_person:
            return f" On record: {{{self.records.one}.{self.values['field']}}}."
        return ""

    def second_field(self) -> str:
        """Return the field before which, or since which, something has to happen."""
        path = self.values["second"]
        return path if "." in path else f"{self.records.one}.{path}"

    def second(self) -> str:
        """Return its instant; a day is meant to its last instant."""
        return f"{self.second_field()}.ends()" if self._is_day() else self.second_field()

    def _is_day(self) -> bool:
        field = self.records.fields.get(self.values["second"])
        return field is not None and is_day(field)

    def first(self) -> str:
        """Return what has to happen, for a sentence: one instant, or all of them."""
        path, dot, part = self.values["first"].partition(".")
        place = f"{self.records.one}.{path}"
        return f"{place}.map(one, one.{part})" if dot else place

    def happened_by_second(self) -> str:
        """Demand that something happened by the second instant."""
        return self._happened(self.second(), "")

    def happened_by_deadline(self) -> str:
        """Demand that something happened by the deadline, and not before it was asked for."""
        return self._happened("deadline", "" if self._is_day() else self.second())

    def _happened(self, limit: str, not_before: str) -> str:
        path, dot, part = self.values["first"].partition(".")
        place = f"{self.records.one}.{path}"
        record, instant = ("one", f"one.{part}") if dot else (self.records.one, place)
        demand = f"{instant}.by({limit})"
        if not_before:
            demand += f" && notBefore({instant}, {not_before})"
        demand += self._in_time(record, instant)
        return f"{place}.exists(one, {demand})" if dot else demand

    def and_in_time(self) -> str:
        """Demand that what happened was written down in time."""
        return self._in_time(self.records.one, self.first())

    def _in_time(self, record: str, instant: str) -> str:
        return f" && inTime({record}, {instant})" if self.is_dated else ""

    @property
    def is_dated(self) -> bool:
        """Whether `recorded_at` says when what has to happen was written down, not something before it."""
        path, dot, _ = self.values["first"].partition(".")
        if not dot:
            return path == self.records.birth and "recorded_at" in self.records.fields
        inner = inner_element(self.records.fields[path])
        return inner is not None and "recorded_at" in inner.fields

    def same_version(self) -> str:
        """Demand that the version was approved that there is."""
        is_versioned = "version" in self.records.fields
        return f" && a.subject_version == {self.records.one}.version" if is_versioned else ""

    def counted(self) -> str:
        """Return what is counted."""
        inner = self.answers.inner
        place = self.records.name if inner is None else f"{self.records.one}.{inner}"
        where = self._where("one")
        return f"{place}.filter(one, {where})" if where else place

    def runs(self) -> str:
        """Return the runs of periods; a period is judged where it lies wholly in what is judged."""
        period = self.answers.shape.periods[self.values["period"]]
        if self.answers.target == "unit":
            periods = f"{period['judged']}(period.starts_at, period.ends_at)"
        else:
            start = "project.execution.started_at"
            periods = f"{start} == null ? [] : {period['judged']}({start}, executionEnd())"
            return f"({periods}).windows(params.number)"
        return f"{periods}.windows(params.number)"

    # ----- words of sentences

    def thing(self) -> str:
        """Return what people call one of the records."""
        return self.records.thing

    def demanded(self) -> str:
        """Return what a record must have, so that something else that stands there does not read as it."""
        field = self.answers.field
        kind = unwrap(field.type)
        name = f"`{self.values['field']}`"
        if kind == BOOL:
            return f"yes under {name}"
        if kind in {DATE, TIMESTAMP}:
            return name
        is_person = isinstance(kind, ScalarType) and kind.ref == _PEOPLE
        # "has no no action reason" is no sentence.
        called = self.field_words().removeprefix("no ")
        return f"person as {called}" if is_person else called

    def field_words(self) -> str:
        """Return what people call the field."""
        return words(self.values["field"].removeprefix(f"{OWN}."))

    def not_happened(self) -> str:
        """Say that something did not happen: ``was not resolved``, else by the name of the field."""
        done = _PARTICIPLE.fullmatch(self.values["first"])
        return f"was not {done[1]}" if done else f"has no `{self.values['first']}`"

    def happened(self) -> str:
        """Say what has to happen to one of the records: ``that was held``, else by the name of the field."""
        done = _PARTICIPLE.fullmatch(self.values["first"])
        return f"that was {done[1]}" if done else f"with `{self.values['first']}`"

    def where_words(self) -> str:
        """Return what chooses among the records, as a sentence has it."""
        chosen = self.answers.where()
        return f" ({words(chosen[0])}: {chosen[1]})".replace("{", "{{") if chosen else ""

    def counted_words(self) -> str:
        """Return what people call what is counted."""
        inner = self.answers.inner
        name = (
            self.records.things
            if inner is None
            else f"{words(inner)} of the {self.records.thing} {{{self.one()}}}"
        )
        return name + self.where_words()

    def of_which(self) -> str:
        """Name what was counted."""
        part = self._called()
        return f" They are: {{counted.map(one, one.{part})}}." if part else " They are: {counted}."

    def _called(self) -> str | None:
        """Return the field by which those are called that have no name of their own; None for one that has."""
        element = self.answers.element
        if element is None or any(name in element.fields for name in NAMES):
            return None
        person = next((name for name in _NAMING_PEOPLE if name in element.fields), None)
        if person is not None or any(name in element.fields for name in _TELLING):
            return person
        plain = (
            name
            for name, field in element.fields.items()
            if isinstance(unwrap(field.type), ScalarType)
        )
        return next(plain, None)

    def periods(self) -> str:
        """Return what people call the periods."""
        return self.values["period"]

    def period(self) -> str:
        """Return what people call one of them."""
        return self.answers.shape.periods[self.values["period"]]["one"]

    # ----- parameters

    def limit(self) -> str:
        """Return the length of time."""
        return self.values["limit"]

    def number(self) -> str:
        """Return the number."""
        return self.values["number"]

    def role(self) -> str:
        """Return the role."""
        return self.values["role"]


def _literal(value: str, field: Field) -> str:
    """Write what a field is compared with."""
    kind = unwrap(field.type)
    if kind == DOUBLE:
        return repr(float(value))
    if kind in {BOOL, INT}:
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
