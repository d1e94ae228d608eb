"""What has the shape of a recorded run keeps the schemas: the fast answer is never kinder than the slow one."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from auditor.findings.recorded_shape import has_shape

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RUN = ROOT / "fixtures/organisation/audits/2026-Q2.json"

ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2, 1.5, "", "x", "a.yaml:1:1", "a.yaml:0:1", "/a~2", "sha256:0", "fail", "pass",
    "unknown", [], [None], [{}], {}, {"value": None}, {"a": "x"}, {"a": 1},
)  # fmt: skip
"""What may stand somewhere by mistake or by malice."""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """Return the schemas of a run."""
    schemas = {
        name: json.loads((ROOT / f"schemas/{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("run", "result", "findings")
    }
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    return Draft202012Validator(schemas["run"], registry=registry)


@pytest.fixture(scope="module")
def run() -> Any:
    """Return a recorded run with as little in it as shows every kind of value."""
    tree = json.loads(RUN.read_bytes())
    tree["policies"] = trimmed(tree["policies"][:1])
    tree["controls"] = tree["controls"][:1]
    tree["gate"] = {
        "code": 1,
        "rules": ["findings from low on"],
        "reasons": ["1 finding"],
        "against": "known.json",
        "gone": [{"auditee": "a", "policy": "p", "subject": "s", "message": "m", "now": "pass"}],
    }
    tree["problems"] = [
        {"name": "a", "slug": "input", "message": "m", "location": "a:1:1", "hint": None}
    ]
    # The one with most kinds of value in it.
    entry = max(tree["results"], key=lambda one: len(one["places"]["lines"]))
    telling = {len(json.dumps(one)): one for one in entry["document"]["verdicts"]}
    entry["document"]["verdicts"] = [trimmed(telling[max(telling)])]
    found = {one["outcome"]: one for one in entry["findings_document"]["findings"]}
    entry["findings_document"]["findings"] = list(found.values())
    for one in found.values():
        one["gate"] = {"as": "known", "told": "it was there before"}
        one["earlier"] = [{"as_of": tree["as_of"], "outcome": "none"}]
    entry["places"] = {
        "facts": dict(list(entry["places"]["facts"].items())[:1]),
        "lines": entry["places"]["lines"][:1],
    }
    tree["results"] = [entry]
    return tree


def trimmed(tree: Any) -> Any:
    """Return *tree* with one element of each list."""
    if isinstance(tree, dict):
        return {key: trimmed(value) for key, value in tree.items()}
    return [trimmed(tree[0])] if isinstance(tree, list) and tree else tree


def spots(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of everything below *tree*."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from spots(value, (*path, key))


def test_a_recorded_run_has_the_shape(run: Any, validator: Draft202012Validator) -> None:
    """Otherwise all of them would take the slow way."""
    assert has_shape(run)
    assert validator.is_valid(run)
    assert has_shape(json.loads(RUN.read_bytes()))


def test_whatever_is_changed_the_schemas_agree(run: Any, validator: Draft202012Validator) -> None:
    """At every spot: something else, nothing, one key more."""
    tree = deepcopy(run)
    accepted = 0
    for path in list(spots(tree)):
        holder = tree
        for key in path[:-1]:
            holder = holder[key]
        last = path[-1]
        kept = holder[last]
        for odd in ODD:
            holder[last] = odd
            if has_shape(tree):
                accepted += 1
                assert validator.is_valid(tree), (path, odd)
        del holder[last]
        if has_shape(tree):
            assert validator.is_valid(tree), path
        if isinstance(holder, list):
            holder.insert(last, kept)
        else:
            holder[last] = kept
        if isinstance(kept, dict):
            kept["unheard of"] = "x"
            if has_shape(tree):
                assert validator.is_valid(tree), path
            del kept["unheard of"]

    assert accepted > 0


def test_what_only_the_schemas_know_has_not_the_shape(run: Any) -> None:
    """A head alone, and a finding with a decision: rare, and left to the slow way."""
    head = deepcopy(run)
    for entry in head["results"]:
        for key in ("document", "findings_document", "places"):
            del entry[key]

    assert not has_shape(head)
