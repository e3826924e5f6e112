"""What marks add up to, how it came about, and what it may become.

Every figure here is computed exactly and written rounded half up to four places;
`total` and `weight` of an average are exact, so that nobody has to reckon with a rounded one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from diary_core.model.calendar import SchoolDate
from diary_core.model.marks import MarkScale
from diary_core.model.school import Subject
from diary_core.model.values import NOT_LOADED, Maybe, Model, known

AverageRule = Literal["weighted_mean", "plain_mean"]


class DiaryAverage(Model):
    """An average as the diary itself shows it."""

    subject: Subject
    term_id: str
    value: Decimal | None
    """As shown, its zeros kept; None when the diary shows none."""
    rounds_up_from: Maybe[Decimal | None] = NOT_LOADED
    """The fraction from which the diary rounds up: with 0.51 an average of 4.51 makes a five.

    None when it names none.
    """

    @model_validator(mode="after")
    def _rounds_from_a_fraction(self) -> Self:
        limit = known(self.rounds_up_from)
        if limit is not None and not 0 < limit <= 1:
            raise ValueError("an average is rounded up from a fraction above 0 and at most 1")
        return self


class Rounding(Model):
    """How a school makes a term mark of an average."""

    up_from: Decimal = Field(gt=0, le=1)
    """The fraction from which an average is rounded up: with 0.51 an average of 4.51 makes a five."""
    source: Literal["diary", "given", "default"]
    """Who says so: the diary, whoever asks, or nobody."""


class CountedMark(Model):
    """A mark as it entered an average."""

    mark_id: str
    date: SchoolDate
    """Day of the lesson it was given for."""
    values: tuple[Decimal, ...]
    """Its number; the halves of a split mark, each with the weight of the whole."""
    weight: Decimal | None
    """None in a plain mean."""


class Average(Model):
    """The average of one subject over one term, exact, with the rule that made it."""

    subject: Subject
    term_id: str
    value: Decimal | None
    """Rounded half up to four places; None when no mark counts."""
    total: Decimal
    """Sum of the numbers times their weights, exact; `total / weight` is the average itself."""
    weight: Decimal
    """Sum of the weights, exact; in a plain mean how many numbers there are."""
    rule: AverageRule | None
    """None when no mark counts."""
    weights: Literal["told", "none", "unknown"] | None
    """Whether the diary tells what the marks weigh; None when no mark counts.

    `none`: the school uses no weights. `unknown`: some cannot be had, so the plain mean stands in.
    """
    scale: MarkScale | None
    """Of the marks that counted; None when none does."""
    inputs: tuple[CountedMark, ...]
    """The marks that counted, oldest first."""
    left_out: tuple[str, ...] = ()
    """Ids of marks that count but stand on another scale than most."""
    rounds_to: Decimal | None
    """The mark it makes by `rounding`; a forecast, never the term mark itself. None when no mark counts."""
    rounding: Rounding
    upstream: Maybe[Decimal | None] = NOT_LOADED
    """The diary's own figure."""
    agrees: bool | None = None
    """Whether ours equals the diary's, rounded to as many places as it shows; None when it shows none."""
    disagreement: Literal["plain_mean", "weights_unknown", "unexplained"] | None = None
    """Why they differ, when they do.

    `plain_mean`: the diary's is the plain mean of the same marks. `weights_unknown`: ours is a stopgap.
    """

    @model_validator(mode="after")
    def _a_disagreement_has_a_reason(self) -> Self:
        if (self.agrees is False) != (self.disagreement is not None):
            raise ValueError("a disagreement, and nothing else, has a reason")
        return self


class ProgressPoint(Model):
    """One day on which marks were given that count."""

    date: SchoolDate
    """Day of the lessons they were given for."""
    mark_ids: tuple[str, ...]
    of_the_day: Decimal
    """The average of that day's marks alone."""
    value: Decimal
    """The average of the term up to this day, inclusive."""


class Trend(Model):
    """Where an average is going: the latest marks against those before them."""

    direction: Literal["up", "down", "level"]
    recent: Decimal
    """The average of the latest marks."""
    earlier: Decimal
    """The average of all before them."""
    recent_mark_ids: tuple[str, ...]
    """The latest marks, oldest first."""


class Progress(Model):
    """How an average came about, day by day."""

    average: Average
    """As it stands after the last point."""
    points: tuple[ProgressPoint, ...]
    """By day, each once; empty when no mark counts."""
    trend: Trend | None
    """None when too few marks count to tell."""


class ForecastMark(Model):
    """So many future marks of one value and weight."""

    value: Decimal
    weight: Decimal | None
    """None where marks are not weighed."""
    count: int = Field(ge=1)


class ForecastWay(Model):
    """A set of future marks that reaches a target."""

    marks: tuple[ForecastMark, ...]
    """The highest first; all of one weight."""
    count: int
    """How many marks that is."""
    average: Decimal
    """What the average becomes."""


class LessonsLeft(Model):
    """How many lessons of a subject a term has yet to bring."""

    count: int = Field(ge=0)
    source: Literal["timetable", "given"]
    """Who says so: the diary's timetable, or whoever asks."""


class Forecast(Model):
    """How to reach a target by the end of a term."""

    average: Average
    """As it stands."""
    target: Decimal
    """The wanted term mark."""
    needed: Decimal
    """The least average that makes it: `target - 1` and the fraction from which is rounded up."""
    lessons_left: LessonsLeft | None
    """Each may bring one mark; None when the diary does not tell, and then nothing bounds the ways."""
    verdict: Literal["reached", "possible", "impossible"]
    """`reached`: the average is there as it stands."""
    ways: tuple[ForecastWay, ...]
    """Cheapest first; empty unless `possible`."""


class WhatIf(Model):
    """What an average becomes if such marks are given."""

    before: Average
    """As it stands."""
    added: tuple[ForecastMark, ...] = Field(min_length=1)
    value: Decimal
    """The average then."""
    rounds_to: Decimal
    """The mark it would make."""
