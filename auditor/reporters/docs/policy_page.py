"""
The page of one policy, in the same headings for every policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.language.param_values import shown_value
from auditor.language.policy_draft import Empty
from auditor.language.template import Hole, TemplateFault, split_template
from auditor.model.policy import SEVERITY
from auditor.reporters.docs.cases import examples
from auditor.reporters.docs.elements import (
    Badge,
    Block,
    Bullets,
    Card,
    Code,
    Entry,
    Line,
    Link,
    Linked,
    Listing,
    Page,
    Paragraph,
    Quote,
    Row,
    Section,
    Strong,
    Table,
    Terms,
    Tone,
    joined,
    prose,
)
from auditor.reporters.docs.expressions import Linker
from auditor.reporters.docs.places import anchor
from auditor.reporters.docs.tailored import because, changed_how, severity_badge
from auditor.reporters.docs.words import names_in_force, word_links, words_used
from auditor.reporters.wording import SEVERITY_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditor.language.cel.checked import CheckedExpr
    from auditor.model.catalogue import Control
    from auditor.model.policy import PolicySummary
    from auditor.reporters.docs.material import ShownPolicy
    from auditor.reporters.docs.places import Places

_WHOLE: Final = {
    "project": "Each project is judged as a whole.",
    "unit": "Each operating unit is judged as a whole.",
    "portfolio": "The whole portfolio is judged at once.",
}
_EACH: Final = {
    "project": "In each project these are judged, one by one:",
    "unit": "In each operating unit these are judged, one by one:",
    "portfolio": "In the whole portfolio these are judged, one by one:",
}
_SAYS: Final = "Where it does not hold, the finding says, with facts for what is in braces:"
_EMPTY: Final = {
    Empty.PASS: "passes",
    Empty.FAIL: "fails",
    Empty.NOT_APPLICABLE: "does not apply",
    Empty.INCONCLUSIVE: "cannot be decided",
}


def policy_page(shown: ShownPolicy, controls: Mapping[str, Control], places: Places) -> Page:
    """
    Return the page of a policy.

    Args:
        shown: The policy.
        controls: The controls that are known, by id.
        places: Where everything is told of.
    """
    return _PolicyPage(shown, controls, places).page()


class _PolicyPage:
    def __init__(self, shown: ShownPolicy, controls: Mapping[str, Control], places: Places) -> None:
        self._shown = shown
        self._policy = shown.policy
        self._summary: PolicySummary = shown.policy.summary
        self._draft = shown.draft
        self._controls = controls
        self._places = places
        self._here = places.policies[shown.id]
        self._linker = Linker(
            places,
            (self._summary.target,),
            names_in_force(shown, places),
            word_links(shown, places),
        )

    def page(self) -> Page:
        summary = self._summary
        framework = self._places.packs[summary.pack]
        return Page(
            self._here,
            summary.id,
            "Policy",
            (
                Paragraph(prose(summary.title), is_lead=True),
                Section("What it demands", "demands", tuple(self._demands())),
                Section("Why", "why", (Paragraph(prose(summary.why)),)),
                Section("Who is judged", "who", tuple(self._who())),
                Section("How it is decided", "decided", tuple(self._decided())),
                Section("Parameters", "parameters", tuple(self._parameters())),
                examples(self._shown),
                Section("How to fix", "fix", (Paragraph(prose(summary.fix)),)),
                Section("Facts that it reads", "facts", tuple(self._facts())),
                Section("Severity", "severity", tuple(self._severity())),
                Section("Source", "source", (self._source(),)),
            ),
            is_code=True,
            above=(Link(self._places.titles[summary.pack], framework),),
            marks=(severity_badge(summary.severity), Badge(summary.target)),
            entries=tuple(self._entries()),
        )

    def _entries(self) -> Iterator[Entry]:
        summary = self._summary
        yield Entry("policy", summary.id, " ".join((summary.title, *summary.controls)), self._here)
        for draft in self._draft.define:
            head = f"{draft.name}({', '.join(draft.parameters)})"
            place = anchor("word", draft.name)
            yield Entry("word", head, f"of the policy {summary.id}", self._here, place)

    # ----- what, who

    def _demands(self) -> Iterator[Block]:
        summary = self._summary
        if not summary.controls:
            yield Paragraph(("It serves no control of a framework. Found is: ", summary.title))
            return
        yield Paragraph(("It finds where this is broken:",))
        for control in summary.controls:
            known = self._controls.get(control)
            if known is None:
                told = Paragraph(("No catalogue at hand tells what it demands.",))
                yield Card((Code(control),), (told,))
            else:
                link = Link(control, self._places.controls[control], is_code=True)
                rule = Paragraph(prose(" ".join(known.rule.split())))
                yield Card((link, " ", Badge(known.area)), (rule,))

    def _who(self) -> Iterator[Block]:
        policy, target = self._policy, self._summary.target
        if not policy.subjects:
            yield Paragraph((_WHOLE[target],))
        else:
            yield Paragraph((_EACH[target],))
            yield Bullets.of(
                [
                    ("each ", Strong(name), " of ", self._inline(checked))
                    for name, checked in policy.subjects
                ]
            )
        if policy.key is not None:
            yield Paragraph(("Reports call each of them by ", self._inline(policy.key), "."))
        yield from self._condition()
        if policy.scope is not None:
            yield Paragraph(
                ("The profile exempts a project that SEEF validly excludes from this policy, too.",)
            )
        if policy.empty is not None and policy.subjects:
            yield Paragraph(
                (f"Where there is none of them at all, the policy {_EMPTY[policy.empty]}.",)
            )
        first, last = policy.effective
        if first is not None:
            yield Paragraph((f"It holds from {first} on.",))
        if last is not None:
            yield Paragraph((f"It holds until {last}.",))
        if policy.owner is not None:
            yield Paragraph(("Who must act is ", self._inline(policy.owner), "."))

    def _condition(self) -> Iterator[Block]:
        when = self._policy.when
        if when is None:
            yield Paragraph(("There is no condition: it applies to all of them.",))
            return
        yield Paragraph(
            (
                Strong("when"),
                ": it applies only where this holds. Where it does not hold, the verdict is ",
                Strong("not applicable"),
                "; where it cannot be told, ",
                Strong("inconclusive"),
                ".",
            )
        )
        yield from self._expression(when)

    # ----- how

    def _decided(self) -> Iterator[Block]:
        policy = self._policy
        if policy.attest is not None:
            yield from self._attested()
        for number, (clause, draft) in enumerate(
            zip(policy.clauses, self._draft.require, strict=True), start=1
        ):
            blocks: list[Block] = [*self._expression(clause.that)]
            blocks.append(Paragraph((_SAYS,)))
            blocks.append(Quote(_sentence(draft.say.text)))
            if clause.empty is not None:
                blocks.append(
                    Paragraph(
                        (
                            Strong("empty"),
                            (
                                ": where the demand is about nothing at all, such as every element of an empty list,"
                                f" it {_EMPTY[clause.empty]}."
                            ),
                        )
                    )
                )
            of = f" {number} of {len(policy.clauses)}" if len(policy.clauses) > 1 else ""
            yield Section(f"Demand{of}", anchor("clause", str(number)), tuple(blocks))
        if len(policy.clauses) > 1:
            yield Paragraph(("All demands must hold, and every one that does not is reported.",))
        yield from self._instants()
        yield from self._names()
        yield from words_used(self._shown, self._places, self._linker)

    def _attested(self) -> Iterator[Block]:
        attest = self._policy.attest
        assert attest is not None  # noqa: S101 - asked by the caller
        yield Paragraph(
            (
                Strong("attest"),
                ": a person vouches for it, in the role of ",
                " or ".join(attest.by),
                f". A word holds for {shown_value(attest.valid_for)} at most; without one in force the verdict is ",
                Strong("inconclusive"),
                ".",
            )
        )
        if attest.asks:
            yield Paragraph(("The person is asked to name:",))
            yield Bullets.of([prose(one) for one in attest.asks])
        if self._policy.clauses:
            yield Paragraph(("Beyond the word itself this must hold:",))
        else:
            yield Paragraph(("The word alone is enough.",))

    def _instants(self) -> Iterator[Block]:
        policy = self._policy
        if policy.at is not None:
            text = "the instant that the subject belongs to. The period of an audit, and the days from and until"
            text += " which the policy holds, are compared with it."
            yield Section("Its instant", "at", (
                Paragraph((Strong("at"), ": ", text)), *self._expression(policy.at)
            ))  # fmt: skip
        if policy.due is not None:
            text = "until this instant there is still time. What would be a fail, or could not be decided, is"
            yield Section("Until when there is time", "due", (
                Paragraph((Strong("due"), f": {text} ", Strong("not applicable"), " until then (not due).")),
                *self._expression(policy.due),
            ))  # fmt: skip

    def _names(self) -> Iterator[Block]:
        if self._policy.let:
            yield Section(
                "Names in it",
                "names",
                (
                    Paragraph((Strong("let"), ": names for what is used more than once.")),
                    *(
                        Section(name, anchor("let", name), (self._listing(checked),))
                        for name, checked in self._policy.let
                    ),
                ),
            )

    def _expression(self, checked: CheckedExpr) -> Iterator[Block]:
        apart = self._linker.taken_apart(checked.expr, checked.text, checked.types)
        if apart is not None:
            yield apart
        yield self._listing(checked)

    def _listing(self, checked: CheckedExpr) -> Listing:
        return Listing(self._linker.parts(checked.expr, checked.text.rstrip(), checked.types))

    def _inline(self, checked: CheckedExpr) -> Linked:
        return Linked(self._linker.parts(checked.expr, checked.text.rstrip(), checked.types))

    # ----- the rest

    def _parameters(self) -> Iterator[Block]:
        drafts = self._draft.params
        if not drafts:
            yield Paragraph(("None.",))
            return
        changes = {one.what: one for one in self._summary.changes}
        values = dict(self._summary.params)
        rows = []
        for param in drafts:
            change = changes.get(f"params.{param.name}")
            between = " to ".join(map(shown_value, param.between)) if param.between else "any"
            told: Line = ("nothing",)
            if change is not None:
                told = (
                    Badge(changed_how(change), "open"),
                    f" from {change.before}. ",
                    *because(change),
                )
            rows.append(
                Row(
                    (
                        (Code(param.name),),
                        (Code(values[param.name]),),
                        (between,),
                        prose(param.about) or ("not told",),
                        told,
                    ),
                    anchor("param", param.name),
                )
            )
        head = ("Name", "Value", "Bounds", "What it is", "What the profile changed")
        yield Table(head, tuple(rows), "Parameters")

    def _facts(self) -> Iterator[Block]:
        target = self._summary.target
        lines: list[Line] = []
        for key in self._shown.reads:
            spot = self._places.field(target, key)
            if spot is not None:
                lines.append((Link(key, *spot, is_code=True),))
        if not lines:
            yield Paragraph(("None by name.",))
            return
        yield Paragraph(
            (
                "What a source must be able to tell, so that this can be decided: ",
                *joined(lines),
                ".",
            )
        )

    def _severity(self) -> Iterator[Block]:
        summary = self._summary
        yield Paragraph(
            (severity_badge(summary.severity), f": {SEVERITY_MEANINGS[summary.severity]}.")
        )
        for change in summary.changes:
            if change.what == SEVERITY:
                tone: Tone = "bad" if change.is_relaxing else "good"
                yield Paragraph(
                    (
                        Badge(changed_how(change), tone),
                        f" from {change.before} to {change.after}. ",
                        *because(change),
                    )
                )

    def _source(self) -> Terms:
        summary = self._summary
        rows: list[tuple[str, Line]] = [
            ("File", (Code(summary.location.path),)),
            ("Digest", (Code(summary.digest),)),
            ("Pack", (Code(summary.pack),)),
        ]
        if self._draft.formerly:
            former: list[Line] = [(Code(one),) for one in self._draft.formerly]
            rows.append(("Former ids", joined(former)))
        return Terms(tuple(rows))


def _sentence(text: str) -> Line:
    """Return a sentence with its holes told apart."""
    try:
        parts = split_template(" ".join(text.split()))
    except TemplateFault:  # cannot be: it was compiled
        return (text,)
    return tuple(Code(f"{{{part.text}}}") if isinstance(part, Hole) else part for part in parts)
