"""
Judge what is there and say whether it may pass: what `auditor check` does.

The reports are written whatever the verdicts are, and the exit code is decided by the run alone: neither a
format nor a target that cannot be written turns a red run green.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.findings.accepted import Acceptance, accepted
from auditor.findings.earlier import with_earlier
from auditor.findings.gate import held
from auditor.findings.known import compare
from auditor.model.errors import ConfigError, ExitCode, UsageProblem, did_you_mean
from auditor.reporters.contract import KnownWriter
from auditor.reporters.verdict_lines import judged_lines
from auditor.usecases.gate_inputs import read_gate_inputs
from auditor.usecases.gate_request import rules_of
from auditor.usecases.judge_inputs import judge_inputs, policy_folders, problems_of, with_config
from auditor.usecases.onlooker import Onlooker
from auditor.usecases.shown_name import shown_name
from auditor.usecases.write_outputs import (
    STDOUT,
    parse_outputs,
    refuse_overwriting,
    write_outputs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.findings.gate_rules import Rules
    from auditor.findings.known import Comparison
    from auditor.model.run import Run
    from auditor.model.standing import GateSummary
    from auditor.usecases.audience import Audience
    from auditor.usecases.gate_inputs import GateInputs
    from auditor.usecases.gate_request import GateRequest
    from auditor.usecases.judge_inputs import Judged, Request
    from auditor.usecases.onlooker import Timings
    from auditor.usecases.read_organisation import Organisation
    from auditor.usecases.write_outputs import Output

DEFAULT_FORMAT: Final = "text"


def check_gate(
    request: Request,
    *,
    formats: Sequence[str],
    gate: GateRequest,
    audience: Audience,
    timings: Timings | None = None,
) -> ExitCode:
    """
    Judge, report and gate.

    Args:
        request: What to judge.
        formats: Reports to write, as ``-f`` takes them; empty for those of ``auditor.yaml``, else text.
        gate: What the command line asks for at the gate. ``auditor.yaml`` can only tighten it.
        audience: Told what was relaxed and what is wrong first, then given the results, then told how it ended.
        timings: Is told how long each policy and each part takes; None where nobody asks.

    Raises:
        UsageProblem: The request names something that there is not, or would overwrite what it judges.
        ConfigError: ``auditor.yaml`` would have reports written where it must not, or known findings.
        AuditorError: A file of known findings that is to be brought up to date cannot be used.
    """
    if gate.known is not None and gate.new_since is not None:
        msg = "--known and --new-since both say what is not new, and could say different things"
        raise UsageProblem(msg, hint="leave one of them out")
    request = with_config(request)
    asked = request.config.formats() if request.config is not None and not formats else ()
    outputs = parse_outputs(formats or asked or (DEFAULT_FORMAT,))
    if request.config is not None and asked:
        _refuse_known(outputs, request.config.shown)
    given = read_gate_inputs(gate)
    renewed = [one for one in outputs if _renews(one, gate)]
    if renewed and given.known is None:
        raise next(error for name, error in given.errors if name == shown_name(gate.known or ""))

    def before(organisation: Organisation) -> None:
        rules = _rules(request, gate, organisation)
        for text in (*rules.relaxed(), *_relaxed(gate, organisation)):
            audience.note(text)
        if request.config is not None:
            for text in rules.set_by(request.config.shown):
                audience.note(f"{request.config.shown} tightens the gate to {text}")

    tells_controls = any(output.reporter.shows_controls for output in outputs)
    onlooker = Onlooker(audience.progress, timings)
    judged = judge_inputs(replace(request, tells_controls=tells_controls), onlooker, before=before)
    written = [output.file for output in outputs if output not in renewed]
    configs = [request.config.file] if request.config is not None else []
    folders = [folder.path for folder in policy_folders(request)]
    refuse_overwriting(written, (*judged.files, *given.files, *configs), folders)
    rules = _rules(request, gate, judged.organisation)
    _refuse_unknown_packs(gate, rules, judged)
    audience.errors((*judged.errors, *(error for _, error in given.errors)))
    for note in judged.notes:
        audience.note(note)
    audience.details(judged_lines(judged.run))
    comparison = _compared(request, gate, given, judged.run, audience)
    run, summary = _held(rules, gate, given, judged, comparison)
    if comparison is not None:
        audience.note(comparison.told())
        outputs = tuple(_keeping(output, comparison) for output in outputs)
    unwritten = write_outputs(outputs, run, judged.places, audience, onlooker)
    audience.errors(unwritten)
    code = ExitCode(summary.code)
    if code is ExitCode.OK:
        return unwritten[0].exit_code if unwritten else code
    audience.note(_ending(summary))
    return code


def _rules(request: Request, gate: GateRequest, organisation: Organisation) -> Rules:
    profile = organisation.profile
    return rules_of(gate, profile.profile.gate if profile else None, request.config)


def _held(
    rules: Rules,
    gate: GateRequest,
    given: GateInputs,
    judged: Judged,
    comparison: Comparison | None,
) -> tuple[Run, GateSummary]:
    """Hold the run against everything that was asked for, and tell in it what was relaxed."""
    organisation = judged.organisation
    run, profile = judged.run, organisation.profile
    if organisation.audits is not None:
        run = with_earlier(run, [past.tree for past in organisation.audits.runs])
    gaps = (*given.accepted, *(profile.profile.accepted_gaps if profile else ()))
    acceptance = accepted(run, gaps) if gaps else Acceptance({}, (), ())
    run = replace(
        run,
        problems=(*run.problems, *problems_of(given.errors)),
        not_used=(*run.not_used, *acceptance.not_used),
        relaxed=(*_relaxed_by(gate), *acceptance.relaxed, *run.relaxed),
    )
    # What somebody accepted by name says more than that it was there before.
    excused = {**(comparison.standings if comparison else {}), **acceptance.standings}
    return held(
        run,
        rules,
        excused=excused,
        against=comparison.against if comparison else None,
        gone=comparison.gone if comparison else (),
        told=(comparison.told(),) if comparison else (),
    )


def _compared(
    request: Request, gate: GateRequest, given: GateInputs, run: Run, audience: Audience
) -> Comparison | None:
    """Hold the run against what is known; None where nothing was named, or it cannot be used."""
    if gate.known is not None:
        known = given.known
        return None if known is None else compare(run, known, shown_name(gate.known))
    if gate.new_since is not None:
        from auditor.usecases.known_since import known_since  # noqa: PLC0415 - few runs ask for it

        since = known_since(request, gate.new_since, run)
        for note in since.notes:
            audience.note(note)
        return compare(run, since.known, since.against)
    return None


def _relaxed(gate: GateRequest, organisation: Organisation) -> Iterator[str]:
    """Say beforehand what may be let be; which gaps are, shows when everything is judged."""
    yield from _relaxed_by(gate)
    profile = organisation.profile
    if profile is not None and profile.profile.accepted_gaps:
        yield f"relaxed: missing facts may be accepted, by the profile {profile.shown}"
    if gate.accepted is not None:
        name = shown_name(gate.accepted)
        yield f"relaxed: missing facts may be accepted, by the command line (--accepted {name})"


def _relaxed_by(gate: GateRequest) -> Iterator[str]:
    if gate.known is not None:
        option = f"--known {shown_name(gate.known)}"
        yield f"relaxed: findings that are known and unchanged do not gate, by the command line ({option})"
    if gate.new_since is not None:
        option = f"--new-since {gate.new_since}"
        yield f"relaxed: findings that were there before and are unchanged do not gate, by the command line ({option})"


def _refuse_unknown_packs(gate: GateRequest, rules: Rules, judged: Judged) -> None:
    """Refuse a rule for a pack that is not there: the run would not be held against what somebody meant."""
    typed = {pack for pack, _ in gate.thresholds} | {one.pack for one in gate.allowances}
    if judged.run.problems:
        return  # it may be the one that cannot be read
    for pack in sorted({*rules.packs, *(one.pack or "" for one in rules.at_most)} - {""}):
        if pack not in judged.packs and pack in typed:
            msg = f"no policy of a pack '{pack}' is judged, and the gate speaks of it"
            raise UsageProblem(msg, hint=did_you_mean(pack, judged.packs))


def _refuse_known(outputs: Sequence[Output], config: str) -> None:
    """Refuse an ``auditor.yaml`` that would let its own findings be known: the next run would be green."""
    for output in outputs:
        if isinstance(output.reporter, KnownWriter):
            msg = f"{config} asks for the format {output.format}: those who are judged do not say what is known"
            raise ConfigError(msg, hint=f"name it on the command line: -f {output.format}=FILE")


def _renews(output: Output, gate: GateRequest) -> bool:
    """Tell whether an output brings the file of known findings up to date that the run is held against."""
    return (
        isinstance(output.reporter, KnownWriter)
        and gate.known is not None
        and output.file != STDOUT
        and Path(output.file).resolve() == Path(gate.known).resolve()
    )


def _keeping(output: Output, comparison: Comparison) -> Output:
    if not isinstance(output.reporter, KnownWriter):
        return output
    return replace(output, reporter=output.reporter.keeping(comparison.kept))


def _ending(gate: GateSummary) -> str:
    return f"exit {gate.code}: {', '.join(gate.reasons)}"
