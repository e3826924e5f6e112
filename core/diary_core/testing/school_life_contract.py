"""The part of the contract about what surrounds lessons: news, events, remarks, talks, signatures, plans."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest

from diary_core.abilities import (
    Diary,
    ReadsAnnouncements,
    ReadsDays,
    ReadsEvents,
    ReadsMessages,
    ReadsRemarks,
    ReadsStudyPlan,
    SendsMessages,
    SignsWeeks,
    abilities_of,
    able,
)
from diary_core.errors import InvalidInput, NotFound, NotPermitted, WeekAhead
from diary_core.model import (
    Announcement,
    Enrolment,
    Event,
    Message,
    Remark,
    StudyPlan,
    Thread,
    WeekSignature,
    known,
)
from diary_core.testing import checks
from diary_core.testing.ability_tests import children_of, is_sound, needs

_MONDAY_FAR_AHEAD = date(2190, 1, 4)
_WEEK = timedelta(days=7)
_NEVER = datetime.min.replace(tzinfo=UTC)


@pytest.mark.anyio
class SchoolLifeContract:
    """What every diary with these abilities must keep."""

    span: ClassVar[tuple[date, date]]

    @needs(ReadsAnnouncements)
    async def test_news_are_of_the_span(self, diary: Diary) -> None:
        """News are of the span by the school's clock, newest first, each once; undated ones come last."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsAnnouncements).announcements(enrolment.id, since, until)
            is_sound(diary, answer, Announcement)
            assert checks.repeated([news.id for news in answer.items]) == []
            assert [news.id for news in answer.items if not news.title] == []
            dated = [news.published_at for news in answer.items if news.published_at]
            order = [news.published_at or _NEVER for news in answer.items]
            assert order == sorted(order, reverse=True)
            days = [moment.astimezone(_zone(enrolment)).date() for moment in dated]
            assert checks.outside(days[::-1], since, until) == []

    @needs(ReadsEvents)
    async def test_events_reach_into_the_span(self, diary: Diary) -> None:
        """Events stand each once, by first day, on the school's own days, and end after they start."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsEvents).events(enrolment.id, since, until)
            is_sound(diary, answer, Event)
            assert checks.repeated([event.id for event in answer.items]) == []
            assert [event.date for event in answer.items] == sorted(event.date for event in answer.items)
            zone = _zone(enrolment)
            assert [
                fault for event in answer.items for fault in checks.event_faults(event, since, until, zone)
            ] == []

    @needs(ReadsRemarks)
    async def test_remarks_stand_in_the_span(self, diary: Diary) -> None:
        """Remarks stand in the span, oldest first, each once, with words."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsRemarks).remarks(enrolment.id, since, until)
            is_sound(diary, answer, Remark)
            assert checks.outside([remark.date for remark in answer.items], since, until) == []
            assert checks.repeated([remark.id for remark in answer.items]) == []
            assert [remark.id for remark in answer.items if not remark.text.strip()] == []

    @needs(ReadsRemarks)
    async def test_a_remark_of_the_week_is_among_the_remarks(self, diary: Diary) -> None:
        """What a lesson of the week shows as a remark is told by the list of remarks too."""
        if ReadsDays not in abilities_of(type(diary)):
            return
        since, until = self.span
        for enrolment in await children_of(diary):
            days = await able(diary, ReadsDays).days(enrolment.id, since, until)
            shown = {
                (lesson.id, text)
                for day in days.items
                for lesson in day.lessons
                if (text := known(lesson.remark))
            }
            remarks = await able(diary, ReadsRemarks).remarks(enrolment.id, since, until)
            assert shown - {(remark.lesson_id, remark.text) for remark in remarks.items} == set()

    @needs(ReadsMessages)
    async def test_messages_stand_in_their_thread(self, diary: Diary) -> None:
        """Threads come latest first, their messages oldest first; a strange thread is not found."""
        for enrolment in await children_of(diary):
            talks = able(diary, ReadsMessages)
            threads = await talks.threads(enrolment.id)
            is_sound(diary, threads, Thread)
            assert checks.repeated([thread.id for thread in threads.items]) == []
            latest = [thread.last_at or _NEVER for thread in threads.items]
            assert latest == sorted(latest, reverse=True)
            for thread in threads.items:
                messages = await talks.messages(enrolment.id, thread.id)
                is_sound(diary, messages, Message)
                assert [one.id for one in messages.items if one.thread_id != thread.id] == []
                sent = [message.sent_at for message in messages.items]
                assert sent == sorted(sent)
            with pytest.raises(NotFound):
                await talks.messages(enrolment.id, "no-such-thread")

    @needs(SendsMessages)
    async def test_a_message_sent_is_in_its_thread(self, diary: Diary) -> None:
        """What is sent comes back as sent, and is the last of its thread; a strange thread takes none."""
        for enrolment in await children_of(diary):
            writing = able(diary, SendsMessages)
            with pytest.raises(NotFound):
                await writing.send_message(enrolment.id, "no-such-thread", "Здравствуйте!")
            if ReadsMessages not in abilities_of(type(diary)):
                continue
            for thread in (await able(diary, ReadsMessages).threads(enrolment.id)).items[:1]:
                sent = await writing.send_message(enrolment.id, thread.id, "Здравствуйте!")
                messages = await able(diary, ReadsMessages).messages(enrolment.id, thread.id)
                assert sent.text == "Здравствуйте!"
                assert messages.items[-1] == sent

    @needs(SignsWeeks)
    async def test_weeks_are_mondays(self, diary: Diary) -> None:
        """Every week that meets the span and has begun stands there once, signed or not, oldest first."""
        since, until = self.span
        first = since - timedelta(days=since.weekday())
        mondays = [first + _WEEK * number for number in range((until - first).days // 7 + 1)]
        for enrolment in await children_of(diary):
            answer = await able(diary, SignsWeeks).signatures(enrolment.id, since, until)
            is_sound(diary, answer, WeekSignature)
            assert [signature.week for signature in answer.items] == mondays[: len(answer.items)]
            assert [one.week for one in answer.items if known(one.signed_at) and not one.signed] == []

    @needs(SignsWeeks)
    async def test_signing_twice_is_signing_once(self, diary: Diary) -> None:
        """A parent signs a week; the second signature changes nothing; a trusted person is refused."""
        since, until = self.span
        weeks = able(diary, SignsWeeks)
        for enrolment in await children_of(diary):
            week = since - timedelta(days=since.weekday())
            if enrolment.role != "parent":
                with pytest.raises(NotPermitted):
                    await weeks.sign_week(enrolment.id, week)
                continue
            once = await weeks.sign_week(enrolment.id, week)
            twice = await weeks.sign_week(enrolment.id, week)
            assert (once.week, once.signed) == (week, True)
            assert twice == once
            assert once in (await weeks.signatures(enrolment.id, since, until)).items

    @needs(SignsWeeks)
    async def test_only_a_week_that_has_begun_is_signed(self, diary: Diary) -> None:
        """A day that is no Monday names no week, and a week ahead cannot have been read."""
        for enrolment in await children_of(diary):
            with pytest.raises(InvalidInput):
                await able(diary, SignsWeeks).sign_week(enrolment.id, _MONDAY_FAR_AHEAD + timedelta(days=1))
            with pytest.raises(WeekAhead):
                await able(diary, SignsWeeks).sign_week(enrolment.id, _MONDAY_FAR_AHEAD)

    @needs(ReadsStudyPlan)
    async def test_a_study_plan_counts_hours(self, diary: Diary) -> None:
        """A plan stands once, each subject in it once, no hours are below zero, modules have a length."""
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsStudyPlan).study_plan(enrolment.id)
            is_sound(diary, answer, StudyPlan)
            assert checks.repeated([plan.id for plan in answer.items]) == []
            assert [fault for plan in answer.items for fault in checks.plan_faults(plan)] == []


def _zone(enrolment: Enrolment) -> ZoneInfo:
    """Return the zone of the school; an unknown school has none, and UTC stands for it."""
    school = known(enrolment.school)
    return ZoneInfo(school.zone if school else "UTC")
