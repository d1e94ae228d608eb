"""
The policies of a run as the rules of a SARIF log, and the frameworks that demand them as its taxonomies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from auditor.findings.changes import told
from auditor.model.severity import Severity
from auditor.reporters.foreign_text import visible
from auditor.reporters.markdown_text import inline
from auditor.reporters.sarif_log import text
from auditor.reporters.troubles import REMEDIES, TITLES
from auditor.reporters.wording import listed, name, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Control, Run
    from auditor.reporters.sarif_log import Level

LEVELS: Final[dict[Severity, Level]] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
"""SARIF has three levels and we have four severities: the tags of a rule tell critical from high."""

_TAGS: Final = 10
"""Tags of a rule that GitHub shows; of twice as many it refuses the whole log."""
_TAG: Final = 100
_LONG: Final = 4_000


def policy_rule(
    policy: PolicySummary, taxa: dict[str, tuple[int, int]], run: Run
) -> dict[str, Any]:
    """
    Return the rule that a policy is.

    Args:
        policy: The policy.
        taxa: Of each control its taxonomy and its position there.
        run: What it was used for.
    """
    changes = [told(change) for change in policy.changes]
    rule: dict[str, Any] = {
        "id": policy.id,
        "shortDescription": text(sentence(policy.title)),
        "fullDescription": text(sentence(policy.why)),
        "help": {
            "text": visible("\n".join(_help(policy, changes))),
            "markdown": "\n\n".join(_help_markdown(policy, changes)),
        },
        "defaultConfiguration": {"level": LEVELS[policy.severity]},
        "properties": {
            "tags": _tags(policy),
            "pack": policy.pack,
            "severity": policy.severity.value,
            "digest": policy.digest,
        },
    }
    relationships = [
        {
            "target": {
                "id": _identifier(control),
                "index": taxa[control][1],
                "toolComponent": {
                    "name": run.frameworks[taxa[control][0]].id,
                    "index": taxa[control][0],
                },
            },
            "kinds": ["relevant"],
        }
        for control in policy.controls
        if control in taxa
    ]
    return rule | ({"relationships": relationships} if relationships else {})


def trouble_rule(kind: str) -> dict[str, Any]:
    """Return the rule for something that no verdict tells."""
    title, remedy = text(TITLES[kind]), text(REMEDIES[kind])
    return {
        "id": f"auditor/{kind}",
        "shortDescription": title,
        "fullDescription": text(f"{TITLES[kind]}: what follows from it is not known."),
        "help": remedy | {"markdown": REMEDIES[kind]},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["severity/critical"]},
    }


def taxonomies(run: Run) -> tuple[list[dict[str, Any]], dict[str, tuple[int, int]]]:
    """
    Return the frameworks of a run, with those of their controls that its policies are about.

    Returns:
        The taxonomies, in the order of ``run.frameworks``; and of each control its taxonomy and its position there.
    """
    found: list[dict[str, Any]] = []
    taxa: dict[str, tuple[int, int]] = {}
    for index, framework in enumerate(run.frameworks):
        controls = [one for one in run.controls if one.framework == framework.id]
        taxa |= {one.id: (index, position) for position, one in enumerate(controls)}
        found.append(
            {
                "name": framework.id,
                "version": framework.version,
                "releaseDateUtc": framework.date,
                "shortDescription": text(f"Controls of the framework {name(framework.id)}"),
                "isComprehensive": False,
                "taxa": [_taxon(one) for one in controls],
            }
        )
    return found, taxa


def _taxon(control: Control) -> dict[str, Any]:
    taxon: dict[str, Any] = {"id": _identifier(control.id)}
    if control.area:
        taxon["shortDescription"] = text(name(control.area))
    if control.rule:
        taxon["fullDescription"] = text(sentence(control.rule))
    stage = {"stage": control.stage} if control.stage else {}
    return taxon | {"properties": {"state": control.state} | stage}


def _identifier(control: str) -> str:
    return visible(name(control))


def _tags(policy: PolicySummary) -> list[str]:
    tags = [f"severity/{policy.severity.value}", policy.pack, *policy.controls]
    return list(dict.fromkeys(visible(tag[:_TAG]) for tag in tags if tag))[:_TAGS]


def _help(policy: PolicySummary, changes: Sequence[str]) -> list[str]:
    controls = listed(policy.controls, _TAGS)
    return [
        sentence(policy.title),
        f"Why: {sentence(policy.why)}",
        f"Fix: {sentence(policy.fix)}",
        f"Severity: {policy.severity.value}. Pack: {policy.pack}. Controls: {controls or 'none'}.",
        *(f"Changed: {sentence(change)}" for change in changes),
        *(
            f"Required: {name(clause.that)} ({name(str(clause.location))})"
            for clause in policy.clauses
        ),
    ]


def _help_markdown(policy: PolicySummary, changes: Sequence[str]) -> list[str]:
    def shown(words: str) -> str:
        return inline(words, _LONG)

    controls = listed(policy.controls, _TAGS)
    return [
        f"**{shown(sentence(policy.title))}**",
        f"**Why:** {shown(sentence(policy.why))}",
        f"**Fix:** {shown(sentence(policy.fix))}",
        f"**Severity:** {policy.severity.value}; **pack:** {shown(policy.pack)}",
        f"**Controls:** {shown(controls or 'none')}",
        *(f"**Changed:** {shown(sentence(change))}" for change in changes),
        *(
            f"**Required:** {shown(name(clause.that))} ({shown(name(str(clause.location)))})"
            for clause in policy.clauses
        ),
    ]
