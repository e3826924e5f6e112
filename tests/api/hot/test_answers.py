"""The memory itself: bounded in bytes, and never behind the news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from diary_api.hot.answers import HotAnswer, HotAnswers, Key, Lasting
from diary_api.storage.touched import EVERYTHING

NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)
LIMIT = 30_000


class Hearing:
    """Whether news arrives, and what time it is."""

    hears = True
    seconds = 0.0

    def __call__(self) -> bool:
        return self.hears

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def hearing() -> Hearing:
    return Hearing()


@pytest.fixture
def hot(hearing: Hearing) -> HotAnswers:
    return HotAnswers(LIMIT, timedelta(seconds=5), lambda: NOW, hearing, hearing.monotonic)


def key(number: int) -> Key:
    return b"hash", b"/v1/week", str(number).encode()


def answer(*made_of: str, size: int = 100, minutes: int = 5) -> HotAnswer:
    lasting = Lasting(NOW + timedelta(minutes=minutes), frozenset(made_of))
    return HotAnswer(b"x" * size, '"tag"', (), None, lasting)


def test_it_takes_no_more_memory_than_it_may(hot: HotAnswers) -> None:
    """The least recently used goes first, and one that would not fit is not kept at all."""
    for number in range(100):
        hot.put(key(number), hot.ticket(), answer(f"con_{number}"))
        assert hot.get(key(0)) is not None
        assert hot.size_bytes <= LIMIT
    assert hot.get(key(1)) is None
    kept = len(hot)
    hot.put(key(0), hot.ticket(), answer("con_0", size=LIMIT))
    assert (hot.get(key(0)), len(hot)) == (None, kept - 1)
    hot.drop_everything()
    assert (len(hot), hot.size_bytes) == (0, 0)


def test_one_touch_drops_what_was_made_of_it(hot: HotAnswers) -> None:
    """And nothing else."""
    hot.put(key(1), hot.ticket(), answer("acc_a", "con_a"))
    hot.put(key(2), hot.ticket(), answer("acc_a", "con_b"))
    hot.touch(frozenset({"con_a", "con_x"}))
    assert (hot.get(key(1)), hot.get(key(2)) is None) == (None, False)
    hot.touch(frozenset({"acc_a"}))
    assert (len(hot), hot.size_bytes) == (0, 0)


@pytest.mark.parametrize("touched", ["con_a", EVERYTHING])
def test_an_answer_made_before_the_news_comes_too_late(hot: HotAnswers, touched: str) -> None:
    """It was read from what is no longer true, though it is put after that was told."""
    ticket = hot.ticket()
    hot.touch(frozenset({touched}))
    hot.put(key(1), ticket, answer("con_a"))
    assert hot.get(key(1)) is None
    hot.put(key(1), hot.ticket(), answer("con_a"))
    assert hot.get(key(1)) is not None


def test_news_that_is_forgotten_counts_against_whoever_began_before_it(hot: HotAnswers) -> None:
    """The list of news is bounded too: a ticket older than what it remembers is worth nothing."""
    ticket = hot.ticket()
    for number in range(30_000):
        hot.touch(frozenset({f"con_{number}"}))
    hot.put(key(1), ticket, answer("con_0"))
    assert hot.get(key(1)) is None


def test_nothing_is_served_while_news_does_not_arrive(hot: HotAnswers, hearing: Hearing) -> None:
    """Neither what was kept before nor what is made meanwhile."""
    hot.put(key(1), hot.ticket(), answer("con_a"))
    hearing.hears = False
    assert hot.get(key(1)) is None
    hot.put(key(2), hot.ticket(), answer("con_a"))
    hearing.hears = True
    assert hot.get(key(2)) is None


def test_the_backstop_ends_it(hot: HotAnswers, hearing: Hearing) -> None:
    """Whatever news was lost, after some seconds the database is looked at again."""
    hot.put(key(1), hot.ticket(), answer("con_a"))
    hearing.seconds = 2.4
    assert hot.get(key(1)) is not None
    hearing.seconds = 5.0
    assert hot.get(key(1)) is None
    assert len(hot) == 0


def test_the_backstop_counts_from_when_it_was_read(hot: HotAnswers, hearing: Hearing) -> None:
    """One that waited long for a diary was let in long ago: news that was lost meanwhile is as old."""
    early, late = hot.ticket(), hot.ticket()
    hearing.seconds = 3.0
    hot.put(key(1), early, answer("key_a"))
    assert hot.get(key(1), renewing=True) is not None
    hearing.seconds = 5.0
    assert hot.get(key(1)) is None
    hot.put(key(2), late, answer("key_a"))
    assert (hot.get(key(2)), len(hot)) == (None, 0)


def test_one_asker_renews_it_ahead_of_the_backstop(hot: HotAnswers, hearing: Hearing) -> None:
    """The others are served meanwhile, so that a crowd never comes to the database at once."""
    hot.put(key(1), hot.ticket(), answer("con_a"))
    hearing.seconds = 2.6
    assert hot.get(key(1)) is None
    assert hot.get(key(1), renewing=True) is not None
    hot.put(key(1), hot.ticket(), answer("con_a"))
    hearing.seconds = 5.0
    assert hot.get(key(1)) is not None


def test_it_ends_with_its_freshness(hot: HotAnswers) -> None:
    """What is not fresh any more is not given."""
    hot.put(key(1), hot.ticket(), answer("con_a", minutes=0))
    assert hot.get(key(1)) is None
