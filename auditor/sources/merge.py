"""
Join what several sources say of one auditee into one snapshot.

Nothing is guessed: where two sources contradict each other, both are reported and the fact is unobserved.
The joined snapshot speaks up to the instant at which the first of its sources stopped; what another source
knows of later times is there, but nobody judges it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.documents.pointer import join, resolve, split
from auditor.facts.gaps import Gaps, apply, are_gaps
from auditor.facts.instants import parse_moment
from auditor.facts.types import ListType, ObjectType, unwrap
from auditor.model.errors import InputError, SnapshotError
from auditor.sources.contract import Draft
from auditor.sources.merge_gaps import joined_gaps
from auditor.sources.merge_parties import same_parties, with_one_id_each
from auditor.sources.merge_records import Joiner, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditor.facts.types import Type
    from auditor.model.location import Location
    from auditor.sources.merge_records import Conflict

_HEAD: Final = "snapshot"
_OWN_RULE: Final = frozenset(
    {"schema", "auditee", "captured_at", "time_zone", "gaps", "mapping", "collected_by"}
    | {"sources", "assumptions", "formerly"}
)
"""Keys of the head that are not joined like any other fact."""

_LONGEST: Final = 40
"""Characters of a disputed value that a message repeats."""


class SourceConflict(InputError):
    """Two sources contradict each other."""

    slug = "conflict"


def merge(drafts: Sequence[Draft], *, root: ObjectType) -> Draft:
    """
    Join *drafts*; one alone only has its parties joined.

    Args:
        drafts: At least one, in the order in which the sources are named: names and order of records
            come from the first that has them.
        root: Type of the snapshot.

    Raises:
        SnapshotError: The drafts are of different auditees, zones or contracts, so that no snapshot could
            hold them all.
    """
    return _Merge(drafts, root).draft()


def without(draft: Draft, pointers: Iterable[str], *, source: str) -> Draft:
    """
    Leave facts out of a draft, so that another source alone speaks of them.

    Args:
        draft: What a reader made.
        pointers: JSON Pointers, with ``*`` for every element of a list; valid ones.
        source: What the source is called where the snapshot tells what was left out.
    """
    left_out = dict.fromkeys(pointers, "not_collected")
    if not left_out:
        return draft
    document = apply(draft.document, Gaps(left_out))
    head = document.get(_HEAD)
    if not isinstance(head, dict):
        return draft  # the schema will refuse it
    told = [f"{source}: {pointer} is left out, as auditor.yaml says" for pointer in left_out]
    head = {
        **head,
        "gaps": {**head.get("gaps", {}), **left_out},
        "assumptions": [*head.get("assumptions", []), *told],
    }
    return Draft({**document, _HEAD: head}, draft.places, draft.problems)


class _Merge:
    def __init__(self, drafts: Sequence[Draft], root: ObjectType) -> None:
        self.drafts = drafts
        self.root = root
        self.joiner = Joiner()
        documents = [_checked(draft) for draft in drafts]
        self.gaps = [dict(document[_HEAD].get("gaps", {})) for document in documents]
        documents = [
            apply(document, Gaps(gaps)) for document, gaps in zip(documents, self.gaps, strict=True)
        ]
        self.renamed = same_parties(documents)
        self.documents = [with_one_id_each(document, root, self.renamed) for document in documents]
        self.joined: dict[str, Any] = {}

    def draft(self) -> Draft:
        """Join everything."""
        names = dict.fromkeys(name for document in self.documents for name in document)
        self.joined[_HEAD] = self._head()
        for name in sorted(names, key=_position_in(self.root)):
            if name != _HEAD:
                self._entity(name)
        gaps = joined_gaps(self.joined, self.gaps, self.joiner.origins)
        for conflict in self.joiner.conflicts:
            gaps[conflict.pointer] = "truncated" if conflict.is_record_lost else "unparsed"
        self.joined[_HEAD]["gaps"] = dict(sorted(gaps.items()))
        problems = [problem for draft in self.drafts for problem in draft.problems]
        problems += [self._problem(conflict) for conflict in self.joiner.conflicts]
        places = _MergedPlaces(self.drafts, self.documents, self.joiner.origins)
        return Draft(self.joined, places, tuple(problems))

    def _parts(self, *path: str) -> list[Part]:
        """Return what each source has at *path*."""
        found = []
        for draft, document in enumerate(self.documents):
            value: Any = document
            for key in path:
                value = value.get(key, _NOTHING) if isinstance(value, dict) else _NOTHING
            if value is not _NOTHING:
                found.append(Part(draft, join(*path), value))
        return found

    def _entity(self, name: str) -> None:
        parts = self._parts(name)
        field = self.root.fields.get(name)
        kind = None if field is None else unwrap(field.type)
        if all(isinstance(part.value, list) for part in parts) and isinstance(kind, ListType):
            self.joined[name] = self.joiner.records(
                join(name), kind.element, parts, first_names=frozenset(self.renamed.values())
            )
        elif len(parts) == 1 or not all(isinstance(part.value, dict) for part in parts):
            # Of a wrong shape in one source: the schema will say so of the first.
            self.joined[name] = parts[0].value
            self.joiner.origins[join(name)] = (parts[0],)
        else:
            self.joiner.origins[join(name)] = tuple(parts)
            made = self.joiner.members(join(name), kind, parts, name)
            if made is not None:
                self.joined[name] = made

    def _head(self) -> dict[str, Any]:
        for key, why, hint in _MUST_AGREE:
            self._agree(key, why, hint)
        firsts = {
            key: parts[0].value
            for key in ("schema", "auditee", "captured_at", "time_zone", "mapping", "collected_by")
            if (parts := self._parts(_HEAD, key))
        }
        head_type = self.root.fields[_HEAD].type
        others = [
            Part(draft, join(_HEAD), _without_keys(document[_HEAD], _OWN_RULE))
            for draft, document in enumerate(self.documents)
        ]
        head = firsts | (
            self.joiner.members(join(_HEAD), unwrap(head_type), others, "the head") or {}
        )
        head["sources"] = self._sources(unwrap(head_type))
        for key in ("formerly", "assumptions"):
            listed = [
                part.value for part in self._parts(_HEAD, key) if isinstance(part.value, list)
            ]
            if listed:
                head[key] = list(dict.fromkeys(entry for entries in listed for entry in entries))
        self._captured_at(head)
        mappings = [part.value for part in self._parts(_HEAD, "mapping")]
        if any(other != mappings[0] for other in mappings[1:]):
            head.setdefault("assumptions", []).append(
                f"statuses are mapped by {' and '.join(_file(mapping) for mapping in mappings)}"
            )
        return head

    def _sources(self, head: Type) -> list[Any]:
        field = head.fields.get("sources") if isinstance(head, ObjectType) else None
        kind = None if field is None else unwrap(field.type)
        parts = [part for part in self._parts(_HEAD, "sources") if isinstance(part.value, list)]
        element = kind.element if isinstance(kind, ListType) else self.root
        return self.joiner.records(join(_HEAD, "sources"), element, parts, first_names=frozenset())

    def _captured_at(self, head: dict[str, Any]) -> None:
        """Take the earliest: up to there all sources speak."""
        told = []
        for part in self._parts(_HEAD, "captured_at"):
            try:
                told.append((parse_moment(part.value), str(part.value)))
            except (TypeError, ValueError):
                return  # the schema will refuse it, with its place
        if told:
            head["captured_at"] = min(told)[1]
            if len({at for at, _ in told}) > 1:
                listed = ", ".join(dict.fromkeys(text for _, text in sorted(told)))
                head.setdefault("assumptions", []).append(
                    f"captured_at is the earliest of the sources': {listed}"
                )

    def _agree(self, key: str, why: str, hint: str) -> None:
        parts = self._parts(_HEAD, key)
        other = next((part for part in parts if part.value != parts[0].value), None)
        if other is not None:
            message = f"{why}: {self._told(parts[0])} and {self._told(other)}"
            raise SnapshotError(message, hint=hint, location=self._place(other))

    def _problem(self, conflict: Conflict) -> SourceConflict:
        effect = "record" if conflict.is_record_lost else "fact"
        return SourceConflict(
            f"the sources contradict each other on {conflict.what}: {self._told(conflict.one)} and "
            f"{self._told(conflict.other)}; the {effect} is left out",
            hint="correct one of them, or name it under 'leave_out' of one source in auditor.yaml",
            location=self._place(conflict.other),
        )

    def _told(self, part: Part) -> str:
        place = self._place(part)
        where = f"{place.path}:{place.line}" if place else self._source_name(part)
        return f"{_shown(part.value)} ({where})"

    def _place(self, part: Part) -> Location | None:
        found = self.drafts[part.draft].places.locate([part.pointer])
        return found.get(part.pointer)

    def _source_name(self, part: Part) -> str:
        sources = self.documents[part.draft][_HEAD].get("sources")
        named = [one["id"] for one in sources or () if isinstance(one, dict) and "id" in one]
        return f"source {named[0]}" if named else f"source {part.draft + 1}"


class _MergedPlaces:
    """Finds a fact in the first source that gives it."""

    def __init__(
        self,
        drafts: Sequence[Draft],
        documents: Sequence[Mapping[str, Any]],
        origins: Mapping[str, tuple[Part, ...]],
    ) -> None:
        self._drafts = drafts
        self._documents = documents
        self._origins = origins

    def locate(self, pointers: Iterable[str]) -> dict[str, Location]:
        """Return the place of each pointer that has one; each source is asked once."""
        asked: list[dict[str, str]] = [{} for _ in self._drafts]
        for pointer in pointers:
            draft, own = self._source_of(pointer)
            asked[draft][pointer] = own
        found: dict[str, Location] = {}
        for source, wanted in zip(self._drafts, asked, strict=True):
            places = source.places.locate(sorted(set(wanted.values())))
            found |= {pointer: places[own] for pointer, own in wanted.items() if own in places}
        return found

    def _source_of(self, pointer: str) -> tuple[int, str]:
        tokens = split(pointer)
        parts: tuple[Part, ...] = ()
        rest = tokens
        for length in (1, 2, 3):
            record = self._origins.get(join(*tokens[:length]))
            if record is not None and length <= len(tokens):
                parts, rest = record, tokens[length:]
        if not parts:
            every = range(len(self._documents))
            parts = tuple(Part(draft, "", self._documents[draft]) for draft in every)
        for part in parts:
            try:
                resolve(part.value, join(*rest))
            except LookupError:
                continue
            return part.draft, part.pointer + join(*rest)
        return parts[0].draft, parts[0].pointer + join(*rest)


_NOTHING: Final = object()

_MUST_AGREE: Final = (
    ("schema", "the sources keep different contracts", "make snapshots of one version"),
    (
        "auditee",
        "the sources are of different auditees",
        "give 'auditee:' in auditor.yaml if they are of one",
    ),
    (
        "time_zone",
        "the sources name different time zones",
        "give 'time_zone:' in auditor.yaml, or correct one of them",
    ),
)
"""What the whole snapshot has one of: key, what is wrong, what to do."""


def _checked(draft: Draft) -> dict[str, Any]:
    document = draft.document
    head = document.get(_HEAD)
    gaps = head.get("gaps", {}) if isinstance(head, dict) else None
    if not are_gaps(gaps):
        message = "a snapshot that is to be joined with others needs a head with gaps by pointer"
        raise SnapshotError(message, hint="mend its 'snapshot' key", pointer=join(_HEAD))
    return document


def _position_in(root: ObjectType) -> Any:  # noqa: ANN401 - a key for sorted()
    order = {name: position for position, name in enumerate(root.fields)}
    return lambda name: (order.get(name, len(order)), name)


def _without_keys(head: Mapping[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in head.items() if key not in keys}


def _file(mapping: object) -> str:
    return str(mapping.get("file")) if isinstance(mapping, dict) else "?"


def _shown(value: object) -> str:
    if isinstance(value, str):
        return f"'{value[: _LONGEST - 1]}…'" if len(value) > _LONGEST else f"'{value}'"
    if isinstance(value, (dict, list)):
        return "something else" if value else "nothing"
    return {"None": "none", "True": "true", "False": "false"}.get(str(value), str(value))
