"""
Read recorded answers of Trello: cards, lists, checklists, labels, members and moves of one board.

A board knows what there is to do and in which list it stands. It knows no sprint, estimate, role or meeting,
and says so in the gaps. What a list means is said by a mapping file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.zones import zone
from auditor.model.errors import ConfigError
from auditor.sources import label_facts, trello_items
from auditor.sources.json_values import native_id, text
from auditor.sources.label_facts import LabelFacts
from auditor.sources.recorded_people import People
from auditor.sources.recorded_reading import SETTINGS, Made, Reading
from auditor.sources.recorded_responses import all_begin_with
from auditor.sources.trello_requests import request_of

if TYPE_CHECKING:
    from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
    from auditor.sources.recorded_responses import Row


class TrelloExportReader:
    """Reader of recorded answers of Trello, one JSON object a line."""

    name = "trello_export"
    settings: Final = (*SETTINGS, *label_facts.SETTINGS, "board", "checklists")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether there are JSON Lines, all of them beginning with an address of Trello's API."""
        return all_begin_with(source, request_of)

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the board.

        Raises:
            InputError: No record of Trello is in the files.
            ConfigError: A setting is missing or matches nothing.
        """
        return _Reading(source, options).draft()


class _Reading:
    """One reading of one source."""

    def __init__(self, source: SourceFiles, options: ReaderOptions) -> None:
        self.reading = Reading(
            source,
            options,
            reader=TrelloExportReader.name,
            settings=TrelloExportReader.settings,
            tool="Trello",
            tool_id="trello",
            request_of=request_of,
        )
        self.notes = self.reading.notes
        self.auditee = options.auditee
        settings = self.reading.settings
        try:
            self.day_zone = None if options.time_zone is None else zone(options.time_zone)
        except ValueError as error:
            raise ConfigError(str(error)) from None
        # Labels of a board stand beside its lists and mean no status.
        self.labels = LabelFacts(self.notes, settings)
        self.checklist_kinds = settings.choices("checklists", trello_items.CHECKLIST_KINDS)
        self.people = People(
            self.notes,
            user_name="username",
            names=("fullName", "username"),
            kind_of=lambda _: None,
        )
        self.chosen = self.reading.choose("board", "Trello boards")
        self.captured = self.reading.captured_at(self.chosen)
        self.rows = {
            kind: self.chosen.newest(kind, self.notes)
            for kind in ("board", "card", "list", "checklist", "label", "member", "action")
        }
        self.lost: set[str] = set()
        """Lists of which a record could not be used."""

    def draft(self) -> Draft:
        """Make the snapshot, its places and its problems."""
        made = self._project()
        templates = {
            own for own, row in self.rows["card"].items() if row.body.get("isTemplate") is True
        }
        for row in self.rows["member"].values():
            self.people.party(row.body, row)
        made.lists["work_items"] = self._cards(templates)
        made.lists["checklists"] = self._checklists(templates)
        made.lists["change_events"] = [
            (event, row)
            for row in self.rows["action"].values()
            if (event := trello_items.moved(row, self.notes, self.people)) is not None
        ]
        self._say_gaps(made)
        self.people.settle()
        return self.reading.draft(self.chosen, self.captured, made)

    def _project(self) -> Made:
        scope = self.chosen.rows[0].request.scope
        row = next(iter(self.rows["board"].values()), self.chosen.rows[0])
        project: dict[str, Any] = {"id": self.auditee or self.notes.id(scope)}
        name = text(row.body, "name") if row.request.kind == "board" else None
        if name is not None:
            project["name"] = name
        work_items = trello_items.FILLED["work_items"] - self.labels.unfilled()
        return Made(
            {**project, "prov": row.prov(self.notes)},
            row,
            filled={**trello_items.FILLED, "work_items": work_items},
            could_be_asked=trello_items.COULD_BE_ASKED,
            helpers=("board", "label", "list", "member"),
            gaps={} if name is not None else {"/project/name": "not_collected"},
        )

    def _cards(self, templates: set[str]) -> list[tuple[dict[str, Any], Row]]:
        lists = {own: text(row.body, "name") or "" for own, row in self.rows["list"].items()}
        known_labels = {
            own: name
            for own, row in self.rows["label"].items()
            if (name := trello_items.label_name(row.body)) is not None
        }
        return [
            (
                trello_items.work_item(
                    row,
                    lists,
                    known_labels,
                    notes=self.notes,
                    people=self.people,
                    labels=self.labels,
                    members=self.rows["member"],
                    day_zone=self.day_zone,
                ),
                row,
            )
            for own, row in self.rows["card"].items()
            if own not in templates
        ]

    def _checklists(self, templates: set[str]) -> list[tuple[dict[str, Any], Row]]:
        return [
            (trello_items.checklist(row, self.checklist_kinds, self.notes), row)
            for row in self.rows["checklist"].values()
            if native_id(row.body, "idCard") not in templates
        ]

    def _say_gaps(self, made: Made) -> None:
        named = {
            one
            for row in self.rows["card"].values()
            for one in _texts(row.body.get("idChecklists"))
        }
        cards_cut = self._is_cut("card")
        for name, kind, is_cut in (
            ("work_items", "card", cards_cut),
            (
                "checklists",
                "checklist",
                self._is_cut("checklist") or not named <= self.rows["checklist"].keys(),
            ),
            ("change_events", "action", cards_cut or self._is_cut("action")),
        ):
            if not self.chosen.asked(kind):
                made.gaps[f"/{name}"] = "not_collected"
                del made.lists[name]
            elif is_cut:
                made.gaps[f"/{name}"] = "truncated"

    def _is_cut(self, kind: str) -> bool:
        return self.chosen.lacks_part_of(kind) or self.reading.was_read_early(
            list(self.rows[kind].values()), self.captured
        )


def _texts(listed: object) -> list[str]:
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
