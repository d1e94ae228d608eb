"""
What the script of the page reads: what there is to choose from, and one row for each verdict.

It stands in the page as JSON, in small pieces, so that reading one never keeps the reader waiting. Nothing in it can
end the element that it stands in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from auditor.model.outcome import Outcome
from auditor.model.standing import Gating
from auditor.reporters import wording
from auditor.reporters.foreign_text import cut, visible
from auditor.reporters.html_page import Raw
from auditor.reporters.missing_facts import waits_on
from auditor.reporters.report_page.cards import STANDINGS, Kind

if TYPE_CHECKING:
    from auditor.findings.finding import Finding
    from auditor.model.standing import Standing
    from auditor.reporters.report_page.cards import Card
    from auditor.reporters.report_page.keys import Keys

GATINGS: Final = tuple(Gating)
_SEARCHED: Final = 600
"""Characters of a verdict in which a search looks, besides those of its policy and project."""


class Rows:
    """
    Makes the rows.

    Args:
        keys: What the rows name by number.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._policies = {policy: number for number, policy in enumerate(keys.policies)}
        self._owners = {owner: number for number, owner in enumerate(keys.owners)}

    def row(self, judged: Finding, shown: Card, standing: Standing | None) -> list[Any]:
        """Return kind, policy, owner, standing, missing facts, id and words of a verdict; -1 is none."""
        is_open = judged.verdict.outcome is Outcome.INCONCLUSIVE
        return [
            int(shown.kind),
            self._policies[judged.policy.id],
            self._owners.get(shown.owner, -1),
            -1 if standing is None else GATINGS.index(standing.gating),
            [self._keys.numbers[one] for one in waits_on(judged)] if is_open else [],
            shown.id,
            visible(cut(" ".join(filter(None, shown.words())), _SEARCHED)),
        ]


def choices(keys: Keys) -> Raw:
    """Return what the numbers in the rows stand for."""
    return embedded(
        {
            "kinds": [{"label": kind.label, "finding": kind <= Kind.INCONCLUSIVE} for kind in Kind],
            "standings": [{"key": one.value, "label": STANDINGS[one]} for one in GATINGS],
            "projects": [{"key": one.key, "label": visible(one.label)} for one in keys.projects],
            "owners": keys.owners,
            "gaps": [one.key for one in keys.gaps],
            "stages": keys.stages,
            "policies": [
                {
                    "key": policy.id,
                    "title": visible(wording.name(policy.title)),
                    "severity": policy.severity.value,
                    "rank": policy.severity.rank,
                    "areas": keys.areas_of(policy),
                    "stage": keys.stage_of(policy),
                    "words": visible(wording.name(" ".join(policy.controls))),
                }
                for policy in keys.policies.values()
            ],
        }
    )


def embedded(data: object) -> Raw:
    """Return JSON that can stand in an element ``script``: no tag and no comment begins or ends in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Raw(text.replace("<", "\\u003c"))
