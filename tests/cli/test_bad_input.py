"""
Whatever is wrong with an input: one clear error with its place, or a verdict that is not green.

No traceback, the right exit code, and the healthy project beside it is judged and reported all the same.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Command, Done

DATA = Path(__file__).with_name("data")
POLICY = (DATA / "nothing-approved.yaml").read_text(encoding="utf-8")
SNAPSHOT = json.loads((DATA / "apollo.json").read_bytes())

PROJECT = json.dumps(SNAPSHOT["project"])
HEAD = f"snapshot: {json.dumps(SNAPSHOT['snapshot'])}\nproject: {PROJECT}\n"
"""The first two lines of a YAML snapshot."""


def changed(**keys: Any) -> dict[str, Any]:
    """Return the snapshot with other values for some of its top-level keys."""
    return {**json.loads(json.dumps(SNAPSHOT)), **keys}


def with_ext(value: str) -> str:
    """Return the snapshot as JSON with *value*, written as it is, somewhere in it."""
    return json.dumps(changed(ext={"deep": 0})).replace('{"deep": 0}', f'{{"deep": {value}}}')


def nested(depth: int) -> str:
    """Return the snapshot as JSON with lists inside each other."""
    return with_ext("[" * depth + "]" * depth)


BOMB = HEAD + (
    "ext:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"  {name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
        for before, name in ("ab", "bc", "cd", "de", "ef", "fg", "gh", "hi")
    )
)

BROKEN = {
    # What is wrong: the file, its content, the place and words of the error.
    "broken-yaml": ("x.yaml", f"{HEAD}approvals: [a\n", r"x.yaml:\d+:\d+", ""),
    "broken-json": ("x.json", '{"snapshot": {,}}', "x.json:1:15", ""),
    "json-that-ends-early": ("x.json", '{"snapshot": {}', "x.json:1:16", ""),
    "duplicate-key-yaml": (
        "x.yaml", f"{HEAD}project: {{}}\n", "x.yaml:3:1", "'project' is given twice",
    ),
    "duplicate-key-json": (
        "x.json", '{"snapshot": {}, "snapshot": {}}', "x.json:1:18", "'snapshot' is given twice",
    ),
    "alias-bomb": ("x.yaml", BOMB, r"x.yaml:\d+:\d+", "alias"),
    "on-is-a-word": ("x.yaml", f"{HEAD}on: 1\n", r"x.yaml:3:\d+", "'on'"),
    "1.10-is-a-number": (
        "x.yaml", f"{HEAD}baselines: [{{id: b, version: 1.10}}]\n", "x.yaml:3:30", "1.1",
    ),
    "nested-json": ("x.json", nested(100), r"x.json:1:\d+", "64"),
    "nested-yaml": (
        "x.yaml", f"{HEAD}ext: {{deep: {'[' * 100}{']' * 100}}}\n", r"x.yaml:3:\d+", "64",
    ),
    "string-of-50-mb": (
        "x.json", with_ext(f'"{"a" * 50_000_000}"'), r"x.json:1:\d+", "string of 500000",
    ),
    "nan-json": ("x.json", with_ext("NaN"), r"x.json:1:\d+", "NaN is no finite number"),
    "nan-yaml": ("x.yaml", f"{HEAD}ext: {{n: .nan}}\n", "x.yaml:3:10", "no finite number"),
    "lone-surrogate-json": (
        "x.json", with_ext('"\\ud800"'), r"x.json:1:\d+", "half a character",
    ),
    "lone-surrogate-yaml": ("x.yaml", f'{HEAD}ext: {{s: "\\ud800"}}\n', r"x.yaml:3:\d+", ""),
    "unknown-key": (
        "x.json", json.dumps({**SNAPSHOT, "aprovals": []}), r"x.json:1:\d+", "'approvals'",
    ),
    "no-object": ("x.json", "[1, 2]", "x.json:1:1", ""),
    "empty-file": ("x.yaml", "", "x.yaml", ""),
    "binary": ("x.json", "\x00\x01snapshot", "x.json", ""),
}  # fmt: skip


def check(auditor: Command, *arguments: str) -> Done:
    """Judge by the policy of the place, for programs."""
    return auditor("check", *arguments, "--policies", "policies", "-f", "json")


def one_error(done: Done) -> str:
    """Return the error that the command showed, and hold that there is no other and no traceback."""
    assert "Traceback" not in done.err + done.out
    assert len(re.findall(r"^error\[", done.err, re.MULTILINE)) == 1, done.err
    return done.err


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_snapshot(broken: str, place: Path, auditor: Command) -> None:
    """One error with file, line and column, exit 4, and the healthy project is reported."""
    name, content, where, words = BROKEN[broken]
    (place / "snapshots" / name).write_text(content, encoding="utf-8")

    done = check(auditor, f"snapshots/{name}", "snapshots/apollo.json")

    error = one_error(done)
    assert done.code == 4
    assert re.search(rf"--> snapshots/{where}", error), error
    assert words in error
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}
    (problem,) = done.results["problems"]
    assert problem["name"] == f"snapshots/{name}"


def test_time_of_day_needs_no_quotes(place: Path, auditor: Command) -> None:
    """``17:30`` is a time of day, not 1050, and ``2026-09-01`` is a day."""
    calendar = (
        "calendar: {working_days: [mon], hours: {from: 09:00, to: 17:30}, holidays: [2026-09-01]}"
    )
    head = f"snapshot: {json.dumps(SNAPSHOT['snapshot'])[:-1]}, {calendar}}}\nproject: {PROJECT}\n"
    (place / "x.yaml").write_text(head, encoding="utf-8")

    done = auditor("snapshot", "validate", "x.yaml")

    assert (done.code, done.out) == (0, "x.yaml: valid\n")


def test_folder_where_a_file_is_meant(place: Path, auditor: Command) -> None:
    """A folder called like a snapshot is not searched in silence."""
    (place / "snapshots" / "x.json").mkdir()

    done = check(auditor, "snapshots")

    assert done.code == 4
    assert "'snapshots/x.json' is a folder" in one_error(done)
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


def test_file_that_cannot_be_read(place: Path, auditor: Command) -> None:
    """What the system refuses to read is named."""
    # Reading a process's memory from its start fails for every user, root included.
    (place / "snapshots" / "x.json").symlink_to("/proc/self/mem")

    done = check(auditor, "snapshots/x.json", "snapshots/apollo.json")

    assert done.code == 4
    assert "cannot read 'snapshots/x.json'" in one_error(done)
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


@pytest.mark.parametrize("name", ["snapshots/none.json", "none", "dangling.json"])
def test_path_that_is_not_there(name: str, place: Path, auditor: Command) -> None:
    """A slip in a path is an error, not an empty run."""
    (place / "dangling.json").symlink_to("nowhere")

    done = check(auditor, name, "snapshots")

    assert done.code == 4
    assert f"'{name}'" in one_error(done)
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


def test_pipe_is_not_waited_for(place: Path, auditor: Command) -> None:
    """What is no file is refused, before it can block."""
    os.mkfifo(place / "snapshots" / "x.json")

    done = check(auditor, "snapshots/x.json", "snapshots/apollo.json")

    assert done.code == 4
    assert "neither a file nor a folder" in one_error(done)


def test_empty_folder(place: Path, auditor: Command) -> None:
    """Nothing to judge is never a success."""
    (place / "empty").mkdir()

    done = check(auditor, "empty")

    assert done.code == 3
    assert "error[nothing-audited]: no snapshot was found in 'empty'" in one_error(done)
    assert done.results["results"] == []


def test_no_policy(place: Path, auditor: Command) -> None:
    """Nothing to judge by is none either."""
    (place / "empty").mkdir()

    done = auditor("check", "snapshots", "--policies", "empty", "-f", "json")

    assert done.code == 3
    assert "no policy was found" in one_error(done)


BROKEN_POLICIES = {
    # What is wrong: what is written instead of what, and the place and words of the error.
    "unknown-field": ("a.at.by", "a.att.by", ":8:31", "did you mean 'at'?"),
    "unknown-key": ("severity", "serverity", ":5:1", "did you mean 'severity'?"),
    "broken-expression": ("approvals.exists(", "approvals.exists((", ":8:", ""),
    "stray-key": ("title:", "titel: x\ntitle:", ":2:1", "did you mean 'title'?"),
}


@pytest.mark.parametrize("broken", BROKEN_POLICIES)
def test_broken_policy(broken: str, place: Path, auditor: Command) -> None:
    """A policy that cannot be compiled is shown with its line; the others judge."""
    old, new, where, words = BROKEN_POLICIES[broken]
    policy = POLICY.replace("id: nothing", "id: anything", 1).replace(old, new, 1)
    (place / "policies" / "trial" / "anything-approved.yaml").write_text(policy, encoding="utf-8")

    done = check(auditor, "snapshots")

    assert done.code == 4
    assert "Traceback" not in done.err
    assert f"policies/trial/anything-approved.yaml{where}" in done.err, done.err
    assert words in done.err
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


def test_broken_vocabulary_of_a_pack(place: Path, auditor: Command) -> None:
    """What only follows from a broken ``pack.yaml`` is not reported, and another pack judges."""
    other = place / "policies" / "other"
    other.mkdir()
    (other / "pack.yaml").write_text("define: {'held(x)': 'x.'}\ntitle: T\n", encoding="utf-8")
    uses = POLICY.replace("id: nothing", "id: anything").replace(
        "approvals.exists", "held(1) || approvals.exists"
    )
    (other / "anything-approved.yaml").write_text(uses, encoding="utf-8")

    done = check(auditor, "snapshots")

    assert done.code == 4
    assert "policies/other/pack.yaml:1" in one_error(done)
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


def test_truncated_list_is_never_complete(place: Path, auditor: Command) -> None:
    """A list that was cut short cannot show that something is not in it."""
    cut = changed(approvals=[])
    cut["snapshot"]["auditee"] = cut["project"]["id"] = "hand:cut"
    cut["snapshot"]["gaps"] = {"/approvals": "truncated"}
    (place / "snapshots" / "cut.json").write_text(json.dumps(cut), encoding="utf-8")

    done = check(auditor, "snapshots")

    assert done.code == 1
    assert done.verdicts() == {
        "hand:apollo": {"nothing-approved": "pass"},
        "hand:cut": {"nothing-approved": "inconclusive"},
    }
    (verdict,) = done.results["results"][1]["document"]["verdicts"]
    (missing,) = verdict["missing"]
    assert (missing["pointer"], missing["reason"]) == ("/approvals", "truncated")


def test_file_without_a_head_is_passed_over(place: Path, auditor: Command) -> None:
    """What lies beside the snapshots is listed, not judged and not an error."""
    (place / "snapshots" / "compose.yaml").write_text("services: [x]\n", encoding="utf-8")
    (place / "snapshots" / "notes.txt").write_text("x", encoding="utf-8")

    done = check(auditor, "snapshots")

    assert done.code == 0
    assert [other["name"] for other in done.results["not_used"]] == ["snapshots/compose.yaml"]


def test_all_inputs_are_broken(place: Path, auditor: Command) -> None:
    """Every one is named, and the report says that nothing was judged."""
    for name in ("a", "b"):
        (place / f"{name}.json").write_text('{"snapshot": ', encoding="utf-8")

    done = check(auditor, "a.json", "b.json")

    assert done.code == 4
    assert re.findall(r"--> (\w)\.json", done.err) == ["a", "b"]
    assert done.results["results"] == []
    assert len(done.results["problems"]) == 2


FAILING = json.dumps(
    changed(
        snapshot={**SNAPSHOT["snapshot"], "auditee": "hand:zeus"},
        project={**SNAPSHOT["project"], "id": "hand:zeus"},
        approvals=[],
    )
)
"""A project beside the healthy one, in which nothing was approved."""

BLOCK = "".join(f"{key}: {json.dumps(value)}\n" for key, value in json.loads(FAILING).items())
"""The same as YAML, one key a line."""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("zeus.json", b"\xef\xbb\xbf" + FAILING.encode(), id="byte-order-mark"),
        pytest.param(
            "zeus.yaml",
            b"\xef\xbb\xbf" + BLOCK.encode(),
            id="byte-order-mark-yaml",
        ),
        pytest.param(
            "zeus.json",
            FAILING.replace('"snapshot"', '"snap\\u0073hot"').encode(),
            id="escaped-key",
        ),
        pytest.param(
            "zeus.yaml",
            FAILING.replace('"snapshot":', '? "snapshot"\n:').encode(),
            id="complex-key",
        ),
    ],
)
def test_snapshot_in_a_folder_however_it_is_written(
    name: str, content: bytes, place: Path, auditor: Command
) -> None:
    """What is judged when it is named is judged when its folder is: a finding does not vanish."""
    (place / "snapshots" / name).write_bytes(content)

    done = check(auditor, "snapshots")

    assert done.code == 1, done.err
    assert done.verdicts()["hand:zeus"] == {"nothing-approved": "fail"}
    assert done.results["not_used"] == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("zeus.json", FAILING.encode("utf-16"), id="utf-16"),
        pytest.param("zeus.json", b"", id="empty-json"),
        pytest.param("zeus.yaml", b"", id="empty-yaml"),
        pytest.param("zeus.json", b"null", id="null"),
        pytest.param("zeus.yaml", b"\x00\xff\xfe\x01", id="binary"),
        pytest.param("zeus.json", b"[" * 100 + b"]" * 100, id="too-deep"),
        pytest.param("zeus.json", FAILING[:-20].encode(), id="cut-off"),
    ],
)
def test_file_in_a_folder_that_cannot_be_read_is_missing(
    name: str, content: bytes, place: Path, auditor: Command
) -> None:
    """A damaged file may have been a snapshot: it is a problem and missing, never just not used."""
    (place / "snapshots" / name).write_bytes(content)

    done = check(auditor, "snapshots")

    assert done.code == 4
    assert done.results["population"]["missing"] == [f"snapshots/{name}"]
    assert done.results["not_used"] == []
    assert done.verdicts() == {"hand:apollo": {"nothing-approved": "pass"}}


@pytest.mark.parametrize("content", ["{}", "[1]", "3", '{"deep": {"snapshot": {}}}'])
def test_document_without_a_head_is_just_not_used(
    content: str, place: Path, auditor: Command
) -> None:
    """A document that can be read and has no head at its top is something else."""
    (place / "snapshots" / "other.json").write_text(content, encoding="utf-8")

    done = check(auditor, "snapshots")

    assert done.code == 0, done.err
    (other,) = done.results["not_used"]
    assert other == {"name": "snapshots/other.json", "reason": "it has no 'snapshot' head"}


@pytest.mark.parametrize("captured_at", ["0001-01-01T00:00:00Z", "2026-09-30T18:00:00+02:00"])
def test_the_first_day_of_the_calendar_is_judged(
    place: Path, auditor: Command, captured_at: str
) -> None:
    """Its period has one day, also where the place is still in the day before."""
    file = place / "snapshots" / "apollo.json"
    snapshot = json.loads(file.read_text(encoding="utf-8"))
    snapshot["snapshot"] |= {"captured_at": captured_at, "time_zone": "America/New_York"}
    file.write_text(json.dumps(snapshot), encoding="utf-8")
    at = () if captured_at < "0002" else ("--as-of", "0001-01-01")

    done = auditor("check", "snapshots", "--policies", "policies", *at, "-f", "json")

    assert done.code in {0, 1}, done.err
    assert done.results["period"] == {"from": "0001-01-01", "to": "0001-01-01"}


@pytest.mark.parametrize(
    "command",
    [
        ("policy", "test", "--policies", "policies"),
        ("policy", "lint", "policies"),
        ("policy", "coverage", "--policies", "policies"),
        ("policy", "mutate", "--policies", "policies"),
        ("check", "snapshots", "--policies", "policies"),
    ],
)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_pipe_among_the_policies(place: Path, auditor: Command, command: tuple[str, ...]) -> None:
    """Nobody waits for it: it is named, and the rest is read."""
    os.mkfifo(place / "policies" / "trial" / "z.yaml")

    done = auditor(*command)

    assert done.code == 4
    assert "'policies/trial/z.yaml' is neither a file nor a folder" in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_pipe_in_place_of_a_catalogue(place: Path, auditor: Command) -> None:
    """The same holds for what stands beside policies."""
    os.mkfifo(place / "policies" / "trial" / "catalogue.yaml")

    done = auditor("policy", "coverage", "--controls", "--policies", "policies")

    assert "'policies/trial/catalogue.yaml' is neither a file nor a folder" in done.err


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ('"a\\0b"', "a\\x00b' is no name that a file can have"),
        ("/dev/zero", "dev/zero' is neither a file nor a folder"),
        ("large.json", "large.json' has 67108865 bytes, more than the 67108864"),
        ("a" * 300, "file name too long"),
    ],
)
def test_base_of_cases_that_is_no_file(place: Path, auditor: Command, base: str, said: str) -> None:
    """It is told, and never read without an end."""
    folder = place / "policies" / "trial"
    (folder / "nothing-approved.cases.yaml").write_text(
        f"policy: nothing-approved\nbase: {base}\ncases: [{{name: n, expect: {{outcome: pass}}}}]\n",
        encoding="utf-8",
    )
    with (folder / "large.json").open("wb") as large:
        large.truncate(64 * 1024 * 1024 + 1)

    done = auditor("policy", "test", "--policies", "policies")

    assert done.code == 4
    assert said in done.err


@pytest.mark.parametrize(
    "command",
    [
        ("policy", "test", "--policies"),
        ("policy", "lint"),
        ("policy", "try", "snapshots", "--policy"),
        ("check", "snapshots", "--policies"),
    ],
)
def test_name_that_is_too_long(place: Path, auditor: Command, command: tuple[str, ...]) -> None:
    """It is a slip of whoever typed it, and no fault of the program."""
    done = auditor(*command, "a" * 5000)

    assert (done.code, done.out) == (2, ""), place
    assert f"the name '{'a' * 60} … (4940 more characters)' is too long for a file" in done.err
