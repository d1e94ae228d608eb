"""
How fast are policies, compared with hand-written Python and with other CEL engines?

    python -m benchmarks.engine [--rounds N] [--large]

Run it from the project's root. The other engines come with ``pip install -e '.[bench]'``; one that is absent is
left out. Every contender judges the same facts, and all of them agree on every outcome before anything is
measured. One machine's microseconds say little: the ratios to the hand-written rules of the same run are the
result (see docs/performance.md).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from math import floor, log10
from typing import TYPE_CHECKING, Final

from auditor.evaluation.judged_facts import judged_facts
from benchmarks.engine.costs import (
    Shelf,
    peak_memory_kib,
    show_compiling,
    show_explaining,
    show_memory,
)
from benchmarks.engine.ground import Facts, Outcomes
from benchmarks.engine.hand_written import RULES
from benchmarks.engine.ours import (
    binding,
    exact_decision,
    exact_description,
    facts_at_hand,
    fast_decisions,
    freshly,
)
from benchmarks.engine.peer_rules import UNSAID
from benchmarks.engine.peers import PEERS
from benchmarks.engine.snapshot import LARGE, SMALL, canonical_size, project
from benchmarks.engine.timing import geometric_mean, measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from auditor.facts.snapshot import Snapshot

    Decision = Callable[[], Sequence[str]]
    Contenders = dict[str, dict[str, Decision]]
    """Name of a contender, to what decides each policy that it can say."""

BY_HAND: Final = "by hand"
FAST: Final = "ours, fast"
EXACT: Final = "ours, exact"
DESCRIBED: Final = "ours, exact, with words"
OWN: Final = (BY_HAND, FAST, EXACT, DESCRIBED)
PACKAGES: Final = {
    "cel_expr_python.cel": "cel-expr-python",
    "cel": "common-expression-language",
    "celpy": "cel-python",
}
WIDTH: Final = 11


def by_hand(rule: Callable[[Facts], Outcomes], facts: Facts) -> Decision:
    """Return what decides a policy by a hand-written rule."""
    return lambda: [outcome for _, outcome in rule(facts)]


def own(shelf: Shelf, snapshot: Snapshot, facts: Facts) -> Contenders:
    """Return the hand-written rules and our evaluators."""
    found: Contenders = {name: {} for name in OWN}
    plans = {policy: shelf.plan(policy) for policy in RULES}
    bind = binding(plans, snapshot)
    found[FAST].update(fast_decisions(plans, bind))
    for policy, rule in RULES.items():
        plan = plans[policy]
        found[BY_HAND][policy] = freshly(by_hand(rule, facts), bind)
        found[EXACT][policy] = exact_decision(plan, snapshot)
        found[DESCRIBED][policy] = exact_description(plan, snapshot)
    return found


def others(facts: Facts) -> Contenders:
    """Return the other engines, as far as they are installed."""
    found: Contenders = {}
    for kind in PEERS:
        try:
            peer = kind(facts)
        except ImportError:
            print(f"left out: {kind.name} ({PACKAGES[kind.module]} is not installed)")
            continue
        said = {policy: peer.decision(policy) for policy in RULES}
        found[kind.name] = {policy: one for policy, one in said.items() if one is not None}
    return found


def agree(contenders: Contenders) -> None:
    """End the run where a contender comes to another outcome than the hand-written rule."""
    for name, decisions in contenders.items():
        for policy, decide in decisions.items():
            wanted, got = list(contenders[BY_HAND][policy]()), list(decide())
            if wanted != got:
                sys.exit(f"{name} differs on {policy}: {got}, and by hand {wanted}")


def show_deciding(contenders: Contenders, rounds: int) -> None:
    """Measure all decisions, and print microseconds, ratios and their means."""
    work = {
        (name, policy): decide
        for policy in RULES
        for name, decisions in contenders.items()
        if (decide := decisions.get(policy)) is not None
    }
    taken = measured(work, rounds)
    names = list(contenders)
    print("\nContenders")
    for letter, name in zip(_letters(names), names, strict=True):
        print(f"  {letter}  {name}")
    heads = "".join(f"{letter:>{WIDTH}}" for letter in _letters(names))
    print(f"\n{'Deciding one policy, in µs':38}{heads}")
    for policy in RULES:
        print(f"{policy:38}{_cells((taken.get((n, policy)) for n in names), 1e6)}")
    by_hand = {policy: taken[BY_HAND, policy] for policy in RULES}
    ratios = {(name, policy): time / by_hand[policy] for (name, policy), time in taken.items()}
    print(f"\n{'In multiples of the hand-written rule':38}{heads}")
    for policy in RULES:
        print(f"{policy:38}{_cells(ratios.get((n, policy)) for n in names)}")
    print(f"{'geometric mean':38}{_cells(_mean(ratios, n) for n in names)}")
    multiples = {
        (name, policy): time / taken[FAST, policy] for (name, policy), time in taken.items()
    }
    print(f"{f'the same, in multiples of {FAST}':38}{_cells(_mean(multiples, n) for n in names)}")
    if len(names) > len(OWN):
        for policy, reason in UNSAID.items():
            print(f"not measured with the others: {policy} ({reason})")


def show_binding(shelf: Shelf, snapshot: Snapshot, rounds: int) -> None:
    """Print what the fast path costs once per snapshot, for all policies together."""
    bind = binding({policy: shelf.plan(policy) for policy in RULES}, snapshot)
    taken = measured({"bind": bind}, rounds)["bind"]
    print(f"{f'once per snapshot, {FAST}':38}{_cells([taken], 1e6)}")


def _letters(names: Sequence[str]) -> str:
    return "ABCDEFGHIJKL"[: len(names)]


def _mean(ratios: dict[tuple[str, str], float], name: str) -> float:
    """Return the geometric mean of a contender's ratios, over the policies that it can say."""
    return geometric_mean(ratio for (whose, _), ratio in ratios.items() if whose == name)


def _cells(values: Iterable[float | None], factor: float = 1) -> str:
    """Print numbers with three digits that count."""
    cells = []
    for value in values:
        if value is None:
            cells.append(f"{'-':>{WIDTH}}")
        else:
            shown = value * factor
            decimals = max(0, min(3, 2 - floor(log10(shown))))
            cells.append(f"{shown:>{WIDTH},.{decimals}f}")
    return "".join(cells)


def show_processes(names: Sequence[str]) -> None:
    """Start a process for each contender, and print the memory that it takes."""
    if peak_memory_kib() is None:
        return
    print("\nMemory of a process that decides every policy once, in MiB")
    for name in names:
        command = [sys.executable, "-m", "benchmarks.engine", "--alone", name]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        print(f"{name:38}{int(done.stdout.split()[-1]) / 1024:10.1f}")


def alone(name: str, shelf: Shelf, snapshot: Snapshot, facts: Facts) -> None:
    """Decide every policy once by one contender, and print the memory that it took in KiB."""
    kinds = [kind for kind in PEERS if kind.name == name]
    if kinds:
        peer = kinds[0](facts)
        decisions = [peer.decision(policy) for policy in RULES]
    elif name == BY_HAND:
        decisions = [lambda rule=rule: rule(facts) for rule in RULES.values()]  # type: ignore[misc]
    else:
        decisions = list(own(shelf, snapshot, facts)[name].values())
    for decide in decisions:
        if decide is not None:
            decide()
    print(peak_memory_kib())


def main() -> None:
    """Measure, and print the tables."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.engine")
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument(
        "--large",
        action="store_true",
        help="a busy year with its history, without the other engines",
    )
    options.add_argument("--alone", metavar="CONTENDER", help=argparse.SUPPRESS)
    given = options.parse_args()
    shelf = Shelf.open()
    document = project(LARGE if given.large else SMALL)
    snapshot = shelf.models.read(document)
    facts = Facts.of(snapshot, judged_facts(snapshot, snapshot.captured_at))
    with facts_at_hand(snapshot):
        if given.alone:
            alone(given.alone, shelf, snapshot, facts)
            return
        print(f"A snapshot of {canonical_size(document) / 1e3:,.0f} kB; Python {_python()}")
        contenders = own(shelf, snapshot, facts)
        if not given.large:
            contenders |= others(facts)
        agree(contenders)
        show_deciding(contenders, given.rounds)
        show_binding(shelf, snapshot, given.rounds)
        if not given.large:
            show_compiling(shelf, snapshot, given.rounds)
            show_explaining(shelf, snapshot, given.rounds)
            show_memory(shelf, snapshot)
            show_processes(list(contenders))


def _python() -> str:
    found = []
    for package in PACKAGES.values():
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join([sys.version.split()[0], *found])


if __name__ == "__main__":
    main()
