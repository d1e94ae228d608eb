"""However many processes there are, the answers are those of one."""

from __future__ import annotations

import os
import signal

import pytest

from auditor.usecases.several_processes import mapped, usable_processors

THINGS = list(range(200))


@pytest.mark.parametrize("jobs", [1, 2, 3, 500])
def test_in_the_order_of_the_things(jobs: int) -> None:
    """Whoever is ready first does not come first."""
    assert mapped(lambda thing: thing * thing, THINGS, jobs) == [one * one for one in THINGS]


def test_other_processes_are_used() -> None:
    """And know what this one knows: nothing has to be sent to them."""
    known = object()

    found = mapped(lambda _: (os.getpid(), id(known)), THINGS, 2)

    assert os.getpid() not in {process for process, _ in found}
    assert {at for _, at in found} == {id(known)}


def test_few_things_are_not_worth_a_process() -> None:
    """Starting one takes longer than they do."""
    assert mapped(lambda _: os.getpid(), THINGS[:5], 8) == [os.getpid()] * 5


def test_what_goes_wrong_goes_wrong_here() -> None:
    """As it would without other processes."""

    def refuse(thing: int) -> int:
        msg = f"not {thing}"
        raise LookupError(msg)

    with pytest.raises(LookupError, match="not 0"):
        mapped(refuse, THINGS, 2)


def test_a_process_that_is_taken_away_costs_nothing_but_time() -> None:
    """As where memory runs out: the one that is left does all of it."""
    here = os.getpid()

    def fall(thing: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return thing

    assert mapped(fall, THINGS, 2) == THINGS


def test_there_is_a_processor() -> None:
    """At least the one that this runs on."""
    assert usable_processors() >= 1
