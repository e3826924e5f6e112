"""An invented family's day, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import BaseModel

from diary_api.family_today.schemas import (
    AttendancePart,
    ChildToday,
    DayPart,
    DebtPart,
    EventPart,
    FamilyDay,
    HomeworkPart,
    Need,
    SignaturePart,
)
from diary_api.school.examples import CHILD, DAY
from diary_core.model import Day, Homework, WeekSignature, known
from diary_core.model.calendar import SchoolDate

_AT = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)
_DAY: Day = DAY.items[0]
_TOMORROW: SchoolDate = _DAY.date.replace(day=17)
_TASKS: tuple[Homework, ...] = known(_DAY.lessons[0].homework) or ()

EXAMPLES: Mapping[str, BaseModel] = {
    "look_at_today": FamilyDay(
        at=_AT,
        items=(
            ChildToday(
                child_id=CHILD.id,
                enrolment_id=CHILD.enrolments[0].id,
                connection_id=CHILD.connection_id,
                name=CHILD.name,
                label=None,
                date=_DAY.date,
                zone=_DAY.zone,
                today=DayPart(items=(_DAY,), as_of=_AT),
                next_day=DayPart(items=(_DAY.model_copy(update={"date": _TOMORROW}),), as_of=_AT),
                homework=HomeworkPart(items=_TASKS, as_of=_AT),
                debts=DebtPart(as_of=_AT),
                to_explain=AttendancePart(missing="region_down"),
                to_sign=SignaturePart(
                    items=(WeekSignature(week=_DAY.date.replace(day=7), signed=False, signed_at=None),),
                    as_of=_AT,
                ),
                meetings=EventPart(as_of=_AT),
                changes=(),
                new_marks=(),
            ),
        ),
        needs=(Need(child_id=CHILD.id, connection_id=CHILD.connection_id, kind="sign_week", count=1),),
        cursor="42",
    )
}
"""Good answers by the name of the operation."""
