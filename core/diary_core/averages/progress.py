"""How an average came about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final, Literal

from diary_core.averages.tally import Tally, figure
from diary_core.model import Average, CountedMark, Progress, ProgressPoint, Trend

RECENT: Final = 3
"""So many of the latest marks are set against those before them, of which there must be as many at least."""
LEVEL_WITHIN: Final = Fraction(1, 10)
"""A smaller change is none: one mark among twenty moves an average about as much."""


def progress_of(average: Average) -> Progress:
    """Return how an average came about; a mark entered late stands on the day of its lesson."""
    points, trend = _points(average.inputs), _trend(average.inputs)
    return Progress(average=average, points=tuple(points), trend=trend)


def _points(inputs: Sequence[CountedMark]) -> Iterable[ProgressPoint]:
    running = Tally()
    for day, given in groupby(inputs, key=lambda mark: mark.date):
        marks = tuple(given)
        of_the_day = Tally.of(marks)
        running = running.joined(of_the_day)
        yield ProgressPoint(
            date=day,
            mark_ids=tuple(mark.mark_id for mark in marks),
            of_the_day=figure(_mean(of_the_day)),
            value=figure(_mean(running)),
        )


def _trend(inputs: Sequence[CountedMark]) -> Trend | None:
    if len(inputs) < 2 * RECENT:
        return None
    latest, before = inputs[-RECENT:], inputs[:-RECENT]
    recent, earlier = _mean(Tally.of(latest)), _mean(Tally.of(before))
    return Trend(
        direction=_direction(recent - earlier),
        recent=figure(recent),
        earlier=figure(earlier),
        recent_mark_ids=tuple(mark.mark_id for mark in latest),
    )


def _direction(change: Fraction) -> Literal["up", "down", "level"]:
    if abs(change) < LEVEL_WITHIN:
        return "level"
    return "up" if change > 0 else "down"


def _mean(tally: Tally) -> Fraction:
    return tally.total / tally.weight
