"""
A run as GitLab's Code Quality report, which a merge request compares with that of its target branch.

GitLab reads an array of findings and nothing else. It stops at the first that is not as it expects, keeps one of two with the
same fingerprint, and knows no state: so each is made the same way, no two are alike, and what somebody accepted or
knows is counted in one entry instead of being shown as open.

Source: GitLab, "Code Quality report format".
"""

from __future__ import annotations

import json
import posixpath
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from auditor.findings.finding import Finding
from auditor.model.location import Location
from auditor.model.severity import Severity
from auditor.model.standing import Gating
from auditor.reporters.foreign_text import cut, flowing, json_inert
from auditor.reporters.gate_words import standing_words
from auditor.reporters.remarks import Remarks, demands, statements, trouble_statements
from auditor.reporters.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.run import Places, Run
    from auditor.reporters.remarks import Remark

_SEVERITIES: Final = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}
_TEXT: Final = 1_000
_PATH: Final = 1_000


class GitLabReporter:
    """Renders a run for GitLab's merge requests."""

    media_type = "application/json"
    suffix = ".json"
    profiles: tuple[str, ...] = ()
    shows_controls = False

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per finding."""
        del profile, colour
        yield b"["
        separator = "\n"
        for entry in _entries(Remarks(run, places)):
            shown = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
            yield f"{separator}{json_inert(shown)}".encode()
            separator = ",\n"
        yield b"\n]\n"


def _entries(remarks: Remarks) -> Iterator[dict[str, Any]]:
    for remark in remarks:
        yield _entry(
            " ".join(_said(remark, remarks)), _check(remark), remark.fingerprint, _severity(remark),
            remark.location,
        )  # fmt: skip
    if remarks.left_out:
        kinds = " and ".join(
            f"{counted(count, 'finding')} {gating.value}"
            for gating, count in sorted(remarks.left_out.items())
        )
        # The same name whatever the number is: a merge request does not show it as new.
        name = sha256(b"auditor/not-shown").hexdigest()
        place = Location(remarks.first_file(), 1)
        yield _entry(f"Not shown here: {kinds}.", "auditor/not-shown", name, "info", place)


def _entry(
    description: str, check: str, fingerprint: str, severity: str, place: Location
) -> dict[str, Any]:
    return {
        "description": flowing(cut(description, _TEXT)),
        "check_name": flowing(check),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": flowing(posixpath.normpath(place.path[:_PATH])),
            "lines": {"begin": place.line},
        },
    }


def _check(remark: Remark) -> str:
    about = remark.about
    return about.policy.id if isinstance(about, Finding) else f"auditor/{about.kind}"


def _severity(remark: Remark) -> str:
    about = remark.about
    return _SEVERITIES[about.policy.severity] if isinstance(about, Finding) else "blocker"


def _said(remark: Remark, remarks: Remarks) -> Iterator[str]:
    about = remark.about
    if not isinstance(about, Finding):
        yield from trouble_statements(about)
        return
    if remark.standing is not None and remark.standing.gating is not Gating.COUNTS:
        yield f"({standing_words(remark.standing)})"
    yield from statements(about.result, about.verdict, about.policy, remarks.places.of(about))
    for _, spot in demands(about.policy, about.verdict):
        yield f"Required at {spot}."
