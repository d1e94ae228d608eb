"""
What does a small change to a policy cost, beside running the policy's cases once?

Run it from the project's root: ``python benchmarks/mutation.py [POLICY ...]``. One machine's milliseconds say
little; the ratio to the cases in the same run is the result. Below one, a change costs less than the cases: it is
dropped at the first case that notices it. The search for a case that would have noticed a change is told apart.
"""

from __future__ import annotations

import argparse
from statistics import mean
from time import perf_counter

from auditor.language.vocabulary import is_pack
from auditor.usecases.mutation.tried_mutant import Fate
from auditor.usecases.mutation.tried_policy import TriedPolicy
from auditor.usecases.read_cases import read_cases
from auditor.usecases.workbench import read_workbench


def main() -> None:
    """Print for each policy the time of its cases, of a change, and the ratio."""
    options = argparse.ArgumentParser()
    options.add_argument("policies", nargs="*", help="ids of policies; all that come with auditor")
    wanted = set(options.parse_args().policies)
    bench = read_workbench()
    print(f"{'policy':40} {'cases':>9} {'changes':>8} {'change':>9} {'ratio':>6} {'check':>9}")
    ratios = []
    for text in bench.texts:
        policy = text.path.rpartition("/")[2].removesuffix(".yaml")
        if is_pack(text) or (wanted and policy not in wanted):
            continue
        beside = read_cases(text, policy)
        if beside.file is None:
            continue
        tried = TriedPolicy(bench, text, beside, tries=0)
        tried.failing()  # what is loaded once is loaded
        again = TriedPolicy(bench, text, beside, tries=0)
        begin = perf_counter()
        again.failing()
        cases = perf_counter() - begin
        spent: dict[Fate, list[float]] = {fate: [] for fate in Fate}
        for number in range(len(again.mutants)):
            begin = perf_counter()
            fate = again.tried(number).fate
            spent[fate].append(perf_counter() - begin)
        change = mean([*spent[Fate.NOTICED], *spent[Fate.MISSED]])
        check = mean(spent[Fate.INVALID] or [0.0])
        ratios.append(change / cases)
        print(
            f"{policy:40} {cases * 1e3:6.1f} ms {len(again.mutants):8} {change * 1e3:6.1f} ms"
            f" {change / cases:6.2f} {check * 1e3:6.1f} ms"
        )
    print(f"a change costs {mean(ratios):.2f} times the cases of its policy")


if __name__ == "__main__":
    main()
