"""An invented day, for the description of the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from diary_api.school.schemas import outgoing
from diary_core.model import (
    UNSUPPORTED,
    Answer,
    Day,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    MarkScale,
    Source,
    Subject,
    Teacher,
)
from diary_core.people import PersonName

_ON = date(2026, 9, 16)
_SUBJECT = Subject(id="17", name="Математика")
_HALF = LessonHalf(
    subject=_SUBJECT,
    starts=time(8, 30),
    ends=time(9, 15),
    room="214",
    teachers=(Teacher(id="9", name=PersonName(last="Кленова", first="Ирина", middle="Сергеевна")),),
)
_HOMEWORK = Homework(
    id="hw-1", subject=_SUBJECT, assigned_on=date(2026, 9, 14), due_on=_ON, text="№ 112, 115", done=False
)
_MARK = Mark(
    id="mk-1",
    subject=_SUBJECT,
    date=_ON,
    display="4-",
    value=Decimal(4),
    modifier="-",
    status="graded",
    scale=MarkScale(kind="five"),
    counts=True,
    weight=Decimal(2),
    form="Контрольная работа",
    important=True,
    history=UNSUPPORTED,
)
_LESSON = Lesson(
    id="ls-1",
    date=_ON,
    slot=1,
    kind="lesson",
    planned=_HALF,
    actual=_HALF,
    change="none",
    topic="Сложение дробей",
    homework=(_HOMEWORK,),
    marks=(_MARK,),
    attendance=None,
    remark=UNSUPPORTED,
)

DAY = outgoing(
    Answer(
        items=(Day(date=_ON, zone="Europe/Moscow", lessons=(_LESSON,), exception=None),),
        source=Source(provider="mrko", instance="moscow", connection="con_b4tq6m2zk7f3w5xh7e2rj4n6pa"),
        as_of=datetime(2026, 9, 16, 9, 0, tzinfo=UTC),
    )
)
"""One day with one lesson."""
