"""``auditor policy docs``: a site of pages about policies, controls, fields and functions."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from lxml import html

from auditor.usecases.document_policies import document_policies
from auditor.usecases.workbench import read_workbench

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

CATALOGUE = """\
framework: try
version: 2
date: 2026-03-01
controls:
  - id: TRY-A-01
    area: Risks
    stage: At the start
    target: project
    decided: automatically
    rule: Risks are low, and <b>stay</b> low.
    edges: [exactly at the limit, no risks]
    parameters: {limit: 9}
    house_rule: The text says nothing of a number.
  - id: TRY-A-02
    area: Sleep
    target: project
    decided: by attestation
    attest: {by: [DM], valid_for: 365 days}
    rule: The DM sleeps well.
    edges: []
"""
PACK = """\
title: Trial
about: What is tried.
define:
  # ----- scores
  # A score that nobody fears.
  isLow(risk, limit): risk.score == null || risk.score < double(limit)
  isNeverUsed(risk): risk.score == null
"""
POLICY = """\
id: score-not-low
title: A risk is high
why: "Somebody has to look: <script>alert(1)</script>."
controls: [TRY-A-01]
severity: high
params:
  limit: {default: 9, between: [1, 12], about: From which score on a risk is high}
for: {risk: risks}
empty: pass
when: project.name != 'Left out'
at: risk.raised_at
let:
  deadline: "risk.raised_at == null ? undecided('when') : risk.raised_at.plus(span('2 days'))"
due: deadline
define:
  isOwned(risk): risk.owner != null
require:
  - that: isLow(risk, params.limit) || isOwned(risk)
    say: "{risk.description} has the score {risk.score}."
  - that: risk.description != ''
    say: "A risk says nothing."
fix: Lower it.
effective: {from: 2026-01-01, until: 2027-12-31}
formerly: [score-too-high]
"""
CASES = """\
policy: score-not-low
base:
  snapshot: {schema: {name: project, version: 1}, auditee: "hand:demo", captured_at: 2026-03-31T18:00:00+02:00,
             time_zone: Europe/Berlin, calendar: {working_days: [mon], holidays: []}, gaps: {}}
  project: {id: "hand:demo", name: Demo}
  risks: [{id: r1, description: Data is late, score: 3, owner: null, raised_at: 2026-03-01T10:00:00+01:00}]
cases:
  - name: a low one
    expect: {outcome: pass}
  - name: nine
    edge: exactly at the limit
    set: {/risks/0/score: 9}
    expect: {outcome: fail}
  - name: nobody knows
    remove: [/risks/0/score]
    set: {/risks/0/description: <i>x</i>}
    expect: {outcome: inconclusive}
  - name: there is still time
    set: {/risks/0/score: 9}
    as_of: 2026-03-02T10:00:00+01:00
    expect: {outcome: not_applicable, reason: not_due}
  - name: nine is low where ten is the limit
    set: {/risks/0/score: 9}
    params: {limit: 10}
    expect: {outcome: pass}
  - name: nobody has said
"""
ATTESTED = """\
id: dm-sleeps-badly
title: The DM did not vouch
why: Who sleeps decides well.
controls: [TRY-A-02]
severity: low
attest: {by: [DM], valid_for: 365 days, asks: [the bed]}
fix: Let the DM vouch.
"""
HEADINGS = [
    "What it demands", "Why", "Who is judged", "How it is decided", "Parameters", "Examples", "How to fix",
    "Facts that it reads", "Severity", "Source",
]  # fmt: skip
EXAMPLES = [
    "Examples that pass", "Examples that fail", "Examples that cannot be decided",
    "Examples that do not apply",
]  # fmt: skip


def write_pack(folder: Path) -> Path:
    """Write a pack with a catalogue of two controls, words, and a policy with cases."""
    folder.mkdir(parents=True)
    texts = {
        "catalogue": CATALOGUE,
        "pack": PACK,
        "score-not-low": POLICY,
        "score-not-low.cases": CASES,
    }
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack that a test may change."""
    return write_pack(tmp_path / "policies" / "trial")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the pack as it is."""
    place = tmp_path_factory.mktemp("docs")
    write_pack(place / "policies" / "trial")
    document_policies(read_workbench([str(place / "policies")]), str(place / "site"), "html")
    return place / "site"


def page(path: Path) -> html.HtmlElement:
    """Read a page."""
    return html.document_fromstring(path.read_text(encoding="utf-8"))


BLOCKS = (
    "section", "article", "details", "summary", "blockquote", "p", "h2", "h3", "h4", "ul", "li", "tr", "th", "td",
    "pre", "div", "dt", "dd",
)  # fmt: skip


def words(tree: html.HtmlElement) -> str:
    """Return a text as it is read: what begins a line of its own is apart from what is before it."""
    for one in tree.iter(*BLOCKS):
        one.text = f" {one.text or ''}"
        one.tail = f" {one.tail or ''}"
    return " ".join("".join(tree.itertext()).replace(" #", "").split())


def section(tree: html.HtmlElement, anchor: str) -> str:
    """Return what stands below a heading, without the way to the heading itself."""
    (found,) = tree.xpath(f"//section[@id='{anchor}']")
    return words(deepcopy(found))


def test_site(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """What was written, and where to begin."""
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    written = {
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.*")
    }

    assert (done.code, done.out) == (0, ""), pack
    assert done.err == "wrote 10 pages; begin with site/index.html\n"
    assert written == {
        "index.html", "frameworks/trial.html", "controls/TRY-A-01.html", "controls/TRY-A-02.html",
        "policies/score-not-low.html", "words/trial.html", "fields/project.html", "fields/unit.html",
        "fields/portfolio.html", "functions.html", "style.css", "search.js", "search-index.js",
    }  # fmt: skip


def test_policy_page(site: Path) -> None:
    """Fixed headings, and below each what the policy says there."""
    tree = page(site / "policies/score-not-low.html")

    assert [found.text.strip() for found in tree.xpath("//main//h2")] == HEADINGS
    assert section(tree, "demands") == (
        "What it demands It finds where this is broken: TRY-A-01 Risks Risks are low, and <b>stay</b> low."
    )
    assert section(tree, "why") == "Why Somebody has to look: <script>alert(1)</script>."
    assert section(tree, "who") == (
        "Who is judged In each project these are judged, one by one: each risk of risks when: it applies only"
        " where this holds. Where it does not hold, the verdict is not applicable; where it cannot be told,"
        " inconclusive. project.name != 'Left out' Where there is none of them at all, the policy passes."
        " It holds from 2026-01-01 on. It holds until 2027-12-31."
    )
    assert section(tree, "clause-1") == (
        "Demand 1 of 2 At least one of these holds: isLow(risk, params.limit) isOwned(risk)"
        " isLow(risk, params.limit) || isOwned(risk) Where it does not hold, the finding says, with facts for what is in braces:"
        " {risk.description} has the score {risk.score}. empty: where the demand is about nothing at all, such"
        " as every element of an empty list, it passes."
    )
    assert section(tree, "due") == (
        "Until when there is time due: until this instant there is still time. What would be a fail, or could"
        " not be decided, is not applicable until then (not due). deadline"
    )
    assert section(tree, "parameters") == (
        "Parameters Name Value Bounds What it is What the profile changed limit 9 1 to 12 From which score on a"
        " risk is high nothing"
    )
    assert section(tree, "facts") == (
        "Facts that it reads What a source must be able to tell, so that this can be decided: project,"
        " project.name, risks, risks.description, risks.owner, risks.raised_at, risks.score."
    )
    assert section(tree, "severity") == "Severity high: to be put right now."
    assert "Former ids score-too-high" in section(tree, "source")


def test_examples(site: Path) -> None:
    """What a policy says of an example is what it said when it was run."""
    tree = page(site / "policies/score-not-low.html")

    found = [one.text.strip() for one in tree.xpath("//section[@id='examples']//h3")]
    assert found == [*EXAMPLES, "Examples that nobody has decided"]
    assert section(tree, "examples-fail") == (
        "Examples that fail nine edge: exactly at the limit fail Data is late: Data is late has the score 9."
        " What is different: /risks/0/score is 9"
    )
    undecided = section(tree, "examples-undecided")
    assert undecided.startswith(
        "Examples that cannot be decided nobody knows inconclusive <i>x</i>: "
    )
    assert undecided.endswith("/risks/0/description is <i>x</i> /risks/0/score is not recorded")
    assert "judged as of 2026-03-02T10:00:00+01:00" in section(tree, "examples-not-applicable")
    assert "with the parameter limit at 10" in section(tree, "examples-pass")
    assert section(tree, "examples-empty").endswith("nobody has said")


def test_links_of_an_expression(site: Path) -> None:
    """Names of the policy, its words, those of the pack, facts and functions lead to where they are told of."""
    tree = page(site / "policies/score-not-low.html")
    code = tree.xpath("//section[@id='decided']//code//a")
    found = {one.text: one.get("href") for one in code}

    assert found["isLow"] == "../words/trial.html#word-isLow"
    assert found["isOwned"] == "#word-isOwned"
    assert found["limit"] == "#param-limit"
    assert found["deadline"] == "#let-deadline"
    assert found["raised_at"] == "../fields/project.html#risks.raised_at"
    assert found["plus"] == "../functions.html#function-plus"


def test_control_and_framework(site: Path) -> None:
    """What is covered by which policy and example, and what is not."""
    control = page(site / "controls/TRY-A-01.html")
    framework = page(site / "frameworks/trial.html")

    assert [found.text.strip() for found in control.xpath("//main//h2")] == [
        "What it demands", "Why", "How it is decided", "Parameters", "Edges", "Examples", "How to fix",
        "Source",
    ]  # fmt: skip
    assert section(control, "edges") == (
        "Edges Situations in which a simple rule goes wrong, with the examples that try them:"
        " exactly at the limit nine (score-not-low) no risks not tried"
    )
    assert section(control, "fix") == "How to fix score-not-low: Lower it."
    assert section(framework, "coverage").startswith(
        "Coverage 1 of 2 controls have a policy Controls 2 From recorded facts 1 By attestation 1"
        " With a policy 1 Not covered 1"
    )
    assert section(framework, "area-Sleep").endswith(
        "TRY-A-02 The DM sleeps well. not covered to be attested"
    )
    assert section(framework, "not-covered") == (
        "Not covered 1 control that no policy decides: TRY-A-02."
    )


def test_attested_policy(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Who vouches, for how long, and what the person is asked to name; and that nobody tried it."""
    (pack / "dm-sleeps-badly.yaml").write_text(ATTESTED, encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    tree = page(tmp_path / "site/policies/dm-sleeps-badly.html")
    framework = page(tmp_path / "site/frameworks/trial.html")

    assert done.code == 0
    assert section(tree, "decided") == (
        "How it is decided attest: a person vouches for it, in the role of DM. A word holds for 365 days at"
        " most; without one in force the verdict is inconclusive. The person is asked to name: the bed"
        " The word alone is enough."
    )
    assert "This policy has no cases: nobody has tried it." in section(tree, "examples")
    assert "attested dm-sleeps-badly" in section(framework, "area-Sleep")


def test_words(site: Path) -> None:
    """A word with what the comment above it says, and who uses it."""
    tree = page(site / "words/trial.html")

    assert section(tree, "group-scores") == (
        "Scores isLow(risk, limit) A score that nobody fears. risk.score == null || risk.score < double(limit)"
        " Used by score-not-low. isNeverUsed(risk) risk.score == null No policy uses it."
    )


def test_broken_policy(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """The rest is written; what is broken stands on the page of its framework, with what is wrong with it."""
    (pack / "bad-risk.yaml").write_text(
        POLICY.replace("score-not-low", "bad-risk")
        .replace("TRY-A-01", "TRY-A-02")
        .replace("risk.description != ''", "risk.descripton != ''"),
        encoding="utf-8",
    )
    (pack / "no-yaml.yaml").write_text("id: [oops\n", encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    framework = page(tmp_path / "site/frameworks/trial.html")
    index = page(tmp_path / "site/index.html")

    assert done.code == 4
    assert "error[policy-unknown-field]" in done.err
    assert "2 policies cannot be used; the pages list them as broken: bad-risk, no-yaml" in done.err
    assert (tmp_path / "site/policies/score-not-low.html").is_file()
    assert not (tmp_path / "site/policies/bad-risk.html").exists()
    told = section(framework, "broken-bad-risk")
    assert "broken policies/trial/bad-risk.yaml (for TRY-A-02)" in told
    assert "policies/trial/bad-risk.yaml:20:" in told
    assert "policies/trial/no-yaml.yaml" in section(framework, "broken-no-yaml")
    assert "its policy is broken" in section(framework, "area-Sleep")
    assert "2 policies cannot be used" in words(index)


def test_broken_words(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Where the words of a pack are broken, so are its policies, and the page says why."""
    (pack / "pack.yaml").write_text(PACK.replace("< double(limit)", "<"), encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    framework = page(tmp_path / "site/frameworks/trial.html")

    assert done.code == 4
    assert "policies/trial/pack.yaml" in section(framework, "broken-words")
    assert "its shared words cannot be used: policies/trial/pack.yaml" in section(
        framework, "broken-score-not-low"
    )


def test_case_that_comes_out_otherwise(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """An example is never shown as what it is not."""
    cases = pack / "score-not-low.cases.yaml"
    cases.write_text(CASES.replace("{outcome: fail}", "{outcome: pass}"), encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    tree = page(tmp_path / "site/policies/score-not-low.html")

    assert done.code == 0
    assert "1 case did not come out as expected, and the pages say so" in done.err
    assert "nine edge: exactly at the limit Note. This is not what the case expects." in section(
        tree, "examples-fail"
    )


def test_case_without_a_verdict(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """What cannot be run shows nothing of the policy, and is not among what cannot be decided."""
    cases = pack / "score-not-low.cases.yaml"
    text = CASES.replace(
        "{/risks/0/score: 9}\n    expect: {outcome: fail}",
        "{/risks/7/score: 9}\n    expect: {outcome: fail}",
    )
    text = text.replace(
        "{outcome: pass}\n  - name: nine\n", "{outcome: pass, subject: r7}\n  - name: nine\n"
    )
    cases.write_text(text, encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    tree = page(tmp_path / "site/policies/score-not-low.html")
    control = page(tmp_path / "site/controls/TRY-A-01.html")

    assert done.code == 4, done.err
    assert "2 cases did not come out as expected, and the pages say so" in done.err
    told = section(tree, "examples-without-verdict")
    assert told.startswith("Examples without a verdict A case that cannot be run")
    assert (
        "nine edge: exactly at the limit Note. This is not what the case expects. it cannot" in told
    )
    assert "a low one Note. This is not what the case expects. there is no verdict on 'r7'" in told
    undecided = section(tree, "examples-undecided")
    assert "nobody knows" in undecided
    assert "nine" not in undecided
    assert "a low one" not in undecided
    assert section(control, "examples").count("nine") == 1


def test_cases_that_cannot_be_read(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """The policy keeps its page, which says what is wrong with its cases."""
    (pack / "score-not-low.cases.yaml").write_text(
        "policy: other\nbase: {}\ncases: []\n", encoding="utf-8"
    )
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")
    tree = page(tmp_path / "site/policies/score-not-low.html")

    assert done.code == 4
    assert "these are the cases of 'other'" in section(tree, "examples")


def test_profile(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """What was tailored: before, after, in which direction, by whom, when and why."""
    (tmp_path / "profile.yaml").write_text(
        """\
id: acme-2026
title: Acme, 2026
owner: Delivery office
version: "3"
packs: [trial]
params:
  score-not-low:
    limit: {value: 12, reason: Our risks are <small> ones, by: C. Doyle, on: 2026-08-01}
severities:
  score-not-low: {value: low, reason: Few risks come true, by: A. Roe, on: 2026-08-02}
ext: own.yaml
attest_instead:
  - {fact: /risks/*/score, controls: [TRY-A-01], roles: [DM], valid_for: 90 days, reason: The tool keeps none, by: C. Doyle, on: 2026-08-03}
""",
        encoding="utf-8",
    )
    (tmp_path / "own.yaml").write_text(
        "risks: {type: object, properties: {cost_centre: {type: string, description: Who pays.}}}\n",
        encoding="utf-8",
    )
    policy = (pack / "score-not-low.yaml").read_text(encoding="utf-8")
    owned = policy.replace("risk.owner != null", "risk.ext.cost_centre != ''")
    (pack / "score-not-low.yaml").write_text(owned, encoding="utf-8")
    cases = CASES.replace("owner: null", "ext: {cost_centre: ''}")
    (pack / "score-not-low.cases.yaml").write_text(cases, encoding="utf-8")
    done = auditor(
        "policy", "docs", "--output", "site", "--policies", "policies", "--profile", "profile.yaml"
    )
    tree = page(tmp_path / "site/profile.html")
    policy_page = page(tmp_path / "site/policies/score-not-low.html")
    fields = page(tmp_path / "site/fields/project.html")

    assert (done.code, done.err) == (0, "wrote 11 pages; begin with site/index.html\n")
    assert section(tree, "tailored").startswith(
        "What was tailored Policy What Before After How By whom and when Why"
        " score-not-low parameter limit 9 12 changed C. Doyle, 2026-08-01 Our risks are <small> ones"
        " score-not-low severity high low relaxed A. Roe, 2026-08-02 Few risks come true"
    )
    assert "/risks/*/score TRY-A-01 DM 90 days C. Doyle, 2026-08-03 The tool keeps none" in section(
        tree, "attest-instead"
    )
    assert "project: risks: ext.cost_centre: Who pays." in section(tree, "own-fields")
    assert (
        "limit 12 1 to 12 From which score on a risk is high changed from 9. Why: Our risks are"
        in section(policy_page, "parameters")
    )
    assert section(policy_page, "severity").startswith(
        "Severity low: hygiene. relaxed from high to low. Why: Few risks come true. By A. Roe on 2026-08-02."
    )
    (own,) = fields.xpath("//tr[@id='risks.ext.cost_centre']")
    assert words(own) == "ext.cost_centre own text Who pays. unknown"


def test_packs_that_the_profile_leaves_out(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Only what is judged is told of."""
    other = tmp_path / "policies" / "other"
    other.mkdir()
    (other / "pack.yaml").write_text("title: Other\n", encoding="utf-8")
    (other / "dm-sleeps-badly.yaml").write_text(
        ATTESTED.replace("[TRY-A-02]", "[]"), encoding="utf-8"
    )
    (tmp_path / "profile.yaml").write_text(
        'id: one\ntitle: Only one\nowner: Delivery office\nversion: "1"\npacks: [trial]\n',
        encoding="utf-8",
    )
    done = auditor(
        "policy", "docs", "--output", "site", "--policies", "policies", "--profile", "profile.yaml"
    )

    assert done.code == 0, pack
    assert [path.name for path in (tmp_path / "site/frameworks").iterdir()] == ["trial.html"]


def test_markdown(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """The same pages; nothing in a text becomes a mark, a link or HTML."""
    (pack / "score-not-low.yaml").write_text(
        POLICY.replace(
            "fix: Lower it.", "fix: 'Lower *it* | [now](javascript:x), see https://x.org.'"
        ),
        encoding="utf-8",
    )
    done = auditor(
        "policy", "docs", "--output", "site", "--policies", "policies", "--format", "markdown"
    )
    text = (tmp_path / "site/policies/score-not-low.md").read_text(encoding="utf-8")

    assert (done.code, done.err) == (0, "wrote 10 pages; begin with site/index.md\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert "Somebody has to look: &lt;script&gt;alert(1)&lt;/script&gt;.\n" in text
    assert "Lower \\*it\\* \\| \\[now\\](javascript:x), see https&#8203;://x.org.\n" in text
    assert (
        "\\[fail\\] **Data is late:** Data is late has the score 9.\n\nWhat is different:\n\n- `/risks/0/score` is `9`\n"
        in text
    )


def test_same_bytes(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Same inputs, same bytes, whatever the hash seed is; over a site that this wrote it writes again."""
    for seed in ("1", "2"):
        for form in ("html", "markdown"):
            auditor(
                "policy", "docs", "--output", f"site{seed}", "--policies", "policies", "--format", form,
                PYTHONHASHSEED=seed, TZ="Asia/Tokyo" if seed == "2" else "UTC",
            )  # fmt: skip
    again = auditor("policy", "docs", "--output", "site2", "--policies", "policies")
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in sorted((tmp_path / name).rglob("*.*"))
        }
        for name in ("site1", "site2")
    )

    assert again.code == 0, pack
    assert len(first) == 23
    assert first == second


def test_nothing_there(tmp_path: Path, auditor: Command) -> None:
    """No policy and no catalogue are nothing to document."""
    (tmp_path / "policies").mkdir()
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")

    assert done.code == 3
    assert "there is nothing to document" in done.err
    assert not (tmp_path / "site").exists()


def test_foreign_files(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """What others wrote is neither written over nor deleted, and nothing is written beside it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/notes.txt").write_text("mine", encoding="utf-8")
    assert auditor("policy", "docs", "--output", "site", "--policies", "policies").code == 0, pack
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/functions.html").write_text("mine", encoding="utf-8")
    done = auditor("policy", "docs", "--output", "mine", "--policies", "policies")

    assert (tmp_path / "site/notes.txt").read_text(encoding="utf-8") == "mine"
    assert done.code == 2
    assert "'mine/functions.html' is there and was not written by this command" in done.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["functions.html"]


@pytest.mark.parametrize(
    ("form", "file", "text"),
    [
        ("markdown", "functions.md", "# Ours\n\nMade with `auditor policy docs`, then changed.\n"),
        ("markdown", "index.md", "# Ours\n<!-- Written by auditor policy docs. -->\n"),
        ("html", "index.html", "<!DOCTYPE html>\n<p>See auditor policy docs.\n"),
        ("html", "style.css", "/* Not Written by auditor policy docs. */\n"),
        ("html", "index.html", ""),
    ],
)
def test_a_file_that_only_mentions_the_command(
    pack: Path, auditor: Command, tmp_path: Path, *, form: str, file: str, text: str
) -> None:
    """It was written by hand: nothing is written over it, nor beside it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / file).write_text(text, encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies", "--format", form)

    assert done.code == 2, pack
    assert f"'site/{file}' is there and was not written by this command" in done.err
    assert (tmp_path / "site" / file).read_text(encoding="utf-8") == text
    assert [path.name for path in (tmp_path / "site").iterdir()] == [file]


def test_links_that_lead_out(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """Nothing is written outside of the folder, whatever links are in it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site/controls").symlink_to(tmp_path / "elsewhere")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")

    assert done.code == 2, pack
    assert "leads out of the folder" in done.err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_output_that_cannot_be_written(pack: Path, auditor: Command, tmp_path: Path) -> None:
    """A file where the folder should be is told as such."""
    (tmp_path / "site").write_text("", encoding="utf-8")
    done = auditor("policy", "docs", "--output", "site", "--policies", "policies")

    assert done.code == 2, pack
    assert done.err.startswith("error[output]: cannot write 'site/")
