"""What holds where policy, profile, ``auditor.yaml`` and options all speak: one test for each row of the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from auditor.model.errors import UsageProblem
from auditor.model.severity import Severity
from auditor.sources.config import Config, parse_config
from auditor.sources.contract import Draft
from auditor.sources.provided_facts import provide
from auditor.sources.record_places import RecordPlaces
from auditor.usecases.read_policies import (
    LoadedPolicies,
    PolicyChoice,
    PolicyFolder,
    load_policies,
    packaged_folder,
    snapshot_models,
)
from auditor.usecases.read_profile import LoadedProfile, population_of, read_profile

PAGE = Path(__file__).resolve().parents[2] / "docs/profiles.md"
TABLE = "## What holds where several speak"
WHY = "reason: Agreed with clients, by: C. Doyle, on: 2026-08-01"
CALENDAR = "working_days: [{day}], holidays: [], covers: {{from: 2026-01-01, to: 2026-12-31}}"
PEOPLE = "id: {id}\nname: People\ntime_zone: Europe/Berlin\nmembers: [{{id: a, name: Apollo}}]\n"
POLICY = """\
id: {id}
title: T
why: W
controls: [C-{id}]
severity: {severity}
params: {{limit: {{default: 24 hours, between: [1 hour, 48 hours], about: A}}}}
require:
  - that: inScope()
    say: S
fix: F
"""
WORDS = "title: T\ndefine: {'inScope()': \"project.id != ''\"}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two packs of one policy each, and a folder that a repository adds."""
    monkeypatch.chdir(tmp_path)
    for folder, pack, name in (
        ("policies", "one", "first-defect"),
        ("policies", "two", "second-defect"),
        ("added", "three", "third-defect"),
    ):
        (tmp_path / folder / pack).mkdir(parents=True)
        text = POLICY.format(id=name, severity="medium")
        (tmp_path / folder / pack / f"{name}.yaml").write_text(text, encoding="utf-8")
        (tmp_path / folder / pack / "pack.yaml").write_text(WORDS, encoding="utf-8")
    return tmp_path


def profile(text: str, **files: str) -> LoadedProfile:
    """Write and read a profile, and files beside it."""
    head = "id: acme\ntitle: Acme\nowner: Office\nversion: '3'\n"
    Path("acme.yaml").write_text(head + text, encoding="utf-8")
    for name, content in files.items():
        Path(f"{name}.yaml").write_text(content, encoding="utf-8")
    return read_profile("acme.yaml", snapshot_models())


def config(text: str) -> Config:
    """Read an auditor.yaml."""
    return parse_config(text.encode(), path="repo/auditor.yaml")


def load(
    chosen: LoadedProfile | None = None,
    own: str = "{}",
    *,
    ids: tuple[str, ...] = (),
    packs: tuple[str, ...] = (),
) -> LoadedPolicies:
    """Load policies with a profile and an auditor.yaml."""
    folders = [
        PolicyFolder(Path("policies"), "policies"),
        PolicyFolder(Path("added"), "added", is_added=True),
    ]
    return load_policies(
        folders,
        PolicyChoice(ids, packs),
        snapshot_models(),
        profile=chosen,
        raised=config(own).severities,
    )


def in_force(loaded: LoadedPolicies) -> dict[str, tuple[str, str]]:
    """Return severity and limit by policy."""
    assert loaded.plan is not None
    return {
        policy.id: (policy.severity.value, policy.params[0][1]) for policy in loaded.plan.summaries
    }


def faults(loaded: LoadedPolicies) -> list[tuple[str, str, str | None]]:
    """Return what could not be done: place, slug, hint."""
    return [(str(error.location), error.slug, error.hint) for error in loaded.errors]


def given(chosen: LoadedProfile, **head: Any) -> dict[str, Any]:
    """Return what becomes of a snapshot of Apollo, in Berlin."""
    data: dict[str, Any] = {
        "snapshot": {"auditee": "apollo", "time_zone": "Europe/Berlin", **head.pop("snapshot", {})},
        **head,
    }
    draft = Draft(data, RecordPlaces({}))
    return provide(draft, chosen.provided, root=snapshot_models()["project"].root).document


def packs(place: Path) -> None:
    """The profile chooses, and the options choose among what it chose."""
    one = profile("packs: [one]\n")

    assert set(in_force(load())) == {"first-defect", "second-defect", "third-defect"}, place
    assert set(in_force(load(one))) == {"first-defect", "third-defect"}
    assert set(in_force(load(one, packs=("one",)))) == {"first-defect"}
    assert set(in_force(load(one, ids=("first-defect",)))) == {"first-defect"}
    with pytest.raises(UsageProblem, match="no pack is called 'two'"):
        load(one, packs=("two",))


def added_policies(place: Path) -> None:
    """They come on top, whatever the profile chose; a pack that is there keeps its words."""
    (place / "added" / "one").mkdir()
    lax = WORDS.replace("!= ''", "== ''")
    (place / "added" / "one" / "pack.yaml").write_text(lax, encoding="utf-8")
    loaded = load(profile("packs: [one]\n"))

    assert set(in_force(loaded)) == {"first-defect", "third-defect"}
    assert faults(loaded) == [
        ("added/one/pack.yaml:1:1", "policy-duplicate-pack", "give the folder another name")
    ]
    strict = load(profile("packs: [one]\n"), packs=("one",)).plan
    assert strict is not None
    assert [str(policy.summary.location) for policy in strict.policies] == [
        "policies/one/first-defect.yaml:1:1"
    ]


def parameters(place: Path) -> None:
    """The default, or what the profile says; an auditor.yaml has no key for it."""
    changed = profile(f"params: {{first-defect: {{limit: {{value: 2 hours, {WHY}}}}}}}\n")

    assert in_force(load())["first-defect"] == ("medium", "24 hours"), place
    assert in_force(load(changed))["first-defect"] == ("medium", "2 hours")
    assert "params" not in Config.__dataclass_fields__


def severities(place: Path) -> None:
    """The policy's, the profile's, and then what an auditor.yaml raises."""
    lowered = profile(f"severities: {{first-defect: {{value: low, {WHY}}}}}\n")
    raised = "severities: {first-defect: high, third-defect: critical}"

    assert in_force(load())["first-defect"][0] == "medium", place
    assert in_force(load(lowered))["first-defect"][0] == "low"
    assert in_force(load(lowered, raised))["first-defect"][0] == "high"
    assert in_force(load(None, raised))["third-defect"][0] == "critical"


def gate(place: Path) -> None:
    """The stricter one."""
    assert config("fail_on: medium").gate(Severity.HIGH) is Severity.MEDIUM, place
    assert config("fail_on: high").gate(Severity.LOW) is Severity.LOW


def standards(place: Path) -> None:
    """The snapshot's own come first."""
    chosen = profile("standards: standards.yaml\n", standards="version: '2'\n")

    assert given(chosen)["standards"]["version"] == "2", place
    assert given(chosen, standards={"version": "1"})["standards"] == {"version": "1"}


def calendar(place: Path) -> None:
    """The snapshot's own parts, then the auditee's, then the zone's."""
    zones = f"zone: {{zones: [Europe/Berlin], {CALENDAR.format(day='mon')}}}"
    own = f"own: {{auditees: [apollo], {CALENDAR.format(day='tue')}}}"
    both = profile(f"calendars: {{{zones}, {own}}}\n")
    known = {"calendar": {"working_days": ["wed"]}}

    def days(chosen: LoadedProfile, **head: Any) -> list[str]:
        found: list[str] = given(chosen, **head)["snapshot"]["calendar"]["working_days"]
        return found

    assert days(profile(f"calendars: {{{zones}}}\n")) == ["mon"], place
    assert days(both) == ["tue"]
    assert days(both, snapshot=known) == ["wed"]


def mapping(place: Path) -> None:
    """The profile has one for a reader, or none."""
    text = "owner: Office\nat: 2026-03-02\nstatuses: {Shut: done}\n"
    chosen = profile("mappings: {jira_export: jira.yaml}\n", jira=text)

    assert place.is_dir()
    assert chosen.default_mappings() == {"jira_export": ("jira.yaml", text.encode())}


def population(place: Path) -> None:
    """The option comes first."""
    chosen = profile("population: own.yaml\n", own=PEOPLE.format(id="own"))
    (place / "named.yaml").write_text(PEOPLE.format(id="named"), encoding="utf-8")

    own, named = population_of(None, chosen), population_of("named.yaml", chosen)
    assert own is not None
    assert named is not None
    assert (own.id, named.id) == ("own", "named")


def freshness(place: Path) -> None:
    """Seven days, unless the profile says otherwise."""
    assert profile("").profile.freshness.within == "7 days", place
    assert profile("freshness: {value: 3 days}\n").profile.freshness.within == "3 days"


ROWS = {
    "packs": packs,
    "added policies": added_policies,
    "parameters": parameters,
    "severities": severities,
    "gate": gate,
    "standards": standards,
    "calendar": calendar,
    "mapping": mapping,
    "population": population,
    "freshness": freshness,
}


@pytest.mark.parametrize("row", ROWS)
def test_row(row: str, place: Path) -> None:
    """A row of the table on the page holds."""
    ROWS[row](place)


def test_each_row_of_the_page_has_its_test() -> None:
    """And each test its row."""
    table = PAGE.read_text(encoding="utf-8").partition(TABLE)[2]

    assert re.findall(r"^\| ([a-z ]+) \|", table, re.MULTILINE)[1:] == list(ROWS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"params: {{first-defekt: {{limit: {{value: 2 hours, {WHY}}}}}}}", ("acme.yaml:5:10", "profile-unknown-policy", "did you mean 'first-defect'?"), id="a policy with parameters"),
        pytest.param(f"severities: {{first-defekt: {{value: low, {WHY}}}}}", ("acme.yaml:5:14", "profile-unknown-policy", "did you mean 'first-defect'?"), id="a policy with a severity"),
        pytest.param("packs: [one, tow]", ("acme.yaml:5:14", "profile-unknown-pack", "did you mean 'two'?"), id="a pack"),
        pytest.param(f"exclusions: [{{framework: thre, {WHY}}}]", ("acme.yaml:5:26", "profile-unknown-pack", "did you mean 'three'?"), id="a framework"),
        pytest.param(f"attest_instead: [{{fact: /sprints/*/closed_at, policies: [first-defekt], roles: [DM], valid_for: 9 days, {WHY}}}]", ("acme.yaml:5:58", "profile-unknown-policy", "did you mean 'first-defect'?"), id="a policy to attest"),
        pytest.param(f"attest_instead: [{{fact: /sprints/*/closed_at, controls: [C-first], roles: [DM], valid_for: 9 days, {WHY}}}]", ("acme.yaml:5:58", "profile-unknown-control", "did you mean 'C-first-defect'?"), id="a control to attest"),
        pytest.param(f"attest_instead: [{{fact: /sprints/*/closd_at, policies: [first-defect], roles: [DM], valid_for: 9 days, {WHY}}}]", ("acme.yaml:5:25", "profile-unknown-fact", "write it like /sprints/*/closed_at; `auditor snapshot schema` lists the facts"), id="a fact"),
    ],
)  # fmt: skip
def test_a_name_of_nothing_is_told_where_it_stands(
    text: str, expected: tuple[str, str, str], place: Path
) -> None:
    """The rest is judged as it is written, and the run cannot end well."""
    loaded = load(profile(text + "\n"))

    assert faults(loaded) == [expected], place
    assert in_force(loaded)["first-defect"] == ("medium", "24 hours")


def test_a_repository_that_names_nothing_is_told(place: Path) -> None:
    """Who believes that it gates must hear that it does not."""
    loaded = load(None, "severities: {frist-defect: critical}")

    assert faults(loaded) == [
        ("repo/auditor.yaml:1:14", "config", "did you mean 'first-defect'?")
    ], place


def test_only_the_change_that_cannot_be_made_is_left_out(place: Path) -> None:
    """The policy stays as written, the other changes hold, and every fault is told."""
    loaded = load(
        profile(
            f"params: {{first-defect: {{limit: {{value: 99 hours, {WHY}}}}}}}\n"
            f"severities: {{second-defect: {{value: high, {WHY}}}}}\n"
        ),
        "severities: {first-defect: low}",
    )

    assert [(where, slug) for where, slug, _ in faults(loaded)] == [
        ("acme.yaml:5:40", "profile-param-bounds"),
        ("repo/auditor.yaml:1:28", "config-lowers"),
    ]
    assert in_force(loaded) == {
        "first-defect": ("medium", "24 hours"),
        "second-defect": ("high", "24 hours"),
        "third-defect": ("medium", "24 hours"),
    }, place


def test_a_broken_policy_can_still_be_named(place: Path) -> None:
    """Its own fault is told, not that it does not exist."""
    (place / "policies" / "one" / "first-defect.yaml").write_text("id: [", encoding="utf-8")
    loaded = load(profile(f"severities: {{first-defect: {{value: high, {WHY}}}}}\n"))

    assert [where.partition(":")[0] for where, _, _ in faults(loaded)] == [
        "policies/one/first-defect.yaml"
    ]


def test_a_file_is_no_policy_of_its_name(place: Path) -> None:
    """The id counts: a change of a name that only a file has would change nothing."""
    folder = place / "policies" / "one"
    (folder / "first-defect.yaml").rename(folder / "other.yaml")
    by_file = load(profile(f"severities: {{other: {{value: high, {WHY}}}}}\n"))
    by_id = load(profile(f"severities: {{first-defect: {{value: high, {WHY}}}}}\n"))

    assert [slug for _, slug, _ in faults(by_file)] == ["profile-unknown-policy"]
    assert in_force(by_id)["first-defect"][0] == "high"


def test_freshness_is_the_parameter_of_the_policy_that_asks(place: Path) -> None:
    """With its reason; where there is no such policy, nothing is wrong."""
    chosen = profile(f"packs: [one]\nfreshness: {{value: 14 days, {WHY}}}\n")
    assert load(chosen).errors == (), place

    loaded = load_policies([packaged_folder()], PolicyChoice(), snapshot_models(), profile=chosen)
    assert loaded.plan is not None
    stale = loaded.plan.select({"snapshot-stale"}).summaries[0]
    assert stale.params == (("freshness", "14 days"),)
    assert [(one.before, one.after, one.by) for one in stale.changes] == [
        ("7 days", "14 days", "C. Doyle")
    ]


def test_no_choice_of_packs_leaves_out_the_audit_itself(place: Path) -> None:
    """Whom it covered, and how old its facts were, is no framework's matter."""
    loaded = load_policies(
        [packaged_folder()], PolicyChoice(), snapshot_models(), profile=profile("packs: [seef]\n")
    )

    assert loaded.plan is not None, place
    assert {summary.pack for summary in loaded.plan.summaries} == {"audit", "seef"}


def test_the_plan_knows_what_is_attested_instead(place: Path) -> None:
    """As the profile says it."""
    chosen = profile(
        "attest_instead: [{fact: /sprints/*/closed_at, policies: [first-defect], roles: [DM], "
        f"valid_for: 9 days, {WHY}}}]\n"
    )
    plan = load(chosen).plan

    assert plan is not None, place
    assert plan.attest_instead == chosen.attest_instead
