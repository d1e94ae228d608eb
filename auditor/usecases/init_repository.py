"""
Set up a delivery repository: what `auditor init` does.

What is written says only what the user said. Everything else stands there as a comment: a key that is
written down is a fact, and an empty register says that there are no records.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.facts.zones import zone
from auditor.model.errors import OutputError, UsageProblem
from auditor.sources.folder_layout import FOLDER, kinds_of
from auditor.usecases.read_config import CONFIG_FILE
from auditor.usecases.read_policies import snapshot_models
from auditor.usecases.show_schema import schema
from auditor.usecases.shown_name import shown_name
from auditor.usecases.where_links_lead import leads_away, stays_below
from auditor.usecases.write_outputs import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.facts.types import ObjectType

_SCHEMA: Final = ".auditor/config.schema.json"
_NOT_A_SIGN: Final = re.compile(r"[^a-z0-9]+")

_PROJECT: Final = """\
  # phase: planning                # planning, execution, closing, closed or cancelled
  # method: scrum                  # scrum, kanban or hybrid
  # engagements: [development]     # design, development, qa, integration, advisory, support, presales
  # exclusion: null                # or {kind, reason, claimed_by, claimed_at}
  # execution: {started_at: 2026-09-01T08:00:00+02:00, ended_at: null}
"""

_UNIT: Final = """\
  # teams: [{name: Billing, members: []}]
"""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the user says of the auditee."""

    folder: str
    name: str
    time_zone: str
    auditee: str | None = None
    """None to make an id of the name."""
    target: str = "project"


def is_set_up(folder: str) -> bool:
    """Return whether *folder* is a delivery repository already."""
    return (Path(folder) / CONFIG_FILE).is_file()


def init_repository(setup: Setup) -> list[str]:
    """
    Write ``auditor.yaml``, the head of the delivery folder, and a page that says what goes where.

    Returns:
        The files, as the user would type them.

    Raises:
        UsageProblem: The zone is none, or a file is there already: nothing is written then.
        OutputError: A file cannot be written, or a link in the folder leads elsewhere.
    """
    try:
        zone(setup.time_zone)
    except ValueError as error:
        raise UsageProblem(str(error), hint="write an IANA name, e.g. Europe/Berlin") from None
    folder = Path(setup.folder)
    files = dict(_files(setup))
    there = [name for name in files if (folder / name).exists()]
    if there:
        msg = f"'{shown_name(str(folder / there[0]))}' is there already, nothing was written"
        hint = "name another folder, or edit the file; --ci alone adds only the gate"
        raise UsageProblem(msg, hint=hint)
    away = [folder / name for name in files if not stays_below(folder / name, folder)]
    if away:
        raise leads_away(away[0])
    written = []
    for name, text in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"cannot make the folder '{path.parent}': {(error.strerror or 'the system refuses').lower()}"
            raise OutputError(msg, hint="name a folder that you may write to") from None
        write_file(str(path), [text.encode()])
        written.append(shown_name(str(path)))
    return written


def _files(setup: Setup) -> Iterator[tuple[str, str]]:
    auditee = setup.auditee or f"hand:{_slug(setup.name)}"
    root = snapshot_models()[setup.target].root
    yield CONFIG_FILE, _config(auditee, setup)
    yield f"{FOLDER}/{setup.target}.yaml", _head(auditee, setup)
    yield f"{FOLDER}/README.md", _page(root, setup.target)
    yield _SCHEMA, schema("config").decode()


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _NOT_A_SIGN.sub("-", plain).strip("-")
    if not slug:
        msg = f"no id can be made of the name '{name}'"
        raise UsageProblem(msg, hint="give one with --id, e.g. --id hand:apollo")
    return slug


def _text(value: str) -> str:
    """Write a text so that YAML reads it as one, whatever is in it."""
    return json.dumps(value, ensure_ascii=False)


def _config(auditee: str, setup: Setup) -> str:
    return f"""\
# yaml-language-server: $schema={_SCHEMA}
# Where the facts about this {setup.target} come from. Every key: `auditor snapshot schema config`.
auditee: {_text(auditee)}
time_zone: {setup.time_zone}
sources:
  - reader: folder                 # the {FOLDER}/ folder beside this file
  # - reader: jira_export          # a tool beside it; `auditor collect --help` names the readers
  #   path: exports/jira
  #   mapping: jira-mapping.yaml   # what its status names mean, with an owner
# policies: [policies]             # policies of your own, judged as well
# fail_on: low                     # can only tighten the gate
"""


def _head(auditee: str, setup: Setup) -> str:
    more = _PROJECT if setup.target == "project" else _UNIT
    return f"""\
# What is known of the {setup.target}. A key that is left out: nobody knows. null: known to be absent.
# Up to when this folder speaks is the time of its newest commit, unless captured_at says it.
# captured_at: 2026-09-30T18:00:00+02:00
# calendar:
#   working_days: [mon, tue, wed, thu, fri]
#   hours: {{from: "09:00", to: "17:00"}}
#   holidays: []                   # every day that is not worked; without the list, what depends on one is open
{setup.target}:
  id: {_text(auditee)}
  name: {_text(setup.name)}
{more}"""


def _page(root: ObjectType, target: str) -> str:
    kinds = kinds_of(root)
    rows = [
        f"| `{name}.yaml`{'' if name in kinds.singles else f' or `{name}.csv`'} | {root.fields[name].about} |"
        for name in root.fields
        if name in kinds.registers or name in kinds.singles
    ]
    table = "\n".join(rows)
    return f"""\
# The facts about this {target}

`{target}.yaml` says what it is. Beside it stands one file for each kind of record, whichever are kept here:

| file | holds |
|---|---|
{table}

A register with records says that these are all there are; an empty file says that there are none; no file says
that nobody knows, and what needs it is inconclusive. Every record has an `id` that never changes. Minutes of
meetings can be Markdown files in `meetings/`. `auditor snapshot show . --coverage` lists the facts that the policies
need and that are still missing.
"""
