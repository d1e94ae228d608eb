"""
Give a snapshot what its organisation knows for all projects: its standards, and working calendars.

Only where the snapshot knows nothing of its own. A fact that is known, or known to be absent, is never
replaced, and standards are taken whole or not at all: half of one version and half of another would be
nobody's standards. What was given says where it comes from, and the snapshot lists it as an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join, split
from auditor.facts.gaps import TRUNCATED, Gaps, apply, are_gaps
from auditor.sources.contract import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.documents.tree import Tree
    from auditor.facts.types import ObjectType
    from auditor.model.location import Location
    from auditor.sources.contract import PlaceIndex
    from auditor.sources.profile import NamedCalendar

STANDARDS: Final = "standards"
_HEAD: Final = "snapshot"
_CALENDAR: Final = join(_HEAD, "calendar")
_OF_NO_WEIGHT: Final = frozenset({"prov", "ext"})
"""Keys of a record that say nothing by themselves."""

_CALENDAR_PARTS: Final = ("working_days", "hours", "holidays")


@dataclass(frozen=True, slots=True)
class Standards:
    """The organisation's standards, as its file says them."""

    tree: Tree
    """What stands in the file, and where; `Tree.path` is the file as the user would type it."""
    sha256: str
    """``sha256:`` of the file's bytes."""


@dataclass(frozen=True, slots=True)
class ProvidedFacts:
    """What a profile knows for all projects."""

    profile: str
    """Id of the profile."""
    digest: str
    """``sha256:`` of the profile and of all that it names."""
    standards: Standards | None = None
    calendars: tuple[NamedCalendar, ...] = ()

    @property
    def source(self) -> str:
        """The id by which a snapshot names the profile among its sources."""
        return f"profile:{self.profile}"

    def calendar_for(self, auditee: object, zone: object) -> NamedCalendar | None:
        """Return the calendar that is meant: one for the auditee itself before one for its zone."""
        for one in self.calendars:
            if auditee in one.auditees:
                return one
        return next((one for one in self.calendars if zone in one.zones), None)


def provide(draft: Draft, facts: ProvidedFacts, *, root: ObjectType) -> Draft:
    """
    Give *draft* what it does not know.

    Args:
        draft: What a reader made; it is not changed.
        facts: What the profile knows.
        root: Type of the snapshot: facts that it could not hold are not given.

    Returns:
        The draft itself where nothing was to be given, or where it is so wrong that the schema will refuse it.
    """
    head = draft.document.get(_HEAD)
    gaps: Any = head.get("gaps", {}) if isinstance(head, dict) else None
    if not isinstance(head, dict) or not are_gaps(gaps):
        return draft
    given = _Given(draft.document, head, gaps, facts)
    places: PlaceIndex = draft.places
    if (
        facts.standards is not None
        and STANDARDS in root.fields
        and given.standards(facts.standards)
    ):
        places = _Places(draft.places, facts.standards)
    calendar = facts.calendar_for(head.get("auditee"), head.get("time_zone"))
    if calendar is not None:
        given.calendar(calendar)
    if not given.told:
        return draft
    return Draft(given.made(), places, draft.problems)


class _Given:
    """A draft that is being given facts."""

    def __init__(
        self,
        document: dict[str, Any],
        head: dict[str, Any],
        gaps: Mapping[str, str],
        facts: ProvidedFacts,
    ) -> None:
        self._facts = facts
        self._observed = apply(document, Gaps(gaps))
        self._document = dict(document)
        self._head = dict(head)
        self._gaps = dict(gaps)
        self._raw = [facts.digest]
        self.told: list[str] = []

    def standards(self, standards: Standards) -> bool:
        """Give the standards, if the snapshot has none of its own; tell whether they were given."""
        own = self._observed.get(STANDARDS, {})
        if not isinstance(own, dict) or own.keys() - _OF_NO_WEIGHT:
            return False
        given: dict[str, Any] = standards.tree.data
        self._document[STANDARDS] = {
            **given,
            "prov": {
                "source": self._facts.source,
                "locator": standards.tree.path,
                "method": "manual",
                "sha256": standards.sha256,
            },
        }
        self._close(join(STANDARDS))
        self._raw.append(standards.sha256)
        version = given.get("version")
        self.told.append(
            f"the standards are those of the profile {self._facts.profile}, {standards.tree.path}"
            + (f", version {version}" if isinstance(version, str) else "")
        )
        return True

    def calendar(self, named: NamedCalendar) -> None:
        """Give those parts of the working calendar that the snapshot does not know."""
        observed = self._observed[_HEAD].get("calendar", {})
        if not isinstance(observed, dict):
            return
        parts = named.calendar.parts()
        covers = parts.pop("covers")
        lacking = [part for part in parts if part not in observed]
        if not lacking:
            return
        made = {**observed, **{part: parts[part] for part in lacking}}
        if "holidays" in lacking:
            made["covers"] = covers
            made["source"] = self._named(named)
        whole = self._gaps.get(_CALENDAR)
        for part in lacking:
            self._close(join(_HEAD, "calendar", part))
        if whole is not None:
            self._close(_CALENDAR)
            for part in _CALENDAR_PARTS:
                if part not in made:
                    self._gaps[join(_HEAD, "calendar", part)] = whole
        self._head["calendar"] = made
        self.told.append(
            f"{' and '.join(part.replace('_', ' ') for part in lacking)} of the working calendar are those"
            f" of '{named.name}' in the profile {self._facts.profile}"
        )

    def _named(self, named: NamedCalendar) -> str:
        of = f"profile {self._facts.profile}, calendar {named.name}"
        return f"{of}: {named.calendar.source}" if named.calendar.source else of

    def made(self) -> dict[str, Any]:
        """Return the document with what it was given, and where that comes from."""
        entry = {"id": self._facts.source, "kind": "profile", "raw": self._raw}
        sources = self._observed[_HEAD].get("sources")
        if isinstance(sources, list):
            sources = [
                one
                for one in sources
                if not isinstance(one, dict) or one.get("id") != self._facts.source
            ]
            self._head["sources"] = [*sources, entry]
        elif sources is None:
            # Where the other facts come from is still not known.
            self._close(join(_HEAD, "sources"))
            self._head["sources"] = [entry]
            self._gaps[join(_HEAD, "sources")] = TRUNCATED
        assumptions = self._head.get("assumptions", [])
        if isinstance(assumptions, list):
            self._head["assumptions"] = [*assumptions, *self.told]
        self._head["gaps"] = dict(sorted(self._gaps.items()))
        return {**self._document, _HEAD: self._head}

    def _close(self, pointer: str) -> None:
        """Take away the gaps of what stands at *pointer* or in it."""
        for gap in [gap for gap in self._gaps if gap == pointer or gap.startswith(f"{pointer}/")]:
            del self._gaps[gap]


class _Places:
    """Finds the standards in the profile's file, and everything else where it was."""

    def __init__(self, own: PlaceIndex, standards: Standards) -> None:
        self._own = own
        self._standards = standards

    def locate(self, pointers: Iterable[str]) -> dict[str, Location]:
        """Return the place of each pointer that has one."""
        wanted = list(pointers)
        inside = {
            pointer: join(*tokens[1:])
            for pointer in wanted
            if (tokens := split(pointer)) and tokens[0] == STANDARDS
        }
        found = dict(self._own.locate(pointer for pointer in wanted if pointer not in inside))
        known = self._standards.tree.locate(sorted(set(inside.values())))
        return found | {
            pointer: known[below] for pointer, below in inside.items() if below in known
        }
