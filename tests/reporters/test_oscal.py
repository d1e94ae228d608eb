"""OSCAL documents that their consumers accept, and in which they count as we do."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from auditor.model.location import Location
from auditor.model.outcome import Outcome
from auditor.model.policy import PolicyChange
from auditor.model.run import Control, Framework, InputProblem, Population, RunProfile
from auditor.model.standing import Earlier, GateSummary, Gating, GoneFinding, Standing
from auditor.model.verdict import Attested, Fact
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.oscal import OscalReporter
from auditor.reporters.oscal.controls import control_id
from auditor.reporters.oscal.values import NO_INSTANT, instant, line, string, token, uuid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = OscalReporter()
NS = "urn:auditor:oscal"
SCHEMAS = {
    "results": "assessment-results",
    "poam": "poam",
    "catalog": "catalog",
    "component": "component",
    "plan": "assessment-plan",
}
PROBLEM = InputProblem("broken.yaml", "document", "found a tab", Location("broken.yaml", 7, 3))
MARKUP = {"title", "description", "remarks", "prose", "statement", "text", "label"}
ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|^\s*::", re.MULTILINE)
OUTCOMES = {outcome.value.replace("_", "-"): outcome for outcome in Outcome}


def render(make: Make, run: Run, profile: str, places: FixedPlaces | None = None) -> bytes:
    """Render one of the five documents."""
    known = places or make.places()
    return b"".join(REPORTER.render(run, known, profile=profile, colour=False))


def read(make: Make, run: Run, profile: str, places: FixedPlaces | None = None) -> dict[str, Any]:
    """Render one of the five documents and read it."""
    (document,) = json.loads(render(make, run, profile, places)).values()
    assert isinstance(document, dict)
    return document


def result_of(make: Make, run: Run, places: FixedPlaces | None = None) -> dict[str, Any]:
    """Return the one result of a run."""
    (result,) = read(make, run, "results", places)["results"]
    assert isinstance(result, dict)
    return result


def props(tree: dict[str, Any]) -> dict[str, str]:
    """Return our own properties of an object by name."""
    return {one["name"]: one["value"] for one in tree.get("props", []) if one.get("ns") == NS}


def outcomes(trees: list[dict[str, Any]]) -> Counter[str]:
    """Count objects by the outcome that they name."""
    return Counter(props(tree)["outcome"] for tree in trees)


def walk(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield every key of a document with its value; of a list of strings each."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key, value
            yield from walk(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from walk(value)


def ids(document: dict[str, Any]) -> list[str]:
    """Return every id that a document gives away."""
    return [value for key, value in walk(document) if key == "uuid"]


def _matches(
    _validator: Draft7Validator, pattern: str, value: object, _schema: object
) -> Iterator[ValidationError]:
    """Check a pattern as ECMAScript means it; Python's own reading of it fails at classes of letters."""
    known = pattern.replace(r"\p{L}", r"[^\W\d_]").replace(r"\p{N}", r"\d")
    known = re.sub(r"\$$", r"\\Z", known)
    if isinstance(value, str) and not re.search(known, value):
        yield ValidationError(f"{value[:80]!r} does not match {pattern}")


Validator = extend(Draft7Validator, {"pattern": _matches})  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def validators(shared: Path) -> dict[str, Draft7Validator]:
    """Return a check against the schema of each profile's document."""
    folder = shared / "formats" / "oscal"
    return {
        profile: Validator(json.loads((folder / f"oscal_{name}_schema.json").read_bytes()))
        for profile, name in SCHEMAS.items()
    }


def faults(make: Make, run: Run, validators: dict[str, Draft7Validator]) -> list[str]:
    """Return what the schemas have against the five documents of a run."""
    return [
        f"{profile}{one.json_path}: {one.message[:200]}"
        for profile, validator in validators.items()
        for one in validator.iter_errors(json.loads(render(make, run, profile)))
    ]


def full(make: Make, portfolio: Run) -> Run:
    """Return the portfolio held against a gate, with catalogues, parameters and a policy without a control."""
    house = make.policy("auditee-thing", controls=(), pack="audit", params=(("limit", "24 h"),))
    apollo = portfolio.results[0]
    more = replace(
        apollo,
        verdicts=(
            *apollo.verdicts,
            make.verdict(
                policy=house.id, attested=Attested("Ann", "DM", "2026-09-01", "2026-12-01")
            ),
        ),
    )
    controls = tuple(
        replace(one, framework="seef", area="Monitoring", stage="execution", rule="Escalate.")
        if one.id == "SEEF-MON-04"
        else one
        for one in portfolio.controls
    )
    gap = apollo.verdicts[4]
    assert gap.outcome is Outcome.INCONCLUSIVE
    return replace(
        portfolio,
        policies=(*portfolio.policies, house),
        results=(more, *portfolio.results[1:]),
        controls=controls,
        frameworks=(Framework("seef", "2", "2026-01-01"),),
        profile=RunProfile("acme", "3", "sha256:" + "e" * 64),
        gate=GateSummary(
            1,
            ("findings from low on",),
            ("1 finding",),
            gone=(
                GoneFinding("hand:apollo", "late-thing", "x", "Was late."),
                GoneFinding("hand:apollo", "late-thing", "y", "Was late.", "pass"),
            ),
        ),
        standings={
            ("hand:apollo", gap.policy, gap.subject): Standing(
                Gating.ACCEPTED, "accepted by C. Doyle", (Earlier("2026-08-31", "inconclusive"),)
            )
        },
    )


def harmful(make: Make, text: str) -> Run:
    """Return a run in which *text* also stands where only catalogues, profiles and gates put theirs."""
    run = make.hostile(text)
    place = Location(text, 1)
    change = PolicyChange(
        f"params.{text}",
        text,
        text,
        is_relaxing=False,
        location=place,
        reason=text,
        by=text,
        on=text,
    )
    (policy,), (result,) = run.policies, run.results
    first, *others = result.verdicts
    word = Attested(text, text, text, text)
    vouched = replace(first, outcome=Outcome.PASS, at=text, due_at=text, attested=word)
    standing = Standing(Gating.ACCEPTED, text, (Earlier(text, text),))
    return replace(
        run,
        policies=(replace(policy, params=((text, text),), changes=(change,)),),
        results=(
            replace(
                result,
                verdicts=(vouched, *others),
                captured_at=text,
                judged_at=text,
                out_of_period=((text, 1),),
            ),
        ),
        controls=(*run.controls, Control("SEEF-X", "decided", text, text, text, text)),
        frameworks=(Framework(text, text, text),),
        profile=RunProfile(text, text, text),
        only=(text,),
        period=(text, text),
        gate=GateSummary(1, (text,), (text,), gone=(GoneFinding(text, text, text, text),)),
        standings={(result.auditee, policy.id, one.subject): standing for one in others},
    )


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format, and results are what is written unless asked otherwise."""
    assert isinstance(REPORTER, Reporter)
    assert REPORTER.profiles == ("results", "poam", "catalog", "component", "plan")


def test_results_are_the_default(make: Make, portfolio: Run) -> None:
    """A caller that names no profile gets them."""
    plain = b"".join(REPORTER.render(portfolio, make.places(), profile=None, colour=False))

    assert plain == render(make, portfolio, "results")


def test_the_schemas_accept_all_five(
    make: Make, portfolio: Run, validators: dict[str, Draft7Validator]
) -> None:
    """A run with every outcome keeps NIST's schemas, as does one with everything that a run may have."""
    assert not faults(make, portfolio, validators)
    assert not faults(make, full(make, portfolio), validators)


def test_the_schemas_accept_empty_runs(make: Make, validators: dict[str, Draft7Validator]) -> None:
    """OSCAL has no empty lists: a run without findings, verdicts, policies or an instant keeps the schemas."""
    clean = make.run(make.result(make.verdict()))
    empty = make.run(as_of="none", period=("none", "none"), policies=())

    assert not faults(make, clean, validators)
    assert not faults(make, make.run(make.result(), policies=()), validators)
    assert not faults(make, empty, validators)


def test_hostile_text_stays_text(
    make: Make, validators: dict[str, Draft7Validator], hostile_text: str
) -> None:
    """Whatever stands wherever text of others can stand: valid, counted right, small, inert."""
    run = harmful(make, hostile_text)
    documents = {profile: render(make, run, profile).decode() for profile in REPORTER.profiles}

    for profile, shown in documents.items():
        document = json.loads(shown)
        assert not list(validators[profile].iter_errors(document))
        assert len(shown) < 250_000
        assert re.search(r"##[A-Za-z]*\[", shown) is None
        for key, value in walk(document):
            if isinstance(value, str):
                assert ACTING.search(value) is None
            if key in MARKUP:
                assert re.search(r"<|(?<!\\)\{", value) is None
    (result,) = json.loads(documents["results"])["assessment-results"]["results"]
    assert outcomes(result["observations"]) == {
        "fail": 1,
        "error": 1,
        "inconclusive": 2,
        "not-applicable": 1,
        "pass": 2,
        "unreadable": 1,
        "not-audited": 1,
    }  # fmt: skip


def test_what_would_act_in_markup_is_escaped(make: Make) -> None:
    """Markup is Markdown with HTML, and OSCAL puts parameters in for braces."""
    said = "<script>x</script> [a](b) *c* {{ insert: param, d }} & snake_case"
    run = make.run(make.result(make.verdict(Outcome.FAIL, message=said)))
    (finding,) = result_of(make, run)["findings"]

    assert finding["description"] == (
        r"&lt;script&gt;x&lt;/script&gt; \[a\](b) \*c\* \{\{ insert: param, d \}\} &amp; snake_case"
    )


def test_what_was_hidden_is_visible(make: Make) -> None:
    """Sanitised is not dropped."""
    run = make.run(
        make.result(make.verdict(Outcome.FAIL, message="a\x00b\ud800c\u202e", owner=" \n"))
    )
    (finding,) = result_of(make, run)["findings"]

    assert finding["description"] == r"a\\x00b\\ud800c\\u202e"
    assert props(finding)["owner"] == "(blank)"


@pytest.mark.parametrize(
    ("outcome", "status", "risks"),
    [
        pytest.param(Outcome.PASS, [("satisfied", "pass")], 0, id="pass"),
        pytest.param(Outcome.FAIL, [("not-satisfied", "fail")], 1, id="fail"),
        pytest.param(
            Outcome.INCONCLUSIVE, [("not-satisfied", "inconclusive")], 1, id="inconclusive"
        ),
        pytest.param(Outcome.ERROR, [("not-satisfied", "error")], 1, id="error"),
        pytest.param(Outcome.NOT_APPLICABLE, [], 0, id="not applicable says nothing of a control"),
    ],
)
def test_an_outcome_becomes_a_status(
    make: Make, outcome: Outcome, status: list[tuple[str, str]], risks: int
) -> None:
    """OSCAL knows satisfied and not satisfied; what is neither pass nor fail says so in the reason."""
    result = result_of(make, make.run(make.result(make.verdict(outcome))))
    shown = [one["target"]["status"] for one in result.get("findings", [])]

    assert [(one["state"], one["reason"]) for one in shown] == status
    assert len(result.get("risks", [])) == risks
    (observation,) = result["observations"]
    assert OUTCOMES[props(observation)["outcome"]] is outcome


def test_counts_are_ours(make: Make, portfolio: Run) -> None:
    """One observation per verdict; one finding per verdict and control, where the policy applies."""
    run = full(make, portfolio)
    result = result_of(make, run)
    counts = run.counts()
    serves = {policy.id: max(1, len(policy.controls)) for policy in run.policies}
    verdicts = [verdict for one in run.results for verdict in one.verdicts]

    seen = outcomes(result["observations"])
    assert {OUTCOMES[name]: number for name, number in seen.items() if name in OUTCOMES} == counts
    assert seen.keys() - OUTCOMES.keys() == {"unreadable", "not-audited"}
    states = Counter(one["target"]["status"]["state"] for one in result["findings"])
    assert states == {
        "satisfied": sum(serves[one.policy] for one in verdicts if one.outcome is Outcome.PASS),
        "not-satisfied": 2
        + sum(
            serves[one.policy]
            for one in verdicts
            if one.outcome not in {Outcome.PASS, Outcome.NOT_APPLICABLE}
        ),
    }
    shown = props(result)
    assert {outcome: int(shown[f"verdicts-{name}"]) for name, outcome in OUTCOMES.items()} == counts
    assert shown["verdicts-attested"] == "1"


def test_ids_are_unique_and_references_resolve(make: Make, portfolio: Run) -> None:
    """Within a document no id is given twice, and every reference names something that is there."""
    run = full(make, portfolio)
    documents = {profile: read(make, run, profile) for profile in REPORTER.profiles}
    for document in documents.values():
        given = ids(document)
        assert len(given) == len(set(given))
        references = [
            value
            for key, value in walk(document)
            if key.endswith("-uuid") and isinstance(value, str)
        ]
        assert set(references) <= set(given)
        anchors = [value for key, value in walk(document) if key == "href" and value[0] == "#"]
        assert {anchor[1:] for anchor in anchors} <= set(given)
    catalog = [(key, value) for key, value in walk(documents["catalog"]) if key == "id"]
    names = [value for _, value in catalog]
    assert len(names) == len(set(names))
    wanted = {"control-id", "target-id", "objective-id", "param-id"}
    referred = {
        value for document in documents.values() for key, value in walk(document) if key in wanted
    }
    assert referred <= set(names)
    assert documents["results"]["import-ap"]["href"] == "assessment-plan.json"
    sources = {value for key, value in walk(documents["component"]) if key == "source"}
    assert sources == {"catalog.json"}


def test_every_id_is_made_from_what_it_names(make: Make, portfolio: Run) -> None:
    """Nothing is random: all are of version 5, save one that is the same in every plan."""
    for profile in REPORTER.profiles:
        given = ids(read(make, portfolio, profile))
        if profile == "plan":
            given.remove("8d4c2f0e-5b7a-4c39-9f1d-6e0a3b58c7d2")
        assert all(
            re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab].*", one) for one in given
        )


def test_findings_keep_their_ids_and_observations_do_not(make: Make) -> None:
    """The same finding in new facts is known again; what was observed is something else, as is the document."""

    def told(digest: str) -> tuple[dict[str, Any], dict[str, Any]]:
        run = make.run(make.result(make.verdict(Outcome.FAIL), snapshot_digest=digest))
        document = read(make, run, "results")
        return document, document["results"][0]

    (first, before), (second, after) = told("sha256:1"), told("sha256:2")
    for kind in ("findings", "risks"):
        assert ids({"x": before[kind]})[0] == ids({"x": after[kind]})[0]
    assert before["observations"][0]["uuid"] != after["observations"][0]["uuid"]
    assert first["uuid"] != second["uuid"]
    assert first["metadata"]["version"] != second["metadata"]["version"]


def test_a_document_of_rules_does_not_depend_on_what_was_found(make: Make) -> None:
    """The catalog and the packs are the same documents, whatever came of the audit."""
    one, other = (
        make.run(make.result(make.verdict(outcome))) for outcome in (Outcome.PASS, Outcome.FAIL)
    )

    for profile in ("catalog", "component"):
        assert render(make, one, profile) == render(make, other, profile)
    for profile in ("results", "poam", "plan"):
        assert read(make, one, profile)["uuid"] != read(make, other, profile)["uuid"]


def test_the_head_has_no_clock(make: Make, portfolio: Run) -> None:
    """A document was last modified at the instant that the run judges."""
    for profile in REPORTER.profiles:
        head = read(make, portfolio, profile)["metadata"]
        assert (head["last-modified"], head["oscal-version"]) == (portfolio.as_of, "1.2.1")


def test_a_run_without_an_instant_says_so(make: Make) -> None:
    """OSCAL demands an instant: the one that stands there is told to be none."""
    head = read(make, make.run(as_of="none", period=("none", "none"), policies=()), "results")[
        "metadata"
    ]

    assert head["last-modified"] == NO_INSTANT
    assert props(head)["as-of"] == "none"
    assert "judged nothing and has no instant" in head["remarks"]


def test_the_report_opens_with_the_three_lines(make: Make, portfolio: Run) -> None:
    """What was relaxed comes first, then population, controls and verdicts, then the score."""
    for text in (
        read(make, portfolio, "results")["metadata"]["remarks"],
        result_of(make, portfolio)["description"],
        read(make, portfolio, "poam")["metadata"]["remarks"],
    ):
        heads = [one.partition(":")[0] for one in text.split("\n\n")]
        assert heads == ["relaxed", "Population", "Controls", "Verdicts", "Score"]


def test_an_observation_holds_the_evidence(make: Make, portfolio: Run, places: FixedPlaces) -> None:
    """Who reads it can go to the line; each auditee is asked for once."""
    result = result_of(make, portfolio, places)
    seen = {
        (props(one).get("policy"), props(one).get("auditee")): one for one in result["observations"]
    }
    one = seen["execution-before-dm-sign-off", "hand:apollo"]

    started, word, closed = one["relevant-evidence"]
    assert started["href"] == "portfolio/apollo.yaml#L14"
    assert props(started) == {
        "pointer": "/project/execution/started_at", "state": "known", "grade": "parsed",
        "file": "portfolio/apollo.yaml", "line": "14", "column": "30",
    }  # fmt: skip
    assert props(word)["source"] == "delivery/approvals.csv:3"
    assert "href" not in closed
    assert one["collected"] == "2026-09-30T18:00:00+02:00"
    assert one["methods"] == ["TEST"]
    assert places.asked == ["hand:apollo", "jira:10042"]


def test_more_facts_than_anybody_reads_are_counted(make: Make) -> None:
    """Nothing is left out in silence."""
    facts = tuple(Fact(f"/things/{number}", "known", "x") for number in range(53))
    run = make.run(make.result(make.verdict(Outcome.FAIL, facts=facts)))
    (observation,) = result_of(make, run)["observations"]

    assert len(observation["relevant-evidence"]) == 50
    assert observation["remarks"] == "and 3 more facts"


def test_a_finding_says_what_to_do(make: Make, portfolio: Run) -> None:
    """Each says why, where the policy demands it, what it waits on and how it is mended."""
    found = {
        props(one)["subject"]: one
        for one in result_of(make, portfolio)["findings"]
        if props(one).get("auditee") == "hand:apollo"
    }

    assert (
        found["blk-1"]["title"]
        == "blocker-not-escalated: Payment gateway down in Apollo (hand:apollo)"
    )
    remarks = found["blk-1"]["remarks"].split("\n\n")
    assert remarks == [
        "A blocker was not escalated in time",
        "Raised on 2026-09-14 09:20 +02:00 and not escalated within 24 h.",
        "because: The escalation came 31 h after the blocker was raised; the limit was 24 hours.",
        "required: thing.at.by(limit) at policies/seef/blocker-not-escalated.yaml:12:11",
        "to act: Ann Becker",
        "fix: Escalate to the level that the standard names, and record when and to whom.",
    ]
    waiting = found["retro-4"]["remarks"]
    assert r"waits on: meetings\[4\].held_at: 2026-09-12 (known only to the day)" in waiting
    assert "to supply (day precision): record the time of day with its offset" in waiting
    assert "fix:" not in waiting


def test_a_policy_for_two_controls_is_a_finding_of_each(make: Make) -> None:
    """A viewer that looks up a control finds what is wrong with it."""
    policy = make.policy(controls=("SEEF-IMP-02", "SEEF-IMP-03"))
    run = make.run(make.result(make.verdict(Outcome.FAIL)), policies=(policy,))
    result = result_of(make, run)

    assert [one["target"]["target-id"] for one in result["findings"]] == [
        "seef-imp-02_obj.late-thing",
        "seef-imp-03_obj.late-thing",
    ]
    assert len(result["observations"]) == len(result["risks"]) == 1


def test_only_what_was_assessed_is_reviewed(make: Make, portfolio: Run) -> None:
    """A control without a verdict is planned, and not told to have been looked into."""

    def controls(document: dict[str, Any]) -> list[str]:
        (selection,) = document["reviewed-controls"]["control-selections"]
        return [one["control-id"] for one in selection["include-controls"]]

    idle = make.policy("idle-thing", controls=("SEEF-IDL-01",))
    run = replace(portfolio, policies=(*portfolio.policies, idle))

    assert controls(result_of(make, run)) == [
        "auditor_inputs", "auditor_population",
        "sdf-com-01", "seef-imp-02", "seef-imp-03", "seef-mon-04", "seef-pln-04",
    ]  # fmt: skip
    assert "seef-idl-01" in controls(read(make, run, "plan"))


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        pytest.param(Standing(), "open", id="counts"),
        pytest.param(Standing(Gating.KNOWN, "listed"), "open", id="known is not approved"),
        pytest.param(Standing(Gating.ALLOWED, "1 of 2"), "open", id="allowed"),
        pytest.param(Standing(Gating.ACCEPTED, "by Ann"), "deviation-approved", id="accepted"),
    ],
)
def test_the_status_of_a_risk_is_where_it_stands(
    make: Make, standing: Standing, status: str
) -> None:
    """Only what somebody accepted by name is an approved deviation; the finding stays not satisfied."""
    run = replace(
        make.run(make.result(make.verdict(Outcome.INCONCLUSIVE))),
        gate=GateSummary(0, (), ()),
        standings={("hand:apollo", "late-thing", "hand:apollo"): standing},
    )
    for document in (result_of(make, run), read(make, run, "poam")):
        (risk,), (finding,) = document["risks"], document["findings"]
        assert risk["status"] == status
        assert props(risk)["gate"] == standing.gating.value
        assert props(risk).get("gate-reason", "") == standing.told
        assert finding["target"]["status"]["state"] == "not-satisfied"


def test_a_plan_of_action_has_an_item_for_each_finding(make: Make, portfolio: Run) -> None:
    """Fails, what broke and what could not be decided are to be planned; passes are not."""
    document = read(make, portfolio, "poam")
    counts = portfolio.counts()

    assert outcomes(document["poam-items"]) == {
        "fail": counts[Outcome.FAIL],
        "error": counts[Outcome.ERROR],
        "inconclusive": counts[Outcome.INCONCLUSIVE],
        "unreadable": 1,
        "not-audited": 1,
    }
    assert outcomes(document["observations"]) == outcomes(document["poam-items"])
    assert len(document["risks"]) == len(document["poam-items"])


def test_a_clean_run_plans_nothing(make: Make) -> None:
    """OSCAL knows no empty plan: its one item says that nothing has to be done."""
    document = read(make, make.run(make.result(make.verdict())), "poam")

    (item,) = document["poam-items"]
    assert item["title"] == "Nothing has to be done"
    assert "risks" not in document


@pytest.mark.parametrize(
    ("run", "target"),
    [
        pytest.param(
            lambda make: make.run(make.result(make.verdict()), problems=(PROBLEM,)),
            "auditor_inputs_obj",
            id="an unreadable input",
        ),
        pytest.param(
            lambda make: make.run(
                make.result(make.verdict()), population=Population(2, 1, ("hand:dione",))
            ),
            "auditor_population_obj",
            id="a missing auditee",
        ),
        pytest.param(
            lambda make: make.run(make.result(), policies=()),
            "auditor_judged_obj",
            id="a run without policies",
        ),
    ],
)
def test_what_has_no_verdict_is_not_green(make: Make, run: Any, target: str) -> None:
    """A consumer that only counts findings that are not satisfied sees one, and it is planned."""
    made = run(make)
    result = result_of(make, made)
    red = [one for one in result["findings"] if one["target"]["status"]["state"] != "satisfied"]

    assert [one["target"]["target-id"] for one in red] == [target]
    assert len(result["risks"]) == 1
    (item,) = read(make, made, "poam")["poam-items"]
    assert item["related-findings"] == [{"finding-uuid": red[0]["uuid"]}]


def test_the_log_tells_what_happened_beside_the_judging(make: Make, portfolio: Run) -> None:
    """What was relaxed, left out, not used, asked of the gate and gone is there."""
    entries = result_of(make, full(make, portfolio))["assessment-log"]["entries"]
    kinds = Counter(props(one)["kind"] for one in entries)

    assert kinds == dict.fromkeys(("relaxed", "problem", "not-audited", "excluded", "not-used", "gate-rule", "gate-reason", "gone", "fixed"), 1)  # fmt: skip
    assert [one["description"] for one in entries if props(one)["kind"] in {"gone", "fixed"}] == [
        "late-thing, x in hand:apollo: there is nothing left to judge. It said: Was late.",
        "late-thing, y in hand:apollo: it passes now. It said: Was late.",
    ]


def test_a_pass_on_a_persons_word_is_told_apart(make: Make) -> None:
    """Nobody may take it for one that was found by a test alone."""
    word = Attested("Ann", "DM", "2026-09-01T10:00:00Z", "2026-12-01T10:00:00Z")
    (observation,) = result_of(make, make.run(make.result(make.verdict(attested=word))))[
        "observations"
    ]

    assert observation["methods"] == ["TEST", "INTERVIEW"]
    assert observation["remarks"].startswith("attested by Ann (DM)")


def test_the_catalog_is_by_framework_and_area(make: Make, portfolio: Run) -> None:
    """A control is found by its own id as label, with its rule as statement and its policies as objectives."""
    groups = {one["id"]: one for one in read(make, full(make, portfolio), "catalog")["groups"]}
    area = groups["framework_seef"]["groups"][0]
    (control,) = area["controls"]

    assert area["title"] == "Monitoring"
    assert (control["id"], control["props"][0]) == (
        "seef-mon-04",
        {"name": "label", "value": "SEEF-MON-04"},
    )
    assert props(control) == {"stage": "execution", "severity": "high"}
    assert [(one["id"], one["name"]) for one in control["parts"]] == [
        ("seef-mon-04_smt", "statement"),
        ("seef-mon-04_obj.blocker-not-escalated", "assessment-objective"),
    ]
    assert control["parts"][0]["prose"] == "Escalate."
    (house,) = groups["auditor_policies"]["controls"]
    assert house["id"] == "policy_auditee-thing"


def test_a_pack_is_a_component_with_its_parameters(make: Make) -> None:
    """Each policy says which control it looks into, with the parameters in force and what was changed."""
    change = PolicyChange(
        "params.limit", "24 hours", "48 hours", is_relaxing=False,
        location=Location("acme.yaml", 9, 3), reason="A rota", by="C. Doyle", on="2026-08-01",
    )  # fmt: skip
    policy = make.policy(params=(("limit", "48 hours"),), changes=(change,))
    run = make.run(make.result(make.verdict()), policies=(policy,))
    tool, pack = read(make, run, "component")["components"]
    (implementation,) = pack["control-implementations"]
    (requirement,) = implementation["implemented-requirements"]

    assert (tool["type"], pack["type"], pack["title"]) == ("software", "policy", "Pack seef")
    assert requirement["control-id"] == "seef-tst-01"
    assert requirement["set-parameters"] == [
        {"param-id": "late-thing_prm.limit", "values": ["48 hours"]}
    ]
    assert props(requirement)["policy-digest"] == policy.digest
    assert props(requirement)["changed"].startswith("limit 24 hours -> 48 hours, by C. Doyle")


def test_two_findings_that_look_alike_stay_two(make: Make) -> None:
    """Subjects of one key, or whose escapes are one text, have ids of their own, the same in each document."""
    verdicts = [
        make.verdict(outcome, subject=subject)
        for outcome, subject in (
            (Outcome.PASS, "a\ud800"),
            (Outcome.FAIL, r"a\ud800"),
            (Outcome.FAIL, "b"),
            (Outcome.FAIL, "b"),
        )
    ]
    run = make.run(make.result(*verdicts))
    document = read(make, run, "results")

    given = ids(document)
    assert len(given) == len(set(given))
    found = [one["uuid"] for one in document["results"][0]["findings"]]
    assert [one["uuid"] for one in read(make, run, "poam")["findings"]] == found[1:]


def test_many_verdicts_of_one_auditee_leave_in_pieces(make: Make) -> None:
    """Never the whole of a large run is in memory as OSCAL."""
    verdicts = [make.verdict(Outcome.FAIL, subject=f"s{number}") for number in range(1_000)]
    pieces = REPORTER.render(
        make.run(make.result(*verdicts)), make.places(), profile="results", colour=False
    )

    assert max(piece.count(b'"uuid"') for piece in pieces) <= 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("2026-09-30T18:00:00+02:00", "2026-09-30T18:00:00+02:00", id="kept"),
        pytest.param("2026-09-30T18:00:00.25Z", "2026-09-30T18:00:00.25Z", id="fraction"),
        pytest.param("2026-09-30T18:00:00+05:45", "2026-09-30T18:00:00+05:45", id="Nepal"),
        pytest.param("1937-05-01T12:00:00+00:20", "1937-05-01T11:40:00Z", id="unknown offset"),
        pytest.param("0001-01-01T00:00:00Z", NO_INSTANT, id="before OSCAL's time"),
        pytest.param("2026-09-30", NO_INSTANT, id="a day"),
        pytest.param("then", NO_INSTANT, id="no instant"),
        pytest.param(None, NO_INSTANT, id="none"),
    ],
)
def test_instants_keep_the_pattern(text: str | None, told: str) -> None:
    """An offset that OSCAL does not list is told in UTC."""
    assert instant(text) == told


@given(st.lists(st.text(), min_size=1))
def test_ids_are_those_of_the_library(keys: list[str]) -> None:
    """Ids are version 5 UUIDs of one namespace."""
    assert uuid(*keys) == str(uuid5(uuid5(NAMESPACE_URL, NS), "\x1f".join(keys)))


@given(st.text())
def test_any_text_becomes_a_string_a_token_and_a_line(text: str) -> None:
    """The patterns of OSCAL hold for whatever is written."""
    assert re.fullmatch(r"\S(.*\S)?", string(text))
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9._-]*", token(text))
    assert re.fullmatch(r"[^\n]+", line(text))


@given(st.lists(st.text(), unique=True))
def test_control_ids_stay_apart(names: list[str]) -> None:
    """Two controls that differ are two tokens, whatever their case."""
    both = chain(names, ("SEEF-PLN-04", "seef-pln-04", "AC-2.1", "", " "))
    every = list(dict.fromkeys(both))

    assert len({control_id(one) for one in every}) == len(every)
