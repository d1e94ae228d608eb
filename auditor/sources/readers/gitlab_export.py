"""
Read recorded answers of GitLab: issues, merge requests, their notes and milestones of one project.

A project knows what was reported, changed and approved. It knows nothing of baselines, roles or meetings,
and says so in the gaps. What opened and closed mean is said by a mapping file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.instants import parse_moment
from auditor.model.errors import ConfigError
from auditor.sources import gitlab_items, label_facts, milestone_facts
from auditor.sources.gitlab_requests import request_of
from auditor.sources.json_values import native_id, number
from auditor.sources.label_facts import LabelFacts
from auditor.sources.recorded_people import People
from auditor.sources.recorded_reading import SETTINGS, Made, Reading
from auditor.sources.recorded_responses import all_begin_with

if TYPE_CHECKING:
    from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
    from auditor.sources.recorded_responses import Row

_STATUSES: Final = frozenset(
    {"opened", "closed", "closed as moved", "closed as duplicate"}
    | {"milestone active", "milestone closed"}
)
"""The statuses of GitLab itself; whatever else the mapping names are labels."""


class GitLabExportReader:
    """Reader of recorded answers of GitLab, one JSON object a line."""

    name = "gitlab_export"
    settings: Final = (*SETTINGS, *label_facts.SETTINGS, "estimates", "milestones", "project")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether there are JSON Lines, all of them beginning with an address of GitLab's API."""
        return all_begin_with(source, request_of)

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the project.

        Raises:
            InputError: No record of GitLab is in the files.
            ConfigError: A setting is missing or matches nothing.
        """
        return _Reading(source, options).draft()


class _Reading:
    """One reading of one source."""

    def __init__(self, source: SourceFiles, options: ReaderOptions) -> None:
        self.reading = Reading(
            source,
            options,
            reader=GitLabExportReader.name,
            settings=GitLabExportReader.settings,
            tool="GitLab",
            tool_id="gitlab",
            request_of=request_of,
        )
        self.notes = self.reading.notes
        self.auditee = options.auditee
        settings = self.reading.settings
        self.labels = LabelFacts(self.notes, settings, native_statuses=_STATUSES)
        self.people = People(
            self.notes,
            user_name="username",
            names=("name", "username"),
            kind_of=gitlab_items.party_kind,
        )
        self.milestone_kind = settings.choice("milestones", milestone_facts.KINDS)
        self.estimates = settings.choice("estimates", gitlab_items.ESTIMATES)
        self.chosen = self.reading.choose("project", "GitLab projects")
        self.captured = self.reading.captured_at(self.chosen)
        self.rows = {
            kind: self.chosen.newest(kind, self.notes)
            for kind in ("issue", "merge request", "note", "milestone")
        }
        self.lost: set[str] = set()
        """Lists of which a record could not be used."""

    def draft(self) -> Draft:
        """Make the snapshot, its places and its problems."""
        notes, people = self.notes, self.people
        made = self._project()
        issues = self.rows["issue"]
        numbers = {number(row.body, "iid"): own for own, row in issues.items()}
        known = {found: own for found, own in numbers.items() if found is not None}
        items = [
            (
                gitlab_items.work_item(row, notes, people, self.labels, estimates=self.estimates),
                row,
            )
            for row in issues.values()
        ]
        if self.milestone_kind == "sprints":
            for item, row in items:
                sprint = native_id(row.body, "milestone", "id")
                if "milestone" in row.body:
                    item["sprints"] = [] if sprint is None else [notes.id(sprint)]
        made.lists["work_items"] = items
        made.lists["documents"] = [
            (gitlab_items.document(row, known, notes, people), row)
            for row in self.rows["merge request"].values()
        ]
        made.lists["approvals"] = self._approvals()
        made.lists[self.milestone_kind] = self._milestones()
        self._say_gaps(made)
        people.settle()
        return self.reading.draft(self.chosen, self.captured, made)

    def _project(self) -> Made:
        scope = self.chosen.rows[0].request.scope
        named = [*self.rows["issue"].values(), *self.rows["merge request"].values()]
        row = named[0] if named else self.chosen.rows[0]
        native = native_id(row.body, "project_id") if named else None
        native = native or (scope if scope.isascii() and scope.isdecimal() else None)
        own_id = self.auditee or (native and self.notes.id(native))
        if not own_id:
            message = f"no response says which id the project {scope} has"
            hint = "give 'auditee:' in auditor.yaml, or record the issues as well"
            raise ConfigError(message, hint=hint)
        project = {"id": own_id}
        path = gitlab_items.project_path(row)
        if path is not None:
            project |= {"key": path, "name": path.rpartition("/")[2]}
        work_items = gitlab_items.FILLED["work_items"] - self.labels.unfilled()
        if self.milestone_kind == "sprints":
            work_items |= {"sprints"}
        return Made(
            {**project, "prov": row.prov(self.notes)},
            row,
            filled={**gitlab_items.FILLED, **milestone_facts.FILLED, "work_items": work_items},
            could_be_asked=gitlab_items.COULD_BE_ASKED,
        )

    def _milestones(self) -> list[tuple[dict[str, Any], Row]]:
        found = {own: (row.body, row) for own, row in self.rows["milestone"].items()}
        for row in [*self.rows["issue"].values(), *self.rows["merge request"].values()]:
            body = row.body.get("milestone")
            own_id = native_id(body, "id")
            if isinstance(body, dict) and own_id is not None:
                found.setdefault(own_id, (body, row))
        captured = parse_moment(self.captured)
        return [
            (
                milestone_facts.sprint(own, body, row, self.notes, captured=captured)
                if self.milestone_kind == "sprints"
                else milestone_facts.milestone(own, body, row, self.notes),
                row,
            )
            for own, (body, row) in sorted(found.items())
        ]

    def _approvals(self) -> list[tuple[dict[str, Any], Row]]:
        made = []
        for row in self.rows["note"].values():
            if gitlab_items.decision(row) is None:
                continue
            found = gitlab_items.approval(row, self.notes, self.people)
            if found is None:
                self.lost.add("approvals")
            else:
                made.append((found, row))
        return made

    def _say_gaps(self, made: Made) -> None:
        chosen = self.chosen
        merge_requests = self.rows["merge request"]
        strangers = {
            native_id(row.body, "noteable_id") for row in self.rows["note"].values()
        } - set(merge_requests)
        documents_cut = self._is_cut("merge request") or bool(strangers)
        for name, kind, is_cut in (
            ("work_items", "issue", self._is_cut("issue")),
            ("documents", "merge request", documents_cut),
            ("approvals", "note", documents_cut or self._is_cut("note") or self._notes_lost()),
            (self.milestone_kind, "milestone", self._is_cut("milestone")),
        ):
            is_asked = bool(chosen.asked(kind))
            if not is_asked and not made.lists[name]:
                made.gaps[f"/{name}"] = "not_collected"
                del made.lists[name]
            elif not is_asked or is_cut or name in self.lost:
                made.gaps[f"/{name}"] = "truncated"

    def _notes_lost(self) -> bool:
        """Tell whether the notes that GitLab itself writes may be missing of a merge request."""
        told = {
            row.request.of for row in self.rows["note"].values() if row.body.get("system") is True
        }
        asked = {
            request.of
            for request in self.chosen.asked("note")
            if "system=false" not in request.list.split("&") or request.of in told
        }
        numbers = {native_id(row.body, "iid") or "" for row in self.rows["merge request"].values()}
        return not numbers <= asked

    def _is_cut(self, kind: str) -> bool:
        return self.chosen.lacks_part_of(kind) or self.reading.was_read_early(
            list(self.rows[kind].values()), self.captured
        )
