"""What is mechanical is mended where that is proved, and nothing else is touched."""

from __future__ import annotations

from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from auditor.model.errors import UsageProblem
from auditor.usecases.lint_policies import Linted, lint
from auditor.usecases.read_policies import PolicyChoice, packaged_folder

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
# Ours.
id: blocker-left-open
title: A blocker was left open   # the defect
why: >
  Blockers stop work.
controls: [X-1]
severity: high
for: {blocker:   blockers}
empty: not_applicable
require:
  - that: >
      blocker.resolved_at.by(as_of)
      || blocker.owner == 'a'
    say: "{blocker.description} is open."
fix: Resolve it.
"""
NAME = "blocker-left-open.yaml"


@pytest.fixture(autouse=True)
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with one pack."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "ours"
    folder.mkdir()
    return folder


def fixed(pack: Path, text: str) -> tuple[str, Linted]:
    """Mend a policy; return what its file then holds, and what is said."""
    file = pack / NAME
    file.write_bytes(text.encode())
    linted = lint(["ours"], PolicyChoice(), portable=False, fix=True)
    return file.read_bytes().decode(), linted


@pytest.mark.parametrize(
    ("right", "wrong", "line", "slug", "change"),
    [
        pytest.param("stop work", "stop the the work", 5, "doubled-word", "'the the' became 'the'", id="doubled-word"),
        pytest.param("stop work.\n", "stop work.  \n  So.\n", 5, "stray-space", "took out what nobody sees", id="blanks-at-an-end"),
        pytest.param("severity: high", "severity: hgh", 7, "unknown-value", "'hgh' became 'high'", id="value"),
        pytest.param("empty:", "emtpy:", 9, "unknown-key", "'emtpy' became 'empty'", id="key"),
        pytest.param("blocker.owner", "blocker.ownr", 13, "unknown-field", "'ownr' became 'owner'", id="field"),
        pytest.param("      ||", "      or", 13, "word-operator", "'or' became '||'", id="word"),
        pytest.param("!= 'a'", "is not 'a'", 13, "word-operator", "'is not' became '!='", id="two-words"),
        pytest.param("==", "=", 13, "wrong-sign", "'=' became '=='", id="sign"),
        pytest.param(
            "by(as_of)\n", "by(as_of) == true\n", 12, "compared-with-truth",
            "'blocker.resolved_at.by(as_of) == true' became 'blocker.resolved_at.by(as_of)'", id="truth",
        ),
    ],
)  # fmt: skip
def test_a_slip_is_mended_in_place(
    pack: Path, *, right: str, wrong: str, line: int, slug: str, change: str
) -> None:
    """All else stays, comments and blanks among it; what was changed is told with its line."""
    policy = POLICY.replace("== 'a'", "!= 'a'") if "not" in wrong else POLICY
    wanted = policy
    if slug == "doubled-word":
        wanted = POLICY.replace("stop work", "stop the work")
    if slug == "stray-space":
        wanted = POLICY.replace("stop work.\n", "stop work.\n  So.\n")

    written, linted = fixed(pack, policy.replace(right, wrong, 1))

    assert written == wanted
    (told,) = linted.fixed
    assert (told.path, told.line, told.slug, told.change) == (
        f"ours/{NAME}",
        line,
        f"policy-{slug}",
        change,
    )
    assert {finding.slug for finding in linted.findings} == {"policy-no-cases"}


def test_several_slips_of_one_line_are_mended(pack: Path) -> None:
    """One after the other, so that each has its own place."""
    text = POLICY.replace(
        "      || blocker.owner == 'a'\n",
        "      or blocker.ownr = 'a' or blocker.ownr = 'b'\n",
    )

    written, linted = fixed(pack, text)

    assert "      || blocker.owner == 'a' || blocker.owner == 'b'\n" in written
    assert [told.line for told in linted.fixed] == [13] * 6


@pytest.mark.parametrize(
    ("right", "wrong", "slug"),
    [
        pytest.param("blocker.owner ==", "blocker.colour ==", "unknown-field", id="nothing-near"),
        pytest.param("resolved_at.by", "ed_at.by", "unknown-field", id="several-near"),
        pytest.param("|| blocker.owner == 'a'", "|| risks.exists(r, r.staus == 'x')", "unknown-field", id="not-what-was-meant"),
        pytest.param("empty:", "let:\n  spare: as_of\nempty:", "unused-let", id="work-of-somebody"),
        pytest.param("'a'", "'a' || blocker.owner == 'a'", "repeated", id="said-twice"),
        pytest.param("stop work", "stop Walla Walla", "doubled-word", id="a-name"),
        pytest.param("stop work", "stop a Will will", "doubled-word", id="another-letter"),
        pytest.param("blocker.owner == 'a'", "blocker.owner is really null", "word-operator", id="half-of-a-line"),
        pytest.param("X-1", "SDF-SET-1", "unknown-control", id="another-control"),
    ],
)  # fmt: skip
def test_what_may_be_meant_otherwise_is_left(pack: Path, right: str, wrong: str, slug: str) -> None:
    """The file keeps its bytes, and the finding stays."""
    text = POLICY.replace(right, wrong, 1)

    written, linted = fixed(pack, text)

    assert written == text
    assert linted.fixed == ()
    assert f"policy-{slug}" in {finding.slug for finding in linted.findings}


def test_what_does_not_compile_afterwards_is_left(pack: Path) -> None:
    """A key that is there already cannot be meant, however near it is."""
    text = POLICY.replace("fix: Resolve it.", "fix: Resolve it.\nemtpy: pass")

    written, linted = fixed(pack, text)

    assert (written, linted.fixed) == (text, ())


@pytest.mark.parametrize(
    "policy",
    ["sdf/high-risk-without-plan", "seef/pm-review-missed-in-week", "ep/objective-not-aligned"],
)
def test_what_is_mended_everywhere_reads_as_before(policy: str, tmp_path: Path) -> None:
    """In plain, quoted and folded texts, in definitions and sentences: the very bytes come back."""
    copytree(packaged_folder().path, tmp_path / "policies")
    file = tmp_path / "policies" / f"{policy}.yaml"
    text = file.read_bytes()
    wrong = text.replace(b"&&", b"and").replace(b" || ", b" or ")
    file.write_bytes(wrong)

    linted = lint([f"policies/{policy}.yaml"], PolicyChoice(), portable=False, fix=True)

    assert file.read_bytes() == text
    assert len(linted.fixed) == text.count(b"&&") + text.count(b" || ")
    assert linted.findings == ()


def test_line_ends_and_byte_order_mark_stay(pack: Path) -> None:
    """A file that came from another system goes back as it came."""
    text = "\ufeff" + POLICY.replace("stop work", "stop the the work").replace("\n", "\r\n")

    written, _ = fixed(pack, text)

    assert written == text.replace("the the", "the")


def test_the_line_for_editors_is_that_of_the_neighbours(pack: Path) -> None:
    """A pack without it is left without."""
    line = "# yaml-language-server: $schema=../schemas/"
    plain, linted = fixed(pack, POLICY)
    assert (plain, linted.fixed) == (POLICY, ())

    (pack / "pack.yaml").write_text(f"{line}pack.schema.json\ntitle: Ours\n", encoding="utf-8")
    written, linted = fixed(pack, POLICY.replace("stop work", "stop the the work"))

    assert written == f"{line}policy.schema.json\n{POLICY.replace('stop work', 'stop the work')}"
    assert [(told.line, told.slug) for told in linted.fixed] == [
        (1, "policy-no-modeline"),
        (6, "policy-doubled-word"),
    ]


def test_only_chosen_files_are_touched(pack: Path) -> None:
    """Neither another policy nor the words of the pack nor the cases."""
    wrong = POLICY.replace("stop work", "stop the the work")
    other = wrong.replace("blocker-left-open", "other").replace("A blocker", "The blocker")
    (pack / "other.yaml").write_text(other, encoding="utf-8")
    (pack / NAME).write_text(wrong, encoding="utf-8")

    linted = lint([f"ours/{NAME}"], PolicyChoice(), portable=False, fix=True)

    assert [told.path for told in linted.fixed] == [f"ours/{NAME}"]
    assert (pack / "other.yaml").read_text(encoding="utf-8") == other
    assert sorted(path.name for path in pack.iterdir()) == [NAME, "other.yaml"]


def test_a_file_that_cannot_be_written_is_told(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps its bytes, what is said is said of those, and no path of the machine is shown."""
    monkeypatch.setattr("auditor.usecases.write_outputs.os.access", lambda *_: False)
    text = POLICY.replace("stop work", "stop the the work")

    written, linted = fixed(pack, text)

    assert written == text
    assert [error.message for error in linted.unread] == [
        f"cannot write 'ours/{NAME}': it is read-only"
    ]
    assert "policy-doubled-word" in {finding.slug for finding in linted.findings}


@pytest.mark.parametrize(
    "target", [f"elsewhere/{NAME}", "elsewhere/other.yaml", "ours/below/other.yaml"]
)
def test_a_link_that_leads_out_is_told(pack: Path, target: str) -> None:
    """What it leads to was not named: it keeps its bytes, and nothing is written beside it."""
    text = POLICY.replace("stop work", "stop the the work")
    file = pack.parent / target
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    (pack / NAME).symlink_to(file)

    linted = lint([f"ours/{NAME}"], PolicyChoice(), portable=False, fix=True)

    assert file.read_text(encoding="utf-8") == text
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert linted.fixed == ()
    assert [error.message for error in linted.unread] == [
        f"'ours/{NAME}' is a link that leads out of its folder, and was left as it was"
    ]


def test_a_file_below_a_folder_that_is_a_link_is_mended(pack: Path) -> None:
    """Whoever names a link to a folder means that folder."""
    (pack / NAME).write_text(POLICY.replace("stop work", "stop the the work"), encoding="utf-8")
    (pack.parent / "linked").symlink_to(pack)

    linted = lint(["linked"], PolicyChoice(), portable=False, fix=True)

    assert [told.path for told in linted.fixed] == [f"linked/{NAME}"]
    assert (pack / NAME).read_text(encoding="utf-8") == POLICY.replace("stop work", "stop the work")


def test_the_line_for_editors_stands_once_behind_a_byte_order_mark(pack: Path) -> None:
    """A second run finds it there, and adds no other."""
    line = "# yaml-language-server: $schema=../schemas/"
    (pack / "pack.yaml").write_text(f"{line}pack.schema.json\ntitle: Ours\n", encoding="utf-8")
    wanted = f"\ufeff{line}policy.schema.json\n{POLICY}"

    written, linted = fixed(pack, f"\ufeff{POLICY}")
    assert (written, [told.slug for told in linted.fixed]) == (wanted, ["policy-no-modeline"])
    again, linted = fixed(pack, written)
    assert (again, linted.fixed) == (wanted, ())


def test_what_comes_with_the_program_is_not_changed() -> None:
    """Whoever names nothing means no file of their own."""
    with pytest.raises(UsageProblem, match="no PATH says whose"):
        lint([], PolicyChoice(), portable=False, fix=True)
