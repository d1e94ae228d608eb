"""
Choose, of everything that was recorded, what is about the auditee, and of each record the newest state.

A recording may hold several Jira sites, whose ids mean different things, and several projects. Which one is
meant is asked for, never guessed. A history or worklog of an issue that is not in the recording is kept: it
is a fact, and it proves that the issues are not all there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.model.errors import ConfigError, did_you_mean
from auditor.sources.jira_items import sprints_of
from auditor.sources.json_values import native_id, records, text, value_at
from auditor.sources.recorded_draft import read_instant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from auditor.sources.jira_notes import Notes
    from auditor.sources.jira_records import Kind, Page, Recording, Row


@dataclass(frozen=True, slots=True)
class Part:
    """A record, the row that holds it, and the issue that it is about."""

    body: Mapping[str, Any]
    row: Row
    issue: str = ""


@dataclass(slots=True)
class Selection:
    """What the snapshot is made of; each by its native id."""

    issues: dict[str, Part] = field(default_factory=dict)
    sprints: dict[str, Part] = field(default_factory=dict)
    histories: dict[str, Part] = field(default_factory=dict)
    worklogs: dict[str, Part] = field(default_factory=dict)
    strangers: set[str] = field(default_factory=set)
    """Issues that are only heard of, by a history or a worklog."""
    lost: set[Kind] = field(default_factory=set)
    """Kinds of which a record could not be used."""
    pages: tuple[Page, ...] = ()
    projects: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Key and name of each Jira project of the issues, by id."""

    def rows(self) -> list[Row]:
        """Return the rows that became facts, each once."""
        parts = [*self.issues.values(), *self.sprints.values()]
        parts += [*self.histories.values(), *self.worklogs.values()]
        return list({id(part.row): part.row for part in parts}.values())


def select(
    recording: Recording, notes: Notes, *, site: str | None, projects: Collection[str]
) -> Selection:
    """
    Choose by site and project.

    Args:
        recording: Everything that was recorded.
        notes: Takes the problems.
        site: Host of the Jira that is meant; None where there is only one.
        projects: Keys or ids of the Jira projects that are meant; empty for all.

    Raises:
        ConfigError: There are several sites and none was chosen, or a choice matches nothing.
    """
    rows = _of_site([row for row in recording.rows if row.kind != "other"], site)
    sites = {row.site for row in rows}
    pages = [page for page in recording.pages if page.request.site in sites | {None}]
    chosen = Selection(pages=tuple(pages))
    others = _select_issues(chosen, [row for row in rows if row.kind == "issue"], projects, notes)
    ids = {text(part.row.body, "key"): native for native, part in chosen.issues.items()}
    for row in rows:
        if row.kind not in {"history", "worklog"}:
            continue
        named = row.request.issue if row.request else None
        issue = native_id(row.body, "issueId") or (ids.get(named, named) if named else None)
        if issue is None:
            notes.problem(f"this {row.kind} does not say which issue it is of", row)
            chosen.lost.add(row.kind)
        elif issue in chosen.issues or not (projects or issue in others):
            _keep_newest(_parts_of(chosen, row.kind), row.id, Part(row.body, row, issue), notes)
        if issue is not None and issue not in chosen.issues and issue not in others:
            chosen.strangers.add(issue)
    _select_sprints(
        chosen, [row for row in rows if row.kind == "sprint"], notes, all_boards=not projects
    )
    return chosen


def _of_site(rows: list[Row], site: str | None) -> list[Row]:
    sites = sorted({row.site for row in rows if row.site})
    if site is None and len(sites) > 1:
        counts = ", ".join(f"{name} ({sum(row.site == name for row in rows)})" for name in sites)
        message = f"the records come from {len(sites)} Jira sites: {counts}"
        raise ConfigError(
            message, hint="say which one is meant, with 'site:' under the settings of this source"
        )
    if site is not None and site not in sites:
        message = f"no record comes from the Jira site '{site}'"
        raise ConfigError(message, hint=did_you_mean(site, sites))
    return [row for row in rows if site is None or row.site in {site, None}]


def _select_issues(
    chosen: Selection, rows: Iterable[Row], projects: Collection[str], notes: Notes
) -> set[str]:
    """Take the issues of the projects that are meant; return the ids of all others."""
    seen: dict[str, tuple[str | None, str | None]] = {}
    others: set[str] = set()
    for row in rows:
        project = value_at(row.body, "fields", "project")
        project_id, key = native_id(project, "id"), text(project, "key")
        if project_id is not None:
            seen[project_id] = (key, text(project, "name"))
        if projects and not {project_id, key} & set(projects):
            others.add(row.id)
            continue
        if project_id is not None:
            chosen.projects[project_id] = seen[project_id]
        _keep_newest(chosen.issues, row.id, Part(row.body, row, row.id), notes)
        for history in records(row.body, "changelog", "histories"):
            _keep_embedded(chosen, "history", history, row, notes)
        for worklog in records(row.body, "fields", "worklog", "worklogs"):
            _keep_embedded(chosen, "worklog", worklog, row, notes)
    known = {name for native, (key, _) in seen.items() for name in (native, key) if name}
    for wanted in projects:
        if wanted not in known:
            message = f"no issue belongs to the Jira project '{wanted}'"
            raise ConfigError(message, hint=did_you_mean(wanted, known))
    return others - set(chosen.issues)


def _select_sprints(
    chosen: Selection, rows: Iterable[Row], notes: Notes, *, all_boards: bool
) -> None:
    for part in chosen.issues.values():
        for sprint_id, body in sprints_of(part.body["fields"]):
            _keep_newest(chosen.sprints, sprint_id, Part(body, part.row), notes)
    boards = {part.row.request.board for part in chosen.issues.values() if part.row.request}
    for row in rows:
        board = row.request.board if row.request else None
        if all_boards or board in boards or row.id in chosen.sprints:
            _keep_newest(chosen.sprints, row.id, Part(row.body, row), notes, ties=True)


def _parts_of(chosen: Selection, kind: Kind) -> dict[str, Part]:
    return chosen.histories if kind == "history" else chosen.worklogs


def _keep_embedded(
    chosen: Selection, kind: Kind, body: dict[str, Any], row: Row, notes: Notes
) -> None:
    own_id = native_id(body, "id")
    if own_id is None:
        notes.problem(f"a {kind} of issue {row.id} has no id", row)
        chosen.lost.add(kind)
    else:
        _keep_newest(_parts_of(chosen, kind), own_id, Part(body, row, row.id), notes)


def _keep_newest(
    parts: dict[str, Part], own_id: str, part: Part, notes: Notes, *, ties: bool = False
) -> None:
    """Keep the state that was read last; of equally old ones the first, or with *ties* the last."""
    known = parts.get(own_id)
    if known is not None:
        before, now = read_instant(known.row, notes), read_instant(part.row, notes)
        is_newer = now is not None and (before is None or now > before)
        if not is_newer and not (ties and now == before):
            return
    parts[own_id] = part
