"""
Judge what is there and say whether it may pass: what `auditor check` does.

The reports are written whatever the verdicts are, and the exit code is decided by the run alone: neither a
format nor a target that cannot be written turns a red run green.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from auditor.findings.gate import held
from auditor.findings.gate_rules import NEVER, Rules, Threshold
from auditor.model.errors import ExitCode
from auditor.reporters.verdict_lines import judged_lines
from auditor.usecases.judge_inputs import judge_inputs, with_config
from auditor.usecases.onlooker import Onlooker
from auditor.usecases.write_outputs import parse_outputs, refuse_overwriting, write_outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.model.severity import Severity
    from auditor.model.standing import GateSummary
    from auditor.usecases.audience import Audience
    from auditor.usecases.judge_inputs import Request
    from auditor.usecases.onlooker import Timings

DEFAULT_FORMAT: Final = "text"


def check_gate(
    request: Request,
    *,
    formats: Sequence[str],
    fail_on: Severity | None,
    audience: Audience,
    timings: Timings | None = None,
) -> ExitCode:
    """
    Judge, report and gate.

    Args:
        request: What to judge.
        formats: Reports to write, as ``-f`` takes them; empty for those of ``auditor.yaml``, else text.
        fail_on: The lowest severity that gates; None for never. ``auditor.yaml`` can only tighten it.
        audience: Told what is wrong first, then given the results, then told how it ended.
        timings: Is told how long each policy and each part takes; None where nobody asks.

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
    rules = Rules(Threshold(fail_on, f"the command line (--fail-on {fail_on or NEVER})"))
    for text in rules.relaxed():
        audience.note(text)
    onlooker = Onlooker(audience.progress, timings)
    judged = judge_inputs(replace(request, tells_controls=tells_controls), onlooker)
    refuse_overwriting([output.file for output in outputs], judged.files)
    audience.errors(judged.errors)
    for note in judged.notes:
        audience.note(note)
    audience.details(judged_lines(judged.run))
    run, gate = held(judged.run, rules)
    unwritten = write_outputs(outputs, run, judged.places, audience, onlooker)
    audience.errors(unwritten)
    code = ExitCode(gate.code)
    if code is ExitCode.OK:
        return unwritten[0].exit_code if unwritten else code
    audience.note(_ending(gate))
    return code


def _ending(gate: GateSummary) -> str:
    return f"exit {gate.code}: {', '.join(gate.reasons)}"
