"""``results.json`` is the run head with its documents, and keeps its schema."""

from __future__ import annotations

import json
from copy import deepcopy
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from auditor.documents.canonical import canonical, digest
from auditor.findings.findings_document import findings_document
from auditor.model.outcome import Outcome
from auditor.reporters.contract import Reporter
from auditor.reporters.formats.json import JsonReporter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from auditor.model.run import Run
    from tests.reporters.conftest import FixedPlaces, Make

REPORTER = JsonReporter()
NAMES = ("findings.schema.json", "result.schema.json", "run.schema.json")


@pytest.fixture(scope="module")
def schemas(root: Path) -> dict[str, Any]:
    """Return the schemas by name."""
    return {name: json.loads((root / "schemas" / name).read_bytes()) for name in NAMES}


@pytest.fixture(scope="module")
def validator(schemas: dict[str, Any]) -> Draft202012Validator:
    """Return a validator of runs that knows the schemas of the documents in them."""
    resources = [(name, Resource.from_contents(schema)) for name, schema in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(schemas["run.schema.json"], registry=registry)


@pytest.fixture
def tree(make: Make, portfolio: Run) -> Any:
    """Return the portfolio's results as a program reads them."""
    return json.loads(make.render(REPORTER, portfolio))


def findings_of(run: Run) -> list[dict[str, Any]]:
    """Return the findings document of each result."""
    policies = {policy.id: policy for policy in run.policies}
    return [
        findings_document(result, policies, as_of=run.as_of, result_digest=digest(result.to_tree()))
        for result in run.results
    ]


def test_it_is_a_reporter() -> None:
    """The class keeps the contract of every format."""
    assert isinstance(REPORTER, Reporter)


def test_the_whole_document(
    make: Make, portfolio: Run, places: FixedPlaces, golden: Callable[[str, bytes], None]
) -> None:
    """A run with every outcome is written as in the golden file."""
    golden("portfolio.json", make.render(REPORTER, portfolio, places))


def test_it_is_the_head_with_its_documents(tree: Any, portfolio: Run) -> None:
    """Without the documents it is the head; the documents are the results, and the digests name them."""
    documents = [entry.pop("document") for entry in tree["results"]]
    found = [entry.pop("findings_document") for entry in tree["results"]]
    for entry in tree["results"]:
        del entry["places"]

    assert documents == [result.to_tree() for result in portfolio.results]
    assert found == findings_of(portfolio)
    assert tree == portfolio.head_tree(zip(map(digest, documents), map(digest, found), strict=True))


def test_each_document_stands_there_in_its_canonical_form(make: Make, portfolio: Run) -> None:
    """Who cuts a document out of the file has the bytes whose digest stands beside it."""
    lines = make.render(REPORTER, portfolio).splitlines()[1:-1]

    assert len(lines) == len(portfolio.results)
    found = findings_of(portfolio)
    for line, result, findings in zip(lines, portfolio.results, found, strict=True):
        for key, name, tree in (
            ("document", "digest", result.to_tree()),
            ("findings_document", "findings", findings),
        ):
            _, _, rest = line.decode().partition(f'"{key}":')
            _, end = json.JSONDecoder().raw_decode(rest)
            document = rest[:end].encode()
            assert document == canonical(tree)
            assert f'"{name}":"sha256:{sha256(document).hexdigest()}"' in line.decode()


def test_the_head_is_canonical_but_for_line_breaks(make: Make, portfolio: Run) -> None:
    """The keys are in the order of the canonical form and nothing is spelled in two ways."""
    document = make.render(REPORTER, portfolio)

    assert document.replace(b"\n", b"") == canonical(json.loads(document))


def test_one_document_at_a_time_leaves(make: Make, portfolio: Run) -> None:
    """A portfolio of thousands never is in memory as text."""
    pieces = list(REPORTER.render(portfolio, make.places(), profile=None, colour=False))

    assert len(pieces) == len(portfolio.results) + 2


def test_a_run_without_results_is_a_document_too(
    make: Make, validator: Draft202012Validator
) -> None:
    """No result is an empty list."""
    tree = json.loads(make.render(REPORTER, make.run()))

    assert tree["results"] == []
    validator.validate(tree)


def test_a_run_without_an_instant_says_null(make: Make, validator: Draft202012Validator) -> None:
    """What was never settled is null; the key stays."""
    run = make.run(as_of="none", period=("none", "none"), policies=())
    tree = json.loads(make.render(REPORTER, run))

    assert (tree["as_of"], tree["period"]) == (None, None)
    validator.validate(tree)


def test_a_control_may_be_undecided(make: Make, validator: Draft202012Validator) -> None:
    """The state of a control whose policy ran and decided nothing is part of the schema."""
    run = make.run(make.result(make.verdict(Outcome.INCONCLUSIVE)))
    tree = json.loads(make.render(REPORTER, run))

    assert [(one["id"], one["state"]) for one in tree["controls"]] == [("SEEF-TST-01", "undecided")]
    validator.validate(tree)


def test_a_name_that_is_no_unicode_is_shown(make: Make) -> None:
    """A file name that is not UTF-8 does not stop the report, and its digest is that of what stands there."""
    run = make.run(make.result(make.verdict(), snapshot_name="caf\udce9.yaml"))
    tree = json.loads(make.render(REPORTER, run))

    assert tree["results"][0]["document"]["snapshot"]["name"] == "caf\\udce9.yaml"
    assert tree["results"][0]["digest"] == digest(tree["results"][0]["document"])


def test_the_output_keeps_its_schema(
    tree: Any,
    portfolio: Run,
    validator: Draft202012Validator,
) -> None:
    """Both forms of a run are valid, with the documents and without."""
    found = map(digest, findings_of(portfolio))
    documents = (digest(one.to_tree()) for one in portfolio.results)

    validator.validate(tree)
    validator.validate(portfolio.head_tree(zip(documents, found, strict=True)))


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_a_schema(schemas: dict[str, Any], name: str) -> None:
    """It is valid for the draft that it names, and named as its file."""
    Draft202012Validator.check_schema(schemas[name])

    assert schemas[name]["$id"] == name


INLINED = {"document", "findings_document", "places"}
"""In ``results.json`` all are there, in ``run.json`` none is."""


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema of an object with declared keys."""
    if isinstance(schema, dict):
        if (
            "properties" in schema and "type" in schema
        ):  # a condition has no type, and closes nothing
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


@pytest.mark.parametrize("name", NAMES)
def test_every_object_is_closed_and_complete(schemas: dict[str, Any], name: str) -> None:
    """No key is open, and only the inlined documents are optional."""
    for schema in objects(schemas[name]):
        assert schema["additionalProperties"] is False
        assert set(schema["properties"]) - set(schema["required"]) <= INLINED
        assert all(
            "description" in part or "const" in part or set(part) == {"$ref"}
            for part in schema["properties"].values()
        )


def spots(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every object."""
    if isinstance(tree, dict):
        yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        if isinstance(value, dict | list):
            yield from spots(value, (*path, key))


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    """Return the value at *path*."""
    for key in path:
        tree = tree[key]
    return tree


def test_nothing_can_be_added_or_left_out(
    tree: Any,
    validator: Draft202012Validator,
) -> None:
    """The other way round: what the output has not, or has not always, the schema does not allow."""
    free = {"params", "out_of_period", "names", "facts"}
    for path in spots(tree):
        if path and path[-1] in free:
            continue
        more = deepcopy(tree)
        at(more, path)["unheard_of"] = 1
        assert not validator.is_valid(more), path
        for key in at(tree, path):
            less = deepcopy(tree)
            del at(less, path)[key]
            assert not validator.is_valid(less), (*path, key)


def test_the_portfolio_shows_every_kind_of_value(tree: Any) -> None:
    """The test above means something: each outcome, each list and each nullable key occurs filled."""
    verdicts = [one for entry in tree["results"] for one in entry["document"]["verdicts"]]
    facts = [fact for one in verdicts for fact in one["witness"] + one["missing"]]

    assert {one["outcome"] for one in verdicts} == {outcome.value for outcome in Outcome}
    for key in ("reason", "at", "due_at", "owner", "clauses", "witness", "missing", "grade"):
        assert any(one[key] for one in verdicts), key
    for key in ("reason", "grade", "source"):
        assert any(fact[key] for fact in facts), key
    assert all(tree[key] for key in ("problems", "not_used", "relaxed", "controls"))


@pytest.mark.parametrize(
    "text", ["]]>", "a\x00b", "##[error]x", "\u202e", "<b>&amp;</b>", "\ufffe"]
)
def test_data_is_not_altered(make: Make, text: str) -> None:
    """A program gets what the source said."""
    tree = json.loads(make.render(REPORTER, make.hostile(text)))

    assert tree["results"][0]["document"]["verdicts"][0]["message"] == text
    assert tree["problems"][0]["message"] == text
