"""
Apply what somebody changed of a policy: its parameters and its severity.

A change is checked against the policy (type, bounds, direction), and what is wrong with it is told at the
place where it was written: nobody who tailors a policy has to open it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.language.param_values import as_declared, is_between, shown_value
from auditor.model.errors import ConfigError, PolicyError, ProfileError, did_you_mean
from auditor.model.policy import SEVERITY, PolicyChange
from auditor.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.documents.nodes import Node
    from auditor.language.policy_draft import ParamDraft, PolicyDraft
    from auditor.language.values import Value
    from auditor.model.errors import AuditorError
    from auditor.model.tailoring import Override, Tailoring

Values = tuple[tuple[str, "Value"], ...]


class TailoredPolicy:
    """
    The parameters and the severity that are in force for one policy.

    Args:
        draft: The policy.
        tried: Plain values that replace defaults, by parameter: what a case of the policy tries it with.
        tailoring: What replaces values for the whole run.
        errors: Where every fault goes.
    """

    def __init__(
        self,
        draft: PolicyDraft,
        tried: Mapping[str, Any],
        tailoring: Tailoring,
        errors: list[AuditorError],
    ) -> None:
        self._draft = draft
        self._errors = errors
        self._changes: list[PolicyChange] = []
        self.params = self._params(tried, tailoring.params.get(draft.id, {}))
        self.severity = self._raised(
            self._severity(tailoring.severities.get(draft.id)), tailoring.raised.get(draft.id)
        )
        self.changes = tuple(self._changes)
        self.exempted = tailoring.exempted.get(draft.pack)
        """Where the profile says that an excluded project is exempted from this policy's pack."""

    # ----- parameters

    def _params(self, tried: Mapping[str, Any], chosen: Mapping[str, Override]) -> Values:
        draft = self._draft
        known = {param.name for param in draft.params}
        for name in tried:
            if name not in known:
                hint = did_you_mean(name, known)
                self._fault(draft.root, "unknown-param", self._unknown(name), hint)
        for name, override in chosen.items():
            if name not in known:
                self._errors.append(
                    ProfileError(
                        self._unknown(name),
                        hint=did_you_mean(name, known),
                        location=override.name_at.location,
                        excerpt=override.name_at.excerpt,
                        slug="profile-unknown-param",
                    )
                )
        return tuple(
            (param.name, self._param(param, tried.get(param.name), chosen.get(param.name)))
            for param in draft.params
        )

    def _unknown(self, name: str) -> str:
        return f"'{self._draft.id}' has no parameter '{name}'"

    def _param(self, param: ParamDraft, tried: object, chosen: Override | None) -> Value:
        if chosen is not None:
            return self._chosen(param, chosen)
        value = param.value if tried is None else as_declared(tried, param.type)
        if value is None:
            self._fault(param.node, "param-type", _no_value(tried, param))
            return param.value
        if _is_outside(value, param):
            message = _out_of_bounds(value, param)
            self._fault(param.node, "param-bounds", message, _bounds(param))
        return value

    def _chosen(self, param: ParamDraft, chosen: Override) -> Value:
        value = as_declared(chosen.value, param.type)
        location, excerpt = chosen.at.location, chosen.at.excerpt
        if value is None:
            self._errors.append(
                ProfileError(
                    _no_value(chosen.value, param),
                    hint=f"write it like the default, {shown_value(param.value)}",
                    location=location,
                    excerpt=excerpt,
                    slug="profile-param-type",
                )
            )
            return param.value
        if _is_outside(value, param):
            self._errors.append(
                ProfileError(
                    f"{_out_of_bounds(value, param)} of '{self._draft.id}'",
                    hint=_bounds(param),
                    location=location,
                    excerpt=excerpt,
                    slug="profile-param-bounds",
                )
            )
            return param.value
        self._changed(f"params.{param.name}", shown_value(param.value), shown_value(value), chosen)
        return value

    # ----- severity

    def _severity(self, chosen: Override | None) -> Severity:
        severity = self._draft.severity
        if chosen is not None and severity.value != chosen.value:
            self._changed(SEVERITY, severity.value, chosen.value, chosen)
            return Severity(chosen.value)
        return severity

    def _raised(self, severity: Severity, raised: Override | None) -> Severity:
        """Let a delivery repository raise what the policy, or the profile, says."""
        if raised is None or raised.value == severity.value:
            return severity
        if Severity(raised.value).rank < severity.rank:
            self._errors.append(
                ConfigError(
                    f"'{self._draft.id}' is {severity}, and {raised.value} is lower: an auditor.yaml can only"
                    " raise",
                    hint="leave it out; severities are lowered in the profile, by whoever answers for it",
                    location=raised.at.location,
                    excerpt=raised.at.excerpt,
                    slug="config-lowers",
                )
            )
            return severity
        self._changed(SEVERITY, severity.value, raised.value, raised)
        return Severity(raised.value)

    # -----

    def _changed(self, what: str, before: str, after: str, override: Override) -> None:
        if before == after:
            return
        is_relaxing = what == SEVERITY and Severity(after).rank < Severity(before).rank
        self._changes.append(
            PolicyChange(
                what,
                before,
                after,
                is_relaxing=is_relaxing,
                location=override.at.location,
                reason=override.reason,
                by=override.by,
                on=override.on,
            )
        )

    def _fault(self, node: Node, slug: str, message: str, hint: str | None = None) -> None:
        self._errors.append(
            PolicyError(
                message,
                hint=hint,
                location=node.location,
                excerpt=node.excerpt,
                slug=f"policy-{slug}",
            )
        )


def _no_value(raw: object, param: ParamDraft) -> str:
    return f"'{raw}' is no value for the parameter '{param.name}', a {param.type}"


def _is_outside(value: Value, param: ParamDraft) -> bool:
    return param.between is not None and not is_between(value, param.between)


def _out_of_bounds(value: Value, param: ParamDraft) -> str:
    return f"'{shown_value(value)}' is out of bounds for the parameter '{param.name}'"


def _bounds(param: ParamDraft) -> str:
    least, greatest = map(shown_value, param.between or ())
    return f"choose a value between {least} and {greatest}"
