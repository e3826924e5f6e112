"""The school day and the school year of a class: bells, and the holidays between terms."""

from __future__ import annotations

from pydantic import Field

from diary_core.envelope import Envelope
from diary_dnevnik_ru.wire.values import Clock, Line, LocalDay, Rows, Text, Wire


class Holiday(Wire):
    """A gap between terms; the name is the school's, such as «Осенние каникулы»."""

    since: LocalDay = Field(alias="dateStart")
    until: LocalDay = Field(alias="dateFinish")
    name: Text = None


class PeriodGroup(Wire, Envelope):
    """Terms with the holidays between them: `edu-groups/{group}/reporting-period-group`."""

    holidays: Rows[Holiday] = ()


class Bell(Wire):
    """One bell; the spelling is the API's own."""

    starts: Clock = Field(default=None, alias="Start")
    ends: Clock = Field(default=None, alias="Finish")
    number: int | None = Field(default=None, alias="LessonNumber")
    weekdays: Rows[Line] = Field(default=(), alias="DaysOfWeek")
    """What they are called is known for English names only."""


class Timetable(Wire, Envelope):
    """Bells: `edu-groups/{group}/timetables`."""

    items: Rows[Bell] = Field(default=(), alias="Items")
