"""
From the notes of an evaluation to the facts that a verdict shows.

A note is a pointer into the facts that were judged; a fact names the pointer in the snapshot as it was
read, with its value, how it was obtained, and where its record came from.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import split
from auditor.evaluation.wording import NONE, NOT_RECORDED, NOT_YET
from auditor.model.verdict import Fact, Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from auditor.evaluation.wording import Wording
    from auditor.facts.gaps import Gaps
    from auditor.language.values import Unknown

MOST_FACTS: Final = 40
"""Facts that one verdict carries; what decides a fail is a handful."""
_GRADES: Final = list(Grade)
_ABSENT: Final = object()


class Witness:
    """
    Describes facts.

    Args:
        document: The facts that were judged.
        whole: The facts as they were captured.
        original: Translates a pointer into them into one of the snapshot as it was read.
        gaps: Why facts are unobserved.
        wording: Shows values.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        whole: Mapping[str, Any],
        original: Callable[[str], str],
        gaps: Gaps,
        wording: Wording,
    ) -> None:
        self._document = document
        self._whole = whole
        self._original = original
        self._gaps = gaps
        self._wording = wording

    def facts(self, pointers: Iterable[str]) -> tuple[Fact, ...]:
        """Describe the facts at *pointers*, each once, in the order in which they were read."""
        distinct = list(dict.fromkeys(pointers))
        return tuple(self._fact(pointer) for pointer in distinct[:MOST_FACTS])

    def missing(self, unknowns: Iterable[Unknown]) -> tuple[Fact, ...]:
        """Describe what would decide *unknowns*, sorted by pointer."""
        causes = sorted({cause for unknown in unknowns for cause in unknown.causes})
        return tuple(
            Fact(
                pointer=self._original(cause.pointer) if cause.pointer else "",
                state="unobserved",
                shown=NOT_RECORDED,
                reason=cause.reason,
                **self._provenance(cause.pointer),
            )
            for cause in causes
        )

    def original(self, pointer: str) -> str:
        """Translate a pointer of the judged facts into one of the snapshot as it was read."""
        return self._original(pointer)

    def _fact(self, pointer: str) -> Fact:
        raw, provenance = _resolve(self._document, pointer), self._provenance(pointer)
        original = self._original(pointer)
        if raw is _ABSENT:
            reason = self._gaps.reason_for(pointer)
            return Fact(original, "unobserved", NOT_RECORDED, reason, **provenance)
        if raw is None or raw == []:
            later = raw is None and _resolve(self._whole, original) is not None
            return Fact(original, "absent", NOT_YET if later else NONE, None, **provenance)
        if isinstance(raw, list):
            return Fact(original, "known", f"{len(raw)} entries", None, **provenance)
        if isinstance(raw, dt.datetime | dt.date | str | int | float):
            return Fact(original, "known", self._wording.show(raw), None, **provenance)
        return Fact(original, "known", "recorded", None, **provenance)

    def _provenance(self, pointer: str) -> dict[str, Any]:
        """Find the nearest record around the fact that says where it came from."""
        found: Mapping[str, Any] = {}
        current: Any = self._document
        for token in split(pointer):
            if isinstance(current, dict):
                current = current.get(token)
            elif isinstance(current, list) and token.isdecimal() and int(token) < len(current):
                current = current[int(token)]
            else:
                break
            if isinstance(current, dict) and isinstance(current.get("prov"), dict):
                found = current["prov"]
        method = found.get("method")
        return {
            "grade": Grade(method) if method in _GRADES else None,
            "source": found.get("locator"),
        }


def _resolve(document: Mapping[str, Any], pointer: str) -> Any:  # noqa: ANN401 - any fact
    current: Any = document
    for token in split(pointer):
        if isinstance(current, dict) and token in current:
            current = current[token]
        elif isinstance(current, list) and token.isdecimal() and int(token) < len(current):
            current = current[int(token)]
        else:
            return _ABSENT
    return current


def weakest(facts: Iterable[Fact]) -> Grade | None:
    """Return the weakest grade among *facts*; None where none says how it was obtained."""
    grades = [fact.grade for fact in facts if fact.grade is not None]
    return max(grades, key=_GRADES.index, default=None)
