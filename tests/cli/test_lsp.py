"""``auditor lsp`` helps while policies are written: a real client over stdio, on the policies that come with it."""

from __future__ import annotations

import json
import subprocess
import sys
from shutil import copy, copytree
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from tests.cli.editor import CASES, CASES_TEXT, RISK, ROOT, SEEF, TEXT, Editor, behind, mark

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

# ----- diagnostics


@pytest.mark.parametrize("path", sorted(SEEF.glob("*.yaml")), ids=lambda path: path.name)
def test_nothing_is_wrong_with_a_shipped_file(editor: Editor, path: Path) -> None:
    """Policies, cases, catalogue and words are all right as they are; what is doubtful is its cost at most."""
    assert {one.code for one in editor.open(path)} <= {"policy-cost"}


def test_mistake_in_a_folded_block_is_marked_where_it_stands(editor: Editor) -> None:
    """Exactly what is wrong, in the file's own lines, with what to write instead."""
    broken = TEXT.replace("e, isHigh(e.to)", "e, isHigh(e.too)")
    assert editor.open(RISK) == []

    (found,) = editor.put(RISK, broken)

    assert found.range == mark(broken, "e.too")
    assert found.code == "policy-unknown-field"
    assert found.severity is types.DiagnosticSeverity.Error
    assert "did you mean 'to'?" in found.message


@pytest.mark.parametrize(
    "written",
    [
        "due: risk.raisd_at",
        'due: "risk.raisd_at"',
        "due: 'risk.raisd_at'",
        "due: |\n  risk.raised_at == null\n    ? null : risk.raisd_at",
        "due: >-\n  risk.raised_at == null\n  ? null : risk.raisd_at",
        "due: risk.raised_at.plus(\n  risk.raisd_at)",
        'due: "risk.description == \\"\\\\u00e9\\" ? null\n  : risk.raisd_at"',
        "due: \"risk.description == '😀é' ? null : risk.raisd_at\"",
        "due: \"risk.description == '\u2028' ? null : risk.raisd_at\"",
    ],
    ids=[
        "plain", "double", "single", "literal", "folded", "plain over lines", "escapes", "beyond the plane",
        "a line separator that is none",
    ],
)  # fmt: skip
def test_mark_is_right_in_every_style(editor: Editor, written: str) -> None:
    """However an expression is written, the mistake in it is marked to the letter."""
    text = TEXT.replace("due: deadline", written)

    found = [one for one in editor.open(RISK, text) if one.code == "policy-unknown-field"]

    assert [one.range for one in found] == [mark(text, "risk.raisd_at")]


def test_typing_is_followed(editor: Editor) -> None:
    """Letter by letter, beside an emoji and across lines; what is mended is no longer marked."""
    editor.open(RISK)
    text = TEXT.replace("title: A high", "title: 😀 A high")
    assert editor.type(RISK, mark(TEXT, "A high"), "😀 A high") == []

    assert editor.type(RISK, mark(text, "high risk was"), "high 😀 risk was") == []
    text = text.replace("high risk was", "high 😀 risk was", 1)
    assert editor.type(RISK, mark(text, "nor escalated in time"), "nor told in time") == []
    text = text.replace("nor escalated in time", "nor told in time")
    hover = editor.hover(RISK, behind(text, "nor told in time"))
    assert hover is not None
    assert hover.range == mark(text, "😀 A high 😀 risk was neither resolved nor told in time")
    (found,) = editor.type(RISK, mark(text, "since != null"), "snce != null")
    text = text.replace("since != null", "snce != null")
    assert found.range == mark(text, "snce")

    assert editor.type(RISK, mark(text, "snce"), "since") == []
    line = mark(text, "severity: high\nparams:\n")
    (found,) = editor.type(RISK, line, "severity: hihg\nparams:\n")
    assert found.code == "policy-unknown-value"


def test_says_what_lint_says(editor: Editor, tmp_path: Path, auditor: Command) -> None:
    """Every error and warning of a policy full of doubts, at the same places."""
    copytree(SEEF, tmp_path / "policies" / "seef")
    copy(ROOT / "policies" / "pack.yaml", tmp_path / "policies")
    path = tmp_path / "policies" / "seef" / RISK.name
    text = (
        TEXT.replace("[SEEF-MON-04]", "[SEEF-MON-4]")
        .replace("due: deadline", "due: deadlin")
        .replace("  deadline: since", "  unused: risks.exists(r, true)\n  deadline: since")
        .replace("severity == 'high' ||", "severity in ['high', 'high'] ||")
    )
    path.write_text(text, encoding="utf-8")

    done = auditor("policy", "lint", path, "--format", "json")
    said = editor.open(path)

    expected = {
        (one["slug"], one["level"], one["line"], one["column"], one["end_column"])
        for one in json.loads(done.out)["findings"]
    }
    lines = text.split("\n")
    assert {level for _, level, *_ in expected} == {"error", "warning"}
    assert {
        (
            one.code, one.severity.name.lower() if one.severity else "", one.range.start.line + 1,
            one.range.start.character + 1,
            one.range.end.character + 1 if one.range.end.character < len(lines[one.range.start.line]) else None,
        )
        for one in said
    } == {(*head, end if end is None or end <= len(lines[line - 1]) else None)
          for *head, line, column, end in expected
          for head in [[*head, line, column]]}  # fmt: skip


def test_same_id_twice(editor: Editor, tmp_path: Path) -> None:
    """What is wrong only together with another file is found, too."""
    pack = tmp_path / "ours"
    copytree(SEEF, pack)
    copy(ROOT / "policies" / "pack.yaml", tmp_path)
    text = TEXT.replace("id: high-risk-not-escalated", "id: blocker-not-escalated")

    found = editor.open(pack / RISK.name, text)

    assert "policy-duplicate-id" in [one.code for one in found]


def test_words_are_followed_into_open_policies(editor: Editor, tmp_path: Path) -> None:
    """A word that is taken out of pack.yaml, unsaved, is missed at once where it is used."""
    folder = tmp_path / "policies" / "seef"
    copytree(SEEF, folder)
    copy(ROOT / "policies" / "pack.yaml", folder.parent)
    policy, pack = folder / RISK.name, folder / "pack.yaml"
    words = pack.read_text(encoding="utf-8")
    assert editor.open(policy) == []
    editor.open(pack)

    editor.put(pack, words.replace("levelsFor(severities)", "levelsOf(severities)"))
    (found,) = editor.said_again(policy)

    assert found.range.start == mark(TEXT, "levelsFor").start
    assert "no function 'levelsFor'" in found.message


def test_cases_file_catalogue_and_profile(editor: Editor) -> None:
    """A slip in a key is marked in each of them, in its own words."""
    cases = CASES_TEXT.replace("    edge: C3\n", "    egde: C3\n", 1)
    (found,) = editor.open(CASES, cases)
    assert (found.code, found.range) == ("config-cases", mark(cases, "egde"))

    catalogue = SEEF / "catalogue.yaml"
    text = catalogue.read_text(encoding="utf-8").replace(
        "    area: Scope\n", "    aera: Scope\n", 1
    )
    codes = [one.code for one in editor.open(catalogue, text)]
    assert "policy-unknown-key" in codes

    profile = ROOT / "fixtures" / "organisation" / "profile.yaml"
    text = profile.read_text(encoding="utf-8").replace("owner: Delivery", "ownr: Delivery", 1)
    assert any("ownr" in one.message for one in editor.open(profile, text))


def test_somebody_elses_yaml_is_left_alone(editor: Editor, tmp_path: Path) -> None:
    """An editor hands over every YAML file; only ours are spoken of."""
    path = tmp_path / "compose.yaml"
    assert editor.open(path, "services: {web: [\n") == []

    assert editor.complete(path, types.Position(0, 3)) == []
    assert editor.hover(path, types.Position(0, 3)) is None


# ----- never ends


GARBAGE = [
    "", "\t", "\tid: x\n", "id: [\n", "id: {a: [b, {c: \n", '"', "'", "- - - -\n", "? x\n", "a: &a [*a]\n",
    "\ufeffid: x\n", "id: x\r\nwhen: y.\rdue: >\r\n  z.", "%YAML 9\n---\n...\n---\n", "\0", "a: \ud800\n",
    "when: >\n  risks.filter(r, r.\n\tx\n", "let: {a: b, b: c, c: a}\n" + TEXT,
    TEXT.replace("deadline: since.plus(params.limit)", "deadline: deadline.plus(params.limit)"),
    TEXT.replace("due: deadline", "due: " + "(" * 3000), TEXT.replace("due: deadline", "due: " + "[" * 3000),
    "when: " + "a." * 20000, "x" * 100000, "a:\n" + "".join(" " * n + "a:\n" for n in range(500)),
    "{" * 2000, "[" * 2000, "- " * 2000, "😀: 😀😀\n" * 50, TEXT[: len(TEXT) // 2], TEXT[len(TEXT) // 2 :],
]  # fmt: skip


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_nothing_ends_the_server(editor: Editor, tmp_path: Path, text: str) -> None:
    """Whatever is in a file, each question has an answer, and the next file is read as ever."""
    pack = tmp_path / "ours"
    pack.mkdir()
    (pack / "pack.yaml").write_text("title: Ours\n", encoding="utf-8")
    kinds = {
        "policy.yaml": "policy",
        "policy.cases.yaml": "cases",
        "catalogue.yaml": "catalogue",
        "pack.yaml": "pack",
    }
    for name, kind in kinds.items():
        path = pack / name
        editor.open(path, f"# yaml-language-server: $schema={kind}.schema.json\n{text}")
        for where in (types.Position(0, 0), types.Position(1, 7), types.Position(9999, 9999)):
            editor.complete(path, where)
            editor.hover(path, where)
            editor.definition(path, where)
        for lens in editor.lenses(path)[:1]:
            editor.start_lens(lens)

    assert editor.open(RISK) == []


def test_nonsense_from_the_editor_is_survived(editor: Editor, tmp_path: Path) -> None:
    """Questions about files that are not open, commands without sense, places that are none."""
    missing = tmp_path / "missing.yaml"
    assert editor.complete(missing, types.Position(3, 3)) == []
    assert editor.lenses(missing) == []
    nonsense: list[list[Any]] = [
        [],
        [None],
        [7, "x"],
        ["untitled:1", 3],
        [missing.as_uri(), -1],
        [{}, {}, {}],
    ]
    for arguments in nonsense:
        lens = types.CodeLens(
            mark("x", "x"), types.Command("", "auditor.runCases", arguments=arguments)
        )
        editor.start_lens(lens)
    editor.messages.clear()

    assert editor.open(RISK) == []


# ----- without


def test_without_pygls(tmp_path: Path) -> None:
    """What is missing is named with the line that installs it; exit 2."""
    (tmp_path / "pygls.py").write_text(
        "raise ModuleNotFoundError(name='pygls')\n", encoding="utf-8"
    )

    done = subprocess.run(
        [sys.executable, "-m", "auditor", "lsp"],
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        input=b"",
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 2
    assert done.stdout == b""
    assert b"in auditor's own folder: pip install '.[lsp]'" in done.stderr
