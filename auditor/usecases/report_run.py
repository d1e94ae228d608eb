"""
Render a recorded run again: what `auditor report` does.

What was judged then is not judged again: every report says what the run said, byte for byte, whatever has become of
policies and snapshots since.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditor.documents.pointer import join
from auditor.findings.recorded_places import RecordedPlaces
from auditor.findings.recorded_results import run_of
from auditor.model.errors import ExitCode, InputError
from auditor.usecases.recorded_run import no_run, recorded_run
from auditor.usecases.shown_name import shown_name
from auditor.usecases.write_outputs import parse_outputs, refuse_overwriting, write_outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.usecases.audience import Audience


def report_run(typed: str, *, formats: Sequence[str], audience: Audience) -> ExitCode:
    """
    Render a recorded run.

    Args:
        typed: The file, as ``-f json=FILE`` wrote it.
        formats: Reports to write, as ``-f`` takes them.
        audience: Given the results.

    Raises:
        UsageProblem: A format does not exist, or a report would overwrite the run.
        AuditorError: The file cannot be read, is no recorded run, or was altered since.
    """
    outputs = parse_outputs(formats)
    path, name = Path(typed), shown_name(typed)
    refuse_overwriting([output.file for output in outputs], [path])
    tree = recorded_run(path, name)
    if tree is None:
        raise no_run(name)
    entries = tree.data["results"]
    for place, entry in enumerate(entries):
        if "document" not in entry:
            pointer = join("results", place)
            msg = f"'{name}' is the head of a run alone: its documents are not in it"
            raise InputError(
                msg,
                hint="name what 'auditor check -f json=FILE' wrote",
                location=tree.locate([pointer]).get(pointer),
                slug="past-run",
            )
    places = RecordedPlaces({entry["auditee"]: entry["places"] for entry in entries})
    unwritten = write_outputs(outputs, run_of(tree.data), places, audience)
    audience.errors(unwritten)
    return unwritten[0].exit_code if unwritten else ExitCode.OK
