"""While policies are written, what a change can touch is tested again, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING, Any

import pytest

from auditor.model.errors import NothingToAudit, UsageProblem
from auditor.usecases.test_policies import Wanted
from auditor.usecases.watch_policies import Round, watch_policies, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DATA = Path(__file__).parents[1] / "cli" / "data"
CASES = """\
policy: {policy}
base: ../../facts/apollo.json
cases:
  - name: approved in time
    expect: {{outcome: pass}}
"""
PROFILE = """\
id: example
title: Example
owner: Delivery office
version: "1"
packs: [one, two]
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with two packs of one policy each, both with cases on one snapshot."""
    (tmp_path / "facts").mkdir()
    copy(DATA / "apollo.json", tmp_path / "facts")
    text = (DATA / "nothing-approved.yaml").read_text(encoding="utf-8")
    for name in ("one", "two"):
        pack = tmp_path / "policies" / name
        pack.mkdir(parents=True)
        (pack / f"{name}.yaml").write_text(text.replace("nothing-approved", name), encoding="utf-8")
        (pack / f"{name}.cases.yaml").write_text(CASES.format(policy=name), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(path: str, old: str, new: str) -> Path:
    """Change a file, and return it as what watches files names it."""
    file = Path(path).resolve()
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return file


def rounds(*steps: Callable[[], Path], **wanted: Any) -> list[Round]:
    """Watch while each step changes a file."""
    left = iter(steps)

    def changes(folders: Sequence[Path]) -> Iterator[frozenset[Path]]:
        assert folders
        for step in left:
            yield frozenset({step()})

    return list(watch_policies(Wanted(("policies",), **wanted), changes))


def policies_of(found: Round) -> list[str]:
    """Return the policies of a round."""
    return [one.policy for one in found.tested]


def test_first_everything_then_what_was_changed(place: Path) -> None:
    """A policy whose rule is turned round fails, and the other one is left alone."""
    first, second = rounds(lambda: change("policies/two/two.yaml", "a.at.by", "!a.at.by"))

    assert policies_of(first) == ["one", "two"], place
    assert (first.changed, first.failing) == ((), ())
    assert policies_of(second) == ["two"]
    assert (second.changed, second.failing) == (("two.yaml",), ("two",))


@pytest.mark.parametrize(
    ("path", "old", "new", "policies"),
    [
        pytest.param("policies/one/one.cases.yaml", "in time", "early", ["one"], id="cases"),
        pytest.param("facts/apollo.json", "Apollo", "Hermes", ["one", "two"], id="base"),
        pytest.param("policies/one/pack.yaml", "old", "new", ["one"], id="words of its pack"),
        pytest.param("policies/pack.yaml", "old", "new", ["one", "two"], id="words of all packs"),
    ],
)
@pytest.mark.usefixtures("place")
def test_what_a_policy_rests_on(path: str, old: str, new: str, policies: list[str]) -> None:
    """Its cases, the snapshot that they start from, the words that are in force in it."""
    for words in ("policies/pack.yaml", "policies/one/pack.yaml"):
        Path(words).write_text("title: old\n", encoding="utf-8")

    _, second = rounds(lambda: change(path, old, new))

    assert policies_of(second) == policies
    assert second.errors == ()


@pytest.mark.usefixtures("place")
def test_what_no_policy_rests_on_starts_nothing() -> None:
    """A note beside the policies is nobody's business."""
    Path("policies/one/catalogue.yaml").write_text("x: 1\n", encoding="utf-8")

    assert len(rounds(lambda: change("policies/one/catalogue.yaml", "1", "2"))) == 1


@pytest.mark.usefixtures("place")
def test_what_is_broken_while_it_is_typed_ends_nothing() -> None:
    """It is told, counts as not as expected, and is well again when it is mended."""
    first, broken, mended = rounds(
        lambda: change("policies/one/one.yaml", "severity: high", "severity: ["),
        lambda: change("policies/one/one.yaml", "severity: [", "severity: high"),
    )

    assert first.failing == ()
    assert [error.slug for error in broken.errors] == ["document"]
    assert broken.failing == ("one",)
    assert (mended.errors, mended.failing, policies_of(mended)) == ((), (), ["one"])


@pytest.mark.usefixtures("place")
def test_cases_whose_policy_goes_are_told() -> None:
    """The policy is no longer among those that are not as expected: there is none."""

    def remove() -> Path:
        file = Path("policies/two/two.yaml").resolve()
        file.unlink()
        return file

    _, second, third = rounds(
        remove, lambda: change("policies/one/one.yaml", "severity: high", "severity: low")
    )

    assert "these are cases of a policy 'two'" in second.errors[0].message
    assert (policies_of(second), second.failing) == ([], ())
    assert second.in_words == "not everything could be tested: see the errors"
    assert [error.message for error in third.errors] == [error.message for error in second.errors]
    assert (policies_of(third), third.in_words) == (["one"], second.in_words)


@pytest.mark.usefixtures("place")
def test_a_file_need_not_be_named_for_its_policy() -> None:
    """What is broken in it is told of the policy, which is tested when it is mended."""
    Path("policies/one/one.yaml").rename("policies/one/foo.yaml")
    Path("policies/one/one.cases.yaml").rename("policies/one/foo.cases.yaml")

    _, turned, broken, mended = rounds(
        lambda: change("policies/one/foo.yaml", "a.at.by", "!a.at.by"),
        lambda: change("policies/one/foo.yaml", "severity: high", "severity: ["),
        lambda: change("policies/one/foo.yaml", "severity: [", "severity: high"),
    )

    assert (policies_of(turned), turned.errors, turned.failing) == (["one"], (), ("one",))
    assert ([error.slug for error in broken.errors], broken.failing) == (["document"], ("one",))
    assert (policies_of(mended), mended.errors, mended.failing) == (["one"], (), ("one",))


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("ids", [(), ("one",)])
def test_nothing_that_is_left_is_nothing_well(ids: tuple[str, ...]) -> None:
    """Neither where all policies are gone, nor where the one is that was asked for."""
    gone = ["one", "two"] if not ids else ["one"]

    def remove() -> Path:
        for name in gone:
            Path(f"policies/{name}/{name}.yaml").unlink()
            Path(f"policies/{name}/{name}.cases.yaml").unlink()
        return Path("policies/one/one.yaml").resolve()

    _, second = rounds(remove, ids=ids)

    said = "no policy is called 'one'" if ids else "no policy was found"
    assert [error.message for error in second.errors] == [said]
    assert second.in_words == "not everything could be tested: see the errors"


@pytest.mark.usefixtures("place")
def test_cases_of_nothing_that_appear_are_told() -> None:
    """No policy rests on them."""

    def add() -> Path:
        file = Path("policies/one/three.cases.yaml").resolve()
        file.write_text(CASES.format(policy="three"), encoding="utf-8")
        return file

    _, second = rounds(add)

    assert "these are cases of a policy 'three'" in second.errors[0].message


@pytest.mark.usefixtures("place")
def test_profile_that_cannot_be_read_is_told_until_it_can() -> None:
    """Nothing that is tested meanwhile is called well."""
    Path("profile.yaml").write_text(PROFILE, encoding="utf-8")

    first, broken, still, mended = rounds(
        lambda: change("profile.yaml", "[one", "[[one"),
        lambda: change("policies/two/two.yaml", "severity: high", "severity: low"),
        lambda: change("profile.yaml", "[[one", "[one"),
        profile="profile.yaml",
    )

    assert (first.errors, first.in_words) == ((), "all as expected")
    for found in (broken, still):
        assert found.errors
        assert found.in_words == "not everything could be tested: see the errors"
    assert (mended.errors, mended.in_words) == ((), "all as expected")


@pytest.mark.usefixtures("place")
def test_a_second_policy_of_the_same_id_is_told() -> None:
    """As one run of everything does, until it is gone."""
    second_file = Path("policies/one/dup.yaml").resolve()

    def add() -> Path:
        copy("policies/one/one.yaml", second_file)
        return second_file

    def remove() -> Path:
        second_file.unlink()
        return second_file

    _, second, third, last = rounds(
        add, lambda: change("policies/two/two.yaml", "severity: high", "severity: low"), remove
    )

    for found in (second, third):
        assert {error.slug for error in found.errors} == {"policy-duplicate-id"}
        assert found.in_words == "not as expected: one"
    assert (policies_of(last), last.in_words) == (["one"], "all as expected")


@pytest.mark.usefixtures("place")
def test_only_cases_of_a_name_where_another_policy_changes() -> None:
    """That the policy has no such case is no error: another one has."""
    change("policies/one/one.cases.yaml", "in time", "early")

    _, second = rounds(
        lambda: change("policies/two/two.yaml", "severity: high", "severity: low"), names=("early",)
    )

    assert (second.errors, second.in_words) == ((), "all as expected")


@pytest.mark.usefixtures("place")
def test_a_new_policy_is_tested() -> None:
    """With the file that appears."""

    def add() -> Path:
        text = Path("policies/one/one.yaml").read_text(encoding="utf-8").replace("one", "three")
        file = Path("policies/one/three.yaml").resolve()
        file.write_text(text, encoding="utf-8")
        return file

    _, second = rounds(add)

    assert policies_of(second) == ["three"]
    assert second.failing == ("three",)


@pytest.mark.usefixtures("place")
def test_only_what_is_asked_for() -> None:
    """A change of another policy is none."""
    (only,) = rounds(
        lambda: change("policies/two/two.yaml", "severity: high", "severity: low"), ids=("one",)
    )

    assert policies_of(only) == ["one"]


@pytest.mark.usefixtures("place")
def test_another_base_is_watched_from_then_on() -> None:
    """The folders are those of the files that are read now."""
    Path("elsewhere").mkdir()
    copy(DATA / "apollo.json", "elsewhere/apollo.json")
    seen: list[list[str]] = []

    def changes(folders: Sequence[Path]) -> Iterator[frozenset[Path]]:
        seen.append([folder.name for folder in folders])
        if len(seen) == 1:
            yield frozenset({change("policies/one/one.cases.yaml", "/facts/", "/elsewhere/")})

    found = list(watch_policies(Wanted(("policies",)), changes))

    assert seen == [["facts", "policies"], ["elsewhere", "facts", "policies"]]
    assert policies_of(found[-1]) == ["one"]


@pytest.mark.usefixtures("place")
def test_what_is_wrong_at_the_beginning_is_an_error() -> None:
    """There is nothing to watch yet."""
    with pytest.raises(NothingToAudit, match="no case has 'nobody' in its name"):
        rounds(names=("nobody",))


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)

    with pytest.raises(UsageProblem, match="needs the library watchfiles") as caught:
        watching()

    assert caught.value.hint == "run in auditor's own folder: pip install '.[watch]'"
