"""
What are the policies in plain CEL, as near as an engine without our functions comes to them?

One expression per policy gives the outcomes of all subjects, in the order of the snapshot: one call, which costs a
peer least. Each asks what the policy asks, in the policy's order: engines are compared, not authors. What plain CEL cannot say is made easier, never harder: days are handed over as instants, "five working
days" is five times 24 hours, a text is given where it is not empty, an exclusion is one without a look at its
reasons. On the measured snapshot that changes no outcome, which each run checks before it measures.

Null is left out of the peers' facts, because one of them cannot compare with it; so `has(x.f)` asks for a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine writes what the engines write differently."""

    lengths: dict[str, str]
    """``MINUTES``, ``HOURS``, ``FIVE_DAYS`` and ``GRACE`` as a length of time."""
    instant: str
    """An instant among the facts, with ``{}`` for the field."""
    has_bind: bool
    """Whether ``cel.bind`` is there; a list of one element stands in for it."""

    def bind(self, name: str, value: str, body: str) -> str:
        """Give a value a name."""
        if self.has_bind:
            return f"cel.bind({name}, {value}, {body})"
        return f"[{value}].map({name}, {body})[0]"

    def write(self, rule: Callable[[Dialect], str]) -> str:
        """Write a rule: ``@x.f`` is an instant among the facts."""
        text = re.sub(r"@([a-z_]+(?:\.[a-z_]+)*)", lambda m: self.instant.format(m[1]), rule(self))
        for name, length in self.lengths.items():
            text = text.replace(name, length)
        return " ".join(text.split())


DURATIONS: Final = {
    "MINUTES": "duration('300s')",
    "HOURS": "duration('24h')",
    "FIVE_DAYS": "duration('120h')",
    "GRACE": "duration('336h')",
}
NATIVE: Final = Dialect(DURATIONS, "{}", has_bind=False)
"""Instants are instants among the facts."""
PARSED: Final = Dialect(DURATIONS, "timestamp({})", has_bind=True)
"""Instants are texts among the facts."""
SECONDS: Final = {"MINUTES": 300, "HOURS": 86_400, "FIVE_DAYS": 432_000, "GRACE": 1_209_600}
COUNTED: Final = Dialect({name: str(s) for name, s in SECONDS.items()}, "{}", has_bind=True)
"""Instants are seconds since 1970 among the facts."""

_SCOPE: Final = "!has(project.exclusion)"


def _person(party: str) -> str:
    return f"!parties.exists(p, p.id == {party} && p.kind != 'person')"


def _term(record: str, at: str) -> str:
    return f"has({record}.from) && @{record}.from <= {at} && (!has({record}.to) || @{record}.to >= {at})"


def _held(party: str, role: str, at: str) -> str:
    return (
        f"(role_assignments.exists(r, r.party == {party} && r.role == '{role}' && {_term('r', at)})"
        f" && {_person(party)})"
    )


def _in_time(record: str, at: str, outer: str | None = None) -> str:
    prov = f"{outer or record}.prov"
    return (
        f"(has({record}.recorded_at)"
        f" ? @{record}.recorded_at <= {at} + FIVE_DAYS && @{record}.recorded_at >= {at} - MINUTES"
        f" : has({prov}) && {prov}.method in ['api', 'export'])"
    )


def execution_before_dm_sign_off(d: Dialect) -> str:
    """SEEF-PLN-04."""
    approves = (
        "({0}.decision == 'approved' || {0}.decision == 'conditional' && size({0}.conditions) > 0"
        " && {0}.conditions.all(c, has(c.closed_at) && @c.closed_at <= start))"
    )
    principal = (
        f"has(a.on_behalf_of) && {_held('a.on_behalf_of', 'DM', '@a.at')}"
        " && delegations.exists(g, g.from_party == a.on_behalf_of && g.to_party == a.by"
        f" && g.role == 'DM' && {_term('g', '@a.at')})"
    )
    words = f"""approvals.filter(a, a.subject == now.id && a.subject_version == now.version
      && (!has(a.subject_sha256) || !has(now.content_sha256) || a.subject_sha256 == now.content_sha256)
      && has(a.at) && @a.at <= start && ({_held("a.by", "DM", "@a.at")} || {principal}))"""
    stands = f"""words.exists(a, {approves.format("a")} && {_in_time("a", "@a.at")}
      && words.all(o, {approves.format("o")} || @o.at < @a.at))"""
    judged = f"""!words.exists(last, !words.exists(o, @o.at > @last.at) && {approves.format("last")}
      && ({_in_time("last", "@last.at")} || {stands})) ? 'fail' : 'pass'"""
    in_force = "baselines.filter(b, has(b.effective_at) && @b.effective_at <= start)"
    newest = d.bind(
        "newest",
        "known.filter(b, !known.exists(c, @c.effective_at > @b.effective_at))",
        f"size(newest) == 0 ? 'fail' : {d.bind('now', 'newest[0]', d.bind('words', words, judged))}",
    )
    demanded = d.bind("start", "@project.execution.started_at", d.bind("known", in_force, newest))
    return f"[{_SCOPE} && has(project.execution.started_at) ? {demanded} : 'not_applicable']"


def allocation_over_capacity(d: Dialect) -> str:
    """SEEF-PRI-05."""
    figures = f"allocations.filter(a, has(a.sprint) && a.sprint == s.id && {_person('a.party')})"
    newest = "figures.filter(a, !figures.exists(b, b.party == a.party && @b.captured_at > @a.captured_at))"
    disputed = """newest.exists(b, b.party == a.party
      && (b.allocated_s != a.allocated_s || b.available_s != a.available_s))"""
    judged = f"""newest.exists(a, a.allocated_s > a.available_s && !{disputed}) ? 'fail'
      : newest.all(a, !{disputed} && {_in_time("a", "@a.captured_at")}) ? 'pass' : 'inconclusive'"""
    demanded = f"size(figures) == 0 ? 'not_applicable' : {d.bind('newest', newest, judged)}"
    return f"""sprints.map(s, {_SCOPE} && project.method != 'kanban' && s.state != 'cancelled'
      && has(s.started_at) ? {d.bind("figures", figures, demanded)} : 'not_applicable')"""


def _escalated(d: Dialect, record: str, begin: str) -> str:
    """Judge a record whose changes of severity are ``history``, from an instant on."""
    raised = f"@{record}.raised_at"
    enough = "standards.escalation.all(w, !(w.severity in had) || e.level >= w.level)"
    escalated = f"""{record}.escalations.exists(e, has(e.at) && @e.at <= deadline && has(e.level)
      && {enough} && @e.at >= {raised} - MINUTES && {_in_time("e", "@e.at", record)})
      ? 'pass' : as_of < deadline ? 'not_applicable' : 'fail'"""
    now = f"""size(later) == 0 ? {record}.severity
      : later.filter(e, !later.exists(o, @o.at < @e.at))[0].from"""
    had = f"history.filter(e, @e.at > {begin} && @e.at <= deadline).map(e, e.from) + [{now}]"
    later = d.bind("later", "history.filter(e, @e.at > deadline)", d.bind("had", had, escalated))
    judged = f"""has({record}.resolved_at) && @{record}.resolved_at <= deadline
      && @{record}.resolved_at >= {raised} - MINUTES ? 'pass' : {later}"""
    return d.bind("deadline", f"{begin} + HOURS", judged)


def blocker_not_escalated(d: Dialect) -> str:
    """SEEF-MON-04, of blockers."""
    history = "change_events.filter(e, e.item == b.id && e.field == 'severity')"
    judged = d.bind("history", history, _escalated(d, "b", "@b.raised_at"))
    return f"blockers.map(b, {_SCOPE} ? {judged} : 'not_applicable')"


def high_risk_not_escalated(d: Dialect) -> str:
    """SEEF-MON-04, of risks, from when they first were high."""
    high = "in ['high', 'critical']"
    was_high = f"""(size(later) == 0 ? has(k.severity) && k.severity {high}
        : later.filter(e, !later.exists(o, @o.at < @e.at))[0].from {high})
      || (size(rated) == 0 ? has(k.score) && double(k.score) >= 12.0
        : double(rated.filter(e, !rated.exists(o, @o.at < @e.at))[0].from) >= 12.0)"""
    rises = (
        f"(history.filter(e, e.to {high}) + scores.filter(e, double(e.to) >= 12.0)).map(e, @e.at)"
    )
    demanded = f"""size(times) == 0 ? 'not_applicable'
      : {d.bind("since", "times.filter(x, !times.exists(y, y < x))[0]", _escalated(d, "k", "since"))}"""
    judged = d.bind("times", f"{was_high} ? [@k.raised_at] : {rises}", demanded)
    for name, value in (
        ("rated", "scores.filter(e, @e.at > @k.raised_at)"),
        ("later", "history.filter(e, @e.at > @k.raised_at)"),
        ("scores", "change_events.filter(e, e.item == k.id && e.field == 'score')"),
        ("history", "change_events.filter(e, e.item == k.id && e.field == 'severity')"),
    ):
        judged = d.bind(name, value, judged)
    return f"risks.map(k, {_SCOPE} ? {judged} : 'not_applicable')"


def retrospective_without_owned_actions(d: Dialect) -> str:
    """SEEF-IMP-02."""
    on_project = f"""role_assignments.exists(r, r.party == a.owner && {_term("r", "@m.held_at")})
      && {_person("a.owner")}"""
    mine = "actions.filter(a, a.because.exists(b, b.kind == 'meeting' && b.id == m.id))"
    judged = f"""size(mine) == 0 || !mine.all(a, has(a.text) && a.text != '' && has(a.due_on)
      && has(a.owner) && {on_project}) ? 'fail'
      : mine.exists(a, {_in_time("a", "@a.raised_at")}) ? 'pass' : 'inconclusive'"""
    return f"""meetings.filter(m, m.kind == 'retrospective' && has(m.held_at) && @m.held_at <= as_of)
      .map(m, !({_SCOPE}) ? 'not_applicable' : has(m.no_action_reason) && m.no_action_reason != ''
      ? 'pass' : {d.bind("mine", mine, judged)})"""


def work_before_recorded_start(d: Dialect) -> str:
    """SEEF-ADP-04."""
    demanded = """sprints.exists(s, has(s.started_at)) || size(booked) > 0 || size(moved) > 0
      ? (sprints.all(s, !has(s.started_at) || @s.started_at >= start)
         && booked.all(b, @b.started_at >= start) && moved.all(e, @e.at >= start) ? 'pass' : 'fail')
      : 'not_applicable'"""
    for name, value in (
        (
            "moved",
            """change_events.filter(e, e.field == 'status' && e.to == 'in_progress'
              && e.item in deliverable)""",
        ),
        ("booked", "time_entries.filter(b, has(b.started_at) && b.item in deliverable)"),
        (
            "deliverable",
            """work_items.filter(i, i.type != 'spike'
              && (i.type in ['story', 'defect', 'change'] || has(i.deliverable))).map(i, i.id)""",
        ),
        ("start", "@project.execution.started_at"),
    ):
        demanded = d.bind(name, value, demanded)
    return f"""[!({_SCOPE}) ? 'not_applicable' : has(project.execution.started_at) ? {demanded}
      : project.phase != 'planning' ? 'fail' : 'inconclusive']"""


def retrospective_actions_not_done(d: Dialect) -> str:
    """SEEF-IMP-03."""
    replanned = d.instant.format("a.replans[size(a.replans) > 2 ? 1 : size(a.replans) - 1].to")
    date = f"(size(a.replans) == 0 ? @a.due_on : {replanned})"
    done = "has(a.done_at) && @a.done_at <= as_of"
    copies = """agreed.exists(b, b.id < a.id && b.text == a.text && @b.raised_at == @a.raised_at
      && b.owner == a.owner && b.due_on == a.due_on)"""
    judged = f"""size(due) == 0 ? 'not_applicable'
      : size(counted.filter(a, {done})) * 100 < size(counted) * 80
        || !due.all(a, {done} || a.status == 'cancelled' || {date} + GRACE >= as_of) ? 'fail'
      : size(counted.filter(a, {done} && {_in_time("a", "@a.raised_at")})) * 100 < size(counted) * 80
        ? 'inconclusive' : 'pass'"""
    for name, value in (
        ("counted", f"due.filter(a, !{copies})"),
        ("due", f"agreed.filter(a, has(a.due_on) && {date} <= as_of)"),
        (
            "agreed",
            "actions.filter(a, a.because.exists(b, b.kind == 'meeting' && b.id in retrospectives))",
        ),
        ("retrospectives", "meetings.filter(m, m.kind == 'retrospective').map(m, m.id)"),
    ):
        judged = d.bind(name, value, judged)
    return f"[{_SCOPE} ? {judged} : 'not_applicable']"


RULES: Final[dict[str, Callable[[Dialect], str]]] = {
    "execution-before-dm-sign-off": execution_before_dm_sign_off,
    "allocation-over-capacity": allocation_over_capacity,
    "blocker-not-escalated": blocker_not_escalated,
    "high-risk-not-escalated": high_risk_not_escalated,
    "retrospective-without-owned-actions": retrospective_without_owned_actions,
    "work-before-recorded-start": work_before_recorded_start,
    "retrospective-actions-not-done": retrospective_actions_not_done,
}
"""By the policy's id."""

UNSAID: Final = {
    "stand-up-missed-in-sprint": "plain CEL cannot list the working days between two instants",
    "pm-review-missed-in-week": "plain CEL cannot list the weeks between two instants",
}
"""What no peer can say, and why."""
