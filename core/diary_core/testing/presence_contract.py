"""The part of the contract about being at school: absences, passes, the calendar, bells and meals."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest

from diary_core.abilities import (
    Diary,
    ReadsAttendance,
    ReadsBells,
    ReadsCalendar,
    ReadsDays,
    ReadsMeals,
    ReadsVisits,
    able,
)
from diary_core.model import (
    AttendanceRecord,
    DayException,
    LessonSlot,
    MealAccount,
    MealEntry,
    Visit,
    known,
)
from diary_core.testing import checks
from diary_core.testing.ability_tests import children_of, is_sound, needs


@pytest.mark.anyio
class PresenceContract:
    """What every diary that tells of presence must keep; where days tell of it too, both say the same."""

    span: ClassVar[tuple[date, date]]

    @needs(ReadsAttendance)
    async def test_attendance_stands_in_the_span(self, diary: Diary) -> None:
        """Absences stand in the span, oldest first, each once; the days tell of the same ones."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsAttendance).attendance(enrolment.id, since, until)
            is_sound(diary, answer, AttendanceRecord)
            assert checks.outside([record.date for record in answer.items], since, until) == []
            assert checks.repeated([record.id for record in answer.items]) == []
            if isinstance(diary, ReadsDays):
                days = await diary.days(enrolment.id, since, until)
                on_lessons = [known(lesson.attendance) for day in days.items for lesson in day.lessons]
                in_days = {record.id for record in on_lessons if record}
                listed = {record.id for record in answer.items if record.lesson_id is not None}
                assert in_days ^ listed == set()

    @needs(ReadsCalendar)
    async def test_calendar_days_stand_once(self, diary: Diary) -> None:
        """An exceptional day stands once, in the span, in order; what the days tell of it is told here."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsCalendar).calendar(enrolment.id, since, until)
            is_sound(diary, answer, DayException)
            assert checks.outside([day.date for day in answer.items], since, until) == []
            assert checks.repeated([str(day.date) for day in answer.items]) == []
            if isinstance(diary, ReadsDays):
                days = await diary.days(enrolment.id, since, until)
                told = [known(day.exception) for day in days.items]
                assert [day for day in told if day and day not in answer.items] == []

    @needs(ReadsBells)
    async def test_bells_ring_one_after_another(self, diary: Diary) -> None:
        """The bells of a day stand by number, each once, none before the one before it has rung off."""
        since, until = self.span
        rung = 0
        for enrolment in await children_of(diary):
            for on in checks.every_day(since, until):
                answer = await able(diary, ReadsBells).bells(enrolment.id, on)
                is_sound(diary, answer, LessonSlot)
                assert checks.bell_faults(answer.items) == []
                rung += len(answer.items)
        assert rung

    @needs(ReadsVisits)
    async def test_visits_leave_after_they_enter(self, diary: Diary) -> None:
        """A pass stands in the span, and nobody leaves before entering."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsVisits).visits(enrolment.id, since, until)
            is_sound(diary, answer, Visit)
            assert checks.outside([visit.date for visit in answer.items], since, until) == []
            assert [v for v in answer.items if v.entered and v.left and v.left < v.entered] == []

    @needs(ReadsMeals)
    async def test_meals_stand_in_the_span(self, diary: Diary) -> None:
        """A child has one canteen account at most; movements stand in the span, oldest first, each once."""
        since, until = self.span
        for enrolment in await children_of(diary):
            account = await able(diary, ReadsMeals).meal_account(enrolment.id)
            is_sound(diary, account, MealAccount)
            assert len(account.items) <= 1
            answer = await able(diary, ReadsMeals).meal_entries(enrolment.id, since, until)
            is_sound(diary, answer, MealEntry)
            assert checks.outside([entry.date for entry in answer.items], since, until) == []
            assert checks.repeated([entry.id for entry in answer.items]) == []
