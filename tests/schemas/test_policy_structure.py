"""What is wrong with a policy, a pack or its cases is wrong for an editor and for the program alike."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from auditor.language import cases, policy_keys
from auditor.language.cases import parse_cases
from auditor.language.policy_draft import PolicyText
from auditor.language.policy_parser import parse_pack, parse_policy
from auditor.model.errors import AuditorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
KINDS: Final = ("policy", "cases", "pack")
SCHEMAS: Final[dict[str, Any]] = {
    kind: json.loads((ROOT / f"schemas/{kind}.schema.json").read_bytes()) for kind in KINDS
}
VALIDATORS: Final = {
    kind: Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for kind, schema in SCHEMAS.items()
}
PARSERS: Final[dict[str, Callable[[bytes], object]]] = {
    "policy": lambda data: parse_policy(PolicyText("p.yaml", "p", data)),
    "cases": lambda data: parse_cases(data, path="p.cases.yaml"),
    "pack": lambda data: parse_pack(PolicyText("pack.yaml", "p", data)),
}


def is_read(kind: str, document: Any) -> bool:
    """Tell whether the program takes a document; JSON is YAML."""
    try:
        PARSERS[kind](json.dumps(document).encode())
    except AuditorError:
        return False
    return True


def is_valid(kind: str, document: Any) -> bool:
    """Tell whether an editor is content with it."""
    return VALIDATORS[kind].is_valid(document)


POLICY: Final[dict[str, Any]] = {
    "id": "blocker-left-open",
    "title": "A blocker was left open",
    "why": "Blockers stop work.",
    "controls": ["SEEF-MON-04"],
    "severity": "high",
    "target": "project",
    "formerly": ["blocker-open"],
    "owner": "blocker.owner",
    "params": {
        "limit": {"default": "24 hours", "between": ["1 hour", "48 hours"], "about": "Time"},
        "share": {"default": "90 %", "between": [0.5, "100 %"]},
        "most": {"type": "int", "default": 3, "between": [1, 5]},
        "roles": {"type": "list", "default": ["DM"]},
        "levels": {"default": {"high": 2}},
        "since": {"type": "date", "default": "2026-01-01"},
    },
    "for": {"blocker": "blockers"},
    "key": "blocker.id",
    "when": "blocker.raised_at != null",
    "at": "blocker.raised_at",
    "due": "deadline",
    "let": {"deadline": "blocker.raised_at.plus(params.limit)"},
    "require": [{"that": "met(blocker)", "say": "{blocker.id} is late.", "empty": "fail"}],
    "empty": "not_applicable",
    "attest": {"by": ["DM"], "valid_for": "365 days", "asks": ["documents"]},
    "effective": {"from": "2026-01-01", "until": "2026-12-31"},
    "define": {"met(b)": "b.resolved_at.by(deadline)"},
    "fix": "Resolve it.",
}
ALONE: Final = {**POLICY, "for": "blockers", "as": "blocker"}
CASES: Final[dict[str, Any]] = {
    "policy": "blocker-left-open",
    "base": "apollo.yaml",
    "attestations": [{"control": "X-1", "by": "mere"}],
    "cases": [
        {
            "name": "late",
            "edge": "the limit itself",
            "set": {"/blockers/0/resolved_at": None},
            "remove": ["/risks"],
            "attestations": [{"control": "X-1"}],
            "as_of": "2026-03-31",
            "period": {"from": "2026-01-01", "to": "2026-03-31"},
            "params": {"limit": "48 hours"},
            "expect": {
                "outcome": "fail",
                "subject": "b-1",
                "clause": 0,
                "says": ["late", 3],
                "witness": ["/blockers/0/resolved_at"],
                "reason": "vacuous",
            },
        },
        {"name": "both", "expect": [{"outcome": "pass"}, {"outcome": "error"}]},
    ],
}
PACK: Final[dict[str, Any]] = {
    "framework": "seef",
    "title": "Excellence",
    "about": "How projects are run.",
    "version": 2026.1,
    "define": {"person(party)": "party != null", "late()": "true"},
}
GOOD: Final = [("policy", POLICY), ("policy", ALONE), ("cases", CASES), ("pack", PACK)]


@pytest.mark.parametrize(("kind", "document"), GOOD)
def test_a_full_document_is_right_for_both(kind: str, document: Any) -> None:
    """The documents that the other tests spoil are right, with every key that there is."""
    VALIDATORS[kind].validate(document)

    assert is_read(kind, document)


@pytest.mark.parametrize("kind", KINDS)
def test_the_program_reads_the_examples(kind: str) -> None:
    """What a schema shows as an example can be copied."""
    assert all(is_read(kind, example) for example in SCHEMAS[kind]["examples"])


def test_the_full_policy_has_every_key() -> None:
    """So that a key without a spoilt form cannot be forgotten."""
    assert sorted({*POLICY, *ALONE}) == sorted(policy_keys.POLICY_KEYS)
    assert {*CASES} == {*cases.FILE_KEYS}
    assert {*CASES["cases"][0]} == {*cases.CASE_KEYS}
    assert {*CASES["cases"][0]["expect"]} == {*cases.EXPECT_KEYS}


MISSING: Final = object()


def spoilt(document: Any, path: tuple[Any, ...], value: object) -> Any:
    """Return a copy with another value at *path*, or without it."""
    copy = deepcopy(document)
    *before, last = path
    inner = copy
    for step in before:
        inner = inner[step]
    if value is MISSING:
        del inner[last]
    else:
        inner[last] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("serverity",), "high"),
        (("fix",), MISSING),
        (("fix",), " "),
        (("title",), None),
        (("why",), ["a list"]),
        (("severity",), "hihg"),
        (("target",), "programme"),
        (("id",), "Blocker Left"),
        (("id",), "blocker_left"),
        (("controls",), "SEEF-MON-04"),
        (("controls", 0), ""),
        (("formerly",), "blocker-open"),
        (("params", "1st"), {"default": 1}),
        (("params", "limit"), "24 hours"),
        (("params", "limit", "defualt"), 1),
        (("params", "limit", "default"), MISSING),
        (("params", "limit", "default"), None),
        (("params", "limit", "between"), ["1 hour"]),
        (("params", "limit", "between", 0), 1),
        (("params", "limit", "type"), "duration"),
        (("params", "limit", "type"), "int"),
        (("params", "share", "between", 1), "much"),
        (("params", "most", "default"), "3"),
        (("params", "most", "default"), True),
        (("params", "most", "between", 0), 1.5),
        (("params", "roles", "default"), "DM"),
        (("params", "roles", "between"), [["DM"], ["PM"]]),
        (("params", "levels", "between"), [{}, {}]),
        (("params", "since", "default"), "2026-02-30"),
        (("params", "since", "default"), "soon"),
        (("for",), {}),
        (("for",), "blockers"),
        (("for",), ["blockers"]),
        (("for", "a b"), "blockers"),
        (("for", "blocker"), ["blockers"]),
        (("as",), "blocker"),
        (("let",), ["deadline"]),
        (("let", "a-b"), "1"),
        (("let", "deadline"), ""),
        (("require",), []),
        (("require",), {"that": "true", "say": "x"}),
        (("require", 0), "true"),
        (("require", 0, "that"), MISSING),
        (("require", 0, "say"), MISSING),
        (("require", 0, "says"), "x"),
        (("require", 0, "empty"), "error"),
        (("empty",), "vacuous"),
        (("attest",), "DM"),
        (("attest", "by"), MISSING),
        (("attest", "by"), []),
        (("attest", "valid_for"), MISSING),
        (("attest", "valid_for"), "a year"),
        (("attest", "valid"), "365 days"),
        (("effective", "from"), "2026-02-30"),
        (("effective", "from"), "20260101"),
        (("effective", "to"), "2026-12-31"),
        (("define", "met"), "true"),
        (("define", "met(1)"), "true"),
        (("define", "met(b)"), ""),
    ],
)
def test_what_is_wrong_with_a_policy_is_wrong_for_both(
    path: tuple[Any, ...], value: object
) -> None:
    """A fault of structure is marked in the editor and refused by the program."""
    document = spoilt(POLICY, path, value)

    assert (is_valid("policy", document), is_read("policy", document)) == (False, False)


def test_a_policy_that_demands_nothing_is_wrong_for_both() -> None:
    """It needs a demand, or somebody who vouches."""
    attested = spoilt(POLICY, ("require",), MISSING)
    nothing = spoilt(attested, ("attest",), MISSING)

    assert (is_valid("policy", attested), is_read("policy", attested)) == (True, True)
    assert (is_valid("policy", nothing), is_read("policy", nothing)) == (False, False)


@pytest.mark.parametrize("change", [("for",), ("as",)])
def test_a_list_alone_and_its_name_go_together(change: tuple[str, ...]) -> None:
    """`as` without `for`, and a bare `for` without `as`."""
    document = spoilt(ALONE, change, MISSING)

    assert (is_valid("policy", document), is_read("policy", document)) == (False, False)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("policy",), MISSING),
        (("base",), MISSING),
        (("base",), ["apollo.yaml"]),
        (("cases",), MISSING),
        (("cases",), {}),
        (("case",), []),
        (("cases", 0), "late"),
        (("cases", 0, "name"), MISSING),
        (("cases", 0, "expects"), {"outcome": "fail"}),
        (("cases", 0, "expect"), []),
        (("cases", 0, "expect"), "fail"),
        (("cases", 0, "expect", "outcom"), "fail"),
        (("cases", 0, "expect", "outcome"), MISSING),
        (("cases", 0, "expect", "outcome"), "failed"),
        (("cases", 0, "expect", "clause"), "first"),
        (("cases", 0, "expect", "clause"), True),
        (("cases", 0, "expect", "says"), "late"),
        (("cases", 0, "expect", "witness"), "/blockers"),
        (("cases", 0, "set"), ["/blockers"]),
        (("cases", 0, "remove"), "/blockers"),
        (("cases", 0, "params"), "48 hours"),
        (("attestations", 0), "mere"),
        (("cases", 0, "attestations"), {}),
        (("cases", 0, "attestations", 0), "X-1"),
        (("attestations",), "X-1"),
        (("cases", 0, "period"), "2026-Q1"),
        (("cases", 0, "period", "to"), MISSING),
        (("cases", 0, "period", "until"), "2026-03-31"),
        (("cases", 1, "expect", 0), "pass"),
    ],
)
def test_what_is_wrong_with_cases_is_wrong_for_both(path: tuple[Any, ...], value: object) -> None:
    """An expectation with a slip in it would never fail."""
    document = spoilt(CASES, path, value)

    assert (is_valid("cases", document), is_read("cases", document)) == (False, False)


def test_case_without_an_expectation_is_still_empty_for_both() -> None:
    """An edge that somebody has yet to decide can be kept; it fails when it is run."""
    document = spoilt(CASES, ("cases", 0, "expect"), MISSING)

    assert (is_valid("cases", document), is_read("cases", document)) == (True, True)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("frame",), "seef"),
        (("framework",), ["seef"]),
        (("title",), None),
        (("about",), {}),
        (("version",), ""),
        (("define",), ["person(party)"]),
        (("define", "person"), "true"),
        (("define", "person(party)"), ["true"]),
    ],
)
def test_what_is_wrong_with_a_pack_is_wrong_for_both(path: tuple[Any, ...], value: object) -> None:
    """The words of a pack reach every policy of it."""
    document = spoilt(PACK, path, value)

    assert (is_valid("pack", document), is_read("pack", document)) == (False, False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_what_is_no_mapping_is_wrong_for_both(kind: str, document: Any) -> None:
    """A file that holds something else altogether."""
    assert (is_valid(kind, document), is_read(kind, document)) == (False, False)


VALUES: Final = st.sampled_from(
    [
        MISSING, None, "", " ", "x", "a b", "true", 0, 7, 1.5, -1, True, [], {}, ["x"], [None], [7, 8],
        ["1 hour", "2 hours"], {"x": "y"}, {"a b": "y"}, {"x": None}, {"default": 1}, {"f(x)": "x"},
        "24 hours", "90 %", "2026-03-03", "2026-02-30", "high", "pass", "project", "int", "span", "list",
        "number", "ratio", "bool", "map", "date", "string", {"outcome": "fail"}, [{"outcome": "fail"}],
        {"from": "2026-03-03"}, {"that": "x", "say": "y"}, [{"that": "x", "say": "y"}],
    ]
)  # fmt: skip
KEYS: Final = st.sampled_from(
    [
        *policy_keys.POLICY_KEYS, *policy_keys.PARAM_KEYS, *policy_keys.ATTEST_KEYS, *cases.CASE_KEYS,
        *cases.EXPECT_KEYS, "x", "a b", "f(x)", "f()", "unheard_of",
    ]
)  # fmt: skip


def spots(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every part of a document, itself left out."""
    items: Any = ()
    if isinstance(tree, dict):
        items = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    for key, value in items:
        yield (*path, key)
        yield from spots(value, (*path, key))


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, Any]:
    """Make a document from a right one, with one or two parts replaced, added or taken out."""
    kind, document = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 2))):
        paths = list(spots(document))
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        if draw(st.booleans()) and isinstance(path[-1], str):
            path = (*path[:-1], draw(KEYS))
        value = draw(VALUES)
        if value is MISSING and path not in paths:
            continue
        document = spoilt(document, path, value)
    return kind, document


def beyond_a_schema(kind: str, document: Any) -> bool:
    """
    Tell whether a document has what a JSON Schema cannot tell apart.

    It takes 1 and 1.0 for one number, so it does not know that whole numbers have whole bounds. The other
    way round it is stricter on purpose: a name is written as a text, and a pointer as a pointer.
    """
    if kind != "policy":
        return False
    params = document.get("params")
    bodies = params.values() if isinstance(params, dict) else ()
    return any(
        isinstance(body, dict)
        and "type" not in body
        and isinstance(body.get("default"), int)
        and any(isinstance(bound, float) for bound in body.get("between") or ())
        for body in bodies
    )


@given(changed())
def test_what_an_editor_accepts_is_read(change: tuple[str, Any]) -> None:
    """Whatever is valid by the schema is never refused for its structure."""
    kind, document = change
    assume(not beyond_a_schema(kind, document))

    assert not is_valid(kind, document) or is_read(kind, document)


@given(changed())
def test_what_is_read_is_accepted_by_an_editor(change: tuple[str, Any]) -> None:
    """The other way round, for all that the parser itself looks at."""
    kind, document = change
    assume(kind != "cases")
    assume(not any(isinstance(document.get(key), bool) for key in ("id", "as")))

    assert not is_read(kind, document) or is_valid(kind, document)
