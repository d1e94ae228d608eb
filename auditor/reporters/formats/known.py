"""
The findings of a run, to be known the next time: ``auditor check --known FILE`` lets them be.

One line per finding, sorted, each in its canonical form: so a change to the file reads well, and two branches that
change different findings merge. What it holds of a finding is what makes it the same one, and digests of what makes it
the same still; neither an instant nor a place is in it, so the file changes only with the findings. It lists fails and
verdicts that could not be decided. A policy that broke is nothing that one could know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.documents.canonical import canonical
from auditor.findings.known import known_findings, together
from auditor.model.known import KNOWN_SCHEMA_VERSION
from auditor.reporters.foreign_text import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.model.known import KnownFinding
    from auditor.model.run import Places, Run


class KnownReporter:
    """
    Renders the findings of a run as ones that are known. Schema: ``known``.

    Args:
        kept: What is known of auditees and policies that the run did not judge, and is to stay in the file.
    """

    media_type = "application/json"
    suffix = ".json"
    profiles: tuple[str, ...] = ()
    shows_controls = False

    def __init__(self, kept: tuple[KnownFinding, ...] = ()) -> None:
        self._kept = kept

    def keeping(self, kept: tuple[KnownFinding, ...]) -> KnownReporter:
        """Return one that writes *kept* as well."""
        return KnownReporter(kept)

    def render(
        self, run: Run, places: Places, *, profile: str | None, colour: bool
    ) -> Iterator[bytes]:
        """Render *run*, one piece per finding."""
        del places, profile, colour
        yield b'{"findings":['
        separator = b"\n"
        for one in together(known_findings(run), self._kept):
            yield separator + canonical(_tree(one))
            separator = b",\n"
        yield b"\n],"
        head = canonical({"schema": {"name": "known", "version": KNOWN_SCHEMA_VERSION}})
        yield head.removeprefix(b"{") + b"\n"


def _tree(one: KnownFinding) -> dict[str, str]:
    tree = {
        "auditee": one.auditee,
        "policy": one.policy,
        "subject": one.subject,
        "outcome": one.outcome.value,
        "rules": one.rules,
        "facts": one.facts,
        "message": one.message,
    }
    return {key: encodable(text) for key, text in tree.items()}
