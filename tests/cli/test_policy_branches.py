"""``auditor policy coverage``: what the cases of policies try."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

PACK = """\
title: Shared
about: Words of all.
define:
  isOwned(r): r.owner != null && r.owner != 'nobody'
"""
POLICY = """\
id: risk-left-open
title: A risk was left <open>
why: Risks grow.
controls: [OWN-1]
severity: low
for: {risk: risks}
empty: pass
when: risk.severity != 'low'
due: as_of.minus(span('1 days'))
require:
  - that: isOwned(risk)
    say: Nobody owns {risk}.
  - that: >
      risk.score == null
      || risk.score < 9.0 && risk.id != '<b>'
    say: "Too high: {risk.score}."
fix: Close it.
"""
CASES = """\
policy: risk-left-open
base:
  snapshot: {schema: {name: project, version: 1}, auditee: "x:1", captured_at: 2026-03-31T18:00:00+02:00, time_zone: Europe/Berlin, gaps: {}}
  project: {id: "x:1", name: X}
  risks:
    - {id: r1, description: Lift, severity: high, score: 4, owner: p1}
cases:
  - {name: low, expect: {outcome: pass}}
  - {name: higher, set: {/risks/0/score: 9}, expect: {outcome: fail, clause: 1}}
  - {name: nobody knows, remove: [/risks/0/score], expect: {outcome: inconclusive}}
  - {name: still to be filled}
"""
FILLED = CASES.replace("  - {name: still to be filled}\n", "")
RUN = ("policy", "coverage", "--policies", "policies")
TEST = ("policy", "test", "--policies", "policies")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack of one policy that uses a word of its folder, with three cases."""
    folder = tmp_path / "policies" / "own"
    folder.mkdir(parents=True)
    (folder.parent / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "risk-left-open.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "risk-left-open.cases.yaml").write_text(FILLED, encoding="utf-8")
    return folder


def test_page(pack: Path, auditor: Command) -> None:
    """
    A line for each policy, one for the words that they share, and the sum of both.

    Of the policy: `when` (never false), `isOwned(risk)` (never false), `risk.score == null` (never true), the
    `||` (both, the first case and the second), the `&&` (both), `<` (both), `!=` (never false): 10 of 14. A
    clause counts that was met and not met: the second. Of the word each part was true and none false: 3 of 6.
    """
    done = auditor(*RUN)

    assert (done.code, done.err) == (0, ""), pack
    assert (
        done.out
        == """\
risk-left-open: clauses 1 of 2, branches 10 of 14 (71 %)
words of policies/pack.yaml: branches 3 of 6 (50 %)
"""
    )


def test_page_in_full(pack: Path, auditor: Command) -> None:
    """What the cases came to, and each branch that none of them took, where it is written."""
    done = auditor(*RUN, "risk-left-open", "--verbose")

    assert done.code == 0, pack
    assert (
        done.out
        == """\
risk-left-open: clauses 1 of 2, branches 10 of 14 (71 %)
  3 cases, 3 verdicts: pass 1, fail 1, inconclusive 1, not applicable 0; nothing there 0, not due
    yet 0
  clause 0 never failed: isOwned(risk)
    --> policies/own/risk-left-open.yaml:11:11
  never false: risk.severity != 'low'
    --> policies/own/risk-left-open.yaml:8:7
      |
    8 | when: risk.severity != 'low'
      |       ^^^^^^^^^^^^^^^^^^^^^^
  never false: isOwned(risk)
    --> policies/own/risk-left-open.yaml:11:11
       |
    11 |   - that: isOwned(risk)
       |           ^^^^^^^^^^^^^
  never true: risk.score == null
    --> policies/own/risk-left-open.yaml:14:7
       |
    14 |       risk.score == null
       |       ^^^^^^^^^^^^^^^^^^
  never false: risk.id != '<b>'
    --> policies/own/risk-left-open.yaml:15:30
       |
    15 |       || risk.score < 9.0 && risk.id != '<b>'
       |                              ^^^^^^^^^^^^^^^^
"""
    )


def test_a_part_that_was_never_asked_is_told_once(pack: Path, auditor: Command) -> None:
    """Not again for everything in it."""
    only = FILLED.replace("score: 4", "score: null").split("  - {name: higher")[0]
    (pack / "risk-left-open.cases.yaml").write_text(only, encoding="utf-8")

    done = auditor(*RUN, "risk-left-open", "--min-branches", "90")

    assert (
        "never asked, nor the 2 conditions in it: risk.score < 9.0 && risk.id != '<b>'\n"
        in done.out
    )
    assert done.out.count("never asked") == 1


@pytest.mark.parametrize(
    ("gate", "code", "said"),
    [
        (("--min-branches", "50"), 0, ""),
        (("--min-branches", "51"), 1,
         "words of policies/pack.yaml: branches 3 of 6 (50 %), and 51 % are asked for\n"),
        (("--min-branches", "72"), 1,
         ("risk-left-open: branches 10 of 14 (71 %), and 72 % are asked for\n"
          "words of policies/pack.yaml: branches 3 of 6 (50 %), and 72 % are asked for\n")),
        (("risk-left-open", "--min-branches", "71"), 0, ""),
        (("--pack", "own", "--min-branches", "71"), 0, ""),
        (("--min-clauses", "50"), 0, ""),
        (("--min-clauses", "51"), 1, "risk-left-open: clauses 1 of 2, and 51 % are asked for\n"),
    ],
)  # fmt: skip
def test_gates(pack: Path, auditor: Command, gate: tuple[str, ...], code: int, said: str) -> None:
    """
    Each policy is held against it, and the words where all policies are.

    10 of 14 is more than 71 %, and less than 72 %.
    """
    done = auditor(*RUN, *gate)

    assert (done.code, done.err) == (code, said), pack


def test_what_falls_short_is_shown(pack: Path, auditor: Command) -> None:
    """Whoever is held up by a gate sees by what; whoever is not does not."""
    short = auditor(*RUN, "--min-branches", "60")

    assert "never false: r.owner != null && r.owner != 'nobody'" in short.out, pack
    assert "risk.severity" not in short.out
    assert "clause 0" not in short.out


def test_due_and_vacuous_demands_are_no_trial(pack: Path, auditor: Command) -> None:
    """A demand that failed before it was due is not one that failed."""
    cases = FILLED + "  - {name: later, set: {/risks/0/owner: null}, expect: {outcome: fail}}\n"
    (pack / "risk-left-open.cases.yaml").write_text(cases, encoding="utf-8")
    now = auditor(*RUN, "risk-left-open")
    text = POLICY.replace("as_of.minus", "as_of.plus")
    (pack / "risk-left-open.yaml").write_text(text, encoding="utf-8")
    cases = cases.replace("outcome: fail", "outcome: not_applicable").replace(
        "inconclusive", "not_applicable"
    )
    (pack / "risk-left-open.cases.yaml").write_text(
        cases.replace(", clause: 1", ""), encoding="utf-8"
    )
    later = auditor(*RUN, "risk-left-open", "-v")

    assert now.out.startswith("risk-left-open: clauses 2 of 2")
    assert later.code == 0, later.err
    assert later.out.startswith("risk-left-open: clauses 0 of 2")
    assert "not due yet 3" in " ".join(later.out.split())


@pytest.mark.parametrize("change", [("outcome: pass", "outcome: fail"), (FILLED, CASES)])
def test_cases_that_fail_themselves(pack: Path, auditor: Command, change: tuple[str, str]) -> None:
    """One that does not come out as it says, or says nothing, is told, and gates."""
    (pack / "risk-left-open.cases.yaml").write_text(FILLED.replace(*change), encoding="utf-8")

    done = auditor(*RUN)

    assert done.code == 1
    assert done.err == (
        "risk-left-open: 1 case did not come out as expected;"
        " `auditor policy test risk-left-open`, with the same options, tells which\n"
    )


def test_document(pack: Path, auditor: Command) -> None:
    """The same for programs: every condition, what it can come to and what it came to."""
    done = auditor(*RUN, "--format", "json")
    tree = json.loads(done.out)
    (policy,), (words,) = tree["policies"], tree["words"]
    conditions = policy.pop("conditions")

    assert done.code == 0, pack
    assert tree["schema"] == {"name": "case-coverage", "version": 1}
    assert policy == {
        "id": "risk-left-open",
        "path": "policies/own/risk-left-open.yaml",
        "cases": 3,
        "unexpected": [],
        "outcomes": {"error": 0, "fail": 1, "inconclusive": 1, "pass": 1, "not_applicable": 0},
        "ways": {"nothing_there": 0, "not_due": 0, "out_of_period": 0},
        "clauses": {
            "tried": 1,
            "total": 2,
            "listed": [
                {"clause": 0, "that": "isOwned(risk)", "line": 11, "column": 11, "passes": 3, "fails": 0},
                {
                    "clause": 1, "that": "risk.score == null || risk.score < 9.0 && risk.id != '<b>'",
                    "line": 13, "column": 11, "passes": 1, "fails": 1,
                },
            ],
        },
        "branches": {"tried": 10, "total": 14},
    }  # fmt: skip
    assert conditions[2] == {
        "place": "require/1",
        "text": "risk.score == null || risk.score < 9.0 && risk.id != '<b>'",
        "line": 14,
        "column": 7,
        "end_line": 15,
        "end_column": 46,
        "answers": ["true", "false"],
        "seen": ["true", "false", "unknown"],
        "missing": [],
    }
    assert (words["path"], words["branches"]) == ("policies/pack.yaml", {"tried": 3, "total": 6})
    assert [one["missing"] for one in words["conditions"]] == [["false"]] * 3


class Page(HTMLParser):
    """What a page holds: its elements with their attributes, and the text of its source lines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marked: list[tuple[str, str]] = []
        self._looks: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag == "span":
            self._looks.append(dict(attrs).get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag."""
        if tag == "span":
            self._looks.pop()

    def handle_data(self, data: str) -> None:
        """Keep the text of a mark."""
        if self._looks:
            self.marked.append((self._looks[-1], data))

    def ids(self) -> list[str]:
        """Return what can be linked to."""
        return [found for _, attrs in self.tags if (found := attrs.get("id"))]


def test_page_of_html(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """The policy as it is written, each condition marked by a colour and, where something is missing, by words."""
    done = auditor(*RUN, "--format", "html", "-o", "coverage.html")
    text = (tmp_path / "coverage.html").read_text(encoding="utf-8")
    page = Page(text)

    assert (done.code, done.out, done.err) == (0, "", "wrote html to coverage.html\n"), pack
    source = [mark for mark in page.marked if not mark[0].startswith("chip")]
    assert source[:3] == [
        ("part", "risk.severity != 'low'"),
        ("part", "isOwned(risk)"),
        ("part", "risk.score == null"),
    ]
    assert ("good", "|| risk.score < 9.0 && ") in source
    assert ("part", "risk.id != '<b>'") in source
    assert page.marked.count(("chip part", "never false")) == 2 * 6  # listed, and in the text
    assert "<b>" not in text
    assert "left &lt;open&gt;" in text


@pytest.mark.parametrize("what", [RUN, ("policy", "coverage", "--controls")])
def test_pages_of_html_stand_alone(pack: Path, auditor: Command, what: tuple[str, ...]) -> None:
    """No request, no id twice, no link to nowhere, every header cell with its direction, no script that is needed."""
    done = auditor(*what, "--quiet", "--format", "html")
    page = Page(done.out)
    ids = page.ids()

    assert (done.code, done.err) == (0, ""), pack
    assert len(ids) == len(set(ids))
    for tag, attrs in page.tags:
        assert not {"src", "srcset", "action"} & attrs.keys(), tag
        if "href" in attrs:
            assert attrs["href"] is not None
            assert attrs["href"].removeprefix("#") in ids, attrs
        if tag == "th":
            assert attrs.get("scope") in {"col", "row"}
        if tag in {"input", "select"}:
            assert ("label", {"for": attrs["id"]}) in page.tags
    assert ("html", {"lang": "en"}) in page.tags
    assert [tag for tag, _ in page.tags if tag in {"link", "img", "iframe", "object"}] == []
    assert not re.search(r"url\(|@import|https?:", done.out)


def test_colours_can_be_read(auditor: Command) -> None:
    """Text on its ground has a contrast of 4.5 to 1 at least, by day and by night (WCAG 2.2, 1.4.3)."""
    done = auditor("policy", "coverage", "snapshot-stale", "--format", "html")
    schemes = re.findall(r":root \{(.*?)\n *\}", done.out, re.DOTALL)

    def light(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", scheme))
        pairs = [(f"on-{look}", look) for look in ("good", "part", "gap")]
        grounds = ("page", "panel")
        pairs += [(text, ground) for text in ("text", "quiet", "link") for ground in grounds]
        for text, ground in pairs:
            bright, dark = sorted((light(colours[text]), light(colours[ground])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_nothing_is_written_over(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Neither a policy, nor its cases, their snapshot and its words, nor the profile and what it names."""
    base = CASES[CASES.index("  snapshot:") : CASES.index("cases:")]
    cases = CASES[: CASES.index("base:")] + "base: ../../bases/one.json\n"
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases/one.json").write_text(base, encoding="utf-8")
    (pack / "risk-left-open.cases.yaml").write_text(
        cases + CASES[CASES.index("cases:") :], encoding="utf-8"
    )
    (tmp_path / "own.txt").write_text("{}", encoding="utf-8")
    (tmp_path / "p.yaml").write_text(
        'id: p\ntitle: P\nowner: O\nversion: "1"\npacks: [own]\next: own.txt\n', encoding="utf-8"
    )
    (tmp_path / "policies/other").mkdir()
    (tmp_path / "policies/other/left-out.yaml").write_text(POLICY, encoding="utf-8")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = [path.read_bytes() for path in files]
    for name in (
        "bases/one.json",
        "p.yaml",
        "own.txt",
        "policies/other/left-out.yaml",
        "policies/own/risk-left-open.yaml",
        "policies/own/risk-left-open.cases.yaml",
        "policies/pack.yaml",
    ):
        for verb in ((*RUN, "-o", name), (*TEST, "-f", f"json={name}")):
            done = auditor(*verb, "--profile", "p.yaml")

            assert done.code == 2, done.err
            assert f"would overwrite '{name}'" in done.err
    assert [path.read_bytes() for path in files] == before


@pytest.mark.parametrize("controls", [(), ("--controls",)])
def test_no_line_of_a_page_is_a_command(
    pack: Path, auditor: Command, controls: tuple[str, ...]
) -> None:
    """The page may go to the log of a CI system, which obeys a line that begins with two colons."""
    policy = POLICY.replace("A risk was left <open>", '"Open\\n::error::title"')
    policy = policy.replace("risk.id != '<b>'", "risk.id != '''\n\n      ::error::code'''")
    (pack / "risk-left-open.yaml").write_text(policy, encoding="utf-8")
    cases = CASES.replace(
        "name: low, expect: {outcome: pass}", r'name: "low\n::error::name", expect: {outcome: fail}'
    )
    (pack / "risk-left-open.cases.yaml").write_text(cases, encoding="utf-8")
    (pack / "catalogue.yaml").write_text(
        "framework: own\nversion: 1\ndate: 2026-03-01\ncontrols:\n  - {id: OWN-1, area: A, target: project,"
        ' decided: automatically, rule: "R\\n::error::rule", edges: ["e\\n::error::edge"]}\n',
        encoding="utf-8",
    )

    done = auditor(*RUN, "--format", "html", *controls)

    assert "low ::error::name" in done.out, done.err
    assert [line for line in done.out.splitlines() if line.lstrip().startswith("::")] == []


def test_without_jinja(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Who has not installed what writes pages is told how to; the other forms need nothing."""
    (tmp_path / "jinja2.py").write_text("raise ImportError", encoding="utf-8")

    html = auditor(*RUN, "--format", "html", PYTHONPATH=str(tmp_path))
    text = auditor(*RUN, PYTHONPATH=str(tmp_path))

    assert html.code == 2, pack
    assert "pages of HTML need Jinja2, and it is not installed" in html.err
    assert "in auditor's own folder: pip install '.[html]'" in html.err
    assert text.code == 0


def test_no_policy(auditor: Command, tmp_path: Path) -> None:
    """Nothing to try."""
    (tmp_path / "policies").mkdir()

    done = auditor(*RUN)

    assert done.code == 3
    assert "no policy was found" in done.err


def test_no_case(pack: Path, auditor: Command) -> None:
    """Nothing tries it; nought of many would read like a result."""
    (pack / "risk-left-open.cases.yaml").unlink()

    done = auditor(*RUN, "--min-branches", "0")

    assert (done.code, done.out) == (3, "")
    assert "there is no case that says what must come out" in done.err


def test_policy_without_cases_beside_one_that_has_some(pack: Path, auditor: Command) -> None:
    """It is shown with nothing tried, and gates."""
    text = POLICY.replace("id: risk-left-open", "id: other")
    (pack / "other.yaml").write_text(text, encoding="utf-8")

    done = auditor(*RUN, "--min-clauses", "1")

    assert done.code == 1
    assert "other: clauses 0 of 2, branches 0 of 14 (0 %)\n" in done.out
    assert "2 policies and their words: clauses 1 of 4, branches 13 of 34 (38 %)\n" in done.out


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        (("--min-branches", "10"), "attested: no case tries it, and 10 % are asked for"),
        (("--min-clauses", "10"), "attested: no case tries it, and 10 % are asked for"),
        ((), None),
        (("--min-branches", "0", "--min-clauses", "0"), None),
    ],
)
def test_nothing_to_try_reaches_no_gate_without_cases(
    pack: Path, auditor: Command, gates: tuple[str, ...], said: str | None
) -> None:
    """A policy that has neither demands nor conditions, but no case either, was not tried."""
    head = POLICY.partition("for:")[0].replace("id: risk-left-open", "id: attested")
    (pack / "attested.yaml").write_text(
        f"{head}attest: {{by: [DM], valid_for: 30 days}}\nfix: Say so.\n",
        encoding="utf-8",
    )

    done = auditor(*RUN, *gates)

    assert "attested: clauses 0 of 0, no branches\n" in done.out, done.err
    assert (done.code, said is None or said in done.err) == (0 if said is None else 1, True)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("egde: x, expect", "a case has no key 'egde'"),
        (
            "set: {/risks/7/score: 1}, expect",
            "case 'low': the case changes something that is not there",
        ),
    ],
)
def test_cases_that_cannot_be_run(pack: Path, auditor: Command, broken: str, said: str) -> None:
    """What was tried is shown all the same, and the exit code says that it is not all."""
    cases = FILLED.replace("{name: low, expect", f"{{name: low, {broken}")
    (pack / "risk-left-open.cases.yaml").write_text(cases, encoding="utf-8")

    done = auditor(*RUN)

    assert done.code == 4
    assert said in done.err
    assert done.out.startswith("risk-left-open: ")


def test_policy_that_cannot_be_read(pack: Path, auditor: Command) -> None:
    """The others are looked at."""
    (pack / "broken.yaml").write_text(
        POLICY.replace("risk.severity", "risk.sevrity").replace("id: risk-left-open", "id: broken"),
        encoding="utf-8",
    )

    done = auditor(*RUN)

    assert done.code == 4
    assert "policies/own/broken.yaml:8:" in done.err
    assert "risk-left-open: clauses 1 of 2" in done.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("risk-left-opne",), "did you mean 'risk-left-open'?"),
        (("--pack", "won"), "no pack is called 'won'"),
        (("--min-branches", "101"), "--min-branches"),
        (("--min-controls", "1"), "add --controls"),
        (("--controls", "--min-branches", "1"), "run it twice, once without --controls"),
        (("--controls", "risk-left-open"), "'risk-left-open' is named"),
    ],
)
def test_slips(pack: Path, auditor: Command, options: tuple[str, ...], said: str) -> None:
    """What does not go together, or is not there, is said."""
    done = auditor(*RUN, *options)

    assert (done.code, done.out) == (2, ""), pack
    assert said in done.err


def test_fields_and_packs_of_an_organisation(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """With its profile a policy can read its own fields, and packs that it leaves out are left out."""
    (tmp_path / "profile.yaml").write_text(
        "id: acme\ntitle: Acme\nowner: Office\nversion: '1'\npacks: [own]\next: ours.yaml\n",
        encoding="utf-8",
    )
    (tmp_path / "ours.yaml").write_text(
        "risks:\n  type: object\n  properties:\n    feared: {type: boolean, description: Whether it is feared.}\n",
        encoding="utf-8",
    )
    text = POLICY.replace("isOwned(risk)", "isOwned(risk) && !risk.ext.feared")
    (pack / "risk-left-open.yaml").write_text(text, encoding="utf-8")
    other = pack.parent / "other"
    other.mkdir()
    (other / "else.yaml").write_text(
        POLICY.replace("id: risk-left-open", "id: else"), encoding="utf-8"
    )

    done = auditor(*RUN, "--profile", "profile.yaml")

    assert "risk-left-open: clauses" in done.out, done.err
    assert "else:" not in done.out
    asked = auditor(*RUN, "else", "risk-left-open", "--profile", "profile.yaml")
    assert (asked.code, asked.out) == (2, "")
    assert "no policy is called 'else'" in asked.err


@pytest.mark.parametrize(
    ("verb", "ids", "code"),
    [
        ("coverage", (), 4),
        ("coverage", ("risk-left-open",), 0),
        ("mutate", (), 4),
        ("mutate", ("risk-left-open",), 0),
    ],
)
def test_cases_whose_policy_is_gone(
    pack: Path, auditor: Command, verb: str, ids: tuple[str, ...], code: int
) -> None:
    """They try nothing, and are told unless others were asked for by name; the rest is tried."""
    (pack / "gone.cases.yaml").write_text(FILLED, encoding="utf-8")

    done = auditor("policy", verb, "--policies", "policies", *ids)

    assert done.code == code
    assert ("gone.cases.yaml" in done.err) == (code == 4)
    assert "risk-left-open: " in done.out


def test_same_bytes(pack: Path, auditor: Command) -> None:
    """Whatever order sets happen to have."""
    for form in ("text", "json", "html"):
        outs = {
            auditor(*RUN, "-v", "--format", form, PYTHONHASHSEED=seed).out
            for seed in ("0", "1", "2")
        }

        assert len(outs) == 1, pack
