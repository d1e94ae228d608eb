"""
Read the files that a gate looks at: accepted gaps, and known findings.

A file that cannot be read excuses nothing, and ends the run with 4: what it would have let through is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.model.errors import AuditorError
from auditor.usecases.load_files import regular_bytes
from auditor.usecases.shown_name import shown_name

if TYPE_CHECKING:
    from auditor.model.accepted import AcceptedGap
    from auditor.model.known import KnownFinding
    from auditor.usecases.gate_request import GateRequest


@dataclass(slots=True)
class GateInputs:
    """What was read, and what could not be."""

    accepted: tuple[AcceptedGap, ...] = ()
    known: tuple[KnownFinding, ...] | None = None
    """None where no file was named, or it cannot be used."""
    errors: list[tuple[str, AuditorError]] = field(default_factory=list)
    """Name of the file, and what is wrong with it."""
    files: list[Path] = field(default_factory=list)
    """What was read, and must not be written over."""


def read_gate_inputs(request: GateRequest) -> GateInputs:
    """Read the files that *request* names."""
    found = GateInputs()
    if request.accepted is not None:
        from auditor.sources.accepted_gaps import parse_accepted  # noqa: PLC0415 - few runs name one

        name, path = shown_name(request.accepted), Path(request.accepted)
        found.files.append(path)
        try:
            found.accepted = parse_accepted(regular_bytes(path, name), path=name)
        except AuditorError as error:
            found.errors.append((name, error))
    if request.known is not None:
        from auditor.sources.known_findings import parse_known  # noqa: PLC0415 - see above

        name, path = shown_name(request.known), Path(request.known)
        found.files.append(path)
        try:
            found.known = parse_known(regular_bytes(path, name), path=name)
        except AuditorError as error:
            found.errors.append((name, error))
    return found
