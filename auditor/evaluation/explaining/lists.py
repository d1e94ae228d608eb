"""
Why a question about a list came out as it did: the elements that counted, those that came near, or that none is there.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Final

from auditor.evaluation.explaining.frames import Frame, Member
from auditor.evaluation.explaining.reasons import Reason, Telling, all_of, any_of
from auditor.evaluation.explaining.unsettled import in_words
from auditor.evaluation.explaining.wanted import Wanted
from auditor.evaluation.explaining.words import counted, singular
from auditor.evaluation.pairs import bind_element, named, paired
from auditor.evaluation.shapes import plain
from auditor.evaluation.wording import listed
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Select
from auditor.language.values import Failure, Item, Listing, MapValue, Record, Unknown, Value
from auditor.model.explanation import Turn

if TYPE_CHECKING:
    from fractions import Fraction

    from auditor.evaluation.explaining.teller import Teller
    from auditor.evaluation.trail import Trail
    from auditor.model.explanation import Step

_EXPLAINED: Final = 2
"""Elements of one list that are explained."""
_MEASURED: Final = 40
"""Elements that are measured, of those that came equally near: the last ones."""
_COMPARED: Final = 6
"""Elements that may have come nearest, and are looked at in full."""
_COUNTED: Final = 40
"""Members up to which those that are not counted are looked for."""

Looked = list[tuple[Item, Value, "Trail"]]


class Lists:
    """Explains macros over lists."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._wanted = Wanted(teller.sight, teller.words)
        self._nested = 0
        self._sight = teller.sight
        self._words = teller.words

    # ----- all, exists, exists_one

    def quantified(self, node: Comprehension, frame: Frame, value: Value) -> Reason:
        """Explain a question to every element."""
        source = self._source(node, frame)
        if not isinstance(source, Listing):
            return self._unreadable(node, frame, value, source)
        if not source.items and source.rest is None:
            return self._nothing(node, frame, value)
        wants_true = node.macro != "all"
        results = self._sight.each(node, frame, source, joined=wants_true)
        finished = plain(value)
        if isinstance(finished, Unknown):
            return self._open(node, frame, source, results, finished)
        if isinstance(finished, Failure):
            broken = [r for r in results if isinstance(plain(r[1]), Failure)]
            return self._some(node, frame, value, source, broken, says="it breaks for one of them")
        decided = [r for r in results if r[0].doubt is None and plain(r[1]) is wants_true]
        if node.macro == "exists_one" and len(decided) != 1:
            wants_true = bool(decided)
        if decided and (finished is wants_true or node.macro == "exists_one"):
            return self._decided(node, frame, value, source, decided)
        if finished is False or node.macro == "exists":
            return self._missed(node, frame, value, source, results)
        noun = self._sight.noun(node.range, frame)
        says = f"it holds for each of {counted(len(source), noun)}"
        pointers = (source.pointer,) if source.pointer else ()
        step = self._teller.step(node, frame, value, says, facts=pointers)
        return Reason((step,), (Telling(says),))

    def _source(self, node: Comprehension, frame: Frame) -> Value:
        source = plain(self._sight.value(node.range, frame))
        if len(node.variables) > 1 and isinstance(source, Listing | MapValue):
            return paired(source)
        if isinstance(source, MapValue):
            return Listing.of([key for key, _ in source.entries.values()])
        return source

    def _decided(
        self, node: Comprehension, frame: Frame, value: Value, source: Listing, decided: Looked
    ) -> Reason:
        """Tell of the counter-examples of an ``all``, or of what an ``exists`` found."""
        is_all = node.macro == "all"
        noun = self._sight.noun(node.range, frame)
        names = listed([self._words.element(item.value) for item, _, _ in decided])
        verb = ("fails" if len(decided) == 1 else "fail") if is_all else "found"
        says = f"{len(decided)} of {counted(len(source), noun)} {verb}: {names}"
        return self._some(node, frame, value, source, decided, says=says, is_whole=True)

    def _some(
        self,
        node: Comprehension,
        frame: Frame,
        value: Value,
        source: Listing,
        chosen: Looked,
        *,
        says: str,
        is_whole: bool = False,
    ) -> Reason:
        steps, reasons = [], []
        for item, found, _ in chosen[:_EXPLAINED]:
            inner = self._inner(node, frame, item, source)
            reason = self._asked(node, inner, found)
            reasons.append(reason)
            steps.append(self._element(item, found, "", reason))
        if len(chosen) > _EXPLAINED:
            more = f"and {len(chosen) - _EXPLAINED} more"
            steps.append(self._teller.element(more, None, "", "", ()))
        noun = self._sight.noun(node.range, frame)
        if len(chosen) <= _EXPLAINED:
            ways = all_of(reasons)
        else:
            ways = ((Turn(f"each of the {len(chosen)} {noun} named above", "otherwise"),),)
        step = self._teller.step(node, frame, value, says, steps=tuple(steps))
        tellings = tuple(telling for reason in reasons for telling in reason.tellings)
        if is_whole and (len(chosen) > 1 or node.macro != "all"):
            tellings = (Telling(says),)
        return Reason((step,), tellings or (Telling(says),), ways)

    def _missed(
        self, node: Comprehension, frame: Frame, value: Value, source: Listing, results: Looked
    ) -> Reason:
        """Tell of those that came nearest to what was looked for."""
        noun = self._sight.noun(node.range, frame)
        near = self._nearest(node, frame, source, results)
        total = counted(len(source), noun)
        steps = tuple(step for step, _ in near)
        facts = (source.pointer,) if source.pointer else ()
        says = f"found none among {total}"
        step = self._teller.step(node, frame, value, says, facts=facts, steps=steps)
        reasons = [reason for _, reason in near]
        tellings = [telling for reason in reasons for telling in reason.tellings]
        if len(source) > 1:
            tellings = [_of_many(telling, total) for telling in tellings]
        if not tellings:
            tellings = [Telling(f"none of {total} is what was looked for")]
        return Reason((step,), tuple(tellings), any_of(reasons))

    def _nearest(
        self, node: Comprehension, frame: Frame, source: Listing, results: Looked
    ) -> list[tuple[Step, Reason]]:
        """
        Explain those that fail the fewest conditions.

        Of equals those for which more of them hold before the first that does not, as they are written; then
        those that miss it by less; then the later ones. Of a long list only those are compared of which the
        most conditions hold in a row.
        """
        missed = [
            (position, item, found, trail.reached)
            for position, (item, found, trail) in enumerate(results)
            if plain(found) is False
        ]
        if len(missed) > _COMPARED:
            best = max(reached for *_, reached in missed)
            missed = [one for one in missed if one[3] == best][-_MEASURED:]
        measured = []
        for position, item, found, reached in missed:
            inner = self._inner(node, frame, item, source, is_nearest=True)
            gap = self._gap(node.args[0], inner, reached)
            measured.append(((-reached, gap, -position), item, found, inner))
        measured.sort(key=lambda one: one[0])
        judged = []
        for rank, item, found, inner in measured[:_COMPARED]:
            failed, total = self._conditions(node.args[0], inner)
            judged.append(((failed, *rank), item, found, inner, total))
        judged.sort(key=lambda one: one[0])
        self._nested += 1
        told = []
        for (failed, *_), item, found, inner, total in judged[: 1 if self._nested > 1 else 2]:
            if self._teller.is_full or failed > judged[0][0][0]:
                break
            reason = self._asked(node, inner, found).missing(failed)
            says = f"{total - failed} of {total} conditions hold" if total > 1 else ""
            told.append((self._element(item, found, says, reason), reason))
        self._nested -= 1
        return told

    def _conditions(self, node: Expr, frame: Frame) -> tuple[int, int]:
        """Return how many of the conditions joined by ``&&`` are false, and how many there are."""
        parts, frame = self._joined(node, frame)
        failed = sum(plain(self._sight.tried(part, frame)) is False for part in parts)
        return failed, len(parts)

    def _gap(self, node: Expr, frame: Frame, position: int) -> float | Fraction:
        """Return by how much the condition at *position* is missed; without an order by more than any."""
        parts, frame = self._joined(node, frame)
        gap = self._teller.gap(parts[position], frame) if position < len(parts) else None
        return inf if gap is None else gap

    def _joined(self, node: Expr, frame: Frame) -> tuple[tuple[Expr, ...], Frame]:
        """Return the conditions that an element is asked, of a word those of its definition."""
        while isinstance(node, Call) and node.id in frame.checked.instances:
            frame = self._teller.inside(node, frame)
            node = frame.checked.expr
        is_joined = isinstance(node, Call) and node.function == "_&&_"
        return (node.args if isinstance(node, Call) and is_joined else (node,)), frame

    def _open(
        self,
        node: Comprehension,
        frame: Frame,
        source: Listing,
        results: Looked,
        value: Unknown,
    ) -> Reason:
        """Tell of the elements of which it is not known, and of the part that was not read."""
        steps, reasons = [], []
        unclear = [r for r in results if isinstance(r[1], Unknown) or r[0].doubt is not None]
        told: set[Value] = set()
        for item, found, _ in unclear:
            causes = (found, item.doubt) if isinstance(found, Unknown) else (None, item.doubt)
            if causes in told or len(told) == _EXPLAINED:
                continue  # why one of them is not known is why the others are not
            told.add(causes)
            reason, says = Reason(), ""
            if isinstance(found, Unknown):
                inner = self._inner(node, frame, item, source)
                reason = self._asked(node, inner, found)
            if item.doubt is not None:
                says = f"it may not belong: {in_words(item.doubt, self._words)}"
            reasons.append(reason)
            steps.append(self._element(item, value, says, reason))
        if len(unclear) > len(steps):
            more = f"and {len(unclear) - len(steps)} more"
            steps.append(self._teller.element(more, None, "", "", ()))
        noun = self._sight.noun(node.range, frame)
        if source.rest is not None:
            says = f"there may be more {noun}: {in_words(source.rest, self._words)}"
        else:
            says = f"not known for {len(unclear)} of {counted(len(source), noun)}"
        pointers = tuple(sorted(cause.pointer for cause in value.causes if cause.pointer))
        step = self._teller.step(node, frame, value, says, facts=pointers, steps=tuple(steps))
        tellings = tuple(telling for reason in reasons for telling in reason.tellings)
        return Reason((step,), tellings or (Telling(says),), any_of(reasons))

    def _unreadable(self, node: Comprehension, frame: Frame, value: Value, source: Value) -> Reason:
        """Tell of a list that is not known, and of what an entry in it would have to be."""
        reason = self._teller.why(node.range, frame, source)
        if not isinstance(source, Unknown) or node.macro != "exists":
            return reason
        parts, inner = self._joined(node.args[0], frame)
        wanted = self._wanted.told(parts, inner, self._names_of(node, frame))
        pointers = sorted({cause.pointer for cause in source.causes if cause.pointer})
        ways = tuple(
            (
                Turn(
                    self._words.name(pointer),
                    f"recorded, with an entry: {wanted}",
                    self._words.original(pointer),
                ),
            )
            for pointer in pointers[:1]
        )
        step = self._teller.step(
            node, frame, value, "it is not known whether there is one", steps=reason.steps
        )
        return Reason((step,), reason.tellings, ways or reason.ways)

    def _names_of(self, node: Comprehension, frame: Frame) -> set[str]:
        """Return what stands for an element: in its conditions, or in the words that they are written in."""
        names, body = set(node.variables), node.args[0]
        while isinstance(body, Call) and body.id in frame.checked.instances:
            instance = frame.checked.instances[body.id]
            names = {
                name
                for name, part in zip(instance.parameters, body.args, strict=True)
                if isinstance(part, Ident) and part.name in names
            }
            frame = self._teller.inside(body, frame)
            body = frame.checked.expr
        return names

    # ----- nothing there

    def _nothing(self, node: Comprehension, frame: Frame, value: Value) -> Reason:
        noun = self._sight.noun(node.range, frame)
        absence = self.absence(node.range, frame)
        says = f"there is no {singular(noun)}"
        source = plain(self._sight.value(node.range, frame))
        facts: tuple[str, ...] = ()
        if isinstance(source, Listing) and source.pointer:
            facts = (source.pointer,)
        else:
            facts = self._sight.facts(node.range, frame=frame)
        step = self._teller.step(node, frame, value, says, facts=facts, steps=absence.steps)
        return Reason((step,), absence.tellings or (Telling(says),), absence.ways)

    def absence(self, node: Expr, frame: Frame) -> Reason:
        """Tell why *node* is null, empty or zero, where it is what a list was searched for."""
        if self._teller.is_full:
            return Reason()
        node, frame = self._sight.resolved(node, frame, through_lets=True)
        match node:
            case Comprehension(macro="filter" | "count"):
                return self._kept_none(node, frame)
            case Comprehension():
                return self.absence(node.range, frame)
            case Call(function="size"):
                return self.absence(node.target or node.args[0], frame)
            case Select(test=False, operand=operand):
                if plain(self._sight.value(operand, frame)) is None:
                    return self.absence(operand, frame)
        return Reason()

    def _kept_none(self, node: Comprehension, frame: Frame) -> Reason:
        source = self._source(node, frame)
        if not isinstance(source, Listing):
            return Reason()
        noun = self._sight.noun(node.range, frame)
        if not source.items:
            inner = self.absence(node.range, frame)
            if inner.steps:
                return inner
            says = f"there is no {singular(noun)}"
            pointers = (source.pointer,) if source.pointer else ()
            step = self._teller.step(node.range, frame, None, says, facts=pointers)
            return Reason((step,), (Telling(says),))
        results = self._sight.each(node, frame, source, joined=True)
        if any(plain(found) is True for _, found, _ in results):
            return Reason()
        return self._missed(node, frame, None, source, results)

    def kept(self, node: Expr, frame: Frame) -> str:
        """Say of how many members a ``filter`` or ``count`` keeps what it keeps, and which it does not."""
        if not isinstance(node, Comprehension) or node.macro not in {"filter", "count"}:
            return ""
        source = self._source(node, frame)
        if not isinstance(source, Listing) or source.is_open or not source.items:
            return ""
        text = f" of {counted(len(source), self._sight.noun(node.range, frame))}"
        if node.macro == "filter" or len(source) > _COUNTED:
            return text if node.macro == "count" else f",{text}"
        looked = self._sight.each(node, frame, source, joined=True)
        others = [self._words.element(item.value) for item, found, _ in looked if not plain(found)]
        return f"{text}; not {listed(others)}" if 0 < len(others) < len(source) else text

    # ----- elements

    def _inner(
        self,
        node: Comprehension,
        frame: Frame,
        item: Item,
        source: Listing,
        *,
        is_nearest: bool = False,
    ) -> Frame:
        """Return the frame of a macro's body for one member."""
        local = dict(frame.local)
        bind_element(node, item.value, local)
        noun = self._sight.noun(node.range, frame)
        return frame.with_member(node, item, local, Member(noun, len(source), is_nearest))

    def _asked(self, node: Comprehension, frame: Frame, value: Value) -> Reason:
        """Return why what an element is asked came to *value*; the element is a step, too."""
        self._teller.count()
        return self._teller.why(node.args[0], frame, value)

    def _element(self, item: Item, value: Value, says: str, reason: Reason) -> Step:
        says, steps = reason.merged(says)
        element = plain(named(item.value))
        pointer = element.pointer if isinstance(element, Record) else ""
        name = self._words.element(item.value)
        return self._teller.element(name, value, says, pointer, steps)


def _of_many(telling: Telling, total: str) -> Telling:
    """Tell of a list by its nearest element; a distance is told with that already."""
    if telling.margin is not None:
        return telling
    nearest = telling.of_nearest or telling.sentence
    return replace(
        telling, sentence=f"none of {total} will do; of the nearest, {nearest}", of_nearest=nearest
    )
