"""
Whatever comes in, well-formed or not: it is refused in words, or it is judged.

A round is one text, written by the typed grammar, by the same grammar without regard to types, out of one by
accident, out of tokens or out of bytes; or a whole policy file. What is accepted is asked of a few random
snapshots. Every free text of those begins with a mark, which must never show up in an error. A round depends
on the seed and its number only, so that any of them can be run again by itself.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from time import perf_counter  # noqa: TID251 - tells what is slow
from typing import TYPE_CHECKING, Any, Final

import auditor
from auditor.evaluation.exact import BudgetExceeded
from auditor.evaluation.fast.engine import FastEngine
from auditor.evaluation.judge import Instants, judge
from auditor.evaluation.shapes import plain
from auditor.facts.snapshot import Roots
from auditor.language.cel.diagnostics import CheckErrors
from auditor.language.cel.source import CelSyntaxErrors
from auditor.language.policy_compiler import compile_plan
from auditor.language.policy_draft import PolicyText
from auditor.language.values import Failure, Unknown
from auditor.model.errors import AuditorError, ErrorGroup
from auditor.model.outcome import Outcome
from auditor.usecases.read_policies import packaged_folder
from tests.differential import vocabulary
from tests.differential.delivery import WORDS
from tests.differential.documents import HOLED, KNOWN, Knobs, Writer
from tests.differential.expressions import Generator, seeded
from tests.differential.policies import policy
from tests.differential.world import AS_OF, Question, ask, exactly, world
from tests.differential.world import WORDS as WORDS_OF_PACK

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from auditor.facts.snapshot import Snapshot
    from auditor.facts.types import Type
    from auditor.language.plan import Plan
    from tests.differential.terms import Scope

MARK: Final = "qzMARKqz"
"""What every free text of a snapshot begins with, and no policy says."""
BUDGET: Final = 200_000
SNAPSHOTS: Final = 24
"""Random snapshots of which each round chooses."""
_HOLED_AND_MARKED: Final = Knobs(
    holes=HOLED.holes, truncated=HOLED.truncated, days=HOLED.days, mark=MARK
)
_MARKED: Final = Knobs(nulls=KNOWN.nulls, mark=MARK)

_TOKENS: Final = (
    "risks", "project", "as_of", "x", "r", "true", "false", "null", "1", "0u", "-9223372036854775808", "1e308",
    "'a'", "b'\\xff'", '"""', "r'\\d'", "90 %", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "?.", "[?",
    "&&", "||", "!", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", "has", "all", "exists",
    "map", "filter", "latest", "size", "cel.bind", "cel.block", "cel.index", "__class__", "__import__('os')",
    "lambda", "import", "@", "`a b`", "\\", "\n", "//", "#", "timestamp('now')", "matches('(a+)+$')", "🙂",
)  # fmt: skip


class Violation(Exception):
    """
    Something happened that must not.

    Args:
        what: What it is.
        where: The round and its text, which reproduce it.
    """

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what}\n{where}")


@dataclass
class Tally:
    """What happened in some rounds."""

    pairs: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    """Seconds of the pair that took longest."""
    slowest_text: str = ""

    def add(self, outcome: str, seconds: float, text: str) -> None:
        """Count one pair."""
        self.pairs += 1
        self.outcomes[outcome] += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_text = seconds, text


# ----- texts


class _Careless(Generator):
    """Writes something of another type at times."""

    def make(self, goal: Type, scope: Scope, depth: int) -> str:
        if self.random.random() < 0.1:
            goal = self.pick(vocabulary.GOALS)
        return super().make(goal, scope, depth)


def _typed(random: Random) -> str:
    return vocabulary.written(random, random.choice((2, 3, 3, 4)))[0]


def _careless(random: Random) -> str:
    grammar = vocabulary.grammar(conventions=True)
    gen = _Careless(grammar, random)
    return gen.make(gen.pick(vocabulary.GOALS), grammar.roots, random.choice((2, 3, 4)))


def damaged(text: str, random: Random) -> str:
    """Delete, repeat, move or insert something in a text, a few times."""
    for _ in range(random.randrange(1, 5)):
        a, b = sorted(random.randrange(len(text) + 1) for _ in range(2))
        b = min(b, a + 20)
        match random.randrange(5):
            case 0:
                text = text[:a] + text[b:]
            case 1:
                text = text[:b] + text[a:]
            case 2:
                text = text[:a] + random.choice(_TOKENS) + text[b:]
            case 3:
                text = (
                    text[:a]
                    + chr(random.choice((0, 9, 34, 39, 92, 0x2028, 0x1F642, 0xD7FF)))
                    + text[a:]
                )
            case _:
                text = text[:a] + text[a:b] * random.choice((2, 3, 60)) + text[b:]
    return text


def _damaged(random: Random) -> str:
    return damaged(_typed(random), random)


def _tokens(random: Random) -> str:
    between = random.choice((" ", "", " "))
    return between.join(random.choice(_TOKENS) for _ in range(random.randrange(1, 30)))


def _bytes(random: Random) -> str:
    length = random.choice((1, 3, 10, 40, 300))
    return random.randbytes(length).decode("utf-8", random.choice(("replace", "ignore")))


def _nested(random: Random) -> str:
    """Put something deep inside brackets, macros or operators, up to the limits of the language and beyond."""
    before, after = random.choice(
        (("(", ")"), ("[", "]"), ("{'a': ", "}"), ("!", ""), ("-", ""), ("true ? 1 : ", ""), ("size([", "])"),
         ("[1].map(x, ", ")"), ("1 + ", ""), ("true && ", ""), ("risks.exists(r, ", ")"), ("dyn(", ")"),
         ("cel.bind(x, ", ", x)"), ("(1 - ", ")"), ("has(risks[0].ext) && ", ""), ("['", "'.size()]"))
    )  # fmt: skip
    times = random.choice((3, 10, 30, 60, 64, 65, 100, 3_000))
    return before * times + random.choice(("1", "true", "risks", _typed(random))) + after * times


TEXTS: Final[tuple[tuple[str, int, int, Callable[[Random], str]], ...]] = (
    ("typed", 10, 20, _typed),
    ("careless", 3, 10, _careless),
    ("damaged", 4, 10, _damaged),
    ("tokens", 2, 2, _tokens),
    ("bytes", 2, 1, _bytes),
    ("nested", 1, 2, _nested),
)
"""Kinds of texts: how often, how many snapshots each is asked of, and how they are written."""
POLICIES: Final = 2
"""How often a round is a whole file, in the same measure."""


# ----- rounds


@cache
def snapshots(seed: int) -> tuple[Snapshot, ...]:
    """Return the marked snapshots of a seed."""
    model = world().model
    made = []
    for number in range(SNAPSHOTS):
        random = seeded(f"snapshot {seed} {number}")
        knobs = _HOLED_AND_MARKED if number % 2 else _MARKED
        made.append(model.read(Writer(model.shape, random, knobs).write()))
    return tuple(made)


def run_round(seed: int, number: int, tally: Tally) -> None:
    """
    Run one round.

    Raises:
        Violation: Something happened that must not; the message holds what reproduces it.
    """
    random = seeded(f"round {seed} {number}")
    weights = [*(weight for _, weight, _, _ in TEXTS), POLICIES]
    chosen = random.choices(range(len(weights)), weights)[0]
    if chosen == len(TEXTS):
        _policy_round(random, seed, number, tally)
        return
    kind, _, asked, write = TEXTS[chosen]
    text = write(random)
    where = f"round {number} of seed {seed} ({kind}):\n{text}"
    begin = perf_counter()
    question = _asked(text, where)
    if question is None:
        tally.add(f"{kind}: refused", perf_counter() - begin, text)
        return
    for _ in range(asked):
        snapshot = random.choice(snapshots(seed % 16))
        begin = perf_counter()
        outcome = _answered(question, snapshot, where)
        tally.add(f"{kind}: {outcome}", perf_counter() - begin, text)


def _asked(text: str, where: str) -> Question | None:
    try:
        return ask(text)
    except (CelSyntaxErrors, CheckErrors) as refused:
        _unmarked(repr(vars(refused)), where)
        return None
    except Exception as error:
        raise _broken(error, where) from error


def _answered(question: Question, snapshot: Snapshot, where: str) -> str:
    try:
        value = plain(exactly(question, snapshot, BUDGET))
    except BudgetExceeded:
        return "budget"
    except Exception as error:
        raise _broken(error, where) from error
    if isinstance(value, Failure):
        _unmarked(f"{value.slug} {value.message}", where)
        return "error"
    return "unknown" if isinstance(value, Unknown) else "value"


def _broken(error: Exception, where: str) -> Violation:
    return Violation(f"{type(error).__name__}: {error}", where)


def _unmarked(said: str, where: str) -> None:
    if MARK in said:
        what = f"an error shows a fact: {said[:300]}"
        raise Violation(what, where)


# ----- whole files


def _file(random: Random) -> bytes:
    match random.randrange(6):
        case 0:
            return random.randbytes(random.choice((0, 5, 80, 500)))
        case 1 | 2:
            text = json.dumps(policy(random), indent=1, ensure_ascii=False)
            return damaged(text, random).encode("utf-8", "surrogatepass")
        case 3:
            data = bytearray(json.dumps(policy(random), indent=1).encode())
            for _ in range(random.randrange(1, 6)):
                data[random.randrange(len(data))] = random.randrange(256)
            return bytes(data)
        case _:
            return json.dumps(policy(random), indent=1, ensure_ascii=False).encode()


@cache
def _pack() -> PolicyText:
    data = (packaged_folder().path / "pack.yaml").read_bytes()
    return PolicyText("policies/pack.yaml", "", data, "")


def _policy_round(random: Random, seed: int, number: int, tally: Tally) -> None:
    data = _file(random)
    where = f"round {number} of seed {seed} (policy):\n{data!r}"
    begin = perf_counter()
    plan = _compiled(data, where)
    if plan is None:
        tally.add("policy: refused", perf_counter() - begin, repr(data))
        return
    for _ in range(2):
        snapshot = random.choice(snapshots(seed % 16))
        begin = perf_counter()
        outcome = _judged(plan, snapshot, where)
        tally.add(f"policy: {outcome}", perf_counter() - begin, repr(data))


def _compiled(data: bytes, where: str) -> Plan | None:
    texts = [
        PolicyText("policies/x/pack.yaml", "x", WORDS_OF_PACK, "x"),
        PolicyText("policies/x/random-policy.yaml", "x", data, "x"),
    ]
    if any(f"{name}(".encode() in data for name, _, _ in WORDS):  # reading the words takes longest
        texts.append(_pack())
    try:
        return compile_plan(texts, roots=Roots(world().models), functions=world().functions)
    except ErrorGroup as group:
        _unmarked(repr([vars(error) for error in group.errors]), where)
    except AuditorError as error:
        _unmarked(repr(vars(error)), where)
    except Exception as error:
        raise _broken(error, where) from error
    return None


_NAMING: Final = frozenset({"no_key", "duplicate_key"})
"""Errors that say which records they are about, by name, as rule 1 of LANGUAGE.md, section 2, demands."""


def _judged(plan: Plan, snapshot: Snapshot, where: str) -> str:
    try:
        fast = FastEngine(plan, sampled=1, is_eager=True)  # decides everything twice, and compares
        result = judge(plan, snapshot, Instants(AS_OF), name="random", fast=fast)
    except Exception as error:
        raise _broken(error, where) from error
    if not result.verdicts and not result.out_of_period:
        what = "no verdict at all"
        raise Violation(what, where)
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.ERROR and verdict.reason not in _NAMING:
            broken = [c.message for c in verdict.clauses if c.outcome is Outcome.ERROR]
            _unmarked(" ".join([verdict.message, *broken]), where)
    return ", ".join(sorted({verdict.outcome.value for verdict in result.verdicts}))


# ----- what must not happen beside


_FORBIDDEN: Final = (
    "os.system",
    "os.exec",
    "os.spawn",
    "subprocess.Popen",
    "socket.connect",
    "ctypes.dlopen",
)


def watch() -> Callable[[], list[str]]:
    """
    Note from now on when the interpreter compiles a text, starts a process or opens a connection.

    Returns:
        What has been noted so far. The watch cannot be ended: for programs, not for a process of tests.
    """
    noted: list[str] = []

    for module in walk_packages(auditor.__path__, "auditor."):  # importing compiles texts, too
        if not module.name.endswith("__main__"):
            import_module(module.name)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        # The shaper compiles a text of its own, in which nothing of a schema stands.
        if (
            event == "compile"
            and isinstance(arguments[0], str | bytes)
            and arguments[1] != "<shaper>"
        ):
            noted.append(f"compile {arguments[0][:80]!r}")
        elif event in _FORBIDDEN:
            noted.append(event)

    sys.addaudithook(hook)
    return lambda: noted
