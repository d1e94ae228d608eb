"""A plan is compiled once; what is not the very plan that this user kept is compiled again."""

from __future__ import annotations

import os
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.language import policy_compiler
from auditor.language.registry import Functions, Library, overload
from auditor.model.location import Location
from auditor.model.severity import Severity
from auditor.model.tailoring import Override, Written
from auditor.usecases import plan_cache
from auditor.usecases.plan_cache import KEPT, PlanCache
from auditor.usecases.read_policies import (
    LoadedPolicies,
    PolicyChoice,
    PolicyFolder,
    load_policies,
    snapshot_models,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = f"{'0' * 64}.plan"
POLICY = """
id: {id}
title: A title.
why: A reason.
fix: A way out.
controls: [SEEF-EXE-01]
severity: medium
target: project
params:
  limit: {{type: span, default: 24 hours, about: How long.}}
let:
  short: size(project.name) {than} 100
when: params.limit == params.limit && words()
require:
  - that: short
    say: "{{project.name}} is long"
    empty: pass
"""
PACK = "title: A pack\ndefine:\n  words(): {words}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a pack of two policies and a word."""
    pack = tmp_path / "packs" / "one"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(PACK.format(words="true"), encoding="utf-8")
    for name in ("first-defect", "second-defect"):
        (pack / f"{name}.yaml").write_text(POLICY.format(id=name, than="<"), encoding="utf-8")
    return tmp_path / "packs"


@pytest.fixture
def cache(tmp_path: Path) -> PlanCache:
    """Return a cache in folders that do not exist yet."""
    return PlanCache(tmp_path / "cache" / "plans", tmp_path / "state" / "secret")


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows with every plan that is compiled."""
    found: list[int] = []
    compile_plan = policy_compiler.compile_plan

    def counted(*arguments: Any, **named: Any) -> Any:
        found.append(1)
        return compile_plan(*arguments, **named)

    monkeypatch.setattr(policy_compiler, "compile_plan", counted)
    return found


def load(folder: Path, cache: PlanCache | None, **named: Any) -> LoadedPolicies:
    """Load every policy of *folder*."""
    loaded = load_policies(
        [PolicyFolder(folder, "p")], PolicyChoice(), snapshot_models(), cache=cache, **named
    )
    assert loaded.errors == ()
    assert loaded.plan is not None
    return loaded


def kept(cache: PlanCache) -> list[str]:
    """Return the files in the cache."""
    return sorted(file.name for file in cache.folder.iterdir()) if cache.folder.is_dir() else []


# ----- found again


def test_a_plan_is_compiled_once(folder: Path, cache: PlanCache, compiled: list[int]) -> None:
    """The second start finds what the first one kept."""
    first, second = load(folder, cache), load(folder, cache)

    assert len(compiled) == 1
    assert len(kept(cache)) == 1
    assert first.plan is not None
    assert second.plan is not None
    assert second.plan.summaries == first.plan.summaries


def test_without_a_cache_nothing_is_kept(folder: Path, compiled: list[int]) -> None:
    """Whoever passes none compiles."""
    load(folder, None)
    load(folder, None)

    assert len(compiled) == 2


def test_a_plan_with_faults_is_not_kept(folder: Path, cache: PlanCache) -> None:
    """What is wrong has to be told at every start; the rest of it is kept."""
    broken = folder / "one" / "first-defect.yaml"
    broken.write_text(POLICY.format(id="first-defect", than="+"), encoding="utf-8")

    for _ in range(2):
        loaded = load_policies(
            [PolicyFolder(folder, "p")], PolicyChoice(), snapshot_models(), cache=cache
        )
        assert [error.location.path for error in loaded.errors if error.location]
        assert loaded.plan is not None
        assert [summary.id for summary in loaded.plan.summaries] == ["second-defect"]
    assert len(kept(cache)) == 1


# ----- whatever a plan is made of


def _policy(folder: Path) -> None:
    file = folder / "one" / "first-defect.yaml"
    file.write_text(POLICY.format(id="first-defect", than="<="), encoding="utf-8")


def _word(folder: Path) -> None:
    (folder / "one" / "pack.yaml").write_text(PACK.format(words="false"), encoding="utf-8")


def _new(folder: Path) -> None:
    file = folder / "one" / "third-defect.yaml"
    file.write_text(POLICY.format(id="third-defect", than="<"), encoding="utf-8")


def _gone(folder: Path) -> None:
    (folder / "one" / "second-defect.yaml").unlink()


def _renamed(folder: Path) -> None:
    (folder / "one" / "second-defect.yaml").rename(folder / "one" / "other.yaml")


@pytest.mark.parametrize("change", [_policy, _word, _new, _gone, _renamed])
def test_another_text_is_another_plan(
    folder: Path, cache: PlanCache, compiled: list[int], change: Callable[[Path], None]
) -> None:
    """Every file counts, that of the pack's words too, and how it is called."""
    load(folder, cache)
    change(folder)
    load(folder, cache)

    assert len(compiled) == 2


def test_other_severities_are_another_plan(
    folder: Path, cache: PlanCache, compiled: list[int]
) -> None:
    """What a profile or an auditor.yaml changes is a part of the plan."""
    at = Written(Location("auditor.yaml", 1), "x")
    raised = {"first-defect": Override("high", at, at)}

    load(folder, cache)
    loaded = load(folder, cache, raised=raised)
    again = load(folder, cache, raised=raised)

    assert len(compiled) == 2
    for one in (loaded, again):
        assert one.plan is not None
        assert one.plan.summaries[0].severity is Severity.HIGH
        assert one.plan.summaries[0].changes[0].location == at.location


def test_another_schema_function_or_program_is_another_plan(
    folder: Path, cache: PlanCache, compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the texts were checked against counts as much as they do."""
    models = snapshot_models()
    library = Library("more", (overload("more(int) -> int", int),))
    other = Library("more", (overload("more(int) -> int", int, needs_values=True),))
    load(folder, cache)

    def count(*libraries: Library, stamp: str = "x", version: str = "1") -> int:
        with monkeypatch.context() as patch:
            patch.setattr(type(models), "stamp", lambda _: stamp)
            patch.setattr(plan_cache, "__version__", version)
            from auditor.usecases import read_policies  # noqa: PLC0415 - patched for a while

            found = read_policies.functions()
            all_of_them = [Library("all", tuple(found.all())), *libraries]
            patch.setattr(read_policies, "functions", lambda: Functions(all_of_them))
            load(folder, cache)
        return len(compiled)

    assert count() == 2
    assert count(stamp="y") == 3
    assert count(version="2") == 4
    assert count(library) == 5
    assert count(other) == 6
    assert count(other) == 6


def test_models_that_nobody_can_tell_apart_keep_no_plan(folder: Path, cache: PlanCache) -> None:
    """A plan that might have been checked against other types is not looked for."""
    models = snapshot_models()
    unnamed = type(models)(lambda target: models[target].schema)

    load_policies([PolicyFolder(folder, "p")], PolicyChoice(), unnamed, cache=cache)

    assert kept(cache) == []


# ----- what is not what was kept


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255), is_cut=st.booleans())
def test_a_file_that_was_changed_is_no_plan(
    cache: PlanCache, place: float, byte: int, *, is_cut: bool
) -> None:
    """One other byte anywhere, or an end too early, and nothing of it is read."""
    cache.keep(NAME, {"a plan": ["x", 1]})
    file = cache.folder / NAME
    content = bytearray(file.read_bytes())
    at = int(place * len(content))
    if is_cut:
        del content[at:]
    else:
        content[at] ^= byte
    file.write_bytes(content)

    assert cache.find(NAME) is None


def test_a_file_that_was_changed_is_compiled_and_kept_anew(
    folder: Path, cache: PlanCache, compiled: list[int]
) -> None:
    """A broken cache costs one compilation."""
    load(folder, cache)
    file = cache.folder / kept(cache)[0]
    good = file.read_bytes()
    file.write_bytes(good.replace(b"project", b"portfol"))

    load(folder, cache)
    load(folder, cache)

    assert len(compiled) == 2
    assert file.read_bytes() == good


@pytest.mark.parametrize("odd", [None, [], "x", {"version": 1}])
def test_what_is_no_plan_is_compiled_and_kept_anew(
    folder: Path, cache: PlanCache, compiled: list[int], odd: Any
) -> None:
    """Rightly sealed or not: what the reader refuses is as good as nothing."""
    load(folder, cache)
    file = cache.folder / kept(cache)[0]
    good = file.read_bytes()
    cache.keep(file.name, odd)

    load(folder, cache)

    assert len(compiled) == 2
    assert file.read_bytes() == good


def test_an_expression_that_is_none_is_compiled_when_it_is_looked_at(
    folder: Path, cache: PlanCache, compiled: list[int]
) -> None:
    """Nothing of a plan is wrong because something else of it is."""
    load(folder, cache)
    name = kept(cache)[0]
    data = cache.find(name)
    cache.keep(name, {**data, "trees": [[] for _ in data["trees"]]})

    plan = load(folder, cache).plan
    assert plan is not None
    assert len(compiled) == 1
    assert [policy.clauses[0].that.text for policy in plan.policies] == ["short", "short"]
    assert len(compiled) == 2


def test_a_plan_under_another_name_is_no_plan(cache: PlanCache) -> None:
    """Who swaps two files gets nothing for it."""
    cache.keep(NAME, ["one"])
    assert cache.find(NAME) == ["one"]

    other = NAME.replace("0", "1")
    (cache.folder / NAME).rename(cache.folder / other)

    assert cache.find(other) is None
    assert cache.find(NAME) is None


def test_what_somebody_else_kept_is_no_plan(cache: PlanCache, tmp_path: Path) -> None:
    """A folder that comes from elsewhere can hold anything, rightly sealed by whoever filled it."""
    theirs = replace(cache, secret=tmp_path / "theirs" / "secret")
    cache.keep(NAME.replace("0", "1"), ["mine"])
    theirs.keep(NAME, ["theirs"])

    assert theirs.find(NAME) == ["theirs"]
    assert cache.find(NAME) is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_secret_that_others_can_read_is_none(cache: PlanCache) -> None:
    """Files of others could be sealed with it."""
    cache.keep(NAME, ["one"])
    assert cache.secret.stat().st_mode & 0o777 == 0o600
    assert (cache.folder / NAME).stat().st_mode & 0o777 == 0o600

    cache.secret.chmod(0o644)

    assert cache.find(NAME) is None
    cache.keep(NAME, ["two"])
    cache.secret.chmod(0o600)
    assert cache.find(NAME) == ["one"]


def test_a_secret_that_is_cut_short_is_none(cache: PlanCache) -> None:
    """Half of a secret is guessed more easily."""
    cache.keep(NAME, ["one"])
    os.truncate(cache.secret, 8)

    assert cache.find(NAME) is None


# ----- nothing fails


def test_folders_that_cannot_be_made_fail_nothing(folder: Path, tmp_path: Path) -> None:
    """Where a file is in the way of a folder, plans are compiled."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    below = tmp_path / "file" / "below"

    load(folder, PlanCache(below, tmp_path / "secret"))
    load(folder, PlanCache(tmp_path / "plans", below))


def test_folders_in_the_place_of_files_fail_nothing(folder: Path, cache: PlanCache) -> None:
    """Nor does a folder where a file should be."""
    load(folder, cache)
    file = cache.folder / kept(cache)[0]
    file.unlink()
    file.mkdir()
    load(folder, cache)
    cache.secret.unlink()
    cache.secret.mkdir()
    load(folder, cache)


def test_the_newest_plans_stay(cache: PlanCache) -> None:
    """The folder does not grow for ever, and what is not ours in it is left alone."""
    cache.keep(NAME, [])
    (cache.folder / "notes.txt").write_text("x", encoding="utf-8")
    (cache.folder / f".{NAME}.1.part").write_text("half", encoding="utf-8")
    for name in (NAME, f".{NAME}.1.part", "notes.txt"):
        os.utime(cache.folder / name, (1, 1))
    names = [f"{number:064x}.plan" for number in range(1, KEPT + 3)]
    for age, name in enumerate(names, start=2):
        cache.keep(name, [])
        os.utime(cache.folder / name, (age, age))
    cache.keep("f" * 64 + ".plan", [])

    assert kept(cache) == sorted([*names[-KEPT + 1 :], "f" * 64 + ".plan", "notes.txt"])


def _work(cache: PlanCache, number: int) -> bool:
    """Keep and look up under one name, many times; tell whether anything but a whole plan was found."""
    found = []
    for _ in range(100):
        cache.keep(NAME, [number] * 5000)
        found.append(cache.find(NAME))
    return all(one is None or one in ([1] * 5000, [2] * 5000) for one in found) and any(found)


def test_two_processes_at_once(cache: PlanCache) -> None:
    """Each finds a whole plan or none, and none is left behind half done."""
    cache.keep(NAME, [0])
    with get_context("spawn").Pool(2) as pool:
        assert pool.starmap(_work, [(cache, 1), (cache, 2)]) == [True, True]
    assert kept(cache) == [NAME]
