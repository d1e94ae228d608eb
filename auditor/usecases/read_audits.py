"""
Read the runs of the past: what portfolio policies know of earlier audits.

A past run is a file in the json format, as ``auditor check -f json=FILE`` writes it. Its documents are named
by digest, so a run that somebody altered is told from one that was recorded. What it says of itself is
believed otherwise: it is a file, and no ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.canonical import digest
from auditor.documents.pointer import join
from auditor.facts.instants import DAY_LENGTH
from auditor.model.errors import AuditorError, InputError
from auditor.model.location import Location
from auditor.usecases.find_inputs import files_below
from auditor.usecases.read_config import unreadable
from auditor.usecases.recorded_run import no_run, recorded_run
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SUFFIX: Final = ".json"
_FINDINGS: Final = frozenset({"error", "fail", "inconclusive"})
_AUDITEES: Final = frozenset({"project", "unit"})
_NOT_SUPPORTED: Final = "not_supported"


@dataclass(frozen=True, slots=True)
class PastRun:
    """One recorded run, as a portfolio document writes it."""

    tree: dict[str, Any]
    gaps: dict[str, str]
    """By pointer into `tree`."""
    place: Location
    """Where the run begins."""


@dataclass(slots=True)
class PastAudits:
    """What a folder or a file of recorded runs came to."""

    runs: list[PastRun] = field(default_factory=list)
    """Sorted by id, each once."""
    errors: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Name of the file, and what is wrong with it."""
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    """Name of a file, and why it is no past audit."""
    files: list[Path] = field(default_factory=list)
    """What was read, and must not be written over."""

    def gaps(self) -> dict[str, str]:
        """Return why facts of the audits are unobserved, by pointer into the portfolio document."""
        return {
            join("audits", place) + below: reason
            for place, run in enumerate(self.runs)
            for below, reason in run.gaps.items()
        }


def read_audits(typed: str) -> PastAudits:
    """
    Read the recorded runs that *typed* stands for: a file, or a folder with all that lie below it.

    An empty folder is an answer: it is known that there are none. In a folder, what is JSON and says that it
    is something else than a run is passed over; what cannot be parsed may have been a run, and is an error.
    """
    path, name = Path(typed), shown_name(typed)
    found = PastAudits()
    runs: dict[str, PastRun] = {}
    try:
        files = _files(path, name)
    except OSError as error:
        found.errors.append((name, unreadable(name, error)))
        return found
    except AuditorError as error:
        found.errors.append((name, error))
        return found
    for file, called in files:
        found.files.append(file)
        try:
            run = _run(file, called, is_named=file == path)
        except AuditorError as error:
            found.errors.append((called, error))
            continue
        if isinstance(run, str):
            found.passed_over.append((called, run))
        elif run.tree["id"] in runs:
            found.passed_over.append((called, f"it is the run {runs[run.tree['id']].place.path}"))
        else:
            runs[run.tree["id"]] = run
    found.runs = [runs[key] for key in sorted(runs)]
    return found


def _files(path: Path, name: str) -> list[tuple[Path, str]]:
    if path.is_dir():
        below = [file for file in files_below(path) if file.lower().endswith(_SUFFIX)]
        return [(path / file, file if name == "." else f"{name}/{file}") for file in below]
    if not path.exists():
        hint = "name a folder of recorded runs, or one such file; an empty folder says that there are none"
        msg = f"there is no file or folder '{name}'"
        raise InputError(msg, hint=hint)
    return [(path, name)]


def _run(path: Path, name: str, *, is_named: bool) -> PastRun | str:
    """
    Read one file.

    Returns:
        The run, or why the file is no past audit.

    Raises:
        AuditorError: It cannot be read, or is a run that breaks the contract.
    """
    tree = recorded_run(path, name)
    if tree is None:
        if not is_named:
            return "it is no recorded run"
        raise no_run(name)
    run: Mapping[str, Any] = tree.data
    if run["as_of"] is None:
        return "it judged nothing"
    place = tree.locate([""]).get("", Location(name, 1))
    return PastRun(*_audit(run), place)


# ----- what a run is to a portfolio


def _audit(run: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a run as a portfolio document writes it, and its gaps."""
    entries = [entry for entry in run["results"] if _is_auditee(entry)]
    audit = {
        "id": digest(run),
        "as_of": run["as_of"],
        "period": _period(run["period"]),
        # Who picks single policies has run no pack.
        "packs": sorted({policy["pack"] for policy in run["policies"]} - {""})
        if not run["only"]
        else [],
        "projects": sorted(entry["auditee"] for entry in entries),
        "judged": [
            {"auditee": entry["auditee"], "at": entry["document"]["snapshot"]["judged_at"]}
            for entry in sorted(entries, key=itemgetter("auditee"))
            if "document" in entry
        ],
    }
    # The format has no place for when a run was recorded; a ledger's entries do.
    gaps = {"/recorded_at": _NOT_SUPPORTED}
    if all("findings_document" in entry for entry in entries):
        audit["findings"] = [found for entry in entries for found in _findings(entry)]
    else:
        gaps["/findings"] = "not_collected"
    return audit, gaps


def _is_auditee(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is of a project or a unit; of a head alone nobody can tell, and it may be."""
    document = entry.get("document")
    return document is None or document["auditee"]["target"] in _AUDITEES


def _period(period: Mapping[str, str] | None) -> dict[str, str | None]:
    if period is None:
        return {"from": None, "to": None}
    return {key: _day(period[key]) for key in ("from", "to")}


def _day(text: str | None) -> str | None:
    return None if text is None else text[:DAY_LENGTH]


def _findings(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for found in entry["findings_document"]["findings"]:
        if found["outcome"] in _FINDINGS:
            yield {
                "fingerprint": found["fingerprint"],
                "project": entry["auditee"],
                "policy": found["key"]["policy"],
                "outcome": found["outcome"],
                "waived": found["counts_as"]["net"] == "waived",
                "decisions": [
                    {
                        **{key: decision[key] for key in ("kind", "by", "at", "reason")},
                        "due_on": _day(decision["until"]),
                    }
                    for decision in found["decisions"]
                ],
            }
