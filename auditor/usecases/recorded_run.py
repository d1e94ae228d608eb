"""
Read one recorded run, and tell whether it is what was recorded.

A run is a file in the json format, as ``auditor check -f json=FILE`` writes it. Its documents are named by digest, so
a run that somebody altered is told from one that was recorded. What it says of itself is believed otherwise: it is
a file, and no ledger.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from auditor.documents.canonical import NotCanonicalError, digest
from auditor.documents.json import parse_json
from auditor.documents.limits import MAX_BYTES
from auditor.documents.pointer import join
from auditor.documents.tree import parse_tree
from auditor.facts.instants import parse_instant
from auditor.facts.violation import shown
from auditor.findings.recorded_shape import has_shape
from auditor.findings.recorded_sums import contradictions
from auditor.model.errors import AuditorError, ErrorGroup, InputError
from auditor.model.location import Location
from auditor.usecases.package_data import data_dir
from auditor.usecases.read_config import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    from auditor.documents.tree import Tree

_TOGETHER: Final = ("document", "findings_document", "places")
"""What an entry has all of, or nothing of."""
_MOST_FAULTS: Final = 5
"""Breaches of the schema that are named of one file: a file that is something else has hundreds."""


def recorded_run(path: Path, name: str) -> Tree | None:
    """
    Read a recorded run.

    Args:
        path: The file.
        name: As the user would type it.

    Returns:
        The run as JSON data; None for a document that says that it is something else.

    Raises:
        AuditorError: It cannot be read, or is a run that breaks the contract.
    """
    tree = parse_tree(_bytes(path, name), path=name)
    if not _is_run(tree.data):
        return None
    faults = list(_faults(tree))
    if faults:
        raise ErrorGroup(faults)
    return tree


def no_run(name: str) -> InputError:
    """Say that *name* is no recorded run."""
    hint = "name what 'auditor check -f json=FILE' wrote"
    return InputError(f"'{name}' is no recorded run", hint=hint, slug="past-run")


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


def _faults(tree: Tree) -> Iterator[AuditorError]:
    """Yield every breach of the contract, with its place: first of the schema, then of what it cannot say."""
    # The schemas say best what is wrong, and take minutes for a large run: they are asked where something may be.
    broken = [
        (join(*error.absolute_path), _in_words(error))
        for error in (() if has_shape(tree.data) else _validator().iter_errors(tree.data))
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
    altered = [
        fault
        for place, entry in enumerate(tree.data["results"])
        for fault in _altered(tree, place, entry)
    ]
    yield from altered
    yield from _astray(tree)
    if not altered and all("document" in entry for entry in tree.data["results"]):
        for pointer, message in contradictions(tree.data):
            yield _fault(tree, pointer, f"{pointer}: {message}")


def _in_words(error: ValidationError) -> str:
    """Say what a breach is; the validator's own words differ from release to release."""
    instance: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "required" | "dependentRequired" if isinstance(instance, dict):
            names = wanted if isinstance(wanted, list) else _TOGETHER
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


def _astray(tree: Tree) -> Iterator[AuditorError]:
    """Yield where a document names what the run does not have."""
    clauses = {policy["id"]: len(policy["clauses"]) for policy in tree.data["policies"]}
    seen: set[str] = set()
    for place, entry in enumerate(tree.data["results"]):
        if entry["auditee"] in seen:
            pointer = join("results", place, "auditee")
            yield _fault(tree, pointer, f"{pointer}: another entry is of the same auditee")
        seen.add(entry["auditee"])
        document = entry.get("document", {"verdicts": (), "out_of_period": ()})
        at = ("results", place, "document")
        for policy in document["out_of_period"]:
            if policy not in clauses:
                pointer = join(*at, "out_of_period", policy)
                yield _fault(tree, pointer, f"{pointer}: the run has no such policy")
        for number, verdict in enumerate(document["verdicts"]):
            count = clauses.get(verdict["policy"])
            if count is None:
                pointer = join(*at, "verdicts", number, "policy")
                yield _fault(tree, pointer, f"{pointer}: the run has no such policy")
            elif any(clause["clause"] >= count for clause in verdict["clauses"]):
                pointer = join(*at, "verdicts", number, "clauses")
                yield _fault(tree, pointer, f"{pointer}: the policy has fewer demands")


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
