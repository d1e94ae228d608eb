"""
Judge what is there and say whether it may pass: what `auditor check` does.

The reports are written whatever the verdicts are, and the exit code is decided by the run alone: neither a
format nor a target that cannot be written turns a red run green.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from auditor.findings.gate import gate
from auditor.model.errors import ExitCode
from auditor.reporters.wording import counted
from auditor.usecases.judge_inputs import judge_inputs, with_config
from auditor.usecases.write_outputs import parse_outputs, refuse_overwriting, write_outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.findings.gate import Gate
    from auditor.model.severity import Severity
    from auditor.usecases.audience import Audience
    from auditor.usecases.judge_inputs import Request

DEFAULT_FORMAT: Final = "text"


def check_gate(
    request: Request, *, formats: Sequence[str], fail_on: Severity | None, audience: Audience
) -> ExitCode:
    """
    Judge, report and gate.

    Args:
        request: What to judge.
        formats: Reports to write, as ``-f`` takes them; empty for those of ``auditor.yaml``, else text.
        fail_on: The lowest severity that gates; None for never. ``auditor.yaml`` can only tighten it.
        audience: Told what is wrong first, then given the results, then told how it ended.

    Raises:
        UsageProblem: The request names something that there is not, or would overwrite what it judges.
        ConfigError: ``auditor.yaml`` would have reports written outside its folder.
    """
    request = with_config(request)
    if request.config is not None:
        asked, fail_on = fail_on, request.config.config.gate(fail_on)
        if fail_on is not asked:
            audience.note(f"{request.config.shown} tightens the gate to {fail_on}")
        formats = formats or request.config.formats()
    outputs = parse_outputs(formats or (DEFAULT_FORMAT,))
    tells_controls = any(output.reporter.shows_controls for output in outputs)
    judged = judge_inputs(replace(request, tells_controls=tells_controls))
    refuse_overwriting([output.file for output in outputs], judged.files)
    audience.errors(judged.errors)
    for note in judged.notes:
        audience.note(note)
    for result in judged.run.results:
        audience.detail(
            f"{result.snapshot_name}: {result.auditee}, captured {result.captured_at},"
            f" judged at {result.judged_at}, {result.snapshot_digest}"
        )
    unwritten = write_outputs(outputs, judged.run, judged.places, audience)
    audience.errors(unwritten)
    gated = gate(judged.run, fail_on)
    if gated.code is not ExitCode.OK:
        audience.note(_ending(gated, fail_on, judged.run.population.missing))
    if gated.code is ExitCode.OK and unwritten:
        return unwritten[0].exit_code
    return gated.code


def _ending(gated: Gate, fail_on: Severity | None, missing: Sequence[str]) -> str:
    found = f"{counted(len(gated.findings), 'finding')} at or over {fail_on}"
    if missing:
        found += f", {counted(len(missing), 'auditee')} not audited"
    reasons = {
        ExitCode.BAD_INPUT: "an input could not be read",
        ExitCode.NOTHING: "nothing was audited",
        ExitCode.POLICY_BROKE: f"a policy broke, {counted(len(gated.broken), 'verdict')}",
        ExitCode.GATED: found,
    }
    return f"exit {int(gated.code)}: {reasons[gated.code]}"
