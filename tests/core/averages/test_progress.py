"""How an average came about, day by day."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from inline_snapshot import snapshot
from tests.core.averages.marks import ANY, FIRST, Simple, average, built, mark

from diary_core.averages import progress_of


@given(ANY)
def test_each_point_is_the_average_of_the_marks_up_to_it(simple: list[Simple]) -> None:
    """As if the term had ended that day."""
    marks = built(simple)
    points = progress_of(average(marks)).points
    assert [point.value for point in points] == [
        average(marks[: number + 1]).value for number in range(len(marks))
    ]
    assert [point.of_the_day for point in points] == [average([one]).value for one in marks]


def test_a_day_is_one_point() -> None:
    """With all its marks, in the order of days whatever the order of entry."""
    marks = [mark(5, "2"), mark(1, "5"), mark(2, "4"), mark(3, "3", date=mark(2, "4").date)]
    seen = progress_of(average(marks))
    assert [
        (point.date.day, point.mark_ids, point.of_the_day, point.value) for point in seen.points
    ] == snapshot(
        [
            (2, ("m1",), Decimal(5), Decimal(5)),
            (3, ("m2", "m3"), Decimal("3.5"), Decimal(4)),
            (6, ("m5",), Decimal(2), Decimal("3.5")),
        ]
    )
    assert seen.average == average(marks)


def test_a_mark_that_does_not_count_is_no_point() -> None:
    """The day of a «точка» changes nothing."""
    pending = mark(0, "2", status="pending", counts=False)
    assert progress_of(average([pending])).points == ()
    assert [point.date for point in progress_of(average([pending, mark(1, "5")])).points] == [
        FIRST.replace(day=2)
    ]


@pytest.mark.parametrize(
    ("marks", "direction"),
    [
        ("333555", "up"),
        ("555333", "down"),
        ("444444", "level"),
        ("454545", "up"),
        ("44444", None),
        ("", None),
        ("5555555555555554445", "down"),
    ],
)
def test_a_trend_sets_the_latest_marks_against_the_earlier(marks: str, direction: str | None) -> None:
    """Three against at least three; with fewer marks nobody can tell."""
    trend = progress_of(average([mark(number, one) for number, one in enumerate(marks)])).trend
    assert (trend.direction if trend else None) == direction


def test_a_trend_weighs_its_marks() -> None:
    """A bad control work outweighs two good answers."""
    weights = [1, 1, 1, 1, 1, 3]
    marks = [mark(number, "444552"[number], Decimal(weight)) for number, weight in enumerate(weights)]
    trend = progress_of(average(marks)).trend
    assert trend is not None
    assert (trend.direction, trend.recent, trend.earlier) == ("down", Decimal("3.2"), 4)
    assert trend.recent_mark_ids == ("m3", "m4", "m5")
