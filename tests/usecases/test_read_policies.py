"""Policies are read from folders, chosen by name, and one broken file does not take the others with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.errors import UsageProblem
from auditor.usecases.read_policies import (
    LoadedPolicies,
    PolicyChoice,
    PolicyFolder,
    load_policies,
    packaged_folder,
    read_texts,
    snapshot_models,
)

POLICY = """\
id: {id}
title: T
why: W
controls: [C-1]
severity: low
require:
  - that: {that}
    say: S
fix: F
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """Return two packs: ``one`` with two policies and a vocabulary, ``two`` with one policy."""
    for pack, name in (("one", "first-defect"), ("one", "second-defect"), ("two", "third-defect")):
        write(tmp_path, pack, name)
    (tmp_path / "one" / "pack.yaml").write_text(
        "title: One\ndefine: {'known()': project.id != ''}\n", encoding="utf-8"
    )
    return tmp_path


def write(folder: Path, pack: str, name: str, that: str = "project.id != ''") -> None:
    """Write a policy."""
    (folder / pack).mkdir(exist_ok=True)
    text = POLICY.format(id=name, that=that)
    (folder / pack / f"{name}.yaml").write_text(text, encoding="utf-8")


def load(folder: Path, *, ids: tuple[str, ...] = (), packs: tuple[str, ...] = ()) -> LoadedPolicies:
    """Load what is chosen of a folder."""
    return load_policies([PolicyFolder(folder, "p")], PolicyChoice(ids, packs), snapshot_models())


def ids(loaded: LoadedPolicies) -> list[str]:
    """Return the ids of a plan."""
    return [summary.id for summary in loaded.plan.summaries] if loaded.plan else []


def faulty(loaded: LoadedPolicies) -> set[str]:
    """Return the files that have faults."""
    return {error.location.path for error in loaded.errors if error.location}


def test_everything_of_every_pack(packs: Path) -> None:
    """A folder of packs gives all policies, sorted by id, each under its pack."""
    loaded = load(packs)

    assert loaded.errors == ()
    assert ids(loaded) == ["first-defect", "second-defect", "third-defect"]
    assert loaded.plan is not None
    assert [summary.pack for summary in loaded.plan.summaries] == ["one", "one", "two"]
    assert loaded.plan.summaries[0].location.path == "p/one/first-defect.yaml"


def test_a_pack_itself_can_be_named(packs: Path) -> None:
    """The folder may be the pack."""
    loaded = load(packs / "one")

    assert ids(loaded) == ["first-defect", "second-defect"]
    assert loaded.plan is not None
    assert {summary.pack for summary in loaded.plan.summaries} == {"one"}


def test_cases_and_notes_are_no_policies(packs: Path) -> None:
    """What stands beside a policy is not compiled."""
    (packs / "one" / "first-defect.cases.yaml").write_text("x", encoding="utf-8")
    (packs / "one" / "README.md").write_text("x", encoding="utf-8")
    (packs / "one" / ".draft.yaml").write_text("x", encoding="utf-8")

    texts, errors = read_texts([PolicyFolder(packs, "p")])

    assert errors == []
    assert sorted(Path(text.path).name for text in texts) == [
        "first-defect.yaml",
        "pack.yaml",
        "second-defect.yaml",
        "third-defect.yaml",
    ]


def test_a_policy_is_one_however_its_suffix_is_written(packs: Path) -> None:
    """What somebody took for a policy must not vanish by the case of a letter."""
    (packs / "one" / "first-defect.yaml").rename(packs / "one" / "first-defect.YAML")
    (packs / "one" / "second-defect.yaml").rename(packs / "one" / "second-defect.Yml")
    (packs / "one" / "first-defect.CASES.YAML").write_text("x", encoding="utf-8")

    assert ids(load(packs)) == ["first-defect", "second-defect", "third-defect"]


def test_choice(packs: Path) -> None:
    """By id, by pack, and by both."""
    assert ids(load(packs, ids=("third-defect",))) == ["third-defect"]
    assert ids(load(packs, packs=("one",))) == ["first-defect", "second-defect"]
    assert ids(load(packs, ids=("first-defect",), packs=("one",))) == ["first-defect"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        pytest.param({"ids": ("frist-defect",)}, "no policy is called 'frist-defect'", id="policy"),
        pytest.param({"packs": ("tow",)}, "no pack is called 'tow'", id="pack"),
        pytest.param(
            {"ids": ("first-defect",), "packs": ("two",)},
            "no policy is called 'first-defect'",
            id="both",
        ),
    ],
)
def test_choice_of_nothing(choice: dict[str, tuple[str, ...]], message: str, packs: Path) -> None:
    """What names nothing is a slip."""
    with pytest.raises(UsageProblem, match=message):
        load(packs, **choice)


def test_policy_that_is_not_named_for_its_file(packs: Path) -> None:
    """The id counts, not the file."""
    (packs / "two" / "third-defect.yaml").rename(packs / "two" / "other.yaml")

    assert ids(load(packs, ids=("third-defect",))) == ["third-defect"]


def test_broken_policies_are_left_out(packs: Path) -> None:
    """Faults of syntax, of types and of ids are reported together; what is left is a plan."""
    (packs / "one" / "a.yaml").write_text("id: [", encoding="utf-8")
    write(packs, "one", "b-defect", that="project.idd != ''")
    write(packs, "two", "first-defect")

    loaded = load(packs)

    assert faulty(loaded) == {"p/one/a.yaml", "p/one/b-defect.yaml", "p/two/first-defect.yaml"}
    assert ids(loaded) == ["first-defect", "second-defect", "third-defect"]


def test_broken_vocabulary_leaves_out_its_pack(packs: Path) -> None:
    """The policies of the pack are not judged by half a vocabulary, and their own faults only follow."""
    (packs / "one" / "pack.yaml").write_text(
        "define: {'known(': x}\ntitle: One\n", encoding="utf-8"
    )
    write(packs, "one", "first-defect", that="known()")

    loaded = load(packs)

    assert faulty(loaded) == {"p/one/pack.yaml"}
    assert ids(loaded) == ["third-defect"]


class TestSharedWords:
    """A ``pack.yaml`` beside the packs serves all of them."""

    @pytest.fixture(autouse=True)
    def shared(self, packs: Path) -> None:
        """Share a word, and use it in both packs."""
        (packs / "pack.yaml").write_text(
            "title: Shared\ndefine: {told(): project.id != ''}\n", encoding="utf-8"
        )
        write(packs, "one", "first-defect", that="told() && known()")
        write(packs, "two", "third-defect", that="told()")

    def test_every_pack_of_the_folder_has_them(self, packs: Path) -> None:
        """Beside its own; the file itself is no pack to choose."""
        assert load(packs).errors == ()
        assert ids(load(packs, packs=("two",))) == ["third-defect"]
        assert ids(load(packs, ids=("first-defect",))) == ["first-defect"]
        with pytest.raises(UsageProblem, match="no pack is called"):
            load(packs, packs=(packs.name,))

    def test_a_pack_that_is_named_alone_has_them(self, packs: Path) -> None:
        """Its policies mean the same as with the others."""
        loaded = load(packs / "one")

        assert (loaded.errors, ids(loaded)) == ((), ["first-defect", "second-defect"])

    def test_a_folder_of_packs_takes_no_words_from_above(self, packs: Path) -> None:
        """What lies outside of it is none of its business."""
        (packs / "one" / "inner").mkdir()
        (packs / "one" / "first-defect.yaml").unlink()
        (packs / "one" / "second-defect.yaml").rename(
            packs / "one" / "inner" / "second-defect.yaml"
        )
        texts, _ = read_texts([PolicyFolder(packs / "one", "p")])

        assert sorted(text.path for text in texts) == ["p/inner/second-defect.yaml", "p/pack.yaml"]

    def test_a_word_that_is_broken_leaves_out_every_pack(self, packs: Path) -> None:
        """Nothing is judged by half a vocabulary, and what only follows is not told."""
        (packs / "pack.yaml").write_text("define: {'told(': x}\n", encoding="utf-8")
        loaded = load(packs)

        assert (loaded.plan, faulty(loaded)) == (None, {"p/pack.yaml"})

    def test_a_word_that_a_pack_takes_for_itself(self, packs: Path) -> None:
        """The pack is left out, and the others stay."""
        (packs / "one" / "pack.yaml").write_text(
            "title: One\ndefine: {told(): 'true'}\n", encoding="utf-8"
        )
        loaded = load(packs)

        assert (ids(loaded), faulty(loaded)) == (["third-defect"], {"p/one/pack.yaml"})


def test_nothing_is_left(packs: Path) -> None:
    """Where every policy is broken there is no plan, and every fault is named."""
    for path in packs.rglob("*.yaml"):
        path.write_text("[", encoding="utf-8")

    loaded = load(packs)

    assert loaded.plan is None
    assert len(faulty(loaded)) == 4


def test_wanted_policy_is_in_a_broken_file(packs: Path) -> None:
    """The fault is the answer, not "no such policy"."""
    (packs / "two" / "third-defect.yaml").write_text("id: [", encoding="utf-8")

    loaded = load(packs, ids=("third-defect",))

    assert loaded.plan is None
    assert faulty(loaded) == {"p/two/third-defect.yaml"}


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_folder_that_is_none(name: str, packs: Path) -> None:
    """A slip in ``--policies`` is not an empty folder."""
    (packs / "file").touch()

    _, errors = read_texts([PolicyFolder(packs / name, name)])

    assert f"the folder of policies '{name}'" in errors[0].message


def test_policies_of_the_program_compile() -> None:
    """What is shipped has no fault."""
    loaded = load_policies([packaged_folder()], PolicyChoice(), snapshot_models())

    assert loaded.errors == ()
    assert ids(loaded)
