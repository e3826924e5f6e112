"""The rating of a class: classmates come as numbers of the city's register, and go no further than here."""

from __future__ import annotations

from pydantic import Field

from diary_mrko.wire.values import Id, MaybeNumber, MaybeText, Wire


class Rank(Wire):
    """A place and the average it is given for; where it moves is told in words that are not known."""

    average: MaybeNumber = Field(default=None, alias="averageMarkFive")
    place: int | None = Field(default=None, alias="rankPlace")


class SubjectRank(Wire):
    """An item of `ej/rating/v1/rank/subjects`: one child in one subject."""

    subject_id: Id | None = Field(default=None, alias="subjectId")
    subject_name: MaybeText = Field(default=None, alias="subjectName")
    rank: Rank | None = None


class PupilRank(Wire):
    """An item of `ej/rating/v1/rank/class`: one pupil of the class."""

    person_id: Id | None = Field(default=None, alias="personId")
    rank: Rank | None = None
