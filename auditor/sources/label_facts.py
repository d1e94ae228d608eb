"""
What the labels of an item say, by the mapping file and the settings.

A label means nothing by itself. The mapping may name labels as statuses, which hold while the item is open,
and as types; the settings may name labels as priorities and as signs that the item is impeded. Two labels
that say different things are a problem, and the fact is unobserved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.sources.json_values import text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from auditor.sources.notes import Notes
    from auditor.sources.reader_settings import Settings
    from auditor.sources.recorded_responses import Row

SETTINGS: Final = ("flags", "priorities")
"""The settings that are read here."""


_PLAIN: Final = "issue"
"""What the mapping calls items that no label says more of."""


class LabelFacts:
    """
    Reads labels.

    Args:
        notes: Knows the mapping.
        settings: Name the priorities and the signs of an impediment.
        native_statuses: The statuses that the tool itself has: a label of such a name is none.
    """

    def __init__(
        self,
        notes: Notes[Row],
        settings: Settings,
        *,
        native_statuses: frozenset[str] = frozenset(),
    ) -> None:
        self._notes = notes
        self._native_statuses = native_statuses
        self.has_statuses = notes.maps("statuses", but=native_statuses)
        """Whether the mapping may name labels as statuses."""
        self.flags = frozenset(settings.texts("flags"))
        self.priorities = settings.ranks("priorities")

    def unfilled(self) -> frozenset[str]:
        """Return the fields of work items that no setting lets the labels fill."""
        settings = (("flagged", self.flags), ("priority", self.priorities))
        return frozenset(name for name, given in settings if not given)

    def is_status(self, label: str) -> bool:
        """Tell whether the mapping names a label as a status."""
        is_own = label in self._native_statuses
        return not is_own and self._notes.is_mapped("statuses", label)

    def put(self, item: dict[str, Any], labels: Sequence[str], row: Row) -> None:
        """Put the labels, and what they say of priority and impediments."""
        item["labels"] = list(labels)
        if self.flags:
            item["flagged"] = bool(self.flags.intersection(labels))
        if self.priorities:
            found = sorted(self.priorities.keys() & set(labels))
            if len(found) > 1:
                self._contradiction(item, "priority", found, row)
            elif found:
                item["priority"] = {"native": found[0], "rank": self.priorities[found[0]]}
            else:
                item["priority"] = None

    def put_status(
        self, item: dict[str, Any], native: str, labels: Collection[str] | None, row: Row
    ) -> None:
        """
        Put the status of an item: of an open one, *labels* that the mapping names go before its own.

        Labels that are not told (None) could say otherwise than its own.
        """
        notes = self._notes
        if labels is None:
            item["status"] = {"native": native}
            notes.leave_out(item, "status", "category", reason="not_collected")
            return
        named = sorted(label for label in labels if self.is_status(label))
        meanings = {notes.meant("statuses", label, row) for label in named}
        item["status"] = {"native": ", ".join(named) or native}
        if len(meanings) > 1:
            self._contradiction(item, "status", named, row, "category")
        else:
            shown = named[0] if named else native
            notes.put_meaning(item, "status", "category", kind="statuses", native=shown, row=row)

    def put_type(
        self, item: dict[str, Any], native: str | None, labels: Collection[str] | None, row: Row
    ) -> None:
        """Put the type of an item: its own, where it has one, else what its labels say, else that of issues."""
        notes = self._notes
        if native is not None:
            notes.put_meaning(item, "type", kind="types", native=native, row=row)
            return
        if labels is None:
            notes.leave_out(item, "type", reason="not_collected")
            return
        named = sorted(label for label in labels if notes.is_mapped("types", label))
        meanings = {notes.meant("types", label, row) for label in named}
        if len(meanings) > 1:
            self._contradiction(item, "type", named, row)
        elif meanings:
            item["type"] = meanings.pop()
        elif notes.is_mapped("types", _PLAIN):
            notes.put_meaning(item, "type", kind="types", native=_PLAIN, row=row)
        else:
            notes.leave_out(item, "type", reason="not_collected")

    def _contradiction(
        self, item: dict[str, Any], field: str, labels: Sequence[str], row: Row, *inner: str
    ) -> None:
        self._notes.leave_out(item, field, *inner)
        said = " and ".join(f"'{label}'" for label in labels)
        self._notes.problem(f"labels {said} contradict each other on {item['id']}", row)


def label_names(body: Mapping[str, Any]) -> list[str] | None:
    """Return the names of the labels of an item, None where it does not tell them."""
    listed = body.get("labels")
    if not isinstance(listed, list):
        return None
    names = [label if isinstance(label, str) else text(label, "name") for label in listed]
    return sorted({name for name in names if name})
