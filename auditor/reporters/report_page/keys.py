"""
By what the verdicts of a page are found: projects, areas, stages, owners, missing facts.

A filter stands in the address of the page, and somebody sends it to somebody else: its words are those of the run,
no positions in a list, so that the same address means the same in the report of next week.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from auditor.reporters import wording
from auditor.reporters.foreign_text import visible
from auditor.reporters.missing_facts import MissingFact, missing_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditor.model.policy import PolicySummary
    from auditor.model.run import Control, Run
    from auditor.model.verdict import Verdict

ANY_AREA: Final = "(no area)"
NO_STAGE: Final = "no stage of its own"


@dataclass(frozen=True, slots=True)
class Way:
    """One value of a filter."""

    key: str
    """As it stands in the address."""
    label: str
    """As a reader sees it."""
    short: str = ""
    """Likewise, where there is little room."""


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a framework, with the controls in it."""

    framework: str
    name: str
    controls: tuple[Control, ...]

    @property
    def framework_key(self) -> str:
        """The framework, as it stands in the address."""
        return f"{key(self.framework)}/"

    @property
    def key(self) -> str:
        """As it stands in the address."""
        return self.framework_key + key(self.name)


def key(text: str) -> str:
    """Return a text as it stands in an address: short, on one line, and with nothing that would act."""
    return " ".join(visible(wording.name(text)).split())


def address(**wanted: str) -> str:
    """Return the address of a part of the list: ``#project=hand%3Aapollo&show=fail``."""
    return f"#{urlencode(wanted)}"


def owner(verdict: Verdict) -> str:
    """Return who has to act on a verdict, as it stands in an address; empty where nobody has to."""
    return key(wording.to_act(verdict))


class Keys:
    """
    The values of every filter of a page.

    Args:
        run: What the page shows.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.policies: Mapping[str, PolicySummary] = {one.id: one for one in run.policies}
        self._controls = {control.id: control for control in run.controls}
        self.missing: tuple[MissingFact, ...] = missing_facts(run)
        self.numbers = {
            (fact.pattern, fact.reason): number for number, fact in enumerate(self.missing)
        }

    @cached_property
    def projects(self) -> tuple[Way, ...]:
        """The auditees, in the order of the run."""
        keys = _apart(key(result.auditee) for result in self._run.results)
        names = [wording.name(one.auditee_name) for one in self._run.results]
        common = Counter(names)
        return tuple(
            Way(where, label := wording.auditee(result), name if common[name] == 1 else label)
            for where, result, name in zip(keys, self._run.results, names, strict=True)
        )

    @cached_property
    def gaps(self) -> tuple[Way, ...]:
        """The missing facts, in the order of `missing`."""
        keys = _apart(key(f"{fact.pattern} {fact.reason}") for fact in self.missing)
        return tuple(map(Way, keys, (wording.sentence(fact.statement()) for fact in self.missing)))

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The areas of the frameworks, by framework and name."""
        found: dict[tuple[str, str], list[Control]] = {}
        for control in self._run.controls:
            found.setdefault((control.framework, control.area or ANY_AREA), []).append(control)
        return tuple(Area(*place, tuple(found[place])) for place in sorted(found))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """What findings are grouped by that belong to a stage of a project's life: one, or several at once."""
        return tuple(sorted({self.stage_of(policy) for policy in self._run.policies}))

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Whoever has to act on something."""
        found = {owner(verdict) for result in self._run.results for verdict in result.verdicts}
        return tuple(sorted(found - {""}))

    def controls_of(self, policy: PolicySummary) -> tuple[Control, ...]:
        """Return what is known of the controls that a policy serves."""
        return tuple(self._controls[one] for one in policy.controls if one in self._controls)

    def areas_of(self, policy: PolicySummary) -> tuple[str, ...]:
        """Return the keys of the areas that a policy serves."""
        mine = {control.id for control in self.controls_of(policy)}
        return tuple(
            area.key for area in self.areas if any(control.id in mine for control in area.controls)
        )

    def stage_of(self, policy: PolicySummary) -> str:
        """Name the stages of the controls that a policy serves: each finding stands in one group."""
        stages = [key(one.stage) for one in self.controls_of(policy) if one.stage]
        return " and ".join(dict.fromkeys(stages)) or NO_STAGE


def _apart(texts: Iterable[str]) -> list[str]:
    """Number what has become the same by being shortened."""
    found: dict[str, None] = {}
    for text in texts:
        name, number = text, 1
        while name in found:
            number += 1
            name = f"{text} ({number})"
        found[name] = None
    return list(found)
