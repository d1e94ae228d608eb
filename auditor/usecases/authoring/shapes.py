"""
Which shapes of rules are there?

A shape is a folder with plain files: ``shape.yaml`` (the rule in words, an example, what has to be asked),
``policy.yaml`` and ``cases.yaml`` (the templates).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.documents.yaml import parse_yaml
from auditor.model.errors import UsageProblem, did_you_mean
from auditor.usecases.package_data import data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Shape:
    """A form that many rules have."""

    name: str
    rule: str
    """The form in words, e.g. ``every X has Y``."""
    example: str
    asks: Mapping[str, str]
    """What must be known, in the order in which it is asked: blank and question."""
    times: Mapping[str, str]
    """When what is asked for happens in the first case."""
    periods: Mapping[str, Mapping[str, str]]
    """Where periods are asked for: their names, and when the cases play."""
    policy: str
    """Template of the policy."""
    cases: str
    """Template of its cases."""


def shapes() -> dict[str, Shape]:
    """Return every shape by its name, sorted."""
    folders = sorted(path.parent for path in data_dir("shapes").glob("*/shape.yaml"))
    return {folder.name: _shape(folder.name) for folder in folders}


def shape_called(name: str) -> Shape:
    """
    Return one shape.

    Raises:
        UsageProblem: There is none of that name.
    """
    known = shapes()
    if name not in known:
        msg = f"no shape is called '{name}'"
        raise UsageProblem(msg, hint=did_you_mean(name, known))
    return known[name]


def scene(target: str) -> dict[str, Any]:
    """Return the snapshot in which the cases of a target play, without the records that a shape adds."""
    name = f"{target}.yaml"
    read: dict[str, Any] = parse_yaml((data_dir("shapes") / name).read_bytes(), path=name)
    return read


def _shape(name: str) -> Shape:
    folder = data_dir("shapes") / name
    head = parse_yaml((folder / "shape.yaml").read_bytes(), path=f"shapes/{name}/shape.yaml")
    return Shape(
        name=name,
        rule=head["rule"],
        example=head["example"],
        asks=head["asks"],
        times=head.get("times", {}),
        periods=head.get("periods", {}),
        policy=(folder / "policy.yaml").read_text(encoding="utf-8"),
        cases=(folder / "cases.yaml").read_text(encoding="utf-8"),
    )
