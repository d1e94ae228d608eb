"""
Every policy over every snapshot with one thing less: does the fast path still say what the exact evaluator says?

Every fact of the demonstration and of the bases of all cases is taken away, set to null, known only to its day;
every list is cut short and emptied. The suite makes a small part of these changes: see
``tests/evaluation/fast/test_leaves.py``.

    python benchmarks/fast_leaves.py [NAME ...]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from auditor.evaluation.judge import Instants
from auditor.evaluation.subject_judge import SubjectJudge
from auditor.language.cases import parse_cases
from auditor.usecases.read_policies import (
    PolicyChoice,
    load_policies,
    packaged_folder,
    snapshot_models,
)
from tests.evaluation.fast.corpus import FastPlans, Matter
from tests.evaluation.fast.demonstration import matters_of_demonstration
from tests.evaluation.fast.leaves import Reads, Tally, compared, leaves

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print for each snapshot how many changes were made, and every difference."""
    options = argparse.ArgumentParser()
    options.add_argument(
        "names", nargs="*", help="auditees or policies whose cases have a base; all"
    )
    wanted = set(options.parse_args().names)
    models = snapshot_models()
    plan = load_policies([packaged_folder()], PolicyChoice(()), models).plan
    if plan is None:
        sys.exit("the policies cannot be read")
    plans, reads = FastPlans(models), Reads(plan, models)
    matters = []
    for path in sorted((ROOT / "policies").glob("*/*.cases.yaml")):
        snapshot = models.read(parse_cases(path.read_bytes(), path=path.name).base)
        name = path.name.removesuffix(".cases.yaml")
        matters.append(Matter(name, plan, snapshot, Instants(snapshot.captured_at)))
    different = 0
    with pytest.MonkeyPatch.context() as patch:
        matters += [
            replace(matter, plan=plan)
            for matter in matters_of_demonstration(patch, ROOT / "fixtures")
        ]
        # Why a verdict is what it is decides nothing, and takes most of the time.
        patch.setattr(SubjectJudge, "_explained", lambda _, verdict, __: verdict)
        for matter in matters:
            if wanted and matter.name not in wanted:
                continue
            begin, tally = process_time(), Tally()
            for leaf in leaves(models[matter.snapshot.target], matter.snapshot.document):
                for difference in compared(matter, leaf, reads, plans, tally):
                    different += 1
                    print(difference)
            seconds = process_time() - begin
            print(
                f"{matter.name}: {tally.changes} changes, {tally.answers} answers, {seconds:.0f} s",
                flush=True,
            )
    print(f"{different} differences")


if __name__ == "__main__":
    main()
