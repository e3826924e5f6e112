"""From calls to a state a parent can act upon, in bounded memory."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diary_api.status.judging import figures_of, headline, sentence, state_of
from diary_api.status.schemas import State
from diary_api.status.windows import MINUTES, Window, Windows, together
from diary_core.http import Call
from tests.api.running import MovableClock

SERVER = "mrko/moscow"
MINUTE = timedelta(minutes=1)


def a_call(outcome: str = "ok", seconds: float = 0.2, *, attempts: int = 1) -> Call:
    return Call(SERVER, "h", "GET", outcome, None, seconds, 10, attempts)


def after(*calls: Call) -> Window:
    windows = Windows(clock := MovableClock())
    for call in calls:
        windows.note(call)
        clock.move(timedelta(seconds=1))
    return windows.now()[SERVER]


OK, DOWN, RESTING = a_call(), a_call("region_down"), a_call("region_resting", attempts=0)


@pytest.mark.parametrize(
    ("calls", "state"),
    [
        ([OK], State.OK),
        ([OK, a_call(seconds=9)], State.SLOW),
        ([OK] * 20 + [a_call(seconds=9)], State.OK),
        ([DOWN], State.FAILING),
        ([DOWN, OK], State.FAILING),
        ([OK] * 20 + [DOWN], State.OK),
        ([DOWN, DOWN], State.DOWN),
        ([*[OK] * 20, DOWN, DOWN, DOWN], State.DOWN),
        ([*[OK] * 20, DOWN, DOWN, OK, DOWN], State.FAILING),
        ([OK, a_call("region_maintenance")], State.MAINTENANCE),
        ([a_call("region_maintenance"), *[OK] * 20], State.OK),
        ([DOWN] * 5 + [RESTING], State.RESTING),
        ([DOWN] * 5 + [RESTING, *[OK] * 60], State.OK),
        ([OK, a_call("cancelled"), a_call("plugin_broken"), a_call("login_required")], State.OK),
    ],
)
def test_calls_make_a_state(calls: list[Call], state: State) -> None:
    """What the parent or we have done says nothing of the diary; one failure alone makes nothing down."""
    assert state_of(after(*calls)) is state


def test_figures_are_those_of_the_last_minutes() -> None:
    """Quantiles to 15 %, the last success and failure; what is older is gone, and nothing grows."""
    windows = Windows(clock := MovableClock())
    began = clock.now
    for number in range(1000):
        windows.note(a_call("region_slow" if number % 10 == 0 else "ok", 8 if number % 10 == 0 else 0.4))
    figures = figures_of(windows.now()[SERVER])
    assert (figures.calls, figures.failed_share) == (1000, 0.1)
    assert figures.p50_s == pytest.approx(0.4, rel=0.16)
    assert figures.p95_s == pytest.approx(8, rel=0.16)
    assert (figures.last_success, figures.last_failure) == (began, began)
    assert figures.last_failure_code == "region_slow"
    for _ in range(100):
        clock.move(MINUTE)
        windows.note(OK)
    assert figures_of(windows.now()[SERVER]).calls == MINUTES
    clock.move(timedelta(minutes=MINUTES))
    assert state_of(windows.now()[SERVER]) is State.UNKNOWN
    clock.move(timedelta(hours=1))
    assert windows.now() == {}


def test_two_processes_see_as_one() -> None:
    """Calls add up, and the newest news wins."""
    one, other = after(OK, DOWN), after(DOWN, OK, OK)
    both = together((one, other))
    assert (both.calls, both.failed) == (5, 2)
    assert both.last_success == other.last_success
    assert both.last_failure == one.last_failure
    assert both == together((other, one))


def test_a_page_instead_of_an_answer_counts_against_the_diary() -> None:
    """The way out took it for good; what the way out has told already is not told twice."""
    windows = Windows(MovableClock())
    windows.judge(SERVER, "region_maintenance")
    windows.note(OK)
    windows.judge(SERVER, "login_required")
    assert state_of(windows.now()[SERVER]) is State.OK
    windows.judge(SERVER, "region_maintenance")
    windows.judge(SERVER, "region_maintenance")
    assert windows.now()[SERVER].failed == 1


@pytest.mark.parametrize("whose", ["diary", "gosuslugi"])
def test_every_state_has_words(whose: str) -> None:
    """In both languages, whoever's it is."""
    for state in State:
        said = sentence("diary" if whose == "diary" else "gosuslugi", state)
        assert said.ru.endswith(".")
        assert said.en.endswith(".")
    assert headline(()).ru == "Всё работает."
