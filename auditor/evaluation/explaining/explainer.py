"""
Why a condition came to what it did: from the top down, only into the parts that decided.

Of a false ``&&`` the operands that are false, of a false ``||`` all of them, of a ``?:`` the test and the branch
that was taken, of a word its own definition, of a list the elements that counted or came near. What is true
of the others changes nothing and is left out.

Source: LANGUAGE.md, sections 2 to 4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.evaluation.exact import BudgetExceeded
from auditor.evaluation.explaining.beside import Beside
from auditor.evaluation.explaining.comparing import Comparing
from auditor.evaluation.explaining.frames import Frame, Sight
from auditor.evaluation.explaining.lists import Lists
from auditor.evaluation.explaining.reasons import Reason, Telling, all_of, any_of, came, together
from auditor.evaluation.explaining.unsettled import Unsettled
from auditor.evaluation.explaining.words import Words
from auditor.evaluation.scope import Bound
from auditor.evaluation.shapes import plain
from auditor.evaluation.wording import shortened
from auditor.language.cel.ast import Call, Comprehension, Expr, Ident, Literal, Select, walk
from auditor.language.values import Failure, Listing, Unknown, Value
from auditor.model.explanation import Because, Came, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from fractions import Fraction

    from auditor.evaluation.exact import Evaluator
    from auditor.evaluation.explaining.frames import Written
    from auditor.evaluation.wording import Wording
    from auditor.language.cel.checked import CheckedExpr
    from auditor.model.location import Location

MOST_STEPS: Final = 60
"""Steps of one explanation; whoever needs more reads the policy."""
_DEEPEST: Final = 32
"""Sub-expressions inside each other that are looked into."""
_FACTS: Final = 4
"""Facts that one step names."""
_LOGIC: Final = frozenset({"_&&_", "_||_"})
_QUANTIFIERS: Final = frozenset({"all", "exists", "exists_one"})
_BEGINNINGS: Final = frozenset({"found", "it", "none", "not", "the", "there", "undecided:"})
"""With what sentences begin that do not begin with a name."""
_HOLDS: Final = {True: "each of these holds", False: "none of these holds"}


class Explainer:
    """
    Explains the conditions of one policy on one subject.

    Args:
        policy: What was judged.
        evaluator: By which it was.
        names: Every variable.
        wording: Shows values.
        original: Translates a pointer into the judged facts into one of the snapshot as it was read.
    """

    def __init__(
        self,
        policy: Written,
        evaluator: Evaluator,
        names: Mapping[str, Value],
        wording: Wording,
        original: Callable[[str], str],
    ) -> None:
        self.sight = Sight(policy, evaluator, names)
        self.words = Words(self.sight, wording, original)
        self._places = {place.name: place for place in policy.places}
        self._comparing = Comparing(self.sight, self.words)
        self._lists = Lists(self)
        self._beside = Beside(self, self._comparing)
        self._unsettled = Unsettled(self, self._comparing)
        self.pointers: list[str] = []
        """Of the facts of the last explanation, in the facts that were judged."""
        self._told: set[str] = set()
        self._left = MOST_STEPS
        self._depth = 0

    def because(
        self, checked: CheckedExpr, part: str, expected: Came, most: int = MOST_STEPS
    ) -> Because | None:
        """
        Explain what an expression of the policy came to.

        Args:
            checked: The expression.
            part: Its name among the places of the policy.
            expected: What the judging took it to be.
            most: Steps that are told.

        Returns:
            None where it is something else, because another engine judged, where a second look would take
            more steps than a policy may take, and where a number or a date cannot be told.
        """
        self._told, self._left, self._depth = set(), most, 0
        self.pointers = []
        frame = Frame(checked, part, (id(checked.expr),))
        try:
            value = self.sight.value(checked.expr, frame)
            if came(value) is not expected:
                return None
            reason = self.why(checked.expr, frame, value)
            if not reason.tellings:
                reason = self._by_itself(checked.expr, frame, value)
        except (BudgetExceeded, ArithmeticError, ValueError):
            # The verdict was decided before. A number or a date of a snapshot that some word cannot be made
            # of, like one beyond every float, costs what there is to tell; any other fault still shows.
            self.pointers = []
            return None
        best = min(reason.tellings, key=Telling.rank)
        return Because(
            _sentence(best.sentence), reason.steps, reason.ways, has_margin=best.margin is not None
        )

    # ----- steps

    def step(
        self,
        node: Expr,
        frame: Frame,
        value: Value,
        says: str,
        *,
        facts: tuple[str, ...] = (),
        steps: tuple[Step, ...] = (),
    ) -> Step:
        """Make the step of *node*."""
        named = facts[:_FACTS]
        self.pointers += named
        return Step(
            came(value),
            shortened(frame.text(node)),
            says,
            self.place(node, frame),
            tuple(dict.fromkeys(map(self.words.original, named))),
            steps,
        )

    def element(
        self, text: str, value: Value, says: str, pointer: str, steps: tuple[Step, ...]
    ) -> Step:
        """Make the step of an element of a list."""
        self.pointers += [pointer] if pointer else []
        facts = (self.words.original(pointer),) if pointer else ()
        return Step(came(value), text, says, None, facts, steps)

    def place(self, node: Expr, frame: Frame) -> Location | None:
        """Return where the policy writes *node*; None for what the program made up."""
        place = self._places.get(frame.part)
        return place.at(node.start) if place is not None else None

    def count(self) -> None:
        """Count a step that is going to be told."""
        self._left -= 1

    @property
    def is_full(self) -> bool:
        """Whether no more is to be told."""
        return self._left <= 0 or self._depth > _DEEPEST

    # ----- truth

    def why(self, node: Expr, frame: Frame, value: Value) -> Reason:
        """Return why *node* came to *value*."""
        if self.is_full:
            return Reason()
        self.count()
        self._depth += 1
        try:
            return self._why(node, frame, value)
        finally:
            self._depth -= 1

    def _why(self, node: Expr, frame: Frame, value: Value) -> Reason:
        if _looks_past_names(node):
            return self._leaf(node, frame, value)
        match node:
            case Call(function=function) if function in _LOGIC:
                return self._logic(node, frame, value)
            case Call(function="!_" | "dyn", args=(inner,)):
                return self.why(inner, frame, self.sight.value(inner, frame))
            case Call(function="_?_:_"):
                return self._conditional(node, frame, value)
            case Call() if node.id in frame.checked.instances:
                return self._definition(node, frame, value)
            case Comprehension(macro="bind"):
                return self._bound(node, frame, value)
            case Comprehension() if node.macro in _QUANTIFIERS and len(node.args) == 1:
                return self._lists.quantified(node, frame, value)
            case Ident():
                return self._name(node, frame, value)
        return self._leaf(node, frame, value)

    def _logic(self, node: Call, frame: Frame, value: Value) -> Reason:
        deciding = node.function == "_||_"
        finished = plain(value)
        results: list[tuple[Expr, Value]] = []
        look = self.sight.value
        for part in node.args:
            results.append((part, look(part, frame)))
            if plain(results[-1][1]) is deciding:
                look = (
                    self.sight.tried
                )  # it is decided: the others are told only where that is cheap
        if not isinstance(finished, bool):
            kind = Unknown if isinstance(finished, Unknown) else Failure
            chosen = [(part, found) for part, found in results if isinstance(found, kind)]
            reasons = [self.why(part, frame, found) for part, found in chosen]
            return together(reasons, any_of(reasons))
        chosen = [(part, found) for part, found in results if plain(found) is finished]
        others = len(chosen)
        if finished is deciding and (finished or _is_guard(chosen[0][0])):
            chosen = chosen[
                :1
            ]  # one that holds is enough, and behind a guard nothing is worth a look
        reasons = [self.why(part, frame, found) for part, found in chosen]
        if finished is not deciding:
            ways = any_of(reasons)
        elif finished and others > 1:
            ways = ()  # the others hold as well: to turn this one turns nothing
        else:
            ways = all_of(reasons)
        if finished is deciding and len(chosen) == 1:
            beside = [part for part in node.args if part is not chosen[0][0]]
            ways = self._beside.once_recorded(ways, beside, frame, decided=finished)
        reason = together(reasons, ways)
        if len(chosen) == 1:
            return reason
        if finished is deciding:
            says = f"{len(chosen)} of {len(results)} do not hold"
        else:
            says = _HOLDS[finished]
        step = self.step(node, frame, value, says, steps=reason.steps)
        return Reason((step,), reason.tellings, reason.ways, says)

    def _conditional(self, node: Call, frame: Frame, value: Value) -> Reason:
        test, *branches = node.args
        chosen = self.sight.value(test, frame)
        first = self.why(test, frame, chosen)
        if not isinstance(plain(chosen), bool):
            return first
        branch = branches[0 if plain(chosen) else 1]
        second = self.why(branch, frame, value)
        return Reason((*first.steps, *second.steps), second.tellings or first.tellings, second.ways)

    def _definition(self, node: Call, frame: Frame, value: Value) -> Reason:
        body = self.inside(node, frame)
        reason = self.why(body.checked.expr, body, value)
        says, steps = reason.merged()
        step = self.step(node, frame, value, says, steps=steps)
        return Reason((step,), reason.tellings, reason.ways)

    def inside(self, node: Call, frame: Frame) -> Frame:
        """Return the frame of a definition that *node* calls."""
        instance = frame.checked.instances[node.id]
        local = {
            name: Bound(self.sight.value(part, frame))
            for name, part in zip(instance.parameters, node.args, strict=True)
        }
        arguments = {
            name: (part, frame) for name, part in zip(instance.parameters, node.args, strict=True)
        }
        part = f"define/{node.function}"
        return Frame(instance.body, part, (*frame.path, id(node)), local, {}, arguments)

    def _bound(self, node: Comprehension, frame: Frame, value: Value) -> Reason:
        """Explain the body of ``cel.bind``, whose name stands for its value as a parameter does."""
        (name,) = node.variables
        held = Bound(self.sight.value(node.range, frame))
        inner = Frame(
            frame.checked,
            frame.part,
            frame.path,
            {**frame.local, name: held},
            {key: member for key, member in frame.members.items() if key != name},
            {**frame.arguments, name: (node.range, frame)},
        )
        return self.why(node.args[0], inner, value)

    def _name(self, node: Ident, frame: Frame, value: Value) -> Reason:
        found = self.sight.argument(node, frame)
        if found is not None:
            return self.why(*found, value)
        name = self.sight.let(node, frame)
        if name is None:
            return self._leaf(node, frame, value)
        if name in self._told:
            says = f"{name}, as told above"
            return Reason((self.step(node, frame, value, says),), (Telling(says),))
        self._told.add(name)
        expr, behind = self.sight.behind(name)
        reason = self.why(expr, behind, value)
        facts = self.sight.facts(node, frame=frame) if not reason.steps else ()
        says, steps = reason.merged()
        step = self.step(node, frame, value, says, facts=facts, steps=steps)
        return Reason((step,), reason.tellings, reason.ways)

    def gap(self, node: Expr, frame: Frame) -> Fraction | None:
        """Return by how much a comparison is missed; None for what has no order."""
        return self._comparing.gap(node, frame)

    # ----- what is decided by itself

    def _leaf(self, node: Expr, frame: Frame, value: Value) -> Reason:
        finished = plain(value)
        if isinstance(finished, Unknown):
            return self._unsettled.undecided(node, frame, finished)
        if isinstance(finished, Failure):
            return self._unsettled.broken(node, frame, finished)
        if isinstance(node, Literal):
            return Reason()  # what it is a part of says it all
        told = self._comparing.told(node, frame, finished)
        rests = tuple(step for part in told.operands for step in self.rests(part, frame))
        facts = self.sight.facts(node, frame=frame)
        step = self.step(node, frame, value, told.says, facts=facts, steps=rests)
        tellings = [Telling(told.sentence, told.margin)]
        absent = [part for part in told.operands if self._is_nothing(part, frame)]
        deeper = [self._lists.absence(part, frame) for part in absent]
        if any(reason.steps for reason in deeper):
            more = tuple(one for reason in deeper for one in reason.steps)
            step = Step(step.came, step.text, step.says, step.place, step.facts, (*rests, *more))
            tellings = [one for reason in deeper for one in reason.tellings] or tellings
        itself = ((told.turn,),) if told.turn is not None else ()
        return Reason((step,), tuple(tellings), any_of(deeper) or itself)

    def _by_itself(self, node: Expr, frame: Frame, value: Value) -> Reason:
        """Explain what rests on constants alone."""
        says = "the policy says so, whatever the facts are"
        return Reason((self.step(node, frame, value, says),), (Telling(says),))

    def _is_nothing(self, node: Expr, frame: Frame) -> bool:
        """Whether something was looked for and not found: null, no members, or one of neither."""
        if isinstance(node, Literal):
            return False
        value = plain(self.sight.value(node, frame))
        return value is None or value == 0 or (isinstance(value, Listing) and not len(value))

    def rests(self, node: Expr, frame: Frame) -> tuple[Step, ...]:
        """Return what the names in an operand stand for: one level down, each once in an explanation."""
        steps: list[Step] = []
        for part in walk(node):
            found = self.sight.argument(part, frame)
            if found is not None:
                steps += self.rests(*found)
                continue
            name = self.sight.let(part, frame)
            if name is None or name in self._told or self.is_full:
                continue
            self._told.add(name)
            self.count()
            expr, behind = self.sight.behind(name)
            value = self.sight.value(part, frame)
            says = f"{name} is {self.words.show(value)}{self._lists.kept(expr, behind)}"
            pointers = self.sight.facts(part, frame=frame)
            step = self.step(expr, behind, plain(value), says, facts=pointers)
            steps.append(Step(Came.VALUE, step.text, says, step.place, step.facts))
        return tuple(steps)

    # ----- what is not decided, or broken


def _is_guard(node: Expr) -> bool:
    """Whether *node* asks whether something is there: what is asked of it afterwards says nothing then."""
    match node:
        case Call(function="_!=_", args=(_, Literal(value=None)) | (Literal(value=None), _)):
            return True
        case Select(test=True):
            return True
        case _:
            return False


def _looks_past_names(node: Expr) -> bool:
    """Whether a name is looked up past the macro variables of its name, so that one look is not enough."""
    return any(isinstance(part, Ident) and part.absolute for part in walk(node))


def _sentence(text: str) -> str:
    """Make a sentence of a clause; what a policy or a snapshot calls something stays as it is."""
    start = text[:1].upper() if text.split(" ", 1)[0] in _BEGINNINGS else text[:1]
    return f"{start}{text[1:]}." if text else ""
