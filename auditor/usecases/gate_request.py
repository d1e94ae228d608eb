"""
What is asked for at the gate: by the command line, the profile and the ``auditor.yaml`` of what is judged.

The command line wins over the profile, setting by setting. Then comes ``auditor.yaml``, which those write who are
judged: it can only tighten. The table in docs/gate.md has a row for each case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.findings.gate_rules import NEVER, Allowance, MinScore, Rules, Threshold
from auditor.model.errors import UsageProblem, did_you_mean
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.sources.profile import ProfileGate
    from auditor.usecases.read_config import FoundConfig

_SEVERITIES: Final = tuple(severity.value for severity in Severity)
_COUNT: Final = re.compile(r"\d{1,6}", re.ASCII)
_ONE: Final = "leave one of them out"
_PERCENT: Final = re.compile(r"(\d{1,2}(?:\.\d)?|100(?:\.0)?) ?%?", re.ASCII)


@dataclass(frozen=True, slots=True)
class GateRequest:
    """What the command line asks for at the gate."""

    thresholds: tuple[tuple[str | None, Severity | None], ...] = ()
    """By pack, None for all packs; a severity of None is ``never``. Each pack once."""
    allowances: tuple[Allowance, ...] = ()
    min_score: float | None = None
    accepted: str | None = None
    """File of accepted gaps, as typed."""
    known: str | None = None
    """File of known findings, as typed."""
    new_since: str | None = None
    """Revision of git."""


def parse_fail_on(texts: Iterable[str]) -> tuple[tuple[str | None, Severity | None], ...]:
    """
    Read every ``--fail-on [PACK=]SEVERITY``.

    Raises:
        UsageProblem: One is none, or two are for the same packs.
    """
    found: dict[str | None, Severity | None] = {}
    for text in texts:
        before, equals, severity = text.rpartition("=")
        pack = before if equals else None
        if severity not in (*_SEVERITIES, NEVER) or pack == "":
            msg = f"'--fail-on {text}' names no severity"
            if pack == "":
                msg = f"'--fail-on {text}' names no pack before the '='"
            raise UsageProblem(msg, hint=did_you_mean(severity, (*_SEVERITIES, NEVER)))
        if pack in found:
            msg = _twice("--fail-on", "all packs" if pack is None else f"the pack '{pack}'")
            raise UsageProblem(msg, hint=_ONE)
        found[pack] = None if severity == NEVER else Severity(severity)
    return tuple(found.items())


def parse_at_most(texts: Iterable[str]) -> tuple[Allowance, ...]:
    """
    Read every ``--at-most [PACK/]SEVERITY=N``.

    Raises:
        UsageProblem: One is none, or two are for the same findings.
    """
    found: dict[tuple[str | None, Severity], Allowance] = {}
    for text in texts:
        what, equals, count = text.rpartition("=")
        before, slash, severity = what.rpartition("/")
        pack = before if slash else None
        if not equals or not _COUNT.fullmatch(count):
            msg = f"'--at-most {text}' names no number"
            raise UsageProblem(msg, hint="write it like high=3 or seef/high=3")
        if severity not in _SEVERITIES or pack == "":
            msg = f"'--at-most {text}' names no severity"
            raise UsageProblem(msg, hint=did_you_mean(severity, _SEVERITIES))
        key = pack, Severity(severity)
        if key in found:
            msg = _twice("--at-most", f"'{what}'")
            raise UsageProblem(msg, hint=_ONE)
        by = f"the command line (--at-most {text})"
        found[key] = Allowance(Severity(severity), int(count), pack, by)
    return tuple(found.values())


def parse_min_score(text: str) -> float:
    """
    Read ``--min-score PERCENT``.

    Raises:
        UsageProblem: It is no percentage that a score can be.
    """
    match = _PERCENT.fullmatch(text)
    if match is None:
        msg = f"'{text}' is no score for --min-score"
        raise UsageProblem(msg, hint="write a percentage from 0 to 100, like 80 or 79.5")
    return float(match[1])


def rules_of(
    request: GateRequest, profile: ProfileGate | None, config: FoundConfig | None
) -> Rules:
    """Return what a run is held against."""
    plain, packs = _thresholds(request, profile)
    minimum = _min_score(request, profile)
    if config is not None:
        own, by = config.config, config.shown
        tightest = Threshold(own.gate(None), by)
        plain = plain.stricter(tightest)
        packs = {pack: one.stricter(tightest) for pack, one in packs.items()}
        for pack, severity in own.fail_on_packs.items():
            packs[pack] = packs.get(pack, plain).stricter(Threshold(severity, by))
        if own.min_score is not None and (minimum is None or own.min_score > minimum.percent):
            minimum = MinScore(own.min_score, by)
    return Rules(plain, packs, _allowances(request, profile), minimum)


def _thresholds(
    request: GateRequest, profile: ProfileGate | None
) -> tuple[Threshold, dict[str, Threshold]]:
    plain, packs = Threshold(), dict[str, Threshold]()
    if profile is not None:
        by = _by(profile)
        if profile.fail_on is not None:
            plain = Threshold(_severity(profile.fail_on), by)
        packs = {pack: Threshold(_severity(one), by) for pack, one in profile.packs.items()}
    typed = dict(request.thresholds)
    if None in typed:
        # What is asked for all packs is meant for those as well of which the profile speaks.
        packs = {}
    for pack, severity in typed.items():
        shown = NEVER if severity is None else severity.value
        option = shown if pack is None else f"{pack}={shown}"
        one = Threshold(severity, f"the command line (--fail-on {option})")
        if pack is None:
            plain = one
        else:
            packs[pack] = one
    return plain, packs


def _allowances(request: GateRequest, profile: ProfileGate | None) -> tuple[Allowance, ...]:
    at_most = {} if profile is None else profile.at_most
    typed = {(one.pack, one.severity) for one in request.allowances}
    kept = [
        one
        for one in _of_profile(at_most, "" if profile is None else _by(profile))
        if not typed.intersection({(one.pack, one.severity), (None, one.severity)})
    ]
    return (*request.allowances, *kept)


def _of_profile(at_most: Mapping[str, int], by: str) -> Iterable[Allowance]:
    for key, most in at_most.items():
        pack, _, severity = key.rpartition("/")
        yield Allowance(Severity(severity), most, pack or None, by)


def _min_score(request: GateRequest, profile: ProfileGate | None) -> MinScore | None:
    others = None if profile is None else profile.min_score
    if request.min_score is not None:
        by = f"the command line (--min-score {request.min_score:g})"
        return MinScore(request.min_score, by, instead_of=others)
    if profile is None or others is None:
        return None
    return MinScore(others, _by(profile))


def _by(profile: ProfileGate) -> str:
    because = profile.because
    return f"{because.by} on {because.on}: {because.reason} <{profile.node.location}>"


def _severity(text: str) -> Severity | None:
    return None if text == NEVER else Severity(text)


def _twice(option: str, what: str) -> str:
    return f"{option} is given twice for {what}"
