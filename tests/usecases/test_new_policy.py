"""A new policy is a good one from the start: it compiles, nothing is doubtful, its cases do what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auditor.documents.yaml import parse_yaml
from auditor.model.errors import UsageProblem
from auditor.usecases.authoring.records import demandable, records_of
from auditor.usecases.authoring.shapes import shapes
from auditor.usecases.authoring.wishes import NewPolicy, id_of
from auditor.usecases.lint_policies import lint
from auditor.usecases.new_policy import new_policy
from auditor.usecases.read_policies import PolicyChoice, snapshot_models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditor.usecases.new_policy import Written

WANTED = NewPolicy(
    pack="ours",
    control="OURS-01",
    title="A risk has no owner",
    why="What nobody owns nobody does.",
    fix="Name an owner.",
    severity="high",
    shape="has",
    answers={"list": "risks", "field": "owner"},
)

RULES = [
    pytest.param("has", {"list": "risks", "field": "owner"}, id="every-risk-has-an-owner"),
    pytest.param(
        "has",
        {"list": "risks", "field": "prevention", "where": "severity=high"},
        id="only-high-risks",
    ),
    pytest.param("has", {"list": "meetings", "field": "attendees"}, id="a-list-that-is-not-empty"),
    pytest.param(
        "has", {"list": "meetings", "field": "no_action_reason"}, id="left-out-means-none"
    ),
    pytest.param(
        "before", {"list": "actions", "first": "done_at", "second": "due_on"}, id="done-by-its-day"
    ),
    pytest.param(
        "before",
        {"list": "documents", "first": "created_at", "second": "project.execution.started_at"},
        id="before-the-project-starts",
    ),
    pytest.param(
        "within",
        {
            "list": "blockers",
            "first": "resolved_at",
            "second": "raised_at",
            "limit": "3 working days",
        },
        id="within-working-days",
    ),
    pytest.param(
        "within",
        {"list": "blockers", "first": "escalations.at", "second": "raised_at", "limit": "1 minute"},
        id="one-of-a-list-within-a-minute",
    ),
    pytest.param(
        "approved",
        {"list": "baselines", "role": "DM", "second": "effective_at"},
        id="with-versions",
    ),
    pytest.param(
        "approved",
        {"list": "change_requests", "role": "PM", "second": "effective_at"},
        id="without",
    ),
    pytest.param("at-least", {"list": "meetings.attendees", "number": "2"}, id="two-in-each"),
    pytest.param(
        "at-least", {"list": "meetings", "number": "1", "where": "kind=status"}, id="one-of-a-kind"
    ),
    pytest.param("at-least", {"list": "tools", "number": "1"}, id="one-of-all"),
    pytest.param("at-most", {"list": "blockers", "number": "0"}, id="none-at-all"),
    pytest.param("at-most", {"list": "sprints.left_out", "number": "3"}, id="three-in-each"),
    pytest.param(
        "running",
        {"list": "meetings", "first": "held_at", "period": "weeks", "number": "2"},
        id="weeks",
    ),
    pytest.param(
        "running",
        {
            "list": "meetings",
            "first": "held_at",
            "period": "months",
            "number": "3",
            "where": "kind=pm_review",
        },
        id="months",
    ),
    pytest.param(
        "running",
        {"list": "feedback", "first": "at", "period": "quarters", "number": "2"},
        id="quarters",
    ),
]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own, in which no shared word is in force."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def outcomes(written: Written) -> list[tuple[str, bool]]:
    """Return what each case that is not empty expects, and whether it came out so."""
    return [
        (case.case.expect[0].outcome.value, case.passed)
        for case in written.tested.results
        if case.case.expect
    ]


def assert_runs(written: Written) -> None:
    """Demand that cases of all three kinds came out as they say."""
    came = outcomes(written)
    assert (written.errors, written.tested.errors) == ((), ())
    assert [passed for _, passed in came] == [True] * len(came)
    assert {"pass", "fail", "inconclusive"} <= {outcome for outcome, _ in came}


def assert_good(written: Written) -> None:
    """Demand of a new policy what every policy of the house has."""
    assert_runs(written)
    assert lint([written.files[0]], PolicyChoice(), portable=False).findings == ()


@pytest.mark.parametrize(("shape", "answers"), RULES)
def test_every_shape_compiles_is_clean_and_runs(shape: str, answers: Mapping[str, str]) -> None:
    """At least a pass, a fail and an inconclusive, each as its case says, and not one doubt."""
    written = new_policy(replace(WANTED, shape=shape, answers=answers))

    assert_good(written)


def test_every_shape_is_tried_above() -> None:
    """A shape that somebody adds is tried as well."""
    assert {rule.values[0] for rule in RULES} == set(shapes())


@pytest.mark.parametrize("target", ["project", "unit"])
def test_every_list_of_the_schema_can_be_asked_of(target: str) -> None:
    """Whatever is chosen from what is offered, nobody has to know CEL to get a policy that works."""
    root = snapshot_models()[target].root
    for number, (name, records) in enumerate(records_of(root).items()):
        fields = [*demandable(records)]
        answers = {"list": name, "number": "2"}
        if fields:
            answers = {"list": name, "field": fields[number % len(fields)]}
        shape = "has" if fields else "at-most"
        title = f"{name.replace('_', ' ')} number {number}"
        wanted = replace(WANTED, title=title, shape=shape, answers=answers, target=target)

        assert_runs(new_policy(wanted))

    assert lint(["policies"], PolicyChoice(), portable=False).findings == ()


def test_policy_is_written_as_a_person_would() -> None:
    """One key to a line, in the usual order; what an expression means stands where it is read."""
    written = new_policy(
        replace(
            WANTED,
            title="A blocker stayed open too long",
            shape="within",
            answers={
                "list": "blockers", "first": "resolved_at", "second": "raised_at", "limit": "3  days",
            },
        )
    )  # fmt: skip
    policy = parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")

    assert written.files[:2] == (
        "policies/ours/blocker-stayed-open-too-long.yaml",
        "policies/ours/blocker-stayed-open-too-long.cases.yaml",
    )
    assert list(policy) == [
        "id", "title", "why", "controls", "severity", "params", "for", "empty", "when", "at", "let",
        "due", "require", "fix",
    ]  # fmt: skip
    assert policy["params"]["limit"]["default"] == "3 days"
    assert policy["when"] == "blocker.raised_at != null && inScope()"
    assert policy["let"] == {"deadline": "blocker.raised_at.plus(params.limit)"}
    assert policy["due"] == "deadline"
    assert written.files[2] == "policies/ours/pack.yaml"
    pack = parse_yaml(Path(written.files[2]).read_bytes(), path="pack.yaml")
    assert pack["title"] == "ours"
    assert set(pack["define"]) == {"claimsValidExclusion()", "inScope()", "notBefore(at, first)"}


def test_second_policy_of_a_pack_shares_its_words() -> None:
    """What the pack lacks comes along in the policy: no file that is there is written over."""
    new_policy(WANTED)
    pack = Path("policies/ours/pack.yaml").read_bytes()
    within = {"list": "blockers", "first": "resolved_at", "second": "raised_at", "limit": "3 days"}

    written = new_policy(replace(WANTED, title="A delay", shape="within", answers=within))

    assert_runs(written)
    assert Path("policies/ours/pack.yaml").read_bytes() == pack
    policy = parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")
    assert set(policy["define"]) == {"notBefore(at, first)"}


def test_pack_with_files_of_its_own_gets_no_words_beside_them() -> None:
    """One of its policies may define a word of that name, and no word may be there twice."""
    folder = Path("policies/ours")
    folder.mkdir(parents=True)
    (folder / "draft.yaml").write_text("id: draft\n", encoding="utf-8")

    written = new_policy(WANTED)

    assert not (folder / "pack.yaml").exists()
    policy = parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")
    assert "inScope()" in policy["define"]


def test_catalogue_alone_makes_no_pack_of_old() -> None:
    """Whoever begins with what the framework demands gets the words in the pack, too."""
    folder = Path("policies/ours")
    folder.mkdir(parents=True)
    (folder / "catalogue.yaml").write_text(
        "framework: ours\nversion: 1\ndate: 2026-01-01\ncontrols:\n  - {id: OURS-01, area: A, target: project,"
        " decided: automatically, rule: Owners., edges: []}\n",
        encoding="utf-8",
    )

    written = new_policy(WANTED)

    assert_runs(written)
    assert "policies/ours/pack.yaml" in written.files


def test_sentence_ends_where_nothing_else_is_on_record() -> None:
    """Of a text or a person it says what stands there instead; of a list there is nothing to say."""
    wanted = replace(WANTED, title="A meeting that nobody attended")
    files = [
        new_policy(wanted).files[0],
        new_policy(
            replace(wanted, id="empty", answers={"list": "meetings", "field": "attendees"})
        ).files[0],
    ]

    assert [parse_yaml(Path(one).read_bytes(), path=one)["require"][0]["say"] for one in files] == [
        "The risk {risk} has no person as owner. On record: {risk.owner}.",
        "The meeting {meeting} has no attendees.",
    ]


def said(written: Written) -> str:
    """Return the sentence of a failure, as the policy has it."""
    policy = parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")
    sentence: str = policy["require"][0]["say"]
    return sentence


@pytest.mark.parametrize(
    ("name", "first", "expected"),
    [
        (
            "blockers",
            "resolved_at",
            "The blocker {blocker} was not resolved by {deadline}. On record: {blocker.resolved_at}.",
        ),
        (
            "actions",
            "done_at",
            "The action {action} was not done by {deadline}. On record: {action.done_at}.",
        ),
        (
            "meetings",
            "pre_read_sent_at",
            (
                "The meeting {meeting} has no `pre_read_sent_at` by {deadline}."
                " On record: {meeting.pre_read_sent_at}."
            ),
        ),
        (
            "blockers",
            "escalations.at",
            (
                "The blocker {blocker} has no `escalations.at` by {deadline}."
                " On record: {blocker.escalations.map(one, one.at)}."
            ),
        ),
        (
            "onboarding",
            "joined_at",
            (
                "The record of onboarding {record} has no `joined_at` by {deadline}."
                " On record: {record.joined_at}."
            ),
        ),
    ],
)
def test_sentence_says_that_it_did_not_happen(name: str, first: str, expected: str) -> None:
    """Never as if it had; by the name of the field where that makes no word of a sentence."""
    second = "project.execution.started_at"
    answers = {"list": name, "first": first, "second": second, "limit": "3 days"}

    assert said(new_policy(replace(WANTED, shape="within", answers=answers))) == expected


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("held_at", "there was no meeting that was held in that time."),
        ("agenda_at", "there was no meeting with `agenda_at` in that time."),
    ],
)
def test_sentence_about_periods_fits_every_field(first: str, expected: str) -> None:
    """The same for what did not happen period after period."""
    answers = {"list": "meetings", "first": first, "period": "weeks", "number": "2"}

    assert said(new_policy(replace(WANTED, shape="running", answers=answers))).endswith(expected)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        (
            "risks",
            "response_owner",
            "The risk {risk} has no person as response owner. On record: {risk.response_owner}.",
        ),
        ("work_items", "flagged", "The work item {item} has no yes under `flagged`."),
        ("risks", "resolved_at", "The risk {risk} has no `resolved_at`."),
        ("actions", "due_on", "The action {action} has no `due_on`."),
    ],
)
def test_sentence_says_what_is_demanded(name: str, field: str, expected: str) -> None:
    """A team is not a person, a no is not a yes: what stands there would else read as what is missing."""
    written = new_policy(replace(WANTED, answers={"list": name, "field": field}))

    assert said(written) == expected
    assert_runs(written)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("meetings.attendees", "Dana Reyes"),
        ("allocations", "Dana Reyes"),
        ("deliverables.reviews", "Dana Reyes"),
        ("blockers.escalations", "2026-03-03 10:00 +01:00"),
        ("blockers", "First blocker"),
    ],
)
def test_what_was_counted_is_named(name: str, expected: str) -> None:
    """By its own name, else by the person whom it names, else by the first that is recorded of it."""
    written = new_policy(
        replace(WANTED, shape="at-most", answers={"list": name, "number": "0"}, id="counted")
    )
    failed = next(one for one in written.tested.results if "one is allowed" in one.case.name)

    assert expected in failed.verdicts[0].message
    assert "without a name" not in failed.verdicts[0].message


@pytest.mark.parametrize(
    ("shape", "answers"),
    [
        ("before", {"list": "actions", "first": "done_at", "second": "due_on"}),
        ("before", {"list": "sprints", "first": "closed_at", "second": "planned_end_at"}),
        ("approved", {"list": "baselines", "role": "DM", "second": "effective_at"}),
    ],
)
def test_what_is_still_to_come_is_not_due(shape: str, answers: Mapping[str, str]) -> None:
    """Until the instant has come nothing can have been missed."""
    written = new_policy(replace(WANTED, shape=shape, answers=answers))
    early = next(one for one in written.tested.results if one.case.name == "it is not due yet")

    assert_good(written)
    assert [one.reason for one in early.verdicts] == ["not_due"]


@pytest.mark.parametrize(
    "answers",
    [
        {"list": "documents", "first": "reviewed_at", "second": "created_at"},
        {"list": "documents", "first": "created_at", "second": "project.execution.started_at"},
    ],
)
def test_what_has_happened_is_never_still_to_come(answers: Mapping[str, str]) -> None:
    """Before an instant of the past there is no case: until it happens, the policy does not apply."""
    written = new_policy(replace(WANTED, shape="before", answers=answers))

    assert_good(written)
    assert "it is not due yet" not in [one.case.name for one in written.tested.results]


def test_approval_tells_what_it_does_not_look_at() -> None:
    """Whoever has delegates or conditional approvals reads in the policy that they do not count."""
    answers = {"list": "baselines", "role": "DM", "second": "effective_at"}
    written = new_policy(replace(WANTED, shape="approved", answers=answers))

    assert "Delegates and conditions are not looked at" in Path(written.files[0]).read_text("utf-8")
    assert "does not count" in shapes()["approved"].asks["second"]


def test_one_period_may_be_named() -> None:
    """As people say it: a week, or weeks."""
    answers = {"list": "meetings", "first": "held_at", "period": "week", "number": "2"}
    policy = Path(new_policy(replace(WANTED, shape="running", answers=answers)).files[0])

    assert "How many weeks running" in policy.read_text("utf-8")


def test_shared_words_that_are_in_force_are_used(root: Path, place: Path) -> None:
    """Beside a pack.yaml that defines them a policy brings no words of its own."""
    (place / "policies").mkdir()
    (place / "policies/pack.yaml").write_bytes((root / "policies/pack.yaml").read_bytes())

    written = new_policy(WANTED)

    assert "define" not in parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")
    assert_good(written)


def test_unit_is_never_out_of_scope() -> None:
    """Only projects can be excluded."""
    written = new_policy(
        replace(WANTED, target="unit", answers={"list": "obstacles", "field": "helper"})
    )
    policy = parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")

    assert (policy["target"], policy.get("when")) == ("unit", None)
    assert_good(written)


def test_edges_become_empty_cases_that_fail() -> None:
    """Those of the catalogue and those that were named; each fails until somebody fills it."""
    edge = 'moved: "done", then undone #2'
    written = new_policy(replace(WANTED, pack="seef", control="SEEF-SCP-02", edges=(edge,)))

    assert edge in written.empty
    assert len(written.empty) > 1
    assert not written.tested.passed
    empty = [case for case in written.tested.results if not case.case.expect]
    assert {case.differences for case in empty} == {
        ("this case is still empty: say under `expect` what the verdict must be",)
    }
    assert [case.case.edge for case in empty] == list(written.empty)


@pytest.mark.parametrize(
    "title",
    [
        'A "risk": #1 {x} <id> & it\'s <first never> - no owner',
        "- it has: none",
        "Ein Risiko hat keine Eigentümerin 🙂 " + "und noch ein Wort " * 12,
        "yes",
        "2026-03-01",
    ],
)
def test_words_stay_what_they_were(title: str) -> None:
    """Whatever is in a title or a reason, no other key and no other blank comes of it."""
    written = new_policy(replace(WANTED, title=title, why=title, fix=title, id="odd-words"))
    policy = parse_yaml(Path(written.files[0]).read_bytes(), path="policy.yaml")

    assert [policy[key].strip() for key in ("title", "why", "fix")] == [title.strip()] * 3
    assert_runs(written)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A high risk has no owner", "high-risk-has-no-owner"),
        ("The Übergabe fehlt!", "ubergabe-fehlt"),
        ("24 hours went by", "hours-went-by"),
        ("word " * 40, "-".join(["word"] * 16)),
    ],
)
def test_id_is_made_of_the_title(title: str, expected: str) -> None:
    """Without articles and marks, not longer than a file name should be."""
    assert id_of(title) == expected


REFUSED = [
    ({"title": "two\nlines"}, "--title must be one line of text"),
    ({"title": "東京"}, "no id can be made of the title"),
    ({"why": " "}, "--why must be one line of text"),
    ({"pack": "../up"}, "--pack: '../up' is no name"),
    ({"id": "../../etc/passwd"}, "--id: '../../etc/passwd' is no name"),
    ({"id": "Risk"}, "--id: 'Risk' is no name"),
    (
        {"id": "blocker-not-escalated"},
        "the pack 'seef' has a policy 'blocker-not-escalated' already",
    ),
    ({"severity": "hihg"}, "--severity: 'hihg' is none"),
    ({"shape": "hass"}, "no shape is called 'hass'"),
    ({"pack": "seef", "control": "SEEF-SCP-99"}, "the catalogue of seef has no 'SEEF-SCP-99'"),
    ({"control": "SEEF-ADP-02"}, "is judged over the portfolio"),
    ({"answers": {"list": "riscs", "field": "owner"}}, "there is no 'riscs'"),
    ({"answers": {"list": "obstacles", "field": "helper"}}, "obstacles are recorded of a unit"),
    ({"answers": {"list": "risks", "field": "ownr"}}, "there is no 'ownr' of risks"),
    ({"answers": {"list": "risks"}}, "missing: --field"),
    ({"answers": {"list": "risks", "field": "owner", "role": "DM"}}, "has no use for --role"),
    ({"answers": {"list": "risks", "field": "owner", "where": "severity"}}, "is no FIELD=VALUE"),
    ({"answers": {"list": "risks", "field": "owner", "where": "severity=hihg"}}, "is never 'hihg'"),
    ({"answers": {"list": "risks", "field": "owner", "where": "impact=9"}}, "can never be"),
    (
        {"answers": {"list": "risks", "field": "owner", "where": "owner=p"}},
        "the rule itself asks for",
    ),
    ({"shape": "at-most", "answers": {"list": "risks", "number": "many"}}, "is no whole number"),
    (
        {"shape": "at-most", "answers": {"list": "risks.owner", "number": "1"}},
        "have no list 'owner'",
    ),
    (
        {
            "shape": "within",
            "answers": {
                "list": "risks",
                "first": "reviewed_at",
                "second": "raised_at",
                "limit": "3 days",
            },
        },
        "--first: 'reviewed_at' of risks is a list, and this takes a single instant",
    ),
    (
        {
            "shape": "within",
            "answers": {
                "list": "risks",
                "first": "review_on",
                "second": "raised_at",
                "limit": "3 days",
            },
        },
        "--first: 'review_on' of risks is a day, and this takes an instant",
    ),
    (
        {
            "shape": "within",
            "answers": {
                "list": "risks",
                "first": "owner",
                "second": "raised_at",
                "limit": "3 days",
            },
        },
        "--first: 'owner' of risks is no instant",
    ),
    (
        {
            "shape": "within",
            "answers": {
                "list": "risks",
                "first": "resolved_at",
                "second": "resolved_at",
                "limit": "3 days",
            },
        },
        "--second: 'resolved_at' of risks is what has to happen itself",
    ),
    (
        {
            "shape": "before",
            "answers": {"list": "baselines", "first": "effective_at", "second": "created_at"},
        },
        "--first: 'effective_at' of baselines says what was planned, not what happened",
    ),
    (
        {
            "shape": "within",
            "answers": {
                "list": "risks",
                "first": "recorded_at",
                "second": "raised_at",
                "limit": "3 days",
            },
        },
        "--first: 'recorded_at' of risks says how it was recorded",
    ),
    (
        {"shape": "has", "answers": {"list": "risks", "field": "id"}},
        "--field: 'id' of risks says how it was recorded",
    ),
    (
        {"shape": "has", "answers": {"list": "meetings", "field": "kind"}},
        "--field: 'kind' of meetings can never be known to be missing",
    ),
    (
        {
            "shape": "has",
            "answers": {"list": "risks", "field": "owner", "where": "reviewed_at=2026-03-01"},
        },
        "--where: 'reviewed_at' of risks is a list",
    ),
    (
        {
            "shape": "has",
            "answers": {"list": "risks", "field": "owner", "where": "raised_at=2026-03-01"},
        },
        "--where: 'raised_at' of risks is an instant or a day",
    ),
    (
        {
            "shape": "running",
            "answers": {
                "list": "blockers",
                "first": "escalations.at",
                "period": "weeks",
                "number": "2",
            },
        },
        "--first: 'escalations.at' of blockers stands in a list inside the record",
    ),
    (
        {"shape": "approved", "answers": {"list": "approvals", "role": "DM", "second": "at"}},
        "--list: approvals are what this shape looks the approval up in",
    ),
    (
        {"shape": "before", "answers": {"list": "delegations", "first": "from", "second": "to"}},
        "--list: delegations have no field that this shape could ask for",
    ),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_cannot_be_is_refused_and_nothing_is_written(
    changes: dict[str, Any], message: str, place: Path
) -> None:
    """Before the first file, with what would be right."""
    with pytest.raises(UsageProblem) as caught:
        new_policy(replace(WANTED, **changes))

    assert message in caught.value.message
    assert list(place.rglob("*.yaml")) == []


def test_longer_than_a_year_is_refused() -> None:
    """The first cases play within a year."""
    answers = {"list": "risks", "first": "resolved_at", "second": "raised_at", "limit": "53 weeks"}

    with pytest.raises(UsageProblem, match="not between a minute and a year"):
        new_policy(replace(WANTED, shape="within", answers=answers))


@pytest.mark.parametrize("name", ["risk-has-no-owner.yaml", "risk-has-no-owner.cases.yaml"])
def test_nothing_is_written_over(name: str, place: Path) -> None:
    """Neither file is touched where one of them is there."""
    file = place / "policies/ours" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine", encoding="utf-8")

    with pytest.raises(UsageProblem, match="is there already, nothing was written"):
        new_policy(WANTED)

    assert [path.read_text(encoding="utf-8") for path in place.rglob("*.yaml")] == ["mine"]


def test_same_wish_gives_the_same_bytes(place: Path) -> None:
    """Nothing depends on when or where it is written."""
    written = [
        [Path(name).read_bytes() for name in new_policy(replace(WANTED, policies=folder)).files]
        for folder in ("one", "two")
    ]

    assert written[0] == written[1], place


@pytest.fixture
def profile(place: Path) -> str:
    """Return the profile of an organisation that records who pays for a work item, and in which band."""
    (place / "own.yaml").write_text(
        "work_items:\n  type: object\n  required: [team]\n  properties:\n"
        "    team: {type: string, minLength: 1}\n"
        "    cost_centre: {type: [string, 'null'], description: Who pays.}\n"
        "    checks: {type: array, items: {type: string}, default: []}\n",
        encoding="utf-8",
    )
    path = place / "profile.yaml"
    path.write_text(
        "id: acme\ntitle: Acme\nowner: Office\nversion: '1'\npacks: [other]\next: own.yaml\n",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize("field", ["ext.cost_centre", "ext.checks"])
def test_own_fields_can_be_demanded(field: str, profile: str) -> None:
    """Those of the profile, with cases that hold them where they lie; and nothing of the schema is lost."""
    own = replace(WANTED, profile=profile, answers={"list": "work_items", "field": field})

    written = new_policy(own)

    assert_runs(written)
    policy, cases, *_ = (Path(file).read_text(encoding="utf-8") for file in written.files)
    assert f"item.{field}" in policy
    assert "has no cost centre" in policy or field == "ext.checks"
    assert "ext: {team: " in cases
    unrecorded = "/work_items/0/ext/cost_centre" if field == "ext.cost_centre" else "/work_items"
    assert f"remove: [{unrecorded}]" in cases


def test_own_fields_want_the_profile() -> None:
    """Without it they have no types, and a slip in their name would never be found."""
    own = replace(WANTED, answers={"list": "work_items", "field": "ext.cost_centre"})

    with pytest.raises(UsageProblem, match=r"no 'ext\.cost_centre' of work_items") as refused:
        new_policy(own)

    assert refused.value.hint == "fields of your own are known with --profile"


def test_folder_of_the_pack_can_be_named(place: Path) -> None:
    """A folder that bears the name of the pack is the pack."""
    (place / "ours").mkdir()

    assert new_policy(replace(WANTED, policies="ours")).files[0] == "ours/risk-has-no-owner.yaml"
