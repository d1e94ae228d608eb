"""
A run as SARIF 2.1.0, for archives and for sites that show findings beside the lines of a repository.

Profile ``archive`` holds everything: each verdict is a result, passes included, and what somebody accepted or knows is
marked as suppressed. Profile ``upload`` is for GitHub's code scanning, which shows every result that it is given, ignores
suppressions and refuses what is too large: it holds the findings that count, each at a place, the worst first.

Source: SARIF 2.1.0; GitHub's "SARIF support for code scanning" for the limits.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from auditor.findings.finding import Finding, findings
from auditor.model.outcome import Outcome
from auditor.reporters import wording
from auditor.reporters.foreign_text import cut, visible
from auditor.reporters.gate_words import sorted_out
from auditor.reporters.remarks import Fingerprints, Remarks, demands, statements, trouble_statements
from auditor.reporters.sarif_log import (
    COLUMNS,
    SOURCE_ROOT,
    Notice,
    driver,
    notice,
    parts,
    place,
    text,
)
from auditor.reporters.sarif_results import FINGERPRINT, verdict_results
from auditor.reporters.sarif_rules import LEVELS, policy_rule, taxonomies, trouble_rule
from auditor.reporters.troubles import TITLES, troubles
from auditor.reporters.wording import counted, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditor.model.run import Places, Run
    from auditor.reporters.remarks import Remark

UPLOAD: Final = "upload"
MOST_RESULTS: Final = 25_000
"""Results of one run that GitHub takes; with one more it refuses the log."""

_MESSAGE: Final = 600
"""Characters of an uploaded message: the most results of that length stay under the 10 MB that GitHub takes."""
_TITLE: Final = 100
_LINE_HASH: Final = "primaryLocationLineHash"
"""
What GitHub knows a result by. Where a log has none, its uploader fills in a digest of the line; then all findings of a policy on one
line would be one.
"""


class SarifReporter:
    """Renders a run as a SARIF log."""

    media_type = "application/sarif+json"
    suffix = ".sarif"
    profiles: tuple[str, ...] = ("archive", UPLOAD)
    shows_controls = True

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per result."""
        del colour
        if profile == UPLOAD:
            yield from _upload(run, Remarks(run, places))
        else:
            yield from _archive(run, places)


def _archive(run: Run, places: Places) -> Iterator[bytes]:
    frameworks, taxa = taxonomies(run)
    rules = [policy_rule(policy, taxa, run) for policy in run.policies]
    known = {policy.id: (index, policy) for index, policy in enumerate(run.policies)}
    names = Fingerprints()
    results = (
        one for result in run.results for one in verdict_results(run, result, places, known, names)
    )
    head = _head(run, rules)
    if frameworks:
        head["taxonomies"] = frameworks
    yield from parts(head, results)


def _upload(run: Run, remarks: Remarks) -> Iterator[bytes]:
    kinds = [kind for kind in TITLES if any(one.kind == kind for one in troubles(run))]
    rules = [
        *(policy_rule(policy, {}, run) for policy in run.policies),
        *(trouble_rule(kind) for kind in kinds),
    ]
    positions = {rule["id"]: index for index, rule in enumerate(rules)}
    results = (_uploaded(one, remarks, positions) for one in islice(remarks, MOST_RESULTS))
    notes = [
        f"{counted(count, 'finding')} not shown here: {gating.value}."
        for gating, count in sorted(remarks.left_out.items())
    ]
    if len(remarks) > MOST_RESULTS:
        notes.append(
            f"{len(remarks) - MOST_RESULTS} more findings not shown here: a log for GitHub holds"
            f" {MOST_RESULTS}, and these weigh least."
        )
    yield from parts(_head(run, rules, notes), results)


def _head(run: Run, rules: list[dict[str, Any]], notes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what is said before the results: the tool, what every report opens with, and how the run went."""
    about: dict[str, Any] = {"relaxed": [visible(sentence(one)) for one in run.relaxed]}
    about |= {label.lower(): visible(told) for label, told in wording.opening(run)}
    about["engine"] = visible(wording.name(run.engine))
    if run.as_of is not None:
        about["asOf"] = run.as_of
    if run.period is not None:
        about["period"] = list(run.period)
    if run.profile is not None:
        about["profile"] = visible(wording.name(f"{run.profile.id} {run.profile.version}"))
    if run.gate is not None:
        about["gate"] = {
            "exitCode": run.gate.code,
            "rules": [visible(sentence(one)) for one in run.gate.rules],
            "reasons": [visible(sentence(one)) for one in run.gate.reasons],
            "against": visible(wording.name(run.gate.against)) if run.gate.against else None,
            **{key: len(every) for key, _, every in sorted_out(run.gate)},
        }
    return {
        "tool": {"driver": driver(rules)},
        "automationDetails": {"id": "auditor/check/"},
        "columnKind": COLUMNS,
        "originalUriBaseIds": {
            SOURCE_ROOT: {"description": {"text": "The folder in which the audit was started."}}
        },
        "properties": about,
        "invocations": [_invocation(run, notes)],
    }


def _invocation(run: Run, notes: Sequence[str]) -> dict[str, Any]:
    """Return how the run went; what kept it from looking at everything makes it unsuccessful."""
    wrong = [
        notice(Notice(" ".join(trouble_statements(one)), one.location)) for one in troubles(run)
    ]
    broken: dict[str, int] = {}
    for one in findings(run):
        if one.verdict.outcome is not Outcome.ERROR:
            break  # they are first
        broken[one.policy.id] = broken.get(one.policy.id, 0) + 1
    for policy, count in broken.items():
        message = f"The policy {policy} broke in {counted(count, 'verdict')}."
        wrong.append(notice(Notice(message, None)) | {"associatedRule": {"id": policy}})
    found: dict[str, Any] = {"executionSuccessful": not wrong}
    if run.gate is not None:
        found["exitCode"] = run.gate.code
        if run.gate.reasons:
            found["exitCodeDescription"] = visible("; ".join(map(sentence, run.gate.reasons)))
    told = [
        *(f"Not used: {wording.name(one.name)}: {sentence(one.reason)}" for one in run.not_used),
        *notes,
    ]
    wrong += [notice(Notice(one, None), "note") for one in told]
    if wrong:
        found["toolExecutionNotifications"] = wrong
    if run.relaxed:
        found["toolConfigurationNotifications"] = [
            notice(Notice(sentence(one), None), "note") for one in run.relaxed
        ]
    return found


def _uploaded(remark: Remark, remarks: Remarks, positions: Mapping[str, int]) -> dict[str, Any]:
    about = remark.about
    if isinstance(about, Finding):
        rule, level = about.policy.id, LEVELS[about.policy.severity]
        located = remarks.places.of(about)
        said = statements(about.result, about.verdict, about.policy, located)
        related = [
            place(spot) | {"id": number, "message": text(f"Required: {cut(that, _TITLE)}")}
            for number, (that, spot) in enumerate(demands(about.policy, about.verdict), start=1)
        ]
    else:
        rule, level = f"auditor/{about.kind}", "error"
        said, related = trouble_statements(about), []
    shown = {
        "ruleId": rule,
        "ruleIndex": positions[rule],
        "level": level,
        "message": text(cut(" ".join(said), _MESSAGE)),
        "locations": [place(remark.location, base=SOURCE_ROOT)],
        "partialFingerprints": {
            FINGERPRINT: remark.fingerprint,
            _LINE_HASH: f"{remark.fingerprint[:32]}:1",
        },
    }
    return shown | ({"relatedLocations": related} if related else {})
