"""
Read the runs of the past: what portfolio policies know of earlier audits.

A past run is a file in the json format, as ``auditor check -f json=FILE`` writes it. Its documents are named
by digest, so a run that somebody altered is told from one that was recorded. What it says of itself is
believed otherwise: it is a file, and no ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.canonical import NotCanonicalError, digest
from auditor.documents.json import parse_json
from auditor.documents.limits import MAX_BYTES
from auditor.documents.pointer import join
from auditor.documents.tree import parse_tree
from auditor.facts.instants import DAY_LENGTH, parse_instant
from auditor.facts.violation import shown
from auditor.model.errors import AuditorError, ErrorGroup, InputError
from auditor.model.location import Location
from auditor.usecases.find_inputs import files_below
from auditor.usecases.package_data import data_dir
from auditor.usecases.read_config import unreadable
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    from auditor.documents.tree import Tree

_SUFFIX: Final = ".json"
_FINDINGS: Final = frozenset({"error", "fail", "inconclusive"})
_AUDITEES: Final = frozenset({"project", "unit"})
_NOT_SUPPORTED: Final = "not_supported"
_MOST_FAULTS: Final = 5
"""Breaches of the schema that are named of one file: a file that is something else has hundreds."""


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
    tree = parse_tree(_bytes(path, name), path=name)
    if not _is_run(tree.data):
        if not is_named:
            return "it is no recorded run"
        hint = "name what 'auditor check -f json=FILE' wrote"
        msg = f"'{name}' is no recorded run"
        raise InputError(msg, hint=hint, slug="past-run")
    faults = list(_faults(tree))
    if faults:
        raise ErrorGroup(faults)
    run: Mapping[str, Any] = tree.data
    if run["as_of"] is None:
        return "it judged nothing"
    place = tree.locate([""]).get("", Location(name, 1))
    return PastRun(*_audit(run), place)


def _bytes(path: Path, name: str) -> bytes:
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            msg = f"'{name}' has {size} bytes, more than the {MAX_BYTES} that one file may have"
            raise InputError(msg, hint="leave it out, or record runs of fewer auditees")
        return path.read_bytes()
    except OSError as error:
        raise unreadable(name, error) from None


def _is_run(data: object) -> bool:
    schema = data.get("schema") if isinstance(data, dict) else None
    return isinstance(schema, dict) and schema.get("name") == "run"


# ----- what is wrong with a run


def _faults(tree: Tree) -> Iterator[AuditorError]:
    """Yield every breach of the contract, with its place: first of the schema, then of what it cannot say."""
    broken = [
        (join(*error.absolute_path), _in_words(error))
        for error in _validator().iter_errors(tree.data)
    ]
    for pointer, message in sorted(broken)[:_MOST_FAULTS]:
        yield _fault(tree, pointer, f"{pointer or 'the document'}: {message}")
    if len(broken) > _MOST_FAULTS:
        yield _fault(tree, "", f"{len(broken) - _MOST_FAULTS} more breaches of the schema of runs")
    if broken:
        return
    if _digest(tree.data) is None:
        yield _fault(tree, "", "the document: a number in it is too large to have one spelling")
    for pointer, text in _dates(tree.data):
        try:
            parse_instant(text)
        except ValueError as error:
            yield _fault(tree, pointer, f"{pointer}: found {shown(text)}: {error}")
    for place, entry in enumerate(tree.data["results"]):
        yield from _altered(tree, place, entry)


def _in_words(error: ValidationError) -> str:
    """Say what a breach is; the validator's own words differ from release to release."""
    instance: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "required" | "dependentRequired" if isinstance(instance, dict):
            names = wanted if isinstance(wanted, list) else ["document", "findings_document"]
            return f"'{next((str(name) for name in names if name not in instance), '')}' is missing"
        case "additionalProperties" if isinstance(instance, dict):
            unknown = sorted(set(instance) - set(schema.get("properties", {})))
            return f"unknown key {shown(unknown[0] if unknown else '')}"
        case "const":
            return f"found {shown(instance)}, wanted {shown(wanted)}"
        case "enum":
            return f"found {shown(instance)}, wanted one of {', '.join(map(shown, wanted))}"
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"found {shown(instance)}, wanted {' or '.join(kinds)}"
        case keyword:
            return f"found {shown(instance)}, which '{keyword}' in the schema does not allow"


def _dates(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every instant or day that is taken over: the schema takes any text for one."""
    if run["as_of"] is not None:
        yield "/as_of", run["as_of"]
    for key, text in (run["period"] or {}).items():
        yield join("period", key), text
    for place, entry in enumerate(run["results"]):
        for number, found in enumerate(entry.get("findings_document", {}).get("findings", ())):
            for nth, decision in enumerate(found["decisions"]):
                at = ("findings_document", "findings", number, "decisions", nth)
                for key in ("at", "until"):
                    if decision[key] is not None:
                        yield join("results", place, *at, key), decision[key]


def _altered(tree: Tree, place: int, entry: Mapping[str, Any]) -> Iterator[AuditorError]:
    """Yield where a document is not the one that its digest names."""
    for document, named in (("document", "digest"), ("findings_document", "findings")):
        if document in entry and _digest(entry[document]) != entry[named]:
            pointer = join("results", place, document)
            yield _fault(tree, pointer, f"{pointer}: it is not what '{named}' beside it names")
    if "document" in entry and entry["document"]["auditee"]["id"] != entry["auditee"]:
        pointer = join("results", place, "auditee")
        yield _fault(tree, pointer, f"{pointer}: the document beside it is of another auditee")


def _digest(document: object) -> str | None:
    try:
        return digest(document)
    except NotCanonicalError:
        return None


def _fault(tree: Tree, pointer: str, message: str) -> AuditorError:
    location = tree.locate([pointer]).get(pointer, Location(tree.path, 1))
    hint = "record the run again, or take the file out: an altered run proves nothing"
    return InputError(message, hint=hint, location=location, pointer=pointer, slug="past-run")


@cache
def _validator() -> Validator:
    """Return a validator of recorded runs, with the schemas that theirs refers to."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import
    from referencing import Registry, Resource  # noqa: PLC0415

    schemas = {name: _schema(name) for name in ("run", "result", "findings")}
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    return Draft202012Validator(schemas["run"], registry=registry)


def _schema(name: str) -> Any:  # noqa: ANN401 - a JSON Schema
    file = f"{name}.schema.json"
    return parse_json((data_dir("schemas") / file).read_bytes(), path=f"schemas/{file}")


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
