"""Random snapshots are such as the product reads, and taking facts away leaves such."""

from __future__ import annotations

import pytest

from tests.differential.documents import (
    ENTITIES,
    HOLED,
    KNOWN,
    Knobs,
    Writer,
    at,
    fields,
    lists,
    poorer,
)
from tests.differential.expressions import seeded
from tests.differential.world import world


@pytest.mark.parametrize("knobs", [KNOWN, HOLED, Knobs(nulls=0.6, empty=0.6, huge=0.5)])
def test_the_product_reads_them(knobs: Knobs) -> None:
    """They keep the contract, whatever is missing."""
    model = world().model
    for seed in range(20):
        snapshot = model.read(Writer(model.shape, seeded(seed), knobs).write())

        assert snapshot.auditee == "project-1"


def test_of_a_known_one_everything_is_known() -> None:
    """No entity and no field is left out, except one that has a default, and provenance."""
    model = world().model
    document = Writer(model.shape, seeded(7), KNOWN).write()
    risk_log = document["risk_log"]

    assert set(ENTITIES) <= set(document)
    assert {"reviewed_at", "reviewed_by", "statements", "recorded_at"} <= set(risk_log)
    assert document["snapshot"]["gaps"] == {}


def test_records_refer_to_one_another() -> None:
    """An id that stands somewhere is mostly one that there is, so that joins find something."""
    model = world().model
    parties = owners = 0
    for seed in range(40):
        document = Writer(model.shape, seeded(seed), KNOWN).write()
        ids = {party["id"] for party in document["parties"]}
        found = [risk["owner"] for risk in document["risks"] if risk["owner"]]
        owners += len(found)
        parties += sum(owner in ids for owner in found)

    assert parties > owners // 4 > 0


def test_taking_away_leaves_less() -> None:
    """What is left was there before; what is gone is a field, the end of a list, or the time of day."""
    model = world().model
    for seed in range(20):
        document = Writer(model.shape, seeded(seed), KNOWN).write()
        left = poorer(model.shape, document, seeded(seed), 0.2)
        before = {place: at(document, place) for place, _ in fields(model.shape, document, ())}
        for place, member in fields(model.shape, left, ()):
            value, old = at(left, place), before[place]
            if member.shape.kind == "list":
                assert len(value) <= len(old)
            elif member.shape.kind == "instant" and value != old:
                assert len(value) == 10
            elif not isinstance(value, dict):
                assert value == old
        model.read(left)

        assert len(before) > len(list(fields(model.shape, left, ())))


def test_a_shortened_list_is_marked() -> None:
    """A list is only cut where a gap says so."""
    model = world().model
    document = Writer(model.shape, seeded(3), KNOWN).write()
    left = poorer(model.shape, document, seeded(3), 0.3)
    gaps = left["snapshot"]["gaps"]
    shorter = [
        "/" + "/".join(map(str, place))
        for place in lists(model.shape, left)
        if len(at(left, place)) < len(at(document, place))
    ]

    assert shorter
    assert set(shorter) <= set(gaps)
