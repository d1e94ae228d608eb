"""
The catalogues are whole, agree with the policies, and say what the frameworks say in words of their own.

What is held against the frameworks themselves is skipped where these are not beside the checkout.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from auditor.documents.yaml import parse_yaml
from auditor.model.catalogue import Decided
from auditor.usecases.list_policies import list_policies
from auditor.usecases.read_catalogues import read_catalogues
from auditor.usecases.read_policies import PolicyChoice, packaged_folder

if TYPE_CHECKING:
    from pathlib import Path

    from auditor.model.catalogue import Catalogue
    from auditor.model.policy import PolicySummary

FRAMEWORKS: Final = {"seef": 54, "sdf": 47, "iq": 56, "nf": 29, "ep": 32}
"""Number of controls by framework."""
IN_A_ROW: Final = 14
"""Words that two texts may not have in a row; shorter runs are names, roles and figures."""


@pytest.fixture(scope="module")
def catalogues() -> dict[str, Catalogue]:
    """Return the shipped catalogues by framework."""
    read = read_catalogues([packaged_folder()])
    assert (read.errors, read.unread) == ((), ())
    return {one.framework: one for one in read.catalogues}


@pytest.fixture(scope="module")
def policies() -> list[PolicySummary]:
    """Return the shipped policies."""
    found, errors = list_policies([packaged_folder()], PolicyChoice())
    assert errors == []
    return found


def source(shared: Path, framework: str) -> dict[str, Any]:
    """Return the controls of a framework as its own catalogue has them, by id, in its order."""
    path = shared / "frameworks" / f"{framework}.yaml"
    if not path.is_file():
        pytest.skip("the frameworks are not among the shared reference data")
    listed = parse_yaml(path.read_bytes(), path=path.name)["controls"]
    return {control["id"]: control for control in listed}


def in_a_row(text: str, count: int) -> set[tuple[str, ...]]:
    """Return every run of *count* words of a text."""
    words = re.findall(r"[a-z0-9']+", text.lower())
    return {tuple(words[index : index + count]) for index in range(len(words) - count + 1)}


def test_every_framework_has_its_catalogue(catalogues: dict[str, Catalogue]) -> None:
    """In the pack of its name, with all of its controls."""
    assert {name: len(one.controls) for name, one in catalogues.items()} == FRAMEWORKS
    assert all(one.pack == name for name, one in catalogues.items())


def test_ids_are_unique_over_all_of_them(catalogues: dict[str, Catalogue]) -> None:
    """A policy names a control by its id alone."""
    ids = [control.id for one in catalogues.values() for control in one.controls]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_rules_read_as_sentences(catalogues: dict[str, Catalogue], framework: str) -> None:
    """Each begins with a capital letter and ends with a full stop; an edge is a phrase, and ends with none."""
    for control in catalogues[framework].controls:
        for text in (control.rule, control.house_rule or "None."):
            assert text[0].isupper() or text[0].isdigit(), control.id
            assert text.endswith("."), control.id
        assert not any(edge.endswith(".") for edge in control.edges), control.id


def test_rules_are_told_apart(catalogues: dict[str, Catalogue]) -> None:
    """No two controls demand the same in the same words."""
    rules = [control.rule for one in catalogues.values() for control in one.controls]

    assert len(rules) == len(set(rules))


def test_policies_name_controls_that_there_are(
    catalogues: dict[str, Catalogue], policies: list[PolicySummary]
) -> None:
    """And are about whom the control is about."""
    targets = {control.id: control.target for c in catalogues.values() for control in c.controls}

    for policy in policies:
        assert {targets.get(control) for control in policy.controls} <= {policy.target}, policy.id


def test_only_attested_controls_rest_on_a_word(catalogues: dict[str, Catalogue]) -> None:
    """They say who gives it and for how long; the others do not."""
    for catalogue in catalogues.values():
        for control in catalogue.controls:
            is_attested = control.decided is Decided.BY_ATTESTATION
            assert (bool(control.attested_by), bool(control.valid_for)) == (
                is_attested, is_attested,
            ), control.id  # fmt: skip


def test_a_parameter_has_one_default(
    catalogues: dict[str, Catalogue], policies: list[PolicySummary]
) -> None:
    """Where control and policy have a parameter of one name, they have it with one default."""
    defaults = {
        control.id: control.parameters for c in catalogues.values() for control in c.controls
    }
    compared = 0
    for policy in policies:
        own = dict(policy.params)
        for control in policy.controls:
            for name, value in defaults[control]:
                if name in own:
                    shown = value if isinstance(value, str) else ", ".join(value)
                    assert own[name] == shown, (policy.id, name)
                    compared += 1

    assert compared


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_it_has_the_controls_of_the_framework(
    catalogues: dict[str, Catalogue], shared: Path, framework: str
) -> None:
    """The same ids in the same order, each with its area, stage, target, number of edges and who vouches."""
    ours = {control.id: control for control in catalogues[framework].controls}
    theirs = source(shared, framework)

    assert list(ours) == list(theirs)
    for name, control in ours.items():
        given = theirs[name]
        assert (control.area, control.stage, control.target) == (
            given["area"], given.get("stage"), given["target"],
        )  # fmt: skip
        assert len(control.edges) == len(given["edges"]), name
        assert (control.decided is Decided.BY_ATTESTATION) == (given["mode"] == "attested"), name
        assert list(control.attested_by) == given.get("attest", {}).get("by", []), name
        length = control.valid_for.removesuffix(" days") + "d" if control.valid_for else None
        assert length == given.get("attest", {}).get("valid_for"), name
        assert bool(control.house_rule) == ("note" in given), name


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_it_is_told_in_words_of_its_own(
    catalogues: dict[str, Catalogue], shared: Path, framework: str
) -> None:
    """No sentence of a framework, or of its catalogue, is repeated, nor most of one."""
    theirs = source(shared, framework)
    text = (shared / "frameworks" / "source" / f"{framework}.txt").read_text(encoding="utf-8")
    said = [text, *(f"{one['rule']} . {one.get('note', '')}" for one in theirs.values())]
    sentences = {" ".join(part.split()) for whole in said for part in re.split(r"[.:;]", whole)}
    runs = {run for whole in said for run in in_a_row(whole, IN_A_ROW)}
    for control in catalogues[framework].controls:
        for ours in (control.rule, control.house_rule or ""):
            own = {" ".join(part.split()) for part in re.split(r"[.:;]", ours)} - {""}
            assert not own & sentences, control.id
            assert not in_a_row(ours, IN_A_ROW) & runs, control.id
