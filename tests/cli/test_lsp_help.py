"""``auditor lsp`` helps while policies are written: what it offers, explains, finds and runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.cli.editor import (
    CASES,
    CASES_TEXT,
    NUMBER,
    RISK,
    ROOT,
    SEEF,
    TEXT,
    Editor,
    behind,
    labels,
    mark,
    position,
    shown,
)

DATA = Path(__file__).parent / "data"
APOLLO = (DATA / "apollo.json").read_text(encoding="utf-8")
NOTHING_APPROVED = (
    (DATA / "nothing-approved.yaml").read_text(encoding="utf-8").replace("nothing-approved", "one")
)
SMALL_CASES = """\
policy: one
base: ../base.yaml
cases:
  - name: approved in time
    expect: {outcome: pass}
"""

# ----- completion


@pytest.mark.parametrize(
    ("was", "typed", "offered"),
    [
        ("due: deadline", "due: risk.rais", ["raised_at", "raised_by"]),
        ("filter(e, isHigh(e.to))", "filter(e, isHigh(e.fr", ["from"]),
        ("since.plus(params.limit)", "since.plus(params.", ["limit", "score"]),
        ("when: inScope()", "when: inSco", ["inScope"]),
        ("isHigh(severity): severity == 'high'", "isHigh(severity): sever", ["severity"]),
        ('"{risk.description}"', '"{risk.desc', ["description"]),
        ("severity: high\n", "severity: ", ["low", "medium", "high", "critical"]),
        ("empty: not_applicable", "empty: no", ["pass", "fail", "not_applicable", "inconclusive"]),
        ("at: since\n", "target: ", ["project", "unit", "portfolio"]),
    ],
)
def test_completion_in_a_policy(editor: Editor, was: str, typed: str, offered: list[str]) -> None:
    """In expressions (in a macro, a word, a sentence, behind `params.`) and in plain values, while it is half."""
    text = TEXT.replace(was, typed, 1)
    editor.open(RISK)
    editor.put(RISK, text)

    assert labels(editor.complete(RISK, behind(text, typed)))[: len(offered)] == offered


def test_names_are_known_while_the_file_cannot_be_read(editor: Editor) -> None:
    """A quote that is open hides neither the names of `for` nor those of `let`: they are as they last were."""
    editor.open(RISK)
    text = TEXT[: TEXT.index("    say: >")] + '    say: "{risk.rais'
    editor.put(RISK, text)
    assert labels(editor.complete(RISK, position(text, len(text)))) == ["raised_at", "raised_by"]

    text = text.replace("{risk.rais", "{dead")
    editor.put(RISK, text)
    assert labels(editor.complete(RISK, position(text, len(text))))[0] == "deadline"


def test_what_is_offered_says_what_it_is(editor: Editor) -> None:
    """Type and meaning of a field, and exactly what is written so far is replaced."""
    text = TEXT.replace("due: deadline", "due: risk.rais")
    editor.open(RISK, text)

    before = text[: text.index("due: ")].count("rais")
    found = editor.complete(RISK, behind(text, "due: risk.rais"))[0]

    assert (found.label, found.detail) == ("raised_at", "timestamp?")
    assert found.documentation is not None
    assert found.text_edit == types.TextEdit(mark(text, "rais", before), "raised_at")


def test_keys_and_controls_are_offered(editor: Editor) -> None:
    """Keys that are not there yet, with what they mean; controls of the catalogues, with their rule."""
    text = TEXT.replace("controls: [SEEF-MON-04]", "controls: [") + "effe"
    editor.open(RISK, text)

    keys = editor.complete(RISK, position(text, len(text)))
    controls = editor.complete(RISK, behind(text, "controls: ["))

    assert "effective" in labels(keys)
    assert "severity" not in labels(keys)
    risk = next(one for one in controls if one.label == "SEEF-MON-04")
    assert isinstance(risk.documentation, types.MarkupContent)
    assert "24 hours" in risk.documentation.value


def test_completion_in_cases(editor: Editor) -> None:
    """Pointers into the base snapshot, outcomes, edges of the control, keys of a case."""
    first = "expect: {outcome: pass, subject: k1}"
    text = CASES_TEXT.replace(
        first, "set: {/risks/0/ra\n    expect: {outcome: \n    edge: \n    re", 1
    )
    editor.open(CASES, text)

    assert "/risks/0/raised_at" in labels(editor.complete(CASES, behind(text, "set: {/risks/0/ra")))
    outcomes = labels(editor.complete(CASES, behind(text, "expect: {outcome: ")))
    assert outcomes == ["error", "fail", "inconclusive", "pass", "not_applicable"]
    edges = labels(editor.complete(CASES, behind(text, "\n    edge: ")))
    assert "still open and unescalated at 23 h" in edges
    assert "remove" in labels(editor.complete(CASES, behind(text, "\n    re")))


# ----- an organisation's own


def test_own_fields_and_profile(tmp_path: Path) -> None:
    """With the profile its own fields are known; in the profile, policies and their parameters are offered."""
    organisation = tmp_path / "organisation"
    organisation.mkdir()
    fields: dict[str, Any] = {
        "risks": {
            "type": "object",
            "properties": {
                "appetite": {"type": ["string", "null"], "description": "How much is borne."}
            },
        }
    }
    (organisation / "ext.json").write_text(json.dumps(fields), encoding="utf-8")
    profile = organisation / "profile.yaml"
    profile.write_text(
        "# yaml-language-server: $schema=profile.schema.json\n"
        "id: ours\ntitle: Ours\nowner: Us\nversion: '1'\npacks: [seef]\next: ext.json\n",
        encoding="utf-8",
    )
    text = TEXT.replace("due: deadline", "due: risk.ext.")
    mine = profile.read_text(encoding="utf-8") + "params:\n  high-risk-not-escalated:\n    sc"

    with asyncio.Runner() as runner:
        editor = Editor(runner)
        editor.start(root=tmp_path, options={"profile": "organisation/profile.yaml"})
        editor.open(RISK, text)
        (own,) = editor.complete(RISK, behind(text, "due: risk.ext."))
        editor.open(profile, mine)
        params = labels(editor.complete(profile, position(mine, len(mine))))
        severities = mine.replace(
            "params:\n  high-risk-not-escalated:\n    sc", "severities:\n  high"
        )
        editor.put(profile, severities)
        policies = labels(editor.complete(profile, position(severities, len(severities))))
        fields["risks"]["properties"]["owned"] = {"type": ["boolean", "null"]}
        (organisation / "ext.json").write_text(json.dumps(fields), encoding="utf-8")
        editor.save(profile)
        later = labels(editor.complete(RISK, behind(text, "due: risk.ext.")))
        assert editor.end() == 0

    assert own.label == "appetite"
    assert later == ["appetite", "owned"]
    assert params == ["limit", "score"]
    assert "high-risk-not-escalated" in policies


def test_profile_that_cannot_be_used(tmp_path: Path) -> None:
    """It is said once, and everything else goes on."""
    with asyncio.Runner() as runner:
        editor = Editor(runner)
        editor.start("--profile", str(tmp_path / "missing.yaml"))
        said = editor.message()
        assert editor.open(RISK) == []
        assert editor.end() == 0

    assert said.startswith("the profile is not used: cannot read ")


# ----- hover and definition


def test_hover(editor: Editor) -> None:
    """Field, function, word, parameter, control, key and plain value, each in its own words."""
    editor.open(RISK)

    def over(part: str, at: int = 1) -> str:
        return shown(editor.hover(RISK, position(TEXT, TEXT.index(part) + at)))

    assert "raised_at: timestamp?" in over("raised_at == null")
    assert "plus(" in over("plus(params")
    assert "limit: span" in over("limit)\n  levels")
    assert "inScope(): project.exclusion == null" in over("inScope()")
    assert "has 24 hours to resolve it" in over("SEEF-MON-04")
    assert "low (hygiene)" in over("severity: high")
    assert "where it is false" in over("when: inScope")


def test_hover_tells_the_comment_of_a_word(editor: Editor) -> None:
    """What a word means stands in the comment above it, in the file of the pack."""
    path = SEEF / "retrospective-actions-not-done.yaml"
    text = path.read_text(encoding="utf-8")
    editor.open(path)
    pack = ROOT / "policies" / "pack.yaml"
    comment = "Nothing can have been answered before it was asked"
    assert comment in pack.read_text(encoding="utf-8")

    blocker = text.replace("\nrequire:", "\n  probe: notBefore(as_of, as_of)\nrequire:")
    editor.put(path, blocker)

    assert comment in shown(editor.hover(path, behind(blocker, "probe: notB")))


def test_go_to_definition(editor: Editor) -> None:
    """From a control to its catalogue, from a word to its pack, from a name to where the policy gives it."""
    editor.open(RISK)

    def target(part: str, at: int = 1) -> tuple[Path, types.Range]:
        found = editor.definition(RISK, position(TEXT, TEXT.index(part) + at))
        assert found is not None
        return Path(found.uri.removeprefix("file://")), found.range

    catalogue = SEEF / "catalogue.yaml"
    assert target("SEEF-MON-04") == (
        catalogue,
        mark(catalogue.read_text(encoding="utf-8"), "SEEF-MON-04"),
    )
    words = ROOT / "policies" / "pack.yaml"
    assert target("inScope()") == (words, mark(words.read_text(encoding="utf-8"), "inScope", 0))
    own = SEEF / "pack.yaml"
    assert target("levelsFor(") == (own, mark(own.read_text(encoding="utf-8"), "levelsFor"))
    assert target("isHigh(valueAt") == (RISK, mark(TEXT, "isHigh"))
    assert target("deadline\nrequire") == (RISK, mark(TEXT, "deadline", 0))
    assert target("params.limit", 8) == (RISK, mark(TEXT, "limit"))
    editor.open(CASES)
    back = editor.definition(CASES, behind(CASES_TEXT, "policy: high"))
    assert back == types.Location(RISK.as_uri(), mark(TEXT, "high-risk-not-escalated"))


def test_quick_fix(editor: Editor) -> None:
    """Where only one thing can be meant, it is written with one key: that word and nothing else."""
    text = TEXT.replace("e, isHigh(e.to)", "e, isHihg(e.to)")
    marks = editor.open(RISK, text)

    (fix,) = editor.fixes(RISK, marks)

    assert fix.title == "Write 'isHigh' instead of 'isHihg'"
    assert fix.edit is not None
    edit = types.TextEdit(mark(text, "isHihg"), "isHigh")
    assert {uri: list(edits) for uri, edits in (fix.edit.changes or {}).items()} == {
        RISK.as_uri(): [edit]
    }
    assert editor.type(RISK, edit.range, edit.new_text) == []
    assert editor.fixes(RISK, marks) == []


# ----- cases


def test_cases_run_on_what_is_not_saved(editor: Editor) -> None:
    """The lens counts the cases, runs them on the texts in the editor, and says what came out until they change."""
    editor.open(RISK)
    editor.open(CASES)
    (lens,) = editor.lenses(RISK)
    assert lens.command is not None
    assert lens.command.title == f"Run cases ({NUMBER})"

    assert editor.start_lens(lens) == {"cases": NUMBER, "passed": NUMBER}
    assert editor.message() == f"high-risk-not-escalated: {NUMBER} of {NUMBER} cases ok"
    assert editor.said_again(CASES) == []

    # Two days instead of one: what was late is in time, and nothing of it is on the disk.
    text = TEXT.replace("default: 24 hours", "default: 48 hours")
    editor.put(RISK, text)
    result = editor.start_lens(editor.lenses(RISK)[0])
    failed = editor.said_again(CASES)

    assert result["passed"] == NUMBER - len(failed)
    assert editor.message().startswith(
        f"high-risk-not-escalated: {result['passed']} of {NUMBER} cases ok; FAILED: "
    )
    assert failed
    assert all("got " in one.message for one in failed)
    (lens,) = editor.lenses(RISK)
    assert lens.command is not None
    assert lens.command.title == f"{result['passed']} of {NUMBER} cases ok - run again"

    editor.put(RISK, TEXT)
    assert editor.said_again(CASES) == []
    (lens,) = editor.lenses(RISK)
    assert lens.command is not None
    assert lens.command.title == f"Run cases ({NUMBER})"


def test_one_case(editor: Editor) -> None:
    """Each case has a lens of its own, which runs it alone and marks it alone."""
    text = CASES_TEXT.replace(
        "expect: {outcome: pass, subject: k1}", "expect: {outcome: fail, subject: k1}", 1
    )
    editor.open(CASES, text)
    every, first, second, *_ = editor.lenses(CASES)
    assert [one.command.title for one in (every, first, second) if one.command] == [
        f"Run cases ({NUMBER})", "Run this case", "Run this case",
    ]  # fmt: skip

    assert editor.start_lens(first) == {"cases": 1, "passed": 0}
    assert "FAILED: high from the first" in editor.message()
    (found,) = editor.said_again(CASES)
    assert found.range.start == mark(text, "name: high from the first").start
    assert "expected fail for 'k1', got pass" in found.message
    _, first, second, *_ = editor.lenses(CASES)
    assert [one.command.title for one in (first, second) if one.command] == [
        "FAILED - run again", "Run this case",
    ]  # fmt: skip


def test_cases_of_a_policy_that_does_not_compile(editor: Editor) -> None:
    """They are not run, and it is said why."""
    editor.open(RISK, TEXT.replace("due: deadline", "due: deadlin"))
    (lens,) = editor.lenses(RISK)

    assert editor.start_lens(lens) == {"cases": 0, "passed": 0}
    assert "cases not run: " in editor.message()


def test_one_case_leaves_what_is_known_of_the_others(editor: Editor) -> None:
    """Nothing has changed: the other marks stay, and so does the count above all cases."""
    text = CASES_TEXT.replace("expect: {outcome: pass, subject: k1}", "expect: {outcome: fail}", 2)
    editor.open(CASES, text)
    every, first, *_ = editor.lenses(CASES)
    editor.start_lens(every)
    assert len(editor.said_again(CASES)) == 2

    assert editor.start_lens(first) == {"cases": 1, "passed": 0}

    assert len(editor.said_again(CASES)) == 2
    every, *_ = editor.lenses(CASES)
    assert every.command is not None
    assert every.command.title == f"{NUMBER - 2} of {NUMBER} cases ok - run again"


def test_base_that_changes_is_another_run(editor: Editor, tmp_path: Path) -> None:
    """What came out on another snapshot is not said of this one, be it saved or open."""
    pack = tmp_path / "pack"
    pack.mkdir()
    policy, cases, base = pack / "one.yaml", pack / "one.cases.yaml", tmp_path / "base.yaml"
    policy.write_text(NOTHING_APPROVED, encoding="utf-8")
    base.write_text(APOLLO, encoding="utf-8")
    editor.open(policy)
    editor.open(cases, SMALL_CASES)
    editor.start_lens(editor.lenses(policy)[0])
    assert _title(editor, policy) == "1 of 1 case ok - run again"

    base.write_text(APOLLO.replace("Apollo", "Hermes"), encoding="utf-8")
    assert _title(editor, policy) == "Run cases (1)"

    editor.start_lens(editor.lenses(policy)[0])
    assert _title(editor, policy) == "1 of 1 case ok - run again"
    editor.put(cases, SMALL_CASES.replace("outcome: pass", "outcome: fail"))
    editor.start_lens(editor.lenses(policy)[0])
    assert any("did not come out" in one.message for one in editor.said_again(cases))
    editor.open(base)
    editor.put(base, "{}")
    assert _title(editor, policy) == "Run cases (1)"
    assert not any("did not come out" in one.message for one in editor.said_again(cases))


def test_cases_run_of_files_that_were_never_saved(editor: Editor, tmp_path: Path) -> None:
    """Neither the policy nor its cases are on the disk yet."""
    policy, cases = tmp_path / "pack" / "one.yaml", tmp_path / "pack" / "one.cases.yaml"
    policy.parent.mkdir()
    (tmp_path / "base.yaml").write_text(APOLLO, encoding="utf-8")
    editor.open(policy, NOTHING_APPROVED)
    editor.open(cases, SMALL_CASES)

    assert editor.start_lens(editor.lenses(policy)[0]) == {"cases": 1, "passed": 1}
    assert editor.message() == "one: 1 of 1 case ok"


def test_cases_without_a_policy_are_not_run(editor: Editor, tmp_path: Path) -> None:
    """It is said why."""
    cases = tmp_path / "one.cases.yaml"
    editor.open(cases, SMALL_CASES)

    assert editor.start_lens(editor.lenses(cases)[0]) == {"cases": 0, "passed": 0}
    assert editor.message().startswith("one: cases not run: these are cases of a policy 'one'")


def test_case_that_cannot_be_run_is_marked(editor: Editor, tmp_path: Path) -> None:
    """Where it says what is not there, as lint says it; not while it is typed, for it takes its time."""
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "one.yaml").write_text(NOTHING_APPROVED, encoding="utf-8")
    (tmp_path / "base.yaml").write_text(APOLLO, encoding="utf-8")
    cases = pack / "one.cases.yaml"
    lost = SMALL_CASES + "    set: {/nowhere/at/all: 1}\n"
    unknown = SMALL_CASES + "    params: {limti: 1}\n"

    found = _of_case(editor.open(cases, lost))
    assert [one.range.start for one in found] == [mark(lost, "/nowhere/at/all").start]
    assert _of_case(editor.put(cases, unknown)) == []
    cases.write_text(unknown, encoding="utf-8")
    editor.save(cases)
    found = _of_case(editor.said(cases))
    assert [one.range.start for one in found] == [mark(unknown, "limti").start]
    (pack / "one.yaml").write_text("id: [", encoding="utf-8")
    editor.save(cases)
    assert _of_case(editor.said(cases)) == []


def _of_case(found: list[types.Diagnostic]) -> list[types.Diagnostic]:
    """Return what is said of a case that cannot be run."""
    return [one for one in found if one.message.startswith("case 'approved in time': ")]


def _title(editor: Editor, path: Path) -> str:
    """Return what stands above all cases."""
    command = editor.lenses(path)[0].command
    assert command is not None
    return command.title
