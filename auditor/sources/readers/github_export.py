"""
Read recorded answers of GitHub: issues, pull requests, reviews, events and milestones of one repository.

A repository knows what was reported, changed and reviewed. It knows nothing of baselines, roles, meetings or
estimates, and says so in the gaps. What open and closed mean is said by a mapping file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.facts.instants import parse_moment
from auditor.model.errors import ConfigError
from auditor.sources import (
    github_events,
    github_gaps,
    github_items,
    json_values,
    label_facts,
    milestone_facts,
)
from auditor.sources.github_requests import request_of
from auditor.sources.json_values import native_id, text, value_at
from auditor.sources.label_facts import LabelFacts
from auditor.sources.recorded_people import People
from auditor.sources.recorded_reading import SETTINGS, Made, Reading
from auditor.sources.recorded_responses import all_begin_with

if TYPE_CHECKING:
    from auditor.sources.contract import Draft, ReaderOptions, SourceFiles
    from auditor.sources.recorded_responses import Row

_STATUSES: Final = frozenset(
    {"open", "closed", "milestone open", "milestone closed"}
    | {f"closed as {reason}" for reason in ("completed", "not_planned", "duplicate")}
)
"""The statuses of GitHub itself; whatever else the mapping names are labels."""


class GitHubExportReader:
    """Reader of recorded answers of GitHub, one JSON object a line."""

    name = "github_export"
    settings: Final = (*SETTINGS, *label_facts.SETTINGS, "milestones", "repository")
    """Keys of its own in ``auditor.yaml``."""

    def claims(self, source: SourceFiles) -> bool:
        """Tell whether there are JSON Lines, all of them beginning with an address of GitHub's API."""
        return all_begin_with(source, request_of)

    def read(self, source: SourceFiles, options: ReaderOptions) -> Draft:
        """
        Make a snapshot of the repository.

        Raises:
            InputError: No record of GitHub is in the files.
            ConfigError: A setting is missing or matches nothing.
        """
        return _Reading(source, options).draft()


class _Reading:
    """One reading of one source."""

    def __init__(self, source: SourceFiles, options: ReaderOptions) -> None:
        self.reading = Reading(
            source,
            options,
            reader=GitHubExportReader.name,
            settings=GitHubExportReader.settings,
            tool="GitHub",
            tool_id="github",
            request_of=request_of,
        )
        self.notes = self.reading.notes
        self.auditee = options.auditee
        self.labels = LabelFacts(self.notes, self.reading.settings, native_statuses=_STATUSES)
        self.people = People(
            self.notes, user_name="login", names=("login",), kind_of=github_items.party_kind
        )
        self.milestone_kind = self.reading.settings.choice("milestones", milestone_facts.KINDS)
        self.chosen = self.reading.choose("repository", "GitHub repositories")
        self.captured = self.reading.captured_at(self.chosen)
        self.rows = {
            kind: self.chosen.newest(kind, self.notes)
            for kind in ("issue", "pull request", "review", "event", "milestone")
        }
        self.lost: set[str] = set()
        """Lists of which a record could not be used."""

    def draft(self) -> Draft:
        """Make the snapshot, its places and its problems."""
        made = self._project()
        milestones = self._milestones(made)
        issues = {
            own: row
            for own, row in self.rows["issue"].items()
            if not github_items.is_pull(row.body)
        }
        items = [
            (github_items.work_item(row, self.notes, self.people, self.labels), row)
            for row in issues.values()
        ]
        if self.milestone_kind == "sprints":
            for item, row in items:
                self._put_sprint(item, row)
        numbers = github_gaps.issue_numbers(issues)
        documents = [
            (github_items.document(row, numbers, self.notes, self.people), row)
            for row in self.rows["pull request"].values()
        ]
        made.lists |= {"work_items": items, "documents": documents}
        made.lists["approvals"] = self._approvals()
        made.lists["change_events"] = self._events(numbers, milestones)
        self._say_gaps(made, issues)
        self.people.settle()
        return self.reading.draft(self.chosen, self.captured, made)

    def _project(self) -> Made:
        scope = self.chosen.rows[0].request.scope
        row = self.chosen.rows[0]
        own_id = self.auditee
        for pull in self.rows["pull request"].values():
            native = native_id(pull.body, "base", "repo", "id")
            if native is not None:
                row, own_id = pull, own_id or self.notes.id(native)
                break
        if own_id is None:
            message = f"no response says which id the repository {scope} has"
            hint = "give 'auditee:' in auditor.yaml, or record the pull requests as well"
            raise ConfigError(message, hint=hint)
        project = {"id": own_id, "key": scope, "name": scope.rpartition("/")[2]}
        work_items = github_items.FILLED["work_items"] - self.labels.unfilled()
        if self.milestone_kind == "sprints":
            work_items |= {"sprints"}
        return Made(
            {**project, "prov": row.prov(self.notes)},
            row,
            filled={**github_items.FILLED, **milestone_facts.FILLED, "work_items": work_items},
            could_be_asked=github_items.COULD_BE_ASKED,
        )

    def _milestones(self, made: Made) -> dict[str, str]:
        """Make the milestones; return their ids by title, of those whose titles are their own."""
        found = {own: (row.body, row) for own, row in self.rows["milestone"].items()}
        foreign: list[Row] = []
        for row in [*self.rows["issue"].values(), *self.rows["pull request"].values()]:
            body = row.body.get("milestone")
            own_id = native_id(body, "id")
            if not isinstance(body, dict) or own_id is None:
                continue
            if self._is_foreign(body):
                foreign.append(row)
            else:
                found.setdefault(own_id, (body, row))
        if foreign:
            more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
            self.notes.problem(
                f"issue {foreign[0].id}{more} name a milestone of another repository",
                foreign[0],
            )
            self.lost.add(self.milestone_kind)
        pairs = []
        for own_id, (body, row) in sorted(found.items()):
            if self.milestone_kind == "sprints":
                captured = parse_moment(self.captured)
                record = milestone_facts.sprint(own_id, body, row, self.notes, captured=captured)
            else:
                record = milestone_facts.milestone(own_id, body, row, self.notes)
            pairs.append((record, row))
        made.lists[self.milestone_kind] = pairs
        titles: dict[str, set[str]] = {}
        for record, _ in pairs:
            titles.setdefault(record.get("name", ""), set()).add(record["id"])
        return {title: ids.pop() for title, ids in titles.items() if title and len(ids) == 1}

    def _is_foreign(self, milestone: dict[str, Any]) -> bool:
        asked = request_of(text(milestone, "url") or "")
        return asked is not None and asked.scope != self.chosen.rows[0].request.scope

    def _put_sprint(self, item: dict[str, Any], row: Row) -> None:
        body = row.body.get("milestone")
        own_id = native_id(body, "id")
        if own_id is None:
            if "milestone" in row.body:
                item["sprints"] = []
        elif isinstance(body, dict) and self._is_foreign(body):
            self.notes.leave_out(item, "sprints")
        else:
            item["sprints"] = [self.notes.id(own_id)]

    def _approvals(self) -> list[tuple[dict[str, Any], Row]]:
        pulls = github_gaps.issue_numbers(self.rows["pull request"])
        dismissals = {
            review: row
            for row in self.rows["event"].values()
            if (review := github_items.dismissed(row)) is not None
        }
        made = []
        for own_id, row in self.rows["review"].items():
            pull = pulls.get(github_items.review_number(row) or 0)
            if pull is None:
                self.notes.problem(f"review {own_id} is of a pull request that is not there", row)
                self.lost.add("approvals")
                continue
            subject = github_items.pull_id(pull)
            found = github_items.approvals(
                row, subject, dismissals.get(own_id), self.notes, self.people
            )
            if found is None:
                self.lost.add("approvals")
            made += [(approval, row) for approval in found or ()]
        return made

    def _events(
        self, issues: dict[int, str], milestones: dict[str, str]
    ) -> list[tuple[dict[str, Any], Row]]:
        pulls = github_gaps.issue_numbers(self.rows["pull request"])
        sprints = milestones if self.milestone_kind == "sprints" else {}
        made = []
        for own_id, row in self.rows["event"].items():
            about = value_at(row.body, "issue")
            number = json_values.number(about, "number") or int(row.request.of or 0)
            item = issues.get(number)
            if item is None and number in pulls:
                item = github_items.pull_id(pulls[number])
            elif item is None and about is not None and not github_items.is_pull(about):
                item = native_id(about, "id")
            if item is None:
                self.notes.problem(f"event {own_id} is of something that is not there", row)
                self.lost.add("change_events")
                continue
            found = github_events.change_events(
                row,
                item,
                sprints=sprints,
                notes=self.notes,
                people=self.people,
                labels=self.labels,
            )
            if found is None:
                self.lost.add("change_events")
            made += [(event, row) for event in found or ()]
        return made

    def _say_gaps(self, made: Made, issues: dict[str, Row]) -> None:
        chosen, pulls = self.chosen, self.rows["pull request"]
        missing = github_gaps.strangers(chosen, self.rows["issue"], pulls)
        items_cut = self._is_cut("issue") or "issue" in missing
        pulls_cut = self._is_cut("pull request") or "pull request" in missing
        for name, kind, is_cut in (
            ("work_items", "issue", items_cut),
            ("documents", "pull request", pulls_cut),
            (
                "approvals",
                "review",
                pulls_cut or self._is_cut("review") or github_gaps.reviews_lost(chosen, pulls),
            ),
            (
                "change_events",
                "event",
                items_cut
                or pulls_cut
                or self._is_cut("event")
                or github_gaps.events_lost(chosen, issues, pulls),
            ),
            (self.milestone_kind, "milestone", self._is_cut("milestone")),
        ):
            is_asked = bool(chosen.asked(kind))
            if not is_asked and not made.lists[name]:
                made.gaps[f"/{name}"] = "not_collected"
                del made.lists[name]
            elif not is_asked or is_cut or name in self.lost:
                made.gaps[f"/{name}"] = "truncated"

    def _is_cut(self, kind: str) -> bool:
        return self.chosen.lacks_part_of(kind) or self.reading.was_read_early(
            list(self.rows[kind].values()), self.captured
        )
