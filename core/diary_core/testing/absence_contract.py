"""The part of the contract about telling the school of an absence; it writes, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

import pytest

from diary_core.abilities import Diary, NotifiesAbsence, ReadsDays, able
from diary_core.errors import AbsenceInPast, ChildUnknown, LessonUnknown
from diary_core.model import AbsenceNotice, Enrolment, NewAbsenceNotice, OfferedReason
from diary_core.testing import checks
from diary_core.testing.ability_tests import children_of, is_sound, needs


@pytest.mark.anyio
class AbsenceContract:
    """What every diary that takes notices of absence must keep."""

    span: ClassVar[tuple[date, date]]

    @needs(NotifiesAbsence)
    async def test_absence_is_told_and_taken_back(self, diary: Diary) -> None:
        """A whole day told of is listed once, as told, by whoever is signed in; taken back, it is gone."""
        book = able(diary, NotifiesAbsence)
        for enrolment in await _parents(diary):
            reason = await _a_reason(diary, book, enrolment.id)
            on = await _a_free_day(diary, book, enrolment.id)
            told = NewAbsenceNotice(date=on, reason_code=reason.code, comment="Едем к бабушке")
            await book.notify_absence(enrolment.id, told)
            answer = await book.absence_notices(enrolment.id, on, on)
            is_sound(diary, answer, AbsenceNotice)
            assert [checks.notice_faults(notice, told) for notice in answer.items] == [[]]
            await book.withdraw_absence(enrolment.id, [notice.id for notice in answer.items])
            assert (await book.absence_notices(enrolment.id, on, on)).items == ()

    @needs(NotifiesAbsence)
    async def test_absence_from_lessons_is_told_lesson_by_lesson(self, diary: Diary) -> None:
        """Two lessons told of at once are two notices, each taken back by itself."""
        book = able(diary, NotifiesAbsence)
        for enrolment in await _parents(diary):
            reason = await _a_reason(diary, book, enrolment.id)
            on = await _a_free_day(diary, book, enrolment.id, lessons=2)
            (day,) = (await able(diary, ReadsDays).days(enrolment.id, on, on)).items
            lessons = tuple(lesson.id for lesson in day.lessons if lesson.actual)[:2]
            told = NewAbsenceNotice(date=on, lesson_ids=lessons, reason_code=reason.code)
            await book.notify_absence(enrolment.id, told)
            listed = (await book.absence_notices(enrolment.id, on, on)).items
            assert [checks.notice_faults(notice, told) for notice in listed] == [[], []]
            assert [notice.lesson_id for notice in listed] == list(lessons)
            await book.withdraw_absence(enrolment.id, [listed[0].id])
            left = (await book.absence_notices(enrolment.id, on, on)).items
            assert [notice.id for notice in left] == [listed[1].id]
            await book.withdraw_absence(enrolment.id, [listed[1].id])
            assert (await book.absence_notices(enrolment.id, on, on)).items == ()

    @needs(NotifiesAbsence)
    async def test_absence_that_cannot_be_told_changes_nothing(self, diary: Diary) -> None:
        """A day that is over and a lesson that is not there are refused, and no notice stands."""
        book = able(diary, NotifiesAbsence)
        for enrolment in await _parents(diary):
            reason = await _a_reason(diary, book, enrolment.id)
            ahead = await _a_free_day(diary, book, enrolment.id)
            over = (await diary.enrolments()).as_of.date() - timedelta(days=2)
            before = (await book.absence_notices(enrolment.id, over, over)).items
            with pytest.raises(AbsenceInPast):
                await book.notify_absence(enrolment.id, NewAbsenceNotice(date=over, reason_code=reason.code))
            with pytest.raises(LessonUnknown):
                await book.notify_absence(
                    enrolment.id,
                    NewAbsenceNotice(date=ahead, lesson_ids=("no-such-lesson",), reason_code=reason.code),
                )
            assert (await book.absence_notices(enrolment.id, over, over)).items == before
            assert (await book.absence_notices(enrolment.id, ahead, ahead)).items == ()

    @needs(NotifiesAbsence)
    async def test_absence_notices_stand_in_the_span(self, diary: Diary) -> None:
        """Notices stand in the span, oldest first, each once; another's child has none to tell or take."""
        since, until = self.span
        book = able(diary, NotifiesAbsence)
        for enrolment in await children_of(diary):
            answer = await book.absence_notices(enrolment.id, since, until)
            is_sound(diary, answer, AbsenceNotice)
            assert checks.outside([notice.date for notice in answer.items], since, until) == []
            assert checks.repeated([notice.id for notice in answer.items]) == []
        told = NewAbsenceNotice(date=until + timedelta(days=14), reason_code="1")
        for call in (
            partial(book.absence_reasons, "no-such-enrolment"),
            partial(book.absence_notices, "no-such-enrolment", since, until),
            partial(book.notify_absence, "no-such-enrolment", told),
            partial(book.withdraw_absence, "no-such-enrolment", ["no-such-notice"]),
        ):
            with pytest.raises(ChildUnknown):
                await call()


async def _parents(diary: Diary) -> Sequence[Enrolment]:
    """Return the children the signed-in person may speak for."""
    return [enrolment for enrolment in await children_of(diary) if enrolment.role == "parent"]


async def _a_reason(diary: Diary, book: NotifiesAbsence, enrolment_id: str) -> OfferedReason:
    answer = await book.absence_reasons(enrolment_id)
    is_sound(diary, answer, OfferedReason)
    assert checks.repeated([reason.code for reason in answer.items]) == []
    assert [reason.code for reason in answer.items if not reason.title.strip()] == []
    return answer.items[0]


async def _a_free_day(diary: Diary, book: NotifiesAbsence, enrolment_id: str, *, lessons: int = 0) -> date:
    """Return a day of the next two weeks without notices and with so many lessons."""
    today = (await diary.enrolments()).as_of.date()
    since, until = today + timedelta(days=1), today + timedelta(days=14)
    told = {notice.date for notice in (await book.absence_notices(enrolment_id, since, until)).items}
    free = [on for on in checks.every_day(since, until) if on not in told]
    if lessons:
        days = (await able(diary, ReadsDays).days(enrolment_id, since, until)).items
        held = {day.date: sum(lesson.actual is not None for lesson in day.lessons) for day in days}
        free = [on for on in free if held[on] >= lessons]
    assert free, "the next two weeks must have a day to be absent on"
    return free[0]
