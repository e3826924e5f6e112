"""The model of an evening neither loses nor invents anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.evening_model import Host, Minute, Parents, Rules, rate_for, simulate

PARENTS = Parents(count=100_000)
HOST = Host("a", 1, 5, 20)


def _answered(one: Minute) -> float:
    return one.fresh + one.called + one.todays + one.older + one.refused


@pytest.mark.parametrize("rate", [0, 1, 20, 1_000, 100_000])
def test_every_request_gets_one_answer(rate: float) -> None:
    """Fresh, asked for, known from before or refused; and never more calls than politeness allows."""
    for one in simulate(PARENTS, [replace(HOST, calls_per_s=rate)], Rules()):
        assert _answered(one) == pytest.approx(one.asked)
        assert min(one.fresh, one.called, one.todays, one.older, one.refused, one.ahead) >= 0
        assert one.calls <= 60 * rate + 1e-6


def test_everybody_visits() -> None:
    """The evening has as many visits as parents make, give or take the chance of it."""
    visits = sum(one.visits for one in simulate(PARENTS, [HOST], Rules()))
    assert visits == pytest.approx(PARENTS.count * PARENTS.visits, rel=0.02)


def test_an_evening_can_be_had_again() -> None:
    """The same seed is the same evening, another one is another."""
    assert simulate(PARENTS, [HOST], Rules()) == simulate(PARENTS, [HOST], Rules())
    assert simulate(PARENTS, [HOST], Rules(), seed=1) != simulate(PARENTS, [HOST], Rules(), seed=2)


def test_more_turns_are_never_worse() -> None:
    """The share of fresh answers in the worst minute grows with the rate."""
    worst = [
        min((one.fresh + one.called) / one.asked for one in simulate(PARENTS, [host], Rules()))
        for host in (replace(HOST, calls_per_s=rate) for rate in (0, 10, 50, 200, 1_000))
    ]
    assert worst == sorted(worst)
    assert worst[-1] == pytest.approx(1)


def test_fetching_ahead_turns_old_answers_into_todays() -> None:
    """Before the peak there are turns nobody waits for."""
    evenings = {ahead: simulate(PARENTS, [HOST], Rules(ahead=ahead)) for ahead in (True, False)}
    older = {ahead: sum(one.older for one in evening) for ahead, evening in evenings.items()}
    assert older[True] < older[False]
    assert sum(one.ahead for one in evenings[False]) == 0


def test_the_rate_that_is_asked_for_is_enough() -> None:
    """And not much more than enough."""
    rate = rate_for(PARENTS, HOST, Rules(), at_peak=0.99)

    def worst(calls_per_s: float) -> float:
        host = replace(HOST, calls_per_s=calls_per_s)
        return min((one.fresh + one.called) / one.asked for one in simulate(PARENTS, [host], Rules()))

    assert worst(rate) >= 0.99
    assert worst(rate * 0.9) < 0.99
